"""The XMP packet as bytes: encodings and the ``<?xpacket?>`` wrapper.

XMP specification part 1 (ISO 16684-1) §7.3, part 3 §1.1.3. We read every encoding that the
specification ever allowed, with or without wrapper, and write UTF-8.
"""

from __future__ import annotations

import codecs

from genlabel.formats.format import MAX_METADATA
from genlabel.metadata.encoding import decoded
from genlabel.model.errors import MalformedMetadata
from genlabel.model.expression import expression

HEADER = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'.encode()
TRAILER = b'<?xpacket end="w"?>'

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16 LE, whose mark begins it
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Without byte order mark the nulls around the first "<" tell (XML 1.0 appendix F).
_NULLS = (
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0<", "utf-16-be"),
    (b"<\0", "utf-16-le"),
)
_BLANK = "\ufeff\0 \t\r\n"
_BEGIN = expression(r"<\?xpacket\s+begin[^>]*>|<\?xml\s[^>]*>")
_BARE = expression(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});)")
_CONTROL = expression(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_CONTROL_REFERENCE = expression(
    rb"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|[xX]0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]));"
)


def body_of(payload: bytes) -> bytes:
    """The XML of a packet in UTF-8, without wrapper, XML declaration and padding.

    Empty when nothing but wrapper and blanks is there. Raises `MalformedMetadata` when it is too
    large or its encoding is broken.
    """
    return _cut(payload)[0]


def behind(payload: bytes) -> str:
    """What stands behind the end of the wrapper and is no padding. Raises as `body_of`."""
    return _cut(payload)[1]


def _cut(payload: bytes) -> tuple[bytes, str]:
    if len(payload) > MAX_METADATA:
        raise MalformedMetadata(f"xmp: {len(payload):,} bytes, at most {MAX_METADATA:,} are read")
    text = _text_of(payload).strip(_BLANK)
    while (begin := _BEGIN.match(text)) is not None:
        text = text[begin.end() :].lstrip(_BLANK)
    # Only padding and junk stand behind the end of the wrapper; a processing instruction of that
    # name has no business inside the packet.
    end, tail = text.rfind("<?xpacket end"), ""
    if end >= 0:
        tail = text[end:].partition("?>")[2].strip(_BLANK)
        text = text[:end]
    text = text.strip(_BLANK)
    if text and not text.startswith("<"):
        # Some writers leave a keyword or a length before the packet.
        text = text[max(text.find("<"), 0) :]
    return text.encode(), tail


def wrap(body: bytes) -> bytes:
    """The whole packet around `body`.

    Without room for editors that write in place (ISO 16684-1 §7.3.2): a packet of ours is signed
    along, and whoever edits it breaks the manifest.
    """
    return HEADER + body + b"\n" + TRAILER


def repaired(body: bytes) -> bytes:
    """`body` with the two faults that careless writers make put right: bare ampersands and
    characters that XML cannot carry."""
    return _CONTROL_REFERENCE.sub(b"", _CONTROL.sub(b"", _BARE.sub(b"&amp;", body)))


def _text_of(payload: bytes) -> str:
    encoding = next((name for bom, name in _BOMS if payload.startswith(bom)), None)
    if encoding is None:
        head = payload.lstrip(b" \t\r\n")[:4]
        encoding = next((name for nulls, name in _NULLS if head.startswith(nulls)), None)
    if encoding is None:
        return decoded(payload)
    width = 4 if "32" in encoding else 2 if "16" in encoding else 1
    try:
        # A stray byte at the end is a writer's padding, no reason to refuse the packet.
        return payload[: len(payload) // width * width].decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8":
            return decoded(payload)
        raise MalformedMetadata(
            f"xmp: byte {error.start:,} is no {encoding.upper()}",
            remedy="remove the damaged XMP packet, or replace it",
        ) from error
