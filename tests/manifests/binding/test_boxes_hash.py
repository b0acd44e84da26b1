"""Box hashes: every box of a file is on the list, in order, and no other (C2PA 2.4 §15.12.3)."""

from __future__ import annotations

import hashlib
import random
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

import drawn_kinds
from forged_bindings import BOXES, box_hash, boxes_of, carrying, judged, survey
from genlabel.manifests.binding import boxes_hash as module
from genlabel.model.errors import MalformedAsset, UnsupportedFormat
from oracles.pictures import flipped

KINDS = ("jpeg full", "jpeg restarts", "png full", "apng", "gif animated xmp", "jxl full")
RIFF = ("webp full", "webp animated", "wav full", "avi full")


def full(name: str) -> bytes:
    return carrying(drawn_kinds.kinds()[name])


@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize("name", [*KINDS, *RIFF])
def test_an_honest_list_holds_and_leaves_nothing_out(name, apart):
    data = full(name)
    outcome = judged(data, BOXES, box_hash(data, apart=apart))
    assert (outcome.code, outcome.holds) == ("assertion.boxesHash.match", True)
    assert outcome.uncovered == outcome.unbound == ()


@pytest.mark.parametrize("name", [*KINDS, *RIFF])
def test_every_byte_outside_the_manifest_is_held(name):
    data = full(name)
    fields = box_hash(data)
    spans = survey(data).manifest_spans
    outside = [at for at in range(len(data)) if not any(a <= at < b for a, b in spans)]
    for at in random.Random(name).sample(outside, 40):
        try:
            outcome = judged(flipped(data, at), BOXES, fields)
        except (MalformedAsset, UnsupportedFormat):
            continue
        assert outcome.holds is False, at
        assert outcome.code in ("assertion.boxesHash.mismatch", "assertion.boxesHash.unknownBox")


def test_segments_of_a_jpeg_file_are_called_as_the_standard_calls_them():
    data = full("jpeg full")
    names = [name for name, _, _ in boxes_of(data)]
    assert names[:4] == ["SOI", "APP0", "C2PA", "APP1"]
    assert names[-2:] == ["SOS", "EOI"]
    restarts = [name for name, _, _ in boxes_of(full("jpeg restarts"))]
    assert restarts[restarts.index("SOS") :][:4] == ["SOS", "RST0", "RST1", "RST2"]
    several = [name for name, _, _ in boxes_of(full("mpo"))]
    assert several.count("SOI") == several.count("EOI") == 3
    assert [name for name, _, _ in boxes_of(full("png"))][:3] == ["PNGh", "IHDR", "C2PA"]
    gif = [name for name, _, _ in boxes_of(full("gif animated xmp"))]
    assert gif[:3] == ["GIF89a", "LSD", "C2PA"]
    assert gif[-4:] == ["21F9", "2C", "TBID", "3B"]
    assert {"21FF"} <= set(gif)
    assert [name for name, _, _ in boxes_of(full("webp full"))][:3] == ["WEBP", "VP8X", "ICCP"]
    assert [name for name, _, _ in boxes_of(full("avi full"))][:2] == ["AVI ", "hdrl"]
    assert "C2PA" in [name for name, _, _ in boxes_of(full("jxl full"))]


def test_intervals_between_restarts_are_hashed_in_both_ways():
    """The specification puts coded data behind each restart marker, c2pa-rs all of it into SOS."""
    data = full("jpeg restarts")
    listed = boxes_of(data)
    start = next(at for name, at, _ in listed if name == "SOS")
    ends = {at: end for _, at, end in listed}
    scan = next(at for name, at, _ in listed if name == "EOI")
    as_engine = box_hash(data)
    for entry, (name, at, end) in zip(as_engine["boxes"], listed, strict=True):
        if name == "SOS":
            entry["hash"] = hashlib.sha256(data[start:scan]).digest()
        elif name.startswith("RST"):
            assert ends[at] > at + 2
            entry["hash"] = hashlib.sha256(data[at : at + 2]).digest()
        del end
    assert judged(data, BOXES, as_engine).holds is True
    assert judged(data, BOXES, as_engine).uncovered == ()
    other = flipped(data, scan - 3)
    assert judged(other, BOXES, as_engine).holds is False
    # only the markers, and nothing of what is between them
    lying = box_hash(data)
    for entry, (name, at, _) in zip(lying["boxes"], listed, strict=True):
        if name.startswith("RST"):
            entry["hash"] = hashlib.sha256(data[at : at + 2]).digest()
    assert judged(data, BOXES, lying).uncovered


APPENDED = {
    "a picture": lambda data: data + drawn_kinds.kinds()["jpeg gray"],
    "a picture behind zeros": lambda data: data + bytes(20) + drawn_kinds.kinds()["png"],
    "a film": lambda data: data + b"\0\0\0\x18ftypmp42" + bytes(40),
    "its twin": lambda data: data + data,
}


@pytest.mark.parametrize("appended", APPENDED)
@pytest.mark.parametrize("name", ["jpeg full", "png full", "gif animated", "webp full", "wav full"])
def test_a_picture_behind_the_end_is_not_covered(name, appended):
    data = full(name)
    fields = box_hash(data)
    longer = APPENDED[appended](data)
    outcome = judged(longer, BOXES, fields)
    assert outcome.uncovered or outcome.code == "assertion.boxesHash.unknownBox"
    after = judged(longer, BOXES, box_hash(data, after=True))
    assert after.holds is False
    honest = judged(longer, BOXES, _with_after(longer, fields, len(data)))
    assert (honest.holds, honest.uncovered) == (True, ())


def _with_after(data: bytes, fields: dict, end: int) -> dict:
    entry = {"names": ["c2pa.after"], "hash": hashlib.sha256(data[end:]).digest(), "pad": b""}
    return {**fields, "boxes": [*fields["boxes"], entry]}


def test_other_bytes_behind_the_end_are_named():
    data = full("png full") + b"and some words"
    outcome = judged(data, BOXES, box_hash(full("png full")))
    assert (outcome.holds, outcome.uncovered) == (True, ())
    assert outcome.unbound == (f"14 bytes at {len(data) - 14:,} (trailing data)",)


@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize("name", [*KINDS, *RIFF])
def test_a_list_that_ends_early_does_not_hold(name, apart):
    data = full(name)
    for upto in (1, 3, len(boxes_of(data)) - 1):
        outcome = judged(data, BOXES, box_hash(data, upto=upto, apart=apart))
        assert (outcome.code, outcome.holds) == ("assertion.boxesHash.unknownBox", False)


def test_what_follows_the_listed_boxes_may_be_hashed_as_a_whole():
    data = full("mpo")
    first = next(number for number, each in enumerate(boxes_of(data)) if each[0] == "EOI") + 1
    fields = box_hash(data, upto=first, after=True)
    assert (judged(data, BOXES, fields).holds, judged(data, BOXES, fields).uncovered) == (True, ())
    assert judged(flipped(data, len(data) - 9), BOXES, fields).holds is False
    assert judged(data, BOXES, box_hash(data, upto=first)).holds is False
    twice = {**fields, "boxes": [*fields["boxes"], fields["boxes"][-1]]}
    assert judged(data, BOXES, twice).code == "assertion.boxesHash.malformed"


def test_the_signature_of_a_png_may_be_left_out_of_the_list():
    data = full("png full")
    fields = box_hash(data)
    assert fields["boxes"].pop(0)["names"] == ["PNGh"]
    assert judged(data, BOXES, fields).holds is True
    assert judged(data, BOXES, fields).unbound == ()


def test_boxes_that_were_added_taken_out_or_moved_are_found():
    png = drawn_kinds.kinds()["png full"]
    words = drawn_kinds.chunk(b"tEXt", b"Comment\0words")
    data = carrying(png)
    fields = box_hash(data)
    assert judged(carrying(drawn_kinds.after_header(png, words)), BOXES, fields).holds is False
    with_words = carrying(drawn_kinds.after_header(png, words))
    assert judged(data, BOXES, box_hash(with_words)).code == "assertion.boxesHash.unknownBox"
    boxes = box_hash(data)["boxes"]
    swapped = {"boxes": [boxes[1], boxes[0], *boxes[2:]]}
    assert judged(data, BOXES, swapped).holds is False


@pytest.mark.parametrize(
    ("name", "excluded", "shown"),
    [
        ("jpeg full", "COM", False),
        ("jpeg full", "APP1", True),  # Exif is one of them
        ("jpeg full", "APP2", True),
        ("jpeg full", "DQT", True),
        ("jpeg full", "SOS", True),
        ("png full", "iTXt", False),
        ("png full", "eXIf", True),
        ("png full", "iCCP", True),
        ("png full", "IDAT", True),
        ("webp full", "XMP ", False),
        ("webp full", "EXIF", True),
        ("webp full", "VP8 ", True),
        ("gif animated xmp", "21FF", True),
        ("wav full", "data", True),
        ("jxl full", "Exif", False),
        ("jxl full", "jxlc", True),
    ],
)
def test_excluded_boxes_may_hold_words_only(name, excluded, shown):
    data = full(name)
    outcome = judged(data, BOXES, box_hash(data, excluded=[excluded]))
    assert outcome.holds is True
    assert bool(outcome.uncovered) is shown
    if not shown:
        assert outcome.unbound


def test_an_excluded_segment_with_xmp_alone_is_words():
    plain = drawn_kinds.kinds()["jpeg"]
    xmp = b"http://ns.adobe.com/xap/1.0/\0" + drawn_kinds.packet()
    data = carrying(drawn_kinds.after_jfif(plain, drawn_kinds.segment(0xE1, xmp)))
    outcome = judged(data, BOXES, box_hash(data, excluded=["APP1"]))
    assert (outcome.uncovered, len(outcome.unbound)) == ((), 1)


def ranged(data: bytes, names: list[str], *exclusions: dict) -> dict:
    """A list of runs in which the boxes `names`, which follow one another, leave out ranges."""
    listed = boxes_of(data)
    at = next(
        number
        for number in range(len(listed))
        if [each[0] for each in listed[number : number + len(names)]] == names
    )
    fields = box_hash(data)
    run = listed[at : at + len(names)]
    kept = bytearray(data)
    for each in sorted(exclusions, key=lambda e: (e.get("boxIndex", 0), e["start"]), reverse=True):
        start = run[each.get("boxIndex", 0)][1] + each["start"]
        del kept[start : start + each["length"]]
    gone = sum(each["length"] for each in exclusions)
    entry = {
        "names": names,
        "hash": hashlib.sha256(kept[run[0][1] : run[-1][2] - gone]).digest(),
        "exclusions": list(exclusions),
    }
    boxes = fields["boxes"]
    return {**fields, "boxes": [*boxes[:at], entry, *boxes[at + len(names) :]]}


def test_ranges_within_a_box_are_left_out():
    data = full("png full")
    words = {"start": 21, "length": 6}
    outcome = judged(data, BOXES, ranged(data, ["tEXt"], words))
    assert (outcome.holds, outcome.uncovered, len(outcome.unbound)) == (True, (), 1)
    header = judged(data, BOXES, ranged(data, ["tEXt"], {"start": 2, "length": 20}))
    assert header.uncovered
    pixels = ranged(data, ["IDAT", "IEND"], {"boxIndex": 0, "start": 12, "length": 20})
    assert judged(data, BOXES, pixels).uncovered


@pytest.mark.parametrize(
    ("exclusions", "code"),
    [
        ([{"start": 20, "length": 2}, {"start": 21, "length": 2}], "malformed"),
        ([{"start": 25, "length": 2}, {"start": 21, "length": 2}], "malformed"),
        ([{"start": 25, "length": 2, "boxIndex": 1}], "malformed"),
        ([{"start": 25, "length": 2, "boxIndex": -1}], "malformed"),
        ([{"start": -25, "length": 2}], "malformed"),
        ([{"start": 1, "length": True}], "malformed"),
        ([7], "malformed"),
        ([{"start": 25, "length": 1_000_000}], "mismatch"),
    ],
)
def test_ranges_that_are_none_hold_nothing(exclusions, code):
    data = full("png full")
    fields = box_hash(data)
    entry = next(each for each in fields["boxes"] if each["names"] == ["tEXt"])
    entry["exclusions"] = exclusions
    outcome = judged(data, BOXES, fields)
    assert (outcome.code, outcome.holds) == (f"assertion.boxesHash.{code}", False)


def test_a_range_in_one_of_several_boxes_names_which():
    data = full("png full")
    names = ["IDAT", "IEND"]
    fields = ranged(data, names, {"boxIndex": 0, "start": 12, "length": 20})
    del next(e for e in fields["boxes"] if e["names"] == names)["exclusions"][0]["boxIndex"]
    assert judged(data, BOXES, fields).code == "assertion.boxesHash.malformed"


@pytest.mark.parametrize(
    ("boxes", "code"),
    [
        (None, "malformed"),
        ([], "malformed"),
        ({}, "malformed"),
        ([7], "malformed"),
        ([{"hash": b""}], "malformed"),
        ([{"names": [], "hash": b""}], "malformed"),
        ([{"names": "SOI", "hash": b""}], "malformed"),
        ([{"names": [7], "hash": b""}], "malformed"),
        ([{"names": ["SOI", "APP0", "C2PA"], "hash": b""}], "malformed"),
        ([{"names": ["SOI", "c2pa.after"], "hash": b""}], "malformed"),
        ([{"names": ["SOI"]}], "mismatch"),
        ([{"names": ["SOI"], "hash": b"\0"}], "mismatch"),
        ([{"names": ["APP0"], "hash": b""}], "unknownBox"),
        ([{"names": ["C2PA"], "hash": b"\0"}], "unknownBox"),
    ],
)
def test_lists_of_another_form_hold_nothing(boxes, code):
    data = full("jpeg full")
    outcome = judged(data, BOXES, {"alg": "sha256", "boxes": boxes})
    assert (outcome.code, outcome.holds) == (f"assertion.boxesHash.{code}", False)
    assert outcome.explanation


def test_the_algorithm_is_the_boxes_or_the_lists_or_the_claims():
    data = full("gif")
    fields = box_hash(data)
    first = fields["boxes"][0]
    first["hash"], first["alg"] = hashlib.sha512(data[:6]).digest(), "sha512"
    assert judged(data, BOXES, fields, algorithm="sha384").holds is True
    del fields["alg"]
    assert judged(data, BOXES, fields, algorithm="sha256").holds is True
    assert judged(data, BOXES, fields, algorithm="sha384").holds is False
    first["alg"] = "md5"
    outcome = judged(data, BOXES, fields, algorithm="sha256")
    assert (outcome.code, outcome.holds) == ("algorithm.unsupported", None)


def test_a_manifest_beside_the_file_has_a_place_in_the_list():
    data = drawn_kinds.kinds()["jpeg full"]
    fields = box_hash(data)
    place = {"names": ["C2PA"], "hash": b"\0", "pad": b"", "excluded": True}
    beside = {**fields, "boxes": [*fields["boxes"][:2], place, *fields["boxes"][2:]]}
    for each in (fields, beside):
        outcome = judged(data, BOXES, each, external=True)
        assert (outcome.holds, outcome.uncovered, outcome.unbound) == (True, (), ())
    assert judged(data, BOXES, beside).code == "assertion.boxesHash.unknownBox"


@pytest.mark.parametrize("name", ["tiff", "svg", "pdf", "mp3", "avif"])
def test_where_the_specification_names_no_boxes_nothing_is_judged(name):
    data = drawn_kinds.kinds()[name]
    assert judged(data, BOXES, {"boxes": [{"names": ["x"], "hash": b""}]}).holds is None


def test_junk_and_fill_bytes_between_segments_are_named():
    jpeg = carrying(drawn_kinds.kinds()["jpeg full"])
    at = boxes_of(jpeg)[-3][1]
    data = jpeg[:at] + b"junk" + jpeg[at:]
    outcome = judged(data, BOXES, box_hash(data))
    assert outcome.holds is True
    assert outcome.uncovered == ()
    assert outcome.unbound
    whole = judged(data, BOXES, box_hash(data, apart=False))
    assert (whole.uncovered, whole.unbound) == ((), ())


def test_a_chunk_that_the_manifests_own_swallowed_is_missed():
    data = full("png palette")
    fields = box_hash(data)
    start, end = survey(data).manifest_spans[0]
    swallowed = next(each for each in survey(data).blocks if each.start == end)
    length = (end - start - 12 + swallowed.length).to_bytes(4, "big")
    hidden = data[:start] + length + data[start + 4 :]
    assert judged(hidden, BOXES, fields).code == "assertion.boxesHash.unknownBox"


@given(st.binary(max_size=200))
def test_no_jpeg_behind_a_jpeg_crashes_the_list(tail):
    data = full("jpeg") + tail
    listed = boxes_of(data)
    assert all(0 <= start <= end <= len(data) for _, start, end in listed)
    assert all(one[2] <= other[1] for one, other in pairwise(listed))


@given(st.integers(0, 2_000), st.binary(min_size=1, max_size=8))
def test_a_mutated_file_never_holds_unless_its_manifest_was_mutated(at, new):
    data = full("gif animated")
    fields = box_hash(data)
    other = data[:at] + new + data[at + len(new) :]
    start, end = survey(data).manifest_spans[0]
    try:
        outcome = judged(other, BOXES, fields)
    except (MalformedAsset, UnsupportedFormat):
        return
    if other[:start] + other[end:] != data[:start] + data[end:]:
        assert outcome.holds is not True or outcome.uncovered or outcome.unbound


def test_what_is_no_map_at_all_is_refused():
    seen = survey(full("gif"))
    assert module.judged({}, None, seen, algorithm="sha256", external=False).holds is None
