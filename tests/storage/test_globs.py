"""Globs of many wildcards: they fit what a regular expression fits, and end soon on any path."""

from __future__ import annotations

import re
import time
from pathlib import PurePath

import pytest
from hypothesis import given, strategies as st

from genlabel.storage import globs
from genlabel.storage.globs import Globs


@given(
    st.text("ab*?/", min_size=1, max_size=12).filter(lambda text: text.strip("/.")),
    st.text("ab/", max_size=12),
)
def test_stepwise_fits_what_the_regular_expression_fits(glob, path):
    tied = glob.startswith("/")
    text = re.sub(r"(?:\*\*/)+", "**/", glob.rstrip("/").lstrip("/"))
    parts = [*([] if tied else [globs._ANYWHERE]), *globs._parts(text), globs._BELOW]
    wanted = re.compile("".join(parts), re.DOTALL).fullmatch(path) is not None
    assert globs._Stepwise(parts, re.DOTALL).fullmatch(path) is wanted


@pytest.mark.parametrize("glob", ["*a" * 20 + "b", "**/a" * 15 + "/b", "**a" * 15 + "b"])
def test_many_wildcards_end_soon(glob):
    start = time.process_time()
    for path in ("a" * 255, "/".join("a" * 250)):
        assert not Globs([glob]).fit(PurePath(path))
    assert time.process_time() - start < 5


def test_many_wildcards_fit():
    several = Globs(["**/[hj]ero*/*_*_*.png"])
    assert several.fit(PurePath("x/hero1/a_b_c.png"))
    assert several.fit(PurePath("hero/a_b_c.png/below"))
    assert not several.fit(PurePath("zero/a_b_c.png"))
    assert not several.fit(PurePath("hero/a_b/c.png"))
