"""What holds for every container alike, on every kind of picture or document."""

from __future__ import annotations

from itertools import combinations

import pytest
from PIL import features

from drawn_kinds import (
    FILMS,
    IIM_BYTES,
    SOUNDS,
    as_new,
    essence,
    exif_for,
    kinds,
    look,
    packet,
    pixels,
    rewritten,
    store,
)
from genlabel.formats import CONTAINERS, identify, recognise
from genlabel.formats.format import (
    EXIF,
    EXTENDED_XMP,
    HEAD,
    IIM,
    MANIFEST,
    XMP,
    Slot,
    SlotKind,
)
from genlabel.formats.kinds import KINDS
from genlabel.formats.unknown import describe, nearest
from genlabel.model.errors import MalformedMetadata, UnsupportedFormat
from oracles import films, raw
from oracles.corpus import Specimen, each_specimen

PAYLOADS = {
    XMP: packet("new"),
    EXTENDED_XMP: packet("extended", 150_000),
    IIM: IIM_BYTES,
    MANIFEST: store(130_000),
}
ISO = ("avif", "heic", *FILMS)
SLOW = {"unmarked/sample1.heif"}
"""51 megapixels in HEVC take heif-convert seconds each time; their coded bytes are compared."""
each_kind = pytest.mark.parametrize("data", kinds().values(), ids=list(kinds()))
EMBEDDING = {name: data for name, data in kinds().items() if MANIFEST in identify(data).slots}
each_embedding = pytest.mark.parametrize("data", EMBEDDING.values(), ids=list(EMBEDDING))
DOCUMENTS = {name: data for name, data in EMBEDDING.items() if identify(data).name == "pdf"}
each_document = pytest.mark.parametrize("data", DOCUMENTS.values(), ids=list(DOCUMENTS))
# The engine writes a document anew, so nothing in it is as it was.
BY_THE_ENGINE = {name: data for name, data in EMBEDDING.items() if name not in DOCUMENTS}
each_by_the_engine = pytest.mark.parametrize(
    "data", BY_THE_ENGINE.values(), ids=list(BY_THE_ENGINE)
)
UNKNOWN_TO_EXIFTOOL = (kinds()["svg prefixed"], kinds()["svg after a comment"])
FORMATS = frozenset(container.name for container in CONTAINERS) | {"heif"}
pictures = each_specimen(lambda s: s.format in FORMATS)


def _payloads(data: bytes) -> dict[Slot, bytes]:
    payloads = {**PAYLOADS, EXIF: exif_for(data)}
    return {slot: payloads[slot] for slot in identify(data).slots}


def test_every_kind_of_picture_is_drawn():
    assert features.check("webp")
    drawn = {identify(data).name for data in kinds().values()}
    missing = set() if films.is_here() else set(FILMS)
    assert drawn | missing == {container.name for container in CONTAINERS}


@each_kind
def test_a_file_is_recognised_by_its_first_bytes(data):
    assert recognise(data[:HEAD]) is identify(data)
    assert sum(container.accepts(data[:HEAD]) for container in CONTAINERS) == 1


@each_kind
def test_a_survey_knows_size_and_frames_as_pillow_does(data):
    survey = look(data)
    frames = pixels(data)
    assert (survey.width, survey.height) == frames[0][1]
    assert survey.frames == len(frames)


@each_kind
def test_each_slot_is_set_read_back_and_removed_without_touching_a_pixel(data):
    before = look(data)
    for slot, payload in _payloads(data).items():
        made = rewritten(data, {slot: payload})
        after = look(made)
        assert after.payloads[slot] == payload
        for other in before.payloads.keys() - {slot}:
            assert after.payloads[other] == before.payloads[other]
        assert essence(made) == essence(data)
        assert pixels(made) == pixels(data)
        without = rewritten(made, {slot: None})
        assert slot not in look(without).payloads
        assert essence(without) == essence(data)
        assert pixels(without) == pixels(data)


@each_kind
def test_setting_what_is_there_changes_no_byte(data):
    container = identify(data)
    survey = container.survey(data)
    (only,) = container.rewrite(survey, survey.payloads)
    assert only == data
    full = rewritten(data, _payloads(data))
    assert rewritten(full, _payloads(data)) == full


@each_kind
def test_slots_may_be_set_in_any_order_and_removed_and_set_again(data):
    payloads = _payloads(data)
    at_once = rewritten(data, payloads)
    assert {slot: look(at_once).payloads[slot] for slot in payloads} == payloads
    again = rewritten(rewritten(at_once, dict.fromkeys(payloads)), payloads)
    assert {slot: look(again).payloads[slot] for slot in payloads} == payloads
    assert rewritten(rewritten(again, dict.fromkeys(payloads)), payloads) == again
    for pair in combinations(payloads, 2):
        first, second = ({slot: payloads[slot]} for slot in pair)
        one = rewritten(rewritten(data, first), second)
        assert look(one).payloads.items() >= (first | second).items()
        assert essence(one) == essence(data)


@each_kind
def test_untouched_bytes_are_views_of_the_source(data):
    container = identify(data)
    pieces = container.rewrite(container.survey(data), {XMP: PAYLOADS[XMP]})
    views = [piece for piece in pieces if isinstance(piece, memoryview)]
    assert all(view.obj is data for view in views)
    # 300 bytes are a directory of a TIFF file
    assert sum(map(len, views)) > len(data) - 8 - len(look(data).payloads.get(XMP, b"")) - 300


@each_embedding
def test_the_manifest_lies_where_its_spans_say(data):
    container = identify(data)
    assert look(rewritten(data, {MANIFEST: None})).manifest_spans == ()
    made = rewritten(data, {XMP: PAYLOADS[XMP], MANIFEST: PAYLOADS[MANIFEST]})
    if container.name in ("tiff", "pdf"):  # the bytes alone; a directory, a cross-reference points
        ((start, end),) = look(made).manifest_spans
        assert made[start:end] == PAYLOADS[MANIFEST]
        return
    without = rewritten(made, {MANIFEST: None})
    cut = made
    for start, end in reversed(look(made).manifest_spans):
        cut = cut[:start] + cut[end:]
    assert len(cut) == len(without)
    if container.name in ISO:  # offsets stand in many places: see test_heif_boxes.py
        return
    # RIFF, ID3 and MPF count the manifest's bytes in one place
    counts = 4 if container.name in ("webp", "jpeg", "avi", *SOUNDS) else 0
    assert sum(one != other for one, other in zip(cut, without, strict=True)) <= counts


TAKEN_APART = (
    *("jpeg", "jpeg full", "png", "webp full", "avif full", "avif animated full", "heif"),
    *("gif full", "svg full", "jxl naked", "jxl full", "wav full", "avi full"),
)


@pytest.mark.parametrize("name", TAKEN_APART)
def test_the_engine_trusts_what_we_took_apart_and_put_together_again(name, chain):
    data = rewritten(kinds()[name], {XMP: packet()})
    mime = identify(data).media_type
    signed = raw.sign(data, mime, chain)
    manifest = look(signed).payloads[MANIFEST]
    stripped = rewritten(signed, {MANIFEST: None})
    assert stripped == data
    again = rewritten(stripped, {MANIFEST: manifest})
    assert raw.read(again, mime, anchors=chain.anchor).state == "Trusted"
    assert again == signed


@each_document
def test_what_is_put_into_a_document_is_taken_out_to_the_last_byte(data):
    data = rewritten(data, {MANIFEST: None})
    both = {MANIFEST: PAYLOADS[MANIFEST], XMP: PAYLOADS[XMP]}
    for changes in ({MANIFEST: PAYLOADS[MANIFEST]}, both):
        there = look(data).payloads.get(XMP)
        assert rewritten(rewritten(data, changes), {MANIFEST: None, XMP: there}) == data
    shorter = rewritten(rewritten(data, both), {MANIFEST: store(60)})
    assert shorter == rewritten(data, {**both, MANIFEST: store(60)})


@each_by_the_engine
def test_what_the_engine_adds_is_taken_out_to_the_last_byte(data, chain):
    data = rewritten(data, {MANIFEST: None})  # what comes before signing
    if identify(data).name == "jxl":  # the engine refuses a naked codestream
        data = as_new(data)
    if data == kinds()["mp3 after zeros"]:  # nor does it know this one
        data = rewritten(data, {XMP: packet()})
    signed = raw.sign(data, identify(data).media_type, chain)
    assert essence(signed) == essence(data)
    without = rewritten(signed, {MANIFEST: None})
    assert MANIFEST not in look(without).payloads
    if identify(data).name == "tiff":  # where its first directory was, the engine does not tell
        first, word = (8, 8) if look(data).blocks[0].length == 16 else (4, 4)
        assert without[first + word : len(data)] == data[first + word :]
        assert len(without) <= len(data) + 512
        assert pixels(without) == pixels(data)
    elif identify(data).name in SOUNDS:  # the engine writes the tag anew, some of it wrong
        assert look(without).payloads.keys() == look(data).payloads.keys()
        assert pixels(without) == pixels(data)
    else:
        assert without == as_new(data)


@each_kind
def test_exiftool_reads_the_xmp_and_complains_of_nothing(data, exiftool):
    if data in UNKNOWN_TO_EXIFTOOL:
        pytest.skip("exiftool wants <svg without a prefix among the first 256 bytes")
    slots = identify(data).slots
    changes = {XMP: packet("as exiftool reads it"), EXIF: exif_for(data)}
    tags = exiftool.read(
        rewritten(data, {slot: changes[slot] for slot in changes if slot in slots})
    )
    assert tags["XMP-dc:Source"] == "as exiftool reads it"
    assert EXIF not in slots or tags["IFD0:Artist"] == "Ada"
    assert "ExifTool:Error" not in tags
    assert tags.get("ExifTool:Warning") in (None, exiftool.read(data).get("ExifTool:Warning"))


def test_a_slot_without_a_place_is_refused():
    with pytest.raises(MalformedMetadata, match="iim: a png file has no place for it"):
        rewritten(kinds()["png"], {IIM: IIM_BYTES})
    assert rewritten(kinds()["png"], {IIM: None}) == kinds()["png"]


@pytest.mark.parametrize(
    ("head", "seen"),
    [
        (b"II*\0\x10\0\0\0CR\2\0", "Canon raw picture"),
        (b"8BPS", "Photoshop document"),
        (b"\x1aE\xdf\xa3", "Matroska or WebM film"),
        (b"OggS", "Ogg recording"),
        (b"\0\0\1\0\3\0", "icon"),
        (b"\0\0\2\0" + bytes(30) + b"TRUEVISION-XFILE.\0", "TGA picture"),
        (b"\0\0\0\x0cjP  \r\n", "JPEG 2000 picture"),
        ('<svg xmlns="x"/>'.encode("utf-16"), "SVG drawing in UTF-16"),
        (b"BM" + bytes(30), "BMP picture"),
        (b"RIFF\0\0\0\0RMID", "RIFF file"),
        (b"hello, world", "unknown kind of file"),
    ],
)
def test_what_is_no_container_of_ours_is_named(head, seen):
    with pytest.raises(UnsupportedFormat, match=f"^{seen}: genlabel reads jpeg, .* and ") as told:
        identify(head)
    assert (told.value.remedy or "").startswith("convert it to ")
    assert recognise(head) is None


@pytest.mark.parametrize(
    ("head", "known", "best"),
    [
        (b"BM" + bytes(30), ("jpeg", "png"), "png"),
        (b"8BPS", ("png", "tiff"), "tiff"),
        (b"8BPS", ("jpeg", "png"), "png"),
        (b"\0\0\0\x0cjP  \r\n", ("png", "jpeg"), "jpeg"),
        (b"\x1aE\xdf\xa3", ("png", "mp4"), "mp4"),
        (b"\x1aE\xdf\xa3", ("png",), None),
        (b"OggS", ("wav", "flac", "mp3"), "flac"),
        (b"%!PS-Adobe", ("png", "pdf"), "pdf"),
    ],
)
def test_the_nearest_container_that_works_is_named(head, known, best):
    assert nearest(describe(head) or "", known) == best


def test_an_empty_file_is_called_empty():
    with pytest.raises(UnsupportedFormat, match=r"^empty file"):
        identify(b"")


@pictures
def test_the_corpus_is_surveyed_and_rewritten_without_touching_a_pixel(
    specimen: Specimen, exiftool
):
    data = specimen.data
    survey = look(data)
    assert survey.format == {"heif": "heic"}.get(specimen.format, specimen.format)
    assert (survey.manifest is not None) == (specimen.manifest in ("yes", "error"))
    made = rewritten(data, {XMP: packet("corpus"), MANIFEST: None})
    assert essence(made) == essence(data)
    # Pillow shows a gain map as a frame when no XMP tells it what it is.
    assert specimen.name in SLOW or all(
        one == other for one, other in zip(pixels(made), pixels(data), strict=False)
    )
    again = look(made)
    assert again.payloads[XMP] == packet("corpus")
    assert again.manifest is None
    kept = survey.payloads.keys() - {XMP, MANIFEST}
    assert {slot: again.payloads[slot] for slot in kept} == {
        slot: survey.payloads[slot] for slot in kept
    }
    assert rewritten(made, {XMP: packet("corpus"), MANIFEST: None}) == made
    fast = () if survey.format == "avi" else ("-fast",)  # which stops before the frames
    assert exiftool.read(made, "-XMP:all", *fast)["XMP-dc:Source"] == "corpus"


@pictures
def test_taking_all_marks_out_of_the_corpus_leaves_none(specimen: Specimen):
    data = specimen.data
    bare = rewritten(data, dict.fromkeys((XMP, EXTENDED_XMP, IIM, EXIF, MANIFEST)))
    assert all(slot.kind is SlotKind.TEXT for slot in look(bare).payloads)
    assert essence(bare) == essence(data)
    assert specimen.name in SLOW or pixels(bare)[0] == pixels(data)[0]


@each_kind
def test_a_kind_says_what_its_format_says_before_that_is_loaded(data):
    mine = [kind.name for kind in KINDS if kind.container.accepts(data[:HEAD])]
    assert mine, "one of ours"
    assert set(mine) <= {kind.name for kind in KINDS if kind.may_be(data[:HEAD])}


def test_kinds_are_the_formats_in_their_order_with_their_suffixes():
    assert [kind.container for kind in KINDS] == list(CONTAINERS)
    assert {kind.name: kind.suffixes for kind in KINDS} == {
        each.name: each.suffixes for each in CONTAINERS
    }


@pytest.mark.parametrize("length", [60, 61, 70_000])
@pytest.mark.parametrize("there", [None, 130_000], ids=["new", "over another"])
@each_embedding
def test_a_manifest_that_stands_by_itself_lies_where_a_survey_finds_it(data, there, length):
    container = identify(data)
    assert container.wrapped is not None
    if there is not None:
        data = rewritten(data, {MANIFEST: store(there)})
    survey = container.survey(data)
    one, other = store(length), bytes(reversed(store(length)[64:]))
    other = one[: len(one) - len(other)] + other  # as long, and a store as well
    pieces = container.rewrite(survey, {MANIFEST: one})
    new, size = container.wrapped(one)
    found = [(number, bytes(piece).find(new)) for number, piece in enumerate(pieces)]
    ((number, inside),) = [each for each in found if each[1] >= 0]
    start = sum(map(len, pieces[:number])) + inside
    whole = container.survey(b"".join(pieces))
    spans = whole.manifest_spans if whole.store_span is None else (whole.store_span,)
    if not container.iso_media:  # whose hash goes by its boxes
        assert spans == ((start, start + size),)
    piece = bytes(pieces[number])
    pieces[number] = piece[:inside] + container.wrapped(other)[0] + piece[inside + len(new) :]
    assert b"".join(pieces) == b"".join(container.rewrite(survey, {MANIFEST: other}))
