"""What generators write is found wherever it stands, however long it is; what people write is not.

Every place is labelled twice: with a generator's words a photograph's label is refused, with a
photographer's it is written.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

import genlabel
from drawn_kinds import after_header, after_jfif, chunk, picture, save, segment
from genlabel import Label, LabelError, Producer
from oracles.small_files import small

CAPTURED = Label.captured(producer=Producer("Acme"))
PROMPT = "masterpiece, best quality, a castle on a hill, " * 40
SETTINGS = f"{PROMPT}\nNegative prompt: blurry\nSteps: 20, Sampler: Euler a, Seed: 7, Model: m"
GRAPH = f'{{"3": {{"inputs": {{"seed": 1, "text": "{PROMPT}"}}, "class_type": "KSampler"}}}}'
CAPTION = f"A painting prompt on the wall of Midjourney's office. {'The hills at dusk. ' * 40}"


def _exif(tag: int, kind: int, raw: bytes, *, inner: bool = False) -> bytes:
    """A block with one entry, in the first directory or in that of Exif."""
    entry = struct.pack("<HHII", tag, kind, len(raw), 44 if inner else 26)
    one = struct.pack("<H", 1)
    if not inner:
        return b"II*\0\x08\0\0\0" + one + entry + bytes(4) + raw
    pointer = struct.pack("<HHII", 0x8769, 4, 1, 26)
    return b"II*\0\x08\0\0\0" + one + pointer + bytes(4) + one + entry + bytes(4) + raw


def _comment(words: str, code: bytes = b"UNICODE\0", coding: str = "utf-16-le") -> bytes:
    return _exif(0x9286, 7, code + words.encode(coding), inner=True)


def _text(kind: bytes, key: bytes, content: bytes) -> bytes:
    return after_header(save(picture(), "PNG"), chunk(kind, key + b"\0" + content))


def _with_exif(format: str, block: bytes) -> bytes:
    if format == "PNG":
        return after_header(save(picture(), "PNG"), chunk(b"eXIf", block))
    if format == "JPEG":
        return after_jfif(save(picture(), "JPEG"), segment(0xE1, b"Exif\0\0" + block))
    return save(picture(), format, exif=b"Exif\0\0" + block)


def _xmp(properties: str) -> bytes:
    names = {
        "dc": "http://purl.org/dc/elements/1.1/",
        "tiff": "http://ns.adobe.com/tiff/1.0/",
        "exif": "http://ns.adobe.com/exif/1.0/",
        "photoshop": "http://ns.adobe.com/photoshop/1.0/",
        "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    }
    bound = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in names.items())
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {bound}>{properties}</rdf:Description></rdf:RDF>'
        "</x:xmpmeta>"
    )
    return save(picture(), "JPEG", xmp=packet.encode())


def _alternative(name: str, words: str) -> bytes:
    escaped = words.replace("&", "&amp;").replace("<", "&lt;")
    return _xmp(
        f'<{name}><rdf:Alt><rdf:li xml:lang="x-default">Hills</rdf:li>'
        f'<rdf:li xml:lang="en">{escaped}</rdf:li></rdf:Alt></{name}>'
    )


PLACES: dict[str, Callable[[str], bytes]] = {
    "tEXt": lambda words: _text(b"tEXt", b"parameters", words.encode()),
    "zTXt": lambda words: _text(b"zTXt", b"Comment", b"\0" + zlib.compress(words.encode())),
    "iTXt": lambda words: _text(b"iTXt", b"prompt", b"\1\0\0\0" + zlib.compress(words.encode())),
    "COM": lambda words: after_jfif(save(picture(), "JPEG"), segment(0xFE, words.encode())),
    "ImageDescription": lambda words: _with_exif("JPEG", _exif(0x010E, 2, words.encode())),
    "HostComputer": lambda words: _with_exif("JPEG", _exif(0x013C, 2, words.encode())),
    "XPComment": lambda words: _with_exif("JPEG", _exif(0x9C9C, 1, words.encode("utf-16-le"))),
    **{
        f"COM in {coding}": lambda words, coding=coding: after_jfif(
            save(picture(), "JPEG"), segment(0xFE, words.encode(coding))
        )
        for coding in ("utf-16", "utf-16-le", "utf-16-be")
    },
    "UserComment": lambda words: _with_exif("JPEG", _comment(words)),
    "UserComment, big-endian": lambda w: _with_exif("WEBP", _comment(w, coding="utf-16-be")),
    "UserComment, ASCII": lambda w: _with_exif("AVIF", _comment(w, b"ASCII\0\0\0", "ascii")),
    "UserComment, ASCII as UNICODE": lambda w: _with_exif("PNG", _comment(w, coding="ascii")),
    "TIFF 270": lambda words: save(picture(), "TIFF", tiffinfo={270: words}),
    "TIFF 700": lambda words: save(
        picture(), "TIFF", tiffinfo={700: _packet_of(_alternative("dc:title", words))}
    ),
    "dc:title": lambda words: _alternative("dc:title", words),
    "dc:description": lambda words: _alternative("dc:description", words),
    "tiff:ImageDescription": lambda words: _alternative("tiff:ImageDescription", words),
    "exif:UserComment": lambda words: _alternative("exif:UserComment", words),
}


def _packet_of(jpeg: bytes) -> bytes:
    start = jpeg.index(b"<x:xmpmeta")
    return jpeg[start : jpeg.index(b"</x:xmpmeta>") + 12]


@pytest.mark.parametrize("words", [SETTINGS, GRAPH], ids=["settings", "graph"])
@pytest.mark.parametrize("place", PLACES)
def test_a_photograph_with_a_generators_words_is_refused(place, words, signer, trust):
    sign = "…Negative prompt: " if words is SETTINGS else '…"class_type": '
    with pytest.raises(LabelError, match="so it cannot be labelled digitalCapture") as refusal:
        genlabel.sign(PLACES[place](words), CAPTURED, signer, trust=trust)
    assert sign in str(refusal.value)


@pytest.mark.parametrize("place", PLACES)
def test_a_photographers_words_are_no_evidence(place, signer, trust):
    signed = genlabel.sign(PLACES[place](CAPTION), CAPTURED, signer, trust=trust)
    assert signed.report.declared.source_type == CAPTURED.source_type.uri


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Iptc4xmpExt:AIPromptInformation", "a castle"),
        ("Iptc4xmpExt:AIPromptWriterName", "Ada Lovelace"),
        ("Iptc4xmpExt:AISystemVersionUsed", "6.1"),
        ("Iptc4xmpExt:DigitalSourcefileType", "trainedAlgorithmicMedia"),
        ("Iptc4xmpExt:DigitalSourceType", "Created using Generative AI"),
        ("photoshop:Credit", "Edited with Google AI"),
    ],
)
def test_a_property_of_generated_pictures(name, value, signer, trust):
    with pytest.raises(LabelError, match="so it cannot be labelled"):
        genlabel.sign(_xmp(f"<{name}>{value}</{name}>"), CAPTURED, signer, trust=trust)


def _info(words: str) -> bytes:
    """A LIST INFO chunk with a comment."""
    text = words.encode() + b"\0"
    entry = b"ICMT" + struct.pack("<I", len(text)) + text + bytes(len(text) % 2)
    return b"LIST" + struct.pack("<I", 4 + len(entry)) + b"INFO" + entry


def _riff(data: bytes, more: bytes) -> bytes:
    return data[:4] + struct.pack("<I", len(data) - 8 + len(more)) + data[8:] + more


def _broadcast(words: str) -> bytes:
    history = words.encode()
    return b"bext" + struct.pack("<I", 602 + len(history)) + bytes(602) + history


def _comments(flac: bytes, words: str) -> bytes:
    """A block of comments behind STREAMINFO."""
    text = b"COMMENT=" + words.encode()
    content = struct.pack("<I", 3) + b"ref" + struct.pack("<II", 1, len(text)) + text
    at = flac.index(b"fLaC") + 4 + 4 + 34
    head = bytearray(flac[:at])
    head[at - 38] &= 0x7F  # STREAMINFO is not the last block
    last = 0x80 if flac[at - 38] & 0x80 else 0
    return bytes(head) + bytes((last | 4,)) + len(content).to_bytes(3, "big") + content + flac[at:]


def _drawing(inside: str) -> Callable[[str], bytes]:
    return lambda words: (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{inside}'
        '<rect width="9" height="9"/></svg>'.replace("WORDS", words)
    ).encode()


def _document(words: str) -> bytes:
    return save(picture().convert("RGB"), "PDF", title="Hills", subject=words)


def _editors(words: str) -> bytes:
    """A WebP file with a chunk of its editor's."""
    raw = words.encode()
    return _riff(
        save(picture(), "WEBP"),
        b"PSAI" + struct.pack("<I", len(raw)) + raw + b"\0" * (len(raw) % 2),
    )


OTHERS: dict[str, Callable[[str], bytes]] = {
    "INFO of WAV": lambda words: _riff(small("wav"), _info(words)),
    "bext of WAV": lambda words: _riff(small("wav"), _broadcast(words + "\0" * (len(words) % 2))),
    "INFO of AVI": lambda words: _riff(small("avi"), _info(words)),
    "unknown chunk of WebP": _editors,
    "comment of FLAC": lambda words: _comments(small("flac"), words),
    "Info of PDF": _document,
    "desc of SVG": _drawing("<desc>WORDS</desc>"),
    "metadata of SVG": _drawing("<metadata><a:note xmlns:a='urn:a'>WORDS</a:note></metadata>"),
    "comment of SVG": _drawing("<!-- WORDS -->"),
}


def _appended(inside: bytes) -> bytes:
    """A JPEG with Samsung's trailer, as far as it matters here."""
    return (
        save(picture(), "JPEG") + b"\0\0\xa1\n\x18\0\0\0PhotoEditor_Re_Edit_Data" + inside + b"SEFT"
    )


def _animated(content: bytes) -> bytes:
    png = save(picture(), "PNG")
    at = png.index(b"IEND") - 4
    return png[:at] + chunk(b"comf", content) + png[at:]


def _canva(answer: bytes) -> bytes:
    said = b"<metadata><ContainsAiGeneratedContent>%s</ContainsAiGeneratedContent></metadata>"
    return _drawing((said % answer).decode())("")


PROGRAMS = {
    "ComfyUI, animation": (_animated(b"workflow\0" + GRAPH.encode()), _animated(b"note\0mine")),
    "Samsung": (_appended(b'{"genAIType": 2}'), _appended(b'{"genAIType": 0}')),
    "China, in a segment of its own": (
        after_jfif(save(picture(), "JPEG"), segment(0xEB, b'AIGC{"Label":"1","ProduceID":"x"}')),
        after_jfif(save(picture(), "JPEG"), segment(0xEB, b'AIGC{"Label":"3","ProduceID":"x"}')),
    ),
    "China, behind the end": (
        save(picture(), "JPEG") + b'{"AIGC":{"Label":"1"}}',
        save(picture(), "JPEG") + b'{"AIGC":{"Label":"3"}}',
    ),
    "WAV, its software": (
        _riff(small("wav"), _info("ElevenLabs").replace(b"ICMT", b"ISFT")),
        _riff(small("wav"), _info("Lavf61.7").replace(b"ICMT", b"ISFT")),
    ),
    "Canva": (_canva(b"Yes"), _canva(b"No")),
    "Apple": (
        _xmp("<photoshop:Credit>Apple Photos Clean Up</photoshop:Credit>"),
        _xmp("<photoshop:Credit>Apple Photos</photoshop:Credit>"),
    ),
}


def _page(jpeg: bytes) -> bytes:
    """A document with a picture as it is, metadata and all."""
    document = save(Image.open(io.BytesIO(jpeg)), "PDF")
    start = document.index(b"stream\n\xff\xd8") + 7
    end = document.index(b"endstream", start)
    length = document[:start].rindex(b"/Length ") + 8
    stop = document.index(b"\n", length)
    numbers = str(len(jpeg)).encode().rjust(stop - length, b"0")
    grown = document[:length] + numbers + document[stop:start] + jpeg + b"\n" + document[end:]
    return _with_other_offsets(grown, len(jpeg) + 1 - (end - start), start)


def _with_other_offsets(document: bytes, by: int, behind: int) -> bytes:
    def moved(entry: re.Match[bytes]) -> bytes:
        offset = int(entry[1])
        return b"%010d" % (offset + by * (offset > behind)) + b" 00000 n"

    document = re.sub(rb"(\d{10}) 00000 n", moved, document)
    start = int(document.rsplit(b"startxref\n", 1)[1].split()[0])
    return document.replace(b"startxref\n%d" % start, b"startxref\n%d" % (start + by))


PAGES = {
    "XMP": _xmp(
        "<Iptc4xmpExt:DigitalSourceType>trainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourceType>"
    ),
    "Exif": _with_exif("JPEG", _comment(SETTINGS)),
}


@pytest.mark.parametrize("place", PAGES)
def test_a_picture_in_a_document_counts(place, signer, trust):
    by_hand = Label.created_by_human(producer=Producer("Acme"))
    with pytest.raises(LabelError, match=r"in a picture at .*so it cannot be labelled"):
        genlabel.sign(_page(PAGES[place]), by_hand, signer, trust=trust)
    honest = _page(_with_exif("JPEG", _comment(CAPTION)))
    assert genlabel.sign(honest, by_hand, signer, trust=trust).outcome.value == "signed"


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_one_program_alone_writes(program, signer, trust):
    generated, honest = PROGRAMS[program]
    with pytest.raises(LabelError, match="so it cannot be labelled"):
        genlabel.sign(generated, CAPTURED, signer, trust=trust)
    signed = genlabel.sign(honest, CAPTURED, signer, trust=trust)
    assert signed.report.declared.source_type == CAPTURED.source_type.uri


@pytest.mark.parametrize("place", OTHERS)
def test_the_same_of_sounds_drawings_and_documents(place, signer, trust):
    with pytest.raises(LabelError, match="so it cannot be labelled digitalCapture"):
        genlabel.sign(OTHERS[place](SETTINGS), CAPTURED, signer, trust=trust)
    signed = genlabel.sign(OTHERS[place](CAPTION), CAPTURED, signer, trust=trust)
    assert signed.report.declared.source_type == CAPTURED.source_type.uri


@pytest.mark.parametrize("place", OTHERS)
def test_they_are_told_as_public_and_go_by_name(place, signer, trust):
    generated = Label.generated(producer=Producer("Acme"))
    data = OTHERS[place](SETTINGS)
    signed = genlabel.sign(data, generated, signer, trust=trust, show_public=True)
    assert any("masterpiece" in each.text for each in signed.public)
    assert "genlabel.trace.kept" in {each.code for each in signed.findings}
    without = genlabel.sign(data, generated, signer, trust=trust, drop_traces="a1111")
    assert b"masterpiece" not in bytes(without.data)
    assert "masterpiece" in "".join(without.replaced)
