"""Regular expressions that are compiled when they are first used.

Python compiles an expression in a tenth of a millisecond or more, a module has up to eleven, and
most runs use a few of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    expression = re.compile
else:

    class expression:
        """What `re.compile` gives for the same words."""

        def __init__(self, *words: Any) -> None:
            self._words = words

        def __getattr__(self, name: str) -> Any:
            if name == "_words":  # copying asks before there are any
                raise AttributeError(name)
            value = getattr(re.compile(*self._words), name)
            setattr(self, name, value)
            return value
