"""A directory of temporary files that has no room: it is named, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys

from genlabel import testing
from written import posix

SIGNING = """
import resource, signal, sys
from genlabel import Label, Producer, sign_file, testing
from genlabel.storage import buffers

signer = testing.Authority.new("Acme").signer()
buffers.LARGE = 1
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    label = Label.generated(producer=Producer("Acme"))
    sign_file(sys.argv[1], label, signer, in_place=True)
except OSError as error:
    print(error)
"""


@posix
def test_a_file_that_outgrows_its_limit_names_tmpdir_and_nothing_is_lost(tmp_path):
    picture, temporary = tmp_path / "cat.png", tmp_path / "tmp"
    temporary.mkdir()
    before = testing.picture("png", size=(64, 64))
    picture.write_bytes(before)
    done = subprocess.run(
        [sys.executable, "-c", SIGNING, str(picture)],
        env={
            "PYTHONDONTWRITEBYTECODE": "1",
            "TMPDIR": str(temporary),
            "PATH": "/nowhere",
            "HOME": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "File too large" in done.stdout
    assert "TMPDIR names another place" in done.stdout
    assert str(temporary) in done.stdout
    assert picture.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["cat.png", "tmp"]
    assert not [*temporary.iterdir()]
