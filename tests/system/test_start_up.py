"""Start-up: what is not needed is not loaded."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

DEFERRED = {
    "c2pa": "the engine, 20 MB of native code: for pictures with a manifest",
    "PIL": "for pixels, which labels leave alone",
    "cryptography": "for keys and certificates: an unsigned file needs none",
    "asn1crypto": "for time-stamps",
    "click": "for the command line",
    "piexif": "for fresh Exif blocks",
    "boto3": "an extra: keys in AWS KMS",
    "botocore": "an extra: keys in AWS KMS",
    "brotli": "for compressed manifests, and compressed boxes of JPEG XL",
    "pkcs11": "an extra: keys on tokens",
    "xml": "expat, for XMP",
    "tomllib": "for settings and sentences",
    "tomlkit": "for writing settings",
    "platformdirs": "for settings and kept lists",
    "http": "for the network, which nothing asks unless told to",
    "ssl": "for the network",
    "subprocess": "for signers that are programs, and processes of a batch",
    "multiprocessing": "for what is handed to other processes",
}
"""What is loaded when it is needed first, and what for: imports inside functions are for these."""
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


@pytest.mark.parametrize("words", [["--version"], ["-V"], ["version"], ["--help"]])
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


@pytest.mark.parametrize(
    ("script", "needed"),
    [
        ("import genlabel", set()),
        (
            "import sys; sys.argv = ['genlabel', '--version']\n"
            "from genlabel.cli.main import run\n"
            "try:\n    run()\nexcept SystemExit:\n    pass",
            {"click"},
        ),
    ],
    ids=["import genlabel", "genlabel --version"],
)
def test_what_is_loaded_late_is_not_there_at_the_start(script, needed):
    seen = f"import json, sys; print(json.dumps(sorted({set(DEFERRED)!r} & set(sys.modules))))"
    done = subprocess.run(
        [sys.executable, "-c", f"{script}\n{seen}"], capture_output=True, text=True, check=True
    )
    assert set(json.loads(done.stdout.splitlines()[-1])) <= needed
