"""Which published file came from which original, by the names of both."""

from pathlib import Path, PurePosixPath

import pytest

from genlabel.model.results import MatchedBy
from genlabel.storage import ByName, Found, Pair


def found(folder: str, name: str) -> Found:
    return Found(path=Path(folder, name), relative=PurePosixPath(name), named=False)


def pair(published: str, *originals: str, anywhere: bool = False) -> Pair:
    by_name = ByName([found("o", each) for each in originals], anywhere=anywhere)
    return by_name.pair(found("p", published))


MATCHES = [
    ("sub/cat.png", "sub/cat.png", MatchedBy.PATH),
    ("sub/cat.webp", "sub/cat.png", MatchedBy.NAME),
    ("caf\u0065\u0301.png", "caf\u00e9.png", MatchedBy.PATH),
    ("a%20cat.png", "a cat.png", MatchedBy.PATH),
    ("a%20cat.webp", "a cat.png", MatchedBy.NAME),
    ("Hero.PNG", "hero.png", MatchedBy.PATH),
    ("HERO.webp", "hero.png", MatchedBy.NAME),
    ("cat-300x200.jpg", "cat.png", MatchedBy.SIZE_SUFFIX),
    ("cat@2x.jpg", "cat.png", MatchedBy.SIZE_SUFFIX),
    ("cat_1600w.jpg", "cat.png", MatchedBy.SIZE_SUFFIX),
    ("cat-640.jpg", "cat.png", MatchedBy.SIZE_SUFFIX),
    ("cat.min.png", "cat.png", MatchedBy.SIZE_SUFFIX),
    ("cat-scaled.jpg", "cat.png", MatchedBy.SIZE_SUFFIX),
    ("cat.3f9a1c.webp", "cat.png", MatchedBy.CONTENT_HASH),
    ("cat-3f9a1c0b7d2e4f55.webp", "cat.png", MatchedBy.CONTENT_HASH),
    ("cat-BQ3kf92a.webp", "cat.png", MatchedBy.CONTENT_HASH),
    ("cat-300x200.3f9a1c.webp", "cat.png", MatchedBy.CONTENT_HASH),
    ("cat.3f9a1c-300x200.webp", "cat.png", MatchedBy.CONTENT_HASH),
    ("cat.DxY12abc_Z1aBcD.webp", "cat.png", MatchedBy.CONTENT_HASH),
    ("cat.CbqfUwcl_Zmidpi.webp", "cat.png", MatchedBy.CONTENT_HASH),
    ("cat-640.3f9a1c.webp", "cat-640.png", MatchedBy.CONTENT_HASH),
    ("cat.3f9a1c-640.webp", "cat.3f9a1c.png", MatchedBy.SIZE_SUFFIX),
    ("cat-300x200@2x.webp", "cat.png", MatchedBy.SIZE_SUFFIX),
    ("cat-300x200.min.webp", "cat.png", MatchedBy.SIZE_SUFFIX),
    ("cat-300x200.3f9a1c.min.webp", "cat.png", MatchedBy.CONTENT_HASH),
    ("cat.png.webp", "cat.png", MatchedBy.NAME),
    ("Cat.PNG.webp", "cat.png", MatchedBy.NAME),
    ("cat.png.3f9a1c.webp", "cat.png", MatchedBy.CONTENT_HASH),
    ("cat_640x.jpg", "cat.png", MatchedBy.SIZE_SUFFIX),
    ("cat_x480.jpg", "cat.png", MatchedBy.SIZE_SUFFIX),
    ("cat-e1700000000000-300x200.jpg", "cat.png", MatchedBy.SIZE_SUFFIX),
    ("cat.png?w=640&fit=crop", "cat.png", MatchedBy.NAME),
    ("cat.png%3Fw=640", "cat.png", MatchedBy.NAME),
    ("cat.png?v=1.2", "cat.png", MatchedBy.SIZE_SUFFIX),
    ("a%20cat-640w.webp?v=2", "a cat.png", MatchedBy.SIZE_SUFFIX),
    ("cat.3f9a1c.webp?dpr=2", "cat.png", MatchedBy.CONTENT_HASH),
    ("cat.png?w=640", "cat.png?w=640", MatchedBy.PATH),
]


@pytest.mark.parametrize(("published", "original", "how"), MATCHES)
def test_the_original_is_found_and_how(published, original, how):
    assert pair(published, "dog.png", original) == Pair(
        published=Path("p", published), original=Path("o", original), matched_by=how
    )


@pytest.mark.parametrize(
    "published",
    [
        "cat-sunshine.webp",
        "cat-facade.webp",
        "cat-birthday_party.webp",
        "cat 2.webp",
        "other/cat.png",
        "-300x200.png",
    ],
)
def test_words_are_no_size_and_no_hash(published):
    assert pair(published, "cat.png").original is None


def test_the_same_name_wins_over_the_same_stem_and_the_same_case_over_another():
    assert pair("cat.png", "cat.jpg", "cat.png").original == Path("o/cat.png")
    assert pair("Cat.png", "cat.png", "Cat.png").original == Path("o/Cat.png")


@pytest.mark.parametrize("originals", [("cat.jpg", "cat.png"), ("CAT.png", "Cat.jpg")])
def test_of_two_that_fit_equally_none_is_chosen(originals):
    answer = pair("cat.webp", *originals)
    assert answer.original is None
    assert answer.candidates == tuple(Path("o", each) for each in originals)


def test_a_picture_that_is_called_with_a_size_is_not_taken_for_a_smaller_one():
    assert pair("cat-300x200.png", "cat.png", "cat-300x200.png").original == Path(
        "o/cat-300x200.png"
    )


def test_what_keeps_more_of_its_name_is_the_nearer_original():
    names = ("cat.png", "cat-640.png")
    assert pair("cat-640.3f9a1c.webp", *names).original == Path("o/cat-640.png")
    assert pair("cat-300x200@2x.webp", "cat.png", "cat-300x200.png").original == Path(
        "o/cat-300x200.png"
    )
    assert pair("cat.png.webp", "cat.png", "cat.png.tif").original == Path("o/cat.png.tif")


def test_directories_may_be_left_out_of_it():
    answer = pair("2026/11/cat-300x200.jpg", "hero/cat.png", anywhere=True)
    assert (answer.original, answer.matched_by) == (Path("o/hero/cat.png"), MatchedBy.FILE_NAME)
    assert len(pair("cat.png", "a/cat.png", "b/cat.png", anywhere=True).candidates) == 2


NFC, NFD = "caf\u00e9", "cafe\u0301"


def test_the_very_name_wins_over_its_other_form():
    assert pair(f"{NFC}.png", f"{NFD}.png", f"{NFC}.png").original == Path(f"o/{NFC}.png")
    assert len(pair(f"{NFC}.webp", f"{NFD}.png", f"{NFC}.png").candidates) == 2
    assert pair(f"{NFC}/{NFC}.webp", f"{NFD}/{NFD}.png").original == Path(f"o/{NFD}/{NFD}.png")


HOSTILE = [
    ".-300x200.png", "%2E-300x200.png", "..-300x200.png", "%2E%2E-300x200.png", "a%2F.-300x200.png",
    "%2F.png", "%2F", "%00.png", "%2e%2e%2fdog.png", "\udcff%20.png", "-300x200.png", "%",
    "%ff.png", "a%2F..", "..png", "%2E.png", "%2E%2E",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_name_of_which_nothing_is_left_is_paired_with_itself_alone(name):
    assert pair(name, "cat.png").original is None
    assert pair(name, "cat.png", anywhere=True).original is None
    assert pair(name, "cat.png", name).original == Path("o", name)
