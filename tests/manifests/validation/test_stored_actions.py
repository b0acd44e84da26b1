"""Other people's actions are told as they are stored, whatever the engine's JSON makes of them."""

from __future__ import annotations

from typing import Any

import pytest

import genlabel
from forgeries import forge
from genlabel.testing import picture
from resigning import Verbatim

CREATED = {"action": "c2pa.created", "digitalSourceType": forge.IPTC + "digitalCapture"}
NAN = Verbatim(bytes.fromhex("f97e00"))  # RFC 8949 appendix A
PARAMETERS: dict[str, Any] = {
    "numbers": [1, 2, 254],
    "fractions": [0.5, 2.0],
    "mixed": [1, "two", True],
    "nested": {"curve": [[0, 0], [128, 140]], "none": None},
    "large": 2**63,
    "text": "AQL+",
}


def _drawn(*listed: dict[str, Any]) -> bytes:
    draft = forge.generated(forge.forger()).with_(forge.actions(CREATED, *listed))
    return forge.embedded(picture("png"), draft)


def _told(*listed: dict[str, Any]) -> genlabel.Report:
    return genlabel.verify(_drawn(*listed), trust=forge.forger().anchor)


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_is_told_as_it_is(name):
    edit = {"action": "c2pa.filtered", "parameters": {name: PARAMETERS[name]}}
    (step,) = _told(edit).steps[1:]
    assert step.parameters == {name: PARAMETERS[name]}


def test_bytes_are_told_in_base64_and_no_number_is_told_as_null():
    edit = {"action": "c2pa.filtered", "parameters": {"bytes": b"\1\2\xfe", "number": NAN}}
    report = _told(edit)
    assert report.steps[1].parameters == {"bytes": "AQL+", "number": None}


def test_a_region_has_its_numbers():
    corner = {"x": 10, "y": 20.5}
    shape = {"type": "rectangle", "unit": "pixel", "origin": corner, "width": 30, "height": 40}
    change = {"region": [{"type": "spatial", "shape": shape}]}
    edit = {"action": "c2pa.cropped", "changes": [change], "parameters": {"box": [10, 20, 30, 40]}}
    (step,) = _told(edit).steps[1:]
    (region,) = step.regions
    assert (region.left, region.top, region.width, region.height) == (10, 20.5, 30, 40)
    assert step.parameters == {"box": [10, 20, 30, 40]}


def test_numbers_of_an_ancestor_are_told_too():
    filtered = {"action": "c2pa.filtered", "parameters": {"numbers": [1, 2, 254]}}
    parent = forge.generated(forge.forger(), label="urn:c2pa:aaaaaaaa-2222-4333-8444-555555555555")
    parent = parent.with_(forge.actions(CREATED, filtered), forge.data_hash(b"a picture", ()))
    child = forge.Draft(chain=forge.forger(), assertions=forge.opened(parent))
    report = genlabel.verify(
        forge.embedded(picture("png"), child, parent), trust=forge.forger().anchor
    )
    told = {each.name: each.parameters for each in report.steps if each.depth == 1}
    assert told["filtered"] == {"numbers": [1, 2, 254]}
