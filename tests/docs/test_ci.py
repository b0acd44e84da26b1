"""What is offered to build systems is what their schemas want, and its steps do what they say."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import genlabel
from genlabel import Generator, Label, Producer, testing
from oracles.absence import absent

HOME = Path(__file__).parents[2]
BASH = shutil.which("bash")


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-actions", "action.yml"),
        ("vendor.github-workflows", "examples/ci/github-actions.yml"),
        ("vendor.gitlab-ci", "examples/ci/gitlab-ci.yml"),
    ],
)
def test_a_file_for_builds_is_what_its_schema_wants(schema, file):
    words = ["-m", "check_jsonschema", "--builtin-schema", schema, str(HOME / file)]
    done = subprocess.run([sys.executable, *words], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_hooks_are_what_pre_commit_wants():
    words = ["-m", "pre_commit", "validate-manifest", str(HOME / ".pre-commit-hooks.yaml")]
    done = subprocess.run([sys.executable, *words], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def repository(home: Path, **more: str) -> str:
    """A repository of what is below `home`, and of `more` texts; its one commit."""
    for name, text in more.items():
        (home / name).write_text(text)
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
        nobody = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *nobody, *words], cwd=home, check=True)
    asked = ["git", "rev-parse", "HEAD"]
    done = subprocess.run(asked, cwd=home, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_the_hooks_run_as_pre_commit_installs_them(site, tmp_path_factory, monkeypatch):
    if shutil.which("git") is None:
        absent("git", remedy="apt-get install git")
    product = tmp_path_factory.mktemp("product")
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(HOME / name, product)
    (product / "docs").mkdir()
    shutil.copy(HOME / "docs/genlabel.1", product / "docs")
    shutil.copytree(HOME / "src", product / "src", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path_factory.mktemp("pre-commit")))
    hooks = [
        {"id": "genlabel-verify", "args": ["--trust", "anchors.pem"]},
        {"id": "genlabel-strip-check"},
    ]
    repositories = [{"repo": str(product), "rev": repository(product), "hooks": hooks}]
    (site / "public/note.txt").write_text("no picture")
    settings = yaml.safe_dump({"repos": repositories})
    # What a stranger's branch brings along is not read.
    stranger = '[verify]\nfail-on = "never"\n'
    names = {".pre-commit-config.yaml": settings, "genlabel.toml": stranger}
    repository(site, **names)

    def ran() -> tuple[int, str]:
        words = [sys.executable, "-m", "pre_commit", "run", "--color", "never"]
        subprocess.run(["git", "add", "-A"], check=True)
        done = subprocess.run(words, capture_output=True, check=False, text=True)
        return done.returncode, done.stdout + done.stderr

    picture = site / "public/a.png"
    signed = bytearray(picture.read_bytes())
    picture.rename(site / "public/b.png")
    status, printed = ran()
    if "Failed to establish a new connection" in printed or "Could not find a version" in printed:
        absent("a package index", remedy="a network, or pip's settings for one")
    assert (status, printed.count("Passed")) == (0, 2), printed
    signed[-20] ^= 1
    (site / "public/b.png").write_bytes(signed)
    (site / "public/bare.png").write_bytes(testing.picture("png", seed=2))
    (site / "public/note.txt").unlink()
    status, printed = ran()
    assert (status, printed.count("Failed")) == (1, 2), printed
    assert "public/bare.png: error genlabel.label.absent nothing in the file names" in printed
    assert "public/bare.png: error genlabel.label.absent no mark of a label is" in printed
    assert "public/b.png: error assertion.dataHash.mismatch" in printed
    assert "note.txt" not in printed


@pytest.fixture
def site(tmp_path, monkeypatch):
    authority = testing.Authority.new("Acme")
    label = Label.generated(producer=Producer("Acme"), generator=Generator("Painter"))
    (tmp_path / "public").mkdir()
    signed = genlabel.sign(testing.picture("png"), label, authority.signer())
    (tmp_path / "public/a.png").write_bytes(signed.data)
    (tmp_path / "anchors.pem").write_bytes(authority.anchors)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def step(site: Path, **inputs: str) -> tuple[int, dict[str, str], str]:
    """The step of the action that checks, run as GitHub does: status, outputs, what it prints."""
    action = yaml.safe_load((HOME / "action.yml").read_text())
    (check,) = [each for each in action["runs"]["steps"] if each.get("id") == "check"]
    given = {name: each.get("default", "") for name, each in action["inputs"].items()} | inputs
    environment = {
        name: given[value.removeprefix("${{ inputs.").removesuffix(" }}")]
        for name, value in check["env"].items()
    }
    output = site / "output"
    output.touch()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [BASH, "--noprofile", "--norc", "-eo", "pipefail", "-c", check["run"]],
        env={**os.environ, **environment, "GITHUB_OUTPUT": str(output), "PATH": path},
        cwd=site, capture_output=True, check=False, text=True,
    )  # fmt: skip
    lines = (line.partition("=") for line in output.read_text().splitlines())
    return done.returncode, {name: value for name, _, value in lines}, done.stdout + done.stderr


needs_bash = pytest.mark.skipif(BASH is None, reason="bash is not here")


@needs_bash
@pytest.mark.parametrize(
    ("version", "installed"), [("", "/actions/genlabel"), ("genlabel==0.1.0", "genlabel==0.1.0")]
)
def test_the_action_installs_its_own_code_unless_told_otherwise(tmp_path, version, installed):
    action = yaml.safe_load((HOME / "action.yml").read_text())
    (install,) = [each for each in action["runs"]["steps"] if "pip install" in each["run"]]
    assert install["env"]["OWN"] == "${{ github.action_path }}"
    assert action["inputs"]["version"]["default"] == ""
    python = tmp_path / "python3"
    python.write_text('#!/bin/sh\nfor last; do :; done\necho "$last"\n')
    python.chmod(0o755)
    environment = {"VERSION": version, "OWN": "/actions/genlabel", "PATH": str(tmp_path)}
    done = subprocess.run(
        [BASH, "-c", install["run"]], env=environment, capture_output=True, check=True, text=True
    )
    assert done.stdout.strip() == installed


@needs_bash
def test_the_action_checks_and_counts(site):
    status, outputs, printed = step(site, paths="public/", trust="anchors.pem")
    assert (status, outputs) == (0, {"errors": "0", "warnings": "0", "sarif": "labels.sarif"})
    (site / "output").unlink()
    (site / "public/bare.png").write_bytes(testing.picture("png", seed=2))
    (site / "public/empty.png").touch()
    status, outputs, printed = step(site, paths="public/\n", trust="anchors.pem")
    assert (status, outputs["errors"]) == (2, "2")
    assert "::error file=public/bare.png" in printed
    assert (site / "labels.sarif").is_file()


@needs_bash
def test_the_action_compares_with_originals(site):
    shutil.copytree(site / "public", site / "labelled")
    (site / "public/a.png").write_bytes(testing.picture("png"))
    status, outputs, _ = step(site, paths="public", against="labelled", trust="anchors.pem")
    assert (status, outputs["errors"]) == (1, "1")


@needs_bash
@pytest.mark.parametrize("hostile", ["$(touch owned)", "`touch owned`", '"; touch owned; "', "-q"])
def test_no_input_of_the_action_is_a_command(site, hostile):
    for name in ("paths", "trust", "against", "policy", "report"):
        values = {"paths": "public/", "report": "x.sarif", name: hostile}
        step(site, **values)
        assert not (site / "owned").exists()


def test_no_value_is_put_into_a_script():
    action = yaml.safe_load((HOME / "action.yml").read_text())
    assert not [each for each in action["runs"]["steps"] if "${{" in each.get("run", "")]
