"""What a composite was made of: its elements."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from genlabel.model.arguments import argument
from genlabel.model.errors import LabelError
from genlabel.model.text import clean


@dataclass(frozen=True, slots=True)
class Element:
    """A picture that a composite was made of, recorded as an ingredient (C2PA 2.4 §18.16).

    ``Element("sky.jpg", title="The sky")``. Its relationship is ``componentOf``; an element that is
    generative makes the composite so. Signing raises what reading the element raises:
    `UnsupportedFormat`, `MalformedAsset` or `OSError`.
    """

    source: bytes | Path
    """The element's own bytes or file, read when the composite is signed; a text is a path."""
    title: str | None = field(default=None, kw_only=True)
    """How the ingredient is called in the manifest."""

    def __post_init__(self) -> None:
        if isinstance(self.source, str | os.PathLike):
            object.__setattr__(self, "source", Path(self.source))
        elif not isinstance(self.source, bytes):
            raise LabelError(
                f"source: {type(self.source).__name__} is no picture's file",
                remedy="give a path or bytes",
            )
        clean(self)


def elements_of(given: Iterable[Element]) -> tuple[Element, ...]:
    """`given` in order. Raises `LabelError` where something of it is no `Element`."""
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise LabelError(
            f"elements: {type(given).__name__} is no list of elements",
            remedy="write [Element('sky.jpg')]",
        )
    elements = tuple(given)
    return tuple(argument("elements", each, (Element,)) for each in elements)
