"""Our `dataclass` beside the standard library's: the same class, whose methods come later."""

from __future__ import annotations

import copy
import dataclasses
import importlib
import inspect
import pickle
import pkgutil
from dataclasses import KW_ONLY, field
from typing import Any, ClassVar

import pytest

import genlabel
from genlabel import testing
from genlabel.model import dataclass as module
from genlabel.model.dataclass import dataclass

OPTIONS = [
    {"frozen": True, "slots": True},
    {"frozen": True, "slots": True, "kw_only": True, "repr": False},
    {"frozen": True},
    {"slots": True},
    {"kw_only": True},
]


def made(by, options):
    """One class after another by a decorator: alone, with a base, with methods of its own."""

    @by(**options)
    class Plain:
        """With documentation."""

        known: ClassVar[int] = 3
        name: str
        size: int = 2
        parts: list[int] = field(default_factory=list, compare=False)
        _: KW_ONLY
        note: str | None = field(default=None, repr=False, metadata={"in": "json"})
        counted: int = field(default=7, init=False, compare=False)
        seen: dict[str, int] = field(default_factory=dict, init=False, hash=False)

    @by(**options)
    class Below(Plain):
        more: str = "m"
        size: int = 5

    @by(**options)
    class Own:
        value: int = 1

        def __post_init__(self) -> None:
            object.__setattr__(self, "value", self.value + 1)

        def __eq__(self, other: object) -> bool:
            return isinstance(other, type(self))

        def __repr__(self) -> str:
            return "own"

    for each in (Plain, Below, Own):
        each.__qualname__ = each.__name__
    return Plain, Below, Own


def outcome(action):
    try:
        return action()
    except (TypeError, AttributeError, dataclasses.FrozenInstanceError) as error:
        return type(error)


COMPILED = {"one by one": 1000, "compiled": 0}


@pytest.fixture(params=COMPILED)
def either_way(request, monkeypatch):
    """Objects that get their fields one by one, and those of a compiled `__init__`."""
    monkeypatch.setattr(module, "_RARE", COMPILED[request.param])


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("number", range(3))
def test_a_class_does_what_the_librarys_does(options, number):
    ours, theirs = made(dataclass, options)[number], made(dataclasses.dataclass, options)[number]
    calls: list[dict[str, Any]] = [{}, {"name": "n"}, {"name": "n", "size": 3, "note": "x"}]
    calls += [{"value": 4}, {"counted": 1, "name": "n"}, {"parts": [1], "name": "n"}]
    for given in ((), ("n",), ("n", 3, [2]), (1,) * 6, ("a", 1, [], "x")):
        pair = outcome(lambda given=given: ours(*given)), outcome(lambda g=given: theirs(*g))
        if isinstance(pair[1], type):
            assert pair[0] is pair[1], given
        else:
            assert dataclasses.asdict(pair[0]) == dataclasses.asdict(pair[1]), given
    twice = {"name": "m", "value": 3}
    assert outcome(lambda: ours("n", **twice)) is outcome(lambda: theirs("n", **twice)) is TypeError
    for words in calls:
        pair = outcome(lambda words=words: ours(**words)), outcome(lambda w=words: theirs(**w))
        if isinstance(pair[1], type):
            assert pair[0] is pair[1], words
            continue
        mine, other = pair
        for question in (
            repr if options.get("repr", True) else lambda each: None,
            dataclasses.asdict,
            lambda each: outcome(lambda: hash(each)),
            lambda each, words=words: each == type(each)(**words),
            lambda each: each == 5,
            lambda each: outcome(lambda: setattr(each, "size", 9)) is None,
            lambda each: outcome(lambda: setattr(each, "unknown", 9)) is None,  # 3.11: TypeError
            lambda each: dataclasses.asdict(copy.copy(each)),
            lambda each: [(one.name, one.type, one.kw_only) for one in dataclasses.fields(each)],
            lambda each: hasattr(each, "__dict__"),
            lambda each: options.get("slots") and each.__getstate__(),
            lambda each: outcome(lambda: delattr(each, "name")) is None,
        ):
            assert question(mine) == question(other)
    assert ours.__match_args__ == theirs.__match_args__
    assert signature(ours) == signature(theirs)
    assert str(inspect.signature(ours)) == str(inspect.signature(theirs))
    assert (ours.__doc__ or "").startswith("With") == (theirs.__doc__ or "").startswith("With")


def signature(cls):
    optional = inspect.Parameter.empty
    return [
        (each.name, each.kind, each.default is optional, each.annotation)
        for each in inspect.signature(cls).parameters.values()
    ]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_a_class_without_its_init_yet_can_be_asked_everything(options):
    plain, below, _ = made(dataclass, options)
    assert [each.name for each in dataclasses.fields(below)][:2] == ["name", "size"]
    assert dataclasses.is_dataclass(plain)
    assert dataclasses.replace(below(name="a"), more="b").more == "b"
    assert dataclasses.replace(plain(name="a"), name="b") == plain(name="b")


def test_what_is_frozen_says_so():
    one = made(dataclass, OPTIONS[0])[0](name="n")
    for name in ("name", "unknown"):  # of which the library of 3.11 says a TypeError
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(one, name, "m")
        with pytest.raises(dataclasses.FrozenInstanceError):
            delattr(one, name)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_a_class_below_it_is_of_its_own_class(options):
    plain = made(dataclass, options)[0]

    class Named(plain):
        """Without fields or an `__init__` of its own."""

    @dataclasses.dataclass(**options)
    class Below(plain):
        seventh: int = 7

    for below in (Named, Below):
        one = below(name="n")
        assert type(one) is below
        assert (one.name, one.counted) == ("n", 7)


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("slots", [False, True])
def test_what_has_many_fields_stays_as_it_is(slots):
    kind = made(dataclass, {"frozen": True, "slots": slots})[1]
    assert len(dataclasses.fields(kind)) > module._FEW
    for one in (kind("a"), kind("b")):
        assert type(one) is kind
        assert one.seen is not kind("c").seen
        with pytest.raises(dataclasses.FrozenInstanceError):
            one.name = "c"
        with pytest.raises(dataclasses.FrozenInstanceError):
            del one.name


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_fields_may_be_named_as_what_python_has(options):
    @dataclass(**options)
    class Named:
        type: bytes
        object: int
        dict: int
        len: int
        set: int = 3
        list: Any = field(default_factory=tuple)

    made = Named(type=b"a", object=1, dict=2, len=3)
    assert dataclasses.astuple(made) == (b"a", 1, 2, 3, 3, ())


def test_nothing_is_compiled_before_a_method_is_wanted(monkeypatch):
    def refuse(*arguments: object, **words: object) -> None:
        raise AssertionError("compiled already")

    monkeypatch.setattr(dataclasses, "dataclass", refuse)
    monkeypatch.setattr(module, "_init", refuse)
    for options in OPTIONS:
        made(dataclass, options)
    few = made(dataclass, OPTIONS[0])[0]
    for _ in range(module._RARE):
        few(name="n")
    with pytest.raises(AssertionError, match="compiled already"):
        few(name="n")


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_a_class_with_an_init_of_its_own_calls_the_one_below(options):
    plain = made(dataclass, options)[0]

    class Named(plain):
        def __init__(self, name: str) -> None:
            super().__init__(name=name.upper())
            object.__setattr__(self, "size", len(name))

    assert [(each.name, each.size) for each in map(Named, ("a", "bc"))] == [("A", 1), ("BC", 2)]


def ours():
    for each in pkgutil.walk_packages(genlabel.__path__, "genlabel."):
        if each.name.endswith("__main__"):
            continue
        loaded = importlib.import_module(each.name)
        for cls in vars(loaded).values():
            if isinstance(cls, type) and cls.__module__ == each.name:
                yield cls


def test_each_class_of_the_package_can_be_made_compared_and_pickled_as_the_librarys():
    seen = 0
    for cls in ours():
        if not dataclasses.is_dataclass(cls):
            continue
        seen += 1
        shown = [each for each in signature(cls) if each[0] != "self"]
        named = [each.name for each in dataclasses.fields(cls) if each.init]
        assert sorted(name for name, *_ in shown) == sorted(named), cls
        positional = tuple(each.name for each in dataclasses.fields(cls) if each.init)
        of_keyword = {name for name, kind, *_ in shown if kind is inspect.Parameter.KEYWORD_ONLY}
        expected = tuple(each for each in positional if each not in of_keyword)
        assert cls.__match_args__ == expected, cls
        for each in dataclasses.fields(cls):
            assert not isinstance(each.default, list | dict | set), (cls, each.name)
    assert seen > 300


def test_a_pickle_holds_the_values_alone():
    producer = genlabel.Producer("Acme", url="https://acme.example")
    again = pickle.loads(pickle.dumps(producer))
    assert again == producer
    assert hash(again) == hash(producer)
    report = genlabel.verify(testing.picture("png", size=(8, 8)))
    assert pickle.loads(pickle.dumps(report)) == copy.deepcopy(report) == report
