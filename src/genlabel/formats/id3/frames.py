"""The content of ID3 frames, in a form that does not depend on how a tag codes it.

ID3v2.4 frames §4. A strip-check and the read-back compare other people's frames by it, and a frame
that is not built as its id promises is known before anything is signed.
"""

from __future__ import annotations

import hashlib

from genlabel.formats.edits import printable
from genlabel.formats.id3 import tag as id3
from genlabel.formats.id3.tag import Frame, Tag
from genlabel.formats.slots import MAX_METADATA
from genlabel.model.errors import MalformedAsset
from genlabel.model.expression import expression
from genlabel.model.named_tuple import NamedTuple

XMP_OWNER = b"XMP\0"
"""Owner of the PRIV frame that holds XMP (XMP part 3 §1.1.4)."""
C2PA_TYPES = (b"application/c2pa", b"application/x-c2pa-manifest-store")
"""Media types of the GEOB frame that holds a manifest; the second one is the older."""

# ID3v2.4 §4: encodings of text, and the bytes that end a text in each
_ENCODINGS = ("latin-1", "utf-16", "utf-16-be", "utf-8")
_ENDS = (b"\0", b"\0\0", b"\0\0", b"\0")
_LANGUAGE = 3
_TEXTS = frozenset((b"IPLS", b"GRP1", b"MVNM", b"MVIN"))
"""Texts whose id does not begin with T: one of ID3v2.3, the others of iTunes."""
_CHAPTERS = {b"CHAP": 16, b"CTOC": 2}
"""Frames that hold frames, and the bytes between their name and those."""
_CHAPTER = expression(rb"C(?:HAP|TOC)[\x00-\x0f]")
_WIDE_CHAPTER = expression(rb"C(?:HAP|TOC)[\x00-\x7f]")


class MalformedFrame(ValueError):
    """A frame that is not built as its id promises."""


class FrameText(NamedTuple):
    """The content of one frame, in words."""

    key: str
    """The id, with what tells frames of this id apart, such as ``TXXX prompt``."""
    text: bytes
    """A text in UTF-8; of anything else its length and digest."""


def is_xmp(data: memoryview, frame: Frame) -> bool:
    """Does the frame hold the XMP packet?"""
    return frame.id == b"PRIV" and not frame.coded and _begins(data, frame, XMP_OWNER)


def is_manifest(data: memoryview, frame: Frame) -> bool:
    """Does the frame hold a C2PA manifest store?"""
    return (
        frame.id == b"GEOB"
        and not frame.coded
        and any(_begins(data, frame, each + b"\0", skip=1) for each in C2PA_TYPES)
    )


def xmp(packet: bytes, version: int) -> bytes:
    """A new frame with an XMP packet."""
    return id3.frame(b"PRIV", XMP_OWNER, packet, version=version)


def manifest(store: bytes, version: int) -> bytes:
    """A new frame with a manifest store, in the words of the engine (C2PA 2.4 A.3.4)."""
    latin_1 = b"\0"  # the one encoding that all versions know
    lead = latin_1 + C2PA_TYPES[0] + b"\0c2pa\0c2pa manifest store\0"
    return id3.frame(b"GEOB", lead, store, version=version)


def packet_in(data: memoryview, frame: Frame) -> memoryview:
    """The XMP packet of a frame for which `is_xmp` holds."""
    return data[frame.body + len(XMP_OWNER) : frame.end]


def store_in(data: memoryview, frame: Frame) -> memoryview | None:
    """The manifest store of a frame for which `is_manifest` holds; None when it has none."""
    try:
        return _object(data, frame.body, frame.end)[2]
    except MalformedFrame:
        return None


def read(data: memoryview, frame: Frame, version: int) -> FrameText:
    """The content of a frame of ID3v2.3 or ID3v2.4. Raises `MalformedFrame`."""
    body, id = frame.content(data), frame.id
    if frame.coded:
        raise MalformedFrame("its bytes are coded")
    if len(body) > MAX_METADATA:
        raise MalformedFrame(f"it is longer than {MAX_METADATA:,} bytes")
    if id in _CHAPTERS:
        return _chapter(data, frame, version)
    if (id[:1] == b"T" and id != b"TXXX") or id in _TEXTS:
        return FrameText(frame.name, _text(body[1:], _encoding(body)))
    if id in (b"TXXX", b"WXXX", b"COMM", b"USLT"):
        encoding = _encoding(body)
        lead = 1 + (_LANGUAGE if id in (b"COMM", b"USLT") else 0)
        if len(body) < lead:
            raise MalformedFrame("its language is cut off")
        name, rest = _cut(bytes(body[lead:]), encoding)
        language = f"{printable(body[1:lead])} " if lead > 1 else ""
        key = f"{frame.name} {language}{_word(name, encoding)}".rstrip()
        return FrameText(key, _text(rest, 0 if id == b"WXXX" else encoding))
    if id == b"APIC":
        encoding = _encoding(body)
        media, rest = _cut(bytes(body[1:]), 0)
        if not rest:
            raise MalformedFrame("its kind is cut off")
        name, picture = _cut(rest[1:], encoding)
        return FrameText(f"APIC {rest[0]}", digest(picture, media + b" " + _text(name, encoding)))
    if id == b"GEOB":
        words, key, content = _object(data, frame.body, frame.end)
        return FrameText(f"GEOB {key}".rstrip(), digest(content, words))
    if id == b"POPM":
        owner, rest = _cut(bytes(body), 0)
        if not rest:
            raise MalformedFrame("its rating is cut off")
        count = int.from_bytes(rest[1:9], "big")  # other writers shorten it
        return FrameText(f"POPM {printable(owner)}", b"%d %d" % (rest[0], count))
    if id == b"SYLT":
        _encoding(body)
        if len(body) < 3 + _LANGUAGE:
            raise MalformedFrame("it is cut off")
    if id in (b"PRIV", b"UFID"):
        owner, rest = _cut(bytes(body), 0)
        key = f"{frame.name} {printable(owner)}".rstrip()
        if id == b"PRIV":  # of which an owner may have several
            key += f" {hashlib.sha256(rest).hexdigest()[:8]}"
        return FrameText(key, digest(rest))
    if id[:1] == b"W":
        if not bytes(body).isascii():
            raise MalformedFrame("its address is not ASCII")
        return FrameText(f"{frame.name} {printable(body)}", bytes(body))
    return FrameText(frame.name, digest(body))


def check_chapters(data: memoryview, tag: Tag, format: str) -> None:
    """Raises `MalformedAsset` for chapters within chapters, or where these cannot be ruled out.

    The engine's ID3 library follows them without end: some hundred end the whole process.
    """
    if tag.obstacle is not None:
        parts = [data[: tag.end]]
    else:
        parts = [each.content(data) for each in tag.frames if each.id in _CHAPTERS]
    for each in parts:
        # What follows an id is the size, which is small in all that is smaller than 32 MB.
        pattern = _WIDE_CHAPTER if len(each) >= 1 << 25 else _CHAPTER
        chapter = pattern.search(each)
        if chapter is not None and tag.obstacle is not None:
            at = chapter.start()
            raise MalformedAsset(format, f"holds chapters in {tag.obstacle}", offset=at)
        if chapter is not None:
            raise MalformedAsset(format, "holds a chapter within a chapter in its ID3 tag")


def _begins(data: memoryview, frame: Frame, with_: bytes, skip: int = 0) -> bool:
    start = frame.body + skip
    return bytes(data[start : min(start + len(with_), frame.end)]) == with_


def _encoding(body: memoryview) -> int:
    if not len(body) or body[0] >= len(_ENCODINGS):
        raise MalformedFrame("it names no encoding")
    return body[0]


def _cut(raw: bytes, encoding: int) -> tuple[bytes, bytes]:
    """A text and what follows its end."""
    end = _ENDS[encoding]
    at = raw.find(end)
    while at % len(end) and at >= 0:  # a character of UTF-16 begins at every second byte
        at = raw.find(end, at + 1)
    if at < 0:
        raise MalformedFrame("a text in it has no end")
    return raw[:at], raw[at + len(end) :]


def _text(raw: bytes | memoryview, encoding: int) -> bytes:
    """A text in UTF-8; several are parted by NUL, and NULs behind the last one fall away."""
    try:
        text = bytes(raw).decode(_ENCODINGS[encoding])
    except UnicodeDecodeError as error:
        raise MalformedFrame("its text is not in the encoding that it names") from error
    return text.rstrip("\0").encode()


def _word(raw: bytes, encoding: int) -> str:
    return printable(_text(raw, encoding))


def _object(data: memoryview, start: int, end: int) -> tuple[bytes, str, memoryview]:
    """Description, key and content of an encapsulated object (ID3v2.4 §4.15)."""
    encoding = _encoding(data[start:end])
    lead = bytes(data[start + 1 : min(end, start + 4096)])
    media, rest = _cut(lead, 0)
    file, rest = _cut(rest, encoding)
    name, rest = _cut(rest, encoding)
    at = start + 1 + len(lead) - len(rest)
    words = b" ".join((media, _text(file, encoding), _text(name, encoding)))
    return words, _word(name, encoding), data[at:end]


def _chapter(data: memoryview, frame: Frame, version: int) -> FrameText:
    """A chapter or a table of contents by the frames in it."""
    name, start = _opened(data, frame)
    parts = [bytes(data[frame.body : start])]
    for each in list(id3.frames_in(data, "ID3", start, frame.end, version)):
        if each.id in _CHAPTERS:
            raise MalformedFrame("a chapter lies within it")
        inner = read(data, each, version)
        parts += [inner.key.encode(), inner.text]
    return FrameText(f"{frame.name} {printable(name)}", digest(b"\0".join(parts)))


def _opened(data: memoryview, frame: Frame) -> tuple[bytes, int]:
    """The name of a chapter or of a table of contents, and where the frames in it begin."""
    name, rest = _cut(bytes(frame.content(data)), 0)
    fixed = _CHAPTERS[frame.id]
    if frame.id == b"CTOC":
        after = rest[2:]
        for _ in range(rest[1] if len(rest) > 1 else 0):
            _, after = _cut(after, 0)
        fixed = max(2, len(rest) - len(after))
    if len(rest) < fixed:
        raise MalformedFrame("it is cut off")
    return name, frame.end - len(rest) + fixed


def digest(content: bytes | memoryview, words: bytes = b"") -> bytes:
    """What stands for bytes that are no text: the same for the same bytes, and short."""
    digest = hashlib.sha256(content).hexdigest()
    return words + b" " * bool(words) + f"{len(content):,} bytes, SHA-256 {digest}".encode()
