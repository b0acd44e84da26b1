"""A field of a label, and where each mark carries it in which form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from genlabel.model.dataclass import dataclass
from genlabel.model.report import Mark

if TYPE_CHECKING:
    from genlabel.model.label import Label

Value = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where one mark carries one field."""

    where: str
    """The field's own word there: XMP qualified name, IIM ``record:dataset``, Exif tag number."""
    limit: int | None = field(default=None, kw_only=True)
    """Most bytes of UTF-8; longer values are cut at a character's border."""
    joined: str | None = field(default=None, kw_only=True)
    """What stands between several values in one text; None where the place lists them."""
    item: str | None = field(default=None, kw_only=True)
    """The member inside a structure, e.g. ``plus:LicensorName``."""
    of: Callable[[Label], Value | None] | None = field(default=None, kw_only=True)
    """The value that belongs here, where it is not the field's own in every label."""
    form: Callable[[str], str] | None = field(default=None, kw_only=True)
    """Rewrites a text into the form that the place asks for; empty where it cannot hold it."""

    def carry(self, value: Value) -> Value:
        """`value` as this place can hold it; empty where it cannot.

        Several values stay a tuple; joined ones become a tuple of one.
        """
        if isinstance(value, tuple):
            values = value if self.joined is None else (self.joined.join(value),)
            return tuple(_cut(each, self.limit) for each in values)
        return _cut(self.form(value) if self.form else value, self.limit)

    def listed(self, value: Value) -> Value:
        """`value` as other places list it: a text of several joined ones taken apart."""
        if self.joined is None or isinstance(value, str):
            return value
        return tuple(part for text in value for part in text.split(self.joined))


def unsaid(label: Label) -> None:
    """Nothing, whatever the label."""


def _cut(text: str, limit: int | None) -> str:
    if limit is None or len(raw := text.encode()) <= limit:
        return text
    return raw[:limit].decode(errors="ignore").rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a label: its meaning, its value and its places."""

    name: str
    meaning: str
    of: Callable[[Label], Value | None] = unsaid
    """The value that the label sets for this field."""
    fallback: Callable[[Label], Value | None] = unsaid
    """What is written where neither label nor file says anything, e.g. the producer as credit."""
    places: Mapping[Mark, Place]
    unit: str = ""
    """Fields of one unit describe one thing: a label that sets one of them replaces them all, so
    that no new producer is given an old one's address."""

    several: bool = False
    """Is the value a tuple of texts?"""
    adds: bool = False
    """Do the label's texts stand beside those in the file, and not in their place?"""
