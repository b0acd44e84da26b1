"""The multi-asset hash: one hash for each part of a file (C2PA 2.4 §15.12.4, §18.9).

It is no binding of its own. It is asked where the hash over the whole file does not hold, since an
optional part may be dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from genlabel.formats import recognise
from genlabel.formats.edits import Span
from genlabel.formats.format import HEAD, Container, FormatSurvey, Survey
from genlabel.formats.isobmff import boxes as iso_boxes
from genlabel.manifests.binding import fields as shared
from genlabel.manifests.binding.fields import Malformed
from genlabel.manifests.binding.outcome import Outcome
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset
from genlabel.model.escape import quoted

MATCH = "assertion.multiAssetHash.match"
MISMATCH = "assertion.multiAssetHash.mismatch"
MISSING_PART = "assertion.multiAssetHash.missingPart"
MALFORMED = "assertion.multiAssetHash.malformed"

Fields = Mapping[str, Any]
Resolve = Callable[[str], tuple[str, Fields] | None]
"""The label and the fields of the assertion at a JUMBF URI of the same manifest; None without."""
Judge = Callable[[str, Fields, Container | None, Survey], Outcome]
"""The outcome of a hard binding, by its label, over a part."""

_MOST_PARTS = 1_000
_PART = ".part"


@dataclass(frozen=True, slots=True)
class _Part:
    """A part as it is listed, and where it lies."""

    start: int
    end: int
    label: str
    fields: Fields
    optional: bool
    boxed: bool
    """The content of an ISO box, which another part may hold as well."""


def judged(fields: object, survey: Survey, *, resolve: Resolve, judge: Judge) -> Outcome:
    """Does every part of the file that is there hold to its own hash?

    `fields` are whatever the assertion holds.
    """
    try:
        parts = list(_parts(fields, survey, resolve))
    except Malformed as error:
        return Outcome.failed(MALFORMED, str(error))
    size = len(survey.data)
    there = [part for part in parts if part.start < size]
    lost = next((part for part in parts if part.start >= size and not part.optional), None)
    if lost is not None:
        return Outcome.failed(MISSING_PART, f"the part at {lost.start:,} is not there")
    cut = next((part for part in there if part.end > size), None)
    if cut is not None:
        return Outcome.failed(MISMATCH, f"the part at {cut.start:,} is cut off")
    gap = _gap(_spans(there), size)
    if gap is not None:
        return Outcome.failed(MALFORMED, f"its parts overlap or leave a gap at {gap:,}")
    contents = {part.start for part in there if part.boxed}
    if len(contents) < sum(part.boxed for part in there):
        return Outcome.failed(MALFORMED, "it lists the content of one box twice")
    return _each(there, len(parts) - len(there), survey, judge)


def _each(there: list[_Part], gone: int, survey: Survey, judge: Judge) -> Outcome:
    uncovered: list[str] = []
    unbound: list[str] = []
    for part in there:
        container, inner = _survey(survey, part)
        outcome = judge(part.label, part.fields, container, inner)
        where = f"the part at {part.start:,}"
        if outcome.holds is None:
            return Outcome.unjudged(outcome.code, f"{where}: {outcome.explanation}")
        if not outcome.holds:
            return Outcome.failed(MISMATCH, f"{where}: {outcome.explanation}")
        uncovered += [f"{each} of {where}" for each in outcome.uncovered]
        unbound += [f"{each} of {where}" for each in outcome.unbound]
    return Outcome(
        code=MATCH,
        holds=True,
        explanation=f"without {gone:,} optional parts" if gone else "",
        uncovered=tuple(uncovered),
        unbound=tuple(unbound),
    )


def _parts(fields: object, survey: Survey, resolve: Resolve) -> Iterator[_Part]:
    listed = fields.get("parts") if isinstance(fields, Mapping) else None
    if not isinstance(listed, list) or not listed or len(listed) > _MOST_PARTS:
        raise Malformed("it lists no parts, or too many")
    for each in listed:
        if not isinstance(each, dict) or not isinstance(each.get("location"), dict):
            raise Malformed("it lists a part without a location")
        reference = each.get("hashAssertion")
        uri = reference.get("url") if isinstance(reference, dict) else reference
        found = resolve(uri) if isinstance(uri, str) else None
        if found is None or _PART not in found[0]:
            raise Malformed("it lists a part whose hash assertion is not there")
        boxed, optional = "bmffBox" in each["location"], each.get("optional") is True
        place = _located(each["location"], survey)
        start, end = place if place is not None else (len(survey.data),) * 2
        yield _Part(start, end, *found, optional, boxed)


def _located(location: Fields, survey: Survey) -> Span | None:
    """Where a part lies: by offset and length, or as the content of a box; None where that is not
    there."""
    if "bmffBox" in location:
        return _content(location["bmffBox"], survey)
    start = shared.number(location, "byteOffset")
    return start, start + shared.number(location, "length")


def _content(path: object, survey: Survey) -> Span | None:
    """The content of the one box of that type at the top of the file, e.g. ``/mpvd``; None without
    any."""
    if isinstance(path, str) and path.count("/") == 1:
        try:
            top = iso_boxes.walk(survey.data, survey.format)
        except MalformedAsset:
            top = []
        found = [box for box in top if box.type.decode("latin-1") == path.removeprefix("/")]
        if len(found) == 1:
            return found[0].body, found[0].end
        if top and not found:
            return None
    raise Malformed(f"its part {quoted(path)} is no box of this file")


def _spans(parts: list[_Part]) -> list[Span]:
    """Where the parts lie, but for the contents of boxes that lie within another one."""
    ranges = [(part.start, part.end) for part in parts if not part.boxed]
    return [
        (part.start, part.end)
        for part in parts
        if not part.boxed
        or not any(start <= part.start and part.end <= end for start, end in ranges)
    ]


def _gap(spans: list[Span], size: int) -> int | None:
    """Where parts, in their order, overlap or leave something out; None where they do not."""
    at = 0
    for start, end in spans:
        if start != at:
            return min(at, start)
        at = end
    return None if at == size else at


def _survey(survey: Survey, part: _Part) -> tuple[Container | None, Survey]:
    """A part as a file of its own; without container where it is in none that is known."""
    view = survey.data[part.start : part.end]
    container = recognise(view[:HEAD])
    if container is not None:
        try:
            return container, container.survey(view)
        except MalformedAsset:
            pass
    return None, FormatSurvey(data=view, format="unknown", parsed=None)
