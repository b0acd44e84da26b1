"""A catalogue: the sentences of one language, read when the first of them is wanted.

The files are TOML beside this module (`catalogues/`); why TOML says decision 023. A sentence that
a language lacks is taken from English. What is filled in comes from files and is hostile: it is
cut and quoted in the sentences, and whoever shows a sentence escapes it.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    file = Path(__file__).with_name("catalogues") / f"{language}.toml"
    about, own = _read(file.read_text(encoding="utf-8"))
    return Catalogue(
        language=language,
        name=about["name"],
        reviewed=about["status"] == "offered",
        own={key: typeset(value, language) for key, value in own.items()},
        fallback={} if language == ENGLISH else catalogue(ENGLISH).own,
    )


def _read(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """What stands above the tables, about the catalogue itself, and its sentences.

    Catalogues are TOML of which each line is a table's head, a comment, or a string without
    escapes: read so, English takes a twentieth of what `tomllib` takes, which each start would pay.
    """
    about: dict[str, str] = {}
    own: dict[str, str] = {}
    prefix = ""
    for line in text.split("\n"):
        if line.startswith("["):
            prefix = f"{line[1:-1]}."
        elif line and not line.startswith("#"):
            name, _, value = line.partition(" = ")
            (own if prefix else about)[prefix + name] = value[1:-1]
    return about, own


def _cut(value: str) -> str:
    return value if len(value) <= MAX_FILLED else value[: MAX_FILLED - 1] + "…"
