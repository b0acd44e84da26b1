"""Marks in an ID3 tag: XMP in a PRIV frame, the manifest in a GEOB frame, beside other frames.

XMP part 3 §1.1.4; C2PA 2.4 A.3.4. MP3 and FLAC share this.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from genlabel.formats.edits import Block, Edit, Span, growth, put, removed, spans
from genlabel.formats.format import FormatSurvey
from genlabel.formats.id3 import frames as id3_frames, tag as id3
from genlabel.formats.id3.tag import Frame, Tag
from genlabel.formats.malformed import no_room
from genlabel.formats.slots import (
    MANIFEST,
    MAX_METADATA,
    XMP,
    Slot,
    SlotChanges,
    SlotKind,
    text_slot,
)
from genlabel.model.errors import MalformedAsset

SLOTS = frozenset({XMP, MANIFEST})
_MANIFEST_BLOCK = "GEOB C2PA"
_OUR_BLOCKS = {XMP: "PRIV XMP", MANIFEST: _MANIFEST_BLOCK}
COVERS = ("APIC", "PIC", "PICTURE")
"""Whole pictures in a recording: what they say of themselves is not said of it."""
_TRAILER = 64 * 1024
"""Bytes at the end of a recording in which a stranger's tag may stand."""
_PADDING = 16
"""Zero bytes behind the frames of a new tag; some readers miss them."""


def survey(data: memoryview, format: str) -> FormatSurvey[Tag | None]:
    """The tag that `data` begins with, if any: its blocks and payloads, without the recording.

    Raises `MalformedAsset` when a size in it lies.
    """
    tag = id3.walk(data, format)
    if tag is None:
        return FormatSurvey(data=data, format=format, parsed=None, embeds=True)
    id3_frames.check_chapters(data, tag, format)
    payloads: dict[Slot, bytes] = {}
    anomalies: list[str] = []
    if tag.version < 4 and not tag.frames and tag.obstacle is not None:
        anomalies.append(f"{tag.obstacle}, whose frames are not read")
    keys: Counter[str] = Counter()
    span: Span | None = None
    unsignable: str | None = None
    for each in tag.frames:
        slot = _ours(data, each)
        if slot is not None:
            _read(data, each, slot, payloads, anomalies)
            if slot == MANIFEST and span is None and slot in payloads:
                span = each.end - len(payloads[slot]), each.end
        elif tag.version > 2:
            damage = _read_text(data, tag, each, payloads, keys)
            unsignable = unsignable or damage
    if tag.obstacle is not None:
        unsignable = f"{tag.obstacle}, into which nothing is put"
    blocks = tuple(_blocks(data, tag))
    return FormatSurvey(
        data=data,
        format=format,
        parsed=tag,
        blocks=blocks,
        payloads=payloads,
        anomalies=tuple(anomalies),
        unsignable=unsignable,
        embeds=True,
        manifest_spans=spans(blocks, _MANIFEST_BLOCK),
        stores=max(1, sum(each.name == _MANIFEST_BLOCK for each in blocks)),
        store_span=span,
    )


def edits(survey: FormatSurvey[Tag | None], wanted: SlotChanges) -> list[Edit]:
    """What puts the payloads of `wanted` into the tag, or takes them out where None.

    A file without a tag gets one, ID3v2.4; a tag without frames goes.
    Raises `MalformedMetadata` for a tag that cannot be edited.
    """
    data, tag = survey.data, survey.parsed
    if tag is None:
        return _new(wanted)
    texts = [each for slot, each in _texts(data, tag) if slot in wanted]
    wanted = {slot: payload for slot, payload in wanted.items() if slot in SLOTS}
    ours = {slot: [f for f in tag.frames if _ours(data, f) == slot] for slot in (XMP, MANIFEST)}
    if not texts and all(payload is None and not ours[slot] for slot, payload in wanted.items()):
        return []
    if tag.obstacle is not None:
        raise no_room(f"{survey.format}: {tag.obstacle} cannot be edited without harm")
    count = len(texts) + sum(len(ours[slot]) for slot in wanted)
    if count == len(tag.frames) and all(payload is None for payload in wanted.values()):
        return [Edit(0, tag.end, b"")]
    edits = removed(texts)
    for slot in (XMP, MANIFEST):
        if slot in wanted:
            edits += put(ours[slot], _frame(slot, wanted[slot], tag.version), tag.last)
    if tag.last == tag.end:
        edits.append(Edit(tag.end, tag.end, bytes(_PADDING)))
    size = tag.end - id3.HEADER + growth(edits)
    return [Edit(0, id3.HEADER, id3.header(tag.version, size)), *edits]


def _new(wanted: SlotChanges) -> list[Edit]:
    frames = b"".join(_frame(slot, wanted.get(slot), 4) for slot in (XMP, MANIFEST))
    if not frames:
        return []
    return [Edit(0, 0, id3.header(4, len(frames) + _PADDING) + frames + bytes(_PADDING))]


def _frame(slot: Slot, payload: bytes | None, version: int) -> bytes:
    if payload is None:
        return b""
    return (id3_frames.xmp if slot == XMP else id3_frames.manifest)(payload, version)


def _ours(data: memoryview, frame: Frame) -> Slot | None:
    if id3_frames.is_xmp(data, frame):
        return XMP
    return MANIFEST if id3_frames.is_manifest(data, frame) else None


def _read(
    data: memoryview,
    frame: Frame,
    slot: Slot,
    payloads: dict[Slot, bytes],
    anomalies: list[str],
) -> None:
    """One of our frames into the payloads; the first one counts."""
    content = (id3_frames.packet_in if slot == XMP else id3_frames.store_in)(data, frame)
    if slot in payloads:
        several = f"several {slot.kind} frames in the ID3 tag"
        anomalies += [several] * (several not in anomalies[-1:])
    elif content is None:
        anomalies.append(f"ID3 frame {frame.name} at {frame.start:,} is damaged")
    elif slot == XMP and len(content) > MAX_METADATA:
        anomalies.append(f"{slot.kind} of more than {MAX_METADATA:,} bytes, not read")
    else:
        payloads[slot] = bytes(content)


def _read_text(
    data: memoryview, tag: Tag, frame: Frame, payloads: dict[Slot, bytes], keys: Counter[str]
) -> str | None:
    """Read somebody else's frame into the payloads: it must be the same when the file is signed.

    Returns why no manifest would be found beside it, or None. The engine's ID3 library (of c2pa-rs
    0.91) gives up the whole tag over one frame that is not built as its id promises.
    """
    try:
        content = id3_frames.read(data, frame, tag.version)
    except (id3_frames.MalformedFrame, MalformedAsset) as error:
        return (
            f"nobody would find a manifest in an ID3 tag whose frame {frame.name} at "
            f"{frame.start:,} is damaged ({error})"
        )
    keys[content.key] += 1
    payloads[text_slot(content.key, keys[content.key])] = content.text
    return None


def _texts(data: memoryview, tag: Tag) -> Iterator[tuple[Slot, Frame]]:
    """Somebody else's frames, by the slots that they are read into."""
    keys: Counter[str] = Counter()
    for each in tag.frames:
        read: dict[Slot, bytes] = {}
        if tag.version > 2 and _ours(data, each) is None:
            _read_text(data, tag, each, read, keys)
        for slot in read:
            yield slot, each


def foreign(blocks: Iterable[Block], data: memoryview) -> dict[Slot, bytes]:
    """Payloads that stand for other people's blocks outside the tag: they change with them."""
    return {
        Slot(SlotKind.TEXT, each.name): id3_frames.digest(data[each.start : each.end])
        for each in blocks
    }


def trailing(survey: FormatSurvey[Tag | None], audio: str) -> Iterator[tuple[str, bytes]]:
    """The end of the recording, the block called `audio`: frames say nowhere how many they are."""
    for each in survey.blocks:
        if each.name == audio:
            start = max(each.start, each.end - _TRAILER)
            yield f"{audio} at {start:,}", bytes(survey.data[start : each.end])


def _blocks(data: memoryview, tag: Tag) -> list[Block]:
    blocks = [Block("ID3v2 header", 0, tag.first)]
    for each in tag.frames:
        name = _OUR_BLOCKS.get(_ours(data, each) or Slot(SlotKind.TEXT), each.name)
        blocks.append(Block(name, each.start, each.end - each.start))
    if tag.end > tag.last:
        blocks.append(Block("ID3v2 padding", tag.last, tag.end - tag.last))
    return blocks
