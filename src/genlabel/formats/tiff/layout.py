"""What lies where in a TIFF file: pages and what hangs on them, values, strips and tiles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import field
from operator import add

from genlabel.formats.edits import Block, Span
from genlabel.formats.slots import MAX_BLOCKS
from genlabel.formats.tiff import directories
from genlabel.formats.tiff.directories import Directory, Entry, Tiff
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata
from genlabel.model.expression import expression

MAX_PAGES = 2_000
"""Most directories of the chain; the C2PA engine reads no more either."""
MAX_STRIPS = 1_000_000
"""Most strips and tiles of one file."""
MAX_SHARED = 16
"""How often over the file's bytes may be listed: pages share an ICC profile now and then."""

WIDTH, LENGTH = 256, 257  # TIFF 6.0 §3
XMP, IPTC, PHOTOSHOP = 700, 33723, 34377  # XMP part 3 §1.1.6; Adobe's registered tags
C2PA = 0xCD41  # C2PA 2.4 A.3.6, embedding manifests into TIFF
SUB_IFDS = 330  # TIFF supplement 1
DNG_VERSION = 50706  # DNG 1.7 chapter 4
INTEROPERABILITY = 0xA005  # Exif 3.0 §4.6.3.3

MANIFEST_BLOCK = "C2PA"
_NAMES = {
    **{XMP: "XMP", IPTC: "IPTC", PHOTOSHOP: "Photoshop", C2PA: MANIFEST_BLOCK},
    **{270: "ImageDescription", 271: "Make", 272: "Model", 305: "Software", 315: "Artist"},
    **{33432: "Copyright", 34675: "ICC", 37500: "MakerNote"},
}
COMPRESSION, _OLD_JPEG, _JPEG, _JPEG_LENGTH = 259, 6, 513, 514  # TIFF 6.0 §22
_EOI = b"\xff\xd9"
_END = expression(re.escape(_EOI))
_DATA = ((273, 279), (324, 325), (513, 514), (52541, 52542))
"""Offsets and byte counts: strips, tiles, old JPEG data (TIFF 6.0 §3, §15, §22), DNG's tables."""
_DECODED = frozenset(
    {254, 255, WIDTH, LENGTH, 258, 259, 262, 266, 274, 277, 278, 279, 284, 292, 293, 301, 317}
    | {318, 319, 320, 322, 323, 325, 332, 334, 336, 338, 339, 340, 341, 347, 512, *range(514, 522)}
    | {529, 530, 531, 532, 33421, 33422, 34675, *range(50706, 50735), *range(50736, 50740)}
    | {*range(50778, 50781), *range(50829, 50970), *range(51008, 51126), *range(52525, 52552)}
)
"""What a decoder needs beside the data: TIFF 6.0's and DNG 1.7's tags, and the ICC profile."""
_PRIVATE = frozenset({50740, 50741, 50781, 50827, 50828, 50966, 50967, 50968, 50971, 52541, C2PA})
"""Of DNG's range: private data, identifiers of the raw file, names of preview software; offsets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One directory of the file, and the strips, tiles or other data that belong to it."""

    name: str
    """``IFD0``, ``IFD1 SubIFD``, ``IFD0 Exif`` …"""
    directory: Directory
    data: tuple[Span, ...] = ()
    """In the order of the entries; what follows directly on what is before is one with it."""

    @property
    def is_picture(self) -> bool:
        """Has it a width and a length? A directory that only carries a manifest has not."""
        return all(self.directory.get(tag) is not None for tag in (WIDTH, LENGTH))


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """All directories of a file."""

    tiff: Tiff
    chain: tuple[Branch, ...]
    """The directories that follow one another from the header on: the pages."""
    below: tuple[tuple[Branch, ...], ...]
    """For each of them the directories that it points to."""

    @property
    def main(self) -> Directory:
        """The first directory, in which metadata stand."""
        return self.chain[0].directory

    @property
    def pages(self) -> tuple[Branch, ...]:
        """The pictures of the chain."""
        return tuple(each for each in self.chain if each.is_picture)

    def branches(self) -> Iterator[Branch]:
        """Every directory, each page followed by what hangs on it."""
        for page, below in zip(self.chain, self.below, strict=True):
            yield page
            yield from below


def laid_out(tiff: Tiff) -> Layout:
    """The layout of a file. Raises `MalformedMetadata` for what lies, circles or overflows."""
    budget = _Budget(MAX_STRIPS, 4 * directories.MAX_ENTRIES, MAX_SHARED * len(tiff.data))
    pages, below = [], []
    for number, directory in enumerate(tiff.chain(MAX_PAGES)):
        name = f"IFD{number}"
        pages.append(_branch(tiff, name, directory, budget))
        below.append(tuple(_below(tiff, name, directory, budget, depth=0)))
    if not pages:
        raise MalformedMetadata("tiff: without any directory")
    return Layout(tiff=tiff, chain=tuple(pages), below=tuple(below))


def parts(layout: Layout) -> list[tuple[Span, str]]:
    """Header, directories and values with their names, in no order; parts may overlap."""
    tiff = layout.tiff
    parts = [((0, tiff.pointer + tiff.width), "header")]
    for branch in layout.branches():
        parts.append(((branch.directory.offset, branch.directory.end), branch.name))
        for entry in branch.directory.entries:
            place = tiff.span(entry)
            if place is not None and place[1] <= len(tiff.data):
                parts.append((place, _named(branch.name, entry)))
    return parts


def blocks(layout: Layout) -> tuple[Block, ...]:
    """The parts as blocks: every byte in one of them. Neighbouring strips are one block.

    Raises `MalformedMetadata` when there are too many.
    """
    size = len(layout.tiff.data)
    listed = parts(layout)
    for branch in layout.branches():
        listed += [(place, f"{branch.name} data") for place in branch.data]
    listed.sort()
    found: list[Block] = []
    at = 0
    for (start, end), name in listed:
        if end <= at:
            continue
        if found and found[-1].name == name and start - at < 16 and name.endswith(" data"):
            start = at  # what aligns one strip to the next belongs to them
        if 0 < start - at < 8 and found and found[-1].name != MANIFEST_BLOCK:
            found[-1] = Block(found[-1].name, found[-1].start, start - found[-1].start)  # aligned
        elif start > at:
            found.append(Block("unlisted data", at, start - at))
        start = max(start, at)
        if found and found[-1].name == name and name.endswith(" data"):
            found[-1] = Block(name, found[-1].start, end - found[-1].start)
        else:
            found.append(Block(name, start, end - start))
        if len(found) > MAX_BLOCKS:
            raise MalformedMetadata(f"tiff: more than {MAX_BLOCKS:,} separate parts")
        at = end
    if at < size:
        found.append(Block("unlisted data", at, size - at))
    return tuple(found)


def essence(layout: Layout) -> Iterator[memoryview]:
    """For each picture what decoders need to know, then its strips or tiles in their order."""
    view = memoryview(layout.tiff.data)
    for branch in layout.branches():
        if not branch.is_picture:
            continue
        yield memoryview(_needed(layout.tiff, branch.directory))
        for start, end in branch.data:
            yield view[start:end]


def is_decoded(tag: int) -> bool:
    """Does a decoder need this entry?"""
    return tag in _DECODED and tag not in _PRIVATE


def _needed(tiff: Tiff, directory: Directory) -> bytes:
    parts = [tiff.order.encode()]
    for entry in sorted(directory.entries, key=lambda each: each.tag):
        if is_decoded(entry.tag):
            value = tiff.value(entry)
            head = f"{entry.tag} {entry.type} {entry.count}:".encode()
            parts.append(head + (entry.field if value is None else value))
    return b"".join(parts)


@dataclass(slots=True)
class _Budget:
    """How much more may be listed before it is an attack."""

    strips: int
    entries: int
    bytes: int
    seen: set[int] = field(default_factory=set)
    """Directories that were read, by offset."""

    def spend(self, *, strips: int = 0, entries: int = 0, bytes: int = 0) -> None:
        self.strips -= strips
        self.entries -= entries
        self.bytes -= bytes
        if self.bytes < 0:
            raise MalformedMetadata("tiff: its parts overlap more than those of any picture")
        if self.strips < 0:
            raise MalformedMetadata(f"tiff: more than {MAX_STRIPS:,} strips or tiles")
        if self.entries < 0:
            raise MalformedMetadata("tiff: more entries than any picture has")


def _branch(tiff: Tiff, name: str, directory: Directory, budget: _Budget) -> Branch:
    budget.seen.add(directory.offset)
    budget.spend(entries=1 + len(directory.entries))
    for entry in directory.entries:
        place = tiff.span(entry)
        if place is not None and place[1] <= len(tiff.data):
            budget.spend(bytes=place[1] - place[0])
    found: list[Span] = []
    for offsets_tag, counts_tag in _DATA:
        offsets, counts = directory.get(offsets_tag), directory.get(counts_tag)
        if offsets is None:
            continue
        if offsets_tag == _JPEG and _is_old_jpeg(tiff, directory):
            found += list(_old_jpeg(tiff, directory, found, budget))
            continue
        if counts is None or counts.count != offsets.count:
            raise MalformedMetadata(f"tiff: {name} does not say how long its data is")
        budget.spend(strips=offsets.count)
        starts, lengths = tiff.numbers(offsets), tiff.numbers(counts)
        if starts is None or lengths is None:
            raise MalformedMetadata(f"tiff: {name} does not say where its data is")
        for start, end in zip(starts, map(add, starts, lengths), strict=True):
            if end > len(tiff.data):
                past = f"{end - len(tiff.data):,} bytes past the end"
                raise MalformedMetadata(f"tiff: data of {name} at {start:,} runs {past}")
            if found and found[-1][1] == start:
                found[-1] = found[-1][0], end
            elif start < end:
                found.append((start, end))
        budget.spend(bytes=sum(lengths))
    return Branch(name=name, directory=directory, data=tuple(found))


def _is_old_jpeg(tiff: Tiff, directory: Directory) -> bool:
    entry = directory.get(COMPRESSION)
    return entry is not None and tiff.numbers(entry) == (_OLD_JPEG,)


def _old_jpeg(
    tiff: Tiff, directory: Directory, strips: Sequence[Span], budget: _Budget
) -> Iterator[Span]:
    """What lies at the offset of an old-style JPEG (TIFF 6.0 §22): its head before the strips, or
    all of it where there are none.

    Many writers leave the length out, or count too much, and decoders do not look at it: it counts
    where a picture ends there. What it means must not change when the file grows.
    """
    entries = (directory.get(tag) for tag in (_JPEG, _JPEG_LENGTH))
    (start, *_), (length, *_) = ((tiff.numbers(each) if each else None) or (0,) for each in entries)
    told, size = start + length, len(tiff.data)
    behind = [first for first, _ in strips if first > start]
    if behind:
        yield start, min(behind) if told <= start else min(*behind, told)
    if strips:
        return
    end = told
    if not start < told <= size or bytes(tiff.data[told - len(_EOI) : told]) != _EOI:
        budget.spend(strips=1, bytes=max(0, size - start))
        found = _END.search(tiff.data, start)
        end = found.end() if found is not None else told
    if not start < end <= size:
        raise MalformedMetadata("tiff: no whole JPEG picture where its offset leads")
    yield start, end


def _below(
    tiff: Tiff, name: str, directory: Directory, budget: _Budget, depth: int
) -> Iterator[Branch]:
    """The directories that one points to; one that cannot be read is passed over."""
    for tag, kind in (
        (SUB_IFDS, "SubIFD"),
        (directories.EXIF_POINTER, "Exif"),
        (directories.GPS_POINTER, "GPS"),
        (INTEROPERABILITY, "Interoperability"),
    ):
        entry = directory.get(tag)
        if entry is None or entry.count > MAX_PAGES or depth >= 4:
            continue
        for offset in tiff.numbers(entry) or ():
            if offset in budget.seen:
                continue
            try:
                inner = tiff.directory(offset)
            except MalformedMetadata:
                continue
            branch = _branch(tiff, f"{name} {kind}", inner, budget)
            yield branch
            yield from _below(tiff, branch.name, inner, budget, depth + 1)


def _named(branch: str, entry: Entry) -> str:
    if entry.tag == C2PA:
        return MANIFEST_BLOCK
    name = _NAMES.get(entry.tag, f"tag 0x{entry.tag:04X}")
    return name if branch == "IFD0" else f"{branch} {name}"
