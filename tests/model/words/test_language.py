"""The language is the one asked for, else the locale's, else English."""

from __future__ import annotations

import pytest

from genlabel.model.errors import ConfigurationError
from genlabel.model.words.language import chosen


@pytest.mark.parametrize(
    ("asked", "environ", "language"),
    [
        ("fr", {}, "fr"),
        ("FR-ca", {"LANG": "en_GB.UTF-8"}, "fr"),
        ("de", {}, "de"),
        (None, {"LANG": "fr_FR.UTF-8"}, "fr"),
        (None, {"LC_ALL": "C", "LANG": "fr_FR.UTF-8"}, "en"),
        (None, {"LC_ALL": "", "LC_MESSAGES": "fr_BE@euro", "LANG": "de_DE"}, "fr"),
        (None, {"LANG": "de_DE.UTF-8"}, "en"),
        (None, {"LANG": "xx"}, "en"),
        (None, {}, "en"),
    ],
)
def test_the_language_that_is_chosen(asked, environ, language):
    assert chosen(asked, environ) == language


def test_a_language_without_a_catalogue_is_refused_with_those_there_are():
    with pytest.raises(ConfigurationError) as refused:
        chosen("tlh", {})
    assert "en, fr, de, zh" in refused.value.remedy
