"""Loading the engine: from where it is installed, whole, or not at all with a sentence."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import sys

import pytest

from genlabel.manifests.engine import load
from genlabel.model.errors import EngineError


@pytest.fixture
def library():
    """The library of the engine that is installed here."""
    return load.library()


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


def test_a_library_that_is_none_is_told(place):
    origin = package(place)
    library = place / "c2pa/libs" / load._LIBRARY.get(sys.platform, "libc2pa_c.so")
    library.parent.mkdir()
    library.write_bytes(b"no library")
    spec = importlib.util.spec_from_file_location("c2pa", origin)
    with pytest.raises(EngineError, match="cannot be loaded"):
        load._load(spec)


def test_a_spec_that_cannot_be_loaded_is_told(place):
    whole = importlib.util.spec_from_file_location("c2pa", package(place))
    for loader, origin in ((None, whole.origin), (whole.loader, None), (None, None)):
        spec = importlib.machinery.ModuleSpec("c2pa", loader, origin=origin)
        with pytest.raises(EngineError, match="has no loader"):
            load._load(spec)


@pytest.mark.parametrize("before", [None, "theirs"])
@pytest.mark.parametrize("code", ["", "raise RuntimeError('odd')"])
def test_nothing_of_loading_stays_behind(library, place, monkeypatch, before, code):
    """The variable is ours for the moment of loading, and half a module is none."""
    monkeypatch.setattr(load, "_beside", lambda origin: library)
    monkeypatch.delitem(sys.modules, "c2pa")
    monkeypatch.delenv("C2PA_LIBRARY_NAME", raising=False)
    if before is not None:
        monkeypatch.setenv("C2PA_LIBRARY_NAME", before)
    seen = "import os\nseen = os.environ['C2PA_LIBRARY_NAME']\n"
    spec = importlib.util.spec_from_file_location("c2pa", package(place, seen + code))
    if code:
        with pytest.raises(RuntimeError, match="odd"):
            load._load(spec)
        assert "c2pa" not in sys.modules
    else:
        assert load._load(spec).seen == str(library)
    assert os.environ.get("C2PA_LIBRARY_NAME") == before


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
        load._loaded.__wrapped__()


def test_what_is_loaded_already_is_taken_if_it_is_the_installed_one(place, monkeypatch):
    spec = importlib.util.spec_from_file_location("c2pa", package(place))
    monkeypatch.setattr(load, "_located", lambda: (spec, "0.38.9"))
    loaded = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "c2pa", loaded)
    assert load._loaded.__wrapped__() is loaded
    assert load.version() == "0.38.9"
    loaded.__file__ = str(place / "elsewhere.py")
    with pytest.raises(EngineError, match=r"elsewhere\.py: another module is loaded as c2pa"):
        load._loaded.__wrapped__()
