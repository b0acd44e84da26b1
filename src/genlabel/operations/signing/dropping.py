"""Traces of generators: left out before a file is labelled where that is wanted, told where not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from genlabel.formats.essence import same_essence
from genlabel.formats.format import EXIF, IIM, XMP, Container, Slot, SlotKind, Survey
from genlabel.formats.slots import further_exif, text_slot
from genlabel.formats.tiff import directories
from genlabel.metadata import generator_notes, generator_removal
from genlabel.metadata.generator_notes import ALL, Note
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata
from genlabel.model.escape import quoted
from genlabel.model.report import Finding, Severity
from genlabel.operations.signing import evidence
from genlabel.operations.verify import Examination
from genlabel.storage.buffers import joined

_TIFF = "tiff"
_MAX_SHOWN = 80
"""Most characters of a text that a finding quotes."""
_SAME = 100
"""First characters of a text by which it is known again."""
_MAX_LISTED = 200
"""Most characters of a text that a result lists as gone: a workflow may have megabytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A file without some of the traces in it."""

    examination: Examination
    """As the file was examined, with the bytes and the survey that it has now."""
    words: tuple[str, ...]
    """What went, as `SignReport.replaced` lists it."""
    findings: tuple[Finding, ...]
    """On what is left."""


def dropped(before: Examination, names: Collection[str]) -> Dropped:
    """The file without the traces of the generators called `names`; its picture stays.

    Raises `MalformedMetadata` where one of them cannot be taken out.
    """
    texts = _texts(before.container, before.survey)
    notes = generator_notes.found(texts)
    wanted = [
        each
        for each in notes
        if is_wanted(each, names) and _is_in_reach(each.slot, before.container)
    ]
    staying = [*(each for each in notes if each not in wanted), *_elsewhere(before, notes)]
    for each in staying:
        if is_wanted(each, names):
            raise _stuck(each, before)
    findings = tuple(_kept(iter(staying)))
    if not wanted:
        return Dropped(examination=before, words=(), findings=findings)
    changes = generator_removal.without(texts, wanted)
    data = _rewritten(before, changes, wanted)
    survey = before.container.survey(data)
    left = [
        each for each in generator_notes.found(_texts(before.container, survey)) if each in wanted
    ]
    if left or not same_essence(before.container, before.survey, survey):
        raise _stuck(left[0] if left else wanted[0], before)
    return Dropped(
        examination=replace(
            before, survey=survey, asset=before.asset.holding(data, before.asset.manifest)
        ),
        words=tuple(f"{each.where}: {_cut(each.text)!r}" for each in wanted),
        findings=findings,
    )


def _is_in_reach(slot: Slot, container: Container) -> bool:
    """Can the format give the slot another payload? Of texts it is tried."""
    if slot.kind is SlotKind.TEXT:
        return True
    return slot in container.slots | container.written


def is_wanted(note: Note, names: Collection[str]) -> bool:
    """Is it one of those that shall go?"""
    return ALL in names or note.family in names


def are_left(examination: Examination, names: Collection[str]) -> bool:
    """Is there one in the file that shall go?"""
    if not names:
        return False
    notes = generator_notes.found(_texts(examination.container, examination.survey))
    return any(is_wanted(each, names) for each in (*notes, *_elsewhere(examination, notes)))


def _texts(container: Container, survey: Survey) -> dict[Slot, bytes]:
    """Where texts may be taken out: the payloads, further Exif blocks, a film's boxes."""
    further = survey.further.get(EXIF, ())
    blocks = {further_exif(number): block for number, block in enumerate(further, 2)}
    return {**survey.payloads, **blocks, **container.texts(survey)}


def _elsewhere(examination: Examination, notes: Sequence[Note]) -> Iterator[Note]:
    """What generators left in places that nothing is taken out of, such as a second packet."""
    for place, texts in evidence.left(examination):
        for where, text in texts:
            if any(text[:_SAME] in each.text for each in notes):
                continue
            slot = text_slot(where.partition(" ")[2])
            family = next((n.family for n in generator_notes.found({slot: text.encode()})), ALL)
            yield Note(where=f"{where}{place}", family=family, text=text, slot=slot)


def _stuck(note: Note, before: Examination) -> MalformedMetadata:
    return MalformedMetadata(
        f"{note.where}: cannot be taken out of a {before.container.name} file",
        remedy="remove it with another program, or leave it in",
    )


def _rewritten(
    before: Examination, changes: generator_removal.Changes, notes: Collection[Note]
) -> bytes | memoryview:
    """The file with the payloads changed; in a TIFF file no byte of the old texts stays behind."""
    data = joined(before.container.rewrite(before.survey, changes))
    if before.container.name != _TIFF:
        return data
    old, blank = before.survey.data, bytearray(data)
    tags = [each.tag for each in notes if each.tag is not None]
    gone = generator_removal.spans(directories.opened(old), tags) if EXIF in changes else []
    for slot in (XMP, IIM):
        if slot in changes:
            payload = before.survey.payloads[slot]
            at = blank.find(payload)  # what is new stands behind what was there
            gone += [(at, at + len(payload))] if at >= 0 else []
    for start, end in gone:
        if blank[start:end] == old[start:end]:
            blank[start:end] = bytes(end - start)
    return bytes(blank)


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_LISTED else f"{text[: _MAX_LISTED - 1]}…"


def _kept(notes: Iterator[Note]) -> Iterator[Finding]:
    """That the traces of a generator stay, one finding for each."""
    families: dict[str, list[Note]] = {}
    for each in notes:
        families.setdefault(each.family, []).append(each)
    for family, several in families.items():
        writer = "a generator" if family == ALL else family
        where = ", ".join(dict.fromkeys(each.where for each in several[:4]))
        yield Finding(
            "genlabel.trace.kept",
            severity=Severity.NOTE,
            where=where if where.isprintable() else "text",
            explanation=f"what {writer} wrote stays in the file and becomes public: "
            f"{quoted(several[0].text, limit=_MAX_SHOWN)}; --drop-traces {family} leaves it out",
        )
