"""What goes into a manifest beside its definition, as `signing.sign` takes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from genlabel.formats.format import Buffer
from genlabel.manifests.engine.c_api import Part
from genlabel.model.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class IngredientSource:
    """An ingredient to record: its definition and its own bytes, which the engine validates."""

    definition: Mapping[str, Any]
    mime: str
    data: Buffer | Sequence[Buffer]
    called: str = "ingredient"
    """What messages call it."""
    store: bytes | None = None
    """Its manifest store where that lies beside it (C2PA 2.4 §11.4); None for an embedded one."""
    validated: Mapping[str, Any] | None = None
    """``active_manifest`` and ``validation_results`` as they are recorded; None where the engine
    finds them. With them there is a `store`, and none within `data`."""
    below: bytes = b""
    """The boxes of manifests that belong into the `store` and are left out of it: they go into the
    signed one as they are, and the engine, which need not look at them, never sees them."""


Sources = Sequence[IngredientSource | Part]
"""Ingredients, and texts that definitions refer to."""


def in_parts(
    ingredients: Sources, document: Callable[[IngredientSource], Mapping[str, Any] | None]
) -> list[Part]:
    """The ingredients, and the manifests that do not lie in some of them as resources.

    The engine validates embedded manifests itself. Of one that comes apart it wants to be told how
    it validates: it is asked for just that `document` before, unless that was judged here.
    """
    parts = [each for each in ingredients if isinstance(each, Part)]
    whole = (each for each in ingredients if isinstance(each, IngredientSource))
    for number, each in enumerate(whole):
        definition, validated = each.definition, each.validated
        if each.store is not None and validated is None:
            told = document(each)
            validated = None if told is None else {name: told.get(name) for name in _TOLD}
        if each.store is not None and validated is not None:
            name = f"{number}.c2pa"
            parts.append(Part(each.store, name))
            manifest = {"format": "application/c2pa", "identifier": name}
            definition = {**definition, **validated, "manifest_data": manifest}
        parts.append(Part(each.data, json.dumps(definition), each.mime, each.called))
    return parts


_TOLD = ("active_manifest", "validation_results")
