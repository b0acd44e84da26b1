"""What every metadata mark offers: its slots, compose and read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from genlabel.formats.format import Slot
from genlabel.model.label import Label
from genlabel.model.report import Declaration, Mark


class MetadataMark(Protocol):
    """One metadata standard that carries a label. A plain module satisfies it."""

    @property
    def MARK(self) -> Mark:
        """The name that reports use."""

    @property
    def SLOTS(self) -> Sequence[Slot]:
        """The slots it writes to or looks into."""

    def asks(self, existing: Mapping[Slot, bytes], label: Label) -> bool:
        """Is the mark written at all? When the file has it, or the label sets a field of it."""

    def compose(
        self,
        existing: Mapping[Slot, bytes],
        label: Label,
        *,
        limit: int | None = None,
        taken: Collection[str] = (),
    ) -> Mapping[Slot, bytes | None]:
        """The payloads that change so that they say `label`; other people's fields stay.

        `existing` are the survey's payloads; `limit` is the most bytes of the main payload;
        `taken` are fields that another mark fills already, which fallbacks then leave alone.
        Composing what is said already gives no changes, and so does a mark that nobody `asks`
        for. Where it asks, ``fields.carried_by(MARK, label, beside=before, taken=taken)`` is what
        `read` says of the result. Raises `MalformedMetadata`.
        """

    def read(self, payloads: Mapping[Slot, bytes]) -> Declaration:
        """What the mark says; an empty declaration when it is not there.

        Raises `MalformedMetadata` when the block is there and cannot be read.
        """
