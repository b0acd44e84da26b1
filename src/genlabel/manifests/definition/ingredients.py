"""Ingredients as the engine takes them (C2PA 2.4 §18.16), and how actions refer to them."""

from __future__ import annotations

from typing import Any, Literal

PARENT = "parent"
"""The label by which actions refer to the parent ingredient."""

PREVIOUS = "Previous version"
"""The title of a parent, which has none of its own: names of files are nobody's to publish."""
"""What a parent is called of which nothing is at hand."""

Relationship = Literal["parentOf", "componentOf"]


def element_label(number: int) -> str:
    """The label by which actions refer to the element `number`, counted from 0."""
    return f"element-{number + 1}"


def ingredient(label: str, title: str, relationship: Relationship) -> dict[str, Any]:
    """The definition of an ingredient that actions call `label`."""
    return {"label": label, "title": title, "relationship": relationship}
