"""Traces in texts of a container's own and in second blocks: they go, and the rest stays."""

from __future__ import annotations

import struct

import pytest

import drawn_kinds_heif
import genlabel
from drawn_documents import BODY, crossed, tabled
from drawn_kinds import after_header, after_jfif, chunk, picture, save, segment
from drawn_kinds_jxl import container
from genlabel import Label, MalformedMetadata, Producer
from genlabel.formats import identify
from oracles.libjxl import CODESTREAM
from oracles.recordings import SILENCE, comments, flac, frame, heard, metadata, tag
from oracles.riff_files import chunk as riff_chunk, film, form, listed, sound
from oracles.small_files import small

LABEL = Label.generated(producer=Producer("Acme"))
SETTINGS = "a castle for QJX, Steps: 20, Sampler: Euler a, Seed: 7"
WORDS = SETTINGS.encode()
FRAMES = [save(picture(), "JPEG")] * 2
BROADCAST = riff_chunk(
    b"bext", WORDS.ljust(256, b"\0"), b"Ada Originator".ljust(32, b"\0"), bytes(314), WORDS
)


def info(*texts):
    return listed(b"INFO", *(riff_chunk(kind, text + b"\0") for kind, text in texts))


OWN = info((b"INAM", b"Waves"), (b"ICMT", b"mine"), (b"ICMT", WORDS), (b"IART", b"Ada"))


def webp(*blocks):
    data = save(picture(), "WEBP", exif=b"Exif\0\0" + blocks[0])
    data += b"".join(riff_chunk(b"EXIF", each) for each in blocks[1:])
    return data[:4] + struct.pack("<I", len(data) - 8) + data[8:]


def exif(tag, words):
    text = words.encode() + b"\0"
    return b"II*\0\x08\0\0\0\1\0" + struct.pack("<HHII", tag, 2, len(text), 26) + bytes(4) + text


CAMERA, TRACE = exif(0x010F, "Camera Seven"), exif(0x010E, SETTINGS)


def packet(inner):
    names = (
        'xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
    )
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {names}>{inner}</rdf:Description></rdf:RDF></x:xmpmeta>'
    ).encode()


PHOTO = packet("<photoshop:City>Rome</photoshop:City><xmp:CreatorTool>Cam 3</xmp:CreatorTool>")
TOLD = f"<exif:UserComment>{SETTINGS}</exif:UserComment>"
PAINTED = packet(f"<photoshop:Headline>Hills</photoshop:Headline>{TOLD}")


def xmp_segment(data):
    return segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + data)


def xmp_chunk(data):
    return chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + data)


def svg(inner):
    return (
        '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="24" height="16">'
        f'{inner}<rect width="9" height="9" fill="teal"/></svg>'
    ).encode()


PLACES = {
    "wav info": form(b"WAVE", *sound(), OWN),
    "wav info in front": form(b"WAVE", OWN, *sound(bits=8, size=701)),
    "wav bext": form(b"WAVE", BROADCAST, *sound()),
    "wav ixml": form(b"WAVE", *sound(), riff_chunk(b"iXML", b"<a>", WORDS, b"</a>")),
    "avi info": film(FRAMES, OWN, absolute=True),
    "flac": flac(metadata(4, comments("TITLE=Waves", f"COMMENT={SETTINGS}", "ARTIST=Ada"))),
    "flac tagged": tag(frame(b"TIT2", b"\3T"), padding=0)
    + flac(metadata(4, comments("TITLE=Waves", f"prompt={SETTINGS}"))),
    "mp3": tag(
        frame(b"TIT2", b"\3Waves"), frame(b"COMM", b"\3eng\0" + WORDS), frame(b"TPE1", b"\3Ada")
    )
    + SILENCE,
    "mp3 nothing else": tag(frame(b"TXXX", b"\3prompt\0" + WORDS)) + SILENCE,
    "png exif 2": after_header(
        save(picture(), "PNG"), chunk(b"eXIf", CAMERA), chunk(b"eXIf", TRACE)
    ),
    "apng comf": after_header(save(picture(), "PNG"), chunk(b"comf", b"prompt\0" + WORDS)),
    "webp exif 2": webp(CAMERA, TRACE),
    "jpeg packet 2": after_jfif(save(picture(), "JPEG"), xmp_segment(PHOTO), xmp_segment(PAINTED)),
    "jpeg packet 1": after_jfif(save(picture(), "JPEG"), xmp_segment(PAINTED), xmp_segment(PHOTO)),
    "png packet 2": after_header(save(picture(), "PNG"), xmp_chunk(PHOTO), xmp_chunk(PAINTED)),
    "svg comment": svg(f"<!-- {SETTINGS} --><!-- mine --><title>Hills</title>"),
    "svg desc": svg(f"<desc>{SETTINGS}</desc><title>Hills</title>"),
    "svg metadata": svg(f"<metadata><a:prompt xmlns:a='urn:a'>{SETTINGS}</a:prompt></metadata>"),
    "svg dc": svg(
        "<metadata><x xmlns:d='http://purl.org/dc/elements/1.1/'><d:title>"
        f"{SETTINGS}</d:title><d:creator>Ada</d:creator></x></metadata>"
    ),
    "pdf info": tabled({**BODY, 5: b"<</Producer(by hand)/Subject(" + WORDS + b")>>"}),
    "pdf info in digits": tabled({**BODY, 5: b"<</Subject<" + WORDS.hex().encode() + b">>>"}),
    "jxl, a second box": container(
        drawn_kinds_heif.box(b"Exif", bytes(4), CAMERA),
        drawn_kinds_heif.box(b"Exif", bytes(4), TRACE),
        drawn_kinds_heif.box(b"jxlc", CODESTREAM),
    ),
}
OURS = (
    "Warning",
    "Jpeg2000",
    "JUMBF",
    "CBOR",
    "JSON",
    "ExifTool",
    "System:",
    "File:",
    "SourceFile",
)
"""What differs between labelled files: their manifests, and sizes."""


def told(exiftool, data, tmp_path):
    path = tmp_path / f"file{identify(data).suffixes[0]}"
    path.write_bytes(data)
    return {
        tag: value
        for tag, value in exiftool.read(path).items()
        if not tag.startswith(OURS)
        and "QJX" not in str(value)
        and not any(each in tag for each in ("ID", "Date", "FileSize", "XMPToolkit", "Packet"))
    }


@pytest.mark.parametrize("place", PLACES)
def test_a_trace_goes_and_exiftool_sees_all_else_as_before(
    place, signer, trust, exiftool, tmp_path
):
    data = PLACES[place]
    kept = genlabel.sign(data, LABEL, signer, trust=trust)
    assert "genlabel.trace.kept" in {each.code for each in kept.findings}
    assert b"QJX" in bytes(kept.data).replace(b"\0", b"") or "digits" in place
    signed = genlabel.sign(data, LABEL, signer, trust=trust, drop_traces=["a1111"])
    assert b"QJX" not in bytes(signed.data)
    assert b"QJX".hex().encode() not in bytes(signed.data)
    assert "QJX" in "".join(signed.replaced)
    assert not [each for each in signed.findings if each.code == "genlabel.trace.kept"]
    before, after = told(exiftool, kept.data, tmp_path), told(exiftool, signed.data, tmp_path)
    assert {tag: after.get(tag) for tag in before} == before
    again = genlabel.sign(signed.data, LABEL, signer, trust=trust, drop_traces=["a1111"])
    assert again.outcome == "unchanged"


@pytest.mark.parametrize("place", [each for each in PLACES if each[:3] in ("wav", "avi", "fla")])
def test_what_is_played_stays(place, signer, trust):
    signed = genlabel.sign(PLACES[place], LABEL, signer, trust=trust, drop_traces="all")
    assert heard(bytes(signed.data)) == heard(PLACES[place])


def test_of_a_drawing_not_a_byte_but_the_trace_goes(signer, trust):
    around = svg("<!-- --><title>Hills</title><style><![CDATA[a{}/*<!-- b -->*/]]></style>")
    data = around.replace(b"<!-- -->", f"<!-- {SETTINGS} -->".encode())
    bare = around.replace(b"<!-- -->", b"")
    one = genlabel.sign(data, LABEL, signer, trust=trust, drop_traces=["a1111"])
    other = genlabel.sign(bare, LABEL, signer, trust=trust)
    format = identify(bare)
    one, other = format.survey(one.data), format.survey(other.data)
    assert [bytes(each) for each in format.essence(one)] == [
        bytes(each) for each in format.essence(other)
    ]


OUT_OF_REACH = {
    "a comment in a script": svg(f"<style><![CDATA[/*<!-- {SETTINGS} -->*/]]></style>"),
    "compressed objects of a PDF": crossed(
        {number: body for number, body in BODY.items() if number != 5},
        {5: b"<</Subject(" + WORDS + b")>>"},
    ),
    "two revisions of a PDF": tabled({**BODY, 5: b"<</Subject(" + WORDS + b")>>"})
    + b"% (" + WORDS + b")\n",
    "a second item of AVIF": drawn_kinds_heif.with_exif(bytes(small("avif")), CAMERA, TRACE),
}  # fmt: skip


@pytest.mark.parametrize("place", OUT_OF_REACH)
def test_what_cannot_be_taken_out_is_refused_by_name(place, signer, trust):
    with pytest.raises(MalformedMetadata, match="cannot be taken out of a"):
        genlabel.sign(OUT_OF_REACH[place], LABEL, signer, trust=trust, drop_traces="all")


def test_of_two_comments_with_one_keyword_the_right_one_goes(signer, trust):
    data = flac(metadata(4, comments(f"COMMENT={SETTINGS}", "COMMENT=mine", "VERSION=2")))
    signed = bytes(genlabel.sign(data, LABEL, signer, trust=trust, drop_traces="all").data)
    assert b"COMMENT=mine" in signed
    assert b"QJX" not in signed
    one = genlabel.sign(PLACES["wav info"], LABEL, signer, trust=trust, drop_traces="all")
    assert b"mine" in bytes(one.data)
    assert b"Waves" in bytes(one.data)


def test_a_packet_that_another_speaks_instead_of_goes_with_its_trace(signer, trust):
    other = packet("<exif:UserComment>mine</exif:UserComment>")
    segments = xmp_segment(packet(TOLD)), xmp_segment(other)
    data = after_jfif(save(picture(), "JPEG"), *segments)
    signed = genlabel.sign(data, LABEL, signer, trust=trust, drop_traces="all")
    assert [each[:17] for each in signed.replaced] == ["xmp UserComment: "]
    assert b"QJX" not in signed.data
    assert b"mine" in signed.data
