"""Real strippers of films, sounds, drawings and documents: the survival table measured again."""

from __future__ import annotations

import io
import subprocess
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from PIL import Image

import genlabel
from fieldbook import generated, signer
from genlabel import Mark, Rights, Survival, testing
from genlabel.formats import identify
from genlabel.formats.format import EXIF, IIM
from oracles import films, libjxl
from oracles.absence import program
from oracles.small_files import small
from stripping_tools import CONVERT, exiftool_program

SUFFIX = {"jpeg": "jpg", "tiff": "tif", "tiff pages": "tif"}
FILMS = ("mp4", "mov", "m4a", "mp3", "wav", "flac", "avi")
_FATES = {
    **{"K": Survival.KEPT, "B": Survival.BROKEN, "L": Survival.LOST, "C": Survival.CHANGED},
    "-": Survival.ABSENT,
}


def _drawn(kind: str) -> bytes:
    if kind == "pdf":
        return small("pdf")
    if kind == "jxl":
        return libjxl.encoded(testing.picture("png", size=(320, 240)), "png")
    if kind in FILMS:
        program("ffmpeg")
        return films.film(f"small {kind}" if kind in ("mp4", "mov", "m4a") else kind)
    if kind == "tiff pages":
        return testing.picture("tiff", size=(160, 120), frames=3)
    return testing.picture(kind, size=(320, 240), quality=95)


@cache
def source(kind: str) -> bytes:
    """A labelled file with every mark that its container has a place for."""
    label = generated(
        title="Hills",
        description="Hills at dusk",
        rights=Rights(creator=("Ana Müller",), copyright="© Acme"),
    )
    return genlabel.sign(_drawn(kind), label, signer()).data


FFMPEG = ("-y", "-loglevel", "error", "-i", "IN")
COPY = (*FFMPEG, "-c", "copy", "OUT")
ENCODE = (*FFMPEG, "OUT")
FLAC = ("-s", "-f", "IN", "-o", "OUT")
BARE = ("-all=", "-o", "OUT", "IN")
ONE_TAG = ("-XMP-xmp:Rating=3", "-o", "OUT", "IN")
PLAIN = ("IN", "OUT")
# tool, its arguments, formats before and after, fate of XMP/Exif/IIM/manifest, in the cause
ROWS = [
    *(("ffmpeg", COPY, each, each, "L--L", "ffmpeg") for each in FILMS if each != "mp3"),
    *(("ffmpeg", ENCODE, each, each, "L--L", "ffmpeg") for each in ("mp4", "m4a", "flac", "avi")),
    ("ffmpeg", COPY, "mp3", "mp3", "K--L", "keeps the frame with the XMP"),
    ("ffmpeg", ENCODE, "mp3", "mp3", "K--L", "keeps the frame with the XMP"),
    ("ffmpeg", COPY, "mp4", "mov", "L--L", "ffmpeg"),
    ("ffmpeg", COPY, "mov", "mp4", "L--L", "ffmpeg"),
    ("ffmpeg", ENCODE, "wav", "mp3", "L--L", "ffmpeg"),
    ("ffmpeg", ENCODE, "mp3", "m4a", "L--L", "ffmpeg"),
    ("ffmpeg", ENCODE, "gif", "mp4", "L--L", "ffmpeg"),
    ("ffmpeg", ENCODE, "mp4", "gif", "L--L", "ffmpeg"),
    ("ffmpeg", ENCODE, "gif", "gif", "L--L", "ffmpeg"),
    ("flac", ("-d", *FLAC), "flac", "wav", "L--L", "flac"),
    ("flac", FLAC, "wav", "flac", "L--L", "flac"),
    *(("exiftool", BARE, each, each, "L--L", "ExifTool -all=") for each in ("mp4", "mov", "m4a")),
    *(("exiftool", BARE, each, each, "L--B", "ExifTool -all=") for each in ("gif", "pdf")),
    ("exiftool", BARE, "jxl", "jxl", "LL-B", "ExifTool -all="),
    ("exiftool", BARE, "tiff", "tiff", "LCLL", "ExifTool -all="),
    *(
        ("exiftool", ONE_TAG, each, each, "K--B", "one tag")
        for each in ("gif", "pdf", "mp4", "mov", "m4a")
    ),
    ("exiftool", ONE_TAG, "tiff", "tiff", "KKKB", "one tag"),
    ("exiftool", ONE_TAG, "jxl", "jxl", "KK-B", "one tag"),
    (CONVERT, PLAIN, "gif", "gif", "L--L", "ImageMagick 6"),
    (CONVERT, PLAIN, "tiff", "tiff", "KCLL", "ImageMagick 6"),
    (CONVERT, PLAIN, "tiff pages", "tiff", "KCLL", "ImageMagick 6"),
    (CONVERT, ("IN", "-resize", "50%", "OUT"), "tiff", "tiff", "KCLL", "ImageMagick 6"),
    (CONVERT, ("IN", "-strip", "OUT"), "tiff", "tiff", "LLLL", "ImageMagick -strip"),
    (CONVERT, PLAIN, "tiff", "jpeg", "KLKL", "ImageMagick 6"),
    (CONVERT, PLAIN, "tiff", "png", "KLKL", "ImageMagick 6"),
    (CONVERT, PLAIN, "jpeg", "tiff", "KLLL", "ImageMagick 6"),
    (CONVERT, PLAIN, "png", "tiff", "LL-L", "ImageMagick 6"),
    (CONVERT, PLAIN, "gif", "png", "L--L", "ImageMagick 6"),
    (CONVERT, PLAIN, "png", "gif", "LL-L", "ImageMagick 6"),
    ("tiffcp", PLAIN, "tiff", "tiff", "LCLL", "tiffcp"),
    ("tiffcp", ("-c", "lzw", *PLAIN), "tiff pages", "tiff", "LCLL", "tiffcp"),
    ("djxl", PLAIN, "jxl", "png", "KL-L", "djxl"),
    ("djxl", PLAIN, "jxl", "jpeg", "LL-L", "djxl"),
    ("cjxl", PLAIN, "jpeg", "jxl", "KKLL", "packs a JPEG as it is"),
    ("cjxl", ("-j", "0", *PLAIN), "jpeg", "jxl", "LLLL", "encodes a JPEG anew"),
    ("cjxl", PLAIN, "png", "jxl", "LL-L", "cjxl"),
    ("cjxl", PLAIN, "gif", "jxl", "L--L", "cjxl"),
    ("qpdf", PLAIN, "pdf", "pdf", "K--B", "qpdf"),
    ("qpdf", ("--linearize", *PLAIN), "pdf", "pdf", "K--B", "qpdf"),
    ("qpdf", ("--object-streams=generate", *PLAIN), "pdf", "pdf", "K--B", "qpdf"),
]


@pytest.mark.parametrize(
    ("tool", "arguments", "before", "after", "fates", "cause"),
    ROWS,
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_a_tool_leaves_is_seen_and_the_tool_is_named(
    tmp_path, tool, arguments, before, after, fates, cause
):
    given, made = (
        tmp_path / f"{name}.{SUFFIX.get(kind, kind)}"
        for name, kind in (("in", before), ("out", after))
    )
    given.write_bytes(source(before))
    names = (tool,) if isinstance(tool, str) else tool
    command: list[str | Path]
    command = exiftool_program() if tool == "exiftool" else [program(*names)]
    placed = [{"IN": str(given), "OUT": str(made)}.get(word, word) for word in arguments]
    subprocess.run([*command, *placed], check=True, capture_output=True, timeout=60)
    _assert_fate(made.read_bytes(), before, fates, cause)


def _assert_fate(published: bytes, before: str, fates: str, cause: str) -> None:
    report = genlabel.strip_check(published, against=source(before))
    order = (Mark.IPTC, Mark.EXIF, Mark.IIM, Mark.MANIFEST)
    assert [report.marks[mark] for mark in order] == [_FATES[each] for each in fates]
    assert report.cause is not None
    assert cause in report.cause
    if report.pixels is not None:
        assert report.pixels.same_picture is not False


@pytest.mark.parametrize(
    ("before", "after", "fates"),
    [
        ("gif", "gif", "L--L"),
        ("tiff", "tiff", "KLKL"),
        ("tiff pages", "tiff", "KLKL"),
        *chain.from_iterable(
            ((each, "jpeg", fates), (each, "png", fates), (each, "webp", fates))
            for each, fates in (("gif", "L--L"), ("tiff", "LLLL"))
        ),
        ("png", "gif", "LL-L"),
        ("png", "tiff", "LL-L"),
    ],
)
def test_what_pillow_leaves_is_seen_and_named(before, after, fates):
    encoded = io.BytesIO()
    with Image.open(io.BytesIO(source(before))) as opened:
        picture = opened if before.split()[0] == after else opened.convert("RGB")
        picture.save(encoded, after.upper())
    _assert_fate(encoded.getvalue(), before, fates, "Pillow")


def test_the_table_tells_of_marks_only_where_there_is_a_place_for_them():
    for row in ROWS:
        slots = identify(source(row[2])).slots
        assert (row[4][1] == "-") is (EXIF not in slots)
        assert (row[4][2] == "-") is (IIM not in slots)
