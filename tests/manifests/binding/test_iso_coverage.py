"""What a hash of ISO media leaves out although it holds: shown, not shown, or where it is shown."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Any

import pytest

import iso_bindings
from genlabel import formats
from genlabel.manifests.binding import bmff_hash
from genlabel.manifests.binding.outcome import Outcome
from genlabel.model.errors import MalformedAsset
from genlabel.testing import picture
from iso_bindings import USUAL, box, hashed, roots
from oracles import films, libheif
from oracles.films import film
from oracles.pictures import draw

NEEDS_FFMPEG = pytest.mark.skipif(not films.is_here(), reason=films.NEEDS_FFMPEG)
Span = tuple[int, int]
ILOC = {"xpath": "/meta/iloc"}
STCO = {"xpath": "/moov/trak/mdia/minf/stbl/stco", "subset": [{"offset": 16, "length": 0}]}


def boxed(data: bytes, kind: bytes, skip: int = 0) -> list[Span]:
    """Every box of a type, wherever it lies."""
    found = []
    at = data.find(kind)
    while at >= 0:
        size = int.from_bytes(data[at - 4 : at], "big")
        found.append((at - 4 + skip, at - 4 + size))
        at = data.find(kind, at + 4)
    return found


def judged(
    data: bytes, entries: Sequence[Any], loose: Sequence[Span], *, version: int = 2
) -> Outcome:
    """A hash by `USUAL` and `entries`, which leave out `loose`, held against its file."""
    usual = iso_bindings.usual(data)
    ends = {start: end for _, start, end in roots(data)}
    whole = {start for start, end in [*usual, *loose] if ends.get(start) == end}
    value = hashed(data, [*usual, *loose], whole=whole, placed=version > 1)
    fields = {"exclusions": [*USUAL, *entries], "alg": "sha256", "hash": value}
    survey = formats.identify(data).survey(data)
    outcome = bmff_hash.judged(version, fields, survey, algorithm=None)
    assert outcome.holds
    return outcome


# Pictures


def coded(shade: int, coding: bytes = b"av01") -> bytes:
    """The coded bytes of a picture, other ones for each shade."""
    if coding == b"hvc1":
        data = libheif.encoded(draw("png", shade=shade))
        *_, (start, end) = ((s, e) for kind, s, e in roots(data) if kind == b"mdat")
        return data[start + 8 : end]
    return dict(iso_bindings.split(draw("avif", shade=shade)))[b"mdat"][8:]


def still(
    items: Sequence[tuple[int, bytes, Span]],
    media: bytes,
    *,
    references: bytes = b"",
    behind: bytes = b"",
    brand: bytes = b"avif",
) -> bytes:
    """A still picture with some items at places counted from the media's beginning."""
    entries = b"".join(
        box(b"infe", b"\2\0\0\0", struct.pack(">HH", number, 0), kind, b"\0")
        for number, kind, _ in items
    )
    located = []

    def whole(base: int) -> bytes:
        located[:] = [
            struct.pack(">HHHII", number, 0, 1, base + start, end - start)
            for number, _, (start, end) in items
        ]
        inner = [
            box(b"hdlr", bytes(8), b"pict", bytes(13)),
            box(b"pitm", bytes(4), struct.pack(">H", items[0][0])),
            box(b"iinf", bytes(4), struct.pack(">H", len(items)), entries),
            box(b"iloc", b"\0\0\0\0\x44\0", struct.pack(">H", len(items)), *located),
        ]
        if references:
            inner.append(box(b"iref", bytes(4), references))
        return box(b"ftyp", brand, bytes(4), brand) + box(b"meta", bytes(4), *inner)

    return whole(len(whole(0)) + 8) + box(b"mdat", media) + behind


A, B = coded(1), coded(2)
FIRST, SECOND = (0, len(A)), (len(A), len(A) + len(B))


def without_places(data: bytes) -> Outcome:
    return judged(data, [ILOC], boxed(data, b"iloc"))


def test_places_that_old_versions_leave_out_are_a_warning_in_an_honest_file():
    honest = still([(1, b"av01", FIRST), (2, b"av01", SECOND)], A + B)
    for version in (1, 2):
        outcome = judged(honest, [ILOC], boxed(honest, b"iloc"), version=version)
        assert outcome.uncovered == ()
        assert outcome.unbound == ("the offsets in /meta/iloc, which say what is shown",)
    assert judged(honest, [ILOC], boxed(honest, b"iloc"), version=3).uncovered == (
        "box /meta/iloc",
    )
    assert judged(honest, [], []) == Outcome(code="assertion.bmffHash.match", holds=True)


def test_an_exchanged_picture_is_found_where_it_was():
    forged = still([(1, b"av01", SECOND), (2, b"av01", SECOND)], A + B)
    uncovered = without_places(forged).uncovered
    assert any("serve another one" in each for each in uncovered)
    assert any("which nothing shows" in each for each in uncovered)


def test_a_picture_hidden_in_what_describes_it_is_found():
    """Exif's place may be anywhere, too; so it does not count as a use of a picture's bytes."""
    exif = b"\0\0\0\0II*\0" + bytes(30)
    at = len(A) + len(B)
    places = [(1, b"av01", FIRST), (2, b"av01", SECOND), (3, b"Exif", (at, at + len(exif)))]
    assert without_places(still(places, A + B + exif)).uncovered == ()
    places[0], places[2] = (1, b"av01", SECOND), (3, b"Exif", FIRST)
    uncovered = without_places(still(places[:1] + places[2:], A + B + exif)).uncovered
    assert any("which nothing shows" in each for each in uncovered)


@pytest.mark.parametrize("kind", [b"free", b"skip", b"ftyp"])
def test_a_picture_where_nothing_is_hashed_is_uncovered(kind):
    if kind == b"ftyp":
        data = still([(1, b"av01", FIRST)], A)
        data = data.replace(
            struct.pack(">II", data.index(b"mdat") + 4, len(A)), struct.pack(">II", 0, 24)
        )
    else:
        data = still([(1, b"av01", (len(A) + 8, len(A) + 8 + len(B)))], A, behind=box(kind, B))
    assert "item 1" in without_places(data).uncovered
    assert "item 1" in judged(data, [], [], version=3).uncovered


def test_a_picture_out_of_the_tables_is_uncovered():
    data = still([(1, b"av01", FIRST)], A)
    place = struct.pack(">II", data.index(b"mdat") + 4, len(A))
    forged = data.replace(place, struct.pack(">II", data.index(b"hdlr"), 40))
    uncovered = without_places(forged).uncovered
    assert "item 1, which is read from where none is" in uncovered
    assert any("which nothing shows" in each for each in uncovered)


def test_tiles_may_be_the_same():
    tiles = [(2, b"av01", FIRST), (3, b"av01", FIRST)]
    grid = (1, b"grid", (len(A), len(A) + 8))
    references = box(b"dimg", struct.pack(">HHHH", 1, 2, 2, 3))
    data = still([grid, *tiles], A + bytes(8), references=references)
    assert without_places(data).uncovered == ()
    # a thumbnail with the bytes of a tile
    data = still([grid, *tiles, (4, b"av01", FIRST)], A + bytes(8), references=references)
    assert any("serve another" in each for each in without_places(data).uncovered)


def test_alpha_may_be_the_same_as_its_picture():
    references = box(b"auxl", struct.pack(">HHH", 2, 1, 1))
    data = still([(1, b"av01", FIRST), (2, b"av01", FIRST)], A, references=references)
    assert without_places(data).uncovered == ()


def test_unused_bytes_are_named():
    data = still([(1, b"av01", (5, 5 + len(A)))], b"12345" + A + bytes(100))
    outcome = without_places(data)
    assert outcome.uncovered == ()
    assert sum("that nothing uses" in each for each in outcome.unbound) == 2
    assert any(each.startswith("5 bytes") for each in outcome.unbound)


@pytest.mark.skipif(not libheif.here(), reason="heif-enc is not here")
def test_a_hidden_picture_in_hevc_is_found():
    one, other = coded(1, b"hvc1"), coded(2, b"hvc1")
    first, second = (0, len(one)), (len(one), len(one) + len(other))
    honest = still([(1, b"hvc1", first), (2, b"hvc1", second)], one + other, brand=b"heic")
    assert without_places(honest).uncovered == ()
    forged = still([(1, b"hvc1", second)], one + other, brand=b"heic")
    assert any("nothing shows" in each for each in without_places(forged).uncovered)


# Films


def chunk_tables(data: bytes) -> list[Span]:
    return [(start + 16, end) for start, end in boxed(data, b"stco")]


def with_chunks(data: bytes, table: int, change: Callable[[list[int]], list[int]]) -> bytes:
    start, end = chunk_tables(data)[table]
    numbers = list(struct.unpack(f">{(end - start) // 4}I", data[start:end]))
    return data[:start] + struct.pack(f">{len(numbers)}I", *change(numbers)) + data[end:]


@NEEDS_FFMPEG
@pytest.mark.parametrize("name", ["mp4", "mp4 tables first", "mov", "mov tables first", "m4a"])
def test_films_without_bound_chunks(name):
    data = film(name)
    outcome = judged(data, [STCO], chunk_tables(data))
    assert outcome.uncovered == ()
    assert outcome.unbound[0].startswith("the offsets in /moov/trak/mdia/minf/stbl/stco")
    assert judged(data, [STCO], chunk_tables(data), version=3).uncovered
    forgeries: dict[str, Callable[[list[int]], list[int]]] = {
        "the tables": lambda at: [data.index(b"moov"), *at[1:]],
        "before": lambda at: [at[0] - 1, *at[1:]],
        "the head": lambda at: [4, *at[1:]],
        "further": lambda at: [at[0] + 1, *at[1:]],
        "twice": lambda at: [*at[:-1], at[0]],
    }
    for change in forgeries.values():
        forged = with_chunks(data, 0, change)
        try:
            formats.identify(forged).survey(forged)
        except MalformedAsset:  # it runs past the end, which no reader takes
            continue
        assert forged == data or judged(forged, [STCO], chunk_tables(forged)).uncovered


@NEEDS_FFMPEG
def test_runs_of_fragments_without_bound_offsets():
    data = film("mp4 fragmented")
    entry = {"xpath": "/moof/traf/trun", "subset": [{"offset": 16, "length": 4}]}
    runs = [(start + 16, start + 20) for start, _ in boxed(data, b"trun")]
    outcome = judged(data, [entry], runs)
    assert outcome.uncovered == ()
    assert any("/moof/traf/trun" in each for each in outcome.unbound)
    start, end = runs[0]
    offset = int.from_bytes(data[start:end], "big")
    forged = data[:start] + (offset - 40).to_bytes(4, "big") + data[end:]
    assert judged(forged, [entry], runs).uncovered
    # more than the offset is more than may be left out
    wider = {"xpath": "/moof/traf/trun", "subset": [{"offset": 12, "length": 8}]}
    more = [(start - 4, end) for start, end in runs]
    assert "box /moof/traf/trun" in judged(data, [wider], more).uncovered


@NEEDS_FFMPEG
def test_the_index_of_fragments_is_looked_at():
    data = film("mp4 fragmented")
    assert judged(data, [], [], version=3).unbound == ()
    assert judged(data, [], [], version=2).unbound == ("box /mfra, an index of fragments",)
    at = data.rindex(b"tfra") + 4 + 4 + 4 + 4 + 4
    width = 8 if data[data.rindex(b"tfra") + 4] == 1 else 4
    place = at + width
    first_moof = next(start for kind, start, _ in roots(data) if kind == b"moof")
    assert int.from_bytes(data[place : place + width], "big") == first_moof
    elsewhere = data[:place] + (first_moof + 8).to_bytes(width, "big") + data[place + width :]
    assert judged(elsewhere, [], [], version=3).unbound == ("box /mfra, an index of fragments",)
    unhashed = data[:place] + (12).to_bytes(width, "big") + data[place + width :]
    (uncovered,) = judged(unhashed, [], [], version=3).uncovered
    assert "mfra" in uncovered


@NEEDS_FFMPEG
@pytest.mark.parametrize(
    ("entry", "kind", "uncovered", "unbound"),
    [
        ({"xpath": "/mdat"}, b"mdat", ("track 1", "track 2"), ()),
        ({"xpath": "/moov"}, b"moov", ("box /moov",), ()),
        ({"xpath": "/moov/trak"}, b"trak", ("box /moov/trak",), ()),
        ({"xpath": "/moov/trak/tkhd"}, b"tkhd", ("box /moov/trak/tkhd",), ()),
        ({"xpath": "/moov/trak/mdia/minf/stbl/stsd"}, b"stsd", (".../stsd",), ()),
        ({"xpath": "/moov/udta"}, b"udta", (), ("box /moov/udta",)),
        ({"xpath": "/uuid"}, b"", (), ("box /uuid",)),
        ({"xpath": "/pssh"}, b"pssh", (), ("box /pssh",)),
        ({"xpath": "/nuts"}, b"nuts", ("box /nuts",), ()),
        ({"xpath": "/free"}, b"", (), ()),
        ({"xpath": "/emsg"}, b"emsg", (), ()),
    ],
)
def test_each_sort_of_box_that_is_left_out(entry, kind, uncovered, unbound):
    more = (box(b"uuid", bytes(range(16)), bytes(9)), box(b"pssh", bytes(8)))
    data = film("mp4") + b"".join((*more, box(b"nuts", bytes(8)), box(b"emsg", bytes(8))))
    loose = boxed(data, kind) if kind else []
    if entry["xpath"] == "/uuid":
        loose = [(s, e) for name, s, e in roots(data) if name == b"uuid"]
    outcome = judged(data, [entry], loose, version=3)
    if uncovered == (".../stsd",):
        assert outcome.uncovered == ("box /moov/trak/mdia/minf/stbl/stsd",)
    else:
        assert (outcome.uncovered, outcome.unbound) == (uncovered, unbound)


@NEEDS_FFMPEG
def test_a_tree_without_a_hash_of_the_file_binds_no_tables():
    data = film("mp4")
    start, end = next((s, e) for kind, s, e in roots(data) if kind == b"mdat")
    leaf = iso_bindings.hashlib.sha256(data[start + 16 : end]).digest()
    entry = {"uniqueId": 1, "localId": 1, "count": 1, "hashes": [leaf]}
    fields = {"exclusions": USUAL, "alg": "sha256", "merkle": [entry]}
    survey = formats.identify(data).survey(data)
    outcome = bmff_hash.judged(3, fields, survey, algorithm=None)
    assert outcome.holds
    assert "box /moov" in outcome.uncovered


def test_the_drawn_pictures_of_the_tests_keep_all_bound():
    data = picture("avif")
    assert judged(data, [], [], version=3) == Outcome(code="assertion.bmffHash.match", holds=True)
