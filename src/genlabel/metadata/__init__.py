"""Metadata marks: XMP, IIM and Exif, one module each."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any, cast

from genlabel.formats.slots import EXIF, IIM, Slot
from genlabel.metadata import iptc
from genlabel.metadata.mark import MetadataMark
from genlabel.model.report import Mark


class _Late:
    """A mark whose module is loaded with the first of its functions that is called."""

    def __init__(self, mark: Mark, slots: Sequence[Slot]) -> None:
        self.MARK = mark
        self.SLOTS = slots

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(f"{__name__}.{self.MARK.value}"), name)


METADATA_MARKS: tuple[MetadataMark, ...] = (
    iptc,
    cast("MetadataMark", _Late(Mark.IIM, (IIM,))),
    cast("MetadataMark", _Late(Mark.EXIF, (EXIF,))),
)
"""All of them, in the order in which they are preferred when they disagree."""
