"""What a data hash leaves out of each container: is it shown, or mere words?

Everything that decides what a viewer shows has to be bound (decision 074).
"""

from __future__ import annotations

import io
import zlib

import piexif
import pytest
from PIL import Image

import drawn_kinds
from forged_bindings import DATA, carrying, data_hash, judged, place, survey
from genlabel.formats.coverage import complement, holds_picture, outside
from genlabel.model.errors import MalformedAsset

EXIF = piexif.dump(
    {
        "0th": {
            piexif.ImageIFD.Orientation: 6,
            piexif.ImageIFD.Artist: b"A photographer of some note",
            piexif.ImageIFD.XPComment: b"w\0o\0r\0d\0s\0!\0",
        },
        "Exif": {piexif.ExifIFD.ColorSpace: 1, piexif.ExifIFD.UserComment: b"ASCII\0\0\0a comment"},
        "GPS": {piexif.GPSIFD.GPSDateStamp: b"2026:01:01\0"},
    }
)[6:]


def raw_profile(exif: bytes) -> bytes:
    """Exif as ImageMagick puts it into a PNG file."""
    whole = b"Exif\0\0" + exif
    text = b"\nexif\n%8d\n" % len(whole) + whole.hex().encode() + b"\n"
    return drawn_kinds.chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(text))


def text_chunk(keyword: bytes, text: bytes) -> bytes:
    return drawn_kinds.chunk(b"tEXt", keyword + b"\0" + text)


def full(name: str) -> bytes:
    return carrying(drawn_kinds.kinds()[name])


def png(*chunks: bytes) -> bytes:
    return carrying(drawn_kinds.after_header(drawn_kinds.kinds()["png palette"], *chunks))


def jpeg(*segments: bytes) -> bytes:
    return carrying(drawn_kinds.after_jfif(drawn_kinds.kinds()["jpeg full"], *segments))


def webp() -> bytes:
    return carrying(
        drawn_kinds.save(
            drawn_kinds.picture(), "WEBP", exif=b"Exif\0\0" + EXIF, xmp=b"<x:xmpmeta/>"
        )
    )


def outcome(data: bytes, *left: tuple[int, int]):
    judgement = judged(data, DATA, data_hash(data, sorted([*place(data), *left])))
    assert judgement.holds is True
    return judgement


def of_block(data: bytes, name: str, start: int = 0, end: int = 0) -> tuple[int, int]:
    """A span of the first block of that name: from `start` in it to `end` bytes before its end."""
    block = next(each for each in survey(data).blocks if each.name.startswith(name))
    return block.start + start, block.end - end


WITH_EXIF = {
    "jpeg": (lambda: jpeg(drawn_kinds.segment(0xE1, b"Exif\0\0" + EXIF)), "APP1 Exif", 10, 0),
    "png": (lambda: png(drawn_kinds.chunk(b"eXIf", EXIF)), "eXIf", 8, 4),
    "webp": (webp, "EXIF", 8, 0),
}


@pytest.mark.parametrize("name", WITH_EXIF)
def test_exif_is_shown_but_for_its_texts(name):
    made, block, lead, tail = WITH_EXIF[name]
    data = made()
    assert outcome(data, of_block(data, block, lead, tail)).uncovered
    at = data.index(b"A photographer")
    words = outcome(data, (at, at + 20))
    assert words.uncovered == ()
    assert len(words.unbound) == 1
    assert block.split()[0] in words.unbound[0]
    # the entry that says how the picture is turned
    orientation = data.index(b"\x01\x12\0\3\0\0\0\1")
    assert outcome(data, (orientation + 8, orientation + 10)).uncovered
    assert outcome(data, (at - 1, at + 20)).uncovered, "more than the text"


def test_orientation_in_a_raw_profile_is_shown_and_other_texts_are_not():
    data = png(raw_profile(EXIF), text_chunk(b"Comment", b"what it says"))
    assert outcome(data, of_block(data, "zTXt Raw", 31, 4)).uncovered
    words = outcome(data, of_block(data, "tEXt Comment", 16))
    assert (words.uncovered, len(words.unbound)) == ((), 1)


@pytest.mark.parametrize("name", ["Raw profile type icc", "Raw profile type APP1"])
def test_profiles_of_colour_in_texts_are_shown(name):
    data = png(text_chunk(name.encode(), b"\nicc\n 4\n00ff00ff\n"))
    assert outcome(data, of_block(data, f"tEXt {name}", 9 + len(name), 4)).uncovered


def test_a_text_that_lies_over_what_is_shown_is_no_text():
    """A structure may point anywhere: the artist's name and the orientation may be one place."""
    order = "big"
    entries = [
        (0x0112, 3, 1, (6 << 16).to_bytes(4, order)),
        (0x013B, 2, 24, (8).to_bytes(4, order)),  # the directory itself
    ]
    listed = b"".join(
        tag.to_bytes(2, order) + kind.to_bytes(2, order) + count.to_bytes(4, order) + value
        for tag, kind, count, value in entries
    )
    exif = b"MM\0*\0\0\0\x08\0\x02" + listed + bytes(4)
    data = png(drawn_kinds.chunk(b"eXIf", exif))
    start, _ = of_block(data, "eXIf", 8)
    assert outcome(data, (start + 10, start + 30)).uncovered


SHOWN = {
    "jpeg full": ["SOI", "APP0 JFIF", "APP2 ICC", "DQT", "SOF", "DHT", "scan data"],
    "jpeg cmyk": ["APP14 Adobe"],
    "mpo": ["APP2 MPF", "trailing data"],
    "jpeg with trailer": ["trailing data"],
    "png full": ["signature", "IHDR", "iCCP", "IDAT", "IEND"],
    "png palette": ["PLTE", "tRNS"],
    "apng": ["acTL", "fcTL", "fdAT"],
    "webp full": ["RIFF WEBP", "VP8X", "ICCP", "VP8"],
    "webp alpha": ["ALPH"],
    "webp animated": ["ANIM", "ANMF"],
    "gif animated xmp": [
        *("header", "global color table", "application NETSCAPE2.0", "graphic control", "image"),
        *("application XMP Data", "trailer"),
    ],
    "jxl full": ["JXL", "ftyp"],
    "mp3": ["ID3v2 header", "MPEG audio"],
    "flac": ["fLaC", "STREAMINFO", "FLAC audio"],
    "wav": ["RIFF WAVE", "fmt", "data"],
    "avi": ["RIFF AVI", "LIST"],
    "svg": ["drawing"],
    "tiff full": ["header", "IFD0", "IFD0 data"],
    "pdf": ["header", "objects", "xref"],
}


@pytest.mark.parametrize(
    ("kind", "block"), [(kind, block) for kind, blocks in SHOWN.items() for block in blocks]
)
def test_what_decides_on_the_look_is_shown(kind, block):
    data = full(kind)
    start, end = of_block(data, block)
    (span, *_) = outside([(start, end)], place(data))
    judgement = outcome(data, span)
    assert judgement.uncovered, f"{block} of {kind}"
    assert judgement.unbound == ()


@pytest.mark.parametrize("chunk", ["pHYs", "bKGD", "gAMA", "cHRM", "sRGB", "sBIT", "sPLT", "cICP"])
def test_chunks_that_say_how_to_show_a_png_are_shown(chunk):
    data = png(drawn_kinds.chunk(chunk.encode(), bytes(9)))
    assert outcome(data, of_block(data, chunk, 8, 4)).uncovered


def test_small_pictures_are_shown():
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8)).save(drawn, "JPEG")
    thumbnail = piexif.dump(
        {"0th": {}, "1st": {piexif.ImageIFD.Compression: 6}, "thumbnail": drawn.getvalue()}
    )[6:]
    data = jpeg(
        drawn_kinds.segment(0xE1, b"Exif\0\0" + thumbnail),
        drawn_kinds.segment(0xE0, b"JFXX\0\x10" + drawn.getvalue()),
    )
    at = data.index(b"\xff\xd8\xff", data.index(thumbnail))
    assert outcome(data, (at + 30, at + 40)).uncovered
    assert outcome(data, of_block(data, "APP0 JFXX", 10)).uncovered


WORDS = {
    "jpeg full": [("APP1 XMP", 33, 0), ("COM", 4, 0)],
    "png full": [("tEXt parameters", 19, 0), ("iTXt Titel", 14, 4), ("zTXt workflow", 17, 0)],
    "webp full": [("XMP", 8, 0)],
    "mp3": [("TIT2", 10, 0)],
    "mp3 full": [("PRIV", 10, 0), ("ID3v1", 3, 0)],
    "wav full": [("bext", 8, 0), ("_PMX", 8, 0), ("LIST", 12, 0), ("iXML", 8, 0)],
    "jxl full": [("Exif", 8, 0), ("xml", 8, 0)],
    "jxl compressed": [("brob Exif", 12, 0), ("brob xml", 12, 0)],
    "flac full": [("PADDING", 4, 0)],
}


@pytest.mark.parametrize(
    ("kind", "block", "start", "end"),
    [(kind, *block) for kind, blocks in WORDS.items() for block in blocks],
)
def test_words_are_named_in_a_warning(kind, block, start, end):
    data = full(kind)
    judgement = outcome(data, of_block(data, block, start, end))
    assert judgement.uncovered == ()
    assert len(judgement.unbound) == 1
    # with the header that says what it is, it could be something else
    assert outcome(data, of_block(data, block)).uncovered


def test_photoshops_resources_are_words_without_a_thumbnail():
    def resource(number: int, content: bytes) -> bytes:
        return (
            b"8BIM"
            + number.to_bytes(2, "big")
            + bytes(2)
            + len(content).to_bytes(4, "big")
            + content
        )

    header = b"Photoshop 3.0\0"
    caption = resource(0x0404, drawn_kinds.IIM_BYTES + bytes(len(drawn_kinds.IIM_BYTES) % 2))
    small = resource(0x040C, bytes(28) + b"\xff\xd8\xff" + bytes(31))
    plain = jpeg(drawn_kinds.segment(0xED, header + caption))
    assert outcome(plain, of_block(plain, "APP13 Photoshop", 18)).unbound
    for parts in ([caption + small], [small[:20], small[20:] + caption]):
        data = jpeg(*(drawn_kinds.segment(0xED, header + part) for part in parts))
        start, end = of_block(data, "APP13 Photoshop", 18)
        assert outcome(data, (start, end)).uncovered


def test_comments_of_a_gif_are_words_and_their_lengths_are_not():
    gif = drawn_kinds.save(drawn_kinds.picture(), "GIF", comment=b"drawn " * 80)
    data = carrying(gif)
    start, _ = of_block(data, "comment", 3)
    assert outcome(data, (start, start + 100)).unbound
    assert outcome(data, (start - 1, start + 100)).uncovered
    assert outcome(data, (start + 200, start + 300)).uncovered, "the second part's length"


def test_words_of_a_tiff_file_are_words_where_nothing_else_lies():
    data = full("tiff full")
    at = survey(data).data.obj.index(b"adobe:ns:meta")
    assert outcome(data, (at, at + 8)).unbound
    stack = io.BytesIO()
    Image.new("RGB", (8, 8)).save(stack, "TIFF", description="ImageJ=1.53\nimages=2\nchannels=2")
    other = carrying(stack.getvalue())
    at = other.index(b"images=2")
    assert outcome(other, (at, at + 8)).uncovered, "software reads the stack by it"


def test_what_is_behind_the_end_is_shown_where_a_picture_begins_there():
    tail = drawn_kinds.kinds()["png"] + b"\0" * 4
    text = b"\0\0 nothing but words, and many of them " * 20
    for behind in (b"", bytes(40)):
        data = carrying(drawn_kinds.kinds()["png rgba"]) + behind + tail
        assert outcome(data, (len(data) - len(tail), len(data))).uncovered
        data = carrying(drawn_kinds.kinds()["png rgba"]) + behind + text
        judgement = outcome(data, (len(data) - len(text), len(data)))
        assert (judgement.uncovered, len(judgement.unbound)) == ((), 1)


@pytest.mark.parametrize(
    "kind", ["jpeg", "png", "gif", "webp lossy", "jxl", "tiff", "flac", "avif", "mp4", "pdf", "avi"]
)
def test_every_kind_of_picture_is_known_by_its_beginning(kind):
    data = drawn_kinds.kinds().get(kind)
    if data is None:
        pytest.skip("not drawn here")
    assert holds_picture(memoryview(bytes(7) + data))
    assert not holds_picture(memoryview(bytes(1_000)))
    assert not holds_picture(memoryview(b"words " * 1_000))


def test_spans_are_cut_where_they_may_be():
    assert list(outside([(0, 10), (20, 30)], [(2, 4), (6, 22), (25, 26)])) == [
        *((0, 2), (4, 6), (22, 25), (26, 30))
    ]
    assert list(outside([(5, 9)], [(0, 100), (6, 7)])) == []
    assert list(outside([(20, 30), (0, 25)], [])) == [(0, 30)]
    assert list(complement([(2, 3), (0, 1)], 4)) == [(1, 2), (3, 4)]
    assert list(complement([(0, 9)], 4)) == []


def test_every_container_says_without_fault_what_nobody_sees():
    for name, data in drawn_kinds.kinds().items():
        whole = carrying(data) if "naked" not in name else data
        try:
            seen = survey(whole)
        except MalformedAsset:
            continue
        container = drawn_kinds.identify(whole)
        for part in container.unseen(seen):
            assert 0 <= part.block.start <= part.block.end <= len(whole), name
            for start, end in part.contents:
                assert part.block.start <= start <= end <= part.block.end, name
