"""What has changed in a work tree of git, asked without a shell.

A repository may belong to strangers: git is told to run no program that its settings name.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from genlabel.model.errors import ConfigurationError
from genlabel.model.escape import quoted

PLACES = (
    *("/usr/bin/git", "/usr/local/bin/git", "/opt/homebrew/bin/git", "/opt/local/bin/git"),
    *(r"C:\Program Files\Git\cmd\git.exe", r"C:\Program Files (x86)\Git\cmd\git.exe"),
)
"""Where git is looked for; the environment's GENLABEL_GIT comes first. Not in PATH, which may lead
into the very repository."""
SECONDS = 60
_QUIET = (
    *("-c", "core.fsmonitor=false", "-c", "core.untrackedCache=false"),
    *("-c", "core.hooksPath=/dev/null", "-c", "diff.external=", "-c", "protocol.allow=never"),
)


def since(revision: str, folder: Path) -> list[Path]:
    """The files in the work tree around `folder` that differ from `revision`, new ones included.

    Deleted files are none of them, ignored ones neither. Raises `ConfigurationError` where there
    is no git, no repository or no such revision.
    """
    git = _git()
    if not revision or revision.startswith("-"):
        raise _unknown(revision)
    top = _asked(git, folder, "rev-parse", "--show-toplevel")
    if top is None:
        raise ConfigurationError(
            f"--changed-since: {folder} is in no work tree of git",
            remedy="run it inside of one, or name the files with --files-from",
        )
    tree = Path(os.fsdecode(top.rstrip(b"\r\n")))
    named = _asked(
        *(git, tree, "rev-parse", "--verify", "--quiet", "--end-of-options"),
        f"{revision}^{{commit}}",
    )
    if named is None:
        raise _unknown(revision)
    commit = named.decode("ascii", "replace").strip()
    changed = _asked(
        *(git, tree, "diff", "--name-only", "--no-ext-diff", "--no-textconv", "--no-renames"),
        *("--diff-filter=d", "--ignore-submodules", "-z", commit, "--"),
    )
    new = _asked(git, tree, "ls-files", "--others", "--exclude-standard", "-z")
    if changed is None or new is None:
        raise ConfigurationError(
            f"--changed-since: git could not compare {tree} with {quoted(revision)}",
            remedy="see what `git status` says",
        )
    names = dict.fromkeys((*changed.split(b"\0"), *new.split(b"\0")))
    return [_shown(tree / os.fsdecode(name), folder) for name in sorted(names) if name]


def below(folders: Iterable[str | Path], files: Iterable[Path]) -> Iterator[Path]:
    """Those of `files` that are one of `folders` or lie below one; all where there is no folder."""
    wanted = [Path(each).resolve() for each in folders]
    for file in files:
        place = file.resolve()
        if not wanted or any(place.is_relative_to(each) for each in wanted):
            yield file


def _shown(path: Path, folder: Path) -> Path:
    """`path` from `folder` on, where it lies below."""
    here = folder.resolve()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _git() -> str:
    own = os.environ.get("GENLABEL_GIT")
    if own and not Path(own).is_absolute():
        raise ConfigurationError(f"GENLABEL_GIT: {own} is no absolute path", remedy="give one")
    for place in (own,) if own else PLACES:
        if Path(place).is_file():
            return place
    raise ConfigurationError(
        "--changed-since: git was not found",
        remedy="set GENLABEL_GIT to its absolute path, or name the files with --files-from",
    )


def _asked(git: str, folder: Path, *words: str) -> bytes | None:
    """What git answers; None where it refuses."""
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    environment.pop("GIT_EXTERNAL_DIFF", None)
    try:
        answer = subprocess.run(  # noqa: S603  an absolute path and words of ours
            [git, "-C", str(folder), "--no-pager", *_QUIET, *words],
            capture_output=True,
            check=False,
            env=environment,
            stdin=subprocess.DEVNULL,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        return None
    return answer.stdout if answer.returncode == 0 else None


def _unknown(revision: str) -> ConfigurationError:
    return ConfigurationError(
        f"--changed-since: {quoted(revision)} names no commit here",
        remedy="fetch it (a checkout in CI may hold the last commit alone), or name another",
    )
