"""What a label says that its picture was made of: pictures, models and what they were given."""

from __future__ import annotations

from genlabel.model.element import Element, Relationship
from genlabel.model.inputs import Input, InputKind
from genlabel.model.label import Label
from genlabel.model.parties import Generator


def pictures(label: Label) -> tuple[Element, ...]:
    """Its elements, then the pictures that a model was shown."""
    shown = (each.element for each in label.inputs if each.kind is InputKind.REFERENCE)
    return (*label.elements, *shown)


def at_hand(label: Label) -> tuple[Element, ...]:
    """Those of its pictures whose bytes are there."""
    return tuple(each for each in pictures(label) if each.source is not None)


def texts(label: Label) -> tuple[Input, ...]:
    """Prompts and seeds."""
    return tuple(each for each in label.inputs if each.text is not None)


def models(label: Label) -> tuple[Generator, ...]:
    """The models that are recorded: those among the inputs, and one whose training is told."""
    listed = [each.model for each in label.inputs if each.model is not None]
    own = label.generator
    if own is not None and own.training is not None and own not in listed:
        listed.insert(0, own)
    return tuple(listed)


def are_told(label: Label) -> bool:
    """Is anything said of them that is more than their files?"""
    bare = all(each.is_bare for each in label.elements)
    return not bare or bool(label.inputs) or bool(models(label))


def components(label: Label) -> tuple[Element, ...]:
    """Those of its pictures that are in it."""
    return tuple(each for each in label.elements if each.relationship is Relationship.COMPONENT)
