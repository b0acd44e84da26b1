"""Whole or not at all."""

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from genlabel.storage import sweep, write_atomically
from genlabel.storage.atomic import _machine, _temporary_name

posix = pytest.mark.skipif(os.name == "nt", reason="POSIX modes and links")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_pieces_are_written_in_order(tmp_path):
    write_atomically(tmp_path / "a/b.png", [b"one ", memoryview(b"two")])
    assert (tmp_path / "a/b.png").read_bytes() == b"one two"
    assert names(tmp_path / "a") == ["b.png"]


def test_a_taken_name_is_refused_and_kept(tmp_path):
    (tmp_path / "b.png").write_bytes(b"precious")
    with pytest.raises(FileExistsError):
        write_atomically(tmp_path / "b.png", b"new")
    assert (tmp_path / "b.png").read_bytes() == b"precious"
    assert names(tmp_path) == ["b.png"]


@posix
def test_a_taken_name_is_refused_where_there_are_no_hard_links(tmp_path, monkeypatch):
    def unsupported(*_):
        raise OSError(errno.EOPNOTSUPP, "no links here")

    monkeypatch.setattr(os, "link", unsupported)
    write_atomically(tmp_path / "a.png", b"new")
    assert (tmp_path / "a.png").read_bytes() == b"new"
    with pytest.raises(FileExistsError):
        write_atomically(tmp_path / "a.png", b"newer")
    assert names(tmp_path) == ["a.png"]
    assert (tmp_path / "a.png").read_bytes() == b"new"


@posix
def test_a_dangling_link_is_a_taken_name(tmp_path):
    (tmp_path / "link.png").symlink_to(tmp_path / "nowhere.png")
    with pytest.raises(FileExistsError):
        write_atomically(tmp_path / "link.png", b"new")
    assert names(tmp_path) == ["link.png"]


@posix
def test_a_link_stays_and_its_target_is_replaced(tmp_path):
    (tmp_path / "target.png").write_bytes(b"old")
    (tmp_path / "link.png").symlink_to("target.png")
    write_atomically(tmp_path / "link.png", b"new", overwrite=True)
    assert (tmp_path / "link.png").is_symlink()
    assert (tmp_path / "target.png").read_bytes() == b"new"


@posix
def test_mode_is_kept_like_the_pattern_and_otherwise_left_to_the_umask(tmp_path):
    pattern = tmp_path / "private.png"
    pattern.write_bytes(b"old")
    pattern.chmod(0o640)
    write_atomically(pattern, b"new", like=pattern, overwrite=True)
    assert stat.S_IMODE(pattern.stat().st_mode) == 0o640
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "fresh.png", b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "fresh.png").stat().st_mode) == 0o640


@posix
def test_extended_attributes_are_kept(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    try:
        os.setxattr(path, "user.origin", b"https://acme.example")
    except (OSError, AttributeError):
        pytest.skip("no extended attributes on this file system")
    write_atomically(path, b"new", like=path, overwrite=True)
    assert os.getxattr(path, "user.origin") == b"https://acme.example"


@pytest.mark.parametrize("problem", [KeyboardInterrupt, OSError, MemoryError])
def test_a_failure_on_the_way_leaves_everything_as_it_was(tmp_path, problem):
    (tmp_path / "a.png").write_bytes(b"old")

    def pieces():
        yield b"half"
        raise problem

    with pytest.raises(problem):
        write_atomically(tmp_path / "a.png", pieces(), overwrite=True)
    with pytest.raises(problem):
        write_atomically(tmp_path / "new/deep/b.png", pieces())
    assert names(tmp_path) == ["a.png"]
    assert (tmp_path / "a.png").read_bytes() == b"old"


@posix
def test_a_killed_run_leaves_the_original_and_the_next_run_cleans_up(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    code = (
        "import sys, time; from genlabel.storage import write_atomically\n"
        "def pieces():\n    yield b'half'; print('half', flush=True); time.sleep(60)\n"
        "write_atomically(sys.argv[1], pieces(), overwrite=True)"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    assert len(names(tmp_path)) == 2
    assert sweep(tmp_path) == 0, "its process is alive"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert path.read_bytes() == b"old"
    assert sweep(tmp_path) == 1
    assert names(tmp_path) == ["a.png"]


def test_only_our_own_leftovers_are_swept(tmp_path):
    old = time.time() - 3 * 24 * 3600
    foreign = ["cat.tmp", ".genlabel-notes.tmp", f".genlabel-{_machine()}-1-short.tmp"]
    for name in (*foreign, _temporary_name(), f".genlabel-00000000-7-{'a' * 16}.tmp"):
        (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / name, (old, old))
    assert sweep(tmp_path) == 2
    assert names(tmp_path) == sorted(foreign)


def test_what_is_being_written_now_is_never_swept(tmp_path):
    (tmp_path / _temporary_name()).write_bytes(b"")
    (tmp_path / f".genlabel-00000000-7-{'a' * 16}.tmp").write_bytes(b"of another machine")
    assert sweep(tmp_path) == 0
