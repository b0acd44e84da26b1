"""Where a user's folders are: as `platformdirs` says, which Linux does not load for it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from platformdirs import PlatformDirs
from platformdirs.unix import Unix

from genlabel.storage import user_folders

KINDS = ("cache", "config", "data")
HOMES = ["/home/ada", "/home/ada/", "/", "relative", "", None]
GIVEN = ["/else/where", "/else/where/", "relative", "", "~/there", None]


@pytest.mark.skipif(sys.platform != "linux", reason="of Linux")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("given", GIVEN)
def test_on_linux_it_is_where_platformdirs_finds_it(kind, home, given, monkeypatch):
    for name, value in (("HOME", home), (f"XDG_{kind.upper()}_HOME", given)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    theirs = getattr(Unix("genlabel", appauthor=False), f"user_{kind}_path")
    assert user_folders.folder(kind) == theirs


@pytest.mark.parametrize("kind", KINDS)
def test_elsewhere_platformdirs_is_asked(kind, monkeypatch):
    monkeypatch.setattr(user_folders, "is_linux", lambda: False)
    dirs = PlatformDirs("genlabel", appauthor=False, roaming=kind == "config")
    assert user_folders.folder(kind) == getattr(dirs, f"user_{kind}_path")


@pytest.mark.skipif(sys.platform != "linux", reason="of Linux")
def test_on_linux_it_loads_nothing():
    script = (
        "import sys\n"
        "from genlabel.storage import user_folders\n"
        "user_folders.folder('cache')\n"
        "assert 'platformdirs' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
