"""A label filled from what a picture's credential and its generator's traces state, on request.

In this order: the signed history, IPTC's AI properties, generators' own texts. Nothing that the
label says itself is changed, and what is taken is told with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from genlabel.formats.format import EXIF
from genlabel.manifests.validation import actions
from genlabel.metadata import trace_facts
from genlabel.metadata.trace_facts import Facts, word
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import LabelError
from genlabel.model.escape import quoted
from genlabel.model.expression import expression
from genlabel.model.inputs import Input, InputKind, WrittenAs
from genlabel.model.label import Label
from genlabel.model.parties import Generator
from genlabel.model.report import NOTHING, Finding, Mark, Severity
from genlabel.model.vocabulary import OF_A_MODEL
from genlabel.operations.sign_options import SignOptions
from genlabel.operations.verify import Examination

_FIREFLY_VERSION = "com.adobe.firefly.version"
_PROVIDERS = (
    (expression(r"adobe|firefly", re.IGNORECASE), "Adobe"),
    (expression(r"chatgpt|gpt-|dall|sora\b|openai", re.IGNORECASE), "OpenAI"),
    (expression(r"google|gemini|imagen", re.IGNORECASE), "Google"),
    (expression(r"midjourney", re.IGNORECASE), "Midjourney"),
    (expression(r"flux|black forest", re.IGNORECASE), "Black Forest Labs"),
)
"""Whose a system is by its name in a credential, which names no company."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A label, and what was taken for it."""

    label: Label
    taken: tuple[str, ...] = ()
    """Field, value and place, e.g. ``generator 'ComfyUI' from text prompt``."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The same as a note."""
        return tuple(
            Finding("genlabel.trace.taken", severity=Severity.NOTE, explanation=f"taken: {each}")
            for each in self.taken
        )


def filled(label: Label, before: Examination, options: SignOptions) -> Filled:
    """`label` with the generator and the prompt that the picture states, where that is asked.

    What the label says itself stays, and one that says of no model takes nothing.
    """
    asked = options.using_traces or options.prompt_from_traces
    if not asked or not label.source_type.generative:
        return Filled(label=label)
    facts = tuple(_stated(before))
    taken: list[str] = []
    if options.using_traces and label.generator is None and facts:
        first = facts[0]
        where = _printable(first.where)
        label = replace(
            label,
            generator=Generator(first.system, version=first.version, provider=first.provider),
        )
        for name in ("system", "version", "provider"):
            if (value := getattr(first, name)) is not None:
                taken.append(f"{name} {quoted(value)} from {where}")
    prompted = _prompted(label, facts, options.prompt_as) if options.prompt_from_traces else None
    if prompted is not None:
        label, where = prompted
        taken.append(f"prompt, as {options.prompt_as.value}, from {_printable(where)}")
    return Filled(label=label, taken=tuple(taken))


def _prompted(label: Label, facts: Iterable[Facts], written: WrittenAs) -> tuple[Label, str] | None:
    """The label with the first prompt that a label may hold, and its place; None without one."""
    if label.prompt is not None or any(each.kind is InputKind.PROMPT for each in label.inputs):
        return None
    for each in facts:
        if each.prompt is None or each.prompt_where is None:
            continue
        try:
            if written is WrittenAs.TEXT:
                return replace(label, prompt=each.prompt), each.prompt_where
            hashed = Input(kind=InputKind.PROMPT, text=each.prompt, as_=written)
            return replace(label, inputs=(*label.inputs, hashed)), each.prompt_where
        except LabelError:  # control characters, or longer than a label's texts
            continue
    return None


def _printable(where: str) -> str:
    return where if where.isprintable() else "text"


def _stated(before: Examination) -> Iterator[Facts]:
    """All that the picture states, the strongest places first."""
    yield from _signed(before)
    said = before.report.marks.get(Mark.IPTC, NOTHING)
    if system := word(said.generator):
        version = word(said.generator_version)
        yield Facts(
            system=system, version=version, provider=_provider(system), where="iptc AISystemUsed"
        )
    survey = before.survey
    yield from trace_facts.read({**survey.payloads, **before.container.texts(survey)})
    for block in survey.further.get(EXIF, ()):
        yield from trace_facts.read({EXIF: block})


def _signed(before: Examination) -> Iterator[Facts]:
    """What made the picture by its manifests: the agent of its strongest generative action."""
    document = before.reading.document or {}
    statements = [each for each in actions.statements(document) if each.strength == OF_A_MODEL]
    strongest = actions.strongest(tuple(statements))
    if strongest is None:
        return
    manifest = actions.manifests(document).get(strongest.manifest_id, {})
    system = word(strongest.agent) or _claim_generator(manifest)
    if system is None:
        return
    versions = (
        word(actions.parameter(action, _FIREFLY_VERSION)) for action, _ in actions.actions(manifest)
    )
    yield Facts(
        system=system,
        version=word(strongest.agent_version) or next(filter(None, versions), None),
        provider=word(strongest.agent_provider) or _provider(system),
        where=f"manifest {strongest.action}",
    )


def _claim_generator(manifest: object) -> str | None:
    listed = manifest.get("claim_generator_info") if isinstance(manifest, dict) else None
    first = listed[0] if isinstance(listed, list) and listed else None
    name = word(first.get("name")) if isinstance(first, dict) else None
    if name is None or "c2pa" not in name.lower():
        return name
    provider = _provider(name)  # a library that signs is no system that generates
    return f"{provider} AI" if provider else None


def _provider(system: str) -> str | None:
    return next((name for sign, name in _PROVIDERS if sign.search(system)), None)
