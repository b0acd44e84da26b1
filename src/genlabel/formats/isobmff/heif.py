"""HEIF: what AVIF and HEIC share: marks in items that describe the picture, the manifest in a box.

ISO/IEC 23008-12 annex A (Exif and XMP as items); C2PA 2.4 A.5 (the manifest's ``uuid`` box).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from genlabel.formats.edits import Block, Edit, put, removed, spans
from genlabel.formats.format import FormatSurvey
from genlabel.formats.isobmff import boxes, image_items, items as reading, uuid_boxes
from genlabel.formats.isobmff.boxes import Box
from genlabel.formats.isobmff.image_items import Pictured
from genlabel.formats.isobmff.item_edits import Changes
from genlabel.formats.isobmff.items import Items
from genlabel.formats.isobmff.uuid_boxes import Manifests
from genlabel.formats.slots import EXIF, MANIFEST, MAX_FURTHER, MAX_METADATA, XMP, Slot, SlotChanges
from genlabel.model.errors import MalformedAsset, MalformedMetadata, UnsupportedFormat

SLOTS = frozenset({XMP, EXIF, MANIFEST})
_TYPE_OF = {EXIF: b"Exif", XMP: b"mime"}
_SAYING = frozenset((b"Exif", b"mime", b"uri ", b""))
"""Types of items that hold words; b"" in tables older than HEIF."""
_MAX_SAYING = 100
"""Most of them that are looked into."""
_MAX_BOXES = 2_000
"""Most boxes of one file: a phone's picture has about 20, a film of pictures 100."""


def parse(view: memoryview, format: str) -> FormatSurvey[Pictured]:
    """The boxes, payloads and anomalies; no picture is decoded.

    Raises `MalformedAsset` when a size or an offset lies, and `UnsupportedFormat` for a picture
    in the low-overhead form.
    """
    top = boxes.walk(view, format, most=_MAX_BOXES)
    if boxes.first(top, b"mini") is not None:
        # ISO/IEC 23008-12 amendment 2 (low-overhead image file): bit fields instead of items
        raise UnsupportedFormat(
            f"{format} picture in the low-overhead form: its mini box has no place for a label",
            remedy="write the picture anew in the usual form",
        )
    uuid_boxes.insertion(format, top)
    pictured = image_items.look(top)
    boxes.count(top, most=_MAX_BOXES)
    blocks = uuid_boxes.blocks(top)
    manifests = uuid_boxes.manifests(pictured.top)
    payloads, anomalies = _payloads(pictured, manifests)
    uncovered = uuid_boxes.exposed(top, image_items.coded(pictured))
    size = image_items.size(pictured)
    if top[-1].end < len(view):
        anomalies.append(f"{len(view) - top[-1].end:,} bytes after the last box")
    return FormatSurvey(
        data=view,
        format=format,
        parsed=pictured,
        width=size[0] if size else None,
        height=size[1] if size else None,
        frames=image_items.frames(pictured),
        blocks=tuple(_named(blocks, pictured)),
        payloads=payloads,
        further={EXIF: tuple(islice(_further_exif(pictured), MAX_FURTHER))},
        anomalies=(*anomalies, *uuid_boxes.late_type(top)),
        manifest_spans=spans(blocks, uuid_boxes.MANIFEST_NAME),
        stores=max(1, manifests.count),
        uncovered=uncovered,
    )


def edits(survey: FormatSurvey[Pictured], wanted: SlotChanges) -> list[Edit]:
    """Edits of the items and boxes that carry some slots; coded pictures stay as they are.

    New payloads come in boxes of their own behind the list of items. Taking the manifest out is
    what comes before signing: whatever the engine would shift wrongly is then put in order, too.
    Raises `MalformedMetadata` when the file cannot be signed or labelled safely.
    """
    pictured = survey.parsed
    top = pictured.top
    to_sign = wanted.get(MANIFEST, b"") is None
    if MANIFEST in wanted and survey.uncovered:
        raise MalformedMetadata(
            f"{survey.uncovered[0]} lies where no manifest's hash reaches",
            remedy="write the picture anew with any editor",
        )
    if pictured.own is None and wanted.get(EXIF) is not None:
        raise MalformedMetadata(
            "exif: a sequence without a still picture has no place for it",
            remedy="give the label without the words that Exif holds",
        )
    chunks = (span for track in pictured.tracks for span in image_items.chunks(track))
    others = _box_edits(top, wanted, packets=pictured.own is None)
    changes = Changes(top, pictured.own, pictured.others, chunks)
    if EXIF in wanted:
        exif = wanted[EXIF]
        changes.put(b"Exif", None if exif is None else _exif_prefix(pictured.own) + exif)
    if XMP in wanted:
        changes.put(b"mime", wanted[XMP])
    if not wanted and not (to_sign and changes.needed()):
        return []
    return changes.edits(others)


def essence(survey: FormatSurvey[Pictured]) -> Iterator[memoryview]:
    """Items, their properties and relations, then the samples of tracks; no metadata."""
    return image_items.essence(survey.parsed)


def hidden(survey: FormatSurvey[Pictured]) -> Iterator[tuple[str, bytes]]:
    """What items say that stand among the coded pictures: all metadata, whatever it describes."""
    budget = MAX_METADATA
    pictured = survey.parsed
    for items in filter(None, (pictured.own, *pictured.others)):
        saying = (item for item in items.items if item.type in _SAYING)
        for item in islice(saying, _MAX_SAYING):
            try:
                payload = reading.payload(items, item) or b""
            except MalformedAsset:
                continue  # it lies outside of the file
            budget -= len(payload)
            if budget < 0:
                return
            yield f"{boxes.type_name(item.type)} item {item.id}", payload


def _payloads(pictured: Pictured, manifests: Manifests) -> tuple[dict[Slot, bytes], list[str]]:
    payloads: dict[Slot, bytes] = {}
    anomalies = list(manifests.anomalies)
    if manifests.store is not None:
        payloads[MANIFEST] = manifests.store
    for slot, kind in _TYPE_OF.items():
        described = pictured.own.describing(kind) if pictured.own else []
        if len(described) > 1:
            anomalies.append(f"{len(described)} {slot.kind} items")
        if described and pictured.own:
            payload = reading.payload(pictured.own, described[0])
            if payload is None:
                anomalies.append(f"{slot.kind} item {described[0].id} cannot be read")
            elif slot == XMP:
                payloads[XMP] = payload
            elif (start := _exif_start(payload)) is not None:
                payloads[EXIF] = payload[start:]
            else:
                anomalies.append(f"exif item {described[0].id} says where no Exif begins")
    _, packet, odd = uuid_boxes.packets(pictured.top)
    anomalies += odd
    if packet is not None and XMP in payloads:
        anomalies.append("xmp in a box beside the xmp item")
    elif packet is not None:
        payloads[XMP] = packet
    for items in pictured.others:
        for item in items.describing(b"mime")[:1]:
            if XMP in payloads and reading.payload(items, item) != payloads[XMP]:
                anomalies.append("a track has xmp of its own")
    return payloads, anomalies


def _further_exif(pictured: Pictured) -> Iterator[bytes]:
    """What further Exif items of the picture say, and those of tracks."""
    for items in filter(None, (pictured.own, *pictured.others)):
        called = islice(items.describing(b"Exif"), _MAX_SAYING)
        for item in islice(called, 1 if items is pictured.own else 0, None):
            payload = reading.payload(items, item) or b""
            if (start := _exif_start(payload)) is not None:
                yield payload[start:]


def _exif_start(payload: bytes) -> int | None:
    """Where the TIFF structure begins, HEIF A.2.1: four bytes say how far behind them it does."""
    start = 4 + int.from_bytes(payload[:4], "big")
    return start if payload[start : start + 4] in (b"II*\0", b"MM\0*") else None


def _exif_prefix(own: Items | None) -> bytes:
    """What stands before the TIFF structure, as it was or as it is in a new item."""
    described = own.describing(b"Exif") if own else []
    old = reading.payload(own, described[0]) if own and described else None
    start = _exif_start(old) if old else None
    return old[:start] if old and start is not None and start <= MAX_METADATA else bytes(4)


def _box_edits(
    top: Sequence[Box], wanted: Mapping[Slot, bytes | None], *, packets: bool
) -> list[Edit]:
    """What becomes of the ``uuid`` boxes; `packets`: is XMP's place in one of them?"""
    edits: list[Edit] = []
    if MANIFEST in wanted:
        store = wanted[MANIFEST]
        old = uuid_boxes.manifests(top).boxes
        new = uuid_boxes.manifest_box(store) if store is not None else b""
        edits += put([], new, uuid_boxes.insertion(top[0].format, top)) + removed(old)
    if XMP in wanted:
        packet = wanted[XMP]
        new = uuid_boxes.packet_box(packet) if packets and packet is not None else b""
        edits += put(uuid_boxes.packets(top)[0], new, top[-1].end)
    return edits


def _named(blocks: list[Block], pictured: Pictured) -> Iterator[Block]:
    """The blocks, those that hold one payload and nothing else named after it."""
    names: dict[tuple[int, int], str] = {}
    if pictured.own is not None:
        places = pictured.own.places()
        for kind, name in ((b"Exif", "mdat Exif"), (b"mime", "mdat XMP")):
            for item in pictured.own.describing(kind)[:1]:
                if place := places.get(item.id):
                    names |= dict.fromkeys(reading.spans(pictured.own, place), name)
    for block in blocks:
        yield replace(block, name=names.get((block.start + 8, block.end), block.name))
