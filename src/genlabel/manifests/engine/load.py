"""The engine's module, loaded from where it is installed, never from the current directory.

The engine is c2pa-python, tested from 0.38 up to but not including 0.39. Nobody else loads it, and
it is loaded at the first use.
"""

from __future__ import annotations

import ctypes
import importlib.machinery
import importlib.util
import os
import re
import sys
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from genlabel.model.errors import EngineError

TESTED = ("0.38",)
"""Minor versions of c2pa-python whose traps are known and tested."""

SEALED = frozenset({("0.38.1", "0.91.3")})
"""Versions of c2pa-python and of c2pa-rs with which our own sealing is tested."""

_LOADING = threading.Lock()


def module() -> Any:
    """The engine's module; two threads that need it first get the same, loaded whole."""
    with _LOADING:
        return _loaded()


@cache
def _loaded() -> Any:
    """The engine's module, loaded from where its distribution is installed, never from the cwd."""
    spec, version_found = _located()
    if not version_found.startswith(tuple(f"{minor}." for minor in TESTED)):
        raise EngineError(
            f"c2pa-python {version_found}: not a version that genlabel was tested with",
            remedy="pip install 'c2pa-python>=0.38,<0.39'",
        )
    loaded = sys.modules.get("c2pa")
    if loaded is not None:
        if getattr(loaded, "__file__", None) != spec.origin:
            raise EngineError(
                f"{getattr(loaded, '__file__', 'c2pa')}: another module is loaded as c2pa",
                remedy="rename it",
            )
        return loaded
    return _load(spec)


def _load(spec: importlib.machinery.ModuleSpec) -> ModuleType:
    """Import the engine with its native library named by absolute path.

    Left alone, it would look for the library in the current directory first.
    """
    if spec.loader is None or spec.origin is None:
        raise EngineError("c2pa: has no loader", remedy="reinstall c2pa-python")
    path = _beside(spec.origin)
    try:
        ctypes.CDLL(str(path))  # the engine would go on to search the cwd if this failed there
    except OSError as error:
        raise EngineError(f"{path}: cannot be loaded: {error}") from error
    before = os.environ.get("C2PA_LIBRARY_NAME")
    os.environ["C2PA_LIBRARY_NAME"] = str(path)
    loaded = importlib.util.module_from_spec(spec)
    sys.modules["c2pa"] = loaded
    try:
        spec.loader.exec_module(loaded)
    except BaseException:
        sys.modules.pop("c2pa", None)
        raise
    finally:
        if before is None:
            del os.environ["C2PA_LIBRARY_NAME"]
        else:
            os.environ["C2PA_LIBRARY_NAME"] = before
    return loaded


def library() -> Path:
    """The native library that the engine's module has loaded."""
    return _beside(module().__file__)


def version() -> str:
    """The version of c2pa-python that is installed, which need not be one that is let in."""
    return _located()[1]


def unsealed(versions: Mapping[str, str]) -> str | None:
    """The versions, where our own sealing was not tested with them."""
    if tuple(versions.values()) in SEALED:
        return None
    told = ", ".join(f"{name} {version}" for name, version in versions.items())
    return f"{told}: not tested with the sealing of genlabel"


def _beside(origin: str) -> Path:
    """The native library beside the engine's module at `origin`."""
    path = Path(origin).parent / "libs" / _LIBRARY.get(sys.platform, "libc2pa_c.so")
    if not path.is_file():
        raise EngineError(f"{path}: not found", remedy="reinstall c2pa-python")
    return path


_LIBRARY = {"darwin": "libc2pa_c.dylib", "win32": "c2pa_c.dll"}


@cache
def _located() -> tuple[importlib.machinery.ModuleSpec, str]:
    """The engine's spec and version, looked for where packages are installed, never in the cwd."""
    here = Path.cwd()
    places = [place for place in sys.path if place and Path(place).resolve() != here]
    spec = importlib.machinery.PathFinder.find_spec("c2pa", places)
    if spec is None or spec.origin is None or not spec.submodule_search_locations:
        raise EngineError(
            "c2pa-python: is not installed", remedy="pip install 'c2pa-python>=0.38,<0.39'"
        )
    for info in Path(spec.origin).parent.parent.glob("c2pa_python-*.dist-info"):
        matched = re.fullmatch(r"c2pa_python-([0-9][^-]*)\.dist-info", info.name)
        if matched:
            return spec, matched[1]
    raise EngineError(
        f"{spec.origin}: is no installed c2pa-python",
        remedy="remove it, then pip install 'c2pa-python>=0.38,<0.39'",
    )
