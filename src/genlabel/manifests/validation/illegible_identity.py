"""Identity assertions that are no CBOR: the engine gives up on all of a manifest for one.

What is wrong with an identity is its own matter, and never that of the picture (CAWG Identity 1.3,
"Validation method"): the engine is asked about the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from genlabel.manifests.engine import engine
from genlabel.manifests.store.manifest_store import ASSERTIONS, Manifest, ManifestStore, Superbox
from genlabel.manifests.validation.status_codes import statuses

_INSTANCE = re.compile(r"cawg\.identity(__[0-9]{1,4})?")
_RESULTS, _ACTIVE, _FAILURE = "validation_results", "activeManifest", "failure"


def is_at(where: str) -> bool:
    """Is that the label or the address of an identity assertion?"""
    return _INSTANCE.fullmatch(where.rpartition("/")[2]) is not None


def assertion_boxes(manifest: Manifest) -> Iterator[Superbox]:
    """The assertions of a manifest, whatever their labels."""
    return (
        each
        for store in manifest.box.superboxes
        if store.content_type == ASSERTIONS
        for each in store.superboxes
    )


def passed_over(answer: engine.Answer, stored: bytes, store: ManifestStore) -> engine.Answer:
    """The engine's `answer` about the store `stored`, or one that no identity has stopped.

    For that, identities are replaced by bytes of their size that mean nothing. No hash is told
    then: all of them, those of ancestors included, are compared by `claims`.
    """
    document = answer.document or {}
    failures = statuses((document.get(_RESULTS) or {}).get(_ACTIVE), _FAILURE)
    if not any(each.code == "assertion.cbor.invalid" and is_at(each.where) for each in failures):
        return answer
    again = engine.read_store(_blanked(stored, store)).document
    if again is None:
        return answer
    results = dict(again.get(_RESULTS) or {})
    active = dict(results.get(_ACTIVE) or {})
    listed = active.get(_FAILURE) or ()
    active[_FAILURE] = [each for each in listed if not each["code"].endswith(".mismatch")]
    results = {**results, _ACTIVE: active, "ingredientDeltas": []}
    return engine.Answer(document={**again, _RESULTS: results})


def _blanked(stored: bytes, store: ManifestStore) -> bytes:
    made = bytearray(stored)
    for manifest in store.manifests.values():
        for box in assertion_boxes(manifest):
            content = box.contents[-1][1] if box.contents else b""
            if is_at(box.label) and content and box.source is stored:
                made[box.end - len(content) : box.end] = _blank(len(content))
    return bytes(made)


def _blank(size: int) -> bytes:
    """A byte string in CBOR that takes so many bytes, at least one (RFC 8949 §3.1)."""
    if size < 5:
        return bytes([0x3F + size]) + bytes(size - 1)
    return b"\x5a" + (size - 5).to_bytes(4, "big") + bytes(size - 5)
