"""The manifests below the active one: taken out of a store, and put into another as they are."""

from __future__ import annotations

from genlabel.manifests.store import jumbf, superbox
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.store.manifest_store import MANIFEST

_MOST = 0xFFFFFFFF
"""Most bytes of a box with a length of four bytes (ISO/IEC 19566-5 §B.1)."""


def apart(store: bytes) -> tuple[bytes, bytes]:
    """The store with its last manifest alone, which is the active one, and the boxes of the others.

    Raises `Unreadable` where it holds anything but standard manifests (C2PA 2.4 §11.1.4.2).
    """
    root = superbox.whole(store)
    first, *manifests = jumbf.boxes(store, root.start, root.end)
    kinds = {jumbf.description(store, each)[0] for each in manifests if each.type == b"jumb"}
    if kinds != {MANIFEST} or any(each.type != b"jumb" for each in manifests):
        raise Unreadable("a store with other boxes than standard manifests")
    active = manifests[-2].end if len(manifests) > 1 else first.end
    alone = _boxed(store[root.start : first.end] + store[active : root.end])
    return alone, store[first.end : active]


def beneath(store: bytes, boxes: bytes) -> bytes:
    """The store with the `boxes` of other manifests before its own. Raises `Unreadable`."""
    if not boxes:
        return store
    root = superbox.whole(store)
    first = jumbf.boxes(store, root.start, root.end)[0]
    return _boxed(store[root.start : first.end] + boxes + store[first.end :])


def _boxed(content: bytes) -> bytes:
    size = jumbf.HEADER + len(content)
    if size > _MOST:
        raise Unreadable(f"{size:,} bytes of manifests")
    return size.to_bytes(4, "big") + b"jumb" + content
