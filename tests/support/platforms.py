"""Another platform's user directories, as platformdirs would find them there."""

import os

import platformdirs
import platformdirs.macos
import platformdirs.unix
import platformdirs.windows
import pytest

from genlabel.storage import user_folders

_SYSTEMS = {
    "linux": platformdirs.unix.Unix,
    "darwin": platformdirs.macos.MacOS,
    "win32": platformdirs.windows.Windows,
}


def pretend(monkeypatch: pytest.MonkeyPatch, platform: str, environ: dict[str, str]) -> None:
    """Nothing but `environ` is set, and the platform is `platform`."""
    for name in list(os.environ):
        if name.startswith(("XDG_", "GENLABEL_")) or name in ("HOME", "APPDATA", "LOCALAPPDATA"):
            monkeypatch.delenv(name)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    windows = platformdirs.windows
    monkeypatch.setattr(windows, "get_win_folder", windows.get_win_folder_from_env_vars)
    monkeypatch.setattr(platformdirs, "PlatformDirs", _SYSTEMS[platform])
    monkeypatch.setattr(user_folders, "is_linux", lambda: platform == "linux")
