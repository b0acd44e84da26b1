"""What a recording or film in RIFF says of itself: its INFO list, and a broadcast's description.

Microsoft's Multimedia Programming Interface 1.0 chapter 2 (INFO); EBU Tech 3285 §2.3 (bext).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from genlabel.formats.format import FormatSurvey
from genlabel.formats.riff import chunks as riff
from genlabel.formats.riff.chunks import RiffList
from genlabel.formats.slots import MAX_TEXT, Slot, numbered
from genlabel.model.errors import MalformedAsset

_BROADCAST = {"Description": (0, 256), "Author": (256, 288), "OriginatorReference": (288, 320)}
_CODING = 602
"""Where the history of coding begins."""
_XML = b"iXML"


def texts(survey: FormatSurvey[RiffList]) -> Mapping[Slot, bytes]:
    """The texts of the first list's chunks, by their keywords."""
    return numbered(_listed(survey))


def _listed(survey: FormatSurvey[RiffList]) -> Iterator[tuple[str, bytes]]:
    for each in survey.parsed.chunks:
        content = each.content(survey.data)
        if each.type == b"LIST" and bytes(content[:4]) == b"INFO":
            try:
                inner = riff.inner(survey.data, each.start + 12, each.end, survey.format)
            except MalformedAsset:
                continue
            for one in inner:
                yield one.name, _text(one.content(survey.data))
        elif each.type == b"bext":
            for name, (start, end) in _BROADCAST.items():
                yield name, _text(content[start:end])
            yield "CodingHistory", _text(content[_CODING:])
        elif each.type == _XML:
            yield "iXML", _text(content)


def _text(raw: memoryview) -> bytes:
    return bytes(raw[:MAX_TEXT]).partition(b"\0")[0].strip()
