"""Tones: how the levels of a channel moved between two pictures that lie over each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from genlabel.model.dataclass import dataclass

if TYPE_CHECKING:
    from PIL import Image

GAIN, LEAST_MOVE = 0.1, 5
"""Proportion in which all levels moved, and levels by which the most moved did, where
`differences.SHIFT` is not reached because the picture is dark."""
SAMPLE = 3
"""Every so manieth point is asked for its tones."""
_BIN = 16
"""Levels that are taken together."""
LEAST = 0.02
"""Part of the picture whose tones speak for all of it."""


@dataclass(frozen=True, slots=True)
class Tones:
    """How the levels of one channel moved."""

    known: dict[int, int]
    """Level → how far it moved, of levels that are seen often."""
    shift: float
    """Root mean square of the way that the levels moved, as told from either picture: of colours
    that coding blurred, those of before moved, but each that is now was the same on average."""

    @property
    def gain(self) -> float:
        """In which proportion the levels moved, but for the darkest."""
        squares = sum(level * level for level in self._moves)
        return sum(level * move for level, move in self._moves.items()) / max(1, squares)

    @property
    def _moves(self) -> dict[int, int]:
        return {level: move for level, move in self.known.items() if level >= _BIN}

    def is_scaled(self, least: int = 3) -> bool:
        """Did all levels move in one proportion, `least` of them or more? In a dark picture that is
        few levels."""
        moves, gain = self._moves, self.gain
        return (
            len(moves) >= least
            and abs(gain) >= GAIN
            and max(map(abs, moves.values())) >= LEAST_MOVE
            and all(0.7 <= move / (gain * level) <= 1.3 for level, move in moves.items())
        )

    def curve(self) -> list[int]:
        """What each of 256 levels became, at most points that have it."""
        moved = (level + round(_between(self.known, level)) for level in range(256))
        return [max(0, min(255, level)) for level in moved]


def tones(one: Image.Image, other: Image.Image, asked: Image.Image) -> Tones:
    """How one channel's levels moved: the middle of what became of each sixteenth of them, where
    `asked` is light, or everywhere when that is next to nowhere."""
    where = asked.tobytes() if lit(asked) >= LEAST else b"\xff" * one.width * one.height
    became: list[list[int]] = [[] for _ in range(256 // _BIN)]
    came: list[list[int]] = [[] for _ in became]
    data = (each.tobytes()[::SAMPLE] for each in (one, other))
    for before, after, is_asked in zip(*data, where[::SAMPLE], strict=True):
        if is_asked > 127:
            became[before // _BIN].append(after - before)
            came[after // _BIN].append(after - before)
    count = sum(map(len, became))
    often = {
        index * _BIN + _BIN // 2: sorted(moves)
        for index, moves in enumerate(became)
        if len(moves) >= max(4, count // 60)
    }
    known = {level: moves[len(moves) // 2] for level, moves in often.items()}
    surely = {level: _least(moves) for level, moves in often.items()}
    forth = sum(
        len(moves) * _between(surely, index * _BIN + _BIN // 2) ** 2
        for index, moves in enumerate(became)
    )
    back = sum(sum(moves) ** 2 / len(moves) for moves in came if moves)
    return Tones(known, (min(forth, back) / max(1, count)) ** 0.5)


def _least(moves: Sequence[int]) -> int:
    """How far three of four went at least, and to the same side, of these moves in their order."""
    low, high = moves[len(moves) // 4], moves[-1 - len(moves) // 4]
    return max(low, 0) + min(high, 0)


def levels(image: Image.Image, asked: Image.Image) -> int:
    """How many sixteenths of the levels have a twentieth of the points where `asked` is light."""
    lit = asked.point([255 * (value > 127) for value in range(256)])
    counts = image.convert("L").histogram(lit)
    often = [sum(counts[start : start + _BIN]) for start in range(0, 256, _BIN)]
    return sum(count * 20 >= sum(counts) for count in often)


def lit(image: Image.Image) -> float:
    """The part of a grey picture that is light."""
    return sum(image.histogram()[128:]) / (image.width * image.height)


def _between(known: dict[int, int], level: int) -> float:
    """The move of a level between those that are known."""
    below = max((each for each in known if each <= level), default=None)
    above = min((each for each in known if each >= level), default=None)
    if below is None or above is None:
        only = above if below is None else below
        return 0.0 if only is None else known[only]
    if below == above:
        return known[below]
    part = (level - below) / (above - below)
    return known[below] * (1 - part) + known[above] * part
