"""Globs: patterns of paths, by which files in directories and lists are taken or passed over.

A glob is compared with the end of a path: ``2008/*`` means every folder called 2008, wherever it
lies. What lies below a folder that fits, fits too. ``/`` in front ties it to the beginning, ``**``
crosses folders, ``[…]`` stands for one character and ``[!…]`` for one of the others.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from genlabel.model.errors import ConfigurationError

_ANYWHERE = "(?:.*/)?"
_BELOW = "(?:/.*)?"
_LOOPS = (_ANYWHERE, _BELOW, ".*", "[^/]*")
_MAX_LOOPS = 3
"""Most wildcards of any length that are left to a regular expression: with each of them more the
time grows by the length of the path."""


class Globs:
    """Several globs, of which a path has to fit one."""

    def __init__(self, texts: Iterable[str], *, ignore_case: bool = os.name == "nt") -> None:
        """Raises `ConfigurationError` for a text that is no glob."""
        self._patterns = [_pattern(each, ignore_case=ignore_case) for each in texts]

    def __bool__(self) -> bool:
        """Is there any?"""
        return bool(self._patterns)

    def fit(self, path: PurePath) -> bool:
        """Does one of them fit `path`, or a folder that it lies in?"""
        if not self._patterns:
            return False
        text = path.as_posix().lstrip("/")
        return any(each.fullmatch(text) for each in self._patterns)


def _pattern(glob: str, *, ignore_case: bool) -> re.Pattern[str] | _Stepwise:
    text = glob.replace("\\", "/") if os.name == "nt" else glob
    is_tied = text.startswith("/")
    text = text.rstrip("/").removeprefix("./").lstrip("/")
    if not text:
        raise ConfigurationError("glob: empty", remedy="give a pattern such as '*.png'")
    text = re.sub(r"(?:\*\*/)+", "**/", text)  # several say no more, and cost more
    parts = [*([] if is_tied else [_ANYWHERE]), *_parts(text), _BELOW]
    flags = re.DOTALL | (re.IGNORECASE if ignore_case else 0)
    try:
        if sum(each in _LOOPS for each in parts[1:-1]) > _MAX_LOOPS:
            return _Stepwise(parts, flags)
        return re.compile("".join(parts), flags)
    except re.error as error:
        raise ConfigurationError(f"{text!r}: no glob ({error})", remedy="quote [ as [[]") from error


class _Stepwise:
    """A glob of many wildcards: all ways to read a path at once, so that the time is bounded by
    the length of the path times that of the glob."""

    def __init__(self, parts: list[str], flags: int) -> None:
        self._parts = parts
        self._singles = [None if each in _LOOPS else re.compile(each, flags) for each in parts]

    def fullmatch(self, text: str) -> bool:
        """Does the whole path fit?"""
        places = self._entered({0})
        for character in text:
            ahead = {each for place in places for each in self._after(place, character)}
            places = self._entered(ahead)
        return not places.isdisjoint((len(self._parts), ~(len(self._parts) - 1)))

    def _entered(self, places: set[int]) -> set[int]:
        """`places`, and those behind wildcards that may stand for nothing.

        A place is the number of the part that comes next; its complement is within that part.
        """
        for start in tuple(places):
            place = start
            while 0 <= place < len(self._parts) and self._singles[place] is None:
                place += 1
                places.add(place)
        return places

    def _after(self, place: int, character: str) -> Iterator[int]:
        """Where one more character leads from `place`."""
        number = place if place >= 0 else ~place
        if number == len(self._parts):
            return
        part, single = self._parts[number], self._singles[number]
        if single is not None:
            if single.fullmatch(character):
                yield number + 1
        elif part == _ANYWHERE:
            yield ~number
            if character == "/":
                yield number + 1
        elif part == _BELOW:
            if place < 0 or character == "/":
                yield ~number
        elif part == ".*" or character != "/":
            yield number


def _parts(text: str) -> Iterator[str]:
    """A glob as a regular expression, piece by piece."""
    at = 0
    while at < len(text):
        if text.startswith("**/", at):
            yield _ANYWHERE
            at += 3
        elif text.startswith("**", at):
            yield ".*"
            at += 2
        elif text[at] == "*":
            yield "[^/]*"
            at += 1
        elif text[at] == "?":
            yield "[^/]"
            at += 1
        elif text[at] == "[" and (end := text.find("]", at + 2)) > 0:
            inside = text[at + 1 : end].replace("\\", "\\\\")
            yield "[" + ("^" + inside[1:] if inside[0] == "!" else inside) + "]"
            at = end + 1
        else:
            yield re.escape(text[at])
            at += 1
