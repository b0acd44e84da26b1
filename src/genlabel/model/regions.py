"""Where in a picture a step was made: a rectangle, a polygon, or what a mask covers."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import LabelError
from genlabel.model.text import clean

MAX_CORNERS = 256
"""Most corners of a polygon."""
_RECTANGLE = 4
_PERCENT = 100.0
_MOST = 2.0**31
"""No picture has more pixels a side."""
Point = tuple[float, float]


class RegionUnit(StrEnum):
    """In what the numbers of a region are (C2PA 2.4, regions of interest)."""

    PIXEL = "pixel"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A part of a picture (C2PA 2.4, regions of interest); its origin is the upper left corner.

    One of ``Region(rectangle=(10, 20, 300, 200))``, ``Region(polygon=((0, 0), (50, 0), (0, 50)),
    unit="percent")`` and ``Region(mask="sky-mask.png")``. Raises `LabelError` for none or several
    of them, and for what is not inside of any picture; whether it is inside of this one, signing
    finds out.
    """

    rectangle: tuple[float, float, float, float] | None = None
    """Left, top, width, height."""
    polygon: tuple[Point, ...] | None = None
    """Three to 256 corners, each x and y, in order."""
    mask: Path | bytes | None = None
    """A picture of the same size, file or bytes: what is neither black nor transparent in it was
    changed. The smallest rectangle around that is written."""
    unit: RegionUnit = RegionUnit.PIXEL
    with_mask: bool = False
    """Is the mask itself written, too, in black and white, where everybody can see it?"""

    def __post_init__(self) -> None:
        given = [name for name in ("rectangle", "polygon", "mask") if getattr(self, name)]
        if len(given) != 1:
            raise LabelError(
                f"region: {' and '.join(given) or 'nothing'} given",
                remedy="give one of rectangle, polygon and mask",
            )
        clean(self)
        if self.rectangle is not None:
            object.__setattr__(self, "rectangle", _rectangle(self.rectangle))
        if self.polygon is not None:
            object.__setattr__(self, "polygon", _polygon(self.polygon))
        if isinstance(self.mask, str | os.PathLike):
            object.__setattr__(self, "mask", Path(self.mask))
        elif self.mask is not None and not isinstance(self.mask, bytes):
            raise LabelError(f"mask: {type(self.mask).__name__} is no picture's file")
        if self.mask is not None and self.unit is not RegionUnit.PIXEL:
            raise LabelError("region: what a mask covers is in pixels", remedy="leave the unit out")
        if self.with_mask and self.mask is None:
            raise LabelError("with_mask: there is no mask", remedy="name one, or leave it out")
        if self.unit is RegionUnit.PERCENT:
            self.require_inside(_PERCENT, _PERCENT)

    @property
    def corners(self) -> tuple[Point, ...]:
        """The points that bound it; none of a mask, which nobody has looked at yet."""
        if self.rectangle is not None:
            left, top, width, height = self.rectangle
            return ((left, top), (left + width, top + height))
        return self.polygon or ()

    def require_inside(self, width: float, height: float) -> None:
        """Raise `LabelError` if it is not inside of a picture of this size, in its own unit."""
        for x, y in self.corners:
            if x > width or y > height:
                raise LabelError(
                    f"region: the point {x:g}, {y:g} is outside of the picture, which has "
                    f"{width:g} by {height:g} ({self.unit.value})",
                    remedy="count from the upper left corner",
                )


def _rectangle(given: Iterable[float]) -> tuple[float, float, float, float]:
    numbers = _numbers("rectangle", given)
    if len(numbers) != _RECTANGLE or not (numbers[2] and numbers[3]):
        raise LabelError(
            f"rectangle: {numbers} is none",
            remedy="give left, top, width and height, such as [10, 20, 300, 200]",
        )
    left, top, width, height = numbers
    return (left, top, width, height)


def _polygon(given: Iterable[Sequence[float]]) -> tuple[Point, ...]:
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise LabelError(f"polygon: {type(given).__name__} is no list of points")
    points = [_numbers("polygon", each) for each in given]
    if not 3 <= len(points) <= MAX_CORNERS or any(len(each) != 2 for each in points):
        raise LabelError(
            f"polygon: {len(points)} points",
            remedy=f"give 3 to {MAX_CORNERS}, such as [[0, 0], [50, 0], [0, 50]]",
        )
    return tuple((each[0], each[1]) for each in points)


def _numbers(name: str, given: object) -> tuple[float, ...]:
    """The numbers of a list. Raises `LabelError` for others than a picture can have."""
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise LabelError(f"{name}: {type(given).__name__} is no list of numbers")
    numbers = []
    for each in given:
        is_number = isinstance(each, int | float) and not isinstance(each, bool)
        if not is_number or not math.isfinite(each) or not 0 <= each <= _MOST:
            raise LabelError(
                f"{name}: {str(each)[:60]!r} is no place in a picture", remedy="count from 0"
            )
        numbers.append(float(each))
        if len(numbers) > _RECTANGLE:
            break
    return tuple(numbers)
