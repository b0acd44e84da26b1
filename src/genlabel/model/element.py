"""What a picture was made of: the elements of a composite, and pictures that a model was given."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import field
from enum import StrEnum
from pathlib import Path

from genlabel.model.arguments import argument
from genlabel.model.dataclass import dataclass
from genlabel.model.element_rights import ElementRights
from genlabel.model.errors import LabelError
from genlabel.model.text import clean
from genlabel.model.vocabulary import DigitalSourceType


class Relationship(StrEnum):
    """What an element is to the picture (C2PA 2.4 §18.16)."""

    COMPONENT = "component"
    """It is in the picture (``componentOf``)."""
    INPUT = "input"
    """A model was given it, and made something else of it (``inputTo``)."""

    @property
    def in_c2pa(self) -> str:
        """C2PA's word for it."""
        return "componentOf" if self is Relationship.COMPONENT else "inputTo"


@dataclass(frozen=True, slots=True)
class Element:
    """A picture that another was made of, recorded as an ingredient (C2PA 2.4 §18.16).

    ``Element("sky.jpg", title="The sky", rights=ElementRights(basis="own-work"))``. One that is
    generative makes the composite so. Without bytes it is recorded by its `identifier` alone:
    ``Element(identifier="https://stock.example/1234")``. Signing raises what reading the element
    raises: `UnsupportedFormat`, `MalformedAsset` or `OSError`.
    """

    source: bytes | Path | None = None
    """The element's own bytes or file, read when the picture is signed; a text is a path. None
    where it is not at hand."""
    title: str | None = field(default=None, kw_only=True)
    """How the ingredient is called in the manifest."""
    identifier: str | None = field(default=None, kw_only=True)
    """Its address, or the number that an agency gave it; public once written."""
    relationship: Relationship = field(default=Relationship.COMPONENT, kw_only=True)
    """Is it in the picture (`component`), or was it given to a model (`input`)?"""
    rights: ElementRights | None = field(default=None, kw_only=True)
    """By what right it is used."""
    source_type: DigitalSourceType | None = field(default=None, kw_only=True)
    """How an element came to be that has no manifest which says so."""

    def __post_init__(self) -> None:
        if isinstance(self.source, str | os.PathLike):
            object.__setattr__(self, "source", Path(self.source))
        elif not isinstance(self.source, bytes | None):
            raise LabelError(
                f"source: {type(self.source).__name__} is no picture's file",
                remedy="give a path or bytes",
            )
        clean(self)
        if self.source is None and self.identifier is None:
            raise LabelError(
                "element: has neither a file nor an identifier",
                remedy="give its file, or its address or number as identifier",
            )

    @property
    def is_bare(self) -> bool:
        """Is nothing said of it but what it is called?"""
        return self.source is not None and not (
            self.identifier
            or self.rights
            or self.source_type
            or self.relationship is Relationship.INPUT
        )


def elements_of(given: Iterable[Element]) -> tuple[Element, ...]:
    """`given` in order. Raises `LabelError` where something of it is no `Element`."""
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise LabelError(
            f"elements: {type(given).__name__} is no list of elements",
            remedy="write [Element('sky.jpg')]",
        )
    elements = tuple(given)
    return tuple(argument("elements", each, (Element,)) for each in elements)
