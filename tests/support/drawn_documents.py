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


ATTACHED = {
    1: b"<</Type/Catalog/Pages 2 0 R/Names 7 0 R/AF 18 0 R/Lang(en)>>",
    7: b"<</Dests<</Names[(here)[3 0 R/Fit]]>>/EmbeddedFiles 8 0 R>>",
    8: b"<</Kids[9 0 R 10 0 R]>>",
    9: b"<</Limits[(Annex)(Drafts)]/Kids[11 0 R 12 0 R]>>",
    10: b"<</Limits[(notes)<7a>]/Names[(no\\164es)14 0 R<7A>15 0 R]>>",
    11: b"<</Limits[(Annex)(Annex)]/Names[(Annex)13 0 R]>>",
    12: b"<</Limits[(Drafts)(Drafts)]/Names 16 0 R>>",
    13: b"<</Type/Filespec/F(annex.txt)/UF(annex.txt)/EF<</F 17 0 R>>/AFRelationship/Data>>",
    14: b"<</Type/Filespec/F(notes.txt)/UF(notes.txt)/EF<</F 17 0 R>>>>",
    15: b"<</Type/Filespec/F(z.txt)/UF(z.txt)/EF<</F 17 0 R>>>>",
    16: b"[(Drafts)14 0 R]",
    17: b"<</Type/EmbeddedFile/Subtype/text#2Fplain/Length 5>>\nstream\nhello\nendstream",
    18: b"[13 0 R]",
}
"""Four names in a tree of three levels, one associated file, and a list of them that is shared."""


def attached(objects: dict[int, bytes] | None = None) -> bytes:
    """A document with attached files, `objects` of it written otherwise."""
    return tabled(BODY | ATTACHED | (objects or {}))


def hybrid() -> bytes:
    """A document for old and new readers: some objects are in its stream alone (§7.5.8.4)."""
    data, places = laid(header(), {n: BODY[n] for n in (1, 2, 3, 4, 6)})
    places[7] = len(data)
    packed = b"5 0 " + BODY[5]
    data += stream(7, b"/Type/ObjStm/N 1/First 4", packed)
    places[8] = len(data)
    rows = bytes((2, 0, 7, 0)) + b"\1" + places[7].to_bytes(2, "big") + b"\0"
    said = b"/Type/XRef/Size 9/Root 1 0 R/W[1 2 1]/Index[5 1 7 1]"
    data += stream(8, said, rows)
    lines = [b"%010d 00000 n \n" % places[n] if n in places else FREE for n in range(9)]
    end = b"trailer\n<</Size 9/Root 1 0 R/Info 5 0 R/XRefStm %d>>\n" % places[8]
    return data + b"xref\n0 9\n%s%sstartxref\n%d\n%%%%EOF\n" % (b"".join(lines), end, len(data))


FREE = b"0000000000 65535 f \n"


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
        "pdf with attachments": attached(),
        "pdf with packed attachments": crossed(
            {n: body for n, body in (BODY | ATTACHED).items() if b"stream" in body},
            {n: body for n, body in (BODY | ATTACHED).items() if b"stream" not in body},
        ),
        "pdf hybrid": hybrid(),
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
