"""A label as it is laid over pictures of one size, or beside them: the same on every frame."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from genlabel.model.dataclass import dataclass
from genlabel.model.visible import Box
from genlabel.pixels.visible import colours, place
from genlabel.pixels.visible.fonts import Font
from genlabel.pixels.visible.plate import Plate

if TYPE_CHECKING:
    from PIL import Image

QUARTERS = frozenset({2, 4, 5, 6})
"""Pillow's `Transpose` by which width and height change places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A plate and its place."""

    plate: Plate
    stored: Box
    """In the pixels as stored, of the marked picture."""
    box: Box
    """As the viewer sees it."""
    shown: tuple[int, int]
    """Width and height of the marked picture as the viewer sees it."""
    method: Image.Transpose | None
    """What turns the stored picture into the shown one."""
    profile: bytes
    letter: int
    """Height of a capital letter, in pixels."""
    fonts: tuple[Font, ...]
    """Of each line; none of a badge of one's own."""
    lines: tuple[str, ...] = ()
    """What it says, where that is less than was asked for."""
    grows: bool = False
    """Is it a bar outside?"""

    def on(self, frame: Image.Image) -> Image.Image:
        """The frame with the label; one that does not grow is drawn on itself."""
        if frame.mode == "P":
            colours.room_for_greys(frame)
        whole = grown(frame, self.stored, self.method) if self.grows else frame
        upright = place.turned_back(self.plate.image, self.method)
        whole.paste(colours.in_mode_of(upright, frame, self.profile), self.stored.edges)
        return whole

    def piece(self, edges: tuple[int, int, int, int]) -> Laid:
        """A part of it, by left, top, right and bottom of the plate as stored."""
        left, top, right, bottom = edges
        masks = (self.plate.letters, self.plate.bare, self.plate.edge)
        letters, bare, edge = (place.turned_back(each, self.method).crop(edges) for each in masks)
        plate = replace(self.plate, letters=letters, bare=bare, edge=edge)
        stored = Box(
            left=self.stored.left + left,
            top=self.stored.top + top,
            width=right - left,
            height=bottom - top,
        )
        return replace(self, plate=plate, stored=stored, method=None)


def outside(bar: Box, method: Image.Transpose | None) -> Box:
    """The place of a bar in the pixels of the picture that it will be added to."""
    if method is None or int(method) not in QUARTERS:
        return replace(bar, top=bar.top or -bar.height)
    return replace(bar, left=bar.left or -bar.width)


def grown(old: Image.Image, bar: Box, method: Image.Transpose | None) -> Image.Image:
    """A picture with room for a bar at `bar`."""
    from PIL import Image

    upright = method is None or int(method) not in QUARTERS
    across, down = (0, bar.height) if upright else (bar.width, 0)
    whole = Image.new(old.mode, (old.width + across, old.height + down), None)  # filled below
    if old.mode == "P":
        whole.putpalette(old.getpalette("RGB") or [])
    whole.paste(old, (0 if bar.left else across, 0 if bar.top else down))
    whole.info = dict(old.info)
    return whole
