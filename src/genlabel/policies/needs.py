"""What a rule needs before a picture is signed, and the option that gives it.

A rule that only a time-stamp or a declared answer can meet says so, and nothing is signed in vain::

    Rule("in-time", needs=(STAMP, of_label("created", "--created"), answer("cepic.published")), …)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import field
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from genlabel.model.dataclass import dataclass
from genlabel.policies.declarations import NOTHING_DECLARED, Declarations

if TYPE_CHECKING:
    from genlabel.model.label import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is about to be signed."""

    label: Label
    declarations: Declarations = NOTHING_DECLARED
    """Those for this file."""
    stamped: bool = False
    """Is a time-stamping authority asked?"""
    identified: bool = False
    """Does somebody attest the label beside the signer?"""
    visible: bool = False
    """Is a visible label drawn?"""


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that has to be given."""

    option: str
    """How it is given: ``--tsa URL``."""
    is_given: Callable[[Order], bool] = field(repr=False, compare=False)
    key: str | None = None
    """What is to be in the file that the option names: ``cepic.published``."""

    def __str__(self) -> str:
        return told([self])


def told(needs: Iterable[Need]) -> str:
    """The options, each once, with what has to be in their files."""
    keys: dict[str, list[str]] = {}
    for each in needs:
        keys.setdefault(each.option, []).extend([each.key] if each.key is not None else [])
    parts = (f"{option} ({', '.join(of)})" if of else option for option, of in keys.items())
    return ", ".join(parts)


def of_label(path: str, option: str) -> Need:
    """A field of the label, such as ``rights.copyright``."""
    return Need(option, partial(_has, path))


def _has(path: str, order: Order) -> bool:
    try:
        return bool(attrgetter(path)(order.label))
    except AttributeError:  # a part that is None has no further parts
        return False


def answer(key: str) -> Need:
    """An answer to ``book.question``."""
    return Need(
        "--declarations FILE", lambda order: order.declarations.get(key) is not None, key=key
    )


def visible_or_answer(key: str) -> Need:
    """A visible label that is drawn, or an answer in place of it."""
    return Need(
        "--visible text or --declarations FILE",
        lambda order: order.visible or order.declarations.get(key) is not None,
        key=key,
    )


STAMP = Need("--tsa URL", lambda order: order.stamped)
IDENTITY = Need("--identity-key FILE", lambda order: order.identified)
