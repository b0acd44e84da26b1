"""AVI: films in the lists of RIFF, also those of several lists (OpenDML)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from genlabel.formats.edits import Block, Span
from genlabel.formats.format import Format, FormatSurvey
from genlabel.formats.malformed import past_end
from genlabel.formats.riff import chunks as riff, coverage, info_texts, wav_avi
from genlabel.formats.riff.chunks import RiffList
from genlabel.formats.slots import MAX_METADATA
from genlabel.model.errors import MalformedAsset

NAME = "avi"

# AVIMAINHEADER of Microsoft's AVI RIFF file reference: frames, width and height
_FRAMES, _WIDTH, _HEIGHT, _MAIN_HEADER = 16, 32, 36, 40
_MAX_LISTS = 1_000
_ENTRY = "<4sIII"  # the same, AVIOLDINDEX: chunk, flags, offset, size
_ENTRY_SIZE = struct.calcsize(_ENTRY)
_FURTHER = "RIFF AVIX"


def _parse(view: memoryview) -> FormatSurvey[RiffList]:
    """The chunks and lists, payloads and anomalies; no frame is read."""
    riff_list = riff.walk(view, NAME, streamed=(b"LIST",))
    chunks = riff_list.chunks
    headers = wav_avi.lists(view, chunks, b"hdrl")
    if not headers or not wav_avi.lists(view, chunks, b"movi"):
        missing = "movi" if headers else "hdrl"
        raise MalformedAsset(NAME, f"holds no {missing} list, so there is nothing to play")
    header = headers[0].content(view)[4:]
    if len(header) < 8 + _MAIN_HEADER or bytes(header[:4]) != b"avih":
        at = headers[0].start
        raise MalformedAsset(NAME, f"list hdrl at {at:,} begins with no header", offset=at)
    frames, width, height = (
        int.from_bytes(header[8 + at : 12 + at], "little") for at in (_FRAMES, _WIDTH, _HEIGHT)
    )
    further = _further(view, riff_list.end)
    return wav_avi.survey(
        view,
        NAME,
        riff_list,
        width=width or None,
        height=height or None,
        frames=max(1, frames),
        further=further,
        # Frames in further lists are found by offsets from the file's beginning.
        unsignable="a manifest in the first of its RIFF lists would move the others"
        if further
        else None,
    )


def _essence(survey: FormatSurvey[RiffList]) -> Iterator[memoryview]:
    """The headers, where the frames lie, the frames with their index, and further lists.

    An index may count from the file's beginning: moved frames are not the same film.
    """
    view, chunks = survey.data, survey.parsed.chunks
    frames = wav_avi.lists(view, chunks, b"movi")
    for each in frames:
        yield memoryview(each.start.to_bytes(8, "little"))
    played = {*wav_avi.lists(view, chunks, b"hdrl"), *frames}
    for each in chunks:
        if each in played or each.type == b"idx1":
            yield view[each.start : each.start + 8 + each.length]
    for block in survey.blocks:
        if block.name == _FURTHER:
            yield view[block.start : block.end]


def _pointed(survey: FormatSurvey[RiffList]) -> Iterator[Span]:
    """Frames that the index finds outside of the list of frames.

    Offsets count from the list's type, or from the file's beginning: the first one tells.
    """
    view, chunks = survey.data, survey.parsed.chunks
    (frames, *_) = wav_avi.lists(view, chunks, b"movi")
    start, end = frames.start, frames.start + 8 + frames.length
    for index in (each for each in chunks if each.type == b"idx1"):
        content = index.content(view)
        base: int | None = None
        for kind, _, offset, length in struct.iter_unpack(
            _ENTRY, content[: len(content) // _ENTRY_SIZE * _ENTRY_SIZE]
        ):
            if base is None:
                first = start + 8 + offset
                base = start + 8 if view[first : first + 4] == kind else 0
            at = base + offset
            if at < start or at + 8 + length > end:
                yield at, at + 8 + length


def _hidden(survey: FormatSurvey[RiffList]) -> Iterator[tuple[str, bytes]]:
    """The lists that are no frames: their name is the same."""
    for each in survey.parsed.chunks:
        content = each.content(survey.data)
        if each.type == b"LIST" and bytes(content[:4]) != b"movi":
            yield f"LIST at {each.start:,}", bytes(content[:MAX_METADATA])


def _further(view: memoryview, at: int) -> list[Block]:
    """The lists behind the first one (OpenDML AVI File Format Extensions 1.02)."""
    lists: list[Block] = []
    while bytes(view[at : at + 4]) == b"RIFF" and bytes(view[at + 8 : at + 12]) == b"AVIX":
        length = int.from_bytes(view[at + 4 : at + 8], "little")
        end = at + 8 + length + length % 2
        if len(lists) >= _MAX_LISTS:
            raise MalformedAsset(NAME, f"more than {_MAX_LISTS:,} lists", offset=at)
        if end > len(view):
            raise past_end(NAME, f"RIFF list at {at:,}", end - len(view), at)
        lists.append(Block(_FURTHER, at, end - at))
        at = end
    return lists


AVI = Format(
    name=NAME,
    media_type="video/avi",
    suffixes=(".avi",),
    slots=wav_avi.SLOTS,
    accepts=riff.has_form(b"AVI "),
    parse=_parse,
    edits=wav_avi.edits,
    wrapped=riff.wrapped,
    essence=_essence,
    boxes=coverage.boxes,
    pointed=_pointed,
    texts=info_texts.texts,
    coded=lambda name: name in ("LIST", _FURTHER, *wav_avi.ROOM),
    hidden=_hidden,
)
