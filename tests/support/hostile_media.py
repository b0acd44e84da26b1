"""More files that an enemy made: drawings, JPEG XL, films, sounds and documents."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Callable, Iterator

import brotli

from hostile_files import packets, recordings, riff, stores, zeros

XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
LIES = (0, 1, 7, 0x7FFFFFFF, 0xFFFFFFFF)
Files = Iterator[tuple[str, bytes]]


def box(kind: bytes, *contents: bytes, size: int | None = None) -> bytes:
    """An ISO box, with a `size` that may lie."""
    body = b"".join(contents)
    return struct.pack(">I4s", len(body) + 8 if size is None else size, kind) + body


def drawings(good: bytes) -> Files:
    """Of SVG's own kinds."""
    head = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    tail = b"</svg>"
    laughs = b'<!ENTITY l0 "ha">' + b"".join(
        b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10) for level in range(1, 10)
    )
    subset = b"<!DOCTYPE svg [%s]>"
    yield "laughs", subset % laughs + head + b"<text>&l9;</text>" + tail
    yield "laughs-in-an-attribute", subset % laughs + head + b'<g id="&l9;"/>' + tail
    parameter = b"<!ENTITY % a \"<!ENTITY &#37; b SYSTEM 'http://127.0.0.1:1/'>\"> %a; %b;"
    yield "parameter-entities", b"<!DOCTYPE svg [" + parameter + b"]>" + head + tail
    outside = b'<!ENTITY f SYSTEM "file:///etc/hostname">'
    yield "entity-from-a-file", subset % outside + head + b"<text>&f;</text>" + tail
    yield "entity-as-metadata", subset % outside + head + b"<metadata>&f;</metadata>" + tail
    yield "dtd-from-elsewhere", b'<!DOCTYPE svg SYSTEM "http://127.0.0.1:1/x.dtd">' + head + tail
    yield "open-subset", b"<!DOCTYPE svg [" + b"<!ENTITY a 'b'>" * 20_000 + head + tail
    for depth in (1_000, 30_000):
        yield f"deep-{depth}", head + b"<g>" * depth + b"</g>" * depth + tail
    yield "deep-and-open", head + b"<g>" * 30_000
    yield "deep-root", head * 20_000 + tail * 20_000
    yield "many-metadata", head + b"<metadata/>" * 100_000 + tail
    yield "metadata-in-metadata", head + b"<metadata>" * 20_000 + b"</metadata>" * 20_000 + tail
    yield "many-elements", head + b"<g/>" * 100_000 + tail
    numbered = b" ".join(b"a%d='1'" % each for each in range(100_000))
    yield "many-attributes", head[:-1] + b" " + numbered + b">" + tail
    yield "same-attribute-twice", head[:-1] + b' width="9" xmlns="urn:other">' + tail
    yield "long-attribute", head + b'<g id="' + b"a" * 4_000_000 + b'"/>' + tail
    yield "open-attribute", head + b'<g id="' + b"a<" * 300_000
    for name, opening in (("comment", b"<!--"), ("cdata", b"<![CDATA["), ("instruction", b"<?x ")):
        yield f"open-{name}", head + opening + b"-" * 300_000
        yield f"many-open-{name}", head + opening * 100_000 + tail
    yield "brackets", head + b"<" * 200_000
    yield "quotes", head + b"<g " + b"\"'" * 200_000 + b">" + tail
    yield "utf-16", (head + tail).decode().encode("utf-16")
    yield "other-encoding", b'<?xml version="1.0" encoding="EBCDIC"?>' + head + tail
    yield "nul", head + bytes(1000) + tail
    yield "not-utf-8", head + b"<text>\xff\xfe\xc0\x80</text>" + tail
    yield "closes-itself", head[:-1] + b"/>"
    yield "two-roots", good + good
    opened = b'<metadata><c2pa:manifest xmlns:c2pa="http://c2pa.org/manifest">'
    closed = b"</c2pa:manifest></metadata>"
    for text in (b"", b"A", b"====", b"&l9;", b"A" * 3_000_000, b"<g/>" * 1000):
        yield f"manifest-{text[:4].hex()}-{len(text)}", head + opened + text + closed + tail
    yield "many-manifests", head + (opened + b"AAAA" + closed) * 2_000 + tail
    for name, store in stores():
        yield f"store-{name}", head + opened + base64.b64encode(store) + closed + tail
    for name, packet in packets():
        yield f"xmp-{name}", head + b"<metadata>" + packet + b"</metadata>" + tail
    yield "open-packet", head + b"<metadata><?xpacket begin=''?>" + b"<?xpacket " * 50_000


def jxls(good: bytes) -> Files:
    """Of JPEG XL's own kinds; `good` is a container of one codestream box."""
    head, coded = good[:32], good[32:]
    code = coded[8:]
    for size in LIES:
        for kind in (b"jxlc", b"jxlp", b"Exif", b"xml ", b"jumb", b"brob", b"jxll", b"none"):
            yield f"{kind.decode().strip()}-{size}", head + box(kind, code, size=size) + coded
    for size in (0, 15, 1 << 62, (1 << 64) - 1):
        yield f"long-{size}", head + b"\0\0\0\1jxlc" + struct.pack(">Q", size) + code
    yield "many-boxes", good + box(b"free") * 100_000
    yield (
        "many-parts",
        head
        + b"".join(box(b"jxlp", struct.pack(">I", number), code[:1]) for number in range(50_000)),
    )
    yield "same-part", head + box(b"jxlp", b"\x80\0\0\0", code) * 2_000
    yield "no-codestream", head + box(b"xml ", b"<x/>")
    yield "two-codestreams", good + coded
    yield "naked-and-cut", code[:9]
    yield "naked-and-long", code + bytes(1 << 20)
    bomb = brotli.compress(bytes(64 << 20), quality=1)
    for kind in (b"Exif", b"xml ", b"jumb", b"brob", b"jxlc", b"abcd"):
        yield f"bomb-{kind.decode().strip()}", head + box(b"brob", kind, bomb) + coded
    yield "many-bombs", head + box(b"brob", b"xml ", bomb) * 100 + coded
    yield "no-brotli", head + box(b"brob", b"xml ", b"nothing of that kind") + coded
    yield "brob-of-nothing", head + box(b"brob") + coded
    for offset in (b"", b"\0\0", bytes(4), b"\xff\xff\xff\xff"):
        yield f"exif-at-{offset.hex()}", head + box(b"Exif", offset, b"MM\0*") + coded
    for name, packet in packets():
        yield f"xmp-{name}", head + box(b"xml ", packet) + coded
    for name, store in stores():
        yield f"store-{name}", head + store + coded


def films(good: bytes) -> Files:
    """Of MP4's own kinds; `good` begins with ftyp and has one moov."""
    start = int.from_bytes(good[:4], "big")
    ftyp, rest = good[:start], good[start:]
    for size in (0, 8, 9, 0xFFFFFFFF):
        yield f"ftyp-{size}", struct.pack(">I", size) + good[4:]
    for kind in (b"moov", b"mvhd", b"trak", b"tkhd", b"mdia", b"minf", b"stbl", b"mdat", b"stco"):
        at = good.index(kind) - 4
        for size in LIES:
            yield f"{kind.decode()}-{size}", good[:at] + struct.pack(">I", size) + good[at + 4 :]
    for kind in (b"stco", b"stsz", b"stsc", b"stts", b"stsd", b"hdlr", b"mvhd", b"tkhd"):
        at = good.index(kind) + 4
        for filled in (bytes(16), b"\xff" * 16, bytes(4) + b"\xff" * 12):
            yield f"{kind.decode()}-{filled[3:6].hex()}", good[:at] + filled + good[at + 16 :]
    for size in (0, 15, 1 << 62, (1 << 64) - 1):
        yield f"long-mdat-{size}", ftyp + b"\0\0\0\1mdat" + struct.pack(">Q", size) + rest
    yield "many-boxes", good + box(b"free") * 200_000
    yield "many-boxes-inside", ftyp + box(b"moov", box(b"free") * 200_000) + rest
    yield "many-tracks", ftyp + box(b"moov", box(b"trak", box(b"mdia")) * 30_000) + rest
    nested = b""
    for _ in range(2_000):
        nested = box(b"moov", box(b"trak", nested))
    yield "deep", ftyp + nested + rest
    yield "two-moovs", good + good[start:]
    yield "no-moov", ftyp + box(b"mdat", bytes(50))
    yield "only-ftyp", ftyp
    table = struct.pack(">II", 0, 0xFFFFFFFF) + bytes(60)
    for kind in (b"stco", b"co64", b"stsc", b"stsz", b"stz2", b"saio"):
        stbl = box(b"stbl", box(kind, table))
        trak = box(b"trak", box(b"mdia", box(b"minf", stbl)))
        yield f"{kind.decode()}-counts", ftyp + box(b"moov", trak) + rest
    for flags in (0, 1, 0x301, 0xFFFFFF):
        header = box(b"tfhd", struct.pack(">II", flags, 1), b"\xff" * 24)
        run = box(b"trun", struct.pack(">II", flags, 0xFFFFFFFF), b"\xff" * 24)
        yield f"fragment-{flags}", good + box(b"moof", box(b"traf", header, run))
    short = box(b"moof", box(b"traf", box(b"tfhd", bytes(8)), box(b"trun", bytes(8))))
    yield "many-fragments", good + short * 20_000
    index = box(b"tfra", struct.pack(">IIII", 0x01000000, 1, 0x3F, 0xFFFFFFFF))
    yield "index-lies", good + box(b"mfra", index)
    for kind in (b"meta", b"udta"):
        yield f"{kind.decode()}-lies", good + box(kind, b"\xff" * 40)
    for name, store in stores():
        inside = (C2PA_UUID, bytes(4), b"manifest\0", bytes(8), store)
        yield f"store-{name}", good + box(b"uuid", *inside)
    for purpose in (b"", b"merkle\0", b"update\0" + bytes(8), b"x" * 99):
        yield f"purpose-{purpose[:6].hex()}", good + box(b"uuid", C2PA_UUID, bytes(4), purpose)
    for name, packet in packets():
        yield f"xmp-{name}", good + box(b"uuid", XMP_UUID, packet)


def waves(good: bytes) -> Files:
    """Of RIFF's own kinds, WAV and AVI alike."""
    form, chunks = good[8:12], good[12:]

    def file(*parts: bytes, length: int | None = None) -> bytes:
        return riff(b"RIFF", form + b"".join(parts), length=length)

    for length in (0, 3, 4, len(good) * 2, 0xFFFFFFFE, 0xFFFFFFFF):
        yield f"riff-{length}", file(chunks, length=length)
    for kind in (b"fmt ", b"data", b"LIST", b"C2PA", b"_PMX", b"bext", b"idx1", b"JUNK"):
        for length in (0, 1, 0x7FFFFFFF, 0xFFFFFFFF):
            lie = riff(kind, b"more", length=length)
            yield f"{kind.decode().strip()}-{length}", file(lie, chunks)
            yield f"{kind.decode().strip()}-last-{length}", file(chunks, lie)
    nested = b""
    for _ in range(20_000):
        nested = b"LIST" + struct.pack("<I", len(nested) + 4) + b"more" + nested
        if len(nested) > 200_000:
            break
    yield "deep", file(chunks, nested)
    yield "many-chunks", file(chunks, riff(b"JUNK", b"") * 100_000)
    yield "many-lists", file(chunks, riff(b"LIST", b"INFO") * 100_000)
    yield "many-packets", file(chunks, riff(b"_PMX", b"<x/>") * 5_000)
    yield "many-stores", file(chunks, riff(b"C2PA", b"x" * 20) * 5_000)
    yield "no-chunks", file()
    yield "two-files", good + good
    yield "three-lists", good + riff(b"RIFF", b"AVIX") * 2_000
    big = riff(b"ds64", struct.pack("<QQQI", 1 << 62, 1 << 62, 1 << 62, 0xFFFFFFFF))
    for kind in (b"RF64", b"BW64", b"RIFX"):
        yield f"form-{kind.decode()}", kind + b"\xff" * 4 + form + big + chunks
    for name, packet in packets():
        yield f"xmp-{name}", file(chunks, riff(b"_PMX", packet))
    for name, store in stores():
        yield f"store-{name}", file(chunks, riff(b"C2PA", store))


def flacs(good: bytes) -> Files:
    """Of FLAC's own kinds, and of the tag in front of it."""
    info, rest = good[4:42], good[42:]

    def block(kind: int, content: bytes, *, length: int | None = None) -> bytes:
        stated = len(content) if length is None else length
        return bytes((kind,)) + stated.to_bytes(3, "big") + content

    for kind in (0, 1, 2, 3, 4, 5, 6, 127, 0x80, 0x84, 0xFF):
        for length in (0, 1, 0xFFFFFF):
            yield (
                f"block-{kind}-{length}",
                b"fLaC" + info + block(kind, b"more", length=length) + rest,
            )
    yield "no-blocks", b"fLaC"
    yield "no-info", b"fLaC" + rest
    yield "no-last-block", b"fLaC" + info + block(1, bytes(9)) * 20
    yield "many-blocks", b"fLaC" + info + block(1, b"") * 100_000 + rest
    yield "many-pictures", b"fLaC" + info + block(6, b"\xff" * 40) * 3_000 + rest
    comment = struct.pack("<I", 0xFFFFFFFF)
    yield "comments-lie", b"fLaC" + info + block(4, comment * 4) + rest
    yield "two-markers", b"fLaC" + good
    yield from (
        (f"tag-{name}", data)
        for name, data in recordings(good)
        if not name.startswith(("xmp", "endless", "too-many", "long-text"))
    )


def documents(good: bytes) -> Files:
    """Of PDF's own kinds; `good` has one cross-reference table."""
    body, _, tail = good.rpartition(b"startxref")
    catalog = b"1 0 obj\n<</Type/Catalog/Pages 2 0 R%s>>\nendobj\n"

    def file(*objects: bytes, trailer: bytes = b"/Root 1 0 R", prev: bytes = b"") -> bytes:
        made, places = b"%PDF-1.7\n", []
        for each in objects:
            places.append(len(made))
            made += each
        rows = b"".join(b"%010d 00000 n \n" % place for place in places)
        return (
            made
            + b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
            + rows
            + b"trailer\n<</Size %d%s%s>>\n" % (len(places) + 1, trailer, prev)
            + b"startxref\n%d\n%%%%EOF\n" % len(made)
        )

    pages = b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"

    def stream(number: int, said: bytes, content: bytes) -> bytes:
        return b"%d 0 obj\n<<%s>>\nstream\n%s\nendstream\nendobj\n" % (number, said, content)

    for at in (b"0", b"9", b"99999999999", b"-1", b"9" * 40, b"", b"x"):
        yield f"startxref-{at[:12].decode()}", body + b"startxref\n" + at + b"\n%%EOF\n"
    yield "no-startxref", body
    yield "many-startxrefs", good + (b"startxref\n0\n%%EOF\n" * 50_000)
    place = len(file(catalog % b"", pages).split(b"xref\n0")[0])
    yield "circle-of-revisions", file(catalog % b"", pages, prev=b"/Prev %d" % place)
    chain = body + b"startxref" + tail
    previous = int(tail.split()[0])
    for _ in range(3_000):
        section = len(chain)
        chain += b"xref\n0 0\ntrailer\n<</Size 9/Root 1 0 R/Prev %d>>\n" % previous
        previous = section
    yield "chain-of-revisions", chain + b"startxref\n%d\n%%%%EOF\n" % previous
    for count in (b"4294967295", b"9999999999", b"-5", b"500001"):
        yield (
            f"entries-{count.decode()}",
            body.replace(b"xref\n0 ", b"xref\n0 %s " % count, 1) + (b"startxref" + tail),
        )
    for name, inside in (
        ("arrays", b"[" * 100_000),
        ("dictionaries", b"<</A" * 100_000),
        ("strings", b"(" * 100_000),
        ("open-hex", b"<" + b"0" * 300_000),
        ("names", b"/" * 100_000),
        ("comment", b"%" * 300_000),
        ("number", b"9" * 300_000),
    ):
        yield f"deep-{name}", file(catalog % (b"/X " + inside), pages)
        yield f"trailer-{name}", file(catalog % b"", pages, trailer=b"/Root 1 0 R/X " + inside)
    for length in (b"0", b"-1", b"4294967296", b"9" * 30, b"3 0 R", b"4 0 R", b"(x)"):
        said = b"/Type/Metadata/Subtype/XML/Length " + length
        here = file(catalog % b"/Metadata 3 0 R", pages, stream(3, said, b"<x/>"))
        yield f"stream-{length[:12].decode()}", here
    bomb = zeros(100 << 20)
    for filters in (b"/FlateDecode", b"[" + b"/FlateDecode " * 50 + b"]", b"/LZWDecode", b"/None"):
        said = b"/Type/Metadata/Subtype/XML/Length %d/Filter %s" % (len(bomb), filters)
        yield (
            f"bomb-{filters[:9].hex()}",
            file(catalog % b"/Metadata 3 0 R", pages, stream(3, said, bomb)),
        )
    for root in (b"", b"/Root 9 0 R", b"/Root 2 0 R", b"/Root[]", b"/Root 1 0 R/Root 2 0 R"):
        yield f"root-{root.hex()[:20]}", file(catalog % b"", pages, trailer=root)
    for more in (b"/Metadata 1 0 R", b"/AF 1 0 R", b"/AF[1 0 R 1 0 R]", b"/Names 1 0 R"):
        yield f"catalog-{more[:8].hex()}", file(catalog % more, pages)
    tree = b"/Names<</EmbeddedFiles 3 0 R>>"
    knot = b"3 0 obj\n<</Kids[" + b"3 0 R " * 1_000 + b"]>>\nendobj\n"
    yield "circle-of-names", file(catalog % tree, pages, knot)
    for said in (
        b"/W[1 3 1]",
        b"/W[8 8 8]",
        b"/W[0 0 0]",
        b"/W[-1 2 3]",
        b"/W[1 9999999999 1]",
        b"",
    ):
        rows = zlib.compress(bytes(5000))
        more = b"/Type/XRef/Root 1 0 R/Size 999999999/Index[0 999999999]/Filter/FlateDecode"
        made = b"%PDF-1.7\n" + catalog % b"" + pages
        table = stream(3, b"%s%s/Length %d" % (said, more, len(rows)), rows)
        yield f"table-{said.hex()[:20]}", made + table + b"startxref\n%d\n%%%%EOF" % len(made)
    yield "encrypted", file(catalog % b"", pages, trailer=b"/Root 1 0 R/Encrypt 9 0 R")
    yield "signed", file(catalog % b"/ByteRange[0 99999999999 1 1]", pages)
    yield "only-a-header", b"%PDF-1.7\n"
    yield "spaces", b"%PDF-1.7\n" + b" " * 3_000_000 + b"startxref\n0\n%%EOF"
    for name, packet in packets():
        said = b"/Type/Metadata/Subtype/XML/Length %d" % len(packet)
        here = file(catalog % b"/Metadata 3 0 R", pages, stream(3, said, packet))
        yield f"xmp-{name}", here
    for name, store in stores():
        spec = b"4 0 obj\n<</Type/Filespec/AFRelationship/C2PA_Manifest/EF<</F 3 0 R>>>>\nendobj\n"
        said = b"/Type/EmbeddedFile/Subtype/application#2Fc2pa/Length %d" % len(store)
        here = file(catalog % b"/AF[4 0 R]", pages, stream(3, said, store), spec)
        yield f"store-{name}", here


MEDIA: dict[str, Callable[[bytes], Files]] = {
    "svg": drawings,
    "jxl": jxls,
    "mp4": films,
    "wav": waves,
    "avi": waves,
    "flac": flacs,
    "pdf": documents,
}
"""By the names of `oracles.small_files`."""
