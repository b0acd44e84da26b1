"""PDF documents of every kind, written by hand and by Pillow, and what pypdf reads of them."""

from __future__ import annotations

import io
import zlib
from functools import cache

import pypdf
from PIL import Image

BODY = {
    1: b"<</Type/Catalog/Pages 2 0 R>>",
    2: b"<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>",
    3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R>>",
    4: b"<</Length 28>>\nstream\n1 0 0 rg 10 10 50 50 re f %a\nendstream",
    5: b"<</Producer(by \\(hand\\) <<)/Title<feff 00e9>>>",
    6: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 90 90]/Contents[4 0 R]/Rotate -90>>",
}


def header(version: bytes = b"1.7") -> bytes:
    return b"%PDF-" + version + b"\n%\xe2\xe3\xcf\xd3\n"


def laid(start: bytes, objects: dict[int, bytes]) -> tuple[bytes, dict[int, int]]:
    """`start` with the objects behind it, and where each of them is."""
    places = {}
    for number, body in objects.items():
        places[number] = len(start)
        start += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    return start, places


def tabled(objects: dict[int, bytes], trailer: bytes = b"", start: bytes = b"") -> bytes:
    """A document with a cross-reference table over all its objects, numbered from 1."""
    data, places = laid(start or header(), objects)
    rows = b"".join(b"%010d 00000 n \n" % places[number] for number in sorted(places))
    size = len(objects) + 1
    return (
        data
        + b"xref\n0 %d\n0000000000 65535 f \n" % size
        + rows
        + b"trailer\n<</Size %d/Root 1 0 R/Info 5 0 R%s>>\n" % (size, trailer)
        + b"startxref\n%d\n%%%%EOF\n" % len(data)
    )


def crossed(
    objects: dict[int, bytes], packed: dict[int, bytes] | None = None, *, predicted: bool = True
) -> bytes:
    """A document with a cross-reference stream; `packed` objects lie in an object stream."""
    packed = packed or {}
    container, own = 90, 91
    data, places = laid(header(), objects)
    if packed:
        index, body = b"", b""
        for number, each in packed.items():
            index += b"%d %d " % (number, len(body))
            body += each + b" "
        places[container] = len(data)
        data += stream(
            container, b"/Type/ObjStm/N %d/First %d" % (len(packed), len(index)), index + body
        )
    places[own] = len(data)
    inside = {number: at for at, number in enumerate(packed)}
    rows = [
        b"\2" + (container).to_bytes(3, "big") + bytes((inside[number],))
        if number in inside
        else (b"\1" + places[number].to_bytes(3, "big") if number in places else bytes(4)) + b"\0"
        for number in range(own + 1)
    ]
    said = b"/Type/XRef/Size %d/Root 1 0 R/Info 5 0 R/W[1 3 1]/ID[<01><01>]" % (own + 1)
    if predicted:
        above, lines = bytes(5), b""
        for row in rows:
            lines += b"\2" + bytes((h - a) & 255 for h, a in zip(row, above, strict=True))
            above = row
        said += b"/DecodeParms<</Predictor 12/Columns 5>>"
        data += stream(own, said, lines)
    else:
        data += stream(own, said, b"".join(rows))
    return data + b"startxref\n%d\n%%%%EOF" % places[own]


def stream(number: int, said: bytes, content: bytes) -> bytes:
    """A compressed stream object."""
    packed = zlib.compress(content)
    said = b"<<%s/Filter/FlateDecode/Length %d>>" % (said, len(packed))
    return b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, said, packed)


def appended(data: bytes, objects: dict[int, bytes]) -> bytes:
    """`data` with one more revision, as another program would write it."""
    previous = int(data.rsplit(b"startxref", 1)[1].split()[0])
    whole, places = laid(data + b"\n", objects)
    rows = b"".join(b"%d 1\n%010d 00000 n \n" % pair for pair in sorted(places.items()))
    size = max(10, *places) + 1
    trailer = b"trailer\n<</Size %d/Root 1 0 R/Prev %d>>\n" % (size, previous)
    return whole + b"xref\n" + rows + trailer + b"startxref\n%d\n%%%%EOF\n" % len(whole)


def with_packet(packet: bytes, *, compressed: bool = False) -> bytes:
    """A document that carries XMP already."""
    content = zlib.compress(packet) if compressed else packet
    said = b"/Filter/FlateDecode" if compressed else b""
    metadata = b"<</Type/Metadata/Subtype/XML%s/Length 8 0 R>>\nstream\r\n%s\nendstream"
    return tabled(
        BODY
        | {
            1: b"<</Type/Catalog/Pages 2 0 R/Metadata 7 0 R/Lang(en)>>",
            7: metadata % (said, content),
            8: b"%d" % len(content),
        }
    )


def _drawn() -> bytes:
    encoded = io.BytesIO()
    pages = [Image.linear_gradient("L").resize((48, 36)), Image.new("RGB", (20, 30), (1, 200, 3))]
    pages[0].save(encoded, "PDF", save_all=True, append_images=pages[1:], title="drawn")
    return encoded.getvalue()


@cache
def documents(packet: bytes) -> dict[str, bytes]:
    """Name and file of every kind of document."""
    packed = {number: BODY[number] for number in (1, 2, 3, 5, 6)}
    return {
        "pdf": tabled(BODY),
        "pdf drawn": _drawn(),
        "pdf with xmp": with_packet(packet),
        "pdf with compressed xmp": with_packet(packet, compressed=True),
        "pdf cross-reference stream": crossed(BODY, predicted=False),
        "pdf object stream": crossed({4: BODY[4]}, packed),
        "pdf updated": appended(tabled(BODY), {5: b"<</Title(changed)>>", 10: b"null"}),
    }


def pages(data: bytes) -> list[tuple[str, tuple[None, None], bytes, bytes]]:
    """Every page as pypdf reads it: its own entries and its content."""
    reader = pypdf.PdfReader(io.BytesIO(data), strict=True)
    return [
        (
            "page",
            (None, None),
            repr((each.mediabox, each.rotation)).encode(),
            content.get_data() if (content := each.get_contents()) else b"",
        )
        for each in reader.pages
    ]
