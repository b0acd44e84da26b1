"""Where in a file an XMP packet can stand beside the main one, written byte by byte.

XMP specification part 3, and the places where other programs put packets or read them.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable

from drawn_kinds import after_header, after_jfif, after_screen, chunk, gif_extension, segment
from forgeries.forge import IPTC, box

Place = Callable[[bytes, bytes], bytes]
"""A file and a packet → the file with the packet in that place."""

XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_HEADER = b"http://ns.adobe.com/xap/1.0/\0"
_EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
_MAGIC = b"\x01" + bytes(range(255, -1, -1)) + b"\0"


def packet(*source_types: str, form: str = "attribute", more: str = "") -> bytes:
    """A packet that names these source types, in one of the forms that RDF has for it."""
    uris = [each if "/" in each else IPTC + each for each in source_types]
    name = "Iptc4xmpExt:DigitalSourceType"
    descriptions = {
        "attribute": lambda: "".join(_described(f' {name}="{uri}"') for uri in uris),
        "element": lambda: "".join(_described("", f"<{name}>{uri}</{name}>") for uri in uris),
        "resource": lambda: "".join(
            _described("", f'<{name} rdf:resource="{uri}"/>') for uri in uris
        ),
        "bag": lambda: _described(
            "",
            f"<{name}><rdf:Bag>"
            + "".join(f"<rdf:li>{uri}</rdf:li>" for uri in uris)
            + f"</rdf:Bag></{name}>",
        ),
    }[form]()
    text = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f"{descriptions}{_described(more) if more else ''}"
        '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )
    return text.encode()


def _described(attributes: str, content: str = "") -> str:
    spaces = (
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dcterms="http://purl.org/dc/terms/"'
    )
    return f'<rdf:Description rdf:about="" {spaces}{attributes}>{content}</rdf:Description>'


def bare(whole: bytes) -> bytes:
    """A packet without its wrapper."""
    return whole[whole.index(b"<x:xmpmeta") : whole.index(b"<?xpacket end")]


def wide(whole: bytes, encoding: str = "utf-16-le") -> bytes:
    """A packet in UTF-16."""
    return bare(whole).decode().encode(encoding)


def trailer(data: bytes, whole: bytes) -> bytes:
    return data + whole


def exif_with(whole: bytes) -> bytes:
    """A TIFF structure with nothing but tag 700."""
    head = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 1)
    return head + struct.pack("<HHII", 700, 1, len(whole), 26) + bytes(4) + whole


def _app(marker: int, header: bytes) -> Place:
    return lambda data, whole: after_jfif(data, segment(marker, header + whole))


def _extended(data: bytes, whole: bytes) -> bytes:
    """ExtendedXMP of a digest that nothing points to, in two segments, the second one first."""
    body = bare(whole)
    guid = hashlib.md5(body, usedforsecurity=False).hexdigest().upper().encode()
    middle = len(body) // 2
    parts = [
        segment(0xE1, _EXTENSION + guid + struct.pack(">II", len(body), start) + part)
        for start, part in ((middle, body[middle:]), (0, body[:middle]))
    ]
    return after_jfif(data, *parts)


def _long_exif(data: bytes, whole: bytes) -> bytes:
    """Exif of two segments, the border between them within the packet."""
    block = exif_with(b" " * (65_000 - 26) + whole + bytes(600))
    middle = 65_000 + len(whole) // 2
    parts = (block[:middle], block[middle:])
    return after_jfif(data, *(segment(0xE1, b"Exif\0\0" + part) for part in parts))


def _photoshop(data: bytes, whole: bytes) -> bytes:
    """Image resource 0x0424, which holds XMP, over two segments."""
    padded = whole + bytes(len(whole) % 2)
    block = b"8BIM\x04\x24\0\0" + len(whole).to_bytes(4, "big") + padded
    middle = len(block) // 2
    parts = (block[:middle], block[middle:])
    return after_jfif(data, *(segment(0xED, b"Photoshop 3.0\0" + part) for part in parts))


def _raw_profile(kind: bytes, head: bytes = b"") -> Callable[[bytes], bytes]:
    def written(whole: bytes) -> bytes:
        content = head + whole
        return b"\n%b\n%8d\n%b\n" % (kind, len(content), content.hex().encode())

    return written


def _ztxt(kind: bytes, head: bytes = b"") -> Place:
    text = _raw_profile(kind, head)
    return lambda data, whole: after_header(
        data,
        chunk(b"zTXt", b"Raw profile type " + kind + b"\0\0" + zlib.compress(text(whole))),
    )


def _text(kind: bytes) -> Place:
    text = _raw_profile(kind)
    return lambda data, whole: after_header(
        data, chunk(b"tEXt", b"Raw profile type " + kind + b"\0" + text(whole))
    )


def _itxt(data: bytes, whole: bytes) -> bytes:
    content = b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(whole)
    return data[:-12] + chunk(b"iTXt", content) + data[-12:]


def _png_chunk(kind: bytes, made: Callable[[bytes], bytes] = lambda whole: whole) -> Place:
    return lambda data, whole: data[:-12] + chunk(kind, made(whole)) + data[-12:]


def _riff(kind: bytes, made: Callable[[bytes], bytes] = lambda whole: whole) -> Place:
    def put(data: bytes, whole: bytes) -> bytes:
        content = made(whole)
        new = kind + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)
        size = struct.unpack_from("<I", data, 4)[0]
        end = 8 + size
        return data[:4] + struct.pack("<I", size + len(new)) + data[8:end] + new + data[end:]

    return put


def _gif_comment(data: bytes, whole: bytes) -> bytes:
    parts = [whole[at : at + 255] for at in range(0, len(whole), 255)]
    cut = b"".join(bytes([len(part)]) + part for part in parts)
    return after_screen(data, b"\x21\xfe" + cut + b"\0")


def _gif_again(data: bytes, whole: bytes) -> bytes:
    extension = b"\x21\xff\x0bXMP DataXMP" + whole + _MAGIC
    at = data.rindex(b"\x3b")
    return data[:at] + extension + data[at:]


def _gif_other(data: bytes, whole: bytes) -> bytes:
    return after_screen(data, gif_extension(b"OTHERAPP1.0", whole))


def _tiff_page(data: bytes, whole: bytes) -> bytes:
    """A second directory of the chain, which holds nothing but tag 700."""
    assert data[:4] == b"II*\0"
    at = struct.unpack_from("<I", data, 4)[0]
    while True:
        count = struct.unpack_from("<H", data, at)[0]
        pointer = at + 2 + 12 * count
        following = struct.unpack_from("<I", data, pointer)[0]
        if not following:
            break
        at = following
    data += bytes(len(data) % 2)
    start = len(data)
    page = struct.pack("<HHHII", 1, 700, 1, len(whole), start + 18) + bytes(4) + whole
    return data[:pointer] + struct.pack("<I", start) + data[pointer + 4 :] + page


def _iso(kind: bytes, head: bytes = b"") -> Place:
    return lambda data, whole: data + box(kind, head + whole)


def _udta(data: bytes, whole: bytes) -> bytes:
    """QuickTime's place, in a ``moov`` that comes last."""
    at = 0
    while data[at + 4 : at + 8] != b"moov":
        at += int.from_bytes(data[at : at + 4], "big")
    end = at + int.from_bytes(data[at : at + 4], "big")
    new = box(b"udta", box(b"XMP_", whole))
    moov = box(b"moov", data[at + 8 : end] + new)
    return data[:at] + moov + data[end:]


def _brotli(data: bytes, whole: bytes) -> bytes:
    import brotli

    return data + box(b"brob", b"xml " + brotli.compress(whole))


def _id3(id_: bytes, head: bytes) -> Place:
    def put(data: bytes, whole: bytes) -> bytes:
        content = head + whole
        old = 0
        for byte in data[6:10]:
            old = old << 7 | byte
        version = data[3]
        size = len(content)
        counted = _syncsafe(size) if version == 4 else size.to_bytes(4, "big")
        new = id_ + counted + b"\0\0" + content
        return data[:6] + _syncsafe(old + len(new)) + new + data[10:]

    return put


def _syncsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def _svg(data: bytes, whole: bytes) -> bytes:
    return data.replace(b"</svg>", b"<metadata>" + bare(whole) + b"</metadata></svg>")


def _flac_block(data: bytes, whole: bytes) -> bytes:
    """An application block behind STREAMINFO."""
    at = data.index(b"fLaC") + 4
    end = at + 4 + int.from_bytes(data[at + 1 : at + 4], "big")
    content = b"XMPx" + whole
    new = bytes([2]) + len(content).to_bytes(3, "big") + content
    return data[:end] + new + data[end:]


PLACES: dict[tuple[str, str], Place] = {
    ("jpeg", "a second APP1"): _app(0xE1, _HEADER),
    ("jpeg", "ExtendedXMP that nothing points to"): _extended,
    ("jpeg", "tag 700 of its Exif"): lambda data, whole: after_jfif(
        data, segment(0xE1, b"Exif\0\0" + exif_with(whole))
    ),
    ("jpeg", "tag 700 of an Exif in two segments"): _long_exif,
    ("jpeg", "a resource of Photoshop's in two segments"): _photoshop,
    ("jpeg", "a comment"): _app(0xFE, b""),
    ("jpeg", "a stranger's APP9"): _app(0xE9, b"other\0"),
    ("jpeg", "UTF-16 in a stranger's APP9"): lambda data, whole: _app(0xE9, b"other\0")(
        data, wide(whole)
    ),
    ("jpeg", "its trailer"): trailer,
    ("png", "a compressed iTXt behind the picture"): _itxt,
    ("png", "a compressed raw profile"): _ztxt(b"xmp"),
    ("png", "a raw profile APP1"): _ztxt(b"APP1", _HEADER),
    ("png", "a plain raw profile"): _text(b"xmp"),
    ("png", "tag 700 of its Exif"): _png_chunk(b"eXIf", exif_with),
    ("png", "a private chunk"): _png_chunk(b"teSt"),
    ("png", "its trailer"): trailer,
    ("webp", "a second chunk"): _riff(b"XMP "),
    ("webp", "the chunk of ImageMagick"): _riff(b"XMP\0"),
    ("webp", "its trailer"): trailer,
    ("gif", "a second extension"): _gif_again,
    ("gif", "a comment"): _gif_comment,
    ("gif", "a stranger's extension"): _gif_other,
    ("gif", "its trailer"): trailer,
    ("tiff", "a second page"): _tiff_page,
    ("avif", "a uuid box"): _iso(b"uuid", XMP_UUID),
    ("heic", "a stranger's box"): _iso(b"xtra"),
    ("mp4", "a second uuid box"): _iso(b"uuid", XMP_UUID),
    ("mp4", "QuickTime's place"): _udta,
    ("mov", "QuickTime's place"): _udta,
    ("m4a", "a stranger's box"): _iso(b"xtra"),
    ("jxl", "a second xml box"): _iso(b"xml "),
    ("jxl", "a compressed box"): _brotli,
    ("wav", "a second chunk"): _riff(b"_PMX"),
    ("wav", "a list of words"): _riff(b"LIST", lambda whole: b"INFOIXMP" + whole),
    ("avi", "a list of words"): _riff(b"LIST", lambda whole: b"INFOIXMP" + whole),
    ("mp3", "a second frame"): _id3(b"PRIV", b"XMP\0"),
    ("mp3", "its trailer"): trailer,
    ("flac", "an application block"): _flac_block,
    ("svg", "a second metadata element"): _svg,
}
"""By container, and what the place is."""
