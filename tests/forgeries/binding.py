"""Forgeries of the hard binding: what is shown is not what was signed (C2PA 2.4 §15.12)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from drawn_kinds import kinds
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
    store,
    usual_binding,
)
from genlabel import formats
from genlabel.model.errors import MalformedAsset
from genlabel.testing import picture
from resigning import Verbatim, cbor, head

FAMILY = "binding"
BROKEN = {"integrity": "broken", "state": "invalid", "attested": False}


def pictures() -> dict[str, bytes]:
    """One small file of every container that a manifest is embedded in."""
    drawn = kinds()
    return {
        **{kind: picture(kind) for kind in ("jpeg", "png", "webp")},
        **{
            kind: drawn[kind]
            for kind in ("gif", "tiff", "dng", "avif", "heic", "svg", "jxl", "wav", "avi", "mp3")
        },
        **{kind: drawn[kind] for kind in ("flac", "mp4", "mov", "m4a") if kind in drawn},
    }


def signed(data: bytes, binding: Binding | None = None) -> bytes:
    return embedded(data, generated(forger()), binding=binding)


def a_shown_byte(data: bytes) -> int:
    """Where a byte of a coded picture lies, the last one of its file."""
    container = formats.identify(data)
    before = [bytes(each) for each in container.essence(container.survey(data))]
    for at in range(len(data) - 1, 0, -1):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        try:
            survey = container.survey(changed)
            after = [bytes(each) for each in container.essence(survey)]
        except MalformedAsset:
            continue
        if survey.missing_end is not None:
            continue  # that byte was the end's own
        if [*map(len, after)] == [*map(len, before)] and after != before:
            return at
    raise AssertionError("nothing is shown")


def honest(kind: str) -> Case:
    return Case(
        family=FAMILY,
        name=f"{kind}, honest",
        make=lambda: Made(data=signed(pictures()[kind])),
        differs={},
    )


def exchanged(kind: str) -> Case:
    """A byte of the coded picture is another one."""

    def make() -> Made:
        data = signed(pictures()[kind])
        at = a_shown_byte(data)
        return Made(data=data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])

    code = "assertion.bmffHash.mismatch" if kind in _ISO else "assertion.dataHash.mismatch"
    return Case(
        family=FAMILY,
        name=f"{kind}, a coded byte is changed",
        make=make,
        differs={**BROKEN, "errors": (code,)},
        control=f"{kind}, honest",
    )


_ISO = ("avif", "heic", "mp4", "mov", "m4a")
_RANGES = tuple(kind for kind in pictures() if kind not in _ISO)
UNKNOWN = {"integrity": "unknown", "form": "malformed", "state": "invalid", "attested": False}
UNCOVERED = {**BROKEN, "errors": ("genlabel.manifest.uncovered",)}
AMBIGUOUS = {**BROKEN, "form": "malformed", "errors": ("genlabel.manifest.ambiguous",)}
"""Two readers could see two things; the engine reads none of it."""
UNREAD = {
    **{**BROKEN, "trust": None, "validity": None, "time": None, "source_type": None},
    "form": "malformed",
    "errors": ("genlabel.manifest.unreadable",),
}
_TAKES = "they compare what the binding covers, and do not ask what is shown from elsewhere"
_BEHIND = {
    "engine": "c2pa-python compares the boxes that are listed, and not what lies behind them",
    "c2pa-ts": "c2pa-ts compares no hash of boxes",
}


def _case(
    name: str,
    make: Callable[[], Made],
    differs: Mapping[str, Any],
    why: str | Mapping[str, str] = "",
    kind: str = "png",
) -> Case:
    return Case(
        family=FAMILY,
        name=f"{kind}, {name}",
        make=make,
        differs=differs,
        control=None if name.endswith("honest") else f"{kind}, honest",
        why=why,
    )


def a_shown_byte_left_out(kind: str) -> Case:
    """The hash leaves out the last coded byte, which is then another one."""

    def bind(data: bytes, spans: Sequence[tuple[int, int]]) -> Assertion:
        at = a_shown_byte(data)
        return data_hash(data, sorted([*spans, (at, at + 1)]))

    def make() -> Made:
        data = signed(pictures()[kind], bind)
        at = a_shown_byte(data)
        return Made(data=data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])

    return _case("a coded byte is left out and changed", make, UNCOVERED, _TAKES, kind)


def changed(value: Callable[[dict[str, Any]], object], kind: str = "png") -> Made:
    """A file whose binding has another value than the honest one."""

    def bind(data: bytes, spans: Sequence[tuple[int, int]]) -> Assertion:
        honest = usual_binding(data)(data, spans)
        return replace(honest, value=value(dict(honest.value)))

    return Made(data=signed(pictures()[kind], bind))


_APPENDED = {"jpeg": "assertion.boxesHash.unknownBox", "png": "genlabel.manifest.uncovered"}


def behind_the_end(kind: str) -> Case:
    """A second picture behind the end of the first, under a hash of boxes."""

    def make() -> Made:
        whole = signed(pictures()[kind], boxes_hash)
        return Made(data=whole + picture(kind, seed=9))

    return _case(
        "another picture is appended to a hash of boxes",
        make,
        {**BROKEN, "errors": (_APPENDED[kind],)},
        _BEHIND,
        kind,
    )


def boxes_hash(data: bytes, spans: Sequence[tuple[int, int]]) -> Assertion:
    """``c2pa.hash.boxes`` of a PNG or JPEG file: before, the manifest, behind (§18.8)."""
    return Assertion(
        label="c2pa.hash.boxes",
        value={
            "alg": "sha256",
            "boxes": [
                {
                    "names": [name],
                    "hash": b"" if name == "C2PA" else hashlib.sha256(part).digest(),
                    "pad": b"",
                }
                for name, part in boxes_of(data)
            ],
        },
    )


def boxes_of(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The boxes of a PNG or JPEG file by the names that C2PA gives them (§A.3)."""
    if data.startswith(b"\x89PNG"):
        yield "PNGh", data[:8]
        at = 8
        while at < len(data):
            end = at + 12 + int.from_bytes(data[at : at + 4], "big")
            kind = data[at + 4 : at + 8].decode()
            yield ("C2PA" if kind == "caBX" else kind), data[at:end]
            at = end
        return
    yield "SOI", data[:2]
    at, names = 2, {0xDA: "SOS", 0xDB: "DQT", 0xC0: "SOF0", 0xC4: "DHT", 0xE0: "APP0", 0xE1: "APP1"}
    while data[at + 1] != 0xD9:
        marker = data[at + 1]
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xDA:
            end = data.rindex(b"\xff\xd9")
        yield ("C2PA" if marker == 0xEB else names[marker]), data[at:end]
        at = end
    yield "EOI", data[at : at + 2]


def _twice_the_same_key(value: dict[str, Any]) -> Verbatim:
    """The binding with its hash twice: the true one, and another."""
    honest = cbor(value)
    return Verbatim(head(5, len(value) + 1) + honest[1:] + cbor("hash") + cbor(bytes(32)))


def _indefinite(value: dict[str, Any]) -> Verbatim:
    """The same map with an indefinite length, as some signers write it (RFC 8949 §3.2.2)."""
    return Verbatim(b"\xbf" + cbor(value)[1:] + b"\xff")


def _with_address(value: dict[str, Any]) -> dict[str, Any]:
    address = "must fetch remote manifests from url https://forger.example/manifest.c2pa"
    return {**value, "name": address, "hash": bytes(32)}


def two_assertions_of_one_label() -> Made:
    draft = generated(forger())
    other = replace(draft.assertions[0], listed=False)
    twin = replace(draft, assertions=(*draft.assertions, other))
    return Made(data=embedded(pictures()["png"], twin))


def moved() -> Made:
    """A signed manifest in another picture of the same size."""
    whole, other = signed(pictures()["png"]), picture("png", seed=3)
    survey = formats.identify(whole).survey(whole)
    return Made(data=put(other, survey.manifest))


def bytes_behind_the_store() -> Made:
    data = pictures()["png"]
    whole = signed(data)
    survey = formats.identify(whole).survey(whole)
    assert survey.manifest is not None
    return Made(data=put(whole, bytes(survey.manifest) + b"behind"))


def _of_each_kind() -> Iterator[Case]:
    for kind in pictures():
        yield honest(kind)
        yield exchanged(kind)
    for kind in _RANGES:
        yield a_shown_byte_left_out(kind)
    for kind in ("jpeg", "png"):
        yield _case(
            "a hash of boxes, honest",
            lambda kind=kind: Made(data=signed(pictures()[kind], boxes_hash)),
            {},
            kind=kind,
        )
        yield behind_the_end(kind)


def _of_odd_fields() -> Iterator[Case]:
    malformed = {**BROKEN, "form": "malformed", "errors": ("assertion.dataHash.malformed",)}
    mismatch = {**BROKEN, "errors": ("assertion.dataHash.mismatch",)}
    yield _case(
        "exclusions that overlap",
        lambda: changed(lambda value: {**value, "exclusions": value["exclusions"] * 2}),
        malformed,
        {"engine": "c2pa-python sorts and joins ranges that §15.12.1 wants in order and apart"},
    )
    yield _case(
        "an exclusion behind the end of the file",
        lambda: changed(
            lambda value: {
                **value,
                "exclusions": [*value["exclusions"], {"start": fixed(10**6), "length": fixed(9)}],
            }
        ),
        mismatch,
        {"c2pa-ts": "c2pa-ts ends a range where the file ends; §15.12.1 wants it inside"},
    )
    yield _case(
        "a hash by MD5",
        lambda: changed(lambda value: {**value, "alg": "md5", "hash": bytes(16)}),
        {**UNKNOWN, "errors": ("algorithm.unsupported",)},
    )
    yield _case(
        "the binding has its hash twice",
        lambda: changed(_twice_the_same_key),
        AMBIGUOUS,
        {"encypher": "encypher-c2pa reads one of the two; RFC 8949 §5.6 calls such a map invalid"},
    )
    yield _case("a binding of indefinite length, honest", lambda: changed(_indefinite), {})
    yield _case(
        "a binding that is wrong and names an address",
        lambda: changed(_with_address),
        mismatch,
    )


def _of_odd_stores() -> Iterator[Case]:
    yield _case(
        "the manifest of another picture",
        moved,
        {**BROKEN, "errors": ("assertion.dataHash.mismatch",)},
    )
    yield _case(
        "two assertions of one label",
        two_assertions_of_one_label,
        {**AMBIGUOUS, "source_type": None},
        {"c2pa-ts": "c2pa-ts reads one of the two, and does not see the other"},
    )
    yield _case("bytes behind the manifest store", bytes_behind_the_store, UNREAD)
    yield _case(
        "no binding at all",
        lambda: Made(data=put(pictures()["png"], store(generated(forger())))),
        {**UNKNOWN, "errors": ("claim.hardBindings.missing",)},
    )
    yield _case(
        "two bindings",
        lambda: Made(
            data=embedded(
                pictures()["png"],
                generated(forger()).with_(boxes_hash(pictures()["png"], ())),
            )
        ),
        {**BROKEN, "form": "malformed", "errors": ("assertion.multipleHardBindings",)},
    )


CASES: tuple[Case, ...] = (*_of_each_kind(), *_of_odd_fields(), *_of_odd_stores())
