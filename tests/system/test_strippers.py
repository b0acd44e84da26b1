"""What strip-check says of pictures that were published, or signed by others."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache

import pytest
from PIL import Image

import genlabel
from fieldbook import FORMATS, authority as own_authority, generated, signer
from genlabel import Mark, Rights, Severity, Survival, testing
from genlabel.operations.strip_check.tool_traces import FATES, LABEL_LAST, probable_cause
from oracles import films, raw
from oracles.pictures import MIMES
from oracles.small_files import small

SUFFIX = {"jpeg": "jpg", "png": "png", "webp": "webp", "avif": "avif"}
TOO = (*FORMATS, "avif")
K, B, L, A = Survival.KEPT, Survival.BROKEN, Survival.LOST, Survival.ABSENT


@cache
def source(format: str, *, seed: int = 1) -> bytes:
    """A labelled picture with every mark that its container has a place for."""
    label = generated(
        title="Hills",
        description="Hills at dusk",
        rights=Rights(creator=("Ana Müller",), copyright="© Acme"),
    )
    picture = testing.picture(format, size=(320, 240), seed=seed, quality=95)
    return genlabel.sign(picture, label, signer()).data


def marks(fates: str, format: str) -> dict[Mark, Survival]:
    """``KLLB`` is the fate of XMP, Exif, IIM and manifest; only a JPEG file has IIM."""
    iptc, exif, iim, manifest = (FATES[each] for each in fates)
    return {
        Mark.IPTC: iptc,
        Mark.EXIF: exif,
        Mark.IIM: iim if format == "jpeg" else A,
        Mark.MANIFEST: manifest,
    }


def assert_fate(published: bytes, before: str, fates: str, pixels: str | None, cause: str) -> None:
    report = genlabel.strip_check(published, against=source(before))
    assert report.marks == marks(fates, before)
    assert report.pixels is not None
    assert report.pixels.same_picture
    if pixels == "same":
        assert report.pixels.change in ("identical", "metadata-only")
    elif pixels is not None:
        assert report.pixels.change == pixels
    assert report.cause is not None
    assert cause in report.cause
    assert {each.where for each in report.findings if each.code == "genlabel.mark.lost"} == {
        mark.value for mark in report.lost
    }


def resaved(format: str, into: str, *, size: tuple[int, int] | None = None, **keeping: bool):
    encoded = io.BytesIO()
    with Image.open(io.BytesIO(source(format))) as picture:
        options = {}
        if keeping.get("exif"):
            options["exif"] = picture.info["exif"]  # getexif() reads UTF-8 as Latin-1
        if keeping.get("xmp"):
            options["xmp"] = picture.info["xmp"]
        (picture.resize(size) if size else picture).save(encoded, into.upper(), **options)
    return encoded.getvalue()


@pytest.mark.parametrize("before", TOO)
@pytest.mark.parametrize("after", FORMATS)
def test_pillows_save_loses_every_mark(before, after):
    assert_fate(resaved(before, after), before, "LLLL", None, "Pillow save()")


@pytest.mark.parametrize("format", TOO)
def test_a_thumbnail_by_pillow_is_seen_as_resized(format):
    assert_fate(
        resaved(format, format, size=(160, 120)), format, "LLLL", "resized", "Pillow save()"
    )


@pytest.mark.parametrize(
    ("format", "fates"), [("jpeg", "KKLL"), ("png", "LKLL"), ("webp", "KKLL"), ("avif", "KKLL")]
)
def test_pillows_save_with_exif_and_xmp_keeps_what_the_table_says(format, fates):
    kept = resaved(format, format, exif=True, xmp=True)
    assert_fate(kept, format, fates, None, "Pillow save() with exif=")


@pytest.mark.parametrize("format", FORMATS)
def test_the_labelled_file_itself_lost_nothing_and_has_no_cause(format):
    report = genlabel.strip_check(source(format), against=source(format))
    assert report.marks == marks("KKKK", format)
    assert report.pixels is not None
    assert report.pixels.change == "identical"
    assert report.cause is None
    assert not report.findings
    assert not report.lost_blocks


@pytest.mark.parametrize("format", FORMATS)
def test_a_wrong_original_is_told_first_of_all(format):
    report = genlabel.strip_check(source(format, seed=3), against=source(format))
    assert report.pixels is not None
    assert report.pixels.same_picture is False
    assert report.findings[0].code == "genlabel.strip.another-picture"


@pytest.mark.parametrize("format", TOO)
def test_blocks_that_vanished_are_named_with_their_size(format):
    report = genlabel.strip_check(resaved(format, format), against=source(format))
    wanted = {
        "jpeg": ("APP1 XMP, ", "APP11 C2PA, "),
        "png": ("iTXt XML:com.adobe.xmp, ", "caBX, "),
        "webp": ("XMP, ", "C2PA, "),
        "avif": ("mdat XMP, ", "uuid C2PA, "),
    }
    for block in wanted[format]:
        assert any(
            each.startswith(block) and each.endswith(" bytes") for each in report.lost_blocks
        )


@pytest.mark.parametrize("format", FORMATS)
def test_alone_it_says_which_marks_are_there(format):
    assert genlabel.strip_check(source(format)).marks == marks("KKKK", format)
    bare = genlabel.strip_check(resaved(format, format))
    assert set(bare.marks.values()) == {A}
    assert bare.pixels is None
    assert bare.cause is None


@pytest.mark.parametrize("format", FORMATS)
def test_our_manifest_below_another_ones_is_changed_and_the_other_named(chain, format):
    mime = MIMES[format]
    ours = raw.Ingredient(data=source(format), mime=mime, label="parent")
    published = raw.sign(source(format), mime, chain, raw.edited("parent"), ingredients=[ours])
    report = genlabel.strip_check(published, against=source(format))
    assert report.marks == marks("KKKC", format)
    (said,) = [each for each in report.findings if each.where == "manifest"]
    assert chain.organisation in said.explanation
    assert "ingredient" in said.explanation


@pytest.mark.parametrize("format", FORMATS)
def test_a_manifest_that_replaced_ours_without_a_word_is_ours_lost_and_named(chain, format):
    published = raw.sign(source(format), MIMES[format], chain)
    report = genlabel.strip_check(published, against=source(format))
    assert report.marks[Mark.MANIFEST] is Survival.LOST
    (said,) = [each for each in report.findings if each.where == "manifest"]
    assert f"in its place is one of '{chain.organisation}'" in said.explanation
    assert (report.cause or "").startswith(f"signing anew by '{chain.organisation}'")
    assert report.advice == (LABEL_LAST,)


def _foreign(chain):
    """Somebody else's label of our picture, its identifier, and ours."""
    ours = genlabel.verify(source("jpeg")).manifest_id
    foreign = raw.sign(source("jpeg"), MIMES["jpeg"], chain)
    theirs = genlabel.verify(foreign).manifest_id
    assert ours is not None
    assert theirs is not None
    assert len(ours) == len(theirs)
    return foreign, theirs.encode(), ours.encode()


def test_an_impostors_manifest_under_our_identifier_is_ours_lost(chain):
    """Anybody can write our identifier; nobody our signature."""
    foreign, theirs, ours = _foreign(chain)
    published = foreign.replace(theirs, ours)
    assert genlabel.verify(published).manifest_id == ours.decode()
    report = genlabel.strip_check(published, against=source("jpeg"), require=["manifest"])
    assert report.marks[Mark.MANIFEST] is Survival.LOST
    assert report.worst() is Severity.ERROR


def _below_another(data, chain):
    """A delivery network's manifest, with that of `data` below it as its parent."""
    parent = raw.Ingredient(data=data, mime=MIMES["jpeg"], label="parent")
    edited = raw.edited("parent")
    return raw.sign(source("jpeg"), MIMES["jpeg"], chain, edited, ingredients=[parent])


def test_an_ingredient_that_only_claims_to_be_ours_is_ours_lost(chain):
    """Somebody's manifest below another one, under our identifier."""
    foreign, theirs, ours = _foreign(chain)
    published = _below_another(foreign, chain).replace(theirs, ours)
    assert ours in published
    report = genlabel.strip_check(published, against=source("jpeg"), require=["manifest"])
    assert report.marks[Mark.MANIFEST] is Survival.LOST
    assert report.worst() is Severity.ERROR


def test_our_signature_over_another_claim_is_not_ours_changed(chain):
    """What an ingredient states was exchanged; the signature below it is still ours."""
    published = _below_another(source("jpeg"), chain)
    name = b"genlabel"
    at = published.rindex(name)  # the claim is the last of a manifest that names its generator
    altered = published[:at] + b"somebody" + published[at + len(name) :]
    report = genlabel.strip_check(altered, against=source("jpeg"), require=["manifest"])
    assert report.marks[Mark.MANIFEST] in (Survival.BROKEN, Survival.LOST)
    assert report.worst() is Severity.ERROR


def test_an_ingredient_of_ours_that_does_not_hold_is_broken_and_the_other_signer_named(chain):
    """Below a manifest that is intact, ours is altered, or stood in an altered picture before."""
    published = _below_another(source("jpeg"), chain)
    at = published.index(b"trainedAlgorithmicMedia", published.index(b"jumb"))
    altered = published[:at] + b"T" + published[at + 1 :]
    ours = source("jpeg")
    taken_altered = _below_another(ours[:-100] + bytes([ours[-100] ^ 1]) + ours[-99:], chain)
    for each in (altered, taken_altered):
        assert genlabel.verify(each).integrity is genlabel.Integrity.INTACT
        report = genlabel.strip_check(each, against=ours, require=["manifest"])
        assert report.marks[Mark.MANIFEST] is Survival.BROKEN
        (said,) = [e for e in report.findings if e.where == "manifest"]
        assert (said.code, said.severity) == ("genlabel.mark.broken", Severity.ERROR)
        assert f"an ingredient of one of '{chain.organisation}'" in said.explanation
        assert "does not hold there" in said.explanation


def test_two_manifests_without_an_identifier_are_not_the_same():
    """Neither store can be read; they are told apart by their bytes."""
    one, other = (
        replace(genlabel.Asset(resaved("jpeg", "jpeg")), manifest=store)
        for store in (b"no store", b"none either")
    )
    assert genlabel.strip_check(one, against=other).marks[Mark.MANIFEST] is not Survival.KEPT
    assert genlabel.strip_check(one, against=other, require=["manifest"]).worst() is Severity.ERROR


@pytest.mark.parametrize("address", ["https://cai-manifests.adobe.com/m/1", "https://acme.example"])
def test_an_address_that_is_left_is_no_manifest(address):
    """What named the manifest's place in the XMP outlives it: the manifest is gone."""
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        f'xmlns:dcterms="http://purl.org/dc/terms/" dcterms:provenance="{address}"/></rdf:RDF>'
        "</x:xmpmeta>"
    ).encode()
    with Image.open(io.BytesIO(source("jpeg"))) as picture:
        out = io.BytesIO()
        picture.save(out, "JPEG", xmp=packet)
    report = genlabel.strip_check(out.getvalue(), against=source("jpeg"), require=["manifest"])
    assert report.marks[Mark.MANIFEST] is Survival.LOST
    assert report.worst() is Severity.ERROR


def test_a_signer_on_none_of_the_lists_is_a_finding_where_lists_are_given(chain):
    published = raw.sign(source("png"), MIMES["png"], chain)
    known = {"trust": chain.anchor, "against": source("png")}
    codes = [each.code for each in genlabel.strip_check(published, **known).findings]
    assert "signingCredential.untrusted" not in codes
    for lists in ({"against": source("png")}, {}):
        report = genlabel.strip_check(published, trust=own_authority().anchors, **lists)
        (said,) = [e for e in report.findings if e.code == "signingCredential.untrusted"]
        assert said.severity is Severity.ERROR
        nobody = genlabel.strip_check(published, **lists)
        assert "signingCredential.untrusted" not in [each.code for each in nobody.findings]


def test_a_time_stamp_put_in_later_leaves_the_label_what_it_was(tsa, tmp_path):
    before = genlabel.sign(testing.picture("png"), generated(), signer(), stamp="later").data
    path = tmp_path / "cat.png"
    path.write_bytes(before)
    genlabel.stamp_file(path, tsa, in_place=True)
    after = path.read_bytes()
    assert before != after
    assert genlabel.strip_check(after, against=before).marks[Mark.MANIFEST] is Survival.KEPT


def test_what_the_bytes_tell_by_themselves_is_told(signed_drawing):
    whole = source("jpeg")
    appended = genlabel.strip_check(whole + b"0" * 1234, against=whole)
    assert appended.marks[Mark.MANIFEST] is Survival.BROKEN
    assert appended.cause == "1,234 bytes were appended behind the end of the file"
    cut = genlabel.strip_check(whole[:-20], against=whole)
    assert cut.cause == "the file was cut short: its last 20 bytes are gone"
    windows = signed_drawing.replace(b"\n", b"\r\n")
    for published, word, change in (
        (windows, "autocrlf", "metadata-only"),
        (windows + b"\r\n", "autocrlf", "metadata-only"),
        (signed_drawing.replace(b" \n", b"\n"), "blanks at the ends of lines", "undecodable"),
        (signed_drawing.rstrip() + b"\n\n", "end of the last line", "metadata-only"),
        (b"\xef\xbb\xbf" + signed_drawing, "byte order mark", "metadata-only"),
    ):
        assert published != signed_drawing
        report = genlabel.strip_check(published, against=signed_drawing)
        assert report.marks[Mark.MANIFEST] is Survival.BROKEN
        assert word in (report.cause or "")
        assert report.pixels is not None
        assert report.pixels.change == change
    other = signed_drawing.replace(b"<rect", b"<rect id='new'")
    assert "line" not in (genlabel.strip_check(other, against=signed_drawing).cause or "")


def test_a_file_that_cannot_be_read_since_its_end_is_gone_says_so():
    whole = source("webp")
    for published, words in (
        (whole[:-9], "the file was cut short: its last 9 bytes are gone"),
        (whole[:1] + whole[:-9], None),
    ):
        with pytest.raises(genlabel.GenlabelError) as refusal:
            genlabel.strip_check(published, against=whole)
        assert (refusal.value.remedy == words) is (words is not None)


@pytest.fixture
def signed_drawing() -> bytes:
    drawing = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"> \n'
        b'<rect width="9" height="9"/> \n</svg>\n'
    )
    return genlabel.sign(drawing, generated(), signer()).data


def test_a_flag_that_turns_what_is_shown_is_laid_to_no_program_that_encodes():
    whole = source("jpeg")
    with Image.open(io.BytesIO(whole)) as picture:
        exif = picture.getexif()
    exif[0x0112] = 6
    block = b"Exif\0\0" + exif.tobytes().removeprefix(b"Exif\0\0")
    at = whole.index(b"Exif\0\0") - 2
    length = int.from_bytes(whole[at : at + 2], "big")
    turned = whole[:at] + (len(block) + 2).to_bytes(2, "big") + block + whole[at + length :]
    report = genlabel.strip_check(turned, against=whole)
    assert report.pixels is not None
    assert report.pixels.relations == ("rotated",)
    assert "ExifTool, one tag edited after signing" in (report.cause or "")
    assert "ImageMagick" not in (report.cause or "")


def test_a_cause_says_how_its_tools_keep_more():
    report = genlabel.strip_check(resaved("jpeg", "jpeg"), against=source("jpeg"))
    assert "Pillow: exif= and xmp= in save()" in report.advice
    assert "sharp: .keepMetadata()" in report.advice
    assert not genlabel.strip_check(source("jpeg"), against=source("jpeg")).advice


def test_every_cause_says_how_it_is_avoided(signed_drawing):
    whole = source("jpeg")
    (bytes_as_signed,) = genlabel.strip_check(whole + b"0", against=whole).advice
    assert "as they were signed" in bytes_as_signed
    windows = signed_drawing.replace(b"\n", b"\r\n")
    assert genlabel.strip_check(windows, against=signed_drawing).advice == (
        "git: *.svg -text in .gitattributes",
    )
    # Nothing of what may have done this keeps more when asked.
    other = signed_drawing.replace(b"<rect", b"<rect id='new'")
    report = genlabel.strip_check(other, against=signed_drawing)
    assert report.cause is not None
    assert report.advice == (LABEL_LAST,)


@pytest.mark.parametrize("kind", ["drawing", "film", "sound"])
def test_what_is_no_picture_of_pixels_is_undecided_with_the_reason(kind, signed_drawing):
    """Nothing here reads shapes, films and sounds: so it is nowhere called the same."""
    signed = {
        "drawing": lambda: signed_drawing,
        "film": lambda: genlabel.sign(films.film("mp4"), generated(), signer()).data,
        "sound": lambda: genlabel.sign(small("wav"), generated(), signer()).data,
    }
    before = signed[kind]()
    after = {
        "drawing": before.replace(b"<rect", b"<rect id='new'"),
        "film": testing.picture("jpeg"),  # as a still is
        "sound": small("flac"),
    }[kind]
    report = genlabel.strip_check(after, against=before, allow_unlabelled=True)
    assert (report.pixels.same_picture, report.pixels.reason) == (None, kind)
    (told,) = (each for each in report.findings if each.code == "genlabel.strip.undecided")
    assert told.severity is Severity.WARNING
    assert kind in told.explanation
    same = genlabel.strip_check(before, against=before)
    assert same.pixels.same_picture is True
    assert "genlabel.strip.undecided" not in {each.code for each in same.findings}


@pytest.mark.parametrize("name", ["heic", "jxl"])
def test_a_picture_that_nothing_here_decodes_is_undecided_with_the_reason(name):
    report = genlabel.strip_check(small(name), against=source("jpeg"))
    assert report.pixels is not None
    assert report.pixels.reason == f"no decoder for {name}"


def test_a_damaged_picture_is_undecided_with_the_reason():
    report = genlabel.strip_check(source("jpeg")[:-3000], against=source("jpeg"))
    assert report.pixels is not None
    assert (report.pixels.same_picture, report.pixels.reason) == (
        None,
        "damaged, or coded in a rare way",
    )


def test_a_tool_that_drops_some_fields_of_a_mark_loses_a_mark_of_these_alone():
    marks = {Mark.IPTC: Survival.KEPT, Mark.EXIF: Survival.LOST, Mark.MANIFEST: Survival.LOST}
    cause = probable_cause(("tiff", "tiff"), marks, "identical")
    assert cause is not None
    assert "ImageMagick convert" in cause.operations  # recorded as `changed`


def test_equal_pixels_that_were_coded_anew_are_laid_to_no_editor_of_metadata():
    whole = source("webp")
    with Image.open(io.BytesIO(whole)) as picture:
        out = io.BytesIO()
        picture.save(out, "WEBP", lossless=True)
    report = genlabel.strip_check(out.getvalue(), against=whole)
    assert report.pixels is not None
    assert report.pixels.change == "identical"
    assert "ExifTool" not in (report.cause or "")
