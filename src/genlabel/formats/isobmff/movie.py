"""Films and recordings in ISO files: what MP4, MOV and M4A share.

ISO/IEC 14496-12; the manifest in C2PA's ``uuid`` box (C2PA 2.4 A.5), XMP in Adobe's, behind
everything else (XMP part 3 §1.2.7); in QuickTime's own place in its files, and in others that use
that already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from genlabel.formats.edits import Edit, growth, put, removed, spans
from genlabel.formats.format import FormatSurvey
from genlabel.formats.isobmff import (
    boxes,
    chunk_offsets,
    film_texts,
    fragments,
    samples,
    uuid_boxes,
)
from genlabel.formats.isobmff.boxes import Box
from genlabel.formats.isobmff.samples import Track
from genlabel.formats.isobmff.uuid_boxes import Manifests
from genlabel.formats.malformed import past_end
from genlabel.formats.slots import MANIFEST, MAX_METADATA, XMP, Slot, SlotChanges
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset, MalformedMetadata

SLOTS = frozenset({XMP, MANIFEST})
_MAX_BOXES, _MAX_BESIDE = 100_000, 16_000
"""Most boxes of one film, and most side by side. Two hours in fragments of two seconds are 3,600
fragments, 7,200 boxes side by side and 40,000 in all, which takes the engine 7 s; 8,000 fragments
take half a minute."""
_OWN_PLACE = (b"moov", b"udta", b"XMP_")
"""QuickTime's place for XMP (XMP part 3 §1.2.9)."""
_QUICKTIME = "mov"
"""The format of which readers look there alone."""
_SHARED = 8
"""How many times over a file's bytes may be played: tracks share samples now and then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """One look at the boxes that matter here."""

    top: tuple[Box, ...]
    tracks: tuple[Track, ...]
    own: tuple[Box, ...]
    """XMP in QuickTime's place."""
    coded: tuple[tuple[str, int, int], ...]
    """What is decoded: its name, start and end."""


def parse(view: memoryview, format: str) -> FormatSurvey[Film]:
    """The boxes, payloads and anomalies; no sample is decoded.

    Raises `MalformedAsset` when a size or an offset lies, or there is nothing to play.
    """
    film = _look(view, format)
    manifests = uuid_boxes.manifests(film.top)
    payloads, anomalies = _payloads(film, manifests)
    shown = next((each for each in film.tracks if each.handler == b"vide" and each.width), None)
    counted = shown or next((each for each in film.tracks if each.handler == b"soun"), None)
    count = counted.samples + fragments.count(film.top, counted.id) if counted else 0
    taken_at, texts = film_texts.stated(film.top)
    end = film.top[-1].end
    if end < len(view):
        anomalies.append(f"{len(view) - end:,} bytes after the last box")
    blocks = tuple(uuid_boxes.blocks(film.top))
    return FormatSurvey(
        data=view,
        format=format,
        parsed=film,
        width=shown.width if shown else None,
        height=shown.height if shown else None,
        frames=max(1, count),
        blocks=blocks,
        payloads=payloads,
        made_at=film_texts.made_at(film.top),
        taken_at=taken_at,
        texts=texts,
        anomalies=(*anomalies, *uuid_boxes.late_type(film.top)),
        manifest_spans=spans(blocks, uuid_boxes.MANIFEST_NAME),
        stores=max(1, manifests.count),
        uncovered=uuid_boxes.exposed(film.top, film.coded),
    )


def edits(survey: FormatSurvey[Film], wanted: SlotChanges) -> list[Edit]:
    """Edits of the boxes that carry some slots; samples stay as they are.

    New XMP comes last but in QuickTime's files, so that nothing moves; what counts from the file's
    beginning follows where something does. Taking the manifest out is what comes before signing:
    an index of fragments, which the engine would spoil, becomes a free box then, and players look
    at the fragments themselves. Raises `MalformedMetadata` when the file cannot be labelled safely.
    """
    to_sign = wanted.get(MANIFEST, b"") is None
    if MANIFEST in wanted and survey.uncovered:
        raise MalformedMetadata(
            f"{survey.uncovered[0]} lies where no manifest's hash reaches",
            remedy="write the film anew with any editor",
        )
    film = survey.parsed
    edits: list[Edit] = []
    if to_sign:
        # c2pa-rs 0.91 lets every entry of an index point to the last fragment, unhashed
        indexes = [box for box in film.top if box.type == b"mfra"]
        edits += [Edit(box.start + 4, box.start + 8, b"free") for box in indexes]
    if MANIFEST in wanted:
        store = wanted[MANIFEST]
        new = uuid_boxes.manifest_box(store) if store is not None else b""
        old = uuid_boxes.manifests(film.top).boxes
        edits += put([], new, uuid_boxes.insertion(survey.format, film.top)) + removed(old)
    if XMP in wanted:
        edits += _packet_edits(film, wanted[XMP])
    edits += film_texts.blanked(film.top, wanted.keys() - SLOTS)
    return [*edits, *chunk_offsets.follow(film.top, edits)] if edits else []


def essence(survey: FormatSurvey[Film]) -> Iterator[memoryview]:
    """How samples are described, then the samples themselves, track by track; no metadata."""
    film = survey.parsed
    for track in film.tracks:
        if track.table is not None:
            yield from samples.description(track.table)
    yield from fragments.description(film.top)
    for _, start, end in film.coded:
        yield survey.data[start:end]


def _look(view: memoryview, format: str) -> Film:
    top = tuple(boxes.walk(view, format))
    uuid_boxes.insertion(format, top)
    boxes.weigh(top, beside=_MAX_BESIDE, most=_MAX_BOXES)
    if boxes.first(top, b"moov") is None:
        raise MalformedAsset(format, "holds no moov box, so nothing says what to play")
    tracks = tuple(samples.tracks(top))
    coded = tuple(_coded(view, format, top, tracks))
    own = tuple(boxes.descend(top, _OWN_PLACE))
    return Film(top=top, tracks=tracks, own=own, coded=coded)


def _coded(
    view: memoryview, format: str, top: Sequence[Box], tracks: Sequence[Track]
) -> Iterator[tuple[str, int, int]]:
    """What is decoded, up to the first that is not in the file, or no longer within bounds."""
    runs = [
        (f"track {number}", samples.chunks(track.table))
        for number, track in enumerate(tracks, 1)
        if track.table is not None
    ]
    size, total = len(view), 0
    fragmented = ((start, end) for _, start, end in fragments.runs(top))
    for name, extents in (*runs, ("a fragment", fragmented)):
        for start, end in extents:
            if end > size or start < 0:
                raise past_end(format, name, end - size, start)
            total += end - start
            if total > _SHARED * size:
                raise MalformedAsset(format, f"{total:,} bytes to play in {size:,}: they overlap")
            yield name, start, end


def _payloads(film: Film, manifests: Manifests) -> tuple[dict[Slot, bytes], list[str]]:
    payloads: dict[Slot, bytes] = {}
    anomalies = list(manifests.anomalies)
    if manifests.store is not None:
        payloads[MANIFEST] = manifests.store
    _, packet, odd = uuid_boxes.packets(film.top)
    anomalies += odd
    for box in film.own[:1]:
        if box.end - box.body > MAX_METADATA:
            anomalies.append(f"xmp of more than {MAX_METADATA:,} bytes, not read")
        else:
            payloads[XMP] = bytes(box.content())
    if packet is not None and XMP in payloads:
        anomalies.append("xmp in a uuid box beside the one in moov")
    elif packet is not None:
        payloads[XMP] = packet
    return payloads, anomalies


def _packet_edits(film: Film, packet: bytes | None) -> list[Edit]:
    """XMP goes where the file has it already, else to the place of its format."""
    old = uuid_boxes.packets(film.top)[0]
    if film.own:
        new = boxes.box(film.own[0].type, packet) if packet is not None else b""
        parts = film.own if packet is not None else _emptied(film)
        return removed(old) + _in_moov(film, put(parts, new, 0))
    if film.top[0].format == _QUICKTIME:
        return removed(old) + (_user_data(film, packet) if packet is not None else [])
    new = uuid_boxes.packet_box(packet) if packet is not None else b""
    last = film.top[-1]
    # §8.8.11: mfro is found from the file's end, so mfra stays last
    anchor = last.start if last.type == b"mfra" else last.end
    edits = put(old, new, anchor)
    return edits + (boxes.grown(last, 0) if not old and last.type != b"mfra" else [])


def _user_data(film: Film, packet: bytes) -> list[Edit]:
    """XMP behind all else in the film's user data, which are made where there are none."""
    new = boxes.box(_OWN_PLACE[-1], packet)
    holder = next(boxes.descend(film.top, _OWN_PLACE[:2]), None)
    if holder is None:
        holder = next(boxes.descend(film.top, _OWN_PLACE[:1]))
        new = boxes.box(_OWN_PLACE[1], new)
    inner = boxes.inside(holder)
    at = inner[-1].end if inner else holder.body  # before a zero that ends the list
    return _in_moov(film, [Edit(at, at, new)])


def _emptied(film: Film) -> tuple[Box, ...]:
    """What goes with the XMP in QuickTime's place: user data that hold nothing else, too."""
    holders = [
        each
        for each in boxes.descend(film.top, _OWN_PLACE[:2])
        if all(one.type == _OWN_PLACE[-1] for one in boxes.inside(each))
    ]
    kept = (
        each for each in film.own if not any(one.start < each.start < one.end for one in holders)
    )
    return tuple(sorted((*holders, *kept), key=lambda each: each.start))


def _in_moov(film: Film, edits: list[Edit]) -> list[Edit]:
    """`edits` inside of moov, and the sizes of the boxes around them."""
    sizes: list[Edit] = []
    for path in (_OWN_PLACE[:1], _OWN_PLACE[:2]):
        for parent in boxes.descend(film.top, path):
            inner = [each for each in edits if parent.start < each.start <= parent.end]
            if all(each.start != parent.start for each in edits):  # else it goes itself
                sizes += boxes.grown(parent, growth(inner))
    return edits + sizes
