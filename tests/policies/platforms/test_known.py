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
from genlabel.policies.platforms import CONSUMERS, Status
from genlabel.testing import picture

SOURCES = [
    (consumer.name, statement.name, source)
    for consumer in CONSUMERS
    for statement in consumer.statements
    for source in statement.sources
]
URI = DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA.uri


def received(report: Report) -> dict[str, tuple[Status, list[str]]]:
    return {
        each.consumer: (each.status, [said.name for said in each.statements])
        for each in receptions(report)
    }


@pytest.mark.parametrize(("consumer", "statement", "source"), SOURCES)
def test_every_statement_has_sources_with_address_and_dates(consumer, statement, source):
    assert source.url.startswith("https://")
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", source.checked)
    assert source.published is None or re.fullmatch(r"20\d\d-\d\d(-\d\d)?", source.published)
    assert (source.published or "") <= source.checked


def test_every_statement_names_a_source():
    assert all(each.sources for consumer in CONSUMERS for each in consumer.statements)


def test_a_generated_picture_signed_by_us_is_read_by_all(authority):
    rights = Rights(
        web_statement="https://acme.example/r", licensor=Licensor("A", url="https://acme.example/l")
    )
    label = Label.generated(by=Producer("Acme Studio"), using=Generator("M"), rights=rights)
    signed = genlabel.sign(picture("jpeg"), label, authority.signer())
    said = received(genlabel.verify(signed.data))
    assert said == {
        "google-images": (
            Status.DERIVES, ["rights", "licence", "licensor", "source-type", "manifest"],
        ),
        "meta": (Status.DERIVES, ["source-type"]),
        "pinterest": (Status.DERIVES, ["source-type"]),
        "linkedin": (Status.DERIVES, ["manifest"]),
        "tiktok": (Status.DERIVES, ["manifest"]),
        "verify-page": (Status.DERIVES, ["signer", "generated"]),
    }  # fmt: skip


def test_a_photograph_signed_by_us_is_called_generated_by_nobody(authority):
    label = Label.captured(by=Producer("Acme Studio"))
    signed = genlabel.sign(picture("jpeg"), label, authority.signer())
    said = received(genlabel.verify(signed.data))
    assert "source-type" not in said["google-images"][1]
    assert said["meta"] == (Status.NOTHING, ["nothing"])
    assert said["pinterest"] == (Status.NOTHING, ["nothing"])
    assert said["linkedin"] == (Status.DERIVES, ["manifest"])
    assert said["tiktok"] == (Status.NOTHING, ["nothing"])
    assert said["verify-page"] == (Status.DERIVES, ["signer"])


def test_a_plain_picture_tells_nobody_anything():
    said = received(genlabel.verify(picture("png")))
    assert {status for status, _ in said.values()} == {Status.NOTHING}
    assert said["verify-page"][1] == ["absent"]


def test_unsigned_metadata_reach_those_who_read_metadata_and_no_others():
    report = Report(integrity=Integrity.ABSENT, marks={Mark.IPTC: Declaration(source_type=URI)})
    said = received(report)
    derive = {name for name, (status, _) in said.items() if status is Status.DERIVES}
    assert derive == {"google-images", "meta", "pinterest"}


def test_what_platforms_do_with_a_broken_manifest_is_not_claimed():
    report = Report(
        integrity=Integrity.BROKEN,
        lineage=Lineage.NONE,
        marks={Mark.MANIFEST: Declaration(source_type=URI)},
    )
    said = received(report)
    assert said["verify-page"] == (Status.DERIVES, ["broken"])
    for name in ("google-images", "meta", "linkedin", "tiktok"):
        assert said[name] == (Status.UNKNOWN, []), name


def test_a_code_of_which_nobody_says_that_it_is_read_is_not_said_to_be_read():
    uri = DigitalSourceType.ALGORITHMIC_MEDIA.uri
    report = Report(integrity=Integrity.ABSENT, marks={Mark.IPTC: Declaration(source_type=uri)})
    assert all(status is Status.NOTHING for status, _ in received(report).values())


def test_an_edit_by_a_model_is_told_from_a_generated_picture_where_the_platform_does():
    uri = DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA.uri
    report = Report(integrity=Integrity.ABSENT, marks={Mark.IPTC: Declaration(source_type=uri)})
    assert received(report)["meta"] == (Status.DERIVES, ["source-type", "edited"])


def test_a_remote_manifest_leaves_the_verify_page_unknown():
    report = Report(integrity=Integrity.UNKNOWN, reason="remote-only")
    assert received(report)["verify-page"] == (Status.UNKNOWN, ["unsure"])


def test_a_manifest_beside_the_picture_reaches_nobody_who_gets_the_picture():
    report = Report(
        integrity=Integrity.INTACT,
        sidecar="cat.png.c2pa",
        marks={Mark.MANIFEST: Declaration(source_type=URI)},
    )
    assert {status for status, _ in received(report).values()} == {Status.UNKNOWN, Status.NOTHING}
    assert received(report)["linkedin"] == (Status.UNKNOWN, [])
    assert any("beside the picture" in note for note in explain(report).notes)
