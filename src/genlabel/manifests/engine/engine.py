"""Signing and reading by c2pa-python, every known trap of it closed once.

Who only reads loads nothing of what signs: that is imported within the functions that do.
It is loaded by `load` at the first use. Whatever it answers is data; what it means is decided in
`validation`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict

from genlabel.credentials.trust import Trust
from genlabel.formats.format import Buffer
from genlabel.manifests.engine import deep_stack, load, streams
from genlabel.manifests.engine.c_api import (
    IngredientRefused,
    Part as Part,
    Refused,
    Spans,
    View,
    native,
)
from genlabel.manifests.engine.cancel import carried_out
from genlabel.manifests.engine.ingredient_source import (
    IngredientSource as IngredientSource,
    Sources,
    in_parts,
)
from genlabel.manifests.engine.reading_context import kept_context, reading_context
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import SigningError
from genlabel.storage import beside, buffers

if TYPE_CHECKING:
    from genlabel.credentials.identity import Identity
    from genlabel.credentials.signer import Signer
    from genlabel.manifests.engine import placeholder

_NO_KIND = "application/octet-stream"
_STORE = "application/c2pa"
"""By this the engine finds no fault with an empty file, of whatever kind the binding is."""
# Of these the engine hashes what it would write, which is not the file that stays beside the
# manifest. Of bytes that it knows nothing about it hashes every one.
_HASHED_AS_IT_IS = dict.fromkeys(
    ("image/jpeg", "application/pdf", "audio/mpeg", "audio/flac", "audio/wav", "video/avi"),
    _NO_KIND,
)
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

_NOBODY = Trust()


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


class Asked(TypedDict):
    """What every way of signing is asked, by the names of its parameters."""

    definition: Mapping[str, Any]
    signer: Signer
    ingredients: Sources
    trust: Trust
    identity: Identity | None
    room: bool


def sign(
    data: Buffer | Sequence[Buffer],
    mime: str,
    definition: Mapping[str, Any],
    signer: Signer,
    ingredients: Sources = (),
    *,
    trust: Trust = _NOBODY,
    identity: Identity | None = None,
    embed: bool = True,
    room: bool = False,
) -> bytes | memoryview:
    """`data` with a signed manifest embedded, as `definition` says; not to `embed`: its store.

    `data` may be a file in pieces, which need not be joined for this. With `identity`, an identity
    assertion over all assertions of the definition is signed along. With `room` the signature is
    padded by some 10 KB, into which a time-stamp can be put. Of a large file the result is a
    mapped one, without a name.

    The ingredients are validated by `trust`, which stands in what is recorded of them. `data` must
    carry no manifest: over one, the engine would drop it silently. Nothing is checked
    here; the caller reads the result back. Raises `SigningError` when the engine refuses, or
    when a signer that keeps its key to itself fails, with what it raised as the cause.
    """
    from genlabel.credentials.signer import at_present
    from genlabel.manifests.engine import placeholder
    from genlabel.manifests.engine.signers import native_signer

    pieces = data if isinstance(data, Sequence) and not isinstance(data, Buffer) else [data]
    referenced = _labels(definition) if identity else ()
    parts, trust = _parts(ingredients, trust)
    size = sum(map(len, pieces))
    with buffers.new_file(size) as output:
        with (
            _RefusalsTold(),
            carried_out() as stop,
            native_signer(at_present(signer), identity, referenced, room=room) as signing,
            reading_context(size, stop, trust) as context,
            native().builder(context, json.dumps(definition), parts, stop) as builder,
        ):
            store = native().sign(
                builder,
                signing,
                streams.source(pieces, stop),
                mime if embed else _HASHED_AS_IT_IS.get(mime, _known(pieces[0], mime)),
                streams.sink(output, size, stop),
                embed=embed,
            )
        if embed:
            return buffers.written(output)
        most = placeholder.most(definition, signer, room=room)
        return placeholder.shortened(store, most, signed=True)


def sign_into(
    put: placeholder.Put,
    definition: Mapping[str, Any],
    signer: Signer,
    ingredients: Sources = (),
    *,
    trust: Trust = _NOBODY,
    identity: Identity | None = None,
    room: bool = False,
    likely: Spans = (),
    iso: bool = False,
) -> bytes:
    """The signed store for a file into which `put` puts it, bound to all other bytes of the file.

    All else is as with `sign`, but that the engine never sees the file: it is hashed here, once.
    `put` is called with stores of which only the last one's length counts, and the caller puts in
    what is returned here. It is called once where `likely` are spans as `placeholder.as_long` has
    them for the real ones; and for `iso` media, whose hash goes by root boxes (`iso_hash`).
    """
    from genlabel.credentials.signer import at_present
    from genlabel.manifests.engine import iso_hash, placeholder
    from genlabel.manifests.engine.signers import native_signer
    from genlabel.manifests.engine.signing_context import signing_context

    referenced = _labels(definition) if identity else ()
    parts, trust = _parts(ingredients, trust)
    signer = at_present(signer)
    with _RefusalsTold(), ExitStack() as held:
        # while files are put together and hashed there is no need
        with carried_out(calls=bool(parts)) as stop:
            context = held.enter_context(
                signing_context(signer, identity, referenced, trust, room=room)
            )
            bound = iso_hash.bound(definition) if iso else placeholder.bound(definition, likely)
            builder = held.enter_context(native().builder(context, bound, parts, stop))

        def signed(binding: dict[str, Any]) -> bytes:
            if identity is None and not iso:
                with (
                    native_signer(signer, None, (), room=room) as signing,
                    carried_out(calls=bool(signing.callbacks)),
                ):
                    return native().sign_hashed(builder, signing, json.dumps(binding))
            with carried_out() as stop:
                # which that refuses: a builder of its own, that has the hash from its beginning
                label = iso_hash.LABEL if iso else placeholder.LABEL
                whole = json.dumps(placeholder.with_binding(definition, binding, label))
                with native().builder(context, whole, parts, stop) as final:
                    return native().sign_embeddable(final)

        most, below = placeholder.most(definition, signer, room=room), _below(ingredients)
        alone = most is not None and identity is None and not parts
        shape = placeholder.shape_of(bound, signer) if alone else None
        work = native(), builder, put, signed
        if iso:
            return iso_hash.placed(*work, most=most, below=below, shape=shape)
        return placeholder.placed(*work, most=most, below=below, likely=likely, shape=shape)


def sign_beside(
    binding: placeholder.Binding,
    definition: Mapping[str, Any],
    signer: Signer,
    ingredients: Sources = (),
    *,
    trust: Trust = _NOBODY,
    identity: Identity | None = None,
    room: bool = False,
) -> bytes:
    """The signed store, with this binding, of a file that it stays beside; all else as `sign`."""
    from genlabel.credentials.signer import at_present
    from genlabel.manifests.engine import placeholder
    from genlabel.manifests.engine.signing_context import signing_context

    referenced = _labels(definition) if identity else ()
    parts, trust = _parts(ingredients, trust)
    signer, (label, fields) = at_present(signer), binding
    whole = json.dumps(placeholder.with_binding(definition, fields, label))
    with (
        _RefusalsTold(),
        carried_out() as stop,
        signing_context(signer, identity, referenced, trust, room=room) as context,
        native().builder(context, whole, parts, stop) as builder,
    ):
        store = native().sign_embeddable(builder)
    # no hash depends on the length of what lies beside a file
    most = placeholder.most(definition, signer, room=room)
    return placeholder.shortened(store, most, _below(ingredients), signed=True)


class _RefusalsTold:
    """What the engine refuses within is a `SigningError` in its words."""

    __slots__ = ()

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, IngredientRefused):
            raise SigningError(
                f"{error.called}: the C2PA engine cannot read this picture "
                f"({error}), so it cannot go into the history",
                remedy="leave that picture out, get the untouched original, or drop its manifest "
                "with --existing replace",
            ) from error
        if isinstance(error, Refused):
            raise SigningError(f"the C2PA engine refused to sign: {error}") from error


def _parts(ingredients: Sources, trust: Trust) -> tuple[list[Part], Trust]:
    """The ingredients in parts, and whom to trust meanwhile: nobody where there are none."""

    def document(source: IngredientSource) -> Mapping[str, Any] | None:
        (data,) = Part(source.data, "").pieces
        return read(data, source.mime, trust, store=source.store).document

    return (parts := in_parts(ingredients, document)), trust if parts else _NOBODY


def _below(sources: Sources) -> bytes:
    """The boxes that the engine is not shown of their stores."""
    return b"".join(each.below for each in sources if isinstance(each, IngredientSource))


def read(data: Buffer, mime: str, trust: Trust = _NOBODY, *, store: bytes | None = None) -> Answer:
    """What the engine says of the manifest in `data`, by its own hashing and these anchors.

    With `store`, that manifest store is read in place of the one that `data` carries.
    """
    try:
        media_type = mime if store is None else _known(data, mime)
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
    context = kept_context(_NOBODY, os.getpid(), identities=False)
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
        read = partial(_view, name, b"", _STORE, _NOBODY, store, identities=identities)
        return deep_stack.with_room(deep_stack.manifests_in(store), read)

    return _answered(view)


def crjson_of(store: bytes) -> Mapping[str, Any] | None:
    """The crJSON view (C2PA 2.4, crJSON) of a manifest store alone; None where it is not opened."""
    read = partial(_view, "crjson", b"", _STORE, _NOBODY, store)
    with suppress(Refused):
        return dict(json.loads(deep_stack.with_room(deep_stack.manifests_in(store), read)))
    return None


def _known(data: Buffer, mime: str) -> str:
    """`mime`, or bytes of no kind for a file beside its manifest that the engine does not open."""
    naked = mime == "image/jxl" and bytes(data[:2]) == _NAKED_CODESTREAM
    return _NO_KIND if naked else mime


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


def _labels(definition: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(each["label"] for each in definition["assertions"])
