"""What a platform of labels is: statements about what it derives, each with its sources.

A statement says no more than its sources do. What no source says is not stated; where a source is
silent about the very case of a file, the answer is that it is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from enum import StrEnum

from genlabel.model.dataclass import dataclass
from genlabel.model.report import NOTHING, Form, Integrity, Mark, Report
from genlabel.model.serialise import DAY, in_json
from genlabel.model.vocabulary import DigitalSourceType

Values = Mapping[str, str]


class SourceKind(StrEnum):
    """How near a source is to the platform itself."""

    OWN = "own"
    """The platform's own page, report or documentation."""
    QUOTED = "quoted"
    """Its own words, as somebody else quotes them."""
    REPORTED = "reported"
    """What others observed or report."""


class ReceptionStatus(StrEnum):
    """What follows for one file."""

    DERIVES = "derives"
    """Something that the platform is known to read is in the file."""
    NOTHING = "nothing"
    """Nothing that it is known to read is in the file."""
    UNKNOWN = "unknown"
    """No source says what it does with such a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a statement comes from."""

    title: str
    url: str
    kind: SourceKind
    published: str | None = None
    """The source's own date: ``2024-09-17``, ``2024-07``; None for an undated page."""
    checked: str = field(default="2026-11-22", metadata=in_json(pattern=DAY))
    """When somebody last looked whether it says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing that a platform derives, in the sentence ``platform.<platform>.<name>``."""

    name: str
    sources: tuple[Source, ...]
    holds: Callable[[Evidence], Values | None]
    """What the sentence is filled with; None when it does not hold for the file."""
    status: ReceptionStatus = ReceptionStatus.DERIVES


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """What one platform is known to derive from one file."""

    platform: Platform
    status: ReceptionStatus
    statements: tuple[tuple[Statement, Values], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """Somebody who reads labels in public."""

    name: str
    """For machines, e.g. ``google-images``."""
    title: str
    statements: tuple[Statement, ...]

    def derive(self, report: Report) -> Derivation:
        """What it is known to derive from the file that `report` is about."""
        evidence = Evidence(report)
        judged = [(each, each.holds(evidence)) for each in self.statements]
        held = tuple((each, values) for each, values in judged if values is not None)
        states = {each.status for each, _ in held}
        ranks = (ReceptionStatus.DERIVES, ReceptionStatus.NOTHING)
        status = next((each for each in ranks if each in states), ReceptionStatus.UNKNOWN)
        return Derivation(platform=self, status=status, statements=held)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a report says of a file, in the terms of those who read labels."""

    report: Report

    @property
    def manifest(self) -> bool:
        """Is there a manifest that validates, in the picture's own file, which is what others get?

        What is unchanged and malformed is invalid for every validator that follows C2PA.
        """
        return self._is(Integrity.INTACT) and self.report.form is not Form.MALFORMED

    @property
    def no_manifest(self) -> bool:
        """Is it certain that there is none, neither in the file nor beside it?"""
        return self.report.integrity is Integrity.ABSENT

    @property
    def broken_manifest(self) -> bool:
        """Is there one in the file that does not validate?"""
        malformed = self._is(Integrity.INTACT) and self.report.form is Form.MALFORMED
        return malformed or self._is(Integrity.BROKEN)

    def _is(self, integrity: Integrity) -> bool:
        return self.report.integrity is integrity and self.report.sidecar is None

    def signed_as(self, codes: Iterable[DigitalSourceType]) -> DigitalSourceType | None:
        """The source type that a manifest which holds declares, if it is one of `codes`."""
        return self._source_type(Mark.MANIFEST, codes) if self.manifest else None

    def written_as(self, codes: Iterable[DigitalSourceType]) -> DigitalSourceType | None:
        """The source type that the IPTC metadata declare, if it is one of `codes`."""
        return self._source_type(Mark.IPTC, codes)

    def written(self, *fields: str) -> bool:
        """Do the IPTC metadata (XMP or IIM) name one of these fields?"""
        return any(
            getattr(self.report.marks.get(mark, NOTHING), name)
            for mark in (Mark.IPTC, Mark.IIM)
            for name in fields
        )

    def in_xmp(self, *fields: str) -> bool:
        """Does the XMP name one of these fields?"""
        declaration = self.report.marks.get(Mark.IPTC, NOTHING)
        return any(getattr(declaration, name) for name in fields)

    def _source_type(
        self, mark: Mark, codes: Iterable[DigitalSourceType]
    ) -> DigitalSourceType | None:
        said = self.report.marks.get(mark, NOTHING).source_type
        known = DigitalSourceType.understand(said) if said else None
        return known if known in tuple(codes) else None
