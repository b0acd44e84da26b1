"""Pages of two PDF documents side by side: is the same text on them, and the same pictures?

Needs pypdf, which the extra ``genlabel[pdf]`` installs.
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from typing import Any

from genlabel.formats.pdf import page_reader
from genlabel.model.pixels import Pixels
from genlabel.storage import bounded_programs
from genlabel.storage.buffers import Buffer


def compare(original: Buffer, published: Buffer) -> Pixels:
    """What became of a document that was written anew, by what is on its pages."""
    same, reason = _difference(original, published)
    change = {True: "re-encoded", False: "another", None: "undecodable"}[same]
    return Pixels(
        same_picture=same,
        change=change,
        relations=(change,),
        reason=reason,
        certainty=None if same is None else "high",
    )


def _difference(original: Buffer, published: Buffer) -> tuple[bool | None, str]:
    """Do both documents show the same, and what tells it; None where that cannot be said.

    Pages count as the same with one size and turn, the same text but for white space, the same
    coded pictures and the same annotations. Lines and shapes are the same where all that draws the
    page is; a page of nothing else has to be that.
    """
    if find_spec("pypdf") is None:
        return None, "document: its text is compared with the extra genlabel[pdf]"
    ours, theirs = _pages(original), _pages(published)
    if ours is None or theirs is None:
        return None, "document: pypdf does not read it"
    if len(ours) != len(theirs):
        return False, f"pages: {len(theirs)}, and the original has {len(ours)}"
    unlike = bare = None
    for number, (one, other) in enumerate(zip(ours, theirs, strict=True), 1):
        if one == other:
            continue
        if one["text"] != other["text"] and one["text"] and other["text"]:
            return False, f"page {number} has another text"
        if {**one, "drawing": ""} != {**other, "drawing": ""}:
            unlike = unlike or number
        elif not (one["text"] or one["pictures"]):
            bare = bare or number
    if unlike is not None:
        return None, f"document: page {unlike} has the same text, as far as it can be read, alone"
    if bare is not None:
        return None, f"document: page {bare} has shapes alone, which were not compared"
    return True, (
        "document: the same text, pictures and shapes on each page"
        if ours == theirs
        else "document: the same text and pictures on each page; shapes were not compared"
    )


def _pages(data: Buffer) -> list[dict[str, Any]] | None:
    written = bounded_programs.answer(page_reader.__name__, data, seconds=page_reader.SECONDS)
    try:
        pages = json.loads(written or b"[]")
    except ValueError:
        return None
    return pages if isinstance(pages, list) and pages else None
