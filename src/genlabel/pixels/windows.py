"""Windows: which part of one picture another one shows, and how both are sampled there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genlabel.model.dataclass import dataclass

if TYPE_CHECKING:
    from PIL import Image


Edges = tuple[float, float, float, float]
"""Left, top, right and bottom."""


@dataclass(frozen=True, slots=True)
class Window:
    """Where the published picture lies over the original, whose own sides are both 1 long.

    Below 0 and above 1 the published picture shows what the original does not have.
    """

    left: float
    top: float
    width: float
    height: float

    @property
    def common(self) -> Edges:
        """Left, top, right and bottom of what both show, in the original's sides."""
        right, bottom = self.left + self.width, self.top + self.height
        return max(0.0, self.left), max(0.0, self.top), min(1.0, right), min(1.0, bottom)

    def moved(self, across: tuple[float, float], down: tuple[float, float]) -> Window:
        """The window when each x goes to x + a + b·x, with `across` = (a, b), and y likewise."""
        return Window(
            self.left + across[0] + across[1] * self.left,
            self.top + down[0] + down[1] * self.top,
            self.width * (1 + across[1]),
            self.height * (1 + down[1]),
        )


WHOLE = Window(0.0, 0.0, 1.0, 1.0)


def sampled(
    ours: Image.Image,
    theirs: Image.Image,
    window: Window,
    side: int,
    edges: Edges | None = None,
) -> tuple[Image.Image, Image.Image] | None:
    """What both pictures show within `edges`, by default all that they have in common, on one
    raster of at most `side` pixels: no finer than either is there. None for less than 8 pixels."""
    from PIL import Image

    left, top, right, bottom = edges or window.common
    box = (left * ours.width, top * ours.height, right * ours.width, bottom * ours.height)
    across, down = theirs.width / window.width, theirs.height / window.height
    other = (
        max(0.0, (left - window.left) * across),
        max(0.0, (top - window.top) * down),
        min(float(theirs.width), (right - window.left) * across),
        min(float(theirs.height), (bottom - window.top) * down),
    )
    width = min(box[2] - box[0], other[2] - other[0])
    height = min(box[3] - box[1], other[3] - other[1])
    if min(width, height) < 8:
        return None
    shrink = min(1.0, side / max(box[2] - box[0], box[3] - box[1]))
    size = (
        max(8, round(min(width, (box[2] - box[0]) * shrink))),
        max(8, round(min(height, (box[3] - box[1]) * shrink))),
    )
    method = Image.Resampling.BILINEAR
    return ours.resize(size, method, box=box), theirs.resize(size, method, box=other)
