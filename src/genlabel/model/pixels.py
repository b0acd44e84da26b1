"""What happened to the picture itself between an original and its published file (Pixels)."""

from __future__ import annotations

from dataclasses import field

from genlabel.model.dataclass import dataclass
from genlabel.model.serialise import Result, in_json

RELATIONS = (
    "identical",
    "metadata-only",
    "re-encoded",
    "converted",
    "resized",
    "cropped",
    "framed",
    "mirrored",
    "rotated",
    "recoloured",
    "overlaid",
    "another",
    "undecodable",
)
"""In the order in which several of them are told."""
CERTAINTIES = ("high", "low")


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """The part of the original that is left, in the original's pixels."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What was added around the picture, a side each, in the original's pixels."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """The box about all that was laid over the picture, in the original's pixels."""

    left: int
    top: int
    width: int
    height: int
    share: float = field(metadata=in_json(minimum=0, maximum=1))
    """Part of what is left of the original that is covered, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """One way in which a picture may have been turned; neither mirrored nor rotated is as it
    stands."""

    mirrored: bool
    """Left to right, before it was rotated."""
    rotation: int = field(metadata=in_json(enum=[0, 90, 180, 270]))
    """Degrees clockwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """How many frames of an animation, or pages, both files have."""

    original: int = field(metadata=in_json(minimum=1))
    published: int = field(metadata=in_json(minimum=1))
    """They are compared in their order, as far as both have them."""

    @property
    def more(self) -> int:
        """How many were added; negative where some are gone."""
        return self.published - self.original


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Pixels(Result):
    """What happened to the picture itself between the original and the published file."""

    same_picture: bool | None
    """None when it could not be decoded, or when that cannot be told."""
    change: str = field(metadata=in_json(enum=list(RELATIONS)))
    """The first of `relations`."""
    distance: float | None = field(default=None, metadata=in_json(minimum=0, maximum=255))
    """Mean absolute difference per channel on a small common raster, 0 to 255."""
    reason: str | None = field(default=None, metadata=in_json(optional=True))
    """Why it was not compared: ``too-large`` for more pixels than were allowed, ``film``,
    ``sound``, ``document`` or ``drawing`` for what is no picture of pixels, ``no decoder for heic``
    (or ``jxl``), or that one is damaged; or which frame or page is another; or what was compared of
    a document."""
    relations: tuple[str, ...] = field(
        default=(),
        metadata=in_json(optional=True, items={"type": "string", "enum": list(RELATIONS)}),
    )
    """All that was done: ``identical``, ``metadata-only``, ``re-encoded``, ``converted`` to another
    format, ``resized``, ``cropped``, ``framed`` (something was added around), ``mirrored``,
    ``rotated``, ``recoloured``, ``overlaid`` (a part differs, the rest does not), or ``another``
    picture, or ``undecodable``."""
    scale: float | None = field(default=None, metadata=in_json(optional=True))
    """Pixels of the published picture for one of the original, along a side."""
    crop: Crop | None = field(default=None, metadata=in_json(optional=True))
    """None when nothing was cut off."""
    frame: Frame | None = field(default=None, metadata=in_json(optional=True))
    """None when nothing was added around it."""
    overlay: Overlay | None = field(default=None, metadata=in_json(optional=True))
    """None when nothing was laid over it."""
    mirrored: bool | None = field(default=None, metadata=in_json(optional=True))
    """Was it mirrored, left to right, before it was turned?"""
    rotation: int | None = field(
        default=None, metadata=in_json(optional=True, enum=[0, 90, 180, 270, None])
    )
    """Degrees clockwise by which it was turned, as both are shown."""
    certainty: str | None = field(
        default=None, metadata=in_json(optional=True, enum=[*CERTAINTIES, None])
    )
    """``low`` when a copy and another picture, or what may have been done, cannot be told apart."""
    frames: Frames | None = field(default=None, metadata=in_json(optional=True))
    """None where both have one."""
    or_turned: tuple[Turned, ...] = field(default=(), metadata=in_json(optional=True))
    """Of a symmetric picture: the ways beside `mirrored` and `rotation` that look the same, between
    which nothing decides. Certainty is ``low`` where not to have been turned is none of them."""

    @property
    def coding(self) -> str:
        """What became of the coded picture alone, as tools leave it: `change`, and ``re-encoded``
        for whatever was done to what is shown."""
        return self.change if self.change in _CODINGS else "re-encoded"

    @property
    def is_untouched(self) -> bool:
        """Is every pixel what it was?"""
        return self.change in _UNTOUCHED and set(self.relations) <= _UNTOUCHED


_UNTOUCHED = frozenset({"identical", "metadata-only"})
_CODINGS = ("identical", "metadata-only", "converted", "resized", "undecodable")
