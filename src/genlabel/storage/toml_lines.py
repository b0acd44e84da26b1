"""In which line of a TOML file something stands, for those who have to correct it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from genlabel.model.expression import expression

Place = tuple[str | int, ...]
"""Names of tables and keys, and numbers in lists, counted from 0: ``("steps", 1, "action")``."""
_KEY = r"""(?:"[^"]*"|'[^']*'|[\w-]+)"""
_NAMES = expression(_KEY)
_DOTTED = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_HEADER = expression(rf"[ \t]*(\[{{1,2}})[ \t]*({_DOTTED})[ \t]*\]")
_VALUE = expression(rf"[ \t]*({_DOTTED})[ \t]*=")
_MULTILINE = expression(r'"""|' + "'''")


def line(text: str, place: Sequence[str | int]) -> int | None:
    """The line, from 1, of what stands at `place` in TOML, or of the nearest thing around it."""
    best: tuple[int, int | None] = (0, None)
    table: Place = ()
    seen: Counter[Place] = Counter()
    inside = False
    for number, words in enumerate(text.split("\n"), 1):
        was_inside, inside = inside, inside ^ (len(_MULTILINE.findall(words)) % 2 == 1)
        if was_inside:
            continue
        if (header := _HEADER.match(words)) is not None:
            table = _table(_names(header[2]), seen, is_item=header[1] == "[[")
            here = table
        elif (value := _VALUE.match(words)) is not None:
            here = (*table, *_names(value[1]))
        else:
            continue
        if len(here) > best[0] and here == tuple(place[: len(here)]):
            best = len(here), number
    return best[1]


def _table(names: Sequence[str], seen: Counter[Place], *, is_item: bool) -> Place:
    """The place of a table by its header; items of lists are counted in `seen`."""
    place: Place = ()
    for name in names:
        place = (*place, name)
        if is_item and len([each for each in place if isinstance(each, str)]) == len(names):
            seen[place] += 1
        if seen[place]:
            place = (*place, seen[place] - 1)
    return place


def _names(dotted: str) -> list[str]:
    return [each.strip("\"'") for each in _NAMES.findall(dotted)]
