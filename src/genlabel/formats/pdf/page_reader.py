"""Pages of a PDF as pypdf reads them: a program of its own, started by `pages`, with its bounds.

Reads a document from standard input and writes one JSON list to standard output: of each page its
size, turn, text without white space, the SHA-256 of each picture's coded data, what annotations and
form fields say, and the SHA-256 of all that draws it. What pypdf does with a hostile document stays
in this process, which has a limit of time and memory.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from genlabel.storage import bounded_programs

MOST_PAGES = 2_000
MOST_DRAWN = 500
MOST_ABOVE = 16
"""Fields above a form's field that may have its value."""
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
    pictures: list[str] = []
    contents = page.get_contents()
    drawing = hashlib.sha256(contents.get_data() if contents is not None else b"")
    for each in _drawn(page.get("/Resources"), set()):
        if each.get("/Subtype") == "/Image":
            pictures.append(hashlib.sha256(each._data).hexdigest())
        else:
            drawing.update(each.get_data())
    return {
        "size": [round(float(page.mediabox.width)), round(float(page.mediabox.height))],
        "turn": int(page.rotation) % 360,
        "text": "".join(page.extract_text().split()),
        "pictures": sorted(pictures),
        "notes": sorted(_notes(page.get("/Annots"))),
        "drawing": drawing.hexdigest(),
    }


def _drawn(resources: Any, seen: set[int]) -> Iterator[Any]:
    """The pictures and forms that a page draws with, those within forms too, each once."""
    objects = resources.get_object().get("/XObject") if resources is not None else None
    for each in objects.get_object().values() if objects is not None else ():
        found = each.get_object()
        if id(found) in seen or found.get("/Subtype") not in ("/Image", "/Form"):
            continue
        seen.add(id(found))
        yield found
        if found["/Subtype"] == "/Form" and len(seen) < MOST_DRAWN:
            yield from _drawn(found.get("/Resources"), seen)


def _notes(annotations: Any) -> Iterator[str]:
    """What annotations say, and form fields have in them; links show nothing of their own."""
    for each in annotations.get_object() if annotations is not None else ():
        note = each.get_object()
        field, value = note, None
        for _ in range(MOST_ABOVE):
            value = field.get("/V")
            if value is not None or field.get("/Parent") is None:
                break
            field = field["/Parent"]
        if note.get("/Subtype") != "/Link":
            yield f"{note.get('/Subtype')} {note.get('/Contents')} {value}"


if __name__ == "__main__":
    sys.exit(main())
