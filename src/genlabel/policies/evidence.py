"""What a rule looks at: the report on a file, its crJSON, what was declared, and the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import UTC, date, datetime, time
from typing import Any

from genlabel.model.dataclass import dataclass
from genlabel.model.report import Report
from genlabel.policies.declarations import NOTHING_DECLARED, Declarations


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a rule looks at; it never sees the file itself."""

    report: Report
    crjson: Mapping[str, Any] | None = field(default=None, kw_only=True)
    """The conformance programme's JSON of the manifests; None where no book asks for it, and of a
    file without a manifest."""
    manifest: Mapping[str, Any] | None = field(default=None, kw_only=True, repr=False)
    """The active manifest as crJSON has it, where it was read without the engine."""
    declarations: Declarations = field(default=NOTHING_DECLARED, kw_only=True)
    """Those for this file."""
    now: datetime = field(default_factory=lambda: datetime.now(UTC), kw_only=True)
    """When is judged: the present, or the beginning of the day of ``--as-of``."""
    kept: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What one check has found in it and others of the book want, too."""

    def as_of(self, day: date | None) -> Evidence:
        """The same, judged as at the beginning of `day`; None leaves the present."""
        if day is None:
            return self
        return replace(self, now=datetime.combine(day, time(), UTC))

    @property
    def day(self) -> date:
        """The day of `now`, in UTC."""
        return self.now.astimezone(UTC).date()
