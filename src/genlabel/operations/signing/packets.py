"""XMP packets that a rewrite would drop: their properties move into the main one first."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from genlabel.formats.format import Slot
from genlabel.formats.slots import EXTENDED_XMP, XMP
from genlabel.formats.xmp_packets import MAX_PACKETS
from genlabel.metadata.xmp import edit, merge, packet
from genlabel.model.errors import MalformedMetadata
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
    own = [payloads[slot] for slot in (XMP, EXTENDED_XMP) if slot in payloads]
    found = [each.data for each in islice(container.packets(survey), MAX_PACKETS + 1)]
    others = [each for each in found if not any(each in payload for payload in own)]
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
