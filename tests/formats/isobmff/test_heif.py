"""What is AVIF's and HEIC's own: items and their places, tracks, boxes that no hash covers."""

from __future__ import annotations

import io
import struct
import time

import pytest
from PIL import Image

import genlabel
from drawn_kinds import (
    EXIF_BYTES,
    essence,
    kinds,
    look,
    packet,
    picture,
    pixels,
    rewritten,
    save,
    store,
)
from drawn_kinds_heif import box, branded, entries, located, split, with_bases
from genlabel.formats import identify
from genlabel.formats.edits import Edit
from genlabel.formats.format import EXIF, MANIFEST, XMP
from genlabel.formats.isobmff import boxes, chunk_offsets, item_locations, items
from genlabel.model.errors import MalformedAsset, MalformedMetadata, UnsupportedFormat
from genlabel.model.label import Label
from genlabel.model.parties import Producer
from genlabel.model.report import Integrity, Mark
from genlabel.operations.signing import rewriting
from oracles import libheif, raw
from oracles.pictures import flipped

STILL = kinds()["avif full"]
FILM = kinds()["avif film"]
LABEL = Label.generated(producer=Producer("Acme"))


def _names(data: bytes) -> list[str]:
    return [block.name for block in look(data).blocks]


def _decodes(data: bytes) -> bool:
    try:
        return bool(pixels(data))
    except (OSError, ValueError, SyntaxError, RuntimeError):  # all of Pillow's
        return False


def _film(data: bytes) -> tuple[list[bytes], bytes | None]:
    """Every frame, and the XMP of the track, as libavif reads them."""
    with Image.open(io.BytesIO(data)) as opened:
        frames = []
        for number in range(opened.n_frames):
            opened.seek(number)
            frames.append(opened.tobytes())
        return frames, opened.info.get("xmp")


def _replaced(data: bytes, old: bytes, new: bytes) -> bytes:
    assert len(old) == len(new)
    assert data.count(old) == 1
    return data.replace(old, new)


TWO_ITEMS = save(picture(), "AVIF", speed=10, exif=EXIF_BYTES)


@pytest.mark.parametrize(
    ("version", "absolute"), [(0, True), (1, False)], ids=["a base of 0", "version 1"]
)
def test_offsets_that_the_engine_shifts_wrongly_are_written_in_a_form_that_it_knows(
    version, absolute, chain
):
    data = located(TWO_ITEMS, with_bases(version, first_is_absolute=absolute))
    assert pixels(data) == pixels(TWO_ITEMS)
    assert not _decodes(raw.sign(data, "image/avif", chain))  # c2pa 0.91
    ready = rewritten(data, {MANIFEST: None})
    signed = raw.sign(ready, "image/avif", chain)
    assert pixels(ready) == pixels(signed) == pixels(data)
    assert essence(signed) == essence(data)
    assert rewritten(signed, {MANIFEST: None}) == ready
    assert look(signed).payloads[EXIF] == look(data).payloads[EXIF]


def test_metadata_of_a_film_is_put_where_the_engine_moves_nothing(chain):
    assert _film(FILM)[1] == packet("old")
    with pytest.raises(ValueError, match="Exif"):
        _film(raw.sign(FILM, "image/avif", chain))  # c2pa 0.91 never looks into moov/trak/meta
    ready = rewritten(FILM, {MANIFEST: None})
    assert _film(ready) == _film(FILM)
    assert _film(raw.sign(ready, "image/avif", chain)) == _film(FILM)


def test_the_label_of_a_film_stands_where_players_look(chain):
    made = rewritten(FILM, {XMP: packet("a longer one than there was"), MANIFEST: None})
    signed = raw.sign(made, "image/avif", chain)
    assert _film(signed) == (_film(FILM)[0], packet("a longer one than there was"))
    assert look(signed).anomalies == ()
    assert packet("old") not in made


def test_old_metadata_leaves_no_bytes_behind():
    made = rewritten(STILL, {XMP: packet("new"), EXIF: EXIF_BYTES + bytes(9)})
    assert packet("old") not in made
    assert _names(made) == ["ftyp", "meta", "mdat Exif", "mdat XMP", "mdat"]
    again = rewritten(made, {XMP: packet("newer"), EXIF: None})
    assert _names(again) == ["ftyp", "meta", "mdat XMP", "mdat"]
    assert packet("new") not in again


def test_what_two_items_share_is_not_taken_from_the_other():
    def shared(old: bytes, shift: bytes) -> bytes:
        first, *rest = entries(old)
        listed = [first, *((number, *first[1:]) for number, _, _ in rest)]
        body = b"".join(struct.pack(">HHHII", n, 0, 1, at, length) for n, at, length in listed)
        return box(b"iloc", b"\0\0\0\0\x44\0", struct.pack(">H", len(listed)), body)

    data = located(TWO_ITEMS, shared)
    made = rewritten(data, {EXIF: EXIF_BYTES})
    assert look(made).payloads[EXIF] == EXIF_BYTES
    assert pixels(made) == pixels(TWO_ITEMS)


def test_xmp_of_another_picture_than_the_primary_one_is_not_touched():
    full = save(picture("RGBA"), "AVIF", speed=10, xmp=packet("theirs"))
    theirs = full.index(b"cdsc")
    data = full[: theirs + 8] + b"\0\2" + full[theirs + 10 :]  # to_item: the alpha plane
    assert full[theirs + 8 : theirs + 10] == b"\0\1"
    assert XMP not in look(data).payloads
    made = rewritten(data, {XMP: packet("ours")})
    assert look(made).payloads[XMP] == packet("ours")
    assert packet("theirs") in made
    assert packet("theirs") in essence(made)
    assert essence(made) == essence(data)
    assert pixels(made) == pixels(data)


def test_a_sequence_without_a_still_picture_has_its_xmp_in_a_box(exiftool):
    parts = split(kinds()["heif film"])
    bare = b"".join(
        each[:4] + b"free" + each[8:] if kind == b"meta" else each for kind, each in parts
    )
    bare = branded(bare, b"msf1", b"msf1", b"iso8")
    survey = look(bare)
    assert (survey.frames, survey.width, survey.height) == (3, 9, 7)
    made = rewritten(bare, {XMP: packet("in a box")})
    assert _names(made)[-1] == "uuid XMP"
    assert look(made).payloads[XMP] == packet("in a box")
    assert exiftool.read(made)["XMP-dc:Source"] == "in a box"
    assert essence(made) == essence(bare)
    assert rewritten(made, {XMP: None}) == rewritten(bare, {XMP: None, MANIFEST: None})
    with pytest.raises(MalformedMetadata, match="exif: a sequence without a still picture"):
        rewritten(bare, {EXIF: EXIF_BYTES})


def test_a_packet_in_a_box_gives_way_to_one_in_an_item():
    xmp = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
    plain = kinds()["avif"]
    data = plain + box(b"uuid", xmp, packet("in a box"))
    assert look(data).payloads[XMP] == packet("in a box")
    made = rewritten(data, {XMP: packet("in an item")})
    assert look(made).payloads[XMP] == packet("in an item")
    assert "uuid XMP" not in _names(made)
    both = STILL + box(b"uuid", xmp, packet("in a box"))
    assert look(both).payloads[XMP] == packet("old")
    assert look(both).anomalies == ("xmp in a box beside the xmp item",)


def test_exif_keeps_the_prefix_that_it_had():
    with_prefix = _with_prefix()
    assert b"\0\0\0\6Exif\0\0" + EXIF_BYTES in with_prefix
    made = rewritten(with_prefix, {EXIF: EXIF_BYTES + b"more"})
    assert b"\0\0\0\6Exif\0\0" + EXIF_BYTES + b"more" in made
    assert look(made).payloads[EXIF] == EXIF_BYTES + b"more"


def _with_prefix() -> bytes:
    data = rewritten(kinds()["avif"], {EXIF: b"II*\0" + bytes(6) + EXIF_BYTES})
    body = b"\0\0\0\0II*\0" + bytes(6) + EXIF_BYTES
    return _replaced(data, body, b"\0\0\0\6Exif\0\0" + EXIF_BYTES + b"\0\0\0\0")


@pytest.mark.parametrize("kind", ["avif", "avif full"])
def test_boxes_without_a_size_and_with_a_long_one_are_understood(kind, chain):
    data = kinds()[kind]
    *before, (_, media) = split(data)
    head = b"".join(each for _, each in before)
    endless = head + bytes(4) + media[4:]
    made = rewritten(endless, {XMP: packet("closed"), MANIFEST: None})
    assert dict(split(made))[b"mdat"][:4] != bytes(4)
    signed = raw.sign(made, "image/avif", chain)
    assert pixels(signed) == pixels(endless) == pixels(data)

    def eight_further(old: bytes, shift: bytes) -> bytes:
        listed = [(item, at + 8, length) for item, at, length in entries(old)]
        body = b"".join(struct.pack(">HHHII", n, 0, 1, at, length) for n, at, length in listed)
        return box(b"iloc", b"\0\0\0\0\x44\0", struct.pack(">H", len(listed)), body)

    moved = located(data, eight_further)
    head = moved[: len(moved) - len(media)]
    long = head + b"\0\0\0\1mdat" + struct.pack(">Q", len(media) + 8) + media[8:]
    assert pixels(long) == pixels(data)
    made = rewritten(long, {XMP: packet("long"), EXIF: None, MANIFEST: store()})
    assert pixels(made) == pixels(data)


def test_the_low_overhead_form_is_refused_in_words():
    data = branded(kinds()["avif"], b"mif3")[:12] + b"avif" + kinds()["avif"][16:]
    data = data.replace(b"meta", b"mini")
    with pytest.raises(UnsupportedFormat, match="its mini box has no place for a label"):
        identify(data).survey(data)


def test_a_picture_where_no_hash_reaches_is_neither_signed_nor_believed(chain, authority):
    data = kinds()["avif"].replace(b"mdat", b"free")
    assert pixels(data) == pixels(kinds()["avif"])
    assert look(data).uncovered == ("item 1",)
    with pytest.raises(MalformedMetadata, match="item 1 lies where no manifest's hash reaches"):
        genlabel.sign(data, LABEL, authority.signer())
    signed = raw.sign(data, "image/avif", chain)
    other = flipped(signed, len(signed) - 20)
    assert not _decodes(other)
    assert raw.read(other, "image/avif", anchors=chain.anchor).state == "Trusted"  # c2pa 0.91
    for each in (signed, other):
        report = genlabel.verify(each, policy=None)
        assert (report.integrity, report.reason) == (Integrity.BROKEN, "uncovered")
        assert "genlabel.manifest.uncovered" in [finding.code for finding in report.findings]


def test_nothing_that_is_shown_lies_in_free_space_which_our_hash_covers(authority):
    """The engine's does not: there its bytes may change."""
    padded = kinds()["avif"] + box(b"free", bytes(40))
    signed = genlabel.sign(padded, LABEL, authority.signer()).data
    with rewriting.by_engine():
        loose = genlabel.sign(padded, LABEL, authority.signer()).data
    for each, integrity in ((signed, Integrity.BROKEN), (loose, Integrity.INTACT)):
        assert look(each).uncovered == ()
        report = genlabel.verify(flipped(each, len(each) - 5), policy=None)
        assert report.integrity is integrity
        assert report.marks[Mark.IPTC].source_type == LABEL.source_type.uri


def test_bytes_behind_the_last_box_are_an_anomaly_and_kept():
    with pytest.raises(MalformedAsset):
        look(kinds()["avif"] + b"junk!")
    data = kinds()["avif"] + bytes(4)
    assert look(data).anomalies == ("4 bytes after the last box",)
    assert rewritten(data, {XMP: packet()}).endswith(bytes(4))


def test_libheif_decodes_the_same_picture_after_signing(authority):
    libheif.needed()
    signed = genlabel.sign(kinds()["heic"], LABEL, authority.signer()).data
    assert pixels(signed) == pixels(kinds()["heic"])


def _iloc(version: int, widths: int, count: int, body: bytes) -> bytes:
    count_field = struct.pack(">I" if version == 2 else ">H", count)
    return box(b"iloc", bytes((version, 0, 0, 0)) + struct.pack(">H", widths) + count_field, body)


HOSTILE = {
    "more items than there are bytes": _iloc(0, 0x4400, 0xFFFF, bytes(100)),
    "four billion items": _iloc(2, 0x4400, 0xFFFFFFFF, bytes(10_000_000)),
    "extents of no width": _iloc(0, 0, 1000, struct.pack(">HHH", 1, 0, 0xFFFF) * 1000),
    "extents that hold nothing": _iloc(
        0, 0x0400, 10, (bytes(4) + b"\xff\xff" + bytes(262_140)) * 9
    ),
    "numbers of a strange width": _iloc(0, 0x4430, 1, bytes(100)),
    "a version of the future": _iloc(3, 0x4400, 1, bytes(100)),
    "an item past the end": _iloc(0, 0x4400, 1, struct.pack(">HHHII", 1, 0, 1, 0xFFFF0000, 9)),
    "one picture a thousand times": _iloc(
        0, 0x4400, 1, struct.pack(">HHH", 1, 0, 5000) + struct.pack(">II", 0, 400) * 5000
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_tables_that_lie_are_malformed_at_once(what):
    data = located(kinds()["avif"], lambda old, shift: HOSTILE[what])
    started = time.perf_counter()
    with pytest.raises(MalformedAsset):
        identify(data).survey(data)
    assert time.perf_counter() - started < 30  # it once took five seconds where nothing is busy


def test_tens_of_thousands_of_items_take_no_long_time():
    def many(old: bytes, shift: bytes) -> bytes:
        ((_, at, length),) = entries(old)
        at += struct.unpack(">i", shift)[0]
        rest = (struct.pack(">HHHII", n, 0, 1, at, 0) for n in range(2, 10_000))
        first = struct.pack(">HHHII", 1, 0, 1, at, length)
        return _iloc(0, 0x4400, 9_999, first + b"".join(rest))

    data = located(kinds()["avif"], many)
    started = time.perf_counter()
    made = rewritten(data, {XMP: packet(), MANIFEST: None})
    assert look(made).payloads[XMP] == packet()
    assert time.perf_counter() - started < 30


def test_an_item_in_another_file_is_refused():
    data = kinds()["avif full"]
    entry = _first(data)
    with pytest.raises(MalformedMetadata, match="item 1 lies in another file"):
        rewritten(_replaced(data, entry, entry[:2] + b"\0\1" + entry[4:]), {MANIFEST: None})


def test_compressed_xmp_is_not_replaced():
    named = b"XMP\0application/rdf+xml\0"
    data = _replaced(kinds()["avif full"], named, b"\0application/rdf+xml\0gz\0")
    assert XMP not in look(data).payloads
    assert "cannot be read" in look(data).anomalies[0]
    with pytest.raises(MalformedMetadata, match="compressed or encrypted metadata"):
        rewritten(data, {XMP: packet()})


def _first(data: bytes) -> bytes:
    """The first item's entry in iloc."""
    at = data.index(b"iloc") + 12
    return data[at : at + 14]


def test_two_items_of_one_number_are_refused():
    data = kinds()["avif full"]
    second = data.index(b"infe", data.index(b"infe") + 4) + 8
    with pytest.raises(MalformedMetadata, match="two items share a number"):
        rewritten(data[:second] + b"\0\1" + data[second + 2 :], {XMP: packet()})


def test_every_offset_of_films_and_fragments_follows_what_it_points_to():
    stbl = box(
        b"stbl",
        box(b"stco", struct.pack(">IIII", 0, 2, 100, 5000)),
        box(b"co64", struct.pack(">IIQ", 0, 1, 6000)),
        box(b"saio", struct.pack(">I4sIII", 1, b"cenc", 0, 1, 7000)),
    )
    dref = box(b"dref", struct.pack(">II", 0, 1), box(b"url ", b"\0\0\0\1"))
    minf = box(b"minf", box(b"dinf", dref), stbl)
    elsewhere = minf.replace(b"url \0\0\0\1", b"url \0\0\0\0")
    moov = box(b"moov", *(box(b"trak", box(b"mdia", each)) for each in (minf, elsewhere)))
    tfhd = box(b"tfhd", struct.pack(">IIQ", 1, 1, 8000))
    plain = box(b"tfhd", struct.pack(">IIQ", 0, 1, 8000))
    moof = box(b"moof", box(b"traf", tfhd), box(b"traf", plain))
    tfra = box(b"tfra", struct.pack(">IIIIQQBBB", 1 << 24, 1, 0, 1, 0, 9000, 1, 1, 1))
    data = memoryview(b"".join((moov, moof, box(b"mfra", tfra), box(b"mdat", bytes(9000)))))
    top = boxes.walk(data, "mp4")
    edits = [Edit(200, 200, bytes(11)), Edit(5500, 5600, b"")]
    made = {bytes(e.new) for e in chunk_offsets.follow(top, edits)}
    assert made == {
        struct.pack(">II", 100, 5011),
        struct.pack(">Q", 6000 - 89),
        struct.pack(">I", 7000 - 89),
        struct.pack(">Q", 8000 - 89),
        struct.pack(">Q", 9000 - 89),
    }
    assert len(chunk_offsets.follow(top, edits)) == 5
    with pytest.raises(MalformedMetadata, match="its offsets have 32 bits"):
        chunk_offsets.follow(top, [_Growth(0, 0, 1 << 32)])


def _item_locations(items: int, extents: int) -> boxes.Box:
    """Items with so many extents of four bytes each."""
    item = struct.pack(">HHH", 1, 0, extents) + bytes(8 * extents)
    whole = box(b"iloc", struct.pack(">IHH", 0, 0x4400, items), item * items)
    return boxes.walk(memoryview(whole), "heic")[0]


@pytest.mark.parametrize(
    ("items", "extents", "sentence"),
    [
        (32_000, 1, ""),
        (32_001, 1, "more than 32,000 items"),
        (1, 50_000, ""),
        (2, 25_001, "50,002"),
    ],
)
def test_so_many_items_and_extents_are_an_attack(items, extents, sentence):
    if not sentence:
        assert len(item_locations.read(_item_locations(items, extents)).places) == items
        return
    with pytest.raises(MalformedAsset, match=sentence):
        item_locations.read(_item_locations(items, extents))


@pytest.mark.parametrize("count", [50_000, 50_001])
def test_so_many_references_are_an_attack(count):
    one = box(b"cdsc", struct.pack(">HH", 1, count), bytes(2 * count))
    meta = box(b"meta", bytes(4), box(b"iref", bytes(4), one, one))
    (found,) = boxes.walk(memoryview(meta), "heic")
    if count == 50_000:
        assert len(items.read(found).references) == 2
        return
    with pytest.raises(MalformedAsset, match=r"cdsc at .* names 50,001 items"):
        items.read(found)


class _Growth(Edit):
    """An insertion of so many bytes that no test has the memory for."""

    def __init__(self, start: int, end: int, length: int) -> None:
        super().__init__(start, end, b"")
        object.__setattr__(self, "length", length)

    @property
    def growth(self) -> int:
        return self.length
