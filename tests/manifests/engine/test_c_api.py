"""Reading through the C interface says what the engine's own Python package says."""

from __future__ import annotations

import gc
import io
import json
import resource
import sys
import threading

import pytest
from c2pa import C2paError, Context, Reader

from genlabel import formats
from genlabel.credentials.trust import Trust
from genlabel.manifests.engine import c_api, engine, reading_context, signers, signing, streams
from genlabel.model.errors import SigningError
from genlabel.testing import Authority, picture
from oracles import corpus, pictures, raw
from oracles.chain import Chain

JPEG, PNG = "image/jpeg", "image/png"
SIGNED = raw.sign(pictures.draw(), JPEG, Chain.new())
UNSIGNED, BROKEN = picture("png"), SIGNED[:-40] + b"\0" + SIGNED[-39:]
CASES = {
    "signed": (SIGNED, JPEG),
    "broken": (BROKEN, JPEG),
    "cut": (SIGNED[: len(SIGNED) // 2], JPEG),
    "unsigned": (UNSIGNED, PNG),
    "empty": (b"", PNG),
    "no picture": (b"nothing of the kind", PNG),
    "no such type": (UNSIGNED, "application/nothing"),
    "another type": (SIGNED, PNG),
}


def _of_the_package(data: bytes, mime: str, store: bytes | None = None) -> engine.Answer:
    try:
        with (
            Context.from_dict(reading_context.settings_under(Trust())) as context,
            Reader(mime, io.BytesIO(data), manifest_data=store, context=context) as reader,
        ):
            return engine.Answer(document=json.loads(reader.json()))
    except C2paError.ManifestNotFound:
        return engine.Answer()
    except C2paError as error:
        return engine.Answer(refusal=str(error))


@pytest.mark.parametrize("case", CASES)
def test_the_answer_is_the_packages_answer(case):
    answer = engine.read(*CASES[case], Trust())
    assert answer == _of_the_package(*CASES[case])
    assert (case in ("signed", "broken", "another type")) == (answer.document is not None)


@corpus.each_specimen(lambda each: bool(each.mime))
def test_of_other_peoples_files_too(specimen):
    data = specimen.data
    assert engine.read(data, specimen.mime, Trust()) == _of_the_package(data, specimen.mime)


@pytest.mark.parametrize("store", [b"no store", bytes(1000)], ids=["text", "zeros"])
def test_a_store_of_ones_own_is_refused_in_the_same_words(store):
    assert engine.read(SIGNED, JPEG, Trust(), store=store) == _of_the_package(SIGNED, JPEG, store)


def test_one_calls_refusal_is_not_the_next_ones():
    refused = engine.read(b"", PNG, Trust())
    assert refused.refusal is not None
    assert engine.read(UNSIGNED, PNG, Trust()) == engine.Answer()
    assert engine.read(SIGNED, JPEG, Trust()).refusal is None


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_any_bytes_do(kind):
    assert engine.read(kind(SIGNED), JPEG, Trust()) == engine.read(SIGNED, JPEG, Trust())


def test_the_crjson_view_of_a_store_is_none_where_there_is_nothing_to_view():
    store = formats.identify(SIGNED).survey(SIGNED).manifest
    assert engine.crjson_of(store)["manifests"]
    with engine.store_under_way(store, crjson=True) as answer:
        assert answer().crjson["manifests"][0].keys() >= {"label", "validationResults"}
    assert engine.crjson_of(b"no store") is None


def test_threads_read_side_by_side():
    expected = {case: engine.read(*CASES[case], Trust()) for case in CASES}
    wrong: list[str] = []

    def read() -> None:
        for _ in range(5):
            wrong.extend(
                case for case in CASES if engine.read(*CASES[case], Trust()) != expected[case]
            )

    threads = [threading.Thread(target=read) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not wrong


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is counted in other units elsewhere")
def test_reading_and_refusing_keep_no_memory():
    def peak() -> int:
        gc.collect()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    large = SIGNED + bytes(1_000_000)

    def rounds(count: int) -> None:
        for _ in range(count):
            engine.read(large, JPEG, Trust())
            engine.read(large[: len(SIGNED) // 2], JPEG, Trust())

    rounds(10)
    before = peak()
    rounds(60)
    assert peak() - before < 30_000  # kilobytes; 60 copies of the file alone would be 60,000


def test_what_is_forgotten_while_it_is_used_lives_on(monkeypatch):
    expected, view = engine.read(SIGNED, JPEG, Trust()), streams._view

    def forgetting(*where: int) -> memoryview:
        # as when another thread has made the same meanwhile
        reading_context.kept_context.cache_clear()
        gc.collect()
        found: memoryview = view(*where)
        return found

    monkeypatch.setattr(streams, "_view", forgetting)
    reading_context.kept_context.cache_clear()
    assert engine.read(SIGNED, JPEG, Trust()) == expected
    signed = signing.sign(UNSIGNED, PNG, raw.generated(), Authority.new("Acme Studio").signer())
    assert engine.read(signed, PNG, Trust()).document is not None


def test_threads_that_sign_first_of_all_do_not_take_from_each_other():
    signer, failures = Authority.new("Acme Studio").signer(), []

    def sign() -> None:
        try:
            signing.sign(UNSIGNED, PNG, raw.generated(), signer)
        except SigningError as error:
            failures.append(error)

    for _ in range(10):
        reading_context.kept_context.cache_clear()
        signers._kept._kept.clear()
        threads = [threading.Thread(target=sign) for _ in range(3)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert not failures


def test_an_earlier_refusal_does_not_speak_for_this_call():
    assert engine.read(b"", "image/nothing", Trust()).refusal
    native = c_api.native()
    native._begin()
    assert native._reason() == "Other: the engine gave no reason"
    for failed in (lambda: native._done(1), lambda: native._held(None)):
        with pytest.raises(c_api.Refused):
            failed()
