"""An XMP packet among the children of a metadata element: found, checked, put into other encodings.

XMP specification part 3 §2.6.2 (SVG): the packet, with or without its wrapper, stands in metadata.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.parsers import expat

from genlabel.formats.svg import scanner
from genlabel.formats.svg.scanner import Child, Element
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset, MalformedMetadata
from genlabel.model.expression import expression

_BEGIN, _END = b"?xpacket begin", b"?xpacket end"
_PACKETS = (b"xmpmeta", b"xapmeta")
# Encodings in which every byte of ASCII says what it says in ASCII.
_ASCII_BASED = expression(r"us-ascii|ascii|iso-8859-(?:[1-9]|1[013-6])|windows-125[0-8]|koi8-[ru]")
_BEYOND = expression(r"&#(?:x([0-9a-fA-F]{2,6})|([0-9]{3,7}));")
_DECLARATION = expression(rb"""\sxmlns:([^\s=<>"']++)\s*=\s*(?:"[^"]*"|'[^']*')""")
_PREFIX = expression(rb"[<\s/]([^\s<>/=\"':]+):[^\s:=]")
_NAME = expression(rb"[^\s/>]+")
_FORBIDDEN = expression(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|<!DOCTYPE", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Packet:
    """Where a packet lies, wrapper included."""

    start: int
    root: int
    """Where its outermost element begins."""
    end: int


def packets(view: memoryview, children: Sequence[Child]) -> Iterator[Packet]:
    """The packets among the children of one metadata element.

    A bare ``rdf:RDF`` counts when it describes in XMP's way; Inkscape's ``cc:Work`` is no XMP.
    """
    for index, child in enumerate(children):
        if child.name.startswith(b"?"):
            continue
        before = children[index - 1] if index else None
        wrapped = (
            before is not None
            and before.name.startswith(_BEGIN)
            and not bytes(view[before.end : child.start]).strip()
        )
        local = child.name.rpartition(b":")[2]
        described = child.first.rpartition(b":")[2] == b"Description"
        if local not in _PACKETS and not (local == b"RDF" and (wrapped or described)):
            continue
        end = child.end
        after = children[index + 1] if index + 1 < len(children) else None
        if wrapped and after is not None and after.name.startswith(_END):
            end = after.end
        start = before.start if wrapped and before is not None else child.start
        yield Packet(start, child.start, end)


def checked(payload: bytes) -> bytes:
    """`payload`, if it can stand in a drawing without harming it. Raises `MalformedMetadata`."""
    view = memoryview(payload + b"</metadata>")
    try:
        children, close, _ = scanner.children_of(view, 0)
        places = [(packet.start, packet.end) for packet in packets(view, children)]
        if places != [(0, close)] or close != len(payload) or _FORBIDDEN.search(payload):
            raise MalformedMetadata("it is not one packet")
        expat.ParserCreate("utf-8", namespace_separator=" ").Parse(payload, True)
    except (MalformedAsset, MalformedMetadata, expat.ExpatError) as error:
        raise MalformedMetadata(
            f"xmp that is no well-formed packet ({error}): it would make the drawing unreadable",
            remedy="repair or remove the XMP packet",
        ) from error
    return payload


def read(view: memoryview, packet: Packet, around: Sequence[Element], encoding: str) -> bytes:
    """The packet in UTF-8, with the namespace declarations that it borrows from `around` it."""
    raw = bytes(view[packet.start : packet.end])
    declared = _borrowed(view, raw, around)
    if declared:
        name = _NAME.match(raw, packet.root - packet.start + 1)
        at = name.end() if name else len(raw)
        raw = raw[:at] + declared + raw[at:]
    return raw if is_utf8(encoding) else _to_utf8(raw, encoding)


def written(payload: bytes, encoding: str) -> bytes:
    """The packet as it stands in a file of this encoding; `read` gives it back.

    Raises `MalformedMetadata` for an encoding that is not based on ASCII.
    """
    if is_utf8(encoding):
        return payload
    if not _ASCII_BASED.fullmatch(encoding):
        raise MalformedMetadata(
            f"svg in {encoding}: xmp is written into UTF-8 and encodings based on ASCII",
            remedy="save the drawing as UTF-8",
        )
    # A processing instruction holds no references: the wrapper goes without its byte order mark.
    text = payload.decode().replace('begin="\ufeff"', 'begin=""', 1)
    raw = text.encode("ascii", "xmlcharrefreplace")
    if _to_utf8(raw, encoding) != payload:
        raise MalformedMetadata(
            f"svg in {encoding}: the xmp packet cannot be said in it",
            remedy="save the drawing as UTF-8",
        )
    return raw


def is_utf8(encoding: str) -> bool:
    """Is this the name of UTF-8?"""
    return encoding in ("utf-8", "utf8")


def _to_utf8(raw: bytes, encoding: str) -> bytes:
    if not _ASCII_BASED.fullmatch(encoding):
        return raw
    text = raw.decode(encoding, "replace").replace('begin=""', 'begin="\ufeff"', 1)
    return _BEYOND.sub(_character, text).encode()


def _character(reference: re.Match[str]) -> str:
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    beyond = 0x80 <= code < 0xD800 or 0xE000 <= code < 0x110000
    return chr(code) if beyond else reference[0]


def _borrowed(view: memoryview, raw: bytes, around: Sequence[Element]) -> bytes:
    """Declarations of the elements around that the packet uses and lacks, innermost first."""
    own = set(_DECLARATION.findall(raw))
    used = set(_PREFIX.findall(raw)) - own
    lines = b""
    for element in reversed(around):
        tag = bytes(view[element.start : element.open_end])
        for declaration in _DECLARATION.finditer(tag):
            if declaration[1] in used:
                used.discard(declaration[1])
                lines += b" " + declaration[0].strip()
    return lines
