"""The rules of form: small inputs of others, and whatever a claim or an assertion may hold."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import genlabel
from forgeries import forge
from forgeries.forge import Assertion, Draft
from genlabel.credentials.trust import Trust
from genlabel.manifests.store import manifest_store
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.validation.form import rules
from genlabel.model.report import Form, Integrity, Severity
from genlabel.testing import picture
from oracles import corpus
from oracles.corpus import specimen

FAULTS = (corpus.beside("faults") or Path("missing")) / "rules"
EXPECTED = FAULTS / "expected.tsv"
SEVERAL = "50_two_caBX.png"
OTHERWISE = {SEVERAL: "genlabel.manifest.several"}


def rows() -> Iterator[Any]:
    if not EXPECTED.exists():
        yield pytest.param({}, marks=pytest.mark.skip(reason="the faults are not on this machine"))
        return
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            yield pytest.param(row, id=row["file"])


@cache
def root() -> Trust:
    return Trust.of(signers=[FAULTS / "root.pem"])


@pytest.mark.parametrize("row", [*rows()])
def test_each_crafted_file_gets_its_integrity_form_code_and_section(row: dict[str, str]) -> None:
    report = genlabel.verify((FAULTS / row["file"]).read_bytes(), trust=root(), policy=None)
    assert report.integrity is Integrity(row["integrity"])
    assert report.form is Form(row["form"])
    told = {each.code: each for each in report.findings if each.severity is not Severity.NOTE}
    code = OTHERWISE.get(row["file"], row["code"].partition(" ")[0])
    assert bool(told) == bool(code)
    if not code:
        return
    finding = told[code]
    malformed = report.form is Form.MALFORMED
    assert finding.severity is (Severity.ERROR if malformed else Severity.WARNING)
    if row["file"] != SEVERAL:
        assert report.signer is not None
        assert report.signer.trust_list is not None
    section = row["section"].partition("(")[0]
    errors = [each.explanation for each in report.findings if each.severity is Severity.ERROR]
    said = [each.partition("C2PA 2.4 §")[2].rstrip(")") for each in errors]
    assert not malformed or any(
        each.startswith(section) or section.startswith(each) for each in said if each
    )


def test_a_chatgpt_picture_is_unchanged_and_malformed() -> None:
    report = genlabel.verify(specimen("signed/ChatGPT_Image.png").data, policy=None)
    assert (report.integrity, report.reason) == (Integrity.INTACT, None)
    assert report.form is Form.MALFORMED
    assert report.signer is not None
    assert report.signer.organisation == "OpenAI"
    assert report.declared.source_type is not None
    codes = [each.code for each in report.findings if each.severity is Severity.ERROR]
    assert codes == ["assertion.action.malformed"]


def test_each_answer_of_form_is_given() -> None:
    assert genlabel.verify(picture("png"), policy=None).form is Form.NONE
    signed = forge.embedded(picture("png"), forge.generated(forge.forger()))
    assert genlabel.verify(signed, policy=None).form is Form.WELL_FORMED
    prerelease = specimen("signed/prerelease.jpg").data
    assert genlabel.verify(prerelease, policy=None).form is Form.UNKNOWN


def test_a_changed_picture_is_broken_and_well_formed() -> None:
    signed = bytearray(forge.embedded(picture("png"), forge.generated(forge.forger())))
    signed[-20] ^= 1
    report = genlabel.verify(bytes(signed), policy=None)
    assert (report.integrity, report.form) == (Integrity.BROKEN, Form.WELL_FORMED)


@pytest.mark.parametrize("signed", [0, 1])
def test_of_two_claims_the_signed_one_is_read_wherever_it_stands(signed: int) -> None:
    draft = forge.generated(forge.forger())
    other = forge.superbox("c2pa.claim.v2", forge.CLAIM, forge.box(b"cbor", b"\xa0"))
    data = forge.embedded(picture("png"), Foregoing(**vars_of(draft), other=other, first=signed))
    report = genlabel.verify(data, policy=None)
    assert report.integrity is Integrity.INTACT
    assert "claim.multiple" in {each.code for each in report.findings}
    assert not report.declared.attested


class Foregoing(Draft):
    """A draft with another claim before its own one, or behind it."""

    def __init__(self, *, other: bytes, first: int, **fields: Any) -> None:
        super().__init__(**fields)
        object.__setattr__(self, "_other", (other, first))

    def with_(self, *added: Assertion, **changes: Any) -> Draft:
        other, first = self._other  # type: ignore[attr-defined]
        draft = replace(Draft(**vars_of(self)), **changes).with_(*added)
        return Foregoing(**vars_of(draft), other=other, first=first)

    @property
    def boxed(self) -> bytes:
        other, first = self._other  # type: ignore[attr-defined]
        whole = Draft(**vars_of(self)).boxed
        start = whole.index(b"c2pa.claim.v2") - 33
        end = start + int.from_bytes(whole[start : start + 4], "big")
        inserted = start if first else end
        longer = len(whole) + len(other)
        return longer.to_bytes(4, "big") + whole[4:inserted] + other + whole[inserted:]


def vars_of(draft: Draft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in Draft.__dataclass_fields__}


LEAVES = (
    *(st.none(), st.booleans(), st.integers(-(2**40), 2**40)),
    *(st.text(max_size=8), st.binary(max_size=8)),
)
ANYTHING = st.recursive(
    st.one_of(*LEAVES),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = (
    *("c2pa.actions.v2", "c2pa.actions", "c2pa.ingredient.v3", "c2pa.external-reference"),
    *("c2pa.cloud-data", "c2pa.time-stamp", "c2pa.alternative-content-representation"),
)
KEYS = st.sampled_from(
    [
        "actions",
        "action",
        "parameters",
        "ingredients",
        "relatedAssertions",
        "redacted",
        "location",
        "label",
        "relationship",
        "activeManifest",
        "url",
        "hash",
        "size",
        "sourceLanguage",
    ]
)
WORDS = st.sampled_from(
    [
        "c2pa.opened",
        "c2pa.placed",
        "c2pa.redacted",
        "c2pa.created",
        "parentOf",
        "c2pa.translated",
        "c2pa.hash.data",
        "self#jumbf=c2pa.assertions/c2pa.actions.v2",
        "self#jumbf=/c2pa/x/y/z",
    ]
)
TELLING = st.recursive(
    ANYTHING | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
CLAIM_KEYS = st.sampled_from(
    [
        "created_assertions",
        "gathered_assertions",
        "assertions",
        "alg",
        "instanceID",
        "signature",
        "redacted_assertions",
        "claim_generator_info",
        "dc:title",
        "dc:format",
    ]
)
_BRIEF = settings(max_examples=120, deadline=None, suppress_health_check=[*HealthCheck])


def held(draft: Draft) -> None:
    """Every rule is held against it; none raises, and each tells of the place once."""
    try:
        store = manifest_store.read(forge.store(draft))
    except Unreadable:
        return
    assert store.active is not None
    statuses = rules.checked(store, store.active)
    assert len({(each.code, each.where) for each in statuses}) == len(statuses)
    assert all(rules.says_section(each.explanation) for each in statuses)


@_BRIEF
@given(st.lists(st.tuples(st.sampled_from(NAMES), TELLING), max_size=4), st.sampled_from([1, 2, 3]))
def test_no_assertion_makes_a_rule_raise(assertions: list[tuple[str, Any]], version: int) -> None:
    drawn = tuple(Assertion(label=label, value=value) for label, value in dict(assertions).items())
    held(replace(forge.generated(forge.forger()), assertions=drawn, version=version, signed=b"x"))


@_BRIEF
@given(st.dictionaries(CLAIM_KEYS, TELLING, max_size=5), st.sampled_from([1, 2]))
def test_no_claim_makes_a_rule_raise(claim: dict[str, Any], version: int) -> None:
    held(replace(forge.generated(forge.forger()), claim=claim, version=version, signed=b"x"))


@pytest.mark.parametrize("number", [1_000, 4_000])
def test_the_work_grows_with_the_actions_alone(number: int, monkeypatch: Any) -> None:
    counted = []
    place: Callable[..., Any] = manifest_store.ManifestStore.place

    def counting(*asked: Any) -> Any:
        counted.append(1)
        return place(*asked)

    monkeypatch.setattr(manifest_store.ManifestStore, "place", counting)
    part = {"url": "self#jumbf=c2pa.assertions/c2pa.actions.v2"}
    opened = {"action": "c2pa.placed", "parameters": {"ingredients": [part]}}
    address = f"self#jumbf=/c2pa/{Draft(chain=forge.forger()).label}/c2pa.assertions/x"
    redacted = {"action": "c2pa.redacted", "parameters": {"redacted": address}}
    draft = forge.generated(forge.forger()).with_(forge.actions(*[opened, redacted] * number))
    held(replace(draft, signed=b"x"))
    assert len(counted) < 4 * number + 50
