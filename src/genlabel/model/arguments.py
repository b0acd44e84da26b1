"""Arguments are checked where they are given: every field of a value is of the kind that it says.

Words are taken for what they name (``"DMI-PROHIBITED"``, ``"editor"``); anything else of another
kind is a `LabelError` at once, and no `AttributeError` when a picture is signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_type_hints

from genlabel.model.errors import LabelError
from genlabel.model.nearest import did_you_mean

_SIMPLE = {str: "text", bool: "True or False"}
_LONGEST = 60


def kinds(owner: type) -> Mapping[str, tuple[type, ...]]:
    """Of each field of the dataclass `owner` that is checked here, the kinds that it may have.

    Those of other kinds (collections, times, bytes) are their owner's business.
    """
    return _kinds(owner)


@cache
def _kinds(owner: type) -> Mapping[str, tuple[type, ...]]:
    hints = get_type_hints(owner)
    named = {
        name: get_args(hint) if isinstance(hint, UnionType) else (hint,)
        for name, hint in hints.items()
    }
    return {name: each for name, each in named.items() if all(map(_is_ours, each))}


def _is_ours(kind: object) -> bool:
    return isinstance(kind, type) and (
        kind in (*_SIMPLE, type(None)) or issubclass(kind, Enum) or is_dataclass(kind)
    )


def argument(name: str, value: Any, allowed: tuple[type, ...]) -> Any:
    """`value` as one of the `allowed` kinds; a text where a word of a list is wanted is looked up.

    Raises `LabelError`, which says what to write.
    """
    if isinstance(value, allowed):
        return value
    kind = allowed[0]
    if issubclass(kind, Enum) and isinstance(value, str):
        return _word(name, value, kind)
    shown = repr(value)
    shown = shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
    wanted = _SIMPLE.get(kind, kind.__name__)
    raise LabelError(
        f"{name}: {shown} is no {wanted}",
        remedy=f"write {wanted}({shown})"
        if isinstance(value, str) and is_dataclass(kind) and not fields(kind)[0].kw_only
        else f"give {'' if kind in _SIMPLE else 'a '}{wanted}",
    )


def _word(name: str, text: str, kind: type[Enum]) -> Any:
    parse = getattr(kind, "parse", kind)
    try:
        return parse(text)
    except LabelError as error:
        raise LabelError(f"{name}: {error}", remedy=error.remedy) from None
    except ValueError:
        words = [str(each.value) for each in kind]
        remedy = did_you_mean(text, words, f"choose {', '.join(words)}")
        raise LabelError(f"{name}: {text!r} is none of its words", remedy=remedy) from None
