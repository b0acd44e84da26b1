"""Line ends: will a version control system change those of a text file that was signed?"""

from __future__ import annotations

import re
from pathlib import Path

from genlabel.model.expression import expression

_KEPT = expression(r"^\s*(?:\*|\*\*/\*|\*\.svg)\s+(?:.*\s)?(?:-text|binary)(?:\s|$)", re.MULTILINE)
"""A line of ``.gitattributes`` by which drawings stay as they are (gitattributes(5))."""
_LONGEST = 64 * 1024


def left_to_git(path: Path) -> bool:
    """Does `path` lie in a work tree of git in which nothing says that a drawing's bytes stay?

    Only ``.gitattributes`` on the way up to the work tree's root are looked at, and patterns for
    all drawings.
    """
    for folder in path.absolute().parents:
        try:
            with (folder / ".gitattributes").open(encoding="utf-8", errors="replace") as file:
                if _KEPT.search(file.read(_LONGEST)):
                    return False
        except OSError:
            pass
        if (folder / ".git").exists():
            return True
    return False
