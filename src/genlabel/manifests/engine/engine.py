"""Reading by c2pa-python, every known trap of it closed once.

It is loaded by `load` at the first use. Whatever it answers is data; what it means is decided in
`validation`. Signing by it has a room of its own, `signing`, of which who only reads loads nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import Any

from genlabel.credentials.trust import Trust
from genlabel.formats.format import Buffer
from genlabel.manifests.engine import deep_stack, load
from genlabel.manifests.engine.c_api import Refused, View, native
from genlabel.manifests.engine.cancel import carried_out
from genlabel.manifests.engine.reading_context import kept_context, reading_context
from genlabel.model.dataclass import dataclass
from genlabel.storage import beside

NO_KIND = "application/octet-stream"
_STORE = "application/c2pa"
"""By this the engine finds no fault with an empty file, of whatever kind the binding is."""
_NAKED_CODESTREAM = b"\xff\x0a"  # ISO/IEC 18181-1 Annex D.1; the engine reads its container only
_NO_PLACE = (
    "naked codestream",  # of JPEG XL
    "Not a valid JPEG XL container",
    "XML invalid",
    "SVG root element not found",  # one that closes itself
    'expected "RIFF"',  # RF64 and BW64
)
"""What the engine says of files in which it finds no place for a manifest. Where our survey sees
one all the same, that is told as a contradiction."""

NOBODY = Trust()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the engine says of a file: a document, a refusal in its own words, or neither.

    Neither means that the engine finds no manifest.
    """

    document: Mapping[str, Any] | None = None
    """The engine's manifest report (`Reader.json`), parsed."""
    refusal: str | None = None
    crjson: Mapping[str, Any] | None = None
    """The same as crJSON, parsed, where that was asked for."""
    instead: bytes | None = None
    """The store that was read in place of one that the engine refuses."""


def read(data: Buffer, mime: str, trust: Trust = NOBODY, *, store: bytes | None = None) -> Answer:
    """What the engine says of the manifest in `data`, by its own hashing and these anchors.

    With `store`, that manifest store is read in place of the one that `data` carries.
    """
    try:
        media_type = mime if store is None else known(data, mime)
        return Answer(document=json.loads(_view("json", data, media_type, trust, store)))
    except Refused as refusal:
        sentence = str(refusal)
        if sentence.startswith("ManifestNotFound") or any(words in sentence for words in _NO_PLACE):
            return Answer()
        return Answer(refusal=sentence)


@contextmanager
def store_under_way(
    store: bytes, *, crjson: bool = False, is_alone: bool = True
) -> Iterator[Callable[[], Answer]]:
    """What `read_store` tells of `store`, waited for when it is asked: the engine works meanwhile.

    Where there is room for that; else it is asked then. `is_alone` says that nothing else has a
    thread meanwhile: one manifest is read faster than it would wait for a third core. No interrupt
    is kept from other work, and the engine has come back before `with` is left. With `crjson` the
    answer has that view, too, which costs a tenth of another reading.
    """
    manifests = deep_stack.manifests_in(store)
    many = manifests > deep_stack.FEW
    context = kept_context(NOBODY, os.getpid(), identities=False)
    stack = deep_stack.STACK if many else None
    worthwhile = beside.is_room() and (is_alone or manifests > 1)
    with native().store_under_way(
        context, store, beside=many or worthwhile, stack=stack, crjson=crjson
    ) as view:
        yield partial(_answered, view, crjson=crjson)


def _answered(view: Callable[[View], bytes], *, crjson: bool = False) -> Answer:
    try:
        answer = Answer(document=json.loads(view("json")))
    except Refused as refusal:
        return Answer(refusal=str(refusal))
    with suppress(Refused):
        return replace(answer, crjson=json.loads(view("crjson"))) if crjson else answer
    return answer


def read_store(store: bytes, *, identities: bool = False) -> Answer:
    """What the engine says of a manifest store alone, whatever file it belongs to, trusting nobody.

    All it says is as it says it of the whole file, but for what follows from the file's own bytes
    and from trust: those are judged in `validation`. Identity assertions are decoded only with
    `identities`: the engine gives up on a manifest with one that it cannot decode.
    """

    def view(name: View) -> bytes:
        read = partial(_view, name, b"", _STORE, NOBODY, store, identities=identities)
        return deep_stack.with_room(deep_stack.manifests_in(store), read)

    return _answered(view)


def crjson_of(store: bytes) -> Mapping[str, Any] | None:
    """The crJSON view (C2PA 2.4, crJSON) of a manifest store alone; None where it is not opened."""
    read = partial(_view, "crjson", b"", _STORE, NOBODY, store)
    with suppress(Refused):
        return dict(json.loads(deep_stack.with_room(deep_stack.manifests_in(store), read)))
    return None


def known(data: Buffer, mime: str) -> str:
    """`mime`, or bytes of no kind for a file beside its manifest that the engine does not open."""
    naked = mime == "image/jxl" and bytes(data[:2]) == _NAKED_CODESTREAM
    return NO_KIND if naked else mime


def _view(
    view: View,
    data: Buffer,
    mime: str,
    trust: Trust,
    store: bytes | None = None,
    *,
    identities: bool = False,
) -> bytes:
    with (
        carried_out() as stop,
        reading_context(len(data), stop, trust, identities=identities) as context,
    ):
        return native().read(context, data, mime, store, view, stop)


def versions() -> Mapping[str, str]:
    """The engine's package and core versions, for reports."""
    package = load.version()
    cores = dict(each.partition("/")[::2] for each in native().version().split())
    return {"c2pa-python": package, "c2pa-rs": cores.get("c2pa-rs", "unknown")}
