"""What a model was given: prompts, seeds, models and pictures it was shown (C2PA 2.4 §18.16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from genlabel.model.dataclass import dataclass
from genlabel.model.element import Element, Relationship
from genlabel.model.element_rights import ElementRights
from genlabel.model.errors import LabelError
from genlabel.model.parties import Generator
from genlabel.model.text import clean

MAX_INPUTS = 32


class InputKind(StrEnum):
    """What was given to a model."""

    PROMPT = "prompt"
    SEED = "seed"
    MODEL = "model"
    """The model itself, or a part of it such as a LoRA."""
    REFERENCE = "reference"
    """A picture that the model was shown."""


class WrittenAs(StrEnum):
    """How the text of an input is written into the file."""

    TEXT = "text"
    """As it is: public once written."""
    HASH = "hash"
    """As SHA-256 over 16 random bytes and the text in UTF-8, both of which the result of signing
    has: so it can be shown later, and not guessed before."""


_ALLOWED = {
    InputKind.PROMPT: ("text", "as_"),
    InputKind.SEED: ("text", "as_"),
    InputKind.MODEL: ("model",),
    InputKind.REFERENCE: ("source", "title", "identifier", "rights"),
}
"""What may be said of an input of each kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One thing that a model was given, recorded as an ingredient (``inputTo``).

    ``Input(kind="prompt", text="a cat on a red sofa")``, ``Input(kind="seed", text="42")``,
    ``Input(kind="model", model=Generator("FLUX.1-dev"))``,
    ``Input(kind="reference", source="sketch.png")``. Raises `LabelError` for what its kind does not
    have.
    """

    kind: InputKind
    text: str | None = None
    """The prompt or seed; a number will do."""
    as_: WrittenAs | None = None
    """How the text is written; a prompt as `hash` unless this says otherwise, a seed as `text`."""
    model: Generator | None = None
    source: bytes | Path | None = None
    """The bytes or file of a picture that the model was shown; a text is a path."""
    title: str | None = None
    """How the picture is called in the manifest."""
    identifier: str | None = None
    """The picture's address, or the number that an agency gave it; public once written."""
    rights: ElementRights | None = None
    """By what right the picture is used."""

    def __post_init__(self) -> None:
        if isinstance(self.text, int) and not isinstance(self.text, bool):
            object.__setattr__(self, "text", str(self.text))
        clean(self)
        self._check_fields()
        if self.as_ is None and "as_" in _ALLOWED[self.kind]:
            default = WrittenAs.HASH if self.kind is InputKind.PROMPT else WrittenAs.TEXT
            object.__setattr__(self, "as_", default)
        if self.kind is InputKind.REFERENCE:
            object.__setattr__(self, "source", self.element.source)

    def _check_fields(self) -> None:
        allowed = _ALLOWED[self.kind]
        for name in (each for names in _ALLOWED.values() for each in names):
            if getattr(self, name) is not None and name not in allowed:
                raise LabelError(
                    f"inputs: a {self.kind.value} has no {name.rstrip('_')}",
                    remedy=f"it has {', '.join(each.rstrip('_') for each in allowed)}",
                )
        needed = allowed[0]
        if needed != "source" and getattr(self, needed) is None:
            raise LabelError(f"inputs: a {self.kind.value} without its {needed}")

    @property
    def element(self) -> Element:
        """The picture of a `reference`. Raises `LabelError` without file and identifier."""
        return Element(
            self.source,
            title=self.title,
            identifier=self.identifier,
            relationship=Relationship.INPUT,
            rights=self.rights,
        )


def inputs_of(given: Iterable[Input | Mapping[str, Any]]) -> tuple[Input, ...]:
    """`given` in order; a mapping is taken by the names of `Input`, with ``as`` for `as_`.

    Raises `LabelError` for what is no input, and for too many.
    """
    if isinstance(given, str | bytes | Mapping | Input) or not isinstance(given, Iterable):
        raise LabelError(
            f"inputs: {type(given).__name__} is no list of inputs",
            remedy="write [Input(kind='prompt', text='a cat')]",
        )
    inputs = tuple(_input(each) for each in given)
    if len(inputs) > MAX_INPUTS:
        raise LabelError(f"inputs: {len(inputs)}, and at most {MAX_INPUTS} go into a label")
    return inputs


def _input(given: Input | Mapping[str, Any]) -> Input:
    if isinstance(given, Input):
        return given
    if not isinstance(given, Mapping):
        raise LabelError(
            f"inputs: {type(given).__name__} is no Input",
            remedy="write Input(kind='prompt', text='a cat')",
        )
    named = {("as_" if name == "as" else str(name)): value for name, value in given.items()}
    unknown = sorted(named.keys() - set(Input.__dataclass_fields__))
    if unknown or "kind" not in named:
        raise LabelError(
            f"inputs: {unknown[0][:60]!r} is no field of an input"
            if unknown
            else "inputs: nothing says of which kind it is",
            remedy="its fields are kind, text, as, model, source, title, identifier, rights",
        )
    return Input(**named)
