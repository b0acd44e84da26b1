"""Errors of the system say what was being done, and to which file."""

from __future__ import annotations

import errno
import os
import tempfile

import pytest

from genlabel import testing
from genlabel.storage import buffers
from written import LABEL, MARKS, posix


@posix
def test_errors_name_what_was_done_and_to_which_file(labeller, cat, tmp_path, monkeypatch):
    with pytest.raises(NotADirectoryError) as refusal:
        labeller.sign_file(cat, LABEL, out=cat / "below/out.png")
    assert refusal.value.filename is not None
    (tmp_path / "taken.png").write_bytes(b"taken")
    with pytest.raises(FileExistsError, match=r"exists already.*taken\.png"):
        labeller.sign_file(cat, LABEL, out=tmp_path / "taken.png")
    (tmp_path / "cat.png.c2pa").mkdir()
    with pytest.raises(IsADirectoryError, match=r"cat\.png\.c2pa"):
        labeller.sign_file(cat, LABEL, in_place=True, **MARKS)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    (report,) = labeller.sign_files([cat], LABEL, out=tmp_path / "new.png")
    assert report.error is not None
    assert "No space left on device (writing the temporary file for new.png)" in (
        report.error.message
    )
    assert str(tmp_path / ".genlabel-") in report.error.message


def test_a_full_directory_of_temporary_files_is_named(tmp_path, monkeypatch, labeller):
    class Full:
        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None: ...

        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        def seek(self, *_: int) -> int:
            return 0

    monkeypatch.setattr(buffers, "LARGE", 1)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: Full())
    with pytest.raises(OSError, match="TMPDIR names another place") as refusal:
        labeller.sign(testing.picture("png"), LABEL)
    assert (refusal.value.errno, refusal.value.filename) == (errno.ENOSPC, str(tmp_path))
