"""What every metadata mark offers: its slots, compose and read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from genlabel.formats.format import Slot
from genlabel.model.carried import set_by
from genlabel.model.report import Declaration, Mark

if TYPE_CHECKING:
    from genlabel.model.label import Label


class MetadataMark(Protocol):
    """One metadata standard that carries a label. A plain module satisfies it."""

    @property
    def MARK(self) -> Mark:
        """The name that reports use."""

    @property
    def SLOTS(self) -> Sequence[Slot]:
        """The slots it writes to or looks into."""

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
        Composing what is said already gives no changes, and so does a mark that `is_wanted` by
        nobody. Where it is, ``carried_by(MARK, label, beside=before, taken=taken)`` is what
        `read` says of the result. Raises `MalformedMetadata`.
        """

    def read(self, payloads: Mapping[Slot, bytes]) -> Declaration:
        """What the mark says; an empty declaration when it is not there.

        Raises `MalformedMetadata` when the block is there and cannot be read.
        """

    def words(self, payloads: Mapping[Slot, bytes]) -> Iterator[tuple[str, str]]:
        """Every text in the places of the label's fields, those that no field holds, too.

        Each with its place, e.g. ``xmp title fr-FR``. Of payloads that `read` reads.
        """


def is_wanted(mark: Mark, slot: Slot, existing: Mapping[Slot, bytes], label: Label) -> bool:
    """Is there a block in the mark's `slot` already, or does the label set a field of the mark?

    Fallbacks, such as the producer as credit, do not ask for a block of their own. XMP is always
    written: every label has a producer, which it can carry.
    """
    return bool(existing.get(slot)) or bool(set_by(mark, label))
