"""Reading what a picture was made of: lines with who vouches for them, and what is wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import genlabel
from genlabel import (
    Element,
    ElementRights,
    Generator,
    Input,
    Label,
    Producer,
    Rights,
    Severity,
    Trust,
    Vouched,
)
from genlabel.operations import sources
from genlabel.testing import Authority, picture

ACME = Producer("Acme Studio")
FLUX = Generator("FLUX.1-dev")
AUTHORITY = Authority.new("Acme Studio")


@pytest.fixture(scope="module")
def signer() -> Any:
    return AUTHORITY.signer()


def _codes(report: genlabel.Report) -> dict[str, Severity]:
    return {f.code: f.severity for f in report.findings if f.code.startswith("genlabel.source.")}


def _composite(*rights: ElementRights | None) -> Label:
    elements = [Element(identifier=f"A-{n}", rights=each) for n, each in enumerate(rights)]
    return Label.composite(producer=ACME, of=elements)


def test_each_source_is_a_line(signer: Any) -> None:
    rights = ElementRights(basis="licence", licence="CC-BY-4.0", until="2999-12-31")
    signed = genlabel.sign(picture("png"), _composite(rights), signer=signer)

    (line,) = signed.report.sources
    assert (line.identifier, line.relationship) == ("A-0", "component")
    assert line.rights is not None
    assert (line.rights.basis, line.rights.licence) == ("licence", "CC-BY-4.0")
    assert line.has_bytes is False
    assert line.vouched is Vouched.CLAIMED
    assert _codes(signed.report) == {}


def test_somebody_known_attests_a_line(signer: Any) -> None:
    signed = genlabel.sign(
        picture("png"), _composite(ElementRights(basis="own-work")), signer=signer
    )

    known = genlabel.verify(signed.data, trust=Trust.of(signers=AUTHORITY.anchors))
    (line,) = known.sources

    assert line.vouched is Vouched.ATTESTED


def test_a_line_of_an_ancestor_is_told_too(signer: Any) -> None:
    first = genlabel.sign(
        picture("png"), _composite(ElementRights(basis="own-work")), signer=signer
    )
    second = genlabel.sign(first.data, Label.edited(producer=ACME, generator=FLUX), signer=signer)

    parent, element = second.report.sources
    assert (parent.relationship, parent.depth) == ("parent", 1)
    assert (element.identifier, element.depth) == ("A-0", 2)


def test_a_basis_that_is_missing_is_told_and_unknown_is_an_answer(signer: Any) -> None:
    label = _composite(ElementRights(licence="CC0-1.0"), None)
    missing = genlabel.sign(picture("png"), label, signer=signer)
    unknown = genlabel.sign(
        picture("png"), _composite(ElementRights(basis="unknown")), signer=signer
    )
    bare = Label.composite(producer=ACME, of=[Element(picture("png"))])

    assert _codes(missing.report) == {"genlabel.source.basis-missing": Severity.WARNING}
    assert _codes(unknown.report) == {}
    assert _codes(genlabel.sign(picture("png"), bare, signer=signer).report) == {}


def test_a_licence_that_has_ended_leaves_the_label_intact(signer: Any) -> None:
    label = _composite(ElementRights(basis="licence", until="2020-05-31"))
    signed = genlabel.sign(picture("png"), label, signer=signer)

    assert _codes(signed.report) == {"genlabel.source.licence-ended": Severity.WARNING}
    (told,) = [f for f in signed.report.findings if f.code == "genlabel.source.licence-ended"]
    assert "2020-05-31" in told.explanation
    assert signed.report.integrity.value == "intact"
    assert not list(sources.findings(signed.report.sources, today=date(2020, 5, 31)))


@pytest.mark.parametrize(
    ("code", "constraint", "relationship", "severity"),
    [
        ("DMI-PROHIBITED", None, "input", Severity.ERROR),
        ("DMI-PROHIBITED-SEECONSTRAINT", "ask us", "input", Severity.WARNING),
        ("DMI-PROHIBITED-AIMLTRAINING", None, "input", None),
        ("DMI-ALLOWED", None, "input", None),
        ("DMI-PROHIBITED", None, "component", None),
    ],
)
def test_only_an_input_that_refuses_that_very_use_is_an_error(
    signer: Any, code: str, constraint: str | None, relationship: str, severity: Severity | None
) -> None:
    mined = Rights(data_mining=code, data_mining_constraint=constraint)  # type: ignore[arg-type]
    given = genlabel.sign(
        picture("jpeg"), Label.captured(producer=ACME, rights=mined), signer=signer
    )
    element = Element(given.data, relationship=relationship, rights=ElementRights(basis="licence"))  # type: ignore[arg-type]
    label = Label.composite(producer=ACME, generator=FLUX, of=[element])

    report = genlabel.sign(picture("png"), label, signer=signer).report

    assert _codes(report).get("genlabel.source.ai-use-refused") is severity


def test_prompts_and_models_are_lines_without_a_basis_that_could_be_missing(signer: Any) -> None:
    label = Label.generated(
        producer=ACME,
        generator=FLUX,
        inputs=[Input(kind="prompt", text="a cat"), Input(kind="model", model=FLUX)],
    )

    report = genlabel.sign(picture("png"), label, signer=signer).report

    assert [line.kind for line in report.sources] == ["prompt", "model"]
    assert report.sources[0].salted_sha256
    assert _codes(report) == {}


def test_files_without_a_manifest_have_no_lines() -> None:
    assert genlabel.verify(picture("png"), trust=Trust()).sources == ()
