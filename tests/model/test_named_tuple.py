"""Our `NamedTuple` beside the standard library's: the same class, whose functions come later."""

from __future__ import annotations

import copy
import importlib
import inspect
import pickle
import pkgutil
import re
import typing
from collections import namedtuple
from pathlib import Path

import pytest

import genlabel
from genlabel.model import named_tuple as module
from genlabel.model.named_tuple import NamedTuple

SOURCE = Path(genlabel.__file__).parent


class Ours(NamedTuple):
    """With documentation."""

    name: str
    size: int = 2
    parts: tuple[int, ...] = ()

    @property
    def double(self) -> int:
        return self.size * 2


class Theirs(typing.NamedTuple):
    """With documentation."""

    name: str
    size: int = 2
    parts: tuple[int, ...] = ()

    @property
    def double(self) -> int:
        return self.size * 2


class Below(Ours):
    """Derived."""


@pytest.fixture(params=[0, 1000], ids=["compiled", "one by one"])
def either(request, monkeypatch):
    monkeypatch.setattr(module, "_RARE", request.param)

    class Ours(NamedTuple):
        """With documentation."""

        name: str
        size: int = 2
        parts: tuple[int, ...] = ()

    return Ours


def outcome(action):
    try:
        return action()
    except (TypeError, ValueError, AttributeError) as error:
        return type(error), str(error).replace("Theirs", "Ours")


WORDS = [
    (("a",), {}),
    (("a", 1, (2,)), {}),
    ((), {"name": "a", "parts": (1,)}),
    (("a",), {"parts": (1,), "size": 5}),
    ((), {}),
    (("a", 1, (), 4), {}),
    (("a",), {"name": "b"}),
    (("a",), {"nobody": 1}),
    (("a", 1, ()), {"size": 1}),
]


@pytest.mark.parametrize(("given", "named"), WORDS)
def test_objects_are_made_and_refused_as_the_librarys(either, given, named):
    theirs = outcome(lambda: Theirs(*given, **named))
    ours = outcome(lambda: either(*given, **named))
    assert tuple(ours) == tuple(theirs)
    if isinstance(theirs, Theirs):
        assert repr(ours) == repr(theirs).replace("Theirs", "Ours")


ASKED = {
    "fields": lambda cls: cls._fields,
    "defaults": lambda cls: cls._field_defaults,
    "matched": lambda cls: cls.__match_args__,
    "bases": lambda cls: cls.__bases__,
    "documentation": lambda cls: (cls.__doc__, cls.name.__doc__),
    "slots": lambda cls: (cls.__slots__, hasattr(cls("a"), "__dict__")),
    "signature": lambda cls: [
        (each.name, each.default, each.kind) for each in inspect.signature(cls).parameters.values()
    ],
    "hints": typing.get_type_hints,
    "made": lambda cls: tuple(cls._make(["a", 1, ()])),
    "made of too few": lambda cls: cls._make(["a"]),
    "replaced": lambda cls: tuple(cls("a")._replace(size=4)),
    "replaced by what is not there": lambda cls: cls("a")._replace(nobody=4),
    "as a dict": lambda cls: cls("a")._asdict(),
    "new arguments": lambda cls: cls("a").__getnewargs__(),
    "compared": lambda cls: (cls("a") == ("a", 2, ()), hash(cls("a")) == hash(("a", 2, ()))),
    "copied": lambda cls: type(copy.copy(cls("a"))) is cls,
    "a property": lambda cls: cls("a", 4).double,
    "assigned to": lambda cls: setattr(cls("a"), "name", "b"),
    "names": lambda cls: sorted(set(dir(cls)) - {"__orig_bases__", "__annotate_func__"}),
    "as text": lambda cls: repr(cls(name="a")).partition("(")[2],
}


@pytest.mark.parametrize("asked", ASKED)
def test_it_answers_as_the_librarys(asked):
    theirs, ours = (outcome(lambda cls=cls: ASKED[asked](cls)) for cls in (Theirs, Ours))
    assert ours == theirs


def test_objects_go_to_other_processes_and_back():
    for one in (Ours("a", 1, (2,)), Below("b")):
        again = pickle.loads(pickle.dumps(one))
        assert (again, type(again)) == (one, type(one))


def test_a_derived_class_has_objects_of_its_own():
    many = [Below("b", size=place) for place in range(20)]
    assert {type(one) for one in many} == {Below}
    assert repr(many[0]) == "Below(name='b', size=0, parts=())"


def test_one_may_have_many_fields():
    names = [f"f{place}" for place in range(40)]
    body = {"__annotations__": dict.fromkeys(names, "int"), "__module__": __name__}
    many = type(NamedTuple)("Many", (NamedTuple,), body)
    one = many(*range(40))
    assert [getattr(one, name) for name in names] == list(range(40))


def test_every_one_of_ours_is_as_the_library_makes_it():
    for found in pkgutil.walk_packages(genlabel.__path__, "genlabel."):
        if found.name.endswith("__main__"):
            continue
        for cls in vars(importlib.import_module(found.name)).values():
            if not isinstance(cls, type) or cls.__module__ != found.name:
                continue
            if not hasattr(cls, "_fields") or not issubclass(cls, tuple):
                continue
            theirs = namedtuple(cls.__name__, cls._fields, defaults=cls._field_defaults.values())
            assert tuple(inspect.signature(cls).parameters) == cls._fields
            one = cls(*range(len(cls._fields)))
            assert one._asdict() == theirs(*one)._asdict(), cls
            assert one == theirs(*one)


def test_those_of_the_library_are_nowhere_used():
    for path in SOURCE.rglob("*.py"):
        words = r"^from (typing|collections) import .*\b(NamedTuple|namedtuple)\b"
        used = re.search(words, path.read_text("utf-8"), re.M)
        assert not used or path.name == "named_tuple.py", path
