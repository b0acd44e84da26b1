"""Forgeries in which two readers see two things: two stores, and bindings that are none.

C2PA 2.4 §15.5.2.1 (one store), §10.3.2 and §15.12 (which assertion is the hard binding).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from drawn_kinds import kinds
from forgeries import iso
from forgeries.binding import UNREAD, a_shown_byte, pictures
from forgeries.case import Case, by_data
from forgeries.forge import (
    C2PA_USER_TYPE,
    STORE,
    Assertion,
    Binding,
    Draft,
    bmff_hash,
    box,
    data_hash,
    embedded,
    forger,
    generated,
    put,
    spans_of,
    store,
    superbox,
)
from genlabel import formats
from oracles.chain import Chain

FAMILY = "stores"
SEVERAL = {
    **{"integrity": "unknown", "form": "malformed", "state": "unknown", "attested": False},
    **dict.fromkeys(("trust", "validity", "time", "source_type")),
    "errors": ("genlabel.manifest.several",),
}
UNBOUND = {
    **{"integrity": "unknown", "form": "malformed", "state": "invalid", "attested": False},
    "errors": ("claim.hardBindings.missing",),
}
WORDS = {"warnings": ("genlabel.manifest.exclusions",)}
_WHY = {
    "engine": "c2pa-python takes a label that begins like a hash of data for one, and asks in no "
    "case what the hash leaves out",
    "encypher": "encypher-c2pa reads one store of several and a gathered binding like another, and "
    "knows none that has a number",
    "c2pa-ts": "c2pa-ts reads one store of several, and a gathered binding like another",
}
_case = by_data(FAMILY, _WHY)
_ISO = ("mp4", "mov", "m4a", "avif", "heic")
_PAGES = ("tiff two pages", "bigtiff pages")
_SOFTWARE, _MANIFEST = (each.to_bytes(2, "little") for each in (305, 0xCD41))


def signed(kind: str, binding: Binding | None = None, draft: Draft | None = None) -> bytes:
    data = kinds().get(kind) or pictures()[kind]
    return embedded(data, draft or generated(forger()), binding=binding)


@cache
def foreign() -> bytes:
    """The manifest store of somebody else."""
    return store(generated(Chain.new("Stranger Ltd")))


def with_box(kind: str, purpose: bytes) -> bytes:
    """A signed file with another C2PA box at its end, which no binding covers (§A.5)."""
    content = C2PA_USER_TYPE + bytes(4) + purpose + b"\0" + bytes(8) + foreign()
    return signed(kind) + box(b"uuid", content)


def second_in_tiff(kind: str) -> bytes:
    """Each entry of the first directory that names a program is one of a manifest, and signed."""
    whole = signed(kind)
    survey = formats.identify(whole).survey(whole)
    assert survey.manifest is not None
    first = _SOFTWARE + (2).to_bytes(2, "little")
    other = whole.replace(first, _MANIFEST + (7).to_bytes(2, "little"), 1)
    assert other != whole
    again = store(generated(forger()).with_(data_hash(other, spans_of(whole))))
    assert len(again) == len(survey.manifest)
    return other.replace(bytes(survey.manifest), again)


def called(label: str, *, loose: bool = False) -> bytes:
    """A binding by that label; `loose`: it leaves out a coded byte, which is then another one."""

    def bind(data: bytes, spans: Sequence[tuple[int, int]]) -> Assertion:
        at = a_shown_byte(data)
        left = [(at, at + 1)] if loose else []
        return replace(data_hash(data, sorted([*spans, *left])), label=label)

    data = signed("png", bind)
    at = a_shown_byte(data)
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :] if loose else data


def gathered(kind: str) -> bytes:
    """The one binding is among what somebody else said (§10.3.2)."""
    usual = bmff_hash if kind in _ISO else data_hash
    return signed(kind, lambda data, spans: replace(usual(data, spans), created=False))


def too_many() -> bytes:
    """A film whose binding leaves its media out, by more entries than we hold against its boxes."""
    film = kinds()["mp4"] + box(b"free", b"") * 2000
    entries = ({"xpath": "/mdat"}, *({"xpath": "/free"} for _ in range(3000)))
    return iso.signed(film, entries=entries, loose=iso.root(b"mdat"))


def relabelled(label: str) -> bytes:
    """The store's own label is another one, which nobody has signed."""
    whole = signed("png")
    survey = formats.identify(whole).survey(whole)
    assert survey.manifest is not None
    stored = bytes(survey.manifest)
    inside = stored[len(superbox("c2pa", STORE)) :]
    return put(whole, superbox(label, STORE, inside))


def _doubles() -> Iterator[Case]:
    for kind in _ISO:
        yield _case(f"{kind}, honest", lambda kind=kind: signed(kind), {})
        for purpose in ("manifest", "original", "update"):
            yield _case(
                f"{kind}, a second box of purpose {purpose}",
                lambda kind=kind, purpose=purpose: with_box(kind, purpose.encode()),
                SEVERAL,
                f"{kind}, honest",
            )
        yield _case(
            f"{kind}, a box of a purpose that there is not",
            lambda kind=kind: with_box(kind, b"whatever"),
            WORDS,
            f"{kind}, honest",
            dict.fromkeys(_WHY, "what lies in a C2PA box is bound by nobody; we say so"),
        )
    for kind in _PAGES:
        yield _case(f"{kind}, honest", lambda kind=kind: signed(kind), {})
        yield _case(
            f"{kind}, two pages have a manifest",
            lambda kind=kind: second_in_tiff(kind),
            SEVERAL,
            f"{kind}, honest",
        )


def _bindings() -> Iterator[Case]:
    yield _case("png, honest", lambda: signed("png"), {})
    yield _case("png, a second instance, honest", lambda: called("c2pa.hash.data__1"), {})
    for suffix in ("__x", "__", "__1__2", "__12345678901", "__-1"):
        yield _case(
            f"png, a binding called c2pa.hash.data{suffix} that leaves a coded byte out",
            lambda suffix=suffix: called(f"c2pa.hash.data{suffix}", loose=True),
            UNBOUND,
            "png, a second instance, honest",
        )
    for kind in ("jpeg", "png", "mp4", "avif"):
        control = f"{kind}, honest"
        if kind == "jpeg":
            yield _case(control, lambda: signed("jpeg"), {})
        yield _case(
            f"{kind}, the binding is only gathered",
            lambda kind=kind: gathered(kind),
            UNBOUND,
            control,
        )
    yield _case(
        "mp4, exclusions without end leave the media out",
        too_many,
        UNBOUND,
        "mp4, honest",
    )
    for label in ("C2PA", "с2ра", "c2pa "):
        yield _case(
            f"png, the store is called {label!r}",
            lambda label=label: relabelled(label),
            UNREAD,
            "png, honest",
            dict.fromkeys(_WHY, "the label of the store is where absolute URIs begin (§11.1.4.2)"),
        )


CASES: tuple[Case, ...] = (*_doubles(), *_bindings())
