"""No test of trust lists sees the lists of the person who runs it."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _own_data(data) -> None:
    """The user's data directory is empty."""
