"""The hash of a file is the same, taken at once or beside other work."""

from __future__ import annotations

import _thread
import hashlib

import pytest

from genlabel.storage import buffers
from genlabel.storage.file_hash import FileHash

DATA = bytes(range(256)) * 400


@pytest.mark.parametrize("large", [1, len(DATA) + 1])
def test_the_hash_is_that_of_all_bytes(large, monkeypatch):
    monkeypatch.setattr(buffers, "LARGE", large)
    monkeypatch.setattr(buffers, "STRIDE", 1000)
    with FileHash(DATA) as file_hash:
        assert file_hash.hexdigest() == hashlib.sha256(DATA).hexdigest()


def test_whoever_leaves_early_leaves_no_thread(monkeypatch):
    monkeypatch.setattr(buffers, "LARGE", 1)
    monkeypatch.setattr(buffers, "STRIDE", 1)
    before = _thread._count()
    with pytest.raises(KeyboardInterrupt), FileHash(DATA):
        raise KeyboardInterrupt
    assert _thread._count() == before


def test_what_goes_wrong_with_the_file_is_told_where_the_hash_is_asked_for(monkeypatch):
    def cut(data, stride):
        raise OSError("cut short")
        yield data

    monkeypatch.setattr(buffers, "LARGE", 1)
    monkeypatch.setattr(buffers, "strides", cut)
    with FileHash(DATA) as file_hash, pytest.raises(OSError, match="cut short"):
        file_hash.hexdigest()
