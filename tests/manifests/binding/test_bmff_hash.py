"""Hashes of ISO media, computed by us: the engine judges every file beside us."""

from __future__ import annotations

import random
from typing import Any

import pytest

import iso_bindings
from genlabel import formats
from genlabel.manifests.binding import bmff_hash
from genlabel.manifests.binding.outcome import Outcome
from genlabel.model.errors import GenlabelError
from genlabel.testing import picture
from iso_bindings import C2PA, MANIFEST, USUAL, bound, placed_hash, roots
from oracles import films, raw
from oracles.corpus import specimen
from oracles.films import film
from oracles.pictures import flipped

MATCH, MISMATCH, MALFORMED = (
    f"assertion.bmffHash.{word}" for word in ("match", "mismatch", "malformed")
)
NEEDS_FFMPEG = pytest.mark.skipif(not films.is_here(), reason=films.NEEDS_FFMPEG)


def judged(data: bytes, **changed: Any) -> Outcome:
    """Our judgement of the binding in `data`, with some of its fields changed."""
    survey = formats.identify(data).survey(data)
    assert survey.manifest is not None
    version, fields = iso_bindings.binding(survey.manifest)
    return bmff_hash.judged(version, {**fields, **changed}, survey, algorithm="sha256")


def engine_holds(data: bytes) -> bool:
    """What the engine says of the binding."""
    reading = raw.read(data, formats.identify(data).media_type)
    assert reading.manifests, reading.error
    codes = {code for code in reading.failures if code.startswith("assertion.")}
    assert codes <= {MISMATCH, MALFORMED}, codes
    return not codes


def source(name: str) -> bytes:
    return picture(name) if name in ("avif",) else film(name)


@NEEDS_FFMPEG
@pytest.mark.parametrize("name", ["avif", *films.NAMES])
def test_what_the_engine_signs_holds_and_no_bound_byte_may_change(name, chain):
    data = source(name)
    signed = raw.sign(data, formats.identify(data).media_type, chain)
    assert judged(signed) == Outcome(code=MATCH, holds=True)
    assert engine_holds(signed)
    loose = iso_bindings.usual(signed)
    for at in random.Random(name).sample(range(len(signed)), 60):
        other = flipped(signed, at)
        try:
            outcome = judged(other)
        except (GenlabelError, IndexError, ValueError, AssertionError, KeyError, StopIteration):
            continue  # no container, or no binding, is left
        if not any(start <= at < end for start, end in loose):
            assert outcome.holds is False, at


def test_a_file_that_others_signed_holds():
    given = specimen("signed/cards_trusted.avif").data
    outcome = judged(given)
    assert (outcome.code, outcome.holds, outcome.uncovered) == (MATCH, True, ())
    assert "iloc" in outcome.unbound[0]
    assert judged(flipped(given, len(given) - 5)).code == MISMATCH


@NEEDS_FFMPEG
@pytest.mark.parametrize("name", ["avif", "mp4", "mov tables first", "m4a"])
@pytest.mark.parametrize(("kilobytes", "proofs"), [(1, 0), (1, 3), (4, 20), (1000, 5), (0, 0)])
def test_trees_over_media_hold_and_every_flip_is_seen(name, kilobytes, proofs, chain):
    data = source(name)
    mime = formats.identify(data).media_type
    signed = iso_bindings.tree_signed(data, mime, chain, kilobytes=kilobytes, proofs=proofs)
    assert judged(signed) == Outcome(code=MATCH, holds=True)
    assert engine_holds(signed)
    ((_, start, end),) = (each for each in roots(signed) if each[0] == b"mdat")
    for at in (start + 8, start + 16, start + 16 + 1023, end - 1):
        if at < end:
            other = flipped(signed, at)
            assert judged(other).code == MISMATCH
            assert not engine_holds(other)


@NEEDS_FFMPEG
def test_a_proof_that_leads_elsewhere_is_seen(chain):
    signed = iso_bindings.tree_signed(film("mp4"), "video/mp4", chain, kilobytes=1, proofs=3)
    proof = signed.rindex(b"merkle\0")
    at = signed.index(b"hashes", proof) + 30
    other = flipped(signed, at)
    assert judged(other).code == MISMATCH
    assert not engine_holds(other)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_each_version_holds(version, chain):
    def fields(whole: bytes) -> dict[str, Any]:
        loose = iso_bindings.usual(whole)
        starts = {start for start, _ in loose}
        value = iso_bindings.hashed(whole, loose, whole=starts, placed=version > 1)
        return {"exclusions": USUAL, "alg": "sha256", "hash": value}

    signed = bound(picture("avif"), fields, chain, version=version)
    assert judged(signed) == Outcome(code=MATCH, holds=True)
    assert engine_holds(signed)
    other = flipped(signed, roots(signed)[-1][1] - 3)
    assert judged(other).code == MISMATCH
    assert not engine_holds(other)


def test_boxes_may_not_change_places(chain):
    """Version 1 hashes no places, later ones do."""
    padded = picture("avif") + iso_bindings.box(b"free", bytes(8))
    for version, code in ((1, MATCH), (2, MISMATCH), (3, MISMATCH)):

        def fields(whole: bytes, placed: bool = version > 1) -> dict[str, Any]:
            loose = iso_bindings.usual(whole)
            starts = {start for start, _ in loose}
            value = iso_bindings.hashed(whole, loose, whole=starts, placed=placed)
            return {"exclusions": USUAL, "alg": "sha256", "hash": value}

        signed = bound(padded, fields, chain, version=version)
        *_, (_, start, end), (_, free, stop), _ = roots(signed)
        moved = signed[:start] + signed[free:stop] + signed[start:end] + signed[stop:]
        assert judged(moved).code == code
        assert engine_holds(moved) is (code == MATCH)


# Exclusions: how a box must be to match


XMP_BOX = iso_bindings.box(b"uuid", bytes(range(16)), b"\2\0\0\5", bytes(12))
SOME = (
    iso_bindings.box(b"prft", b"\1\0\0\5", bytes(12)),
    iso_bindings.box(b"prft", b"\0\0\0\7", bytes(20)),
    XMP_BOX,
)
"""Boxes without meaning, the first two of one kind with version and flags."""
CASES: list[tuple[str, dict[str, Any], list[tuple[int, int, int]]]] = [
    # name, entry, (which of `SOME`, from, to)
    ("all of a kind", {"xpath": "/prft"}, [(0, 0, 24), (1, 0, 32)]),
    ("the second", {"xpath": "/prft[2]"}, [(1, 0, 32)]),
    ("one that is not there", {"xpath": "/prft[3]"}, []),
    ("a length", {"xpath": "/prft", "length": 24}, [(0, 0, 24)]),
    ("a version", {"xpath": "/prft", "version": 1}, [(0, 0, 24)]),
    ("another version", {"xpath": "/prft", "version": 3}, []),
    ("no flags", {"xpath": "/prft", "flags": bytes(3)}, []),
    ("data", {"xpath": "/uuid", "data": [{"offset": 8, "value": bytes(range(16))}]}, [(2, 0, 40)]),
    (
        "two data",
        {
            "xpath": "/uuid",
            "data": [{"offset": 8, "value": b"\0\1"}, {"offset": 30, "value": b"\7"}],
        },
        [],
    ),
    (
        "a part",
        {"xpath": "/prft[1]", "subset": [{"offset": 8, "length": 4}]},
        [(0, 8, 12)],
    ),
    (
        "parts, the last to the end",
        {
            "xpath": "/prft[2]",
            "subset": [
                {"offset": 4, "length": 4},
                {"offset": 8, "length": 2},
                {"offset": 28, "length": 0},
            ],
        },
        [(1, 4, 8), (1, 8, 10), (1, 28, 32)],
    ),
    (
        "parts behind the end",
        {
            "xpath": "/prft[1]",
            "subset": [{"offset": 20, "length": 90}, {"offset": 900, "length": 1}],
        },
        [(0, 20, 24)],
    ),
    ("a wrong path", {"xpath": "prft//"}, []),
    ("a short name", {"xpath": "/prf"}, []),
    ("an index of nothing", {"xpath": "/prft[0]"}, []),
    ("nothing", {"xpath": "/"}, []),
    ("deep", {"xpath": "/meta/iinf"}, []),
]


@pytest.mark.parametrize(
    ("entry", "parts"), [each[1:] for each in CASES], ids=[c[0] for c in CASES]
)
def test_entries_match_what_they_say(entry, parts, chain):
    base = picture("avif") + b"".join(SOME)

    def places(whole: bytes) -> list[tuple[int, int]]:
        if entry["xpath"] == "/meta/iinf":
            at = whole.index(b"iinf") - 4
            return [(at, at + int.from_bytes(whole[at : at + 4], "big"))]
        starts = [start for _, start, _ in roots(whole)][-4:-1]
        return [(starts[number] + first, starts[number] + last) for number, first, last in parts]

    def fields(whole: bytes) -> dict[str, Any]:
        loose = places(whole)
        ends = {start: end for _, start, end in roots(whole)}
        gone = {start for start, end in loose if ends.get(start) == end}
        if "subset" in entry:
            gone = set()
        usual = iso_bindings.usual(whole)
        value = iso_bindings.hashed(
            whole, [*usual, *loose], whole=gone | {start for start, _ in usual}
        )
        return {"exclusions": [*USUAL, entry], "alg": "sha256", "hash": value}

    signed = bound(base, fields, chain)
    outcome = judged(signed)
    assert (outcome.code, outcome.holds) == (MATCH, True)
    assert engine_holds(signed)
    loose = places(signed)
    start = roots(signed)[-4][1]
    for at in range(start, start + sum(map(len, SOME))):
        try:
            outcome = judged(flipped(signed, at))
        except GenlabelError:
            continue
        if not any(first <= at < last for first, last in loose):
            assert outcome.holds is False, at


FLAGGED = [
    # entry, does the specification leave out the first (flags 5), the second (flags 7)?
    ({"xpath": "/prft", "flags": b"\0\0\5"}, (True, False)),
    ({"xpath": "/prft", "flags": b"\0\0\5", "exact": True}, (True, False)),
    ({"xpath": "/prft", "flags": b"\0\0\5", "exact": False}, (True, True)),
    ({"xpath": "/prft", "flags": b"\0\0\2", "exact": False}, (False, True)),
    ({"xpath": "/prft", "flags": b"\0\0\5", "version": 0}, (False, False)),
]


@pytest.mark.parametrize(("entry", "expected"), FLAGGED)
@pytest.mark.parametrize("by", ["the specification", "the engine"])
def test_flags_are_read_as_specified_and_as_the_engine_reads_them(entry, expected, by, chain):
    """c2pa 0.91 takes the three bytes for the upper ones of four, so that no box has them."""
    base = picture("avif") + b"".join(SOME[:2])

    def fields(whole: bytes) -> dict[str, Any]:
        usual = iso_bindings.usual(whole)
        gone = [
            tuple(span)
            for (_, *span), out in zip(roots(whole)[-3:-1], expected, strict=True)
            if out
        ]
        if by == "the engine":
            gone = []
        value = iso_bindings.hashed(
            whole, [*usual, *gone], whole={start for start, _ in [*usual, *gone]}
        )
        return {"exclusions": [*USUAL, entry], "alg": "sha256", "hash": value}

    signed = bound(base, fields, chain)
    outcome = judged(signed)
    assert (outcome.code, outcome.holds) == (MATCH, True)
    if by == "the engine":
        assert engine_holds(signed)
    assert judged(flipped(signed, 40 + signed.index(b"mdat"))).holds is False


# What is no binding


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"exclusions": None}, MALFORMED),
        ({"exclusions": []}, MALFORMED),
        ({"exclusions": {}}, MALFORMED),
        ({"exclusions": "/uuid"}, MALFORMED),
        ({"exclusions": [7]}, MALFORMED),
        ({"exclusions": [{}]}, MALFORMED),
        ({"exclusions": [{"xpath": 7}]}, MALFORMED),
        ({"exclusions": [{"xpath": "/free", "flags": b"\1"}]}, MALFORMED),
        ({"exclusions": [{"xpath": "/free", "length": -1}]}, MALFORMED),
        ({"exclusions": [{"xpath": "/free", "length": True}]}, MALFORMED),
        ({"exclusions": [{"xpath": "/free", "exact": 1}]}, MALFORMED),
        ({"exclusions": [{"xpath": "/free", "data": [{"offset": 1}]}]}, MALFORMED),
        ({"exclusions": [{"xpath": "/free", "subset": [{"offset": 1, "length": -2}]}]}, MALFORMED),
        (
            {
                "exclusions": [
                    {
                        "xpath": "/free",
                        "subset": [{"offset": 4, "length": 4}, {"offset": 6, "length": 1}],
                    }
                ]
            },
            MALFORMED,
        ),
        (
            {
                "exclusions": [
                    {
                        "xpath": "/free",
                        "subset": [{"offset": 9, "length": 1}, {"offset": 6, "length": 1}],
                    }
                ]
            },
            MALFORMED,
        ),
        ({"hash": None}, MALFORMED),
        ({"hash": "text"}, MALFORMED),
        ({"hash": b""}, MISMATCH),
        ({"hash": bytes(32)}, MISMATCH),
        ({"alg": "md5"}, "algorithm.unsupported"),
        ({"alg": 5}, "algorithm.unsupported"),
        ({"alg": ["sha256"]}, "algorithm.unsupported"),
        ({"alg": {}}, "algorithm.unsupported"),
        ({"merkle": 7}, MALFORMED),
        ({"merkle": [{}]}, MALFORMED),
        ({"merkle": [{"uniqueId": 1, "localId": 1, "count": 1, "hashes": [b"x"]}]}, MISMATCH),
        (
            {
                "merkle": [
                    {
                        "uniqueId": 1,
                        "localId": 1,
                        "count": 1,
                        "hashes": [b"x"],
                        "fixedBlockSize": 9,
                        "variableBlockSizes": [9],
                    }
                ]
            },
            MALFORMED,
        ),
    ],
)
def test_what_is_no_binding_never_holds(changed, code, chain):
    signed = raw.sign(picture("avif"), "image/avif", chain)
    outcome = judged(signed, **changed)
    unheard_of = code == "algorithm.unsupported"  # of which nobody can say that it does not hold
    assert (outcome.code, outcome.holds) == (code, None if unheard_of else False)


def test_the_algorithm_of_the_claim_stands_in(chain):
    signed = raw.sign(picture("avif"), "image/avif", chain)
    survey = formats.identify(signed).survey(signed)
    version, fields = iso_bindings.binding(survey.manifest)
    del fields["alg"]
    for algorithm, code in (
        ("sha256", MATCH),
        ("sha512", MISMATCH),
        (None, "algorithm.unsupported"),
    ):
        assert bmff_hash.judged(version, fields, survey, algorithm=algorithm).code == code


def test_a_hash_as_numbers_is_the_same_hash(chain):
    signed = raw.sign(picture("avif"), "image/avif", chain)
    version, fields = iso_bindings.binding(formats.identify(signed).survey(signed).manifest)
    assert version == 3
    assert judged(signed, hash=list(fields["hash"])).holds


def test_a_later_version_and_another_container_are_not_taken_for_one(chain):
    signed = raw.sign(picture("avif"), "image/avif", chain)
    survey = formats.identify(signed).survey(signed)
    _, fields = iso_bindings.binding(survey.manifest)
    assert bmff_hash.judged(4, fields, survey, algorithm=None).holds is None
    png = formats.identify(picture("png")).survey(picture("png"))
    assert bmff_hash.judged(3, fields, png, algorithm=None).code == MISMATCH


def test_more_exclusions_than_can_be_looked_at_are_left_to_the_engine(chain):
    many = picture("avif") + iso_bindings.box(b"free") * 1_500
    signed = raw.sign(many, "image/avif", chain)
    entry = {"xpath": "/free", "length": 9}
    outcome = judged(signed, exclusions=[MANIFEST, *[entry] * 20_000])
    assert outcome.holds is None
    assert judged(signed, exclusions=[MANIFEST, *[entry] * 100]).holds is False


def test_bytes_behind_the_last_box_are_hashed(chain):
    signed = bound(
        picture("avif"),
        lambda whole: {"exclusions": USUAL, "alg": "sha256", "hash": placed_hash(whole)},
        chain,
    )
    assert judged(signed).holds
    assert judged(signed + bytes(3)).code == MISMATCH
    assert C2PA in signed
