"""Hashes of ISO media under random changes: never a crash, and no shown byte changes unnoticed."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from genlabel import formats
from genlabel.formats.isobmff import bitstreams
from genlabel.manifests.binding import bmff_hash
from genlabel.manifests.binding.outcome import Outcome
from genlabel.model.errors import GenlabelError
from genlabel.testing import picture
from iso_bindings import MANIFEST, USUAL, hashed, usual
from oracles import films
from oracles.films import film

FEW = settings(max_examples=150, deadline=None)
WORDS = st.text(max_size=9)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 1 << 65) | st.binary(max_size=40) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)
NUMBERS = st.integers(0, 90) | st.integers(0, 1 << 64)
PATHS = st.sampled_from(
    ("/uuid", "/ftyp", "/mdat", "/meta", "/meta/iloc", "/meta[1]/iinf/infe[2]", "/moov/trak", "/x")
)
ENTRY = st.fixed_dictionaries(
    {"xpath": PATHS | st.text(max_size=12)},
    optional={
        "length": NUMBERS,
        "version": st.integers(0, 4),
        "flags": st.binary(min_size=3, max_size=3),
        "exact": st.booleans(),
        "data": st.lists(
            st.fixed_dictionaries({"offset": NUMBERS, "value": st.binary(max_size=5)}), max_size=3
        ),
        "subset": st.lists(
            st.fixed_dictionaries({"offset": NUMBERS, "length": NUMBERS}), max_size=3
        ),
    },
)
TREE = st.fixed_dictionaries(
    {
        "uniqueId": st.integers(0, 3),
        "localId": st.integers(0, 3),
        "count": st.integers(0, 40) | NUMBERS,
        "hashes": st.lists(st.binary(max_size=32), max_size=4),
    },
    optional={
        "initHash": st.binary(max_size=32),
        "fixedBlockSize": NUMBERS,
        "variableBlockSizes": st.lists(NUMBERS, max_size=4),
        "alg": st.sampled_from(("sha256", "sha512", "md5")),
    },
)


@cache
def sources() -> tuple[bytes, ...]:
    found = [picture("avif")]
    if films.is_here():
        found += [film("small mp4"), film("small mp4 fragmented"), film("small mov")]
    return tuple(found)


def judged(data: bytes, fields: dict[str, Any], version: int = 3) -> Outcome:
    survey = formats.identify(data).survey(data)
    return bmff_hash.judged(version, fields, survey, algorithm="sha256")


def honest(data: bytes, version: int = 3) -> dict[str, Any]:
    whole = {start for start, _ in usual(data)}
    value = hashed(data, usual(data), whole=whole, placed=version > 1)
    return {"exclusions": USUAL, "alg": "sha256", "hash": value}


@FEW
@given(st.dictionaries(st.sampled_from(("exclusions", "alg", "hash", "merkle", "x")), PLAIN))
def test_any_fields_are_judged_and_never_hold(fields):
    for data in sources():
        assert judged(data, fields).holds is not True


@FEW
@given(st.lists(ENTRY, max_size=5), st.lists(TREE, max_size=3), st.integers(1, 3))
def test_any_entries_and_trees_are_judged(entries, trees, version):
    """They may only hold where they say the truth, and then what they leave out is told."""
    for data in sources():
        fields = {**honest(data, version), "exclusions": [*USUAL, *entries]}
        outcome = judged(data, fields, version)
        assert outcome.holds is not True or outcome.uncovered == ()
        assert judged(data, {**fields, "merkle": trees}, version).holds is not True or not trees


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("version", [1, 2, 3])
def test_no_byte_that_is_hashed_changes_unnoticed(number, version):
    if number >= len(sources()):
        pytest.skip(films.NEEDS_FFMPEG)
    data = sources()[number]
    fields = honest(data, version)
    assert judged(data, fields, version).holds
    loose = usual(data)
    chosen = random.Random(f"{number} {version}")
    for _ in range(300):
        at, bit = chosen.randrange(len(data)), 1 << chosen.randrange(8)
        other = data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :]
        try:
            outcome = judged(other, fields, version)
        except GenlabelError:
            continue
        if not any(start <= at < end for start, end in loose):
            assert outcome.holds is False, at


@FEW
@given(
    st.integers(0, 3), st.lists(st.tuples(NUMBERS, st.binary(min_size=1, max_size=4)), max_size=5)
)
def test_any_places_are_looked_at(number, changes):
    """Where offsets are not bound, whatever stands in their place."""
    data = bytearray(sources()[number % len(sources())])
    loose = []
    for kind, skip in ((b"iloc", 8), (b"stco", 16), (b"trun", 16)):
        at = data.find(kind)
        if at >= 0:
            size = int.from_bytes(data[at - 4 : at], "big")
            loose.append((at - 4 + skip, at - 4 + size))
    for place, value in changes:
        start, end = loose[place % len(loose)]
        at = start + place % max(1, end - start)
        data[at : at + len(value)] = value[: max(0, end - at)]
    entries = [
        {"xpath": "/meta/iloc", "subset": [{"offset": 8, "length": 0}]},
        {
            "xpath": "/moov/trak[1]/mdia/minf/stbl/stco",
            "subset": [{"offset": 16, "length": 0}],
        },
        {"xpath": "/moof[1]/traf/trun", "subset": [{"offset": 16, "length": 0}]},
    ]
    made = bytes(data)
    value = hashed(
        made, [*usual(made), *loose], whole={start for start, _ in usual(made)}, placed=True
    )
    fields = {"exclusions": [MANIFEST, *USUAL[1:], *entries], "alg": "sha256", "hash": value}
    try:
        survey = formats.identify(made).survey(made)
    except GenlabelError:
        return
    outcome = bmff_hash.judged(2, fields, survey, algorithm=None)
    assert outcome.holds is False or outcome.unbound or outcome.uncovered


@FEW
@given(st.sampled_from(sorted(bitstreams.CODINGS)), st.binary(max_size=90))
def test_any_bytes_are_a_picture_or_none(coding, data):
    assert bitstreams.begins_picture(coding, memoryview(data)) in (True, False)


@pytest.mark.parametrize(
    ("coding", "data", "expected"),
    [
        (b"av01", b"\x12\0\x0a\5\1\2\3\4\5\x32\3abc", True),
        (b"av01", b"\x12\0\x32\3abcabcabc", False),  # no sequence header
        (b"av01", b"\x0a\5\1\2\3\4\5\x32\x09abc", False),  # past the end
        (b"av01", b"\x8a\5\1\2\3\4\5\x32\3abc", False),
        (b"hvc1", b"\0\0\0\x09\x26\1abcdefg", True),
        (b"hvc1", b"\0\0\0\x02\x40\1\0\0\0\x09\x26\1abcdefg", True),
        (b"hvc1", b"\0\0\0\x09\2\1abcdefg", False),
        (b"avc1", b"\0\0\0\x09\x65\1abcdefg", True),
        (b"avc1", b"\0\0\0\x09\x41\1abcdefg", False),
        (b"vvc1", b"\0\0\0\x09\0\x39abcdefg", True),
        (b"jpeg", b"\xff\xd8\xff\xe0abcdefg", True),
        (b"mp4v", b"\0\0\1\xb6\x10abcdefg", True),
        (b"mp4v", b"\0\0\1\xb6\x50abcdefg", False),
        (b"apcn", b"\0\0\0\x0cicpfabcdef", True),
        (b"mp4a", b"\0\0\0\x09\x65\1abcdefg", False),
        (b"av01", b"", False),
    ],
)
def test_pictures_are_told_by_their_structure(coding, data, expected):
    assert bitstreams.begins_picture(coding, memoryview(data)) is expected
