"""Whole or not at all."""

import errno
import os
import secrets
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


@posix
def test_nobody_reads_a_private_file_while_it_is_written(tmp_path):
    private = tmp_path / "private.png"
    private.write_bytes(b"old")
    private.chmod(0o600)
    modes = []

    def pieces():
        (temporary,) = tmp_path.glob(".genlabel-*.tmp")
        modes.append(stat.S_IMODE(temporary.stat().st_mode))
        yield b"new"

    before = os.umask(0)
    try:
        write_atomically(private, pieces(), like=private, overwrite=True)
        write_atomically(tmp_path / "public.png", pieces())
    finally:
        os.umask(before)
    assert modes == [0o600, 0o666]
    assert stat.S_IMODE((tmp_path / "public.png").stat().st_mode) == 0o666


def test_what_was_written_is_told(tmp_path):
    assert write_atomically(tmp_path / "a.png", b"new") == tmp_path / "a.png"


@posix
def test_of_a_link_its_target_is_told(tmp_path):
    (tmp_path / "link.png").symlink_to("target.png")
    done = write_atomically(tmp_path / "link.png", b"new", overwrite=True)
    assert done == Path(os.path.realpath(tmp_path)) / "target.png"


@posix
def test_the_whole_file_is_on_the_disk_before_its_name_and_then_its_directory(
    tmp_path, monkeypatch
):
    synced, descriptors = [], []

    def fsync(descriptor):
        status = os.fstat(descriptor)
        what = "directory" if stat.S_ISDIR(status.st_mode) else status.st_size
        synced.append((what, (tmp_path / "a.png").exists()))
        descriptors.append(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    write_atomically(tmp_path / "a.png", b"seven b")
    assert synced == [(7, False), ("directory", True)]
    for each in descriptors:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(each)
    synced.clear()
    write_atomically(tmp_path / "b.png", b"seven b", fsync=False)
    assert synced == []


@posix
@pytest.mark.parametrize("problem", [errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EIO])
def test_a_file_system_may_be_unable_to_sync_directories_but_not_fail_to(
    tmp_path, monkeypatch, problem
):
    def fsync(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(problem, "no")

    monkeypatch.setattr(os, "fsync", fsync)
    if problem == errno.EIO:
        with pytest.raises(OSError, match="no"):
            write_atomically(tmp_path / "a.png", b"new")
    else:
        write_atomically(tmp_path / "a.png", b"new")
    assert names(tmp_path) == ["a.png"]


@posix
@pytest.mark.parametrize("owner", [(0, 0), (1, 0), (0, 1)], ids=["ours", "user", "group"])
@pytest.mark.parametrize("refused", [0, 1, 2])
def test_the_owner_is_kept_as_far_as_the_system_lets_us(tmp_path, monkeypatch, owner, refused):
    pattern = tmp_path / "a.png"
    pattern.write_bytes(b"old")
    theirs, asked, fstat = pattern.stat(), [], os.fstat

    def ours(descriptor):
        fields = list(fstat(descriptor))
        fields[stat.ST_UID], fields[stat.ST_GID] = (
            theirs.st_uid + owner[0],
            theirs.st_gid + owner[1],
        )
        return os.stat_result(fields)

    def fchown(descriptor, user, group):
        asked.append((user, group))
        if len(asked) <= refused:
            raise PermissionError

    monkeypatch.setattr(os, "fstat", ours)
    monkeypatch.setattr(os, "fchown", fchown)
    write_atomically(pattern, b"new", like=pattern, overwrite=True)
    tries = [(theirs.st_uid, theirs.st_gid), (-1, theirs.st_gid)]
    assert asked == (tries[: refused + 1] if owner != (0, 0) else [])
    assert pattern.read_bytes() == b"new"


@posix
def test_attributes_that_cannot_be_set_do_not_keep_others_from_it(tmp_path, monkeypatch):
    pattern, copied = tmp_path / "a.png", []
    pattern.write_bytes(b"old")

    def setxattr(descriptor, name, value):
        if name == "security.selinux":
            raise PermissionError
        copied.append((name, value))

    many = ["security.selinux", *(f"user.{number}" for number in range(300))]
    monkeypatch.setattr(os, "listxattr", lambda path: many, raising=False)
    monkeypatch.setattr(os, "getxattr", lambda path, name: name.encode(), raising=False)
    monkeypatch.setattr(os, "setxattr", setxattr, raising=False)
    write_atomically(pattern, b"new", like=pattern, overwrite=True)
    assert copied == [(f"user.{number}", f"user.{number}".encode()) for number in range(255)]


def test_systems_without_extended_attributes_need_none(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "listxattr", raising=False)
    (tmp_path / "a.png").write_bytes(b"old")
    write_atomically(tmp_path / "a.png", b"new", like=tmp_path / "a.png", overwrite=True)
    assert (tmp_path / "a.png").read_bytes() == b"new"


@posix
@pytest.mark.parametrize(
    "problem", ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV", "EIO", "ENOSPC"]
)
def test_only_where_there_are_no_hard_links_another_way_is_taken(tmp_path, monkeypatch, problem):
    def link(*_):
        raise OSError(getattr(errno, problem), problem)

    monkeypatch.setattr(os, "link", link)
    if problem in {"EIO", "ENOSPC"}:
        with pytest.raises(OSError, match=problem):
            write_atomically(tmp_path / "a.png", b"new")
        assert names(tmp_path) == []
    else:
        write_atomically(tmp_path / "a.png", b"new")
        assert names(tmp_path) == ["a.png"]


@posix
def test_a_planted_temporary_file_is_not_written_through(tmp_path, monkeypatch):
    (tmp_path / "victim").write_bytes(b"precious")
    monkeypatch.setattr(secrets, "token_hex", lambda size: "0" * 2 * size)
    (tmp_path / _temporary_name()).symlink_to("victim")
    with pytest.raises(FileExistsError):
        write_atomically(tmp_path / "a.png", b"new")
    assert (tmp_path / "victim").read_bytes() == b"precious"


def test_what_keeps_a_file_from_being_made_is_told(tmp_path, monkeypatch):
    def refused(*_):
        raise PermissionError("not here")

    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(PermissionError, match="not here"):
        write_atomically(tmp_path / "new/a.png", b"new")
    assert names(tmp_path) == []


def test_a_directory_may_be_made_by_somebody_else_at_the_same_moment(tmp_path, monkeypatch):
    mkdir = Path.mkdir

    def late(self, *words, **more):
        mkdir(self)
        mkdir(self, *words, **more)

    monkeypatch.setattr(Path, "mkdir", late)
    write_atomically(tmp_path / "a/b/c.png", b"new")
    assert (tmp_path / "a/b/c.png").read_bytes() == b"new"


NOW = 1_800_000_000
"""The time of the tests below: the age of a file is looked at by the second."""


@pytest.fixture
def left(tmp_path, monkeypatch):
    """Makes a temporary file of a process and an age in seconds."""
    monkeypatch.setattr(time, "time", lambda: float(NOW))
    monkeypatch.setattr("genlabel.storage.atomic._STARTED", float(NOW - 1000))

    def make(age, *, machine=None, process=None, called="0"):
        name = f".genlabel-{machine or _machine()}-{process or os.getpid()}-{called * 16}.tmp"
        (tmp_path / name).write_bytes(b"half")
        os.utime(tmp_path / name, ns=(0, int((NOW - age) * 1e9)))
        return tmp_path / name

    return make


@pytest.mark.parametrize(("age", "swept"), [(86400, 0), (86400.5, 1)])
def test_another_machines_file_is_left_over_after_a_day(tmp_path, left, age, swept):
    left(age, machine="00000000", process=7)
    assert sweep(tmp_path) == swept


@pytest.mark.parametrize(("age", "swept"), [(999, 0), (1001, 0), (1001.5, 1), (1002.5, 1)])
def test_an_earlier_process_with_our_number_is_gone(tmp_path, left, age, swept):
    left(age)
    assert sweep(tmp_path) == swept


@posix
@pytest.mark.parametrize(
    ("answer", "swept"),
    [(None, 0), (PermissionError, 0), (OverflowError, 0), (ProcessLookupError, 1)],
)
def test_a_process_is_asked_whether_it_lives_and_nothing_is_done_to_it(
    tmp_path, left, monkeypatch, answer, swept
):
    asked = []

    def kill(process, signal):
        asked.append((process, signal))
        if answer is not None:
            raise answer

    left(500, process=7)
    monkeypatch.setattr(os, "kill", kill)
    assert sweep(tmp_path) == swept
    assert asked == [(7, 0)]


@posix
def test_a_process_of_another_machine_is_not_asked_for_here(tmp_path, left, monkeypatch):
    def kill(process, signal):
        raise ProcessLookupError

    monkeypatch.setattr(os, "kill", kill)
    left(500, machine="00000000", process=7)
    assert sweep(tmp_path) == 0


@posix
def test_links_with_our_names_are_not_ours(tmp_path, left):
    (tmp_path / "cat.png").write_bytes(b"precious")
    link = tmp_path / f".genlabel-{_machine()}-7-{'b' * 16}.tmp"
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
