"""HTML: one page about a run to hand on, complete in itself and without any script."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping

from genlabel.model.escape import escape
from genlabel.model.report import Severity
from genlabel.model.serialise import rfc3339
from genlabel.model.version import __version__
from genlabel.model.words.catalogue import ENGLISH
from genlabel.rendering import json, rows, text
from genlabel.rendering.json import AnyReport, Frame
from genlabel.rendering.row import Row

Picture = Callable[[str], str | None]
"""From a report's path to a small picture as ``data:`` URI; None where there is none."""

# No script, no request, no form: whatever a file's text tries, the page can only be looked at.
_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'"
)
_STYLE = """
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.3rem; }
article { display: grid; grid-template-columns: 10.5rem 1fr; gap: 1rem; padding: 1rem 0;
  border-top: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
article img { max-width: 160px; max-height: 160px; }
h2 { font-size: 1rem; margin: 0 0 .4rem; overflow-wrap: anywhere; }
table { border-spacing: 0; font-size: .9rem; }
th, td { padding: .1rem 0; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { width: 6.5rem; font-weight: normal; color: color-mix(in srgb, currentColor 65%, transparent); }
th.bad, b.bad { color: #b3261e; font-weight: 600; }
th.doubtful, b.doubtful { color: #8a6100; font-weight: 600; }
b.good { color: #1b6e3c; }
summary { cursor: pointer; font-size: .85rem; margin-top: .4rem; }
.error h2::before { content: "error: "; color: #b3261e; }
.warning h2::before { content: "warning: "; color: #8a6100; }
.unjudged h2::before { content: "not judged: "; color: #b3261e; }
.nothing { color: color-mix(in srgb, currentColor 60%, transparent); }
@media (max-width: 40rem) { article { grid-template-columns: 1fr; } }
"""
_TITLES: Mapping[str, str] = {
    json.VERIFY: "Labels verified",
    json.STRIP: "Labels after publication",
    json.SIGN: "Pictures labelled",
    json.INSPECT: "Pictures inspected",
    json.EXPLAIN: "Labels explained",
}


def page(
    frame: Frame, articles: Iterable[str], counts: Mapping[str, int], *, language: str = ENGLISH
) -> str:
    """The whole run as one HTML document: its reports' `articles`, their `json.summary` above.

    Every word from a file is escaped.
    """
    title = _TITLES.get(frame.schema, frame.schema)
    facts = [f"genlabel {__version__}", rfc3339(frame.started)]
    facts.extend(f"{name} {version}" for name, version in frame.engine.items())
    if frame.policy:
        facts.append(f"rule book {frame.policy}")
    lists = ", ".join(frame.trust_lists)
    facts.append(f"trust: {lists}" if lists else "trust: nobody")
    shown = "\n".join(articles)
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{_safe(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{_safe(title)}</h1>
<p>{_safe(text.summary(counts))}.</p>
<p class="nothing">{_safe("; ".join(facts))}</p>
{shown}
</body>
</html>
"""


def article(report: AnyReport, picture: Picture, *, language: str = ENGLISH) -> str:
    """One report with a small copy of its picture, verdicts in `language`."""
    small = picture(report.path) if report.path else None
    # The URI was made by us from pixels; escaped all the same.
    image = (
        f'<img alt="" src="{html.escape(small)}">' if small else '<span class="nothing">-</span>'
    )
    listed = rows.of(report, language)
    details = [row for row in listed if row.detail]
    summary = f"<summary>every field, {len(details)} lines</summary>"
    more = f"<details>{summary}{_table(details)}</details>" if details else ""
    heading = _safe(rows.title(report) or "-")
    return (
        f'<article class="{_class(report)}"><div>{image}</div><div><h2>{heading}</h2>'
        f"{_table(row for row in listed if not row.detail)}{more}</div></article>"
    )


def _table(several: Iterable[Row]) -> str:
    return "<table>" + "".join(map(_row, several)) + "</table>"


def _row(row: Row) -> str:
    tone = f' class="{row.tone}"' if row.tone else ""
    if not row.verdict:
        name = f"<th{tone}>{html.escape(row.name)}</th>"
        return f"<tr>{name}<td>{html.escape(row.words)}</td></tr>"
    words = f": {html.escape(row.words)}" if row.words else ""
    value = f"<b{tone}>{html.escape(row.verdict)}</b>{words}"
    return f"<tr><th>{html.escape(row.name)}</th><td>{value}</td></tr>"


def _class(report: AnyReport) -> str:
    if report.KIND in ("inspect", "explain"):
        return "seen"
    if report.unjudged:
        return "unjudged"
    worst = report.worst()
    return worst.value if worst in (Severity.ERROR, Severity.WARNING) else "fine"


def _safe(plain: str) -> str:
    return html.escape(escape(plain, limit=None))
