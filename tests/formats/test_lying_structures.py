"""Every border, number and pointer of a file's structure lies: malformed or read, and soon."""

from __future__ import annotations

import contextlib
import itertools
import random
import re
import struct
from collections.abc import Iterator

import pytest

import genlabel
from attacks import FULL, survive
from drawn_documents import BODY, tabled
from drawn_kinds import FILMS, kinds, look, packet, rewritten
from drawn_kinds_heif import box
from drawn_kinds_xml import drawing
from genlabel.formats import CONTAINERS, identify
from genlabel.formats.format import XMP
from genlabel.model.errors import MalformedAsset
from oracles import films
from oracles.riff_files import film, form, listed

POSITIONS = 300
"""Numbers of each file that lie in one run; which ones, its name decides."""
NESTING = frozenset(
    (
        *(b"moov", b"trak", b"mdia", b"minf", b"stbl", b"dinf", b"edts", b"udta", b"mvex"),
        *(b"moof", b"traf", b"mfra", b"meta", b"iprp", b"ipco", b"iref"),
    )
)
each_format = pytest.mark.parametrize("format", FULL)


def _borders(data: bytes) -> set[int]:
    """Where blocks begin and end, boxes within boxes too."""
    found = {0, len(data)}
    for block in look(data).blocks:
        found |= {block.start, block.start + block.length}
    return found | set(_nested(data, 0, len(data)))


def _nested(data: bytes, at: int, end: int) -> Iterator[int]:
    """Borders of ISO boxes and of their fields' beginnings, read without genlabel."""
    while at + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, at)
        if not kind.isalnum() or size < 8 or at + size > end:
            return
        yield from (at, at + 8, at + 12, at + 16, at + size)
        if kind in NESTING:
            yield from _nested(data, at + (12 if kind in (b"meta", b"iref") else 8), at + size)
        at += size


def _structure(data: bytes) -> list[int]:
    """The positions of all bytes that are neither coded picture or sound nor the text of XMP."""
    container = identify(data)
    survey = container.survey(data)
    places = dict.fromkeys(range(len(data) - 8))
    if container.name in ("svg", "pdf"):  # all is text, and all of it structure
        return list(places)
    coded = [bytes(view) for view in container.essence(survey) if len(view) > 64]
    for each in (*coded, survey.payloads[XMP]):
        at = data.find(each)
        for inside in range(at + 16, at + len(each) - 8) if at >= 0 else ():
            places.pop(inside, None)
    return list(places)


def _numbers(at: int, size: int) -> list[bytes]:
    """What may stand at `at` for a length, a count or an offset, both ends first."""
    extremes = (2**31 - 1, 2**31, 1, size, size - 1, at, at + 4, 8)
    both = [each.to_bytes(4, end) for each in extremes for end in ("big", "little")]
    return [b"\xff" * 4, bytes(4), b"\xff" * 8, b"\xff\xff", b"\x7f" * 4, *both]


def test_every_container_is_attacked():
    missing = set() if films.is_here() else set(FILMS)
    attacked = {identify(data).name for data in FULL.values()}
    assert attacked | missing == {container.name for container in CONTAINERS}


@each_format
def test_a_file_cut_at_every_border_is_malformed_or_an_anomaly(format):
    data = FULL[format]
    for border in sorted(_borders(data)):
        for size in (border - 1, border, border + 1, border + 5):
            if 12 <= size < len(data):
                survive(data[:size])


@each_format
def test_numbers_that_lie_are_malformed_or_an_anomaly(format):
    data, rng = FULL[format], random.Random(format)
    places = _structure(data)
    assert len(places) > 200
    for at in rng.sample(places, min(POSITIONS, len(places))):
        number = rng.choice(_numbers(at, len(data)))
        survive(data[:at] + number + data[at + len(number) :])


@pytest.mark.parametrize("format", ["pdf", "pdf updated", "svg"])
def test_numbers_in_digits_that_lie_are_malformed_or_an_anomaly(format):
    data, rng = FULL[format], random.Random(format)
    digits = list(re.finditer(rb"\d+", data))
    lies = (b"4294967296", b"-1", b"0", b"9" * 30, b"1e9", b"18446744073709551615")
    for found in rng.sample(digits, min(POSITIONS, len(digits))):
        survive(data[: found.start()] + rng.choice(lies) + data[found.end() :])


def _next_directory(data: bytes, at: int) -> int:
    """Where a classic little-endian directory says where the next one is."""
    return at + 2 + 12 * int.from_bytes(data[at : at + 2], "little")


def _page_after_itself() -> bytes:
    data = bytearray(kinds()["tiff two pages"])
    (first,) = struct.unpack_from("<I", data, 4)
    struct.pack_into("<I", data, _next_directory(data, first), first)
    return bytes(data)


def _pages_after_each_other() -> bytes:
    data = bytearray(kinds()["tiff two pages"])
    (first,) = struct.unpack_from("<I", data, 4)
    (second,) = struct.unpack_from("<I", data, _next_directory(data, first))
    struct.pack_into("<I", data, _next_directory(data, second), first)
    return bytes(data)


def _page_below_itself() -> bytes:
    """The SubIFD of a DNG's first directory is that directory."""
    data = bytearray(kinds()["dng"])
    (first,) = struct.unpack_from("<I", data, 4)
    for entry in range(first + 2, _next_directory(data, first), 12):
        if struct.unpack_from("<H", data, entry) == (330,):
            struct.pack_into("<I", data, entry + 8, first)
            return bytes(data)
    raise AssertionError("no SubIFD")


def _exif_below_itself() -> bytes:
    """The Exif directory of the block in a JPEG is the block's first directory."""
    block = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\0\0\0\0"
    data = kinds()["jpeg"]
    return data[:2] + struct.pack(">BBH", 0xFF, 0xE1, len(block) + 2) + block + data[2:]


def _items_of_each_other(kind: bytes) -> bytes:
    """An AVIF whose picture and alpha plane are made of each other, by a reference of this kind."""
    data = kinds()["avif alpha"]
    at = data.index(b"auxl") - 4
    size, _, item, count, other = struct.unpack_from(">I4sHHH", data, at)
    assert (size, count) == (14, 1)
    both = struct.pack(">I4sHHH", 14, kind, item, 1, other)
    return data[:at] + both + data[at + 14 :]


def _pdf(objects: dict[int, bytes], *, previous_is_itself: bool = False) -> bytes:
    data = tabled(BODY | objects)
    if not previous_is_itself:
        return data
    return tabled(BODY | objects, b"/Prev %d" % data.rindex(b"xref\n0"))


CIRCLES = {
    "tiff: a page after itself": _page_after_itself,
    "tiff: pages after each other": _pages_after_each_other,
    "tiff: a directory below itself": _page_below_itself,
    "jpeg: an Exif directory below itself": _exif_below_itself,
    **{
        f"avif: items of each other, {kind.decode()}": lambda kind=kind: _items_of_each_other(kind)
        for kind in (b"dimg", b"thmb", b"cdsc", b"base", b"iloc")
    },
    "pdf: a revision before itself": lambda: _pdf({}, previous_is_itself=True),
    "pdf: pages below themselves": lambda: _pdf({2: b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"}),
    "pdf: a length in the stream that it measures": lambda: _pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R/Metadata 7 0 R>>",
            7: b"<</Type/Metadata/Subtype/XML/Length 7 0 R>>\nstream\nx\nendstream",
        }
    ),
    "svg: entities of each other": lambda: drawing(
        "<text>&a;</text>", prolog='<!DOCTYPE svg [<!ENTITY a "&b;&b;"><!ENTITY b "&a;&a;">]>'
    ),
}


@pytest.mark.parametrize("name", CIRCLES)
def test_structures_in_a_circle_have_an_end(name):
    data = CIRCLES[name]()
    assert name.partition(":")[0] == identify(data).name
    survive(data)
    with contextlib.suppress(MalformedAsset):
        assert genlabel.inspect(data).report.marks == {}


def _nest(levels: int, inmost: bytes, *names: bytes) -> bytes:
    for name in itertools.islice(itertools.cycle(names), levels):
        inmost = box(name, inmost)
    return inmost


DEEP = 3_000
DEPTHS = {
    "mp4": lambda: box(b"ftyp", b"isom", bytes(4), b"isom") + _nest(DEEP, b"", b"trak", b"moov"),
    "avif": lambda: kinds()["avif"] + _nest(DEEP, b"", b"moov", b"moof", b"trak"),
    "jxl": lambda: kinds()["jxl"] + _nest(DEEP, b"", b"jumb"),
    "avi": lambda: _lists(kinds()["avi"]),
    "pdf": lambda: _pdf({6: b"[" * 100_000 + b"]" * 100_000}),
    "svg": lambda: drawing("<g>" * DEEP + "</g>" * DEEP),
}


def _lists(avi: bytes) -> bytes:
    inmost = b""
    for _ in range(DEEP):
        inmost = listed(b"movi", inmost)
    return form(b"AVI ", avi[12:], inmost)


@pytest.mark.parametrize("format", DEPTHS)
def test_depth_is_no_recursion(format):
    data = DEPTHS[format]()
    assert format == identify(data).name
    survive(data)


@pytest.mark.skipif(not films.is_here(), reason=films.NEEDS_FFMPEG)
def test_a_film_that_plays_the_same_bytes_over_and_over_is_malformed():
    """Comparing two such films would take for ever; tracks that share samples do so a few times."""
    data = bytearray(rewritten(kinds()["mp4 tables first"], {XMP: packet()}))
    offsets = data.index(b"stco") + 8
    count, first = struct.unpack_from(">II", data, offsets)
    assert count > 8
    # one sample in each chunk, every sample as long as can be, every chunk in the same place
    struct.pack_into(">IIII", data, data.index(b"stsc") + 8, 1, 1, 1, 1)
    struct.pack_into(">II", data, data.index(b"stsz") + 8, len(data) - first, count)
    struct.pack_into(f">{count}I", data, offsets + 4, *[first] * count)
    with pytest.raises(MalformedAsset, match=r"bytes to play in .*: they overlap"):
        identify(data).survey(data)


def test_a_list_that_holds_nothing_is_no_endless_loop():
    frames = [kinds()["jpeg"]]
    survive(film(frames, listed(b"INFO") * 1_000))
    survive(film(frames, b"LIST\0\0\0\0" * 1_000))
