"""Identity assertions that cannot be read: the engine gives up on all of a manifest for one.

What is wrong with an identity is its own matter, and never that of the picture (CAWG Identity 1.3,
"Validation method"): the engine is asked about the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from genlabel.manifests.engine import engine
from genlabel.manifests.store.manifest_store import ASSERTIONS, Manifest, ManifestStore, Superbox
from genlabel.manifests.validation.status_codes import statuses
from genlabel.model.expression import expression

_INSTANCE = expression(r"cawg\.identity(__[0-9]{1,4})?")
_HEADER = 8
"""Length and type of a box."""
_CBOR = b"cbor" + bytes.fromhex("0011 0010 8000 00AA00389B71")
_RESULTS, _ACTIVE, _FAILURE = "validation_results", "activeManifest", "failure"


def is_at(where: str) -> bool:
    """Is that the label or the address of an identity assertion?"""
    label = where.rpartition("/")[2]
    return label.startswith("cawg.identity") and _INSTANCE.fullmatch(label) is not None


def assertion_boxes(manifest: Manifest) -> Iterator[Superbox]:
    """The assertions of a manifest, whatever their labels."""
    return (each for each, _ in _assertions(manifest))


def passed_over(answer: engine.Answer, stored: bytes, store: ManifestStore) -> engine.Answer:
    """The engine's `answer` about the store `stored`, or one that no identity has stopped.

    For that, identities are replaced by ones that mean nothing. No hash is told then: all of them,
    those of ancestors included, are compared by `claims`.
    """
    results = (answer.document or {}).get(_RESULTS) or {}
    failures = statuses(results.get(_ACTIVE), _FAILURE)
    if answer.document is not None and not any(is_at(each.where) for each in failures):
        return answer
    blanked = _blanked(stored, store)
    again = engine.read_store(blanked).document if blanked is not None else None
    if again is None:
        return answer
    results = dict(again.get(_RESULTS) or {})
    active = dict(results.get(_ACTIVE) or {})
    listed = active.get(_FAILURE) or ()
    active[_FAILURE] = [each for each in listed if not each["code"].endswith(".mismatch")]
    results = {**results, _ACTIVE: active, "ingredientDeltas": []}
    return replace(
        answer,
        document={**again, _RESULTS: results},
        refusal=None,
        instead=blanked if answer.document is None else None,
    )


def _assertions(manifest: Manifest) -> Iterator[tuple[Superbox, Superbox]]:
    """The assertions of a manifest, each with the assertion store that it lies in."""
    return (
        (each, store)
        for store in manifest.box.superboxes
        if store.content_type == ASSERTIONS
        for each in store.superboxes
    )


def _blanked(stored: bytes, store: ManifestStore) -> bytes | None:
    """The store with other identities; None where it has none, or boxes beyond 4 GB."""
    found = [
        (box, (0, manifest.box.start - _HEADER, within.start - _HEADER))
        for manifest in store.manifests.values()
        for box, within in _assertions(manifest)
        if is_at(box.label) and box.source is stored
    ]
    made, grown, end = bytearray(stored), Counter[int](), 0
    pieces: list[bytes] = []
    for box, around in found:
        size = _HEADER + box.end - box.start
        grown.update(dict.fromkeys(around, len(_blank(box.label)) - size))
    for at, more in grown.items():
        size = int.from_bytes(made[at : at + 4], "big")
        if size < _HEADER:  # 1: a length of 64 bits follows, which no small store has
            return None
        made[at : at + 4] = (size + more).to_bytes(4, "big")
    for box, _ in sorted(found, key=lambda each: each[0].start):
        pieces += (bytes(made[end : box.start - _HEADER]), _blank(box.label))
        end = box.end
    return b"".join([*pieces, made[end:]]) if found else None


def _blank(label: str) -> bytes:
    """An assertion of that label with a CBOR null (ISO/IEC 19566-5 §A.2 and §B.3)."""
    description = _box(b"jumd", _CBOR + b"\x03" + label.encode() + b"\0")
    return _box(b"jumb", description + _box(b"cbor", b"\xf6"))


def _box(kind: bytes, content: bytes) -> bytes:
    return (_HEADER + len(content)).to_bytes(4, "big") + kind + content
