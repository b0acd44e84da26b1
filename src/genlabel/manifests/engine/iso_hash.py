"""The hash of an ISO file's boxes that we take before the engine signs: ``c2pa.hash.bmff.v3``.

C2PA 2.4 §18.7.2. It is as long whatever it says and wherever the manifest lies, so that the file is
put together once. Nothing here is shared with `binding`, which judges the result.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from genlabel.formats.format import Buffer
from genlabel.manifests.engine import placeholder
from genlabel.manifests.engine.c_api import Native, Spans
from genlabel.manifests.engine.placeholder import Binding, Most, Put

LABEL = "c2pa.hash.bmff.v3"
_C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
"""The extended type of C2PA's own boxes (A.5.1)."""
_NAME = "jumbf manifest"
_LEFT_OUT = (b"ftyp", b"mfra")
"""Root boxes that no such hash covers, beside C2PA's own. The engine leaves out ``free`` and
``skip``, too, which nothing asks for: these are hashed."""
_HEAD = 24
"""Size, type and the extended type of a ``uuid`` box."""


def assertion(digest: bytes = bytes(32)) -> dict[str, Any]:
    """The fields of the hash; bytes as numbers, which is how the engine takes them in JSON."""
    own = {"xpath": "/uuid", "data": [{"offset": 8, "value": list(_C2PA)}]}
    others = ({"xpath": f"/{kind.decode()}"} for kind in _LEFT_OUT)
    return {
        "exclusions": [own, *others],
        "alg": placeholder.ALGORITHM,
        "hash": list(digest),
        "name": _NAME,
    }


def bound(definition: Mapping[str, Any]) -> str:
    """The definition (JSON) with a hash of zeros, which is as long as the one to come."""
    return json.dumps(placeholder.with_binding(definition, assertion(), LABEL))


def placed(
    native: Native,
    builder: int,
    put: Put,
    sign: Callable[[dict[str, Any]], bytes],
    *,
    most: Most | None = None,
    below: bytes = b"",
    shape: Hashable = None,
) -> bytes:
    """What `placeholder.placed` does, for ISO media: `put` is called once.

    `builder` has the hash in its definition already. What `put` gives beside the file are (start,
    end) of every root box in it.
    """
    store = placeholder.unsigned(native, builder, most, below, shape)
    signed = sign(assertion(digest_of(*put(store))))
    return placeholder.fitting(placeholder.shortened(signed, most, below, signed=True), store)


def whole(data: Buffer, boxes: Spans) -> Binding:
    """The binding to a file with these root boxes, whose manifest stays beside it."""
    return LABEL, assertion(digest_of(data, boxes))


def digest_of(data: Buffer, boxes: Spans) -> bytes:
    """The hash of a file with these root boxes: each behind its own place, as eight bytes."""
    view = memoryview(data)
    state = hashlib.new(placeholder.ALGORITHM)
    for start, end in boxes:
        if not _is_left_out(bytes(view[start : min(start + _HEAD, end)])):
            state.update(start.to_bytes(8, "big"))
            placeholder.update(state, view, start, end)
    placeholder.update(state, view, boxes[-1][1], len(view))
    return state.digest()


def _is_left_out(head: bytes) -> bool:
    return head[4:8] in _LEFT_OUT or (head[4:8] == b"uuid" and head[8:] == _C2PA)
