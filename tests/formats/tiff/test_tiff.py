"""TIFF: every page still opens, nothing moves, and what cannot be signed safely is refused."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy
import piexif
import pytest
import tifffile
from PIL import Image

import genlabel
from drawn_kinds import exif_text, kinds, look, packet, pixels, rewritten, store
from drawn_kinds_tiff import pages, with_entries
from genlabel import (
    Integrity,
    Label,
    Outcome,
    Producer,
    formats,
    testing,
)
from genlabel.credentials.signer import KeySigner
from genlabel.formats.format import EXIF, IIM, MANIFEST, XMP
from genlabel.formats.jpeg import image_resources
from genlabel.formats.tiff.append import Draft, NewValue
from genlabel.formats.tiff.directories import opened_file
from genlabel.model.errors import MalformedAsset, MalformedMetadata, SigningError
from genlabel.model.parties import Rights
from genlabel.model.report import Mark
from oracles import encypher, raw
from oracles.corpus import Specimen, each_specimen
from oracles.pictures import camera_raw, flipped

LABEL = Label.generated(
    producer=Producer("Acme Studio"),
    title="Hill",
    description="Hills at dusk",
    identifier="urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e",
    rights=Rights(creator=("Ada",), copyright="© Acme"),
)
MIME = "image/tiff"
SIGNABLE = [name for name in kinds() if name.startswith(("tiff", "bigtiff", "dng"))]
MOMENT = datetime(2026, 5, 1, 12, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def signer(authority) -> KeySigner:
    return authority.signer()


@pytest.fixture(scope="module")
def signed(signer) -> dict[str, bytes]:
    return {name: genlabel.sign(kinds()[name], LABEL, signer).data for name in SIGNABLE}


def _in_tifffile(data: bytes) -> list[numpy.ndarray]:
    """Every page and every SubIFD, decoded."""
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        series = list(file.pages)
        below = [sub for page in file.pages for sub in (page.pages or ())]
        return [page.asarray() for page in (*series, *below)]


def _run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not here")
    return subprocess.run(
        [program, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("name", SIGNABLE)
def test_a_signed_file_has_the_pages_it_had_in_pillow_and_tifffile(name, signed):
    before = kinds()[name]
    assert pixels(signed[name]) == pixels(before)
    if "lzw" not in name and "jpeg" not in name:  # tifffile needs imagecodecs for those
        decoded = zip(_in_tifffile(before), _in_tifffile(signed[name]), strict=True)
        assert all(numpy.array_equal(one, other) for one, other in decoded)


@pytest.mark.parametrize("name", SIGNABLE)
def test_libtiff_reads_every_page_without_an_error(name, signed, tmp_path):
    path = tmp_path / "signed.tif"
    path.write_bytes(signed[name])
    seen = _run("tiffinfo", path)
    assert seen.returncode == 0
    assert "rror" not in seen.stderr
    assert seen.stdout.count("=== TIFF directory") == look(kinds()[name]).frames
    if not name.startswith("dng"):  # tiffcp copies no SubIFDs
        assert _run("tiffcp", path, tmp_path / "copy.tif").returncode == 0
        (tmp_path / "before.tif").write_bytes(kinds()[name])
        _run("tiffcp", tmp_path / "before.tif", tmp_path / "other.tif")
        copies = ((tmp_path / copy).read_bytes() for copy in ("copy.tif", "other.tif"))
        assert pixels(next(copies)) == pixels(next(copies))


def test_imagemagick_reads_every_page(signed, tmp_path):
    path = tmp_path / "signed.tif"
    path.write_bytes(signed["tiff pages"])
    seen = _run("identify", path)
    assert seen.returncode == 0
    assert len(seen.stdout.splitlines()) == 3


@pytest.mark.parametrize("name", SIGNABLE)
def test_a_validator_that_is_not_the_engine_accepts_it(name, signed, authority):
    data = signed[name]
    assert encypher.verify(data, MIME, authority.anchors).accepted
    start = next(each.start for each in look(data).blocks if each.name.endswith(" data"))
    assert not encypher.verify(flipped(data, start + 5), MIME, authority.anchors).accepted


def test_what_the_engine_does_alone_to_pages_breaks_other_readers(chain, tmp_path):
    """c2pa-rs #1894: when this fails, pages can be left to the engine."""
    left_alone = raw.sign(pages(3), MIME, chain)
    assert raw.read(left_alone, MIME, anchors=chain.anchor).state == "Trusted"
    with Image.open(io.BytesIO(left_alone)) as opened, pytest.raises(TypeError):
        assert opened.n_frames
    path = tmp_path / "left-alone.tif"
    path.write_bytes(left_alone)
    assert _run("tiffinfo", path).returncode != 0
    survey = look(left_alone)
    assert survey.frames == 3
    assert survey.manifest is not None


def test_an_extra_directory_of_an_earlier_signing_goes_when_the_pages_are_labelled(chain, signer):
    left_alone = raw.sign(pages(3), MIME, chain)
    wrapped = genlabel.sign(left_alone, LABEL, signer)
    assert len(wrapped.report.ingredients) == 1
    assert pixels(wrapped.data) == pixels(pages(3))


def test_of_a_bigtiff_the_engine_alone_leaves_eight_bytes_unprotected(chain):
    """c2pa-rs 0.91 counts 16 bytes an entry where BigTIFF has 20."""
    left_alone = raw.sign(kinds()["bigtiff"], MIME, chain)
    directory = next(each for each in look(left_alone).blocks if each.name == "IFD0")
    free = [
        at
        for at in range(directory.start, directory.start + directory.length)
        if raw.read(flipped(left_alone, at), MIME, anchors=chain.anchor).state == "Trusted"
    ]
    assert len(free) == 8


@pytest.mark.parametrize("name", ["tiff two pages", "bigtiff", "bigtiff pages"])
def test_every_byte_of_the_pages_directories_is_protected(name, signed):
    data = signed[name]
    directories = [each for each in look(data).blocks if each.name in ("IFD0", "IFD1")]
    assert len(directories) == look(data).frames
    for block in directories:
        for at in range(block.start, block.start + block.length):
            try:
                report = genlabel.verify(flipped(data, at))
            except MalformedAsset:
                continue
            assert report.integrity is not Integrity.INTACT


def test_a_camera_s_own_raw_file_is_read_and_not_signed(signer):
    assert look(camera_raw()).frames == 1
    with pytest.raises(SigningError, match="a camera's own raw file"):
        genlabel.sign(camera_raw(), LABEL, signer)
    assert genlabel.verify(camera_raw()).integrity is Integrity.ABSENT


@pytest.mark.parametrize("name", SIGNABLE)
def test_the_same_label_twice_changes_no_byte(name, signed, signer, authority):
    trust = testing.trust(authority)
    again = genlabel.sign(signed[name], LABEL, signer, trust=trust)
    assert again.outcome is Outcome.UNCHANGED
    assert again.data == signed[name]


def test_labelling_pages_again_and_again_does_not_make_the_file_grow(signer):
    data, sizes = pages(3), []
    for number in range(4):
        # one time for all: how XMP is laid out depends on which of its properties change together
        label = Label.generated(producer=Producer("Acme"), title=f"take {number}", created=MOMENT)
        data = genlabel.sign(data, label, signer, existing="replace").data
        sizes.append(len(data))
    assert sizes[3] - sizes[1] < 64
    assert sizes[3] - sizes[0] < 512  # a directory or two, no whole packet
    assert pixels(data) == pixels(pages(3))


@pytest.mark.parametrize("name", SIGNABLE)
def test_no_byte_of_the_original_moves_but_the_pointers_to_new_directories(name, signed):
    before, after = kinds()[name], signed[name]
    ends = [b.start + b.length for b in look(before).blocks if b.name.endswith(" data")]
    changed = [at for at in range(4, max(ends)) if before[at] != after[at]]
    assert len(changed) <= 8


def test_exiftool_finds_exif_texts_where_they_belong(signed, exiftool):
    tags = exiftool.read(signed["tiff with exif"])
    assert tags["IFD0:Artist"] == "Ada"
    assert tags["IFD0:Copyright"] == "© Acme"
    assert tags["IFD0:ImageDescription"] == "Hills at dusk"
    assert tags["ExifIFD:ImageUniqueID"] == "0f8fad5bd9cb469fa16570867728950e"
    assert tags["ExifIFD:UserComment"] == "a comment"
    assert (
        tags["ExifIFD:ExposureTime"]
        == exiftool.read(kinds()["tiff with exif"])["ExifIFD:ExposureTime"]
    )
    assert tags["GPS:GPSLatitudeRef"] == "N"


def test_the_exif_slot_gathers_the_texts_of_the_file_s_own_directories():
    payload = look(kinds()["tiff with exif"]).payloads[EXIF]
    said = piexif.load(b"Exif\0\0" + payload)
    assert said["0th"][0x010E] == b"drawn"
    assert said["Exif"][0x9286] == b"ASCII\0\0\0a comment"
    assert said["GPS"][1] == b"N"
    assert 0x829A not in said["Exif"]  # a number is no text


def test_a_description_by_which_software_reads_a_stack_is_not_replaced(signer):
    out = io.BytesIO()
    tifffile.imwrite(out, numpy.zeros((2, 3, 8, 6), "uint16"), imagej=True)
    plain = Label.generated(producer=Producer("Acme Studio"), title="Cells")
    for label in (LABEL, plain):
        signed = genlabel.sign(out.getvalue(), label, signer)
        with tifffile.TiffFile(io.BytesIO(signed.data)) as file:
            assert file.is_imagej
            assert file.series[0].shape == (2, 3, 8, 6)
        left = [each for each in signed.findings if each.code == "genlabel.metadata.left"]
        assert len(left) == (label is LABEL)
        assert all("software reads the stack by it" in each.explanation for each in left)
        assert signed.report.marks[Mark.IPTC].description == label.description


def test_a_block_with_more_than_texts_is_refused():
    block = piexif.dump({"0th": {0x0112: 6}})[6:]
    for payload in (block, b"II*\0" + bytes(20), exif_text(b"Ada\0") + b"\0"):
        with pytest.raises(MalformedMetadata):
            rewritten(kinds()["tiff"], {EXIF: payload})
    width = tiff_block(256)
    with pytest.raises(MalformedMetadata, match="no place for some of these texts"):
        rewritten(kinds()["tiff"], {EXIF: width})


def tiff_block(tag: int) -> bytes:
    """A block of one text under a tag of which decoders want to read a number."""
    text = exif_text(b"Ada\0")
    return text.replace(struct.pack(">HH", 0x013B, 2), struct.pack(">HH", tag, 2))


def test_iim_keeps_the_type_that_it_had():
    old = b"\x1c\x02\x50\x00\x03Ada"
    for kind, count, value in ((4, 2, old), (1, 8, old), (7, 8, old)):
        data = with_entries(kinds()["tiff"], (33723, kind, count, value))
        assert look(data).payloads[IIM] == old
        made = rewritten(data, {IIM: old + b"\x1c\x02\x05\x00\x01T"})
        assert look(made).payloads[IIM] == old + b"\x1c\x02\x05\x00\x01T"
        with tifffile.TiffFile(io.BytesIO(made)) as file:
            assert file.pages[0].tags[33723].dtype == kind
    ends_in_zero = b"\x1c\x02\x50\x00\x03Ad\0"
    data = with_entries(kinds()["tiff"], (33723, 4, 2, old))
    assert look(rewritten(data, {IIM: ends_in_zero})).payloads[IIM] == ends_in_zero


def test_iim_among_photoshop_s_resources_is_kept_in_step(exiftool):
    old, new = b"\x1c\x02\x50\x00\x03Ada", b"\x1c\x02\x50\x00\x05Grace"
    digest = struct.pack(">4sHHI", b"8BIM", 0x0425, 0, 16) + bytes(16)
    other = struct.pack(">4sHHI", b"8BIM", 0x0BB7, 0, 4) + b"keep"
    for resources in (image_resources.with_iim(other + digest, old), other + digest):
        entry = (34377, 1, len(resources), resources)
        data = with_entries(kinds()["tiff"], (33723, 7, len(old), old), entry)
        tags = exiftool.read(rewritten(data, {IIM: new}))
        assert tags["IPTC:By-line"] == "Grace"
        assert tags["Photoshop:IPTCDigest"] == tags["File:CurrentIPTCDigest"]
    alone = image_resources.with_iim(other, old)
    data = with_entries(kinds()["tiff"], (34377, 1, len(alone), alone))
    assert look(data).payloads[IIM] == old
    made = rewritten(data, {IIM: new})
    assert look(made).payloads[IIM] == new
    assert look(made).anomalies == ()
    assert IIM not in look(rewritten(made, {IIM: None})).payloads


def test_tags_that_stand_twice_are_not_edited():
    data = with_entries(kinds()["tiff"], (270, 2, 2, b"a\0"), (270, 2, 2, b"b\0"))
    assert look(data).anomalies == ("tags that stand twice in the first directory",)
    with pytest.raises(MalformedMetadata, match="duplicate tags"):
        rewritten(data, {XMP: packet()})


def test_values_that_two_tags_share_are_not_cut_off():
    """Only what no other tag needs is written over at the end of the file."""
    first = packet("first")
    data = rewritten(kinds()["tiff"], {XMP: first})
    xmp = next(each for each in look(data).blocks if each.name == "XMP")
    shared = with_entries(data, (65000, 1, len(first), b""))
    at = shared.index(struct.pack("<HHI", 65000, 1, len(first)), len(data))
    shared = shared[: at + 8] + struct.pack("<I", xmp.start) + shared[at + 12 :]
    made = rewritten(shared, {XMP: packet("second")})
    with tifffile.TiffFile(io.BytesIO(made)) as file:
        assert bytes(file.pages[0].tags[65000].value) == first
    assert look(made).payloads[XMP] == packet("second")


def test_what_is_appended_to_a_bigtiff_begins_at_multiples_of_eight():
    for size in range(9, 18):
        made = rewritten(
            kinds()["bigtiff"], {XMP: packet(size=900 + size), MANIFEST: store(size * 7)}
        )
        blocks = look(made).blocks
        new = [each for each in blocks if each.name in ("XMP", "C2PA", "IFD0")]
        assert {each.start % 8 for each in new} == {0}
        with tifffile.TiffFile(io.BytesIO(made)) as file:
            assert len(file.pages[0].tags[700].value) == 900 + size


def test_offsets_beyond_four_gigabytes_are_refused_without_reading_them():
    head = kinds()["tiff"]
    with pytest.raises(MalformedMetadata, match="exceed 4,294,967,295 bytes"):
        _draft_at(head, 0xFFFF_FFF0)


def _draft_at(head: bytes, end: int) -> None:
    structure = opened_file(head)
    draft = Draft(structure, end)
    value = NewValue(type=1, count=99, data=bytes(99))
    draft.directory(structure.directory(structure.first), {700: value})
    draft.edits()


def _directory(*entries: tuple[int, int, int, int], following: int = 0) -> bytes:
    rows = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return struct.pack("<H", len(entries)) + rows + struct.pack("<I", following)


HEAD = b"II*\0\x08\0\0\0"
SIZE = ((256, 4, 1, 4), (257, 4, 1, 4))
LIES = {
    "circle": (HEAD + _directory(*SIZE, following=8), "leads back to 8"),
    "circle of two": (
        HEAD + _directory(*SIZE, following=38) + _directory(*SIZE, following=8),
        "leads back to 8",
    ),
    "no directory": (b"II*\0\0\0\0\0" + bytes(40), "without any directory"),
    "directory outside": (b"II*\0\xff\xff\xff\x7f" + bytes(40), "lies outside"),
    "many entries": (HEAD + b"\xff\xff" + bytes(40), "runs past the end"),
    "strips outside": (HEAD + _directory(*SIZE, (273, 4, 1, 8), (279, 4, 1, 999)), "data of IFD0"),
    "strips without number": (
        HEAD + _directory(*SIZE, (273, 4, 0xFFFFFFFF, 8), (279, 4, 0xFFFFFFFF, 8)),
        "more than 1,000,000 strips",
    ),
    "no lengths": (HEAD + _directory(*SIZE, (273, 4, 1, 8)), "does not say how long"),
    "text for offsets": (
        HEAD + _directory(*SIZE, (273, 2, 1, 8), (279, 4, 1, 8)),
        "does not say where",
    ),
    "manifest outside": (HEAD + _directory(*SIZE, (52545, 7, 99, 0xFFFFFFF0)), "manifest at"),
    "bigtiff of many entries": (
        b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, 2**63) + bytes(40),
        "runs past the end",
    ),
}


@pytest.mark.parametrize("name", LIES)
def test_a_file_that_lies_is_malformed_in_a_clear_sentence(name):
    data, sentence = LIES[name]
    with pytest.raises(MalformedAsset, match=f"^tiff: .*{sentence}"):
        formats.identify(data).survey(data)


def test_a_file_with_more_entries_than_any_picture_is_refused():
    rows = struct.pack("<HHII", 65000, 1, 1, 0) * 0xFFFF
    size, data = len(rows) + 6, bytearray(HEAD)
    for number in range(5):
        following = 8 + size * (number + 1) if number < 4 else 0
        data += struct.pack("<H", 0xFFFF) + rows + struct.pack("<I", following)
    with pytest.raises(MalformedAsset, match="more entries than any picture has"):
        look(bytes(data))


def test_a_bigtiff_with_narrow_offsets_is_none():
    odd = b"II+\0\x08\0\x01\0" + bytes(40)
    assert formats.recognise(odd) is None
    with pytest.raises(MalformedMetadata, match="no 64-bit offsets"):
        opened_file(odd)


def test_metadata_outside_the_file_is_an_anomaly_and_is_replaced():
    data = HEAD + _directory(*SIZE, (700, 1, 0xFFFFFFFF, 0xFFFFFFF0))
    assert look(data).anomalies == ("xmp that lies outside the file or is too long, not read",)
    assert look(rewritten(data, {XMP: packet()})).payloads == {XMP: packet()}


def test_a_file_that_lists_the_same_bytes_over_and_over_does_not_run_away():
    strips = 60_000
    where = 8 + 2 + 12 * 4 + 4
    table = struct.pack("<I", 8) * strips + struct.pack("<I", 400_000) * strips
    entries = ((273, 4, strips, where), (279, 4, strips, where + 4 * strips))
    everything_again = HEAD + _directory(*SIZE, *entries) + table
    below = HEAD + _directory(*SIZE, (330, 4, 2000, 50)) + struct.pack("<I", 8) * 2000
    started = time.perf_counter()
    with pytest.raises(MalformedAsset, match="overlap more than"):
        formats.identify(everything_again).survey(everything_again)
    look(below)
    assert time.perf_counter() - started < 30


@each_specimen(lambda s: s.format == "tiff")
def test_the_corpus_is_labelled_and_every_page_still_opens(
    specimen: Specimen, signer, authority, tmp_path
):
    data = specimen.data
    labelled = genlabel.sign(data, LABEL, signer, trust=testing.trust(authority)).data
    assert pixels(labelled) == pixels(data)
    report = genlabel.verify(labelled, trust=testing.trust(authority), policy="labelled")
    assert report.integrity is Integrity.INTACT
    path = tmp_path / "labelled.tif"
    path.write_bytes(labelled)
    assert _run("tiffinfo", path).returncode == 0
    assert raw.read(labelled, MIME, anchors=authority.anchors).state == "Trusted"


def test_a_manifest_of_any_length_is_put_in_and_read_back():
    for name in ("tiff", "tiff pages", "bigtiff", "dng"):
        for length in (60, 61, 9_999):
            made = rewritten(kinds()[name], {MANIFEST: store(length)})
            assert look(made).manifest == store(length)
            assert pixels(made) == pixels(kinds()[name])
