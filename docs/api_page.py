"""The page of all public names, from their docstrings: signatures, fields, members, methods."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from enum import Enum
from typing import Any, is_typeddict

import docstrings
from markdown import MADE

import genlabel
from genlabel import testing

HEAD = """# The public names

All that `genlabel` and `genlabel.testing` offer, from their docstrings. [python.md](python.md)
shows them at work, in the order of the tasks. No other name is promised
([contract.md](contract.md)).

"""
_WIDTH = 80
"""Most characters of parameters on one line."""


def api_page() -> str:
    """Functions, values, enumerations, protocols and keywords, errors, and what is for tests."""
    names = [each for each in genlabel.__all__ if each != "__version__"]
    values = {each: getattr(genlabel, each) for each in names}
    groups: dict[str, list[str]] = {
        "Functions": [],
        "Values": [],
        "Enumerations": [],
        "Types and keywords": [],
        "Errors": [],
    }
    for name, value in values.items():
        groups[_group(value)].append(name)
    lines = [MADE, HEAD]
    lines += [f"- [{title}](#{title.lower().replace(' ', '-')})\n" for title in groups]
    lines.append("- [For tests](#for-tests)\n")
    for title, listed in groups.items():
        lines.append(f"\n## {title}\n")
        for name in listed:
            lines += _documented(name, values[name])
    lines.append("\n## For tests\n")
    for name in testing.__all__:
        lines += _documented(f"testing.{name}", getattr(testing, name))
    return "".join(lines)


def _group(value: Any) -> str:
    if inspect.isfunction(value):
        return "Functions"
    if not inspect.isclass(value) or is_typeddict(value) or getattr(value, "_is_protocol", False):
        return "Types and keywords"
    if issubclass(value, BaseException):
        return "Errors"
    return "Enumerations" if issubclass(value, Enum) else "Values"


def _documented(name: str, value: Any) -> Iterator[str]:
    yield f"\n### `{name}`\n\n"
    if inspect.isfunction(value):
        node, text = docstrings.own_text(value)
        assert isinstance(node, ast.FunctionDef)
        yield _code(_header(node))
        yield _prose(text)
    elif inspect.isclass(value):
        yield _prose(docstrings.own_text(value)[1])
        yield from _class(value)
    else:
        yield _code(str(value).replace("genlabel.", "").replace("collections.abc.", ""))


def _class(kind: type[Any]) -> Iterator[str]:
    """Fields and members in one list, then methods."""
    fields: list[str] = []
    methods: list[str] = []
    seen: set[str] = set()
    for one in kind.__mro__:
        if not one.__module__.startswith("genlabel"):
            continue
        for member in docstrings.members(one):
            if member.name.startswith("_") or member.name in seen:
                continue
            seen.add(member.name)
            text = " ".join(_marked(member.text).split())
            if isinstance(member.node, ast.FunctionDef) and not _is_property(member.node):
                methods.append(f"\n{_code(_header(member.node))}{_prose(member.text)}")
            else:
                shown = _shown(member.node)
                fields.append(f"- `{member.name}{shown}`{': ' + text if text else ''}\n")
    if fields:
        yield "\n"
        yield from fields
    yield from methods


def _is_property(node: ast.FunctionDef) -> bool:
    return any(isinstance(each, ast.Name) and "property" in each.id for each in node.decorator_list)


def _shown(node: ast.AnnAssign | ast.Assign | ast.FunctionDef) -> str:
    """A field's type and default, an enumeration member's value, a property's type."""
    if isinstance(node, ast.FunctionDef):
        return f": {ast.unparse(node.returns)}" if node.returns else ""
    if isinstance(node, ast.Assign):
        return f" = {ast.unparse(node.value)}"
    default = ""
    if isinstance(node.value, ast.Constant):
        default = f" = {ast.unparse(node.value)}"
    elif isinstance(node.value, ast.Call):
        found = [each.value for each in node.value.keywords if each.arg == "default"]
        default = f" = {ast.unparse(found[0])}" if found else ""
    return f": {ast.unparse(node.annotation)}{default}"


def _header(node: ast.FunctionDef) -> str:
    """A method as its class has it, without `self`."""
    arguments = ast.unparse(node.args)
    arguments = re.sub(r"^(?:self|cls)(?:, )?", "", arguments).removeprefix("/, ")
    kind = [each.id for each in node.decorator_list if isinstance(each, ast.Name)]
    before = "classmethod " if "classmethod" in kind else ""
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    signature = _wrapped(arguments, returns)
    return f"{before}{node.name}{signature}"


def _wrapped(arguments: str, returns: str) -> str:
    """Parameters and result, one parameter a line where that is long."""
    parts, depth, part = [], 0, ""
    for character in f"{arguments},":
        depth += (character in "([{") - (character in ")]}")
        if character == "," and not depth:
            parts.append(re.sub(r"^(\w+: [^=]*)=", r"\1 = ", part.strip()))
            part = ""
        else:
            part += character
    parts = [each for each in parts if each]
    short = f"({', '.join(parts)}){returns}"
    if len(short) < _WIDTH:
        return short
    return "(\n" + "".join(f"    {each},\n" for each in parts) + f"){returns}"


def _code(text: str) -> str:
    return f"```text\n{text}\n```\n"


def _prose(text: str) -> str:
    """A docstring as Markdown, its examples as code."""
    parts: list[tuple[bool, str]] = []
    for paragraph in re.split(r"\n[ \t]*\n", text):
        is_code = _is_code(paragraph)
        if is_code and parts and parts[-1][0]:
            parts[-1] = (True, f"{parts[-1][1]}\n\n{textwrap.dedent(paragraph).strip()}")
        elif is_code:
            parts.append((True, textwrap.dedent(paragraph).strip()))
        elif paragraph.strip():
            parts.append((False, _marked(" ".join(paragraph.split()))))
    return "".join(f"\n{_code(part) if is_code else part + chr(10)}" for is_code, part in parts)


def _is_code(paragraph: str) -> bool:
    """Is it an example, indented or not? English is no Python."""
    try:
        body = ast.parse(textwrap.dedent(paragraph)).body
    except SyntaxError:
        return paragraph.startswith("    ")
    return any(not isinstance(each, ast.Expr) or isinstance(each.value, ast.Call) for each in body)


def _marked(text: str) -> str:
    return text.replace("``", "`")
