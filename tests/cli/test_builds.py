"""A build that fails when a label is missing: nothing is passed over that is called a picture."""

import json
import shutil
import subprocess
import sys
from importlib.metadata import entry_points

import pytest

from genlabel import testing
from genlabel.cli.main import status
from genlabel.cli.options import VERIFIED
from genlabel.rendering.formats import FORMATS

GIT = shutil.which("git")


@pytest.fixture
def site(studio, genlabel):
    """Two labelled pictures and one without a label."""
    words = ("--generated", "--by", "Acme Studio", "--using", "Painter")
    assert genlabel("sign", "site", "-o", "public", *words).status == 0
    (studio / "public/bare.png").write_bytes(testing.picture("png", seed=9))
    return studio / "public"


IMPOSTORS = {
    "empty.jpg": (b"", "empty file"),
    "hero.webp": (b"<!DOCTYPE html><title>404</title>", "web page"),
    "api.PNG": (b'{"error": "no such picture"}', "JSON"),
    "large.avif": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n", "LFS"),
}


@pytest.mark.parametrize("command", ["verify", "strip-check"])
@pytest.mark.parametrize("name", IMPOSTORS)
def test_what_is_called_a_picture_and_is_none_is_unjudged_by_name(genlabel, site, command, name):
    (site / "bare.png").unlink()
    assert genlabel(command, "public").status == 0
    content, cause = IMPOSTORS[name]
    (site / name).write_bytes(content)
    answer = genlabel(command, "public", "--format", "concise")
    assert answer.status == 2
    (line,) = [each for each in answer.out.splitlines() if each.startswith(f"public/{name}:")]
    assert f"{name}: unjudged " in line
    assert cause in line
    assert genlabel(command, f"public/{name}").status == 2


def test_what_is_passed_over_stands_in_the_document(genlabel, site):
    (site / "notes.txt").write_text("none")
    document = json.loads(genlabel("verify", "public", "--format", "json", "-v").out)
    assert document["summary"]["passed_over"] == 1
    assert document["passed_over"] == ["public/notes.txt"]


def test_an_empty_list_is_fine_where_somebody_says_so(genlabel, site):
    (site / "empty").mkdir()
    assert genlabel("verify", "public/empty").status == 2
    assert genlabel("verify", "public/empty", "--allow-empty").status == 0
    (site / "list").write_text("public/gone.png\npublic/list\npublic/a.jpg\n")
    listed = ("verify", "--files-from", "public/list")
    assert genlabel(*listed).status == 2
    answer = genlabel(*listed, "--ignore-missing", "--format", "concise")
    assert answer.status == 0
    assert answer.out.startswith("1 judged, ") or "public/a.jpg" in answer.out


@pytest.mark.parametrize("words", [["nothing-here/"], ["--no-such"], ["x", "--policy", "no"]])
def test_a_run_that_could_not_begin_is_a_document_too(genlabel, studio, words):
    (studio / "nothing-here").mkdir()
    answer = genlabel("verify", *words, "--format", "json")
    document = json.loads(answer.out)
    assert answer.status == 2
    assert document["error"]["message"]
    assert document["reports"] == []


def test_one_run_writes_many_reports_whole(genlabel, site, monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    forms = (
        "sarif",
        "junit",
        "html",
        "csv",
        "json",
        "text",
        "gitlab",
        "github",
        "jsonl",
        "concise",
    )
    words = [word for form in forms for word in ("--report", f"{form}=build-{form}")]
    answer = genlabel("verify", "public", *words)
    assert answer.status == 1
    contents = {form: (site.parent / f"build-{form}").read_text() for form in forms}
    assert all("bare.png" in each for each in contents.values())
    assert "\x1b" not in contents["text"]
    assert "bare.png" in (tmp_path / "summary.md").read_text()
    assert '<testsuite name="public"' in contents["junit"]


@pytest.mark.parametrize(
    "words",
    [
        ["--report", "sarif"],
        ["--report", "xml=x"],
        ["--report", "sarif=a", "--report", "sarif=b"],
        ["--report", "sarif=a", "--report", "junit=a"],
        ["--report", "sarif=no/such/place"],
        ["--report", "sarif=public"],
        ["--report", "sarif=public/b.png"],
        ["--expect", "no-such-list"],
        ["--baseline", "no-such-file"],
        ["--policy", "labelled", "--policy", "labelled"],
        ["--against", "public", "--against", "public"],
    ],
)
def test_what_cannot_be_written_or_read_ends_it_before_a_picture_is_read(genlabel, site, words):
    command = "strip-check" if "--against" in words else "verify"
    answer = genlabel(command, "public", *words)
    assert answer.status == 2
    assert answer.out == ""


def test_expected_pictures_that_are_not_there_are_missed(genlabel, site):
    (site / "bare.png").unlink()
    assert genlabel("verify", "public", "--expect", "3").status == 0
    answer = genlabel("verify", "public", "--expect", "4", "--format", "concise")
    assert answer.status == 2
    assert "3 pictures, and at least 4 are expected" in answer.out
    (site.parent / "expected").write_text("# ours\npublic/*.jpg\npublic/sub/*.webp\n")
    assert genlabel("verify", "public", "--expect", "expected").status == 0
    (site.parent / "expected").write_text("public/*.tiff\n")
    answer = genlabel("verify", "public", "--expect", "expected", "--format", "concise")
    assert answer.status == 2
    assert "public/*.tiff: unjudged no picture fits" in answer.out


def test_old_sins_are_accepted_until_their_day(genlabel, site):
    base = site.parent / "baseline.json"
    assert genlabel("verify", "public").status == 1
    assert genlabel("verify", "public", "--write-baseline", str(base)).status == 0
    accepted = ("verify", "public", "--baseline", str(base))
    assert genlabel(*accepted).status == 0
    content = json.loads(base.read_text())
    assert {each["path"] for each in content["entries"]} == {"public/bare.png"}
    assert "accepted" in genlabel(*accepted).out
    (site / "other.png").write_bytes(testing.picture("png", seed=11))
    assert genlabel(*accepted).status == 1
    (site / "other.png").unlink()
    for entry in content["entries"]:
        entry["until"] = "2020-01-01"
    base.write_text(json.dumps(content))
    answer = genlabel(*accepted)
    assert answer.status == 1
    assert "is over" in answer.err
    content["entries"] = [{"path": "gone.png", "code": "x", "reason": "y"}]
    base.write_text(json.dumps(content))
    assert "fits nothing any more" in genlabel(*accepted).err
    assert genlabel("verify", "public", "--write-baseline", str(base)).status == 2


@pytest.mark.parametrize(
    "content",
    [
        "", "[]", "{}", '{"schema": "genlabel.baseline/1"}',
        '{"schema": "genlabel.baseline/1", "entries": [{"path": "a"}]}',
        '{"schema": "genlabel.baseline/1", "entries": [1]}',
        '{"schema": "genlabel.baseline/1", "entries":'
        ' [{"path": "a", "code": "b", "reason": "c", "until": "soon"}]}',
        '{"schema": "genlabel.baseline/1", "entries":'
        ' [{"path": "a", "code": "b", "reason": "c", "why": 1}]}',
        "[" * 100_000,
    ],
    ids=lambda content: content[-30:],
)  # fmt: skip
def test_a_baseline_that_cannot_be_read_is_named(genlabel, site, content):
    (site.parent / "b.json").write_text(content)
    answer = genlabel("verify", "public", "--baseline", "b.json")
    assert answer.status == 2
    assert "b.json" in answer.err


def test_unjudged_files_are_never_accepted(genlabel, site):
    (site / "empty.png").touch()
    answer = genlabel("verify", "public", "--write-baseline", "b.json")
    assert answer.status == 2
    assert genlabel("verify", "public", "--baseline", "b.json").status == 2


def test_alone_a_picture_without_any_mark_is_an_error(genlabel, site):
    answer = genlabel("strip-check", "public/bare.png", "-v")
    assert answer.status == 1
    assert "no mark of a label" in answer.out
    assert "no original to compare with" in answer.out
    assert genlabel("strip-check", "public/bare.png", "--allow-unlabelled").status == 0
    assert genlabel("strip-check", "public/a.jpg").status == 0
    assert genlabel("strip-check", "public/b.png", "--require", "iim").status == 1


@pytest.fixture
def repository(site, monkeypatch):
    if GIT is None:
        pytest.skip("git is not here")
    monkeypatch.setenv("GENLABEL_GIT", GIT)
    for words in (
        ["init", "-q", "-b", "main"],
        ["add", "-A"],
        ["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "one"],
    ):
        subprocess.run([GIT, *words], cwd=site.parent, check=True)
    return site


def test_only_what_changed_since_a_revision_is_judged(genlabel, repository):
    since = ("verify", "--changed-since", "main", "--format", "concise")
    assert genlabel(*since).status == 2
    assert genlabel(*since, "--allow-empty").status == 0
    (repository / "new.png").write_bytes(testing.picture("png", seed=12))
    (repository / "a.jpg").unlink()
    (repository / "words.txt").write_text("x")
    answer = genlabel(*since)
    assert answer.status == 1
    assert {line.partition(":")[0] for line in answer.out.splitlines()[:-1]} == {"public/new.png"}
    assert genlabel(*since, "site", "--allow-empty").status == 0


@pytest.mark.parametrize("revision", ["nobody", "--upload-pack=x", "", "main; touch owned"])
def test_an_unknown_revision_is_named_and_nothing_runs(genlabel, repository, revision):
    answer = genlabel("verify", "--changed-since", revision)
    assert answer.status == 2
    assert not (repository.parent / "owned").exists()


def test_no_program_that_a_repository_names_is_run(genlabel, repository):
    trap = repository.parent / "trap.sh"
    trap.write_text("#!/bin/sh\ntouch owned\n")
    trap.chmod(0o755)
    for name in ("core.fsmonitor", "diff.external", "core.pager"):
        subprocess.run([GIT, "config", name, str(trap)], cwd=repository.parent, check=True)
    genlabel("verify", "--changed-since", "main", "--allow-empty")
    assert not (repository.parent / "owned").exists()


def test_outside_of_a_repository_it_says_so(genlabel, studio, monkeypatch):
    if GIT is None:
        pytest.skip("git is not here")
    monkeypatch.setenv("GENLABEL_GIT", GIT)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(studio.parent))
    assert "no work tree" in genlabel("verify", "--changed-since", "main").err


def test_the_plugin_says_what_is_not_labelled(site, tmp_path):
    (tmp_path / "test_published.py").write_text(
        f"""
def test_fine(assert_labelled):
    assert_labelled({str(site / "a.jpg")!r}, require=["manifest"])
def test_bare(assert_labelled):
    assert_labelled({str(site)!r})
def test_none(assert_labelled, tmp_path):
    assert_labelled(tmp_path)
def test_stripped(assert_labelled):
    assert_labelled({str(site / "bare.png")!r}, against={str(site / "b.png")!r})
def test_several(assert_labelled):
    assert_labelled([{str(site / "a.jpg")!r}], require=("manifest",))
def test_no_mark(assert_labelled):
    assert_labelled({str(site / "a.jpg")!r}, require=["manifests"])
def test_no_severity(assert_labelled):
    assert_labelled({str(site / "a.jpg")!r}, fail_on="fatal")
"""
    )
    installed = {each.name for each in entry_points(group="pytest11")}
    named = [] if "genlabel" in installed else ["-p", "genlabel.pytest_plugin"]
    words = [*named, "-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(tmp_path)]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=tmp_path, capture_output=True, check=False, text=True,
    )  # fmt: skip
    assert "5 failed, 2 passed" in run.stdout
    assert "require: 'manifests' is none of its values" in run.stdout
    assert "fail_on: 'fatal' is none of its values" in run.stdout
    assert "choose error, warning, note" in run.stdout
    assert "bare.png: error genlabel.label.absent" in run.stdout
    assert "Traceback" not in run.stdout


def test_a_file_that_is_not_there_is_named_once(genlabel):
    told = genlabel("verify", "nowhere.png", "--format", "concise").out.splitlines()
    assert told[0] == "nowhere.png: unjudged No such file or directory"


def test_the_names_of_all_forms_are_written_once_for_the_help():
    assert VERIFIED == FORMATS


def test_status_is_of_all_files(site):
    assert status(["verify", str(site), "-q"]) == 1
