"""Regular expressions that are compiled late: what `re.compile` gives."""

from __future__ import annotations

import ast
import importlib
import pickle
import pkgutil
import re
from pathlib import Path

import pytest

import genlabel
from genlabel.model import expression as module
from genlabel.model.expression import expression

SOURCE = Path(genlabel.__file__).parent


def test_it_is_what_python_compiles_and_no_earlier(monkeypatch):
    compiled = []
    by_python = re.compile
    monkeypatch.setattr(re, "compile", lambda *words: compiled.append(words) or by_python(*words))
    late = expression(r"(a+)b", re.IGNORECASE)
    assert not compiled
    assert late.fullmatch("AAB").group(1) == "AA"
    assert compiled == [(r"(a+)b", re.IGNORECASE)]
    assert late.fullmatch("ab")
    assert len(compiled) == 1
    assert late.sub("-", "xabx") == "x-x"
    assert (late.pattern, late.flags) == ("(a+)b", by_python("(a+)b", re.IGNORECASE).flags)
    assert pickle.loads(pickle.dumps(late)).search("xab")
    with pytest.raises(AttributeError):
        _ = late.unknown


def test_each_of_ours_can_be_compiled():
    seen = 0
    for each in pkgutil.walk_packages(genlabel.__path__, "genlabel."):
        if not each.name.endswith("__main__"):
            found = vars(importlib.import_module(each.name)).values()
            late = [one for one in found if isinstance(one, module.expression)]
            seen += sum(isinstance(one.pattern, str | bytes) for one in late)
    assert seen > 150


def test_none_is_compiled_by_loading_a_module():
    for path in SOURCE.rglob("*.py"):
        waiting: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
        while waiting:
            each = waiting.pop()
            if isinstance(each, ast.FunctionDef):
                continue
            assert not (isinstance(each, ast.Call) and ast.unparse(each.func) == "re.compile"), path
            waiting.extend(ast.iter_child_nodes(each))
