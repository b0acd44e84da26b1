"""Forgeries by single fields of a hash of bytes or of boxes (C2PA 2.4 §15.12.1 and .3, §18.5)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from forgeries.binding import boxes_hash
from forgeries.case import UNOPENED, Files, grouped
from forgeries.forge import Assertion, data_hash, embedded, fixed, forger, generated, without
from genlabel.testing import picture
from resigning import Verbatim, cbor

USUAL = "a hash as usual, honest"
GONE = object()
"""The value of a field that is left out."""
Spans = Sequence[tuple[int, int]]
Fields = dict[str, Any]
Change = Callable[[Fields, bytes, Spans], Any]
Number = Callable[[int, int], Any]
"""What is written for a manifest that lies from the first to the last of two places."""
BROKEN: Mapping[str, Any] = {"integrity": "broken", "state": "invalid", "attested": False}
MISMATCH = {**BROKEN, "errors": ("assertion.dataHash.mismatch",)}
MALFORMED = {**BROKEN, "form": "malformed", "errors": ("assertion.dataHash.malformed",)}
UNREAD = {
    **MISMATCH,
    "form": "malformed",
    "errors": ("assertion.cbor.invalid", "assertion.dataHash.mismatch"),
}
UNCOVERED = {**BROKEN, "errors": ("genlabel.manifest.uncovered",)}
UNSUPPORTED = {
    **BROKEN,
    "integrity": "unknown",
    "form": "malformed",
    "errors": ("algorithm.unsupported",),
}
NO_HASH = {**MISMATCH, "form": "unknown", "warnings": ("genlabel.form.unchecked",)}
NO_BOX = {**BROKEN, "errors": ("assertion.boxesHash.unknownBox",)}
NO_BOXES = {**BROKEN, "form": "malformed", "errors": ("assertion.boxesHash.malformed",)}
ANOTHER = {**BROKEN, "errors": ("assertion.boxesHash.mismatch",)}
_WHY = {
    "engine": "c2pa-python compares what is hashed and not what is shown, reads exclusions in "
    "pairs, joins them, refuses addresses, and follows a list of boxes to its end",
    "encypher": "encypher-c2pa compares what is hashed, not what is shown, takes other numbers "
    "for algorithms, and no list of numbers for a hash",
    "c2pa-ts": "c2pa-ts compares what is hashed, not what is shown, and no boxes, and reads no "
    "strings in pieces, empty ranges or hashes without their algorithm",
}


def bound(change: Change, binding: Callable[[bytes, Spans], Assertion] = data_hash) -> bytes:
    """A picture whose binding is changed so; once there is a manifest to leave out."""

    def bind(data: bytes, spans: Spans) -> Assertion:
        usual = binding(data, spans)
        return replace(usual, value=change(dict(usual.value), data, spans)) if spans else usual

    return embedded(picture("png"), generated(forger()), binding=bind)


def but(**changes: Any) -> Change:
    """With other fields."""
    return lambda fields, data, spans: _without_gone({**fields, **changes})


def _without_gone(fields: Fields) -> Fields:
    return {key: value for key, value in fields.items() if value is not GONE}


def hashed(change: Callable[[bytes], Any]) -> Change:
    """With the hash written otherwise."""
    return lambda fields, data, spans: {**fields, "hash": change(fields["hash"])}


def by(name: str, called: str = "") -> Change:
    """With a hash by that algorithm, which is called so or otherwise."""

    def change(fields: Fields, data: bytes, spans: Spans) -> Fields:
        digest = hashlib.new(name, without(data, spans)).digest()
        return {**fields, "alg": called or name, "hash": digest}

    return change


def start(first: int, last: int) -> Any:
    return fixed(first)


def length(first: int, last: int) -> Any:
    return fixed(last - first)


def entry(begins: Number = start, lasts: Number = length, **more: Any) -> Change:
    """The exclusion of the manifest is written so."""

    def change(fields: Fields, data: bytes, spans: Spans) -> Fields:
        ((first, last),) = spans
        one = {"start": begins(first, last), "length": lasts(first, last), **more}
        return {**fields, "exclusions": [_without_gone(one)]}

    return change


def also(*entries: Callable[[int, int], tuple[int, int]], before: bool = False) -> Change:
    """With exclusions of nothing beside that of the manifest: by start and length, for the end of
    the manifest and of the file."""

    def change(fields: Fields, data: bytes, spans: Spans) -> Fields:
        numbers = (each(spans[0][1], len(data)) for each in entries)
        others = [{"start": fixed(at), "length": fixed(size)} for at, size in numbers]
        usual = fields["exclusions"]
        return {**fields, "exclusions": [*others, *usual] if before else [*usual, *others]}

    return change


def left_out(span: Callable[[bytes], tuple[int, int]]) -> Change:
    """A truthful hash that leaves out more."""
    return lambda fields, data, spans: data_hash(data, sorted([*spans, span(data)])).value


def in_two(fields: Fields, data: bytes, spans: Spans) -> Fields:
    """The manifest is left out in two pieces that touch."""
    ((first, last),) = spans
    pieces = ((first, first + 50), (first + 50, last))
    listed = [{"start": fixed(at), "length": fixed(end - at)} for at, end in pieces]
    return {**fields, "exclusions": listed}


def all_but(kept: int) -> Change:
    """Only the first bytes are hashed."""

    def change(fields: Fields, data: bytes, spans: Spans) -> Fields:
        span = {"start": fixed(kept), "length": fixed(len(data) - kept)}
        return {**fields, "exclusions": [span], "hash": hashlib.sha256(data[:kept]).digest()}

    return change


def wide(number: int) -> Verbatim:
    """A number of 64 bits, whatever it is."""
    return Verbatim(b"\x1b" + number.to_bytes(8, "big"))


def around(name: bytes, first: int, last: int) -> Callable[[bytes], tuple[int, int]]:
    """From so many bytes before or behind the name of a chunk to so many."""
    return lambda data: (data.index(name) + first, data.index(name) + last)


def listed(change: Callable[[list[Fields]], Any]) -> Change:
    """With another list of boxes."""
    return lambda fields, data, spans: {**fields, "boxes": change(list(fields["boxes"]))}


def where(name: str, **changes: Any) -> Change:
    """With other fields of the box of this name."""
    return listed(
        lambda boxes: [
            _without_gone({**each, **changes}) if each["names"] == [name] else each
            for each in boxes
        ]
    )


def without_box(name: str) -> Change:
    return listed(lambda boxes: [each for each in boxes if each["names"] != [name]])


def _files(odd: Mapping[str, Change]) -> Files:
    return {name: partial(bound, change) for name, change in odd.items()}


def _boxes(odd: Mapping[str, Change]) -> Files:
    return {
        f"a list of boxes, {name}": partial(bound, change, boxes_hash)
        for name, change in odd.items()
    }


CASES = grouped(
    "fields",
    USUAL,
    _WHY,
    (
        {},
        {
            **_files(
                {
                    USUAL: but(),
                    "a second padding, honest": but(pad2=bytes(9)),
                    "no name, honest": but(name=GONE),
                    "the claim's algorithm, honest": but(alg=GONE),
                    "SHA-384, honest": by("sha384"),
                    "SHA-512, honest": by("sha512"),
                    "a hash in pieces, honest": hashed(
                        lambda it: Verbatim(b"\x5f" + cbor(it[:9]) + cbor(it[9:]) + b"\xff")
                    ),
                    "a hash as a list of numbers, honest": hashed(list),
                    "an address that nobody asks, honest": but(url="https://forger.example/data"),
                    "a field of one's own, honest": but(own=1),
                    "a beginning in a longer form, honest": entry(lambda first, _: wide(first)),
                    "a field of one's own in an exclusion, honest": entry(own=1),
                    "an exclusion of nothing at the beginning, honest": also(
                        lambda end, size: (0, 0), before=True
                    ),
                    "an exclusion of nothing at the end, honest": also(lambda end, size: (size, 0)),
                    "the manifest in two exclusions, honest": in_two,
                }
            ),
            **_boxes(
                {
                    "each with its algorithm, honest": lambda fields, data, spans: {
                        "boxes": [{**each, "alg": "sha256"} for each in fields["boxes"]]
                    },
                    "the manifest is left out by word, honest": where("C2PA", excluded=True),
                }
            ),
        },
    ),
    (
        MISMATCH,
        _files(
            {
                "SHA-512 that is called SHA-256": by("sha512", "sha256"),
                "a hash that is cut": hashed(lambda it: it[:31]),
                "a hash that goes on": hashed(lambda it: it + b"\0"),
                "a hash as text": hashed(bytes.hex),
                "an empty hash": but(hash=b""),
                "the hash of nothing": but(hash=hashlib.sha256().digest()),
                "exclusions that are null": but(exclusions=None),
                "no exclusions": but(exclusions=GONE),
                "an empty list of exclusions": but(exclusions=[]),
                "a length that wraps in 32 bits": entry(
                    lasts=lambda first, last: wide(2**32 + last - first)
                ),
                "an exclusion of nothing behind the file": also(lambda end, size: (size + 9, 0)),
            }
        ),
    ),
    (
        MALFORMED,
        _files(
            {
                "exclusions in a map": but(exclusions={}),
                "an exclusion that is null": but(exclusions=[None]),
                "an exclusion that is a pair": lambda fields, data, spans: {
                    **fields,
                    "exclusions": [[fixed(spans[0][0]), fixed(spans[0][1] - spans[0][0])]],
                },
                "a beginning below zero": entry(lambda first, _: -1),
                "a length below zero": entry(lasts=lambda first, last: -1),
                "a beginning as a float": entry(lambda first, _: float(first)),
                "a length as a float": entry(lasts=lambda first, last: float(last - first)),
                "a beginning as text": entry(lambda first, _: str(first)),
                "a beginning that is true": entry(lambda first, _: True),
                "a beginning as bytes": entry(lambda first, _: first.to_bytes(4, "big")),
                "a beginning as a big number": entry(
                    lambda first, _: Verbatim(b"\xc2\x44" + first.to_bytes(4, "big"))
                ),
                "no beginning": entry(lambda first, _: GONE),
                "no length": entry(lasts=lambda first, last: GONE),
            }
        ),
    ),
    (
        UNREAD,
        _files(
            {
                "a length beyond all places": entry(lasts=lambda first, last: wide(2**64 - 1)),
                "a beginning beyond all places": entry(lambda first, _: wide(2**64 - 1)),
                "a beginning and a length that wrap": entry(
                    lambda first, _: wide(2**64 - 8), lambda first, last: fixed(last + 8)
                ),
            }
        ),
    ),
    (
        UNSUPPORTED,
        _files(
            {
                "SHA-1": by("sha1"),
                "SHA-3": by("sha3_256"),
                "an algorithm in capitals": but(alg="SHA256"),
                "an algorithm with a dash": but(alg="sha-256"),
                "an algorithm that is a number": but(alg=-16),
            }
        ),
    ),
    (
        UNOPENED,
        {
            **_files({"no padding": but(pad=GONE), "a name that is a number": but(name=7)}),
            **_boxes({"one has no padding": where("IHDR", pad=GONE)}),
        },
    ),
    (NO_HASH, _files({"no hash": but(hash=GONE), "a hash that is null": but(hash=None)})),
    (
        UNCOVERED,
        {
            **_files(
                {
                    "the whole file is left out": all_but(0),
                    "all but the first byte is left out": all_but(1),
                    "the file's head is left out": left_out(lambda data: (0, 8)),
                    "the end is left out": left_out(lambda data: (len(data) - 12, len(data))),
                    "the length of a chunk is left out": left_out(around(b"IDAT", -4, 0)),
                    "the name of a chunk is left out": left_out(around(b"IDAT", 0, 4)),
                    "the checksum of a chunk is left out": left_out(around(b"IEND", -8, -4)),
                    "the width is left out": left_out(lambda data: (16, 20)),
                }
            ),
            **_boxes({"the picture is left out by word": where("IDAT", excluded=True)}),
        },
    ),
    (
        NO_BOX,
        _boxes(
            {
                "in another order": listed(lambda boxes: boxes[::-1]),
                "one stands there twice": listed(lambda boxes: [*boxes, boxes[-1]]),
                "the manifest is not on it": without_box("C2PA"),
                "the picture is not on it": without_box("IDAT"),
                "the picture is called the manifest": where("IDAT", names=["C2PA"], hash=b""),
                "the picture by a star": where("IDAT", names=["*"]),
                "the picture in other letters": where("IDAT", names=["idat"]),
                "one is called as none there is": listed(
                    lambda boxes: [*boxes, {**boxes[-1], "names": ["xXxX"]}]
                ),
            }
        ),
    ),
    (
        NO_BOXES,
        _boxes(
            {
                "it is empty": listed(lambda boxes: []),
                "it is a map": listed(lambda boxes: {}),
                "it is null": listed(lambda boxes: None),
                "there is none": but(boxes=GONE),
                "one has no names": listed(lambda boxes: [{**boxes[0], "names": []}, *boxes[1:]]),
                "names are text": listed(
                    lambda boxes: [{**each, "names": each["names"][0]} for each in boxes]
                ),
            }
        ),
    ),
    (
        ANOTHER,
        _boxes(
            {
                "the hash of the picture is empty": where("IDAT", hash=b""),
                "the picture by another algorithm": where("IDAT", alg="sha512"),
            }
        ),
    ),
)
