"""Rows: what a report says, as pairs of name and words, before anyone has formatted them.

Everything that comes from a file is escaped here, once, for every form of output.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from genlabel.model.escape import MAX_SHOWN, escape, quoted, sentence, worded
from genlabel.model.expression import expression
from genlabel.model.report import (
    Finding,
    Form,
    Integrity,
    Mark,
    Report,
    Severity,
    Survival,
    Trouble,
)
from genlabel.model.serialise import rfc3339
from genlabel.model.words.catalogue import ENGLISH, catalogue
from genlabel.model.words.sentences import survival
from genlabel.model.words.translation import translated
from genlabel.model.words.typography import colon
from genlabel.rendering import judgements, phrases
from genlabel.rendering.row import Row as Row

if TYPE_CHECKING:
    from genlabel.metadata.generator_traces import Trace
    from genlabel.model.results import SignReport, StripReport
    from genlabel.operations.inspect import Inspection

MAX_VALUES = 20
MAX_STEPS = 100
"""Most values of one field that are shown."""
_EITHER = expression("(; or |; and )")
_OUTCOMES = {
    "signed": "labelled and signed",
    "stamped": "time-stamped",
    "marked": "marked, and not signed",
    "unchanged": "says the same already, left alone",
    "kept": "left as it is, with its own manifest",
    "failed": "not signed",
}
_TONES: dict[object, str] = {
    Severity.ERROR: "bad",
    Severity.WARNING: "doubtful",
    Integrity.INTACT: "good",
    Integrity.BROKEN: "bad",
    Form.MALFORMED: "bad",
    Survival.KEPT: "good",
    Survival.CHANGED: "doubtful",
    Survival.BROKEN: "bad",
    Survival.LOST: "bad",
}


def of(report: Any, language: str = ENGLISH) -> list[Row]:
    """Any report, line by line, details included; verdicts in `language`, codes as they are."""
    listed = list(_rows_of(report.KIND)(report, language))
    return listed if language == ENGLISH else [_in(each, language) for each in listed]


def _in(row: Row, language: str) -> Row:
    """The row in another language, as far as its sentences have a translation; codes stay."""
    is_mark = row.name in {mark.value for mark in Mark}
    name = row.name if is_mark else _name(translated(row.name, language), language)
    verdict = translated(row.verdict, language) if " " in row.verdict else row.verdict
    words = translated(row.words, language)
    return replace(row, name=name, words=words, verdict=verdict, colon=colon(language))


def title(report: Any) -> str | None:
    """What a report is about: mostly the file's path."""
    names = (getattr(report, each, None) for each in ("path", "against", "name", "certificates"))
    return next((name for name in names if name), None)


def traces(several: Iterable[Trace], name: str) -> Iterator[Row]:
    """What generators left behind, or what is said about people."""
    for trace in several:
        value = quoted(trace.value)
        shown = f": {value}" if trace.value else ""
        yield Row(name, f"{escape(trace.where)}, {trace.size:,} bytes{shown}")


def _verified(report: Report, language: str) -> Iterator[Row]:
    if report.error is not None:
        yield from trouble(report.path, report.error, "unjudged", language)
        return
    yield Row(
        _name("integrity", language),
        phrases.integrity(report, language),
        verdict=report.integrity.value,
        tone=_TONES.get(report.integrity),
    )
    if report.form is not Form.NONE:
        yield Row(
            _name("form", language),
            phrases.form(report, language),
            verdict=report.form.value,
            tone=_TONES.get(report.form),
            detail=report.form is Form.WELL_FORMED or report.unjudged,
        )
    if report.sidecar is not None:
        where = catalogue(language).say("words.in-sidecar", file=escape(report.sidecar))
        yield Row(_name("manifest", language), where)
    if signer := phrases.signer(report, language):
        yield Row(_name("signer", language), signer)
    if until := phrases.until(report, language):
        yield Row(_name("verifies", language), until)
    for actor in report.identities:
        yield Row(_name("identity", language), phrases.actor(actor, language))
    if names := phrases.names(report, language):
        yield Row(_name("names", language), names)
    yield Row(_name("declared", language), phrases.declared(report, language))
    marks = ", ".join(mark.value for mark in carried(report))
    yield Row(_name("marks", language), marks or catalogue(language).say("words.none"))
    if report.visible:
        yield Row(_name("visible", language), phrases.declared_visible(report.visible, language))
    if mining := phrases.mining(report, language):
        yield Row(_name("mining", language), mining)
    if lineage := phrases.lineage(report, language):
        yield Row(_name("lineage", language), lineage)
    if steps := phrases.steps(report, language):
        yield Row(_name("steps", language), steps)
    yield from _details(report, language)
    yield from _findings(report.findings, language=language)
    yield from judgements.rows(report.judgements, language)


def carried(report: Report) -> list[Mark]:
    """The marks that are there; a manifest that declares nothing is one, too."""
    is_there = report.integrity is not Integrity.ABSENT and report.reason != "remote-only"
    silent = [Mark.MANIFEST] if is_there and Mark.MANIFEST not in report.marks else []
    return [*silent, *report.marks]


def _details(report: Report, language: str = ENGLISH) -> Iterator[Row]:
    for mark, declaration in report.marks.items():
        for name, value in declaration:
            values = (value,) if isinstance(value, str) else value
            text = "; ".join(quoted(each, limit=MAX_SHOWN) for each in values[:MAX_VALUES])
            yield Row(mark.value, f"{name.replace('_', ' ')}: {text}", detail=True)
    for each in report.ingredients:
        who = phrases.signer_of(each, language)
        title = quoted(each.title) if each.title else "untitled"
        state = "unsigned" if each.integrity is Integrity.ABSENT else each.integrity.value
        signed = "" if each.integrity is Integrity.ABSENT else f", by {who}"
        words = f"{'. ' * (each.depth - 1)}{title}: {state}{signed}"
        yield Row(_name("ancestor", language), words, detail=True)
    if len(report.steps) > MAX_STEPS:
        count = f"{len(report.steps) - MAX_STEPS:,}"
        earlier = catalogue(language).say("words.steps-earlier", count=count)
        yield Row(_name("step", language), earlier, detail=True)
    for step in report.steps[-MAX_STEPS:]:
        yield Row(_name("step", language), phrases.step(step, language), detail=True)


def _stripped(report: StripReport, language: str) -> Iterator[Row]:
    if report.error is not None:
        yield from trouble(report.path, report.error, "unjudged", language)
        return
    if report.against and report.pixels is None:  # it stands above; all that it had is lost
        yield from _findings(report.findings, language=language)
        return
    if report.against:
        yield Row(_name("against", language), phrases.original(report, language))
    alone = report.against is None and report.pixels is None
    for mark, fate in report.marks.items():
        absent = fate is Survival.ABSENT
        words, word = catalogue(language), fate.value
        if alone and fate is Survival.KEPT:  # nothing is known of what it said before
            yield Row(mark.value, "", verdict=words.say("words.there"), tone=_TONES.get(fate))
            continue
        # in English the word itself says it
        short = words.say(f"{survival(mark, fate)}.short") if language != ENGLISH else ""
        yield Row(mark.value, short, verdict=word, tone=_TONES.get(fate), detail=absent)
        for kind in ("lay", "not") if not alone else ():
            sentence = catalogue(language).say(f"{survival(mark, fate)}.{kind}")
            yield Row(mark.value, sentence, detail=True)
    if all(fate is Survival.ABSENT for fate in report.marks.values()):
        yield Row(_name("marks", language), catalogue(language).say("words.none"))
    for block in report.lost_blocks:
        yield Row(_name("gone", language), escape(block))
    if report.pixels is not None and (words_of_it := phrases.pixels(report.pixels, language)):
        yield Row(_name("picture", language), words_of_it)
    if report.cause:
        parts = _EITHER.split(escape(report.cause))
        cause = "".join(translated(each, language) for each in parts)
        yield Row(_name("likely", language), cause)
    for each in report.advice:
        yield Row(_name("keeps", language), escape(each))
    yield from _findings(report.findings, language=language)


_ALREADY_DRAWN = "genlabel.visible.already-drawn"


def _signed(report: SignReport, language: str) -> Iterator[Row]:
    if report.error is not None:
        yield from trouble(report.path, report.error, "failed", language)
        if report.report is not None:
            yield from _findings(report.report.findings, language=language)
            yield from judgements.rows(report.report.judgements, language)
        return
    yield Row("outcome", "", verdict=_OUTCOMES[report.outcome.value], tone="good")
    if report.output and report.output != report.path:
        yield Row("output", escape(report.output))
    if report.sidecar is not None:
        yield Row(
            _name("manifest", language), f"{escape(report.sidecar)}, to be kept beside the picture"
        )
    if report.visible is not None:
        yield Row(_name("visible", language), phrases.visible(report.visible))
    for found in report.findings:
        if found.code == _ALREADY_DRAWN:
            yield Row(_name("visible", language), translated(found.explanation, language))
    if report.report is not None:
        yield Row("declared", phrases.declared(report.report, language))
        for actor in report.report.identities:
            yield Row("identity", phrases.actor(actor, language))
    if report.stamped_at is not None:
        yield Row("stamped", f"at {rfc3339(report.stamped_at)}, by the authority's clock")
    if report.verifies_until is not None:
        room = ", with room for one" if report.needs_stamp else ""
        yield Row("verifies", f"until {rfc3339(report.verifies_until)} (no time-stamp{room})")
    for each in report.taken:
        yield Row("taken", escape(each))
    for each in report.replaced:
        yield Row("replaced", escape(each))
    for word in report.public:
        name = _name("stays" if word.stays else "public", language)
        yield Row(name, f"{worded(word.where)}: {quoted(word.text, limit=MAX_SHOWN)}")
    yield from _findings(report.findings, language=language)
    if report.report is not None:
        yield from _details(report.report, language)
        yield from _findings(report.report.findings, language=language)
        yield from judgements.rows(report.report.judgements, language)


def _inspected(report: Inspection, language: str) -> Iterator[Row]:
    if report.error is not None:
        yield from trouble(report.path, report.error, "unjudged", language)
        return
    size = f"{report.width} x {report.height}" if report.width and report.height else "?"
    frames = f", {report.frames} frames" if report.frames > 1 else ""
    yield Row(
        "format", f"{report.report.format_name}, {size}{frames}, {report.report.size:,} bytes"
    )
    for block in report.blocks:
        yield Row("block", f"{escape(str(block))} at {block.start:,}")
    for name, length in report.slots.items():
        yield Row("slot", f"{escape(name)}, {length:,} bytes")
    if report.manifest is not None:
        facts = report.manifest
        maker = facts.claim_generator
        yield Row("made by", quoted(maker, limit=MAX_SHOWN) if maker else "nobody named")
        yield Row("assertions", ", ".join(map(worded, facts.assertions)) or "none")
        yield Row("actions", ", ".join(map(worded, facts.actions)) or "none shown")
        for label, content in facts.custom.items():
            yield Row("custom", f"{worded(label)}: {escape(content)}")
    yield from traces(report.traces, "trace")
    yield from traces(report.personal, "personal")
    if report.foreign is not None:
        for row in _details(report.report, language):
            yield Row(row.name, row.words)
        yield Row("label", escape(report.foreign, limit=None), tone="doubtful")
        return
    for row in _verified(report.report, language):
        yield replace(row, detail=False)


def _findings(findings: Iterable[Finding], *, language: str = ENGLISH) -> Iterator[Row]:
    for each in findings:
        where = f" ({worded(each.where)})" if each.where else ""
        shown = f"{sentence(phrases.finding(each, language))}{where} [{escape(each.code)}]"
        if each.accepted is not None:
            accepted = f"{_name('accepted', language)}{colon(language)}"
            shown = f"{shown}; {accepted}{quoted(each.accepted)}"
        yield Row(
            _name(each.severity.value, language),
            shown,
            tone=_TONES.get(each.severity) if each.accepted is None else None,
            detail=each.severity is Severity.NOTE,
            code=each.code,
        )


def trouble(path: str | None, error: Trouble, word: str, language: str) -> Iterator[Row]:
    """Why nothing came of the file at `path`, which stands above, and need not be named again."""
    yield Row(_name(word, language), sentence(error.message.removeprefix(f"{path}: ")), tone="bad")
    if error.remedy:
        yield Row(_name("hint", language), sentence(error.remedy))


def _name(row: str, language: str) -> str:
    """What a row is called; the names that only English has are used as they are."""
    name = f"row.{row}"
    words = catalogue(language)
    return words.say(name) if name in words else row


_ROWS: Mapping[str, Callable[[Any, str], Iterable[Row]]] = {
    "verify": _verified,
    "strip": _stripped,
    "sign": _signed,
    "inspect": _inspected,
}
"""By `KIND`, as every public report has it."""
_ELSEWHERE = {
    "explain": ("explained", "rows"),
    "doctor": ("checks", "diagnosis"),
    "keys-check": ("checks", "credential"),
    "trust": ("trust_lists", "rows"),
    "trust-update": ("trust_lists", "changes"),
    "policies": ("rule_books", "book"),
    "source-lines": ("source_lines", "rows"),
    "rule": ("rule_books", "rule"),
}
"""The others: module of this package and function, loaded with the first such report."""


def _rows_of(kind: str) -> Callable[[Any, str], Iterable[Row]]:
    if kind in _ROWS:
        return _ROWS[kind]
    module, name = _ELSEWHERE[kind]
    rows: Callable[[Any, str], Iterable[Row]] = getattr(
        import_module(f"genlabel.rendering.{module}"), name
    )
    return rows
