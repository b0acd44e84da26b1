"""A file that is hashed beside other work gets the verdict that it gets without."""

from __future__ import annotations

import threading

import pytest

import genlabel
from genlabel import Generator, Label, Producer, testing
from genlabel.manifests.engine import engine
from genlabel.manifests.validation import hard_binding, validate

KINDS = ("png", "jpeg", "webp", "tiff", "avif", "gif")


@pytest.fixture(scope="module")
def signed(signer):
    label = Label.generated(producer=Producer("Acme Studio"), generator=Generator("ModelX"))
    return {kind: genlabel.sign(testing.picture(kind), label, signer).data for kind in KINDS}


@pytest.fixture
def hashing(monkeypatch):
    """The threads on which bindings are judged."""
    threads, judged = [], hard_binding.judged

    def noted(*words, **more):
        threads.append(threading.current_thread())
        return judged(*words, **more)

    monkeypatch.setattr(hard_binding, "judged", noted)
    return threads


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("changed", [False, True])
def test_the_verdict_is_the_same(kind, changed, signed, trust, hashing, monkeypatch):
    data = signed[kind]
    if changed:
        data = data[:-20] + bytes([data[-20] ^ 1]) + data[-19:]
    alone = genlabel.verify(data, trust=trust)
    monkeypatch.setattr(validate, "_WORTHWHILE", 0)
    before = threading.active_count()
    assert genlabel.verify(data, trust=trust) == alone
    assert threading.active_count() == before
    assert alone.integrity == ("broken" if changed else "intact")
    first, second = hashing
    assert first is threading.current_thread()
    assert second is not first


@pytest.mark.parametrize(("large", "threads"), [(1, 1), (1 << 40, 2)])
def test_a_film_needs_no_thread(large, threads, signed, trust, hashing, monkeypatch):
    monkeypatch.setattr(validate, "_WORTHWHILE", 0)
    monkeypatch.setattr(validate.buffers, "LARGE", large)
    genlabel.verify(signed["png"], trust=trust)
    assert len({threading.current_thread(), *hashing}) == threads


def test_an_interrupt_meanwhile_leaves_no_thread(signed, trust, hashing, monkeypatch):
    def interrupted(store):
        raise KeyboardInterrupt

    monkeypatch.setattr(validate, "_WORTHWHILE", 0)
    monkeypatch.setattr(engine, "read_store", interrupted)
    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        genlabel.verify(signed["png"], trust=trust)
    assert threading.active_count() == before
    assert not hashing[0].is_alive()


def test_what_hashing_raises_is_raised(signed, trust, monkeypatch):
    def failing(*words, **more):
        raise MemoryError

    monkeypatch.setattr(validate, "_WORTHWHILE", 0)
    monkeypatch.setattr(hard_binding, "judged", failing)
    with pytest.raises(MemoryError):
        genlabel.verify(signed["png"], trust=trust)
