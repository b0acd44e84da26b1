"""The blocks of a GIF file as a box hash names them, and those of which nobody sees anything.

C2PA 2.4 §18.7.3.4; GIF89a specification.
"""

from __future__ import annotations

from collections.abc import Iterator

from genlabel.formats.coverage import HashedBox, Unseen
from genlabel.formats.edits import Block, Span
from genlabel.formats.gif import blocks as gif_blocks
from genlabel.formats.gif.blocks import Piece

_SIGNATURE = 6


def boxes(data: memoryview, pieces: list[Piece], manifest: str) -> Iterator[HashedBox]:
    """Header, screen and every block up to the trailer; colour tables go with what announces them.

    `manifest` is how reports name the extension with the manifest. The header is called ``GIF89a``
    in older files, too.
    """
    yield HashedBox("GIF89a", 0, _SIGNATURE)
    yield HashedBox("LSD", _SIGNATURE, gif_blocks.screen_end(data))
    for piece in pieces:
        if piece.kind == gif_blocks.IMAGE:
            yield HashedBox("2C", piece.start, piece.body - 1)
            yield HashedBox("TBID", piece.body - 1, piece.end)
        elif piece.kind == gif_blocks.TRAILER:
            yield HashedBox("3B", piece.start, piece.end)
        else:
            name = "C2PA" if piece.name == manifest else f"21{piece.kind:02X}"
            yield HashedBox(name, piece.start, piece.end)


def unseen(data: memoryview, pieces: list[Piece]) -> Iterator[Unseen]:
    """Comments, but for the lengths of their parts.

    Not XMP: it is not cut into parts, so that any byte of it may be the length by which a decoder
    steps over to what it shows next.
    """
    for piece in pieces:
        if piece.kind == gif_blocks.COMMENT:
            block = Block(piece.name, piece.start, piece.end - piece.start)
            yield Unseen(block, tuple(_parts(data, piece)))


def _parts(data: memoryview, piece: Piece) -> Iterator[Span]:
    at = piece.body
    while length := data[at]:
        yield at + 1, at + 1 + length
        at += length + 1
