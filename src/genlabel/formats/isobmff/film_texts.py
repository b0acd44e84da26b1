"""What a film says in its own boxes, beside all XMP: when it was made or taken, by which software.

ISO/IEC 14496-12 §8.2.2 (movie header); QTFF, "User data atoms" and "Metadata"; iTunes' list, which
programs of other makers write into MP4 files, too. Cameras write their dates with an offset from
UTC; the ``©day`` of iTunes' list is the day of publication and none of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from genlabel.formats.edits import Edit, printable
from genlabel.formats.isobmff import boxes
from genlabel.formats.isobmff.boxes import Box
from genlabel.formats.slots import MAX_TEXT, MAX_TEXTS, Slot, keyword, text_slot
from genlabel.model.errors import MalformedAsset

_FROM_1904_TO_1970 = 2_082_844_800
"""Seconds."""
_FAR_OFF = 1 << 34
"""Seconds since 1970 in the year 2514: no clock that is set shows them."""
_APPLE = b"com.apple.quicktime."
_TAKEN = frozenset({b"user data \xa9day", _APPLE + b"creationdate"})
_OTHER_NAMES = {"xyz": "GPS", "location.iso6709": "GPS"}
_FREE_FORM = b"----"
_UTF8 = 1
"""The type of a text (QTFF, "Well-known types")."""
_LONGEST_KEY = 256
_MAX_KEYS = 1000
_Entry = tuple[bytes, bytes, Box]
"""Key and text of an entry, and the box that holds it."""


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


def stated(top: Sequence[Box]) -> tuple[tuple[str, ...], dict[Slot, bytes]]:
    """Every text that says when it was taken, unread, and all texts by their keywords."""
    listed = _listed(top)
    dates = (text for key, text, _ in listed if key in _TAKEN)
    texts = {slot: text for slot, text, _ in _named(listed)}
    return tuple(each.decode("utf-8", "replace").strip("\0 ") for each in dates), texts


def blanked(top: Sequence[Box], slots: Collection[Slot]) -> list[Edit]:
    """Edits that make free boxes of those that hold these texts, so that nothing else moves."""
    gone = {box.start: box for slot, _, box in _named(_listed(top)) if slot in slots}
    edits: list[Edit] = []
    for box in gone.values():
        edits.append(Edit(box.start + 4, box.start + 8, b"free"))
        edits.append(Edit(box.body, box.end, bytes(box.end - box.body)))
    return edits


def _named(listed: Sequence[_Entry]) -> Iterator[tuple[Slot, bytes, Box]]:
    """The texts by the slot that each is called."""
    numbers: Counter[str] = Counter()
    for key, text, box in listed:
        plain = key.removeprefix(b"user data ").removeprefix(_APPLE).removeprefix(b"\xa9")
        own = printable(plain)
        name = keyword(_OTHER_NAMES.get(own.lower(), own))
        numbers[name] += 1
        yield text_slot(name, numbers[name]), text, box


def _listed(top: Sequence[Box]) -> list[_Entry]:
    """The first entries; what is malformed ends its own list."""
    listed: list[_Entry] = []
    for entries in (_in_user_data(top), _in_metadata(top, ()), _in_metadata(top, (b"udta",))):
        try:
            for entry in entries:
                listed.append(entry)
                if len(listed) >= MAX_TEXTS:
                    return listed
        except MalformedAsset:
            continue
    return listed


def _in_user_data(top: Sequence[Box]) -> Iterator[_Entry]:
    """Texts in languages: the length of each, its language, the text itself."""
    for holder in boxes.descend(top, (b"moov", b"udta")):
        for box in boxes.inside(holder):
            at = 0
            while box.type[:1] == b"\xa9" and box.end - box.body - at >= 4:
                length = box.number(at, 2)
                yield b"user data " + box.type, _text(box, at + 4, length), box
                at += 4 + length


def _in_metadata(top: Sequence[Box], below: tuple[bytes, ...]) -> Iterator[_Entry]:
    """Items by type, or by number where a list of their own has their names."""
    for meta in boxes.descend(top, (b"moov", *below, b"meta")):
        inner = boxes.inside(meta)
        items, named = boxes.first(inner, b"ilst"), _keys(boxes.first(inner, b"keys"))
        for item in boxes.inside(items) if items is not None else ():
            try:
                inside = boxes.inside(item)
            except MalformedAsset:  # of a form of its own
                continue
            name = boxes.first(inside, b"name") if item.type == _FREE_FORM else None
            key = named.get(item.type, item.type)
            if name is not None:
                key = bytes(name.content()[4:_LONGEST_KEY])
            for data in inside:
                if data.type == b"data" and data.number(0) == _UTF8:
                    yield key, _text(data, 8, data.end - data.body - 8), item


def _keys(keys: Box | None) -> dict[bytes, bytes]:
    """The names of items, by their number as type."""
    if keys is None:
        return {}
    named = boxes.walk(keys.data, keys.format, keys.body + 8, keys.end, most=_MAX_KEYS)
    return {
        number.to_bytes(4, "big"): bytes(key.content()[:_LONGEST_KEY])
        for number, key in enumerate(named, 1)
    }


def _text(box: Box, at: int, length: int) -> bytes:
    start = box.body + at
    end = min(start + max(0, min(length, MAX_TEXT)), box.end)
    return bytes(box.data[start:end])
