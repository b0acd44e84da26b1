"""Frozen dataclasses that are made in a fifth of the time: those of which every reading has many.

The `__init__` that dataclasses give to a frozen class sets each field by `object.__setattr__`,
which takes ten times as long as an assignment: 6 µs for a declaration. Here an object is of a class
that may be assigned to while its fields are set, and of its own from then on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from functools import wraps
from typing import Any, TypeVar

T = TypeVar("T")

_MADE_ANEW = object()
"""Stands for a field that nothing was given for, of which each object gets one of its own."""


def made_quickly(kind: type[T]) -> type[T]:
    """`kind`, a frozen dataclass without `InitVar`, with an `__init__` that does the same sooner.

    That is put together when the first object is made.
    """
    usual: Callable[..., None] = vars(kind)["__init__"]

    @wraps(usual)
    def first(self: T, *arguments: Any, **more: Any) -> None:
        made = wraps(usual)(_initialiser(kind))
        setattr(kind, "__init__", made)  # noqa: B010
        made(self, *arguments, **more)

    setattr(kind, "__init__", first)  # noqa: B010
    return kind


class _Unfrozen(dict[type, type]):
    """Classes and what their objects are while they are made."""

    def __missing__(self, kind: type) -> type:
        there: dict[str, Any] = {"__slots__": (), "__module__": kind.__module__}
        for name in ("__setattr__", "__delattr__"):  # both or none are the interpreter's own
            there[name] = getattr(object, name)
        self[kind] = type(kind.__name__, (kind,), there)
        return self[kind]


def _initialiser(kind: type) -> Callable[..., None]:
    listed = fields(kind)
    given = [each for each in listed if each.init]
    by_name = [_parameter(each) for each in given if each.kw_only]
    parameters = [
        *("self", *(_parameter(each) for each in given if not each.kw_only)),
        *(("*", *by_name) if by_name else ()),
    ]
    lines = ["kind__ = type__(self)", "become__(self, '__class__', unfrozen__[kind__])"]
    lines += [f"self.{each.name} = {_value(each)}" for each in listed if _has_value(each)]
    lines.append("self.__class__ = kind__")
    if hasattr(kind, "__post_init__"):
        lines.append("self.__post_init__()")
    names: dict[str, Any] = {
        "unfrozen__": _Unfrozen(),
        "type__": type,
        "become__": object.__setattr__,
        "made_anew__": _MADE_ANEW,
    }
    for each in listed:
        whence = each.default if each.default is not MISSING else each.default_factory
        names[f"of__{each.name}"] = whence
    text = f"def __init__({', '.join(parameters)}):\n " + "\n ".join(lines)
    exec(text, names)  # noqa: S102  names of fields alone, as in `dataclasses`
    made: Callable[..., None] = names["__init__"]
    return made


def _parameter(field: Field[Any]) -> str:
    if field.default is not MISSING:
        return f"{field.name}=of__{field.name}"
    return field.name if field.default_factory is MISSING else f"{field.name}=made_anew__"


def _has_value(field: Field[Any]) -> bool:
    return field.init or field.default is not MISSING or field.default_factory is not MISSING


def _value(field: Field[Any]) -> str:
    name, anew = field.name, f"of__{field.name}()"
    if field.default_factory is not MISSING:
        return f"{anew} if {name} is made_anew__ else {name}" if field.init else anew
    return name if field.init else f"of__{name}"
