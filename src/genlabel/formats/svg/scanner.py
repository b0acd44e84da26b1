"""The markup of an SVG file as far as labels need it: root, metadata elements, what is in those.

A scanner of bytes, not a parser: no entity is expanded, nothing is fetched, no tree is built, and
how deep a drawing is nested is a number. XML 1.0 §2; SVG 1.1 §21.
"""

from __future__ import annotations

import re

from genlabel.formats.slots import MAX_BLOCKS
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset
from genlabel.model.expression import expression

# Every repetition is possessive: a file that fails to match fails at once.
_QUOTED = rb"""(?:[^>"']++|"[^"]*+"|'[^']*+')*+"""
_SUBSET = rb"""\[(?:[^\]"'<]++|"[^"]*+"|'[^']*+'|<!--.*?-->|<\?.*?\?>|<(?!!--|\?))*+\]"""
_MARKUP = expression(
    rb"<(?:(?P<close>/)?+(?P<name>[^\s<>/!?=\"'&]++)(?P<rest>" + _QUOTED + rb")>"
    rb"|!--.*?-->|(?P<pi>\?.*?\?>)|!\[CDATA\[.*?\]\]>"
    rb"|(?P<doctype>!(?i:DOCTYPE)\s(?:[^\[>\"']++|\"[^\"]*+\"|'[^']*+')*+(?:"
    + _SUBSET
    + rb"\s*+)?+>))",
    re.DOTALL,
)
_TEXT = expression(rb"[^<]*+")
# Elements without elements in them, of which drawings mostly consist, passed over in one go.
_ATTRIBUTES = rb"""(?:[^>"'/]++|/(?!>)|"[^"]*+"|'[^']*+')*+"""
_LEAVES = (
    rb"(?:[^<]++|<(?!%s[\s/>])[^\s<>/!?=\"'&]++" + _ATTRIBUTES + rb"(?:/>|>[^<]*+</[^<>]*+>))*+"
)
_TAIL = 1024
"""Last bytes in which the root's end tag is looked for before all tags are counted."""
_BOM = b"\xef\xbb\xbf"
_DECLARED = expression(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]++)["']""")


@dataclass(frozen=True, slots=True)
class Element:
    """An element: its start tag, and where its end tag is."""

    name: bytes
    start: int
    open_end: int
    """Offset behind the start tag."""
    close_start: int
    """Where the end tag begins; `open_end` when the element is self-closing."""
    end: int

    @property
    def self_closing(self) -> bool:
        """Written ``<name/>``?"""
        return self.close_start == self.end


@dataclass(frozen=True, slots=True)
class Child(Element):
    """An element that stands directly in a metadata element, or a processing instruction, whose
    name is ``?`` and all of its content.
    """

    first: bytes = b""
    """The name of the first element inside, if any."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """A metadata element in the root, and its children."""

    element: Element
    children: tuple[Child, ...]


@dataclass(frozen=True, slots=True)
class Markup:
    """The markup of a file."""

    root: Element
    encoding: str
    """As declared, lower case; ``utf-8`` when nothing is."""
    metadata: tuple[Metadata, ...]

    @property
    def prefix(self) -> bytes:
        """The root's namespace prefix with its colon; empty in nearly all files."""
        return self.root.name.removesuffix(b"svg")


def begins(head: bytes) -> bool:
    """Do these first bytes open an SVG document? A cut-off head decides by what is there."""
    at = len(_BOM) if head.startswith(_BOM) else 0
    while True:
        at = _behind_blanks(head, at)
        tag = _MARKUP.match(head, at)
        if tag is None:
            cut = head[at : at + 64].lower()
            return bool(re.match(rb"<!doctype\s+(?:\w+:)?svg\b|<(?:\w+:)?svg\s", cut))
        if tag["name"] is not None:
            return tag["close"] is None and is_svg(tag["name"])
        at = tag.end()


def is_svg(name: bytes) -> bool:
    """Is this the name of an SVG root, with or without a prefix?"""
    prefix, _, local = name.rpartition(b":")
    return local == b"svg" and b":" not in prefix


def read(view: memoryview) -> Markup:
    """Root and metadata of a document. Raises `MalformedAsset` where the markup ends early."""
    at = _behind_blanks(view, len(_BOM) if view[:3] == _BOM else 0)
    tag = following(view, at)
    while tag["name"] is None:
        tag = following(view, _behind_blanks(view, tag.end()))
    name = tag["name"]
    if tag["close"] is not None or not is_svg(name):
        raise MalformedAsset("svg", "its first element is not svg", offset=tag.start())
    start, open_end = tag.span()
    declared = _DECLARED.match(view, at)
    encoding = declared[1].decode("ascii", "replace").lower() if declared else "utf-8"
    if tag["rest"].endswith(b"/"):
        root = Element(name, start, open_end, open_end, open_end)
        return Markup(root, encoding, ())
    called = name.removesuffix(b"svg") + b"metadata"
    close_start, end, metadata = _content(view, open_end, called)
    return Markup(Element(name, start, open_end, close_start, end), encoding, tuple(metadata))


def _content(view: memoryview, at: int, called: bytes) -> tuple[int, int, list[Metadata]]:
    """Everything in the root, to its end tag: where that lies, and the metadata on the way.

    Tags are counted only as far as something is called metadata: behind that, a drawing of
    megabytes is passed over to the end tag that ends the file.
    """
    root = called.removesuffix(b"metadata") + b"svg"
    candidate = re.compile(rb"<" + re.escape(called) + rb"[\s/>]")
    leaves = re.compile(_LEAVES % re.escape(called))
    metadata: list[Metadata] = []
    depth, ahead = 1, candidate.search(view, at)
    while True:
        while ahead is not None and ahead.start() < at:
            ahead = candidate.search(view, at)
        if ahead is None and (last := _last_tag(view, at, root)) is not None:
            return *last, metadata
        passed = leaves.match(view, at)
        tag = following(view, passed.end() if passed else at)
        at = tag.end()
        name = tag["name"]
        if name is None:
            continue
        if tag["close"] is not None:
            depth -= 1
            if not depth:
                return tag.start(), at, metadata
        elif depth == 1 and name == called:
            metadata.append(_metadata(view, tag))
            at = metadata[-1].element.end
            if len(metadata) > MAX_BLOCKS:
                raise MalformedAsset("svg", f"more than {MAX_BLOCKS:,} metadata elements")
        elif not tag["rest"].endswith(b"/"):
            depth += 1


def _last_tag(view: memoryview, at: int, root: bytes) -> tuple[int, int] | None:
    """The end tag of the root, when nothing but blanks follows it; None when that is not sure."""
    tail = max(at, len(view) - _TAIL)
    last = re.search(rb"</" + re.escape(root) + rb"\s*>\s*\Z", view[tail:])
    if last is None:
        return None
    start = tail + last.start()
    return start, start + last[0].index(b">") + 1


def _metadata(view: memoryview, tag: re.Match[bytes]) -> Metadata:
    at = tag.end()
    if tag["rest"].endswith(b"/"):
        return Metadata(Element(tag["name"], tag.start(), at, at, at), ())
    children, close_start, end = children_of(view, at)
    return Metadata(Element(tag["name"], tag.start(), at, close_start, end), tuple(children))


def children_of(view: memoryview, at: int) -> tuple[list[Child], int, int]:
    """The elements and processing instructions from `at` on, and where the end tag around them is.

    Raises `MalformedAsset` when there is none.
    """
    children: list[Child] = []
    open_tag: re.Match[bytes] | None = None
    first = b""
    depth = 0
    while True:
        tag = following(view, at)
        at = tag.end()
        if len(children) > MAX_BLOCKS:
            raise MalformedAsset("svg", f"more than {MAX_BLOCKS:,} children of metadata", offset=at)
        name = tag["name"]
        if name is None:
            if tag["pi"] is not None and not depth:
                children.append(Child(tag["pi"], tag.start(), at, at, at))
        elif tag["close"] is not None:
            depth -= 1
            if depth < 0:
                return children, tag.start(), at
            if not depth and open_tag is not None:
                place = (*open_tag.span(), tag.start(), at)
                children.append(Child(open_tag["name"], *place, first=first))
        else:
            self_closing = tag["rest"].endswith(b"/")
            if depth == 1 and not first:
                first = name
            if not depth:
                open_tag, first = tag, b""
                if self_closing:
                    children.append(Child(name, tag.start(), at, at, at))
            depth += not self_closing


def following(view: memoryview, at: int) -> re.Match[bytes]:
    """The next tag, comment, instruction, CDATA section or document type at or behind `at`."""
    text = _TEXT.match(view, at)
    start = text.end() if text else at
    markup = _MARKUP.match(view, start)
    if markup is None:
        what = "ends before its root element does" if start >= len(view) else "is no markup"
        raise MalformedAsset("svg", f"{what}, at {start:,}", offset=start)
    return markup


def _behind_blanks(data: bytes | memoryview, at: int) -> int:
    while at < len(data) and data[at] in b" \t\r\n":
        at += 1
    return at
