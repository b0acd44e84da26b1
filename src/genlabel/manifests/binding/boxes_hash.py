"""The general box hash: hashes over boxes by name, in file order (C2PA 2.4 §15.12.3, §18.7).

Whatever of a file is in no listed box is left out, and weighed like the exclusions of a data hash:
bytes between boxes, behind the last one, and behind the end of the picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

from genlabel.formats.coverage import HashedBox, complement, outside
from genlabel.formats.edits import Span
from genlabel.formats.format import Container, Survey
from genlabel.manifests.binding import exclusions, fields as shared
from genlabel.manifests.binding.digest import Pass
from genlabel.manifests.binding.fields import Malformed, Unsupported
from genlabel.manifests.binding.outcome import UNSUPPORTED, Outcome
from genlabel.model.dataclass import dataclass
from genlabel.model.escape import quoted

MATCH = "assertion.boxesHash.match"
MISMATCH = "assertion.boxesHash.mismatch"
MALFORMED = "assertion.boxesHash.malformed"
UNKNOWN_BOX = "assertion.boxesHash.unknownBox"

_STORE, _AFTER, _PNG_SIGNATURE = "C2PA", "c2pa.after", "PNGh"


class _Failed(Exception):
    """The file does not hold to the list: a status code, and one clause why."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


@dataclass(slots=True)
class _Walk:
    """One walk along the list and the file at once."""

    boxes: Iterator[HashedBox]
    reading: Pass
    size: int
    external: bool
    ahead: HashedBox | None = None
    end: int = 0
    """Behind the last listed box."""
    complete: bool = False
    """Does ``c2pa.after`` take in all that follows?"""
    hashed: list[Span] = field(default_factory=list)
    excluded: list[Span] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ahead = next(self.boxes, None)

    def take(self, name: str) -> HashedBox:
        """The next box of the file, which has to be called `name`."""
        box = self.ahead
        if box is None or box.name.rstrip(" ") != name.rstrip(" "):
            here = "the end" if box is None else f"the box {quoted(box.name)} at {box.start:,}"
            raise _Failed(
                UNKNOWN_BOX, f"the list has a box {quoted(name)} where the file has {here}"
            )
        self.ahead = next(self.boxes, None)
        self.end = max(self.end, box.end)
        return box


def judged(
    fields: Mapping[str, Any],
    container: Container | None,
    survey: Survey,
    *,
    algorithm: str | None,
    external: bool,
) -> Outcome:
    """Does the file hold to this box hash, and does it cover what is shown?

    The arguments are those of a data hash. Not judged for containers whose boxes have no names in
    the specification.
    """
    if container is None or container.boxes is None:
        return Outcome.unjudged(MISMATCH, f"a box hash over a {survey.format} file")
    size = len(survey.data)
    walk = _Walk(container.boxes(survey), Pass(survey.data), size, external)
    try:
        _follow(walk, _entries(fields), (fields.get("alg"), algorithm))
    except Unsupported as error:
        return Outcome.unjudged(UNSUPPORTED, f"the box hash {error}")
    except Malformed as error:
        return Outcome.failed(MALFORMED, str(error))
    except _Failed as failure:
        return Outcome.failed(failure.code, str(failure))
    left = outside(complement(walk.hashed, size), [*walk.excluded, *survey.manifest_spans])
    weighed = exclusions.weighed(container, survey, left, boxes=walk.excluded)
    return Outcome(code=MATCH, holds=True, uncovered=weighed.uncovered, unbound=weighed.unbound)


def _follow(walk: _Walk, entries: list[Mapping[str, Any]], algorithms: tuple[Any, ...]) -> None:
    """Goes through the list; `algorithms` are those that an entry without one falls back to."""
    for number, entry in enumerate(entries):
        names = _names(entry)
        if not number and names[0] != _PNG_SIGNATURE:
            _pass_signature(walk)
        if names == [_STORE]:
            _pass_store(walk)
        elif walk.complete:  # nothing may follow
            raise Malformed(f"it lists boxes behind {_AFTER}")
        elif names == [_AFTER]:
            _after(walk, entry, algorithms)
        else:
            _range(walk, names, entry, algorithms)
    if walk.ahead is not None and not walk.complete:
        box = walk.ahead
        raise _Failed(
            UNKNOWN_BOX, f"the box {quoted(box.name)} at {box.start:,} is not on the list"
        )


def _entries(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = fields.get("boxes")
    if not isinstance(listed, list) or not listed:
        raise Malformed("it lists no boxes")
    if not all(isinstance(each, dict) for each in listed):
        raise Malformed("it lists what is no box")
    return listed


def _names(entry: Mapping[str, Any]) -> list[str]:
    names = entry.get("names")
    if not isinstance(names, list) or not names or not all(isinstance(n, str) for n in names):
        raise Malformed("it lists a box without a name")
    if len(names) > 1 and (_STORE in names or _AFTER in names):
        raise Malformed("it lists the manifest, or what follows the picture, with other boxes")
    return names


def _pass_signature(walk: _Walk) -> None:
    """c2pa-rs lets a list begin behind PNG's signature, of which no byte could be another."""
    if walk.ahead is not None and walk.ahead.name == _PNG_SIGNATURE:
        box = walk.take(_PNG_SIGNATURE)
        walk.hashed.append((box.start, box.end))


def _pass_store(walk: _Walk) -> None:
    """The manifest's own box; a manifest beside the file has kept a place for it in the list."""
    if walk.external and (walk.ahead is None or walk.ahead.name != _STORE):
        return
    box = walk.take(_STORE)
    if walk.external:
        walk.excluded.append((box.start, box.end))


def _after(walk: _Walk, entry: Mapping[str, Any], algorithms: tuple[Any, ...]) -> None:
    """All that follows the listed boxes (§18.7.2)."""
    walk.complete = True
    _compare(walk, [[(walk.end, walk.size)]], entry, algorithms)


def _range(
    walk: _Walk, names: list[str], entry: Mapping[str, Any], algorithms: tuple[Any, ...]
) -> None:
    """Boxes with one hash over them, from the first one's start to the last one's end."""
    boxes = [walk.take(name) for name in names]
    first, last = boxes[0], boxes[-1]
    if entry.get("excluded") is True:
        walk.excluded.append((first.start, last.end))
        return
    left = _left_out(boxes, entry)
    ends = [last.end] if last.other_end is None else [last.other_end, last.end]
    _compare(walk, [list(outside([(first.start, end)], left)) for end in ends], entry, algorithms)


def _left_out(boxes: list[HashedBox], entry: Mapping[str, Any]) -> list[Span]:
    """What the entry leaves out of its boxes, as spans of the file."""
    by_box: dict[int, list[Span]] = {}
    for each in shared.ranges(entry.get("exclusions")):
        alone = len(boxes) == 1 and each.get("boxIndex") is None
        number = 0 if alone else shared.number(each, "boxIndex")
        if number >= len(boxes):
            raise Malformed(f"it leaves out bytes of its box {number}, which it does not list")
        start, end = shared.span(each)
        box = boxes[number]
        if box.start + end > box.end:
            raise _Failed(MISMATCH, f"it leaves out bytes behind the end of the box {box.name}")
        by_box.setdefault(number, []).append((box.start + start, box.start + end))
    for spans in by_box.values():
        shared.in_order(spans)
    return [span for spans in by_box.values() for span in spans]


def _compare(
    walk: _Walk, readings: list[list[Span]], entry: Mapping[str, Any], algorithms: tuple[Any, ...]
) -> None:
    """Holds the entry's hash against the bytes, in each of the ways in which they may be meant."""
    name = shared.algorithm(entry.get("alg"), *algorithms)
    expected = shared.digest(entry.get("hash"))
    for spans in readings:
        if walk.reading.digest(name, spans) == expected:
            walk.hashed += spans
            return
    boxes = ", ".join(map(str, entry["names"][:3]))
    raise _Failed(MISMATCH, f"the boxes {boxes} have other bytes than those that were signed")
