"""A file with several XMP packets: nothing that a reader finds in them is lost by labelling."""

import struct
import zlib

import pytest

import genlabel
from drawn_kinds import (
    MAGIC,
    after_header,
    after_jfif,
    after_screen,
    chunk,
    gif_extension,
    picture,
    save,
    segment,
)
from genlabel import Label, Producer, testing
from genlabel.formats import identify
from genlabel.metadata.xmp import merge
from genlabel.model.errors import MalformedMetadata

EDITED = Label.edited(producer=Producer("Acme"))
_NAMES = (
    'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"'
)


def packet(attributes: str = "", inner: str = "") -> bytes:
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {_NAMES} {attributes}>{inner}</rdf:Description>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


PLUG_IN = packet('crs:Preset="Warm" photoshop:City="First"')
ADOBES = packet(
    'photoshop:City="Second" photoshop:Credit="AFP"',
    "<dc:subject><rdf:Bag><rdf:li>one</rdf:li><rdf:li>two</rdf:li></rdf:Bag></dc:subject>",
)


def jpeg(*packets: bytes) -> bytes:
    head = b"http://ns.adobe.com/xap/1.0/\0"
    return after_jfif(save(picture(), "JPEG"), *(segment(0xE1, head + each) for each in packets))


def png(*packets: bytes, pack: bool = False) -> bytes:
    key = b"XML:com.adobe.xmp\0" + (b"\1" if pack else b"\0") + b"\0\0\0"
    texts = (key + (zlib.compress(each) if pack else each) for each in packets)
    return after_header(save(picture(), "PNG"), *(chunk(b"iTXt", each) for each in texts))


def webp(*packets: bytes) -> bytes:
    first, *others = packets
    data = save(picture(), "WEBP", xmp=first)
    for each in others:
        data += b"XMP " + struct.pack("<I", len(each)) + each + bytes(len(each) % 2)
    return data[:4] + struct.pack("<I", len(data) - 8) + data[8:]


def gif(*packets: bytes) -> bytes:
    blocks = (gif_extension(b"XMP DataXMP", each + MAGIC) for each in packets)
    return after_screen(save(picture("P"), "GIF"), *blocks)


FILES = {
    "jpeg": jpeg(PLUG_IN, ADOBES),
    "png": png(PLUG_IN, ADOBES),
    "png, compressed": png(PLUG_IN, ADOBES, pack=True),
    "webp": webp(PLUG_IN, ADOBES),
    "gif": gif(PLUG_IN, ADOBES),
}


@pytest.fixture(scope="module")
def signer():
    return testing.Authority.new("Acme").signer()


@pytest.mark.parametrize("name", FILES)
def test_what_exiftool_reads_before_it_reads_afterwards(exiftool, signer, tmp_path, name):
    suffix = identify(FILES[name]).suffixes[0]
    before, after = tmp_path / f"before{suffix}", tmp_path / f"after{suffix}"
    before.write_bytes(FILES[name])
    signed = genlabel.sign(FILES[name], EDITED, signer)
    after.write_bytes(signed.data)
    words = {"Preset": "Warm", "City": "Second", "Credit": "AFP"}
    for path in (before, after):
        found = exiftool.read(path)
        text = {each.rpartition(":")[2]: value for each, value in found.items()}
        assert {key: text[key] for key in words} == words
        assert text["Subject"] == ["one", "two"]
    assert "xmp City: 'First'" in signed.replaced
    packets = list(identify(signed.data).packets(identify(signed.data).survey(signed.data)))
    assert len(packets) == 1


def test_one_packet_gives_nothing_up(signer):
    assert genlabel.sign(jpeg(ADOBES), EDITED, signer).replaced == ()
    assert genlabel.sign(jpeg(ADOBES, ADOBES), EDITED, signer).replaced == ()


def test_a_packet_that_would_be_lost_and_cannot_be_read_refuses(signer):
    damaged = ADOBES.replace(b"<rdf:li>one", b"<rdf:li>one</rdf:Bag>")
    with pytest.raises(MalformedMetadata):
        genlabel.sign(jpeg(PLUG_IN, damaged), EDITED, signer)


def test_prefixes_of_the_other_packet_go_along():
    odd = ADOBES.replace(b"xmlns:photoshop=", b"xmlns:ps=").replace(b"photoshop:", b"ps:")
    united = merge.merged([PLUG_IN, odd])
    assert b"ps:City>Second" in united.packet
    assert b"photoshop:City" not in united.packet
    assert united.given_up == ("xmp City: 'First'",)
    assert merge.merged([PLUG_IN]).packet == PLUG_IN
