"""Sentences of the code in other languages, found again by their English form when they are shown.

Errors, remedies and messages are written in English where they arise, and stay so for programs. A
table has each with ``{0}``, ``{1}`` for what varies; where a sentence fits one, its translation is
filled with the same, translated in turn but for ``{0!}``, which is typed as it stands. What fits
nothing stays as it is, and nothing is ever concluded from a fit: names from files stand in these
sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from genlabel.model.dataclass import dataclass
from genlabel.model.expression import expression
from genlabel.model.words.catalogue import ENGLISH
from genlabel.model.words.typography import colon, typeset

MAX_TEXT = 4_000
"""Most characters of a text that is translated."""
_PLACE = expression(r"\{(\d+)\}")
_FILLED = expression(r"\{(\d+)(!?)\}")
_NUMBER = expression(r"\d{1,3}(?:,\d{3})+")
_PROSE = expression(
    r"\b(?:an?|and|are|at|be|by|for|from|has|have|in|is|it|its|no|not|nothing|of|on|one's|or|that|"
    r"the|their|there|this|to|under|was|were|what|which|whether|who|with)\b",
    re.IGNORECASE,
)
"""Words by which English is known."""
_COMMAS = frozenset({ENGLISH, "zh"})
"""Languages that part thousands with commas; German and French read them as decimals."""
_DEEPEST = 3
"""How often what fills a sentence is a sentence itself."""
_MOST_PARTS = 20
"""Most sentences of one list."""
_FOLDER = Path(__file__).with_name("translations")


@dataclass(frozen=True, slots=True)
class _Template:
    """One sentence: the texts between its places, and its translation."""

    parts: tuple[str, ...]
    longest: str
    target: str
    is_open: bool = False
    """Does it begin with what varies, and no colon behind it?"""
    is_weak: bool = False
    """Does it fit half of English, as ``{0} is {1}`` does?"""

    def filled(self, text: str) -> list[str] | None:
        """What stands at the places, if `text` fits; from left to right, as short as can be."""
        first, *rest = self.parts
        if not text.startswith(first):
            return None
        at, values = len(first), []
        for number, part in enumerate(rest, 1):
            is_last = number == len(rest)
            end = len(text) - len(part) if is_last else text.find(part, at)
            if end < at or not text.startswith(part, end):
                return None
            values.append(text[at:end])
            at = end + len(part)
        return values if at == len(text) else None

    def said(self, values: list[str], english: list[str]) -> str:
        """The translation, filled with `values`, or with what stood there in the `english` one."""

        def value(place: re.Match[str]) -> str:
            number, those = int(place[1]), english if place[2] else values
            return those[number] if number < len(those) else ""

        return _FILLED.sub(value, self.target)


def translated(text: str, language: str) -> str:
    """`text` in `language`, as far as there is a translation of it."""
    if language == ENGLISH or not text or len(text) > MAX_TEXT or not _templates(language):
        return text
    return _translated(text, language)


def numeral(value: int, language: str) -> str:
    """`value` with its thousands parted as the language does: 1,234 in English."""
    return _parted(f"{value:,}", language)


def _parted(digits: str, language: str) -> str:
    return digits if language in _COMMAS else digits.replace(",", "\u202f")


def sentences(language: str) -> dict[str, str]:
    """English form → translation; empty for a language without tables."""
    import tomllib  # by those who want a translation, not by all who import this

    table: dict[str, str] = {}
    for file in sorted((_FOLDER / language).glob("*.toml")):
        table |= tomllib.loads(file.read_text(encoding="utf-8"))["sentences"]
    return {english: typeset(target, language) for english, target in table.items()}


@cache
def _templates(language: str) -> tuple[_Template, ...]:
    """The longest first: what says most fits best."""
    found = []
    for english, target in sentences(language).items():
        parts = tuple(_PLACE.split(english)[::2])
        is_open = parts[0] == "" and "".join(parts[1:2])[:1] in {" ", ","}
        is_weak = is_open and sum(len(part.split()) for part in parts) <= 1
        found.append(_Template(parts, max(parts, key=len), target, is_open, is_weak))
    return tuple(sorted(found, key=lambda each: -sum(map(len, each.parts))))


@lru_cache(maxsize=4096)
def _translated(text: str, language: str, depth: int = 0) -> str:
    for each in _fitting(text, language):
        values = each.filled(text)
        if values is None:
            continue
        if each.is_open and ": " in values[0]:  # "png: chunk tEXt" is not one thing
            rest = _behind_colon(text, language, depth)
            if rest is not None:
                return rest
        said = [_value(value, language, depth + 1) for value in values]
        is_list = any("; " in value for value in values)
        if each.is_weak and (is_list or any(map(_is_left_english, values, said))):
            continue  # rather English than half of it; a list has its own sentences
        return each.said(said, values)
    return _part_by_part(text, language, depth) or _behind_colon(text, language, depth) or text


def _part_by_part(text: str, language: str, depth: int) -> str | None:
    """`text`, which is a list, with each of its sentences translated; None where one is not."""
    parts = text.split("; ", maxsplit=_MOST_PARTS)
    if len(parts) == 1 or depth >= _DEEPEST:
        return None
    said = [_translated(part, language, depth + 1) for part in parts]
    if any(one == other for one, other in zip(parts, said, strict=True)):
        return None
    return typeset(" ; ", language).join(said)


def _behind_colon(text: str, language: str, depth: int) -> str | None:
    """`text` with what follows its first colon translated; None where that has no translation."""
    head, found, tail = text.partition(": ")
    if not found or depth >= _DEEPEST:
        return None
    rest = _translated(tail, language, depth + 1)
    if " " in head:  # else it is a name, such as that of a file or of an option
        head = _translated(head, language, depth + 1)
    return None if rest == tail else f"{head}{colon(language)}{rest}"


def _is_left_english(value: str, said: str) -> bool:
    return value == said and _PROSE.search(value) is not None


def _fitting(text: str, language: str) -> Iterator[_Template]:
    return (each for each in _templates(language) if each.longest in text)


def _value(text: str, language: str, depth: int) -> str:
    if _NUMBER.fullmatch(text):
        return _parted(text, language)
    return _translated(text, language, depth) if depth <= _DEEPEST else text
