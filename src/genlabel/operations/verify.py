"""Verify a picture: survey it, read every mark, and give each answer separately."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from genlabel import formats
from genlabel.credentials.trust import Trust
from genlabel.formats.format import Container, Slot, Survey
from genlabel.manifests.validation import reading as readings
from genlabel.manifests.validation.reading import Reading
from genlabel.metadata import METADATA_MARKS, claims
from genlabel.metadata.claims import Claims
from genlabel.model.asset import Asset
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import (
    GenlabelError,
    MalformedAsset,
    MalformedMetadata,
    UnsupportedFormat,
)
from genlabel.model.report import (
    NOTHING,
    Declaration,
    Finding,
    Form,
    Integrity,
    Mark,
    Report,
    Severity,
)
from genlabel.model.sources import SourceLine
from genlabel.operations import appearance, contradictions, mining, names


@dataclass(frozen=True, kw_only=True)  # no slots: what its texts tell is kept
class Examination:
    """A picture examined: its survey, the manifest's reading and the report."""

    container: Container
    survey: Survey
    reading: Reading
    report: Report
    asset: Asset = field(repr=False)
    """The picture that was looked at."""
    claims: Claims = field(default_factory=Claims)
    """What unsigned metadata claim, in all places."""
    external: bytes | None = None
    """The external manifest store, if it was read; None where the manifest is embedded."""

    @property
    def store(self) -> bytes | None:
        """The manifest store that was read, wherever it lies."""
        return self.survey.manifest if self.external is None else self.external


def verify(
    asset: Asset,
    *,
    trust: Trust | None = None,
    expiring: timedelta | None = None,
) -> Report:
    """What the picture in `asset` declares and whether it holds.

    An embedded manifest wins over an external one. Nothing is fetched from a network and nobody is
    trusted but those in `trust`. With `expiring` the report has a finding if it stops verifying
    within this span from now. Raises `UnsupportedFormat` or `MalformedAsset` when the bytes cannot
    be judged at all.
    """
    report = examine(asset, trust=trust or Trust()).report
    if expiring is None:
        return report
    from genlabel.operations import expiring as ends

    return ends.told(report, expiring)


def examine(
    asset: Asset, *, trust: Trust, by_engine: bool = False, crjson: bool = False
) -> Examination:
    """What `verify` does, with the survey and the manifest's reading.

    `by_engine` leaves the hashing of the file to the engine, as a second opinion. With `crjson`
    that view, which the report can always give, is read along, for a tenth of what it costs later.
    """
    with Measured(asset):
        return _examine(asset, trust, by_engine=by_engine, crjson=crjson)


def tells_anything(seen: Examination) -> bool:
    """Is there a mark, one that cannot be read, or a claim where marks are not looked for: in a
    comment, another packet, behind the picture's end, a file beside it?
    """
    report, anomalies = seen.report, len(seen.survey.anomalies)
    return (
        report.integrity is not Integrity.ABSENT
        or bool(report.marks)
        or bool(seen.claims.source_types or seen.claims.addresses)
        or len(report.findings) > anomalies
    )


class Measured:
    """Errors that are raised within know how many bytes `asset` has.

    None of them tells anybody to rewrite a file that carries a manifest.
    """

    __slots__ = ("_asset",)

    def __init__(self, asset: Asset) -> None:
        self._asset = asset

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if not isinstance(error, GenlabelError):
            return
        error.size = len(self._asset.data)
        of_form = isinstance(error, MalformedAsset | UnsupportedFormat)
        if of_form and error.remedy is not None and formats.carries_manifest(self._asset.data):
            error.remedy = formats.WITH_MANIFEST


def examine_input(asset: Asset, *, trust: Trust) -> Examination:
    """`examine` for a picture that is about to be signed.

    The engine, which would read every byte, is asked only where there is a manifest. What it alone
    could see would come out when the signed result is read back.
    """
    return _examine(asset, trust)


def _examine(
    asset: Asset, trust: Trust, *, by_engine: bool = False, crjson: bool = False
) -> Examination:
    container = formats.identify(asset.data)
    survey = container.survey(asset.data)
    if survey.manifest is not None or asset.manifest is not None:
        return _asked(asset, container, survey, trust, by_engine=by_engine, crjson=crjson)
    unsigned = Unsigned.of(asset, container, survey)
    return _examined(asset, container, survey, readings.absent(), unsigned, trust)


@dataclass(frozen=True, slots=True)
class Unsigned:
    """What a picture says outside of its manifest."""

    marks: Mapping[Mark, Declaration]
    findings: tuple[Finding, ...]
    """About marks that cannot be read."""
    claims: Claims

    @classmethod
    def of(cls, asset: Asset, container: Container, survey: Survey) -> Unsigned:
        """Read from the `survey` of what is in `asset`, and from the XMP files beside it."""
        marks, unreadable = read_marks(survey.payloads)
        said = marks.get(Mark.IPTC, NOTHING)
        found = claims.read(container.packets(survey), survey.payloads, said, asset.xmp)
        return cls(marks, unreadable, found)


def _asked(
    asset: Asset,
    container: Container,
    survey: Survey,
    trust: Trust,
    *,
    by_engine: bool = False,
    crjson: bool = False,
) -> Examination:
    external = asset.manifest if survey.manifest is None else None
    from genlabel.manifests.validation import validate

    # not the survey's view of the data, which the engine would have to copy
    with validate.begun(
        *(asset.data, container, survey, trust),
        beside=external,
        by_engine=by_engine,
        crjson=crjson,
    ) as reading:
        unsigned = Unsigned.of(asset, container, survey)
        answered = reading()
    if asset.manifest is not None and external is None:
        answered = replace(answered, findings=(*answered.findings, _IGNORED))
    elif external is not None and answered.integrity is Integrity.ABSENT:
        answered = Reading(
            integrity=Integrity.BROKEN,
            reason="unreadable",
            form=Form.MALFORMED,
            findings=(_NO_MANIFEST,),
        )
    return _examined(asset, container, survey, answered, unsigned, trust, external)


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


def _examined(
    asset: Asset,
    container: Container,
    survey: Survey,
    reading: Reading,
    unsigned: Unsigned,
    trust: Trust,
    external: bytes | None = None,
) -> Examination:
    marks, found = unsigned.marks, unsigned.claims
    if reading.integrity is Integrity.ABSENT and found.web_addresses:
        reading = readings.elsewhere(found.web_addresses[0])
    if reading.declaration:
        marks = {Mark.MANIFEST: reading.declaration, **marks}
    declared = contradictions.declared(reading, marks, found)
    store = survey.manifest if external is None else external
    made_of, of_sources = _made_of(reading)
    report = reading.report(
        format_name=container.name,
        size=len(survey.data),
        declared=names.with_basis(declared, reading, trust),
        marks=marks,
        mining=mining.signals(reading, marks),
        sources=made_of,
        trust_lists=tuple(anchors.name for anchors in trust.entries),
        crjson_source=_no_crjson if reading.form is Form.NONE else _crjson(reading, store),
        findings=(
            *reading.findings,
            *reading.ancestry,
            *unsigned.findings,
            *found.findings,
            *contradictions.disagreements(marks, found),
            *contradictions.unsigned_claim(reading, found),
            *contradictions.traces(container, survey, declared, reading.stated),
            *contradictions.addresses(reading, store, found),
            *contradictions.sidecars(asset),
            *mining.differences(reading, marks),
            *of_sources,
            *_old_lists(reading, trust),
            *_anomalies(survey),
            *appearance.activity(container, survey),
            *names.confusable(reading, marks, trust),
        ),
    )
    return Examination(
        asset=asset,
        container=container,
        survey=survey,
        reading=reading,
        report=report,
        claims=found,
        external=external,
    )


def _made_of(reading: Reading) -> tuple[tuple[SourceLine, ...], tuple[Finding, ...]]:
    """What the manifest says that the picture was made of, and what is wrong with that."""
    if not reading.document:
        return (), ()
    from genlabel.operations import sources

    lines = sources.lines(reading)
    return lines, tuple(sources.findings(lines))


def _no_crjson() -> Mapping[str, Any]:
    from genlabel.manifests.crjson import empty

    return empty()


def _crjson(reading: Reading, store: bytes | None) -> Callable[[], Mapping[str, Any] | None] | None:
    from genlabel.manifests.crjson import Source

    if reading.codes is None or store is None:
        return None
    return Source(reading.instead or store, reading.codes, datetime.now(UTC), reading.viewed)


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


def _old_lists(reading: Reading, trust: Trust) -> Iterator[Finding]:
    """Lists that may have changed since they were fetched; only where a signer was judged."""
    if reading.signer is None:
        return
    now = datetime.now(UTC)
    for anchors in trust.old(now):
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
    worst = survey.missing_end.words if survey.missing_end is not None else None
    for anomaly in survey.anomalies:
        yield Finding(
            "genlabel.container.anomaly",
            severity=Severity.WARNING if anomaly == worst else Severity.NOTE,
            where=survey.format,
            explanation=anomaly,
        )
