"""Is the coded picture of one file that of another, whatever else is in either?"""

from __future__ import annotations

from itertools import zip_longest

from genlabel.formats.format import Container, Survey
from genlabel.storage.comparing import Comparison


def same_essence(
    container: Container, one: Survey, other: Survey, compared: Comparison | None = None
) -> bool:
    """Are the coded pictures of two surveys of the same format equal, byte for byte?

    `compared` is what was found of the same two files before.
    """
    same = (compared or Comparison()).same
    pairs = zip_longest(container.essence(one), container.essence(other))
    for first, second in pairs:
        if first is None or second is None or not same([first], [second]):
            return False
    return True
