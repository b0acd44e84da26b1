"""Every row of the table of formats is a claim that another program confirms in this run."""

from __future__ import annotations

import io

import pypdf
import pytest
import tifffile
from PIL import Image, ImageSequence

import evidence
import genlabel
import operations
from evidence import Cell, Kind, Row
from genlabel import formats, testing
from genlabel.formats.format import EXIF, IIM, XMP
from label_read import LABEL, exif_in_pillow, read_back
from operations import Bench
from oracles import drawings, libheif, libjxl, recordings
from oracles.absence import program
from oracles.pictures import flipped

KINDS = {kind.name: kind for kind in evidence.kinds()}


@pytest.fixture(scope="session")
def labelled(signer) -> dict[str, genlabel.Signed]:
    return {
        name: genlabel.sign(kind.data, LABEL, signer) for name, kind in KINDS.items() if kind.data
    }


@pytest.mark.parametrize(
    "row", list(evidence.expected()), ids=lambda r: f"{r.kind}-{r.mark}-{r.by}"
)
def test_a_row_of_the_table_is_confirmed(
    row: Row, labelled, authority, record_row, record_cell, request
):
    if row.format == "heic":
        libheif.needed()
    if row.format in evidence.ISO_MEDIA:
        program("ffmpeg")
    kind, data = KINDS[row.kind], labelled[row.kind].data
    if row.by == "pypdf":
        operations.same_essence(kind.data, data)
        assert _leaves(data) == _leaves(kind.data) != []
    elif row.by == "tifffile":
        assert _pages(data) == _pages(kind.data)
    elif row.mark == "pixels":
        operations.same_essence(kind.data, data)
        assert _frames(data) == _frames(kind.data)
    elif row.by == "Pillow":
        read_back(row.mark, exif_in_pillow(data))
    elif row.by == "ExifTool":
        tags = request.getfixturevalue("exiftool").read(data)
        read_back(row.mark, tags)
    elif row.by == "encypher-c2pa":
        encypher, mime = request.getfixturevalue("encypher"), formats.identify(data).media_type
        assert encypher.verify(data, mime, authority.anchors).accepted
        assert not encypher.verify(_tampered(kind, data), mime, authority.anchors).accepted
    else:
        c2pats = request.getfixturevalue("c2pats")
        assert c2pats.validate(data).accepted
        assert not c2pats.validate(_tampered(kind, data)).accepted
    record_row(row)
    written = evidence.written(row)
    if written is not None:
        record_cell(written, row.by)


@pytest.fixture(scope="session")
def bench(authority, chain, exiftool, encypher, labelled) -> Bench:
    return Bench(
        authority=authority, chain=chain, exiftool=exiftool, encypher=encypher, labelled=labelled
    )


@pytest.mark.parametrize(
    "cell",
    [cell for cell in evidence.cells() if cell.operation != "write"],  # those are rows
    ids=lambda c: f"{c.kind}-{c.mark}-{c.operation}",
)
def test_an_operation_of_the_table_is_shown(cell: Cell, bench, record_cell):
    if cell.format == "heic":
        libheif.needed()
    if cell.format in evidence.ISO_MEDIA:
        program("ffmpeg")
    record_cell(cell, operations.shown(cell, KINDS[cell.kind], bench))


def test_the_recorded_table_has_every_row_and_no_other(recording):
    if recording:
        pytest.skip("the table is being recorded")
    assert sorted(evidence.recorded()) == sorted(evidence.expected())
    assert sorted(evidence.recorded_cells()) == sorted(evidence.cells())


def test_every_container_has_a_kind_in_the_table():
    drawn = {kind.format for kind in evidence.kinds()}
    assert drawn == {container.name for container in formats.CONTAINERS}


def test_a_label_may_be_checked_in_every_kind(labelled, authority):
    for signed in labelled.values():
        report = genlabel.verify(
            signed.data,
            trust=testing.trust(authority),
            policy="labelled",
        )
        assert report.integrity is genlabel.Integrity.INTACT
        assert report.worst() in (None, genlabel.Severity.NOTE)


def test_every_place_of_a_container_is_in_the_table():
    said = {(row.format, row.mark) for row in evidence.expected()}
    for container in formats.CONTAINERS:
        for slot, mark in ((XMP, "iptc"), (IIM, "iim"), (EXIF, "exif")):
            assert (slot in container.slots) == ((container.name, mark) in said)


def _tampered(kind: Kind, data: bytes) -> bytes:
    """One byte of the coded picture changed, found by the format's own words or pointers."""
    if kind.format in ("wav", "avi"):
        return flipped(data, data.index(b"data" if kind.format == "wav" else b"movi") + 200)
    if kind.format in ("gif", "svg", "jxl", "mp3", "flac"):  # the end of the file is the picture's
        return flipped(data, -12)
    if kind.format == "pdf":
        return flipped(data, data.index(b"/MediaBox") + 2)
    if kind.format == "tiff":
        with tifffile.TiffFile(io.BytesIO(data)) as file:
            return flipped(data, file.pages[0].dataoffsets[0] + 5)
    if kind.format in evidence.ISO_MEDIA:
        return flipped(data, data.index(b"mdat") + 24)
    if kind.format in ("avif", "heic"):
        return flipped(data, data.rindex(b"mdat") + 24)
    words = {"jpeg": (b"\xff\xda",), "png": (b"IDAT",), "webp": (b"VP8 ", b"VP8L", b"ANMF")}
    starts = [at for word in words[kind.format] if (at := data.find(word)) > 0]
    return flipped(data, min(starts) + 24)


def _pages(data: bytes) -> list[bytes]:
    """Every page and every SubIFD, a DNG's mosaic among them."""
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        below = (sub for page in file.pages for sub in page.pages or ())
        return [page.asarray().tobytes() for page in (*file.pages, *below)]


def _frames(data: bytes) -> list[tuple[str, tuple[int, int], bytes]]:
    name = formats.identify(data).name
    if name in ("mp3", "flac", "wav", "avi", *evidence.ISO_MEDIA):
        program("ffmpeg")
        return [("", (0, 0), recordings.heard(data))]
    if name == "svg":
        return [("", (0, 0), drawings.without_marks(data).encode())]
    if name == "jxl":
        shown = libjxl.decoded(data)
        return [(shown.mode, shown.size, shown.tobytes())]
    if formats.identify(data).name == "heic":
        decoded = libheif.decoded(data)
        return [(decoded.mode, decoded.size, decoded.tobytes())]
    with Image.open(io.BytesIO(data)) as opened:
        return [
            (frame.mode, frame.size, frame.tobytes()) for frame in ImageSequence.Iterator(opened)
        ]


def _leaves(data: bytes) -> list[tuple[str, bytes]]:
    reader = pypdf.PdfReader(io.BytesIO(data), strict=True)
    return [(repr(sorted(page)), page.get_contents().get_data()) for page in reader.pages]
