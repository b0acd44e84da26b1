"""The corpus: pictures that others made, found on the machine and never copied into the project.

`GENLABEL_CORPUS` names its folder; without it, `shared/corpus` beside the repository is looked at.
The folder has an `index.tsv` with one line a file. Rubrics and trust lists lie beside it.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
_SUFFIX_MIME = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".jpg": "image/jpeg",
    ".mpo": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".webp": "image/webp",
}
_FORMAT_MIME = {
    "avif": "image/avif",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen:
    """One line of the index."""

    name: str
    """Path below the corpus folder, e.g. ``signed/cloud.jpg``."""
    format: str
    """The container by content, e.g. ``jpeg`` (suffixes of the corpus lie now and then)."""
    sha256: str
    manifest: str
    """``yes``, ``no``, ``remote`` or ``error``."""
    states: dict[str, str]
    """The raw engine's state by trust set-up (``no_trust``, ``official_lists``, …), as measured."""
    notes: str
    path: Path

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        return self.path.read_bytes()

    @property
    def mime(self) -> str:
        """The media type by content, else by suffix."""
        return _FORMAT_MIME.get(self.format) or _SUFFIX_MIME.get(self.path.suffix.lower(), "")

    @property
    def marked(self) -> bool:
        """Does it carry any label, signed or not?"""
        return not self.name.startswith("unmarked/")


def folder() -> Path | None:
    """The corpus folder, or None when there is none on this machine."""
    named = os.environ.get("GENLABEL_CORPUS")
    found = Path(named) if named else REPOSITORY.parent / "shared" / "corpus"
    return found if (found / "index.tsv").is_file() else None


def beside(name: str) -> Path | None:
    """A folder beside the corpus (``rubric``, ``trust-lists``), or None."""
    corpus = folder()
    if corpus is None or not (corpus.parent / name).is_dir():
        return None
    return corpus.parent / name


@cache
def specimens() -> tuple[Specimen, ...]:
    """Every line of the index whose file is there; empty without a corpus."""
    corpus = folder()
    if corpus is None:
        return ()
    with (corpus / "index.tsv").open(encoding="utf-8", newline="") as index:
        rows = list(csv.DictReader(index, delimiter="\t", quoting=csv.QUOTE_NONE))
    return tuple(
        Specimen(
            name=row["path"],
            format=row["format"],
            sha256=row["sha256"],
            manifest=row["manifest"],
            states={
                key.removeprefix("state_"): state
                for key, state in row.items()
                if key.startswith("state_")
            },
            notes=row["notes"],
            path=corpus / row["path"],
        )
        for row in rows
        if (corpus / row["path"]).is_file()
    )


NO_CORPUS = "no corpus here: set GENLABEL_CORPUS to a folder with an index.tsv"


def each_specimen(
    wanted: Callable[[Specimen], bool] = lambda specimen: True, *, named: str = "specimen"
) -> pytest.MarkDecorator:
    """Run the test once for each specimen that is `wanted`; one skip when there is no corpus.

    ``@each_specimen(lambda s: s.format == "png")`` above ``def test_…(specimen: Specimen)``.
    """
    if folder() is None:
        nothing = pytest.param(None, id="no-corpus", marks=pytest.mark.skip(reason=NO_CORPUS))
        return pytest.mark.parametrize(named, [nothing])
    chosen = [each for each in specimens() if wanted(each)]
    if not chosen:
        raise LookupError("no specimen of the corpus is wanted: look at the condition")
    return pytest.mark.parametrize(named, chosen, ids=[each.name for each in chosen])


def specimen(name: str) -> Specimen:
    """The specimen of this name; the test is skipped when there is no corpus."""
    if folder() is None:
        pytest.skip(NO_CORPUS)
    return next(each for each in specimens() if each.name == name)
