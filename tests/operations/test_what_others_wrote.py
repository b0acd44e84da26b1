"""What others wrote stays: in second blocks, in blocks that do not fit, in odd directories."""

from __future__ import annotations

import struct
import zlib

import pytest

import drawn_kinds_heif
import genlabel
from drawn_kinds import after_header, after_jfif, chunk, picture, save, segment
from genlabel import Generator, Label, Producer
from genlabel.formats import identify
from genlabel.formats.format import EXIF, IIM
from genlabel.metadata import iim
from genlabel.model.errors import LabelError, MalformedMetadata
from genlabel.model.parties import Licensor, Rights
from genlabel.model.report import Mark
from oracles.small_files import small

FULL = Label.generated(
    producer=Producer("Acme"),
    generator=Generator("Model"),
    title="New",
    description="Dé",
    rights=Rights(creator=("Zoë",), credit="Acme", copyright="© Acme", licensor=Licensor("Ours")),
)
SILENT = Label.edited(producer=Producer("Acme"), generator=Generator("Model"))


def exif(*entries, length=0):
    """A little-endian block of (tag, type, count, value), in this order."""
    at = 8 + 2 + 12 * len(entries) + 4
    table, tail = b"", b""
    for tag, kind, count, value in entries:
        field = value.ljust(4, b"\0")
        if len(value) > 4:
            field = struct.pack("<I", at + len(tail))
            tail += value + bytes(len(value) % 2)
        table += struct.pack("<HHI", tag, kind, count) + field
    whole = b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + table + bytes(4) + tail
    return whole.ljust(length, b"\0")


def text(tag, value):
    raw = value.encode() + b"\0"
    return tag, 2, len(raw), raw


def resource(data):
    return b"8BIM\x04\x04\0\0" + struct.pack(">I", len(data)) + data + bytes(len(data) % 2)


def dataset(number, value, record=2):
    return bytes((0x1C, record, number)) + struct.pack(">H", len(value)) + value


def jpeg(*segments):
    return after_jfif(save(picture(), "JPEG"), *segments)


def with_exif(*blocks):
    return jpeg(*(segment(0xE1, b"Exif\0\0" + each) for each in blocks))


def with_resources(*blocks):
    return jpeg(*(segment(0xED, b"Photoshop 3.0\0" + each) for each in blocks))


def with_xmp(inner):
    names = (
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/"'
    )
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {names}>{inner}</rdf:Description></rdf:RDF></x:xmpmeta>'
    )
    return jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet.encode()))


def webp(*blocks):
    data = save(picture(), "WEBP", exif=b"Exif\0\0" + blocks[0])
    for each in blocks[1:]:
        data += b"EXIF" + struct.pack("<I", len(each)) + each + bytes(len(each) % 2)
    return data[:4] + struct.pack("<I", len(data) - 8) + data[8:]


def tiff_with_both(one, other):
    return save(picture(), "TIFF", tiffinfo={33723: one, 34377: resource(other)})


def read(exiftool, data, tmp_path):
    path = tmp_path / f"file{identify(data).suffixes[0]}"
    path.write_bytes(data)
    found = exiftool.read(path, "-u")
    groups = ("System:", "File:", "ExifTool:", "Composite:", "SourceFile", "CBOR:", "JUMBF:")
    return {tag: value for tag, value in found.items() if not tag.startswith(groups)}


def left_alone(signed):
    return [each.where for each in signed.findings if each.code == "genlabel.metadata.left"]


ANN = exif(text(0x010F, "Maker One"), text(0x013B, "Ann"))
BO = exif(text(0x0110, "Model Two"), text(0x8298, "Bo owns"))


def jxl(*blocks):
    whole = bytes(small("jxl"))
    exif_boxes = [drawn_kinds_heif.box(b"Exif", bytes(4), each) for each in blocks]
    return whole[:32] + b"".join(exif_boxes) + whole[32:]


SEVERAL = {
    "jpeg": with_exif,
    "webp": webp,
    "png": lambda *blocks: after_header(
        save(picture(), "PNG"), *(chunk(b"eXIf", each) for each in blocks)
    ),
    "avif": lambda *blocks: drawn_kinds_heif.with_exif(bytes(small("avif")), *blocks),
    "jxl": jxl,
}


@pytest.mark.parametrize("form", SEVERAL)
def test_every_exif_block_is_looked_at_for_what_it_says_of_generators(form, signer):
    made = SEVERAL[form]
    label = Label.captured(producer=Producer("Acme"))
    for painter in (exif(text(0x0131, "NovelAI")), exif(text(0x0110, "Camera 7"))):
        data = made(ANN, painter)
        survey = identify(data).survey(data)
        assert (survey.payloads[EXIF], survey.further[EXIF]) == (ANN, (painter,))
        if b"NovelAI" not in painter:
            assert genlabel.sign(data, label, signer).outcome == "signed"
            continue
        with pytest.raises(LabelError, match=r"exif Software in block 2 says .NovelAI"):
            genlabel.sign(data, label, signer)


@pytest.mark.parametrize("form", SEVERAL)
def test_traces_in_a_second_exif_block_are_told_and_never_said_to_be_gone(form, signer):
    data = SEVERAL[form](ANN, exif(text(0x0131, "NovelAI")))
    (told,) = (
        each
        for each in genlabel.sign(data, FULL, signer).findings
        if each.code == "genlabel.trace.kept"
    )
    assert told.where == "exif Software in block 2"
    if form != "avif":  # a second block is written there
        signed = genlabel.sign(data, FULL, signer, drop_traces="novelai")
        assert b"NovelAI" not in bytes(signed.data)
        assert any(each.startswith("exif Software in block 2: ") for each in signed.replaced)
    else:
        where = r"exif Software in block 2: cannot be taken out"
        with pytest.raises(MalformedMetadata, match=where):
            genlabel.sign(data, FULL, signer, drop_traces="novelai")
    first = SEVERAL[form](exif(text(0x0131, "NovelAI")), BO)
    assert b"NovelAI" not in bytes(genlabel.sign(first, FULL, signer, drop_traces="all").data)


@pytest.mark.parametrize("form", ["jpeg", "webp", "avif", "jxl"])
def test_a_second_exif_block_stays(exiftool, signer, tmp_path, form):
    data = SEVERAL[form](ANN, BO)
    before = read(exiftool, data, tmp_path)
    assert (before["IFD0:Make"], before["IFD0:Model"]) == ("Maker One", "Model Two")
    signed = genlabel.sign(data, FULL, signer)
    after = read(exiftool, signed.data, tmp_path)
    assert (after["IFD0:Make"], after["IFD0:Model"]) == ("Maker One", "Model Two")
    assert after["IFD0:Artist"] == "Zoë"
    assert "exif creator: ('Ann',)" in signed.replaced


def test_a_second_exif_chunk_of_png_stays(signer):
    data = after_header(save(picture(), "PNG"), chunk(b"eXIf", ANN), chunk(b"eXIf", BO))
    signed = genlabel.sign(data, FULL, signer)
    assert chunk(b"eXIf", BO) in bytes(signed.data)


FIRST = dataset(80, b"Ann") + dataset(110, b"AFP") + dataset(25, b"one")
SECOND = dataset(25, b"two") + dataset(110, b"Other") + dataset(90, "Zürich".encode("cp1252"))
IN_TWO = {
    "resources of one segment": with_resources(resource(FIRST) + resource(SECOND)),
    "segments": with_resources(resource(FIRST), resource(SECOND)),
    "places of TIFF": tiff_with_both(FIRST, SECOND),
}


@pytest.mark.parametrize("data", IN_TWO.values(), ids=IN_TWO.keys())
def test_second_iim_blocks_are_merged(exiftool, signer, tmp_path, data):
    before = read(exiftool, data, tmp_path)
    second = {tag for tag in before if tag.startswith("IPTC2:")}
    assert second
    signed = genlabel.sign(data, FULL, signer)
    after = read(exiftool, signed.data, tmp_path)
    assert after["IPTC:Keywords"] == ["one", "two"]
    assert after["IPTC:City"] == "Zürich"
    assert (after["IPTC:By-line"], after["IPTC:Credit"]) == ("Zoë", "Acme")
    assert set(signed.replaced) == {
        "iim creator: ('Ann',)",
        "iim credit: 'AFP'",
        "iim 2:110: 'Other'",
    }
    assert genlabel.sign(signed.data, FULL, signer).data == signed.data


@pytest.mark.parametrize("data", IN_TWO.values(), ids=IN_TWO.keys())
def test_second_iim_blocks_stay_where_the_label_says_nothing_in_iim(
    exiftool, signer, tmp_path, data
):
    before = read(exiftool, data, tmp_path)
    signed = genlabel.sign(data, SILENT, signer)
    after = read(exiftool, signed.data, tmp_path)
    kept = {tag: value for tag, value in before.items() if tag.startswith("IPTC")}
    assert {tag: after.get(tag) for tag in kept} == kept
    assert signed.replaced == ()


def test_a_second_block_that_cannot_be_read_leaves_both(signer):
    data = with_resources(resource(FIRST), resource(b"\x1c\x02\x19\x7f\xff"))
    signed = genlabel.sign(data, FULL, signer)
    assert identify(signed.data).survey(signed.data).payloads[IIM] == FIRST
    assert left_alone(signed) == ["iim"]


def test_pictures_and_other_records_of_a_second_block_are_merged_too():
    preview = dataset(202, b"\x00\x01")
    block, lost = iim.merged([FIRST, dataset(10, b"\x01", record=8) + preview])
    assert preview in block
    assert dataset(10, b"\x01", record=8) in block
    assert lost == ()
    assert iim.merged([FIRST + preview, dataset(202, b"\x02\x02\x02")])[1] == (
        "iim 2:202: 3 bytes",
    )


WITH_CREDIT = {
    "jpeg": with_resources(resource(FIRST)),
    "tiff": save(picture(), "TIFF", tiffinfo={33723: FIRST}),
    "png": after_header(
        save(picture(), "PNG"),
        chunk(
            b"zTXt",
            b"Raw profile type iptc\0\0"
            + zlib.compress(b"\niptc\n%8d\n%s\n" % (len(FIRST), FIRST.hex().encode())),
        ),
    ),
}


@pytest.mark.parametrize("data", WITH_CREDIT.values(), ids=WITH_CREDIT.keys())
def test_a_credit_in_iim_is_not_displaced_because_xmp_has_none(signer, trust, data):
    label = Label.generated(producer=Producer("Acme"), generator=Generator("Model"))
    signed = genlabel.sign(data, label, signer)
    assert signed.replaced == ()
    marks = genlabel.verify(signed.data, trust=trust).marks
    assert (marks[Mark.IIM].credit, marks[Mark.IIM].creator) == ("AFP", ("Ann",))
    assert {marks[Mark.IPTC].credit, marks[Mark.MANIFEST].credit} == {None}
    control = genlabel.sign(save(picture(), "PNG"), label, signer)
    assert genlabel.verify(control.data, trust=trust).marks[Mark.IPTC].credit == "Acme"


def test_whatever_goes_is_listed(signer):
    data = with_xmp(
        '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Old</rdf:li>'
        '<rdf:li xml:lang="fr-FR">Vieux</rdf:li></rdf:Alt></dc:title>'
        '<plus:Licensor><rdf:Seq><rdf:li rdf:parseType="Resource"><plus:LicensorName>Agency'
        "</plus:LicensorName><plus:LicensorEmail>a@agency.example</plus:LicensorEmail></rdf:li>"
        "</rdf:Seq></plus:Licensor>"
    )
    assert genlabel.sign(data, FULL, signer).replaced == (
        "iptc title: 'Old'",
        "iptc licensor: 'Agency'",
        "xmp title fr-FR: 'Vieux'",
        "xmp Licensor LicensorEmail: 'a@agency.example'",
    )
    assert genlabel.sign(data, SILENT, signer).replaced == ()


def test_both_words_of_an_exif_copyright_are_listed(signer):
    data = with_exif(exif(text(0x8298, "Ann, photographer\0Bo, editor")))
    assert set(genlabel.sign(data, FULL, signer).replaced) == {
        "exif copyright: 'Ann, photographer'",
        "exif copyright: 'Bo, editor'",
    }


@pytest.mark.parametrize("length", [65_300, 65_502, 65_503, 65_527])
def test_a_block_that_has_no_room_stays_as_it_is(signer, trust, length):
    block = exif(text(0x010F, "NIKON"), text(0x013B, "Ann"), length=length)
    signed = genlabel.sign(with_exif(block), FULL, signer)
    assert genlabel.verify(signed.data, trust=trust).state == "trusted"
    payload = identify(signed.data).survey(signed.data).payloads[EXIF]
    left = left_alone(signed)
    if length == 65_300:  # the control
        assert len(payload) > length
        assert left == []
    else:
        assert payload == block
        assert left == ["exif"]
        assert "exif creator: ('Ann',)" not in signed.replaced


def test_a_damaged_photoshop_block_costs_no_picture(signer, trust):
    damaged = resource(FIRST) + b"8BIM\x04\x05"
    signed = genlabel.sign(with_resources(damaged), FULL, signer)
    assert genlabel.verify(signed.data, trust=trust).state == "trusted"
    assert damaged in bytes(signed.data)
    assert "iim" in {
        each.where for each in signed.findings if each.code == "genlabel.metadata.left"
    }


def test_a_directory_with_an_entry_of_no_type_keeps_its_order(exiftool, signer, tmp_path):
    """Sorted to the front it makes ExifTool give up the whole directory."""
    words = (text(0x010F, "SONY"), text(0x0110, "DSC-X"), text(0x0132, "2020:01:01 00:00:00"))
    block = exif(*words, (0, 0, 0, b""))
    signed = genlabel.sign(with_exif(block), FULL, signer)
    after = read(exiftool, signed.data, tmp_path)
    assert (after["IFD0:Make"], after["IFD0:Model"]) == ("SONY", "DSC-X")
    assert after["IFD0:ModifyDate"] == "2020:01:01 00:00:00"
    assert after["IFD0:Artist"] == "Zoë"


def raw_profile(block):
    whole = b"Exif\0\0" + block
    text = b"\nexif\n%8d\n%s\n" % (len(whole), whole.hex().encode())
    return chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(text))


def test_exif_of_a_raw_profile_is_not_written_a_second_time_where_it_turns_the_picture(signer):
    turned = exif((0x0112, 3, 1, b"\6\0"), text(0x013B, "Ann"))
    data = after_header(save(picture(), "PNG"), raw_profile(turned))
    for label in (FULL, SILENT):
        signed = genlabel.sign(data, label, signer)
        assert raw_profile(turned) in bytes(signed.data)
        assert b"eXIf" not in signed.data
        assert left_alone(signed) == ["exif"]
        assert not [each for each in signed.replaced if each.startswith("exif")]
    upright = exif((0x0112, 3, 1, b"\1\0"), text(0x013B, "Ann"))
    data = after_header(save(picture(), "PNG"), raw_profile(upright))
    signed = genlabel.sign(data, FULL, signer)
    assert b"eXIf" in signed.data
    assert left_alone(signed) == []


PREVIEW = save(picture(), "JPEG")


def with_preview(place, *, order="<", first=b"\xff", shift=0, tag=0x0088):
    """A camera's file with a preview behind the picture, found from `place` in its Exif.

    The number counts from the TIFF header of Exif, or from one in the maker's note; `shift` makes
    it lead to no picture.
    """

    def whole(start):
        pair = struct.pack(order + "HHIIHHII", tag, 4, 1, start, 0x0089, 4, 1, len(PREVIEW))
        if place == "bytes":  # the entry is the preview, whose bytes lie behind the picture
            pair = struct.pack(order + "HHIIHHII", 0x0081, 7, len(PREVIEW), start, 0x0089, 3, 1, 0)
        head = b""
        if place == "header":
            head = b"Nikon\0\2\x10\0\0" + (b"II*\0" if order == "<" else b"MM\0*")
            head += struct.pack(order + "I", 8)
        note = head + struct.pack(order + "H", 2) + pair + bytes(4)
        block = exif(text(0x010F, "Maker One"), (0x927C, 7, len(note), note))
        if place == "directory":
            number = struct.pack("<I", start)
            block = exif(text(0x010F, "Maker One"), (0x0088, 4, 1, number))
        return with_exif(block)

    data = whole(0)
    return whole(len(data) - base_of(data, place) + shift) + first + PREVIEW[1:]


def base_of(data, place):
    return data.index(b"Nikon\0") + 10 if place == "header" else data.index(b"Exif\0\0") + 6


def previews_of(data, place, order="<"):
    """What the numbers lead to; a directory that was edited leaves its old self behind."""
    entry, at = struct.pack(order + "HHI", 0x0088, 4, 1), -1
    if place == "bytes":
        entry = struct.pack(order + "HHI", 0x0081, 7, len(PREVIEW))
    while (at := data.find(entry, at + 1)) >= 0:
        (start,) = struct.unpack_from(order + "I", data, at + 8)
        yield data[base_of(data, place) + start :][: len(PREVIEW)]


PLACES = [("note", "<"), ("note", ">"), ("header", "<"), ("header", ">"), ("directory", "<")]
PLACES += [("bytes", "<"), ("bytes", ">")]


@pytest.mark.parametrize(("place", "order"), PLACES)
@pytest.mark.parametrize("first", [b"\xff", b"\x02"], ids=["whole", "first byte written over"])
def test_what_lies_behind_the_picture_is_still_found_from_the_makers_note(
    signer, trust, place, order, first
):
    data, whole = with_preview(place, order=order, first=first), first + PREVIEW[1:]
    assert set(previews_of(data, place, order)) == {whole}
    for label in (FULL, Label.edited(producer=Producer("Acme"))):
        signed = genlabel.sign(data, label, signer)
        assert set(previews_of(bytes(signed.data), place, order)) == {whole}
        assert genlabel.verify(signed.data, trust=trust).state == "trusted"
        assert genlabel.sign(signed.data, label, signer, trust=trust).data == signed.data
        more = genlabel.sign(signed.data, FULL, signer, existing="replace")
        assert set(previews_of(bytes(more.data), place, order)) == {whole}


@pytest.mark.parametrize("tag", [0x0001, 0x0007, 0x0100, 0x0700])
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_tag_that_looks_like_a_type_hides_no_number(signer, tag, order):
    data = with_preview("note", order=order, tag=tag)
    signed = bytes(genlabel.sign(data, FULL, signer).data)
    at = signed.index(struct.pack(order + "HHI", tag, 4, 1)) + 8
    (start,) = struct.unpack_from(order + "I", signed, at)
    assert signed[base_of(signed, "note") + start :] == PREVIEW


def test_a_number_that_leads_to_no_picture_stays(signer):
    data = with_preview("note", shift=9)
    entry = data[data.index(struct.pack("<HHI", 0x0088, 4, 1)) :][:12]
    assert entry in bytes(genlabel.sign(data, FULL, signer).data)
