"""Merkle trees over fragments and chunks of tracks, made by hand; the engine judges beside us."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import pytest

import iso_bindings
from genlabel import formats
from genlabel.formats.isobmff import samples
from genlabel.manifests.binding import bmff_hash, merkle
from genlabel.manifests.binding.outcome import Outcome
from genlabel.model.errors import MalformedAsset
from iso_bindings import USUAL, bound, hashed, placed_hash, proof, roots
from oracles import films, raw
from oracles.films import film
from oracles.pictures import flipped

pytestmark = pytest.mark.skipif(not films.is_here(), reason=films.NEEDS_FFMPEG)
MATCH, MISMATCH, MALFORMED = (
    f"assertion.bmffHash.{word}" for word in ("match", "mismatch", "malformed")
)
Ids = tuple[int, int]


def judged(data: bytes) -> Outcome:
    survey = formats.identify(data).survey(data)
    assert survey.manifest is not None
    version, fields = iso_bindings.binding(survey.manifest)
    return bmff_hash.judged(version, fields, survey, algorithm="sha256")


def engine_holds(data: bytes) -> bool:
    reading = raw.read(data, "video/mp4")
    assert reading.manifests, reading.error
    return not {code for code in reading.failures if code.startswith("assertion.")}


def tree(leaves: Sequence[bytes], length: int) -> tuple[list[bytes], list[list[bytes]]]:
    """The row of `length` nodes, and for each leaf the neighbours on its way to it."""
    rows = [list(leaves)]
    while len(rows[-1]) > length:
        below = rows[-1]
        rows.append(
            [
                hashlib.sha256(b"".join(below[at : at + 2])).digest()
                if at + 1 < len(below)
                else below[at]
                for at in range(0, len(below), 2)
            ]
        )
    proofs = [
        [
            row[(number >> level) ^ 1]
            for level, row in enumerate(rows[:-1])
            if (number >> level) ^ 1 < len(row)
        ]
        for number in range(len(leaves))
    ]
    return rows[-1], proofs


def fragmented(
    chain,
    *,
    length: int = 1,
    version: int = 3,
    of: Callable[[int], Ids] = lambda number: (1, 1),
    with_hash: bool = False,
    order: Callable[[list[int]], list[int]] = lambda numbers: numbers,
) -> bytes:
    """A film in fragments, each with a proof before it, under one tree for each of `of`'s ids."""
    parts = [whole for kind, whole in iso_bindings.split(film("mp4 fragmented")) if kind != b"mfra"]
    pairs = [(parts[at], parts[at + 1]) for at in range(2, len(parts) - 1, 2)]
    listed = list(dict.fromkeys(of(number) for number in range(len(pairs))))
    proven: dict[int, list[bytes]] = {}
    rows: dict[Ids, list[bytes]] = {ids: [] for ids in listed}
    state = {"initial": bytes(32)}
    placed = version > 1 and not with_hash

    def laid() -> bytes:
        boxes = []
        for number in order(list(range(len(pairs)))):
            ids = of(number)
            own = [other for other in range(len(pairs)) if of(other) == ids]
            fields = {"uniqueId": ids[0], "localId": ids[1], "location": own.index(number)}
            fields["hashes"] = proven.get(number, [])
            padding = 300 - len(proof(fields))
            boxes += [proof(fields, padding), *pairs[number]]
        return b"".join((*parts[:2], *boxes))

    def fields(whole: bytes) -> dict[str, Any]:
        found = {
            "exclusions": USUAL,
            "alg": "sha256",
            "merkle": [
                {
                    "uniqueId": ids[0],
                    "localId": ids[1],
                    "count": sum(of(number) == ids for number in range(len(pairs))),
                    "initHash": state["initial"],
                    "hashes": rows[ids],
                }
                for ids in listed
            ],
        }
        return {**found, "hash": placed_hash(whole)} if with_hash else found

    draft = laid()
    loose = iso_bindings.usual(draft)
    whole = {start for start, _ in loose}
    moofs = [start for kind, start, _ in roots(draft) if kind == b"moof"]
    ends = [*moofs[1:], len(draft)]
    state["initial"] = hashed(draft, loose, whole=whole, placed=placed, end=moofs[0])
    leaves = [
        hashed(draft, loose, whole=whole, placed=placed, start=start, end=end)
        for start, end in zip(moofs, ends, strict=True)
    ]
    for ids in listed:
        own = [number for number in range(len(pairs)) if of(number) == ids]
        rows[ids], paths = tree([leaves[number] for number in own], min(length, len(own)))
        proven.update(zip(own, paths, strict=True))
    final = laid()
    assert len(final) == len(draft)
    return bound(final, fields, chain, version=version)


def within(data: bytes, kind: bytes, number: int = 0) -> int:
    """Somewhere in the middle of a root box."""
    start, end = [(s, e) for k, s, e in roots(data) if k == kind][number]
    return (start + end) // 2


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize("length", [1, 2, 4])
def test_fragments_hold_and_every_flip_is_seen(version, length, chain):
    signed = fragmented(chain, length=length, version=version)
    assert judged(signed) == Outcome(code=MATCH, holds=True)
    assert engine_holds(signed)
    for kind, number in ((b"moov", 0), (b"mdat", 0), (b"mdat", 3), (b"moof", 1)):
        other = flipped(signed, within(signed, kind, number))
        try:
            outcome = judged(other)
        except MalformedAsset:
            continue
        assert outcome.code == MISMATCH
        assert not engine_holds(other)


def test_a_fragment_that_was_taken_out_is_missed(chain):
    signed = fragmented(chain)
    parts = list(iso_bindings.split(signed))
    moofs = [number for number, (kind, _) in enumerate(parts) if kind == b"moof"]
    last = moofs[-1]
    cut = b"".join(whole for _, whole in parts[: last - 1] + parts[last + 2 :])
    assert judged(cut).holds is False
    assert not engine_holds(cut)


def test_fragments_may_not_change_places_even_where_no_place_is_hashed(chain):
    honest = fragmented(chain, version=1)
    assert judged(honest).holds
    parts = [whole for _, whole in iso_bindings.split(honest)]
    parts[2:5], parts[5:8] = parts[5:8], parts[2:5]
    moved = b"".join(parts)
    assert not engine_holds(moved)
    assert judged(moved).code == MISMATCH


def test_each_track_may_have_a_tree(chain):
    """As specified: c2pa 0.91 asks for all fragments in each tree."""
    signed = fragmented(chain, of=lambda number: (1, 1 + number % 2))
    assert judged(signed) == Outcome(code=MATCH, holds=True)
    assert not engine_holds(signed)
    assert judged(flipped(signed, within(signed, b"mdat", 1))).code == MISMATCH


def test_beside_a_hash_of_the_file_leaves_have_no_places(chain):
    """§18.7.2; c2pa 0.91 hashes them all the same, so it refuses what is specified."""
    signed = fragmented(chain, with_hash=True)
    assert judged(signed) == Outcome(code=MATCH, holds=True)
    assert not engine_holds(signed)
    assert judged(flipped(signed, within(signed, b"mdat", 1))).code == MISMATCH


def test_an_initial_part_alone_is_not_judged(chain):
    signed = fragmented(chain)
    kinds = (b"ftyp", b"moov")
    parts = [whole for kind, whole in iso_bindings.split(signed) if kind in kinds]
    manifest = [whole for kind, whole in iso_bindings.split(signed)][-1]
    alone = b"".join((*parts, manifest))
    outcome = judged(alone)
    assert outcome.holds is None
    assert "other files" in outcome.explanation
    assert judged(flipped(alone, alone.index(b"mvhd") + 10)).holds is False


def test_proofs_are_missed(chain):
    signed = fragmented(chain)
    start = next(s for kind, s, _ in roots(signed) if kind == b"uuid")
    renamed = signed[:start] + signed[start:].replace(b"merkle\0", b"merkel\0", 1)
    assert judged(renamed).code == MALFORMED
    assert not engine_holds(renamed)


def test_chunks_of_tracks_hold(chain):
    """Old signers of films hashed each chunk of a track."""
    data = film("mp4")
    tracks = formats.identify(data).survey(data).parsed.tracks
    leaves = {
        track.id: [
            hashlib.sha256(data[start:end]).digest() for start, end in samples.chunks(track.table)
        ]
        for track in tracks
    }
    rows = {number: tree(each, 2) for number, each in leaves.items()}
    boxes = [
        proof({"uniqueId": 1, "localId": number, "location": at, "hashes": path})
        for number, (_, paths) in rows.items()
        for at, path in enumerate(paths)
    ]

    def fields(whole: bytes) -> dict[str, Any]:
        start, end = next((s, e) for kind, s, e in roots(whole) if kind == b"mdat")
        return {
            "exclusions": [*USUAL, {"xpath": "/mdat", "subset": [{"offset": 8, "length": 0}]}],
            "alg": "sha256",
            "hash": placed_hash(whole, [(start + 8, end)]),
            "merkle": [
                {"uniqueId": 1, "localId": number, "count": len(leaves[number]), "hashes": row}
                for number, (row, _) in rows.items()
            ],
        }

    signed = bound(data + b"".join(boxes), fields, chain)
    assert judged(signed) == Outcome(code=MATCH, holds=True)
    assert engine_holds(signed)
    other = flipped(signed, within(signed, b"mdat"))
    assert judged(other).code == MISMATCH
    assert not engine_holds(other)


@pytest.mark.parametrize("count", [*range(1, 10), 16, 17])
def test_rows_and_proofs_of_all_sizes(count):
    leaves = [hashlib.sha256(bytes([number])).digest() for number in range(count)]
    for length in merkle.layout(count):
        row, paths = tree(leaves, length)
        assert list(merkle.row("sha256", leaves, length)) == row
        made = merkle.Tree(
            ids=(1, 1),
            count=count,
            algorithm=None,
            initial=None,
            row=tuple(row),
            fixed=None,
            sizes=None,
        )
        for number, path in enumerate(paths):
            given = merkle.Proof(ids=(1, 1), location=number, hashes=tuple(path))
            assert merkle.proven("sha256", leaves[number], given, made)
            assert not merkle.proven("sha256", leaves[number - 1], given, made) or count == 1
            if path:
                short = merkle.Proof(ids=(1, 1), location=number, hashes=tuple(path[:-1]))
                assert not merkle.proven("sha256", leaves[number], short, made)
