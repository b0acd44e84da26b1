"""Labelled superboxes (JUMBF, ISO/IEC 19566-5): what a manifest store and all in it are made of."""

from __future__ import annotations

from dataclasses import field

from genlabel.manifests.store import jumbf
from genlabel.manifests.store.cbor import Ambiguous, Unreadable
from genlabel.model.dataclass import dataclass
from genlabel.model.escape import quoted

MAX_BOXES = jumbf.MAX_BOXES
"""Most boxes of one store, on all levels."""
MAX_LEVELS = 8
"""Deepest nesting of superboxes; C2PA has four levels."""
_PADDING = b"free"  # a padding box of a superbox, ISO/IEC 19566-5 §B.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Superbox:
    """A labelled superbox: its content, and the superboxes and boxes in it."""

    label: str
    content_type: bytes
    """The UUID of its description box, 16 bytes."""
    source: bytes = field(repr=False)
    """What it lies in: a store, or a manifest that was compressed."""
    start: int
    """First byte of its description box in `source`."""
    end: int
    superboxes: tuple[Superbox, ...] = ()
    contents: tuple[tuple[bytes, bytes], ...] = field(default=(), repr=False)
    """Type and bytes of the boxes in it that are no superboxes."""

    @property
    def body(self) -> memoryview:
        """All that it holds, its description box included: what a hashed URI is over (§8.4.2.3)."""
        return memoryview(self.source)[self.start : self.end]

    def named(self, label: str) -> Superbox | None:
        """The superbox in it of that label; None where there is not exactly one."""
        named = [each for each in self.superboxes if each.label == label]
        return named[0] if len(named) == 1 else None

    def below(self, path: tuple[str, ...]) -> Superbox | None:
        """The superbox at the end of the way down; None where there is none."""
        box: Superbox | None = self
        for label in path:
            box = box.named(label) if box is not None else None
        return box

    def content(self, kind: bytes) -> bytes:
        """The bytes of its one box but for padding, which is of that type. Raises `Unreadable`."""
        contents = [each for each in self.contents if each[0] != _PADDING]
        if len(contents) > 1 or (contents and self.superboxes):
            raise Ambiguous(f"the box {quoted(self.label)} holds more than one")
        if not contents or contents[0][0] != kind:
            raise Unreadable(f"the box {quoted(self.label)} does not hold one box of {kind!r}")
        return contents[0][1]


def whole(store: bytes) -> jumbf.Box:
    """The one superbox that fills `store`."""
    length = int.from_bytes(store[:4], "big")
    if store[4:8] == b"jumb" and 8 <= length < len(store):
        raise Ambiguous(f"{len(store) - length:,} bytes follow the superbox")
    listed = jumbf.boxes(store, 0, len(store))
    if len(listed) != 1 or listed[0].type != b"jumb":
        raise Unreadable(f"{len(listed)} boxes where one superbox is expected")
    return listed[0]


class Budget:
    """What reading one store has cost so far."""

    def __init__(self) -> None:
        self.boxes = 0
        self.decompressed = 0


def superbox(store: bytes, box: jumbf.Box, budget: Budget, level: int) -> Superbox:
    """The superbox at that level of the `store`, with all that is in it. Raises `Unreadable`."""
    if level > MAX_LEVELS:
        raise Unreadable(f"boxes nested more than {MAX_LEVELS} deep")
    content_type, label = jumbf.description(store, box)
    inside = jumbf.boxes(store, box.start, box.end)[1:]
    budget.boxes += len(inside)
    if budget.boxes > MAX_BOXES:
        raise Unreadable(f"more than {MAX_BOXES:,} boxes")
    try:
        name = label.decode()
    except UnicodeDecodeError as error:
        raise Unreadable("a label that is no UTF-8") from error
    superboxes: list[Superbox] = []
    contents: list[tuple[bytes, bytes]] = []
    for each in inside:
        if each.type == b"jumb":
            superboxes.append(superbox(store, each, budget, level + 1))
        else:
            contents.append((each.type, store[each.start : each.end]))
    return Superbox(
        label=name,
        content_type=content_type,
        source=store,
        start=box.start,
        end=box.end,
        superboxes=tuple(superboxes),
        contents=tuple(contents),
    )
