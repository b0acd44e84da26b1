"""A label of a shape that was signed before is signed for the place that was kept for that one."""

from __future__ import annotations

import pytest

import genlabel
from genlabel.manifests.engine import c_api, placeholder
from genlabel.model.label import Label
from genlabel.model.report import Integrity
from genlabel.operations.signing import rewriting
from genlabel.pixels.smallest import FAMILIES, smallest
from histories import ACME, FLUX


@pytest.fixture
def asked(monkeypatch):
    """The stores that the engine was asked for since."""
    monkeypatch.setattr(placeholder, "_kept", {})
    stores, ask = [], c_api.Native.placeholder

    def counted(self, builder):
        stores.append(ask(self, builder))
        return stores[-1]

    monkeypatch.setattr(c_api.Native, "placeholder", counted)
    return stores


@pytest.mark.parametrize("family", FAMILIES)
def test_the_same_label_again_asks_for_no_store(family, asked, signer):
    data = smallest(family)
    label = Label.generated(producer=ACME, generator=FLUX)
    first = genlabel.sign(data, label, signer)
    genlabel.sign(data, label, signer)  # now it is known where the manifest lies
    before = len(asked)
    again = genlabel.sign(data, label, signer)
    assert len(asked) == before > 0
    assert len(again.data) == len(first.data)
    assert again.manifest_id != first.manifest_id
    assert genlabel.verify(again.data).integrity is Integrity.INTACT


def test_another_label_asks_anew(asked, signer):
    data = smallest(FAMILIES[0])
    for title in ("Hills", "Hills", "Hills and a lake", "Hügel", "Hugel"):
        label = Label.generated(producer=ACME, generator=FLUX, title=title)
        signed = genlabel.sign(data, label, signer)
        assert genlabel.verify(signed.data).integrity is Integrity.INTACT

    assert len(placeholder._kept) >= 4


@pytest.mark.parametrize(
    "usual", [None, ((0, 24),), ((30, 70_000),)], ids=["none", "short", "long"]
)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_manifest_that_lies_elsewhere_than_was_thought_is_placed(family, usual, asked, signer):
    data = smallest(family)
    label = Label.generated(producer=ACME, generator=FLUX)
    for _ in range(3):
        for kind in list(rewriting._usual):
            rewriting._usual.pop(kind)
            if usual is not None:
                rewriting._usual[kind] = usual
        signed = genlabel.sign(data, label, signer)
        assert genlabel.verify(signed.data).integrity is Integrity.INTACT
