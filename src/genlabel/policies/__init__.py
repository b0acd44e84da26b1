"""Rule books: named sets of small rules, each with its source."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from genlabel.model.errors import ConfigurationError
from genlabel.policies.labelled import LABELLED
from genlabel.policies.rule import Policy, Rule

BOOKS = {
    "labelled": "labelled LABELLED",
}
"""Name of a book → the module below this one and the constant in it; loaded when asked for."""


def policy(name: str) -> Policy:
    """The rule book called `name`. Raises `ConfigurationError` for an unknown one."""
    if name not in BOOKS:
        raise ConfigurationError(
            f"{name!r}: no rule book", remedy="choose one of " + ", ".join(BOOKS)
        )
    module, constant = BOOKS[name].split()
    book: Policy = getattr(import_module(f"genlabel.policies.{module}"), constant)
    return book


def policies() -> Iterator[Policy]:
    """All of them."""
    return map(policy, BOOKS)


__all__ = ["BOOKS", "LABELLED", "Policy", "Rule", "policies", "policy"]
