"""Rule books: named sets of small rules, each with its source."""

from __future__ import annotations

import copyreg
import os
from collections.abc import Collection, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from genlabel.model.errors import ConfigurationError
from genlabel.model.nearest import did_you_mean
from genlabel.policies.labelled import LABELLED
from genlabel.policies.rule import Policy, Rule

BOOKS = {
    "labelled": "labelled LABELLED",
    "cepic": "books.cepic CEPIC",
    "eu-provider": "books.eu_provider EU_PROVIDER",
    "netflix": "books.netflix NETFLIX",
    "c2pa-conformance": "conformance.books SPEC_2_4",
    "c2pa-conformance-2.2": "conformance.books SPEC_2_2",
    "c2pa-integrity": "conformance.books INTEGRITY",
}
"""Name of a book → the module below this one and the constant in it; loaded when asked for."""

SUFFIX = ".toml"
"""How the name of a book ends that is one of a file."""
MAX_DEPTH = 8
"""Most books in files that are composed of one another."""


def policy(name: str | os.PathLike[str]) -> Policy:
    """The rule book called `name`, or that in a TOML file (``genlabel.policy/1``).

    Raises `ConfigurationError` for an unknown one, and for what is wrong in a file.
    """
    return _found(os.fspath(name), 0)


def _found(name: str, depth: int) -> Policy:
    if name.endswith(SUFFIX):
        from genlabel.policies import written

        if depth > MAX_DEPTH:
            raise ConfigurationError(
                f"{name}: is composed of books more than {MAX_DEPTH} deep",
                remedy="name no book in itself",
            )
        return written.book(Path(name), lambda each: _found(each, depth + 1), names=BOOKS)
    if name not in BOOKS:
        raise ConfigurationError(
            f"{name!r}: no rule book",
            remedy=did_you_mean(name, BOOKS, f"choose one of {', '.join(BOOKS)}, or a FILE.toml"),
        )
    return _built_in(name)


@cache
def _built_in(name: str) -> Policy:
    module, constant = BOOKS[name].split()
    book: Policy = getattr(import_module(f"genlabel.policies.{module}"), constant)
    return book


Books = Policy | str | os.PathLike[str] | Collection[Policy | str | os.PathLike[str]] | None
"""One rule book, its name, several of them, or none."""


def named(given: Books) -> tuple[Policy, ...]:
    """Those that are meant.

    Raises `ConfigurationError` for an unknown name, and for two of one name.
    """
    if given is None:
        return ()
    is_several = isinstance(given, Collection) and not isinstance(given, str)
    several: list[Any] = list(cast("Collection[Any]", given)) if is_several else [given]
    for each in several:
        if not isinstance(each, Policy | str | os.PathLike):
            raise TypeError(f"policy: {each!r} is no Policy")
    found = [each if isinstance(each, Policy) else policy(each) for each in several]
    names = [each.name for each in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ConfigurationError(f"rule book {twice}: given twice", remedy="leave one of them out")
    return tuple(found)


def _pickled(book: Policy) -> Any:
    """By its name, where it is one of ours: its checks may be made in functions."""
    if book.file is not None:
        return policy, (book.file,)
    if book.name in BOOKS and policy(book.name) is book:
        return policy, (book.name,)
    return book.__reduce_ex__(2)


copyreg.pickle(Policy, _pickled)


def policies() -> Iterator[Policy]:
    """All of them."""
    return map(policy, BOOKS)


__all__ = ["BOOKS", "LABELLED", "Books", "Policy", "Rule", "named", "policies", "policy"]
