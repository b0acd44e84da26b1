"""Two names that look alike have one skeleton, and honest names keep theirs apart."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, strategies as st

from genlabel.model.skeleton import looks_like, skeleton

ALIKE = [
    ("Adobe Inc.", "\u0410dobe Inc."),  # Cyrillic A
    ("Adobe Inc.", "Ad\u03bfbe Inc."),  # Greek omicron
    ("Google LLC", "GoogIe LLC"),  # capital I for l
    ("Acme", "Ac\u200bme"),
    ("Acme", "Acme\u00ad"),
    ("Acme", "\u202eAcme"),
    ("Acme", "Acrne"),
    ("Acme", "\uff21cme"),  # fullwidth
    ("Acme", "\U0001d400cme"),  # mathematical bold
    ("Acme Studio", "Acme\u00a0Studio"),
    ("BBC", "\u0412\u0412\u0421"),
    ("Société", "Soci\u0435\u0301te\u0301"),
    ("Acme", "A\U000e0063cme"),  # a tag
]


@pytest.mark.parametrize(("trusted", "name"), ALIKE)
def test_a_name_that_looks_like_a_trusted_one_is_named_with_it(trusted: str, name: str) -> None:
    assert looks_like(name, ["Beta", trusted]) == trusted


@pytest.mark.parametrize(
    ("trusted", "name"),
    [
        ("Acme", "Acme"),
        ("Acme", "Acme Studio"),
        ("Acme", "ACME"),
        ("Société", unicodedata.normalize("NFD", "Société")),  # the same name, composed otherwise
        ("Acme", "Акме"),
        ("Acme", "Acne"),
    ],
)
def test_the_same_name_and_another_one_are_let_be(trusted: str, name: str) -> None:
    assert looks_like(name, [trusted]) is None


def test_a_name_that_is_trusted_itself_looks_like_nobody_else() -> None:
    assert looks_like("\u0410cme", ["Acme", "\u0410cme"]) is None


def test_a_name_of_megabytes_is_nobodys() -> None:
    assert looks_like("A" * 10_000_000, ["A"]) is None


@given(st.text(max_size=60))
def test_a_skeleton_is_its_own_and_that_of_its_other_forms(text: str) -> None:
    own = skeleton(text)
    assert skeleton(own) == own
    assert skeleton(unicodedata.normalize("NFC", text)) == own
    assert skeleton("\u200b".join(text)) == own
