"""Forgeries of hashes of ISO media (C2PA 2.4 §15.12.2, §18.7): pictures and films in boxes.

The signer leaves out what is shown, or somebody points its offsets elsewhere, of which the old
versions of the hash bind none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

import drawn_kinds
import iso_bindings
from forgeries.case import Case, Made
from forgeries.forge import Assertion, embedded, forger, generated
from iso_bindings import USUAL, box, hashed, roots
from iso_drawn import Span, boxed, chunk_tables, coded, still, with_chunks

FAMILY = "iso"
BROKEN = {"integrity": "broken", "state": "invalid", "attested": False}
UNCOVERED = {**BROKEN, "errors": ("genlabel.manifest.uncovered",)}
MISMATCH = {**BROKEN, "errors": ("assertion.bmffHash.mismatch",)}
MALFORMED = {**BROKEN, "form": "malformed", "errors": ("assertion.bmffHash.malformed",)}
WORDS = {"warnings": ("genlabel.manifest.exclusions",)}
GRANTED = "What a hash leaves out is taken for granted by them."
OFFSETS = "The offsets that versions 1 and 2 leave out are followed by them wherever they point."
STRICT = "A validator that reads version 3 only holds older versions for nothing (§18.7.1)."
ILOC = {"xpath": "/meta/iloc"}
STCO = {"xpath": "/moov/trak/mdia/minf/stbl/stco", "subset": [{"offset": 16, "length": 0}]}
Loose = Callable[[bytes], Sequence[Span]]


def nothing(_data: bytes) -> Sequence[Span]:
    return ()


def kind(name: bytes) -> Loose:
    return lambda data: boxed(data, name)


def root(name: bytes) -> Loose:
    return lambda data: [(start, end) for each, start, end in roots(data) if each == name]


def bind(
    data: bytes,
    _spans: Sequence[Span],
    *,
    entries: Sequence[Mapping[str, Any]] = (),
    loose: Loose = nothing,
    version: int = 3,
    change: Callable[[dict[str, Any]], dict[str, Any]] = dict,
) -> Assertion:
    """A hash by the usual exclusions and by `entries`, which leave out `loose`."""
    usual, more = iso_bindings.usual(data), list(loose(data))
    ends = {start: end for _, start, end in roots(data)}
    whole = {start for start, end in [*usual, *more] if ends.get(start) == end}
    value = hashed(data, [*usual, *more], whole=whole, placed=version > 1)
    fields = {"exclusions": [*USUAL, *entries], "alg": "sha256", "hash": value}
    return Assertion(label=iso_bindings.LABELS[version], value=change(fields))


def signed(data: bytes, **how: Any) -> bytes:
    return embedded(data, generated(forger()), binding=partial(bind, **how))


def case(name: str, make: Callable[[], bytes], differs: Mapping[str, Any], **more: Any) -> Case:
    return Case(family=FAMILY, name=name, make=lambda: Made(data=make()), differs=differs, **more)


# Where pictures lie


@cache
def pair() -> tuple[bytes, list[Span]]:
    """A file with two pictures, the first of them shown, and Exif; where each lies in its media."""
    exif = b"\0\0\0\0II*\0\x08\0\0\0" + bytes(30)
    media = [coded(1), coded(2), exif]
    ends = [sum(map(len, media[: number + 1])) for number in range(3)]
    places = [(end - len(each), end) for end, each in zip(ends, media, strict=True)]
    kinds = (b"av01", b"av01", b"Exif")
    items = [
        (number, name, at) for number, (name, at) in enumerate(zip(kinds, places, strict=True), 1)
    ]
    return still(items, b"".join(media)), places


def pointed(data: bytes, places: Mapping[int, Span], *, file: bool = False) -> bytes:
    """`data` with some items (from 1) at other places, counted from the media's beginning."""
    ((start, end),) = boxed(data, b"iloc")
    base = 0 if file else next(s for each, s, _ in roots(data) if each == b"mdat") + 8
    table = bytearray(data[start:end])
    width = table[12] >> 4
    for number, (first, last) in places.items():
        at = 16 + (number - 1) * (6 + 2 * width) + 6
        table[at : at + width] = (base + first).to_bytes(width, "big")
        table[at + width : at + 2 * width] = (last - first).to_bytes(width, "big")
    return data[:start] + bytes(table) + data[end:]


def _pictures() -> Iterator[Case]:
    data, (first, second, _) = pair()
    for version in (1, 2):
        how = {"entries": (ILOC,), "loose": kind(b"iloc"), "version": version}
        honest = f"avif, version {version} without iloc, honest"
        make = partial(signed, data, **how)
        yield case(honest, make, WORDS, why=f"{OFFSETS} {STRICT}")
        forged: dict[str, Callable[[bytes], bytes]] = {
            "the other picture is shown": lambda whole: pointed(whole, {1: second}),
            "Exif hides the picture": lambda whole: pointed(whole, {1: second, 3: first}),
            "a picture out of the tables": lambda whole: pointed(whole, {1: (40, 90)}, file=True),
            "a picture out of free space": _out_of_free,
        }
        for name, change in forged.items():
            yield case(
                f"avif, version {version} without iloc, {name}",
                lambda change=change, make=make: change(make()),
                {**UNCOVERED, **WORDS},
                control=honest,
                why=f"{OFFSETS} {STRICT}",
            )
    yield case("avif, honest", partial(signed, data), {})
    yield case(
        "avif, the signer leaves out iloc",
        partial(signed, data, entries=(ILOC,), loose=kind(b"iloc")),
        UNCOVERED,
        control="avif, honest",
        why=GRANTED,
    )
    yield case(
        "avif, iloc is changed",
        lambda: pointed(signed(data), {1: second}),
        MISMATCH,
        control="avif, honest",
    )


def _out_of_free(whole: bytes) -> bytes:
    """Free space may be put behind any file, and its content is hashed by nobody."""
    other = coded(3)
    at = len(whole) + 8
    return pointed(whole + box(b"free", other), {1: (at, at + len(other))}, file=True)


# What films are made of


def film(name: str) -> bytes:
    return drawn_kinds.kinds()[name]


def _films() -> Iterator[Case]:
    for name in ("mp4", "mov", "m4a"):
        yield case(f"{name}, honest", partial(signed, film(name)), {})
        how = {"entries": (STCO,), "loose": chunk_tables, "version": 2}
        honest = f"{name}, version 2 without stco, honest"
        make = partial(signed, film(name), **how)
        yield case(honest, make, WORDS, why=f"{OFFSETS} {STRICT}")
        for change, what in (
            (lambda at: [4, *at[1:]], "a chunk out of the file's head"),
            (lambda at: [at[0] - 1, *at[1:]], "a chunk begins earlier"),
        ):
            yield case(
                f"{name}, version 2 without stco, {what}",
                lambda change=change, make=make: with_chunks(make(), 0, change),
                {**UNCOVERED, **WORDS},
                control=honest,
                why=f"{OFFSETS} {STRICT}",
            )
        for path, name_of in (("/mdat", b"mdat"), ("/moov", b"moov")):
            yield case(
                f"{name}, {path} is left out",
                partial(signed, film(name), entries=({"xpath": path},), loose=root(name_of)),
                UNCOVERED,
                control=f"{name}, honest",
                why=GRANTED,
            )
    yield from _boxes()


def _boxes() -> Iterator[Case]:
    data = film("mp4")
    yield case(
        "mp4, words are left out",
        partial(signed, data, entries=({"xpath": "/moov/udta"},), loose=kind(b"udta")),
        WORDS,
        control="mp4, honest",
        why="Words may be left out (§9.2.5); they are named in a warning.",
    )
    stsd = {"xpath": "/moov/trak/mdia/minf/stbl/stsd"}
    yield case(
        "mp4, what describes the samples is left out",
        partial(signed, data, entries=(stsd,), loose=kind(b"stsd")),
        UNCOVERED,
        control="mp4, honest",
        why=GRANTED,
    )
    yield case(
        "mp4, a box is added", lambda: signed(data) + box(b"nuts", bytes(9)), MISMATCH,
        control="mp4, honest",
    )  # fmt: skip
    yield case("mp4, free space is added", lambda: signed(data) + box(b"free", bytes(9)), {})
    for name, change in (
        ("no exclusions", lambda fields: {**fields, "exclusions": []}),
        ("nothing that is hashed", lambda fields: {k: v for k, v in fields.items() if k != "hash"}),
        (
            "parts that overlap",
            lambda fields: {
                **fields,
                "exclusions": [
                    *USUAL,
                    {
                        "xpath": "/nuts",
                        "subset": [{"offset": 8, "length": 8}, {"offset": 12, "length": 8}],
                    },
                ],
            },
        ),
    ):
        yield case(
            f"mp4, a binding with {name}",
            partial(signed, data, change=change),
            MALFORMED,
            control="mp4, honest",
            why="A binding of nothing is none (§15.12.2); some take it for one that holds.",
        )
    yield case(
        "mp4, a tree over the media and no hash of the tables",
        partial(_tree_alone, data),
        UNCOVERED,
        control="mp4, honest",
        why="Without a hash of the file nothing binds what says how its media are shown.",
    )


def _tree_alone(data: bytes) -> bytes:
    def change(whole: bytes, spans: Sequence[Span]) -> Assertion:
        start, end = next((s, e) for each, s, e in roots(whole) if each == b"mdat")
        leaf = iso_bindings.hashlib.sha256(whole[start + 16 : end]).digest()
        tree = {"uniqueId": 1, "localId": 0, "count": 1, "alg": "sha256", "hashes": [leaf]}
        fields = {"exclusions": USUAL, "alg": "sha256", "merkle": [tree]}
        return Assertion(label=iso_bindings.LABELS[3], value=fields)

    return embedded(data, generated(forger()), binding=change)


CASES: tuple[Case, ...] = (*_pictures(), *_films())
