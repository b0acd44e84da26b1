"""Forgeries of data hashes and box hashes (C2PA 2.4 §15.12.1, §15.12.3).

The signer lies about what his hash covers, or somebody else changes what it does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import drawn_kinds
from forged_bindings import box_hash as box_fields
from forgeries.case import Case, Made
from forgeries.forge import (
    Assertion,
    Binding,
    data_hash,
    embedded,
    fixed,
    forger,
    generated,
    put,
    sha256,
    spans_of,
    store,
)
from genlabel import formats

FAMILY = "ranges"
UNCOVERED = {
    "integrity": "broken",
    "state": "invalid",
    "attested": False,
    "errors": ("genlabel.manifest.uncovered",),
}
WORDS = {"warnings": ("genlabel.manifest.exclusions",)}
TRUSTS_EXCLUSIONS = "They compare what is hashed, and do not ask what is shown from elsewhere."
STOPS_EARLY = {
    "engine": "c2pa-rs follows the list of boxes to its end, and not the file to its own.",
    "c2pa-ts": "c2pa-ts compares no hash of boxes.",
}
JOINED = "Ranges are in order and apart (§15.12.1.1); c2pa-rs sorts and joins them."
CLIPPED = "c2pa-ts ends a range where the file ends; §15.12.1 wants it inside."
UNBOXED = "c2pa-ts compares no hash of boxes."
Span = tuple[int, int]


def broken(*codes: str) -> dict[str, object]:
    return {**UNCOVERED, "errors": codes}


def leaving(*blocks: tuple[str, int, int]) -> Binding:
    """A data hash that leaves out blocks too: name, bytes kept at its start and at its end."""

    def bind(data: bytes, spans: Sequence[Span]) -> Assertion:
        listed = formats.identify(data).survey(data).blocks
        extra = [
            (block.start + start, block.end - end)
            for name, start, end in blocks
            for block in listed
            if block.name.startswith(name)
        ]
        return data_hash(data, sorted([*spans, *extra]))

    return bind


def ranged(change: Callable[[list[Span], int], list[Span]]) -> Binding:
    """A data hash whose hash is right and whose ranges are written otherwise."""

    def bind(data: bytes, spans: Sequence[Span]) -> Assertion:
        honest = data_hash(data, spans)
        listed = change(list(spans), len(data))
        exclusions = [{"start": fixed(a), "length": fixed(b - a)} for a, b in listed]
        return replace(honest, value={**honest.value, "exclusions": exclusions})

    return bind


def boxes(**options: Any) -> Binding:
    """A box hash as the drawn ones are; see `forged_bindings.box_hash`."""
    return lambda data, _: Assertion(label="c2pa.hash.boxes", value=box_fields(data, **options))


def signed(kind: str, binding: Binding | None = None) -> bytes:
    return embedded(drawn_kinds.kinds()[kind], generated(forger()), binding=binding)


def case(name: str, make: Callable[[], bytes], differs: Mapping[str, Any], **more: Any) -> Case:
    return Case(family=FAMILY, name=name, make=lambda: Made(data=make()), differs=differs, **more)


# What a data hash leaves out

SHOWN = {
    "jpeg full": ("scan data", 20, 2),
    "png full": ("IDAT", 8, 4),
    "webp full": ("VP8", 8, 0),
    "gif animated": ("image", 11, 1),
    "tiff": ("IFD0 data", 0, 0),
    "jxl": ("jxlc", 10, 0),
    "mp3": ("MPEG audio", 500, 0),
    "flac": ("FLAC audio", 100, 0),
    "wav": ("data", 8, 0),
    "avi": ("idx1", 8, 0),
    "svg full": ("drawing", 0, 0),
}
"""A block of each container of which a viewer shows something."""
DECIDING = {
    "jpeg full": [("APP1 Exif", 10, 0), ("APP2 ICC", 18, 0), ("APP0 JFIF", 9, 0)],
    "jpeg cmyk": [("APP14 Adobe", 9, 0)],
    "mpo": [("APP2 MPF", 8, 0), ("trailing data", 0, 0)],
    "png full": [("eXIf", 8, 4), ("iCCP", 8, 4)],
    "png palette": [("tRNS", 8, 4), ("PLTE", 8, 4)],
    "apng": [("fcTL", 8, 4)],
    "webp full": [("EXIF", 8, 0), ("ICCP", 8, 0)],
    "gif animated": [("graphic control", 3, 1), ("application NETSCAPE", 14, 1)],
}
"""What decides how it looks, and is often called metadata."""
WORDY = {
    "jpeg full": ("APP1 XMP", 33, 0),
    "png full": ("tEXt parameters", 19, 4),
    "webp full": ("XMP", 8, 0),
    "wav full": ("bext", 8, 0),
}


def _left_out() -> Iterator[Case]:
    for kind in (*SHOWN, *(each for each in (*DECIDING, *WORDY) if each not in SHOWN)):
        yield case(f"{kind}, honest", partial(signed, kind), {})
    for kind, block in (*SHOWN.items(), *((k, b) for k, each in DECIDING.items() for b in each)):
        yield case(
            f"{kind}, {block[0]} is left out",
            partial(signed, kind, leaving(block)),
            UNCOVERED,
            control=f"{kind}, honest",
            why=TRUSTS_EXCLUSIONS,
        )
    for kind, block in WORDY.items():
        yield case(
            f"{kind}, only words are left out ({block[0]})",
            partial(signed, kind, leaving(block)),
            WORDS,
            control=f"{kind}, honest",
            why="Words may be left out (§18.5.1); they are named in a warning.",
        )


def _overlapping(spans: list[Span], size: int) -> list[Span]:
    return [*spans, *((start + 9, end) for start, end in spans)]


def _disordered(spans: list[Span], size: int) -> list[Span]:
    return [*spans, *((2, 2) for _ in spans)]


def _beyond(spans: list[Span], size: int) -> list[Span]:
    return [*spans, (size, size + 9)]


RANGES = {
    "overlap": (_overlapping, "malformed"),
    "come in another order": (_disordered, "malformed"),
    "end behind the file": (_beyond, "mismatch"),
}


def _ranges() -> Iterator[Case]:
    for name, (change, code) in RANGES.items():
        for kind in ("jpeg full", "png full"):
            yield case(
                f"{kind}, exclusions {name}",
                partial(signed, kind, ranged(change)),
                {
                    **broken(f"assertion.dataHash.{code}"),
                    "form": "malformed" if code == "malformed" else "well-formed",
                },
                control=f"{kind}, honest",
                why=JOINED if code == "malformed" else CLIPPED,
            )


# What a box hash leaves out

BOXED = ("jpeg full", "png full", "gif animated", "jxl")


def appended(kind: str, tail: bytes, **options: Any) -> bytes:
    return signed(kind, boxes(**options)) + tail


def inserted(kind: str) -> bytes:
    """A text more in a PNG file, without anybody's key."""
    data = signed(kind, boxes())
    at = formats.identify(data).survey(data).blocks[-1].start
    return data[:at] + drawn_kinds.chunk(b"tEXt", b"Comment\0more") + data[at:]


def _boxed() -> Iterator[Case]:
    for kind in BOXED:
        yield case(f"{kind}, boxes, honest", partial(signed, kind, boxes()), {})
        yield case(
            f"{kind}, boxes, the list ends early",
            partial(signed, kind, boxes(upto=3)),
            broken("assertion.boxesHash.unknownBox"),
            control=f"{kind}, boxes, honest",
            why=STOPS_EARLY,
        )
    unknown = broken("assertion.boxesHash.unknownBox")
    behind = {"jpeg full": unknown, "png full": UNCOVERED, "gif animated": UNCOVERED}
    for kind, differs in behind.items():
        for name, tail in (("a picture", "jpeg"), ("a film", "avif")):
            yield case(
                f"{kind}, boxes, {name} is put behind it",
                partial(appended, kind, drawn_kinds.kinds()[tail]),
                UNCOVERED if name == "a film" else differs,
                control=f"{kind}, boxes, honest",
                why=STOPS_EARLY,
            )
    for kind, excluded in (("png full", "IDAT"), ("jpeg full", "SOS"), ("jpeg full", "APP1")):
        words = WORDS if excluded == "APP1" else {}  # Exif is one of them, XMP the other
        yield case(
            f"{kind}, boxes, {excluded} is excluded",
            partial(signed, kind, boxes(excluded=(excluded,))),
            {**UNCOVERED, **words},
            control=f"{kind}, boxes, honest",
            why=TRUSTS_EXCLUSIONS,
        )
    yield case(
        "png full, boxes, words are excluded",
        partial(signed, "png full", boxes(excluded=("iTXt",))),
        WORDS,
        control="png full, boxes, honest",
        why="As in the example of §18.7.4; what is left out is named in a warning.",
    )
    yield case(
        "png full, boxes, a chunk is added",
        partial(inserted, "png full"),
        unknown,
        control="png full, boxes, honest",
        why=UNBOXED,
    )


# Several parts

_ADDRESS = "self#jumbf=c2pa.assertions/"


def parted(tail: bytes, *, listed: bool = True) -> bytes:
    """A photograph with a picture behind it: hashes over the whole, and over each of the two.

    `listed`: does the claim name the list of the parts?
    """
    source, assertions = drawn_kinds.kinds()["jpeg full"] + tail, ()
    for _ in range(6):
        whole = put(source, store(generated(forger()).with_(*assertions)))
        *hashes, parts = _hashes(whole, len(whole) - len(tail))
        again = (*hashes, replace(parts, listed=listed))
        if again == assertions:
            return whole
        assertions = again
    raise AssertionError("the places do not settle")


def _hashes(whole: bytes, first: int) -> Iterator[Assertion]:
    spans = spans_of(whole)
    yield data_hash(whole, spans)
    photograph = replace(data_hash(whole[:first], spans), label="c2pa.hash.data.part")
    behind = replace(data_hash(whole[first:], ()), label="c2pa.hash.data.part__1")
    yield from (photograph, behind)
    parts = [
        {
            "location": {"byteOffset": fixed(at), "length": fixed(length)},
            "hashAssertion": {"url": _ADDRESS + each.label, "hash": sha256(each.boxed)},
            "optional": at > 0,
        }
        for each, at, length in ((photograph, 0, first), (behind, first, len(whole) - first))
    ]
    yield Assertion(label="c2pa.hash.multi-asset", value={"parts": parts})


def _parted() -> Iterator[Case]:
    tail, other = (drawn_kinds.kinds()[kind] for kind in ("png palette", "png rgba"))
    name = "jpeg and png, two parts"
    unread = "c2pa-rs and c2pa-ts do not read multi-asset hashes (§15.12.4)."
    yield case(f"{name}, honest", lambda: parted(tail), {})
    yield case(
        f"{name}, the optional one is dropped",
        lambda: parted(tail)[: -len(tail)],
        {},
        why=unread,
    )
    yield case(
        f"{name}, a list that the claim does not name lets one be dropped",
        lambda: parted(tail, listed=False)[: -len(tail)],
        {
            **broken("assertion.dataHash.mismatch", "assertion.undeclared"),
            "form": "malformed",
        },
        control=f"{name}, honest",
    )
    mismatch = broken("assertion.multiAssetHash.mismatch")
    yield case(
        f"{name}, the second is exchanged",
        lambda: parted(tail)[: -len(tail)] + other + bytes(max(0, len(tail) - len(other))),
        mismatch,
        control=f"{name}, honest",
    )
    yield case(
        f"{name}, the second is cut off",
        lambda: parted(tail)[:-9],
        mismatch,
        control=f"{name}, honest",
    )


CASES: tuple[Case, ...] = (*_left_out(), *_ranges(), *_boxed(), *_parted())
