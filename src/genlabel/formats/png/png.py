"""PNG and APNG: marks in iTXt, eXIf and caBX chunks before the image data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice

from genlabel.formats.edits import Block, Edit, printable, put, removed, spans
from genlabel.formats.format import Format, FormatSurvey, MissingEnd, begins_with
from genlabel.formats.png import coverage, recoded, text as png_text
from genlabel.formats.png.chunks import END, MAX_LENGTH, OVERHEAD, SIGNATURE, Chunk, chunk, walk
from genlabel.formats.slots import (
    EXIF,
    FURTHER_EXIF,
    IIM,
    MANIFEST,
    MAX_FURTHER,
    MAX_METADATA,
    XMP,
    Slot,
    SlotChanges,
    SlotKind,
    further_exif,
    placed,
    text_slot,
    texts_of,
)
from genlabel.model.errors import MalformedAsset, MalformedMetadata

NAME = "png"

_COMFY = "comf"
_MANIFEST_BLOCK = "caBX"  # C2PA 2.4 A.3.2.1
_HEADER_LENGTH = 13  # PNG §11.2.1
_FIRST_IMAGE_BLOCKS = ("PLTE", "IDAT")
# What decoders need, and what decides on colour: profiles and chromaticities change the look.
_DECODED = frozenset(
    {"IHDR", "PLTE", "tRNS", "IDAT", "acTL", "fcTL", "fdAT"}
    | {"gAMA", "cHRM", "sRGB", "iCCP", "cICP", "mDCV", "cLLI", "sBIT"}
)


def _parse(view: memoryview) -> FormatSurvey[None]:
    """The chunks, payloads and anomalies; image data is neither read nor checked."""
    chunks, end = walk(view)
    first = chunks[0]
    if first.type != b"IHDR" or len(first.content(view)) != _HEADER_LENGTH:
        raise MalformedAsset("png", "begins with no IHDR chunk", offset=first.start)
    if not any(each.type == b"IDAT" for each in chunks):
        raise MalformedAsset("png", "holds no IDAT chunk, so no picture", offset=end)
    native, foreign, anomalies = _payloads(view, chunks)
    blocks = [Block("signature", 0, len(SIGNATURE))]
    blocks += [Block(_name(view, each), each.start, each.end - each.start) for each in chunks]
    missing = None
    if chunks[-1].type != b"IEND":
        missing = MissingEnd("no IEND chunk", Edit(end, len(view), END))
        anomalies.append(missing.words)
    if end < len(view):
        blocks.append(Block("trailing data", end, len(view) - end))
        if missing is None:
            anomalies.append(f"{len(view) - end:,} bytes after the end of the picture")
    header = first.content(view)
    return FormatSurvey(
        data=view,
        format=NAME,
        parsed=None,
        width=int.from_bytes(header[:4], "big"),
        height=int.from_bytes(header[4:8], "big"),
        frames=max(1, sum(each.type == b"fcTL" for each in chunks)),
        blocks=tuple(blocks),
        payloads=foreign | native,
        further={EXIF: tuple(_further_exif(view, chunks, foreign, native))},
        aside=frozenset(foreign.keys() - native.keys()),
        anomalies=tuple(anomalies),
        missing_end=missing,
        unsignable="has no IEND chunk, so more of it may be missing" if missing else None,
        manifest_spans=spans(blocks, _MANIFEST_BLOCK),
        stores=max(1, sum(each.type == b"caBX" for each in chunks)),
    )


def _edits(survey: FormatSurvey[None], wanted: SlotChanges) -> list[Edit]:
    """Edits of the chunks that carry some slots; no other chunk changes.

    The manifest comes right after IHDR and XMP behind it, as one uncompressed iTXt chunk; Exif
    stays in place or comes before the palette or image data. A raw profile is replaced only where
    its payload is the one that was read; beside a chunk of its own it stays as it is.
    """
    blocks = survey.blocks
    edits: list[Edit] = []
    lead = blocks[1].end
    body = lead
    for block in blocks[2:]:  # XMP comes behind a manifest that is already at its place
        if block.start != body or block.name != _MANIFEST_BLOCK:
            break
        body += block.length
    for slot, payload in wanted.items():
        if payload is not None and len(payload) > MAX_LENGTH - len(png_text.xmp(b"")):
            raise MalformedMetadata(f"{slot.kind} of {len(payload):,} bytes: too long for a chunk")
    if MANIFEST in wanted:
        store = wanted[MANIFEST]
        new = b"" if store is None else _wrapped(store)[0]
        edits += removed(_called(survey, MANIFEST)) + put([], new, lead)
    if XMP in wanted:
        packet = wanted[XMP]
        new = b"" if packet is None else chunk(b"iTXt", png_text.xmp(packet))
        called = _called(survey, XMP)
        native = [block for block in called if block.name.endswith(png_text.XMP_KEYWORD)]
        edits += removed(called if packet is None else native or called) + put([], new, body)
    if EXIF in wanted:
        exif = wanted[EXIF]
        if exif is None:
            edits += removed(_called(survey, EXIF))
        else:
            native = [block for block in blocks if block.name == "eXIf"]
            anchor = next(block.start for block in blocks if block.name in _FIRST_IMAGE_BLOCKS)
            edits += put(native[:1], chunk(b"eXIf", exif), anchor)  # others say their own
    for number, block in enumerate(_further_chunks(survey), 2):
        if (exif := wanted.get(further_exif(number))) is not None:
            edits.append(Edit(block.start, block.end, chunk(b"eXIf", exif)))
    if wanted.get(IIM, b"") is None:
        edits += removed(_called(survey, IIM))
    unwanted = {slot for slot in wanted if slot.kind is SlotKind.TEXT}
    if unwanted:
        edits += removed(block for slot, block in _texts(survey) if slot in unwanted)
        edits += removed(block for slot, _, block in placed(_stated(survey)) if slot in unwanted)
    return edits


def _further_chunks(survey: FormatSurvey[None]) -> list[Block]:
    """The chunks of Exif behind the first, as far as `_further_exif` has them."""
    called = [block for block in survey.blocks if block.name == "eXIf"][1:MAX_FURTHER]
    return [each for each in called if each.length - OVERHEAD <= MAX_METADATA]


def _texts(survey: FormatSurvey[None]) -> Iterator[tuple[Slot, Block]]:
    """The text chunks that belong to none of the marks, by the slots that their texts have."""
    counts: Counter[str] = Counter()
    for block in survey.blocks:
        kind = block.name[:4].encode("ascii", "replace")
        content = survey.data[block.start + 8 : block.end - 4]
        if kind in png_text.TYPES and (slot := _text_slot(kind, content, counts)) is not None:
            yield slot, block


def _text_slot(kind: bytes, content: memoryview, counts: Counter[str]) -> Slot | None:
    """The slot of a text chunk that belongs to none of the marks; `counts` those before it."""
    if png_text.slot_of(kind, content) is not None:
        return None
    key = png_text.keyword(content)
    counts[key] += 1
    return text_slot(key, counts[key])


def _hidden(survey: FormatSurvey[None]) -> Iterator[tuple[str, bytes]]:
    """What text chunks say that are compressed or in hexadecimal digits."""
    budget = MAX_METADATA
    for block in survey.blocks:
        kind = block.name[:4].encode("ascii", "replace")
        if kind not in png_text.TYPES:
            continue
        content = survey.data[block.start + 8 : block.end - 4]
        if not png_text.is_hidden(kind, content):
            continue
        try:
            text = png_text.read(kind, content, budget)
        except MalformedMetadata:
            budget //= 2  # the survey says what is wrong with it
            continue
        budget -= len(text.payload)
        yield f"{block.name} at {block.start:,}", text.payload


def _essence(survey: FormatSurvey[None]) -> Iterator[memoryview]:
    """Header, palette, transparency, colour chunks, image data and animation, in file order."""
    for block in survey.blocks:
        if block.name in _DECODED:
            yield survey.data[block.start : block.end]


def _payloads(
    view: memoryview, chunks: list[Chunk]
) -> tuple[dict[Slot, bytes], dict[Slot, bytes], list[str]]:
    """The payloads of chunks of their own, those of raw profiles, and what is odd."""
    native: dict[Slot, bytes] = {}
    foreign: dict[Slot, bytes] = {}
    anomalies: list[str] = []
    counts: Counter[Slot] = Counter()
    keywords: Counter[str] = Counter()
    budget = MAX_METADATA
    for each in chunks:
        if each.in_run:
            continue
        if not each.crc_holds(view):
            anomalies.append(f"{_what(view, each)}: its CRC does not match")
        content = each.content(view)
        if each.type in png_text.TYPES:
            numbered = _text_slot(each.type, content, keywords)
            try:
                text = png_text.read(each.type, content, budget)
            except MalformedMetadata as error:
                anomalies.append(f"{_what(view, each)} {error}")
                budget //= 2  # or a thousand bombs would each be worked on up to the limit
                continue
            slot, payload = numbered or text.slot, text.payload
            budget -= len(payload)
            place = native if text.native else foreign
        elif each.type == b"eXIf" and len(content) <= MAX_METADATA:
            slot, payload, place = EXIF, bytes(content), native
        elif each.type == b"caBX":
            # Not bounded: as it is not compressed, it is as long as the file is.
            slot, payload, place = MANIFEST, bytes(content), native
        else:
            continue
        counts[slot] += slot.kind is not SlotKind.TEXT
        place.setdefault(slot, payload)
    anomalies += [f"{count} {slot.kind} blocks" for slot, count in counts.items() if count > 1]
    return native, foreign, anomalies


def _further_exif(
    view: memoryview,
    chunks: list[Chunk],
    foreign: Mapping[Slot, bytes],
    native: Mapping[Slot, bytes],
) -> Iterator[bytes]:
    """What further chunks say, and a raw profile beside a chunk."""
    called = (each.content(view) for each in chunks if each.type == b"eXIf")
    for each in islice(called, 1, MAX_FURTHER):
        if len(each) <= MAX_METADATA:
            yield bytes(each)
    if EXIF in foreign and EXIF in native:
        yield foreign[EXIF]


def _called(survey: FormatSurvey[None], slot: Slot) -> list[Block]:
    """The blocks that carry a slot's payload, in every form that is read."""
    return [block for block in survey.blocks if _carries(survey.data, block) == slot]


def _carries(view: memoryview, block: Block) -> Slot | None:
    if block.name == _MANIFEST_BLOCK:
        return MANIFEST
    if block.name == "eXIf":
        return EXIF
    kind = block.name[:4].encode("ascii")
    if kind not in png_text.TYPES:
        return None
    return png_text.slot_of(kind, view[block.start + 8 : block.end - 4])


def _what(view: memoryview, each: Chunk) -> str:
    return f"chunk {_name(view, each)} at {each.start:,}"


def _stated(survey: FormatSurvey[None]) -> Iterator[tuple[str, bytes, Block]]:
    """The texts of ComfyUI's own chunks, which it puts behind the frames of an animation."""
    for each in survey.blocks:
        if each.name == _COMFY:
            key, _, text = bytes(survey.data[each.start + 8 : each.end - 4]).partition(b"\0")
            yield printable(key), text, each


def _wrapped(store: bytes) -> tuple[bytes, int]:
    new = chunk(_MANIFEST_BLOCK.encode(), store)
    return new, len(new)


def _name(view: memoryview, each: Chunk) -> str:
    name = each.type.decode("ascii")
    if each.type in png_text.TYPES:
        key = png_text.keyword(each.content(view))
        return f"{name} {printable(key.encode('latin-1'))}" if key else name
    return name


PNG = Format(
    name=NAME,
    media_type="image/png",
    suffixes=(".png", ".apng"),
    slots=frozenset({XMP, EXIF, MANIFEST}),
    written=FURTHER_EXIF,
    accepts=begins_with(SIGNATURE),
    parse=_parse,
    edits=_edits,
    wrapped=_wrapped,
    essence=_essence,
    boxes=coverage.boxes,
    unseen=coverage.unseen,
    coded=frozenset({"IDAT", "fdAT"}).__contains__,
    hidden=_hidden,
    texts=lambda survey: texts_of(_stated(survey)),
    recoded=recoded.recoded,
)
