"""Baselines: findings that somebody has looked at and accepts for a while, kept in a file.

What is accepted stays in every report, with its reason, and makes no run fail. A file that cannot
be judged is never accepted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.model.escape import quoted
from genlabel.model.expression import expression
from genlabel.model.report import Finding
from genlabel.model.serialise import dumped
from genlabel.storage.file_contents import named_file

SCHEMA = "genlabel.baseline/1"
MAX_BYTES = 64 * 1024 * 1024
"""Most bytes of a baseline."""
UNREASONED = "not looked at yet"
"""The reason in a new baseline, to be replaced by a better one."""
_MANIFEST = expression(r"urn:[^/\s]*")


def place_of(where: str | None) -> str:
    """Where a finding was, without the name of the manifest, which changes with each signing."""
    return _MANIFEST.sub("", where or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One accepted finding."""

    path: str
    """Below the root, with forward slashes."""
    code: str
    where: str | None = None
    """`place_of` the finding; None fits any place."""
    reason: str
    until: date | None = None
    """The last day on which it is accepted."""

    def fits(self, path: str, finding: Finding) -> bool:
        """Does it speak of this finding in this file?"""
        return (self.path, self.code) == (path, finding.code) and (
            self.where is None or self.where == place_of(finding.where)
        )

    def to_dict(self) -> dict[str, Any]:
        """As it stands in the file."""
        until = self.until.isoformat() if self.until else None
        return {
            **{"path": self.path, "code": self.code, "where": self.where},
            **{"reason": self.reason, "until": until},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The entries of a file, by path."""

    entries: tuple[Entry, ...] = ()
    today: date = field(default_factory=lambda: datetime.now(UTC).date())
    _by_path: dict[str, list[Entry]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for each in self.entries:
            self._by_path.setdefault(each.path, []).append(each)

    def applied(self, path: str, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """`findings` of the file at `path`, with the reason of those that are accepted today."""
        entries = [each for each in self._by_path.get(path, ()) if not self.is_over(each)]
        return tuple(
            replace(finding, accepted=entry.reason)
            if (entry := next((each for each in entries if each.fits(path, finding)), None))
            else finding
            for finding in findings
        )

    def is_over(self, entry: Entry) -> bool:
        """Has its last day passed?"""
        return entry.until is not None and entry.until < self.today

    def idle(self, seen: Iterable[tuple[str, Finding]]) -> list[Entry]:
        """The entries that fit none of the findings `seen`, with the paths of their files."""
        used: set[int] = set()
        for path, finding in seen:
            used.update(
                id(each) for each in self._by_path.get(path, ()) if each.fits(path, finding)
            )
        return [each for each in self.entries if id(each) not in used]


def read(path: Path) -> Baseline:
    """The baseline in a file. Raises `ConfigurationError`, which names the place."""
    try:
        content = json.loads(named_file(path, most=MAX_BYTES))
    except (ValueError, RecursionError) as error:
        raise _wrong(path, "no JSON") from error
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise _wrong(path, f"no baseline: its schema is not {SCHEMA}")
    entries = content.get("entries")
    if not isinstance(entries, list):
        raise _wrong(path, "no list of entries")
    return Baseline(entries=tuple(_entry(path, n, each) for n, each in enumerate(entries)))


def _entry(path: Path, number: int, stored: object) -> Entry:
    place = f"entries[{number}]"
    if not isinstance(stored, dict):
        raise _wrong(path, f"{place} is no object")
    unknown = stored.keys() - {"path", "code", "where", "reason", "until"}
    if unknown:
        raise _wrong(path, f"{place} has the unknown key {quoted(min(unknown))}")
    for name in ("path", "code", "reason"):
        if not isinstance(stored.get(name), str) or not stored[name]:
            raise _wrong(path, f"{place} has no {name}")
    where, until = stored.get("where"), stored.get("until")
    if where is not None and not isinstance(where, str):
        raise _wrong(path, f"{place}: where is no text")
    try:
        day = None if until is None else date.fromisoformat(until)
    except (TypeError, ValueError) as error:
        raise _wrong(path, f"{place}: until is no day such as 2027-01-31") from error
    texts = {name: stored[name] for name in ("path", "code", "reason")}
    return Entry(**texts, where=where, until=day)


def _wrong(path: Path, why: str) -> ConfigurationError:
    return ConfigurationError(f"{path}: {why}", remedy="see --write-baseline")


def written(seen: Iterable[tuple[str, Finding]], old: Baseline | None) -> str:
    """A baseline of the findings `seen`; what the `old` one says of the same is kept."""
    kept = {(each.path, each.code, each.where): each for each in old.entries} if old else {}
    entries: dict[tuple[str, str, str | None], Entry] = {}
    for path, finding in seen:
        where = place_of(finding.where)
        key = (path, finding.code, where)
        entry = kept.get(key) or kept.get((path, finding.code, None))
        fresh = Entry(path=path, code=finding.code, where=where, reason=UNREASONED)
        entries[key] = entry if entry and not (old and old.is_over(entry)) else fresh
    listed = sorted({id(each): each for each in entries.values()}.values(), key=_order)
    return dumped({"schema": SCHEMA, "entries": [each.to_dict() for each in listed]}, indent=2)


def _order(entry: Entry) -> tuple[str, str, str]:
    return entry.path, entry.code, entry.where or ""
