"""What a recording or film in RIFF says of itself: its INFO list, and a broadcast's description.

Microsoft's Multimedia Programming Interface 1.0 chapter 2 (INFO); EBU Tech 3285 §2.3 (bext).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from genlabel.formats.edits import Edit
from genlabel.formats.format import FormatSurvey
from genlabel.formats.riff import chunks as riff
from genlabel.formats.riff.chunks import Chunk, RiffList
from genlabel.formats.slots import MAX_TEXT, Slot, placed, texts_of
from genlabel.model.errors import MalformedAsset

_BROADCAST = {"Description": (0, 256), "Author": (256, 288), "OriginatorReference": (288, 320)}
_CODING = 602
"""Where the history of coding begins."""
_XML = b"iXML"


def texts(survey: FormatSurvey[RiffList]) -> Mapping[Slot, bytes]:
    """The texts of the first list's chunks, by their keywords."""
    return texts_of(_listed(survey))


def blanked(survey: FormatSurvey[RiffList], slots: Collection[Slot]) -> list[Edit]:
    """Edits that leave out these texts and move nothing: a chunk becomes room, a field empty."""
    return [edit for slot, _, edit in placed(_listed(survey)) if slot in slots] if slots else []


def _listed(survey: FormatSurvey[RiffList]) -> Iterator[tuple[str, bytes, Edit]]:
    """Each text with its name and with what blanks it."""
    for each in survey.parsed.chunks:
        content = each.content(survey.data)
        if each.type == b"LIST" and bytes(content[:4]) == b"INFO":
            try:
                inner = riff.inner(survey.data, each.start + 12, each.end, survey.format)
            except MalformedAsset:
                continue
            for one in inner:
                yield one.name, _text(one.content(survey.data)), _room(one)
        elif each.type == b"bext":
            for name, (start, end) in _BROADCAST.items():
                yield name, _text(content[start:end]), _empty(each, start, end)
            coding = _empty(each, _CODING, each.length)
            yield "CodingHistory", _text(content[_CODING:]), coding
        elif each.type == _XML:
            yield "iXML", _text(content), _room(each)


def _room(chunk: Chunk) -> Edit:
    """What makes of a chunk one that keeps its room, as fillers of a file do."""
    new = b"JUNK" + chunk.length.to_bytes(4, "little") + bytes(chunk.length)
    return Edit(chunk.start, chunk.start + len(new), new)


def _empty(chunk: Chunk, start: int, end: int) -> Edit:
    """What empties a field within a chunk."""
    body = chunk.start + 8
    length = max(0, min(end, chunk.length) - start)
    return Edit(body + start, body + start + length, bytes(length))


def _text(raw: memoryview) -> bytes:
    return bytes(raw[:MAX_TEXT]).partition(b"\0")[0].strip()
