"""`genlabel sign` over what is signed already, from the outside."""

from __future__ import annotations

from pathlib import Path

import pytest

import genlabel as face
from genlabel import testing

EDITED = ("--edited", "--using", "FLUX.1 [dev]")


def broken(path: Path) -> None:
    """A picture of another studio, changed after it was signed."""
    other = testing.Authority.new("Other Studio").signer()
    label = face.Label.generated(producer=face.Producer("Other Studio"))
    data = bytearray(face.sign(testing.picture("jpeg"), label, other).data)
    data[data.index(b"\xff\xda") + 20] ^= 1
    path.write_bytes(data)


def test_exit_1_shows_its_error_also_for_what_is_left_alone(studio, genlabel):
    broken(studio / "theirs.jpg")
    refused = genlabel("sign", "theirs.jpg", "--in-place", *EDITED)
    assert refused.status == 2
    assert "--accept-broken-parent" in refused.out
    assert "--existing replace" in refused.out
    first = genlabel("sign", "theirs.jpg", "--in-place", "--accept-broken-parent", *EDITED)
    assert first.status == 1
    signed = (studio / "theirs.jpg").read_bytes()
    for quiet in ((), ("-q",)):
        again = genlabel("sign", "theirs.jpg", "--in-place", *EDITED, *quiet)
        assert again.status == 1
        assert "left alone" in again.out
        assert "error" in again.out
        assert "[assertion.dataHash.mismatch]" in again.out
    assert (studio / "theirs.jpg").read_bytes() == signed


@pytest.mark.parametrize("bar", ["error", "warning"])
def test_what_lifts_the_exit_status_is_shown(studio, genlabel, bar):
    broken(studio / "theirs.jpg")
    words = ("sign", "theirs.jpg", "--in-place", *EDITED, "--fail-on", bar)
    answer = genlabel(*words, "--accept-broken-parent")
    assert answer.status == 1
    assert f"  {bar} " in answer.out
