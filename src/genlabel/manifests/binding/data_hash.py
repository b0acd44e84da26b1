"""The data hash: one hash over a file but for some ranges (C2PA 2.4 §15.12.1, §18.5)."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from genlabel.formats.coverage import complement, outside
from genlabel.formats.edits import Span
from genlabel.formats.format import Container, Survey
from genlabel.manifests.binding import exclusions, fields as shared
from genlabel.manifests.binding.digest import Pass
from genlabel.manifests.binding.fields import Malformed, Unsupported
from genlabel.manifests.binding.outcome import UNSUPPORTED, Outcome

MATCH = "assertion.dataHash.match"
MISMATCH = "assertion.dataHash.mismatch"
MALFORMED = "assertion.dataHash.malformed"
_MOST_EXPOSED = 5
"""Parts that are named."""


def judged(
    fields: Mapping[str, Any],
    container: Container | None,
    survey: Survey,
    *,
    algorithm: str | None,
    external: bool,
    updated: bool = False,
) -> Outcome:
    """Does the file hold to this data hash, and does it cover what is shown?

    `algorithm` is the claim's. With `external` the manifest lies beside the file. `updated` says
    that update manifests came in since: the store has grown (§15.12.1.1).
    """
    try:
        name = shared.algorithm(fields.get("alg"), algorithm)
        spans = [shared.span(each) for each in shared.ranges(fields.get("exclusions"))]
        shared.in_order(spans)
        expected = shared.digest(fields.get("hash"))
    except Unsupported as error:
        return Outcome.unjudged(UNSUPPORTED, f"the data hash {error}")
    except Malformed as error:
        return Outcome.failed(MALFORMED, str(error))
    if updated:
        spans = _grown(spans, survey)
    size = len(survey.data)
    if spans and spans[-1][1] > size:
        return Outcome.failed(MISMATCH, f"it leaves out bytes behind the end, at {size:,}")
    if expected is None:
        return Outcome.failed(MISMATCH, "it has no hash")
    if Pass(survey.data).digest(name, complement(spans, size)) != expected:
        return Outcome.failed(MISMATCH, "other bytes than those that were signed")
    return _matching(container, survey, spans, external=external)


def _matching(
    container: Container | None, survey: Survey, spans: list[Span], *, external: bool
) -> Outcome:
    """The bytes hold: what of the file is not among them?"""
    places = [] if external else [*survey.manifest_spans, *_stores(survey), *survey.length_spans]
    weighed = exclusions.weighed(container, survey, outside(spans, places))
    uncovered = list(weighed.uncovered)
    if spans and not external:
        uncovered += [*_beyond(survey, spans), *survey.uncovered]
        if container is not None:
            uncovered += _exposed(container, survey, spans)
    return Outcome(code=MATCH, holds=True, uncovered=tuple(uncovered), unbound=weighed.unbound)


def _stores(survey: Survey) -> tuple[Span, ...]:
    """Where the manifest lies, as narrow as the container knows it."""
    return survey.manifest_spans if survey.store_span is None else (survey.store_span,)


def _beyond(survey: Survey, spans: list[Span]) -> Iterator[str]:
    """Bytes that the manifest's block claims and that were hashed as something else.

    The length of the block lies where the hash does not reach: made longer, it takes what follows
    out of the picture. One zero byte may be what ends the block, or fills it up.
    """
    stores = _stores(survey)
    starts = {end: start for start, end in stores}
    for start, end in outside(stores, spans):
        tail = survey.data[start:end]
        if starts.get(end, start) < start and not (len(tail) == 1 and tail[0] == 0):
            yield f"{end - start:,} bytes at {start:,} (claimed by the block of the manifest)"


def _exposed(container: Container, survey: Survey, spans: list[Span]) -> Iterator[str]:
    """What is shown and lies, by the file's own offsets, within the manifest."""
    pointed = list(container.pointed(survey))
    if not pointed:
        return
    elsewhere = list(complement(_stores(survey), sys.maxsize))
    hashed = complement(spans, len(survey.data))
    shown = outside(outside(pointed, elsewhere), hashed)
    for start, end in islice(shown, _MOST_EXPOSED):
        yield f"{end - start:,} bytes at {start:,} (shown by the file's own offsets)"


def _grown(spans: list[Span], survey: Survey) -> list[Span]:
    """`spans` with the store's place as it is now, and what follows it moved along."""
    for number, (start, end) in enumerate(spans):
        for place in (*_stores(survey), *survey.manifest_spans):
            if place[0] == start:
                growth = place[1] - end
                moved = [(first + growth, last + growth) for first, last in spans[number + 1 :]]
                return [*spans[:number], place, *moved]
    return spans
