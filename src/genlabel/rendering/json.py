"""JSON: every report in the shapes that `docs/schema/` publishes.

Within a schema's number fields are only added; codes are stable, explanations are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, fields
from datetime import date, datetime
from typing import Any, ClassVar, Protocol

from genlabel.model.dataclass import dataclass
from genlabel.model.report import Severity, Trouble
from genlabel.model.serialise import Result, Shape, dumped, in_json, rfc3339
from genlabel.model.version import __version__
from genlabel.rendering import judgements

VERIFY, STRIP, SIGN, INSPECT, EXPLAIN, DOCTOR, KEYS_CHECK, TRUST, POLICIES, SOURCES = (
    f"genlabel.{kind}/1"
    for kind in (
        *("verify", "strip", "sign", "inspect", "explain", "doctor", "keys-check", "trust"),
        *("policies", "source-lines"),
    )
)


class AnyReport(Protocol):
    """What the commands say about one file: what every renderer needs of it."""

    KIND: ClassVar[str]
    """The name of its schema and of its rows, e.g. ``verify``."""

    @property
    def path(self) -> str | None:
        """The file."""

    @property
    def error(self) -> Trouble | None:
        """Why it could not be judged."""

    @property
    def unjudged(self) -> bool:
        """Was there no answer for this file?"""

    def worst(self) -> Severity | None:
        """The gravest severity among the findings."""

    def to_dict(self) -> Shape:
        """The published shape."""

    def to_json(self) -> str:
        """The published shape, on one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What all reports of one run have in common."""

    schema: str
    """Name and number, e.g. ``genlabel.verify/1``."""
    genlabel: str = __version__
    """Version of genlabel."""
    engine: Mapping[str, str]
    """Packages of the C2PA engine and their versions."""
    started: datetime
    """RFC 3339, UTC."""
    trust_lists: tuple[str, ...] = ()
    policy: str | None = None
    """Names of the rule books, separated by commas."""
    as_of: date | None = field(default=None, metadata=in_json(optional=True))
    """The day whose rules were judged by; null for today."""
    passed_over: tuple[str, ...] = field(default=(), metadata=in_json(optional=True))
    """Paths of the files that were passed over; only where somebody asked with --verbose."""
    error: Trouble | None = field(default=None, metadata=in_json(optional=True))
    """Why there was no run at all, such as wrong usage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing(Result):
    """What became of the files of a run that signs or stamps, in numbers of files."""

    labelled: int = 0
    stamped: int = 0
    marked: int = field(default=0, metadata=in_json(optional=True))
    """Files that got a visible label, and no signature."""
    left_alone: int = 0
    """Files that said the same already, or keep their own manifest."""
    refused: int = 0
    """Files that were not signed for what picture or label say."""
    failed: int = 0
    """Files that were not signed for what went wrong on the way."""
    not_begun: int = 0
    """Files that an interrupted run did not come to."""
    interrupted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts(Result):
    """What the rules of one book concluded of all files, in numbers of judgements.

    That all passed does not mean that a law is met.
    """

    passed: int = 0
    failed: int = 0
    undecided: int = 0
    """Neither the file nor a declaration shows it."""
    not_applicable: int = 0
    declared: int = 0
    """Those among them that rest on a declaration alone."""


FATES = tuple(each.name for each in fields(Signing))
"""What files are counted as by a run that signs or stamps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary(Result):
    """How a run went, in numbers of files."""

    files: int = 0
    errors: int = 0
    """Files that hold an error."""
    warnings: int = 0
    """Files that hold nothing worse than a warning."""
    unjudged: int = 0
    """Files that could not be judged."""
    passed_over: int = field(default=0, metadata=in_json(optional=True))
    """Files in directories and lists that are no picture, nor called one."""
    judgements: Mapping[str, Verdicts] = field(
        default_factory=dict, metadata=in_json(optional=True)
    )
    """What the rules of each rule book concluded, by its name."""
    signing: Signing | None = field(default=None, metadata=in_json(optional=True))
    """Of `sign` and `stamp` only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Frame, Result):
    """One document about one run: the frame, the summary, the reports."""

    summary: Summary
    reports: tuple[Any, ...] = field(metadata=in_json(items={"$ref": "#/$defs/report"}))


def document(frame: Frame, shapes: Iterable[Shape], counts: Mapping[str, int]) -> str:
    """The whole run as one JSON document, in ASCII, with a line end.

    `shapes` are its reports' own (`to_dict`), `counts` their `summary`.
    """
    run = Document(
        **{each.name: getattr(frame, each.name) for each in fields(frame)},
        summary=_summary(counts),
        reports=tuple(shapes),
    )
    return dumped(run.to_dict(), indent=2)


def _summary(counts: Mapping[str, int]) -> Summary:
    fates: dict[str, Any] = {name: n for name, n in counts.items() if name in FATES}
    rest = {name: n for name, n in counts.items() if name not in FATES and "/" not in name}
    if "interrupted" in fates:
        fates["interrupted"] = bool(fates["interrupted"])
    return Summary(
        **rest,
        judgements=_verdicts(counts),
        signing=Signing(**fates) if fates else None,
    )


def _verdicts(counts: Mapping[str, int]) -> dict[str, Verdicts]:
    """Of counts named ``cepic/passed``."""
    found: dict[str, dict[str, int]] = {}
    for name, number in counts.items():
        book, slash, verdict = name.partition("/")
        if slash:
            found.setdefault(book, {})[verdict.replace("-", "_")] = number
    return {book: Verdicts(**each) for book, each in found.items()}


def single(
    schema: str, content: Shape, started: datetime, engine: Mapping[str, str] | None = None
) -> str:
    """One JSON document without a list of files; without `engine` where it was not asked."""
    versions = {} if engine is None else {"engine": dict(engine)}
    head = {"schema": schema, "genlabel": __version__, **versions, "started": rfc3339(started)}
    return dumped({**head, **content}, indent=2)


def line(report: AnyReport) -> str:
    """One report on one line, for streams."""
    return report.to_json() + "\n"


def fates(reports: Iterable[AnyReport]) -> dict[str, int]:
    """How many files were labelled, left alone and so on; nothing of reports that do not sign."""
    counts: dict[str, int] = {}
    for report in reports:
        fate = getattr(report, "fate", None)
        if fate is not None:
            counts[fate] = counts.get(fate, 0) + 1
    return counts


def summary(reports: Iterable[AnyReport]) -> dict[str, int]:
    """How many files there are, with an error, with nothing worse than a warning, not judged."""
    counts = {"files": 0, "errors": 0, "warnings": 0, "unjudged": 0}
    names = {Severity.ERROR: "errors", Severity.WARNING: "warnings"}
    for report in reports:
        counts["files"] += 1
        worst = report.worst()
        if report.unjudged:
            counts["unjudged"] += 1
        elif worst in names:
            counts[names[worst]] += 1
        for name, number in judgements.counts(judgements.of(report)).items():
            counts[name] = counts.get(name, 0) + number
    return counts
