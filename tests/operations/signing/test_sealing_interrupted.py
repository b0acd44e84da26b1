"""Ctrl-C and a full disk while we seal: the file is what it was, and no other lies beside it."""

from __future__ import annotations

import errno
import signal

import pytest

from genlabel.formats import identify
from genlabel.manifests.engine import placeholder
from genlabel.model.label import Label
from genlabel.operations.labeller import Labeller
from genlabel.pixels.smallest import FAMILIES, smallest
from genlabel.storage import buffers
from histories import ACME, FLUX

LABEL = Label.generated(producer=ACME, generator=FLUX)
PLACES = {"inside": {"in_place": True}, "beside": {"sidecar": True}}


@pytest.fixture(params=PLACES)
def how(request):
    return PLACES[request.param]


@pytest.fixture(params=FAMILIES)
def path(request, tmp_path):
    data = smallest(request.param)
    path = tmp_path / f"small{identify(data).suffixes[0]}"
    path.write_bytes(data)
    return path


def test_ctrl_c_while_it_is_hashed(path, how, signer, monkeypatch):
    before, hashed = path.read_bytes(), []

    def pressed(*where):
        hashed.append(where)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(placeholder, "update", pressed)
    with pytest.raises(KeyboardInterrupt):
        Labeller(signer=signer).sign_file(path, LABEL, **how)
    assert len(hashed) == 1
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_full_disk_while_it_is_put_together(path, signer, monkeypatch):
    before = path.read_bytes()

    def full(size):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(buffers, "LARGE", 1)  # smaller results are put together in memory
    monkeypatch.setattr(buffers, "new_file", full)
    with pytest.raises(OSError, match="No space left"):
        Labeller(signer=signer).sign_file(path, LABEL, in_place=True)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
