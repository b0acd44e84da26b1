"""Signing by c2pa-python, every known trap of it closed once.

The engine's contexts that have a signer are kept for the next file where that has its key.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import Any, TypedDict

from genlabel.credentials.identity import Identity
from genlabel.credentials.signer import Signer, at_present
from genlabel.credentials.trust import Trust
from genlabel.formats.format import Buffer
from genlabel.manifests.engine import placeholder, streams
from genlabel.manifests.engine.c_api import (
    Handle,
    IngredientRefused,
    Part as Part,
    Refused,
    Spans,
    native,
)
from genlabel.manifests.engine.cancel import carried_out
from genlabel.manifests.engine.engine import NO_KIND, NOBODY, known, read
from genlabel.manifests.engine.ingredient_source import (
    IngredientSource as IngredientSource,
    Sources,
    in_parts,
)
from genlabel.manifests.engine.reading_context import reading_context
from genlabel.manifests.engine.settings import settings_under
from genlabel.manifests.engine.signers import holding, native_signer
from genlabel.manifests.engine.while_held import WhileHeld
from genlabel.model.errors import SigningError
from genlabel.storage import buffers

# Of these the engine hashes what it would write, which is not the file that stays beside the
# manifest. Of bytes that it knows nothing about it hashes every one.
_HASHED_AS_IT_IS = dict.fromkeys(
    ("image/jpeg", "application/pdf", "audio/mpeg", "audio/flac", "audio/wav", "video/avi"),
    NO_KIND,
)


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
    trust: Trust = NOBODY,
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
                mime if embed else _HASHED_AS_IT_IS.get(mime, known(pieces[0], mime)),
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
    trust: Trust = NOBODY,
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
    if iso:
        from genlabel.manifests.engine import iso_hash
    referenced = _labels(definition) if identity else ()
    parts, trust = _parts(ingredients, trust)
    signer = at_present(signer)
    with _RefusalsTold(), ExitStack() as held:
        # while files are put together and hashed there is no need
        with carried_out(calls=bool(parts)) as stop:
            context = held.enter_context(_context(signer, identity, referenced, trust, room=room))
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
    trust: Trust = NOBODY,
    identity: Identity | None = None,
    room: bool = False,
) -> bytes:
    """The signed store, with this binding, of a file that it stays beside; all else as `sign`."""

    referenced = _labels(definition) if identity else ()
    parts, trust = _parts(ingredients, trust)
    signer, (label, fields) = at_present(signer), binding
    whole = json.dumps(placeholder.with_binding(definition, fields, label))
    with (
        _RefusalsTold(),
        carried_out() as stop,
        _context(signer, identity, referenced, trust, room=room) as context,
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

    return (parts := in_parts(ingredients, document)), trust if parts else NOBODY


def _below(sources: Sources) -> bytes:
    """The boxes that the engine is not shown of their stores."""
    return b"".join(each.below for each in sources if isinstance(each, IngredientSource))


def _labels(definition: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(each["label"] for each in definition["assertions"])


def _context(
    signer: Signer,
    identity: Identity | None,
    referenced: tuple[str, ...],
    trust: Trust,
    *,
    room: bool,
) -> AbstractContextManager[Handle]:
    """A context that has its signer; kept for the next file where that has its key."""
    kept = None if room else _shared(signer, identity, referenced, trust)
    return _made(signer, identity, referenced, trust, room) if kept is None else nullcontext(kept)


@contextmanager
def _made(
    signer: Signer,
    identity: Identity | None,
    referenced: tuple[str, ...],
    trust: Trust,
    room: bool,
) -> Iterator[Handle]:
    with native_signer(signer, identity, referenced, room=room, new=True) as signing:
        yield native().context(json.dumps(settings_under(trust)), signer=signing)


def _shared(
    signer: Signer, identity: Identity | None, referenced: tuple[str, ...], trust: Trust
) -> Handle | None:
    """The same for as long as this process and the signer last; None where a key stays put."""

    def make() -> Handle | None:
        signing = holding(signer, identity, referenced)
        if signing is None:
            return None
        return native().context(json.dumps(settings_under(trust)), signer=signing)

    return _kept.get(signer, identity, (referenced, trust, os.getpid()), make)


_kept = WhileHeld()
