"""What a test does when something that it needs is not on the machine."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

INSTALL = "run tests/oracles/install"


def under_ci() -> bool:
    """Is this a run that must not be green with an oracle missing?"""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def absent(what: str, *, remedy: str = INSTALL) -> NoReturn:
    """End the test because the tool `what` is missing: a skip at home, a failure under CI."""
    sentence = f"{what} is not here: {remedy}"
    if under_ci():
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def program(*names: str) -> Path:
    """The first of these programs that is on the PATH; the test ends as by `absent` if none is."""
    for name in names:
        if found := shutil.which(name):
            return Path(found)
    absent(" or ".join(names))
