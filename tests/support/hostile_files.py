"""Files that an enemy made: everything that a reader may trip, hang or choke over."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable, Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MUTATIONS = 60
"""Random mutations of each format; the seeds are their numbers."""


def segment(marker: int, content: bytes, *, length: int | None = None) -> bytes:
    """A JPEG segment, with a `length` that may lie."""
    stated = len(content) + 2 if length is None else length
    return bytes((0xFF, marker)) + struct.pack(">H", stated) + content


def chunk(kind: bytes, content: bytes, *, length: int | None = None) -> bytes:
    """A PNG chunk, with a `length` that may lie."""
    stated = len(content) if length is None else length
    return (
        struct.pack(">I", stated) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    )


def riff(kind: bytes, content: bytes, *, length: int | None = None) -> bytes:
    """A RIFF chunk, with a `length` that may lie."""
    stated = len(content) if length is None else length
    return kind + struct.pack("<I", stated & 0xFFFFFFFF) + content + b"\0" * (len(content) % 2)


def zeros(size: int) -> bytes:
    """Many zeros in few bytes."""
    packer = zlib.compressobj(9)
    block = bytes(1 << 20)
    parts = [packer.compress(block) for _ in range(size >> 20)]
    return b"".join(parts) + packer.flush()


def box(kind: bytes, content: bytes, *, length: int | None = None) -> bytes:
    """A JUMBF box, with a `length` that may lie."""
    return struct.pack(">I", len(content) + 8 if length is None else length) + kind + content


def packets() -> Iterator[tuple[str, bytes]]:
    """XMP that nobody means well with."""
    head = (
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
        b"xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    )
    tail = b"</rdf:RDF></x:xmpmeta>"
    about = b"<rdf:Description rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
    laughs = b"".join(
        b"<!ENTITY l%d '%s'>" % (level, b"&l%d;" % (level - 1) * 10) for level in range(1, 10)
    )
    yield (
        "laughs",
        b"<!DOCTYPE x [<!ENTITY l0 'ha'>"
        + laughs
        + b"]>"
        + head
        + about
        + (b"<dc:title>&l9;</dc:title></rdf:Description>" + tail),
    )
    yield (
        "entity-from-file",
        (
            b"<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/hostname'>]>"
            + head
            + about
            + b"<dc:title>&f;</dc:title></rdf:Description>"
            + tail
        ),
    )
    yield "deep", head + about + b"<dc:a>" * 8000 + b"</dc:a>" * 8000 + b"</rdf:Description>" + tail
    yield "deep-and-open", head + about + b"<dc:a>" * 9000
    yield (
        "many-attributes",
        (
            head
            + b"<rdf:Description rdf:about='' xmlns:f='urn:f' "
            + b" ".join(b"f:a%d='1'" % number for number in range(4000))
            + b"/>"
            + tail
        ),
    )
    yield "many-descriptions", head + (about + b"</rdf:Description>") * 700 + tail
    yield "utf-16", (head + tail).decode().encode("utf-16")
    yield (
        "not-utf-8",
        head + about + b"<dc:title>\xff\xfe\xc0\x80</dc:title></rdf:Description>" + tail,
    )
    yield "nul", head + b"\0" * 50 + tail
    yield "unclosed", head + about
    yield "other-rdf-prefix", (head + about + tail).replace(b"rdf:", b"dc:")
    yield (
        "pointer-to-nowhere",
        (
            head + b"<rdf:Description rdf:about='' xmlns:xmpNote='http://ns.adobe.com/xmp/note/' "
            b"xmpNote:HasExtendedXMP='" + b"A" * 32 + b"'/>" + tail
        ),
    )


def exifs() -> Iterator[tuple[str, bytes]]:
    """Exif blocks whose offsets and counts lie."""
    entry = struct.Struct(">HHII").pack
    first = b"MM\0*\0\0\0\x08"
    yield "circle", first + b"\0\1" + entry(0x8769, 4, 1, 8) + b"\0\0\0\x08"
    yield "many-entries", first + b"\xff\xff" + entry(0x010E, 2, 0xFFFFFFFF, 8) * 5
    yield "huge-count", first + b"\0\1" + entry(0x013B, 2, 0x7FFFFFFF, 0xFFFFFFF0) + bytes(4)
    yield "outside", b"MM\0*\xff\xff\xff\xf0"
    yield "no-header", b"nothing at all"
    yield "doubles", first + b"\0\2" + entry(0x013B, 2, 4, 0x41424300) * 2 + bytes(4)
    yield "empty", b""


def stores() -> Iterator[tuple[str, bytes]]:
    """Manifest stores that are none."""
    described = box(b"jumd", b"c2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71\x03c2pa\0")
    for depth in (100, 30_000):
        lengths = (len(described) + (8 + len(described)) * level for level in range(depth, 0, -1))
        yield (
            f"nested-{depth}",
            b"".join(struct.pack(">I", length) + b"jumb" + described for length in lengths),
        )
    yield "long", box(b"jumb", described, length=0x7FFFFFFF)
    yield "short", box(b"jumb", described, length=9)
    yield "to-the-end", box(b"jumb", described, length=0)
    yield "empty", b""
    yield "zeros", bytes(5000)


def jpegs(good: bytes) -> Iterator[tuple[str, bytes]]:
    """Of JPEG's own kinds; `good` is a plain sound file."""
    soi, rest = good[:2], good[2:]
    for length in (0, 1, 2, 0xFFFF):
        yield f"length-{length}", soi + segment(0xE1, b"Exif\0\0", length=length) + rest
    yield "million-segments", soi + segment(0xEC, b"") * 1_000_000 + rest
    yield "million-exif", soi + segment(0xE1, b"Exif\0\0") * 150_000 + rest
    yield "fill-bytes", soi + b"\xff" * 3_000_000 + rest
    yield "giant", _giant_jpeg(good)
    yield "no-scan", soi + segment(0xFE, b"comment") + b"\xff\xd9"
    for name, packet in packets():
        if len(packet) < 65_000:
            content = b"http://ns.adobe.com/xap/1.0/\0" + packet
            yield f"xmp-{name}", soi + segment(0xE1, content) + rest
    for name, block in exifs():
        yield f"exif-{name}", soi + segment(0xE1, b"Exif\0\0" + block) + rest
    extended = b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32
    yield (
        "extended-4-gb",
        soi
        + b"".join(
            segment(0xE1, extended + struct.pack(">II", 0xFFFFFFFF, at))
            for at in (0, 1, 0xFFFFFFFE)
        )
        + rest,
    )
    yield (
        "extended-many",
        soi
        + b"".join(
            segment(
                0xE1,
                b"http://ns.adobe.com/xmp/extension/\0"
                + b"%032d" % number
                + struct.pack(">II", 0x00FFFFFF, 0)
                + b"x",
            )
            for number in range(5000)
        )
        + rest,
    )
    resource = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0"
    yield "irb-long", soi + segment(0xED, resource + b"\xff\xff\xff\xff" + b"x" * 50) + rest
    iim = b"\x1c\x02\x50\xff\xff\xff\xff\xff" + b"\x1c\x02\x78\x80\x04\xff\xff\xff\xff"
    yield (
        "iim-long",
        soi + segment(0xED, resource + struct.pack(">I", len(iim)) + iim + b"\0") + rest,
    )
    for name, store in stores():
        pieces = [store[at : at + 60_000] for at in range(0, len(store), 60_000)] or [b""]
        yield (
            f"store-{name}",
            soi
            + b"".join(
                segment(
                    0xEB, b"JP\0\1" + struct.pack(">I", number) + store[:8] * (number > 1) + piece
                )
                for number, piece in enumerate(pieces, 1)
            )
            + rest,
        )
    yield (
        "mpf",
        soi
        + segment(
            0xE2, b"MPF\0MM\0*\0\0\0\x08\0\1" + struct.pack(">HHII", 0xB002, 7, 0xFFFFFFF0, 0x20)
        )
        + rest,
    )


def _giant_jpeg(good: bytes) -> bytes:
    at = good.index(b"\xff\xc0") + 5
    return good[:at] + b"\xff\xff\xff\xff" + good[at + 4 :]


def pngs(good: bytes) -> Iterator[tuple[str, bytes]]:
    """Of PNG's own kinds."""
    head, rest = good[:33], good[33:]
    bomb = zeros(300 << 20)
    yield "ztxt-bomb", head + chunk(b"zTXt", b"Comment\0\0" + bomb) + rest
    yield "itxt-bomb", head + chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + bomb) + rest
    yield "many-bombs", head + chunk(b"zTXt", b"Comment\0\0" + zeros(15 << 20)) * 200 + rest
    yield "profile-bomb", head + chunk(b"iCCP", b"icc\0\0" + bomb) + rest
    yield (
        "pixel-bomb",
        SIGNATURE
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", bomb)
        + chunk(b"IEND", b""),
    )
    yield (
        "giant",
        SIGNATURE
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 0x7FFFFFFF, 0x7FFFFFFF, 16, 6, 0, 0, 0))
        + rest,
    )
    for length in (0x7FFFFFFF, 0xFFFFFFFF, 1 << 20):
        yield f"length-{length}", head + chunk(b"tEXt", b"a\0b", length=length) + rest
    yield "million-chunks", head + chunk(b"tEXt", b"") * 1_000_000 + rest
    yield "million-idat", head + chunk(b"IDAT", b"") * 300_000 + rest
    yield (
        "raw-profile-lies",
        head + chunk(b"tEXt", b"Raw profile type xmp\0\nxmp\n999999999\nabcdef\n") + rest,
    )
    yield "no-idat", head + chunk(b"IEND", b"")
    for name, packet in packets():
        content = b"XML:com.adobe.xmp\0\0\0\0\0" + packet
        yield f"xmp-{name}", head + chunk(b"iTXt", content) + rest
    for name, block in exifs():
        yield f"exif-{name}", head + chunk(b"eXIf", block) + rest
    for name, store in stores():
        yield f"store-{name}", head + chunk(b"caBX", store) + rest
    yield "two-stores", head + chunk(b"caBX", b"one") + chunk(b"caBX", b"two") + rest
    yield "trailing", good + bytes(1 << 20)


def webps(good: bytes) -> Iterator[tuple[str, bytes]]:
    """Of WebP's own kinds."""

    def file(*chunks: bytes, length: int | None = None) -> bytes:
        body = b"WEBP" + b"".join(chunks)
        return riff(b"RIFF", body, length=length)

    picture = good[12:]
    canvas = riff(b"VP8X", b"\x0c\0\0\0\xff\xff\xff\xff\xff\xff")
    yield "giant-canvas", file(canvas, picture)
    for length in (0, 3, 0xFFFFFFFF, len(good) * 2):
        yield f"riff-length-{length}", file(picture, length=length)
    yield "chunk-long", file(canvas, picture, riff(b"EXIF", b"x", length=0xFFFFFFFF))
    yield "million-chunks", file(canvas, picture, riff(b"JUNK", b"") * 1_000_000)
    yield (
        "million-frames",
        file(canvas, riff(b"ANIM", bytes(6)), riff(b"ANMF", bytes(16)) * 200_000),
    )
    yield "no-picture", file(riff(b"JUNK", b"x"))
    yield "short-vp8x", file(riff(b"VP8X", b"\x0c"), picture)
    for name, packet in packets():
        yield f"xmp-{name}", file(canvas, picture, riff(b"XMP ", packet))
    for name, block in exifs():
        yield f"exif-{name}", file(canvas, picture, riff(b"EXIF", block))
    for name, store in stores():
        yield f"store-{name}", file(canvas, picture, riff(b"C2PA", store))


def tiffs(good: bytes) -> Iterator[tuple[str, bytes]]:
    """Of a TIFF file's own kinds."""
    (first,) = struct.unpack_from("<I", good, 4)
    (count,) = struct.unpack_from("<H", good, first)
    rows = [good[first + 2 + 12 * n : first + 14 + 12 * n] for n in range(count)]

    def file(*entries: tuple[int, int, int, int], value: bytes = b"", following: int = 0) -> bytes:
        """The picture with these entries too; a value stands at the old end of the file."""
        table = sorted([*rows, *(struct.pack("<HHII", *each) for each in entries)])
        directory = struct.pack("<H", len(table)) + b"".join(table) + struct.pack("<I", following)
        start = len(good) + len(value) + len(value) % 2
        return good[:4] + struct.pack("<I", start) + (good[8:] + value).ljust(start - 8) + directory

    end = len(good)
    for number in (0, 0xFFFFFFFF):
        for tag in (273, 279, 330, 34665, 34853, 700, 33723, 34377, 52545, 270):
            yield f"tag-{tag}-{number}", file((tag, 4, number, end))
            yield f"bytes-{tag}-{number}", file((tag, 7, number, 0xFFFFFFF0))
    yield "circle", file(following=first)
    yield "own-circle", file((330, 4, 1, end))
    yield "millions-below", file((330, 4, 2_000_000, end), value=b"\x08\0\0\0" * 2_000_000)
    yield (
        "million-strips",
        file((325, 4, 500_000, end), (324, 4, 500_000, end), value=b"\x08\0\0\0" * 500_000),
    )
    chain = b"".join(struct.pack("<HI", 0, end + 6 * n + 6) for n in range(100_000))
    yield "long-chain", file(value=chain, following=end)
    wide = b"II+\0\x08\0\0\0"
    for number in (0, 8, 1 << 62, (1 << 64) - 1):
        yield f"big-{number}", wide + struct.pack("<Q", number) + good
        yield f"big-entries-{number}", wide + struct.pack("<QQ", 16, number) + good
    for name, packet in packets():
        yield f"xmp-{name}", file((700, 1, len(packet), end), value=packet)
    for name, store in stores():
        yield f"store-{name}", file((52545, 7, len(store), end), value=store)


def recordings(good: bytes) -> Iterator[tuple[str, bytes]]:
    """Of ID3 tags and of what follows them; `good` is MPEG audio without a tag."""

    def frame(id: bytes, content: bytes) -> bytes:
        return id + syncsafe(len(content)) + bytes(2) + content

    def syncsafe(number: int) -> bytes:
        return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))

    def tagged(*frames: bytes, version: int = 4, flags: int = 0, size: int | None = None) -> bytes:
        body = b"".join(frames)
        length = len(body) if size is None else size
        return b"ID3" + bytes((version, 0, flags)) + syncsafe(length) + body + good

    for size in (0, 1, 9, 1 << 20, (1 << 28) - 1):
        yield f"tag-size-{size}", tagged(frame(b"TIT2", b"\3T"), size=size)
        yield f"frame-size-{size}", tagged(b"TIT2" + syncsafe(size) + bytes(2), bytes(40))
    for version in (0, 1, 2, 3, 5, 255):
        for flags in (0, 0x10, 0x40, 0x80, 0xFF):
            wide = frame(b"TIT2", b"\3T")
            yield f"version-{version}-{flags}", tagged(wide, version=version, flags=flags)
    yield "many-frames", tagged(frame(b"XYZW", b"") * 1_900)
    yield "too-many-frames", tagged(frame(b"XYZW", b"") * 900_000)
    yield "many-packets", tagged(frame(b"PRIV", b"XMP\0x") * 1_900)
    yield "many-stores", tagged(frame(b"GEOB", b"\0application/c2pa\0\0\0x") * 1_900)
    chapter = frame(b"CHAP", b"a\0" + bytes(16))
    for _ in range(500):
        chapter = frame(b"CHAP", b"a\0" + bytes(16) + chapter)
    yield "deep-chapters", tagged(chapter)
    yield "many-in-a-chapter", tagged(frame(b"CTOC", b"a\0\0\xff" + b"a\0" * 255 + chapter))
    yield "long-text", tagged(frame(b"TIT2", b"\1" + b"\xff\xfe" * 4_000_000))
    yield "endless-sync", b"ID3\4\0\0" + bytes(4) + b"\xff" * 4_000_000
    yield "endless-headers", b"\xff\xfb\x90\xc4" * 1_000_000
    yield "endless-blocks", b"fLaC\0\0\0\x22" + bytes(34) + b"\1\0\0\0" * 1_000_000
    for name, packet in packets():
        yield f"xmp-{name}", tagged(frame(b"PRIV", b"XMP\0" + packet))
    for name, store in stores():
        yield f"store-{name}", tagged(frame(b"GEOB", b"\0application/c2pa\0\0\0" + store))


def avifs(good: bytes) -> Iterator[tuple[str, bytes]]:
    """Of the boxes' own kinds."""

    def box(kind: bytes, *contents: bytes, size: int | None = None) -> bytes:
        body = b"".join(contents)
        return struct.pack(">I4s", len(body) + 8 if size is None else size, kind) + body

    ftyp, rest = good[:32], good[32:]
    meta_size = int.from_bytes(rest[:4], "big")
    meta, media = rest[12:meta_size], rest[meta_size:]
    for size in (0, 1, 7, 0x7FFFFFFF, 0xFFFFFFFF):
        yield f"box-size-{size}", ftyp + box(b"meta", bytes(4), meta, size=size) + media
    for size in (0, 15, 1 << 62, (1 << 64) - 1):
        yield f"long-size-{size}", ftyp + b"\0\0\0\1free" + struct.pack(">Q", size) + rest
    yield "million-boxes", good + box(b"free") * 1_000_000
    yield "many-boxes", good + box(b"free") * 1_900
    yield "many-boxes-inside", good + box(b"moov", box(b"free") * 30_000)
    yield "no-meta", ftyp + media
    yield "two-metas", ftyp + rest[:meta_size] * 2 + media
    yield "deep", ftyp + box(b"moov", box(b"trak", box(b"mdia", box(b"minf")))) + rest
    iloc = meta.index(b"iloc") - 4
    end = iloc + int.from_bytes(meta[iloc : iloc + 4], "big")
    for version in (0, 1, 2, 3, 255):
        for widths in (b"\x44\0", b"\0\0", b"\x88\x88", b"\x0f\xff"):
            for count in (b"\xff\xff", b"\xff\xff\xff\xff"):
                lie = box(b"iloc", bytes((version, 0, 0, 0)), widths, count, bytes(70_000))
                body = box(b"meta", bytes(4), meta[:iloc], lie, meta[end:])
                name = f"iloc-{version}-{widths.hex()}-{len(count)}"
                yield name, ftyp + body + media
    for kind in (b"iinf", b"iref", b"ipma", b"ispe", b"pitm"):
        yield f"{kind.decode()}-full", good.replace(kind + bytes(4), kind + b"\xff" * 4)
    table = struct.pack(">II", 0, 0xFFFFFFFF) + bytes(60)
    for kind in (b"stco", b"co64", b"stsc", b"stsz", b"saio"):
        stbl = box(b"stbl", box(kind, table))
        moov = box(b"moov", box(b"trak", box(b"mdia", box(b"minf", stbl))))
        yield f"{kind.decode()}-lies", ftyp + rest + moov
    c2pa = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
    for name, store in stores():
        yield f"store-{name}", good + box(b"uuid", c2pa, bytes(4), b"manifest\0", bytes(8), store)
    for purpose in (b"", b"manifest", b"merkle\0", b"update\0" + bytes(8), b"x" * 99):
        yield f"purpose-{purpose[:6].hex()}", good + box(b"uuid", c2pa, bytes(4), purpose)
    xmp = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
    for name, packet in packets():
        yield f"xmp-{name}", good + box(b"uuid", xmp, packet)
    yield "trailing", good + bytes(1 << 20)


def gifs(good: bytes) -> Iterator[tuple[str, bytes]]:
    """Of GIF's own kinds."""
    at = 13 + 3 * 2 ** ((good[10] & 7) + 1)
    head, rest = b"GIF89a" + good[6:at], good[at:]

    def application(name: bytes, content: bytes, *, cut: bool = True) -> bytes:
        parts = (content[n : n + 255] for n in range(0, len(content), 255))
        blocks = b"".join(bytes((len(part),)) + part for part in parts) + b"\0"
        return b"\x21\xff\x0b" + name + (blocks if cut else content)

    magic = b"\x01" + bytes(range(255, -1, -1)) + b"\0"
    for name, packet in packets():
        raw = application(b"XMP DataXMP", packet + magic, cut=False)
        yield f"xmp-{name}", head + raw + rest
        yield f"xmp-cut-{name}", head + application(b"XMP DataXMP", packet) + rest
    yield "xmp-without-trailer", head + application(b"XMP DataXMP", b"<x" * 200, cut=False) + rest
    for name, store in stores():
        yield f"store-{name}", head + application(b"C2PA_GIF\1\0\0", store) + rest
    control = b"\x21\xf9\4" + bytes(5)
    image = b"\x2c" + bytes(4) + b"\1\0\1\0\0\2\2\x44\1\0"
    yield "million-extensions", head + control * 1_000_000 + rest
    yield "million-images", head + image * 500_000 + rest
    yield "many-images", head + image * 20_000 + rest
    yield "million-lengths", head + b"\x21\xfe" + b"\1x" * 1_000_000 + b"\0" + rest
    yield "giant", b"GIF89a" + b"\xff" * 4 + good[10:]
    yield "giant-image", head + b"\x2c" + b"\xff" * 8 + b"\x87" + rest
    yield "unknown-blocks", head + b"\x99" * 50 + rest
    yield "unknown-extensions", head + b"\x21\x77\0" * 30_000 + rest
    yield "short-application", head + b"\x21\xff\2ab\0" + rest
    yield "no-image", head + b"\x3b"
    yield "trailing", good + bytes(1 << 20)


KINDS: dict[str, Callable[[bytes], Iterator[tuple[str, bytes]]]] = {
    "jpeg": jpegs,
    "png": pngs,
    "webp": webps,
    "tiff": tiffs,
    "avif": avifs,
    "gif": gifs,
    "mp3": recordings,
}


def truncated(good: bytes) -> Iterator[tuple[str, bytes]]:
    """A file that ends early, in every place that may matter."""
    for at in sorted({*range(0, 64), *range(64, len(good), max(1, len(good) // 30))}):
        yield f"first-{at}", good[:at]


def mutated(good: bytes) -> Iterator[tuple[str, bytes]]:
    """A signed file with bytes changed, moved, doubled or cut out at random."""
    for seed in range(MUTATIONS):
        chance = random.Random(seed)
        data = bytearray(good)
        for _ in range(chance.choice((1, 1, 2, 5, 20))):
            at = chance.randrange(len(data))
            match chance.randrange(5):
                case 0:
                    data[at] ^= 1 << chance.randrange(8)
                case 1:
                    data[at : at + 4] = chance.choice(
                        (b"\xff\xff\xff\xff", bytes(4), b"\x7f\xff\xff\xff", b"\x80\0\0\0")
                    )
                case 2:
                    data[at : at + chance.randrange(40)] = b""
                case 3:
                    data[at:at] = data[at : at + chance.randrange(400)]
                case _:
                    data[at:at] = chance.randbytes(chance.randrange(40))
        yield f"seed-{seed}", bytes(data)
