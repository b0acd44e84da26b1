"""Blocks that other people's software might have written, hand made."""

from __future__ import annotations

import hashlib
import struct

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DC = "http://purl.org/dc/elements/1.1/"
EXT = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
PLUS = "http://ns.useplus.org/ldf/xmp/1.0/"
PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
XMP_NS = "http://ns.adobe.com/xap/1.0/"
NOTE = "http://ns.adobe.com/xmp/note/"
CAPTURE = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"

HEADER = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
TRAILER = '\n<?xpacket end="w"?>'


def packet(rdf: str) -> str:
    return HEADER + f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{rdf}</x:xmpmeta>' + TRAILER


def rdf(*descriptions: str) -> str:
    return f'<rdf:RDF xmlns:rdf="{RDF}">' + "\n".join(descriptions) + "</rdf:RDF>"


DECLARED = (
    f'xmlns:dc="{DC}" xmlns:Iptc4xmpExt="{EXT}" xmlns:plus="{PLUS}" xmlns:xmp="{XMP_NS}" '
    f'xmlns:photoshop="{PHOTOSHOP}" xmlns:acme="https://acme.example/ns/"'
)

ATTRIBUTES = packet(
    rdf(
        f'<rdf:Description rdf:about="uuid:1&amp;2" {DECLARED}\n   photoshop:Credit = \'A > "B"\'\n'
        f'   acme:Secret="&lt;keep&gt; &#x9;" Iptc4xmpExt:DigitalSourceType="{CAPTURE}"/>'
    )
)
ELEMENTS = packet(
    rdf(
        f"<rdf:Description rdf:about='' {DECLARED}>\n"
        "  <!-- </rdf:RDF> -->\n"
        "  <dc:creator><rdf:Bag><rdf:li>Jane</rdf:li><rdf:li>Joe</rdf:li></rdf:Bag></dc:creator>\n"
        "  <acme:Note><![CDATA[</rdf:RDF> <x:xmpmeta>]]></acme:Note>\n"
        "  <dc:title><rdf:Alt><rdf:li xml:lang='de'>Titel</rdf:li>"
        "<rdf:li xml:lang='x-default'>Title</rdf:li></rdf:Alt></dc:title>\n"
        "</rdf:Description>",
        f'<rdf:Description rdf:about="" xmlns:d2="{DC}" xmlns:xmp="{XMP_NS}">'
        "<d2:rights><rdf:Alt><rdf:li xml:lang='en'>(c) Somebody</rdf:li></rdf:Alt></d2:rights>"
        "<xmp:ModifyDate>2001-02-03</xmp:ModifyDate></rdf:Description>",
    )
)
CONTRIBUTORS = packet(
    rdf(
        f'<rdf:Description rdf:about="" {DECLARED}>\n<Iptc4xmpExt:Contributor><rdf:Bag>\n'
        '  <rdf:li rdf:parseType="Resource"><Iptc4xmpExt:Name><rdf:Alt>'
        '<rdf:li xml:lang="x-default">Ann Retoucher</rdf:li></rdf:Alt></Iptc4xmpExt:Name>'
        "<Iptc4xmpExt:Role><rdf:Bag><rdf:li>retoucher</rdf:li></rdf:Bag></Iptc4xmpExt:Role>"
        "</rdf:li>\n"
        '  <rdf:li><rdf:Description Iptc4xmpExt:Name="Old Studio"><Iptc4xmpExt:Role><rdf:Bag>'
        "<rdf:li>cawg.producer</rdf:li></rdf:Bag></Iptc4xmpExt:Role><xmp:Identifier><rdf:Bag>"
        "<rdf:li>https://old.example</rdf:li></rdf:Bag></xmp:Identifier></rdf:Description></rdf:li>"
        "\n</rdf:Bag></Iptc4xmpExt:Contributor>\n"
        "<plus:ImageSupplier><rdf:Seq><rdf:li rdf:parseType='Resource'>"
        "<plus:ImageSupplierName>Agency</plus:ImageSupplierName></rdf:li></rdf:Seq>"
        "</plus:ImageSupplier>"
        "<plus:Licensor><rdf:Seq><rdf:li plus:LicensorName='L' plus:LicensorURL='https://l.example'/>"
        "</rdf:Seq></plus:Licensor>"
        "<Iptc4xmpExt:AISystemUsed>Old Model</Iptc4xmpExt:AISystemUsed>"
        "<Iptc4xmpExt:AISystemVersionUsed>0.1</Iptc4xmpExt:AISystemVersionUsed>"
        "</rdf:Description>",
    )
)
DEFAULT_NAMESPACE = (
    f'<RDF xmlns="{RDF}"><Description about="" xmlns:q="{DC}"><q:creator><Seq><li>Jane</li></Seq>'
    f'</q:creator></Description><Description xmlns:e="{EXT}"><e:Contributor><Bag/></e:Contributor>'
    "</Description></RDF>"
)
OTHER_PREFIXES = (
    f'<R:RDF xmlns:R="{RDF}"><R:Description R:about="" xmlns:p="{PHOTOSHOP}" p:Credit="C" '
    f'xmlns:rdf="https://not.rdf.example/"><rdf:x>kept</rdf:x></R:Description></R:RDF>'
)
EMPTY_RDF = packet(f"<rdf:RDF xmlns:rdf='{RDF}'/>")
TWICE = packet(
    rdf(
        f'<rdf:Description rdf:about="" {DECLARED} Iptc4xmpExt:DigitalSourceType="{CAPTURE}" '
        'photoshop:Credit="one"/>',
        f'<rdf:Description rdf:about="" {DECLARED}><Iptc4xmpExt:DigitalSourceType rdf:resource='
        f'"{CAPTURE}"/><photoshop:Credit>two</photoshop:Credit></rdf:Description>',
    )
)
UNDECLARED = packet(
    f"<rdf:RDF xmlns:rdf='{RDF}'><rdf:Description rdf:about=''><dc:rights>me</dc:rights>"
    "</rdf:Description></rdf:RDF>"
)
BARE_AMPERSAND = packet(
    rdf(f'<rdf:Description rdf:about="" {DECLARED}><dc:rights>A & B \x01 &#2;</dc:rights>').replace(
        "</rdf:RDF>", "</rdf:Description></rdf:RDF>"
    )
)

PACKETS: dict[str, bytes] = {
    "attributes": ATTRIBUTES.encode(),
    "elements": ELEMENTS.encode(),
    "contributors": CONTRIBUTORS.encode(),
    "default namespace": DEFAULT_NAMESPACE.encode(),
    "other prefixes": OTHER_PREFIXES.encode(),
    "empty": EMPTY_RDF.encode(),
    "twice": TWICE.encode(),
    "undeclared": UNDECLARED.encode(),
    "bare ampersand": BARE_AMPERSAND.encode(),
    "no wrapper, nuls": (rdf(f"<rdf:Description {DECLARED} dc:rights='r'/>") + "\0\0\n").encode(),
    "utf-8 mark": b"\xef\xbb\xbf" + ELEMENTS.encode(),
    "utf-16 le": b"\xff\xfe" + ELEMENTS.encode("utf-16-le"),
    "utf-16 be, no mark": ELEMENTS[len(HEADER) :].encode("utf-16-be"),
    "utf-32 le": b"\xff\xfe\0\0" + ELEMENTS.encode("utf-32-le"),
    "utf-32 be, no mark": ELEMENTS[len(HEADER) :].encode("utf-32-be"),
    "cp1252": ELEMENTS[len(HEADER) :].replace("Jane", "Jané").encode("cp1252"),
    "blank": b" \n\0",
    "wrapper only": (HEADER + TRAILER).encode(),
    "no rdf": b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>',
}
"""Packets by what is odd about them."""


def with_extended(extended: str, main: str = "") -> dict[str, bytes]:
    """A main packet that points to `extended`, and that one."""
    body = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{extended}</x:xmpmeta>'.encode()
    guid = hashlib.md5(body).hexdigest().upper()
    pointer = (
        f'<rdf:Description rdf:about="" xmlns:xmpNote="{NOTE}" xmpNote:HasExtendedXMP="{guid}"/>'
    )
    return {"main": packet(rdf(pointer, main)).encode(), "extended": body}


EXTENDED = with_extended(
    rdf(
        f'<rdf:Description rdf:about="" {DECLARED}><acme:Big>{"B" * 3000}</acme:Big>'
        f"<Iptc4xmpExt:DigitalSourceType>{CAPTURE}</Iptc4xmpExt:DigitalSourceType>"
        "<dc:rights>hidden</dc:rights>"
        "<Iptc4xmpExt:Contributor><rdf:Bag><rdf:li Iptc4xmpExt:Name='Hidden Hand'/></rdf:Bag>"
        "</Iptc4xmpExt:Contributor></rdf:Description>"
    )
)


def dataset(record: int, number: int, value: bytes) -> bytes:
    return bytes((0x1C, record, number)) + len(value).to_bytes(2, "big") + value


IIM_BLOCKS: dict[str, bytes] = {
    "latin": dataset(2, 0, b"\0\4")
    + dataset(2, 25, "été".encode("cp1252"))
    + dataset(2, 80, "Zoë".encode("cp1252"))
    + dataset(2, 120, b"caption")
    + dataset(2, 120, b"again"),
    "utf-8": dataset(1, 90, b"\x1b%G")
    + dataset(2, 5, "東京".encode())
    + dataset(2, 80, b"A")
    + dataset(2, 80, b"B"),
    "extended length": bytes((0x1C, 2, 120, 0x80, 4)) + (6).to_bytes(4, "big") + b"a long",
    "unknown, padded": dataset(1, 0, b"\0\2")
    + dataset(2, 242, b"\xff\xfe\0")
    + dataset(7, 10, b"\x80data")
    + b"\0\0\0",
    "records out of order": dataset(8, 10, b"x") + dataset(2, 110, b"C") + dataset(1, 30, b"s"),
}


def exif_block(order: str = "<", *, inner: bool = True, software: bytes = b"Ver.1.0\0") -> bytes:
    """IFD0 with description, software, orientation and artist, an Exif directory with a maker
    note and an absolute offset in it, and a second directory."""

    def entry(tag: int, kind: int, count: int, value: bytes | int) -> bytes:
        if isinstance(value, int):
            value = struct.pack(order + ("H" if kind == 3 else "I"), value)
        return struct.pack(order + "HHI", tag, kind, count) + value.ljust(4, b"\0")

    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 8)
    count = 5 if inner else 4
    values = 8 + 2 + 12 * count + 4
    description, artist = b"OLYMPUS DIGITAL CAMERA         \0", b"Zo\xeb Photographers\0"
    exif_at = values + 32 + 18 + 8
    exif_end = exif_at + 2 + 12 * 2 + 4
    second = exif_end + 20
    ifd0 = struct.pack(order + "H", count)
    ifd0 += entry(0x010E, 2, 32, values) + entry(0x0112, 3, 1, 6)
    ifd0 += entry(0x0131, 2, 8, values + 50) + entry(0x013B, 2, 18, values + 32)
    if inner:
        ifd0 += entry(0x8769, 4, 1, exif_at)
    ifd0 += struct.pack(order + "I", second)
    maker = b"MAKER\0" + struct.pack(order + "I", exif_end + 10) + b"0123456789"
    exif = struct.pack(order + "H", 2) + entry(0x9003, 2, 20, exif_end)
    exif += entry(0x927C, 7, 20, exif_end) + struct.pack(order + "I", 0)
    ifd1 = struct.pack(order + "H", 1) + entry(0x0103, 3, 1, 6) + struct.pack(order + "I", 0)
    return head + ifd0 + description + artist + software + exif + maker + ifd1


EXIF_BLOCKS: dict[str, bytes] = {
    "little endian": exif_block("<"),
    "big endian": exif_block(">"),
    "without Exif directory": exif_block("<", inner=False),
    "no software": exif_block(">", software=b"\0" * 8),
}
