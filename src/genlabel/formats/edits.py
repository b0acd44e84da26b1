"""How a rewrite is put together: changes become edits, edits become pieces of the new file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from genlabel.formats.format import MANIFEST, Block, Container, Pieces, Slot, Survey
from genlabel.model.errors import MalformedMetadata, TimeStampError
from genlabel.storage.buffers import joined


@dataclass(frozen=True, slots=True)
class Edit:
    """`new` takes the place of the source's bytes from `start` to `end` (exclusive)."""

    start: int
    end: int
    new: bytes

    @property
    def growth(self) -> int:
        """Bytes that the file gains by it; negative when it shrinks."""
        return len(self.new) - (self.end - self.start)


def pending(
    survey: Survey, changes: Mapping[Slot, bytes | None], slots: frozenset[Slot]
) -> dict[Slot, bytes | None]:
    """The changes that change something: what is there already falls out.

    Raises `MalformedMetadata` for a payload that the container has no place for.
    """
    wanted: dict[Slot, bytes | None] = {}
    for slot, payload in changes.items():
        if payload is not None and survey.payloads.get(slot) == payload:
            continue
        if payload is not None and slot not in slots:
            name = f"{slot.key} {slot.kind}".strip()
            raise MalformedMetadata(
                f"{name}: a {survey.format} file has no place for it",
                remedy="leave this slot out, or use another format",
            )
        wanted[slot] = payload
    return wanted


def put(blocks: Sequence[Block], new: bytes, anchor: int) -> list[Edit]:
    """Edits that put `new` where the first of `blocks` is and take the others out.

    Without blocks it is inserted at `anchor`; empty `new` only removes.
    """
    if not blocks:
        return [Edit(anchor, anchor, new)] if new else []
    first, *others = blocks
    return [
        Edit(first.start, first.start + first.length, new),
        *(Edit(block.start, block.start + block.length, b"") for block in others),
    ]


def growth(edits: Iterable[Edit]) -> int:
    """Bytes that the whole file gains."""
    return sum(edit.growth for edit in edits)


def splice(data: memoryview, edits: Iterable[Edit]) -> Pieces:
    """The new file: untouched views of `data` with the edits between them.

    Insertions at one offset keep the order in which they are given. Raises `ValueError` when two
    edits claim the same bytes, which is a fault of the container module.
    """
    pieces: Pieces = []
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < at:
            raise ValueError(f"edits overlap at {edit.start:,}")
        if edit.start > at:
            pieces.append(data[at : edit.start])
        if edit.new:
            pieces.append(edit.new)
        at = edit.end
    if at < len(data):
        pieces.append(data[at:])
    return pieces


def refilled(container: Container, survey: Survey, store: bytes) -> bytes | memoryview:
    """The picture with `store` over its manifest store of the same length; nothing else moves."""
    rewritten = joined(container.rewrite(survey, {MANIFEST: store}))
    if len(rewritten) == len(survey.data):
        return rewritten
    # The container would have written it elsewhere, or something beside it.
    data, old = bytes(survey.data), survey.manifest or b""
    at = data.find(old)
    if not old or at < 0 or data.find(old, at + 1) >= 0 or len(old) != len(store):
        raise TimeStampError(f"{survey.format}: the manifest cannot be changed where it stands")
    return data[:at] + store + data[at + len(old) :]


def spans(blocks: Iterable[Block], name: str) -> tuple[tuple[int, int], ...]:
    """(start, end) of the blocks called `name`, neighbours joined."""
    joined: list[tuple[int, int]] = []
    for block in blocks:
        if block.name != name:
            continue
        start, end = block.start, block.start + block.length
        if joined and joined[-1][1] == start:
            start = joined.pop()[0]
        joined.append((start, end))
    return tuple(joined)


def printable(raw: bytes | memoryview, limit: int = 79) -> str:
    """Text from a file, fit for a block's name: Latin-1, cut, control characters escaped."""
    text = bytes(raw[:limit]).decode("latin-1")
    if text.isprintable() and "\\" not in text:
        return text
    return "".join(
        char if char.isprintable() and char != "\\" else f"\\x{ord(char):02x}" for char in text
    )
