"""When a file has been dealt with all of it is let go of, before Python looks for cycles."""

from __future__ import annotations

import gc
import tracemalloc

import pytest

from genlabel.model.label import Label
from genlabel.model.parties import Generator
from genlabel.operations.labeller import Labeller
from genlabel.operations.signing import rewriting
from genlabel.testing import picture
from histories import ACME

LABEL = Label.generated(producer=ACME, generator=Generator("ModelX"))
SCANS = 3_000_000
"""Bytes of a coded picture, more than anything else of it takes."""


@pytest.fixture
def desk(signer, trust):
    return Labeller(signer=signer, trust=trust, overwrite=True, fsync=False)


@pytest.fixture
def plain(tmp_path):
    path, data = tmp_path / "plain.jpg", picture("jpeg")
    path.write_bytes(data[:-2] + bytes(SCANS) + data[-2:])
    return path


@pytest.fixture
def signed(desk, plain):
    out = plain.with_name("signed.jpg")
    desk.sign_file(plain, LABEL, out=out)
    return out


@pytest.fixture
def work(request, desk, plain, signed):
    out = plain.with_name("out.jpg")
    unread = plain.with_name("unread.jpg")
    unread.write_bytes(signed.read_bytes().replace(b"c2pa.claim.v2", b"c2pa.claim.v9"))
    return {
        "verify a file without a mark": lambda: desk.verify_file(plain),
        "verify": lambda: desk.verify_file(signed),
        "verify what the engine refuses": lambda: desk.verify_file(unread),
        "sign": lambda: desk.sign_file(plain, LABEL, out=out),
        "sign again": lambda: desk.sign_file(signed, Label.edited(producer=ACME), out=out),
        "strip-check": lambda: desk.strip_check_file(plain, against=signed),
    }[request.param]


OF_EVERY_KIND = pytest.mark.parametrize(
    "work",
    [
        "verify a file without a mark",
        "verify",
        "verify what the engine refuses",
        "sign",
        "sign again",
        "strip-check",
    ],
    indirect=True,
)


@OF_EVERY_KIND
def test_nothing_keeps_them(work):
    work()
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        work()
        left, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        gc.enable()
    assert most > SCANS  # else this sees nothing
    assert left < SCANS / 3


@OF_EVERY_KIND
def test_nothing_is_left_for_the_collector(work):
    """Which would take a tenth of the time of small files."""
    work()
    work()  # what is loaded and made once has been
    gc.collect()
    gc.disable()
    try:
        work()
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_a_file_that_is_put_together_twice_is_in_memory_once(desk, plain, monkeypatch):
    """The first of its kind is, whose manifest lies where nobody expected it."""
    data = plain.read_bytes()
    desk.sign(data, LABEL)
    monkeypatch.setattr(rewriting, "_usual", {})
    tracemalloc.start()
    try:
        desk.sign(data, LABEL)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 1.5 * SCANS
