"""A film is signed in few steps: whoever shares the interpreter with a busy thread waits at each.

Each time that Python code gets the interpreter back, it may have to wait for 5 ms. The engine asks
for a film in some 25,000 pieces; so it is not shown one, and we take strides.
"""

from __future__ import annotations

import hashlib
from types import SimpleNamespace

import pytest

from genlabel.manifests.binding import digest
from genlabel.manifests.engine import iso_hash, streams
from genlabel.model.label import Label
from genlabel.model.parties import Generator, Producer
from genlabel.operations.labeller import Labeller
from genlabel.operations.signing import rewriting
from genlabel.storage import buffers
from oracles.small_files import small

HELD = 2047
"""Most bytes that hashlib hashes without letting go of the interpreter."""
BOXES = 10
LABEL = Label.generated(producer=Producer("Acme"), generator=Generator("ModelX"))


@pytest.fixture
def steps(monkeypatch):
    """What is asked for while a film is signed: callbacks of the engine, strides of our hashes."""
    taken = {"callbacks": 0, "strides": 0}
    view = streams._view

    def looked(*where):
        taken["callbacks"] += 1
        return view(*where)

    class Hash:
        def __init__(self, name):
            self.state = hashlib.new(name)
            self.digest = self.state.digest

        def update(self, data):
            taken["strides"] += len(data) > HELD
            self.state.update(data)

    monkeypatch.setattr(streams, "_view", looked)
    for module in (digest, iso_hash):
        monkeypatch.setattr(module, "hashlib", SimpleNamespace(new=Hash))
    return taken


@pytest.mark.parametrize("name", ["mp4", "mov", "m4a", "heic", "avif"])
def test_a_film_is_signed_without_one_callback_and_in_strides(name, signer, steps, monkeypatch):
    monkeypatch.setattr(buffers, "STRIDE", 4000)
    signed = Labeller(signer=signer).sign(small(name), LABEL)
    assert steps["callbacks"] == 0
    # once when it is signed, once when it is read back
    assert steps["strides"] <= 2 * (len(signed.data) // 4000 + BOXES)


def test_the_engine_asks_for_a_film_many_times(signer, steps):
    with rewriting.by_engine():
        Labeller(signer=signer).sign(small("mp4"), LABEL)
    assert steps["callbacks"] > 20
