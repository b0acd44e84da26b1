"""A manifest's reading: its part of a report, and what else it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from functools import cache
from typing import TYPE_CHECKING, Any

from genlabel.model.dataclass import dataclass
from genlabel.model.report import (
    NOTHING,
    Declaration,
    Finding,
    Form,
    Integrity,
    Report,
    Severity,
    ValidationState,
    but,
)
from genlabel.model.words.codes import sentence

if TYPE_CHECKING:
    from genlabel.manifests.store.manifest_store import ManifestStore
    from genlabel.manifests.validation.codes import Codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Report):
    """The manifest's part of a report, and what else the manifest says; findings are about it."""

    state: ValidationState = ValidationState.NONE
    title: str | None = None
    inception: str | None = None
    """The source type of the history's first beginning."""
    declaration: Declaration = NOTHING
    producer_is_gathered: bool = False
    """Is the producer's name only passed on by whoever signed?"""
    ancestry: tuple[Finding, ...] = ()
    """About its ingredients."""
    document: Mapping[str, Any] | None = None
    """The engine's own report, for those who want more; empty where it does not open it."""
    stated: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The same as statements are read from it: with what the engine leaves out or does not open,
    and metadata as they are read here."""
    codes: Codes | None = None
    """The final status codes of all manifests; None where none was read."""
    viewed: Mapping[str, Any] | None = None
    """The engine's crJSON of the store, where that was asked for."""
    store: ManifestStore | None = field(default=None, compare=False, repr=False)
    """The manifest store whose active manifest was read, with what was decoded of it."""
    instead: bytes | None = None
    """The store that the engine was asked about in place of one that it refuses."""

    def __post_init__(self) -> None:
        """What follows from all that is declared, the report of the whole file says."""

    def report(self, **answers: Any) -> Report:
        """The whole report, with the `answers` about the rest of the file."""
        return but(self, **answers)


@cache
def absent() -> Reading:
    """The answer about a file without a manifest, which is the same for all."""
    return Reading(integrity=Integrity.ABSENT, form=Form.NONE)


def elsewhere(address: str) -> Reading:
    """The answer about a manifest that is only at `address`, from where nothing is fetched."""
    return beyond("remote-only", f"unsigned metadata say so, and name {address}")


def beyond(reason: str, why: str) -> Reading:
    """A manifest that is there, or said to be somewhere, and cannot be read.

    Of several stores none is read: a reader would not know which one counts.
    """
    unknown = reason != "unreadable"
    malformed = reason in ("unreadable", "several")
    return Reading(
        integrity=Integrity.UNKNOWN if unknown else Integrity.BROKEN,
        reason=reason,
        form=Form.MALFORMED if malformed else Form.UNKNOWN,
        state=ValidationState.UNKNOWN if unknown else ValidationState.INVALID,
        findings=(
            Finding(
                f"genlabel.manifest.{reason}",
                severity=Severity.ERROR if malformed else Severity.WARNING,
                explanation=f"{sentence(f'genlabel.manifest.{reason}')} ({why})",
            ),
        ),
    )
