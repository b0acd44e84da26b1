"""Rule books in TOML: read, without code, over the conditions that there are.

Its form is ``genlabel.policy/1`` (docs/schema). What it does not know is an error that names the
nearest word that it does.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePath
from typing import Any

from genlabel.model.errors import ConfigurationError
from genlabel.model.nearest import did_you_mean
from genlabel.policies.answers import Check, not_applicable
from genlabel.policies.compose import all_of, any_of
from genlabel.policies.conditions import condition
from genlabel.policies.declarations import Question, QuestionKind
from genlabel.policies.evidence import Evidence
from genlabel.policies.rule import Judgement, Level, Policy, ReadFrom, Rule, RuleSource
from genlabel.storage.globs import Globs
from genlabel.storage.toml_files import toml

SCHEMA = "genlabel.policy/1"
MAX_RULES = 1_000
_BOOK = ("schema", "name", "title", "version", "published", "source", "all_of", "any_of", "except",
         "levels", "rules", "questions")  # fmt: skip
_RULE = ("id", "asks", "fix", "level", "paths", "source", "check", "since", "until")
_SOURCE = ("title", "section", "url", "published", "read", "how")
_QUESTION = ("id", "kind", "text", "choices")


def book(path: Path, known: Callable[[str], Policy], *, names: Container[str] = ()) -> Policy:
    """The book in the TOML file at `path`; `known` has those that it names, and nobody else's
    book may have one of `names`.

    Raises `ConfigurationError` with the file, the place in it and the remedy.
    """
    try:
        read = _Reader().book(toml(path), known, path.parent)
        if read.name in names:
            raise ConfigurationError(
                f"name: {read.name} is the name of a book of genlabel's own",
                remedy="give it another name",
            )
    except ConfigurationError as error:
        if str(error).startswith(str(path)):
            raise
        raise ConfigurationError(f"{path}: {error}", remedy=error.remedy) from error
    return replace(read, file=str(path.absolute()))


class _Reader:
    """Reads one book; every error names the place."""

    def __init__(self) -> None:
        self._source: RuleSource | None = None

    def book(
        self, table: Mapping[str, Any], known: Callable[[str], Policy], folder: Path
    ) -> Policy:
        if table.get("schema") != SCHEMA:
            _refuse_other(table)
        _known_keys(table, _BOOK, "the book")
        if table.get("schema") != SCHEMA:
            raise ConfigurationError(
                "the book: schema is missing or another", remedy=f'write schema = "{SCHEMA}"'
            )
        name = _text(table, "name", "the book")
        if "source" in table:
            self._source = self._read_source(table["source"], "source")
        rules = [self._rule(each, number) for number, each in enumerate(_list(table, "rules"), 1)]
        if len(rules) > MAX_RULES:
            raise ConfigurationError(f"the book: more than {MAX_RULES:,} rules")
        choice = _books(table, "any_of", known, folder)
        if choice:
            title = _text(table, "title", "the book")
            source = self._source or RuleSource(title=title)
            rules.append(any_of("any-of", choice, source=source, level=Level.MUST))
        return all_of(
            name,
            _books(table, "all_of", known, folder),
            rules=rules,
            questions=[_question(each) for each in _list(table, "questions")],
            without=_texts(table, "except", "the book"),
            levels=_levels(table.get("levels", {})),
            title=_text(table, "title", "the book"),
            version=str(table.get("version", "1")),
            published=_optional(table, "published", "the book"),
        )

    def _rule(self, table: object, number: int) -> Rule:
        place = f"rule {number}"
        if not isinstance(table, Mapping):
            raise ConfigurationError(f"{place}: is no table", remedy="write it as [[rules]]")
        name = _text(table, "id", place)
        place = f"rule {name}"
        _known_keys(table, _RULE, place)
        source = self._read_source(table["source"], place) if "source" in table else self._source
        if source is None:
            raise ConfigurationError(
                f"{place}: does not say where it is written",
                remedy='write source = { title = "…", section = "…" }, there or for the book',
            )
        check = condition(table.get("check"), where=f"{place}: check")
        paths = _texts(table, "paths", place)
        return Rule(
            name,
            asks=_text(table, "asks", place),
            fix=_text(table, "fix", place),
            level=_level(table.get("level", "must"), place),
            source=source,
            check=_below(check, paths) if paths else check,
            since=_day(table, "since", place),
            until=_day(table, "until", place),
        )

    def _read_source(self, table: object, place: str) -> RuleSource:
        if not isinstance(table, Mapping):
            raise ConfigurationError(f"{place}: source is no table")
        _known_keys(table, _SOURCE, f"{place}: source")
        how = table.get("how", "official")
        if how not in list(ReadFrom):
            raise ConfigurationError(
                f"{place}: source: how: {how}", remedy=f"choose one of {', '.join(ReadFrom)}"
            )
        return RuleSource(
            title=_text(table, "title", f"{place}: source"),
            section=_optional(table, "section", place) or "",
            url=_optional(table, "url", place),
            published=_optional(table, "published", place),
            read=_day(table, "read", place),
            how=ReadFrom(how),
        )


def _books(
    table: Mapping[str, Any], key: str, known: Callable[[str], Policy], folder: Path
) -> list[Policy]:
    """The books named under `key`; those in files by their place below the folder of this one."""
    return [
        known(str(folder / each) if each.endswith(".toml") else each)
        for each in _texts(table, key, "the book")
    ]


def _below(check: Check, paths: tuple[str, ...]) -> Check:
    """`check` for files whose path fits alone."""
    globs = Globs(paths)

    def checked(evidence: Evidence) -> Judgement:
        path = evidence.report.path
        if path is not None and not globs.fit(PurePath(path)):
            return not_applicable(f"the file is not below {', '.join(paths)}")
        return check(evidence)

    return checked


def _question(table: object) -> Question:
    if not isinstance(table, Mapping):
        raise ConfigurationError("questions: is no list of tables")
    name = _text(table, "id", "question")
    _known_keys(table, _QUESTION, f"question {name}")
    kind = table.get("kind", "text")
    if kind not in list(QuestionKind):
        raise ConfigurationError(
            f"question {name}: kind: {kind}", remedy=f"choose one of {', '.join(QuestionKind)}"
        )
    return Question(
        name,
        kind=QuestionKind(kind),
        text=_text(table, "text", f"question {name}"),
        choices=_texts(table, "choices", f"question {name}"),
    )


def _levels(table: object) -> dict[str, Level]:
    if not isinstance(table, Mapping):
        raise ConfigurationError("levels: is no table")
    return {str(name): _level(level, f"levels: {name}") for name, level in table.items()}


def _level(value: object, place: str) -> Level:
    if value not in list(Level):
        raise ConfigurationError(
            f"{place}: level: {value}", remedy=f"choose one of {', '.join(Level)}"
        )
    return Level(str(value))


def _refuse_other(table: Mapping[str, Any]) -> None:
    """Raise `ConfigurationError` for a file of ours that is no rule book, and say what it is."""
    if str(table.get("schema", "")).startswith("genlabel.declarations/"):
        raise ConfigurationError(
            "these are declarations, and no rule book", remedy="give it with --declarations"
        )
    if "history" in table or {"producer", "generator", "label", "steps"} & table.keys():
        raise ConfigurationError(
            "this is a label file, or settings, and no rule book", remedy="give it with --label"
        )


def _known_keys(table: Mapping[str, Any], known: Iterable[str], place: str) -> None:
    known = tuple(known)
    for key in table:
        if key not in known:
            raise ConfigurationError(f"{place}: {key}: unknown", remedy=did_you_mean(key, known))


def _text(table: Mapping[str, Any], key: str, place: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ConfigurationError(f"{place}: {key} is missing or no text")
    return value


def _optional(table: Mapping[str, Any], key: str, place: str) -> str | None:
    value = table.get(key)
    return (
        None
        if value is None
        else str(value)
        if isinstance(value, date)
        else _text(table, key, place)
    )


def _texts(table: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ConfigurationError(f"{place}: {key} is no list of texts")
    return tuple(value)


def _list(table: Mapping[str, Any], key: str) -> list[object]:
    value = table.get(key, [])
    if not isinstance(value, list):
        raise ConfigurationError(f"{key}: is no list of tables", remedy=f"write [[{key}]]")
    return value


def _day(table: Mapping[str, Any], key: str, place: str) -> date | None:
    value = table.get(key)
    if value is not None and type(value) is not date:
        raise ConfigurationError(f"{place}: {key}: no day", remedy="write a day such as 2026-12-02")
    return value
