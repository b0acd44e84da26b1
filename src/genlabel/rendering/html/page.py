"""Page: a run as one document: counts, filters, a list of all files, each file, what codes mean."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from genlabel.model.escape import escape
from genlabel.model.report import Mark, Survival
from genlabel.model.serialise import rfc3339
from genlabel.model.version import __version__
from genlabel.model.words.catalogue import ENGLISH, Catalogue, catalogue
from genlabel.model.words.translation import numeral, translated
from genlabel.rendering.html.article import THERE, VERDICTS, Article, link
from genlabel.rendering.html.code_list import code_list
from genlabel.rendering.json import Frame

MOST = 2_900_000
"""Most bytes of a page, so that a browser opens it at once and it can be sent by mail."""
SHARE = 0.6
"""Of the room that there is, what goes to the first files whole; and to the list of all files."""
MAX_NAME = 200
"""Most characters of a path in the list."""

# No script, no request, no form: whatever a file's text tries, the page can only be looked at.
_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'"
)
_FATES = (*(each.value for each in (
    Survival.BROKEN, Survival.LOST, Survival.CHANGED, Survival.KEPT, Survival.ABSENT,
)), THERE)  # fmt: skip
_TONES = {"unjudged": "bad", "error": "bad", "warning": "doubtful", "fine": "good", "seen": "quiet"}


def page(
    frame: Frame, articles: Iterable[Article], counts: Mapping[str, int], *, language: str = ENGLISH
) -> str:
    """The whole run as one HTML document of at most `MOST` bytes, gravest files first.

    What has no room is left out in this order, and the page says how much: pictures and details of
    the least grave files, then all about them but a line in the list, then that line. Every word
    from a file is escaped.
    """
    words = catalogue(language)
    ranked = sorted(articles, key=lambda each: VERDICTS.index(each.verdict))
    name = f"page.title-{frame.schema.removeprefix('genlabel.').partition('/')[0]}"
    title = words.say(name) if name in words else frame.schema
    marks = [each.value for each in Mark if any(each.value in file.marks for file in ranked)]
    codes = code_list(ranked, words)
    shown = "".join(_files(ranked, MOST - _size(codes) - 30_000, words))
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{_safe(title)}</title>
<style>
{Path(__file__).with_name("page.css").read_text("utf-8")}{"".join(_filter_rules(marks))}</style>
</head>
<body>
<header>
<h1>{_safe(title)}</h1>
<p class="quiet">{_safe("; ".join(_facts(frame, counts, words)))}</p>
</header>
<main>
{"".join(_overview(ranked, marks, words))}{shown}{"".join(_meanings(marks, words))}{codes}</main>
</body>
</html>
"""


def _facts(frame: Frame, counts: Mapping[str, int], words: Catalogue) -> Iterator[str]:
    yield f"genlabel {__version__}"
    yield rfc3339(frame.started)
    for name, version in frame.engine.items():
        yield f"{name} {version}"
    if frame.policy:
        yield words.say("page.policy", name=frame.policy)
    lists = ", ".join(translated(each, words.language) for each in frame.trust_lists)
    yield words.say("page.trust", lists=lists) if lists else words.say("page.trust-nobody")
    if counts.get("passed_over"):
        yield words.say("page.passed-over", count=numeral(counts["passed_over"], words.language))


def _overview(ranked: list[Article], marks: list[str], words: Catalogue) -> Iterator[str]:
    """The run in numbers, where there is more than one file."""
    if len(ranked) < 2:
        return
    yield f'<section aria-labelledby="overview"><h2 id="overview">{_said(words, "overview")}</h2>\n'
    yield from _verdicts(ranked, marks, words)
    if any(fate != THERE for file in ranked for fate in file.marks.values()):
        yield from _survivals(ranked, marks, words)
    yield "</section>\n"


def _meanings(marks: list[str], words: Catalogue) -> Iterator[str]:
    """What each mark is, in a sentence, and what none of them means."""
    if not marks:
        return
    yield f'<section aria-labelledby="marks"><h2 id="marks">{_said(words, "marks")}</h2>'
    yield '<dl class="marks">\n'
    for mark in marks:
        yield f'<dt id="mark-{mark}" translate="no">{mark}</dt>'
        yield f"<dd>{_said(words, f'mark-{mark}')}</dd>\n"
    yield f'</dl>\n<p class="quiet">{_said(words, "limits")}</p></section>\n'


def _marked(mark: str) -> str:
    """A mark's name, leading to what it is."""
    return f'<a href="#mark-{mark}" translate="no">{mark}</a>'


def _verdicts(ranked: list[Article], marks: list[str], words: Catalogue) -> Iterator[str]:
    """How many files of each verdict there are, and how many of them hold each mark."""
    yield f'<table class="counts"><caption>{_said(words, "caption-verdicts")}</caption><thead><tr>'
    yield f'<th scope="col">{_said(words, "verdict")}</th>'
    yield f'<th scope="col" class="count">{_said(words, "files")}</th>'
    for mark in marks:
        yield f'<th scope="col" class="count">{_marked(mark)}</th>'
    yield "</tr></thead><tbody>"
    for verdict in VERDICTS:
        files = [each for each in ranked if each.verdict == verdict]
        if not files:
            continue
        yield f'<tr><th scope="row" class="{_TONES[verdict]}">{_said(words, verdict)}</th>'
        numbers = (len(files), *(sum(mark in each.held for each in files) for mark in marks))
        yield from (f'<td class="count">{numeral(each, words.language)}</td>' for each in numbers)
        yield "</tr>"
    yield "</tbody></table>\n"


def _survivals(ranked: list[Article], marks: list[str], words: Catalogue) -> Iterator[str]:
    """What became of each mark, in numbers of files."""
    counted = Counter(each for file in ranked for each in file.marks.items())
    fates = [fate for fate in _FATES if any(counted[mark, fate] for mark in marks)]
    yield f'<table class="counts"><caption>{_said(words, "caption-marks")}</caption><thead><tr>'
    yield f'<th scope="col">{_said(words, "mark")}</th>'
    for fate in fates:
        yield f'<th scope="col" class="count">{_said(words, f"fate-{fate}")}</th>'
    yield "</tr></thead><tbody>"
    for mark in marks:
        yield f'<tr><th scope="row">{_marked(mark)}</th>'
        yield from (
            f'<td class="count">{numeral(counted[mark, fate], words.language)}</td>'
            for fate in fates
        )
        yield "</tr>"
    yield "</tbody></table>\n"


def _files(ranked: list[Article], room: int, words: Catalogue) -> Iterator[str]:
    """Filters and the list where there are several files, and what is said about each."""
    if not ranked:
        yield f"<p>{_said(words, 'none')}</p>\n"
        return
    lines = [_line(number, file, words) for number, file in enumerate(ranked)]
    listed = _first(lines, int(room * SHARE)) if len(ranked) > 1 else 0
    room -= sum(map(_size, lines[:listed]))
    whole, short = _fitted(ranked, room)
    kept = whole | short
    if len(ranked) > 1:
        yield f'<section aria-labelledby="list"><h2 id="list">{_said(words, "list")}</h2>\n'
        yield from _filters(ranked, words)
        yield f'<table class="list"><caption>{_said(words, "caption-list")}</caption><thead><tr>'
        for column in ("picture", "verdict", "marks-held", "finding"):
            yield f'<th scope="col">{_said(words, column)}</th>'
        yield "</tr></thead><tbody>\n"
        for number, line in enumerate(lines[:listed]):
            yield line if number in kept else line.replace(f' href="#file-{number}"', "", 1)
        yield "</tbody></table>\n"
        if listed < len(ranked):
            yield _left_out("not-listed", len(ranked) - listed, words)
        yield "</section>\n"
    title = "each" if len(ranked) > 1 else "the-file"
    yield f'<section aria-labelledby="files"><h2 id="files">{_said(words, title)}</h2>\n'
    if short:
        yield _left_out("shortened", len(short), words)
    if len(kept) < len(ranked):
        yield _left_out("line-only", len(ranked) - len(kept), words)
    for number, file in enumerate(ranked):
        if number in kept:
            yield file.rendered(number, whole=number in whole)
    yield "</section>\n"


def _left_out(name: str, count: int, words: Catalogue) -> str:
    return (
        f"<p>{html.escape(words.say(f'page.{name}', count=numeral(count, words.language)))}</p>\n"
    )


def _first(lines: list[str], room: int) -> int:
    """How many of them have room."""
    for number, line in enumerate(lines):
        room -= _size(line)
        if room < 0:
            return number
    return len(lines)


def _fitted(ranked: list[Article], room: int) -> tuple[set[int], set[int]]:
    """Which files are shown whole and which without pictures and details, in `room` bytes."""
    sizes = [
        (_size(each.rendered(number, whole=True)), _size(each.rendered(number, whole=False)))
        for number, each in enumerate(ranked)
    ]
    if sum(whole for whole, _ in sizes) <= room:
        return set(range(len(ranked))), set()
    wholes, shorts, used = set[int](), set[int](), 0
    for number, (whole, short) in enumerate(sizes):
        if used + whole <= room * SHARE:
            wholes.add(number)
            used += whole
        elif used + short <= room:
            shorts.add(number)
            used += short
    return wholes, shorts


def _line(number: int, file: Article, words: Catalogue) -> str:
    name = file.heading if len(file.heading) <= MAX_NAME else _cut(file.heading)
    finding = link(file.finding) if file.finding in file.codes else file.finding
    return (
        f'<tr class="{file.classes}"><th scope="row"><a href="#file-{number}">{name}</a></th>'
        f'<td class="{_TONES[file.verdict]}">{_said(words, file.verdict)}</td>'
        f'<td translate="no">{" ".join(file.held) or "-"}</td><td>{finding or "-"}</td></tr>\n'
    )


def _cut(escaped: str) -> str:
    """The beginning of a long path, and its end, where names differ."""
    plain = html.unescape(escaped)
    return html.escape(f"{plain[: MAX_NAME // 3]}…{plain[-MAX_NAME // 2 :]}")


def _filters(ranked: list[Article], words: Catalogue) -> Iterator[str]:
    """Choices that rules of the style sheet obey."""
    verdicts = Counter(file.verdict for file in ranked)
    named = [(each, _said(words, each), verdicts[each]) for each in VERDICTS if verdicts[each]]
    yield from _choice("verdict", named, len(ranked), words)
    lacking = []
    for mark in (each.value for each in Mark):
        count = sum(mark not in file.held for file in ranked)
        if count > 0 and any(mark in file.marks for file in ranked):
            lacking.append((mark, f'<span translate="no">{mark}</span>', count))
    yield from _choice("lacking", lacking, len(ranked), words) if lacking else ()


def _choice(
    of: str, named: list[tuple[str, str, int]], count: int, words: Catalogue
) -> Iterator[str]:
    yield f"<fieldset><legend>{_said(words, f'show-{of}')}</legend>"
    first = ("all", _said(words, f"all-{of}"), count)
    for value, name, files in (first, *named):
        checked = " checked" if value == "all" else ""
        radio = f'<input type="radio" name="{of}" id="{of}-{value}"{checked}>'
        yield f"<label>{radio} {name} ({numeral(files, words.language)})</label>"
    yield "</fieldset>\n"


def _filter_rules(marks: list[str]) -> Iterator[str]:
    for each in VERDICTS:
        yield f"main:has(#verdict-{each}:checked) .file:not(.{each}) {{ display: none; }}\n"
    for each in marks:
        yield f"main:has(#lacking-{each}:checked) .file.has-{each} {{ display: none; }}\n"


def _said(words: Catalogue, name: str) -> str:
    """A word of the page; marked where this language lacks it and English says it."""
    name = f"page.{name}"
    said = html.escape(words.say(name))
    return said if name in words.own else f'<span lang="{ENGLISH}">{said}</span>'


def _size(text: str) -> int:
    return len(text.encode())


def _safe(plain: str) -> str:
    return html.escape(escape(plain, limit=None))
