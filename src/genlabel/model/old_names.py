"""Old names of attributes and arguments: read for one version, with a `DeprecationWarning`."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

Words = ParamSpec("Words")
Made = TypeVar("Made")


class Renamed:
    """An attribute's old name: it reads the new one and says so, for one version."""

    def __init__(self, new: str) -> None:
        self.new = new

    def __set_name__(self, owner: type, name: str) -> None:
        self.old = name

    def __get__(self, instance: object, owner: type) -> Any:
        if instance is None:
            return self
        warnings.warn(
            f"{owner.__name__}.{self.old} is now {owner.__name__}.{self.new}",
            DeprecationWarning,
            stacklevel=2,
        )
        return getattr(instance, self.new)


def old_arguments(**renamed: str) -> Callable[[Callable[Words, Made]], Callable[Words, Made]]:
    """A decorator of functions whose keywords were called otherwise: old name to new name."""

    def decorated(make: Callable[Words, Made]) -> Callable[Words, Made]:
        @wraps(make)
        def made(*arguments: Words.args, **words: Words.kwargs) -> Made:
            for old, new in renamed.items():
                if old in words and new not in words:
                    warnings.warn(f"{old}= is called {new}= now", DeprecationWarning, stacklevel=2)
                    words[new] = words.pop(old)
            return make(*arguments, **words)

        return made

    return decorated
