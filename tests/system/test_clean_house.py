"""Clean house: the wheel in an empty environment, in a directory where somebody planted things."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import jsonschema
import pytest

import genlabel as here
from fieldbook import FORMATS, authority
from genlabel import testing
from oracles.absence import absent
from oracles.corpus import REPOSITORY
from oracles.pictures import flipped

SCHEMAS = REPOSITORY / "docs" / "schema"
BIN, EXE = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
# Each module that could be taken for a dependency tells when somebody loads it.
PLANTED = "open({log!r}, 'a').write(__name__ + '\\n')\nraise SystemExit('a planted module ran')\n"
MODULES = ("c2pa", "PIL", "cryptography", "click", "logging")


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with nothing but genlabel's wheel, and its dependencies lent to it."""
    folder = tmp_path_factory.mktemp("house")
    wheels = folder / "wheels"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    built = subprocess.run(
        [*pip, "wheel", "--no-deps", "--wheel-dir", wheels, REPOSITORY],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    if built.returncode:
        absent("hatchling", remedy=f"the wheel cannot be built here: {built.stderr[-300:]}")
    (wheel,) = wheels.glob("genlabel-*.whl")
    environment = folder / "environment"
    venv.create(environment, with_pip=False, symlinks=os.name != "nt")
    python = environment / BIN / f"python{EXE}"
    subprocess.run(
        [*pip, "--python", python, "install", "--no-deps", "--no-index", wheel],
        check=True,
        timeout=180,
    )
    packages = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    # Lent by path: what is installed there for development, genlabel itself too, stays unseen.
    import c2pa

    lent = Path(c2pa.__file__).parent.parent
    (Path(packages) / "lent.pth").write_text(f"{lent}\n", encoding="utf-8")
    return environment


@pytest.fixture
def street(tmp_path: Path) -> Path:
    """A directory with pictures, keys and everything that a stranger could plant."""
    return planted(tmp_path)


def planted(folder: Path) -> Path:
    log = folder / "loaded.log"
    street = folder / "street"
    street.mkdir()
    authority().write(street / "keys")
    for name in MODULES:
        (street / f"{name}.py").write_text(PLANTED.format(log=str(log)), encoding="utf-8")
    for name in ("libc2pa_c.so", "libc2pa_c.dylib", "c2pa_c.dll"):
        (street / name).write_bytes(b"not a library")
        (street / "libs").mkdir(exist_ok=True)
        (street / "libs" / name).write_bytes(b"not a library")
    for format in FORMATS:
        (street / f"cat.{format}").write_bytes(testing.picture(format))
    return street


def run(house: Path, street: Path, *words: str, module: bool = False):
    """One run in `street`, as the console script or as ``python -m``."""
    program = (
        [house / BIN / f"python{EXE}", "-m", "genlabel"]
        if module
        else [house / BIN / f"genlabel{EXE}"]
    )
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PYTHON")
    }
    done = subprocess.run(
        [*program, *words],
        cwd=street,
        env=environment,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert not (street.parent / "loaded.log").exists(), "a planted module was loaded"
    return done.returncode, done.stdout.decode(), done.stderr.decode()


SIGN = ("--generated", "--by", "Acme Studio", "--using", "ModelX")
KEYS = ("--key", "keys/signing.key", "--certificates", "keys/signing.pem")


def test_the_installed_wheel_is_what_runs(house):
    python = house / BIN / f"python{EXE}"
    where = subprocess.run(
        [python, "-I", "-c", "import genlabel; print(genlabel.__file__, genlabel.__version__)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert str(house) in where
    assert here.__version__ in where


def test_the_wheel_holds_the_types_and_no_tests(house):
    (package,) = house.rglob("genlabel/py.typed")
    assert not list(package.parent.rglob("test_*"))
    assert (house / "share/man/man1/genlabel.1").is_file()


def test_the_console_script_loads_nothing_that_was_planted(house, street):
    status, out, err = run(house, street, "sign", "cat.png", "-o", "out.png", *SIGN, *KEYS)
    assert status == 0, err
    status, out, err = run(house, street, "verify", "out.png", "--trust", "keys/anchors.pem")
    assert status == 0, err
    assert "Acme Studio" in out


@pytest.mark.parametrize("words", [("--version",), ("verify", "cat.png"), ("inspect", "cat.png")])
def test_neither_does_python_with_the_module(house, street, words):
    status, _, err = run(house, street, *words, module=True)
    assert status in (0, 1), err


def test_a_planted_configuration_is_announced(house, street):
    (street / "genlabel.toml").write_text("[producer]\nname = 'Planted Ltd'\n", encoding="utf-8")
    words = ("sign", "cat.png", "-o", "out.png", "--generated", *KEYS)
    status, _, err = run(house, street, *words)
    assert status == 0, err
    assert "genlabel.toml" in err
    status, _, err = run(house, street, "verify", "cat.png", "--no-config")
    assert "genlabel.toml" not in err


def test_a_planted_configuration_runs_no_program(house, street):
    mark = street.parent / "ran"
    (street / "genlabel.toml").write_text(
        f"[signer]\nkey = 'exec:touch {mark}'\ncertificates = 'keys/signing.pem'\n",
        encoding="utf-8",
    )
    status, _, _ = run(house, street, "sign", "cat.png", "-o", "out.png", *SIGN)
    assert status == 2
    assert not mark.exists()
    assert not (street / "out.png").exists()


@pytest.fixture(scope="module")
def mixed(house, tmp_path_factory) -> Path:
    """A directory with a file of each fate."""
    street = planted(tmp_path_factory.mktemp("mixed"))
    names = [f"cat.{format}" for format in FORMATS]
    status, _, err = run(house, street, "sign", *names, "-o", "labelled", *SIGN, *KEYS)
    assert status == 0, err
    for format in FORMATS:
        (street / "labelled" / f"cat.{format}").rename(street / f"good.{format}")
    good = (street / "good.png").read_bytes()
    (street / "unsigned.png").write_bytes((street / "cat.png").read_bytes())
    (street / "tampered.png").write_bytes(flipped(good, good.index(b"IDAT") + 20))
    (street / "truncated.png").write_bytes(good[: len(good) // 2])
    (street / "notes.txt").write_text("no picture", encoding="utf-8")
    return street


def valid(out: str, schema: str) -> dict:
    """The JSON document, once it is what its published schema says."""
    document = json.loads(out)
    jsonschema.validate(document, json.loads((SCHEMAS / schema).read_text(encoding="utf-8")))
    return document


TRUST = ("--trust", "keys/anchors.pem")
STATUSES = {
    "good.png": 0,
    "good.jpeg": 0,
    "good.webp": 0,
    "unsigned.png": 1,
    "tampered.png": 1,
    "truncated.png": 2,
    "notes.txt": 2,
    "missing.png": 2,
}


@pytest.mark.parametrize(("name", "expected"), STATUSES.items())
def test_one_files_fate_is_the_exit_status_of_verify(house, mixed, name, expected):
    status, out, err = run(house, mixed, "verify", name, *TRUST, "--format", "json")
    assert status == expected, err
    if name != "missing.png":
        document = valid(out, "verify-1.json")
        (report,) = document["reports"]
        assert Path(report["path"]).name == name
        assert (report["error"] is not None) == (expected == 2)


def test_the_worst_of_many_files_decides_and_every_file_is_told(house, mixed):
    names = [name for name in STATUSES if name != "missing.png"]
    status, out, _ = run(house, mixed, "verify", *names, *TRUST, "--format", "json")
    assert status == 2
    document = valid(out, "verify-1.json")
    assert [Path(each["path"]).name for each in document["reports"]] == names
    assert document["summary"]["files"] == len(names)
    assert document["summary"]["unjudged"] == 2

    status, out, _ = run(
        house, mixed, "verify", "good.png", "unsigned.png", *TRUST, "--format", "jsonl"
    )
    assert status == 1
    assert [json.loads(line)["integrity"] for line in out.splitlines()] == ["intact", "absent"]


def test_nothing_matched_is_no_success(house, mixed):
    (mixed / "empty").mkdir(exist_ok=True)
    status, _, err = run(house, mixed, "verify", "empty")
    assert status == 2
    assert "Traceback" not in err


def test_signing_many_goes_on_after_a_bad_file(house, mixed):
    names = ("cat.png", "notes.txt", "truncated.png", "cat.webp")
    status, out, _ = run(
        house, mixed, "sign", *names, "-o", "all", *SIGN, *KEYS, "--format", "json"
    )
    assert status == 2
    outcomes = [each["outcome"] for each in valid(out, "sign-1.json")["reports"]]
    assert outcomes == ["signed", "failed", "failed", "signed"]
    assert sorted(path.name for path in (mixed / "all").iterdir()) == ["cat.png", "cat.webp"]


def test_a_stripped_file_is_missed(house, mixed):
    words = ("strip-check", "unsigned.png", "--against", "good.png", "--format", "json")
    status, out, _ = run(house, mixed, *words)
    assert status == 1
    (report,) = valid(out, "strip-1.json")["reports"]
    assert report["marks"]["manifest"] == "lost"
    status, out, _ = run(house, mixed, "strip-check", "good.png", "--against", "good.png")
    assert status == 0


def test_nothing_is_left_beside_the_results(house, mixed):
    before = {path.name for path in mixed.iterdir()}
    run(house, mixed, "sign", "truncated.png", "-o", "never.png", *SIGN, *KEYS)
    assert {path.name for path in mixed.iterdir()} - before <= {"__pycache__"}
