"""Declarations in TOML: who says what of which files, and what nobody asked is refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from genlabel.model.errors import ConfigurationError, LabelError
from genlabel.model.judgement import RuleSource
from genlabel.policies import policies
from genlabel.policies.answers import passed
from genlabel.policies.declaration_files import declarations
from genlabel.policies.declarations import Answer, Approval, Question, QuestionKind
from genlabel.policies.rule import Policy, Rule

DOCS = Path(__file__).parents[2] / "docs"
DAY = date(2026, 11, 29)
BOOK = Policy(
    name="book",
    title="a book",
    rules=(
        Rule(
            "one",
            asks="it is so",
            source=RuleSource(title="a text"),
            check=lambda _: passed(),
            fix="make it so",
        ),
    ),
    questions=(
        Question("contact", text="Whom can people ask?"),
        Question("persons", kind=QuestionKind.YES_NO, text="Are people seen?"),
        Question("published", kind=QuestionKind.DATE, text="When was it published?"),
        Question("opt_out", kind=QuestionKind.CHOICE, choices=("stated", "none"), text="Which?"),
        Question("likeness", kind=QuestionKind.APPROVAL, text="Who approved?"),
    ),
)
HEAD = 'schema = "genlabel.declarations/1"\nby = "Ada"\non = 2026-11-29\n'


def read(tmp_path: Path, text: str, head: str = HEAD):
    file = tmp_path / "declarations.toml"
    file.write_text(head + text, encoding="utf-8")
    return declarations(file, policy=[BOOK])


def test_each_kind_of_answer_is_read_with_whose_word_it_is(tmp_path):
    found = read(
        tmp_path,
        """
        [book]
        contact = "mailto:ada@example.com"
        persons = false
        published = 2026-12-01
        opt_out = "stated"
        likeness = { reference = "2026-114", by = "Netflix", on = 2026-11-20 }
        """,
    )
    approval = Approval(reference="2026-114", by="Netflix", on=date(2026, 11, 20))
    assert dict(found.answers) == {
        "book.contact": Answer(value="mailto:ada@example.com", by="Ada", on=DAY),
        "book.persons": Answer(value=False, by="Ada", on=DAY),
        "book.published": Answer(value=date(2026, 12, 1), by="Ada", on=DAY),
        "book.opt_out": Answer(value="stated", by="Ada", on=DAY),
        "book.likeness": Answer(value=approval, by="Ada", on=DAY),
    }


def test_a_table_for_some_paths_goes_over_the_common_one_and_may_be_somebody_elses(tmp_path):
    found = read(
        tmp_path,
        """
        [book]
        persons = false

        [[for]]
        paths = ["hero/*.png"]
        by = "Grace"
        [for.book]
        persons = true

        [[for]]
        paths = ["*.jpg"]
        [for.book]
        contact = "x"
        """,
    )
    hero, photo = found.at("site/hero/a.png"), found.at("a.jpg")
    assert hero.get("book.persons") == Answer(value=True, by="Grace", on=DAY)
    assert photo.get("book.persons") == Answer(value=False, by="Ada", on=DAY)
    assert photo.get("book.contact") == Answer(value="x", by="Ada", on=DAY)
    assert hero.get("book.contact") is None


@pytest.mark.parametrize(
    ("text", "told", "remedy"),
    [
        ("[bok]\ncontact='x'", "bok: unknown", "did you mean book?"),
        ("[book]\ncontct='x'", "book.contct: unknown", "did you mean contact?"),
        ("[book]\npersons='yes'", "'yes' is no answer", "true or false"),
        ("[book]\ncontact=1", "1 is no answer", "a text"),
        ("[book]\ncontact=' '", "' ' is no answer", "a text"),
        ("[book]\npublished='soon'", "'soon' is no day", "2026-11-29"),
        ("[book]\npublished=2026-11-29T10:00:00Z", "is no day", "2026-11-29"),
        ("[book]\nopt_out='both'", "'both' is none of its words", "stated, none"),
        ("[book]\nlikeness='yes'", "'yes' is no answer", "reference"),
        ("[book]\nlikeness={by='x',on=2026-11-20}", "likeness.reference: is missing", "reference"),
        ("[book]\nlikeness={refrence='x'}", "likeness.refrence: unknown", "reference?"),
        ("book = 1", "book: is no table", "[book]"),
        ("[[for]]\npaths='*.png'", "for 1: paths: is no list", "paths"),
        ("[[for]]\n[for.book]\npersons=true", "for 1: paths: is no list", "paths"),
        ("[for]\npaths=['*.png']", "for: is no list", "[[for]]"),
        ("[[for]]\npaths=['*']\n[for.book]\nx=1", "for 1: book.x: unknown", "choose one of"),
    ],
)
def test_what_nobody_asked_or_is_no_answer_is_refused_with_what_to_write(
    tmp_path, text, told, remedy
):
    with pytest.raises(ConfigurationError) as refused:
        read(tmp_path, text)
    assert told in str(refused.value)
    assert remedy in (refused.value.remedy or "")


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("", "schema: is not"),
        ('schema = "genlabel.declarations/2"\n', "schema: is not"),
        ('schema = "genlabel.declarations/1"\non = 2026-11-29\n', "by: does not say whose"),
        ('schema = "genlabel.declarations/1"\nby = "Ada"\n', "on: None is no day"),
    ],
)
def test_a_declaration_says_whose_word_it_is_and_of_which_day(tmp_path, head, told):
    with pytest.raises(ConfigurationError, match=told):
        read(tmp_path, "[book]\npersons = true\n", head)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n[book]\n\npersons='yes'", 7),
        ("[book]\npersons=true\ncontct='x'", 6),
        ("[book]\npersons=true\n[bok]\nx=1", 6),
        ("[book]\nlikeness={refrence='x'}", 5),
        ("[[for]]\npaths=['*']\n[for.book]\npersons=true\n"
         "[[for]]\npaths=['a']\n[for.book]\npublished='soon'", 11),
        ('[book]\ncontact = "a\\u202eb"', 5),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_named_with_its_line(tmp_path, text, line):
    with pytest.raises((ConfigurationError, LabelError), match=rf"\.toml, line {line}: "):
        read(tmp_path, text)


def test_a_text_with_what_is_invisible_is_no_answer(tmp_path):
    with pytest.raises(LabelError):
        read(tmp_path, '[book]\ncontact = "a\\u202eb"\n')


def test_what_is_read_is_of_the_schema_and_what_the_schema_refuses_is_not_read(tmp_path):
    """Over every question of every book: the published schema and the reader agree."""
    schema = json.loads((DOCS / "schema/declarations-1.json").read_text("utf-8"))
    head = {"schema": "genlabel.declarations/1", "by": "Ada", "on": "2026-11-29"}
    for book in policies():
        for question in book.questions:
            for value in ANSWERS:
                content = {**head, book.name: {question.id: value}}
                fits = jsonschema.Draft202012Validator(schema).is_valid(content)
                try:
                    declarations(content)
                except ConfigurationError:
                    assert not fits, (book.name, question.id, value)
                else:
                    assert fits, (book.name, question.id, value)


ANSWERS = (
    *(True, False, "x", "", "2026-11-29", "yes", "no", "not sure", 3, None, [], {}),
    {"reference": "a", "by": "b", "on": "2026-11-20"},
    {"reference": "a", "by": "b", "on": "2026-11-20", "more": 1},
    {"reference": "a", "by": "b"},
)
