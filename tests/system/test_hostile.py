"""The hostile set: a report or a plain error, never a crash, a hang or a large allocation."""

from __future__ import annotations

import pytest

import genlabel
from fieldbook import edited, signer
from genlabel import testing
from hostile_files import KINDS, mutated, truncated
from hostile_runs import judged
from oracles.recordings import SILENCE


def _good(format: str) -> bytes:
    """A small file that nothing is wrong with."""
    return SILENCE if format == "mp3" else testing.picture(format)


@pytest.mark.parametrize("format", KINDS)
def test_lies_bombs_and_endless_files_are_answered_in_time_and_space(tmp_path, format):
    files = dict(KINDS[format](_good(format)))
    assert len(files) >= 30
    assert judged(tmp_path, _good(format), files) == []


@pytest.mark.parametrize("format", KINDS)
def test_files_that_end_early_are_answered(tmp_path, format):
    signed = genlabel.sign(_good(format), edited(), signer()).data
    assert judged(tmp_path, _good(format), dict(truncated(signed))) == []


@pytest.mark.parametrize("format", KINDS)
def test_random_damage_to_signed_files_is_answered(tmp_path, format):
    label = edited(title="Hills", description="Hills at dusk")
    signed = genlabel.sign(_good(format), label, signer()).data
    assert judged(tmp_path, _good(format), dict(mutated(signed))) == []
