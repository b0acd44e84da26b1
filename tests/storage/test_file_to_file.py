"""A large file is put together once, where it goes, by the system; what fails leaves old or new."""

from __future__ import annotations

import errno
import os
import stat
import tracemalloc
from pathlib import Path

import pytest

from genlabel import testing
from genlabel.model.label import Label
from genlabel.model.parties import Generator, Producer
from genlabel.model.report import Integrity
from genlabel.operations.labeller import Labeller
from genlabel.storage import (
    buffers,
    comparing,
    cut_short,
    read_asset,
    temporaries,
    write_atomically,
)
from genlabel.storage.buffers import mapped, new_file
from genlabel.storage.comparing import Comparison
from genlabel.testing import picture
from written import posix

LABEL = Label.generated(producer=Producer("Acme"), generator=Generator("ModelX"))
HAS_NAMELESS = hasattr(os, "O_TMPFILE") and temporaries._DESCRIPTORS.is_dir()
nameless = pytest.mark.skipif(not HAS_NAMELESS, reason="files without a name are Linux's")
mappable = pytest.mark.skipif(not cut_short.can_guard(), reason="large files are not mapped here")


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch):
    monkeypatch.setattr(buffers, "LARGE", 1)
    monkeypatch.setattr(buffers, "STRIDE", 1000)
    monkeypatch.setattr(buffers, "_COPIED", 4000)


@pytest.fixture
def cat(tmp_path):
    path = tmp_path / "cat.png"
    path.write_bytes(picture("png", size=(200, 200)))
    path.chmod(0o640)
    return path


@pytest.fixture
def labeller(signer, trust):
    return Labeller(signer=signer, trust=trust)


def made(folder, content=b"a film " * 999):
    """A new file in `folder` that has no name."""
    with buffers.made_in(folder), new_file(len(content)) as file:
        file.write(content)
        return buffers.written(file), content


def names(folder):
    return sorted(each.name for each in folder.iterdir())


@nameless
@mappable
@pytest.mark.parametrize("in_place", [True, False], ids=["in place", "out"])
def test_the_bytes_of_a_result_are_written_once(cat, labeller, tmp_path, monkeypatch, in_place):
    labeller.sign(cat, LABEL)  # the first of a kind may be put together twice
    links, copies = [], []
    link, copy = os.link, os.copy_file_range

    def linked(source, target, **more):
        links.append(str(target))
        return link(source, target, **more)

    def copied(source, target, count, *places):
        copies.append(count)
        return copy(source, target, count, *places)

    monkeypatch.setattr(os, "link", linked)
    monkeypatch.setattr(os, "copy_file_range", copied)
    size = cat.stat().st_size
    out = {"in_place": True} if in_place else {"out": tmp_path / "new.png"}
    before = os.umask(0o022)
    try:
        report = labeller.sign_file(cat, LABEL, **out)
    finally:
        os.umask(before)
    assert report.error is None
    assert len([each for each in links if ".genlabel-" in each]) == 1
    assert size * 0.9 < sum(copies) < size * 1.1  # and no byte of it a second time
    target = cat if in_place else tmp_path / "new.png"
    assert stat.S_IMODE(target.stat().st_mode) == (0o640 if in_place else 0o644)
    assert labeller.verify(target).integrity is Integrity.INTACT
    assert names(tmp_path) == ["cat.png"] if in_place else ["cat.png", "new.png"]


@nameless
@posix
def test_a_private_file_is_private_before_it_has_a_name(tmp_path, monkeypatch):
    private = tmp_path / "private.mp4"
    private.write_bytes(b"old")
    private.chmod(0o600)
    modes, link = [], os.link

    def linked(source, target, **more):
        modes.append(stat.S_IMODE(Path(source).stat().st_mode))
        return link(source, target, **more)

    monkeypatch.setattr(os, "link", linked)
    before = os.umask(0)
    try:
        film, content = made(tmp_path)
        write_atomically(private, film, like=private, overwrite=True)
        film, content = made(tmp_path)
        write_atomically(tmp_path / "public.mp4", film)
    finally:
        os.umask(before)
    assert modes[:2] == [0o600, 0o664]
    assert private.read_bytes() == content
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "public.mp4").stat().st_mode) == 0o664


@mappable
@pytest.mark.parametrize("name", ["link", "open", "fchmod", "copy_file_range"])
def test_what_a_system_does_not_have_is_done_without(name, cat, labeller, tmp_path, monkeypatch):
    """Other file systems, other systems: then the file is written where it goes."""
    real = getattr(os, name, None)

    def unsupported(*given, **more):
        is_opened = name == "open" and not str(given[0]).startswith("/proc/self/fd")
        if is_opened and given[0] != tmp_path:
            return real(*given, **more)
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    monkeypatch.setattr(os, name, unsupported, raising=False)
    labeller.sign_file(cat, LABEL, out=tmp_path / "new.png", overwrite=True)
    monkeypatch.undo()
    assert labeller.verify(tmp_path / "new.png").integrity is Integrity.INTACT
    assert names(tmp_path) == ["cat.png", "new.png"]


@nameless
@mappable
@pytest.mark.parametrize("name", ["copy_file_range", "fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    name, cat, labeller, tmp_path, monkeypatch
):
    before = cat.read_bytes()

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, name, full)
    with pytest.raises(OSError, match="No space left on device"):
        labeller.sign_file(cat, LABEL, in_place=True)
    monkeypatch.undo()
    assert cat.read_bytes() == before
    assert names(tmp_path) == ["cat.png"]


@mappable
def test_a_file_that_is_only_copied_is_no_second_name_of_its_source(cat, labeller, tmp_path):
    signed = labeller.sign_file(cat, LABEL, out=tmp_path / "signed.png")
    assert signed.error is None
    kept = tmp_path / "kept.png"
    write_atomically(kept, read_asset(tmp_path / "signed.png").data)
    assert kept.read_bytes() == (tmp_path / "signed.png").read_bytes()
    assert kept.stat().st_nlink == 1


@mappable
def test_what_is_copied_is_what_a_view_shows(tmp_path):
    path = tmp_path / "film"
    path.write_bytes(bytes(range(256)) * 100)
    data = read_asset(path).data
    whole = path.read_bytes()
    with buffers.made_in(tmp_path), new_file(len(whole)) as file:
        for start, end in ((5, 9000), (20_000, 25_600), (0, 12)):
            buffers.append(file, data[start:end])
        buffers.append(file, b"more")
        buffers.append(file, data[100:5000].toreadonly())
        file.flush()
        assert bytes(mapped(file)) == (
            whole[5:9000] + whole[20_000:] + whole[:12] + b"more" + whole[100:5000]
        )


@posix
def test_no_descriptor_is_kept_longer_than_its_mapping(tmp_path):
    def opened():
        return len(list(Path("/dev/fd").iterdir()))

    before = opened()
    films = [made(tmp_path)[0] for _ in range(20)]
    assert opened() > before
    del films
    assert opened() == before


def test_files_are_compared_without_a_copy():
    one = memoryview(bytes(20_000_000))[5:]
    other = memoryview(bytearray(20_000_000))[5:]
    tracemalloc.start()
    try:
        assert Comparison().same([one[:9_000_000], one[9_000_000:]], [other])
        other[15_000_000] = 1
        assert not Comparison().same([one], [other])
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


def test_what_was_found_equal_is_not_looked_at_again(monkeypatch):
    source, result = memoryview(bytes(100_000)), memoryview(bytearray(100_000))
    compared, looks = Comparison(), []
    memcmp = comparing._memcmp

    def looked(left, right, size):
        looks.append(size)
        return memcmp(left, right, size)

    monkeypatch.setattr(comparing, "_memcmp", looked)
    pieces = [source[:40_000], source[40_000:90_000], source[90_000:]]
    assert compared.same(pieces, [result], remember=True)
    assert looks == [40_000, 50_000, 10_000]
    assert compared.same([source[5_000:95_000]], [result[5_000:95_000]])
    assert compared.same([source], [result])
    assert len(looks) == 3
    # another place, other bytes: looked at
    assert compared.same([source[:50_000]], [result[1:50_001]])
    assert len(looks) == 4
    result[60_000] = 1
    assert not compared.same([source[1:90_001]], [result[:90_000]])
    assert not Comparison().same([source], [result])


def test_no_byte_of_a_result_is_compared_twice(cat, labeller, monkeypatch):
    monkeypatch.setattr(buffers, "LARGE", 1 << 30)
    picture_of = testing.picture("png", size=(600, 600))
    labeller.sign(picture_of, LABEL)
    looks, memcmp = [], comparing._memcmp

    def looked(left, right, size):
        looks.append(size)
        return memcmp(left, right, size)

    monkeypatch.setattr(comparing, "_memcmp", looked)
    labeller.sign(picture_of, LABEL)
    assert len(picture_of) * 0.9 < sum(looks) < len(picture_of) * 1.1
