"""The examples of the rule books pass whole, and each of their lines is there for one rule."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from genlabel import testing
from genlabel.cli.main import status
from genlabel.model.judgement import Level
from genlabel.policies import policy

EXAMPLES = Path(__file__).parents[2] / "examples/policies"
REFUSED = "refused"
"""Nothing is signed: there is no label, or there are no declarations."""
EXPECTED = {
    "cepic-label": {
        "history": REFUSED,
        "producer.name": REFUSED,
        "description": "told-fully",
        "steps": "human-part",
        "rights.data_mining": "opt-out",
    },
    "cepic-declarations": {
        "published": "in-time",
        "visible": "visible",
        "sources": "sources",
        "licensed": "licensed",
        "model_basis": "model-basis",
        "persons": "releases",
        "harmless": "harmless",
        "capabilities": "capabilities",
        "complaint_contact": "complaints",
        "correction_time": "complaints",
        "policies": "policies",
        "project": "retention",
        "retention": "retention",
    },
    "netflix-label": {"history": REFUSED, "producer.name": REFUSED},
    "netflix-declarations": {
        "contact": "notified",
        "notified_on": "notified",
        "final": "final",
        "final_approval": "final",
        "talent": "talent",
        "data_use": "data-use",
        "creative_output": "creative-output",
        "creative_output_approval": "creative-output",
        "ethics": "ethics",
        "inputs": "inputs",
        "tool": "tool",
        "enterprise": "enterprise",
        "facts": "facts",
        "human_input": "human-input",
    },
    "eu-provider-label": {
        "history": REFUSED,
        "producer.name": REFUSED,
        "generator.name": "system",
        "generator.version": "model",
        "generator.provider": "system",
        "created": "system",
    },
    "eu-provider-declarations": {
        "single_layer": "second-layer",
        "keys": "keys",
        "inputs_kept": "retained",
        "detection": "detection",
        "detection_free": "detection",
    },
}
"""A file → what each of its lines says first → the rule that fails without it."""
HEAD = dict.fromkeys(("schema", "by", "on"), REFUSED)
"""Of every file of declarations, beside its table."""
BOOKS = ("cepic", "netflix", "eu-provider")
PAGE = (EXAMPLES.parents[1] / "docs/rulebooks.md").read_text("utf-8")
OPEN = re.findall(r"^(`.*`) are undecided for every file", PAGE, re.MULTILINE)
UNDECIDED = {book: set(re.findall(rf"`{book}/([a-z-]+)`", " ".join(OPEN))) for book in BOOKS}
"""What the page leaves open."""


def named(line: str) -> str:
    return line.partition(" = ")[0]


def lines(name: str) -> list[str]:
    text = (EXAMPLES / f"{name}.toml").read_text("utf-8")
    return [each for each in text.split("\n") if each and not each.startswith("#")]


def expected(name: str) -> dict[str, str]:
    book, _, kind = name.rpartition("-")
    return {**EXPECTED[name], **({f"[{book}]": REFUSED, **HEAD} if kind == "declarations" else {})}


@pytest.fixture(scope="module")
def house(tmp_path_factory, authority, clock, tsa):
    """The options of who signs, who dates and whom one knows."""
    keys = authority.write(tmp_path_factory.mktemp("house"))
    anchors = clock.write(tmp_path_factory.mktemp("clock")).anchors
    return (
        *("--key", str(keys.key), "--certificates", str(keys.certificates)),
        *("--trust", str(keys.anchors), "--tsa", tsa, "--trust-tsa", str(anchors)),
    )


@pytest.fixture
def signs(house, clock, tmp_path, monkeypatch, capsys):
    """Signs a picture by a book's two files, without one line of one of them."""
    monkeypatch.chdir(tmp_path)
    Path("clock.pem").write_bytes(clock.anchors)
    (tmp_path / "x.png").write_bytes(testing.picture("png"))

    def signed(book, without=None):
        for name in (f"{book}-label", f"{book}-declarations"):
            left = [each for each in lines(name) if (name, named(each)) != without]
            Path(f"{name}.toml").write_text("\n".join(left) + "\n", "utf-8")
        words = ["sign", "x.png", "-o", "out/", "--label", f"{book}-label.toml", *house]
        words += ["--policy", book, "--declarations", f"{book}-declarations.toml"]
        code = status([*words, "--format", "json"])
        return code, json.loads(capsys.readouterr().out)

    return signed


def judged(value: object) -> Iterator[dict[str, object]]:
    """All judgements of the result, those of what was not let pass among them."""
    if isinstance(value, dict):
        if "verdict" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from judged(each)


def rules(result: dict[str, object], verdict: str) -> set[str]:
    return {str(each["rule"]) for each in judged(result) if each["verdict"] == verdict}


@pytest.mark.parametrize("book", BOOKS)
def test_an_example_passes_with_what_the_page_leaves_open(signs, book):
    code, result = signs(book)
    assert code == 0
    assert rules(result, "failed") == set()
    assert rules(result, "undecided") == UNDECIDED[book]
    assert rules(result, "passed")


def test_whoever_declares_nothing_is_told_at_the_end_how_it_is_asked_for(
    house, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.png").write_bytes(testing.picture("png"))
    words = ["sign", "x.png", "-o", "out/", "--label", str(EXAMPLES / "netflix-label.toml"), *house]
    words += ["--policy", "netflix", "--overwrite"]
    for more, told in (
        ([], True),
        (["--quiet"], False),
        (["--declarations", str(EXAMPLES / "netflix-declarations.toml")], False),
    ):
        assert status([*words, *more]) == 0
        said = capsys.readouterr().err
        assert ("`genlabel policy ask netflix` writes the form" in said) is told
        assert ("judgements are open (11)" in said) is told


def test_questions_that_a_form_leaves_open_are_listed_in_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.png").write_bytes(testing.picture("png"))
    form = (EXAMPLES / "netflix-declarations.toml").read_text(encoding="utf-8")
    for left_out in ("talent", "facts"):
        assert f"\n{left_out} = " in form
        form = form.replace(f"\n{left_out} = ", f"\n# {left_out} = ")
    (tmp_path / "form.toml").write_text(form, encoding="utf-8")
    assert status(["verify", "x.png", "--policy", "netflix", "--declarations", "form.toml"]) == 1
    said = capsys.readouterr()
    assert said.err.splitlines()[-1] == (
        "genlabel: netflix: no answer to netflix.talent, netflix.facts"
    )
    for name in ("talent", "facts"):
        assert f"answer netflix.{name} in the form" in said.out
    assert "put it to the contact" not in said.out


def test_nothing_of_what_is_declared_to_the_broadcaster_is_in_the_picture(signs):
    assert signs("netflix")[0] == 0
    data = Path("out/x.png").read_bytes().lower()
    sheet = tomllib.loads((EXAMPLES / "netflix-declarations.toml").read_text("utf-8"))
    texts = [sheet["by"], "netflix"]
    for each in sheet["netflix"].values():
        texts += each.values() if isinstance(each, dict) else [each]
    said = [each for each in texts if isinstance(each, str) and len(each) > 5]
    assert len(said) > 5
    assert not [each for each in said if each.lower().encode() in data]


def test_the_page_leaves_two_rules_open():
    assert {"cepic": {"record", "corrections"}, "netflix": set(), "eu-provider": set()} == UNDECIDED


@pytest.mark.parametrize("name", EXPECTED)
def test_the_table_has_every_line(name):
    assert sorted(map(named, lines(name))) == sorted(expected(name))


@pytest.mark.parametrize(
    ("name", "line", "rule"),
    [(name, *each) for name in EXPECTED for each in expected(name).items()],
)
def test_without_one_line_the_rule_that_it_is_there_for_fails_alone(signs, name, line, rule):
    book = name.rpartition("-")[0]
    code, result = signs(book, (name, line))
    if rule is REFUSED:
        assert code == 2
        assert not list(judged(result))
        return
    asked = re.findall(r"lacks what is asked for by (.*?)\"", json.dumps(result))
    if asked:  # before anything was signed
        assert (code, asked) == (2, [f"{book}/{rule}"])
        return
    assert rules(result, "failed") == {rule}
    must = any(each.id == rule and each.level is Level.MUST for each in policy(book).rules)
    assert code == (1 if must else 0)
    assert Path("out/x.png").exists() is not must


MUST = {each.id for each in policy("eu-provider").rules if each.level is Level.MUST}


@pytest.mark.parametrize(
    ("before", "day", "failing"),
    [
        (True, "2026-12-01", set()),
        (True, "2026-12-02", {"second-layer"}),
        (True, "2026-12-03", {"second-layer"}),
        (False, "2026-12-01", {"second-layer"}),
        (False, "2026-12-02", {"second-layer"}),
        (None, "2026-12-01", {"second-layer"}),
    ],
)
def test_systems_of_before_are_asked_from_2_december_2026_on(signs, capsys, before, day, failing):
    """A picture with one layer, by a system that was on the market before 2 August, or not."""
    assert signs("eu-provider")[0] == 0
    left = [each for each in lines("eu-provider-declarations") if "single_layer" not in each]
    if before is not None:
        left.append(f"on-market-before = {str(before).lower()}")
    Path("own.toml").write_text("\n".join(left), "utf-8")
    words = ["verify", "out/x.png", "--policy", "eu-provider", "--declarations", "own.toml"]
    anchors = ["--trust-tsa", "clock.pem"]
    code = status([*words, *anchors, "--as-of", day, "--format", "json"])
    result = json.loads(capsys.readouterr().out)
    assert rules(result, "failed") == failing
    assert code == (1 if failing else 0)
    assert rules(result, "passed" if failing else "not-applicable") | failing >= MUST


@pytest.mark.parametrize(("day", "code"), [("2026-06-09", 2), ("2026-06-10", 0)])
def test_the_code_is_asked_from_its_first_day_on(signs, capsys, day, code):
    assert signs("eu-provider")[0] == 0
    words = ["verify", "out/x.png", "--policy", "eu-provider", "--trust-tsa", "clock.pem"]
    words += ["--declarations", "eu-provider-declarations.toml"]
    assert status([*words, "--as-of", day]) == code


@pytest.mark.parametrize("book", ["cepic", "eu-provider"])
def test_other_readers_find_what_the_rules_conclude_from_the_file(
    book, signs, authority, clock, exiftool, encypher
):
    """ExifTool for the fields, encypher-c2pa for signature and time."""
    code, _ = signs(book)
    assert code == 0
    data = Path("out/x.png").read_bytes()
    seen = {name.rpartition(":")[2]: value for name, value in exiftool.read(data).items()}
    assert "trainedAlgorithmicMedia" in str(seen["DigitalSourceType"])
    assert "Acme" in str(seen["Contributor"])
    if book == "cepic":  # told-fully, opt-out
        assert "generated with AI" in str(seen["Description"])
        assert "DMI-PROHIBITED" in str(seen["DataMining"])
    else:  # system, model
        assert seen["AISystemUsed"]
        assert seen["AISystemVersionUsed"]
    judged_by_others = encypher.verify(data, "image/png", authority.anchors, tsa_pem=clock.anchors)
    assert judged_by_others.accepted, judged_by_others.codes
    assert "timeStamp.trusted" in judged_by_others.successes
