"""`genlabel explain`, and verdicts in other languages, from the outside."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schema/explain-1.json").read_text("utf-8"))


@pytest.fixture
def labelled(studio, genlabel) -> str:
    assert genlabel("sign", "cat.png", "-o", "labelled/", "--generated", "-q").status == 0
    return "labelled/cat.png"


def explained(genlabel, *words: str) -> dict:
    answer = genlabel("explain", "--format", "json", *words)
    assert answer.status == 0
    found = json.loads(answer.out)
    jsonschema.validate(found, SCHEMA)
    return found["reports"][0]


def test_a_labelled_picture_is_explained_with_its_limits_and_sources(labelled, genlabel):
    answer = genlabel("explain", labelled)
    assert answer.status == 0
    assert "Nothing in this picture or its label has been changed" in answer.out
    assert "It does not mean that what the label says is true" in answer.out
    for title in ("Google Images", "Meta", "Pinterest", "LinkedIn", "TikTok", "verify page"):
        assert f"  {title}" in answer.out
    assert "checked 2026-" in answer.out
    assert "https://" not in answer.out
    assert "https://" in genlabel("explain", "-v", labelled).out


def test_json_keeps_every_stable_word_in_every_language(labelled, genlabel):
    english, french = explained(genlabel, labelled), explained(genlabel, labelled, "--lang", "fr")
    assert (english["language"], french["language"]) == ("en", "fr")
    for name in ("question", "outcome", "severity"):
        assert [v[name] for v in english["verdicts"]] == [v[name] for v in french["verdicts"]]
    assert [c["consumer"] for c in english["consumers"]] == [
        c["consumer"] for c in french["consumers"]
    ]
    for one, other in zip(english["verdicts"], french["verdicts"], strict=True):
        assert one["lay"] != other["lay"]


def test_each_line_of_json_lines_is_a_report(labelled, genlabel):
    answer = genlabel("explain", "--format", "jsonl", labelled, "cat.png")
    lines = [json.loads(line) for line in answer.out.splitlines()]
    assert [line["verdicts"][0]["outcome"] for line in lines] == ["intact", "absent"]
    for line in lines:
        jsonschema.validate(line, {**SCHEMA["$defs"]["report"], "$defs": SCHEMA["$defs"]})


def test_explaining_judges_nothing_and_says_what_it_could_not_read(studio, genlabel):
    assert genlabel("explain", "cat.png", "-q").status == 0
    Path("bad.png").write_bytes(Path("cat.png").read_bytes()[:40])
    answer = genlabel("explain", "bad.png")
    assert answer.status == 2
    assert "unjudged" in answer.out


def test_the_page_is_in_the_language_too(labelled, genlabel):
    answer = genlabel("explain", "--lang", "fr", "--format", "html", labelled)
    assert '<html lang="fr">' in answer.out
    assert "depuis la signature" in answer.out


def test_the_locale_chooses_among_the_languages_that_are_offered(labelled, genlabel, monkeypatch):
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert "inchangée depuis sa signature" in genlabel("verify", labelled).out
    assert "unchanged since it was signed" in genlabel("verify", "--lang", "en", labelled).out
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert "unchanged since it was signed" in genlabel("verify", labelled).out


def test_a_prepared_language_is_used_only_when_asked_for_and_says_what_it_is(labelled, genlabel):
    answer = genlabel("verify", "--lang", "de", labelled)
    assert "unverändert seit der Signatur" in answer.out
    assert "nobody has reviewed" in answer.err


def test_the_configuration_chooses_the_language(labelled, genlabel, monkeypatch):
    monkeypatch.setenv("GENLABEL_WORDS_LANGUAGE", "fr")
    answer = genlabel("strip-check", "cat.png", "--against", labelled)
    assert answer.status == 1
    assert "lost\u00a0: disparue" in answer.out
    assert "[genlabel.mark.lost]" in answer.out


def test_a_language_that_nobody_speaks_here_is_exit_2(labelled, genlabel):
    answer = genlabel("verify", "--lang", "tlh", labelled)
    assert (answer.status, answer.out) == (2, "")
    assert "en, fr, de, zh" in answer.err


def test_verify_in_json_has_no_language(labelled, genlabel):
    def without_time(answer):
        return {**json.loads(answer.out), "started": None}

    english = genlabel("verify", "--format", "json", labelled)
    french = genlabel("verify", "--format", "json", "--lang", "fr", labelled)
    assert without_time(english) == without_time(french)


def test_findings_of_one_code_are_explained_once_and_their_particulars_each(studio, genlabel):
    lay = "The file does not say everything that a label should"
    short, long = genlabel("explain", "cat.png").out, genlabel("explain", "-v", "cat.png").out
    assert (short.count(lay), long.count(lay)) == (1, 1)
    for where in ("source_type", "producer"):
        assert f"({where})" in long


def test_a_code_or_a_rule_is_explained_where_no_file_is_called_so(studio, genlabel):
    code = genlabel("explain", "genlabel.mark.lost")
    assert code.status == 0
    assert "is gone" in code.out
    assert "It does not mean" in code.out
    rule = genlabel("explain", "cepic/told")
    assert rule.out == genlabel("policy", "explain", "cepic/told").out
    assert "20" in genlabel("explain", "cepic").out
    assert "a disparu" in genlabel("explain", "genlabel.mark.lost", "--lang", "fr").out


@pytest.mark.parametrize(
    ("word", "meant"),
    [("genlabel.mark.losst", "genlabel.mark.lost"), ("cepic/tolled", "cepic/told")],
)
def test_what_comes_near_a_code_or_a_rule_is_told(studio, genlabel, word, meant):
    answer = genlabel("explain", word)
    assert (answer.status, answer.out) == (2, "")
    assert f"did you mean {meant}?" in answer.err


def test_a_file_that_is_called_like_a_code_is_a_file_and_words_among_files_are_refused(
    studio, genlabel
):
    Path("genlabel.mark.lost").write_bytes(Path("cat.png").read_bytes())
    assert "Google Images" in genlabel("explain", "genlabel.mark.lost").out
    answer = genlabel("explain", "cat.png", "genlabel.mark.broken")
    assert (answer.status, answer.out) == (2, "")
    assert "`genlabel explain genlabel.mark.broken`" in answer.err


@pytest.mark.parametrize("command", ["verify", "inspect", "explain"])
def test_a_missing_file_is_named_once_with_what_to_do(studio, genlabel, command):
    answer = genlabel(command, "nothere.png")
    assert answer.status == 2
    assert answer.out.count("nothere.png") == 1
    assert "check the path" in answer.out


def test_in_json_the_message_names_the_file_and_its_own_field_the_remedy(studio, genlabel):
    (report,) = json.loads(genlabel("verify", "nothere.png", "--format", "json").out)["reports"]
    assert report["error"]["message"].startswith("nothere.png: ")
    assert report["error"]["remedy"] == "check the path"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("DMI-ALLOWED", "allowed: data mining, as input of AI models, training of AI models, tr"),
        (
            "DMI-PROHIBITED-AIMLTRAINING",
            "not allowed: training of AI models, training of generative AI models",
        ),
        ("DMI-UNSPECIFIED", "nothing is decided"),
    ],
)
def test_an_opt_out_is_told_without_being_asked_for_and_what_it_does_not_mean(
    studio, genlabel, code, told
):
    words = ("sign", "cat.png", "-o", "out/", "--created-by-human", "--data-mining", code, "-q")
    assert genlabel(*words).status == 0
    (row,) = [
        line for line in genlabel("verify", "out/cat.png").out.splitlines() if "mining " in line
    ]
    assert row.startswith(f"  mining      {told}")
    assert f"({code}), in " in row
    assert row.endswith("manifest, iptc")
    verdicts = explained(genlabel, "out/cat.png")["verdicts"]
    (said,) = [each for each in verdicts if each["question"] == "mining"]
    assert told in said["lay"]
    assert "whoever collects pictures reads that or keeps to it" in said["does_not_mean"]
    told_in_french = genlabel("verify", "out/cat.png", "--lang", "fr").out
    assert f"({code}), dans " in told_in_french


def test_of_a_picture_that_says_nothing_of_mining_nothing_is_told(labelled, genlabel):
    assert "mining" not in genlabel("verify", labelled).out
    assert "mining" not in genlabel("explain", labelled).out
