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
