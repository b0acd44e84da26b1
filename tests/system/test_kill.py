"""Kill: whenever a run is ended, a file is the original or the complete result."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import genlabel
from fieldbook import FORMATS, authority
from genlabel import Integrity, storage, testing
from oracles.small_files import small

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked here")

KILLS = 200
MORE = ("tiff", "gif", "avif")
SMALL = ("tiff pages", "mpo", "svg", "jxl", "mp3", "wav")

# One process imports everything; each of its children labels one file until it is killed.
KILLER = """
    import os, random, signal, sys, time
    from pathlib import Path

    from genlabel import Generator, KeySigner, Label, Labeller, Producer
    from genlabel.manifests.engine import engine

    folder = Path(sys.argv[1])
    keys = folder.parent
    engine.versions()
    labeller = Labeller(signer=KeySigner.from_files(keys / "signing.key", keys / "signing.pem"))
    label = Label.edited(producer=Producer("Acme Studio"), generator=Generator("Inpainter"))
    chance, longest = random.Random(20), 0.08
    for path in sorted(folder.iterdir()):
        child = os.fork()
        if child == 0:
            try:
                labeller.sign_file(path, label, in_place=True)
            except BaseException as error:
                print(path.name, repr(error), flush=True)
            os._exit(0)
        time.sleep(chance.uniform(0, longest))
        os.kill(child, signal.SIGKILL)
        # half of them should come too late, however fast or busy the machine is
        longest *= 1.1 if os.waitpid(child, 0)[1] else 1 / 1.1
"""
# Killed with the temporary file written and not yet in its place.
HALTED = """
    import os, signal, sys

    from genlabel import Generator, KeySigner, Label, Labeller, Producer

    os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)
    signer = KeySigner.from_files(sys.argv[2] + "/signing.key", sys.argv[2] + "/signing.pem")
    label = Label.edited(producer=Producer("Acme Studio"), generator=Generator("Inpainter"))
    Labeller(signer=signer).sign_file(sys.argv[1], label, in_place=True)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder beside a credential."""
    authority().write(tmp_path)
    inner = tmp_path / "pictures"
    inner.mkdir()
    return inner


def python(script: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), *arguments],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def test_two_hundred_kills_leave_originals_and_complete_results_only(folder):
    drawn = [testing.picture(format, size=(640, 480)) for format in (*FORMATS, *MORE)]
    drawn += [small(name) for name in SMALL]
    originals = {f"{number:03}": drawn[number % len(drawn)] for number in range(KILLS)}
    for name, data in originals.items():
        (folder / name).write_bytes(data)

    done = python(KILLER, folder)

    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    storage.sweep(folder)
    assert {path.name for path in folder.iterdir()} == originals.keys()
    complete = 0
    for name, original in originals.items():
        data = (folder / name).read_bytes()
        if data != original:
            complete += 1
            assert genlabel.verify(data).integrity is Integrity.INTACT, name
    assert 0 < complete < KILLS, "the kills came all too early or all too late"


def test_what_a_killed_run_left_is_swept_by_the_next(folder):
    original = testing.picture("png")
    path = folder / "picture.png"
    path.write_bytes(original)

    done = python(HALTED, path, folder.parent)

    assert done.returncode < 0
    assert path.read_bytes() == original
    assert len(list(folder.iterdir())) == 2
    assert storage.sweep(folder) == 1
    assert list(folder.iterdir()) == [path]
