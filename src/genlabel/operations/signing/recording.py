"""Ingredients as the engine records them: judged here, or looked at by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from genlabel.credentials.trust import Trust
from genlabel.formats.format import MANIFEST
from genlabel.manifests.definition.ingredients import PARENT, PREVIOUS, ingredient
from genlabel.manifests.engine import signing
from genlabel.manifests.store import below
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.validation import recorded_results
from genlabel.manifests.validation.reading import Reading
from genlabel.model.errors import MalformedMetadata
from genlabel.operations.signing import rewriting
from genlabel.operations.signing.ingredients import Ingredient

if TYPE_CHECKING:
    from genlabel.operations.signing.seal import Sealing


def sources(sealing: Sealing) -> Iterator[signing.IngredientSource | signing.Part]:
    """The ingredients as the engine takes them: the parent, then the elements."""
    if sealing.parent is not None:
        title = sealing.parent.title or PREVIOUS
        named = ingredient(PARENT, title, "parentOf")
        # of several the engine looks at what they share
        alone = sealing.is_ours and not sealing.elements
        judged = _judged(sealing.parent, named, sealing.options.trust) if alone else None
        yield judged or _source(sealing.parent, named)
    for element, each in zip(sealing.elements, sealing.sources.pictures, strict=True):
        yield _source(element, each)
    for name, text in sealing.sources.resources.items():
        yield signing.Part(text, name)


def _source(source: Ingredient, definition: Mapping[str, Any]) -> signing.IngredientSource:
    return signing.IngredientSource(
        definition=definition,
        mime=source.container.media_type,
        called=source.name,
        data=source.data,
        store=source.store,
    )


def _judged(
    source: Ingredient, definition: Mapping[str, Any], trust: Trust
) -> signing.IngredientSource | None:
    """The ingredient with what is recorded of it as it was judged here; None where the engine is to
    look at it again."""
    if source.reading is None or rewriting.is_by_engine():
        return None
    validated = recorded_results.of(source.reading, trust)
    if validated is None:
        return None
    survey = source.container.survey(source.data)
    try:
        bare = source.container.rewrite(survey, {MANIFEST: None})
    except MalformedMetadata:
        return None
    store = survey.manifest if source.store is None else source.store
    alone, others = _alone(source.reading, store or b"")
    return signing.IngredientSource(
        definition=definition,
        mime=source.container.media_type,
        called=source.name,
        data=[source.data] if source.store is not None else bare,
        store=alone,
        below=others,
        validated=validated,
    )


def _alone(reading: Reading, store: bytes) -> tuple[bytes, bytes]:
    """The store with its active manifest alone, and the boxes of all below it: the engine would go
    through each of them three times. The whole store where it has others than history needs.
    """
    needed = {reading.manifest_id, *(each.manifest_id for each in reading.ingredients)}
    labels = list(reading.store.manifests) if reading.store is not None else []
    if set(labels) != needed or labels[-1] != reading.manifest_id:
        return store, b""
    try:
        return below.apart(store)
    except Unreadable:
        return store, b""
