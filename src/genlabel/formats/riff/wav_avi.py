"""Recordings and films in RIFF files: what WAV and AVI share.

XMP in a ``_PMX`` chunk (XMP part 3 §1.2.4 and §1.2.10), the manifest in a ``C2PA`` chunk behind
everything else (C2PA 2.4 A.3.2.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from genlabel.formats.edits import Edit, growth, pending, put, spans, splice
from genlabel.formats.format import (
    MANIFEST,
    MAX_METADATA,
    XMP,
    Block,
    Buffer,
    Pieces,
    Slot,
    Survey,
)
from genlabel.formats.riff import chunks as riff
from genlabel.formats.riff.chunks import Chunk
from genlabel.model.errors import MalformedAsset, MalformedMetadata

SLOTS = frozenset({XMP, MANIFEST})
_TYPES = {XMP: (b"_PMX", b"XMP "), MANIFEST: (b"C2PA",)}
"""The chunks that a slot may be found in; the first is the one that is written. ``XMP `` is what
the engine takes for the place of XMP, as it is in WebP."""


def survey(
    data: Buffer,
    format: str,
    chunks: Sequence[Chunk],
    end: int,
    *,
    width: int | None = None,
    height: int | None = None,
    frames: int = 1,
    further: Sequence[Block] = (),
    unsignable: str | None = None,
) -> Survey:
    """The chunks of the first list, which ends at `end`, and the lists `further` on; payloads and
    anomalies.
    """
    view = memoryview(data).cast("B")
    blocks = [Block(_name(view), 0, riff.HEADER)]
    blocks += [*_blocks(chunks), *further]
    payloads, anomalies = _payloads(view, chunks)
    if chunks and not chunks[-1].padded:
        anomalies.append(f"chunk {chunks[-1].name} at {chunks[-1].start:,} lacks its padding")
    after = blocks[-1].start + blocks[-1].length
    if after < len(view):
        blocks.append(Block("trailing data", after, len(view) - after))
        anomalies.append(f"{len(view) - after:,} bytes after the end of the last list")
    if unsignable is None and end > riff.MAX_SIZE - MAX_METADATA:
        unsignable = f"RIFF holds {riff.MAX_SIZE:,} bytes, which leaves no room for a manifest"
    return Survey(
        data=view,
        format=format,
        width=width,
        height=height,
        frames=frames,
        blocks=tuple(blocks),
        payloads=payloads,
        anomalies=tuple(anomalies),
        unsignable=unsignable,
        # c2pa-rs 0.91 leaves out what follows the list, and what is no whole chunk in a list
        places=after < len(view) or riff.irregular(view, chunks),
        store_span=_store_span(chunks),
        walked=(tuple(chunks), end),
    )


def rewrite(survey: Survey, changes: Mapping[Slot, bytes | None]) -> Pieces:
    """The same file with some payloads set or removed; nothing before the end of what is played
    moves, since an index may count from the file's beginning.

    New chunks come last. Raises `MalformedMetadata` when further lists would move, or the file
    would outgrow RIFF.
    """
    wanted = pending(survey, changes, SLOTS)
    view = survey.data
    chunks, end = walked(survey)
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
        edits += put(_blocks(each for each in there if each.start >= still), new, end)
    if not edits:
        return [view]
    if bytes(view[:4]) != b"RIFF":
        raise MalformedMetadata(
            f"{survey.format}: nothing is put into a file whose lengths have 64 bits",
            remedy="write the manifest beside it with --sidecar",
        )
    last = chunks[-1]
    if not last.padded and not any(
        each.end == last.end and each.start < each.end for each in edits
    ):
        edits.insert(0, Edit(last.end, last.end, b"\0"))
    size = end - 8 + growth(edits)
    others = any(each.start >= end and each.name.startswith("RIFF") for each in survey.blocks)
    if others and size != end - 8:
        raise MalformedMetadata(
            f"{survey.format}: lists behind the first one are found by their place, and would move",
            remedy="write the manifest beside it with --sidecar",
        )
    if size > riff.MAX_SIZE:
        raise MalformedMetadata(
            f"{survey.format} of {size:,} bytes: RIFF holds {riff.MAX_SIZE:,}",
            remedy="write the manifest beside it with --sidecar",
        )
    edits.append(Edit(4, 8, size.to_bytes(4, "little")))
    return splice(view, edits)


def manifest_spans(survey: Survey) -> tuple[tuple[int, int], ...]:
    """(start, end) of the C2PA chunks with their padding, neighbours joined."""
    return spans(survey.blocks, "C2PA")


def walked(survey: Survey) -> tuple[Sequence[Chunk], int]:
    """The chunks of the first RIFF list, and its end, as they were found by the survey."""
    if isinstance(survey.walked, tuple):
        chunks, end = survey.walked
        return chunks, end
    return riff.walk(survey.data, survey.format)


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


def _payloads(view: memoryview, chunks: Sequence[Chunk]) -> tuple[dict[Slot, bytes], list[str]]:
    payloads: dict[Slot, bytes] = {}
    anomalies: list[str] = []
    for slot, types in _TYPES.items():
        there = sorted(
            (each for each in chunks if each.type in types), key=lambda each: types.index(each.type)
        )
        if not there:
            continue
        content = there[0].content(view)
        # The manifest is not bounded: it is no longer than the file is.
        if slot != MANIFEST and len(content) > MAX_METADATA:
            anomalies.append(f"{slot.kind} of more than {MAX_METADATA:,} bytes, not read")
        else:
            payloads[slot] = bytes(content)
        if len(there) > 1:
            anomalies.append(f"{len(there)} {slot.kind} chunks")
    return payloads, anomalies


def _store_span(chunks: Sequence[Chunk]) -> tuple[int, int] | None:
    """The C2PA chunk without its padding, where there is one."""
    there = [each for each in chunks if each.type in _TYPES[MANIFEST]]
    return (there[0].start, there[0].start + 8 + there[0].length) if len(there) == 1 else None


def _blocks(chunks: Iterable[Chunk]) -> list[Block]:
    return [Block(each.name, each.start, each.end - each.start) for each in chunks]


def _name(view: memoryview) -> str:
    """Such as ``RIFF WAVE``."""
    return f"{bytes(view[:4]).decode('latin-1')} {bytes(view[8:12]).decode('latin-1').rstrip()}"
