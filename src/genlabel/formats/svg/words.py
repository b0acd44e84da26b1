"""What a drawing says and does not draw: titles, descriptions, comments, and metadata beside XMP.

SVG 2 §5.8 (desc, title) and §5.10 (metadata).
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping

from genlabel.formats.format import FormatSurvey
from genlabel.formats.slots import MAX_TEXT, MAX_TEXTS, Slot, numbered
from genlabel.formats.svg import xmp_packet
from genlabel.formats.svg.scanner import Markup
from genlabel.model.expression import expression

_WORDED = expression(rb"<(?:[\w.-]{1,64}:)?(title|desc)(?:\s[^<>]*)?>([^<]+)")
_LEAF = expression(rb"(?:<(?:[\w.-]{1,64}:)?(?P<name>[\w.-]{1,64})[^<>]*>)?(?P<text>[^<>]+)")
"""A text with the name of the element that begins before it."""
_STORE = b"c2pa:manifest"
_OPENS, _CLOSES = b"<!--", b"-->"


def texts(survey: FormatSurvey[Markup]) -> Mapping[Slot, bytes]:
    """The texts that are not drawn, by keywords; none of a file in UTF-16."""
    return numbered((name, html.unescape(_plain(raw)).encode()) for name, raw in _found(survey))


def _found(survey: FormatSurvey[Markup]) -> Iterator[tuple[str, bytes]]:
    whole = bytes(survey.data)
    for number, match in enumerate(_WORDED.finditer(whole)):
        if number == MAX_TEXTS // 2:
            break
        yield match[1].decode(), match[2]
    yield from _comments(whole)
    for each in survey.parsed.metadata:
        packets = xmp_packet.packets(survey.data, each.children)
        marks = [(one.start, one.end) for one in packets]
        marks += [(one.start, one.end) for one in each.children if one.name == _STORE]
        start, rest = each.element.open_end, []
        for begins, ends in sorted(marks):
            rest.append(whole[start:begins])
            start = ends
        rest.append(whole[start : each.element.close_start])
        for leaf in _LEAF.finditer(b" ".join(rest)[:MAX_TEXT]):
            name = (leaf["name"] or b"").decode("utf-8", "replace")
            if leaf["text"].strip():
                yield f"metadata {name}".rstrip(), leaf["text"]


def _comments(whole: bytes) -> Iterator[tuple[str, bytes]]:
    at = whole.find(_OPENS)
    for _ in range(MAX_TEXTS // 4):
        end = whole.find(_CLOSES, at) if at >= 0 else -1
        if end < 0:
            return
        yield "Comment", whole[at + len(_OPENS) : end]
        at = whole.find(_OPENS, end)


def _plain(raw: bytes) -> str:
    return " ".join(raw[:MAX_TEXT].decode("utf-8", "replace").split())
