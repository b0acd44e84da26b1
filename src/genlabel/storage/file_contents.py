"""The bytes of a file: read, mapped where it is large, or drained from a pipe within bounds."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from genlabel.model.errors import ConfigurationError, remedy_of
from genlabel.storage import buffers, cut_short, streams


def named_file(path: Path, *, most: int, name: str | None = None) -> bytes:
    """A file that somebody named for its few words, such as settings; messages call it `name`.

    Raises `ConfigurationError` where it cannot be read or has more than `most` bytes.
    """
    called = name or str(path)
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise ConfigurationError(
            f"{called}: cannot be read ({error.strerror})", remedy=remedy_of(error)
        ) from error
    if len(data) > most:
        raise ConfigurationError(f"{called}: more than {most:,} bytes", remedy="shorten it")
    return data


def contents(path: Path, *, most: int = streams.MAX_STREAM) -> bytes | memoryview:
    """The file's bytes: read, or mapped when it is large. Of a pipe, at most so many.

    A mapped file may be cut short while it is looked at (see `cut_short`). Windows keeps mapped
    files from being replaced, so all are read there. Raises `OSError`.
    """
    descriptor, state = streams.descriptor_of(path)
    is_regular = stat.S_ISREG(state.st_mode)
    if is_regular and (os.name == "nt" or state.st_size < buffers.LARGE):
        try:
            return streams.whole(descriptor, state.st_size)
        finally:
            os.close(descriptor)
    with os.fdopen(descriptor, "rb") as file:
        if not is_regular:
            return streams.drained(file, str(path), most=most)
        if not cut_short.can_guard():
            return buffers.copied(file, state.st_size)
        try:
            mapping = buffers.mapping_of(file)
        except ValueError:  # it has become empty meanwhile
            return file.read()
        cut_short.guard(mapping, str(path))
        return memoryview(mapping)
