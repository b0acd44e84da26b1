"""Where a large file is put together there is no room: that place is named, and nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from genlabel import testing
from written import posix

SIGNING = """
import resource, signal, sys
from genlabel import Label, Producer, sign, sign_file, testing
from genlabel.storage import buffers

signer, label = testing.Authority.new("Acme").signer(), Label.generated(producer=Producer("Acme"))
sign(sys.argv[1], label, signer)  # this kind is judged before its first file
buffers.LARGE = 1
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    if sys.argv[2] == "file":
        sign_file(sys.argv[1], label, signer, in_place=True)
    else:
        sign(sys.argv[1], label, signer)
except OSError as error:
    print(error)
"""


@posix
@pytest.mark.parametrize("into", ["file", "memory"])
def test_a_file_that_outgrows_its_limit_names_its_place_and_nothing_is_lost(
    tmp_path, tmp_path_factory, into
):
    """A result that goes into a file is put together beside it, any other among temporary files."""
    picture, temporary = tmp_path / "cat.png", tmp_path / "tmp"
    temporary.mkdir()
    before = testing.picture("png", size=(64, 64))
    picture.write_bytes(before)
    done = subprocess.run(
        [sys.executable, "-c", SIGNING, str(picture), into],
        env={
            "PYTHONDONTWRITEBYTECODE": "1",
            "TMPDIR": str(temporary),
            "PATH": "/nowhere",
            "HOME": str(tmp_path_factory.mktemp("home")),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "File too large" in done.stdout
    if into == "file" and hasattr(os, "O_TMPFILE"):
        assert f"(putting the new file together): '{tmp_path}'" in done.stdout
    else:
        assert "TMPDIR names another place" in done.stdout
        assert str(temporary) in done.stdout
    assert picture.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["cat.png", "tmp"]
    assert not [*temporary.iterdir()]
