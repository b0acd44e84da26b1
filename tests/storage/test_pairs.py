"""Which published file came from which original."""

from pathlib import Path, PurePosixPath

import pytest

from genlabel.model.errors import ConfigurationError
from genlabel.storage import Found, Pair, pair


def files(folder: str, *names: str) -> list[Found]:
    return [
        Found(path=Path(folder, name), relative=PurePosixPath(name), named=False) for name in names
    ]


def test_one_belongs_to_one_whatever_they_are_called():
    assert pair(files("p", "x.webp"), files("o", "cat.png"), one=True) == (
        Pair(published=Path("p/x.webp"), original=Path("o/cat.png")),
    )


def test_several_published_files_need_several_originals():
    with pytest.raises(ConfigurationError, match="one original for 2"):
        pair(files("p", "a.webp", "b.webp"), files("o", "a.png"), one=True)


def test_directories_pair_by_path_without_suffix_and_missing_originals_are_named():
    pairs = pair(
        files("p", "sub/cat.webp", "stray.webp"), files("o", "sub/cat.png", "lost.png", "cat.png")
    )
    assert pairs == (
        Pair(published=Path("p/sub/cat.webp"), original=Path("o/sub/cat.png")),
        Pair(published=Path("p/stray.webp"), original=None),
        Pair(published=None, original=Path("o/lost.png")),
        Pair(published=None, original=Path("o/cat.png")),
    )


def test_the_same_name_wins_over_the_same_stem():
    (first, second) = pair(files("p", "cat.png"), files("o", "cat.jpg", "cat.png"))
    assert first.original == Path("o/cat.png")
    assert second == Pair(published=None, original=Path("o/cat.jpg"))


def test_two_possible_originals_are_no_guess():
    with pytest.raises(ConfigurationError, match="several originals"):
        pair(files("p", "cat.webp"), files("o", "cat.jpg", "cat.png"))


NFC, NFD = "caf\u00e9", "cafe\u0301"


def test_names_pair_whatever_their_normal_form():
    (one,) = pair(files("p", f"{NFC}/{NFC}.webp"), files("o", f"{NFD}/{NFD}.png"))
    assert one.original == Path(f"o/{NFD}/{NFD}.png")
    (same,) = pair(files("p", f"{NFD}.png"), files("o", f"{NFC}.png"))
    assert same.original == Path(f"o/{NFC}.png")


def test_the_very_name_wins_over_its_other_form():
    (first, second) = pair(files("p", f"{NFC}.png"), files("o", f"{NFD}.png", f"{NFC}.png"))
    assert first.original == Path(f"o/{NFC}.png")
    assert second == Pair(published=None, original=Path(f"o/{NFD}.png"))
    with pytest.raises(ConfigurationError, match="several originals"):
        pair(files("p", f"{NFC}.webp"), files("o", f"{NFD}.png", f"{NFC}.png"))
