"""The table of operations in `formats.md`: what works in which container, and with whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from genlabel.formats.format import Container

OPERATIONS = {
    "write": "the label went in, the coded picture or sound stayed the same to the last byte, and "
    "another program read every field of the mark, or accepted the manifest",
    "read": "what another program wrote there was read; for manifests, the C2PA engine without "
    "genlabel",
    "merge": "a label written over what others had written left their fields there; a manifest "
    "that was there became the verified parent of ours",
    "verify": "one changed byte of the mark broke the manifest, and marks that contradict each "
    "other were found",
    "strip-check": "with the mark taken out of a copy, this mark and no other was named as lost",
}
"""What `tests/support/operations.py` shows of each mark, in the words of the page."""


def worked(container: Container, seen_by: Mapping[str, Any]) -> Iterator[list[str]]:
    """A row a mark: what worked in every kind of file of this container, and with whom."""
    from genlabel.formats.format import EXIF, IIM, MANIFEST, XMP

    kinds = {row["kind"] for row in seen_by["rows"] if row["format"] == container.name}
    slots = {"manifest": MANIFEST, "iptc": XMP, "iim": IIM, "exif": EXIF}
    for mark, slot in slots.items():
        start = [f"`{container.name}`", f"`{mark}`"]
        if slot not in container.slots:
            none = "beside it" if slot == MANIFEST else "no place"
            yield [*start, *(none for _ in OPERATIONS), ""]
            continue
        done = [
            row
            for row in seen_by["operations"]
            if (row["format"], row["mark"]) == (container.name, mark)
        ]
        cells = []
        for operation in OPERATIONS:
            missing = sorted(kinds - {row["kind"] for row in done if operation in row})
            lacking = "not yet" + (f": {'; '.join(missing)}" if missing else "")
            cells.append("yes" if kinds and not missing else lacking)
        programs = {
            name for row in done for each in OPERATIONS for name in row.get(each, "").split(", ")
        } | {
            row["by"]
            for row in seen_by["rows"]
            if (row["format"], row["mark"]) == (container.name, mark)
        }
        yield [*start, *cells, ", ".join(sorted(programs - {""}, key=str.lower))]
