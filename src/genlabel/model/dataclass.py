"""`dataclass` as the standard library has it, whose methods are made when they are needed first.

A third of a start went into them: the library compiles up to six functions a class, and a run uses
one of them, or none. Here a descriptor stands in the place of each. The first objects of a class
get their fields one by one; where more are made, an `__init__` is compiled that sets what is frozen
in a fifth of the library's time. Everything else is taken from what the library makes of the same
fields.
"""

from __future__ import annotations

import dataclasses
import inspect
import sys
from collections.abc import Callable
from dataclasses import MISSING
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from dataclasses import Field, dataclass as dataclass

    Fields = dict[str, Field[Any]]

_BY_LIBRARY = ["__dataclass_fields__", "__dataclass_params__", "__match_args__", "__eq__"]
if sys.version_info >= (3, 13):
    _BY_LIBRARY.append("__replace__")
_OF_PLAIN = frozenset({"__dict__", "__weakref__"})
"""What a class without slots has, and one with them has not."""
_COMPARING = {"__eq__", "__hash__"}
_FEW = 4
"""Fields up to which setting one by one is the quickest."""
_RARE = 8
"""Objects of a class for which its `__init__` is not compiled: that takes as long as 50 of them."""


class _Late:
    """Stands where something of a class will, until somebody looks for it."""

    __slots__ = ("fields", "instances", "made", "name", "options")

    def __init__(self, name: str, fields: Fields, options: dict[str, bool]) -> None:
        self.name = name
        self.fields = fields
        """Those of the bases first, as the library orders them."""
        self.options = options
        self.made: Any = MISSING
        self.instances = 0

    def __get__(self, instance: object, owner: type[Any]) -> Any:
        # Python 3.13's `inspect.signature` asks the class as if it were an instance of its own
        of_class = instance is None or isinstance(instance, type)
        if not of_class and self.name == "__init__" and self.instances < _RARE:
            self.instances += 1
            return partial(self._fill, instance)
        if self.made is MISSING:
            asked: type[Any] = instance if isinstance(instance, type) else owner
            for cls in asked.__mro__:
                if vars(cls).get(self.name) is self:  # else another thread was quicker
                    self._make(cls)
        made = self.made
        return made.__get__(instance, owner) if hasattr(made, "__get__") else made

    def _fill(self, instance: object, /, *given: object, **named: object) -> None:
        """What `__init__` does, for the first objects of a class."""
        fields, values, wrong = self.fields, named, False
        if given:
            places = [name for name, each in fields.items() if each.init and not each.kw_only]
            wrong = len(given) > len(places) or not named.keys().isdisjoint(places[: len(given)])
            values = {**named, **dict(zip(places, given, strict=False))}
        taken = 0
        for name, each in fields.items():
            if name in values and each.init:
                value = values[name]
                taken += 1
            elif each.default is not MISSING:
                value = each.default
            elif each.default_factory is not MISSING:
                value = each.default_factory()
            elif not each.init:
                continue  # `__post_init__` sets it
            else:
                wrong = True
                break
            object.__setattr__(instance, name, value)
        if wrong or taken < len(values):
            self.instances = _RARE
            self.__get__(instance, type(instance))(*given, **named)  # says what
        elif hasattr(instance, "__post_init__"):
            instance.__post_init__()

    def _make(self, cls: type[Any]) -> None:
        if self.name == "__init__":
            self.made = cls.__init__ = _init(cls, self.fields)
        elif self.name == "__dataclass_fields__":  # the most wanted, for which nothing is compiled
            made = self._by_library(cls, repr=False, eq=False, kw_only=False)
            self.made = cls.__dataclass_fields__ = made["__dataclass_fields__"]
        else:
            options, wanted = {**self.options, "slots": False}, {*_BY_LIBRARY, "__repr__"}
            if self.name in _COMPARING:  # for which fewer functions are compiled
                options, wanted = {"repr": False, "unsafe_hash": True}, _COMPARING
            made = self._by_library(cls, **options)
            for each, value in list(cls.__dict__.items()):
                if isinstance(value, _Late) and each in wanted:
                    value.made = made[each]
                    setattr(cls, each, value.made)

    def _by_library(self, cls: type[Any], **options: bool) -> dict[str, Any]:
        """What the library makes of a class with these fields."""
        written = {
            **self.fields,
            "__annotations__": {name: each.type for name, each in self.fields.items()},
            "__doc__": cls.__doc__ or cls.__name__,  # else it would write the signature there
            "__module__": cls.__module__,
            "__qualname__": cls.__qualname__,
        }
        made: type[Any] = dataclasses.dataclass(init=False, **options)(
            type(cls.__name__, (), written)
        )
        return dict(made.__dict__)


def _late(**options: bool) -> Callable[[type[Any]], type[Any]]:
    """`dataclasses.dataclass`, with its options `frozen`, `slots`, `kw_only` and `repr`."""
    return lambda cls: _with_late_methods(cls, options)


if not TYPE_CHECKING:
    dataclass = _late


def _with_late_methods(cls: type[Any], options: dict[str, bool]) -> type[Any]:
    own = _fields(cls, kw_only=options.get("kw_only", False))
    fields: Fields = {}
    for base in reversed(cls.__mro__[1:]):
        fields |= _inherited(base)
    fields |= own
    names = ["__init__", *_BY_LIBRARY, *(["__repr__"] if options.get("repr", True) else [])]
    more: dict[str, Any] = {}
    frozen = options.get("frozen", False)
    if frozen:
        more = {"__setattr__": _refuse, "__delattr__": _refuse}
    if cls.__dict__.get("__hash__") is None:  # also of a class that has an `__eq__` of its own
        more["__hash__"] = _Late("__hash__", fields, options) if frozen else None
    more |= {name: _Late(name, fields, options) for name in names if name not in cls.__dict__}
    if options.get("slots"):
        return _with_slots(cls, own, fields, more)
    for name, each in own.items():
        if each.default is not MISSING:
            setattr(cls, name, each.default)
        elif name in cls.__dict__:
            delattr(cls, name)
    for name, value in more.items():
        setattr(cls, name, value)
    return cls


def _with_slots(cls: type[Any], own: Fields, fields: Fields, more: dict[str, Any]) -> type[Any]:
    """`cls` once more, since slots are given to a class when it is made."""
    there = {name for base in cls.__mro__[1:-1] for name in base.__dict__.get("__slots__", ())}
    written = {name: value for name, value in cls.__dict__.items() if name not in own}
    for name in _OF_PLAIN:
        written.pop(name, None)
    slots = tuple(name for name in fields if name not in there)
    written |= {"__slots__": slots, "__qualname__": cls.__qualname__, **more}
    if "__setattr__" in more:
        written |= _pickling(tuple(fields))
    again: Callable[..., type[Any]] = type(cls)
    return again(cls.__name__, cls.__bases__, written)


def _fields(cls: type[Any], *, kw_only: bool) -> Fields:
    """Those that the body of `cls` has."""
    found = {}
    for name, annotation in inspect.get_annotations(cls).items():
        if str(annotation).startswith("ClassVar"):
            continue
        if annotation == "KW_ONLY":
            kw_only = True
            continue
        written = cls.__dict__.get(name, MISSING)
        field = written if isinstance(written, dataclasses.Field) else None
        if field is None:
            field = dataclasses.field(default=written)
        field.name, field.type = name, annotation
        field.kw_only = kw_only if field.kw_only is MISSING else field.kw_only
        found[name] = field
    return found


def _inherited(base: type[Any]) -> Fields:
    fields = base.__dict__.get("__dataclass_fields__", {})
    return fields.fields if isinstance(fields, _Late) else fields


def _init(cls: type[Any], fields: Fields) -> Any:
    """The `__init__` of `cls`. No field ends in two underscores, as what else it names does."""
    places: tuple[list[str], list[str]] = ([], [])
    values: dict[str, str] = {}
    names: dict[str, Any] = {"factory__": _FACTORY}
    for name, each in fields.items():
        made = each.default_factory is not MISSING
        if each.init:
            optional = made or each.default is not MISSING
            places[bool(each.kw_only)].append(f"{name}={name}_default__" if optional else name)
        elif not made and each.default is MISSING:
            continue  # `__post_init__` sets it
        names[f"{name}_default__"] = _FACTORY if made else each.default
        names[f"{name}_make__"] = each.default_factory
        values[name] = name if each.init else f"{name}_default__"
        if made:
            values[name] = f"{name}_make__() if {values[name]} is factory__ else {name}"
    lines, more = _setting(cls, values)
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    words = ["self", *places[False], *(["*", *places[True]] if places[True] else [])]
    names |= more
    exec(f"def __init__({', '.join(words)}):\n " + "\n ".join(lines or ["pass"]), names)  # noqa: S102  names of fields alone
    init = names["__init__"]
    init.__module__, init.__qualname__ = cls.__module__, f"{cls.__qualname__}.__init__"
    init.__annotations__ = {name: each.type for name, each in fields.items() if each.init}
    init.__annotations__["return"] = None
    return init


def _setting(cls: Any, values: dict[str, str]) -> tuple[list[str], dict[str, Any]]:
    """The lines that give fields their values, and what they name.

    `object.__setattr__`, by which the library sets what is frozen, takes ten times as long as an
    assignment. So few slots are set by their descriptors; an object with more fields is of a class
    that may be assigned to while they are set, and of its own from then on.
    """
    plain = [f"self.{name} = {value}" for name, value in values.items()]
    if cls.__setattr__ is object.__setattr__:  # not frozen
        return plain, {}
    there: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        there |= vars(base)
    slots: dict[str, Any] = {name: there.get(name) for name in values}
    if len(slots) <= _FEW and all(map(inspect.ismemberdescriptor, slots.values())):
        setters = {f"{name}_set__": slot.__set__ for name, slot in slots.items()}
        return [f"{name}_set__(self, {value})" for name, value in values.items()], setters
    begun = ["kind__ = self.__class__", "become__(self, '__class__', open__[kind__])"]
    names = {"become__": object.__setattr__, "open__": _Open()}
    return [*begun, *plain, "self.__class__ = kind__"], names


class _Factory:
    """Stands in a signature for what each object gets one of its own of."""

    def __repr__(self) -> str:
        return "<factory>"


_FACTORY = _Factory()


class _Open(dict[type, type]):
    """Classes, and what their objects are while they are made."""

    def __missing__(self, kind: type) -> type:
        there: dict[str, Any] = {"__slots__": (), "__module__": kind.__module__}
        for name in ("__setattr__", "__delattr__"):  # both or none are the interpreter's own
            there[name] = getattr(object, name)
        self[kind] = type(kind.__name__, (kind,), there)
        return self[kind]


def _refuse(instance: object, name: str, *_: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _pickling(names: tuple[str, ...]) -> dict[str, Any]:
    """Of what is frozen and has slots: nothing could be set by pickle's own ways."""

    def __getstate__(self: object) -> list[object]:
        return [getattr(self, name) for name in names]

    def __setstate__(self: object, state: list[object]) -> None:
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    return {"__getstate__": __getstate__, "__setstate__": __setstate__}
