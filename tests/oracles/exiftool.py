"""ExifTool, current: Debian's does not know the IPTC fields of 2025.

One process answers all questions (``-stay_open``), because starting Perl takes a third of a second.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import IO, Any

from oracles.absence import absent, program
from oracles.dialogue import NODE, PATIENCE

READING = ("-j", "-G1", "-a", "-struct", "-n")
"""JSON, family 1 groups, duplicates, structures as they are, numbers as they are."""


class ExiftoolError(Exception):
    """ExifTool refused; the message is its own."""


class Exiftool:
    """The running process."""

    def __init__(self) -> None:
        script = NODE / "node_modules" / "exiftool-vendored.pl" / "bin" / "exiftool"
        if not script.is_file():
            absent("exiftool (npm's exiftool-vendored.pl)")
        self._talk = tempfile.TemporaryFile()  # noqa: SIM115  # closed in close()
        self._asked = 0
        # -config "" first: a developer's own configuration must not change what is read.
        options = ["-config", "", "-stay_open", "True", "-@", "-"]
        options += ["-common_args", "-charset", "filename=UTF8"]
        self._process = subprocess.Popen(
            [program("perl"), script, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._talk,
        )

    def run(self, *arguments: str | Path) -> str:
        """Run ExifTool with these arguments and give back what it printed.

        Raises `ExiftoolError` when it says ``Error``, dies or hangs.
        """
        stdin, stdout = self._pipes()
        self._asked += 1
        lines = [str(each) for each in arguments]
        if any("\n" in each or "\r" in each for each in lines):
            raise ValueError("an argument with a line break: ExifTool reads one argument a line")
        said_before = self._talk.seek(0, 2)
        watchdog = threading.Timer(PATIENCE, self._process.kill)
        watchdog.start()
        try:
            stdin.write("\n".join([*lines, f"-execute{self._asked}", ""]).encode())
            stdin.flush()
            printed = _until(stdout, f"{{ready{self._asked}}}".encode())
        finally:
            watchdog.cancel()
        self._talk.seek(said_before)
        complaints = self._talk.read().decode(errors="replace")
        if any(line.startswith("Error") for line in complaints.splitlines()):
            raise ExiftoolError(complaints.strip())
        return printed.decode()

    def read(self, source: bytes | Path, *options: str) -> dict[str, Any]:
        """Every tag of a file, as ``{"XMP-iptcExt:DigitalSourceType": …}``.

        `source` is a path or the file's bytes; `options` come after `READING`.
        """
        if isinstance(source, bytes):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "picture"
                path.write_bytes(source)
                return self.read(path, *options)
        answers: list[dict[str, Any]] = json.loads(self.run(*READING, *options, source))
        return answers[0]

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("started without pipes")
        return self._process.stdin, self._process.stdout

    def close(self) -> None:
        """End the process."""
        stdin, stdout = self._pipes()
        stdin.write(b"-stay_open\nFalse\n")
        stdin.close()
        self._process.wait(PATIENCE)
        stdout.close()
        self._talk.close()


def _until(stdout: IO[bytes], ready: bytes) -> bytes:
    printed = bytearray()
    for line in stdout:
        if line.rstrip(b"\r\n").endswith(ready):
            return bytes(printed) + line.rstrip(b"\r\n").removesuffix(ready)
        printed += line
    raise ExiftoolError("exiftool ended without an answer")
