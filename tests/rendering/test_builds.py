"""Reports for builds: read by their own readers, and nothing from a file leaves its place."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import junitparser
import pytest
from lxml import etree
from sarif.loader import load_sarif_file

import reports
from genlabel import render
from genlabel.model.errors import ConfigurationError
from genlabel.model.report import Finding, Integrity, Report, Severity, Trouble
from genlabel.model.results import StripReport
from genlabel.rendering import places
from genlabel.rendering.builds import github, sarif
from genlabel.rendering.builds.judged import judged
from genlabel.rendering.formats import FORMATS
from genlabel.rendering.places import Place

SCHEMAS = next(
    (each for each in (Path(__file__).parents[3] / "shared/schemas",) if each.is_dir()), None
)
needs_schemas = pytest.mark.skipif(SCHEMAS is None, reason="schemas by others are not here")

HOSTILE = (
    "\x1b]0;owned\x07\x1b[2J",
    "\u202egnp.\u2066x",
    "\n::error file=x::owned",
    "\r\n::set-output name=a::b",
    "##[error]owned",
    "]]><failure/>",
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x.example")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\tx",
    "\ufffe\uffff\x0b",
    "\ud800\udc80",
    "a\0b",
    "| a | [x](javascript:x) `y` |",
    "%0A::error::x",
    "../../etc/passwd",
    "http://x.example/a.png",
    "x" * 1_000_000,
)


def failing(path: str, *codes: str, severity: Severity = Severity.ERROR) -> Report:
    found = tuple(
        Finding(code, severity=severity, where="self#jumbf=/c2pa/urn:c2pa:1/x", explanation="why")
        for code in codes
    )
    return Report(path=path, integrity=Integrity.BROKEN, findings=found)


def unjudged(path: str) -> Report:
    return Report(path=path, error=Trouble(kind="MalformedAsset", message="png: cut short"))


SOME = [
    failing("b c.png", "assertion.dataHash.mismatch", "genlabel.label.absent"),
    unjudged("sub/é.png"),
    failing("a.png", "genlabel.name.misleading", severity=Severity.WARNING),
    Report(path="fine.png", integrity=Integrity.INTACT),
]


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@needs_schemas
def test_sarif_is_what_the_schema_and_its_reader_want(tmp_path):
    text = render(SOME, "sarif")
    schema = json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text())
    jsonschema.validators.validator_for(schema)(schema).validate(json.loads(text))


def test_sarif_tools_reads_every_result(tmp_path):
    file = tmp_path / "labels.sarif"
    file.write_text(render(SOME, "sarif"))
    records = load_sarif_file(str(file)).get_records()
    assert sorted((each["Severity"], each["Location"]) for each in records) == [
        ("error", "b%20c.png"),
        ("error", "b%20c.png"),
        ("warning", "a.png"),
    ]


def test_what_could_not_be_judged_is_a_notification_and_no_result():
    run = json.loads(render(SOME, "sarif"))["runs"][0]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (notice,) = invocation["toolExecutionNotifications"]
    assert notice["message"]["text"] == "png: cut short"
    uri = notice["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "sub/%C3%A9.png"
    assert all(len(each["locations"]) == 1 for each in run["results"])
    assert json.loads(render(SOME[:1], "sarif"))["runs"][0]["invocations"][0]["executionSuccessful"]


def test_every_code_that_occurs_is_a_rule_with_its_words():
    driver = json.loads(render(SOME, "sarif"))["runs"][0]["tool"]["driver"]
    assert [each["id"] for each in driver["rules"]] == [
        "assertion.dataHash.mismatch",
        "genlabel.label.absent",
        "genlabel.name.misleading",
    ]
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
    levels = [each["defaultConfiguration"]["level"] for each in driver["rules"]]
    assert levels == ["error", "error", "warning"]


def fingerprints(report: Report) -> list[str]:
    results = json.loads(render([report], "sarif"))["runs"][0]["results"]
    for each in results:
        assert set(each["partialFingerprints"]) == {"primaryLocationLineHash", "genlabel/v1"}
    return [each["partialFingerprints"]["genlabel/v1"] for each in results]


def test_a_fingerprint_stays_when_the_file_is_signed_anew_and_the_finding_stays():
    before = failing("a.png", "x.y", "x.y")
    after = replace(
        before,
        size=9,
        findings=tuple(
            replace(each, where="self#jumbf=/c2pa/urn:c2pa:2/x", explanation="other words")
            for each in before.findings
        ),
    )
    assert fingerprints(before) == fingerprints(after)
    assert len(set(fingerprints(before))) == 2
    assert fingerprints(failing("b.png", "x.y")) != fingerprints(failing("a.png", "x.y"))


def test_of_too_many_results_the_gravest_are_written(monkeypatch):
    monkeypatch.setattr(sarif, "MAX_RESULTS", 2)
    text = render(SOME, "sarif")
    assert [each["level"] for each in json.loads(text)["runs"][0]["results"]] == ["error", "error"]


@needs_schemas
def test_junit_is_what_its_schema_wants():
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "JUnit.xsd"))
    schema.assertValid(etree.fromstring(render(SOME, "junit").encode()))


def test_junitparser_reads_a_case_a_picture():
    suites = junitparser.JUnitXml.fromstring(render(SOME, "junit").encode())
    (suite,) = suites
    results = {case.name: [type(each).__name__ for each in case.result] for case in suite}
    assert results == {
        "b c.png": ["Failure"],
        "sub/é.png": ["Error"],
        "a.png": [],
        "fine.png": [],
    }
    assert (suite.tests, suite.failures, suite.errors) == (4, 1, 1)
    (failure,) = next(case for case in suite if case.name == "b c.png").result
    assert failure.text.count("\n") == 1
    others = etree.fromstring(render(SOME, "junit").encode()).findtext("testsuite/system-out")
    assert others.startswith("a.png: warning genlabel.name.misleading")


def test_with_fail_on_warning_a_warning_fails():
    text = render(SOME, "junit", fail_on="warning")
    (suite,) = junitparser.JUnitXml.fromstring(text.encode())
    assert suite.failures == 2


def test_what_a_baseline_accepts_is_skipped_suppressed_and_in_no_annotation():
    (finding,) = failing("a.png", "x.y").findings
    report = replace(failing("a.png"), findings=(replace(finding, accepted="agreed"),))
    (suite,) = junitparser.JUnitXml.fromstring(render([report], "junit").encode())
    assert (suite.skipped, suite.failures) == (1, 0)
    (result,) = json.loads(render([report], "sarif"))["runs"][0]["results"]
    assert result["suppressions"] == [{"kind": "external", "justification": "agreed"}]
    assert render([report], "github") == ""
    assert json.loads(render([report], "gitlab")) == []
    assert "accepted error x.y" in render([report], "concise")
    assert report.worst() is None
    assert "agreed" in render([report], "text")


def test_gitlab_gets_its_fields_and_severities():
    issues = json.loads(render(SOME, "gitlab"))
    keys = {"description", "check_name", "fingerprint", "severity", "location"}
    assert all(set(each) == keys for each in issues)
    assert [each["severity"] for each in issues] == ["major", "major", "critical", "minor"]
    assert issues[0]["location"] == {"path": "b c.png", "lines": {"begin": 1}}
    assert len({each["fingerprint"] for each in issues}) == len(issues)


def test_github_gets_ten_of_a_level_and_how_many_more_there_are():
    many = [failing(f"{number:02}.png", "x.y") for number in range(25)]
    lines = render([*SOME, *many], "github").splitlines()
    errors = [each for each in lines if each.startswith("::error ")]
    assert len(errors) == 10
    assert lines.index(errors[0]) == 0
    assert errors[-1].endswith("::19 more of level error are not shown")
    assert [each for each in lines if each.startswith("::warning ")]
    exactly = render(many[:10], "github").splitlines()
    assert len(exactly) == 10
    assert "more" not in exactly[-1]


def test_the_summary_stays_below_what_github_takes(monkeypatch):
    monkeypatch.setattr(github, "MAX_SUMMARY", 2_000)
    many = [failing(f"{number:02}.png", "x.y") for number in range(100)]
    place = Place()
    listed = [github_judged(each, place) for each in many]
    counts = {"files": 100, "errors": 100, "warnings": 0, "unjudged": 0}
    text = github.summary(listed, counts)
    assert len(text.encode()) <= 2_000
    assert re.search(r"\d+ more are not shown", text)


def github_judged(report, place):

    return judged(report, place)


def test_concise_is_sorted_by_path_a_line_a_finding():
    lines = render(SOME, "concise").splitlines()
    assert lines == [
        "a.png: warning genlabel.name.misleading why (self#jumbf=/c2pa/urn:c2pa:1/x)",
        "b c.png: error assertion.dataHash.mismatch why (self#jumbf=/c2pa/urn:c2pa:1/x)",
        "b c.png: error genlabel.label.absent why (self#jumbf=/c2pa/urn:c2pa:1/x)",
        "sub/é.png: unjudged png: cut short",
        "3 judged, 1 with errors, 1 with warnings, 0 passed over, 1 unjudged",
    ]


def test_csv_is_a_row_a_picture():
    rows = list(csv.DictReader(io.StringIO(render(SOME, "csv"))))
    assert [row["path"] for row in rows] == ["b c.png", "sub/é.png", "a.png", "fine.png"]
    assert [row["worst"] for row in rows] == ["error", "", "warning", ""]
    assert rows[1]["error"] == "png: cut short"
    (row,) = csv.DictReader(io.StringIO(render([reports.stripped("Acme")], "csv")))
    assert row["manifest"]


def everywhere(text: str) -> list[Report | StripReport]:
    """Reports with `text` in every field."""
    report = reports.full(text)
    finding = Finding(text, severity=Severity.ERROR, where=text, explanation=text, accepted=None)
    accepted = replace(finding, severity=Severity.WARNING, accepted=text)
    trouble = Trouble(kind=text, message=text, remedy=text)
    return [
        replace(report, findings=(*report.findings, finding, accepted)),
        Report(path=text, error=trouble),
    ]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:16]))
def test_no_text_from_a_file_ends_what_it_stands_in(form, text):
    written = render(everywhere(text), form, verbose=True)
    written.encode("utf-8")  # no half of a character
    bad = set("\x1b\x07\0\x0b\u202e\u2066") & set(written)
    assert not bad
    quiet = render(everywhere("Acme"), form, verbose=True)
    commands = re.compile(r"^::(?:error|warning|notice|set-output)", re.MULTILINE)
    assert len(commands.findall(written)) == len(commands.findall(quiet))
    assert "##[" not in written
    if form in ("text", "concise", "github", "jsonl", "crjson"):
        assert len(written.splitlines()) == len(quiet.splitlines())
    if form == "junit":
        root, plain = (etree.fromstring(each.encode()) for each in (written, quiet))
        assert [each.tag for each in root.iter()] == [each.tag for each in plain.iter()]
    if form in ("json", "sarif", "gitlab"):
        assert shape(json.loads(written)) == shape(json.loads(quiet))
    if form == "html":
        tags = re.compile(r"<[a-z/][^>]*>")
        kinds = [[each.split()[0] for each in tags.findall(page)] for page in (written, quiet)]
        assert kinds[0] == kinds[1]
    if form == "csv":
        rows = list(csv.reader(io.StringIO(written)))
        assert len({len(row) for row in rows}) == 1
        assert len(rows) == 3
        assert not [
            c for row in rows for c in row if c.startswith(("=", "+", "-", "@", "\t", "\r"))
        ]


def shape(value: object) -> object:
    """The structure of a JSON document without its texts."""
    if isinstance(value, dict):
        return {name if name.isascii() else "?": shape(each) for name, each in value.items()}
    return [shape(each) for each in value] if isinstance(value, list) else type(value).__name__


def test_paths_are_told_from_the_root_on_and_encoded(tmp_path):
    place = Place(root=tmp_path / "site")
    assert place.below(str(tmp_path / "site/a b.png")) == "a b.png"
    assert place.below(str(tmp_path / "x.png")) == (tmp_path / "x.png").as_posix()
    assert place.below(None) == place.below("-") == "stdin"
    assert places.uri("a b/ü:#?.png") == "a%20b/%C3%BC%3A%23%3F.png"
    assert places.uri("/x/y z.png") == "file:///x/y%20z.png"
    assert places.uri("caf\udce9.png") == "caf%E9.png"
    assert "\ud800" not in places.uri("\ud800")


@pytest.mark.parametrize(
    ("keywords", "named"),
    [({"format": "xml"}, "format"), ({"format": "csv", "fail_on": "x"}, "fail_on"),
     ({"format": "csv", "language": "xx"}, "language")],
)  # fmt: skip
def test_what_nobody_knows_is_refused(keywords, named):
    with pytest.raises(ConfigurationError, match=named):
        render(SOME, **keywords)


def test_nothing_at_all_is_rendered_too():
    for form in FORMATS:
        render([], form)
