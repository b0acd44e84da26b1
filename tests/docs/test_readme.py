"""The README's first screen: for whom and why, what it is, how to get it, the four commands."""

from __future__ import annotations

import tomllib

import pages
from pages import HOME

TEXT = (HOME / "README.md").read_text("utf-8")
PROJECT = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))["project"]
OURS = "https://github.com/genlabel/genlabel"


def test_it_says_for_whom_and_why_before_it_shows_anything():
    order = [
        "For studios, agencies, newsrooms, museums", "**Content Credentials**",
        "**IPTC digital source type**", "docs/report.png", "No release is published yet",
        "pip install", "make demo", "make test", "genlabel demo", "keys new", "genlabel sign",
        "genlabel verify", "genlabel strip-check",
    ]  # fmt: skip
    places = [TEXT.index(each) for each in order]
    assert places == sorted(places)
    assert TEXT[: TEXT.index("$ genlabel keys new")].count("\n") < 40


def test_its_picture_is_small_and_there():
    picture = HOME / "docs/report.png"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size < 100_000
    assert picture in {target for target, _ in pages.links(HOME / "README.md")}


def test_the_projects_addresses_are_absolute_and_lead_to_files_that_are_there():
    assert {"Homepage", "Documentation", "Changelog", "Issues"} <= set(PROJECT["urls"])
    for url in PROJECT["urls"].values():
        assert url.startswith(OURS)
        path = url.removeprefix(OURS).partition("/main/")[2]
        assert (HOME / path).exists()


def test_all_is_every_extra_that_users_want():
    extras = PROJECT["optional-dependencies"]
    (whole,) = extras["all"]
    named = set(whole.removeprefix("genlabel[").removesuffix("]").split(","))
    assert named == {name for name, needs in extras.items() if needs} - {
        "all", "test", "check", "fuzz",
    }  # fmt: skip
