"""What public readers are known to derive: never more than a source says, always with a date."""

from __future__ import annotations

import re

import pytest

import genlabel
from genlabel.model.label import Label
from genlabel.model.parties import Generator, Licensor, Producer, Rights
from genlabel.model.report import Declaration, Integrity, Lineage, Mark, Report
from genlabel.model.vocabulary import DigitalSourceType
from genlabel.operations.explain import explain, receptions
from genlabel.policies.platforms import PLATFORMS, ReceptionStatus
from genlabel.testing import picture

SOURCES = [
    (platform.name, statement.name, source)
    for platform in PLATFORMS
    for statement in platform.statements
    for source in statement.sources
]
URI = DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA.uri


def received(report: Report) -> dict[str, tuple[ReceptionStatus, list[str]]]:
    return {
        each.platform: (each.status, [said.name for said in each.statements])
        for each in receptions(report)
    }


@pytest.mark.parametrize(("platform", "statement", "source"), SOURCES)
def test_every_statement_has_sources_with_address_and_dates(platform, statement, source):
    assert source.url.startswith("https://")
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", source.checked)
    assert source.published is None or re.fullmatch(r"20\d\d-\d\d(-\d\d)?", source.published)
    assert (source.published or "") <= source.checked


def test_every_statement_names_a_source():
    assert all(each.sources for platform in PLATFORMS for each in platform.statements)


def test_a_generated_picture_signed_by_us_is_read_by_all(authority):
    rights = Rights(
        web_statement="https://acme.example/r", licensor=Licensor("A", url="https://acme.example/l")
    )
    label = Label.generated(
        producer=Producer("Acme Studio"), generator=Generator("M"), rights=rights
    )
    signed = genlabel.sign(picture("jpeg"), label, authority.signer())
    said = received(genlabel.verify(signed.data))
    assert said == {
        "google-images": (
            ReceptionStatus.DERIVES, ["rights", "licence", "licensor", "source-type", "manifest"],
        ),
        "meta": (ReceptionStatus.DERIVES, ["source-type"]),
        "pinterest": (ReceptionStatus.DERIVES, ["source-type"]),
        "linkedin": (ReceptionStatus.DERIVES, ["manifest"]),
        "tiktok": (ReceptionStatus.DERIVES, ["manifest"]),
        "verify-page": (ReceptionStatus.DERIVES, ["signer", "generated"]),
    }  # fmt: skip


def test_a_photograph_signed_by_us_is_called_generated_by_nobody(authority):
    label = Label.captured(producer=Producer("Acme Studio"))
    signed = genlabel.sign(picture("jpeg"), label, authority.signer())
    said = received(genlabel.verify(signed.data))
    assert "source-type" not in said["google-images"][1]
    assert said["meta"] == (ReceptionStatus.NOTHING, ["nothing"])
    assert said["pinterest"] == (ReceptionStatus.NOTHING, ["nothing"])
    assert said["linkedin"] == (ReceptionStatus.DERIVES, ["manifest"])
    assert said["tiktok"] == (ReceptionStatus.NOTHING, ["nothing"])
    assert said["verify-page"] == (ReceptionStatus.DERIVES, ["signer"])


def test_a_plain_picture_tells_nobody_anything():
    said = received(genlabel.verify(picture("png")))
    assert {status for status, _ in said.values()} == {ReceptionStatus.NOTHING}
    assert said["verify-page"][1] == ["absent"]


def test_unsigned_metadata_reach_those_who_read_metadata_and_no_others():
    report = Report(integrity=Integrity.ABSENT, marks={Mark.IPTC: Declaration(source_type=URI)})
    said = received(report)
    derive = {name for name, (status, _) in said.items() if status is ReceptionStatus.DERIVES}
    assert derive == {"google-images", "meta", "pinterest"}


def test_what_platforms_do_with_a_broken_manifest_is_not_claimed():
    report = Report(
        integrity=Integrity.BROKEN,
        lineage=Lineage.NONE,
        marks={Mark.MANIFEST: Declaration(source_type=URI)},
    )
    said = received(report)
    assert said["verify-page"] == (ReceptionStatus.DERIVES, ["broken"])
    for name in ("google-images", "meta", "linkedin", "tiktok"):
        assert said[name] == (ReceptionStatus.UNKNOWN, []), name


def test_a_code_of_which_nobody_says_that_it_is_read_is_not_said_to_be_read():
    uri = DigitalSourceType.ALGORITHMIC_MEDIA.uri
    report = Report(integrity=Integrity.ABSENT, marks={Mark.IPTC: Declaration(source_type=uri)})
    assert all(status is ReceptionStatus.NOTHING for status, _ in received(report).values())


def test_an_edit_by_a_model_is_told_from_a_generated_picture_where_the_platform_does():
    uri = DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA.uri
    report = Report(integrity=Integrity.ABSENT, marks={Mark.IPTC: Declaration(source_type=uri)})
    assert received(report)["meta"] == (ReceptionStatus.DERIVES, ["source-type", "edited"])


def test_a_remote_manifest_leaves_the_verify_page_unknown():
    report = Report(integrity=Integrity.UNKNOWN, reason="remote-only")
    assert received(report)["verify-page"] == (ReceptionStatus.UNKNOWN, ["unsure"])


def test_a_manifest_beside_the_picture_reaches_nobody_who_gets_the_picture():
    report = Report(
        integrity=Integrity.INTACT,
        sidecar="cat.c2pa",
        marks={Mark.MANIFEST: Declaration(source_type=URI)},
    )
    assert {status for status, _ in received(report).values()} == {
        ReceptionStatus.UNKNOWN,
        ReceptionStatus.NOTHING,
    }
    assert received(report)["linkedin"] == (ReceptionStatus.UNKNOWN, [])
    assert any("beside the picture" in note for note in explain(report).notes)
