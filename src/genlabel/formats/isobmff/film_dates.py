"""When a film was made or taken, as its boxes say beside all metadata in XMP.

ISO/IEC 14496-12 §8.2.2 (movie header); QTFF, "User data atoms" (``©day``) and "Metadata"
(``com.apple.quicktime.creationdate``), which cameras write with their offset from UTC. The
``©day`` of iTunes' own list is the day of publication and no date of these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from genlabel.formats.isobmff import boxes
from genlabel.formats.isobmff.boxes import Box
from genlabel.model.errors import MalformedAsset

_FROM_1904_TO_1970 = 2_082_844_800
"""Seconds."""
_FAR_OFF = 1 << 34
"""Seconds since 1970 in the year 2514: no clock that is set shows them."""
_DAY = b"\xa9day"
_CREATION_DATE = b"com.apple.quicktime.creationdate"
_LONGEST = 64
"""Most bytes of a date."""
_MAX_TEXTS = 8
"""Most languages of one text that are looked at."""
_MAX_KEYS = 1000


def made_at(top: Sequence[Box]) -> int | None:
    """The creation time of the movie header in seconds since 1970; that counts from 1904.

    Programs that know none write 0, and some the beginning of another count.
    """
    headers = list(boxes.descend(top, (b"moov", b"mvhd")))
    if len(headers) != 1 or headers[0].end - headers[0].body < 12:
        return None
    version, _ = boxes.version_and_flags(headers[0])
    seconds = headers[0].number(4, 8 if version == 1 else 4) - _FROM_1904_TO_1970
    return seconds if 0 < seconds < _FAR_OFF else None


def taken_at(top: Sequence[Box]) -> tuple[str, ...]:
    """Every text that says when it was taken, unread; nothing of what is malformed."""
    texts: list[str] = []
    for listed in (_in_user_data(top), _in_metadata(top)):
        try:
            texts += listed
        except MalformedAsset:
            continue
    return tuple(texts)


def _in_user_data(top: Sequence[Box]) -> Iterator[str]:
    """Texts in languages: the length of each, its language, the text itself."""
    for box in boxes.descend(top, (b"moov", b"udta", _DAY)):
        at = 0
        for _ in range(_MAX_TEXTS):
            if box.end - box.body - at < 4:
                break
            length = box.number(at, 2)
            yield _text(box, at + 4, length)
            at += 4 + length


def _in_metadata(top: Sequence[Box]) -> Iterator[str]:
    """Items by number, whose names stand in a list of their own."""
    for meta in boxes.descend(top, (b"moov", b"meta")):
        inner = boxes.inside(meta)
        keys, items = boxes.first(inner, b"keys"), boxes.first(inner, b"ilst")
        if keys is None or items is None:
            continue
        named = boxes.walk(keys.data, keys.format, keys.body + 8, keys.end, most=_MAX_KEYS)
        wanted = {
            number.to_bytes(4, "big")
            for number, key in enumerate(named, 1)
            if bytes(key.content()[: _LONGEST + 1]) == _CREATION_DATE
        }
        for item in boxes.inside(items):
            for data in boxes.inside(item) if item.type in wanted else ():
                yield _text(data, 8, data.end - data.body - 8)


def _text(box: Box, at: int, length: int) -> str:
    start = box.body + at
    end = min(start + min(length, _LONGEST), box.end)
    return bytes(box.data[start:end]).decode("utf-8", "replace").strip("\0 ")
