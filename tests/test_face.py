"""The face is whole: whatever type a public name leads to is a public name too."""

import ast
import importlib
import inspect
import subprocess
import sys
import types
import typing
from collections.abc import Iterator

import cryptography.x509  # named in annotations that are never evaluated otherwise
import pytest

import genlabel

assert cryptography.x509

HIDDEN = {"Result", "Renamed"}
"""Ancestors and descriptors: nobody names them."""


def namespace(module: str) -> dict[str, object]:
    """What a module's annotations may name, what is imported for type checkers alone included."""
    found = dict(vars(sys.modules[module]))
    for part in ast.parse(inspect.getsource(sys.modules[module])).body:
        if isinstance(part, ast.If) and "TYPE_CHECKING" in ast.dump(part.test):
            for each in part.body:
                if isinstance(each, ast.ImportFrom) and each.module:
                    source = importlib.import_module(each.module)
                    for name in each.names:
                        found[name.asname or name.name] = getattr(source, name.name)
    return found


def annotations(thing: object) -> dict[str, object]:
    """The annotations of one function or of one class without its ancestors, evaluated."""
    names = namespace(thing.__module__)
    own = inspect.get_annotations(thing)
    return {
        name: eval(hint, names) if isinstance(hint, str) else hint
        for name, hint in own.items()
        if not name.startswith("_")
    }


def parts(hint: object) -> Iterator[type]:
    """Every class of ours that a type names, however deep."""
    if isinstance(hint, type) and hint.__module__.startswith("genlabel"):
        yield hint
    if isinstance(hint, list | tuple):
        for each in hint:
            yield from parts(each)
    for each in typing.get_args(hint):
        yield from parts(each)


def callables(kind: type) -> Iterator[object]:
    for name, value in vars(kind).items():
        if name.startswith("_") and name not in ("__init__", "__iter__", "__call__", "__enter__"):
            continue
        function = value.fget if isinstance(value, property) else value
        function = getattr(function, "__func__", function)
        made = "__dataclass_fields__" in vars(kind) and name == "__init__"
        if inspect.isfunction(function) and not made:
            yield function


def reached() -> dict[type, str]:
    """Every class that the face leads to, and from where."""
    found: dict[type, str] = {}
    waiting = [(getattr(genlabel, name), name) for name in genlabel.__all__]
    while waiting:
        thing, origin = waiting.pop()
        if isinstance(thing, type):
            if thing in found:
                continue
            found[thing] = origin
            ours = [each for each in thing.__mro__ if each.__module__.startswith("genlabel")]
            sources = [*ours, *(each for kind in ours for each in callables(kind))]
        elif inspect.isfunction(thing):
            sources = [thing]
        else:
            continue
        for source in sources:
            for name, hint in annotations(source).items():
                way = f"{getattr(source, '__qualname__', source)}: {name}"
                waiting.extend((each, way) for each in parts(hint))
    return found


def test_every_type_that_the_face_leads_to_is_on_it():
    face = {getattr(genlabel, name) for name in genlabel.__all__ if name != "__version__"}
    missing = {
        f"{kind.__module__}.{kind.__name__}": origin
        for kind, origin in reached().items()
        if kind not in face and kind.__name__ not in HIDDEN
    }
    assert not missing


def test_the_walk_goes_deep():
    names = {each.__name__ for each in reached()}
    assert {"History", "Validity", "SignedBy", "Trouble", "Pixels", "Anchor", "SourceKind"} <= names


@pytest.mark.parametrize("name", genlabel.__all__)
def test_every_public_name_is_there_and_explains_itself(name):
    thing = getattr(genlabel, name)
    if isinstance(thing, types.UnionType) or typing.get_origin(thing) is typing.Union:
        return  # what an argument may be; docs of it are at the functions that take it
    assert name == "__version__" or (thing.__doc__ and thing.__name__ == name)


def test_another_name_is_none():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        genlabel.nothing  # noqa: B018
    assert dir(genlabel) == sorted([*genlabel.__all__, "testing"])
    assert genlabel.testing.Authority


def test_a_misspelt_name_is_told_with_the_nearest():
    """By Python itself, where nobody catches it."""
    words = [sys.executable, "-c", "import genlabel; genlabel.verify_fil"]
    told = subprocess.run(words, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "Did you mean: 'verify_file'?" in told.stderr
