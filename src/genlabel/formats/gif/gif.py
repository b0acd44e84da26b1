"""GIF, still and animated: marks in the application extensions of XMP and C2PA.

GIF89a specification §26; XMP specification part 3 §1.1.2; C2PA 2.4 A.3.2.4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from genlabel.formats.edits import Block, Edit, put, removed, spans
from genlabel.formats.format import Format, FormatSurvey, MissingEnd, begins_with
from genlabel.formats.gif import blocks as gif_blocks, coverage, recoded
from genlabel.formats.gif.blocks import Piece
from genlabel.formats.slots import MANIFEST, MAX_METADATA, XMP, Slot, SlotChanges, text_slot
from genlabel.model.errors import MalformedAsset, MalformedMetadata
from genlabel.storage.buffers import Pieces

NAME = "gif"

_MANIFEST_NAME = b"C2PA_GIF\x01\0\0"  # C2PA 2.4 A.3.2.4
_MANIFEST_BLOCK = "application C2PA_GIF"
_XMP_BLOCK = "application XMP DataXMP"
_COMMENT = "Comment"
_SHOWN = frozenset({gif_blocks.CONTROL, gif_blocks.IMAGE, gif_blocks.TEXT})
_PICTURED = frozenset({gif_blocks.CONTROL, gif_blocks.IMAGE, gif_blocks.TRAILER})
# What decides how often an animation runs, and on colour.
_DECODED_APPLICATIONS = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")


def _parse(view: memoryview) -> FormatSurvey[list[Piece]]:
    """The blocks, payloads and anomalies; images are stepped over, not decoded."""
    pieces, end = gif_blocks.walk(view)
    frames = sum(each.kind == gif_blocks.IMAGE for each in pieces)
    if not frames:
        raise MalformedAsset(NAME, "holds no image", offset=end)
    blocks = [Block("header", 0, gif_blocks.HEADER)]
    if pieces[0].start > gif_blocks.HEADER:
        blocks.append(
            Block("global color table", gif_blocks.HEADER, pieces[0].start - gif_blocks.HEADER)
        )
    blocks += [Block(each.name, each.start, each.end - each.start) for each in pieces]
    payloads, anomalies = _payloads(view, pieces)
    if end < len(view):
        blocks.append(Block("trailing data", end, len(view) - end))
        anomalies.append(f"{len(view) - end:,} bytes after the end of the picture")
    missing = None
    if pieces[-1].kind != gif_blocks.TRAILER:
        missing = MissingEnd("no trailer", Edit(end, end, bytes((gif_blocks.TRAILER,))))
        anomalies.append(missing.words)
    return FormatSurvey(
        data=view,
        format=NAME,
        parsed=pieces,
        width=int.from_bytes(view[6:8], "little"),
        height=int.from_bytes(view[8:10], "little"),
        frames=frames,
        blocks=tuple(blocks),
        payloads=payloads,
        anomalies=tuple(anomalies),
        missing_end=missing,
        unsignable="has no trailer, so more of it may be missing" if missing else None,
        manifest_spans=spans(blocks, _MANIFEST_BLOCK),
        stores=max(1, sum(each.name == _MANIFEST_BLOCK for each in pieces)),
    )


def _edits(survey: FormatSurvey[list[Piece]], wanted: SlotChanges) -> list[Edit]:
    """Edits of the extensions that carry some slots; a GIF87a that gets one becomes a GIF89a.

    The manifest comes behind the global colour table, XMP before the first image and what controls
    it.
    """
    view, blocks = survey.data, survey.blocks
    lead = gif_blocks.screen_end(view)
    edits: list[Edit] = []
    if MANIFEST in wanted:
        store = wanted[MANIFEST]
        new = b"" if store is None else _wrapped(store)[0]
        edits += put([each for each in blocks if each.name == _MANIFEST_BLOCK], new, lead)
    if XMP in wanted:
        packet = wanted[XMP]
        if packet is not None and 0 in packet:
            raise MalformedMetadata(
                "xmp with a null byte: a gif file ends the packet there",
                remedy="write the packet as UTF-8",
            )
        new = b"" if packet is None else gif_blocks.xmp(packet)
        shown = next(each.start for each in survey.parsed if each.kind in _SHOWN)
        edits += put([each for each in blocks if each.name == _XMP_BLOCK], new, shown)
    comments = enumerate((each for each in survey.parsed if each.kind == gif_blocks.COMMENT), 1)
    edits += removed(each for number, each in comments if text_slot(_COMMENT, number) in wanted)
    if any(edit.new for edit in edits) and view[4] == ord("7"):  # GIF87a has no extensions
        edits.append(Edit(4, 5, b"9"))
    return edits


def _wrapped(store: bytes) -> tuple[bytes, int]:
    new = gif_blocks.application(_MANIFEST_NAME, store)
    return new, len(new)


def _hidden(survey: FormatSurvey[list[Piece]]) -> Iterator[tuple[str, bytes]]:
    """What extensions say, most of which is cut into sub-blocks."""
    view, budget = survey.data, MAX_METADATA
    for each in survey.parsed:
        if each.kind in _PICTURED or each.name == _MANIFEST_BLOCK:
            continue
        budget -= each.end - each.body
        if budget < 0:
            return
        whole = each.name == _XMP_BLOCK or gif_blocks.is_whole(view, each)
        text = gif_blocks.packet_of(view, each)[0] if whole else gif_blocks.joined(view, each)
        yield f"{each.name} at {each.start:,}", text


def _essence(survey: FormatSurvey[list[Piece]]) -> Iterator[memoryview]:
    """The screen with its colours, how the animation repeats, and every image with its control.

    The version is left out: it says which blocks may come, and nothing of the picture.
    """
    yield survey.data[len(gif_blocks.SIGNATURES[0]) : survey.parsed[0].start]
    for each in survey.parsed:
        if each.kind in _SHOWN or each.application in _DECODED_APPLICATIONS:
            yield survey.data[each.start : each.end]


def _payloads(view: memoryview, pieces: list[Piece]) -> tuple[dict[Slot, bytes], list[str]]:
    payloads: dict[Slot, bytes] = {}
    anomalies: list[str] = []
    counts: Counter[Slot] = Counter()
    comments = 0
    for each in pieces:
        comments += each.kind == gif_blocks.COMMENT
        slot = _slot(each, comments)
        if slot is None:
            continue
        counts[slot] += 1
        if slot in payloads:
            continue
        # The manifest is not bounded: it is no longer than the file is.
        if slot != MANIFEST and each.end - each.body > MAX_METADATA:
            anomalies.append(f"{slot} of more than {MAX_METADATA:,} bytes, not read")
        elif slot == XMP:
            payloads[slot], regular = gif_blocks.packet_of(view, each)
            if not regular:
                anomalies.append(f"xmp at {each.start:,} lacks the trailer that belongs behind it")
        else:
            payloads[slot] = gif_blocks.joined(view, each)
    anomalies += [f"{count} {slot} blocks" for slot, count in counts.items() if count > 1]
    return payloads, anomalies


def _slot(piece: Piece, comments: int) -> Slot | None:
    """The slot of a piece; `comments` is how many there are up to it."""
    if piece.kind == gif_blocks.COMMENT:
        return text_slot(_COMMENT, comments)
    if piece.kind != gif_blocks.APPLICATION:
        return None
    return {_XMP_BLOCK: XMP, _MANIFEST_BLOCK: MANIFEST}.get(piece.name)


def _recoded(old: FormatSurvey[list[Piece]], new: FormatSurvey[list[Piece]]) -> Pieces:
    return recoded.recoded(old.data, old.parsed, new.data, new.parsed)


GIF = Format(
    name=NAME,
    media_type="image/gif",
    suffixes=(".gif",),
    slots=frozenset({XMP, MANIFEST}),
    accepts=begins_with(*gif_blocks.SIGNATURES),
    parse=_parse,
    edits=_edits,
    wrapped=_wrapped,
    essence=_essence,
    boxes=lambda survey: coverage.boxes(survey.data, survey.parsed, _MANIFEST_BLOCK),
    unseen=lambda survey: coverage.unseen(survey.data, survey.parsed),
    coded=lambda name: name not in ("trailing data", "trailer"),
    hidden=_hidden,
    recoded=_recoded,
)
