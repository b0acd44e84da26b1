"""The engine's streams are files like any other, and what goes wrong in them is carried out."""

from __future__ import annotations

import ctypes
import errno
import io
import random

import pytest

from genlabel.credentials.signer import KeySigner
from genlabel.credentials.trust import Trust
from genlabel.manifests.engine import engine, signing, streams as native_streams
from genlabel.manifests.engine.cancel import Stop, carried_out
from genlabel.model.errors import SigningError
from genlabel.storage import buffers, file_contents
from genlabel.testing import Authority, picture
from oracles import raw

WHOLE = bytes(range(256)) * 40
FAILED = -1


class _Asking:
    """A file as native code sees it: through the callbacks of one stream."""

    def __init__(self, callbacks: native_streams.Callbacks) -> None:
        self._callbacks = callbacks

    def read(self, wanted: int) -> bytes:
        buffer = ctypes.create_string_buffer(wanted)
        given = self._callbacks.read(None, ctypes.addressof(buffer), wanted)
        assert given >= 0
        return buffer.raw[:given]

    def all_of(self, wanted: int) -> bytes:
        """As many bytes as are there: one answer may be shorter."""
        found = b""
        while len(found) < wanted and (more := self.read(wanted - len(found))):
            found += more
        return found

    def write(self, data: bytes) -> int:
        return int(self._callbacks.write(None, ctypes.cast(data, ctypes.c_void_p), len(data)))

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(self._callbacks.seek(None, offset, whence))


def _mapped(tmp_path, monkeypatch) -> memoryview:
    monkeypatch.setattr(buffers, "LARGE", 1)
    (tmp_path / "film").write_bytes(WHOLE)
    found = file_contents.contents(tmp_path / "film")
    assert isinstance(found, memoryview)
    return found


def _in_pieces() -> list[bytes | memoryview]:
    chance, pieces, at = random.Random(4), [], 0
    while at < len(WHOLE):
        end = at + chance.choice((0, 1, 7, 300, 2000))
        pieces.append(memoryview(WHOLE)[at:end] if chance.random() < 0.5 else WHOLE[at:end])
        at = end
    return pieces


@pytest.mark.parametrize("kind", ["bytes", "bytearray", "pieces", "mapped", "mapped in pieces"])
def test_a_file_is_read_as_files_are(kind, tmp_path, monkeypatch):
    pieces = {
        "bytes": lambda: [WHOLE],
        "bytearray": lambda: [bytearray(WHOLE)],
        "pieces": _in_pieces,
        "mapped": lambda: [_mapped(tmp_path, monkeypatch)],
        "mapped in pieces": lambda: [
            WHOLE[:99], _mapped(tmp_path, monkeypatch)[99:5000], WHOLE[5000:]
        ],
    }[kind]()  # fmt: skip
    monkeypatch.setattr(buffers, "STRIDE", 777)
    ours, theirs = _Asking(native_streams.source(pieces, Stop())), io.BytesIO(WHOLE)
    chance = random.Random(5)
    for _ in range(300):
        whence = chance.randrange(3)
        offset = chance.randrange(-200, len(WHOLE) + 200)
        if whence:
            offset = chance.randrange(-3000, 300)
        start = (0, theirs.tell(), len(WHOLE))[whence]
        if start + offset < 0:
            assert ours.seek(offset, whence) == FAILED
            assert ours.seek(0, 1) == theirs.tell()
            continue
        assert ours.seek(offset, whence) == theirs.seek(start + offset)
        wanted = chance.choice((1, 8, 500, 8192, 20_000))
        assert ours.all_of(wanted) == theirs.read(wanted)
        assert ours.seek(0, 1) == ours.seek(theirs.tell())
    assert ours.write(b"x") == FAILED


def test_a_watcher_hears_how_far_a_mapped_file_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(buffers, "STRIDE", 1000)
    mapped, heard = _mapped(tmp_path, monkeypatch), []
    ours = _Asking(native_streams.source([mapped], Stop()))
    with buffers.watched(lambda done, of: heard.append((done, of))):
        while ours.read(700):
            pass
    size = len(WHOLE)
    assert heard == [(place, size) for place in range(1400, size, 1400)]


def test_nothing_can_be_read_from_an_empty_file():
    ours = _Asking(native_streams.source([b""], Stop()))
    assert ours.read(10) == b""
    assert ours.seek(0, 2) == 0


def test_a_new_file_is_written_and_read_back_as_files_are():
    file = io.BytesIO()
    ours = _Asking(native_streams.sink(file, len(WHOLE), Stop()))
    assert ours.write(WHOLE) == len(WHOLE)
    assert ours.seek(-256, 2) == len(WHOLE) - 256
    assert ours.read(1000) == bytes(range(256))
    assert ours.seek(3) == 3
    assert ours.write(b"abc") == 3
    assert file.getvalue() == WHOLE[:3] + b"abc" + WHOLE[6:]


def _signer() -> KeySigner:
    return Authority.new("Acme Studio").signer()


class _Full(io.BytesIO):
    """A file on a disk with room for a thousand bytes."""

    def write(self, data, /) -> int:
        if self.tell() + len(data) > 1000:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)


def test_a_full_disk_is_told_as_what_it_is(monkeypatch):
    monkeypatch.setattr(buffers, "new_file", lambda size: _Full())
    with pytest.raises(OSError, match="No space left") as told:
        signing.sign(picture("png"), "image/png", raw.generated(), _signer())
    assert told.value.errno == errno.ENOSPC


def test_a_file_that_cannot_be_sought_is_told_as_what_it_is(monkeypatch):
    class _Pipe(io.BytesIO):
        def seek(self, offset: int, whence: int = 0, /) -> int:
            raise io.UnsupportedOperation("seek")

    monkeypatch.setattr(buffers, "new_file", lambda size: _Pipe())
    with pytest.raises(io.UnsupportedOperation):
        signing.sign(picture("png"), "image/png", raw.generated(), _signer())


def test_once_there_is_a_reason_to_stop_every_callback_fails():
    stop = Stop()
    streams = [
        native_streams.source([WHOLE], stop),
        native_streams.sink(io.BytesIO(WHOLE), len(WHOLE), stop),
    ]
    buffer = ctypes.create_string_buffer(8)
    place = ctypes.addressof(buffer)
    for each in streams:
        assert each.read(None, place, 8) == 8
        assert each.seek(None, 0, 0) == 0
    stop.because(KeyboardInterrupt())
    for each in streams:
        assert each.read(None, place, 8) == FAILED
        assert each.seek(None, 0, 0) == FAILED
        assert each.write(None, place, 8) == FAILED


def test_the_first_reason_is_the_one_that_is_raised():
    def refused_after(*reasons: BaseException) -> None:
        with carried_out() as stop:
            for each in reasons:
                stop.because(each)
            raise SigningError("what follows from it")

    with pytest.raises(OSError, match="first"):
        refused_after(OSError("first"), KeyboardInterrupt())
    with pytest.raises(SigningError, match="what follows"):
        refused_after()


def test_the_engine_is_not_asked_for_more_once_it_is_to_stop(monkeypatch):
    asked: list[int] = []
    view = native_streams._view

    def failing(*where: int) -> memoryview:
        asked.append(where[1])
        if len(asked) == 5:
            raise MemoryError
        found: memoryview = view(*where)
        return found

    monkeypatch.setattr(native_streams, "_view", failing)
    with pytest.raises(MemoryError):
        engine.read(memoryview(picture("png")), "image/png", Trust())
    assert len(asked) == 5
