"""Rule books when files are verified: several, on a day, with declarations, in other processes."""

from __future__ import annotations

import json
import pickle
from datetime import date
from pathlib import Path

import pytest

import genlabel
from genlabel import Label, Producer, SignOptions, VerifyOptions, testing
from genlabel.cli.main import status
from genlabel.model.errors import ConfigurationError
from genlabel.policies import BOOKS, policy

OFFICIAL = "c2pa-conformance"


@pytest.fixture(scope="module")
def labelled(signer) -> bytes:
    label = Label.generated(producer=Producer("Acme"))
    return genlabel.sign(testing.picture("png"), label, signer).data


def judged(report: genlabel.Report) -> list[str]:
    return list(dict.fromkeys(each.policy for each in report.judgements))


@pytest.mark.parametrize(
    ("given", "books"),
    [
        ({}, ["labelled"]),
        ({"policy": None}, []),
        ({"policy": []}, []),
        ({"policy": "labelled"}, ["labelled"]),
        ({"policy": OFFICIAL}, [OFFICIAL]),
        ({"policy": ["labelled", policy(OFFICIAL)]}, ["labelled", OFFICIAL]),
        ({"options": VerifyOptions(policy=(policy(OFFICIAL),))}, [OFFICIAL]),
    ],
)
def test_books_given_take_the_place_of_labelled(labelled, given, books):
    assert judged(genlabel.verify(labelled, **given)) == books


def test_what_two_books_object_to_alike_is_found_once(labelled):
    more = genlabel.Policy(name="more", title="more", rules=policy("labelled").rules)
    bare = testing.picture("png")
    once, twice = (genlabel.verify(bare, policy=each) for each in ("labelled", ["labelled", more]))
    assert once.findings == twice.findings
    assert len(twice.judgements) == 2 * len(once.judgements)


@pytest.mark.parametrize(
    "given", [{"as_of": "soon"}, {"as_of": "2026-02-30"}, {"as_of": "1999-01-01"}]
)
def test_a_day_that_is_none_or_before_the_book_is_refused(labelled, given):
    with pytest.raises(ConfigurationError, match=r"is no day|knows no rules of 1999-01-01"):
        genlabel.verify(labelled, policy=OFFICIAL, **given)
    with pytest.raises(ConfigurationError, match=r"is no day|knows no rules of 1999-01-01"):
        SignOptions(require_policy=OFFICIAL, **given)
    assert VerifyOptions(as_of="2026-12-02").as_of == date(2026, 12, 2)


@pytest.mark.parametrize("name", BOOKS)
def test_a_book_of_ours_goes_to_another_process_by_its_name(name):
    assert pickle.loads(pickle.dumps(policy(name))) is policy(name)


def test_files_are_judged_in_other_processes_as_in_this_one(labelled, tmp_path):
    for number in range(12):
        (tmp_path / f"{number:02}.png").write_bytes(labelled)
    books = ["labelled", OFFICIAL]
    one, two = (list(genlabel.verify_files([tmp_path], policy=books, jobs=jobs)) for jobs in (1, 2))
    assert [each.judgements for each in one] == [each.judgements for each in two]
    assert all(map(judged, two))


def test_the_document_of_a_run_says_by_which_books_and_of_which_day(labelled, tmp_path, capsys):
    picture = tmp_path / "cat.png"
    picture.write_bytes(labelled)
    words = ["verify", str(picture), "--no-config", "--format", "json"]
    more = ["--policy", "labelled", "--policy", OFFICIAL, "--as-of", "2026-12-02"]
    assert status([*words, *more]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["policy"] == f"labelled, {OFFICIAL}"
    assert document["as_of"] == "2026-12-02"
    assert set(document["summary"]["judgements"]) == {"labelled", OFFICIAL}
    assert status([*words, "--policy", OFFICIAL, "--as-of", "1999-01-01"]) == 2


def test_declarations_that_nobody_asks_for_are_wrong_usage(labelled, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("cat.png").write_bytes(labelled)
    head = 'schema = "genlabel.declarations/1"\nby = "Ada"\non = 2026-11-29\n'
    Path("d.toml").write_text(f"{head}[labeled]\nx = 1\n")
    words = ["verify", "cat.png", "--no-config", "--declarations"]
    assert status([*words, "d.toml"]) == 2
    assert "did you mean labelled?" in capsys.readouterr().err
    assert status([*words, "no-such.toml"]) == 2
    Path("d.toml").write_text(head)
    assert status([*words, "d.toml"]) == 0
    with pytest.raises(ConfigurationError, match="labeled: unknown"):
        genlabel.verify(
            labelled,
            declarations={
                "schema": "genlabel.declarations/1",
                "by": "Ada",
                "on": "2026-11-29",
                "labeled": {"x": 1},
            },
        )
