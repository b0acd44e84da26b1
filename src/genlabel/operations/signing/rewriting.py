"""The picture with its new metadata, made ready for a manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from genlabel.formats.format import MANIFEST, Pieces, Slot
from genlabel.operations.verify import Examination
from genlabel.storage.buffers import joined


@dataclass(frozen=True, kw_only=True)  # no slots: what is ready is kept
class Rewrite:
    """The picture with its new metadata, as often as a manifest has to be put into it."""

    before: Examination
    changes: Mapping[Slot, bytes | None]
    embedded: bool

    @cached_property
    def ready(self) -> Pieces:
        """The file made ready for a manifest: what is signed, and what is compared afterwards."""
        return self._with(None)

    def pieces(self, store: bytes | None = None) -> Pieces:
        """The file with the manifest `store`, or made ready for one."""
        return self.ready if store is None else self._with(store)

    def _with(self, store: bytes | None) -> Pieces:
        # Only what a manifest goes into is made ready for it: beside one no byte changes.
        changes = {**self.changes, MANIFEST: store} if self.embedded else self.changes
        return self.before.container.rewrite(self.before.survey, changes)

    def placed(self, store: bytes) -> tuple[bytes | memoryview, tuple[tuple[int, int], ...]]:
        """The file with `store`, and the spans of its bytes that the hash leaves out."""
        whole = joined(self.pieces(store))
        survey = self.before.container.survey(whole)
        if survey.store_span is not None:
            return whole, (survey.store_span,)
        return whole, survey.manifest_spans

    def payloads(self) -> dict[Slot, bytes]:
        """Every slot's payload but the manifest's, as it must read in the result."""
        return _present({**self.before.survey.payloads, **self.changes, MANIFEST: None})


def _present(payloads: Mapping[Slot, bytes | None]) -> dict[Slot, bytes]:
    return {slot: payload for slot, payload in payloads.items() if payload is not None}
