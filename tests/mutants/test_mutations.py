"""The mutation runner itself: what it changes, and that its explanations are kept true."""

from __future__ import annotations

import tomllib

import pytest

from mutants import run
from mutants.mutations import mutations

SAMPLE = b'''"""A module."""
def found(items: tuple[int, ...], limit: int = 3) -> bool:
    """A docstring stays."""
    for each in items:
        if each > limit and each not in {1, 2}:
            raise ValueError("too much")
    return not items
'''


@pytest.mark.parametrize(
    "change",
    [
        b"limit: int = (3 + 1)",
        b"if False:",
        b"if True:",
        b"each >= limit",
        b"if True and each not in",
        b"each > limit or each",
        b"each in {1, 2}",
        b"not in {2}",
        b"            pass\n",
        b"return None",
        b"return (items)",
    ],
)
def test_a_module_is_changed_in_every_way_that_matters(change):
    assert sum(change in each.applied(SAMPLE) for each in mutations(SAMPLE)) == 1


def test_each_mutant_has_one_change_and_compiles():
    made = [each.applied(SAMPLE) for each in mutations(SAMPLE)]
    assert len(set(made)) == len(made)
    for each in made:
        compile(each, "mutant", "exec")
        assert b"A docstring stays." in each


def test_each_explanation_is_of_a_mutation_that_there_is():
    table = tomllib.loads((run.HERE / "explained.toml").read_text("utf-8"))
    for each in table.get("mutant", ()):
        source = (run.REPOSITORY / run.SOURCE / f"{each['module']}.py").read_bytes()
        offered = {(one.statement, one.was, one.becomes) for one in mutations(source)}
        assert (each["statement"], each["was"], each["becomes"]) in offered, each
        assert each["why"].strip()


def test_the_tests_that_are_nearest_are_there():
    named = tomllib.loads((run.HERE / "nearest.toml").read_text("utf-8"))
    for module, tests in named.items():
        assert (run.REPOSITORY / run.SOURCE / f"{module}.py").is_file(), module
        for each in tests:
            assert (run.REPOSITORY / each).exists(), each
    for module in run.modules(""):
        assert run.nearest(module)
