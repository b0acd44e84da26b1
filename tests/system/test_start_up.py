"""Start-up: what is not needed is not loaded."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("c2pa", "PIL", "cryptography", "click", "xml.parsers.expat", "tomllib")

LOADED = f"import json, sys; print(json.dumps([each for each in {HEAVY} if each in sys.modules]))"


def loaded(script: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{script}\n{LOADED}"], capture_output=True, text=True, check=True
    )
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_importing_genlabel_loads_no_engine_pillow_or_cryptography():
    assert loaded("import genlabel; genlabel.__version__; dir(genlabel)") == []


def test_the_words_of_a_label_need_none_of_them_either():
    assert loaded("from genlabel import Generator, Label, Producer; Label.generated") == []


@pytest.mark.parametrize("words", [["--version"], ["--help"]])
def test_the_command_line_says_its_version_without_them(words):
    script = (
        "import sys\n"
        f"sys.argv = ['genlabel', *{words!r}]\n"
        "from genlabel.cli.main import run\n"
        "try:\n    run()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
    )
    assert {"c2pa", "PIL", "cryptography"}.isdisjoint(loaded(script))


def test_no_catalogue_of_sentences_is_read_before_a_sentence_is_wanted():
    script = (
        "import genlabel, genlabel.operations.labeller, genlabel.testing\n"
        "genlabel.verify(genlabel.testing.picture('png', size=(8, 8)), policy='labelled')\n"
        "from genlabel.model.words.catalogue import catalogue\n"
        "assert catalogue.cache_info().currsize == 0\n"
    )
    assert "tomllib" not in loaded(script)
