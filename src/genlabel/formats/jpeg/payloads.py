"""JPEG payloads: what the segments of one kind carry together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from genlabel.formats.edits import Block, in_utf8
from genlabel.formats.jpeg import exif_segments, extended_xmp, image_resources, segments
from genlabel.formats.jpeg.exif_segments import Pointer
from genlabel.formats.jpeg.segments import content_of
from genlabel.formats.slots import (
    EXIF,
    EXTENDED_XMP,
    IIM,
    MAX_FURTHER,
    MAX_METADATA,
    XMP,
    Slot,
    text_slot,
)

COMMENT = "Comment"
"""How the text of a COM segment is called."""

Named = defaultdict[str, list[Block]]
"""Blocks by their names, in file order."""


def read(
    view: memoryview, named: Named, scan: int
) -> tuple[dict[Slot, bytes], dict[Slot, tuple[bytes, ...]], tuple[Pointer, ...], list[str]]:
    """Each slot's payload, what more there is of its kind, what counts by offsets, and anomalies.

    The scans begin at `scan`.
    """
    payloads: dict[Slot, bytes] = {}
    spare: dict[Slot, tuple[bytes, ...]] = {}
    anomalies: list[str] = []
    packets = named[segments.XMP_BLOCK]
    if packets:
        payloads[XMP] = bytes(content_of(view, packets[0])[len(segments.XMP_HEADER) :])
        if len(packets) > 1:
            anomalies.append(f"{len(packets)} XMP packets")
    portions = [content_of(view, block) for block in named[segments.EXTENDED_BLOCK]]
    packet, odd = extended_xmp.join(portions, payloads.get(XMP))
    anomalies += odd
    if packet is not None:
        payloads[EXTENDED_XMP] = packet
    run = exif_segments.run(view, named[segments.EXIF_BLOCK])
    pointers: tuple[Pointer, ...] = ()
    if run:
        payloads[EXIF], pointers = exif_segments.read(view, run, scan)
        if len(run) < len(named[segments.EXIF_BLOCK]):
            anomalies.append("more than one Exif block")
    carried = resources(view, named)
    if carried is not None:
        found = image_resources.surveyed(carried, where="APP13 Photoshop")
        anomalies += found.anomalies
        if found.data is not None:
            payloads[IIM], spare[IIM] = found.data, found.further
    for number, block in enumerate(named["COM"], 1):
        payloads[text_slot(COMMENT, number)] = in_utf8(bytes(content_of(view, block)))
    for block in named[segments.JUNK_BLOCK]:
        anomalies.append(f"{block.length:,} bytes of junk between segments at {block.start:,}")
    for slot in [slot for slot, payload in payloads.items() if len(payload) > MAX_METADATA]:
        del payloads[slot]
        anomalies.append(f"{slot.kind} of more than {MAX_METADATA:,} bytes, not read")
    return payloads, spare, pointers, anomalies


def further(view: memoryview, named: Named) -> tuple[bytes, ...]:
    """The Exif blocks behind the first one, as far as they are read."""
    others = later_exif(named, exif_segments.run(view, named[segments.EXIF_BLOCK]))
    return tuple([exif_segments.joined(view, each) for each in others[:MAX_FURTHER]])


def later_exif(named: Named, run: Sequence[Block]) -> list[list[Block]]:
    """The same where they lie: `run` is where the first one does, which may be in several."""
    return [[block] for block in named[segments.EXIF_BLOCK][len(run) :]]


def resources(view: memoryview, named: Named) -> bytes | None:
    """Photoshop's resources in one piece; None where there are none."""
    parts = [content_of(view, block) for block in named[segments.PHOTOSHOP_BLOCK]]
    return b"".join(part[len(segments.PHOTOSHOP_HEADER) :] for part in parts) if parts else None
