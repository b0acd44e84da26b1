"""Places: how the paths of files are told in reports, from a root on and as URI references."""

from __future__ import annotations

import os
import re
from dataclasses import field
from pathlib import Path
from urllib.parse import quote

from genlabel.model.dataclass import dataclass
from genlabel.storage import STDIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """From where paths are told."""

    root: Path = field(default_factory=Path.cwd)

    def below(self, path: str | None) -> str:
        """`path` below the root with forward slashes; one that is elsewhere stays absolute.

        Without ``..``, and with links as they are: two links are two files.
        """
        if path is None or path == STDIN:
            return "stdin"
        place, top = os.path.abspath(path), os.path.abspath(self.root)  # noqa: PTH100
        within = os.path.join(top, "")  # noqa: PTH118  a text, of each of many files
        if place.startswith(within) and place != within:
            return place[len(within) :].replace(os.sep, "/")
        if os.name == "posix" and place != top:
            return place
        absolute, root = Path(place), Path(top)
        shown = absolute.relative_to(root) if absolute.is_relative_to(root) else absolute
        return shown.as_posix()


def uri(path: str) -> str:
    """A path as a relative URI reference, percent-encoded (RFC 3986); ``file:`` if absolute."""
    try:
        encoded = quote(path.encode("utf-8", "surrogateescape"), safe="/")
    except UnicodeEncodeError:  # no name that a file system gave
        encoded = quote(path.encode("utf-8", "replace"), safe="/")
    if path.startswith("/"):
        return f"file://{encoded}"
    return f"file:///{encoded}" if re.match(r"[A-Za-z]:/", path) else encoded
