"""The same job done twice changes no byte; another one adds one manifest over one parent."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image

import genlabel
import histories
import jumbf
from genlabel import Existing, formats, testing
from genlabel.credentials.signer import KeySigner
from genlabel.credentials.trust import Trust
from genlabel.formats.format import MANIFEST
from genlabel.model.errors import ExistingManifest
from genlabel.model.label import Label
from genlabel.model.parties import Generator, Producer
from genlabel.model.report import Integrity, Lineage, Mark
from genlabel.model.results import Outcome
from genlabel.operations.labeller import Labeller
from genlabel.testing import Authority, picture
from histories import ACME, FLUX, LABELLED, MIMES
from oracles import films, libheif, raw, recordings, riff_files
from oracles.corpus import Specimen, each_specimen
from oracles.drawings import DRAWING
from oracles.libjxl import CONTAINED
from patience import wait_for_its_end, while_it_lasts

STORIES = {
    name: story for name, story in histories.stories().items() if not name.startswith("source type")
}

RECORDINGS = {**recordings.sounds(b""), **riff_files.waves(b"")}


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _files_of_every_format() -> list[bytes]:
    """Two pictures of each of the usual formats, then one file of each other one."""
    usual = [picture(format, seed=seed) for seed in (0, 1) for format in MIMES]
    drawn = [picture(format) for format in ("gif", "tiff", "avif")]
    made = [DRAWING, CONTAINED, RECORDINGS["mp3"], RECORDINGS["flac"], RECORDINGS["wav"]]
    made.append(riff_files.film([picture("jpeg")]))
    made += [libheif.encoded(picture("png"))] if libheif.here() else []
    made += [films.film(name) for name in ("mp4", "mov", "m4a")] if films.is_here() else []
    document = io.BytesIO()
    Image.open(io.BytesIO(picture("jpeg"))).save(document, "PDF")
    made.append(document.getvalue())
    return [data for data in usual + drawn + made if MANIFEST in formats.identify(data).slots]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Files of every format that takes a manifest, in a tree of folders."""
    for number, data in enumerate(_files_of_every_format()):
        path = tmp_path / f"{number % 2}" / f"{number:02d}{formats.identify(data).suffixes[0]}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    return tmp_path


def test_the_archive_has_every_format_that_takes_a_manifest(archive):
    there = {formats.identify(path.read_bytes()).name for path in _files(archive)}
    missing = set() if films.is_here() else {"mp4", "mov", "m4a"}
    missing |= set() if libheif.here() else {"heic"}
    wanted = {each.name for each in formats.CONTAINERS if MANIFEST in each.slots}
    assert wanted - missing <= there


def _label_all(folder: Path, labeller: Labeller, label: Label) -> list[Outcome]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [labeller.sign_file(path, label, in_place=True).outcome for path in files]


@pytest.mark.parametrize("format", MIMES)
@pytest.mark.parametrize("name", STORIES)
def test_signing_what_is_signed_changes_no_byte(name, format, signer):
    story = STORIES[name]
    once = genlabel.sign(picture(format), story.label, signer, parent=story.parent)
    twice = genlabel.sign(once.data, story.label, signer)
    assert twice.outcome is Outcome.UNCHANGED
    assert twice.data == once.data
    assert twice.manifest_id == once.manifest_id


def test_a_parent_named_again_does_not_matter(signer):
    story = STORIES["edited by hand"]
    once = genlabel.sign(picture("png"), story.label, signer, parent=story.parent)
    twice = genlabel.sign(once.data, story.label, signer, parent=story.parent)
    assert twice.data == once.data


def test_a_folder_labelled_twice_keeps_every_digest(archive, signer):
    labeller, label = Labeller(signer=signer), Label.generated(producer=ACME, generator=FLUX)
    before = _digests(archive)
    assert set(_label_all(archive, labeller, label)) == {Outcome.SIGNED}
    once = _digests(archive)
    assert once.keys() == before.keys()
    assert not set(once.values()) & set(before.values())
    assert set(_label_all(archive, labeller, label)) == {Outcome.UNCHANGED}
    assert _digests(archive) == once


def test_another_producer_adds_one_manifest_over_one_parent(archive, signer, trust):
    label = Label.generated(producer=ACME, generator=FLUX)
    labeller = Labeller(signer=signer)
    _label_all(archive, labeller, label)
    first = {path: genlabel.verify(path.read_bytes(), policy=None) for path in _files(archive)}
    other = Label.generated(producer=Producer("Other Studio"), generator=FLUX)
    assert set(_label_all(archive, labeller, other)) == {Outcome.SIGNED}
    for path in _files(archive):
        report = genlabel.verify(path.read_bytes(), trust=trust, policy=None)
        assert [each.manifest_id for each in report.ingredients] == [first[path].manifest_id]
        assert report.integrity is Integrity.INTACT
        assert report.lineage is Lineage.INTACT
        assert report.declared.producer == "Other Studio"
        assert len(_manifests(path.read_bytes())) == 2
    assert set(_label_all(archive, labeller, other)) == {Outcome.UNCHANGED}


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def _manifests(data: bytes) -> dict[str, bytes]:
    store = formats.identify(data).survey(data).manifest
    assert store is not None
    return jumbf.manifests(store)


@pytest.mark.parametrize(
    "other",
    [
        Label.generated(producer=ACME, generator=Generator("FLUX.2")),
        Label.generated(producer=ACME),
        Label.generated(producer=ACME, generator=FLUX, title="Now with a title"),
        Label.edited(producer=ACME, generator=FLUX),
    ],
    ids=["another system", "no system", "a title", "another history"],
)
def test_a_label_that_says_anything_else_is_written(other, signer):
    once = genlabel.sign(picture("jpeg"), Label.generated(producer=ACME, generator=FLUX), signer)
    twice = genlabel.sign(once.data, other, signer)
    assert twice.outcome is Outcome.SIGNED
    assert len(twice.report.ingredients) == 1


def test_a_rotated_key_relabels_nothing(authority, signer, trust):
    label = Label.generated(producer=ACME)
    once = genlabel.sign(picture("png"), label, signer)
    renewed = authority.renewed().signer()
    assert renewed.serial != signer.serial
    assert genlabel.sign(once.data, label, renewed).data == once.data
    moved = Authority.new("Acme Studio")
    stranger = genlabel.sign(once.data, label, moved.signer())
    assert stranger.outcome is Outcome.SIGNED
    both = testing.trust(authority, moved)
    assert genlabel.sign(once.data, label, moved.signer(), trust=both).data == once.data


def test_a_key_that_has_ended_and_was_rotated_relabels_nothing(archive):
    """What the house signed before stays as it is, under every later key of the same authority."""
    label = Label.generated(producer=ACME, generator=FLUX)
    drawn = {path: path.read_bytes() for path in archive.rglob("*") if path.is_file()}

    def labelled(_: Authority, signer: KeySigner) -> set[Outcome]:
        for path, data in drawn.items():
            path.write_bytes(data)
        return set(_label_all(archive, Labeller(signer=signer), label))

    first, signer, outcomes = while_it_lasts(labelled, seconds=3, keep_authority=True)
    assert outcomes == {Outcome.SIGNED}
    once = _digests(archive)
    wait_for_its_end(signer)
    renewed = first.renewed().signer()
    assert set(_label_all(archive, Labeller(signer=renewed), label)) == {Outcome.UNCHANGED}
    moved = Authority.new("Acme Studio")
    anchored = Labeller(signer=moved.signer(), trust=testing.trust(first, moved))
    assert set(_label_all(archive, anchored, label)) == {Outcome.UNCHANGED}
    assert _digests(archive) == once
    stranger = Labeller(signer=moved.signer())
    assert set(_label_all(archive, stranger, label)) == {Outcome.SIGNED}


def test_a_namesake_of_our_organisation_is_not_us(signer):
    label = Label.generated(producer=ACME)
    forged = genlabel.sign(picture("png"), label, Authority.new("Acme Studio").signer())
    ours = genlabel.sign(forged.data, label, signer)
    assert ours.outcome is Outcome.SIGNED
    assert ours.manifest_id != forged.manifest_id


def test_what_was_altered_since_is_not_left_alone(signer):
    label = Label.generated(producer=ACME)
    once = genlabel.sign(picture("jpeg"), label, signer).data
    tampered = once[:-40] + bytes([once[-40] ^ 1]) + once[-39:]
    with pytest.raises(ExistingManifest, match="does not hold"):
        genlabel.sign(tampered, label, signer)


@pytest.mark.parametrize("format", MIMES)
def test_keep_replace_and_refuse_do_what_they_say(format, signer, trust, chain):
    mime, label = MIMES[format], Label.generated(producer=ACME)
    theirs = raw.sign(picture(format), mime, chain)
    kept = genlabel.sign(theirs, label, signer, existing=Existing.KEEP)
    assert (kept.outcome, kept.data) == (Outcome.KEPT, theirs)
    with pytest.raises(ExistingManifest, match="carries a manifest already"):
        genlabel.sign(theirs, label, signer, existing=Existing.REFUSE)
    replaced = genlabel.sign(theirs, label, signer, existing=Existing.REPLACE)
    assert [each.code for each in replaced.findings] == ["genlabel.manifest.replaced"]
    assert "Raw Signer Ltd" in str(replaced.findings[0])
    assert replaced.report.ingredients == ()
    assert list(_manifests(replaced.data)) == [replaced.manifest_id]


def test_replace_signs_again_even_what_says_it_already(signer):
    label = Label.generated(producer=ACME)
    once = genlabel.sign(picture("jpeg"), label, signer)
    again = genlabel.sign(once.data, label, signer, existing=Existing.REPLACE)
    assert again.outcome is Outcome.SIGNED
    assert again.manifest_id != once.manifest_id
    assert len(_manifests(again.data)) == 1


def test_our_own_label_is_left_alone_under_keep_and_refuse_too(signer):
    label = Label.generated(producer=ACME)
    once = genlabel.sign(picture("jpeg"), label, signer)
    for existing in (Existing.KEEP, Existing.REFUSE):
        again = genlabel.sign(once.data, label, signer, existing=existing)
        assert (again.outcome, again.data) == (Outcome.UNCHANGED, once.data)


@each_specimen(lambda each: each.format in LABELLED and each.name.startswith("unmarked/"))
def test_the_second_run_over_other_peoples_pictures_changes_no_byte(specimen: Specimen, signer):
    label = Label.edited(producer=ACME, generator=FLUX)
    once = genlabel.sign(specimen.data, label, signer)
    twice = genlabel.sign(once.data, label, signer, trust=Trust())
    assert twice.outcome is Outcome.UNCHANGED
    assert twice.data == once.data
    assert twice.report.marks[Mark.IPTC] == once.report.marks[Mark.IPTC]
