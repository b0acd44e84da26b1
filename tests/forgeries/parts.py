"""Forgeries of files of several parts: gain maps, further pictures, films (C2PA 2.4 §15.12.4).

A hash over the whole file comes first. Where it does not hold, a list of the parts is asked, each
of which has a hash of its own; those that are optional may have been dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any

from drawn_kinds import kinds
from forgeries.case import Case, by_data
from forgeries.forge import (
    Assertion,
    data_hash,
    fixed,
    forger,
    generated,
    put,
    sha256,
    spans_of,
    store,
)
from genlabel.testing import picture

FAMILY = "parts"
LIST = "c2pa.hash.multi-asset"
BROKEN = {"integrity": "broken", "state": "invalid", "attested": False}
MISMATCH = {**BROKEN, "errors": ("assertion.multiAssetHash.mismatch",)}
MISSING = {**BROKEN, "errors": ("assertion.multiAssetHash.missingPart",)}
MALFORMED = {**BROKEN, "form": "malformed", "errors": ("assertion.multiAssetHash.malformed",)}
WHOLE = {**BROKEN, "errors": ("assertion.dataHash.mismatch",)}
UNREAD = "c2pa-rs and c2pa-ts do not read multi-asset hashes (§15.12.4)."
_WHY = {
    "engine": UNREAD,
    "c2pa-ts": UNREAD,
    "encypher": "encypher-c2pa takes a list for which its signer does not vouch.",
}
_case = by_data(FAMILY, _WHY)
_ADDRESS = "self#jumbf=c2pa.assertions/"
Lists = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
"""The list of parts as it is signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """A signed file and where its parts begin; the last number is its end."""

    data: bytes
    places: tuple[int, ...]

    def part(self, number: int) -> bytes:
        return self.data[self.places[number] : self.places[number + 1]]

    def of(self, *numbers: int) -> bytes:
        """The file of these parts alone, in this order."""
        return b"".join(map(self.part, numbers))

    def exchanged(self, number: int, other: bytes) -> bytes:
        """With another content of the same length in a part's place."""
        room = len(self.part(number))
        first, last = self.places[number : number + 2]
        return self.data[:first] + other[:room].ljust(room, b"\0") + self.data[last:]


def signed(
    *tails: bytes,
    optional: Sequence[int] = (1, 2),
    lists: Lists = list,
    hashes: Callable[[Assertion, int], Assertion] = lambda each, _: each,
    twice: bool = False,
    first: bytes | None = None,
    **change: Any,
) -> Parted:
    """A photograph with `tails` behind it: hashes over the whole and over each part.

    `change` are other fields of the assertion with the list.
    """
    source = (first or kinds()["jpeg full"]) + b"".join(tails)
    assertions: tuple[Assertion, ...] = ()
    for _ in range(8):
        whole = put(source, store(generated(forger()).with_(*assertions)))
        at = len(whole) - sum(map(len, tails))
        places = [0, at]
        for tail in tails:
            places.append(places[-1] + len(tail))
        made = [hashes(each, number) for number, each in enumerate(_hashes(whole, places))]
        parts = lists(list(_parts(made, places, optional)))
        listed = replace(Assertion(label=LIST, value={"parts": parts}), **change)
        more = (replace(listed, label=f"{LIST}__1"),) if twice else ()
        again = (data_hash(whole, spans_of(whole)), *made, listed, *more)
        if again == assertions:
            return Parted(data=whole, places=tuple(places))
        assertions = again
    raise AssertionError("the places do not settle")


def _hashes(whole: bytes, places: Sequence[int]) -> Iterator[Assertion]:
    for number, (start, end) in enumerate(pairwise(places)):
        spans = spans_of(whole) if not number else ()
        label = "c2pa.hash.data.part" + (f"__{number}" if number else "")
        yield replace(data_hash(whole[start:end], spans), label=label)


def _parts(
    hashes: Sequence[Assertion], places: Sequence[int], optional: Sequence[int]
) -> Iterator[dict[str, Any]]:
    for number, each in enumerate(hashes):
        start, end = places[number : number + 2]
        yield {
            "location": {"byteOffset": fixed(start), "length": fixed(end - start)},
            "hashAssertion": {"url": _ADDRESS + each.label, "hash": sha256(each.boxed)},
            "optional": number in optional,
        }


@cache
def gain_map() -> bytes:
    """A small picture that says how bright each place is, as phones put it behind a photograph."""
    return picture("jpeg", seed=4, size=(32, 24))


@cache
def another() -> bytes:
    return picture("jpeg", seed=8, size=(32, 24))


def film() -> bytes:
    return kinds().get("mp4") or kinds()["avif animated"]


@cache
def phone(**how: Any) -> Parted:
    """A photograph, its gain map and the film around it, of which the two may go."""
    return signed(gain_map(), film(), **how)


def mpo() -> Parted:
    """A photograph whose own index names the picture behind it."""
    data = kinds()["mpo"]
    at = data.index(b"\xff\xd9\xff\xd8") + 2
    return signed(data[at:], first=data[:at], optional=())


def moved(parts: list[dict[str, Any]], number: int, by: int, longer: int = 0) -> Any:
    """The list with a part at another place, or of another length."""
    location = parts[number]["location"]
    place = {name: int.from_bytes(location[name][1:], "big") for name in location}
    place = {"byteOffset": place["byteOffset"] + by, "length": place["length"] + longer}
    parts[number]["location"] = {name: fixed(max(0, each)) for name, each in place.items()}
    return parts


def alone(each: Assertion, number: int) -> Assertion:
    """The second part's hash is of another content."""
    return each if number != 1 else replace(each, value={**each.value, "hash": bytes(32)})


def unvouched(each: Assertion, number: int) -> Assertion:
    return replace(each, created=False)


HONEST, PAIR = "photograph, gain map and film, honest", "two pictures by their index, honest"


def _dropped() -> Iterator[Case]:
    yield _case(HONEST, lambda: phone().data, {})
    yield _case("the film is dropped, honest", lambda: phone().of(0, 1), {})
    yield _case("gain map and film are dropped, honest", lambda: phone().of(0), {})
    for name, make, differs in (
        ("the gain map alone is dropped", lambda: phone().of(0, 2), MISMATCH),
        ("gain map and film change places", lambda: phone().of(0, 2, 1), MISMATCH),
        ("the gain map is exchanged", lambda: phone().exchanged(1, another()), MISMATCH),
        ("the film is exchanged for a picture", lambda: phone().exchanged(2, another()), MISMATCH),
        (
            "the film is dropped and the photograph exchanged",
            lambda: _changed(phone().of(0, 1), phone().places[1] - 40),
            MISMATCH,
        ),
        (
            "the film is dropped and the gain map exchanged",
            lambda: phone().exchanged(1, another())[: phone().places[2]],
            MISMATCH,
        ),
        ("the film is cut short", lambda: phone().data[:-40], MISMATCH),
        ("another picture is put behind it", lambda: phone().data + another(), MALFORMED),
        (
            "another picture is put in place of the film",
            lambda: phone().of(0, 1) + another(),
            MISMATCH,
        ),
        (
            "a film that must be there is dropped",
            lambda: phone(optional=(1,)).of(0, 1),
            MISSING,
        ),
        (
            "the film is dropped by a list that its signer only gathered",
            lambda: phone(created=False).of(0, 1),
            WHOLE,
        ),
        (
            "the film is dropped by hashes that their signer only gathered",
            lambda: phone(hashes=unvouched).of(0, 1),
            MALFORMED,
        ),
        ("the film is dropped by two lists", lambda: phone(twice=True).of(0, 1), MALFORMED),
    ):
        yield _case(name, make, differs, HONEST)


def _changed(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def _listed() -> Iterator[Case]:
    """The signer lists something else; the film is dropped, so that the list is asked."""
    lists: dict[str, tuple[Lists, Mapping[str, Any]]] = {
        "the gain map is not on the list": (lambda it: [it[0], it[2]], MALFORMED),
        "the photograph is not on the list": (lambda it: it[1:], MALFORMED),
        "the list is in another order": (lambda it: [it[1], it[0], it[2]], MALFORMED),
        "the gain map overlaps the photograph": (lambda it: moved(it, 1, -9, 9), MALFORMED),
        "the gain map begins behind a gap": (lambda it: moved(it, 1, 9, -9), MALFORMED),
        "the gain map ends in the film": (lambda it: moved(it, 1, 0, 9), MISMATCH),
        "one part is on the list twice": (lambda it: [it[0], it[1], it[1], it[2]], MALFORMED),
        "the hash of a part is not there": (
            lambda it: [it[0], {**it[1], "hashAssertion": {"url": _ADDRESS + "x"}}, it[2]],
            MALFORMED,
        ),
        "the hash of a part is that of the whole": (
            lambda it: [it[0], {**it[1], "hashAssertion": {"url": _ADDRESS + "c2pa.hash.data"}}],
            MALFORMED,
        ),
        "the hash of a part is that of another one": (
            lambda it: [it[0], {**it[1], "hashAssertion": it[2]["hashAssertion"]}, it[2]],
            MISMATCH,
        ),
        "the list is empty": (lambda it: [], MALFORMED),
    }
    for name, (change, differs) in lists.items():
        yield _case(name, lambda change=change: signed_so(change).of(0, 1), differs, HONEST)
    yield _case(
        "a wrong hash of the gain map", lambda: phone(hashes=alone).of(0, 1), MISMATCH, HONEST
    )


def signed_so(lists: Lists) -> Parted:
    return signed(gain_map(), film(), lists=lists)


def _pairs() -> Iterator[Case]:
    if "mpo" not in kinds():
        return
    yield _case(PAIR, lambda: mpo().data, {})
    yield _case("the second of two pictures is dropped", lambda: mpo().of(0), MISSING, PAIR)
    yield _case(
        "the second of two pictures is exchanged",
        lambda: mpo().exchanged(1, another()),
        MISMATCH,
        PAIR,
    )


CASES: tuple[Case, ...] = (*_dropped(), *_listed(), *_pairs())
