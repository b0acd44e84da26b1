"""A catalogue: the sentences of one language, read when the first of them is wanted.

The files are TOML beside this module (`catalogues/`); why TOML says decision 023. A sentence that
a language lacks is taken from English. What is filled in comes from files and is hostile: it is
cut and quoted in the sentences, and whoever shows a sentence escapes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cache
from pathlib import Path

from genlabel.model.dataclass import dataclass
from genlabel.model.words.typography import typeset

ENGLISH = "en"
LANGUAGES = ("en", "fr", "de", "zh")
"""The catalogues that there are."""
OFFERED = ("en", "fr")
"""Those that a user's locale may choose; the others are prepared, and wait for a reviewer."""
MAX_FILLED = 300
"""Most characters of one value that a sentence is filled with."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The sentences of one language, by names such as ``integrity.intact.lay``."""

    language: str
    name: str
    """What its own speakers call the language."""
    reviewed: bool
    """False for a catalogue that is only prepared."""
    own: Mapping[str, str] = field(repr=False)
    """What this language says itself, without English to fall back on."""
    fallback: Mapping[str, str] = field(repr=False)

    def __contains__(self, name: str) -> bool:
        """Is there such a sentence, at least in English?"""
        return name in self.own or name in self.fallback

    def say(self, name: str, /, **values: str) -> str:
        """The sentence `name`, its braces filled with `values`, each cut at `MAX_FILLED`.

        Raises `KeyError` for a sentence that not even English has.
        """
        sentence = self.own.get(name) or self.fallback[name]
        if "{" not in sentence:
            return sentence
        return sentence.format_map({key: _cut(value) for key, value in values.items()})


@cache
def catalogue(language: str = ENGLISH) -> Catalogue:
    """The catalogue of one of the `LANGUAGES`. Raises `KeyError` for another word."""
    if language not in LANGUAGES:
        raise KeyError(language)
    import tomllib  # by those who want a sentence, not by all who import this

    file = Path(__file__).with_name("catalogues") / f"{language}.toml"
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    return Catalogue(
        language=language,
        name=str(content["name"]),
        reviewed=content["status"] == "offered",
        own={key: typeset(value, language) for key, value in _flat(content, "")},
        fallback={} if language == ENGLISH else catalogue(ENGLISH).own,
    )


def _flat(table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        elif prefix:  # what stands above the tables is about the catalogue itself
            yield prefix + name, str(value)


def _cut(value: str) -> str:
    return value if len(value) <= MAX_FILLED else value[: MAX_FILLED - 1] + "…"
