"""The engine's native library, where its package is installed, never in the current directory.

The engine is c2pa-python, tested from 0.38 up to but not including 0.39. Nothing of that package is
used but the library, which is loaded at the first use.
"""

from __future__ import annotations

import importlib.machinery
import re
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from genlabel.model.errors import EngineError

TESTED = ("0.38",)
"""Minor versions of c2pa-python whose traps are known and tested."""

SEALED = frozenset({("0.38.1", "0.91.3")})
"""Versions of c2pa-python and of c2pa-rs with which our own sealing is tested."""


def library() -> Path:
    """The library of the engine that is installed, if its version is one that was tested."""
    spec, version_found = _located()
    if not version_found.startswith(tuple(f"{minor}." for minor in TESTED)):
        raise EngineError(
            f"c2pa-python {version_found}: not a version that genlabel was tested with",
            remedy="pip install 'c2pa-python>=0.38,<0.39'",
        )
    return _beside(str(spec.origin))


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
