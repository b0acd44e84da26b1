"""The two top-level ``uuid`` boxes that carry marks in ISO files: C2PA's manifest, Adobe's XMP.

C2PA 2.4 A.5 (embedding manifests into BMFF-based assets); XMP part 3 §1.2.7 (MPEG-4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from genlabel.formats.edits import Block
from genlabel.formats.isobmff import boxes
from genlabel.formats.isobmff.boxes import Box
from genlabel.formats.slots import MAX_METADATA
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset

C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
XMP_PACKET = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
MANIFEST_NAME = "uuid C2PA"
"""How a block with a manifest store is named."""

_MAX_PURPOSE = 32
"""Most bytes of a box's purpose that are looked at; the longest known one has eight."""
_STORES = (b"update", b"manifest", b"original")
"""The purposes of boxes with a manifest store; the active manifest is in the first of them."""
_PAIR = frozenset((b"update", b"original"))
_MERKLE = b"merkle"
_UNCOVERED = frozenset((b"ftyp", b"free", b"skip", b"mfra"))
"""What the engine's binding leaves out beside C2PA's own boxes: c2pa 0.91, default exclusions of
``c2pa.hash.bmff.v3``; C2PA 2.4 §18.7 asks for two of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifests:
    """What the C2PA boxes of a file hold."""

    store: bytes | None
    boxes: tuple[Box, ...]
    anomalies: tuple[str, ...]
    count: int
    """How many stores there are, but for an original that stands beside its update (A.5.3)."""


def is_coded(name: str) -> bool:
    """Does a top-level box of this name hold samples, or room that nobody reads?"""
    return name.startswith("mdat") or name in ("imda", "free", "skip", "wide")


def name(box: Box) -> str:
    """A top-level box as reports name it: ``mdat``, ``uuid XMP``, ``uuid C2PA``."""
    if box.uuid == XMP_PACKET:
        return "uuid XMP"
    if box.uuid == C2PA:
        purpose = _purpose(box)
        return MANIFEST_NAME if purpose in _STORES else f"{MANIFEST_NAME} {_shown(purpose)}"
    return f"uuid {box.uuid.hex()}" if box.uuid else box.name


def serves(box: Box) -> bool:
    """Is it a C2PA box of a purpose that there is?"""
    return box.uuid == C2PA and _purpose(box) in (*_STORES, _MERKLE)


def blocks(top: Sequence[Box]) -> list[Block]:
    """The top-level boxes as blocks, and what lies behind the last of them."""
    blocks = [Block(name(box), box.start, box.length) for box in top]
    end, size = top[-1].end, len(top[-1].data)
    if end < size:
        blocks.append(Block("trailing data", end, size - end))
    return blocks


def manifests(top: Iterable[Box]) -> Manifests:
    """The manifest store, every C2PA box (Merkle trees too), and what is odd about them."""
    ours = tuple(box for box in top if box.uuid == C2PA)
    stores: dict[bytes, memoryview] = {}
    count = 0
    anomalies: list[str] = []
    for box in ours:
        purpose = _purpose(box)
        if purpose not in _STORES:
            if purpose != _MERKLE:
                anomalies.append(f"C2PA box at {box.start:,} of purpose {_shown(purpose)}")
            continue
        # A.5.2: version and flags, the purpose with its zero, offset of the first Merkle box
        if purpose in stores:
            anomalies.append(f"a second C2PA box of purpose {_shown(purpose)}")
        count += 1
        stores.setdefault(purpose, box.data[box.body + 4 + len(purpose) + 1 + 8 : box.end])
    if b"original" in stores and b"update" not in stores:
        anomalies.append("an original manifest without its update")
    store = next((bytes(stores[each]) for each in _STORES if each in stores), None)
    count -= stores.keys() >= _PAIR
    return Manifests(store=store, boxes=ours, anomalies=tuple(anomalies), count=count)


def merkle(top: Iterable[Box]) -> Iterator[memoryview]:
    """What each C2PA box with a proof of a Merkle tree holds behind its purpose (A.5.4.1.4)."""
    for box in top:
        if box.uuid == C2PA and _purpose(box) == _MERKLE:
            yield box.data[box.body + 4 + len(_MERKLE) + 1 : box.end]


def manifest_box(store: bytes) -> bytes:
    """A new box for a manifest store, C2PA 2.4 A.5.2; without Merkle trees."""
    return boxes.box(b"uuid", C2PA, bytes(4), b"manifest\0", bytes(8), store)


def packets(top: Iterable[Box]) -> tuple[list[Box], bytes | None, tuple[str, ...]]:
    """The XMP boxes, the packet of the first of them, and what is odd about them."""
    ours = [box for box in top if box.uuid == XMP_PACKET]
    if not ours:
        return ours, None, ()
    if ours[0].end - ours[0].body > MAX_METADATA:
        return ours, None, (f"xmp of more than {MAX_METADATA:,} bytes, not read",)
    anomalies = (f"{len(ours)} xmp boxes",) if len(ours) > 1 else ()
    return ours, bytes(ours[0].content()), anomalies


def packet_box(packet: bytes) -> bytes:
    """A new box for an XMP packet."""
    return boxes.box(b"uuid", XMP_PACKET, packet)


def insertion(format: str, top: Sequence[Box]) -> int:
    """Where a new manifest goes: behind ftyp (C2PA 2.4 A.5.1), before which only room is free."""
    kind = next((box for box in top if box.type not in boxes.LEADING), None)
    if kind is None or kind.type != b"ftyp":
        raise MalformedAsset(format, "begins with no ftyp box", offset=0)
    return kind.end


def late_type(top: Sequence[Box]) -> Iterator[str]:
    """That room lies before ``ftyp``, as an anomaly: c2pa-rs 0.91 opens no such file."""
    if top and top[0].type in boxes.LEADING:
        yield f"box {top[0].name} before ftyp, where many validators look no further"


def uncovered(top: Iterable[Box]) -> tuple[tuple[int, int], ...]:
    """(start, end) of the top-level boxes whose bytes no binding covers.

    Nothing that is decoded may lie in them: it could be exchanged behind the manifest's back.
    """
    return tuple((box.start, box.end) for box in top if box.type in _UNCOVERED or box.uuid == C2PA)


def exposed(top: Iterable[Box], coded: Iterable[tuple[str, int, int]]) -> tuple[str, ...]:
    """What of `coded` (name, start, end) lies, wholly or in part, where no binding reaches.

    Each name once.
    """
    loose = uncovered(top)
    names: dict[str, None] = {}
    for what, start, end in coded:  # a film has very many
        for begin, stop in loose:
            if start < stop and begin < end:
                names[what] = None
    return tuple(names)


def _purpose(box: Box) -> bytes:
    start = box.body + 4
    field = bytes(box.data[start : min(start + _MAX_PURPOSE, box.end)])
    purpose, zero, _ = field.partition(b"\0")
    # a store needs room for the offset that follows its purpose
    enough = box.end - start >= len(purpose) + 1 + 8
    return purpose if zero and (enough or purpose not in _STORES) else b""


def _shown(purpose: bytes) -> str:
    text = purpose.decode("ascii", "replace")
    return text if text.isalnum() else "unknown"
