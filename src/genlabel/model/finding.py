"""One observation about a picture: Finding."""

from __future__ import annotations

from dataclasses import field

from genlabel.model.dataclass import dataclass
from genlabel.model.serialise import in_json
from genlabel.model.verdicts import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation. `code` is C2PA's own status code, starts with ``genlabel.``, or is that
    of a rule: ``cepic/marked``."""

    code: str
    severity: Severity = field(kw_only=True)
    where: str | None = field(default=None, kw_only=True)
    """A JUMBF URI, a block's name, a mark or a field."""
    explanation: str = field(kw_only=True)
    """For people; not stable."""
    accepted: str | None = field(default=None, kw_only=True, metadata=in_json(optional=True))
    """Why it does not count: the reason that a baseline gives for this file and code."""

    def __str__(self) -> str:
        where = f" ({self.where})" if self.where else ""
        return f"{self.severity.value}: {self.explanation}{where} [{self.code}]"
