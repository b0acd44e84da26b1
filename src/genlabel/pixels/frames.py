"""Frames: what became of later frames and pages, which lie over each other as the first do."""

from __future__ import annotations

from collections.abc import Iterator

from genlabel.model.dataclass import dataclass
from genlabel.pixels.matches import ANOTHER, FEW, Match, judged, turned_back
from genlabel.pixels.relations import Relation, differing, overlay_of
from genlabel.pixels.views import Look


@dataclass(frozen=True, slots=True)
class Later:
    """What is known of the frames after the first that both pictures have."""

    relation: Relation
    """That of the first, with what happened to others only."""
    another: tuple[int, ...]
    """Frames that show another picture, counted from 1."""


def later(ours: Look, theirs: Look, match: Match, relation: Relation) -> Later:
    """The later frames, one of each in memory at a time."""
    another = []
    for index in range(1, min(ours.frames, theirs.frames)):
        seen = _seen(ours, theirs, match, relation, index)
        if seen is None or (seen.shown >= FEW and seen.agreement < ANOTHER):
            another.append(index + 1)
        elif seen.shown >= FEW:
            relation = relation.having(_touched(seen, relation))
    return Later(relation, tuple(another))


def _seen(ours: Look, theirs: Look, match: Match, relation: Relation, index: int) -> Match | None:
    one = ours.view(index).over(match.ours.ground)
    other = turned_back(theirs.view(index).over(match.ours.ground), match.turn)
    return judged(one, other, match.turn, relation.window)


def _touched(seen: Match, relation: Relation) -> Iterator[str]:
    apart = differing(seen, relation.window, relation.visible)
    if apart is not None and apart.recoloured:
        yield "recoloured"
    if apart is not None and overlay_of(apart, relation.visible, seen.ours.size) is not None:
        yield "overlaid"
