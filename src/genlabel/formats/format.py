"""What every container module offers: accepts, survey, rewrite, essence, and the values they share.

A container module is a plain module that satisfies `Container`; nothing registers itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import zip_longest
from typing import Protocol

from genlabel.storage.buffers import Buffer as Buffer, Pieces as Pieces, same_bytes

HEAD = 4096
"""Bytes by which a container is recognised; an SVG file may begin with a long comment."""
MAX_METADATA = 16 * 1024 * 1024
"""Most bytes of one metadata payload after joining or decompressing; more is an attack."""
MAX_BLOCKS = 32_000
"""Most blocks of one file; a run of IDAT or fdAT chunks counts as one. More is an attack."""


class SlotKind(StrEnum):
    """Which mark's bytes live in a slot."""

    XMP = "xmp"
    IIM = "iim"
    EXIF = "exif"
    TEXT = "text"
    MANIFEST = "manifest"


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a container where one mark's bytes live."""

    kind: SlotKind
    key: str = ""
    """The keyword of a text slot; ``extended`` for JPEG's ExtendedXMP."""

    def __str__(self) -> str:
        return f"{self.kind.value} {self.key}".rstrip()


XMP = Slot(SlotKind.XMP)
"""The main XMP packet, without container headers, padding included."""
EXTENDED_XMP = Slot(SlotKind.XMP, "extended")
"""JPEG only: the joined ExtendedXMP packet that the main one points to (XMP part 3 §1.1.3.1)."""
IIM = Slot(SlotKind.IIM)
"""The IIM datasets (IRB resource 0x0404), without the Photoshop wrapper."""
EXIF = Slot(SlotKind.EXIF)
"""The TIFF structure, beginning with ``II*`` or ``MM``, without ``Exif\\0\\0``. A file that is a
TIFF itself gathers the texts of its directories into one."""
MANIFEST = Slot(SlotKind.MANIFEST)
"""The C2PA manifest store: one JUMBF superbox, reassembled."""


@dataclass(frozen=True, slots=True)
class Block:
    """One structural part of a file, as strip-check and inspect name it."""

    name: str
    """The container's own words, e.g. ``APP1 Exif``, ``iTXt XML:com.adobe.xmp``, ``VP8X``."""
    start: int
    """Offset of the block's first byte, header included."""
    length: int
    """Bytes on disk, header included."""

    def __str__(self) -> str:
        return f"{self.name}, {self.length:,} bytes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """One look at a container: what is where. `data` is kept, so that nothing is read twice."""

    data: memoryview
    format: str
    """The container's name, e.g. ``jpeg``."""
    width: int | None = None
    height: int | None = None
    frames: int = 1
    blocks: tuple[Block, ...] = ()
    payloads: Mapping[Slot, bytes] = field(default_factory=dict)
    """Every slot's payload, joined and decompressed."""
    anomalies: tuple[str, ...] = ()
    """Doubles, junk and damage that the survey could step over, each as one short clause."""
    unsignable: str | None = None
    """Why no manifest can be embedded in this file without harm; None when one can."""
    places: bool = False
    """The manifest is put in by our own `rewrite`: the engine would leave the file worse."""
    store_span: tuple[int, int] | None = None
    """(start, end) of what is left out of the manifest's hash where that is less than all of
    `Container.manifest_spans`: the bare store, or a chunk without its padding."""
    uncovered: tuple[str, ...] = ()
    """Coded parts that lie where a manifest's hash does not reach, such as ``item 1``: they could
    be exchanged without breaking it."""
    counts: tuple[tuple[int, int], ...] = ()
    """Where the file says how long its manifest is, outside of the manifest's own place: (start,
    end). Some signers leave that out of the hash, too, which does no harm."""
    walked: object = field(default=None, repr=False, compare=False)
    """What the container's own walker found, for its other functions: nothing is walked twice."""

    @property
    def manifest(self) -> bytes | None:
        """The manifest store's bytes, if a manifest slot is there."""
        return self.payloads.get(MANIFEST)


class Container(Protocol):
    """One format. All functions work on buffers and touch no pixel."""

    @property
    def NAME(self) -> str:
        """The format's short name, e.g. ``jpeg``."""

    @property
    def MIME(self) -> str:
        """The media type that the engine is told."""

    @property
    def SUFFIXES(self) -> Sequence[str]:
        """Usual file name suffixes, lower case with dot; the first is the preferred one."""

    @property
    def SLOTS(self) -> frozenset[Slot]:
        """The slots for which this container has a place."""

    @property
    def XMP_LIMIT(self) -> int | None:
        """Most bytes of the main XMP packet; None when there is no limit."""

    def accepts(self, head: Buffer) -> bool:
        """Is it mine? By the first `HEAD` bytes of content, never by name."""

    def survey(self, data: Buffer) -> Survey:
        """Its blocks, payloads and anomalies. Raises `MalformedAsset` when a length lies."""

    def rewrite(self, survey: Survey, changes: Mapping[Slot, bytes | None]) -> Pieces:
        """The same file with the payloads of some slots set, or removed where None.

        Untouched parts are views of the source. Setting what is there already changes no byte.
        """

    def essence(self, survey: Survey) -> Iterator[memoryview]:
        """The coded pictures in order, without metadata: equal essences decode to equal pixels."""

    def manifest_spans(self, survey: Survey) -> tuple[tuple[int, int], ...]:
        """Where the manifest container lies, headers included: (start, end) with end exclusive.

        Neighbouring blocks are joined; the spans are in file order and empty without a manifest.
        """


def same_essence(container: Container, one: Survey, other: Survey) -> bool:
    """Are the coded pictures of two surveys of the same format equal, byte for byte?"""
    pairs = zip_longest(container.essence(one), container.essence(other))
    return all(
        here is not None and there is not None and same_bytes([here], [there])
        for here, there in pairs
    )
