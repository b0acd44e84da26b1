"""What was read of manifests, kept by their bytes for as long as one signing lasts."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from genlabel.manifests.store.superbox import Superbox

MAX_KEPT = 1 << 20
"""Most bytes of a manifest of which is kept what was read."""
_kept: ContextVar[dict[bytes, dict[str, Any]] | None] = ContextVar("kept", default=None)


class KeptByTheirBytes:
    """While this lasts, what was read of a manifest is not read again from the same bytes.

    For a signing, which meets each ancestor in the picture that it is given and in the one that it
    makes. The bytes are compared, not a name or a hash of them; what is kept is what follows from
    them alone, and neither by whom they are vouched for nor anything about a store around them.
    """

    __slots__ = ("_before",)

    def __enter__(self) -> None:
        self._before = _kept.set({})

    def __exit__(self, *_: object) -> None:
        _kept.reset(self._before)


kept_by_their_bytes = KeptByTheirBytes


def of_these(box: Superbox) -> dict[str, Any]:
    """What is kept of the manifest in `box`; a place for it where nothing is."""
    kept = _kept.get()
    if kept is None or box.end - box.start > MAX_KEPT:
        return {}
    return kept.setdefault(bytes(box.body), {})
