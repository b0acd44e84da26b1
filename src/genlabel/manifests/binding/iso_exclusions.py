"""Which bytes of an ISO file a hash of it leaves out: the exclusions of ``c2pa.hash.bmff``.

C2PA 2.4 §18.7.2: a box matches by its path and by what else an entry asks of it. The engine (c2pa
0.91) reads four of these rules otherwise; what it signed is read as it reads it (`Manner`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

from genlabel.formats.isobmff import boxes, uuid_boxes
from genlabel.formats.isobmff.boxes import Box
from genlabel.manifests.binding.iso_fields import Malformed, number, octets, sequence, table, text
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset
from genlabel.model.expression import expression

Span = tuple[int, int]
_NODE = expression(r"([^/\[\]]{4})(?:\[0*([1-9][0-9]{0,8})\])?")
_MAX_DEPTH = 16
_MAX_WORK = 1 << 22
"""Most boxes that are held against all entries together; more is an attack."""
_NAMES = b"""
pdin mvhd tkhd mdhd hdlr nmhd elng stsd stdp stts ctts cslg stss stsh elst dref
stsz stz2 stsc stco co64 padb subs saiz saio mehd trex mfhd tfhd trun tfra mfro
tfdt leva trep assp sbgp sgpd csgp cprt tsel kind meta bxml iloc pitm ipro infe
iinf iref ipma schm fiin fpar fecr gitn fire stri stsg stvi csch sidx ssix prft
srpp vmhd smhd srat chnl dmix txtC mime uriI hmhd sthd vvhd medc
"""
_ENGINE_FULL = frozenset(_NAMES.split()) | {b"xml ", b"uri "}
"""The boxes of which the engine knows that they have a version and flags."""
_FULL = _ENGINE_FULL | {b"emsg", b"pssh", b"senc", b"tenc", b"ispe", b"pixi", b"auxC"}
"""Those that ISO/IEC 14496-12, 23001-7, 23008-12 and 23009-1 say it of."""


class Manner(Enum):
    """Whose reading of an entry: where the two differ, a binding may hold by either."""

    ENGINE = "engine"
    SPECIFIED = "specified"


class TooMuch(ValueError):
    """More work than a hash of an honest file asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """One entry: which boxes it means, and how much of them is left out."""

    nodes: tuple[tuple[str, int], ...]
    """Box type and, from 1, which of its kind (0: each); empty where the path is none."""
    length: int | None
    data: tuple[tuple[int, bytes], ...]
    subset: tuple[Span, ...] | None
    """Offset and length; a length of 0 reaches to the end of the box."""
    version: int | None
    flags: bytes | None
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What all entries together leave out of one file."""

    spans: tuple[Span, ...]
    """In order, joined."""
    whole: frozenset[int]
    """Where root boxes begin that are left out in their entirety."""


def read(listed: object) -> tuple[Exclusion, ...]:
    """The entries of the field ``exclusions``. Raises `Malformed` (C2PA 2.4 §15.12.2)."""
    entries = sequence(listed, "exclusions")
    if not entries:
        raise Malformed("the hash names no exclusions")
    return tuple(_entry(table(each, "an exclusion")) for each in entries)


def left_out(top: Sequence[Box], entries: Iterable[Exclusion], manner: Manner) -> LeftOut:
    """What `entries` leave out of a file with the root boxes `top`. Raises `TooMuch`."""
    tree = _Tree(top, manner)
    spans: list[Span] = []
    whole: set[int] = set()
    roots = {box.start for box in top}
    for entry in entries:
        effort = len(entry.subset or ()) + sum(len(value) >> 8 for _, value in entry.data)
        for box in tree.located(entry.nodes):
            tree.spend(effort)
            if not _matches(box, entry, manner):
                continue
            if entry.subset is None:
                spans.append((box.start, box.end))
                whole.add(box.start)
                continue
            for offset, length in entry.subset:
                start = box.start + offset
                end = box.end if not length else min(start + length, box.end)
                if start < end:
                    spans.append((start, end))
    return LeftOut(spans=tuple(joined(spans)), whole=frozenset(whole & roots))


def joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans in order, those that touch or overlap made one."""
    last: Span | None = None
    for start, end in sorted(spans):
        if last is not None and start <= last[1]:
            last = (last[0], max(end, last[1]))
            continue
        if last is not None:
            yield last
        last = (start, end)
    if last is not None:
        yield last


def complement(spans: Iterable[Span], start: int, end: int) -> Iterator[Span]:
    """What of (start, end) lies outside of `spans`, which are in order and joined."""
    at = start
    for first, last in spans:
        if last <= at:
            continue
        if first >= end:
            break
        if at < first:
            yield at, first
        at = last
    if at < end:
        yield at, end


class _Tree:
    """The boxes by path, each looked into once."""

    def __init__(self, top: Sequence[Box], manner: Manner) -> None:
        self._top = list(top)
        self._kinds: dict[bytes, list[Box]] = {}
        for box in top:
            self._kinds.setdefault(box.type, []).append(box)
        self._inside: dict[int, Sequence[Box]] = {}
        self._manner = manner
        self._work = 0

    def located(self, nodes: tuple[tuple[str, int], ...]) -> list[Box]:
        """The boxes at a path."""
        if not 0 < len(nodes) <= _MAX_DEPTH:
            return []
        groups: list[list[Box]] = [self._top]
        found: list[Box] = []
        for depth, (name, index) in enumerate(nodes):
            if depth:
                self.spend(len(found))
                groups = [list(self._children(box)) for box in found]
            named = [self._of_kind(group, name) for group in groups]
            if index and len(named) > 1 and self._manner is Manner.ENGINE:
                # the engine counts over all parents together
                named = [[box for group in named for box in group]]
            if index:
                named = [group[index - 1 : index] for group in named]
            found = [box for group in named for box in group]
        self.spend(len(found))
        return found

    def _of_kind(self, group: list[Box], name: str) -> list[Box]:
        if group is self._top and name.isascii():
            return self._kinds.get(name.encode(), [])
        self.spend(len(group))
        return [box for box in group if _is_named(box.type, name)]

    def _children(self, box: Box) -> Sequence[Box]:
        if box.start not in self._inside:
            try:
                self._inside[box.start] = boxes.inside(box) if boxes.nests(box) else []
            except MalformedAsset:
                self._inside[box.start] = []
        return self._inside[box.start]

    def spend(self, work: int) -> None:
        """Count work. Raises `TooMuch`."""
        self._work += work
        if self._work > _MAX_WORK:
            raise TooMuch("its exclusions name too many boxes")


def _is_named(kind: bytes, name: str) -> bool:
    return kind.decode("latin-1") == name or kind.decode("utf-8", "replace") == name


def _matches(box: Box, entry: Exclusion, manner: Manner) -> bool:
    if entry.length is not None and entry.length != box.length:
        return False
    if entry.version is not None or entry.flags is not None:
        word = _version_and_flags(box, manner)
        if word is None and manner is Manner.SPECIFIED:
            return False
        if word is not None and not _as_asked(word, entry, manner):
            return False
    # the engine reads on behind a box
    end = box.end if manner is Manner.SPECIFIED else len(box.data)
    for offset, value in entry.data:
        start = box.start + offset
        if start + len(value) > end or bytes(box.data[start : start + len(value)]) != value:
            return False
    return True


def _as_asked(word: tuple[int, int], entry: Exclusion, manner: Manner) -> bool:
    version, flags = word
    if entry.version is not None and entry.version != version:
        return False
    if entry.flags is None:
        return True
    asked = int.from_bytes(entry.flags, "big")
    if manner is Manner.SPECIFIED:
        return flags == asked if entry.exact else flags & asked == asked
    # c2pa 0.91 takes the three bytes for the upper ones of four
    asked <<= 8
    return flags == asked if entry.exact else asked | flags == asked


def _version_and_flags(box: Box, manner: Manner) -> tuple[int, int] | None:
    """Those of a full box; None for one that is none."""
    full = box.uuid == uuid_boxes.C2PA or (
        box.type in (_FULL if manner is Manner.SPECIFIED else _ENGINE_FULL)
    )
    if not full or (box.type == b"meta" and not boxes.is_full(box)) or box.body + 4 > box.end:
        return None
    return boxes.version_and_flags(box)


def _entry(fields: Mapping[str, Any]) -> Exclusion:
    flags = fields.get("flags")
    exact = fields.get("exact")
    if exact is not None and not isinstance(exact, bool):
        raise Malformed("exact is neither true nor false")
    packed = None if flags is None else octets(flags, "flags")
    if packed is not None and len(packed) != 3:
        raise Malformed(f"flags of {len(packed)} bytes, and not of 3")
    return Exclusion(
        nodes=_nodes(text(fields.get("xpath"), "xpath")),
        length=_optional(fields, "length"),
        data=tuple(_datum(each) for each in _listed(fields, "data") or ()),
        subset=_subset(_listed(fields, "subset")),
        version=_optional(fields, "version"),
        flags=packed,
        exact=exact is not False,
    )


def _nodes(xpath: str) -> tuple[tuple[str, int], ...]:
    """Only full paths of box types, with an index or without; any other means no box."""
    nodes = [_NODE.fullmatch(each) for each in xpath.lstrip("/").split("/")[: _MAX_DEPTH + 1]]
    if not all(nodes):
        return ()
    return tuple((each[1], int(each[2] or 0)) for each in nodes if each)


def _optional(fields: Mapping[str, Any], key: str) -> int | None:
    value = fields.get(key)
    return None if value is None else number(value, key)


def _listed(fields: Mapping[str, Any], key: str) -> Sequence[Any] | None:
    value = fields.get(key)
    return None if value is None else sequence(value, key)


def _datum(value: object) -> tuple[int, bytes]:
    fields = table(value, "data")
    return number(fields.get("offset"), "offset"), octets(fields.get("value"), "value")


def _subset(listed: Sequence[Any] | None) -> tuple[Span, ...] | None:
    """In order and not overlapping, or `Malformed`."""
    if listed is None:
        return None
    parts: list[Span] = []
    for each in listed:
        fields = table(each, "subset")
        offset = number(fields.get("offset"), "offset")
        if parts and (offset < parts[-1][0] or sum(parts[-1]) > offset):
            raise Malformed("the subsets of an exclusion overlap, or are in no order")
        parts.append((offset, number(fields.get("length"), "length")))
    return tuple(parts)
