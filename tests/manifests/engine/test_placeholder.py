"""A store is signed for the place that was kept for it, or nothing is signed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import pytest

from genlabel.manifests.engine import placeholder
from genlabel.manifests.engine.cancel import Stop
from genlabel.model.errors import SigningError

Spans = Sequence[tuple[int, int]]


class Engine:
    """What the engine's interface does for a placeholder, without any engine."""

    def __init__(self, *, more: bytes = b"", head: int = 0, likely: Spans = ()) -> None:
        self.bound: list[tuple[int, Spans]] = [(0, likely)] if likely else []
        self.binding: dict[str, Any] = {}
        self._more, self._head = more, head

    def placeholder(self, builder: int) -> bytes:
        return _store(self.bound[-1][1] if self.bound else [])

    def bind(self, builder: int, pieces: Sequence[bytes], spans: Spans, stop: Stop) -> None:
        self.bound.append((sum(map(len, pieces)), spans))

    def sign(self, binding: dict[str, Any]) -> bytes:
        self.binding = binding
        store = _store(_spans(binding))
        return (len(store) + self._head).to_bytes(4, "big") + store[4:] + self._more


def _store(spans: Spans) -> bytes:
    """One that is longer the longer the numbers of its place are."""
    numbers = [number for start, end in spans for number in (start, end - start)]
    size = 400 + sum(1 + (number > 255) + 2 * (number > 65_535) for number in numbers)
    return size.to_bytes(4, "big") + bytes(size - 4)


def _spans(binding: dict[str, Any]) -> Spans:
    return [(e["start"], e["start"] + e["length"]) for e in binding["exclusions"]]


def _placed(engine: Engine, put: Any, **more: Any) -> bytes:
    return placeholder.placed(engine, 1, put, engine.sign, **more)


@pytest.mark.parametrize("before", [0, 20, 300, 100_000])
def test_the_binding_is_of_the_file_that_was_put_last(before):
    engine, files = Engine(), []

    def put(store: bytes) -> Any:
        files.append(b"a" * before + store + b"b" * 300)
        return files[-1], ((before, before + len(store)),)

    signed = _placed(engine, put)
    assert _spans(engine.binding) == [(before, before + len(signed))]
    outside = b"a" * before + b"b" * 300
    assert bytes(engine.binding["hash"]) == hashlib.sha256(outside).digest()
    assert len(files[-1]) == len(outside) + len(signed)
    assert len(files) == 2
    assert engine.bound == [(place := engine.bound[0][1][-1][1], [(place - 256, place)])]


@pytest.mark.parametrize("likely", [[(24, 280)], [(0, 256)], [(256, 512)], [(0, 24), (24, 48)]])
def test_a_file_that_lies_as_was_thought_is_put_together_once(likely):
    files = []

    def put(store: bytes) -> Any:
        files.append(bytes(100) + store)
        return files[-1], ((100, 100 + len(store)),)

    signed = _placed(Engine(likely=likely), put, likely=likely)
    assert len(files) == (1 if likely == [(24, 280)] else 2)
    assert len(files[-1]) == 100 + len(signed)


@pytest.mark.parametrize("lie", [{"more": b"x"}, {"head": 1}, {"more": b"x", "head": 1}])
def test_a_store_of_another_length_than_its_place_is_refused(lie):
    with pytest.raises(SigningError, match="were kept for it"):
        _placed(Engine(**lie), lambda store: (store, ((0, len(store)),)))


def test_a_place_behind_the_end_of_the_file_is_refused():
    with pytest.raises(SigningError, match="behind the end"):
        _placed(Engine(), lambda store: (store[:-1], ((0, len(store)),)))


def test_a_place_whose_address_changes_every_time_is_refused():
    starts = iter([20, 300, 100_000] * 9)

    def put(store: bytes) -> Any:
        start = next(starts)
        return bytes(start) + store, ((start, start + len(store)),)

    with pytest.raises(SigningError, match="finds no place"):
        _placed(Engine(), put)


def test_spans_that_stand_for_others_follow_one_another():
    assert placeholder.as_long([(30, 330), (400, 410)]) == [(24, 280), (280, 280)]


@pytest.mark.parametrize("size", [1, 24, 1 << 20, (1 << 20) + 1, 3 << 20])
def test_what_is_hashed_for_its_length_alone_is_as_long_as_it_is_to_be(size):
    assert sum(map(len, placeholder._zeros(size))) == size


UUIDS = ("1b4e28ba-2fa1-41d2-883f-0016d3cca427", "00000000-0000-4000-8000-000000000000")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"label": f"urn:c2pa:{UUIDS[0]}"}, {"label": f"urn:c2pa:{UUIDS[1]}"}),
        ({"when": "2026-11-29T10:00:00Z"}, {"when": "2019-01-02T03:04:05Z"}),
    ],
    ids=["identifiers", "times"],
)
def test_stores_of_one_shape_are_as_long_whatever_is_new_in_them(one, other, signer):
    shapes = [placeholder.shape_of(json.dumps(each), signer) for each in (one, other)]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"title": "Hills"}, {"title": "Hill"}),
        ({"start": 200}, {"start": 300}),
        ({"identifier": "urn:uuid:"}, {"identifier": f"urn:uuid:{UUIDS[0]}"}),
        ({"identifier": f"urn:uuid:{UUIDS[0]}"}, {"identifier": f"urn:uuid:{UUIDS[0]}-1"}),
        ({"when": ""}, {"when": "2026-11-29T10:00:00Z"}),
        ({"when": "2026-11-29T10:00:00Z"}, {"when": "2026-11-29T10:00:00.5Z"}),
        ({"title": "\n"}, {"title": f"{UUIDS[0]}"}),
    ],
)
def test_what_could_be_longer_is_of_another_shape(one, other, signer):
    shapes = [placeholder.shape_of(json.dumps(each), signer) for each in (one, other)]
    assert shapes[0] != shapes[1]


def test_of_one_shape_the_engine_is_asked_for_a_store_once(monkeypatch):
    monkeypatch.setattr(placeholder, "_kept", {})
    engine, asked = Engine(likely=[(24, 280)]), []
    ask = engine.placeholder
    engine.placeholder = lambda builder: (asked.append(builder), ask(builder))[1]

    def put(store: bytes) -> Any:
        return bytes(100) + store, ((100, 100 + len(store)),)

    for shape in ("a", "a", "b", None, None):
        _placed(engine, put, likely=[(24, 280)], shape=shape)
    assert len(asked) == 4


def test_few_shapes_are_kept(monkeypatch):
    monkeypatch.setattr(placeholder, "_kept", {})
    for number in range(40):
        placeholder.unsigned(Engine(), 1, None, b"", number)
    assert len(placeholder._kept) <= 16
