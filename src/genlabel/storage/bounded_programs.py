"""Programs of our own that read strangers' bytes in a process apart, within time and memory.

For parsers that are not ours and may hang, crash or allocate without end: what they do stays there.
"""

from __future__ import annotations

import subprocess
import sys

from genlabel.storage.buffers import Buffer


def answer(module: str, data: Buffer, *, seconds: int) -> bytes | None:
    """What the program `module` writes about `data`, given on its standard input.

    None where it does not end well within `seconds` of processor time and a little more.
    """
    try:
        done = subprocess.run(  # noqa: S603  our own program
            (sys.executable, "-P", "-m", module),
            input=data,
            capture_output=True,
            timeout=seconds + 5,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout if done.returncode == 0 else None


def limit(*, seconds: int, memory: int) -> None:
    """Let this process have so much processor time, and so many bytes of memory."""
    try:
        import resource
    except ImportError:  # Windows has none; there the parent's clock alone ends it
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
