"""Exclusions of a hard binding: does the manifest's hash cover all that is shown?

The engine checks the hash and takes for granted what it leaves out. A signer who left out the
picture could put any other in its place, and it would read Trusted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from genlabel.formats.format import Container, Survey
from genlabel.manifests.store import hard_binding
from genlabel.manifests.validation.validate import Reading
from genlabel.model.errors import MalformedAsset
from genlabel.model.report import Finding, Integrity, Severity
from genlabel.storage.buffers import LARGE

Span = tuple[int, int]

_USUAL = frozenset(
    # C2PA 2.4 §18.7.2 demands the first ones; earlier versions left out offsets, too
    (
        *("/ftyp", "/mfra", "/free", "/skip", "/emsg", "C2PA"),
        *("/mfra/tfra", "/meta/iloc", "/moof/traf/tfhd", "/moof/traf/trun"),
        *("/moov/trak/mdia/minf/stbl/stco", "/moov/trak/mdia/minf/stbl/co64"),
    )
)
"""What lies there, and whether it is shown, the containers know (`Survey.uncovered`)."""
_METADATA = frozenset(
    (
        *("/uuid", "/moov/udta", "/udta", "APP1", "APP13", "COM"),
        *("tEXt", "zTXt", "iTXt", "tIME", "eXIf", "EXIF"),
    )
)
"""Boxes of words about the picture; it shows the same without them."""


def judged(reading: Reading, container: Container, survey: Survey, store: bytes | None) -> Reading:
    """`reading`, broken where the hash of the manifest in `store` leaves out what is shown.

    What it leaves out of the rest, beside the manifest itself, is a warning.
    """
    if reading.integrity is not Integrity.INTACT or store is None:
        return reading
    shown, unshown = list(survey.uncovered), []
    try:
        left = hard_binding.left_out(store, str(reading.manifest_id))
    except ValueError:
        left = hard_binding.LeftOut()
        unshown.append("an unknown part, for the binding is in a form that is not read here")
    for path in left.boxes:
        if path not in _USUAL:
            (unshown if path in _METADATA else shown).append(f"boxes {path}")
    spans = tuple(_outside(left.spans, (*survey.manifest_spans, *survey.length_spans)))
    if spans:
        (shown if _is_shown(container, survey, spans) else unshown).extend(_named(survey, spans))
    if shown:
        finding = Finding(
            "genlabel.manifest.uncovered",
            severity=Severity.ERROR,
            explanation=f"{_listed(shown)}: lies where the manifest's hash does not reach",
        )
        return replace(
            reading,
            integrity=Integrity.BROKEN,
            reason="uncovered",
            findings=(*reading.findings, finding),
        )
    if unshown:
        finding = Finding(
            "genlabel.manifest.exclusions",
            severity=Severity.WARNING,
            explanation=f"the manifest's hash leaves out {_listed(unshown)}: that could be changed "
            "without breaking it",
        )
        return replace(reading, findings=(*reading.findings, finding))
    return reading


def _outside(spans: Iterable[Span], allowed: Iterable[Span]) -> Iterator[Span]:
    """What of `spans` lies outside of `allowed`."""
    inside = sorted(allowed)
    for start, end in spans:
        for first, last in inside:
            if last <= start or first >= end:
                continue
            if start < first:
                yield start, first
            start = last
        if start < end:
            yield start, end


def _is_shown(container: Container, survey: Survey, spans: Iterable[Span]) -> bool:
    """Would another content of `spans` be another picture, or none?

    Of a large file no copy is made to find out: nobody has a good reason to leave more out of one.
    """
    if len(survey.data) >= LARGE:
        return True
    other = bytearray(survey.data)
    for start, end in spans:
        other[start:end] = bytes(each ^ 0xFF for each in other[start:end])
    try:
        changed = container.essence(container.survey(bytes(other)))
        return b"".join(changed) != b"".join(container.essence(survey))
    except MalformedAsset:
        return True


def _named(survey: Survey, spans: Iterable[Span]) -> Iterator[str]:
    for start, end in spans:
        here = [
            block.name
            for block in survey.blocks
            if block.start < end and start < block.start + block.length
        ]
        where = f" ({', '.join(here[:3])}{', …' if len(here) > 3 else ''})" if here else ""
        yield f"{end - start:,} bytes at {start:,}{where}"


def _listed(parts: list[str]) -> str:
    return ", ".join(parts[:5]) + (f" and {len(parts) - 5} more" if len(parts) > 5 else "")
