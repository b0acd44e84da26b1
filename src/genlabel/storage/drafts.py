"""A new file in one piece, written once, whose new parts may be put in again, as long as before."""

from __future__ import annotations

import io
from contextlib import ExitStack
from typing import IO

from genlabel.storage import buffers
from genlabel.storage.buffers import Pieces


class Draft:
    """A new file put together of `pieces`: in memory, or a nameless temporary one when it is large.

    As a context it lets go of that file, of which `finished` gives a view that stays.
    """

    def __init__(self, pieces: Pieces) -> None:
        self._lengths = list(map(len, pieces))
        self._closed = ExitStack()
        size = sum(self._lengths)
        if buffers.is_put_together_in_memory(size):
            self._file: IO[bytes] = io.BytesIO(b"".join(pieces))  # which is not copied again
            return
        self._file = self._closed.enter_context(buffers.new_file(size))
        try:
            for piece in pieces:
                buffers.append(self._file, piece)
            self._file.flush()
        except OSError as error:
            self._closed.close()
            raise buffers.temporary_error(error) from error

    def __enter__(self) -> Draft:
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.close()

    def view(self) -> memoryview:
        """All of it as it is now."""
        if isinstance(self._file, io.BytesIO):
            return self._file.getbuffer()
        return buffers.mapped(self._file)

    def finished(self, pieces: Pieces) -> bytes | memoryview:
        """The file of these pieces: those that are new (`bytes`) are written over what was there.

        Views of the source stay as they are. Pieces of other lengths are put together anew.
        """
        if list(map(len, pieces)) != self._lengths:
            return buffers.joined(pieces)
        at = 0
        for piece in pieces:
            if isinstance(piece, bytes):
                self._write(piece, at)
            at += len(piece)
        return buffers.written(self._file)

    def with_bytes(self, new: bytes, at: int) -> bytes | memoryview:
        """The file with other bytes at one place, as a view that stays."""
        self._write(new, at)
        return buffers.written(self._file)

    def _write(self, piece: bytes, at: int) -> None:
        try:
            self._file.seek(at)
            self._file.write(piece)
        except OSError as error:
            raise buffers.temporary_error(error) from error
