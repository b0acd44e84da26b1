"""Equal essences: every part of two coded pictures is compared, and to its end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from genlabel.formats.essence import same_essence
from genlabel.formats.format import FormatSurvey
from genlabel.formats.png.png import PNG

STRIDE = 1 << 18
SURVEY = FormatSurvey(data=memoryview(b""), format="png", parsed=None)
DATA = bytes(range(256)) * 1024


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([b""], [b"more"]),
        ([DATA], [DATA + b"more"]),
        ([DATA * 2], [DATA * 2 + DATA]),
        ([DATA], [DATA, b"more"]),
        ([DATA * 3], [DATA * 2 + DATA[:-1] + b"!"]),
        ([DATA, b"ab"], [DATA, b"ac"]),
    ],
)
def test_what_is_longer_or_other_anywhere_is_not_the_same(one, other):
    assert len(DATA) == STRIDE  # where one round of the comparison ends
    first, second = replace(SURVEY, frames=1), replace(SURVEY, frames=2)
    parts = {1: one, 2: other}
    drawn = replace(PNG, essence=lambda survey: map(memoryview, parts[survey.frames]))
    assert not same_essence(drawn, first, second)
    assert not same_essence(drawn, second, first)
    assert same_essence(drawn, first, first)
