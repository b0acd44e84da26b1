"""Containers: where blocks lie in a file and how to change them without touching a pixel."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING

from genlabel.formats.format import Container
from genlabel.formats.kinds import KINDS, Kind
from genlabel.formats.unknown import (
    OLD_FILM,
    carries_manifest as carries_manifest,
    describe,
    nearest,
    no_picture,
)
from genlabel.model.errors import UnsupportedFormat
from genlabel.model.report import Finding, Severity
from genlabel.storage.buffers import Buffer

if TYPE_CHECKING:
    CONTAINERS: tuple[Container, ...]
    """Every format that genlabel labels, in the order in which they are asked."""


def __getattr__(name: str) -> tuple[Container, ...]:
    """`CONTAINERS`, for whoever wants them all: their modules are loaded with the first need."""
    if name != "CONTAINERS":
        raise AttributeError(name)
    return tuple(each.container for each in KINDS)


_BY_SUFFIX = {suffix: kind for kind in reversed(KINDS) for suffix in kind.suffixes}


def recognise(head: Buffer) -> Container | None:
    """The container that a file's first `HEAD` bytes belong to; None when it is none of ours."""
    possible = (each.container for each in KINDS if each.may_be(head))
    return next((container for container in possible if container.accepts(head)), None)


def is_known(head: Buffer) -> bool:
    """Is a file that begins with `head` in a container that genlabel reads?"""
    return recognise(head) is not None


def is_promised(path: str | PurePath) -> bool:
    """Is a file so called one that genlabel reads, by its suffix?"""
    return _promised(path) is not None


def _promised(path: str | PurePath) -> Kind | None:
    return _BY_SUFFIX.get(_suffix(path).lower())


def _suffix(path: str | PurePath) -> str:
    """As `pathlib` has it."""
    name = os.path.basename(path)  # noqa: PTH119  of each of many files
    dot = name.rfind(".")
    return name[dot:] if 0 < dot < len(name) - 1 else ""


def misleading(path: str | PurePath, format: str | None) -> Iterator[Finding]:
    """A finding where the suffix of `path` promises another format than the content's `format`.

    The file keeps its name, and somebody should know.
    """
    promised = _promised(path)
    if promised is not None and format != promised.name:
        yield Finding(
            "genlabel.name.misleading",
            severity=Severity.WARNING,
            where=_suffix(path),
            explanation=f"the name says {promised.name}, the content is {format}",
        )


def identify(data: Buffer) -> Container:
    """The container that `data` is in, by content.

    Raises `UnsupportedFormat`, which names what the file looks like and what would do.
    """
    container = recognise(data)
    if container is not None:
        return container
    if len(data) == 0:
        raise UnsupportedFormat(
            "empty file: there is nothing to look at", remedy="copy or download it again"
        )
    if bytes(data[4:8]) == b"jumb":
        raise UnsupportedFormat(
            "C2PA manifest store: says nothing without its picture",
            remedy="name the picture that it lies beside; the manifest is found from there",
        )
    if cause := no_picture(data):
        kind, remedy = cause
        raise UnsupportedFormat(f"{kind}, and no picture", remedy=remedy)
    kind = describe(data) or "unknown kind of file"
    raise UnsupportedFormat(
        f"{kind}: genlabel reads {_formats()}",
        remedy=way_out(kind, otherwise="convert it to one of these"),
    )


WITH_MANIFEST = (
    "it carries a manifest, which rewriting or converting would break: get a sound copy, or a "
    "program that reads this form"
)
"""The remedy for whatever cannot be read and carries a manifest."""


def way_out(kind: str, otherwise: str | None = None) -> str:
    """The remedy for a file of a `kind` (as `describe` names it) that genlabel does not read.

    `otherwise` is what is said in place of naming all formats where none comes nearest.
    """
    if kind == OLD_FILM:
        return "remux it first, which changes no frame: ffmpeg -i old.mov -c copy new.mov"
    best = nearest(kind, [each.name for each in KINDS])
    if best is None:
        return otherwise or f"convert it to a format that it does read: {_formats()}"
    return f"convert it to {best}, which comes nearest"


def _formats() -> str:
    *others, last = (each.name for each in KINDS)
    return f"{', '.join(others)} and {last}"
