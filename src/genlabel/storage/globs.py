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
        text = path.as_posix().lstrip("/")
        return any(each.fullmatch(text) for each in self._patterns)


def _pattern(glob: str, *, ignore_case: bool) -> re.Pattern[str]:
    text = glob.replace("\\", "/") if os.name == "nt" else glob
    is_tied = text.startswith("/")
    text = text.rstrip("/").removeprefix("./").lstrip("/")
    if not text:
        raise ConfigurationError("glob: empty", remedy="give a pattern such as '*.png'")
    text = re.sub(r"(?:\*\*/)+", "**/", text)  # several say no more, and cost more
    pattern = ("" if is_tied else _ANYWHERE) + "".join(_parts(text)) + _BELOW
    try:
        return re.compile(pattern, re.DOTALL | (re.IGNORECASE if ignore_case else 0))
    except re.error as error:
        raise ConfigurationError(f"{text!r}: no glob ({error})", remedy="quote [ as [[]") from error


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
