"""Every test that `families.toml` names is there."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
FAMILIES = tomllib.loads((TESTS / "families.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", [name for members in FAMILIES.values() for name in members])
def test_what_a_family_names_is_there(name):
    path, _, test = name.partition("::")
    assert (TESTS.parent / path).exists()
    if test:
        tree = ast.parse((TESTS.parent / path).read_text("utf-8"))
        assert test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_families_are_those_that_the_makefile_knows_and_no_test_is_in_both():
    assert set(FAMILIES) == {"slow", "large"}
    assert set(FAMILIES["slow"]).isdisjoint(FAMILIES["large"])


def test_no_test_carries_a_family_of_its_own():
    for path in TESTS.rglob("*.py"):
        text = path.read_text("utf-8")
        assert "pytest.mark." + "slow" not in text, path
        assert "pytest.mark." + "large" not in text, path
