"""Drawings in a work tree of git, whose line ends a checkout may change."""

import pytest

import genlabel
from fieldbook import generated, signer
from genlabel.storage import left_to_git

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>\n'


@pytest.mark.parametrize(
    ("attributes", "left"),
    [
        (None, True),
        ("*.png binary\n", True),
        ("*.svg text eol=lf\n", True),
        ("# *.svg -text\n", True),
        ("*.svg -text\n", False),
        ("*.svg diff -text\n", False),
        ("* -text\n", False),
        ("*.svg binary\n", False),
    ],
)
def test_what_the_attributes_say_counts(tmp_path, attributes, left):
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "icons/small"
    folder.mkdir(parents=True)
    if attributes is not None:
        (tmp_path / ".gitattributes").write_text(attributes)
    assert left_to_git(folder / "a.svg") is left


def test_outside_of_a_work_tree_nobody_changes_it(tmp_path):
    assert not left_to_git(tmp_path / "a.svg")


def test_signing_a_drawing_in_a_work_tree_says_so_once_and_of_drawings_alone(tmp_path):
    (tmp_path / ".git").mkdir()
    drawing, picture = tmp_path / "a.svg", tmp_path / "a.png"
    drawing.write_bytes(DRAWING)
    picture.write_bytes(genlabel.testing.picture("png"))
    for path, wanted in ((drawing, 1), (picture, 0)):
        report = genlabel.sign_file(path, generated(), signer(), in_place=True)
        codes = [each.code for each in report.findings]
        assert codes.count("genlabel.svg.line-ends") == wanted
