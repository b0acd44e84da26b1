"""Patterns in rule books of others: regular expressions whose time is bounded."""

from __future__ import annotations

import math
import re

from genlabel.model.expression import expression

MAX_PATTERN = 200
MAX_MATCHED = 512
"""Most characters of a field that a pattern is tried on."""
_MAX_REPEATS = 3
"""Most repetitions in a pattern: with so many, so long a text can be divided in `_MAX_WAYS`."""
_MAX_WAYS = math.comb(MAX_MATCHED, _MAX_REPEATS)
"""Most ways to read a text: alternatives of groups multiply, and so do repetitions."""
_REPEAT = expression(r"[*+?]|\{[0-9]*,?[0-9]*\}")
_ATOM = expression(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)


def bounded(pattern: object) -> re.Pattern[str]:
    """`pattern` as a regular expression whose time is bounded. Raises `ValueError`.

    Characters, classes, ``.``, groups, ``|`` and at most three repetitions of a single character
    or class, of which alternatives leave fewer; no repeated groups, references or looking around.
    It has to fit the whole text.
    """
    if not isinstance(pattern, str) or len(pattern) > MAX_PATTERN:
        raise ValueError(f"wants a pattern of at most {MAX_PATTERN} characters")
    atoms = [each.group() for each in _ATOM.finditer(pattern)]
    repeats, before = 0, ""
    ways, alternatives = 1, [1]  # those of the groups that are closed, of those that are open
    for number, atom in enumerate(atoms):
        rest = "".join(atoms[number:])
        if before == "(" and atom == "?" and rest[:2] != "?:":
            raise ValueError("a pattern has no groups but ( ) and (?: )")
        if atom[0] == "\\" and atom[1:].isdigit():
            raise ValueError("a pattern has no references")
        if before != "(" and _REPEAT.match(rest):
            repeats += 1
            if before == ")":
                raise ValueError("a pattern has no repeated groups")
        if atom == "(":
            alternatives.append(1)
        elif atom == "|":
            alternatives[-1] += 1
        elif atom == ")" and len(alternatives) > 1:
            ways *= alternatives.pop()
        before = atom
    if repeats > _MAX_REPEATS:
        raise ValueError(f"a pattern has at most {_MAX_REPEATS} repetitions")
    if ways * math.prod(alternatives) * math.comb(MAX_MATCHED, repeats) > _MAX_WAYS:
        raise ValueError("a pattern has fewer alternatives, or no repetitions beside them")
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from error
