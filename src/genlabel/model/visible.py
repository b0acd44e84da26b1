"""The visible label: what is asked for (`VisibleLabel`), and what was drawn (`Visible`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from enum import StrEnum
from os import PathLike

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.model.serialise import Result, in_json

Part = str
"""``ai``, ``generated``, ``modified``, or a text of one's own."""


class VisibleStyle(StrEnum):
    """How a visible label looks."""

    TEXT = "text"
    """Words on a plate."""
    BADGE = "badge"
    """The letters AI in a frame, or a picture of one's own."""
    STRIP = "strip"
    """A bar outside of the picture, which covers no pixel."""


class Position(StrEnum):
    """Where a visible label stands, as the viewer sees the picture."""

    TOP_LEFT = "top-left"
    TOP = "top"
    TOP_RIGHT = "top-right"
    LEFT = "left"
    RIGHT = "right"
    BOTTOM_LEFT = "bottom-left"
    BOTTOM = "bottom"
    BOTTOM_RIGHT = "bottom-right"

    @property
    def across(self) -> float:
        """0 at the left, 1 at the right."""
        return 0.0 if "left" in self.value else 1.0 if "right" in self.value else 0.5

    @property
    def down(self) -> float:
        """0 at the top, 1 at the bottom."""
        return 0.0 if "top" in self.value else 1.0 if "bottom" in self.value else 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleLabel:
    """A visible label as it is asked for; what is not given follows from label and law.

    Raises `ConfigurationError` for words of no known style, place or length.
    """

    style: VisibleStyle | str | None = None
    """None: the badge where a picture for one is given, else text."""
    words: str | None = None
    """``ai``, ``generated``, ``modified``, or a text of one's own; None: by what the picture is."""
    position: Position | str | None = None
    """None: top right, or where the law wants it; a strip lies at the bottom."""
    languages: Iterable[str] = ()
    """Codes such as ``de``, a line each; English unless given, or the law's."""
    national_acronym: bool = False
    """Write IA, KI or 人工智能 where that is the language's word for AI."""
    with_producer: bool = False
    """Add the producer's name."""
    law: str | None = None
    """A law that chooses words, size and place: ``eu-deployer``, ``cn-gb45438``, ``in-sgi``."""
    font: str | PathLike[str] | None = None
    """A font's file, or the name of one that the system has."""
    badge: str | PathLike[str] | None = None
    """A picture that takes the place of the letters of a badge."""
    add_alt_text: bool = False
    """Put the words behind an alternative text that is there; an empty one gets them in any
    case."""

    def __post_init__(self) -> None:
        usual = VisibleStyle.TEXT if self.badge is None else VisibleStyle.BADGE
        _set(self, "style", _one_of(VisibleStyle, "style", self.style or usual))
        if self.position is not None:
            _set(self, "position", _one_of(Position, "position", self.position))
        given = self.languages.split(",") if isinstance(self.languages, str) else self.languages
        _set(self, "languages", tuple(each.strip().lower() for each in given if each.strip()))
        if self.words is not None and not self.words.strip():
            raise ConfigurationError("words: an empty text is no label", remedy="leave it out")
        if self.badge is not None and self.style is not VisibleStyle.BADGE:
            raise ConfigurationError(
                "badge: a picture is drawn only in the style badge",
                remedy="choose --style badge (of sign: --visible badge)",
            )

    @property
    def chosen_style(self) -> VisibleStyle:
        """The style, as a value of its vocabulary."""
        return VisibleStyle(self.style or "")


def visible_of(given: object) -> VisibleLabel | None:
    """A visible label, or one in the style that is named. Raises `TypeError`."""
    if given is None or isinstance(given, VisibleLabel):
        return given
    if isinstance(given, str):
        return VisibleLabel(style=given)
    raise TypeError(f"visible: {given!r} is no VisibleLabel; VisibleLabel(style='text') is one")


def _set(label: VisibleLabel, name: str, value: object) -> None:
    object.__setattr__(label, name, value)


def _one_of(kind: type[StrEnum], option: str, given: str) -> StrEnum:
    try:
        return kind(given)
    except ValueError:
        raise ConfigurationError(
            f"{option}: {given!r} is none of its values",
            remedy="choose " + ", ".join(str(each.value) for each in kind),
        ) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle of a picture, in its pixels as the viewer sees it."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Behind the last column."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """Behind the last row."""
        return self.top + self.height

    @property
    def edges(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom, as imaging libraries take them."""
        return (self.left, self.top, self.right, self.bottom)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Visible(Result):
    """A visible label as it was drawn, measured on the pixels of the encoded picture."""

    words: str
    """As they stand there; lines are separated by line feeds."""
    style: VisibleStyle
    position: Position
    box: Box
    """Plate, badge or strip, in pixels of the marked picture as the viewer sees it."""
    height_share: float = field(metadata=in_json(minimum=0))
    """Height of a capital letter, as a share of the picture's shorter side."""
    contrast: float = field(metadata=in_json(minimum=1))
    """Letters against plate (WCAG 2.1 contrast ratio, 1 to 21)."""
    edge_contrast: float = field(metadata=in_json(minimum=1))
    """What the plate's edge has at least against 95 % of the pixels around it."""
    font: str
    """Its name, of several all; empty for a badge of one's own."""
    changed: float = field(metadata=in_json(minimum=0))
    """Mean difference of all other pixels, of 255; 0 where each of them is as it was."""
    reencoded: bool
    """Was the picture encoded with losses again?"""
    law: str | None = None
