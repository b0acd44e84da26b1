"""Start-up: what is not needed is not loaded."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from genlabel import Label, Producer, sign, testing
from genlabel.model.words import catalogue

SOURCE = Path(__file__).parents[2] / "src"
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
    "concurrent": "for threads of a batch",
    "netrc": "for logins at services",
    "socket": "for the network",
    "tempfile": "for copies that memory has no room for",
    "multiprocessing": "for what is handed to other processes",
    "logging": "for what is logged",
    "traceback": "for mistakes of our own",
    "difflib": "for words that are mistyped",
}
"""What is loaded when it is needed first, and what for: imports inside functions are for these."""
LATE = {
    "genlabel.rendering.html": "a form of reports",
    "genlabel.rendering.builds": "forms of reports",
    "genlabel.rendering.crjson": "a form of reports",
    "genlabel.rendering.explained": "rows of one command's reports",
    "genlabel.operations.signing": "for signing",
    "genlabel.operations.sign_options": "for signing",
    "genlabel.operations.sign_keywords": "for signing",
    "genlabel.manifests.engine.placeholder": "for signing",
    "genlabel.manifests.engine.signers": "for signing",
    "genlabel.manifests.engine.signing": "for signing",
    "genlabel.manifests.engine.iso_hash": "for ISO media",
    "genlabel.manifests.engine.ingredient_source": "for signing",
    "genlabel.credentials.timestamps": "for time-stamps",
    "genlabel.credentials.signer": "for signing",
    "genlabel.credentials.trust.lists": "for lists that are named",
    "genlabel.storage.atomic": "for what is written",
    "genlabel.storage.targets": "for what is written",
    "genlabel.storage.together": "for what is written",
    "genlabel.storage.pairs": "for comparing",
    "genlabel.operations.strip_check": "for comparing",
    "genlabel.operations.baseline": "for runs with a baseline",
    "genlabel.operations.sweeping": "for what ended runs have left",
    "genlabel.operations.expiring": "for --expiring",
    "genlabel.operations.explain": "for one command, with what platforms derive",
    "genlabel.operations.inspect": "for one command",
    "genlabel.operations.doctor": "for one command",
    "genlabel.operations.visible": "for labels that are drawn",
    "genlabel.manifests.definition": "for signing",
    "genlabel.manifests.binding.bmff_hash": "for ISO media",
    "genlabel.manifests.binding.boxes_hash": "for bindings that list boxes",
    "genlabel.manifests.binding.multi_asset": "for files in parts",
    "genlabel.manifests.validation.active_view": "for rule books of one's own",
    "genlabel.formats.isobmff": "a family of containers",
    "genlabel.formats.jxl.brotli": "for compressed boxes of JPEG XL",
    "genlabel.formats.pdf": "a container",
    "genlabel.formats.svg": "a container",
    "genlabel.formats.tiff.coverage": "what a TIFF file shows",
    "genlabel.credentials.x509.files": "for keys",
    "genlabel.formats.jpeg": "a container",
    "genlabel.manifests.store.identity_assertion": "for identities beside the signer",
    "genlabel.metadata.every_text": "for pictures that say a camera took them",
    "genlabel.metadata.exif": "for files with Exif",
    "genlabel.metadata.generator_signs": "for pictures that say a camera took them",
    "genlabel.metadata.generator_traces": "for pictures that say a camera took them",
    "genlabel.metadata.iim": "for files with IIM",
    "genlabel.model.pixels": "for comparing",
    "genlabel.model.results": "what signing and comparing tell",
    "genlabel.model.visible": "for labels that are drawn",
    "genlabel.policies.declaration_files": "for declarations in files",
    "genlabel.model.label": "for signing",
    "genlabel.model.notebook": "results as Jupyter shows them",
    "genlabel.model.skeleton": "for names beside those that are trusted",
    "genlabel.policies.platforms": "what platforms derive, for explain",
    "genlabel.cli.settings.questions": "from settings to a label, for signing",
}
"""Our own modules, with what lies below them, that `genlabel verify` of a PNG file needs not."""
OF_A_MANIFEST = {
    "genlabel.manifests.binding": "whether the file is the one that was signed",
    "genlabel.manifests.crjson": "a view of manifests",
    "genlabel.manifests.engine": "what reads them, too",
    "genlabel.manifests.store": "manifests as bytes",
    "genlabel.manifests.validation.validate": "what a manifest says and whether it holds",
    "genlabel.operations.sources": "what it says that a picture was made of",
}
"""The same for a file without a manifest."""
HEAVY = ("c2pa", "PIL", "cryptography", "click", "xml.parsers.expat", "tomllib")

ENGINE = (
    "import json, sys\n"
    "api = sys.modules.get('genlabel.manifests.engine.c_api')\n"
    "if api and api.native.cache_info().currsize:\n"
    "    sys.modules['c2pa'] = api\n"  # of which we load the library and no module
)
LOADED = f"{ENGINE}print(json.dumps([each for each in {HEAVY} if each in sys.modules]))"


def loaded(script: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{script}\n{LOADED}"], capture_output=True, text=True, check=True
    )
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_the_engine_is_seen_where_it_is_loaded():
    assert "c2pa" in loaded("from genlabel.manifests.engine import engine; engine.versions()")


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


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_a_catalogue_is_read_as_toml_reads_it(language):
    text = (Path(catalogue.__file__).parent / "catalogues" / f"{language}.toml").read_text("utf-8")

    def flat(table, prefix=""):
        for name, value in table.items():
            if isinstance(value, dict):
                yield from flat(value, f"{prefix}{name}.")
            else:
                yield prefix + name, value

    about, own = catalogue._read(text)
    assert {**about, **own} == dict(flat(tomllib.loads(text)))


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


UNASKED = {"logging", "cryptography.hazmat.primitives.serialization.ssh", "difflib", "secrets"}
"""SSH's keys come with all that reads keys from files, and ciphers with them."""
PILLOW, TIFF_COVERAGE = {"PIL"}, "genlabel.formats.tiff.coverage"
UNMARKED = {"c2pa", "cryptography"}
KEY = "--key signing.key --certificates signing.pem"
NOT_FOR = {
    "verify signed.png": {*LATE, *PILLOW, *UNASKED},
    "verify signed.jpg": {*LATE, *PILLOW} - {"genlabel.formats.jpeg", TIFF_COVERAGE},
    "verify plain.png": {*LATE, *PILLOW, *UNMARKED, *OF_A_MANIFEST},
    "verify signed.png --format json": {
        each for each in LATE if each.startswith(("genlabel.rendering", "genlabel.operations"))
    },
    "inspect plain.png": {"genlabel.operations.signing", "genlabel.operations.strip_check"},
    "explain plain.png": {"genlabel.operations.signing", "genlabel.rendering.html", "PIL"},
    f"sign plain.png --generated --by Acme --dry-run -o out.png {KEY}": {
        "genlabel.operations.strip_check",
        "genlabel.operations.explain",
        "genlabel.rendering.html",
        "genlabel.cli.settings.rows",
        "PIL",
        "csv",
        "logging",
        "platformdirs",
    },
    "policy list": {"c2pa", "PIL", "cryptography", "genlabel.operations.signing"},
}
"""A command and what it must not load."""
MOST = {
    "verify signed.png --no-config": 240,
    "verify plain.png --no-config": 158,
    f"sign plain.png --generated --by Acme --dry-run -o out.png --no-config {KEY}": 357,
    "policy list": 122,
    "--version": 8,
}
"""A command and how many of our own modules it may load: each takes half a millisecond."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("pictures")
    authority = testing.Authority.new("Acme Studio")
    authority.write(place)
    label = Label.generated(producer=Producer("Acme Studio"))
    for name, kind in (("png", "png"), ("jpg", "jpeg")):
        plain = testing.picture(kind, size=(32, 32))
        (place / f"plain.{name}").write_bytes(plain)
        (place / f"signed.{name}").write_bytes(sign(plain, label, authority.signer()).data)
    return place


@pytest.mark.parametrize("command", NOT_FOR)
def test_a_command_loads_nothing_that_it_has_no_use_for(command, folder):
    script = (
        "import json, sys\n"
        "from genlabel.cli.main import status\n"
        f"code = status({command.split()!r})\n"
        f"print()\n{ENGINE}"
        "print(json.dumps([code, sorted(sys.modules)]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=folder
    )
    code, modules = json.loads(done.stdout.splitlines()[-1])
    assert code in (0, 1), done.stderr
    assert sorted(NOT_FOR[command] & set(modules)) == []


@pytest.mark.parametrize("command", MOST)
def test_a_command_loads_few_modules_and_makes_few_classes(command, folder):
    script = (
        "import dataclasses, json, sys\n"
        "made = []\n"
        "by_library = dataclasses.dataclass\n"
        "def counted(*arguments, **options):\n"
        "    made.append(options)\n"
        "    return by_library(*arguments, **options)\n"
        "dataclasses.dataclass = counted\n"
        "from genlabel.cli.main import status\n"
        f"code = status({command.split()!r})\n"
        "own = [each for each in sys.modules if each.partition('.')[0] == 'genlabel']\n"
        "print()\n"
        "print(json.dumps([code, len(own), len(made), 'tomllib' in sys.modules]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=folder
    )
    code, own, made, toml = json.loads(done.stdout.splitlines()[-1])
    assert code in (0, 1), done.stderr
    assert own <= MOST[command]
    assert made <= MOST[command] // 6  # of which there are more than half as many as modules
    assert not toml or command.startswith(("sign", "policy"))


def test_classes_are_made_by_our_own_dataclass():
    for path in SOURCE.rglob("*.py"):
        by_library = re.search(
            r"^from dataclasses import .*\bdataclass\b", path.read_text("utf-8"), re.M
        )
        assert not by_library or path.name == "dataclass.py", path
