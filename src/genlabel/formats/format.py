"""What a format offers: to recognise, survey and rewrite a file, and its essence.

The formats are listed in `genlabel.formats`; nothing registers itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any, Generic, TypeVar

from genlabel.formats import xmp_packets
from genlabel.formats.coverage import HashedBox, Unseen
from genlabel.formats.edits import Block as Block, Edit, Span as Span, splice
from genlabel.formats.slots import (
    EXIF as EXIF,
    EXTENDED_XMP as EXTENDED_XMP,
    IIM as IIM,
    MANIFEST as MANIFEST,
    MAX_BLOCKS as MAX_BLOCKS,
    MAX_FURTHER as MAX_FURTHER,
    MAX_METADATA as MAX_METADATA,
    OWN_DIRECTORY as OWN_DIRECTORY,
    XMP as XMP,
    Slot as Slot,
    SlotChanges as SlotChanges,
    SlotKind as SlotKind,
)
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata, TimeStampError
from genlabel.storage.buffers import Buffer as Buffer, Pieces as Pieces, joined

HEAD = 4096
"""Bytes by which a format is recognised; an SVG file may begin with a long comment."""

Parsed = TypeVar("Parsed")
"""What a format's own parser found: boxes, chunks, directories, objects."""


@dataclass(frozen=True, slots=True)
class MissingEnd:
    """The mark that ends a picture is not there; readers show what comes before it."""

    words: str
    """What is missing, as an anomaly has it."""
    mended: Edit
    """What puts it there. More may be missing, so it is made only where somebody asks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatSurvey(Generic[Parsed]):
    """One look at a file: what is where. `data` is kept, so that nothing is read twice."""

    data: memoryview
    format: str
    """The format's name, e.g. ``jpeg``."""
    parsed: Parsed = field(repr=False, compare=False)
    """For the format's own functions, which parse nothing twice."""
    width: int | None = None
    height: int | None = None
    frames: int = 1
    blocks: tuple[Block, ...] = ()
    payloads: Mapping[Slot, bytes] = field(default_factory=dict)
    """Every slot's payload, joined and decompressed."""
    spare: Mapping[Slot, tuple[bytes, ...]] = field(default_factory=dict)
    """Payloads of the same slots behind the first that a rewrite of the slot takes out."""
    further: Mapping[Slot, tuple[bytes, ...]] = field(default_factory=dict)
    """Payloads of the same slots behind the first that stay where they are: the file says them,
    too. `MAX_FURTHER` at most of a slot."""
    aside: frozenset[Slot] = frozenset()
    """Slots whose payload stands where few readers look; it is written in the usual place."""
    anomalies: tuple[str, ...] = ()
    """Doubles, junk and damage that the survey could step over, each as one short clause."""
    made_at: int | None = None
    """Seconds since 1970 (UTC) at which it was made, as the container's own frame says; None where
    that says nothing, or nothing of the kind."""
    taken_at: tuple[str, ...] = ()
    """When a camera took it, in the words of the container's own frame (ISO 8601, or anything)."""
    texts: Mapping[Slot, bytes] = field(default_factory=dict)
    """What the survey came by of `Format.texts`."""
    repairs: tuple[Edit, ...] = ()
    """What puts right a frame that is wrong only in its frame, such as a length that nobody knew
    when the file was written into a pipe. `anomalies` tell the same."""
    missing_end: MissingEnd | None = None
    """Where the file ends before its end; `anomalies` tell the same."""
    unsignable: str | None = None
    """Why no manifest can be embedded in this file without harm; None when one can."""
    embeds: bool = False
    """Our own `rewrite` embeds the manifest: the engine would leave the file worse."""
    apart: bool | None = None
    """Can the engine put the manifest into a directory of its own, as C2PA 2.4 A.3.6 has it for
    several pages? None where the specification knows no such place."""
    manifest_spans: tuple[Span, ...] = ()
    """Where the manifest's blocks lie, headers included: in file order, neighbours joined, empty
    without a manifest."""
    stores: int = 1
    """How many manifest stores there are, where there are any. Of several ones readers take
    different ones, or refuse the file: the payload is the first. In ISO media an update and what it
    updates are one."""
    store_span: Span | None = None
    """What is left out of the manifest's hash where that is less than all of `manifest_spans`: the
    bare store, or a chunk without its padding."""
    manifest_behind: int | None = None
    """Where behind the picture's end another manifest begins, which is none of its `stores`:
    readers take that one, or refuse the file. `anomalies` tell the same."""
    uncovered: tuple[str, ...] = ()
    """Coded parts that lie where a manifest's hash does not reach, such as ``item 1``: they could
    be exchanged without breaking it."""
    length_spans: tuple[Span, ...] = ()
    """Where the file says how long its manifest is, outside of `manifest_spans`. Some signers leave
    that out of the hash, too, which does no harm."""

    @property
    def manifest(self) -> bytes | None:
        """The manifest store's bytes, if a manifest slot is there."""
        return self.payloads.get(MANIFEST)


Placed = tuple[str, Mapping[Slot, bytes]]
"""The name of a place, and payloads there."""


def _nothing(_: object) -> Iterator[Any]:
    return iter(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Format(Generic[Parsed]):
    """One format. All functions work on buffers and touch no pixel."""

    name: str
    """Short, lower case, e.g. ``jpeg``."""
    media_type: str
    """What the engine is told."""
    suffixes: tuple[str, ...]
    """Usual file name suffixes, lower case with dot; the first is the preferred one."""
    slots: frozenset[Slot]
    """The slots for which the format has a place."""
    written: frozenset[Slot] = frozenset()
    """Slots that are only written: what is put there is read from another."""
    xmp_limit: int | None = None
    """Most bytes of the main XMP packet; None when there is no limit."""
    exif_limit: int | None = None
    """Most bytes of an Exif block that stands in one piece; None when there is no limit."""
    accepts: Callable[[Buffer], bool]
    """Is it mine? By the first `HEAD` bytes of content, never by name."""
    parse: Callable[[memoryview], FormatSurvey[Parsed]]
    """A file's survey. Raises `MalformedAsset` when a length lies."""
    edits: Callable[[FormatSurvey[Parsed], SlotChanges], Sequence[Edit]]
    """The edits that change slots of a file. Raises `MalformedMetadata` for what does not fit."""
    wrapped: Callable[[bytes], tuple[bytes, int]] | None = None
    """What stands in a rewritten file for a manifest store, in one piece, and how many bytes of it
    the manifest's hash leaves out, from its beginning on; of all else nothing depends on the store
    but by its length. None where that is not so, and whoever wants to know surveys the file."""
    essence: Callable[[FormatSurvey[Parsed]], Iterator[memoryview]]
    """The coded pictures in order, without metadata: equal essences decode to equal pixels."""
    boxes: Callable[[FormatSurvey[Parsed]], Iterator[HashedBox]] | None = None
    """The boxes of a general box hash in file order (C2PA 2.4 §18.7.3); None without box hashes."""
    iso_media: bool = False
    """Is its hard binding a hash of ISO media (§18.7), and not one of byte ranges?"""
    unseen: Callable[[FormatSurvey[Parsed]], Iterator[Unseen]] = _nothing
    """The blocks of which viewers show nothing. All others count as shown."""
    pointed: Callable[[FormatSurvey[Parsed]], Iterator[Span]] = _nothing
    """Where what is shown lies by the file's own offsets, which may lead anywhere."""
    activity: Callable[[FormatSurvey[Parsed]], Iterator[str]] = _nothing
    """What runs or is loaded from outside when the file is shown, each kind once, as a clause."""

    coded: Callable[[str], bool] = lambda name: False
    """Do blocks of this name hold coded pictures or sound, or room that nobody reads? They are not
    searched for metadata."""
    recoded: Callable[[FormatSurvey[Parsed], FormatSurvey[Parsed]], Pieces] | None = None
    """The first file with the coded picture of the second, and no manifest; None where a picture
    that was drawn on is not written."""
    hidden: Callable[[FormatSurvey[Parsed]], Iterator[tuple[str, bytes]]] = _nothing
    """Texts that do not stand in the file as they are, being compressed, in pieces or among coded
    data, each with the name of its place. XMP may be in them."""

    pictured: Callable[[FormatSurvey[Parsed]], Iterator[Placed]] = _nothing
    """What the pictures in a document say of themselves: place and payloads of each."""
    texts: Callable[[FormatSurvey[Parsed]], Mapping[Slot, bytes]] = lambda survey: survey.texts
    """The texts of the container's own frame, by the keywords that PNG has for them. A rewrite
    takes one out where it can; none is put in, so they are no payloads."""
    texts_count: bool = False
    """Are they part of the essence, so that a document without one of them is another?"""

    def packets(self, survey: FormatSurvey[Parsed]) -> Iterator[xmp_packets.Packet]:
        """Every XMP packet of a file, the main one among them, wherever it stands."""
        coded, spans = self.coded, survey.manifest_spans
        blocks = [each for each in survey.blocks if not coded(each.name)]
        searched = xmp_packets.outside(blocks, spans) if spans else blocks
        return xmp_packets.found(survey.data, searched, self.hidden(survey))

    def survey(self, data: Buffer) -> FormatSurvey[Parsed]:
        """A file's blocks, payloads and anomalies. Raises `MalformedAsset` when a length lies."""
        return self.parse(memoryview(data).cast("B"))

    def rewrite(self, survey: FormatSurvey[Parsed], changes: SlotChanges) -> Pieces:
        """The same file with the payloads of some slots set, or removed where None.

        Untouched parts are views of the source. Setting what is there already changes no byte.
        Raises `MalformedMetadata` for a payload that has no place, or does not fit into it.
        """
        wanted: dict[Slot, bytes | None] = {}
        for slot, payload in changes.items():
            if payload is not None and survey.payloads.get(slot) == payload:
                continue
            if payload is not None and slot not in self.slots | self.written:
                name = f"{slot.key} {slot.kind}".strip()
                raise MalformedMetadata(
                    f"{name}: a {self.name} file has no place for it",
                    remedy="leave this slot out, or use another format",
                )
            wanted[slot] = payload
        return splice(survey.data, self.edits(survey, wanted))


def as_it_is(store: bytes) -> tuple[bytes, int]:
    """For `Format.wrapped`: the store itself, which the hash leaves out."""
    return store, len(store)


def begins_with(*signatures: bytes) -> Callable[[Buffer], bool]:
    """For `Format.accepts`: does a file begin with one of these?"""
    return lambda head: bytes(head[:16]).startswith(signatures)


Survey = FormatSurvey[Any]
"""The survey of a file of any format, as the rooms above see it."""
Container = Format[Any]
"""Any format, as the rooms above see it."""


def refilled(container: Container, survey: Survey, store: bytes) -> bytes | memoryview:
    """The picture with `store` over its manifest store of the same length; nothing else moves."""
    rewritten = joined(container.rewrite(survey, {MANIFEST: store}))
    if len(rewritten) == len(survey.data):
        return rewritten
    # The format would have written it elsewhere, or something beside it.
    data, old = bytes(survey.data), survey.manifest or b""
    at = data.find(old)
    if not old or at < 0 or data.find(old, at + 1) >= 0 or len(old) != len(store):
        raise TimeStampError(f"{survey.format}: the manifest cannot be changed where it stands")
    return data[:at] + store + data[at + len(old) :]
