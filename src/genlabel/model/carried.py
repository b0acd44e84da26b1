"""What a mark says once a label is written into it, by the table of the fields."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from genlabel.model.fields import FIELDS, field_of
from genlabel.model.places import Field, Value, unsaid
from genlabel.model.report import NOTHING, Declaration, Mark
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
    said, left = _said(label), frozenset(taken)
    key = mark, beside or None, left
    known = said.carried.get(key)
    if known is None:  # what was written is also promised, compared and told
        if len(said.carried) >= _MOST_KEPT:
            said.carried.clear()
        known = said.carried[key] = _carried(mark, said, beside or NOTHING, left)
    return known


def _carried(mark: Mark, said: _Said, beside: Declaration, taken: frozenset[str]) -> Declaration:
    carried: dict[str, Value] = dict(beside) if beside is not NOTHING else {}
    own = said.set[mark]
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
            and (value := each.fallback(said.label))
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
    return tuple([each.name for each, held in _said(label).set[mark] if held])


class _Said:
    """What is worked out of one label: one signing asks a dozen times."""

    __slots__ = ("carried", "label", "set")

    def __init__(self, label: Label) -> None:
        self.label = label
        self.set: dict[Mark, list[tuple[Field, Value]]] = {mark: [] for mark in _MARKS}
        """The fields that a mark has a place for and the label sets, with what the place holds of
        each."""
        self.carried: dict[tuple[Mark, Declaration | None, frozenset[str]], Declaration] = {}
        for each, places in _TABLE:
            value = each.of(label)
            for mark, place, is_plain in places:
                own = value if place.of is None else place.of(label)
                if own is not None:
                    held = own if is_plain and type(own) is str else place.carry(own)
                    self.set[mark].append((each, held))


def _said(label: Label) -> _Said:
    """Of this label, which is frozen: by what it is and not by what it says."""
    known = _known.get(id(label))
    if known is None or known.label is not label:
        if len(_known) >= _MOST_KEPT:
            _known.clear()
        known = _known[id(label)] = _Said(label)
    return known


_MARKS = tuple(Mark)
_MOST_KEPT = 16
_known: dict[int, _Said] = {}
_TABLE = tuple(
    (
        each,
        tuple(
            (mark, place, place.limit is None and place.form is None)
            for mark, place in each.places.items()
        ),
    )
    for each in FIELDS
)
"""The fields, their places, and whether a place holds every text as it is."""
_USUAL = {
    mark: tuple(
        (each, each.places[mark])
        for each in FIELDS
        if mark in each.places and (each.unit or each.fallback is not unsaid)
    )
    for mark in Mark
}
"""Those of each mark of which a label may say something without setting them."""


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
