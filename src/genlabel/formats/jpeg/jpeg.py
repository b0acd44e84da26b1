"""JPEG: where its marks live among the segments before the first scan, MPO and Ultra HDR too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from genlabel.formats.edits import Block, Edit, growth, put, removed, spans
from genlabel.formats.format import Format, FormatSurvey, MissingEnd, Survey, begins_with
from genlabel.formats.jpeg import (
    coverage,
    exif_segments,
    extended_xmp,
    image_resources,
    jumbf_segments,
    mpf,
    payloads,
    phone_trailer,
    recoded,
    segments,
)
from genlabel.formats.jpeg.exif_segments import Pointer
from genlabel.formats.jpeg.payloads import COMMENT, Named, further, later_exif, resources
from genlabel.formats.jpeg.segments import Segment, content_of
from genlabel.formats.slots import (
    EXIF,
    EXTENDED_XMP,
    FURTHER_EXIF,
    IIM,
    MANIFEST,
    XMP,
    SlotChanges,
    SlotKind,
    further_exif,
    text_slot,
)
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata

NAME = "jpeg"
_FEIGNED = "carries a damaged box of a manifest, which other readers take for one"
_FEW = 1_000
"""Segments; a photograph has some dozens, one with 16 MB of XMP 256 more."""
XMP_LIMIT = 65_502
"""XMP part 3 §1.1.3: the most that a reader may expect in one APP1 segment."""

_PHOTOSHOP_LIMIT = 65_500 - len(segments.PHOTOSHOP_HEADER)
_SCAN, _TRAILER = "scan data", "trailing data"
_IN_PIECES = (segments.EXTENDED_BLOCK, segments.EXIF_BLOCK, segments.PHOTOSHOP_BLOCK)
# What a decoder needs besides the scans: frames, tables, and what decides on colour.
_DECODED = frozenset(
    {*(f"SOF{n}" for n in range(16)), "DHT", "DAC", "DQT", "DRI", "DNL", "DHP", "EXP"}
    | {"APP14 Adobe", "APP2 ICC"}
)


@dataclass(frozen=True, slots=True)
class Known:
    """What a file counts to by offsets."""

    index: mpf.Index | None
    pointers: tuple[Pointer, ...]
    named: Named
    """Its blocks by their names, in file order."""


def _parse(view: memoryview) -> FormatSurvey[Known]:
    """The segments, payloads and anomalies; the scans themselves are not read.

    Raises `MalformedAsset` when a segments.segment runs past the end or no scan follows.
    """
    headers, scan = segments.walk(view)
    boxes = [each for each in headers if each.marker == segments.APP11]
    store = jumbf_segments.join([view[each.content : each.end] for each in boxes])
    ours = {boxes[number].start for number in store.segments}
    blocks = [Block("SOI", 0, len(segments.SOI))]
    blocks += [
        Block(segments.C2PA_BLOCK if start in ours else name, start, end - start)
        for _, name, start, _, end in headers
    ]
    named = _by_name(blocks)
    index = _index(view, named)
    carried = sum([block.length for block in named[segments.C2PA_BLOCK]])
    end = _end(view, scan, index, carried)
    coded = [Block(_SCAN, scan, (len(view) if end is None else end) - scan)]
    if end is not None and end < len(view):
        coded.append(Block(_TRAILER, end, len(view) - end))
    blocks += coded
    named |= _by_name(coded)
    found, spare, pointers, anomalies = payloads.read(view, named, scan)
    if store.payload is not None:
        found[MANIFEST] = store.payload
    anomalies += store.anomalies
    missing = None
    if end is None:
        missing = MissingEnd("no end-of-image marker", Edit(len(view), len(view), segments.EOI))
        anomalies.append(missing.words)
    elif end < len(view) and index is None:
        anomalies.append(f"{len(view) - end:,} bytes after the end of the picture")
    width, height = _size(view, headers)
    odd = [each for each in headers if view[each.start + 1] == 0xFF or each.marker == 0]
    return FormatSurvey(
        data=view,
        format=NAME,
        parsed=Known(index, pointers, named),
        width=width,
        height=height,
        # A gain map counts too: the index has no certain word that tells it from a second view.
        frames=max(1, len(index.entries)) if index else 1,
        blocks=tuple(blocks),
        payloads=found,
        spare=spare,
        further={EXIF: further(view, named)},
        anomalies=tuple(anomalies),
        missing_end=missing,
        unsignable=_FEIGNED if store.is_feigned else None,
        manifest_spans=spans(named[segments.C2PA_BLOCK], segments.C2PA_BLOCK),
        stores=max(1, store.count),
        # The engine would leave the first picture's size as it was before the manifest came in, and
        # c2pa-rs 0.91 leaves out fill bytes and junk between segments; of many segments it moves
        # all the others with each that it takes out.
        embeds=len(headers) > _FEW
        or bool(pointers)
        or (index is not None and index.first_size > 0)
        or bool(odd),
    )


def _edits(survey: FormatSurvey[Known], wanted: SlotChanges) -> list[Edit]:
    """Edits of the segments that carry some slots; from the first scan on nothing changes.

    New segments come after APP0 in the order manifest, Exif, XMP, ExtendedXMP, APP13. Offsets of
    an MPF index are kept true.
    """
    blocks, index, named = survey.blocks, survey.parsed.index, survey.parsed.named
    edits: list[Edit] = []
    lead = max([len(segments.SOI), *(b.end for b in blocks if b.name.startswith("APP0"))])
    body = lead
    for block in named[segments.C2PA_BLOCK]:
        if block.start == body:  # metadata comes behind a manifest that is already at its place
            body += block.length
    behind_exif = _after(named[segments.EXIF_BLOCK], body)
    behind_xmp = _after(named[segments.XMP_BLOCK], behind_exif)
    if MANIFEST in wanted:
        store = wanted[MANIFEST]
        new = b"" if store is None else _wrapped(store)[0]
        edits += put(named[segments.C2PA_BLOCK], new, lead)
        # c2pa-rs 0.91 reckons where a manifest lies without the fill bytes before it.
        edits += [
            Edit(each.start, segments.marker_of(survey.data, each), b"")
            for each in blocks[1:]
            if each.start < lead and survey.data[each.start + 1] == 0xFF
        ]
    if any(slot.kind is SlotKind.TEXT for slot in wanted):
        comments = enumerate(named["COM"], 1)
        edits += removed(each for number, each in comments if text_slot(COMMENT, number) in wanted)
    exif_first = len(edits)
    if XMP in wanted:
        edits += put(named[segments.XMP_BLOCK], _xmp_segment(wanted[XMP]), behind_exif)
    if EXTENDED_XMP in wanted:
        packet = wanted[EXTENDED_XMP]
        new = extended_xmp.split(packet) if packet else b""
        edits += put(named[segments.EXTENDED_BLOCK], new, behind_xmp)
    if IIM in wanted:
        anchor = _after(named[segments.EXTENDED_BLOCK], behind_xmp)
        edits += _iim_edits(survey, wanted[IIM], anchor)
    run = exif_segments.run(survey.data, named[segments.EXIF_BLOCK])
    for number, each in enumerate(later_exif(named, run), 2):
        if (slot := further_exif(number)) in wanted:
            edits += put(each, exif_segments.written(wanted[slot] or b""), each[0].start)
    if EXIF in wanted or (survey.parsed.pointers and growth(edits)):
        payload = wanted.get(EXIF, survey.payloads.get(EXIF))
        edits[exif_first:exif_first] = exif_segments.edits(
            run if payload is not None else named[segments.EXIF_BLOCK],
            payload,
            pointers=survey.parsed.pointers,
            anchor=body,
            others=edits,
        )
    if index is not None and growth(edits):
        (scan,) = named[_SCAN]
        edits += mpf.moved(index, edits, scan=scan.start, end=scan.end, size=len(survey.data))
    return edits


def _hidden(survey: FormatSurvey[Known]) -> Iterator[tuple[str, bytes]]:
    """What may be cut into segments, in one piece: ExtendedXMP, whatever digest it goes by and
    whether anything points to it, Exif and Photoshop's resources."""
    view, named = survey.data, survey.parsed.named
    run = exif_segments.run(view, named[segments.EXIF_BLOCK])
    for each in (*([run] if run else []), *later_exif(named, run)):
        yield f"{segments.EXIF_BLOCK} at {each[0].start:,}", exif_segments.joined(view, each)
    yield segments.PHOTOSHOP_BLOCK, resources(view, named) or b""
    called = named[segments.EXTENDED_BLOCK]
    for packet in extended_xmp.every([content_of(view, block) for block in called]):
        yield segments.EXTENDED_BLOCK, packet


def _essence(survey: Survey) -> Iterator[memoryview]:
    """Frame headers, tables, ICC profile and Adobe's colour transform, the scans, and what follows.

    What follows the first picture is part of it: gain maps, second pictures, motion photos.
    """
    view = survey.data
    for block in survey.blocks:
        if block.name in _DECODED:
            start = block.start
            if view[start + 1] == 0xFF:  # fill bytes
                start = segments.marker_of(view, block)
            yield view[start : block.end]
        elif block.name == "APP0 JFIF":
            # Its presence means YCbCr to decoders (T.871 §7); its density and thumbnail do not.
            yield content_of(view, block)[:5]
        elif block.name in (_SCAN, _TRAILER):
            yield view[block.start : block.end]


def _xmp_segment(packet: bytes | None) -> bytes:
    if packet is None:
        return b""
    if len(packet) > XMP_LIMIT:
        raise MalformedMetadata(
            f"xmp of {len(packet):,} bytes: a JPEG segment holds {XMP_LIMIT:,}",
            remedy="shorten it, or move other properties to the ExtendedXMP",
        )
    return segments.segment(segments.APP1, segments.XMP_HEADER, packet)


def _wrapped(store: bytes) -> tuple[bytes, int]:
    new = jumbf_segments.split(store)
    return new, len(new)


def _iim_edits(survey: FormatSurvey[Known], payload: bytes | None, anchor: int) -> list[Edit]:
    if payload is None and IIM not in survey.payloads:
        return []
    carried = resources(survey.data, survey.parsed.named)
    block = image_resources.with_iim(carried or b"", payload)
    cut = range(0, len(block), _PHOTOSHOP_LIMIT)
    new = b"".join(
        segments.segment(
            segments.APP13, segments.PHOTOSHOP_HEADER, block[at : at + _PHOTOSHOP_LIMIT]
        )
        for at in cut
    )
    return put(survey.parsed.named[segments.PHOTOSHOP_BLOCK], new, anchor)


def _index(view: memoryview, named: Named) -> mpf.Index | None:
    for block in named[segments.MPF_BLOCK]:
        start = block.end - len(content_of(view, block)) + len(segments.MPF_HEADER)
        return mpf.read(view, start, block.end)
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
        if scan < guess <= len(view) and view[guess - 2 : guess] == segments.EOI:
            return guess
    return segments.end_of_picture(view, scan)


def _size(view: memoryview, headers: Sequence[Segment]) -> tuple[int | None, int | None]:
    for each in headers:
        if each.name.startswith("SOF") and each.end - each.content >= 5:
            height = int.from_bytes(view[each.content + 1 : each.content + 3], "big")
            width = int.from_bytes(view[each.content + 3 : each.content + 5], "big")
            return width or None, height or None  # height 0: DNL after the scan says it
    return None, None


def _by_name(blocks: Iterable[Block]) -> Named:
    named: Named = defaultdict(list)
    for block in blocks:
        named[block.name].append(block)
    return named


def _after(called: Sequence[Block], at_least: int) -> int:
    return max(at_least, called[-1].end) if called else at_least


JPEG = Format(
    name=NAME,
    media_type="image/jpeg",
    suffixes=(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
    slots=frozenset({XMP, EXTENDED_XMP, IIM, EXIF, MANIFEST}),
    written=FURTHER_EXIF,
    xmp_limit=XMP_LIMIT,
    exif_limit=exif_segments.LIMIT,
    accepts=begins_with(segments.SOI + b"\xff"),
    parse=_parse,
    edits=_edits,
    wrapped=_wrapped,
    essence=_essence,
    boxes=coverage.boxes,
    unseen=coverage.unseen,
    coded=frozenset({_SCAN, *_IN_PIECES}).__contains__,
    texts=lambda survey: phone_trailer.texts(survey, _TRAILER),
    hidden=_hidden,
    recoded=recoded.recoded,
)
