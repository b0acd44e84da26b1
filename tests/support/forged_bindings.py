"""Hash assertions made by hand over drawn files, honest ones and others, and how they are judged.

What the claim would say of them is left out: `judge.judged` is asked with the plain fields.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import drawn_kinds
from genlabel import formats
from genlabel.formats.format import MANIFEST, Survey
from genlabel.manifests.binding import judge
from genlabel.manifests.binding.outcome import Outcome

Span = tuple[int, int]
Fields = dict[str, Any]
DATA, BOXES = "c2pa.hash.data", "c2pa.hash.boxes"


def carrying(data: bytes, size: int = 400) -> bytes:
    """`data` with a drawn manifest store in it."""
    return drawn_kinds.rewritten(data, {MANIFEST: drawn_kinds.store(size)})


def survey(data: bytes) -> Survey:
    """What genlabel sees in a file."""
    return formats.identify(data).survey(data)


def place(data: bytes) -> list[Span]:
    """What the engine leaves out of a file: the manifest's block, or the store where that is all
    that may grow.
    """
    seen = survey(data)
    spans = [seen.store_span] if seen.store_span else list(seen.manifest_spans)
    return sorted([*spans, *seen.length_spans])


def data_hash(data: bytes, left: Iterable[Span], algorithm: str = "sha256") -> Fields:
    """A data hash over `data` that leaves out `left`, overlapping or not."""
    spans = list(left)
    kept = bytearray(data)
    for start, end in sorted(spans, reverse=True):
        del kept[start:end]
    return {
        "exclusions": [{"start": start, "length": end - start} for start, end in spans],
        "name": "jumbf manifest",
        "alg": algorithm,
        "hash": hashlib.new(algorithm, kept).digest(),
        "pad": bytes(5),
    }


def boxes_of(data: bytes) -> list[tuple[str, int, int]]:
    """Name, start and end of each box as genlabel lists them; the engine's own list is compared in
    `test_beside_the_engine`.
    """
    container = formats.identify(data)
    assert container.boxes is not None
    return [each[:3] for each in container.boxes(container.survey(data))]


def box_hash(
    data: bytes,
    *,
    excluded: Sequence[str] = (),
    apart: bool = True,
    upto: int | None = None,
    after: bool = False,
) -> Fields:
    """A box hash over the first `upto` boxes of `data`: each apart, or in runs around the manifest.

    Boxes called as one of `excluded` are; `after` adds ``c2pa.after``.
    """
    entries: list[Fields] = []
    open_run: list[tuple[str, int, int]] = []
    listed = boxes_of(data)[:upto]
    for name, start, end in [*listed, ("", 0, 0)]:
        alone = not name or name == "C2PA" or name in excluded
        if open_run and (alone or apart):
            entries.append(_entry(data, open_run))
            open_run = []
        if name == "C2PA":
            entries.append({"names": [name], "hash": b"\0", "pad": b""})
        elif name in excluded:
            entries.append({"names": [name], "hash": b"\0", "pad": b"", "excluded": True})
        elif name:
            open_run.append((name, start, end))
    if after:
        entries.append(_entry(data, [("c2pa.after", listed[-1][2], len(data))]))
    return {"alg": "sha256", "boxes": entries}


def judged(data: bytes, label: str, fields: Fields, **options: Any) -> Outcome:
    """The outcome for a file whose claim names SHA-256."""
    container = formats.identify(data)
    given = {"algorithm": "sha256", "external": False, **options}
    return judge.judged(label, fields, container, container.survey(data), **given)


def _entry(data: bytes, run: Sequence[tuple[str, int, int]]) -> Fields:
    hashed = hashlib.sha256(data[run[0][1] : run[-1][2]]).digest()
    return {"names": [name for name, _, _ in run], "hash": hashed, "pad": b""}
