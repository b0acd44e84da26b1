"""Marking: the one thing genlabel does to pixels, for a picture in memory or for files."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypedDict, Unpack, cast

from genlabel import storage
from genlabel.formats import misleading
from genlabel.model.asset import Asset
from genlabel.model.dataclass import dataclass
from genlabel.model.results import Outcome, Signed, SignReport
from genlabel.model.visible import Position, VisibleLabel, VisibleStyle
from genlabel.operations import log, visible
from genlabel.operations.beside import asset_of
from genlabel.operations.file_job import FileJob
from genlabel.operations.sign_options import SignOptions
from genlabel.pixels import encode
from genlabel.pixels.decode import MAX_PIXELS
from genlabel.storage import PathLike, Picture, Target
from genlabel.storage.cut_short import intact

if TYPE_CHECKING:
    from PIL.Image import Image


class VisibleKeywords(TypedDict, total=False):
    """The fields of `VisibleLabel` as keywords."""

    style: VisibleStyle | str
    words: str | None
    position: Position | str | None
    languages: Iterable[str]
    national_acronym: bool
    with_producer: bool
    law: str | None
    font: str | os.PathLike[str] | None
    badge: str | os.PathLike[str] | None
    add_alt_text: bool


def mark(
    image: Picture | Image,
    *,
    producer: str | None = None,
    max_pixels: int = MAX_PIXELS,
    **keywords: Unpack[VisibleKeywords],
) -> Signed:
    """Draw a visible label on a picture in memory; nothing is signed, and nothing is written.

        from genlabel import mark, testing

        marked = mark(testing.picture("jpeg", size=(640, 480)), words="generated")
        assert marked.visible.words == "AI GENERATED" and marked.visible.contrast >= 4.5

    `image` is a path, bytes, a file open for reading bytes, an `Asset`, or a PIL image, which is
    encoded as PNG. All that is not pixels stays as it is. The keywords are the fields of
    `VisibleLabel`:

    style: ``text`` (words on a plate, the default), ``badge`` (the letters AI in a frame) or
        ``strip`` (a bar outside of the picture, which covers nothing).
    words: ``ai``, ``generated``, ``modified`` or a text of your own; by what the picture's metadata
        say, unless given. `LabelError` where they say nothing of AI and none are given, and for
        words that say generated of an edit, or the reverse.
    position: a corner or edge, such as ``bottom-left``; top right unless given, a strip's bottom.
    languages: codes of languages, a line each; ``en`` unless given.
    national_acronym: write the language's own acronym in place of AI; off by default.
    with_producer: add the name of `producer`, or the one in the metadata; off by default.
    law: ``eu-deployer``, ``cn-gb45438`` or ``in-sgi``: chooses words, size and place.
    font: a font's file or name; `ConfigurationError` where it lacks a character.
    badge: an SVG (with the extra ``genlabel[svg]``) or PNG file in place of a badge's letters; the
        style is ``badge`` then.
    add_alt_text: put the words behind an alternative text that is there; an empty one gets them in
        any case.
    max_pixels: the most pixels of a picture that is decoded.

    Raises `ExistingManifest` for a picture that carries a manifest: `sign` draws on that with its
    keyword `visible`. `UnsupportedFormat` for a picture on which nothing is drawn.
    """
    marker = Marker(VisibleLabel(**keywords), producer, max_pixels)
    if not storage.is_image(image):
        return marker(asset_of(cast("Picture", image)))
    return marker(Asset(encode.encode(cast("Image", image), format="png", options={})))


def mark_file(
    path: PathLike,
    *,
    out: PathLike | None = None,
    in_place: bool = False,
    overwrite: bool = False,
    force: bool = False,
    preserve_times: bool = False,
    fsync: bool = True,
    producer: str | None = None,
    max_pixels: int = MAX_PIXELS,
    **keywords: Unpack[VisibleKeywords],
) -> SignReport:
    """Draw a visible label on the file at `path`, into `out`, all or nothing.

        print(mark_file("cat.png", out="marked.png", words="generated").visible)

    Pixels that are drawn over cannot be had back: `in_place` wants `overwrite` as well. The other
    keywords are those of `mark` and of `sign_file`.
    """
    if in_place and not overwrite:
        raise visible.not_in_place()
    marker = Marker(VisibleLabel(**keywords), producer, max_pixels)
    options = SignOptions(
        overwrite=overwrite, force=force, preserve_times=preserve_times, fsync=fsync
    )
    storage.require_path(path)
    storage.settle(path)
    return marker.job(FileJob.of(path, out, in_place=in_place), options)


@dataclass(frozen=True, slots=True)
class Marker:
    """A visible label for many pictures."""

    label: VisibleLabel
    producer: str | None = None
    most: int = MAX_PIXELS

    def __call__(self, asset: Asset) -> Signed:
        """The picture, marked."""
        with intact(asset):
            return visible.mark(
                asset,
                self.label,
                producer=self.producer,
                most=self.most,
            )

    def job(self, job: FileJob, options: SignOptions) -> SignReport:
        """The picture of a job, marked and written."""
        marked = self(job.asset)
        with intact(job.asset):
            notes = job.write(marked, options, changed=marked.outcome is Outcome.MARKED)
        misled = misleading(job.target, marked.report.format_name)
        return log.done(job.reported(marked, (*misled, *notes)))


@dataclass(frozen=True, slots=True)
class MarkTarget:
    """What `mark_file` does, for files that `storage.plan` has placed."""

    marker: Marker
    options: SignOptions

    def __call__(self, target: Target) -> SignReport:
        """The report on one file."""
        storage.settle(target.source.path)
        return self.marker.job(FileJob.planned(target), self.options)
