"""What conditions are given: one text or several, of any kind or of those that are known."""

from __future__ import annotations

from collections.abc import Collection

from genlabel.model.nearest import did_you_mean


def texts(argument: object) -> tuple[str, ...]:
    """One text or several. Raises `ValueError`."""
    given = [argument] if isinstance(argument, str) else argument
    if not isinstance(given, list) or not given or not all(isinstance(each, str) for each in given):
        raise ValueError("wants a text or a list of texts")
    return tuple(given)


def words(argument: object, known: Collection[str]) -> tuple[str, ...]:
    """Texts that are all among `known`. Raises `ValueError`."""
    wanted = texts(argument)
    for each in wanted:
        if each not in known:
            raise ValueError(f"{each!r} is not known here: {did_you_mean(each, known)}")
    return wanted
