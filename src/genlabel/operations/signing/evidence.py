"""What a picture says, in any place, against a label that says less of models and algorithms.

Source types of manifests and of XMP, in the file and beside it; names of AI systems; traces of
generators; credentials that say it in words only. All of it is other people's text, from which
nothing is concluded: it is put before whoever signs, who may overrule it in words that are signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from genlabel.manifests.store import manifest_store
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.validation import actions, metadata_assertions, statement_view
from genlabel.metadata import generator_signs
from genlabel.model.errors import LabelError
from genlabel.model.escape import quoted
from genlabel.model.label import Label, SettledLabel
from genlabel.model.report import Mark
from genlabel.model.vocabulary import DigitalSourceType, strength_of
from genlabel.operations.verify import Examination
from genlabel.policies import generators

_MAX_SHOWN = 4
"""Most pieces that a refusal and a record quote."""


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
    )
    return tuple(dict.fromkeys(evidence))


def of_elements(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """What counts of an element: a composite may well have parts that an algorithm drew."""
    generative = DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA.strength
    return tuple(each for each in evidence if each.strength >= generative)


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
        places = dict.fromkeys(each.where for _, each in against[:_MAX_SHOWN])
        return SettledLabel.of(label, overruled=overrule, overruled_places=", ".join(places))
    shown = "; ".join(f"{name}: {each}" for name, each in against[:_MAX_SHOWN])
    raise LabelError(
        f"{shown}: so it cannot be labelled {label.marked_source_type.code}",
        remedy="label it as generated, or as edited over its labelled original (--parent); if the "
        'file is wrong, say why with --overrule "reason", which is signed',
    )


def _signed(examination: Examination) -> Iterator[Evidence]:
    beside = examination.asset.manifest
    for store, where in (
        (examination.store, "manifest"),
        (beside if examination.external is None else None, "manifest in a sidecar"),
    ):
        document = _document(store) if store is not None else {}
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


def _in_words(action: Mapping[str, Any], where: str) -> Iterator[Evidence]:
    """What an action without source type says in words that are known."""
    if action.get("digitalSourceType"):
        return
    agent = action.get("softwareAgent")
    name = actions.string(agent.get("name") if isinstance(agent, dict) else agent)
    description = actions.string(action.get("description"))
    generator = generators.worded(name, description)
    made = action.get("action") == "c2pa.created" and name and generator_signs.is_generator(name)
    if generator is None and not made:
        return
    words = "; ".join(each for each in (name, description) if each)
    yield _generative(f"{where} {_plain(str(action.get('action')))}", words)


def _claimed(examination: Examination) -> Iterator[Evidence]:
    for claim in examination.claims.source_types:
        strength = strength_of(claim.source_type)
        if strength:
            where = "XMP in a sidecar" if claim.beside else claim.where
            yield Evidence(where=where, says=quoted(claim.source_type), strength=strength)


def _system_used(examination: Examination) -> Iterator[Evidence]:
    """The AI system that XMP names, where no source type stands beside it."""
    said = examination.report.marks.get(Mark.IPTC)
    if said is not None and said.generator and not said.source_type:
        yield _generative("iptc AISystemUsed", said.generator)


def _traces(examination: Examination) -> Iterator[Evidence]:
    for trace in generator_signs.left_in(examination.survey.payloads)[:_MAX_SHOWN]:
        yield _generative(trace.where if trace.where.isprintable() else "text", trace.value)


def _generative(where: str, words: str) -> Evidence:
    strength = DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA.strength
    return Evidence(where=where, says=quoted(words[:80]), strength=strength)


def _plain(action: str) -> str:
    """The name of an action, which may be anything, in a form that can be recorded."""
    return action if action.replace(".", "").replace("_", "").isalnum() and len(action) < 64 else ""
