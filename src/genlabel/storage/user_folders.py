"""The user's folders for settings, trust lists and what is kept: where the platform wants them.

`platformdirs` knows, and takes 5 ms of a start; what it reads on Linux are two variables.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Literal

NAME = "genlabel"
# XDG Base Directory Specification 0.8: each may be set, and a relative path counts for nothing
_LINUX = {
    "cache": ("XDG_CACHE_HOME", ".cache"),
    "config": ("XDG_CONFIG_HOME", ".config"),
    "data": ("XDG_DATA_HOME", ".local/share"),
}


def folder(kind: Literal["cache", "config", "data"]) -> Path:
    """Ours of that kind, which need not be there. Raises `RuntimeError` for who has no home."""
    if is_linux():
        variable, below = _LINUX[kind]
        home = Path(os.environ.get("HOME", ""), below)
        for place in (Path(os.environ.get(variable, "")), home):
            if place.is_absolute():
                return place / NAME
    from platformdirs import PlatformDirs

    there = PlatformDirs(NAME, appauthor=False, roaming=kind == "config")
    return Path(getattr(there, f"user_{kind}_path"))


def is_linux() -> bool:
    """Is it a Linux whose folders are in the usual places? Android's are not."""
    return sys.platform == "linux" and "ANDROID_DATA" not in os.environ
