"""What a picture was made of, by what right, through all ancestors, and what is wrong with it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from genlabel.manifests.validation import actions, training_mining
from genlabel.manifests.validation.reading import Reading
from genlabel.model.dataclass import dataclass
from genlabel.model.escape import quoted
from genlabel.model.expression import expression
from genlabel.model.mining import Permission, understood
from genlabel.model.plus import DataMining
from genlabel.model.report import (
    Finding,
    Integrity,
    Lineage,
    Report,
    Severity,
    Trouble,
    TrustLevel,
)
from genlabel.model.serialise import Result
from genlabel.model.sources import LABEL, SourceLine, SourceRights, Vouched


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sources(Result):
    """What one file says that its picture was made of."""

    KIND: ClassVar[str] = "source-lines"

    path: str | None = None
    sources: tuple[SourceLine, ...] = ()
    findings: tuple[Finding, ...] = ()
    """What is wrong with the right by which they are used."""
    error: Trouble | None = None
    """Why the file could not be read."""

    @property
    def unjudged(self) -> bool:
        """Was there no answer for this file?"""
        return self.error is not None

    def worst(self) -> Severity | None:
        """The gravest severity among the findings."""
        return min(
            (each.severity for each in self.findings), key=lambda each: each.rank, default=None
        )


def told(report: Report, *, path: str | None = None) -> Sources:
    """The part of a report that is about sources."""
    return Sources(
        path=path or report.path,
        sources=report.sources,
        findings=tuple(each for each in report.findings if each.code.startswith(_CODES)),
    )


_CODES = "genlabel.source."
MAX_LINES = 1_000
"""Most lines of one file."""
_RELATIONSHIPS = {"parentOf": "parent", "componentOf": "component", "inputTo": "input"}
_HASH = expression(r"[0-9a-f]{64}")
_REFUSING = frozenset({DataMining.PROHIBITED})
_CONSTRAINING = frozenset(each for each in DataMining if each.refers)


def lines(reading: Reading) -> tuple[SourceLine, ...]:
    """A line an ingredient, of the active manifest first."""
    document = reading.document or {}
    links = list(itertools.islice(actions.walk(document), MAX_LINES))
    if not links:
        return ()
    everything = actions.manifests(document)
    told = {label: _told(manifest) for label, manifest in everything.items()}
    vouching = _vouching(reading)
    listed: list[SourceLine] = []
    for link in links:
        entries = told.get(link.parent_id, {})
        name = actions.string(link.record.get("label"))
        instance = actions.string(link.record.get("instance_id"))
        entry, created = entries.get((name, instance), ({}, True))
        below = everything.get(link.manifest_id or "", {})
        line = _line(link, name, entry, below)
        if link.parent_id in vouching and created:
            line = replace(line, vouched=Vouched.ATTESTED)
        listed.append(line)
    return tuple(listed)


def findings(listed: Iterable[SourceLine], *, today: date | None = None) -> Iterator[Finding]:
    """What is wrong with the right by which sources are used, by their own words."""
    for line in listed:
        today = today or datetime.now(UTC).date()
        where = line.title or line.identifier or line.ingredient
        if line.told and not line.kind and (line.rights is None or line.rights.basis is None):
            yield Finding(
                "genlabel.source.basis-missing",
                severity=Severity.WARNING,
                where=where,
                explanation="nothing says by what right it is used",
            )
        until = _day(line.rights.until) if line.rights is not None else None
        if until is not None and until < today:
            yield Finding(
                "genlabel.source.licence-ended",
                severity=Severity.WARNING,
                where=where,
                explanation=f"its licence ended on {until.isoformat()}",
            )
        refusal = _refusal(line) if line.relationship == "input" and not line.kind else None
        if refusal is not None:
            severity, why = refusal
            yield Finding(
                "genlabel.source.ai-use-refused",
                severity=severity,
                where=where,
                explanation=f"a model was given it, and it says itself: {why}",
            )


def _refusal(line: SourceLine) -> tuple[Severity, str] | None:
    """What an input says against that very use; a word on training alone says nothing of it."""
    code = understood(line.data_mining) if line.data_mining else None
    said = line.ai_inference
    if said == Permission.NOT_ALLOWED.value:
        return Severity.ERROR, f"ai_inference {said}"
    if code in _REFUSING:
        return Severity.ERROR, code.code if code else ""
    if said == Permission.CONSTRAINED.value:
        return Severity.WARNING, f"ai_inference {said}"
    if code in _CONSTRAINING and said is None:
        return Severity.WARNING, code.code if code else ""
    return None


def _told(
    manifest: Mapping[str, Any],
) -> dict[tuple[str | None, str | None], tuple[Mapping[str, Any], bool]]:
    """What ``dev.genlabel.sources`` says, by the ingredient's label and instance identifier."""
    told: dict[tuple[str | None, str | None], tuple[Mapping[str, Any], bool]] = {}
    for label, data, created in actions.assertions(manifest):
        listed = data.get("sources")
        if label.partition("__")[0] != LABEL or not isinstance(listed, list):
            continue
        for each in listed[:MAX_LINES]:
            if isinstance(each, dict):
                key = (
                    actions.string(each.get("ingredient")),
                    actions.string(each.get("instance_id")),
                )
                told.setdefault(key, (each, created))
    return told


def _vouching(reading: Reading) -> frozenset[str]:
    """The manifests that somebody known has signed, as far as they hold."""
    signer = reading.signer
    if signer is None or signer.trust is TrustLevel.UNKNOWN or reading.manifest_id is None:
        return frozenset()
    if reading.integrity is not Integrity.INTACT:
        return frozenset()
    below = {
        each.manifest_id
        for each in reading.ingredients
        if each.integrity is Integrity.INTACT
        and each.trust is not TrustLevel.UNKNOWN
        and reading.lineage is Lineage.INTACT
        and each.manifest_id is not None
    }
    return frozenset({reading.manifest_id, *below})


def _line(
    link: actions.Link, name: str | None, entry: Mapping[str, Any], below: Mapping[str, Any]
) -> SourceLine:
    record = link.record
    digest = _digest(entry.get("sha256"))
    whole = digest is not None or link.manifest_id is not None or "data" in record
    signals = entry.get("signals")
    signals = signals if isinstance(signals, dict) else {}
    mining = training_mining.read(below) if below else None
    stated = mining.ai_inference if mining is not None else None
    relationship = actions.string(record.get("relationship")) or "unknown"
    rights = entry.get("training") if entry.get("kind") == "model" else entry.get("rights")
    return SourceLine(
        title=actions.string(record.get("title")),
        relationship=_RELATIONSHIPS.get(relationship, relationship),
        kind=actions.string(entry.get("kind")) or _kind(record),
        identifier=actions.string(entry.get("identifier"))
        or actions.string(record.get("informational_URI")),
        rights=_rights(rights),
        told=bool(entry),
        has_bytes=whole if whole or entry else None,
        sha256=digest,
        salted_sha256=_digest(entry.get("salted_sha256")),
        data_mining=actions.string(signals.get("data_mining")) or _code(below),
        ai_inference=stated.value
        if stated is not None
        else actions.string(signals.get("ai_inference")),
        manifest=link.parent_id,
        ingredient=name,
        depth=link.depth,
    )


def _kind(record: Mapping[str, Any]) -> str | None:
    """What an ingredient is by its C2PA type, where that is no picture."""
    listed = record.get("data_types")
    for each in listed if isinstance(listed, list) else ():
        kind = actions.string(each.get("type")) if isinstance(each, dict) else None
        if kind in ("c2pa.types.generator.prompt", "c2pa.types.generator.seed"):
            return kind.rpartition(".")[2]
        if kind is not None and kind.startswith(("c2pa.types.generator", "c2pa.types.model")):
            return "model"
    return None


def _code(manifest: Mapping[str, Any]) -> str | None:
    """The PLUS code in a manifest's own metadata."""
    for label, data, _ in actions.assertions(manifest):
        if label.partition("__")[0] == "cawg.metadata":
            return actions.string(data.get("plus:DataMining"))
    return None


def _rights(given: object) -> SourceRights | None:
    if not isinstance(given, dict):
        return None
    names = SourceRights.__dataclass_fields__
    return SourceRights(**{name: actions.string(given.get(name)) for name in names})


def _digest(given: object) -> str | None:
    return given if isinstance(given, str) and _HASH.fullmatch(given) else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def shown(line: SourceLine) -> str:
    """The line for people, what others wrote in it quoted."""
    rights = line.rights
    basis = rights.basis if rights is not None else None
    words = [line.kind or line.relationship]
    words += [quoted(each) for each in (line.title, line.identifier) if each]
    words.append(f"basis {quoted(basis)}" if basis else "no basis told")
    if rights is not None:
        said = (("licence", rights.licence), ("holder", rights.holder), ("until", rights.until))
        words += [f"{name} {quoted(each)}" for name, each in said if each]
    if line.has_bytes is False:
        words.append("without bytes")
    words.append(line.vouched.value)
    return ", ".join(words)
