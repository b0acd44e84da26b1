"""`genlabel policy`: what the rule books ask, and the form in which answers are given."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from genlabel import ask_policies, explain_rule, policies, show_policies, testing
from genlabel.cli.main import status
from genlabel.model.judgement import ReadFrom, RuleSource
from genlabel.policies import BOOKS, LABELLED
from genlabel.policies.answers import declared
from genlabel.policies.declaration_files import declarations
from genlabel.policies.declarations import Question, QuestionKind
from genlabel.policies.needs import STAMP
from genlabel.policies.rule import Policy, Rule

DOCS = Path(__file__).parents[2] / "docs"
SCHEMA = json.loads((DOCS / "schema/policies-1.json").read_text("utf-8"))
ASKING = Policy(
    name="asking",
    title="a book that asks",
    version="2",
    published="2026-06-10",
    rules=(
        Rule(
            "contact",
            asks="it is said whom people can ask",
            source=RuleSource(title="a text", section="§1", how=ReadFrom.MIRROR),
            check=declared("asking.contact"),
            fix="say it",
            needs=(STAMP,),
        ),
    ),
    questions=(
        Question("contact", text="Whom can people ask?"),
        Question("persons", kind=QuestionKind.YES_NO, text="Are people seen?"),
        Question("opt_out", kind=QuestionKind.CHOICE, choices=("stated", "none"), text="Which?"),
        Question("published", kind=QuestionKind.DATE, text="When?"),
        Question("likeness", kind=QuestionKind.APPROVAL, text="Who approved?"),
    ),
)


@pytest.fixture
def asking(monkeypatch):
    monkeypatch.setitem(BOOKS, "asking", "rule ASKING")
    monkeypatch.setattr("genlabel.policies.rule.ASKING", ASKING, raising=False)
    assert policies.policy("asking") is ASKING
    assert policies.policy("labelled") is LABELLED


def test_every_book_is_listed_and_shown_rule_by_rule(genlabel):
    listed = genlabel("policy", "list").out
    for name in BOOKS:
        assert name in listed
        shown = genlabel("policy", "show", name).out
        for rule in policies.policy(name).rules:
            assert f"{name}/{rule.id}: " in shown
            assert rule.asks in shown


def test_the_json_is_of_its_schema_and_has_every_sentence_in_both_languages(genlabel, asking):
    for words in (["list"], ["show", "asking"], ["explain", "asking/contact"]):
        document = json.loads(genlabel("policy", *words, "--format", "json").out)
        jsonschema.validate(document, SCHEMA)
    (rule,) = document["rules"]
    assert rule["source"]["how"] == "mirror"
    assert rule["needs"] == ["--tsa URL"]
    listed = json.loads(genlabel("policy", "list", "--format", "json").out)
    for book in listed["books"]:
        assert {frozenset(rule["asks"]) for rule in book["rules"]} == {frozenset(("en", "fr"))}


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "read in a copy of the official text"), ("fr", "lu dans une copie du texte officiel")],
)
def test_a_rule_says_in_what_copy_its_text_was_read_and_no_law(genlabel, asking, language, words):
    told = genlabel("policy", "explain", "contact", "--lang", language).out
    assert words in told
    assert "--tsa URL" in told
    assert ("whether a law is met" if language == "en" else "si une loi est respectée") in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["show", "labeled"], "labelled"),
        (["explain", "producr"], "did you mean labelled/producer?"),
        (["explain", "zzzz"], "policy show"),
        (["ask", "cepci"], "did you mean cepic?"),
        (["ask"], ""),
    ],
)
def test_a_name_that_there_is_not_is_wrong_usage_with_the_nearest(genlabel, words, told):
    answer = genlabel("policy", *words)
    assert answer.status == 2
    assert told in answer.err


def test_the_form_is_read_as_it_is_and_with_every_answer_that_it_shows(
    genlabel, asking, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert genlabel("policy", "ask", "asking", "-o", "d.toml", "-q").status == 0
    text = Path("d.toml").read_text("utf-8")
    assert "# Whom can people ask?" in text
    assert "aucun fichier ne peut le montrer" in text
    assert not declarations("d.toml", policy=[ASKING])
    questions = [f"# {each.id} = " for each in ASKING.questions]
    answered = "\n".join(
        line.removeprefix("# ") if line.startswith(tuple(questions)) else line
        for line in text.replace('by = ""', 'by = "Ada"').splitlines()
    )
    Path("d.toml").write_text(answered, encoding="utf-8")
    assert len(declarations("d.toml", policy=[ASKING]).answers) == len(ASKING.questions)
    tomllib.loads(answered)


def test_a_form_replaces_nothing_unless_it_may(genlabel, tmp_path):
    there = tmp_path / "d.toml"
    there.write_text("mine")
    assert genlabel("policy", "ask", "cepic", "-o", str(there)).status == 2
    assert there.read_text() == "mine"
    assert genlabel("policy", "ask", "cepic", "-o", str(there), "--overwrite").status == 0


def test_what_the_commands_show_the_functions_give(asking):
    names = [book.name for book in show_policies()]
    assert names == list(BOOKS)
    (book,) = show_policies(ASKING)
    assert [each.key for each in book.questions] == [f"asking.{q.id}" for q in ASKING.questions]
    (rule,) = explain_rule("labelled/producer")
    assert rule.fix["en"] == policies.policy("labelled").rules[1].fix
    form = ask_policies(["labelled", ASKING], on=date(2026, 12, 2))
    assert tomllib.loads(form)["on"] == date(2026, 12, 2)


def test_a_book_made_of_others_asks_what_these_ask(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    head = 'schema = "genlabel.policy/1"\nname = "own"\ntitle = "mine"\n'
    (tmp_path / "own.toml").write_text(f'{head}all_of = ["cepic", "labelled"]\n')
    assert status(["policy", "ask", "own.toml", "-o", "-"]) == 0
    assert "[cepic]" in capsys.readouterr().out
    assert not (tmp_path / "-").exists()
    assert status(["policy", "ask", "labelled", "-o", "form.toml"]) == 0
    assert not (tmp_path / "form.toml").exists()


def test_verify_tells_where_the_form_is_and_of_declarations_that_nothing_reads(
    genlabel, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    Path("cat.png").write_bytes(testing.picture("png"))
    open_ = genlabel("verify", "cat.png", "--policy", "cepic").err
    assert "`genlabel policy ask cepic` writes the form" in open_
    assert "policy ask" not in genlabel("verify", "cat.png").err
    declared = 'schema = "genlabel.declarations/1"\nby = "A"\non = 2026-11-29\n[cepic]\n'
    Path("d.toml").write_text(declared + "harmless = true\n")
    ignored = "no rule book of this run asks anything"
    assert ignored in genlabel("verify", "cat.png", "--declarations", "d.toml").err
    both = ("verify", "cat.png", "--declarations", "d.toml", "--policy", "cepic")
    assert ignored not in genlabel(*both).err


def test_a_question_that_the_form_leaves_open_is_told_with_how_to_answer_it(studio, genlabel):
    assert genlabel("sign", "cat.png", "-o", "labelled.png", "--generated", "-q").status == 0
    head = 'schema = "genlabel.declarations/1"\nby = "Anna"\non = 2026-11-29\n\n[cepic]\n'
    words = ("verify", "labelled.png", "--policy", "cepic", "--declarations", "form.toml")
    Path("form.toml").write_text(f"{head}visible = true\n", "utf-8")
    partly = genlabel(*words)
    assert "answer cepic.harmless in the form; `genlabel policy ask cepic`" in partly.out
    assert "do not publish it" not in partly.out
    assert "répondez à cepic.harmless" in genlabel(*words, "--lang", "fr").out
    Path("form.toml").write_text(f"{head}visible = true\nharmless = false\n", "utf-8")
    assert "do not publish it [cepic/harmless]" in genlabel(*words).out
