"""Recordings and films in RIFF files: what WAV and AVI share.

XMP in a ``_PMX`` chunk (XMP part 3 §1.2.4 and §1.2.10), the manifest in a ``C2PA`` chunk behind
everything else (C2PA 2.4 A.3.2.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from genlabel.formats.edits import Block, Edit, growth, put, spans
from genlabel.formats.format import FormatSurvey
from genlabel.formats.malformed import no_room
from genlabel.formats.riff import chunks as riff
from genlabel.formats.riff.chunks import Chunk, RiffList
from genlabel.formats.slots import MANIFEST, MAX_METADATA, XMP, SlotChanges
from genlabel.model.errors import MalformedAsset

SLOTS = frozenset({XMP, MANIFEST})
_TYPES = {XMP: (b"_PMX", b"XMP "), MANIFEST: (b"C2PA",)}
"""The chunks that a slot may be found in; the first is the one that is written. ``XMP `` is what
the engine takes for the place of XMP, as it is in WebP."""


def survey(
    view: memoryview,
    format: str,
    found: RiffList,
    *,
    width: int | None = None,
    height: int | None = None,
    frames: int = 1,
    further: Sequence[Block] = (),
    unsignable: str | None = None,
) -> FormatSurvey[RiffList]:
    """The chunks of the first list, `found`, and the lists `further` on; payloads and anomalies."""
    chunks = found.chunks
    blocks = [Block(_name(view), 0, riff.HEADER)]
    blocks += [*_blocks(chunks), *further]
    payloads, anomalies = riff.payloads(view, chunks, _TYPES)
    if chunks and not chunks[-1].padded:
        anomalies.append(f"chunk {chunks[-1].name} at {chunks[-1].start:,} lacks its padding")
    after = blocks[-1].end
    if after < len(view):
        blocks.append(Block("trailing data", after, len(view) - after))
        anomalies.append(f"{len(view) - after:,} bytes after the end of the last list")
    if unsignable is None and found.end > riff.MAX_SIZE - MAX_METADATA:
        unsignable = f"RIFF holds {riff.MAX_SIZE:,} bytes, which leaves no room for a manifest"
    return FormatSurvey(
        data=view,
        format=format,
        parsed=found,
        width=width,
        height=height,
        frames=frames,
        blocks=tuple(blocks),
        payloads=payloads,
        anomalies=tuple(anomalies),
        unsignable=unsignable,
        # c2pa-rs 0.91 leaves out what follows the list, and what is no whole chunk in a list
        embeds=after < len(view) or riff.irregular(view, chunks),
        manifest_spans=spans(blocks, "C2PA"),
        store_span=riff.unpadded(chunks, _TYPES[MANIFEST]),
    )


def edits(survey: FormatSurvey[RiffList], wanted: SlotChanges) -> list[Edit]:
    """Edits of the chunks that carry some slots; nothing before the end of what is played moves,
    since an index may count from the file's beginning.

    New chunks come last. Raises `MalformedMetadata` when further lists would move, or the file
    would outgrow RIFF.
    """
    view = survey.data
    chunks, end = survey.parsed
    still = max((c.start for c in chunks if _is_list(view, c, b"movi")), default=0)
    edits: list[Edit] = []
    for slot in (XMP, MANIFEST):
        if slot not in wanted:
            continue
        payload = wanted[slot]
        new = riff.chunk(_TYPES[slot][0], payload) if payload is not None else b""
        there = [each for each in chunks if each.type in _TYPES[slot]]
        for each in there:
            if each.start < still:
                empty = riff.chunk(b"JUNK", bytes(each.length))
                edits.append(Edit(each.start, each.end, empty))
        edits += put([each for each in there if each.start >= still], new, end)
    if not edits:
        return edits
    if bytes(view[:4]) != b"RIFF":
        raise no_room(f"{survey.format}: nothing is put into a file whose lengths have 64 bits")
    edits = riff.sized(survey.format, survey.parsed, edits)
    others = any(each.start >= end and each.name.startswith("RIFF") for each in survey.blocks)
    if others and growth(edits):
        raise no_room(
            f"{survey.format}: lists behind the first one are found by their place, and would move"
        )
    return edits


def needed(format: str, chunks: Sequence[Chunk], kind: bytes, why: str) -> Chunk:
    """The first chunk of a type. Raises `MalformedAsset` when there is none."""
    for each in chunks:
        if each.type == kind:
            return each
    raise MalformedAsset(format, f"holds no {kind.decode().rstrip()} chunk, so {why}")


def lists(view: memoryview, chunks: Sequence[Chunk], kind: bytes) -> list[Chunk]:
    """The lists of a kind among `chunks`."""
    return [each for each in chunks if _is_list(view, each, kind)]


def _is_list(view: memoryview, chunk: Chunk, kind: bytes) -> bool:
    return chunk.type == b"LIST" and bytes(chunk.content(view)[:4]) == kind


def _blocks(chunks: Iterable[Chunk]) -> list[Block]:
    return [Block(each.name, each.start, each.end - each.start) for each in chunks]


def _name(view: memoryview) -> str:
    """Such as ``RIFF WAVE``."""
    return f"{bytes(view[:4]).decode('latin-1')} {bytes(view[8:12]).decode('latin-1').rstrip()}"
