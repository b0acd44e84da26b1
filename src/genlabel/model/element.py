"""What a composite was made of: its elements."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

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
        if isinstance(self.source, str):
            object.__setattr__(self, "source", Path(self.source))
        clean(self)
