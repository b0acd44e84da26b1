"""What a picture says, in any place, against a label that says less of models and algorithms.

Source types of manifests and of XMP, in the file and beside it; names of AI systems; traces of
generators; credentials that say it in words only. All of it is other people's text, from which
nothing is concluded: it is put before whoever signs, who may overrule it in words that are signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from genlabel.formats.slots import EXIF, XMP
from genlabel.manifests.store import manifest_store
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.validation import actions, metadata_assertions, statement_view
from genlabel.metadata import every_text, generator_signs, iptc
from genlabel.model import step_rules
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import LabelError, MalformedMetadata
from genlabel.model.escape import quoted
from genlabel.model.expression import expression
from genlabel.model.label import Label, SettledLabel
from genlabel.model.report import NOTHING, Declaration, Mark
from genlabel.model.vocabulary import (
    DigitalSourceType,
    strength_of,
    strength_within,
    strongest,
)
from genlabel.operations.contradictions import generator_at_work
from genlabel.operations.verify import Examination
from genlabel.policies import generators

_ADDRESS = expression(
    rb"http://(?:cv\.iptc\.org/newscodes/digitalsourcetype|c2pa\.org/digitalsourcetype)/[A-Za-z]{1,64}"
)
_JOINTS = str.maketrans("", "", "._-")
_MAX_CODES = 64
"""Most different source types of one ruin that are looked at."""
_MAX_QUOTED = 80
"""Most characters of a text that a refusal quotes."""
_MAX_SHOWN = 4
"""Most pieces that a refusal and a record quote."""


Texts = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""Texts, each with its place, by what is told behind that, such as `` in block 2``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that a picture says about how it came to be."""

    where: str
    """The place in the file, in our own words."""
    says: str
    """What stands there, quoted."""
    strength: int
    """As `DigitalSourceType.strength` has it; a generator's trace is as strong as a generator."""

    def __str__(self) -> str:
        return f"{self.where} says {self.says}"


def found(examination: Examination) -> tuple[Evidence, ...]:
    """All that a picture and what lies beside it say, each once, strongest places first."""
    evidence = (
        *_signed(examination),
        *_claimed(examination),
        *_system_used(examination),
        *_traces(examination),
        *of_elements(_of_pictures(examination)),
    )
    return tuple(dict.fromkeys(evidence))


def of_elements(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """What counts of an element: a composite may well have parts that an algorithm drew."""
    generative = DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA.strength
    return tuple(each for each in evidence if each.strength >= generative)


def says_most(label: Label) -> bool:
    """Does the label say as much as any evidence could?"""
    return label.marked_source_type.strength >= DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA.strength


def weighed(
    label: Label, pictures: Iterable[tuple[str, Iterable[Evidence]]], *, overrule: str | None
) -> Label:
    """`label`, if nothing in the `pictures`, each with its name, says more than it says.

    With the reason `overrule` the label stands against them and has it recorded. Raises
    `LabelError` with the evidence.
    """
    least = label.marked_source_type.strength
    everything = dict.fromkeys((name, each) for name, evidence in pictures for each in evidence)
    against = [(name, each) for name, each in everything if each.strength > least]
    if not against:
        return label
    if overrule is not None:
        step_rules.refuse_names(label, "overrule", (overrule,))
        places = dict.fromkeys(each.where for _, each in against[:_MAX_SHOWN])
        return SettledLabel.of(label, overruled=overrule, overruled_places=", ".join(places))
    shown = "; ".join(f"{name}: {each}" for name, each in against[:_MAX_SHOWN])
    raise LabelError(
        f"{shown}: so it cannot be labelled {label.marked_source_type.code}",
        remedy="label it as generated, or as edited over its labelled original (--parent); if the "
        'file is wrong, say why with --overrule "reason", which is signed',
    )


def _signed(examination: Examination) -> Iterator[Evidence]:
    beside, read = examination.asset.manifest, examination.reading.stated
    for store, where, known in (
        (examination.store, "manifest", read),
        (beside if examination.external is None else None, "manifest in a sidecar", {}),
        (examination.asset.other_store, "manifest in a second sidecar", {}),
    ):
        if store is None:
            continue
        document = known or _document(store)
        if not document:
            yield from _in_ruins(store, where)
        for statement in actions.statements(document):
            if statement.strength:
                yield Evidence(
                    where=f"{where} {_plain(statement.action)}",
                    says=quoted(statement.code),
                    strength=statement.strength,
                )
        for manifest in actions.manifests(document).values():
            for action, _ in actions.actions(manifest):
                yield from _in_words(action, where)
            for label, data, _ in actions.assertions(manifest):
                if label.partition("__")[0] in generators.ASSERTIONS:
                    said = actions.string(data.get("description")) or label
                    yield _generative(f"{where} {_plain(label)}".rstrip(), said)


def _document(store: bytes) -> Mapping[str, Any]:
    """All manifests of a store, whatever the engine makes of it; nothing where none is readable."""
    try:
        read = manifest_store.read(store)
    except Unreadable:
        return {}
    view = statement_view.of(read, None)
    return metadata_assertions.in_document(
        view, read, lambda each: metadata_assertions.of(each, read)
    )


def _in_ruins(store: bytes, where: str) -> Iterator[Evidence]:
    """The strongest source type that stands in a store of which no manifest can be read."""
    said = {match[0].decode("ascii") for match in _ADDRESS.finditer(store)}
    text = strongest(sorted(said)[:_MAX_CODES])
    if strength := strength_of(text):
        yield Evidence(where=f"{where} that cannot be read", says=quoted(text), strength=strength)


def _in_words(action: Mapping[str, Any], where: str) -> Iterator[Evidence]:
    """What an action without source type says in words that are known."""
    if action.get("digitalSourceType"):
        return
    agent = action.get("softwareAgent")
    name = actions.string(agent.get("name") if isinstance(agent, dict) else agent)
    description = actions.string(action.get("description"))
    generator = generators.worded(name, description)
    if generator is None and generator_at_work(action) is None:
        return
    words = "; ".join(each for each in (name, description) if each)
    yield _generative(f"{where} {_plain(str(action.get('action')))}", words)


def _claimed(examination: Examination) -> Iterator[Evidence]:
    for claim in examination.claims.source_types:
        strength = strength_within(claim.source_type)
        if strength:
            where = "XMP in a sidecar" if claim.beside else claim.where
            yield Evidence(where=where, says=quoted(claim.source_type), strength=strength)


def _of_a_model(said: Declaration) -> Iterator[tuple[str, str]]:
    """IPTC's four properties of AI, with their texts."""
    for name, text in (
        ("AISystemUsed", said.generator),
        ("AISystemVersionUsed", said.generator_version),
        ("AIPromptInformation", said.prompt),
        ("AIPromptWriterName", said.prompt_writer),
    ):
        if text:
            yield name, text


def _system_used(examination: Examination) -> Iterator[Evidence]:
    """The AI system and the prompt that XMP names, where no source type stands beside them."""
    spoken = [("", examination.report.marks.get(Mark.IPTC, NOTHING))]
    for place, data in examination.claims.others:
        with suppress(MalformedMetadata):
            spoken.append((f" in {place}", iptc.read({XMP: data})))
    for place, said in spoken:
        if said.source_type:
            continue
        for name, text in _of_a_model(said):
            yield _generative(f"iptc {name}{place}", text)


def _traces(examination: Examination) -> Iterator[Evidence]:
    for place, texts in left(examination):
        for where, text in texts[:_MAX_SHOWN]:
            shown = generator_signs.passage(text, _MAX_QUOTED)
            yield _generative(f"{where if where.isprintable() else 'text'}{place}", shown)


def left(examination: Examination) -> Texts:
    """What generators left in the file and beside it; looked for once in all its texts."""
    known: Texts | None = vars(examination).get("left")
    if known is None:
        told = ((place, generator_signs.telling(each)) for place, each in _words(examination))
        known = vars(examination)["left"] = tuple((place, tuple(each)) for place, each in told)
    return known


def _words(examination: Examination) -> Iterator[tuple[str, every_text.Words]]:
    """Every text that may be a generator's, of the file and of what lies beside it, by the place
    that is told behind each."""
    survey, container = examination.survey, examination.container
    tiff = survey.data if container.name == "tiff" else None
    yield "", every_text.in_payloads(generator_signs.telling_blocks(container, survey), tiff)
    for place, data in examination.claims.others:
        if generator_signs.may_stand_in(data):
            yield f" in {place}", every_text.in_packets([data])
    for number, block in enumerate(survey.further.get(EXIF, ()), 2):
        if generator_signs.may_stand_in(block):
            yield f" in block {number}", every_text.in_exif({EXIF: block})


def _of_pictures(examination: Examination) -> Iterator[Evidence]:
    """What the pictures in a document say: it is put together from them."""
    for place, payloads in examination.container.pictured(examination.survey):
        with suppress(MalformedMetadata):
            for text in iptc.packet_says(payloads.get(XMP, b""))[0][:_MAX_CODES]:
                strength = strength_within(text)
                yield Evidence(where=f"iptc in {place}", says=quoted(text), strength=strength)
        if any(map(generator_signs.may_stand_in, payloads.values())):
            for where, text in generator_signs.telling(every_text.in_payloads(payloads)):
                shown = generator_signs.passage(text, _MAX_QUOTED)
                yield _generative(f"{where} in {place}", shown)


def _generative(where: str, words: str) -> Evidence:
    strength = DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA.strength
    return Evidence(where=where, says=quoted(words[: _MAX_QUOTED + 1]), strength=strength)


def _plain(action: str) -> str:
    """The name of an action, which may be anything, in a form that can be recorded."""
    return action if action.translate(_JOINTS).isalnum() and len(action) < 64 else ""
