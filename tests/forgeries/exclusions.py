"""Forgeries by single fields of a hash of ISO media (C2PA 2.4 §15.12.2, §18.7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from drawn_kinds import kinds
from forgeries.case import Files, grouped
from forgeries.forge import Assertion, embedded, forger, generated
from forgeries.iso import Loose, bind, kind, nothing, root, signed
from iso_bindings import C2PA, box, roots
from iso_drawn import Span, boxed

USUAL = "a hash as usual, honest"
_UUID = "/uuid"
BROKEN: Mapping[str, Any] = {"integrity": "broken", "state": "invalid", "attested": False}
MISMATCH = {**BROKEN, "errors": ("assertion.bmffHash.mismatch",)}
MALFORMED = {**BROKEN, "form": "malformed", "errors": ("assertion.bmffHash.malformed",)}
UNCOVERED = {**BROKEN, "errors": ("genlabel.manifest.uncovered",)}
WORDS = {"warnings": ("genlabel.manifest.exclusions",)}
UNHEARD = {
    **BROKEN,
    "integrity": "unknown",
    "form": "malformed",
    "errors": ("claim.hardBindings.missing",),
}
_WHY = {
    "engine": "c2pa-python compares what is hashed and not what is shown, refuses addresses and "
    "empty trees, and takes flags otherwise",
    "encypher": "encypher-c2pa reads few paths, no empty trees, and compares what is hashed, and "
    "not what is shown",
}


def film(**how: Any) -> bytes:
    return signed(kinds()["mp4"], **how)


def by(*entries: Mapping[str, Any], loose: Loose = nothing) -> Callable[[], bytes]:
    """A film whose hash has more exclusions, which leave out `loose`."""
    return lambda: film(entries=entries, loose=loose)


def at(xpath: object, loose: Loose = nothing, **more: Any) -> Callable[[], bytes]:
    return by({"xpath": xpath, **more}, loose=loose)


def header(loose: Loose = nothing, **more: Any) -> Callable[[], bytes]:
    """A film whose movie header is left out on a condition."""
    return at("/moov/mvhd", loose, **more)


def subset(*spans: tuple[int, int], loose: Loose = nothing) -> Callable[[], bytes]:
    return header(loose, subset=[{"offset": at, "length": size} for at, size in spans])


def within(name: bytes, first: int, last: int | None = None) -> Loose:
    """From so many bytes behind the beginning of a box to so many, or to its end."""

    def loose(data: bytes) -> Sequence[Span]:
        return [
            (start + first, end if last is None else start + last)
            for start, end in boxed(data, name)
        ]

    return loose


def changed(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[], bytes]:
    return lambda: film(change=change)


def listed(change: Callable[[list[Any]], Any]) -> Callable[[], bytes]:
    """A film with another list of exclusions; the first one is the manifest's."""
    return changed(lambda fields: {**fields, "exclusions": change(fields["exclusions"])})


def manifest(**how: Any) -> Callable[[], bytes]:
    """A film whose exclusion of the manifest is another one."""
    return listed(lambda entries: [{"xpath": _UUID, **how}, *entries[1:]])


def data(offset: int, value: object = C2PA) -> dict[str, Any]:
    return {"data": [{"offset": offset, "value": value}]}


def called(label: str) -> bytes:
    """A film whose hash has another name."""

    def renamed(data: bytes, spans: Sequence[Span]) -> Assertion:
        return Assertion(label=label, value=bind(data, spans).value)

    return embedded(kinds()["mp4"], generated(forger()), binding=renamed)


def with_words() -> bytes:
    """A film with a box of somebody else's; every such box is left out."""
    words = box(b"uuid", bytes(range(16)), b"words")

    def others(data: bytes) -> Sequence[Span]:
        mine = (b"uuid", C2PA)
        return [
            (start, end)
            for name, start, end in roots(data)
            if name == b"uuid" and (name, data[start + 8 : start + 24]) != mine
        ]

    def change(fields: dict[str, Any]) -> dict[str, Any]:
        return {**fields, "exclusions": [{"xpath": _UUID}, *fields["exclusions"][1:]]}

    return signed(kinds()["mp4"] + words, change=change, loose=others)


_HONEST: Files = {
    USUAL: film,
    "the manifest is left out by its kind alone, honest": manifest(),
    "the manifest is left out by its kind and name, honest": manifest(**data(4, b"uuid" + C2PA)),
    "the manifest is left out twice, honest": listed(lambda entries: [entries[0], *entries]),
    "a path that leads nowhere, honest": at("/nowhere"),
    "a path of another number, honest": at("/mdat[2]"),
    "a path in other letters, honest": at("/MDAT"),
    "a path of another version, honest": header(version=9),
    "a path of other flags, honest": header(flags=b"\0\0\1"),
    "a path of another length, honest": header(length=9),
    "a part behind the end, honest": subset((2**40, 4)),
    "a thousand paths, honest": by(*({"xpath": f"/x{number:03d}"} for number in range(1000))),
    "the claim's algorithm, honest": changed(
        lambda fields: {key: value for key, value in fields.items() if key != "alg"}
    ),
    "an address that nobody asks, honest": changed(
        lambda fields: {**fields, "url": "https://forger.example/film"}
    ),
    "an empty list of trees, honest": changed(lambda fields: {**fields, "merkle": []}),
}

_GROUPS = (
    "exclusions",
    USUAL,
    _WHY,
    ({}, _HONEST),
    (WORDS, {"boxes of other people are left out": with_words}),
    (
        MISMATCH,
        {
            "the manifest is not left out": listed(lambda entries: entries[1:]),
            "the manifest is left out by something far away": manifest(**data(2**40)),
            "everything is left out by a star": at(
                "/*", lambda data: [(start, end) for _, start, end in roots(data)]
            ),
            "the media are left out by words": at("/mdat[last()]", root(b"mdat")),
            "the media are left out by a slash at the end": at("/mdat/", root(b"mdat")),
            "the media are left out by a way back": at("/moov/../mdat", root(b"mdat")),
            "a hash that is cut": changed(lambda fields: {**fields, "hash": fields["hash"][:8]}),
            "a tree beside the hash": changed(
                lambda fields: {
                    **fields,
                    "merkle": [{"uniqueId": 0, "localId": 0, "count": 1, "hashes": [bytes(32)]}],
                }
            ),
        },
    ),
    (
        MALFORMED,
        {
            "exclusions in a map": listed(lambda entries: {"0": entries[0]}),
            "an exclusion that is text": listed(lambda entries: [*entries, "/mdat"]),
            "a path that is null": at(None),
            "a path that is a number": at(7),
            "no path": by({"length": 5}),
            "the manifest by a map": manifest(data={"offset": 8, "value": C2PA}),
            "the manifest by text": manifest(**data(8, C2PA.hex())),
            "the manifest by what is before it": manifest(**data(-8)),
            "flags of four bytes": header(flags=bytes(4)),
            "a part before the beginning": subset((-4, 4)),
            "parts in another order": subset((30, 2), (24, 2), loose=within(b"mvhd", 24, 32)),
            "parts that overlap": subset((24, 4), (26, 4), loose=within(b"mvhd", 24, 30)),
            "a tree without leaves": changed(
                lambda fields: {**fields, "merkle": [{"uniqueId": 1}]}
            ),
        },
    ),
    (
        UNCOVERED,
        {
            "the media are left out without a slash": at("mdat", root(b"mdat")),
            "the media are left out by two slashes": at("//mdat", root(b"mdat")),
            "the media are left out by their number": at("/mdat[1]", root(b"mdat")),
            "a track is left out": at("/moov/trak", kind(b"trak")),
            "a track is left out by numbers": at(
                "/moov[1]/trak[1]", lambda data: boxed(data, b"trak")[:1]
            ),
            "the head is left out by its version": header(kind(b"mvhd"), version=0),
            "the head is left out by its flags": header(kind(b"mvhd"), flags=bytes(3)),
            "the head is left out by its length": header(kind(b"mvhd"), length=108),
            "the head is left out by no parts": header(kind(b"mvhd"), subset=None),
            "how long it lasts is left out": subset((24, 4), loose=within(b"mvhd", 24, 28)),
            "all of the head behind a place is left out": subset(
                (24, 0), loose=within(b"mvhd", 24)
            ),
            "more than the head has is left out": subset((24, 2**40), loose=within(b"mvhd", 24)),
            "some of the media are left out": at(
                "/mdat", within(b"mdat", 8, 72), subset=[{"offset": 8, "length": 64}]
            ),
        },
    ),
    (
        UNHEARD,
        {
            "a hash of version 4": partial(called, "c2pa.hash.bmff.v4"),
            "a hash of version 0": partial(called, "c2pa.hash.bmff.v0"),
        },
    ),
)
CASES = grouped(*_GROUPS) if "mp4" in kinds() else ()
