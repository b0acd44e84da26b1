"""What every metadata mark offers: its slots, compose and read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from genlabel.containers.container import Slot
from genlabel.label import Label
from genlabel.report import Declaration, Mark


class MetadataMark(Protocol):
    """One metadata standard that carries a label. A plain module satisfies it."""

    @property
    def MARK(self) -> Mark:
        """The name that reports use."""

    @property
    def SLOTS(self) -> Sequence[Slot]:
        """The slots it writes to or looks into."""

    def compose(
        self, existing: Mapping[Slot, bytes], label: Label, *, limit: int | None = None
    ) -> Mapping[Slot, bytes | None]:
        """The payloads that change so that they say `label`; other people's fields stay.

        `existing` are the survey's payloads; `limit` is the most bytes of the main payload.
        Composing what is said already gives no changes. Raises `MalformedMetadata`.
        """

    def read(self, payloads: Mapping[Slot, bytes]) -> Declaration:
        """What the mark says; an empty declaration when it is not there.

        Raises `MalformedMetadata` when the block is there and cannot be read.
        """
