"""An interrupt is heard while the engine works, and nothing half-done stays of what it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from genlabel.credentials.trust import Trust
from genlabel.manifests.engine import c_api, engine, reading_context, streams
from genlabel.manifests.engine.c_api import Refused
from genlabel.manifests.engine.cancel import Stop
from genlabel.model.errors import EngineError
from genlabel.model.label import Label
from genlabel.model.parties import Generator
from genlabel.model.report import Integrity
from genlabel.operations.labeller import Labeller
from genlabel.operations.signing import rewriting
from genlabel.storage import buffers
from genlabel.testing import picture
from histories import ACME
from oracles.films import NEEDS_FFMPEG, film, is_here
from patience import hears_interrupts

LABEL = Label.generated(producer=ACME, generator=Generator("ModelX"))
MB = 1 << 20
posix = pytest.mark.skipif(os.name == "nt", reason="POSIX signals, and nothing is mapped there")
needs_ffmpeg = pytest.mark.skipif(not is_here(), reason=NEEDS_FFMPEG)

# A run that says at its tenth look at the file that it is under way, and goes on when told to. At
# the end it says how often it has looked: our own hash, or the engine where it embeds.
WATCHED = """
    import sys

    import hashlib
    from types import SimpleNamespace

    from genlabel.cli.main import status
    from genlabel.manifests.binding import digest
    from genlabel.manifests.engine import iso_hash, streams
    from genlabel.operations.signing import rewriting
    from genlabel.storage import buffers

    view = streams._view
    asked = 0
    by_engine = sys.argv.pop(1) == "engine"

    def look():
        global asked
        asked += 1
        if asked == 10:
            print("under way", flush=True)
            sys.stdin.readline()

    def waiting(*where):
        look()
        return view(*where)

    class Hash:
        def __init__(self, name):
            self.state = hashlib.new(name)
            self.digest = self.state.digest

        def update(self, data):
            if not by_engine:
                look()
            self.state.update(data)

    streams._view = waiting
    digest.hashlib = iso_hash.hashlib = SimpleNamespace(new=Hash)
    rewriting._by_engine.set(by_engine)
    buffers.LARGE, buffers.STRIDE = 1, 256
    ended = status(sys.argv[1:])
    print(asked)
    sys.exit(ended)
"""


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Ctrl-C raises `KeyboardInterrupt`, as it does in a program."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def _grown(path: Path, more: int) -> None:
    """A film with `more` bytes in its last box; those take no room on the disk."""
    whole = film("mp4 tables first")
    at = whole.rindex(b"mdat") - 4
    with path.open("wb") as file:
        size = (len(whole) - at + more).to_bytes(4, "big")
        file.write(whole[:at] + size + whole[at + 4 :])
        file.truncate(len(whole) + more)


@posix
@needs_ffmpeg
@pytest.mark.parametrize("late", [False, True], ids=["before the engine", "in the engine"])
def test_a_large_film_is_left_in_the_middle(late, signer, tmp_path, ctrl_c):
    path = tmp_path / "film.mp4"
    _grown(path, 200 * MB)
    labeller, sizes, steps = Labeller(signer=signer), set[int](), list[int]()

    def signed() -> None:
        labeller.sign_file(path, LABEL, out=tmp_path / "out.mp4", overwrite=True)

    def counted(done: int, of: int) -> None:
        sizes.add(of)
        steps.append(done)

    with buffers.watched(counted):
        signed()
    before = (tmp_path / "out.mp4").stat().st_mtime_ns
    pressed: list[int] = []

    def press(done: int, of: int) -> None:
        if pressed or of > path.stat().st_size or not late:
            pressed.append(done)
        if len(pressed) == 1:
            os.kill(os.getpid(), signal.SIGINT)

    with buffers.watched(press), pytest.raises(KeyboardInterrupt):
        signed()
    assert len(pressed) <= 2, "it goes on for no more than one stride"
    assert len(steps) > 20
    assert (tmp_path / "out.mp4").stat().st_mtime_ns == before
    assert {each.name for each in tmp_path.iterdir()} == {"film.mp4", "out.mp4"}
    assert len(sizes) > 1


@posix
@needs_ffmpeg
@pytest.mark.parametrize(("way", "command"), [("us", "sign"), ("engine", "sign"), ("us", "verify")])
@pytest.mark.parametrize(("name", "ends_with"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_run_is_over_at_once_and_leaves_nothing(
    way, command, name, ends_with, authority, signer, tmp_path
):
    authority.write(tmp_path)
    path, temporary = tmp_path / "film.mp4", tmp_path / "temporary"
    temporary.mkdir()
    path.write_bytes(film("mp4"))
    words = ["--generated", "--by", "Acme Studio", "--in-place", "--no-config"]
    words += ["--key", tmp_path / "signing.key", "--certificates", tmp_path / "signing.pem"]
    if command == "verify":
        words = ["--no-config"]
        Labeller(signer=signer).sign_file(path, LABEL, in_place=True)
    before, there = path.read_bytes(), sorted(tmp_path.rglob("*"))
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WATCHED), way, command, path, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(temporary)},
        preexec_fn=hears_interrupts,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"under way\n"
    child.send_signal(getattr(signal, name))
    out, err = child.communicate(b"go on\n", timeout=600)
    assert int(out.split()[-1]) <= 12, "some 80 looks were left"
    assert child.returncode == ends_with, err.decode()
    assert b"Traceback" not in err
    assert b"Exception ignored" not in err
    assert path.read_bytes() == before
    assert sorted(tmp_path.rglob("*")) == there


def test_a_handler_that_raises_something_else_stops_the_engine_too(signer, monkeypatch):
    class _Enough(Exception):
        pass

    def handler(number: int, frame: object) -> None:
        raise _Enough

    asked, view = [], streams._view

    def pressing(*where: int) -> memoryview:
        asked.append(where)
        if len(asked) == 3:
            signal.raise_signal(signal.SIGINT)
        found: memoryview = view(*where)
        return found

    monkeypatch.setattr(streams, "_view", pressing)
    before = signal.signal(signal.SIGINT, handler)
    try:
        with rewriting.by_engine(), pytest.raises(_Enough):
            Labeller(signer=signer).sign(picture("png"), LABEL)
        assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert len(asked) == 3


def test_the_engine_gives_up_between_two_looks_as_well():
    native, data, settings = (
        c_api.native(),
        picture("png"),
        json.dumps(reading_context.settings_under(Trust())),
    )
    stop = Stop()
    with native.stoppable(settings, stop) as context:
        with pytest.raises(Refused, match="ManifestNotFound"):
            native.read(context, data, "image/png", None, "json", Stop())
        stop.because(KeyboardInterrupt())
        with pytest.raises(Refused, match="cancelled"):
            native.read(context, data, "image/png", None, "json", Stop())
    with (
        native.stoppable(settings, Stop()) as context,
        pytest.raises(Refused, match="ManifestNotFound"),
    ):
        native.read(context, data, "image/png", None, "json", Stop())


def test_settings_that_the_engine_refuses_are_an_error_for_large_files_too(monkeypatch):
    monkeypatch.setattr(buffers, "LARGE", 1)
    assert engine.read(picture("png"), "image/png", Trust()).document is None
    monkeypatch.setattr(
        reading_context, "settings_under", lambda *_, **__: {"verify": "no such thing"}
    )
    with pytest.raises(EngineError, match="refused its settings"):
        engine.read(picture("png"), "image/png", Trust())


def test_what_was_interrupted_can_be_done_again(signer, ctrl_c, monkeypatch):
    monkeypatch.setattr(buffers, "LARGE", 1)
    view = streams._view

    def pressing(*where: int) -> memoryview:
        signal.raise_signal(signal.SIGINT)
        found: memoryview = view(*where)
        return found

    labeller = Labeller(signer=signer)
    for _ in range(3):
        monkeypatch.setattr(streams, "_view", pressing)
        with rewriting.by_engine(), pytest.raises(KeyboardInterrupt):
            labeller.sign(picture("jpeg"), LABEL)
        monkeypatch.setattr(streams, "_view", view)
        signed = labeller.sign(picture("jpeg"), LABEL)
        assert signed.report.integrity is Integrity.INTACT
