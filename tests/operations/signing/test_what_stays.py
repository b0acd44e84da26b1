"""ExifTool sees the same before and after: a label changes what is listed, and nothing else.

Every file of the corpus by some recipes, so that each recipe is tried on many files;
`GENLABEL_EVERY_RECIPE=1` tries all of them on all files, however many there are.
"""

from __future__ import annotations

import os
from pathlib import Path
from zlib import crc32

import pytest

import exiftool_tags
import genlabel
from genlabel.model.errors import GenlabelError
from histories import Story, stories
from oracles import corpus
from oracles.exiftool import ExiftoolError

EVERY = bool(os.environ.get("GENLABEL_EVERY_RECIPE"))
MOST_FILES = 100
FEW = 5
STORIES = stories()


def _files() -> list[Path]:
    found = [each.path for each in corpus.specimens()]
    found.sort(key=lambda path: crc32(path.name.encode()))
    return sorted(found if EVERY else found[:MOST_FILES])


def _stories(path: Path) -> list[str]:
    """The recipes that are tried on a file: a few in turn, from a place that its name decides."""
    names = list(STORIES)
    first = crc32(path.name.encode()) % len(names)
    return names if EVERY else [names[(first + step * 13) % len(names)] for step in range(FEW)]


FILES = _files() or [pytest.param(None, marks=pytest.mark.skip(reason=corpus.NO_CORPUS))]


def _labelled(path: Path, story: Story, signer, trust) -> genlabel.Signed | None:
    """The file labelled over what it says, the old manifest kept where that is possible."""
    for options in (
        {"parent": None, "existing": "wrap"},
        {"parent": story.parent, "existing": "replace"},
    ):
        try:
            return genlabel.sign(
                path,
                story.label,
                signer,
                trust=trust,
                overrule="a test",
                accept_broken_parent=True,
                repair=True,
                **options,
            )
        except GenlabelError:
            continue
    return None


@pytest.mark.parametrize("path", FILES, ids=lambda path: "/".join(path.parts[-2:]) if path else "")
def test_only_what_is_listed_or_told_differs(path, exiftool, signer, trust, tmp_path):
    try:
        before, shown = exiftool_tags.tags(exiftool, path), exiftool_tags.previews(exiftool, path)
    except ExiftoolError:
        pytest.skip("ExifTool reads no such file")
    after = tmp_path / f"labelled{path.suffix}"
    for name in _stories(path):
        signed = _labelled(path, STORIES[name], signer, trust)
        if signed is None:
            continue
        after.write_bytes(signed.data)
        told = (*signed.replaced, *(each.explanation for each in signed.findings))
        differing = list(exiftool_tags.unlisted(before, exiftool_tags.tags(exiftool, after), told))
        assert differing == [], name
        assert exiftool_tags.previews(exiftool, after) >= shown, name
