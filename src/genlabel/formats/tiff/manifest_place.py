"""Where a manifest stands in a TIFF file of several pages, as its user chooses."""

from __future__ import annotations

from enum import StrEnum


class TiffManifest(StrEnum):
    """Where the manifest of a TIFF file with several pages stands (decision 126)."""

    LAST_PAGE = "last-page"
    """An entry of the last page's directory: every reader opens the file."""
    OWN_DIRECTORY = "own-directory"
    """A directory of its own (C2PA 2.4 A.3.6), which other readers take for a broken page."""
