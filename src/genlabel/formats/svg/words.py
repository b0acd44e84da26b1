"""What a drawing says and does not draw: titles, descriptions, comments, and metadata beside XMP.

SVG 2 §5.8 (desc, title) and §5.10 (metadata).
"""

from __future__ import annotations

import html
from collections.abc import Collection, Iterator, Mapping

from genlabel.formats.edits import Edit, Span
from genlabel.formats.format import FormatSurvey
from genlabel.formats.slots import MAX_TEXT, MAX_TEXTS, Slot, placed, texts_of
from genlabel.formats.svg import scanner, xmp_packet
from genlabel.formats.svg.scanner import Markup
from genlabel.model.errors import MalformedAsset
from genlabel.model.expression import expression

_WORDED = expression(rb"<(?:[\w.-]{1,64}:)?(title|desc)(?:\s[^<>]*)?>([^<]+)")
_LEAF = expression(rb"(?:<(?:[\w.-]{1,64}:)?(?P<name>[\w.-]{1,64})[^<>]*>)?(?P<text>[^<>]+)")
"""A text with the name of the element that begins before it."""
_STORE = b"c2pa:manifest"
_OPENS, _CLOSES = b"<!--", b"-->"


def texts(survey: FormatSurvey[Markup]) -> Mapping[Slot, bytes]:
    """The texts that are not drawn, by keywords; none of a file in UTF-16."""
    return texts_of(_found(survey))


def without(survey: FormatSurvey[Markup], slots: Collection[Slot]) -> list[Edit]:
    """Edits that take out these texts, and comments whole, where the drawing's own markup has them:
    what only looks like one, such as in a script, stays.
    """
    if not slots:
        return []
    gone = {span for slot, _, span in placed(_found(survey)) if slot in slots}
    stands: set[Span] = set()
    last = 0
    for start, end in _tags(survey.data):
        if survey.data[start : start + len(_OPENS)] == _OPENS:
            stands.add((start, end))
        else:
            stands.update(each for each in gone if last <= each[0] and each[1] <= start)
        last = end
    return [Edit(start, end, b"") for start, end in sorted(stands & gone)]


def _tags(view: memoryview) -> Iterator[Span]:
    """Tags, comments and all else that is no text, in order, as far as the document goes."""
    at = 0
    while True:
        try:
            markup = scanner.following(view, at)
        except MalformedAsset:
            return
        yield markup.span()
        at = markup.end()


def _found(survey: FormatSurvey[Markup]) -> Iterator[tuple[str, bytes, Span]]:
    """Name and text in UTF-8, and where that stands, comments with what encloses them."""
    whole = bytes(survey.data)
    for number, match in enumerate(_WORDED.finditer(whole)):
        if number == MAX_TEXTS // 2:
            break
        yield match[1].decode(), _plain(match[2]), match.span(2)
    for start, end in _comments(whole):
        yield "Comment", _plain(whole[start + len(_OPENS) : end - len(_CLOSES)]), (start, end)
    for each in survey.parsed.metadata:
        packets = xmp_packet.packets(survey.data, each.children)
        marks = [(one.start, one.end) for one in packets]
        marks += [(one.start, one.end) for one in each.children if one.name == _STORE]
        start, left = each.element.open_end, MAX_TEXT
        for begins, ends in (*sorted(marks), (each.element.close_start, 0)):
            for leaf in _LEAF.finditer(whole, start, min(begins, start + left)):
                name = (leaf["name"] or b"").decode("utf-8", "replace")
                if leaf["text"].strip():
                    yield f"metadata {name}".rstrip(), _plain(leaf["text"]), leaf.span("text")
            left -= max(0, min(begins - start, left))
            start = ends


def _comments(whole: bytes) -> Iterator[Span]:
    at = whole.find(_OPENS)
    for _ in range(MAX_TEXTS // 4):
        end = whole.find(_CLOSES, at) if at >= 0 else -1
        if end < 0:
            return
        end += len(_CLOSES)
        yield at, end
        at = whole.find(_OPENS, end)


def _plain(raw: bytes) -> bytes:
    text = " ".join(raw[:MAX_TEXT].decode("utf-8", "replace").split())
    return html.unescape(text).encode()
