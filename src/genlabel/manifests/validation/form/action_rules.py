"""The rules of actions (C2PA 2.4 §15.10.3.2.3, §18.15); claims of version 1 had none of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from genlabel.manifests.store.ancestry import ASSERTIONS
from genlabel.manifests.store.cbor_value import untagged
from genlabel.manifests.validation.form.subject import (
    ACTIONS,
    Breach,
    Subject,
    at,
    name_of,
    subject_of,
    text,
)

INGREDIENT = "c2pa.ingredient"
_BEGINNINGS = ("c2pa.created", "c2pa.opened")
_RELATIONSHIPS = {
    "c2pa.opened": "parentOf",
    "c2pa.placed": "componentOf",
    "c2pa.removed": "componentOf",
    "c2pa.transcoded": "parentOf",
    "c2pa.repackaged": "parentOf",
}
_NEEDING = ("c2pa.opened", "c2pa.placed", "c2pa.removed")
_SOFT_BINDING = "c2pa.soft-binding"
_SOURCE_TYPE = "digitalSourceType"
_LANGUAGES = ("sourceLanguage", "targetLanguage")


def _bound(subject: Subject) -> bool:
    return subject.claim is not None and subject.version == 2


def shaped(subject: Subject) -> Iterator[Breach]:
    """§18.15: an actions assertion lists actions, and each has its name."""
    if not _bound(subject):
        return
    for label, value in subject.named(ACTIONS):
        listed = value.get("actions") if isinstance(value, dict) else None
        if not isinstance(listed, list) or not listed:
            yield Breach(at(label), "an actions assertion without actions")
        elif not all(isinstance(each, dict) and text(each.get("action")) for each in listed):
            yield Breach(at(label), "an action without its name")
        elif not all(text(untagged(each.get(_SOURCE_TYPE, "-"))) for each in listed):
            yield Breach(at(label), "an action whose source type is no text")


def beginning(subject: Subject) -> Iterator[Breach]:
    """§18.15.2: a standard manifest's first action says how all began, and no other one does."""
    if not _bound(subject) or subject.manifest.is_update:
        return
    labels = [label for label in subject.named_in_claim if name_of(label) == ACTIONS]
    if not labels:
        yield Breach((), "no action says how it began: there are none")
        return
    if any(subject.value(label) is None for label in labels):
        return  # what cannot be read is told, and what it says is not known
    actions = subject.actions
    first = (labels[0], 0)
    if not any((each.label, each.number) == first for each in actions):
        return  # `shaped` says so
    for each in actions:
        begins, is_first = each.name in _BEGINNINGS, (each.label, each.number) == first
        if is_first and not begins:
            yield Breach(at(each.label), "the first action is neither c2pa.created nor c2pa.opened")
        elif begins and not is_first:
            yield Breach(at(each.label), f"{each.name} is not the first action")


def ingredients(subject: Subject) -> Iterator[Breach]:
    """What was opened, placed or removed is named, and is an ingredient of the right kind."""
    for each in subject.actions:
        wanted = _RELATIONSHIPS.get(each.name)
        if wanted is None:
            continue
        named = _named_ingredients(each.parameters)
        if not named and each.name in _NEEDING:
            yield Breach(at(each.label), f"{each.name} names no ingredient")
        elif each.name == "c2pa.opened" and len(named) > 1:
            yield Breach(at(each.label), "c2pa.opened names more than one ingredient")
        elif not all(_relates(subject, reference, wanted) for reference in named):
            yield Breach(at(each.label), f"{each.name} names something that is not {wanted}")


def _named_ingredients(parameters: Mapping[str, Any]) -> list[Any]:
    several = parameters.get("ingredients")
    if isinstance(several, list):
        return several
    single = parameters.get("ingredient")  # until 2.0
    return [] if single is None else [single]


def _relates(subject: Subject, reference: object, wanted: str) -> bool:
    label = subject.label_of(reference)
    if label is None or name_of(label) != INGREDIENT:
        return False
    value = subject.value(label)
    if value is None:
        return label in subject.listed or subject.gone(label)  # not readable: told as that
    return isinstance(value, dict) and value.get("relationship") == wanted


def related(subject: Subject) -> Iterator[Breach]:
    """§18.15: related assertions are some, are there, and are neither actions nor ingredients."""
    for each in subject.actions:
        if "relatedAssertions" not in each.parameters:
            continue
        listed = each.parameters["relatedAssertions"]
        if not isinstance(listed, list) or not listed:
            yield Breach(at(each.label), "relatedAssertions without any")
            continue
        labels = [subject.label_of(reference) for reference in listed]
        if not all(label is not None and _is_there(subject, label) for label in labels):
            yield Breach(at(each.label), "relatedAssertions name what is not there")
        elif any(name_of(str(label)) in (ACTIONS, INGREDIENT) for label in labels):
            yield Breach(at(each.label), "relatedAssertions name actions or an ingredient")


def _is_there(subject: Subject, label: str) -> bool:
    return label in subject.listed or subject.gone(label)


def languages(subject: Subject) -> Iterator[Breach]:
    """§18.15.4.7: a translation says from which language into which."""
    for each in subject.actions:
        if each.name != "c2pa.translated":
            continue
        if not all(text(each.parameters.get(name)) for name in _LANGUAGES):
            yield Breach(at(each.label), "c2pa.translated without its languages")


def soft_binding(subject: Subject) -> Iterator[Breach]:
    """A watermark that is bound has the soft binding that finds it again."""
    if any(name_of(label) == _SOFT_BINDING for label in subject.listed):
        return
    for each in subject.actions:
        if each.name == "c2pa.watermarked.bound":
            yield Breach(at(each.label), f"{each.name}, and there is no soft binding")


def redactions(subject: Subject) -> Iterator[Breach]:
    """What was redacted is named by the JUMBF URI of an assertion."""
    listed: dict[str, Mapping[str, bool]] = {}
    for each in subject.actions:
        if each.name != "c2pa.redacted":
            continue
        inside, path = subject.store.place(each.parameters.get("redacted"), subject.manifest)
        if inside is None or len(path) != 2 or path[0] != ASSERTIONS:
            yield Breach(at(each.label), "c2pa.redacted does not say what was redacted")
            continue
        if inside.label not in listed:
            listed[inside.label] = subject_of(subject.store, inside).named_in_claim
        if path[1] not in listed[inside.label]:
            yield Breach(at(each.label), "c2pa.redacted names what its manifest never listed")
