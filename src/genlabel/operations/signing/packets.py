"""XMP packets that a rewrite would drop: their properties move into the main one first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from genlabel.formats import xmp_packets
from genlabel.formats.format import Slot
from genlabel.formats.slots import EXTENDED_XMP, XMP
from genlabel.formats.xmp_packets import MAX_PACKETS
from genlabel.metadata.xmp import edit, merge, packet, parse
from genlabel.model.errors import MalformedMetadata
from genlabel.model.report import Finding, Severity
from genlabel.operations.verify import Examination
from genlabel.storage.buffers import joined


def united(before: Examination) -> tuple[Mapping[Slot, bytes], tuple[str, ...]]:
    """The payloads of a file with all that its packets say, and what one of them takes back.

    Packets that stand where no label is written stay where they are. Raises `MalformedMetadata`
    where one would be lost that cannot be read.
    """
    container, survey = before.container, before.survey
    payloads = survey.payloads
    main = payloads.get(XMP)
    if main is None or XMP not in container.slots:
        return payloads, ()
    found = [each.data for each in islice(container.packets(survey), MAX_PACKETS + 1)]
    if len(found) == 1 and found[0] in main:
        return payloads, ()  # as nearly always, and then nothing is parsed
    own = [_read_of(payloads[slot]) for slot in (XMP, EXTENDED_XMP) if slot in payloads]
    others = [each for each in found if not any(packet.body_of(each) in read for read in own)]
    if not others:
        return payloads, ()
    probe = packet.wrap(edit.fresh(()))
    try:
        after = container.survey(joined(container.rewrite(survey, {XMP: probe})))
    except MalformedMetadata:
        return payloads, ()  # nothing is written into such a file
    left = {each.data for each in container.packets(after)}
    lost = [each for each in others if each not in left]
    if not lost:
        return payloads, ()
    if len(found) > MAX_PACKETS:
        raise MalformedMetadata(
            f"xmp: more than {MAX_PACKETS} packets, of which some would be lost",
            remedy="merge them with another program first",
        )
    united = merge.merged([main, *lost])
    return {**payloads, XMP: united.packet}, united.given_up


def left_out(before: Examination, changes: Mapping[Slot, bytes | None]) -> Iterator[Finding]:
    """What a new packet has no longer that stood behind the old one and was no XMP."""
    old = before.survey.payloads.get(XMP)
    if old is None or changes.get(XMP) is None:
        return
    if len(list(islice(xmp_packets.within(old), 2))) > 1:
        return  # it is XMP, and was merged
    if length := parse.junk(old):
        yield Finding(
            "genlabel.container.repaired",
            severity=Severity.NOTE,
            where=XMP.kind.value,
            explanation=f"left out of the labelled file: {length:,} bytes behind the XMP packet",
        )


def _read_of(payload: bytes) -> bytes:
    """The part of a payload that is read; all of it where nothing is."""
    try:
        graph = parse.parse(payload, ())
    except MalformedMetadata:
        return payload
    return graph.body if graph is not None else payload
