"""Renders an SVG badge by resvg: a program of its own, started by `badge`, with its bounds.

Reads a drawing from standard input and writes a PNG picture to standard output. What the library
does with a hostile drawing (it overflows its stack in deep ones) stays in this process.
"""

from __future__ import annotations

import sys

from genlabel.storage import bounded_programs

SIDE = 1_024
"""Pixels of the longer side."""
SECONDS = 20
MEMORY = 1024 * 1024 * 1024


def main() -> int:
    """Exit status 0 with the picture, 3 for a drawing that resvg does not read."""
    bounded_programs.limit(seconds=SECONDS, memory=MEMORY)
    import resvg_py

    drawing = sys.stdin.buffer.read().decode("utf-8", "replace")
    try:
        picture = resvg_py.svg_to_bytes(svg_string=drawing, width=SIDE, height=SIDE)
    except ValueError:
        return 3
    sys.stdout.buffer.write(bytes(picture))
    return 0


if __name__ == "__main__":
    sys.exit(main())
