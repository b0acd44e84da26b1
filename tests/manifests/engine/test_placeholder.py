"""A store is signed for the place that was kept for it, or nothing is signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from genlabel.manifests.engine import placeholder
from genlabel.manifests.engine.cancel import Stop
from genlabel.model.errors import SigningError


class Engine:
    """What the engine's interface does for a placeholder, without any engine."""

    def __init__(self, *, more: bytes = b"", head: int = 0) -> None:
        self.bound: list[tuple[int, Sequence[tuple[int, int]]]] = []
        self._more, self._head = more, head

    def placeholder(self, builder: int) -> bytes:
        size = 400
        for start, end in self.bound[-1][1] if self.bound else []:
            size += sum(1 + (number > 255) + 2 * (number > 65_535) for number in (start, end))
        return size.to_bytes(4, "big") + bytes(size - 4)

    def bind(self, builder: int, data: Any, spans: Sequence[tuple[int, int]], stop: Stop) -> None:
        self.bound.append((len(data), spans))

    def sign_embeddable(self, builder: int) -> bytes:
        store = self.placeholder(builder)
        return (len(store) + self._head).to_bytes(4, "big") + store[4:] + self._more


@pytest.mark.parametrize("before", [0, 20, 300, 100_000])
def test_the_last_binding_is_of_the_file_that_was_put_last(before):
    engine, files = Engine(), []

    def put(store: bytes) -> Any:
        files.append(bytes(before) + store)
        return files[-1], ((before, before + len(store)),)

    signed = placeholder.placed(engine, 1, put, Stop())
    assert engine.bound[-1] == (len(files[-1]), ((before, before + len(signed)),))
    assert len(files[-1]) == before + len(signed)
    assert len(files) == 2


@pytest.mark.parametrize("lie", [{"more": b"x"}, {"head": 1}, {"more": b"x", "head": 1}])
def test_a_store_of_another_length_than_its_place_is_refused(lie):
    with pytest.raises(SigningError, match="were kept for it"):
        placeholder.placed(Engine(**lie), 1, lambda store: (store, ((0, len(store)),)), Stop())


def test_a_place_whose_address_changes_every_time_is_refused():
    starts = iter([20, 300, 100_000] * 9)

    def put(store: bytes) -> Any:
        start = next(starts)
        return bytes(start) + store, ((start, start + len(store)),)

    with pytest.raises(SigningError, match="finds no place"):
        placeholder.placed(Engine(), 1, put, Stop())


def test_spans_that_stand_for_others_follow_one_another():
    assert placeholder._as_long([(30, 330), (400, 410)]) == [(24, 280), (280, 280)]
