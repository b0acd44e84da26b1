"""Imports: none goes in a circle, and those inside functions are for start-up cost alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

from system.test_start_up import DEFERRED, LATE, OF_A_MANIFEST

SOURCE = Path(__file__).parents[2] / "src"
MODULES = {
    ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in SOURCE.rglob("*.py")
}
LIGHT = {
    ("model.named_tuple", "inspect"): "the compiler beside it, for who asks how one is called",
    ("operations.beside", "manifests.validation.hard_binding"): "for manifests beside pictures",
    ("operations.contradictions", "manifests.validation.actions"): "for signed captures alone",
    ("policies", "policies.written"): "tomllib, for books in files alone",
    ("formats.pdf.page_reader", "pypdf"): "an extra",
    ("pixels.visible.svg_renderer", "resvg_py"): "an extra",
    ("storage.bounded_programs", "resource"): "Windows has none",
    ("operations.doctor", "manifests.engine.load"): "the engine's library is loaded by it",
    ("operations.inspect", "pixels.decode"): "Pillow's room, for strangers alone",
    ("operations.labeller", "pixels.encode"): "Pillow's room, for PIL images alone",
    ("operations.signing.parents", "pixels.compare"): "Pillow's room, for named parents alone",
    ("operations.signing.regions", "pixels.masks"): "Pillow's room, for steps with regions alone",
    ("operations.strip_check.strip_check", "pixels.compare"): "Pillow's room",
    ("rendering.outgoing", "pixels.thumbnail"): "Pillow's room, for pages alone",
    ("rendering.text", "policies.declarations"): "for rule books with questions alone",
}
"""Imports inside functions that load nothing of `DEFERRED` at once, and why they stand there."""


class Import(NamedTuple):
    """An import statement for one module."""

    of: str
    line: int
    late: bool
    """Does it stand in a function?"""


@cache
def imports(module: str) -> tuple[Import, ...]:
    return tuple(_below(ast.parse(MODULES[module].read_text("utf-8")), late=False))


def _below(node: ast.AST, *, late: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        inside = late or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for each in child.orelse:
                yield from _below(each, late=inside)
        elif isinstance(child, ast.Import):
            for name in child.names:
                yield Import(name.name, child.lineno, late)
        elif isinstance(child, ast.ImportFrom):
            assert child.module, "imports are absolute"
            for name in child.names:
                whole = f"{child.module}.{name.name}"
                yield Import(whole if whole in MODULES else child.module, child.lineno, late)
        else:
            yield from _below(child, late=inside)


@cache
def loaded_with(module: str) -> frozenset[str]:
    """What is loaded at once when a module is."""
    found, waiting = set[str](), [module]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        if name in MODULES:
            waiting += [each.of for each in imports(name) if not each.late]
            package = name.rpartition(".")[0]
            waiting += [package] if package in MODULES else []
    return frozenset(found)


def _short(name: str) -> str:
    return name.removeprefix("genlabel.")


@pytest.mark.parametrize("module", sorted(MODULES))
def test_an_import_inside_a_function_is_for_what_is_loaded_late(module):
    if module.startswith("genlabel.cli.") or module == "genlabel.pytest_plugin":
        return  # commands and the plugin load what they need when they run, to begin quickly
    for each in imports(module):
        if not each.late or (_short(module), _short(each.of)) in LIGHT:
            continue
        heavy = {name for name in loaded_with(each.of) if name.partition(".")[0] in DEFERRED}
        heavy |= {late for late in (*LATE, *OF_A_MANIFEST) if f"{each.of}.".startswith(f"{late}.")}
        assert heavy, f"{module}:{each.line}: {each.of} loads nothing heavy: import it above"


def test_no_module_imports_itself_by_a_detour():
    graph = {
        module: {each.of for each in imports(module) if each.of in MODULES} - {module}
        for module in MODULES
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_each_exception_is_still_there():
    for module, of in LIGHT:
        late = {_short(each.of) for each in imports(f"genlabel.{module}") if each.late}
        assert of in late, f"{module} does not import {of} inside a function any more"
