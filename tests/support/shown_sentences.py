"""Every English sentence in the code that a run may show, with {0}, {1} for what varies."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "genlabel"
CALLS = frozenset({"message", "error_message", "echo", "Row", "Check", "Trouble"})
OF_CONTAINERS = frozenset({"past_end", "no_room", "error"})
"""Calls that make the errors of `formats`."""
ANSWERS = frozenset({"passed", "failed", "undecided", "not_applicable"})
"""Calls that make the sentences of rule books."""
KEYWORDS = frozenset({"remedy", "closing", "message", "explanation"})
OF_RULES = frozenset({"asks", "fix", "settles", "text", "otherwise", "unshown"})
"""Their keywords, in rule books."""
_WORD = re.compile(r"[A-Za-z]{2,}")


def templates(*rooms: str) -> dict[str, str]:
    """Sentence → the module in which it stands."""
    found: dict[str, str] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if rooms and not name.startswith(rooms):
            continue
        is_book = name.startswith("policies/")
        for text in _of(ast.parse(path.read_text("utf-8")), is_book=is_book):
            if _WORD.search(re.sub(r"\{\d+\}", "", text)):
                found.setdefault(text, name)
    return found


def _of(tree: ast.AST, *, is_book: bool = False) -> Iterator[str]:
    named = _named(tree)
    calls = CALLS | _ERRORS | OF_CONTAINERS | (ANSWERS if is_book else frozenset())
    keywords = KEYWORDS | (OF_RULES if is_book else frozenset())
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        called = call.func
        name = getattr(called, "id", getattr(called, "attr", ""))
        if name.endswith("Error") or name in calls:
            for argument in call.args[1:] if name in _NAMING_FORMATS else call.args:
                yield from _texts(argument, named)
        for keyword in call.keywords:
            if keyword.arg in keywords:
                yield from _texts(keyword.value, named)


def _named(tree: ast.AST) -> dict[str, list[ast.expr]]:
    """What names of the module stand for, where that is a text."""
    named: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and not isinstance(node.value, ast.Name):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    named.setdefault(target.id, []).append(node.value)
    return named


@cache
def _constants() -> dict[str, list[ast.expr]]:
    """What the public constants of all modules stand for: they are imported by others."""
    found: dict[str, list[ast.expr]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for name, values in _named(ast.parse(path.read_text("utf-8"))).items():
            if name.isupper() and not name.startswith("_"):
                found.setdefault(name, []).extend(values)
    return found


_ERRORS = frozenset(
    {"MalformedAsset", "MalformedMetadata", "ExistingManifest", "UnsupportedFormat"}
)


_NAMING_FORMATS = frozenset({"MalformedAsset", "past_end"})
"""Their first argument is the name of a format."""


def _texts(node: ast.expr, named: dict[str, list[ast.expr]]) -> Iterator[str]:
    """The sentences that an expression may be; of a choice both."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        text, number = "", 0
        for part in node.values:
            if isinstance(part, ast.Constant):
                text += str(part.value)
            else:
                text += f"{{{number}}}"
                number += 1
        yield text
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body, named)
        yield from _texts(node.orelse, named)
    elif isinstance(node, ast.Name):
        for value in named.get(node.id) or _constants().get(node.id, ()):
            yield from _texts(value, {})
