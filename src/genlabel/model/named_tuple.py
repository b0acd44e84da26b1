"""`NamedTuple` as the standard library has it, whose functions are made when they are needed first.

The library compiles each annotation and a constructor a class: ten times what a class costs
otherwise. Here everything but the fields is taken from what `collections.namedtuple` makes of them,
once somebody asks for it, and the first few objects are made without.
"""

from __future__ import annotations

from collections import namedtuple
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple

_LATE = ("__new__", "__repr__", "__getnewargs__", "_make", "_replace", "_asdict", "__replace__")
_RARE = 8
"""Objects of a class for which its constructor is not compiled: that takes as long as 100."""
_USUAL = 12
"""Fields that a class has at most, else more are made."""


class _Late:
    """Stands where a function of a class will, until somebody looks for it."""

    __slots__ = ("instances", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.instances = 0

    def __get__(self, instance: object, owner: type[Any]) -> Any:
        of = next((cls for cls in owner.__mro__ if vars(cls).get(self.name) is self), None)
        if of is not None:  # else another thread was quicker
            if self.name == "__new__" and self.instances < _RARE:
                self.instances += 1
                return _New(_new, of)
            _complete(of)
        return getattr(owner if instance is None else instance, self.name)


class _New(partial[Any]):
    """Makes an object, and tells `inspect` how it is called."""

    @property
    def __signature__(self) -> Any:
        import inspect

        _complete(self.args[0])
        return inspect.signature(self.args[0].__new__)


def _new(of: type[Any], cls: type[Any], /, *given: object, **named: object) -> Any:
    """An object of `cls`, which is `of` or derived from it."""
    defaults = {**of._field_defaults, **named}
    values = given + tuple(defaults[name] for name in of._fields[len(given) :] if name in defaults)
    if len(values) == len(of._fields) and named.keys() <= set(of._fields[len(given) :]):
        return tuple.__new__(cls, values)
    _complete(of)
    return of.__new__(cls, *given, **named)  # says what is wrong


def _complete(of: Any) -> None:
    """What the library makes of the same fields."""
    made: Any = namedtuple(  # type: ignore[misc]
        of.__name__, of._fields, defaults=[*of._field_defaults.values()], module=of.__module__
    )
    made.__new__.__annotations__ = of.__annotations__
    for name, value in list(vars(of).items()):
        if isinstance(value, _Late):
            setattr(of, name, vars(made)[name])


class _Kind(type):
    """Makes of a class with annotated fields a tuple with names."""

    like: Any = None
    """What the library makes: what gets a field by its place does not depend on the name."""

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> Any:
        """A class whose only base is `tuple`."""
        if not bases:
            return super().__new__(cls, name, bases, body)
        fields = tuple(body.get("__annotations__", ()))
        if cls.like is None or len(fields) > len(cls.like._fields):
            places = [f"f{place}" for place in range(max(_USUAL, len(fields)))]
            cls.like = namedtuple("like", places)  # type: ignore[misc]
        there = vars(cls.like)
        body["_field_defaults"] = {each: body[each] for each in fields if each in body}
        body.setdefault("__doc__", f"{name}({', '.join(fields)})")
        body |= {each: _Late(each) for each in _LATE if each in there and each not in body}
        body |= {each: there[place] for each, place in zip(fields, cls.like._fields, strict=False)}
        return type(
            name, (tuple,), {**body, "__slots__": (), "__match_args__": fields, "_fields": fields}
        )


if not TYPE_CHECKING:
    NamedTuple = _Kind("NamedTuple", (), {"__slots__": ()})
