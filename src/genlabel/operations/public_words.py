"""Every word that a labelled file makes public: of its manifests, certificates and metadata."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice

from genlabel import formats
from genlabel.formats.format import Survey
from genlabel.manifests.definition.assertions import is_custom
from genlabel.manifests.store import cbor_value, cose, cose_sign1, manifest_store, sigtst
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.store.cose import ClaimSignature
from genlabel.manifests.store.cose_sign1 import Sign1
from genlabel.manifests.store.manifest_store import Manifest
from genlabel.metadata import every_text, icc
from genlabel.model.results import MAX_SHOWN, PublicWord
from genlabel.pixels import decode
from genlabel.storage.buffers import Buffer

MAX_WORDS = 10_000
"""Most texts of one file that are listed."""
_LINK = "self#jumbf="
"""Links within the store say nothing but where something lies in it."""
_TIFF = "tiff"


def of(
    data: Buffer, sidecar: bytes | None = None, *, before: Buffer | None = None
) -> tuple[PublicWord, ...]:
    """The words of the file in `data` with the manifest beside it; which of them stood `before`."""
    survey = formats.identify(data).survey(data)
    there = set(_metadata(before)) if before is not None else set()
    store = sidecar or survey.manifest
    signed = _manifests(store) if store is not None else iter(())
    words = dict.fromkeys((where, text) for where, text in signed if text)
    stays = dict.fromkeys((where, text) for where, text in _metadata(data) if text)
    listed = [*((word, False) for word in words), *((word, word in there) for word in stays)]
    return tuple(
        PublicWord(where=where, text=_cut(text), stays=kept)
        for (where, text), kept in islice(listed, MAX_WORDS)
    )


def _cut(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"


def _metadata(data: Buffer) -> Iterator[tuple[str, str]]:
    container = formats.identify(data)
    survey: Survey = container.survey(data)
    yield from every_text.in_packets(
        dict.fromkeys(each.data for each in islice(container.packets(survey), MAX_WORDS))
    )
    yield from every_text.in_slots({**survey.payloads, **container.texts(survey)})
    whole = survey.data if container.name == _TIFF else None
    yield from every_text.in_exif(survey.payloads, whole)
    yield from icc.texts(decode.profile(memoryview(data)))


def _manifests(store: bytes) -> Iterator[tuple[str, str]]:
    """Every text of claims, assertions and certificates; of the active manifest first."""
    try:
        read = manifest_store.read(store)
    except Unreadable:
        return
    active = read.active
    listed = [each for each in read.manifests.values() if each is not active]
    for manifest in [*([active] if active is not None else []), *listed]:
        place = "manifest" if manifest is active else "ancestor"
        yield place, manifest.label
        yield from _of(manifest, place)


def _of(manifest: Manifest, place: str) -> Iterator[tuple[str, str]]:
    try:
        yield from _leaves(f"{place} claim", dict(manifest.claim))
        for label, box in manifest.assertions.items():
            for kind, content in box.contents:
                decoded = _decoded(kind, content)
                yield from _leaves(f"{place} {label}", decoded, numbers=is_custom(label))
                if label.startswith("cawg.identity") and isinstance(decoded, dict):
                    signature = decoded.get("signature")
                    if isinstance(signature, bytes):
                        yield from _holders(place, cose_sign1.read(signature))
        signature = cose.claim_signature(manifest)
        yield from _holders(place, signature)
        yield from _authorities(place, signature)
    except Unreadable:
        return  # the engine's to judge; what could be read was listed


def _holders(place: str, signature: Sign1) -> Iterator[tuple[str, str]]:
    from genlabel.credentials.trust import holders

    for certificate in signature.certificates:
        for name in holders.every_name(certificate):
            yield f"{place} certificate", name


def _authorities(place: str, signature: ClaimSignature) -> Iterator[tuple[str, str]]:
    from genlabel.credentials.timestamps import verify
    from genlabel.credentials.trust import holders

    for stamp in sigtst.stamps(signature):
        for certificate in verify.certificates_in(stamp.token or b""):
            for name in holders.every_name(certificate):
                yield f"{place} time-stamp", name


def _decoded(kind: bytes, content: bytes) -> object:
    """What a box holds in words; nothing of one that is neither CBOR nor JSON."""
    try:
        if kind == b"json":
            return json.loads(content)
        return cbor_value.value(content) if kind == b"cbor" else None
    except (ValueError, RecursionError):
        return None


def _leaves(place: str, value: object, *, numbers: bool = False) -> Iterator[tuple[str, str]]:
    """Every text in `value`, with the names of what it stands in; a stack and no recursion.

    With `numbers`, and below names of somebody's own, these, and yes and no, too: nobody else knows
    what they say.
    """
    pending = [(place, value, numbers)]
    while pending:
        where, each, numbers = pending.pop()
        each = cbor_value.untagged(each)
        if isinstance(each, str):
            if not each.startswith(_LINK):
                yield where, each
        elif numbers and isinstance(each, bool | int | float):
            yield where, json.dumps(each)
        elif isinstance(each, dict):
            longer = len(where) < MAX_SHOWN
            pending += [
                (f"{where} {key}" if longer else where, inner, numbers or _is_own(key))
                for key, inner in reversed(each.items())
            ]
        elif isinstance(each, list | tuple):
            pending += [(where, inner, numbers) for inner in reversed(each)]


def _is_own(key: object) -> bool:
    """Is it the name of somebody's own parameter: one in a domain written backwards?"""
    return isinstance(key, str) and "." in key and is_custom(key)
