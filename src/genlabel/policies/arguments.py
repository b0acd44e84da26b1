"""What conditions are given: texts, and patterns whose time is bounded."""

from __future__ import annotations

import re
from collections.abc import Collection

MAX_PATTERN = 200
_MAX_REPEATS = 3
"""Most repetitions in a pattern: with so many, so long a text takes milliseconds."""
_REPEAT = re.compile(r"[*+?]|\{[0-9]+(?:,[0-9]*)?\}")
_ATOM = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)


def texts(argument: object) -> tuple[str, ...]:
    """One text or several. Raises `ValueError`."""
    texts = [argument] if isinstance(argument, str) else argument
    if not isinstance(texts, list) or not texts or not all(isinstance(each, str) for each in texts):
        raise ValueError("wants a text or a list of texts")
    return tuple(texts)


def words(argument: object, known: Collection[str]) -> tuple[str, ...]:
    """Texts that are all among `known`. Raises `ValueError`."""
    wanted = texts(argument)
    for each in wanted:
        if each not in known:
            raise ValueError(f"{each!r} is not known here: choose among {', '.join(known)}")
    return wanted


def bounded(pattern: object) -> re.Pattern[str]:
    """`pattern` as a regular expression whose time is bounded. Raises `ValueError`.

    Characters, classes, ``.``, groups, ``|`` and at most three repetitions of a single character
    or class; no repeated groups, references or looking around. It has to fit the whole text.
    """
    if not isinstance(pattern, str) or len(pattern) > MAX_PATTERN:
        raise ValueError(f"wants a pattern of at most {MAX_PATTERN} characters")
    atoms = [each.group() for each in _ATOM.finditer(pattern)]
    repeats, before = 0, ""
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
        before = atom
    if repeats > _MAX_REPEATS:
        raise ValueError(f"a pattern has at most {_MAX_REPEATS} repetitions")
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from error
