"""What the text chunks of a PNG file say: tEXt, zTXt, iTXt and ImageMagick's raw profiles.

PNG third edition §11.3.3. Decompression is bounded, for one chunk and for the whole file.
"""

from __future__ import annotations

import zlib

from genlabel.formats.edits import in_utf8
from genlabel.formats.slots import EXIF, IIM, MAX_METADATA, XMP, Slot, SlotKind
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata

TYPES = frozenset({b"tEXt", b"zTXt", b"iTXt"})
XMP_KEYWORD = "XML:com.adobe.xmp"  # XMP part 3 §1.1.5
RAW_PROFILE = "Raw profile type "
_PROFILES = {"xmp": XMP, "exif": EXIF, "iptc": IIM}
_APP1 = "APP1"
"""A raw profile of either kind; its first bytes tell."""
_MAX_KEYWORD = 79  # PNG §11.3.3.2


@dataclass(frozen=True, slots=True)
class Text:
    """One text chunk, read: where it belongs and what it says."""

    slot: Slot
    payload: bytes
    native: bool = True
    """False for a raw profile: a payload in the place where one program puts it."""


def keyword(content: memoryview) -> str:
    """The keyword of a text chunk; empty when there is none of legal length."""
    head, separator, _ = bytes(content[: _MAX_KEYWORD + 1]).partition(b"\0")
    return head.decode("latin-1") if separator else ""


def slot_of(kind: bytes, content: memoryview) -> Slot | None:
    """Which mark's slot a text chunk is for, found without reading all of it."""
    key = keyword(content)
    if key == XMP_KEYWORD:
        return XMP
    if not key.startswith(RAW_PROFILE) or kind == b"iTXt":
        return None
    name = key.removeprefix(RAW_PROFILE)
    if name != _APP1:
        return _PROFILES.get(name)
    start = bytes(content[len(key) + 1 :][:256])
    if kind == b"zTXt":
        try:
            start = zlib.decompressobj().decompress(content[len(key) + 2 :], 256)
        except zlib.error:
            return None
    from genlabel.formats.jpeg.segments import EXIF_HEADER, XMP_HEADER

    headers = ((XMP_HEADER, XMP), (EXIF_HEADER, EXIF))
    return next((slot for header, slot in headers if header.hex().encode() in start.lower()), None)


def is_hidden(kind: bytes, content: memoryview) -> bool:
    """Is what a text chunk says not in its bytes as it is: compressed, or in hexadecimal digits?"""
    key = keyword(content)
    if kind == b"iTXt":
        return len(content) > len(key) + 1 and content[len(key) + 1] != 0
    return kind == b"zTXt" or key.startswith(RAW_PROFILE)


def read(kind: bytes, content: memoryview, budget: int = MAX_METADATA) -> Text:
    """What a text chunk says; at most `budget` bytes of it.

    Raises `MalformedMetadata` with a short clause when it cannot be read within the budget.
    """
    key = keyword(content)
    if not key:
        raise MalformedMetadata("has no keyword")
    raw = _text(kind, content[len(key) + 1 :], budget)
    if key == XMP_KEYWORD:
        return Text(XMP, raw)
    if key.startswith(RAW_PROFILE) and kind != b"iTXt":
        profile = _profile(key.removeprefix(RAW_PROFILE), raw)
        if profile is not None:
            return profile
    # Latin-1 by the letter, yet many programs write UTF-8 here.
    return Text(Slot(SlotKind.TEXT, key), raw if kind == b"iTXt" else in_utf8(raw))


def xmp(packet: bytes) -> bytes:
    """The content of an iTXt chunk that carries an XMP packet, uncompressed (XMP part 3 §1.1.5)."""
    return XMP_KEYWORD.encode("ascii") + b"\0\0\0\0\0" + packet


def _text(kind: bytes, rest: memoryview, budget: int) -> bytes:
    if kind == b"tEXt":
        return _within(rest, budget)
    if kind == b"zTXt":
        if len(rest) < 1 or rest[0] != 0:
            raise MalformedMetadata("has an unknown compression method")
        return _inflate(rest[1:], budget)
    if len(rest) < 2:
        raise MalformedMetadata("ends in its header")
    compressed, method = rest[0], rest[1]
    at = 2
    for _ in range(2):  # language tag and translated keyword
        end = _find_nul(rest, at)
        if end is None:
            raise MalformedMetadata("ends in its header")
        at = end + 1
    if not compressed:
        return _within(rest[at:], budget)
    if method != 0:
        raise MalformedMetadata("has an unknown compression method")
    return _inflate(rest[at:], budget)


def _find_nul(view: memoryview, start: int, window: int = 4096) -> int | None:
    """The next NUL within a window: no language tag or keyword is longer."""
    at = bytes(view[start : start + window]).find(b"\0")
    return None if at < 0 else start + at


def _within(view: memoryview, budget: int) -> bytes:
    if len(view) > budget:
        raise MalformedMetadata(f"has more than {budget:,} bytes, not read")
    return bytes(view)


def _inflate(packed: memoryview, budget: int) -> bytes:
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(packed, budget + 1)
    except zlib.error as error:
        raise MalformedMetadata("does not decompress") from error
    if len(text) > budget:
        raise MalformedMetadata(f"decompresses to more than {budget:,} bytes, not read")
    if not inflater.eof:
        raise MalformedMetadata("does not decompress to its end")
    return text


def _profile(name: str, raw: bytes) -> Text | None:
    """A raw profile's payload; None for profiles that hold none of our marks.

    The text is name, length and hexadecimal digits, each on lines of their own.
    """
    if name not in (*_PROFILES, _APP1):
        return None
    lines = raw.lstrip(b"\n").split(b"\n", 2)
    length = lines[1].strip() if len(lines) == 3 else b""
    if not length.isdigit() or len(length) > 9:
        raise MalformedMetadata("is no raw profile")
    from genlabel.formats.jpeg.image_resources import iim
    from genlabel.formats.jpeg.segments import EXIF_HEADER, PHOTOSHOP_HEADER, XMP_HEADER

    # Some writers leave rubbish behind the last digit: the length decides.
    digits = lines[2].translate(None, b" \t\r\n")[: 2 * int(length)]
    try:
        data = bytes.fromhex(digits.decode("ascii"))
    except ValueError as error:
        raise MalformedMetadata("is no raw profile") from error
    if name == "iptc" and data.startswith(b"\x1c"):  # IIM 4.2 §1.5: datasets without a wrapper
        return Text(IIM, data, native=False)
    if name == "iptc":
        found = iim(data.removeprefix(PHOTOSHOP_HEADER)).data
        return Text(IIM, found, native=False) if found is not None else None
    if name == "xmp" or data.startswith(XMP_HEADER):
        return Text(XMP, data.removeprefix(XMP_HEADER), native=False)
    if name == "exif" or data.startswith(EXIF_HEADER):
        return Text(EXIF, data.removeprefix(EXIF_HEADER), native=False)
    return None
