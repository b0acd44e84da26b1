"""Where results go."""

import os
from pathlib import Path, PurePosixPath

import pytest

from genlabel.model.errors import ConfigurationError
from genlabel.storage import Found, links, plan


def found(path: Path, relative: str | None = None) -> Found:
    return Found(path=path, relative=PurePosixPath(relative or path.name), named=relative is None)


def test_a_directory_mirrors_the_tree_below_the_argument(tmp_path):
    files = [found(tmp_path / "in/sub/a.png", "sub/a.png"), found(tmp_path / "in/b.png", "b.png")]
    targets = plan(files, out=tmp_path / "out")
    assert [each.output for each in targets] == [tmp_path / "out/sub/a.png", tmp_path / "out/b.png"]


@pytest.mark.parametrize(
    ("out", "output"),
    [("new.png", "new.png"), ("labelled", "labelled/a.png"), ("v1.2/", "v1.2/a.png")],
)
def test_out_is_a_directory_by_its_form_where_it_does_not_exist(tmp_path, monkeypatch, out, output):
    monkeypatch.chdir(tmp_path)
    (target,) = plan([found(Path("a.png"))], out=out)
    assert target.output == Path(output)


def test_in_place_is_the_file_itself(tmp_path):
    (target,) = plan([found(tmp_path / "a.png")], in_place=True)
    assert target.output == tmp_path / "a.png"


@pytest.mark.parametrize(
    "options", [{}, {"out": "x.png", "in_place": True}], ids=["neither", "both"]
)
def test_exactly_one_place_is_given(tmp_path, options):
    with pytest.raises(ConfigurationError, match="exactly one"):
        plan([found(tmp_path / "a.png")], **options)


def test_one_file_for_several_results_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="2 inputs"):
        plan([found(Path("a.png")), found(Path("b.png"))], out=tmp_path / "one.png")


def test_two_inputs_for_one_target_are_refused(tmp_path):
    files = [found(tmp_path / "x/a.png"), found(tmp_path / "y/a.png")]
    with pytest.raises(ConfigurationError, match=r"both .* would go there"):
        plan(files, out=tmp_path / "out")


def test_an_existing_target_needs_overwrite(tmp_path):
    (tmp_path / "b.png").write_bytes(b"precious")
    with pytest.raises(ConfigurationError, match="exists already"):
        plan([found(tmp_path / "a.png")], out=tmp_path / "b.png")
    assert plan([found(tmp_path / "a.png")], out=tmp_path / "b.png", overwrite=True)


def test_a_result_never_goes_over_another_input(tmp_path):
    files = [found(tmp_path / "in/a.png"), found(tmp_path / "a.png")]
    with pytest.raises(ConfigurationError, match="input itself"):
        plan(files[::-1], out=tmp_path, overwrite=True)


def test_the_ways_to_many_files_are_looked_at_once(tmp_path, monkeypatch):
    whole = os.path.realpath
    asked = []
    monkeypatch.setattr(os.path, "realpath", lambda path: asked.append(path) or whole(path))
    files = [found(tmp_path / f"in/{number}.png", f"{number}.png") for number in range(50)]
    assert len(plan(files, out=tmp_path / "out")) == 50
    assert len(asked) == (100 if os.name == "nt" else 2)


PLACES = ("a.png", "link.png", "gone.png", "way/a.png", "way/link.png", "way/../a.png", "way", ".")
LINKS = {"way": "folder", "link.png": "a.png", "gone.png": "nothing", "folder/link.png": "../a.png"}


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize("place", PLACES)
def test_a_place_by_the_links_on_the_way_is_what_the_system_says(tmp_path, place):
    (tmp_path / "folder").mkdir()
    for name in ("a.png", "folder/a.png"):
        (tmp_path / name).touch()
    for link, end in LINKS.items():
        (tmp_path / link).symlink_to(end)
    path, folders = tmp_path / place, {}
    for _ in range(2):
        assert links.real(path, folders) == os.path.realpath(path)
