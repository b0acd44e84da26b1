"""Loading the engine: from where it is installed, whole, or not at all with a sentence."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from genlabel.manifests.engine import c_api, load
from genlabel.model.errors import EngineError


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder that is the only place where packages are installed."""
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    importlib.invalidate_caches()
    return tmp_path


def package(place, code="", *, installed="c2pa_python-0.38.9.dist-info"):
    (place / "c2pa").mkdir()
    (place / "c2pa/__init__.py").write_text(code)
    (place / installed).mkdir()
    importlib.invalidate_caches()
    return place / "c2pa/__init__.py"


def located():
    return load._located.__wrapped__()


def test_an_installed_package_is_found_with_its_version(place):
    origin = package(place)
    spec, version = located()
    assert (spec.origin, version) == (str(origin), "0.38.9")


def test_where_nothing_is_installed_the_remedy_is_named(place):
    with pytest.raises(EngineError, match="is not installed"):
        located()


def test_a_folder_and_a_file_of_that_name_are_not_it(place):
    (place / "c2pa").mkdir()
    with pytest.raises(EngineError, match="is not installed"):
        located()
    (place / "c2pa").rmdir()
    (place / "c2pa.py").write_text("")
    importlib.invalidate_caches()
    with pytest.raises(EngineError, match="is not installed"):
        located()


def test_a_package_that_nobody_installed_is_not_it(place):
    package(place, installed="c2pa_python-odd.dist-info")
    with pytest.raises(EngineError, match="is no installed c2pa-python"):
        located()


def test_a_package_without_its_library_is_told(tmp_path):
    with pytest.raises(EngineError, match="not found"):
        load._beside(str(tmp_path / "c2pa/__init__.py"))


def test_a_library_that_is_none_is_told(tmp_path):
    library = tmp_path / "libc2pa_c.so"
    library.write_bytes(b"no library")
    with pytest.raises(EngineError, match="cannot be loaded"):
        c_api.Native(library)


def test_a_package_in_the_current_directory_is_never_it(place, monkeypatch):
    package(place)
    monkeypatch.chdir(place)
    monkeypatch.setattr(sys, "path", ["", str(place)])
    with pytest.raises(EngineError, match="is not installed"):
        located()


@pytest.mark.parametrize("version", ["0.39.0", "0.3.8", "1.38.0", "0.380.1"])
def test_an_engine_that_was_not_tested_is_not_loaded(version, monkeypatch):
    spec, _ = load._located()
    monkeypatch.setattr(load, "_located", lambda: (spec, version))
    with pytest.raises(EngineError, match=f"c2pa-python {version}: not a version"):
        load.library()


def test_the_python_package_is_not_imported():
    script = (
        "import sys, genlabel\n"
        "from genlabel.testing import Authority, picture\n"
        "signed = genlabel.sign(picture('png', size=(8, 8)),"
        " genlabel.Label.generated(producer='Acme'), Authority.new('Acme').signer())\n"
        "assert genlabel.verify(signed.data).integrity == 'intact'\n"
        "print(sorted(each for each in sys.modules if each.partition('.')[0] == 'c2pa'))\n"
    )
    script = script.replace("producer='Acme'", "producer=genlabel.Producer('Acme')")
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_none_of_the_packages_names_is_in_our_code():
    """What is used is what the engine publishes for C; a private name may go in any version."""
    private = re.compile(r"\bc2pa\._|\bc2pa\.c2pa\b|\b_lib\b|^\s*(from|import) c2pa\b", re.M)
    source = Path(load.__file__).parents[2]
    assert not [each for each in source.rglob("*.py") if private.search(each.read_text("utf-8"))]
    assert private.search("from c2pa import Reader")
    assert private.search("    both = c2pa.c2pa.C2paSigner")
