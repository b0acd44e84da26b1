"""A foreign program that answers one line of JSON for each line of JSON it is sent."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from oracles.absence import absent, program

NODE = Path(__file__).parent / "node"
PATIENCE = 60.0
"""Seconds after which a program that does not answer is ended, so that no run hangs."""


class Dialogue:
    """One running program; started once, asked often, closed at the end."""

    def __init__(self, command: Sequence[str | Path]) -> None:
        self._process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    @classmethod
    def with_node(cls, script: str, *words: str | Path) -> Self:
        """A dialogue with a script of ``tests/oracles/node``; ends the test without node."""
        node = program("node", "nodejs")
        if not (NODE / "node_modules").is_dir():
            absent("tests/oracles/node/node_modules")
        return cls([node, NODE / script, *words])

    def ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """The program's answer. Raises `RuntimeError` when it dies, hangs or answers ``error``."""
        stdin, stdout = self._pipes()
        watchdog = threading.Timer(PATIENCE, self._process.kill)
        watchdog.start()
        try:
            stdin.write(json.dumps(question).encode() + b"\n")
            stdin.flush()
            line = stdout.readline()
        finally:
            watchdog.cancel()
        if not line:
            raise RuntimeError(f"{self._process.args!r} ended without an answer")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise RuntimeError(f"{self._process.args!r}: {answer['error']}")
        return answer

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("started without pipes")
        return self._process.stdin, self._process.stdout

    def close(self) -> None:
        """Let the program end."""
        for pipe in self._pipes():
            pipe.close()
        self._process.wait(PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
