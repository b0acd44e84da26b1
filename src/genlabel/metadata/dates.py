"""When a picture was taken, digitised, made or changed, as its own metadata state it.

Exif 3.0 §4.6.6.6 (times, and their offsets from UTC), XMP (ISO 8601), PNG §11.3.3 (Creation Time).
A time counts only where it is unambiguous: its zone is known, and no other statement of the same
kind contradicts it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from genlabel.formats.format import EXIF, XMP, Slot, SlotKind
from genlabel.formats.tiff import directories
from genlabel.formats.tiff.directories import EXIF_POINTER, Directory, Tiff
from genlabel.metadata.exif import below
from genlabel.metadata.xmp import parse, values
from genlabel.metadata.xmp.graph import Name, name_of
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata
from genlabel.model.expression import expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of date, and every place that states it."""

    exif: tuple[int, int]
    """Tags of the time and of its offset from UTC."""
    xmp: tuple[Name, ...]
    text: frozenset[str] = frozenset()
    """Keywords of PNG."""


TAKEN = Kind(
    exif=(0x9003, 0x9011),
    xmp=(
        Name("http://ns.adobe.com/exif/1.0/", "DateTimeOriginal"),
        name_of("photoshop:DateCreated"),
    ),
)
"""When a camera saw it, whatever was done since."""
EXIF_TAKEN = Kind(exif=TAKEN.exif, xmp=())
"""The same in Exif alone."""
MADE = Kind(
    exif=(0x9004, 0x9012),
    xmp=(name_of("xmp:CreateDate"),),
    text=frozenset({"creation time"}),
)
"""When it became data: digitised, drawn or generated."""
CHANGED = Kind(exif=(0x0132, 0x9010), xmp=(name_of("xmp:ModifyDate"),))
"""When this version of the file was made."""
EXIF_CHANGED = Kind(exif=CHANGED.exif, xmp=())
"""The same in Exif alone."""
parse.usual([*TAKEN.xmp, *MADE.xmp, *CHANGED.xmp])

_EXIF_TIME = expression(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)", re.ASCII)
_ISO_TIME = expression(
    r"(\d{4})[-:](\d\d)[-:](\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{1,12})?)?(Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)
"""ISO 8601 as XMP profiles it, and Exif's own signs between the parts, which some write there."""
_OFFSET = expression(r"([+-])(\d\d):?(\d\d)", re.ASCII)
_MAIN_DIRECTORY = frozenset({0x0132})
_LONGEST = 64
"""Most characters of a date that is looked at."""
_MAX_DATES = 16
"""Most statements of one kind that are compared."""
_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
"""Before it there were no such files: clocks that nobody set say so."""
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Date:
    """One statement, to the second or less exact."""

    local: str
    """``2019-05-01T12:30:00`` or a beginning of it, by the clock where it was written."""
    offset: timezone | None
    """None where nobody says what clock that was."""

    @property
    def moment(self) -> datetime | None:
        """The moment that it states; None where it is not exact, or no day of any calendar."""
        if self.offset is None or len(self.local) < len("2019-05-01T12:30"):
            return None
        try:
            return datetime.fromisoformat(self.local).replace(tzinfo=self.offset).astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    def contradicts(self, moment: datetime) -> bool:
        """Can both not be true? One without a zone has to be on the clock of `moment`'s own."""
        if (own := self.moment) is not None:
            to_the_minute = len(self.local) < len("2019-05-01T12:30:00")
            return own != (moment.replace(second=0) if to_the_minute else moment)
        return not moment.isoformat().startswith(self.local)


def stated(payloads: Mapping[Slot, bytes], kind: Kind) -> tuple[Date, ...]:
    """Every date of `kind` in the metadata, exact or not."""
    listed = (*_in_exif(payloads, kind), *_in_xmp(payloads, kind), *_in_text(payloads, kind))
    return listed[:_MAX_DATES]


def read(texts: Iterable[str]) -> tuple[Date, ...]:
    """The dates among `texts` of a container's own frame, in ISO 8601."""
    return tuple(date for each in texts if (date := _iso(each)) is not None)[:_MAX_DATES]


def at(seconds: int) -> Date:
    """The date that is so many seconds behind the beginning of 1970, in UTC."""
    return Date(datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S"), UTC)


def unambiguous(dates: Iterable[Date]) -> datetime | None:
    """The moment on which all agree, in UTC; None where there is none or they differ."""
    dates = tuple(dates)
    exact = [(each, moment) for each in dates if (moment := each.moment) is not None]
    if not exact:
        return None
    first, moment = exact[0]
    if any(each.contradicts(moment.astimezone(first.offset)) for each in dates):
        return None
    return moment if _EARLIEST <= moment <= datetime.now(UTC) + _AHEAD else None


def _in_exif(payloads: Mapping[Slot, bytes], kind: Kind) -> Iterator[Date]:
    if EXIF not in payloads:
        return
    try:
        structure = directories.opened(payloads[EXIF])
        main = structure.directory(structure.first)
    except MalformedMetadata:
        return
    inner = below(structure, main, EXIF_POINTER)
    time, offset = kind.exif
    match = _EXIF_TIME.fullmatch(_text(structure, main if time in _MAIN_DIRECTORY else inner, time))
    if match is not None:
        year, month, day, *clock = match.groups()
        zone = _offset(_text(structure, inner, offset))
        yield Date(f"{year}-{month}-{day}T{':'.join(clock)}", zone)


def _text(structure: Tiff, directory: Directory | None, tag: int) -> str:
    entry = directory.get(tag) if directory is not None else None
    raw = structure.value(entry) if entry is not None else None
    return (raw or b"")[:_LONGEST].decode("ascii", "replace").strip("\0 ")


def _in_xmp(payloads: Mapping[Slot, bytes], kind: Kind) -> Iterator[Date]:
    try:
        graph = parse.parse(payloads.get(XMP, b""), set(kind.xmp))
    except MalformedMetadata:
        return
    for name in kind.xmp if graph is not None else ():
        for value in graph.values.get(name, ()) if graph is not None else ():
            if (date := _iso(values.text(value))) is not None:
                yield date


def _in_text(payloads: Mapping[Slot, bytes], kind: Kind) -> Iterator[Date]:
    """A generator's own time: RFC 2822, as PNG suggests, or ISO 8601."""
    for slot, payload in payloads.items():
        if slot.kind is not SlotKind.TEXT or str(slot.key).lower() not in kind.text:
            continue
        text = bytes(payload[:_LONGEST]).decode("utf-8", "replace").strip("\0 ")
        date = _iso(text) or _mail(text)
        if date is not None:
            yield date


def _iso(text: str) -> Date | None:
    match = _ISO_TIME.fullmatch(text[:_LONGEST].strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    clock = "".join((f"T{hour}:{minute}", f":{second}" if second else "")) if hour else ""
    return Date(f"{year}-{month}-{day}{clock}", UTC if zone == "Z" else _offset(zone or ""))


def _mail(text: str) -> Date | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:  # "-0000", a clock that nobody knows, or no zone at all
        return Date(moment.isoformat(timespec="seconds"), None)
    utc = moment.astimezone(UTC)
    return Date(utc.replace(tzinfo=None).isoformat(timespec="seconds"), UTC)


def _offset(text: str) -> timezone | None:
    match = _OFFSET.fullmatch(text)
    if match is None:
        return UTC if text == "Z" else None
    minutes = int(match[2]) * 60 + int(match[3])
    if minutes > 14 * 60:
        return None
    return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes))
