"""Names that pages put in backticks are there: files, options, functions, finding codes."""

from __future__ import annotations

import ast
import builtins
import re
from functools import cache
from pathlib import Path

import command_pages
import pytest

import genlabel
import pages
from genlabel.cli.settings import KEYS
from pages import HOME

QUOTED = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
SOURCE = HOME / "src" / "genlabel"
OF_OTHERS = frozenset(
    {
        *("--alg", "--signer-info", "--reserve-size", "--sign-cert", "--signer-path"),  # c2patool
        *("--preload", "--atheris", "--record-formats"),  # gunicorn, `make fuzz`, pytest
    }
)
"""Options of other programs that pages name."""
PATTERNS = frozenset(
    {"tests/ROOM/test_MODULE.py", "genlabel.aio", "Timeout(total=0.5)", "timedelta(days=90)"}
)
"""Names that stand for others, or for what was decided against."""
PLACES = ("src/", "docs/", "tests/", "examples/", "benchmarks/", "keys/README")


def names(page: Path) -> set[str]:
    """What a page puts in backticks, code blocks left out."""
    return set(QUOTED.findall(pages.FENCE.sub("", page.read_text("utf-8"))))


@cache
def options() -> frozenset[str]:
    return frozenset(
        word
        for command, _, _ in command_pages.every_command()
        for parameter in command.params
        for word in (*parameter.opts, *parameter.secondary_opts)
    ) | {"--help", "--version", "-h", "-V"}


@cache
def defined() -> frozenset[str]:
    """Every name that the source, the tests or the examples define, at any depth."""
    found: set[str] = set()
    for folder in ("src", "tests", "examples", "docs", "benchmarks"):
        for path in (HOME / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    found.add(node.name)
                    continue
                targets = getattr(node, "targets", [getattr(node, "target", None)])
                found.update(each.id for each in targets if isinstance(each, ast.Name))
    return frozenset(found)


@cache
def codes() -> frozenset[str]:
    """Every text of the source that looks like a finding code or a name of a schema."""
    return frozenset(
        node.value
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and str(node.value).startswith("genlabel.")
    )


@cache
def files() -> frozenset[str]:
    """Every path of the repository, by all of its ends."""
    found: set[str] = set()
    for folder in ("src", "tests", "examples", "docs", "benchmarks"):
        for path in (HOME / folder).rglob("*"):
            parts = path.relative_to(HOME).parts
            found.update("/".join(parts[at:]) for at in range(len(parts)))
    return frozenset(found)


def is_there(name: str) -> bool:
    """Is what looks like a name of ours one? What looks like none is let be."""
    word = name.split()[0].split("=")[0].rstrip("/,")
    if name in PATTERNS or word in PATTERNS:
        return True
    if re.fullmatch(r"--[a-z][a-z-]+", word):
        return word in options() or word in OF_OTHERS
    if word.startswith(PLACES) or re.fullmatch(r"[\w/]+\.py", word):
        return bool(list(HOME.glob(word))) or word.removeprefix("src/genlabel/") in files()
    if re.fullmatch(r"genlabel\.[a-z_.-]+", word):
        return is_ours(word)
    if called := re.fullmatch(r"([A-Za-z_][\w.]*)\(.*", name):
        first, _, last = called[1].rpartition(".")
        is_foreign = first.split(".")[0] not in (*genlabel.__all__, "genlabel", "")
        return is_foreign or last in defined() or hasattr(builtins, last)
    dotted = re.fullmatch(r"([A-Z]\w+)\.([a-z_]\w+)", name)
    if dotted is None or dotted[1] not in genlabel.__all__:
        return True
    return has(getattr(genlabel, dotted[1]), dotted[2])


def is_ours(word: str) -> bool:
    """Is it a finding code, a file, a table of settings, or a name in the package?"""
    below = word.removeprefix("genlabel.")
    if any(code == word or code.startswith((f"{word}.", f"{word}/")) for code in codes()):
        return True
    if below in ("toml", "key", "cfg") or any(each.name.startswith(below) for each in KEYS):
        return True
    kinds = ("verify", "sign", "strip", "inspect", "explain")
    return (
        below.split(".")[0] in kinds
        or below.split(".")[-1] in defined()
        or bool(list(SOURCE.glob(below.replace(".", "/") + "*")))
    )


def has(value: object, name: str) -> bool:
    return hasattr(value, name) or name in getattr(value, "__annotations__", {})


@pytest.mark.parametrize("page", pages.every_page(), ids=lambda each: each.stem)
def test_every_name_in_backticks_exists(page):
    if "Status: superseded" in page.read_text("utf-8"):
        return  # it tells what was
    assert sorted(name for name in names(page) if not is_there(name)) == []


@pytest.mark.parametrize(
    "name",
    ["--no-such-option", "tests/no/such.py", "genlabel.no.such-code", "no_such_function(…)",
     "Label.no_such_field", "docs/none.md"],
)  # fmt: skip
def test_what_is_nowhere_is_noticed(name):
    assert not is_there(name)


@pytest.mark.parametrize(
    "name",
    ["--by NAME", "genlabel.label.absent", "genlabel.toml", "verify_file(…)", "Label.generated",
     "model/fields.py", "src/genlabel", "json.dumps(x)", "whatever"],
)  # fmt: skip
def test_what_is_there_is_let_be(name):
    assert is_there(name)
