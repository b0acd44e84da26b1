"""What is another in a published file than in its original: pixels, metadata, or the rest of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from genlabel.formats.format import Survey
from genlabel.formats.slots import SlotKind
from genlabel.model.pixels import Pixels
from genlabel.operations.strip_check.tool_traces import LABEL_LAST, Cause

_METADATA = {
    SlotKind.XMP: "XMP",
    SlotKind.EXIF: "Exif",
    SlotKind.IIM: "IIM",
    SlotKind.TEXT: "text",
}
_MOST = 5
"""Most parts that are named."""


def told(before: Survey, now: Survey, pixels: Pixels) -> Cause | None:
    """What was changed since the manifest was made; None where that is another picture's."""
    sentences = "; and ".join(_sentences(before, now, pixels))
    return Cause((sentences,), (LABEL_LAST,)) if sentences else None


def _sentences(before: Survey, now: Survey, pixels: Pixels) -> Iterator[str]:
    if pixels.same_picture is False:
        return
    metadata = tuple(_of_metadata(before, now))
    if before.format != now.format:
        yield f"the file was converted after signing: {before.format} to {now.format}"
    elif pixels.change not in ("identical", "metadata-only", "undecodable"):
        yield "the pixels were changed after signing"
    elif pixels.change == "identical" or not metadata:
        yield from _of_blocks(before, now)
    yield from metadata


def _of_metadata(before: Survey, now: Survey) -> Iterator[str]:
    """Which kinds of metadata were added, removed or changed."""
    both = before.payloads.keys() | now.payloads.keys()
    kinds = {"added": set[str](), "removed": set[str](), "changed": set[str]()}
    for slot in both:
        if slot.kind in _METADATA and before.payloads.get(slot) != now.payloads.get(slot):
            there = [slot.kind in {each.kind for each in s.payloads} for s in (before, now)]
            how = "changed" if all(there) else "removed" if there[0] else "added"
            kinds[how].add(_METADATA[slot.kind])
    for how, found in kinds.items():
        if found:
            yield f"metadata were {how} after signing: {', '.join(sorted(found))}"


def _of_blocks(before: Survey, now: Survey) -> Iterator[str]:
    """Which parts of a file are others, of one whose metadata are the same."""
    was, is_now = (
        Counter((each.name, bytes(s.data[each.start : each.end])) for each in s.blocks)
        for s in (before, now)
    )
    differing = (was - is_now) + (is_now - was)
    # the kind alone: what stands behind it was chosen by whoever wrote the file
    names = sorted({name.split(maxsplit=1)[0] for name, _ in differing if name})
    if names:
        more = f" and {len(names) - _MOST:,} more" if len(names) > _MOST else ""
        yield f"parts of the file were changed after signing: {', '.join(names[:_MOST])}{more}"
    elif was:
        yield "parts of the file lie in another order, or elsewhere, than when it was signed"
