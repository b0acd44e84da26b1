"""A manifest beside its picture: signed, found, followed, missed and never mixed up."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from c2pa import Context, Reader

import genlabel
from genlabel import Existing
from genlabel.formats import identify
from genlabel.model.errors import ConfigurationError, ExistingManifest, LabelError
from genlabel.model.label import Label
from genlabel.model.parties import Generator, Rights
from genlabel.model.report import WRITTEN, Integrity, Lineage, Mark, Survival
from genlabel.model.results import Outcome
from genlabel.operations.labeller import Labeller
from genlabel.testing import picture
from histories import ACME, MIMES
from oracles import pictures, raw
from oracles.corpus import Specimen, each_specimen

LABEL = Label.generated(producer=ACME, generator=Generator("ModelX"), title="Hills")
URL = "https://example.com/manifests/cat.png.c2pa?v=1&w=2"
unmarked = each_specimen(lambda s: not s.marked and s.format in ("jpeg", "png", "webp"))


@pytest.fixture
def labeller(signer, trust):
    return Labeller(signer=signer, trust=trust)


@pytest.fixture
def cat(tmp_path):
    path = tmp_path / "cat.png"
    path.write_bytes(picture("png"))
    return path


def _raw_state(data: bytes, mime: str, store: bytes, anchors: bytes) -> str:
    """What the engine alone says of a picture and the manifest beside it."""
    context = Context.from_dict(raw._settings(anchors, None))
    with Reader(mime, io.BytesIO(data), manifest_data=store, context=context) as reader:
        return json.loads(reader.json())["validation_state"]


@pytest.mark.parametrize("format", MIMES)
def test_the_picture_stays_as_it_is_and_the_manifest_holds(format, labeller, authority):
    data = picture(format)
    signed = labeller.sign(data, LABEL, sidecar=True)
    assert signed.data == data
    assert set(signed.report.marks) == {Mark.MANIFEST}
    assert signed.report.integrity is Integrity.INTACT
    assert signed.report.declared.attested
    assert signed.sidecar is not None
    assert _raw_state(data, MIMES[format], signed.sidecar, authority.anchors) == "Trusted"
    assert labeller.verify(data).integrity is Integrity.ABSENT


@unmarked
def test_other_peoples_pictures_keep_every_byte(specimen: Specimen, labeller):
    signed = labeller.sign(specimen.data, LABEL, sidecar=True)
    assert signed.data == specimen.data
    assert labeller.verify(specimen.data, sidecar=signed.sidecar).integrity is Integrity.INTACT


@pytest.mark.parametrize("format", MIMES)
def test_every_byte_of_the_picture_counts(format, labeller):
    data = picture(format)
    store = labeller.sign(data, LABEL, sidecar=True).sidecar
    identify(data)
    for at in range(64, len(data), 97):
        other = data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]
        try:
            assert labeller.verify(other, sidecar=store).integrity is Integrity.BROKEN
        except genlabel.GenlabelError:
            continue  # no picture any more


def test_marks_that_are_asked_for_go_into_the_picture_first(labeller, exiftool):
    label = replace(LABEL, rights=Rights(creator=("Ada",), credit="Acme"))
    signed = labeller.sign(picture("jpeg"), label, sidecar=True, marks=["iptc", "exif", "iim"])
    assert set(signed.report.marks) == set(WRITTEN)
    assert signed.report.integrity is Integrity.INTACT
    assert exiftool.read(signed.data)["XMP-dc:Title"] == "Hills"
    only = labeller.sign(picture("jpeg"), label, sidecar=True, marks=[Mark.IPTC])
    assert set(only.report.marks) == {Mark.MANIFEST, Mark.IPTC}


def test_a_mark_without_place_is_a_wrong_label(labeller):
    with pytest.raises(LabelError, match="iim: this format has no place"):
        labeller.sign(picture("png"), LABEL, sidecar=True, marks=["iim"])
    with pytest.raises(ConfigurationError, match="the manifest goes beside"):
        labeller.sign(picture("png"), LABEL, sidecar=True, marks=["manifest"])
    with pytest.raises(ConfigurationError, match="goes beside the picture"):
        labeller.sign(picture("png"), LABEL, marks=["iptc"])


def test_files_verify_by_the_manifest_that_lies_beside_them(labeller, cat):
    before = cat.read_bytes()
    done = labeller.sign_file(cat, LABEL, sidecar=True)
    beside = cat.with_name("cat.c2pa")
    assert (done.outcome, done.sidecar, done.output) == (Outcome.SIGNED, str(beside), str(cat))
    assert cat.read_bytes() == before
    report = labeller.verify_file(cat)
    assert (report.integrity, report.sidecar) == (Integrity.INTACT, str(beside))
    assert labeller.inspect_file(cat).manifest is not None


@pytest.fixture
def webp(cat):
    path = cat.with_name("cat.webp")
    path.write_bytes(picture("webp"))
    return path


def test_a_picture_derived_from_a_labelled_one_has_no_label_and_no_blame(labeller, cat, webp):
    webp.rename(cat.with_name("later.webp"))
    labeller.sign_file(cat, LABEL, sidecar=True)
    webp.with_name("later.webp").rename(webp)
    first = labeller.verify_file(cat)
    assert (first.integrity, first.sidecar) == (Integrity.INTACT, str(cat.with_name("cat.c2pa")))
    derived = labeller.verify_file(webp)
    assert (derived.integrity, derived.sidecar) == (Integrity.ABSENT, None)
    lost = labeller.strip_check_file(webp, against=cat)
    assert lost.marks[Mark.MANIFEST] is Survival.LOST
    done = labeller.sign_file(webp, LABEL, sidecar=True)
    assert done.sidecar == str(cat.with_name("cat.webp.c2pa"))
    for path in (cat, webp):
        again = labeller.sign_file(path, LABEL, sidecar=True)
        assert again.outcome is Outcome.UNCHANGED
        assert labeller.verify_file(path).integrity is Integrity.INTACT
    edited = Label.edited(producer=ACME, generator=Generator("Retoucher"))
    assert labeller.sign_file(cat, edited, sidecar=True).sidecar == first.sidecar
    assert len(list(cat.parent.iterdir())) == 4


def test_pictures_that_share_a_stem_get_a_manifest_each(labeller, cat, webp, tmp_path):
    out = tmp_path / "out"
    for options in ({}, {"out": out}, {"out": out, "overwrite": True}):
        done = list(labeller.sign_files([cat, webp], LABEL, sidecar=True, jobs=2, **options))
        assert [Path(str(each.sidecar)).name for each in done] == [
            "cat.png.c2pa",
            "cat.webp.c2pa",
        ]
        for each in done:
            report = labeller.verify_file(str(each.output))
            assert report.integrity is Integrity.INTACT
            assert report.sidecar == each.sidecar
    assert len(list(out.iterdir())) == 4


def test_a_manifest_that_is_there_by_either_name_keeps_it(labeller, cat, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    labeller.sign_file(cat, LABEL, sidecar=True, out=out)
    assert {each.name for each in out.iterdir()} == {"cat.png", "cat.c2pa"}
    (out / "cat.c2pa").rename(out / "cat.png.c2pa")
    edited = Label.edited(producer=ACME, generator=Generator("Retoucher"))
    for options in ({"out": out}, {"in_place": True}):
        source = cat if "out" in options else out / "cat.png"
        labeller.sign_file(source, edited, sidecar=True, overwrite=True, **options)
        assert {each.name for each in out.iterdir()} == {"cat.png", "cat.png.c2pa"}
        assert labeller.verify_file(out / "cat.png").integrity is Integrity.INTACT


def test_a_stranger_s_manifest_of_the_stem_is_left_alone(labeller, cat, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "cat.c2pa").write_bytes(b"of a cat that is gone")
    labeller.sign_file(cat, LABEL, sidecar=True, out=out)
    assert (out / "cat.c2pa").read_bytes() == b"of a cat that is gone"
    report = labeller.verify_file(out / "cat.png")
    assert report.integrity is Integrity.INTACT
    assert "genlabel.sidecar.several" in [each.code for each in report.findings]


def test_twice_changes_no_byte(labeller, cat):
    for options in ({}, {"marks": ["iptc"], "in_place": True}, {"remote_url": URL, "out": cat}):
        first = labeller.sign_file(cat, LABEL, sidecar=True, overwrite=True, **options)
        files = {each: each.read_bytes() for each in cat.parent.iterdir()}
        again = labeller.sign_file(cat, LABEL, sidecar=True, overwrite=True, **options)
        assert (first.outcome, again.outcome) == (Outcome.SIGNED, Outcome.UNCHANGED)
        assert {each: each.read_bytes() for each in cat.parent.iterdir()} == files
        cat.write_bytes(picture("png"))
        cat.with_name("cat.c2pa").unlink()


def test_the_next_manifest_has_the_one_beside_it_as_its_parent(labeller, cat):
    first = labeller.sign_file(cat, LABEL, sidecar=True)
    edited = Label.edited(producer=ACME, generator=Generator("Retoucher"))
    second = labeller.sign_file(cat, edited, sidecar=True)
    assert second.outcome is Outcome.SIGNED
    report = labeller.verify_file(cat)
    assert report.lineage is Lineage.INTACT
    assert [each.manifest_id for each in report.ingredients] == [first.manifest_id]
    inside = labeller.sign_file(
        cat, Label.edited(producer=ACME, generator=Generator("Third")), in_place=True
    )
    assert [each.code for each in inside.findings] == [
        "genlabel.created.unknown",
        "genlabel.sidecar.superseded",
    ]
    report = labeller.verify_file(cat)
    assert (report.integrity, report.lineage) == (Integrity.INTACT, Lineage.INTACT)
    assert [each.manifest_id for each in report.ingredients] == [
        second.manifest_id,
        first.manifest_id,
    ]
    assert report.sidecar is None
    assert "genlabel.sidecar.ignored" in [each.code for each in report.findings]


def test_a_parent_brings_the_manifest_beside_it(labeller, cat, tmp_path):
    labeller.sign_file(cat, LABEL, sidecar=True)
    edit = tmp_path / "edit.jpg"
    edit.write_bytes(picture("jpeg"))
    labeller.sign_file(
        edit,
        Label.edited(producer=ACME, generator=Generator("Retoucher")),
        in_place=True,
        parent=cat,
    )
    report = labeller.verify_file(edit)
    assert report.lineage is Lineage.INTACT
    assert report.ingredients[0].integrity is Integrity.INTACT


def test_a_broken_manifest_beside_a_picture_is_no_parent(labeller, cat):
    labeller.sign_file(cat, LABEL, sidecar=True)
    cat.write_bytes(picture("png", size=(65, 49)))
    with pytest.raises(ExistingManifest, match="does not hold"):
        labeller.sign_file(cat, LABEL, sidecar=True)
    dropped = Labeller(signer=labeller.signer, existing=Existing.REPLACE)
    done = dropped.sign_file(cat, LABEL, sidecar=True)
    assert [each.code for each in done.findings] == [
        "genlabel.manifest.replaced",
        "genlabel.created.unknown",
    ]
    assert labeller.verify_file(cat).integrity is Integrity.INTACT


def test_an_embedded_manifest_wins_so_none_is_put_beside_it(labeller, chain):
    signed = raw.sign(pictures.draw(), "image/jpeg", chain)
    with pytest.raises(ExistingManifest, match="wins over one beside it"):
        labeller.sign(signed, Label.edited(producer=ACME, generator=Generator("X")), sidecar=True)


def test_a_file_that_holds_no_manifest_is_not_taken_for_silence(labeller, cat):
    cat.with_name("cat.c2pa").write_bytes(b"nothing of the kind")
    report = labeller.verify_file(cat)
    assert (report.integrity, report.reason) == (Integrity.BROKEN, "unreadable")


def test_moved_without_its_manifest_a_picture_has_lost_it(labeller, cat, tmp_path):
    labeller.sign_file(cat, LABEL, sidecar=True)
    published = tmp_path / "public" / "cat.png"
    published.parent.mkdir()
    published.write_bytes(cat.read_bytes())
    report = labeller.strip_check_file(published, against=cat)
    assert report.marks[Mark.MANIFEST] is Survival.LOST
    assert report.cause is not None
    assert "beside it" in report.cause
    published.with_name("cat.c2pa").write_bytes(cat.with_name("cat.c2pa").read_bytes())
    report = labeller.strip_check_file(published, against=cat)
    assert report.marks[Mark.MANIFEST] is Survival.KEPT


def test_a_copy_takes_its_manifest_along(labeller, cat, tmp_path):
    labeller.sign_file(cat, LABEL, sidecar=True)
    out = tmp_path / "out"
    out.mkdir()
    again = labeller.sign_file(cat, LABEL, sidecar=True, out=out)
    assert again.outcome is Outcome.UNCHANGED
    assert labeller.verify_file(out / "cat.png").integrity is Integrity.INTACT


def test_no_manifest_is_overwritten_unasked(labeller, cat, tmp_path):
    (tmp_path / "out").mkdir()
    other = tmp_path / "out" / "cat.png.c2pa"
    other.write_bytes(b"somebody's")
    with pytest.raises(ConfigurationError, match=r"cat\.png\.c2pa: exists already"):
        list(labeller.sign_files([cat], LABEL, sidecar=True, out=tmp_path / "out"))
    assert other.read_bytes() == b"somebody's"


def test_marks_need_a_place_to_go(labeller, cat):
    with pytest.raises(ConfigurationError, match="no output was named"):
        labeller.sign_file(cat, LABEL, sidecar=True, marks=["iptc"])


@pytest.mark.parametrize("format", MIMES)
def test_the_address_of_a_served_manifest_stands_in_the_xmp(format, labeller, exiftool, authority):
    signed = labeller.sign(picture(format), LABEL, remote_url=URL)
    assert exiftool.read(signed.data)["XMP-dcterms:Provenance"] == URL
    assert signed.report.integrity is Integrity.INTACT
    assert _raw_state(signed.data, MIMES[format], signed.sidecar, authority.anchors) == "Trusted"
    alone = labeller.verify(signed.data)
    assert (alone.integrity, alone.reason) == (Integrity.UNKNOWN, "remote-only")
    moved = labeller.sign(
        signed.data, LABEL, remote_url=URL + "&x", existing_sidecar=signed.sidecar
    )
    assert exiftool.read(moved.data)["XMP-dcterms:Provenance"] == URL + "&x"
    assert moved.data.count(b"dcterms:provenance>") == 2  # one element: its start and its end


@each_specimen(lambda s: s.name.endswith(("paris_extended_xmp.jpg", "xmp_tags_orientation.png")))
def test_the_address_leaves_other_peoples_xmp_alone(specimen: Specimen, labeller, exiftool):
    signed = labeller.sign(specimen.data, LABEL, remote_url=URL)
    before, after = exiftool.read(specimen.data), exiftool.read(signed.data)
    assert after.pop("XMP-dcterms:Provenance") == URL
    # it is another version of the file, too
    assert after.pop("XMP-xmpMM:InstanceID") != before.pop("XMP-xmpMM:InstanceID", None)
    assert after.pop("XMP-xmp:MetadataDate", "") >= before.pop("XMP-xmp:MetadataDate", "")
    for document in ("XMP-xmpMM:DocumentID", "XMP-xmpMM:OriginalDocumentID"):
        assert after.get(document) == before.setdefault(document, after.get(document))
    assert {key: value for key, value in after.items() if key.startswith("XMP-")} == {
        key: value for key, value in before.items() if key.startswith("XMP-")
    }


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "example.com/x", "https://", "https://a b/", "javascript:1", ""]
)
def test_what_is_no_web_address_is_refused(url, labeller):
    with pytest.raises(LabelError, match="is no web address"):
        labeller.sign(picture("png"), LABEL, remote_url=url)
