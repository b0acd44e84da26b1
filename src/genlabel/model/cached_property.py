"""`functools.cached_property` as Python 3.12 has it: without a lock around every first look."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or sys.version_info >= (3, 12):
    from functools import cached_property as cached_property
else:

    class cached_property:
        """What a method finds, kept in the object's own dictionary."""

        def __init__(self, find: Callable[[Any], Any]) -> None:
            self.find = find
            self.name = find.__name__
            self.__doc__ = find.__doc__

        def __get__(self, instance: Any, owner: type[Any]) -> Any:
            if instance is None:
                return self
            found = instance.__dict__[self.name] = self.find(instance)
            return found
