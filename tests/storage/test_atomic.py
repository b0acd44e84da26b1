"""Whole or not at all."""

import ctypes
import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from genlabel.storage import claims, write_atomically
from genlabel.storage.temporaries import name_for

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
@pytest.mark.parametrize("renames", [True, False])
def test_a_taken_name_is_refused_where_there_are_no_hard_links(tmp_path, monkeypatch, renames):
    if not renames:
        monkeypatch.setattr(claims, "_is_renamed", lambda *_: False)

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
def test_an_empty_file_that_held_the_name_goes_with_what_failed(tmp_path, monkeypatch):
    def unsupported(*_):
        raise OSError(errno.EOPNOTSUPP, "no links here")

    def failing(*_):
        assert (tmp_path / "a.png").read_bytes() == b""
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "link", unsupported)
    monkeypatch.setattr(claims, "_is_renamed", lambda *_: False)
    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(OSError, match="broken"):
        write_atomically(tmp_path / "a.png", b"new")
    assert names(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="Linux' renameat2")
@pytest.mark.parametrize(("number", "falls_back"), [(errno.EINVAL, True), (errno.EIO, False)])
def test_a_rename_that_replaces_nothing_is_known_by_its_errors(
    tmp_path, monkeypatch, number, falls_back
):
    class Library:
        @staticmethod
        def renameat2(*_):
            ctypes.set_errno(number)
            return -1

    def unsupported(*_):
        raise OSError(errno.EOPNOTSUPP, "no links here")

    monkeypatch.setattr(os, "link", unsupported)
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: Library)
    if falls_back:
        write_atomically(tmp_path / "a.png", b"new")
        assert names(tmp_path) == ["a.png"]
    else:
        with pytest.raises(OSError, match=r"a\.png"):
            write_atomically(tmp_path / "a.png", b"new")
        assert names(tmp_path) == []


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
    assert modes == [0o600, 0o664]
    assert stat.S_IMODE((tmp_path / "public.png").stat().st_mode) == 0o664


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
    monkeypatch.setattr(os, "urandom", bytes)
    (tmp_path / name_for(tmp_path / "a.png")).symlink_to("victim")
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
