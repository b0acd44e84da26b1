"""A manifest that does not go into its picture: a file beside it, or one that is served elsewhere.

C2PA 2.4 §11.4 (external manifests).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from genlabel.model.errors import ConfigurationError
from genlabel.model.report import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """How a manifest is signed that does not go into the picture."""

    marks: frozenset[Mark] = frozenset()
    """Metadata marks that are written into the picture first; none leaves its bytes alone."""
    url: str | None = None
    """Where the manifest will be served; written into the picture's XMP as dcterms:provenance."""

    @classmethod
    def asked(
        cls, sidecar: bool, marks: Collection[Mark | str], remote_url: str | None
    ) -> Apart | None:
        """From what users say; None where the manifest is embedded. A URL means a sidecar.

        Raises `ConfigurationError` when `marks` do not fit.
        """
        wanted = {Mark(each) for each in marks}
        if not sidecar and remote_url is None:
            if not wanted:
                return None
            raise ConfigurationError(
                "marks: are chosen only where the manifest goes beside the picture",
                remedy="add --sidecar, or leave --marks out: then all are written",
            )
        if Mark.MANIFEST in wanted:
            raise ConfigurationError(
                "marks: the manifest goes beside the picture",
                remedy="choose among iptc, iim and exif",
            )
        return cls(marks=frozenset(wanted), url=remote_url)

    @property
    def leaves_bytes(self) -> bool:
        """Does the picture stay as it is, byte for byte?"""
        return not self.marks and self.url is None
