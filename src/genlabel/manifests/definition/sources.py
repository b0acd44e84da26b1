"""What a picture was made of: ingredients without bytes, and the assertion that tells the rights.

``dev.genlabel.sources`` (schema ``genlabel.sources/1``) names each ingredient by the label of its
assertion and by its instance identifier: its hashed URI is not known when the assertion is made.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Sequence
from dataclasses import field
from typing import Any

from genlabel.manifests.definition.ingredients import element_label
from genlabel.model import materials
from genlabel.model.dataclass import dataclass
from genlabel.model.element import Element, Relationship
from genlabel.model.element_rights import ElementRights
from genlabel.model.inputs import Input, InputKind, WrittenAs
from genlabel.model.label import Label
from genlabel.model.parties import Generator
from genlabel.model.results import Withheld
from genlabel.model.serialise import plain
from genlabel.model.sources import LABEL as LABEL

SCHEMA = "genlabel.sources/1"
_INGREDIENT = "c2pa.ingredient.v3"
_TYPES = {
    InputKind.PROMPT: "c2pa.types.generator.prompt",
    InputKind.SEED: "c2pa.types.generator.seed",
}
_SALT = 16
_RIGHTS = (
    *("basis", "licence", "holder", "holder_is_person", "until", "territory", "model_release"),
    *("model_release_ids", "property_release", "property_release_ids", "consent", "reference"),
    "web_statement",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHand:
    """A picture whose bytes are there."""

    title: str
    sha256: str
    source_type: str | None
    """What it says unsigned; None of one with a manifest, which speaks for itself."""
    has_manifest: bool = False
    signals: dict[str, str] = field(default_factory=dict)
    """What it says itself of its use by machines."""


@dataclass(slots=True, kw_only=True)
class Sources:
    """The sources of one picture, as they go into its manifest."""

    ingredients: list[dict[str, Any]] = field(default_factory=list)
    """Definitions of those without bytes, in order."""
    pictures: list[dict[str, Any]] = field(default_factory=list)
    """Of those with bytes."""
    resources: dict[str, bytes] = field(default_factory=dict)
    """Texts that ingredients refer to, by their names."""
    components: list[str] = field(default_factory=list)
    """Labels of the elements that were placed, in order."""
    inputs: list[str] = field(default_factory=list)
    """Labels of what a model was given."""
    told: list[dict[str, Any]] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)
    """What is kept out of the file."""

    @property
    def assertion(self) -> dict[str, Any] | None:
        """The data of ``dev.genlabel.sources``; None where nothing is told."""
        return {"schema": SCHEMA, "sources": self.told} if self.told else None


def of(label: Label, at_hand: Sequence[AtHand], *, before: int, parents: int) -> Sources:
    """The sources that `label` tells, and the pictures that are `at_hand`.

    `before` ingredients without bytes stand before them, and `parents` with bytes: by that the
    engine numbers the assertions.
    """
    sources = Sources()
    told = materials.are_told(label)
    pictures = materials.pictures(label)
    absent = [each for each in pictures if each.source is None]
    texts, models = materials.texts(label), materials.models(label)
    behind = before + len(absent) + len(texts) + len(models) + parents
    there = iter(at_hand)
    bare, whole = before, behind
    for number, element in enumerate(pictures):
        name = element_label(number)
        picture = next(there) if element.source is not None else None
        entry: dict[str, Any] = {}
        if told:
            place = whole if picture is not None else bare
            entry = _entry(place)
        definition = _picture(name, element, picture, number, entry)
        if picture is None:
            sources.ingredients.append(definition)
            bare += 1
        else:
            sources.pictures.append(definition)
            whole += 1
        placed = element.relationship is Relationship.COMPONENT
        (sources.components if placed else sources.inputs).append(name)
        if told:
            _tell(sources, entry, element, picture)
    for number, each in enumerate(texts):
        _text(sources, each, f"input-{number + 1}", _entry(bare))
        bare += 1
    for number, model in enumerate(models):
        _model(sources, model, f"model-{number + 1}", _entry(bare))
        bare += 1
    return sources


def says_the_same(data: Any, label: Label) -> bool:
    """Does an assertion's `data` say what `label` would, identifiers, hashes and salts aside?"""
    again = of(
        label,
        [AtHand(title="", sha256="", source_type=None) for _ in materials.at_hand(label)],
        before=0,
        parents=0,
    ).assertion
    return bool(_stable(data) == _stable(again))


def _stable(data: Any) -> Any:
    if not isinstance(data, dict) or not isinstance(data.get("sources"), list):
        return data
    names = ("ingredient", "instance_id", "sha256", "salted_sha256", "signals")
    return [
        {name: value for name, value in each.items() if name not in names}
        if isinstance(each, dict)
        else each
        for each in data["sources"]
    ]


def _entry(place: int) -> dict[str, Any]:
    return {
        "ingredient": _INGREDIENT + (f"__{place}" if place else ""),
        "instance_id": f"xmp:iid:{uuid.uuid4()}",
    }


def _picture(
    name: str, element: Element, picture: AtHand | None, number: int, entry: dict[str, Any]
) -> dict[str, Any]:
    given = element.title or (picture.title if picture is not None else None)
    definition = {
        "label": name,
        "title": given or f"Element {number + 1}",
        "relationship": element.relationship.in_c2pa,
    }
    if entry:
        definition["instance_id"] = entry["instance_id"]
    address = element.identifier
    if address and address.startswith(("http://", "https://")):
        definition["informational_URI"] = address
    source_type = picture.source_type if picture is not None else None
    if element.source_type is not None:
        source_type = element.source_type.uri
    if source_type and entry and not (picture is not None and picture.has_manifest):
        definition["digital_source_type"] = source_type
    return definition


def _tell(
    sources: Sources, entry: dict[str, Any], element: Element, picture: AtHand | None
) -> None:
    entry["relationship"] = element.relationship.value
    if element.identifier:
        entry["identifier"] = element.identifier
    if picture is not None:
        entry["sha256"] = picture.sha256
        if picture.signals:
            entry["signals"] = picture.signals
    if element.rights is not None:
        entry["rights"] = _rights(element.rights)
        for name in element.rights.private:
            value = getattr(element.rights, name)
            for text in value if isinstance(value, tuple) else (value,):
                if text:
                    _withhold(sources, entry, name, str(text))
    sources.told.append(entry)


def _rights(rights: ElementRights) -> dict[str, Any]:
    """What goes into the file."""
    written = {}
    for name in _RIGHTS:
        value = getattr(rights, name)
        if value and name not in rights.private:
            written[name] = plain(value)
    return written


def _text(sources: Sources, given: Input, name: str, entry: dict[str, Any]) -> None:
    text = (given.text or "").encode()
    definition: dict[str, Any] = {
        "label": name,
        "title": given.kind.value.capitalize(),
        "relationship": "inputTo",
        "instance_id": entry["instance_id"],
        "data_types": [{"type": _TYPES[given.kind]}],
    }
    entry |= {"relationship": "input", "kind": given.kind.value}
    if given.as_ is WrittenAs.HASH:
        salt = os.urandom(_SALT)
        entry["salted_sha256"] = hashlib.sha256(salt + text).hexdigest()
        _withhold(sources, entry, given.kind.value, given.text or "", salt=salt.hex())
    else:
        definition |= {
            "format": "text/plain",
            "data": {"format": "text/plain", "identifier": name},
        }
        sources.resources[name] = text
        entry["sha256"] = hashlib.sha256(text).hexdigest()
    sources.ingredients.append(definition)
    sources.inputs.append(name)
    sources.told.append(entry)


def _model(sources: Sources, model: Generator, name: str, entry: dict[str, Any]) -> None:
    kind = {"type": model.model_type, **({"version": model.version} if model.version else {})}
    definition: dict[str, Any] = {
        "label": name,
        "title": model.name,
        "relationship": "inputTo",
        "instance_id": entry["instance_id"],
        "data_types": [{"type": "c2pa.types.generator"}, kind],
    }
    entry |= {"relationship": "input", "kind": "model"}
    if model.identifier:
        entry["identifier"] = model.identifier
    address = model.identifier or ""
    if model.training is not None:
        definition["description"] = f"Trained on data by: {model.training.basis.value}"
        entry["training"] = {"basis": model.training.basis.value}
        if model.training.statement:
            entry["training"]["statement"] = address = model.training.statement
    if address.startswith(("http://", "https://")):
        definition["informational_URI"] = address
    sources.ingredients.append(definition)
    sources.inputs.append(name)
    sources.told.append(entry)


def _withhold(
    sources: Sources, entry: dict[str, Any], name: str, text: str, salt: str | None = None
) -> None:
    sources.withheld.append(
        Withheld(
            ingredient=entry["ingredient"],
            instance_id=entry["instance_id"],
            field=name,
            text=text,
            salt=salt,
        )
    )
