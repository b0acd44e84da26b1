"""Every room is fuzzed a little in the usual run; `make fuzz` does it for as long as one likes."""

from __future__ import annotations

import random

import hypothesis
import pytest
from hypothesis import given, strategies as st

from fuzz import mutations, run, targets

ROOMS = {
    "formats",
    "manifests",
    "operations",
    "metadata",
    "pixels",
    "cli",
    "storage",
    "credentials",
}
EXAMPLES = {
    "verdict": 40,
    "settings": 100,
    "pending": 100,
    "xmp": 100,
    "formats": 100,
    "chain": 100,
}


@pytest.mark.parametrize("target", targets.TARGETS, ids=lambda each: each.name)
def test_no_input_of_a_target_raises_anything(target):
    seeds = target.seeds()
    assert seeds
    for each in seeds:
        target.fuzz(each)

    @hypothesis.settings(max_examples=EXAMPLES.get(target.name, 300), deadline=None, database=None)
    @given(st.integers(0, 2**63), st.binary(max_size=200))
    def fuzzed(seed, noise):
        target.fuzz(noise)
        target.fuzz(mutations.mutant(seeds, random.Random(seed)))

    fuzzed()


def test_every_room_that_reads_bytes_has_a_target():
    assert {each.room for each in targets.TARGETS} == ROOMS
    assert len({each.name for each in targets.TARGETS}) == len(targets.TARGETS)


def test_the_loop_counts_and_finds(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(run, "KEPT", tmp_path)

    def falls(data: bytes) -> None:
        assert b"x" not in data

    target = targets.Target("storage", "falls", falls, lambda: (b"xxxx",))
    inputs, faults = run.loop(target, 60, 100, seed=1)
    assert (inputs, faults) == (100, 1)
    assert "100 inputs" in capsys.readouterr().out
    (path,) = tmp_path.iterdir()
    assert b"x" in path.read_bytes()
