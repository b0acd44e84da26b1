"""Containers: where blocks lie in a file and how to change them without touching a pixel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from genlabel.formats.format import Buffer, Container
from genlabel.formats.gif import gif
from genlabel.formats.id3 import flac, mp3
from genlabel.formats.isobmff import brands, heic, m4a, mov, mp4
from genlabel.formats.jpeg import jpeg
from genlabel.formats.jxl import jxl
from genlabel.formats.pdf import pdf
from genlabel.formats.png import png
from genlabel.formats.riff import avi, wav, webp
from genlabel.formats.svg import svg
from genlabel.formats.tiff import tiff
from genlabel.formats.unknown import describe, nearest
from genlabel.model.errors import UnsupportedFormat
from genlabel.model.report import Finding, Severity

CONTAINERS: tuple[Container, ...] = (
    *(jpeg, png, webp, tiff, brands, heic, mp4, mov, m4a),
    *(gif, svg, jxl, mp3, flac),
    pdf,
    *(wav, avi),
)
"""Every format that genlabel labels, in the order in which they are asked."""


def recognise(head: Buffer) -> Container | None:
    """The container that a file's first `HEAD` bytes belong to; None when it is none of ours."""
    return next((container for container in CONTAINERS if container.accepts(head)), None)


def is_known(head: Buffer) -> bool:
    """Is a file that begins with `head` in a container that genlabel reads?"""
    return recognise(head) is not None


def misleading(path: str | PurePath, format: str | None) -> Iterator[Finding]:
    """A finding where the suffix of `path` promises another format than the content's `format`.

    The file keeps its name, and somebody should know.
    """
    suffix = PurePath(path).suffix
    promised = next((each for each in CONTAINERS if suffix.lower() in each.SUFFIXES), None)
    if promised is not None and format != promised.NAME:
        yield Finding(
            "genlabel.name.misleading",
            severity=Severity.WARNING,
            where=suffix,
            explanation=f"the name says {promised.NAME}, the content is {format}",
        )


def identify(data: Buffer) -> Container:
    """The container that `data` is in, by content.

    Raises `UnsupportedFormat`, which names what the file looks like and what would do.
    """
    container = recognise(data)
    if container is not None:
        return container
    if len(data) == 0:
        raise UnsupportedFormat("empty file: there is nothing to look at")
    if bytes(data[4:8]) == b"jumb":
        raise UnsupportedFormat(
            "C2PA manifest store: says nothing without its picture",
            remedy="name the picture that it lies beside; the manifest is found from there",
        )
    seen = describe(data) or "unknown kind of file"
    raise UnsupportedFormat(f"{seen}: genlabel reads {_formats()}", remedy=way_out(seen))


def way_out(seen: str) -> str:
    """What to do with a file described as `seen`, which is in no container that genlabel reads."""
    best = nearest(seen, [each.NAME for each in CONTAINERS])
    if best is None:
        return f"convert it to a format that it does read: {_formats()}"
    return f"convert it to {best}, which comes nearest"


def _formats() -> str:
    *others, last = (each.NAME for each in CONTAINERS)
    return f"{', '.join(others)} and {last}"
