"""The form in which declarations are asked for: TOML with every question as a comment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from genlabel.model.words.catalogue import OFFERED
from genlabel.model.words.translation import translated
from genlabel.policies import Books, named
from genlabel.policies.declaration_files import SCHEMA
from genlabel.policies.declarations import Question, QuestionKind

_HEAD = (
    "what is declared here no file can show; it is reported as declared, by whom and when",
    "take away the # in front of an answer, and write your own behind the =",
)
_PATHS = "answers for some pictures alone, which go over those above"


def ask_policies(policy: Books, *, on: date | None = None) -> str:
    """The form for one rule book or several, in every language; nothing in it is answered.

        Path("declarations.toml").write_text(ask_policies("labelled"), encoding="utf-8")

    `on` is the day of the answers, today by default. Raises `ConfigurationError` for an unknown
    book.
    """
    day = on or datetime.now(UTC).date()
    several = [each for each in named(policy) if each.questions]
    lines = [line for text in _HEAD for line in _comments(text)]
    lines += [f'schema = "{SCHEMA}"', 'by = ""', f"on = {day.isoformat()}", ""]
    for book in several:
        lines.append(f"[{book.name}]")
        for question in book.questions:
            lines += [*_comments(question.text), f"# {question.id} = {_example(question)}", ""]
    lines += [*_comments(_PATHS), "# [[for]]", '# paths = ["hero/*.png"]']
    lines += [f"# [for.{book.name}]" for book in several[:1]]
    return "\n".join(lines) + "\n"


def _comments(text: str) -> Iterator[str]:
    """The text in each language, once where two have the same words."""
    for spoken in dict.fromkeys(translated(text, language) for language in OFFERED):
        yield f"# {spoken}"


def _example(question: Question) -> str:
    if question.kind is QuestionKind.CHOICE:
        return f'"{question.choices[0]}"  # {" | ".join(question.choices)}'
    return _EXAMPLES[question.kind]


_EXAMPLES = {
    QuestionKind.YES_NO: "true  # true | false",
    QuestionKind.TEXT: '"…"',
    QuestionKind.DATE: "2026-11-29",
    QuestionKind.APPROVAL: '{ reference = "…", by = "…", on = 2026-11-29 }',
}
