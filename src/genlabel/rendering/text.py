"""Text: a few aligned lines a file for people, coloured only where the caller asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from genlabel.fields import rfc3339
from genlabel.inspecting import Inspection
from genlabel.label import Label
from genlabel.rendering import verdict
from genlabel.rendering.escape import escape
from genlabel.report import (
    Finding,
    Integrity,
    Outcome,
    Report,
    Severity,
    SignReport,
    StripReport,
    Survival,
    Trouble,
)
from genlabel.traces import Trace

_WIDTH = 11
_COLOURS = {"red": 31, "green": 32, "yellow": 33, "bold": 1}  # ECMA-48 8.3.117 SGR
_SEVERITIES = {Severity.ERROR: "red", Severity.WARNING: "yellow"}
_INTEGRITIES = {Integrity.INTACT: "green", Integrity.BROKEN: "red"}
_FATES = {
    Survival.KEPT: "green",
    Survival.CHANGED: "yellow",
    Survival.BROKEN: "red",
    Survival.LOST: "red",
}
_OUTCOMES = {
    Outcome.SIGNED: "labelled and signed",
    Outcome.UNCHANGED: "says the same already, left alone",
    Outcome.KEPT: "left as it is, with its own manifest",
    Outcome.FAILED: "not signed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How much is shown, and whether in colour."""

    colour: bool = False
    verbose: bool = False
    """Notes, all fields of all marks and the ancestors too."""

    def paint(self, text: str, colour: str | None) -> str:
        """`text` in `colour`, where colours are wanted."""
        if not self.colour or colour is None:
            return text
        return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m"


def rendered(report: Report | StripReport | SignReport | Inspection, style: Style) -> str:
    """Any report, as one block of lines."""
    if isinstance(report, Report):
        return verified(report, style)
    if isinstance(report, StripReport):
        return stripped(report, style)
    if isinstance(report, SignReport):
        return signed(report, style)
    return inspected(report, style)


def verified(report: Report, style: Style) -> str:
    """The verdict on one picture."""
    return _block(report.path, _verdict(report, style), style)


def stripped(report: StripReport, style: Style) -> str:
    """What publication did to one picture."""
    rows: list[tuple[str, str]] = []
    if report.error is not None:
        return _block(report.path, _unjudged(report.error, style), style)
    if report.against:
        rows.append(("against", escape(report.against)))
    rows.extend(
        (mark.value, style.paint(fate.value, _FATES.get(fate)))
        for mark, fate in report.marks.items()
        if fate is not Survival.ABSENT or style.verbose
    )
    if not any(fate is not Survival.ABSENT for fate in report.marks.values()):
        rows.append(("marks", "none"))
    rows.extend(("gone", escape(block)) for block in report.lost_blocks)
    if report.pixels is not None:
        rows.append(("picture", _pixels(report)))
    if report.cause:
        rows.append(("likely by", escape(report.cause)))
    rows.extend(_findings(report.findings, style))
    return _block(report.path or report.against, rows, style)


def signed(report: SignReport, style: Style) -> str:
    """What signing one picture came to."""
    if report.error is not None:
        return _block(report.path, _unjudged(report.error, style, word="failed"), style)
    rows = [("outcome", style.paint(_OUTCOMES[report.outcome], "green"))]
    if report.output and report.output != report.path:
        rows.append(("output", escape(report.output)))
    if report.report is not None:
        rows.append(("declared", _declared(report.report)))
    if report.verifies_until is not None:
        rows.append(("verifies", f"until {rfc3339(report.verifies_until)} (no time-stamp)"))
    rows.extend(("replaced", escape(each)) for each in report.replaced)
    rows.extend(_findings(report.findings, style))
    if style.verbose and report.report is not None:
        rows.extend(_marks(report.report))
        rows.extend(_findings(report.report.findings, style))
    return _block(report.path, rows, style)


def inspected(report: Inspection, style: Style) -> str:
    """Everything that was seen in one picture."""
    if report.report.error is not None:
        return _block(report.path, _unjudged(report.report.error, style), style)
    size = f"{report.width} x {report.height}" if report.width and report.height else "?"
    frames = f", {report.frames} frames" if report.frames > 1 else ""
    rows = [("format", f"{report.report.format}, {size}{frames}, {report.report.bytes:,} bytes")]
    rows.extend(("block", f"{escape(str(each))} at {each.start:,}") for each in report.blocks)
    rows.extend(("slot", f"{escape(name)}, {size:,} bytes") for name, size in report.slots.items())
    if report.manifest is not None:
        facts = report.manifest
        rows.append(("made by", escape(facts.claim_generator or "nobody named")))
        rows.append(("assertions", ", ".join(escape(each) for each in facts.assertions) or "none"))
        rows.append(("actions", ", ".join(escape(each) for each in facts.actions) or "none shown"))
    rows.extend(("trace", _trace(each)) for each in report.traces)
    rows.extend(("personal", _trace(each)) for each in report.personal)
    rows.extend(_verdict(report.report, Style(colour=style.colour, verbose=True)))
    return _block(report.path, rows, style)


def public(label: Label, signer: Iterable[str], style: Style) -> str:
    """Every word that signing makes public: of the label, and of the certificate's holder."""
    rows = [
        (escape(what), escape(words, limit=None)) for what, words in verdict.public_words(label)
    ]
    rows.extend(("certificate", escape(name)) for name in signer)
    return _block("will be public", rows, style)


def personal(path: str, found: Iterable[Trace], style: Style) -> str:
    """What a file says about people already and will go on saying."""
    return _block(f"in {path} already", [("personal", _trace(each)) for each in found], style)


def summary(counts: Mapping[str, int]) -> str:
    """One line over all files."""
    files = counts["files"]
    parts = [f"{files:,} file{'' if files == 1 else 's'}"]
    for name, words in (
        ("errors", "with errors"),
        ("warnings", "with warnings"),
        ("unjudged", "that could not be judged"),
    ):
        if counts[name]:
            parts.append(f"{counts[name]:,} {words}")
    return ", ".join(parts) if len(parts) > 1 else parts[0] + ", nothing to object to"


def _block(title: str | None, rows: Iterable[tuple[str, str]], style: Style) -> str:
    several = list(rows)
    width = max((len(name) for name, _ in several if "\x1b" not in name), default=_WIDTH)
    lines = [style.paint(escape(title or "-", limit=None), "bold")]
    lines.extend(f"  {name:<{max(width, _WIDTH)}} {value}" for name, value in several)
    return "\n".join(lines) + "\n"


def _verdict(report: Report, style: Style) -> Iterator[tuple[str, str]]:
    if report.error is not None:
        yield from _unjudged(report.error, style)
        return
    yield (
        "integrity",
        style.paint(report.integrity.value, _INTEGRITIES.get(report.integrity))
        + f": {verdict.integrity(report)}",
    )
    if report.signer is not None:
        yield "signer", verdict.signer(report.signer)
    yield "declared", _declared(report)
    marks = ", ".join(mark.value for mark in report.marks)
    yield "marks", marks or "none"
    if lineage := verdict.lineage(report.lineage):
        yield "lineage", lineage
    if style.verbose:
        yield from _marks(report)
        for each in report.ingredients:
            name = escape(each.organisation or "nobody named")
            title = escape(each.title or "untitled")
            yield "ancestor", f"{'. ' * (each.depth - 1)}{title}: {each.integrity.value}, by {name}"
    yield from _findings(report.findings, style)


def _declared(report: Report) -> str:
    return verdict.declared(report.declared)


def _marks(report: Report) -> Iterator[tuple[str, str]]:
    for mark, said in report.marks.items():
        for name, value in said:
            text = value if isinstance(value, str) else "; ".join(value)
            yield mark.value, f"{name.replace('_', ' ')}: {escape(text)}"


def _findings(findings: Iterable[Finding], style: Style) -> Iterator[tuple[str, str]]:
    for each in findings:
        if each.severity is Severity.NOTE and not style.verbose:
            continue
        where = f" ({escape(each.where)})" if each.where else ""
        yield (
            style.paint(f"{each.severity.value:<{_WIDTH}}", _SEVERITIES.get(each.severity)),
            f"{escape(each.explanation)}{where} [{escape(each.code)}]",
        )


def _unjudged(
    trouble: Trouble, style: Style, *, word: str = "unjudged"
) -> Iterator[tuple[str, str]]:
    yield style.paint(f"{word:<{_WIDTH}}", "red"), escape(trouble.message)
    if trouble.remedy:
        yield "hint", escape(trouble.remedy)


def _pixels(report: StripReport) -> str:
    found = report.pixels
    if found is None or found.same_picture is None:
        return "could not be compared"
    words = "the same picture" if found.same_picture else "another picture"
    return f"{words}, {escape(found.change)}"


def _trace(trace: Trace) -> str:
    value = escape(trace.value, limit=80)
    return f"{escape(trace.where)}, {trace.size:,} bytes: {value}"
