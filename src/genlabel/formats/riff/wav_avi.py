"""Recordings and films in RIFF files: what WAV and AVI share.

XMP in a ``_PMX`` chunk (XMP part 3 §1.2.4 and §1.2.10), the manifest in a ``C2PA`` chunk behind
everything else (C2PA 2.4 A.3.2.5).
"""

from __future__ import annotations

from collections.abc import Sequence

from genlabel.formats.edits import Block, Edit, growth, put, spans
from genlabel.formats.format import FormatSurvey
from genlabel.formats.malformed import no_room
from genlabel.formats.riff import chunks as riff, info_texts
from genlabel.formats.riff.chunks import Chunk, RiffList
from genlabel.formats.slots import MANIFEST, MAX_METADATA, XMP, SlotChanges

SLOTS = frozenset({XMP, MANIFEST})
_TYPES = {XMP: (b"_PMX", b"XMP "), MANIFEST: (b"C2PA",)}
"""The chunks that a slot may be found in; the first is the one that is written. ``XMP `` is what
the engine takes for the place of XMP, as it is in WebP."""
ROOM = ("JUNK", "PAD", "FLLR")
"""Chunks that keep room: what stands in one is left over, and nobody reads it."""


def survey(
    view: memoryview,
    format: str,
    riff_list: RiffList,
    *,
    width: int | None = None,
    height: int | None = None,
    frames: int = 1,
    further: Sequence[Block] = (),
    unsignable: str | None = None,
) -> FormatSurvey[RiffList]:
    """The survey of the first list and of the lists `further` on. Sizes in pixels."""
    chunks = riff_list.chunks
    payloads, anomalies = riff.payloads(view, chunks, _TYPES)
    blocks, odd_end = riff.blocks(view, riff_list, further, whole="the last list")
    if unsignable is None and riff_list.end > riff.MAX_SIZE - MAX_METADATA:
        unsignable = f"RIFF holds {riff.MAX_SIZE:,} bytes, which leaves no room for a manifest"
    return FormatSurvey(
        data=view,
        format=format,
        parsed=riff_list,
        width=width,
        height=height,
        frames=frames,
        blocks=tuple(blocks),
        payloads=payloads,
        anomalies=(*anomalies, *odd_end),
        repairs=tuple(each.mended for each in riff_list.wrong),
        unsignable=unsignable,
        # c2pa-rs 0.91 leaves out what follows the list, and what is no whole chunk in a list
        embeds=blocks[-1].name == "trailing data" or riff.irregular(view, chunks),
        manifest_spans=spans(blocks, "C2PA"),
        stores=max(1, sum(each.type in _TYPES[MANIFEST] for each in chunks)),
        store_span=riff.unpadded(chunks, _TYPES[MANIFEST]),
    )


def edits(survey: FormatSurvey[RiffList], wanted: SlotChanges) -> list[Edit]:
    """Edits of the chunks that carry some slots; nothing before the end of what is played moves,
    since an index may count from the file's beginning. New chunks come last. Texts of the file's
    own are blanked where they stand.

    Raises `MalformedMetadata` when further lists would move, or the file would outgrow RIFF.
    """
    view = survey.data
    chunks, end = survey.parsed[:2]
    still = max((each.start for each in lists(view, chunks, b"movi")), default=0)
    edits: list[Edit] = []
    for slot in (XMP, MANIFEST):
        if slot not in wanted:
            continue
        payload = wanted[slot]
        new = riff.chunk(_TYPES[slot][0], payload) if payload is not None else b""
        carriers = [each for each in chunks if each.type in _TYPES[slot]]
        edits += [
            Edit(each.start, each.end, riff.chunk(b"JUNK", bytes(each.length)))
            for each in carriers
            if each.start < still
        ]
        edits += put([each for each in carriers if each.start >= still], new, end)
    blanks = info_texts.blanked(survey, wanted.keys() - SLOTS)
    if not edits:
        return blanks
    if bytes(view[:4]) != b"RIFF":
        raise no_room(f"{survey.format}: nothing is put into a file whose lengths have 64 bits")
    edits = riff.sized(survey.format, survey.parsed, edits)
    others = any(each.start >= end and each.name.startswith("RIFF") for each in survey.blocks)
    if others and growth(edits):
        raise no_room(
            f"{survey.format}: lists behind the first one are found by their place, and would move"
        )
    return [*edits, *blanks]


def lists(view: memoryview, chunks: Sequence[Chunk], kind: bytes) -> list[Chunk]:
    """The lists of a kind among `chunks`."""
    return [
        each for each in chunks if each.type == b"LIST" and bytes(each.content(view)[:4]) == kind
    ]
