"""Forgeries of films in fragments, and of the initial segment that comes as a file of its own.

C2PA 2.4 §15.12.2.2, §18.7.2 (``initHash``) and §A.5.4.1.2.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from drawn_kinds import kinds
from forgeries.case import Case, by_data
from forgeries.forge import forger
from iso_bindings import USUAL, bound, hashed, proof, roots, split, usual

FAMILY = "fragments"
WHOLE, SEGMENT = "a film in fragments, honest", "its initial segment alone, honest"
BROKEN = {"integrity": "broken", "state": "invalid", "attested": False}
MISMATCH = {**BROKEN, "errors": ("assertion.bmffHash.mismatch",)}
MALFORMED = {**BROKEN, "form": "malformed", "errors": ("assertion.bmffHash.malformed",)}
ELSEWHERE = {
    **{"integrity": "unknown", "state": "unknown", "attested": False},
    "errors": ("genlabel.binding.elsewhere",),
}
_WHY = {
    "engine": "c2pa-python refuses an initial segment, of which it cannot say more than we",
    "encypher": "encypher-c2pa hashes what comes before the fragments, and no fragment",
}
_case = by_data(FAMILY, _WHY)


@dataclass(frozen=True, slots=True)
class Film:
    """A film cut up: what comes before the fragments, and each of them."""

    initial: tuple[bytes, ...]
    fragments: tuple[bytes, ...]


def cut() -> Film:
    """A drawn film without its index."""
    parts = [(kind, whole) for kind, whole in split(kinds()["mp4 fragmented"]) if kind != b"mfra"]
    first = next(number for number, (kind, _) in enumerate(parts) if kind == b"moof")
    behind = [whole for _, whole in parts[first:]]
    pairs = zip(behind[::2], behind[1::2], strict=True)
    return Film(tuple(each for _, each in parts[:first]), tuple(map(b"".join, pairs)))


def film(*, at_once: bool = True) -> bytes:
    """The film with a proof before each fragment, or its initial segment."""
    whole = cut()
    count = len(whole.fragments)
    ids = {"uniqueId": 1, "localId": 1}
    boxes = [
        proof({**ids, "location": number}) + each for number, each in enumerate(whole.fragments)
    ]

    def fields(data: bytes) -> dict[str, Any]:
        loose = usual(data)
        apart = {"whole": {start for start, _ in loose}, "placed": True}
        moofs = [start for kind, start, _ in roots(data) if kind == b"moof"]
        leaves = [
            hashed(data, loose, start=start, end=end, **apart)
            for start, end in zip(moofs, [*moofs[1:], len(data)], strict=False)
        ] or [hashlib.sha256(each).digest() for each in whole.fragments]
        initial = hashed(data, loose, end=moofs[0] if moofs else len(data), **apart)
        tree = {**ids, "count": count, "initHash": initial, "hashes": leaves}
        return {"exclusions": USUAL, "alg": "sha256", "merkle": [tree]}

    return bound(b"".join((*whole.initial, *(boxes if at_once else ()))), fields, forger())


def parts(data: bytes) -> list[tuple[bytes, bytes]]:
    """The root boxes of a file."""
    return [(kind, data[start:end]) for kind, start, end in roots(data)]


def joined(boxes: Sequence[tuple[bytes, bytes]]) -> bytes:
    return b"".join(whole for _, whole in boxes)


def changed(data: bytes, kind: bytes) -> bytes:
    """A byte of the first box of a kind is another one: of the time it lasts, or of the media."""
    start, end = next((start, end) for each, start, end in roots(data) if each == kind)
    at = data.index(b"mvhd", start) + 24 if kind == b"moov" else (start + end) // 2
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def without_last(data: bytes) -> bytes:
    boxes = parts(data)
    last = max(number for number, (kind, _) in enumerate(boxes) if kind == b"moof")
    return joined([*boxes[: last - 1], *boxes[last + 2 :]])


def exchanged(data: bytes) -> bytes:
    """The first two fragments change places, and their proofs with them."""
    boxes = parts(data)
    at = next(number for number, (kind, _) in enumerate(boxes) if kind == b"moof") - 1
    first, second = boxes[at : at + 3], boxes[at + 3 : at + 6]
    return joined([*boxes[:at], *second, *first, *boxes[at + 6 :]])


def without_fragments(data: bytes) -> bytes:
    """What anybody can make of the whole film: no fragment, and no proof."""
    boxes = parts(data)
    at = next(number for number, (kind, _) in enumerate(boxes) if kind == b"moof") - 1
    return joined([*boxes[:at], boxes[-1]])


def with_media(data: bytes) -> bytes:
    """An initial segment that got media of its own."""
    return data + b"\0\0\0\x28mdat" + bytes(32)


def with_fragment(data: bytes) -> bytes:
    """An initial segment with a fragment that nobody signed."""
    return data + cut().fragments[0]


def _cases() -> Iterator[Case]:
    yield _case(WHOLE, film, {})
    forged: dict[str, tuple[Callable[[bytes], bytes], Mapping[str, Any]]] = {
        "a fragment is changed": (lambda data: changed(data, b"mdat"), MISMATCH),
        "what says how it is shown is changed": (lambda data: changed(data, b"moov"), MISMATCH),
        "the last fragment is cut off": (without_last, MALFORMED),
        "two fragments change places": (exchanged, MISMATCH),
        "all fragments are cut off": (without_fragments, ELSEWHERE),
        "a fragment that nobody signed is put behind it": (with_fragment, MALFORMED),
    }
    for name, (change, differs) in forged.items():
        yield _case(
            f"a film in fragments, {name}",
            lambda change=change: change(film()),
            differs,
            WHOLE,
        )
    yield _case(SEGMENT, lambda: film(at_once=False), ELSEWHERE)
    for name, change, differs in (
        ("it is changed", lambda data: changed(data, b"moov"), MISMATCH),
        ("media are put behind it", with_media, MISMATCH),
        ("a fragment that nobody signed is put behind it", with_fragment, MALFORMED),
    ):
        yield _case(
            f"its initial segment alone, {name}",
            lambda change=change: change(film(at_once=False)),
            differs,
            SEGMENT,
        )


CASES: tuple[Case, ...] = tuple(_cases()) if "mp4 fragmented" in kinds() else ()
