"""What a class defines, in order, with the text below each field, which Python does not keep."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Member:
    """A field, an enumeration's member, a property or a method."""

    name: str
    node: ast.AnnAssign | ast.Assign | ast.FunctionDef
    text: str
    """Its docstring, or the text below it."""


def field_docstrings(kind: type[Any]) -> Mapping[str, str]:
    """What stands below each field and property of a dataclass, ancestors included."""
    return {
        each.name: each.text
        for one in reversed(kind.__mro__)
        if is_dataclass(one)
        for each in members(one)
        if each.text or isinstance(each.node, ast.FunctionDef)
    }


def members(kind: type[Any]) -> Iterator[Member]:
    """What the body of a class defines."""
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(body, ast.ClassDef)
    for one, after in zip(body.body, [*body.body[1:], None], strict=True):
        if isinstance(one, ast.FunctionDef):
            yield Member(one.name, one, cleaned(ast.get_docstring(one, clean=False), indent=8))
            continue
        target = _target(one)
        if target is not None and isinstance(one, ast.AnnAssign | ast.Assign):
            text = after.value if isinstance(after, ast.Expr) else None
            is_text = isinstance(text, ast.Constant) and isinstance(text.value, str)
            yield Member(target, one, cleaned(text.value, indent=4) if is_text else "")


def cleaned(text: str | None, *, indent: int) -> str:
    """A docstring without the indent of what it stands below."""
    first, *others = (text or "").expandtabs().split("\n")
    outdented = (line[min(indent, len(line) - len(line.lstrip())) :] for line in others)
    return "\n".join([first.strip(), *outdented]).strip("\n")


def own_text(value: Any) -> tuple[ast.FunctionDef | ast.ClassDef, str]:
    """The source of a function or class of a module, and its docstring, from there.

    `__doc__` has lost its indent from Python 3.13 on.
    """
    (node,) = ast.parse(inspect.getsource(value)).body
    assert isinstance(node, ast.FunctionDef | ast.ClassDef)
    return node, cleaned(ast.get_docstring(node, clean=False), indent=4)


def _target(one: ast.stmt) -> str | None:
    target = one.target if isinstance(one, ast.AnnAssign) else None
    if isinstance(one, ast.Assign) and len(one.targets) == 1:
        (target,) = one.targets
    return target.id if isinstance(target, ast.Name) else None
