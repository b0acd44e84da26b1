"""What a mark says once a label is written into it, by the table of the fields."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import TYPE_CHECKING

from genlabel.model.fields import FIELDS, field_of
from genlabel.model.places import Field, Value
from genlabel.model.report import Declaration, Mark
from genlabel.model.vocabulary import same_source_type

if TYPE_CHECKING:
    from genlabel.model.label import Label


def carried_by(
    mark: Mark,
    label: Label,
    *,
    beside: Declaration | None = None,
    taken: Collection[str] = (),
) -> Declaration:
    """What `mark` of a file says once `label` is written into it.

    `beside` is what the same mark said before: fields that the label does not set stay, and
    fallbacks only fill what is empty. `taken` names fields that another mark of the file fills:
    fallbacks leave those alone too. A value that the place cannot hold takes the old one's place
    as nothing: an old one beside it would contradict the label.
    """
    return _carried(mark, _Label(label), beside or Declaration(), frozenset(taken))


@lru_cache(maxsize=16)  # what was written is also promised, compared and told
def _carried(mark: Mark, key: _Label, beside: Declaration, taken: frozenset[str]) -> Declaration:
    carried: dict[str, Value] = dict(beside)
    own = _set_in(mark, key)
    units = {each.unit for each, value, _ in own if each.unit and value is not None}
    for each, value, held in own:
        before: Value = ()
        if value is not None or each.unit in units:
            before = carried.pop(each.name, ())
        elif each.name not in carried and each.name not in taken:
            value = each.fallback(key.label)
            held = each.places[mark].carry(value) if value else ""
        if value and held:
            if each.adds:
                held = (*before, *(text for text in held if text not in before))
            carried[each.name] = held
    return Declaration(**carried)  # type: ignore[arg-type]  # values follow the table's types


def set_by(mark: Mark, label: Label) -> tuple[str, ...]:
    """The fields of `mark` that the label itself sets, fallbacks apart, as far as it holds them."""
    return tuple(each.name for each, _, held in _set_in(mark, _Label(label)) if held)


class _Label:
    """A label, which is frozen, as a key: by what it is and not by what it says."""

    __slots__ = ("label",)

    def __init__(self, label: Label) -> None:
        self.label = label

    def __hash__(self) -> int:
        return id(self.label)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Label) and other.label is self.label


@lru_cache(maxsize=16)  # one signing asks a dozen times
def _set_in(mark: Mark, key: _Label) -> tuple[tuple[Field, Value | None, Value], ...]:
    """The fields that `mark` has a place for, each with what the label sets, and what of that the
    place holds."""
    return tuple(
        (each, value, place.carry(value) if value is not None else "")
        for each, place, of in _ROWS[mark]
        for value in (of(key.label),)
    )


_ROWS = {
    mark: tuple(
        (each, place, place.of or each.of)
        for each in FIELDS
        if (place := each.places.get(mark)) is not None
    )
    for mark in Mark
}
"""The fields of each mark, their places, and where in a label that place's value is."""


def agree(name: str, one: Value, mark_of_one: Mark, other: Value, mark_of_other: Mark) -> bool:
    """Do two marks say the same in field `name`? A value that is cut or joined agrees."""
    if one == other:
        return True
    if name == "source_type" and isinstance(one, str) and isinstance(other, str):
        return same_source_type(one, other)
    row = field_of(name)
    if row.adds:  # a list to which everybody adds contradicts no other
        return True
    places = row.places
    here, there = places.get(mark_of_one), places.get(mark_of_other)
    if here is None or there is None:
        return False
    carried_there = (there.carry(one), there.carry(here.listed(one)))
    carried_here = (here.carry(other), here.carry(there.listed(other)))
    return other in carried_there or one in carried_here
