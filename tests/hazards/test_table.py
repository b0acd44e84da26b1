"""Every hazard of the table has a test, and that test is there."""

import ast
import tomllib
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
TABLE = tomllib.loads((Path(__file__).parent / "table.toml").read_text("utf-8"))["hazard"]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["hazard"][:60])
def test_a_hazard_has_a_test(row):
    assert row.keys() == {"section", "hazard", "test"}
    name, _, function = row["test"].partition("::")
    tree = ast.parse((TESTS / name).read_text("utf-8"))
    assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_no_hazard_stands_there_twice():
    names = [row["hazard"] for row in TABLE]
    assert len(names) == len(set(names))
