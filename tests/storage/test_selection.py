"""Which files the arguments mean."""

import os
from pathlib import Path

import pytest

from genlabel.model.errors import ConfigurationError
from genlabel.storage import expand, listed

PICTURE = b"PICTURE and more"


def known(head: bytes) -> bool:
    return head.startswith(b"PICTURE")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("b.png", "a.png", "sub/deep/c.jpg", ".hidden.png", ".git/d.png", "draft/e.png"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PICTURE)
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "liar.png").write_text("called a picture")
    return tmp_path


def below(tree: Path, **options: object) -> list[str]:
    found = expand([tree], known=known, **options)
    return [str(each.relative) for each in found.files]


def test_a_directory_is_walked_by_content_sorted_without_hidden_entries(tree):
    assert below(tree) == ["a.png", "b.png", "draft/e.png", "sub/deep/c.jpg"]


def test_files_that_are_no_picture_are_passed_over_and_counted(tree):
    passed_over = expand([tree], known=known).passed_over
    assert [each.name for each in passed_over] == ["liar.png", "notes.txt"]


def test_a_name_that_promises_a_picture_is_meant_whatever_the_file_holds(tree):
    (tree / "empty.PNG").touch()
    found = expand([tree], known=known, promised=lambda path: path.suffix.lower() == ".png")
    names = [str(each.relative) for each in found.files]
    assert {"liar.png", "empty.PNG"} <= set(names)
    assert [each.name for each in found.passed_over] == ["notes.txt"]
    assert {each.argument for each in found.files} == {str(tree)}


def test_a_list_passes_over_what_is_no_picture_and_misses_what_is_gone(tree):
    listed_ = [tree / name for name in ("a.png", "notes.txt", "gone.png", "draft")]
    found = expand([], listed=listed_, known=known)
    assert [each.path.name for each in found.files] == ["a.png", "gone.png", "e.png"]
    assert [each.name for each in found.passed_over] == ["notes.txt"]
    ignoring = expand([], listed=listed_, known=known, ignore_missing=True)
    assert [each.path.name for each in ignoring.files] == ["a.png", "e.png"]


def test_a_named_file_is_taken_whatever_it_holds(tree):
    found = expand([tree / "notes.txt", tree / "missing.png"], known=known)
    assert [each.path.name for each in found.files] == ["notes.txt", "missing.png"]
    assert all(each.named for each in found.files)


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_in_a_directory_are_not_followed_and_a_loop_ends(tree):
    (tree / "link.png").symlink_to(tree / "a.png")
    (tree / "sub" / "loop").symlink_to(tree)
    assert below(tree) == ["a.png", "b.png", "draft/e.png", "sub/deep/c.jpg"]


def test_a_file_named_twice_is_meant_once(tree):
    found = expand([tree / "a.png", tree, tree / "." / "a.png"], known=known)
    assert [each.path.name for each in found.files].count("a.png") == 1


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        (["*.jpg"], [], ["sub/deep/c.jpg"]),
        ([], ["draft"], ["a.png", "b.png", "sub/deep/c.jpg"]),
        ([], ["draft/"], ["a.png", "b.png", "sub/deep/c.jpg"]),
        (["sub/**"], [], ["sub/deep/c.jpg"]),
        (["sub/*"], [], ["sub/deep/c.jpg"]),  # and what lies below it
        (["sub/*.jpg"], [], []),
        (["sub"], [], ["sub/deep/c.jpg"]),
        (["deep/*"], [], ["sub/deep/c.jpg"]),  # wherever it lies
        (["/deep/*"], [], []),
        (["/sub/*"], ["deep"], []),
        ([], ["deep/*"], ["a.png", "b.png", "draft/e.png"]),
        (["./sub/"], [], ["sub/deep/c.jpg"]),
        (["eep/*"], [], []),
        (["**/*.png"], [], ["a.png", "b.png", "draft/e.png"]),
        (["[!a].png"], [], ["b.png", "draft/e.png"]),
        (["?.png"], ["a*"], ["b.png", "draft/e.png"]),
    ],
)
def test_globs_choose_among_names_and_paths(tree, include, exclude, expected):
    assert below(tree, include=include, exclude=exclude) == expected


def test_case_counts_unless_it_is_to_be_ignored(tree):
    assert below(tree, include=["*.PNG"], exclude=["DRAFT"], ignore_case=False) == []
    assert below(tree, include=["*.PNG"], exclude=["DRAFT"], ignore_case=True) == ["a.png", "b.png"]


def test_of_a_file_that_is_named_or_listed_the_path_counts_as_it_was_written(tree):
    names = [tree / "sub/deep/c.jpg", tree / "draft/e.png"]
    for where in ({"arguments": names}, {"arguments": [], "listed": names}):
        found = expand(**where, known=known, include=["sub/*"])
        assert [each.path.name for each in found.files] == ["c.jpg"]
        found = expand(**where, known=known, exclude=["deep"])
        assert [each.path.name for each in found.files] == ["e.png"]


def test_a_glob_of_many_stars_is_compared_at_once(tree):
    assert below(tree, include=["**/" * 200 + "*.jpg"]) == ["sub/deep/c.jpg"]


def test_an_unreadable_directory_is_reported_and_the_rest_is_walked(tree, monkeypatch):
    scan = os.scandir

    def refusing(path):
        if Path(path).name == "draft":
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refusing)
    found = expand([tree], known=known)
    assert [path.name for path, _ in found.unreadable] == ["draft"]
    assert "sub/deep/c.jpg" in [str(each.relative) for each in found.files]


def test_globs_are_expanded_where_the_shell_does_not(tree):
    found = expand([str(tree / "*.png")], known=known, expand_globs=True)
    assert [each.path.name for each in found.files] == ["a.png", "b.png", "liar.png"]
    nothing = expand([str(tree / "*.gif")], known=known, expand_globs=True)
    assert [each.path.name for each in nothing.files] == ["*.gif"]


def test_a_list_of_files_may_be_separated_by_lines_or_by_nul():
    assert listed(b"a b.png\n\nc.png\r\n") == (Path("a b.png"), Path("c.png"))
    assert listed(b"a\nb.png\0c.png\0") == (Path("a\nb.png"), Path("c.png"))


def test_an_empty_glob_is_a_mistake(tree):
    with pytest.raises(ConfigurationError, match="glob"):
        below(tree, exclude=["/"])


def test_a_base_keeps_the_tree_of_what_is_listed_named_and_walked(tree):
    listed_ = [tree / "sub/deep/c.jpg", tree / "a.png"]
    found = expand([tree / "draft", tree / "b.png"], listed=listed_, base=tree, known=known)
    places = [str(each.relative) for each in found.files]
    assert places == ["draft/e.png", "b.png", "sub/deep/c.jpg", "a.png"]
    only = expand([], listed=listed_, base=tree, known=known, include=["sub/**"])
    assert [str(each.relative) for each in only.files] == ["sub/deep/c.jpg"]
    without = expand([], listed=listed_, known=known)
    assert [str(each.relative) for each in without.files] == ["c.jpg", "a.png"]


@pytest.mark.parametrize("name", ["a.png", "sub/../a.png"])
def test_what_is_not_below_the_base_is_refused(tree, name):
    with pytest.raises(ConfigurationError, match="is not below"):
        expand([], listed=[tree / name], base=tree / "sub", known=known)


def test_a_listed_name_is_found_in_its_other_normal_form(tmp_path):
    nfd, nfc = "cafe\u0301", "caf\u00e9"
    (tmp_path / nfd).mkdir()
    (tmp_path / nfd / f"{nfd}.png").write_bytes(PICTURE)
    (found,) = expand([], listed=[tmp_path / nfc / f"{nfc}.png"], base=tmp_path, known=known).files
    assert found.path.exists()
    assert found.path.read_bytes() == PICTURE
    (missed,) = expand([], listed=[tmp_path / nfc / f"other{nfc}.png"], known=known).files
    assert (missed.named, missed.path.exists()) == (True, False)
