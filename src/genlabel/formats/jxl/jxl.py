"""JPEG XL: marks in boxes before the codestream; a naked codestream is put into a container.

ISO/IEC 18181-2 §9; C2PA 2.4 A.3.8 (jumb box). Changing the outside touches no byte of the
codestream.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from genlabel.formats.edits import Block, Edit, put, spans
from genlabel.formats.format import Format, FormatSurvey, as_it_is, begins_with
from genlabel.formats.isobmff import boxes
from genlabel.formats.isobmff.boxes import Box
from genlabel.formats.jxl import brotli, coverage
from genlabel.formats.slots import (
    EXIF,
    FURTHER_EXIF,
    MANIFEST,
    MAX_FURTHER,
    MAX_METADATA,
    XMP,
    Slot,
    SlotChanges,
    further_exif,
)
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset, MalformedMetadata

NAME = "jxl"

_NAKED = b"\xff\x0a"  # ISO/IEC 18181-1 D.1
_SIGNATURE = b"\0\0\0\x0cJXL \r\n\x87\n"  # ISO/IEC 18181-2 §9.1
_TYPE_BOX = b"\0\0\0\x14ftypjxl \0\0\0\0jxl "  # §9.2
_CODED = frozenset({b"jxlc", b"jxlp"})
_SLOT_OF = {b"xml ": XMP, b"Exif": EXIF}
_TYPE_OF = {slot: kind for kind, slot in _SLOT_OF.items()}
_XMP_SAYS = (b"RDF", b"xmpmeta", b"xapmeta", b"xpacket")
"""One of these is in every packet of XMP."""
_AROUND_XML = b" \t\r\n\xef\xbb\xbf\xff\xfe"
"""Blanks and byte order marks."""
_LEAST = 1 << 16
"""Bytes of the budget below which no other box is opened."""
_MANIFEST_BLOCK = "jumb c2pa"
_MOST_BOXES = 1000
"""The engine gives up on a file of more than 1,024, its own among them."""
# Ratios of width to height that the size header may name, ISO/IEC 18181-1 D.2
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))


@dataclass(frozen=True, slots=True)
class _Layout:
    """The boxes of a file; none in a naked codestream."""

    boxes: tuple[Box, ...]
    foreign: frozenset[int] = frozenset()
    """Where boxes begin that are called XML and hold no XMP."""

    def slot(self, box: Box) -> Slot | None:
        """What a box is a carrier of."""
        return _slot(box) if box.start not in self.foreign else None

    @property
    def lead(self) -> int:
        """Where new boxes go: behind the file type and the level, which belongs to it."""
        end = self.boxes[1].end
        return self.boxes[2].end if self.boxes[2:3] and self.boxes[2].type == b"jxll" else end


def _parse(view: memoryview) -> FormatSurvey[_Layout]:
    """The boxes, payloads and anomalies; of the codestream only the size is read.

    Frames are not counted: where one ends is known to a decoder only.
    """
    layout = _layout(view)
    width, height = _size(next(_coded(view, layout))[:16])
    payloads: dict[Slot, bytes] = {}
    anomalies: list[str] = []
    counts: Counter[Slot] = Counter()
    further: list[bytes] = []
    for box in layout.boxes:
        slot = layout.slot(box)
        if slot is None:
            continue
        counts[slot] += 1
        if counts[slot] > 1 and (slot != EXIF or len(further) >= MAX_FURTHER):
            continue
        try:
            payload = _payload(box, slot)
        except MalformedMetadata as error:
            anomalies.append(f"{slot} at {box.start:,} {error}, not read")
            continue
        if counts[slot] > 1:
            further.append(payload)
        else:
            payloads[slot] = payload
    anomalies += [f"{count} {slot} boxes" for slot, count in counts.items() if count > 1]
    blocks = [Block(_name(each), each.start, each.length) for each in layout.boxes]
    end = layout.boxes[-1].end if layout.boxes else 0
    if end < len(view):
        blocks.append(Block("trailing zeros" if end else "codestream", end, len(view) - end))
    return FormatSurvey(
        data=view,
        format=NAME,
        parsed=layout,
        width=width,
        height=height,
        blocks=tuple(blocks),
        payloads=payloads,
        further={EXIF: tuple(further)},
        anomalies=tuple(anomalies),
        manifest_spans=spans(blocks, _MANIFEST_BLOCK),
        stores=max(1, counts[MANIFEST]),
    )


def _edits(survey: FormatSurvey[_Layout], wanted: SlotChanges) -> list[Edit]:
    """Edits of the boxes that carry some slots; a naked codestream that gets one is boxed.

    New boxes come before the codestream in the order manifest, Exif, XMP; a block that was
    compressed is written uncompressed. Raises `MalformedMetadata` rather than drop a block that
    could not be read.
    """
    view, layout = survey.data, survey.parsed
    own = ((slot, wanted.get(slot)) for slot in (MANIFEST, EXIF, XMP))
    new = {slot: _box(slot, payload) for slot, payload in own if payload is not None}
    if not layout.boxes:
        if not new:
            return []
        fresh = (new.get(slot, b"") for slot in (MANIFEST, EXIF, XMP))
        return [Edit(0, 0, b"".join((_SIGNATURE, _TYPE_BOX, *fresh, _header(len(view)))))]
    edits: list[Edit] = []
    for slot in (MANIFEST, EXIF, XMP):
        if slot not in wanted:
            continue
        carriers = [each for each in layout.boxes if layout.slot(each) == slot]
        if carriers and slot in new and slot not in survey.payloads:
            _payload(carriers[0], slot, what=f"{slot} of the jxl file: it ")
        if slot == EXIF and slot in new:
            del carriers[1:]  # others say their own
        edits += put(carriers, new.get(slot, b""), layout.lead)
    if wanted.get(EXIF, b"") is not None:
        for number, (each, _) in enumerate(_further_exif(layout), 2):
            if (block := wanted.get(further_exif(number))) is not None:
                edits.append(Edit(each.start, each.end, _box(EXIF, block)))
    return edits


def _further_exif(layout: _Layout) -> Iterator[tuple[Box, bytes]]:
    """Exif boxes behind the first one with their payloads, as far as they can be read."""
    others = [each for each in layout.boxes if layout.slot(each) == EXIF][1:]
    count = 0
    for each in others:
        if count >= MAX_FURTHER:
            return
        try:
            yield each, _payload(each, EXIF)
        except MalformedMetadata:
            continue
        count += 1


def _hidden(survey: FormatSurvey[_Layout]) -> Iterator[tuple[str, bytes]]:
    """What compressed boxes say, reconstruction data apart."""
    budget = MAX_METADATA
    for box in survey.parsed.boxes:
        if box.type != brotli.TYPE or _name(box) == "brob jbrd" or budget <= 0:
            continue
        try:
            whole = brotli.decompressed(box.content())
        except MalformedMetadata:
            budget //= 2  # the survey says what is wrong with it
            continue
        budget -= len(whole)
        yield f"{_name(box)} at {box.start:,}", whole


def _essence(survey: FormatSurvey[_Layout]) -> Iterator[memoryview]:
    """The codestream, in its parts, and what turns it back into the JPEG that it was made from."""
    view, layout = survey.data, survey.parsed
    yield from _coded(view, layout)
    yield from (each.content() for each in layout.boxes if each.type == b"jbrd")


def _layout(view: memoryview) -> _Layout:
    if view[:2] == _NAKED:
        return _Layout(())
    top = tuple(boxes.walk(view, NAME, most=_MOST_BOXES))
    if len(top) < 2 or top[0].length != len(_SIGNATURE) or top[1].type != b"ftyp":
        raise MalformedAsset(NAME, "has no file type box behind its signature", offset=0)
    if not any(each.type in _CODED for each in top):
        raise MalformedAsset(NAME, "holds no jxlc or jxlp box, so no picture")
    return _Layout(top, frozenset(_foreign(top)))


def _foreign(top: Sequence[Box]) -> Iterator[int]:
    """Where boxes begin that hold XML of others (§9.4), which stay; of all that is read."""
    budget = MAX_METADATA
    for each in top:
        if _slot(each) != XMP:
            continue
        if budget <= _LEAST:
            yield each.start
            continue
        try:
            whole = _payload(each, XMP)
        except MalformedMetadata:
            budget //= 4  # the survey says what is wrong with it
            continue
        budget -= len(whole)
        plain = whole.replace(b"\0", b"").strip(_AROUND_XML)
        is_xml = plain.startswith(b"<") and plain.endswith(b">")  # what is none is damaged XMP
        if is_xml and not any(word in plain for word in _XMP_SAYS):
            yield each.start


def _coded(view: memoryview, layout: _Layout) -> Iterator[memoryview]:
    """The codestream: whole, or its parts without their 32-bit numbers (§9.9)."""
    if not layout.boxes:
        yield view
    for each in layout.boxes:
        if each.type == b"jxlc":
            yield each.content()
        elif each.type == b"jxlp":
            if each.end - each.body < 4:
                raise each.error("is too small")
            yield each.content()[4:]


def _slot(box: Box) -> Slot | None:
    if box.type == b"jumb":
        return MANIFEST if _is_store(box.content()) else None
    kind = brotli.inner_type(box.content()) if box.type == brotli.TYPE else box.type
    return _SLOT_OF.get(kind)


def _is_store(content: memoryview) -> bool:
    """Is this the C2PA manifest store? ISO/IEC 19566-5 B.3: type, toggles, label."""
    return (
        len(content) >= 30
        and bytes(content[4:8]) == b"jumd"
        and content[24] & 3 == 3
        and bytes(content[25:30]) == b"c2pa\0"
    )


def _payload(box: Box, slot: Slot, *, what: str = "") -> bytes:
    """What a box holds for its slot. Raises `MalformedMetadata` about `what`."""
    if slot == MANIFEST:  # the superbox itself; no longer than the file is
        return bytes(box.whole())
    content = box.content()
    try:
        if box.type == brotli.TYPE:
            whole = brotli.decompressed(content)
        elif len(content) > MAX_METADATA:
            raise MalformedMetadata(f"has more than {MAX_METADATA:,} bytes")
        else:
            whole = bytes(content)
        return _tiff(whole) if slot == EXIF else whole
    except MalformedMetadata as error:
        raise MalformedMetadata(f"{what}{error}", remedy=error.remedy) from error


def _tiff(content: bytes) -> bytes:
    """The TIFF structure behind the offset to it (§9.3), which some writers leave out."""
    if content[:4] in (b"II*\0", b"MM\0*"):
        return content
    start = 4 + int.from_bytes(content[:4], "big")
    if start > len(content) or len(content) < 4:
        raise MalformedMetadata(f"begins at {start:,}, behind its own end")
    return content[start:]


def _box(slot: Slot, payload: bytes) -> bytes:
    if slot == MANIFEST:
        sound = int.from_bytes(payload[:4], "big") == len(payload) and payload[4:8] == b"jumb"
        if not sound or not _is_store(memoryview(payload)[8:]):
            raise MalformedMetadata("manifest that is no C2PA manifest store")
        return payload
    return boxes.box(_TYPE_OF[slot], b"\0\0\0\0" if slot == EXIF else b"", payload)


def _header(length: int) -> bytes:
    """The header of the jxlc box around a codestream of this length."""
    if length + 8 < 2**32:
        return (length + 8).to_bytes(4, "big") + b"jxlc"
    return b"\0\0\0\1jxlc" + (length + 16).to_bytes(8, "big")


def _name(box: Box) -> str:
    if box.type == brotli.TYPE:
        kind = brotli.inner_type(box.content())
        return f"brob {boxes.type_name(kind)}"
    return _MANIFEST_BLOCK if _slot(box) == MANIFEST else box.name


def _size(start: Sequence[int]) -> tuple[int, int]:
    """Width and height by the size header, bits from the lowest on (ISO/IEC 18181-1 D.2)."""
    if bytes(start[:2]) != _NAKED:
        raise MalformedAsset(NAME, "its codestream does not begin with FF 0A")
    bits = int.from_bytes(bytes(start[2:16]), "little")

    def take(count: int) -> int:
        nonlocal bits
        value = bits & ((1 << count) - 1)
        bits >>= count
        return value

    small = take(1)

    def side() -> int:
        return 8 * (1 + take(5)) if small else 1 + take((9, 13, 18, 30)[take(2)])

    height = side()
    ratio = take(3)
    if not ratio:
        return side(), height
    across, down = _RATIOS[ratio - 1]
    return height * across // down, height


JXL = Format(
    name=NAME,
    media_type="image/jxl",
    suffixes=(".jxl",),
    slots=frozenset({XMP, EXIF, MANIFEST}),
    written=FURTHER_EXIF,
    accepts=begins_with(_NAKED, _SIGNATURE),
    parse=_parse,
    edits=_edits,
    wrapped=as_it_is,
    essence=_essence,
    boxes=coverage.boxes,
    unseen=coverage.unseen,
    coded=lambda name: name in ("codestream", "jxlc", "jxlp", "jbrd", "brob jbrd"),
    hidden=_hidden,
)
