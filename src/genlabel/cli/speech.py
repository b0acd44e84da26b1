"""The language in which a run speaks: what is said is looked up where it is shown."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import click

from genlabel.model.errors import ConfigurationError
from genlabel.model.escape import escape
from genlabel.model.words import language
from genlabel.model.words.catalogue import ENGLISH
from genlabel.model.words.translation import translated
from genlabel.model.words.typography import colon

_OPTION, _VARIABLE = "--lang", "GENLABEL_WORDS_LANGUAGE"


class _Speech:
    """The language of this run; English until the run says otherwise."""

    language = ENGLISH


speech = _Speech()


def begin(arguments: Sequence[str], environ: Mapping[str, str] = os.environ) -> None:
    """Speak the language that `arguments` or the environment ask for, before settings are read."""
    asked = environ.get(_VARIABLE) or None
    for before, word in zip(["", *arguments], arguments, strict=False):
        if before == _OPTION:
            asked = word
        elif word.startswith(f"{_OPTION}="):
            asked = word.partition("=")[2]
    try:
        speech.language = language.chosen(asked, environ)
    except ConfigurationError:  # whoever reads the settings says so
        speech.language = ENGLISH


def said(sentence: str) -> str:
    """`sentence` in the language of the run, escaped."""
    return escape(translated(sentence, speech.language), limit=None)


def paragraphs(text: str) -> str:
    """`text` paragraph by paragraph in the language of the run, but for what is typed as it stands.

    Those begin with click's ``\\b``.
    """
    if speech.language == ENGLISH:
        return text
    several = text.split("\n\n")
    return "\n\n".join(
        each if each.startswith("\b") else translated(" ".join(each.split()), speech.language)
        for each in several
    )


def heading(title: str) -> str:
    """`title` in the run's language, as it stands before the colon that click writes."""
    return f"{paragraphs(title)}{colon(speech.language).partition(':')[0]}"


def meaning(record: str) -> str:
    """What an option means, and the default that click puts behind it, in the run's language."""
    words, gap, extra = record.partition("  [")
    return f"{paragraphs(words)}{gap[:2]}{paragraphs(gap[2:] + extra)}"


def echo(words: str) -> None:
    """A line of a result that is no report."""
    click.echo(translated(words, speech.language))
