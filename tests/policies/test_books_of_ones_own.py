"""Rule books in TOML and those made of others: what they ask, what is refused, what they find."""

from __future__ import annotations

import json
import pickle
import tomllib
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings, strategies as st

import genlabel
from genlabel import Element, ElementRights, Label, Producer, Step, testing
from genlabel.cli.main import status
from genlabel.model.errors import ConfigurationError
from genlabel.model.judgement import Basis, Level, RuleSource, Verdict
from genlabel.model.report import Integrity, Report, Severity
from genlabel.policies import compose, conditions, policy
from genlabel.policies.conditions import condition
from genlabel.policies.evidence import Evidence
from genlabel.policies.labelled import LABELLED
from genlabel.policies.patterns import MAX_MATCHED, bounded

ROOT = Path(__file__).parents[2]
PRESS = ROOT / "examples/policies/press.toml"
SCHEMA = json.loads((ROOT / "docs/schema/policy-1.json").read_text())
MEDIA = "Example Media GmbH"
HEAD = 'schema = "genlabel.policy/1"\nname = "own"\ntitle = "mine"\nsource = { title = "a text" }\n'
ONE = '[[rules]]\nid = "one"\nasks = "so"\nfix = "do so"\ncheck = { field = "title" }\n'


@pytest.fixture(scope="module")
def house():
    return testing.Authority.new(MEDIA)


@pytest.fixture
def press(house, clock, tsa, tmp_path, monkeypatch):
    """Signs a picture below press/ or elsewhere, and judges it by the example."""
    monkeypatch.chdir(tmp_path)

    def judged(label=None, *, where="press/x.png", by=house, tsa=tsa):
        path = Path(where)
        path.parent.mkdir(exist_ok=True)
        label = label or Label.edited(producer=Producer(MEDIA))
        signed = genlabel.sign(testing.picture("png"), label, by.signer(), tsa=tsa)
        path.write_bytes(signed.data)
        trust = testing.trust(house, tsa=[clock])
        report = genlabel.verify_file(path, trust=trust, policy=PRESS)
        return {each.rule: each.verdict for each in report.judgements}, report

    return judged


OWN = ("signed-by-us", "time-stamped", "names-us", "not-generative")


def test_what_is_as_the_house_asks_passes(press):
    verdicts, report = press()
    assert {verdicts[each] for each in OWN} == {Verdict.PASSED}
    assert not [each for each in report.findings if each.code.startswith("example-press/")]


@pytest.mark.parametrize("rule", OWN)
def test_each_rule_fails_alone(press, rule):
    other = testing.Authority.new("Other House")
    generated = Label.generated(producer=Producer(MEDIA))
    verdicts, report = {
        "signed-by-us": lambda: press(by=other),
        "time-stamped": lambda: press(tsa=None),
        "names-us": lambda: press(Label.edited(producer=Producer("Somebody Else"))),
        "not-generative": lambda: press(generated),
    }[rule]()
    # a stranger's certificate proves no time-stamp's signer less: only his own rule fails
    assert {each for each in OWN if verdicts[each] is Verdict.FAILED} == {rule}
    assert f"example-press/{rule}" in {each.code for each in report.findings}


def test_what_lies_elsewhere_is_judged_by_the_common_rules_alone(press):
    verdicts, _ = press(where="other/x.png", by=testing.Authority.new("Other House"), tsa=None)
    assert {verdicts[each] for each in OWN} == {Verdict.NOT_APPLICABLE}
    assert verdicts["producer"] is Verdict.PASSED


def test_the_example_fits_the_schema_and_every_condition_is_in_it():
    jsonschema.validate(tomllib.loads(PRESS.read_text()), SCHEMA)
    known = set(SCHEMA["$defs"]["condition"]["properties"])
    assert known == {*conditions.CONDITIONS, "all_of", "any_of", "not"}


def test_rules_keep_the_names_of_their_books_and_levels_may_be_others():
    book = policy(PRESS)
    judged = {each.id: each for each in book.judge(Report())}
    assert judged["labelled/producer-is-signer"].level is Level.MUST
    assert "example-press/names-us" in judged
    assert pickle.loads(pickle.dumps(book)).name == "example-press"


def write(tmp_path, text):
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "schema is missing"),
        (HEAD, "has no rule"),
        (HEAD + "titel = 1\n" + ONE, "titel: unknown"),
        (HEAD + ONE.replace("asks", "ask"), "rule one: ask: unknown"),
        (HEAD + ONE.replace('{ field = "title" }', "{}"), "a table with one key"),
        (HEAD + ONE.replace("field", "feild"), "feild: no condition"),
        (HEAD + ONE.replace('"title" }', '"titel" }'), "'titel' is no field: did you mean title"),
        (HEAD + ONE + ONE, "has one twice"),
        (HEAD.replace('source = { title = "a text" }', "") + ONE, "where it is written"),
        (HEAD + ONE + "level = 'most'\n", "level: most"),
        (HEAD + ONE + "since = 'now'\n", "since: no day"),
        (HEAD + "all_of = ['nobody']\n", "no rule book"),
        (HEAD + "all_of = ['labelled']\nexcept = ['labelled/x']\n", "no rule of its books"),
        (HEAD + "all_of = ['own.toml']\n", "composed of books more than"),
        (HEAD.replace('"own"', '"labelled"') + ONE, "book of genlabel's own"),
        (HEAD + ONE.replace('{ field = "title" }', "{ stamped = false }"), "wants true"),
        (
            HEAD + ONE.replace('{ field = "title" }', '{ marks_include = "xmp" }'),
            "'xmp' is not known here",
        ),
        (
            HEAD + ONE.replace('{ field = "title" }', '{ step_by = "robot" }'),
            "'robot' is not",
        ),
        (HEAD + ONE.replace('{ field = "title" }', "{ source_basis_in = [] }"), "wants a text"),
        (HEAD + "x = [" + "[" * 5000, "no TOML"),
        (HEAD + "version = " + "1" * 5000, "no TOML"),
        (HEAD + "version = [{ x = 0x" + "f" * 5000 + " }]", "no TOML"),
    ],
)
def test_what_is_wrong_in_a_book_is_told_with_its_place(tmp_path, text, told):
    path = write(tmp_path, text)
    with pytest.raises(ConfigurationError) as caught:
        policy(path)
    assert told in str(caught.value)
    assert str(caught.value).startswith(str(path))


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+", r"(a)\1", "(?=a)", "a*b*c*d*", "a" * 201, "(?i)a", "(a|b)*", "[", "(a){2}", 7,
     "(a|.)" * 39 + "b", "((a|b)|c|.)" * 15, "a*a*a*(a|.)b", "a{,9}" * 4, "|a" * 90 + "|a*a*a*"],
)  # fmt: skip
def test_a_pattern_without_a_bound_is_refused(pattern):
    with pytest.raises(ValueError, match=r"pattern|expression"):
        bounded(pattern)


@pytest.fixture(scope="module")
def made_of(house):
    """The report on a picture of two elements with rights, with steps by a person and a model."""
    sky = Element(testing.picture("jpeg"), rights=ElementRights(basis="own-work"))
    boat = Element(identifier="AGENCY-12", rights=ElementRights(basis="licence"))
    steps = [Step(action="cropped", by="human"), Step(action="edited", by="ai")]
    label = Label.composite(producer=Producer(MEDIA), of=[sky, boat], steps=steps)
    signed = genlabel.sign(testing.picture("png"), label, house.signer())
    return genlabel.verify(signed.data, trust=testing.trust(house))


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ({"step_by": "human"}, Verdict.PASSED),
        ({"step_by": ["algorithm", "ai"]}, Verdict.PASSED),
        ({"step_by": "algorithm"}, Verdict.FAILED),
        ({"not": {"step_by": "ai"}}, Verdict.FAILED),
        ({"not": {"step_by": "algorithm"}}, Verdict.PASSED),
        ({"source_basis_in": ["licence", "own-work"]}, Verdict.PASSED),
        ({"source_basis_in": ["licence"]}, Verdict.FAILED),
        ({"not": {"source_basis_in": "unknown"}}, Verdict.PASSED),
    ],
)
def test_what_a_manifest_records_is_asked_by_conditions(made_of, value, verdict):
    check = condition(value, where="here")
    made = check(Evidence(made_of))
    assert (made.verdict, made.basis) == (verdict, Basis.SIGNED), made.explanation
    # what was changed after it was signed records nothing
    assert (
        check(Evidence(replace(made_of, integrity=Integrity.BROKEN))).verdict is Verdict.UNDECIDED
    )


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("|".join(f"Studio {n}" for n in range(15)), "Studio 7"),
     ("(Acme|Beta) .* (Ltd|AG)", "Beta X AG"),
     (r"[|(][)|].*.*.*", "|)"), (r"\(a\|b\).*.*.*", "(a|b)")],
)  # fmt: skip
def test_alternatives_that_end_soon_are_taken(pattern, text):
    assert bounded(pattern).fullmatch(text)


def test_three_repetitions_end_soon_on_the_longest_text():
    assert bounded("[a-z]*[a-z]*[a-z]*!").fullmatch("a" * MAX_MATCHED) is None


@given(st.recursive(
    st.sampled_from([{"field": "title"}, {"stamped": True}, {"producer": "A"},
                     {"source_type_in": ["generative"]}, {"marks_include": ["iptc"]},
                     {"signer_organisation": "A"}, {"trust_at_least": "known"},
                     {"declared": "own.x"}, {"step_by": "human"}, {"source_basis_in": "licence"},
                     {"field_matches": {"field": "title", "pattern": ".*"}}]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda each: {"all_of": each}),
        st.lists(inner, min_size=1, max_size=3).map(lambda each: {"any_of": each}),
        inner.map(lambda each: {"not": each}),
    ),
    max_leaves=8,
))  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_no_condition_passes_on_an_empty_report(value):
    """Silence is neither a yes nor a no."""
    try:
        check = condition(value, where="here")
    except ConfigurationError:
        return  # nested too deeply
    assert check(Evidence(Report())).verdict is not Verdict.PASSED


def test_any_of_passes_where_one_book_does(press):
    strict = policy(PRESS)
    rule = compose.any_of(
        "either", [strict, LABELLED], source=RuleSource(title="here"), level=Level.MUST
    )
    book = compose.all_of("either-book", [], rules=[rule])
    _, report = press(Label.edited(producer=Producer(MEDIA)), tsa=None)
    (made,) = book.judge(report)
    assert made.verdict is Verdict.PASSED
    (made,) = book.judge(Report())
    assert made.verdict is Verdict.UNDECIDED


def test_another_level_is_that_of_the_findings_too():
    """`labelled` has a warning where the producer named is not the signer; the example an error."""
    signed = genlabel.sign(
        testing.picture("png"),
        Label.edited(producer=Producer("Somebody Else")),
        testing.Authority.new(MEDIA).signer(),
    )
    code = "genlabel.producer.differs"
    for book, severity in (("labelled", Severity.WARNING), (PRESS, Severity.ERROR)):
        report = genlabel.verify(signed.data, policy=book)
        assert [each.severity for each in report.findings if each.code == code] == [severity]


@pytest.mark.parametrize(
    ("name", "what", "option"),
    [
        ("cepic-declarations", "these are declarations", "--declarations"),
        ("cepic-label", "this is a label file", "--label"),
    ],
)
def test_policy_check_says_what_another_file_is(capsys, name, what, option):
    assert status(["policy", "check", str(PRESS.with_name(f"{name}.toml"))]) == 2
    told = capsys.readouterr().err
    assert f"{what}, " in told
    assert f"hint: give it with {option}" in told


def test_policy_check_says_whether_a_book_is_sound_and_what_it_says_of_pictures(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    assert status(["policy", "check", str(PRESS)]) == 0
    assert "example-press" in capsys.readouterr().out
    Path("press").mkdir()
    Path("press/x.png").write_bytes(testing.picture("png"))
    assert status(["policy", "check", str(PRESS), "--on", "press"]) == 1
    assert "[example-press/signed-by-us]" in capsys.readouterr().out
    path = write(tmp_path, HEAD + ONE.replace("field", "feild"))
    assert status(["policy", "check", str(path)]) == 2
    assert "rule one: check: feild: no condition" in capsys.readouterr().err
    assert status(["policy", "check", "labelled"]) == 2


def test_a_book_that_a_repository_names_adds_and_lifts_nothing(tmp_path, monkeypatch, capsys):
    """Its path is below the settings file; `labelled` stays."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/own.toml").write_text(HEAD + ONE)
    (tmp_path / "genlabel.toml").write_text('[verify]\npolicy = ["rules/own.toml"]\n')
    (tmp_path / ".git").mkdir()
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/x.png").write_bytes(testing.picture("png"))
    monkeypatch.chdir(tmp_path / "deep")
    assert status(["verify", "x.png", "--format", "json"]) == 1
    (report,) = json.loads(capsys.readouterr().out)["reports"]
    assert {each["policy"] for each in report["judgements"]} == {"labelled", "own"}
