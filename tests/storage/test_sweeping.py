"""What killed runs have left is swept, and nothing else."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from genlabel.storage import left_over, locks, sweep, write_atomically
from genlabel.storage.temporaries import machine, name_for

posix = pytest.mark.skipif(os.name == "nt", reason="POSIX links and locks")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@posix
def test_a_killed_run_leaves_the_original_and_the_next_run_cleans_up(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    code = (
        "import sys, time; from genlabel.storage import write_atomically\n"
        "def pieces():\n    yield b'half'; print('half', flush=True); time.sleep(600)\n"
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
    foreign = ["cat.tmp", ".genlabel-notes.tmp", f".genlabel-{machine()}-1-short.tmp"]
    for name in (*foreign, name_for(tmp_path / "a.png"), f".genlabel-00000000-7-{'a' * 16}.tmp"):
        (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / name, (old, old))
    assert sweep(tmp_path) == 2
    assert names(tmp_path) == sorted(foreign)


@posix
def test_what_is_being_written_now_is_never_swept(tmp_path):
    (tmp_path / f".genlabel-00000000-7-{'a' * 16}.tmp").write_bytes(b"of another machine")
    path = tmp_path / name_for(tmp_path / "a.png")
    path.write_bytes(b"")
    with path.open("rb") as file:
        locks.take(file.fileno())
        assert sweep(tmp_path) == 0


NOW = 1_800_000_000
"""The time of the tests below: the age of a file is looked at by the second."""


@pytest.fixture
def left(tmp_path, monkeypatch):
    """Makes a temporary file of a machine and an age in seconds."""
    monkeypatch.setattr(time, "time", lambda: float(NOW))

    def make(age, *, maker=None, called="0"):
        name = f".genlabel-{maker or machine()}-7-{called * 16}.tmp"
        (tmp_path / name).write_bytes(b"half")
        os.utime(tmp_path / name, ns=(0, int((NOW - age) * 1e9)))
        return tmp_path / name

    return make


@pytest.mark.parametrize(("age", "swept"), [(86400, 0), (86400.5, 1)])
def test_another_machines_file_is_left_over_after_a_day(tmp_path, left, age, swept):
    left(age, maker="00000000")
    assert sweep(tmp_path) == swept


@posix
@pytest.mark.parametrize("age", [0, 500, 90_000])
def test_what_nobody_holds_is_left_over_at_any_age(tmp_path, left, age):
    left(age)
    assert sweep(tmp_path) == 1


@posix
@pytest.mark.parametrize("maker", [None, "00000000"])
@pytest.mark.parametrize("age", [0, 500, 90_000])
def test_what_somebody_holds_is_left_alone_whoever_and_however_old(tmp_path, left, age, maker):
    path = left(age, maker=maker)
    with path.open("rb") as file:
        assert locks.take(file.fileno())
        assert sweep(tmp_path) == 0
        assert left_over(tmp_path) == ()
    assert sweep(tmp_path) == (1 if maker is None or age > 86_400 else 0)


@posix
@pytest.mark.parametrize("problem", [errno.ENOLCK, errno.ENOTSUP, errno.EINVAL, errno.ENOSYS])
def test_where_there_are_no_locks_age_decides(tmp_path, left, monkeypatch, problem):
    def flock(*_):
        raise OSError(problem, "no locks")

    monkeypatch.setattr("fcntl.flock", flock)
    left(86_400)
    left(86_400.5, called="1")
    write_atomically(tmp_path / "cat.png", b"new")
    assert sweep(tmp_path) == 1
    assert len(names(tmp_path)) == 2


@posix
def test_containers_of_one_machine_with_one_name_and_equal_process_numbers(tmp_path):
    """What tells them apart is the lock: neither names nor numbers are asked for."""
    code = (
        "import os, sys, time; from genlabel.storage import write_atomically\n"
        "os.getpid = lambda: 7\n"
        "def pieces():\n    yield b'half'; print('half', flush=True); time.sleep(600)\n"
        "write_atomically(sys.argv[1], pieces())"
    )
    children = []
    for number in range(2):
        child = subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / f"{number}.png")], stdout=subprocess.PIPE
        )
        children.append(child)
        child.stdout.readline()
    assert sweep(tmp_path) == 0
    children[0].kill()
    children[0].wait()
    assert sweep(tmp_path) == 1
    assert len(names(tmp_path)) == 1
    children[1].kill()
    children[1].wait()
    for child in children:
        child.stdout.close()
    assert sweep(tmp_path) == 1


@posix
def test_a_file_that_is_swept_before_it_is_locked_is_made_anew(tmp_path, monkeypatch):
    take, swept = locks.take, []

    def late(descriptor):
        if not swept:
            (path,) = tmp_path.glob(".genlabel-*.tmp")
            swept.append(path)
            path.unlink()
        return take(descriptor)

    monkeypatch.setattr(locks, "take", late)
    write_atomically(tmp_path / "cat.png", b"new")
    assert swept
    assert names(tmp_path) == ["cat.png"]


@posix
def test_links_with_our_names_are_not_ours(tmp_path, left):
    (tmp_path / "cat.png").write_bytes(b"precious")
    link = tmp_path / f".genlabel-{machine()}-7-{'b' * 16}.tmp"
    link.symlink_to("cat.png")
    long_ago = NOW - 7 * 86400
    os.utime(link, (long_ago, long_ago), follow_symlinks=False)
    os.utime(tmp_path / "cat.png", (long_ago, long_ago))
    assert sweep(tmp_path) == 0
    assert names(tmp_path) == [link.name, "cat.png"]


def test_one_that_cannot_be_removed_does_not_keep_others_from_it(tmp_path, left, monkeypatch):
    left(90_000)
    left(90_000, called="1")
    unlink, asked = Path.unlink, []

    def refused_once(self):
        asked.append(self)
        if len(asked) == 1:
            raise PermissionError
        unlink(self)

    monkeypatch.setattr(Path, "unlink", refused_once)
    assert sweep(tmp_path) == 1
    assert len(asked) == 2


def test_where_nothing_can_be_listed_nothing_is_swept(tmp_path):
    assert sweep(tmp_path / "nowhere") == 0
