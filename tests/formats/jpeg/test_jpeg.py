"""What is JPEG's own: split payloads, boxes of others in APP11, IRB resources, MPF."""

from __future__ import annotations

import hashlib
import struct

import pytest

from drawn_kinds import (
    EXIF_BYTES,
    IIM_BYTES,
    after_jfif,
    essence,
    kinds,
    look,
    packet,
    picture,
    pixels,
    rewritten,
    save,
    segment,
    store,
)
from genlabel.formats.jpeg import extended_xmp, mpf
from genlabel.formats.jpeg.jpeg import JPEG
from genlabel.formats.slots import (
    EXIF,
    EXTENDED_XMP,
    IIM,
    MANIFEST,
    MAX_METADATA,
    XMP,
    Slot,
    SlotKind,
)
from genlabel.model.errors import MalformedMetadata
from oracles.corpus import each_specimen, specimen

PLAIN = kinds()["jpeg"]


def _names(data: bytes) -> list[str]:
    return [block.name for block in look(data).blocks]


def _resource(number: int, data: bytes, signature: bytes = b"8BIM", name: bytes = b"\0\0") -> bytes:
    padding = b"\0" * (len(data) % 2)
    return (
        signature + struct.pack(">H", number) + name + struct.pack(">I", len(data)) + data + padding
    )


def test_segments_have_the_names_that_exiftool_users_know():
    names = _names(rewritten(kinds()["jpeg full"], {IIM: IIM_BYTES, MANIFEST: store()}))
    assert names[:2] == ["SOI", "APP0 JFIF"]
    assert set(names) >= {
        *("APP11 C2PA", "APP1 Exif", "APP1 XMP", "APP2 ICC", "APP13 Photoshop"),
        *("COM", "DQT", "SOF0", "DHT", "scan data"),
    }


def test_new_segments_come_in_the_order_of_the_specification():
    everything = {
        IIM: IIM_BYTES,
        EXTENDED_XMP: packet("e", 70_000),
        XMP: packet(),
        EXIF: EXIF_BYTES,
        MANIFEST: store(),
    }
    names = _names(rewritten(PLAIN, everything))
    assert names[2:8] == [
        *("APP11 C2PA", "APP1 Exif", "APP1 XMP"),
        *("APP1 ExtendedXMP", "APP1 ExtendedXMP", "APP13 Photoshop"),
    ]


def test_a_stranger_cannot_call_his_segment_xmp():
    names = _names(after_jfif(PLAIN, segment(0xE1, b"XMP\0evil"), segment(0xEB, b"C2PA\0\x1b[31m")))
    assert names[2:4] == ['APP1 "XMP"', 'APP11 "C2PA"']


def test_exif_over_several_segments_is_one_block_and_stays_split():
    whole = EXIF_BYTES + bytes(90_000)
    head, tail = (b"Exif\0\0" + part for part in (whole[:65_000], whole[65_000:]))
    data = after_jfif(PLAIN, segment(0xE1, head), segment(0xE1, tail))
    assert look(data).payloads[EXIF] == whole
    assert look(data).anomalies == ()
    made = rewritten(data, {EXIF: whole + b"more"})
    assert look(made).payloads[EXIF] == whole + b"more"
    assert _names(made).count("APP1 Exif") == 2
    assert pixels(made) == pixels(data)


def test_exif_that_outgrows_a_segment_is_refused_with_the_limit():
    with pytest.raises(MalformedMetadata, match=r"(?m)exif of 65,528 bytes: .* 65,527$"):
        rewritten(PLAIN, {EXIF: EXIF_BYTES.ljust(65_528)})
    assert look(rewritten(PLAIN, {EXIF: EXIF_BYTES.ljust(65_527)})).payloads[EXIF]


def test_a_second_exif_block_is_no_continuation_and_stays():
    second = segment(0xE1, b"Exif\0\0" + EXIF_BYTES)
    data = after_jfif(PLAIN, second, second)
    assert look(data).payloads[EXIF] == EXIF_BYTES
    assert look(data).anomalies == ("more than one Exif block",)
    assert second in rewritten(data, {EXIF: EXIF_BYTES + b"new"})
    assert EXIF not in look(rewritten(data, {EXIF: None})).payloads


def test_an_exif_segment_behind_another_segment_is_no_continuation():
    first, later = EXIF_BYTES, b"no TIFF header"
    comment = segment(0xFE, b"between")
    segments = [segment(0xE1, b"Exif\0\0" + each) for each in (first, later)]
    data = after_jfif(PLAIN, segments[0], comment, segments[1])
    assert look(data).payloads[EXIF] == first
    assert look(data).anomalies == ("more than one Exif block",)
    assert look(after_jfif(PLAIN, *segments)).payloads[EXIF] == first + later


def test_xmp_has_the_limit_that_it_says():
    assert look(rewritten(PLAIN, {XMP: packet(size=JPEG.xmp_limit)})).payloads[XMP]
    with pytest.raises(MalformedMetadata, match="a JPEG segment holds 65,502"):
        rewritten(PLAIN, {XMP: packet(size=JPEG.xmp_limit + 1)})


def test_a_second_xmp_packet_is_noticed_and_goes_when_xmp_is_written():
    xmp = b"http://ns.adobe.com/xap/1.0/\0"
    data = after_jfif(PLAIN, segment(0xE1, xmp + packet("1")), segment(0xE1, xmp + packet("2")))
    assert look(data).payloads[XMP] == packet("1")
    assert look(data).anomalies == ("2 XMP packets",)
    made = rewritten(data, {XMP: packet("3")})
    assert _names(made).count("APP1 XMP") == 1


def test_extended_xmp_is_joined_as_exiftool_joins_it(exiftool):
    data = specimen("unmarked/paris_extended_xmp.jpg").data
    survey = look(data)
    assert b"HasExtendedXMP" in survey.payloads[XMP]
    digest = hashlib.md5(survey.payloads[EXTENDED_XMP]).hexdigest().upper().encode()
    assert digest in survey.payloads[XMP]
    assert survey.anomalies == ()
    extended = rewritten(data, {EXTENDED_XMP: survey.payloads[EXTENDED_XMP] + b" "})
    new = hashlib.md5(look(extended).payloads[EXTENDED_XMP]).hexdigest().upper().encode()
    # Pointing to it is the business of whoever writes the main packet.
    assert look(extended).anomalies == ("ExtendedXMP that no XMP packet points to",)
    made = rewritten(extended, {XMP: survey.payloads[XMP].replace(digest, new)})
    assert look(made).anomalies == ()

    def tags(data: bytes) -> dict[str, object]:
        read = exiftool.read(data)
        return {k: v for k, v in read.items() if k.startswith("XMP-") and "HasExtended" not in k}

    assert len(tags(data)) > 10
    assert tags(made) == tags(data)


def test_missing_portions_of_extended_xmp_are_an_anomaly():
    data = rewritten(PLAIN, {XMP: packet(), EXTENDED_XMP: packet("e", 70_000)})
    blocks = [block for block in look(data).blocks if block.name == "APP1 ExtendedXMP"]
    cut = data[: blocks[1].start] + data[blocks[1].start + blocks[1].length :]
    assert EXTENDED_XMP not in look(cut).payloads
    assert "portions of the ExtendedXMP are missing or overlap" in look(cut).anomalies


def _portions(packet: bytes, size: int = 65_000) -> list[memoryview]:
    head = (
        b"http://ns.adobe.com/xmp/extension/\0" + hashlib.md5(packet).hexdigest().upper().encode()
    )
    return [
        memoryview(head + struct.pack(">II", len(packet), at) + packet[at : at + size])
        for at in range(0, len(packet), size)
    ]


def test_so_many_or_so_long_extended_packets_are_not_read():
    several = [_portions(b"packet %d" % number)[0] for number in range(17)]
    assert extended_xmp.join(several[:16], None)[0] == b"packet 0"
    assert extended_xmp.join(several, None) == (None, ("17 ExtendedXMP packets, not read",))
    longest = b"x" * MAX_METADATA
    assert extended_xmp.join(_portions(longest), None)[0] == longest
    assert extended_xmp.join(_portions(longest + b"x"), None)[0] is None


@pytest.mark.parametrize("tags", [64, 65])
def test_a_directory_of_very_many_tags_is_no_index_of_pictures(tags):
    rows = [(0xB001, 4, 1, 0), *((0xC000 + number, 4, 1, 0) for number in range(tags - 1))]
    entries = b"".join(struct.pack("<HHII", *row) for row in rows)
    index = b"II*\0\x08\0\0\0" + struct.pack("<H", tags) + entries + bytes(4)
    assert (mpf.read(memoryview(index), 0, len(index)) is None) == (tags > 64)


def test_other_boxes_in_app11_are_not_taken_for_the_manifest():
    other = b"jumd" + bytes.fromhex("6579d6fbdba2446bb2ac1b82feeb89d1") + b"\x03other\0"
    other = struct.pack(">I", len(other) + 4) + other
    box = struct.pack(">I", len(other) + 8) + b"jumb" + other
    foreign = segment(0xEB, b"JP" + struct.pack(">HI", 7, 1) + box)
    data = after_jfif(PLAIN, foreign)
    assert look(data).manifest is None
    signed = rewritten(data, {MANIFEST: store(90_000)})
    assert look(signed).manifest == store(90_000)
    assert "APP11 JUMBF" in _names(signed)
    assert rewritten(signed, {MANIFEST: None}) == data


def test_a_damaged_store_is_still_a_manifest():
    data = rewritten(PLAIN, {MANIFEST: store(150_000)})
    blocks = [block for block in look(data).blocks if block.name == "APP11 C2PA"]
    cut = data[: blocks[1].start] + data[blocks[1].start + blocks[1].length :]
    survey = look(cut)
    assert survey.manifest
    assert survey.anomalies == (
        "packets of the C2PA manifest store are out of sequence",
        "C2PA manifest store of 150,000 bytes, of which 86,000 are there",
    )
    assert rewritten(cut, {MANIFEST: None}) == PLAIN


def test_a_packet_that_is_cut_where_the_store_says_c2pa_begins_no_other():
    whole = bytearray(store(200_000))
    for at, text in ((64_000 + 8, b"c2pa"), (128_000 + 25, b"c2pa\0"), (192_000 + 8, b"c2pa")):
        whole[at : at + len(text)] = text
    data = rewritten(PLAIN, {MANIFEST: bytes(whole)})
    survey = look(data)
    assert survey.manifest == whole
    assert (survey.stores, survey.anomalies) == (1, ())
    assert rewritten(data, {MANIFEST: None}) == PLAIN
    again = data[: survey.manifest_spans[0][1]] + data[survey.manifest_spans[0][0] :]
    assert look(again).stores == 2


def test_two_stores_are_noticed_and_removed_together():
    one = rewritten(PLAIN, {MANIFEST: store()})
    (start, end), *_ = look(one).manifest_spans
    first = one[start:end]
    second = first[:6] + b"\x07\x07" + first[8:]
    data = after_jfif(PLAIN, first, second)
    assert look(data).anomalies == ("2 C2PA manifest stores",)
    assert rewritten(data, {MANIFEST: None}) == PLAIN


def test_what_is_no_c2pa_store_is_not_written():
    with pytest.raises(MalformedMetadata, match="no C2PA superbox"):
        rewritten(PLAIN, {MANIFEST: b"\0\0\0\x08jumb"})


def test_all_other_image_resources_stay_byte_for_byte():
    others = [
        _resource(0x03ED, b"\0\x48" * 8),
        _resource(0x0BB7, b"odd", name=b"\x03abc"),
        _resource(0x1234, b"theirs", signature=b"AgHg"),
    ]
    tail = b"\0\0\0"
    irb = others[0] + _resource(0x0404, b"old") + others[1] + others[2] + tail
    data = after_jfif(PLAIN, segment(0xED, b"Photoshop 3.0\0" + irb))
    assert look(data).payloads[IIM] == b"old"
    made = rewritten(data, {IIM: IIM_BYTES})
    assert others[0] + _resource(0x0404, IIM_BYTES) + others[1] + others[2] + tail in made
    without = rewritten(data, {IIM: None})
    assert b"Photoshop 3.0\0" + b"".join(others) + tail in without


def test_image_resources_over_several_segments_are_one_block():
    irb = _resource(0x0422, bytes(100_000)) + _resource(0x0404, IIM_BYTES)
    parts = (irb[:65_000], irb[65_000:])
    data = after_jfif(PLAIN, *(segment(0xED, b"Photoshop 3.0\0" + part) for part in parts))
    assert look(data).payloads[IIM] == IIM_BYTES
    made = rewritten(data, {IIM: IIM_BYTES + b"\x1c\x02\x69\0\0"})
    assert look(made).payloads[IIM] == IIM_BYTES + b"\x1c\x02\x69\0\0"
    assert _names(made).count("APP13 Photoshop") == 2


def test_the_iptc_digest_is_kept_true_but_never_made(exiftool):
    irb = _resource(0x0404, b"old!") + _resource(0x0425, bytes(16))
    data = after_jfif(PLAIN, segment(0xED, b"Photoshop 3.0\0" + irb))
    assert look(data).anomalies == ("IIM was changed after its IPTCDigest was made",)
    made = rewritten(data, {IIM: IIM_BYTES})
    assert look(made).anomalies == ()
    assert exiftool.read(made)["Photoshop:IPTCDigest"] == hashlib.md5(IIM_BYTES).hexdigest()
    assert exiftool.read(made)["IPTC:By-line"] == "Ada"
    fresh = rewritten(PLAIN, {IIM: IIM_BYTES})
    assert "Photoshop:IPTCDigest" not in exiftool.read(fresh)
    assert rewritten(fresh, {IIM: None}) == PLAIN


def test_image_resources_that_lie_are_an_anomaly_and_are_not_edited():
    irb = b"8BIM\x04\x04\0\0\x7f\xff\xff\xff"
    data = after_jfif(PLAIN, segment(0xED, b"Photoshop 3.0\0" + irb))
    assert "past the end" in look(data).anomalies[0]
    assert rewritten(data, {IIM: None}) == data
    with pytest.raises(MalformedMetadata, match="past the end"):
        rewritten(data, {IIM: IIM_BYTES})


def test_a_comment_is_text():
    survey = look(after_jfif(PLAIN, segment(0xFE, b"caf\xe9")))
    assert survey.payloads[Slot(SlotKind.TEXT, "Comment")].decode() == "café"


def test_fill_between_segments_is_kept():
    data = after_jfif(PLAIN, b"\xff\xff\xff")
    made = rewritten(data, {XMP: packet()})
    assert look(data).anomalies == ()
    assert pixels(made) == pixels(data) == pixels(PLAIN)
    assert essence(made) == essence(data) == essence(PLAIN)
    assert rewritten(made, {XMP: None}) == data


def test_junk_between_segments_is_stepped_over_and_kept():
    data = after_jfif(PLAIN, b"rubbish\xff\0\xff\5")
    made = rewritten(data, {XMP: packet()})
    assert look(data).anomalies == ("11 bytes of junk between segments at 20",)
    assert essence(made) == essence(data) == essence(PLAIN)
    assert rewritten(made, {XMP: None}) == data


def test_what_follows_the_picture_is_a_block_and_part_of_its_essence():
    data = kinds()["jpeg with trailer"]
    survey = look(data)
    assert survey.blocks[-1].name == "trailing data"
    assert survey.anomalies == ("52 bytes after the end of the picture",)
    assert data.endswith(bytes(list(JPEG.essence(survey))[-1]))
    assert essence(data) != essence(PLAIN)


def test_progressive_scans_end_where_the_picture_ends():
    data = save(picture(), "JPEG", progressive=True, restart_marker_rows=1)
    survey = look(data + b"behind")
    scan, trailer = survey.blocks[-2:]
    assert (scan.name, trailer.length) == ("scan data", 6)
    assert data.count(b"\xff\xda") > 3


def test_a_missing_end_is_an_anomaly():
    assert look(PLAIN[:-2]).anomalies == ("no end-of-image marker",)


def test_the_essence_tells_colour_from_metadata():
    jfif = PLAIN[2:20]
    assert essence(PLAIN.replace(jfif, jfif[:11] + b"\0\x01\0\x02" + jfif[15:])) == essence(PLAIN)
    assert essence(PLAIN.replace(jfif, b"")) != essence(PLAIN)
    adobe = segment(0xEE, b"Adobe\0\x64\0\0\0\0\0")
    assert essence(after_jfif(PLAIN, adobe)) != essence(PLAIN)
    assert essence(after_jfif(PLAIN, segment(0xFE, b"text"))) == essence(PLAIN)


@each_specimen(lambda s: s.name.endswith(".mpo") or s.name == "signed/PXL_20260208_202351558.jpg")
@pytest.mark.parametrize("changes", [{XMP: packet(size=5000)}, {XMP: packet(), MANIFEST: None}])
def test_the_pictures_behind_the_first_stay_where_the_index_says(specimen, exiftool, changes):
    data = specimen.data
    made = rewritten(data, changes)

    def second(data: bytes) -> tuple[int, int, bytes]:
        tags = exiftool.read(data, "-b", "-MPImage2:all")
        start, length = tags["MPImage2:MPImageStart"], tags["MPImage2:MPImageLength"]
        return start, length, data[start : start + length]

    start, length, image = second(made)
    assert image[:2] == b"\xff\xd8"
    assert (length, image) == second(data)[1:]
    assert start == second(data)[0] + len(made) - len(data)


def test_the_engine_leaves_only_the_first_size_in_the_index_stale(chain):
    """Every picture starts where the index says; for the size we put the manifest in ourselves."""
    from oracles import raw

    data = rewritten(kinds()["mpo"], {XMP: packet()})
    signed = raw.sign(data, "image/jpeg", chain)
    added = len(signed) - len(data)
    before, after = (
        struct.unpack_from("<I12xII8xII", each, each.index(b"MPF\0II*\0") + 4 + 54)
        for each in (data, signed)
    )
    assert after == before
    scan = next(block for block in look(signed).blocks if block.name == "scan data")
    assert scan.start + scan.length == after[0] + added
    header = signed.index(b"MPF\0II*\0") + 4
    assert [signed[header + at :][:2] for at in after[2::2]] == [b"\xff\xd8"] * 2


def test_the_first_size_in_the_index_is_put_right_after_an_engine_left_it_stale(chain):
    from oracles import raw

    data = kinds()["mpo"]
    signed = raw.sign(data, "image/jpeg", chain)
    for file in (data, signed, rewritten(data, {MANIFEST: store()})):
        made = rewritten(file, {XMP: packet()})
        scan = next(block for block in look(made).blocks if block.name == "scan data")
        index = made.index(b"MPF\0II*\0") + 4
        assert struct.unpack_from("<I", made, index + 54)[0] == scan.start + scan.length
        assert [frame[1:3] for frame in pixels(made)] == [frame[1:3] for frame in pixels(data)]
