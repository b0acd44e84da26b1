"""The pictures that a label's picture was made of, read from where they lie."""

from __future__ import annotations

from genlabel.credentials.trust import Trust
from genlabel.model import materials
from genlabel.model.asset import Asset
from genlabel.model.element import Element
from genlabel.model.errors import LabelError, remedy_of
from genlabel.model.label import Label
from genlabel.operations.signing.ingredients import Ingredient
from genlabel.storage.file_contents import contents


def elements(label: Label, *, trust: Trust) -> tuple[Ingredient, ...]:
    """The pictures that a composite was made of, read and examined, in order.

    Raises `LabelError` for one that cannot be read.
    """
    pictures = materials.at_hand(label)
    return tuple(_element(each, number, trust) for number, each in enumerate(pictures, 1))


def _element(element: Element, number: int, trust: Trust) -> Ingredient:
    if isinstance(element.source, bytes):
        asset = Asset(element.source, name=element.title or f"element {number}")
        return Ingredient.of(asset, trust=trust)
    assert element.source is not None
    try:
        data = contents(element.source)
    except OSError as error:
        raise LabelError(
            f"{element.source}: the element cannot be read ({error.strerror})",
            remedy=remedy_of(error),
        ) from error
    asset = Asset(data, name=element.source.name, path=str(element.source))
    return Ingredient.of(asset, trust=trust)
