"""What goes into a manifest beside its definition, as `engine.sign` takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from genlabel.formats.format import Buffer
from genlabel.manifests.engine.c_api import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class IngredientSource:
    """An ingredient to record: its definition and its own bytes, which the engine validates."""

    definition: Mapping[str, Any]
    mime: str
    data: Buffer | Sequence[Buffer]
    store: bytes | None = None
    """Its manifest store where that lies beside it (C2PA 2.4 §11.4); None for an embedded one."""
    validated: Mapping[str, Any] | None = None
    """``active_manifest`` and ``validation_results`` as they are recorded; None where the engine
    finds them. With them there is a `store`, and none within `data`."""


Sources = Sequence[IngredientSource | Part]
"""Ingredients, and texts that definitions refer to."""
