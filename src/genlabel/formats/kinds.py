"""Which formats there are: how a file of each begins, its suffixes, and the module that reads it.

A module is loaded with the first file that may be its own: most runs meet one or two formats.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

from genlabel.model.named_tuple import NamedTuple

if TYPE_CHECKING:
    from genlabel.formats.format import Container
    from genlabel.storage.buffers import Buffer

_LONGEST = 8


class Kind(NamedTuple):
    """One format before its module is loaded."""

    name: str
    module: str
    """Below `genlabel.formats`; its `FORMATS`, or the value that is called like the format."""
    suffixes: tuple[str, ...]
    """What the format itself has, lower case, the preferred one first."""
    begins: tuple[bytes, ...]
    """A file of the format has one of these `at` that offset; others may have them, too."""
    at: int = 0

    def may_be(self, head: Buffer) -> bool:
        """May a file that begins with `head` be of this format?"""
        return bytes(head[self.at : self.at + _LONGEST]).startswith(self.begins)

    @property
    def container(self) -> Container:
        """The format itself, with all that it offers."""
        return _loaded(self)


_ISO = ("isobmff.brands", (b"ftyp", b"free", b"skip", b"wide"), 4)  # ISO/IEC 14496-12 §4.3
_RIFF = (b"RIFF", b"RF64", b"BW64")


def _iso(name: str, *suffixes: str) -> Kind:
    module, begins, at = _ISO
    return Kind(name, module, suffixes, begins, at)


KINDS = (
    Kind("jpeg", "jpeg.jpeg", (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"), (b"\xff\xd8",)),
    Kind("png", "png.png", (".png", ".apng"), (b"\x89PNG",)),
    Kind("webp", "riff.webp", (".webp",), (b"RIFF",)),
    Kind("tiff", "tiff.tiff", (".tif", ".tiff", ".dng"), (b"II", b"MM")),
    _iso("avif", ".avif", ".avifs"),
    _iso("heic", ".heic", ".heif", ".hif", ".heics", ".heifs"),
    _iso("mp4", ".mp4", ".m4v", ".f4v", ".3gp", ".3g2"),
    _iso("mov", ".mov", ".qt"),
    _iso("m4a", ".m4a", ".m4b"),
    Kind("gif", "gif.gif", (".gif",), (b"GIF8",)),
    Kind("svg", "svg.svg", (".svg",), (b"<", b"\xef\xbb\xbf", b" ", b"\t", b"\r", b"\n")),
    Kind("jxl", "jxl.jxl", (".jxl",), (b"\xff\x0a", b"\0\0\0\x0cJXL ")),
    Kind("mp3", "id3.mp3", (".mp3", ".mp2", ".mpga"), (b"ID3", b"\xff", b"\0")),
    Kind("flac", "id3.flac", (".flac",), (b"fLaC", b"ID3")),
    Kind("pdf", "pdf.pdf", (".pdf",), (b"%PDF-",)),
    Kind("wav", "riff.wav", (".wav", ".wave", ".bwf"), _RIFF),
    Kind("avi", "riff.avi", (".avi",), _RIFF),
)
"""Every format that genlabel labels, in the order in which they are asked."""


@cache
def _loaded(kind: Kind) -> Container:
    module = import_module(f"genlabel.formats.{kind.module}")
    values = getattr(module, "FORMATS", None) or (getattr(module, kind.name.upper()),)
    return cast("Container", next(each for each in values if each.name == kind.name))
