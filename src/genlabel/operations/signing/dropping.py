"""Traces of generators: left out before a file is labelled where that is wanted, told where not."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import replace

from genlabel.formats.essence import same_essence
from genlabel.formats.format import EXIF, EXTENDED_XMP, XMP, Container, Slot, Survey
from genlabel.formats.slots import text_slot
from genlabel.formats.tiff import directories
from genlabel.metadata import generator_notes, generator_removal, iim
from genlabel.metadata.generator_notes import ALL, Note
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata
from genlabel.model.escape import quoted
from genlabel.model.report import Finding, Severity
from genlabel.operations.verify import Examination
from genlabel.storage.buffers import joined

_MAX_SHOWN = 80
"""Most characters of a text that a finding quotes."""
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
    notes = generator_notes.found(_texts(before.container, before.survey))
    wanted = [each for each in notes if is_wanted(each, names)]
    staying = [*(each for each in notes if each not in wanted), *_elsewhere(before.survey)]
    for each in staying:
        if is_wanted(each, names):
            raise _stuck(each, before)
    findings = tuple(_kept(iter(staying)))
    if not wanted:
        return Dropped(examination=before, words=(), findings=findings)
    changes = generator_removal.without(before.survey.payloads, wanted)
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


def is_wanted(note: Note, names: Collection[str]) -> bool:
    """Is it one of those that shall go?"""
    return ALL in names or note.family in names


def are_left(examination: Examination, names: Collection[str]) -> bool:
    """Is there one in the file that shall go?"""
    if not names:
        return False
    notes = generator_notes.found(_texts(examination.container, examination.survey))
    return any(is_wanted(each, names) for each in (*notes, *_elsewhere(examination.survey)))


def _texts(container: Container, survey: Survey) -> dict[Slot, bytes]:
    """Where texts may be taken out: the payloads, and a film's boxes."""
    return {**survey.payloads, **container.texts(survey)}


def _elsewhere(survey: Survey) -> Iterator[Note]:
    """The traces in Exif behind the first block, in ExtendedXMP and in IIM, which stay."""
    with suppress(MalformedMetadata):  # the mark's finding
        for where, text in iim.words(survey.payloads):
            for each in generator_notes.found({text_slot(where): text.encode()}):
                yield replace(each, where=where)
    if EXTENDED_XMP in survey.payloads:
        for each in generator_notes.found({XMP: survey.payloads[EXTENDED_XMP]}):
            yield replace(each, where=f"{each.where} in ExtendedXMP")
    for number, block in enumerate(survey.further.get(EXIF, ()), 2):
        for each in generator_notes.found({EXIF: block}):
            yield replace(each, where=f"{each.where} in block {number}")


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
    tags = [each.tag for each in notes if each.tag is not None]
    if before.container.name != "tiff" or EXIF not in changes:
        return data
    blank = bytearray(data)
    for start, end in generator_removal.spans(directories.opened(before.survey.data), tags):
        if blank[start:end] == before.survey.data[start:end]:
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
