"""Traces of generators: left out before a file is labelled where that is wanted, told where not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from genlabel.formats.essence import same_essence
from genlabel.formats.format import EXIF, IIM, XMP, Container, Slot, SlotKind, Survey
from genlabel.formats.slots import further_exif, text_slot
from genlabel.formats.tiff import directories
from genlabel.metadata import every_text, generator_notes, generator_removal, generator_signs
from genlabel.metadata.generator_notes import ALL, Note
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata
from genlabel.model.escape import quoted
from genlabel.model.report import Finding, Severity
from genlabel.operations.signing import evidence, packets
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
    container = before.container
    payloads, given_up = _united(before, names)
    texts = _texts(container, before.survey, payloads)
    notes = generator_notes.found(texts)
    wanted = [e for e in notes if is_wanted(e, names) and _is_in_reach(e.slot, container)]
    overruled = _overruled(before, payloads) if given_up else ()
    elsewhere = [each for each in _elsewhere(before, notes) if each.where not in overruled]
    staying = [*(each for each in notes if each not in wanted), *elsewhere]
    for each in staying:
        if is_wanted(each, names):
            raise _stuck(each, before)
    findings = tuple(_kept(iter(staying)))
    if not wanted and not overruled:
        return Dropped(examination=before, words=(), findings=findings)
    changes = dict(generator_removal.without(texts, wanted))
    if overruled:
        changes.setdefault(XMP, payloads[XMP])
    survey = _without_texts(before, changes)
    own = container.texts(before.survey)  # others may have their numbers now
    changes = {slot: each for slot, each in changes.items() if slot not in own}
    after = container.survey(_rewritten(container, survey, changes, wanted)) if changes else survey
    left = next(_left(container, after, names), None)
    if left is not None or not same_essence(container, survey, after):
        raise _stuck(left or wanted[0], before)
    words = [f"{each.where}: {_cut(each.text)!r}" for each in wanted]
    return Dropped(
        examination=replace(
            before, survey=after, asset=before.asset.holding(after.data, before.asset.manifest)
        ),
        words=(*words, *(given_up if XMP in changes else ())),
        findings=findings,
    )


def _united(
    before: Examination, names: Collection[str]
) -> tuple[Mapping[Slot, bytes], tuple[str, ...]]:
    """The payloads with what further XMP packets say, where something may have to go: those are
    taken out with the main one, in whose place one stands for all.
    """
    if names and before.claims.others:
        return packets.united(before)
    return before.survey.payloads, ()


def _overruled(before: Examination, payloads: Mapping[Slot, bytes]) -> frozenset[str]:
    """Where the main packet has texts of generators instead of which another packet speaks."""
    kept = {text for _, text in every_text.in_packets([payloads[XMP]])}
    main = generator_signs.telling(every_text.in_packets([before.survey.payloads[XMP]]))
    return frozenset(where for where, text in main if text not in kept)


def _without_texts(before: Examination, changes: generator_removal.Changes) -> Survey:
    """The file without the texts of its own frame among the changes, as far as that can be."""
    container, survey = before.container, before.survey
    gone = container.texts(survey).keys() & changes.keys()
    if not gone:
        return survey
    after = container.survey(joined(container.rewrite(survey, dict.fromkeys(gone))))
    if container.texts_count or same_essence(container, survey, after):
        return after
    return survey


def _left(container: Container, survey: Survey, names: Collection[str]) -> Iterator[Note]:
    """What should have gone and is there still, in a packet of XMP wherever that stands, too."""
    places = [_texts(container, survey, survey.payloads)]
    places += [{XMP: each.data} for each in container.packets(survey)]
    for each in places:
        yield from (note for note in generator_notes.found(each) if is_wanted(note, names))


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
    survey = examination.survey
    notes = generator_notes.found(_texts(examination.container, survey, survey.payloads))
    return any(is_wanted(each, names) for each in (*notes, *_elsewhere(examination, notes)))


def _texts(
    container: Container, survey: Survey, payloads: Mapping[Slot, bytes]
) -> dict[Slot, bytes]:
    """Where texts may be taken out: the payloads, further Exif blocks, texts of the frame."""
    further = survey.further.get(EXIF, ())
    blocks = {further_exif(number): block for number, block in enumerate(further, 2)}
    return {**payloads, **blocks, **container.texts(survey)}


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
    container: Container,
    survey: Survey,
    changes: generator_removal.Changes,
    notes: Collection[Note],
) -> bytes | memoryview:
    """The file with the payloads changed; in a TIFF file no byte of the old texts stays behind."""
    data = joined(container.rewrite(survey, changes))
    if container.name != _TIFF:
        return data
    old, blank = survey.data, bytearray(data)
    tags = [each.tag for each in notes if each.tag is not None]
    gone = generator_removal.spans(directories.opened(old), tags) if EXIF in changes else []
    for slot in (XMP, IIM):
        if slot in changes:
            payload = survey.payloads[slot]
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
