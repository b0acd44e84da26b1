"""Completion: the scripts are what their shells understand, and complete what there is."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from oracles.absence import program


@pytest.fixture
def shell(tmp_path):
    """Runs a script in a shell, with `genlabel` on its path and files `cat.png`, `dog.png`."""
    folder = tmp_path / "bin"
    folder.mkdir()
    ours = folder / "genlabel"
    ours.write_text(f'#!/bin/sh\nexec {sys.executable} -m genlabel "$@"\n')
    ours.chmod(0o755)
    for name in ("cat.png", "dog.png"):
        (tmp_path / name).touch()

    def run(name: str, script: str) -> list[str]:
        found = program(name)
        options = {"bash": ["--noprofile", "--norc"], "zsh": ["-f"], "fish": ["--no-config"]}
        done = subprocess.run(
            [found, *options[name], "-c", script],
            cwd=tmp_path,
            env={**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
                 "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=120,
        )  # fmt: skip
        assert not done.stderr, done.stderr
        return done.stdout.splitlines()

    return run


CASES = [
    (["ke"], "keys"),
    (["sign", "--gener"], "--generated"),
    (["sign", "--source-type", "trainedA"], "trainedAlgorithmicMedia"),
    (["keys", "n"], "new"),
    (["verify", "--fail-on", "w"], "warning"),
    (["verify", "--lang", "f"], "fr"),
]


@pytest.mark.parametrize(("words", "wanted"), CASES, ids=[" ".join(words) for words, _ in CASES])
def test_bash_completes(shell, words, wanted):
    script = (
        "source <(genlabel completion bash); compopt() { :; }\n"
        f"COMP_WORDS=(genlabel {' '.join(words)}); COMP_CWORD={len(words)}\n"
        '_genlabel_completion genlabel; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    assert wanted in shell("bash", script)


@pytest.mark.parametrize(("words", "wanted"), CASES, ids=[" ".join(words) for words, _ in CASES])
def test_zsh_completes(shell, words, wanted):
    script = (
        "compdef() { :; }; compadd() { print -rl -- $completions }\n"
        '_describe() { print -rl -- "${(@)completions_with_descriptions}" }\n'
        "eval \"$(genlabel completion zsh | sed '/^if \\[\\[/,$d')\"\n"
        f"words=(genlabel {' '.join(words)}); CURRENT={len(words) + 1}; _genlabel_completion"
    )
    shown = shell("zsh", script)
    assert wanted in [line.partition(":")[0] for line in shown]


@pytest.mark.parametrize(("words", "wanted"), CASES, ids=[" ".join(words) for words, _ in CASES])
def test_fish_completes(shell, words, wanted):
    script = f"genlabel completion fish | source; complete -C 'genlabel {' '.join(words)}'"
    assert wanted in [line.split("\t")[0] for line in shell("fish", script)]


@pytest.mark.parametrize("words", ["verify ca", "sign --key ca", "sign -o ca"])
def test_files_are_completed_where_files_are_meant(shell, words):
    script = f"genlabel completion fish | source; complete -C 'genlabel {words}'"
    assert "cat.png" in shell("fish", script)


def test_a_list_of_codes_is_completed_at_its_end(shell):
    script = (
        "source <(genlabel completion bash); compopt() { :; }\n"
        "COMP_WORDS=(genlabel sign --marks iptc,e); COMP_CWORD=3\n"
        'genlabel() { command genlabel; }; _genlabel_completion genlabel; echo "${COMPREPLY[@]}"'
    )
    assert shell("bash", script) == ["iptc,exif"]


def test_a_shell_that_is_not_known_is_refused_with_those_that_are(genlabel):
    answer = genlabel("completion", "tcsh")
    assert answer.status == 2
    assert "fish" in answer.err
