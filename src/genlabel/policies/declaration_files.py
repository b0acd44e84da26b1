"""Declarations read from TOML (``genlabel.declarations/1``), and checked against what is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError, LabelError
from genlabel.model.expression import expression
from genlabel.model.nearest import did_you_mean
from genlabel.model.text import cleaned
from genlabel.policies import Policy, policies
from genlabel.policies.declarations import (
    Answer,
    Approval,
    Declarations,
    Override,
    Question,
    QuestionKind,
    Value,
)
from genlabel.storage import PathLike
from genlabel.storage.toml_files import text_of, toml
from genlabel.storage.toml_lines import line

SCHEMA = "genlabel.declarations/1"
MAX_OVERRIDES = 1_000
"""Most tables ``[[for]]``; each of them is compared with every file's path."""
_OWN = ("schema", "by", "on")
_WANTED = {
    QuestionKind.YES_NO: "true or false",
    QuestionKind.TEXT: "a text",
    QuestionKind.DATE: "a day such as 2026-11-29",
    QuestionKind.APPROVAL: "{ reference, by, on }",
}


def declarations(
    given: PathLike | Mapping[str, object], *, policy: Iterable[Policy] = ()
) -> Declarations:
    """What a TOML file, or its content, declares; `policy` are rule books of one's own.

    Raises `ConfigurationError` for what no book asks, and for an answer of the wrong kind.
    """
    if isinstance(given, Mapping):
        content, name, path = given, "declarations", None
    else:
        path = Path(given)
        content, name = toml(path), str(path)
    tables = {
        each.name: each for each in (*policies(), *(one for book in policy for one in book.whole))
    }
    return _Reader(name=name, path=path, books=tables).whole(content)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """One file that is read."""

    name: str
    path: Path | None
    """None of content that is no file."""
    books: Mapping[str, Policy]

    def whole(self, content: Mapping[str, object]) -> Declarations:
        if content.get("schema") != SCHEMA:
            raise self._wrong("schema", f"is not {SCHEMA}", f'write schema = "{SCHEMA}"')
        listed = content.get("for", [])
        if not isinstance(listed, list) or len(listed) > MAX_OVERRIDES:
            raise self._wrong("for", f"is no list of at most {MAX_OVERRIDES:,} tables", _FOR)
        common = {name: each for name, each in content.items() if name != "for"}
        return Declarations(
            answers=self._answers(common, {}, ""),
            overrides=tuple(
                self._override(each, content, f"for {number}: ")
                for number, each in enumerate(listed, 1)
            ),
        )

    def _override(self, table: object, common: Mapping[str, object], where: str) -> Override:
        paths = table.get("paths") if isinstance(table, Mapping) else None
        if not isinstance(table, Mapping) or not isinstance(paths, list) or not paths:
            raise self._wrong(f"{where}paths", "is no list of globs", _FOR)
        if not all(isinstance(each, str) and each for each in paths):
            raise self._wrong(f"{where}paths", "is no list of globs", _FOR)
        rest = {name: each for name, each in table.items() if name != "paths"}
        override = Override(paths=tuple(paths), answers=self._answers(rest, common, where))
        override.fits("")  # a glob that is none is refused here
        return override

    def _answers(
        self, table: Mapping[str, object], common: Mapping[str, object], where: str
    ) -> dict[str, Answer]:
        books = [name for name in table if name not in _OWN]
        for name in books:
            if name not in self.books:
                raise self._unknown(where + name, name, [*self.books, "for", "paths"])
        if not any(table[name] for name in books):
            return {}
        by, on = self._word(table, common, where)
        answers: dict[str, Answer] = {}
        for name in books:
            given = table[name]
            if not isinstance(given, Mapping):
                raise self._wrong(where + name, "is no table", f"write [{name}] and answers below")
            questions = {each.id: each for each in self.books[name].questions}
            for key, value in given.items():
                place = f"{where}{name}.{key}"
                if key not in questions:
                    raise self._unknown(place, key, questions)
                read = self._value(questions[key], value, place)
                answers[f"{name}.{key}"] = Answer(value=read, by=by, on=on)
        return answers

    def _word(
        self, table: Mapping[str, object], common: Mapping[str, object], where: str
    ) -> tuple[str, date]:
        """Whose word it is, and of which day."""
        by, on = (table.get(each, common.get(each)) for each in ("by", "on"))
        if not isinstance(by, str) or not by.strip():
            raise self._wrong(f"{where}by", "does not say whose word it is", 'write by = "NAME"')
        return self._text(by, f"{where}by"), self._day(on, f"{where}on")

    def _value(self, question: Question, value: object, place: str) -> Value:
        kind = question.kind
        if kind is QuestionKind.YES_NO and isinstance(value, bool):
            return value
        if kind is QuestionKind.TEXT and isinstance(value, str) and value.strip():
            return self._text(value, place)
        if kind is QuestionKind.CHOICE:
            if isinstance(value, str) and value in question.choices:
                return value
            raise self._wrong(
                place, f"{value!r} is none of its words", "choose " + ", ".join(question.choices)
            )
        if kind is QuestionKind.DATE:
            return self._day(value, place)
        if kind is QuestionKind.APPROVAL and isinstance(value, Mapping):
            return self._approval(value, place)
        raise self._wrong(place, f"{_shown(value)} is no answer", f"give {_WANTED[kind]}")

    def _approval(self, table: Mapping[Any, Any], place: str) -> Approval:
        wanted = ("reference", "by", "on")
        for name in table:
            if name not in wanted:
                raise self._unknown(f"{place}.{name}", name, wanted)
        texts = []
        for name in wanted[:2]:
            value = table.get(name)
            if not isinstance(value, str) or not value.strip():
                raise self._wrong(f"{place}.{name}", "is missing", _APPROVAL)
            texts.append(self._text(value, f"{place}.{name}"))
        reference, by = texts
        return Approval(reference=reference, by=by, on=self._day(table.get("on"), f"{place}.on"))

    def _text(self, text: str, place: str) -> str:
        try:
            return cleaned(place, text)
        except LabelError as error:
            named = str(error).removeprefix(f"{place}: ")
            raise LabelError(f"{self._where(place)}: {named}", remedy=error.remedy) from error

    def _day(self, value: object, place: str) -> date:
        """A day, also as text, as JSON has it."""
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            raise self._wrong(
                place, f"{_shown(value)} is no day", "write it as 2026-11-29"
            ) from None

    def _wrong(self, place: str, what: str, remedy: str) -> ConfigurationError:
        return ConfigurationError(f"{self._where(place)}: {what}", remedy=remedy)

    def _unknown(self, place: str, word: str, known: Iterable[str]) -> ConfigurationError:
        remedy = did_you_mean(word, list(known))
        return ConfigurationError(f"{self._where(place)}: unknown", remedy=remedy)

    def _where(self, place: str) -> str:
        """The file, the line in it, and the place with its names."""
        number = None
        if self.path is not None:
            item = _ITEM.match(place)
            inside = ("for", int(item[1]) - 1) if item else ()
            names = place[item.end() if item else 0 :].split(".")
            number = line(text_of(self.path), (*inside, *names))
        return f"{self.name}: {place}" if number is None else f"{self.name}, line {number}: {place}"


_ITEM = expression(r"for (\d+): ")
_FOR = "write [[for]] with paths = ['hero/*.png'] and tables below"
_APPROVAL = "write { reference = '…', by = '…', on = 2026-11-29 }"


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:60]}…"
