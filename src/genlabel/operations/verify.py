"""Verify a picture: survey it, read every mark, and give each answer separately."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

from genlabel import formats
from genlabel.credentials.trust import Trust
from genlabel.formats.format import Container, Slot, SlotKind, Survey
from genlabel.manifests.validation import reading as readings, validate
from genlabel.manifests.validation.reading import Reading
from genlabel.metadata import METADATA_MARKS
from genlabel.metadata.xmp import remote_manifest
from genlabel.model import fields
from genlabel.model.asset import Asset
from genlabel.model.errors import MalformedMetadata
from genlabel.model.report import (
    Declaration,
    Declared,
    Finding,
    Form,
    Integrity,
    Mark,
    Report,
    Severity,
    SigningTime,
    Validity,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """A picture examined: its survey, the manifest's reading and the report."""

    container: Container
    survey: Survey
    reading: Reading
    report: Report
    asset: Asset = field(repr=False)
    """The picture that was looked at."""
    external: bytes | None = None
    """The external manifest store, if it was read; None where the manifest is embedded."""

    @property
    def store(self) -> bytes | None:
        """The manifest store that was read, wherever it lies."""
        return self.survey.manifest if self.external is None else self.external


def verify(
    asset: Asset, *, trust: Trust | None = None, expiring: timedelta | None = None
) -> Report:
    """What the picture in `asset` declares and whether it holds.

    An embedded manifest wins over an external one. Nothing is fetched from a network and nobody is
    trusted but those in `trust`. With `expiring` the report says until when it verifies, and has a
    finding if that is within this span from now. Raises `UnsupportedFormat` or `MalformedAsset`
    when the bytes cannot be judged at all.
    """
    examination = examine(asset, trust=trust or Trust())
    return examination.report if expiring is None else _with_its_end(examination, expiring)


def _with_its_end(examination: Examination, span: timedelta) -> Report:
    """The report with the moment when the picture stops verifying."""
    from genlabel.manifests.validation import expiry

    report, store = examination.report, examination.store
    if report.integrity is not Integrity.INTACT or report.signer is None or store is None:
        return report
    until = expiry.verifies_until(store, str(report.manifest_id), report.signer)
    if until is None:
        return report
    now = datetime.now(UTC)
    # a certificate of the chain may have ended before the signer's own, which is within
    if report.signer.validity is not Validity.WITHIN or not now <= until <= now + span:
        return replace(report, verifies_until=until)
    why = "there is no time-stamp"
    if report.signer.time is SigningTime.CLAIMED:
        why = "its time-stamp is by no authority on the lists given"
    finding = Finding(
        "genlabel.signer.expiring",
        severity=Severity.WARNING,
        where="signer",
        explanation=f"stops verifying at {fields.rfc3339(until)}: the certificate ends then, "
        f"and {why}",
    )
    return replace(report, verifies_until=until, findings=(*report.findings, finding))


def examine(asset: Asset, *, trust: Trust, by_engine: bool = False) -> Examination:
    """What `verify` does, with the survey and the manifest's reading.

    `by_engine` leaves the hashing of the file to the engine, as a second opinion.
    """
    container = formats.identify(asset.data)
    return _asked(asset, container, container.survey(asset.data), trust, by_engine=by_engine)


def examine_input(asset: Asset, *, trust: Trust) -> Examination:
    """`examine` for a picture that is about to be signed.

    The engine, which would read every byte, is asked only where there is a manifest or the address
    of one. What it alone could see would come out when the signed result is read back.
    """
    container = formats.identify(asset.data)
    survey = container.survey(asset.data)
    in_survey = survey.manifest is not None or _names_a_remote_manifest(survey)
    if in_survey or asset.manifest is not None:
        return _asked(asset, container, survey, trust)
    return _examined(
        asset, container, survey, Reading(integrity=Integrity.ABSENT, form=Form.NONE), trust
    )


def _asked(
    asset: Asset, container: Container, survey: Survey, trust: Trust, *, by_engine: bool = False
) -> Examination:
    external = asset.manifest if survey.manifest is None else None
    # not the survey's view of the data, which the engine would have to copy
    answered = validate.read(
        asset.data, container, survey, trust, beside=external, by_engine=by_engine
    )
    if answered.integrity is Integrity.ABSENT and survey.manifest is None and external is None:
        answered = _elsewhere(survey) or answered
    if asset.manifest is not None and external is None:
        answered = replace(answered, findings=(*answered.findings, _IGNORED))
    elif external is not None and answered.integrity is Integrity.ABSENT:
        answered = Reading(
            integrity=Integrity.BROKEN,
            reason="unreadable",
            form=Form.MALFORMED,
            findings=(_NO_MANIFEST,),
        )
    return _examined(asset, container, survey, answered, trust, external)


_IGNORED = Finding(
    "genlabel.sidecar.ignored",
    severity=Severity.WARNING,
    explanation="a manifest lies beside the picture too: the embedded one was read, not that one",
)
_NO_MANIFEST = Finding(
    "genlabel.sidecar.unreadable",
    severity=Severity.ERROR,
    explanation="no manifest can be read from the file beside the picture",
)


def _names_a_remote_manifest(survey: Survey) -> bool:
    """Does the XMP hold ``dcterms:provenance`` under whatever prefix (C2PA 2.4 §11.5)?"""
    return any(
        b"provenance" in payload or b"p\0r\0o\0v\0e\0n" in payload
        for slot, payload in survey.payloads.items()
        if slot.kind is SlotKind.XMP
    )


def _elsewhere(survey: Survey) -> Reading | None:
    """The XMP's own word for a manifest at some address: the engine asks in few formats."""
    if not _names_a_remote_manifest(survey):
        return None
    try:
        address = remote_manifest.served_at(survey.payloads)
    except MalformedMetadata:
        return None  # the mark's own reading says what is wrong with it
    if address is None or not address.lower().startswith(("https://", "http://")):
        return None
    return readings.elsewhere(address)


def _examined(
    asset: Asset,
    container: Container,
    survey: Survey,
    reading: Reading,
    trust: Trust,
    external: bytes | None = None,
) -> Examination:
    marks, unreadable = read_marks(survey.payloads)
    if reading.declaration:
        marks = {Mark.MANIFEST: reading.declaration, **marks}
    report = reading.report(
        format_name=container.name,
        size=len(survey.data),
        declared=_declared(reading, marks),
        marks=marks,
        trust_lists=tuple(anchors.name for anchors in trust.entries),
        findings=(
            *reading.findings,
            *reading.ancestry,
            *unreadable,
            *_disagreements(marks),
            *_unsigned_claim(reading, marks),
            *_old_lists(reading, trust),
            *_anomalies(survey),
        ),
    )
    return Examination(
        asset=asset,
        container=container,
        survey=survey,
        reading=reading,
        report=report,
        external=external,
    )


def read_marks(
    payloads: Mapping[Slot, bytes],
) -> tuple[Mapping[Mark, Declaration], tuple[Finding, ...]]:
    """What the metadata marks in `payloads` say, and a finding on each that cannot be read."""
    marks: dict[Mark, Declaration] = {}
    findings: list[Finding] = []
    for mark in METADATA_MARKS:
        if payloads.keys().isdisjoint(mark.SLOTS):
            continue
        try:
            declaration = mark.read(payloads)
        except MalformedMetadata as error:
            findings.append(
                Finding(
                    "genlabel.metadata.malformed",
                    severity=Severity.WARNING,
                    where=mark.MARK.value,
                    explanation=str(error),
                )
            )
            continue
        if declaration:
            marks[mark.MARK] = declaration
    return marks, tuple(findings)


def _declared(reading: Reading, marks: Mapping[Mark, Declaration]) -> Declared:
    """The manifest's statement; unsigned marks speak only where no manifest does."""
    if reading.declared.source_type is not None:
        return reading.declared
    for mark, declaration in marks.items():
        if mark is not Mark.MANIFEST and (declaration.source_type or declaration.producer):
            return Declared(
                source_type=declaration.source_type,
                producer=reading.declared.producer or declaration.producer,
                generator=reading.declared.generator or declaration.generator,
                origin=mark.value,
                attested=False,
                producer_attested=reading.declared.producer_attested,
            )
    return reading.declared


_NOT_COMPARED = frozenset({"created", "identifier"})
"""Fields that other software rightly writes with values of its own."""


def _disagreements(marks: Mapping[Mark, Declaration]) -> Iterator[Finding]:
    """Fields in which two marks of the same file contradict each other."""
    for (one, declaration), (other, other_declaration) in combinations(marks.items(), 2):
        there = dict(other_declaration)
        for name, value in declaration:
            if name in _NOT_COMPARED or name not in there or there[name] == value:
                continue
            if fields.agree(name, value, one, there[name], other):
                continue
            yield Finding(
                f"genlabel.marks.disagree.{name}",
                severity=Severity.ERROR if name == "source_type" else Severity.WARNING,
                where=f"{one.value}, {other.value}",
                explanation=f"{name.replace('_', ' ')}: {one.value} says {_shown(value)}, "
                f"{other.value} says {_shown(there[name])}",
            )


def _shown(value: str | tuple[str, ...]) -> str:
    text = value if isinstance(value, str) else "; ".join(value)
    return repr(text if len(text) <= 80 else text[:79] + "…")


def _unsigned_claim(reading: Reading, marks: Mapping[Mark, Declaration]) -> Iterator[Finding]:
    declaration = marks.get(Mark.IPTC, Declaration())
    if reading.integrity is Integrity.ABSENT and declaration.source_type:
        yield Finding(
            "genlabel.claim.unsigned",
            severity=Severity.WARNING,
            where=Mark.IPTC.value,
            explanation="the source type stands in unsigned metadata, which anyone can write",
        )


def _old_lists(reading: Reading, trust: Trust) -> Iterator[Finding]:
    """Lists that may have changed since they were fetched; only where a signer was judged."""
    now = datetime.now(UTC)
    for anchors in trust.old(now) if reading.signer is not None else ():
        if anchors.fetched is None:
            continue
        yield Finding(
            "genlabel.trust-list.old",
            severity=Severity.WARNING,
            where=anchors.name,
            explanation=f"the trust list was fetched {(now - anchors.fetched).days} days ago: it "
            "may lack who joined since and name who left; the picture is not to blame",
        )


def _anomalies(survey: Survey) -> Iterator[Finding]:
    for anomaly in survey.anomalies:
        yield Finding(
            "genlabel.container.anomaly",
            severity=Severity.NOTE,
            where=survey.format,
            explanation=anomaly,
        )
