"""exempi: Adobe's XMP toolkit as a program, which writes XMP where ExifTool writes none.

It starts from the XMP that a file has or that it makes of other metadata; without either it fails.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from oracles.absence import program

NAMESPACES = {"Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"}


def written(data: bytes, properties: Mapping[str, str], suffix: str) -> bytes:
    """`data` with these properties, named with their prefix; `suffix` is the file's, with dot."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"file{suffix}")
        path.write_bytes(data)
        for name, value in properties.items():
            words: list[str | Path] = [program("exempi"), "-w", "-s", name, "-v", value]
            if uri := NAMESPACES.get(name.partition(":")[0]):
                words += ["-n", uri, name.partition(":")[0]]
            done = subprocess.run([*words, path], capture_output=True, timeout=60)
            assert (done.returncode, done.stderr) == (0, b""), (name, done)
        return path.read_bytes()


def read(data: bytes, suffix: str) -> bytes:
    """The packet that Adobe's toolkit reads, in its own spelling; `suffix` as in `written`.

    Not reconciled with what other metadata say: that takes a film's dates for the packet's, and
    fails at the Exif of WebP files, which stands there without the six bytes that JPEG has.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"file{suffix}")
        path.write_bytes(data)
        done = subprocess.run(
            [program("exempi"), "-R", "-x", path], capture_output=True, timeout=60
        )
        assert (done.returncode, done.stderr) == (0, b""), done
        return done.stdout[done.stdout.find(b"<") :]
