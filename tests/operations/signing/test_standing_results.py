"""`--overwrite` over results of an earlier run: what says the same stays byte for byte."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import genlabel
from drawn_kinds import look, rewritten
from genlabel import Labeller
from genlabel.formats.format import XMP
from genlabel.model.label import Label
from genlabel.model.report import Integrity, Lineage
from genlabel.model.results import Outcome
from genlabel.testing import Authority, picture
from histories import ACME, FLUX
from oracles.corpus import Specimen, each_specimen

LABEL = Label.generated(producer=ACME, generator=FLUX, title="Hills")
EDIT = Label.edited(producer=ACME, generator=FLUX)


@pytest.fixture
def labeller(signer, trust) -> Labeller:
    return Labeller(signer=signer, trust=trust, overwrite=True)


def seen(path: Path) -> tuple[bytes, int, int]:
    return path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino


@each_specimen(lambda each: each.name.startswith("unmarked/") and each.format != "mpo")
@pytest.mark.parametrize("sidecar", [False, True])
def test_from_an_unsigned_source_a_result_that_says_the_same_is_left_alone(
    specimen: Specimen, sidecar, labeller, tmp_path
):
    source = tmp_path / specimen.path.name
    source.write_bytes(specimen.data)
    out = tmp_path / "out"
    out.mkdir()
    try:
        first = labeller.sign_file(source, LABEL, out=out, sidecar=sidecar)
    except genlabel.GenlabelError:
        pytest.skip("is not signed at all")
    before = {each.name: seen(each) for each in out.iterdir()}
    again = labeller.sign_file(source, LABEL, out=out, sidecar=sidecar)
    assert (first.outcome, again.outcome) == (Outcome.SIGNED, Outcome.UNCHANGED)
    assert {each.name: seen(each) for each in out.iterdir()} == before


@pytest.mark.parametrize("parent", [None, "unsigned", "signed"])
def test_an_edit_is_left_alone_while_its_parent_is_the_same(parent, labeller, tmp_path):
    other = Authority.new("Other Studio").signer()
    source, origin, out = tmp_path / "a.png", tmp_path / "b.png", tmp_path / "c.png"
    source.write_bytes(picture("png"))
    theirs = genlabel.sign(picture("png"), LABEL, other).data
    origin.write_bytes(theirs if parent == "signed" else picture("png"))
    given = origin if parent else None
    labeller.sign_file(source, EDIT, out=out, parent=given)
    before = seen(out)
    assert labeller.sign_file(source, EDIT, out=out, parent=given).outcome is Outcome.UNCHANGED
    assert seen(out) == before
    origin.write_bytes(genlabel.sign(picture("png"), LABEL, other).data)
    changed = labeller.sign_file(source, EDIT, out=out, parent=origin)
    assert changed.outcome is Outcome.SIGNED


def test_over_a_signed_source_the_parent_is_compared(labeller, tmp_path):
    other = Authority.new("Other Studio").signer()
    source, out = tmp_path / "a.png", tmp_path / "c.png"
    source.write_bytes(genlabel.sign(picture("png"), LABEL, other).data)
    labeller.sign_file(source, EDIT, out=out)
    before = seen(out)
    assert labeller.sign_file(source, EDIT, out=out).outcome is Outcome.UNCHANGED
    assert seen(out) == before
    source.write_bytes(genlabel.sign(picture("png"), LABEL, other).data)
    assert labeller.sign_file(source, EDIT, out=out).outcome is Outcome.SIGNED


def other_pixels(data: bytes) -> bytes:
    return picture("png", size=(65, 48))


def other_words(data: bytes) -> bytes:
    packet = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="an archive"/></rdf:RDF></x:xmpmeta>"""
    return rewritten(data, {XMP: packet})


@pytest.mark.parametrize("change", [other_pixels, other_words])
def test_a_source_that_has_changed_is_signed_anew(change, labeller, tmp_path):
    source, out = tmp_path / "a.png", tmp_path / "c.png"
    source.write_bytes(picture("png"))
    labeller.sign_file(source, LABEL, out=out)
    source.write_bytes(change(picture("png")))
    again = labeller.sign_file(source, LABEL, out=out)
    assert again.outcome is Outcome.SIGNED
    assert b"an archive" in look(out.read_bytes()).payloads[XMP] or change is other_pixels


def test_another_label_another_signer_or_a_stranger_is_overwritten(labeller, tmp_path):
    source, out = tmp_path / "a.png", tmp_path / "c.png"
    source.write_bytes(picture("png"))
    labeller.sign_file(source, LABEL, out=out)
    titled = labeller.sign_file(source, replace(LABEL, title="Other hills"), out=out)
    assert titled.outcome is Outcome.SIGNED
    stranger = replace(labeller, signer=Authority.new("Other Studio").signer())
    assert stranger.sign_file(source, LABEL, out=out).outcome is Outcome.SIGNED
    for content in (b"no picture", picture("jpeg"), picture("png")):
        out.write_bytes(content)
        assert labeller.sign_file(source, LABEL, out=out).outcome is Outcome.SIGNED
        report = labeller.verify_file(out)
        assert (report.integrity, report.lineage) == (Integrity.INTACT, Lineage.NONE)


def test_a_result_that_claims_more_is_not_left_alone(labeller, tmp_path):
    """That all actions are listed is signed, so it does not outlive the word for it."""
    source, out = tmp_path / "a.png", tmp_path / "b.png"
    source.write_bytes(picture("png"))
    whole = replace(EDIT, all_actions=True)
    outcomes = [labeller.sign_file(source, each, out=out).outcome for each in (whole, whole, EDIT)]
    assert outcomes == [Outcome.SIGNED, Outcome.UNCHANGED, Outcome.SIGNED]
    assert labeller.sign_file(source, EDIT, out=out).outcome is Outcome.UNCHANGED
