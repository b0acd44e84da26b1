"""JPEG: where its marks live among the segments before the first scan, MPO and Ultra HDR too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from genlabel.formats.edits import Edit, growth, pending, put, spans, splice
from genlabel.formats.format import (
    EXIF,
    EXTENDED_XMP,
    IIM,
    MANIFEST,
    MAX_METADATA,
    XMP,
    Block,
    Buffer,
    Pieces,
    Slot,
    SlotKind,
    Survey,
)
from genlabel.formats.jpeg import (
    extended_xmp,
    image_resources,
    jumbf_segments,
    mpf,
)
from genlabel.formats.jpeg.segments import (
    APP1,
    APP11,
    APP13,
    C2PA_BLOCK,
    EOI,
    EXIF_BLOCK,
    EXIF_HEADER,
    EXTENDED_BLOCK,
    JUNK_BLOCK,
    MAX_CONTENT,
    MPF_BLOCK,
    MPF_HEADER,
    PHOTOSHOP_BLOCK,
    PHOTOSHOP_HEADER,
    SOI,
    XMP_BLOCK,
    XMP_HEADER,
    Segment,
    content_of,
    end_of_picture,
    marker_of,
    segment,
    walk,
)
from genlabel.model.errors import MalformedMetadata

NAME = "jpeg"
MIME = "image/jpeg"
SUFFIXES = (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo")
SLOTS = frozenset({XMP, EXTENDED_XMP, IIM, EXIF, MANIFEST})
XMP_LIMIT = 65_502
"""XMP part 3 §1.1.3: the most that a reader may expect in one APP1 segment."""

_EXIF_LIMIT = MAX_CONTENT - len(EXIF_HEADER)
_PHOTOSHOP_LIMIT = 65_500 - len(PHOTOSHOP_HEADER)
_COMMENT = Slot(SlotKind.TEXT, "Comment")
_SCAN, _TRAILER = "scan data", "trailing data"
_TIFF_HEADERS = (b"II*\0", b"MM\0*")
# What a decoder needs besides the scans: frames, tables, and what decides on colour.
_DECODED = frozenset(
    {*(f"SOF{n}" for n in range(16)), "DHT", "DAC", "DQT", "DRI", "DNL", "DHP", "EXP"}
    | {"APP14 Adobe", "APP2 ICC"}
)


def accepts(head: Buffer) -> bool:
    """Does it begin with SOI and a further marker?"""
    return bytes(head[:3]) == SOI + b"\xff"


def survey(data: Buffer) -> Survey:
    """The segments, payloads and anomalies; the scans themselves are not read.

    Raises `MalformedAsset` when a segment runs past the end or no scan follows.
    """
    view = memoryview(data).cast("B")
    segments, scan = walk(view)
    boxes = [each for each in segments if each.marker == APP11]
    store = jumbf_segments.join([view[each.content : each.end] for each in boxes])
    ours = {boxes[number].start for number in store.segments}
    blocks = [Block("SOI", 0, len(SOI))]
    blocks += [
        Block(C2PA_BLOCK, each.start, each.end - each.start) if each.start in ours else each.block
        for each in segments
    ]
    index = _index(view, blocks)
    carried = sum(block.length for block in blocks if block.name == C2PA_BLOCK)
    end = _end(view, scan, index, carried)
    blocks.append(Block(_SCAN, scan, (len(view) if end is None else end) - scan))
    if end is not None and end < len(view):
        blocks.append(Block(_TRAILER, end, len(view) - end))
    payloads, anomalies = _payloads(view, blocks)
    if store.payload is not None:
        payloads[MANIFEST] = store.payload
    anomalies += store.anomalies
    if end is None:
        anomalies.append("no end-of-image marker")
    elif end < len(view) and index is None:
        anomalies.append(f"{len(view) - end:,} bytes after the end of the picture")
    width, height = _size(view, segments)
    return Survey(
        data=view,
        format=NAME,
        width=width,
        height=height,
        # A gain map counts too: the index has no certain word that tells it from a second view.
        frames=max(1, len(index.entries)) if index else 1,
        blocks=tuple(blocks),
        payloads=payloads,
        anomalies=tuple(anomalies),
        # The engine would leave the first picture's size as it was before the manifest came in, and
        # c2pa-rs 0.91 leaves out fill bytes and junk between segments.
        places=(index is not None and index.first_size > 0)
        or any(view[each.start + 1] == 0xFF or each.marker == 0 for each in segments),
    )


def rewrite(survey: Survey, changes: Mapping[Slot, bytes | None]) -> Pieces:
    """The file with some payloads set or removed; from the first scan on nothing changes.

    New segments come after APP0 in the order manifest, Exif, XMP, ExtendedXMP, APP13. Offsets of
    an MPF index are kept true. Raises `MalformedMetadata` for a payload that does not fit.
    """
    wanted = pending(survey, changes, SLOTS)
    view, blocks = survey.data, survey.blocks
    edits: list[Edit] = []
    lead = _after(blocks, len(SOI), *(b.name for b in blocks if b.name.startswith("APP0")))
    body = lead
    for block in blocks:  # metadata comes behind a manifest that is already at its place
        if block.start == body and block.name == C2PA_BLOCK:
            body += block.length
    behind_exif = _after(blocks, body, EXIF_BLOCK)
    behind_xmp = _after(blocks, behind_exif, XMP_BLOCK)
    if MANIFEST in wanted:
        store = wanted[MANIFEST]
        new = b"" if store is None else jumbf_segments.split(store)
        edits += put(_called(blocks, C2PA_BLOCK), new, lead)
        # c2pa-rs 0.91 reckons where a manifest lies without the fill bytes before it.
        edits += [
            Edit(each.start, marker_of(view, each), b"")
            for each in blocks[1:]
            if each.start < lead and view[each.start + 1] == 0xFF
        ]
    if EXIF in wanted:
        edits += _exif_edits(survey, wanted[EXIF], body)
    if XMP in wanted:
        edits += put(_called(blocks, XMP_BLOCK), _xmp_segment(wanted[XMP]), behind_exif)
    if EXTENDED_XMP in wanted:
        packet = wanted[EXTENDED_XMP]
        new = extended_xmp.split(packet) if packet else b""
        edits += put(_called(blocks, EXTENDED_BLOCK), new, behind_xmp)
    if IIM in wanted:
        anchor = _after(blocks, behind_xmp, EXTENDED_BLOCK)
        edits += _iim_edits(survey, wanted[IIM], anchor)
    index = _index(view, blocks)
    if index is not None and growth(edits):
        scan = next(block for block in blocks if block.name == _SCAN)
        end = scan.start + scan.length
        edits += mpf.moved(index, edits, scan=scan.start, end=end, size=len(view))
    return splice(view, edits)


def essence(survey: Survey) -> Iterator[memoryview]:
    """Frame headers, tables, ICC profile and Adobe's colour transform, the scans, and what follows.

    What follows the first picture is part of it: gain maps, second pictures, motion photos.
    """
    for block in survey.blocks:
        end = block.start + block.length
        if block.name in _DECODED:
            yield survey.data[marker_of(survey.data, block) : end]
        elif block.name == "APP0 JFIF":
            # Its presence means YCbCr to decoders (T.871 §7); its density and thumbnail do not.
            yield content_of(survey.data, block)[:5]
        elif block.name in (_SCAN, _TRAILER):
            yield survey.data[block.start : end]


def manifest_spans(survey: Survey) -> tuple[tuple[int, int], ...]:
    """(start, end) of the APP11 segments that carry the manifest, neighbours joined."""
    return spans(survey.blocks, C2PA_BLOCK)


def _payloads(view: memoryview, blocks: Sequence[Block]) -> tuple[dict[Slot, bytes], list[str]]:
    payloads: dict[Slot, bytes] = {}
    anomalies: list[str] = []
    packets = _called(blocks, XMP_BLOCK)
    if packets:
        payloads[XMP] = bytes(content_of(view, packets[0])[len(XMP_HEADER) :])
        if len(packets) > 1:
            anomalies.append(f"{len(packets)} XMP packets")
    portions = [content_of(view, block) for block in _called(blocks, EXTENDED_BLOCK)]
    packet, odd = extended_xmp.join(portions, payloads.get(XMP))
    anomalies += odd
    if packet is not None:
        payloads[EXTENDED_XMP] = packet
    run = _exif_run(view, blocks)
    if run:
        payloads[EXIF] = b"".join(content_of(view, block)[len(EXIF_HEADER) :] for block in run)
        if len(run) < len(_called(blocks, EXIF_BLOCK)):
            anomalies.append("more than one Exif block")
    resources = _resources(view, blocks)
    if resources is not None:
        try:
            data, odd = image_resources.iim(resources)
        except MalformedMetadata as error:
            data, odd = None, (f"APP13 Photoshop: {error}",)
        anomalies += odd
        if data is not None:
            payloads[IIM] = data
    comments = _called(blocks, "COM")
    if comments:
        raw = bytes(content_of(view, comments[0]))
        payloads[_COMMENT] = raw if _is_utf8(raw) else raw.decode("latin-1").encode()
    for block in _called(blocks, JUNK_BLOCK):
        anomalies.append(f"{block.length:,} bytes of junk between segments at {block.start:,}")
    for slot in [slot for slot, payload in payloads.items() if len(payload) > MAX_METADATA]:
        del payloads[slot]
        anomalies.append(f"{slot.kind} of more than {MAX_METADATA:,} bytes, not read")
    return payloads, anomalies


def _exif_run(view: memoryview, blocks: Sequence[Block]) -> list[Block]:
    """The first Exif block and the segments that continue it.

    Exif of more than 64 KB stands in neighbouring segments, of which only the first begins with
    a TIFF header; a later header is a second block.
    """
    run: list[Block] = []
    for block in _called(blocks, EXIF_BLOCK):
        if run:
            start = bytes(content_of(view, block)[len(EXIF_HEADER) :][:4])
            if block.start != run[-1].start + run[-1].length or start in _TIFF_HEADERS:
                break
        run.append(block)
    return run


def _exif_edits(survey: Survey, payload: bytes | None, anchor: int) -> list[Edit]:
    if payload is None:
        return put(_called(survey.blocks, EXIF_BLOCK), b"", anchor)
    run = _exif_run(survey.data, survey.blocks)
    if len(payload) > _EXIF_LIMIT and len(run) < 2:
        raise MalformedMetadata(
            f"exif of {len(payload):,} bytes: a JPEG segment holds {_EXIF_LIMIT:,}",
            remedy="leave the Exif block as it is, or drop its thumbnail",
        )
    cut = range(0, max(1, len(payload)), _EXIF_LIMIT)
    new = b"".join(segment(APP1, EXIF_HEADER, payload[at : at + _EXIF_LIMIT]) for at in cut)
    return put(run, new, anchor)


def _xmp_segment(packet: bytes | None) -> bytes:
    if packet is None:
        return b""
    if len(packet) > XMP_LIMIT:
        raise MalformedMetadata(
            f"xmp of {len(packet):,} bytes: a JPEG segment holds {XMP_LIMIT:,}",
            remedy="shorten it, or move other properties to the ExtendedXMP",
        )
    return segment(APP1, XMP_HEADER, packet)


def _iim_edits(survey: Survey, payload: bytes | None, anchor: int) -> list[Edit]:
    if payload is None and IIM not in survey.payloads:
        return []
    resources = _resources(survey.data, survey.blocks)
    block = image_resources.with_iim(resources or b"", payload)
    cut = range(0, len(block), _PHOTOSHOP_LIMIT)
    new = b"".join(
        segment(APP13, PHOTOSHOP_HEADER, block[at : at + _PHOTOSHOP_LIMIT]) for at in cut
    )
    return put(_called(survey.blocks, PHOTOSHOP_BLOCK), new, anchor)


def _resources(view: memoryview, blocks: Sequence[Block]) -> bytes | None:
    parts = [content_of(view, block) for block in _called(blocks, PHOTOSHOP_BLOCK)]
    return b"".join(part[len(PHOTOSHOP_HEADER) :] for part in parts) if parts else None


def _index(view: memoryview, blocks: Sequence[Block]) -> mpf.Index | None:
    for block in _called(blocks, MPF_BLOCK):
        end = block.start + block.length
        return mpf.read(view, end - len(content_of(view, block)) + len(MPF_HEADER), end)
    return None


def _end(view: memoryview, scan: int, index: mpf.Index | None, carried: int) -> int | None:
    """Where the first picture ends. Reading all the scans is the last resort, for its price.

    An MPF index says it, but may have been made before the manifest of `carried` bytes came in;
    then the second picture's offset may still be right.
    A file without index that ends with EOI is taken to be one picture.
    """
    guesses = [len(view)]
    if index is not None and index.entries:
        starts = [index.header + entry.offset for entry in index.entries if entry.offset]
        guesses = [index.first_size, index.first_size + carried, *starts[:1]]
    for guess in guesses:
        if scan < guess <= len(view) and view[guess - 2 : guess] == EOI:
            return guess
    return end_of_picture(view, scan)


def _size(view: memoryview, segments: Sequence[Segment]) -> tuple[int | None, int | None]:
    for each in segments:
        if each.name.startswith("SOF") and each.end - each.content >= 5:
            height = int.from_bytes(view[each.content + 1 : each.content + 3], "big")
            width = int.from_bytes(view[each.content + 3 : each.content + 5], "big")
            return width or None, height or None  # height 0: DNL after the scan says it
    return None, None


def _called(blocks: Sequence[Block], name: str) -> list[Block]:
    return [block for block in blocks if block.name == name]


def _after(blocks: Sequence[Block], at_least: int, *names: str) -> int:
    wanted = frozenset(names)
    ends = (block.start + block.length for block in blocks if block.name in wanted)
    return max(at_least, max(ends, default=at_least))


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
