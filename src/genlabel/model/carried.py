"""What a mark says once a label is written into it, by the table of the fields."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import TYPE_CHECKING

from genlabel.model.fields import FIELDS, field_of
from genlabel.model.places import Field, Value, unsaid
from genlabel.model.report import Declaration, Mark
from genlabel.model.vocabulary import same_source_type

if TYPE_CHECKING:
    from genlabel.model.label import Label

_NOTHING = Declaration()


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
    return _carried(mark, _Label(label), beside or _NOTHING, frozenset(taken))


@lru_cache(maxsize=16)  # what was written is also promised, compared and told
def _carried(mark: Mark, key: _Label, beside: Declaration, taken: frozenset[str]) -> Declaration:
    carried: dict[str, Value] = dict(beside)
    own = _set_in(mark, key)
    names = {each.name for each, _ in own}
    units = {each.unit for each, _ in own if each.unit}
    for each, place in _USUAL[mark]:
        if each.name in names:
            continue
        if each.unit in units:
            carried.pop(each.name, None)
        elif (
            each.name not in carried
            and each.name not in taken
            and (value := each.fallback(key.label))
            and (held := place.carry(value))
        ):
            carried[each.name] = held
    for each, held in own:
        before = carried.pop(each.name, ())
        if held:
            if each.adds:
                held = (*before, *(text for text in held if text not in before))
            carried[each.name] = held
    return Declaration(**carried)  # type: ignore[arg-type]  # values follow the table's types


def set_by(mark: Mark, label: Label) -> tuple[str, ...]:
    """The fields of `mark` that the label itself sets, fallbacks apart, as far as it holds them."""
    return tuple(each.name for each, held in _set_in(mark, _Label(label)) if held)


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
def _set_in(mark: Mark, key: _Label) -> list[tuple[Field, Value]]:
    """The fields that `mark` has a place for and the label sets, with what the place holds of
    each."""
    label = key.label
    return [
        (each, value if is_plain and type(value) is str else place.carry(value))
        for each, place, of, is_plain in _ROWS[mark]
        if (value := of(label)) is not None
    ]


_ROWS = {
    mark: tuple(
        (each, place, place.of or each.of, place.limit is None and place.form is None)
        for each in FIELDS
        if (place := each.places.get(mark)) is not None
    )
    for mark in Mark
}
"""The fields of each mark, their places, where in a label that place's value is, and whether the
place holds every text as it is."""
_USUAL = {
    mark: tuple(
        (each, place) for each, place, *_ in rows if each.unit or each.fallback is not unsaid
    )
    for mark, rows in _ROWS.items()
}
"""Those of which a label may say something without setting them."""


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
