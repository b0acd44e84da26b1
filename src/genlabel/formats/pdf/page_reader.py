"""Pages of a PDF as pypdf reads them: a program of its own, started by `pages`, with its bounds.

Reads a document from standard input and writes one JSON list to standard output: of each page its
size, turn, text without white space, and the SHA-256 of each picture's coded data. What pypdf does
with a hostile document stays in this process, which has a limit of time and memory.
"""

from __future__ import annotations

import hashlib
import json
import sys
from io import BytesIO
from typing import Any

from genlabel.storage import bounded_programs

MOST_PAGES = 2_000
SECONDS = 30
MEMORY = 2 * 1024 * 1024 * 1024


def main() -> int:
    """Exit status 0 with the list, 3 for a document that pypdf does not read."""
    bounded_programs.limit(seconds=SECONDS, memory=MEMORY)
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(sys.stdin.buffer.read()))
    if len(reader.pages) > MOST_PAGES:
        return 3
    json.dump([_page(each) for each in reader.pages], sys.stdout)
    return 0


def _page(page: Any) -> dict[str, Any]:
    return {
        "size": [round(float(page.mediabox.width)), round(float(page.mediabox.height))],
        "turn": int(page.rotation) % 360,
        "text": "".join(page.extract_text().split()),
        "pictures": sorted(_pictures(page.get("/Resources"))),
    }


def _pictures(resources: Any) -> list[str]:
    objects = resources.get_object().get("/XObject") if resources is not None else None
    if objects is None:
        return []
    found = (each.get_object() for each in objects.get_object().values())
    return [
        hashlib.sha256(each._data).hexdigest() for each in found if each.get("/Subtype") == "/Image"
    ]


if __name__ == "__main__":
    sys.exit(main())
