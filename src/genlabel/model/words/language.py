"""Which language a person wants: what was asked for, else what the environment says."""

from __future__ import annotations

from collections.abc import Mapping

from genlabel.model.errors import ConfigurationError
from genlabel.model.words.catalogue import ENGLISH, LANGUAGES, OFFERED

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""POSIX.1-2017 §8.2, in order; the first one that is set decides."""


def chosen(asked: str | None, environ: Mapping[str, str]) -> str:
    """The language `asked` for, else the one of the locale where it is offered, else English.

    Raises `ConfigurationError` for a language without a catalogue.
    """
    if asked is None:
        return _of_locale(environ)
    word = _primary(asked) if isinstance(asked, str) else ""
    if word not in LANGUAGES:
        raise ConfigurationError(
            f"{asked!r}: no language that genlabel speaks",
            remedy=f"choose one of {', '.join(LANGUAGES)}",
        )
    return word


def _of_locale(environ: Mapping[str, str]) -> str:
    locale = next((environ[name] for name in _VARIABLES if environ.get(name)), "")
    word = _primary(locale)
    return word if word in OFFERED else ENGLISH


def _primary(tag: str) -> str:
    """``fr`` of ``fr_FR.UTF-8``, ``fr-CA`` or ``FR``."""
    return tag.strip().replace("_", "-").split(".")[0].split("@")[0].split("-")[0].lower()
