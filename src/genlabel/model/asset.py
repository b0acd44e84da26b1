"""An asset: the bytes of a picture, its name, and the manifest that is kept beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, field, replace
from pathlib import Path

from genlabel.model.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Asset:
    """A picture's file and what lies beside it. `storage.read_asset` reads one from a path."""

    data: bytes | memoryview = field(repr=False)
    """All bytes of the file; of a large one, a mapping."""
    _: KW_ONLY
    name: str = "picture"
    """What findings, errors and ``dc:title`` call it, e.g. ``cat.png``."""
    manifest: bytes | None = field(default=None, repr=False)
    """The external manifest store (C2PA 2.4 §11.4); one that is embedded wins over it."""
    path: str | None = None
    """Where it was read, as the caller said it; None for what was in memory."""
    manifest_path: Path | None = None
    """The file that `manifest` was read from."""
    version: tuple[int, int, int, int] | None = None
    """Device, inode, size and time of change (ns) of the file when it was read."""
    manifest_version: tuple[int, int, int, int] | None = None
    """The same of the file beside it."""
    other_manifest: str | None = None
    """The name of a second manifest file beside it that says something else."""
    other_store: bytes | None = field(default=None, repr=False)
    """What that holds."""
    xmp: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """XMP files beside it, by their names; claims that anyone can put there."""

    @property
    def called(self) -> str:
        """What failures call it: the file as it was named, never what a manifest calls it."""
        return self.path or self.name

    def holding(self, data: bytes | memoryview, manifest: bytes | None) -> Asset:
        """The same asset with other bytes and another external manifest."""
        return replace(self, data=data, manifest=manifest)
