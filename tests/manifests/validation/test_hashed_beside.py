"""Hashed and read beside other work, a file gets the verdict that it gets without."""

from __future__ import annotations

import _thread

import pytest

import genlabel
from genlabel import Generator, Label, Producer, testing
from genlabel.formats import identify
from genlabel.manifests.engine import c_api, engine
from genlabel.manifests.validation import hard_binding, validate
from genlabel.storage import beside

KINDS = ("png", "jpeg", "webp", "tiff", "avif", "gif")


@pytest.fixture(scope="module")
def signed(signer):
    label = Label.generated(producer=Producer("Acme Studio"), generator=Generator("ModelX"))
    return {kind: genlabel.sign(testing.picture(kind), label, signer).data for kind in KINDS}


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch):
    monkeypatch.setattr(beside, "_cores", 2)
    monkeypatch.setattr(beside, "_system_cores", 2)


@pytest.fixture
def hashing(monkeypatch):
    """The threads on which bindings are judged."""
    threads, judged = [], hard_binding.judged

    def noted(*words, **more):
        threads.append(_thread.get_ident())
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
    before = _thread._count()
    assert genlabel.verify(data, trust=trust) == alone
    assert _thread._count() == before
    assert alone.integrity == ("broken" if changed else "intact")
    first, second = hashing
    assert first == _thread.get_ident()
    assert second != first


@pytest.mark.parametrize(("large", "threads"), [(1, 1), (1 << 40, 2)])
def test_a_film_needs_no_thread(large, threads, signed, trust, hashing, monkeypatch):
    monkeypatch.setattr(validate, "_WORTHWHILE", 0)
    monkeypatch.setattr(validate.buffers, "LARGE", large)
    genlabel.verify(signed["png"], trust=trust)
    assert len({_thread.get_ident(), *hashing}) == threads


def test_an_interrupt_meanwhile_leaves_no_thread(signed, trust, hashing, monkeypatch):
    def interrupted(verdicts):
        raise KeyboardInterrupt

    monkeypatch.setattr(validate, "_WORTHWHILE", 0)
    monkeypatch.setattr(validate.Verdicts, "look", interrupted)
    before = _thread._count()
    with pytest.raises(KeyboardInterrupt):
        genlabel.verify(signed["png"], trust=trust)
    assert _thread._count() == before


def test_what_hashing_raises_is_raised(signed, trust, monkeypatch):
    def failing(*words, **more):
        raise MemoryError

    monkeypatch.setattr(validate, "_WORTHWHILE", 0)
    monkeypatch.setattr(hard_binding, "judged", failing)
    with pytest.raises(MemoryError):
        genlabel.verify(signed["png"], trust=trust)


@pytest.fixture
def reading(monkeypatch):
    """The threads on which the engine reads stores."""
    threads, filled = [], c_api.Native._filled_reader

    def noted(native, *words):
        threads.append(_thread.get_ident())
        return filled(native, *words)

    monkeypatch.setattr(c_api.Native, "_filled_reader", noted)
    return threads


def test_the_engine_reads_beside_where_there_is_room(signed, trust, reading, monkeypatch):
    own = _thread.get_ident()
    reports = [genlabel.verify(signed["png"], trust=trust)]
    monkeypatch.setattr(beside, "_cores", 1)
    reports += [genlabel.verify(signed["png"], trust=trust)]
    assert reports[0] == reports[1]
    assert [each == own for each in reading] == [False, True]


@pytest.mark.parametrize("jobs", [1, 2])
def test_of_many_files_each_has_the_thread_of_its_job(
    jobs, signed, trust, reading, hashing, monkeypatch, tmp_path
):
    monkeypatch.setattr(validate, "_WORTHWHILE", 0)
    paths = [tmp_path / f"{number}.png" for number in range(4)]
    for path in paths:
        path.write_bytes(signed["png"])
    reports = list(genlabel.verify_files(paths, jobs=jobs, trust=trust))
    assert [str(each.integrity) for each in reports] == ["intact"] * 4
    assert reading
    assert len({*reading, *hashing}) <= jobs


@pytest.mark.parametrize("cores", [1, 2])
def test_a_store_that_the_engine_refuses_is_refused_in_its_words(cores, monkeypatch):
    monkeypatch.setattr(beside, "_cores", cores)
    store = b"\0\0\0\x10jumb\0\0\0\x08jumd"
    before = _thread._count()
    with engine.store_under_way(store) as answer:
        told = answer()
    assert told == engine.read_store(store)
    assert told.document is None
    assert _thread._count() == before


@pytest.mark.parametrize("kind", KINDS)
def test_the_engine_says_the_same_beside(kind, signed):
    store = identify(signed[kind]).survey(signed[kind]).manifest
    with engine.store_under_way(store) as answer:
        assert answer() == engine.read_store(store)
