"""The manifest of several TIFF pages: in the last page's directory, or where C2PA has it."""

from __future__ import annotations

import io

import pytest
from PIL import Image

import genlabel
from genlabel.formats import identify
from genlabel.manifests.engine import engine
from genlabel.model.errors import ConfigurationError, SigningError
from genlabel.model.label import Label
from genlabel.model.parties import Generator
from genlabel.model.report import Form, Integrity, Lineage
from genlabel.model.results import Outcome
from histories import ACME
from oracles import raw

LABEL = Label.generated(producer=ACME, generator=Generator("ModelX"))
EDITED = Label.edited(producer=ACME, generator=Generator("Retoucher"))


def pages(count: int, *, big: bool = False) -> bytes:
    """A TIFF file of so many pages."""
    images = [Image.effect_noise((32, 24), 50 + number).convert("RGB") for number in range(count)]
    file = io.BytesIO()
    images[0].save(file, "TIFF", save_all=True, append_images=images[1:], big_tiff=big)
    return file.getvalue()


def directories(data: bytes) -> int:
    return len(identify(data).survey(data).parsed.chain)


@pytest.mark.parametrize("stamp", ["off", "later"])
def test_several_pages_can_have_it_in_a_directory_of_its_own(signer, trust, rubric, stamp):
    options = {"tiff_manifest": "own-directory", "trust": trust, "stamp": stamp}
    signed = genlabel.sign(pages(3), LABEL, signer, **options)
    report = signed.report
    assert directories(signed.data) == 4
    assert (report.integrity, report.form) == (Integrity.INTACT, Form.WELL_FORMED)
    assert report.declared.attested
    verdicts = rubric.judge(raw.crjson(signed.data, "image/tiff", trust))
    assert [check for check, said in verdicts.items() if said is not True] == []
    again = genlabel.sign(signed.data, LABEL, signer, **options)
    assert (again.outcome, again.data) == (Outcome.UNCHANGED, signed.data)
    edited = genlabel.sign(signed.data, EDITED, signer, **options)
    assert (edited.report.integrity, edited.report.lineage) == (Integrity.INTACT, Lineage.INTACT)
    assert directories(edited.data) == 4
    with pytest.raises(TypeError):
        assert Image.open(io.BytesIO(signed.data)).n_frames


def test_unless_asked_no_reader_sees_another_page(signer):
    signed = genlabel.sign(pages(3), LABEL, signer)
    assert directories(signed.data) == Image.open(io.BytesIO(signed.data)).n_frames == 3


def test_one_page_has_one_place(signer):
    for place in ("last-page", "own-directory"):
        signed = genlabel.sign(pages(1), LABEL, signer, tiff_manifest=place)
        assert directories(signed.data) == Image.open(io.BytesIO(signed.data)).n_frames == 1


@pytest.mark.parametrize("stamp", ["off", "later"])
def test_in_bigtiff_too(signer, trust, rubric, stamp):
    options = {"tiff_manifest": "own-directory", "trust": trust, "stamp": stamp}
    signed = genlabel.sign(pages(2, big=True), LABEL, signer, **options)
    assert (signed.report.integrity, directories(signed.data)) == (Integrity.INTACT, 3)
    document = engine.read(signed.data, "image/tiff", trust).document
    assert document["validation_state"] == "Trusted"
    edited = genlabel.sign(signed.data, EDITED, signer, **options)
    assert (edited.report.lineage, directories(edited.data)) == (Lineage.INTACT, 3)


def test_in_bigtiff_the_engines_own_way_would_leave_it_unprotected_and_is_refused(signer):
    options = {"tiff_manifest": "own-directory", "sealing": "engine"}
    with pytest.raises(SigningError, match="BigTIFF") as refusal:
        genlabel.sign(pages(2, big=True), LABEL, signer, **options)
    assert "last-page" in str(refusal.value.remedy)
    signed = genlabel.sign(pages(2, big=True), LABEL, signer)
    assert signed.report.integrity is Integrity.INTACT


@pytest.mark.parametrize("big", [False, True])
def test_every_byte_but_the_store_is_under_the_hash(signer, big):
    data = bytearray(
        genlabel.sign(pages(2, big=big), LABEL, signer, tiff_manifest="own-directory").data
    )
    survey = identify(data).survey(bytes(data))
    ((start, end),) = survey.manifest_spans
    chain = survey.parsed.chain
    own = chain[-1].directory
    for at in (*range(own.offset, own.end), *range(chain[-2].directory.end - 8, start), end - 1):
        if start <= at < end:
            continue
        changed = bytearray(data)
        changed[at] ^= 1
        try:
            report = genlabel.verify(bytes(changed))
        except genlabel.MalformedAsset:
            continue
        assert report.integrity is not Integrity.INTACT, at


@pytest.mark.parametrize("stamp", ["off", "later"])
def test_the_engines_directory_reads_equal(signer, trust, stamp):
    read = []
    for way in ("genlabel", "engine"):
        options = {"tiff_manifest": "own-directory", "trust": trust, "stamp": stamp}
        signed = genlabel.sign(pages(3), LABEL, signer, sealing=way, **options)
        report = signed.report
        survey = identify(signed.data).survey(signed.data)
        tags = [entry.tag for entry in survey.parsed.chain[-1].directory.entries]
        read.append(
            (report.integrity, report.form, report.findings, report.declared.attested, tags)
        )
    assert read[0] == read[1]


def test_another_place_is_a_sentence(signer):
    with pytest.raises(ConfigurationError, match="tiff_manifest"):
        genlabel.sign(pages(2), LABEL, signer, tiff_manifest="first-page")


def test_a_time_stamp_is_put_in_later_there_too(signer, trust, tsa):
    waiting = genlabel.sign(pages(2), LABEL, signer, tiff_manifest="own-directory", stamp="later")
    stamped = genlabel.sign(
        waiting.data, LABEL, signer, tiff_manifest="own-directory", tsa=tsa, trust=trust
    )
    assert stamped.outcome is Outcome.STAMPED
    assert stamped.report.integrity is Integrity.INTACT
    assert directories(stamped.data) == 3
