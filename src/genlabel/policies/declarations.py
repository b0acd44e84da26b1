"""Declarations: what no file can show, as its user answers it, and the questions that are asked.

A book asks `Question`\\ s; the key of an answer is ``book.question``::

    Policy(
        name="cepic",
        questions=(
            Question("complaint_contact", text="Where can a person complain about the picture?"),
            Question("opt_out", kind=QuestionKind.CHOICE, choices=("stated", "none"), text="…"),
        ),
        …
    )

and a rule's check reads the answer, which is None where nobody gave one::

    answer = evidence.declarations.get("cepic.complaint_contact")
    answer.value  # a str; of a YES_NO a bool, of a DATE a date, of an APPROVAL an Approval
    answer.by, answer.on  # whose word it is, and of which day

`declared` (`genlabel.policies.answers`) makes the check of a rule that a declaration alone decides,
`weighed` that of one where a file may show it, too. The English text of a question is translated in
``model/words/translations``, as all sentences are. In TOML (``genlabel.declarations/1``)::

    schema = "genlabel.declarations/1"
    by = "Ada Lovelace"
    on = 2026-11-29

    [cepic]
    complaint_contact = "https://example.com/complaints"

    [[for]]
    paths = ["hero/*.png"]

    [for.cepic]
    persons = true

    [for.netflix]
    likeness = { reference = "2026-114", by = "Netflix", on = 2026-11-20 }
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import PurePath

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.model.expression import expression
from genlabel.storage.globs import Globs

_NAME = expression(r"[a-z][a-z0-9_-]{0,63}")


class QuestionKind(StrEnum):
    """What an answer is."""

    YES_NO = "yes-no"
    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"
    """One of the question's `choices`."""
    APPROVAL = "approval"
    """Somebody's written consent: what it is called, whose it is, and of which day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A written consent."""

    reference: str
    by: str
    on: date

    def __str__(self) -> str:
        return f"{self.reference} by {self.by} on {self.on.isoformat()}"


Value = str | bool | date | Approval


@dataclass(frozen=True, slots=True)
class Question:
    """What a book asks of its user."""

    id: str
    """The key in the book's table: small letters, digits, ``_``, ``-``."""
    kind: QuestionKind = field(default=QuestionKind.TEXT, kw_only=True)
    text: str = field(kw_only=True)
    """The question, one English sentence."""
    choices: tuple[str, ...] = field(default=(), kw_only=True)
    """Of a choice, the words among which is chosen."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.id):
            raise ConfigurationError(f"question {self.id!r}: no name of a key")
        if not self.text or (self.kind is QuestionKind.CHOICE) is not bool(self.choices):
            raise ConfigurationError(f"question {self.id}: has no text, or no choices that fit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody declares."""

    value: Value
    by: str
    """Whose word it is."""
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Answers for some files alone."""

    paths: tuple[str, ...]
    """Globs, as for ``--include``."""
    answers: Mapping[str, Answer]

    def fits(self, path: str) -> bool:
        """Is it for the file at `path`? Raises `ConfigurationError` for what is no glob."""
        return _globs(self.paths).fit(PurePath(path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Declarations:
    """Answers by key, and those for some files alone."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.answers or self.overrides)

    def __iter__(self) -> Iterator[str]:
        return iter(self.answers)

    def get(self, key: str) -> Answer | None:
        """The answer to ``book.question``; None where nobody gave one."""
        return self.answers.get(key)

    def at(self, path: str | None) -> Declarations:
        """Those for the file at `path`, where of several that fit the last one counts."""
        if path is None or not self.overrides:
            return self
        answers = dict(self.answers)
        for each in self.overrides:
            if each.fits(path):
                answers |= each.answers
        return replace(self, answers=answers, overrides=())


@cache
def _globs(paths: tuple[str, ...]) -> Globs:
    return Globs(paths)


NOTHING_DECLARED = Declarations()
