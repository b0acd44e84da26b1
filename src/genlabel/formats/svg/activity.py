"""What in a drawing runs, or is loaded from outside: what is shown may change and no byte with it.

Every tag is looked at as the scanner reads it: no entity is fetched, and those of plain text are
filled in once. SVG 2 §15, §16; XML 1.0 §4; CSS Syntax §4.3.7.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping

from genlabel.formats.svg import scanner
from genlabel.model.errors import MalformedAsset
from genlabel.model.expression import expression

MAX_KINDS = 64
"""Most different things that are told of one file."""
MAX_ENTITY = 256
"""Most bytes of an entity's text that is filled in; a longer one counts as hidden markup."""

_ATTRIBUTE = expression(rb"""([^\s=/>"']++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")
_ENTITY = expression(rb"""<!ENTITY\s++(%\s++)?+([^\s"'<>]++)\s++(?:"([^"]*+)"|'([^']*+)'|(\w++))""")
_ATTRIBUTE_LIST = expression(rb"<!ATTLIST\s([^<>]*+)")
_DEFAULT = expression(rb"\s(?:on\w++|(?:\w++:)?+href|src|style)\s")
_HINT = expression(rb"[(&:\\]|on|href|src|poster|data|attributename", re.IGNORECASE)
"""In every tag that could do anything; in few of the others."""
_CALL = rb"""(?<![rR][lL])(?<![sS][rR][cC])(?<![aA][gG][eE])(?<![sS][eE][tT])\(|\(#|/(?!\*)"""
_VALUE = (  # the first way is the usual one
    rb"""[^%s&(:\\@/]*+%s|(?:(?![jJvVdDhH\x00-\x20\x80-\xff])(?:[^%s&(\\@/]++|%s)*+"""
    rb"""|(?:[^%s&(:\\@/]++|%s)*+)%s"""
)
_INERT = expression(
    rb"""(?:[^<]*+<(?:"""
    rb"""(?:[a-egi-rt-z]|(?![sS][cC]|[sS][tT][yY]|[hH][aA]|[fF][oO][rR])[a-zA-Z])[-\w.]*+"""
    rb"""(?:\s++(?:[bce-gi-mnqrt-z]|d(?==)|"""
    rb"""(?![oO][nN]|[hH][rR]|[sS][rR]|[pP][oO][sS]|[dD][aA]|[aA][tT])[a-zA-Z])[-\w.]*+"""
    rb"""=(?:"(?:%s)|'(?:%s)))*+\s*+/?+>|/[a-zA-Z][-\w.:]*+\s*+>))++"""
    % tuple(_VALUE % (quote, quote, quote, _CALL, quote, _CALL, quote) for quote in (b'"', b"'")),
    re.ASCII,
)
"""Tags that can do nothing, of which drawings mostly consist, and the text between: no name of an
element or attribute that counts, no value that could be an address that runs, no reference, and of
what style sheets know only functions that load nothing, and addresses within the document."""
_WINDOW = 16 * 1024
"""Bytes of which is asked at once whether any of them could do anything."""
_LOUD = b"(&:\\@!?"
_WORDS = tuple(
    (frozenset(word), word)
    for word in (
        *(b"on", b"href", b"src", b"poster", b"attributename", b"script", b"handler"),
        *(b"foreignobject", b"style", b"object"),
    )
)
"""No tag without any of `_LOUD` and of these words, in whatever case, does anything. Each is told
with its letters: that bytes lack one of those is found much sooner than that they lack a word."""
_LONGEST = max(len(word) for _, word in _WORDS)
_LETTERS = frozenset().union(*(letters for letters, _ in _WORDS))
_LOWER = bytes(range(256)).lower()
_DULL = b"0123456789.,- \t\r\n"
"""What paths are made of, and neither those words nor `_LOUD`."""
_SHEET = expression(rb"""\?xml-stylesheet\s(?:.*?\s)??href\s*+=\s*+["']([^"']*+)""", re.DOTALL)
_CSS_ESCAPE = expression(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
_CSS_COMMENT = expression(r"/\*.*?\*/", re.DOTALL)
_CSS_PLACE = expression(
    r"""(?:url|src|image|image-set)\(\s*+(?:"([^"]*+)"|'([^']*+)'|([^)"']*+))"""
    r"""|@import\s*+(?:"([^"]*+)"|'([^']*+)')""",
    re.IGNORECASE,
)
_IGNORED = expression(r"[\x00-\x20]++")  # browsers skip these in and before a scheme
_CDATA = b"<![CDATA["
_RUNS = ("javascript:", "vbscript:", "data:text/html", "data:application/xhtml")
_SCRIPTS = frozenset({"script", "handler"})
_ANIMATIONS = frozenset({"animate", "set", "animatetransform", "animatemotion", "animatecolor"})
_PLACES = frozenset({"href", "src", "srcset", "poster"})
_FOREIGN = "http://www.w3.org/1999/xhtml"
_STYLES = frozenset(
    [
        "style",
        "fill",
        "stroke",
        "filter",
        "mask",
        "clip-path",
        "cursor",
        "marker",
        "marker-start",
        "marker-mid",
        "marker-end",
        "color-profile",
    ]
)


def activity(view: memoryview) -> Iterator[str]:
    """Each kind of thing that runs or is loaded, once, as a short clause without the file's text.

    Where the markup is damaged programs stop reading, and so does this.
    """
    seen: set[str] = set()
    for clause in _Drawing(view).clauses():
        if clause not in seen:
            seen.add(clause)
            yield clause
        if len(seen) == MAX_KINDS:
            return


class _Drawing:
    """One pass over the markup."""

    def __init__(self, view: memoryview) -> None:
        self.view = view
        self.entities: Mapping[str, str] = {}
        self.foreign_object = self.foreign_markup = False

    def clauses(self) -> Iterator[str]:
        at, style = 0, False
        quiet = _quiet_from(self.view)
        sheet: list[str] = []  # the text of one style element, whatever stands between its parts
        while style or at < quiet:
            if not style and (inert := _INERT.match(self.view, at, quiet)) is not None:
                at = inert.end()
            try:
                tag = scanner.following(self.view, at)
            except MalformedAsset:
                break
            if style:
                sheet.append(self._text(bytes(self.view[at : tag.start()])))
                if tag[0].startswith(_CDATA):
                    sheet.append(tag[0][len(_CDATA) : -3].decode("utf-8", "replace"))
            at = tag.end()
            name = tag["name"]
            if name is None:
                yield from self._between(tag)
                continue
            if style:
                yield from _styles("".join(sheet))
                sheet.clear()
            local = name.rpartition(b":")[2].decode("utf-8", "replace").lower()
            style = local == "style" and tag["close"] is None and not tag["rest"].endswith(b"/")
            if tag["close"] is None:
                yield from self._tag(local, tag["rest"])
        if self.foreign_object and self.foreign_markup:
            yield "HTML in a foreignObject"

    def _between(self, markup: re.Match[bytes]) -> Iterator[str]:
        """An instruction or a document type."""
        if markup["pi"] is not None:
            sheet = _SHEET.match(markup["pi"])
            if sheet is not None and _outside(self._text(sheet[1])):
                yield "a style sheet from outside"
        elif markup["doctype"] is not None:
            yield from self._document_type(markup["doctype"])

    def _document_type(self, doctype: bytes) -> Iterator[str]:
        entities: dict[str, str] = {}
        for parameter, name, double, single, _ in map(re.Match.groups, _ENTITY.finditer(doctype)):
            text = single if double is None else double
            if parameter or text is None:
                yield "an entity from outside"
            elif len(text) > MAX_ENTITY or b"<" in text or b"&" in text:
                yield "an entity that hides markup"
            else:
                entities.setdefault(
                    name.decode("utf-8", "replace"), text.decode("utf-8", "replace")
                )
        self.entities = entities
        if any(_DEFAULT.search(each[1]) for each in _ATTRIBUTE_LIST.finditer(doctype)):
            yield "attributes that the document type adds"

    def _tag(self, element: str, rest: bytes) -> Iterator[str]:
        if element in _SCRIPTS:
            yield "a script"
        self.foreign_object |= element == "foreignobject"
        if _HINT.search(rest) is None:
            return
        for match in _ATTRIBUTE.finditer(rest):
            name = match[1].decode("utf-8", "replace")
            value = self._text(match[3] if match[2] is None else match[2])
            yield from self._attribute(element, name, value)

    def _attribute(self, element: str, name: str, value: str) -> Iterator[str]:
        prefix, _, local = name.rpartition(":")
        local = local.lower()
        if not prefix and len(local) > 2 and local.startswith("on"):
            yield "an event handler"
        if _IGNORED.sub("", value).lower().startswith(_RUNS):
            yield "an address that is a script"
        self.foreign_markup |= value.strip() == _FOREIGN
        if element in _ANIMATIONS and local == "attributename":
            target = value.strip().rpartition(":")[2].lower()
            if target in _PLACES or target.startswith("on"):
                yield "an animated address"
        loads = local in _PLACES or (element == "object" and local == "data")
        if loads and element != "a" and _outside(value):
            yield f"something loaded from outside ({_kind(element)})"
        if name == "xml:base" and _outside(value):
            yield "addresses that begin outside"
        if local == "srcdoc":
            yield "HTML in an attribute"
        if local in _STYLES or "(" in value:
            yield from _styles(value)

    def _text(self, value: bytes) -> str:
        """`value` with references filled in."""
        text = value.decode("utf-8", "replace")
        if "&" not in text:
            return text
        if self.entities:
            text = re.sub(r"&([^\s&;#]++);", lambda each: self.entities.get(each[1], each[0]), text)
        return html.unescape(text)


def _quiet_from(view: memoryview) -> int:
    """Where the longest end of the markup begins in which no tag can do anything."""
    at = len(view)
    while at > 0:
        start = max(0, at - _WINDOW)
        if not _is_quiet(bytes(view[start : at + _LONGEST])):
            break
        at = start
    return at


def _is_quiet(markup: bytes) -> bool:
    """Can no tag that lies in it do anything?"""
    text = markup.translate(_LOWER, _DULL)
    if any(each in text for each in _LOUD):
        return False
    there = {each for each in _LETTERS if each in text}
    return not any(letters <= there and word in text for letters, word in _WORDS)


def _styles(text: str) -> Iterator[str]:
    """What a style sheet or a value in its syntax loads."""
    if "\\" in text:
        text = _CSS_ESCAPE.sub(_unescaped, text)
    if "/*" in text:
        text = _CSS_COMMENT.sub("", text)
    for match in _CSS_PLACE.finditer(text):
        place = next((each for each in match.groups() if each is not None), "")
        if _outside(place):
            imports = match[0].startswith("@")
            yield "a style sheet from outside" if imports else "something loaded by a style"


def _unescaped(match: re.Match[str]) -> str:
    if match[1] is None:
        return match[2]
    point = int(match[1], 16)
    return chr(point) if 0 < point < 0x110000 and not 0xD800 <= point < 0xE000 else "\ufffd"


def _outside(address: str) -> bool:
    """Does it lead anywhere but into this document or into itself?"""
    target = _IGNORED.sub("", address).lower()
    return bool(target) and not target.startswith(("#", "data:"))


def _kind(element: str) -> str:
    """The element's name if it is one of those that everybody knows; files invent others."""
    return element if element in _KNOWN else "another element"


_KNOWN = frozenset(
    [
        "image",
        "use",
        "feimage",
        "lineargradient",
        "radialgradient",
        "pattern",
        "filter",
        "script",
        "textpath",
        "mpath",
        "cursor",
        "font-face-uri",
        "iframe",
        "img",
        "video",
        "audio",
        "link",
    ]
)
