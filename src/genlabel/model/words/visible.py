"""What a visible label says in each language, and what somebody's own words claim."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from genlabel.model.errors import ConfigurationError

KINDS = ("ai", "generated", "modified")
"""That a model had a part, made all of it, or changed it."""


@cache
def table() -> Mapping[str, Mapping[str, str]]:
    """Language → ``acronym``, ``generated`` and ``modified``."""
    import tomllib  # by those who draw, not by all who import this

    content = Path(__file__).with_name("visible.toml").read_text(encoding="utf-8")
    return tomllib.loads(content)


def words(kind: str, language: str, *, national: bool = False) -> str:
    """The words of a `kind` in a language; AI as such unless `national`.

    Raises `ConfigurationError` for a language in which there are none.
    """
    entries = table().get(language)
    if entries is None:
        raise ConfigurationError(
            f"language: there are no words in {language!r}",
            remedy=f"choose among {', '.join(table())}, or give --words TEXT",
        )
    acronym = entries["acronym"] if national else "AI"
    return acronym if kind == "ai" else entries[kind].format(AI=acronym)


def claimed(text: str) -> str | None:
    """The kind that a text claims in one of the languages: ``generated``, ``modified`` or None."""
    plain = _plain(text)
    for kind in ("generated", "modified"):
        for language in table():
            if any(
                _plain(words(kind, language, national=national)) in plain
                for national in (False, True)
            ):
                return kind
    return None


def _plain(text: str) -> str:
    return "".join(each for each in text.casefold() if each.isalnum())
