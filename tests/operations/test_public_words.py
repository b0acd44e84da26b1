"""Every word that becomes public is listed: of the label, and of all that stays in the file."""

from __future__ import annotations

import json
import re

import piexif
import pytest
from PIL import ImageCms

import genlabel
import histories
from drawn_kinds import after_header, after_jfif, chunk, kinds, picture, save, segment
from genlabel import Element, Label, Producer
from genlabel.manifests.engine import engine
from genlabel.metadata import icc
from genlabel.rendering import rows as rendering
from oracles import corpus

LETTERS = re.compile(r"[^\W\d_]{3}")
FULL = Label.generated(
    producer=Producer("Ann Artist", person=True, url="https://ann.example"),
    generator=histories.FLUX,
    prompt="a hill",
    prompt_writer="Paul Prompt",
    **histories.DESCRIBED,
)
PLAIN = Label.generated(producer=Producer("Acme Studio"))
GROUPS = ("IFD0:", "IFD1:", "ExifIFD:", "XMP", "IPTC:", "PNG:", "GIF:Comment", "File:Comment")
"""What ExifTool shows of metadata that anybody wrote as texts."""
UNLISTED = re.compile(r".*:(ProfileName|LensInfo|\w*(?:Offset|Preview)\w*)$")
"""What nobody has written as a text: names of profiles, and numbers in words."""


def owned():
    """A block of Exif as cameras write it, with names of people and of the machine."""
    image = picture()
    exif = image.getexif()
    exif.update({0x010F: "Maker Ltd", 0x013B: "Jane Owner", 0x8298: "(c) J", 0x0131: "Tool 9"})
    exif.get_ifd(0x8769).update(
        {
            0xA430: "Owner Olga",
            0xA431: "SN-12345",
            0xA435: "LENS-99",
            0x927C: b"Note\0by Olga\0\1\2",
        }
    )
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 30.0, 0.0), 29: "2026:01:02", 18: "WGS-84"})
    return exif


PACKET = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" '
    b'xmlns:acme="https://acme.example/ns/" aux:OwnerName="Xaver Owner">'
    b"<acme:Job><rdf:Bag><rdf:li>client Zoe</rdf:li></rdf:Bag></acme:Job></rdf:Description>"
    b"</rdf:RDF></x:xmpmeta>"
)


def drawn():
    exif = owned().tobytes()
    jpeg = save(picture(), "JPEG", exif=exif, comment=b"a comment by Carl")
    png = save(picture(), "PNG", exif=exif)
    return {
        "jpeg": after_jfif(jpeg, segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PACKET)),
        "png": after_header(
            png,
            chunk(b"tEXt", b"parameters\0a castle\nNegative prompt: x\nSteps: 20, Sampler: y"),
            chunk(b"tEXt", b"Comment\0first note"),
            chunk(b"tEXt", b"Comment\0second note"),
            chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + PACKET),
        ),
        "webp": save(picture(), "WEBP", exif=exif, xmp=PACKET),
        "tiff": save(
            picture(), "TIFF", tiffinfo={269: "Doc Name", 315: "Jane", 316: "host-of-jane"}
        ),
        "avif": save(picture(), "AVIF", exif=exif, xmp=PACKET),
        "gif": kinds()["gif"],
        "svg": kinds()["svg"],
        "mp3": kinds()["mp3"] if "mp3" in kinds() else kinds()["svg"],
    }


def texts_of(value):
    """Every text in what ExifTool or the engine shows."""
    if isinstance(value, dict):
        for each in value.values():
            yield from texts_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_of(each)
    elif isinstance(value, str):
        yield value


def shown(exiftool, path):
    for tag, value in exiftool.read(path).items():
        if tag.startswith(GROUPS) and not UNLISTED.match(tag):
            for text in texts_of(value):
                if LETTERS.search(text) and not text.startswith("(Binary data"):
                    yield tag, text


def signed_words(data, mime, sidecar=None):
    """What the engine shows of the active manifest."""
    document = engine.read(data, mime).document
    active = document["manifests"][document["active_manifest"]]
    for text in texts_of(
        [
            *(active.get(key) for key in ("title", "format", "instance_id", "label")),
            *(active.get("claim_generator_info"), active.get("ingredients")),
            *(each["data"] for each in active["assertions"]),
            *(active["signature_info"][key] for key in ("issuer", "common_name")),
        ]
    ):
        if LETTERS.search(text) and not text.startswith(("self#jumbf", "http://cv.iptc")):
            yield text


def missing(signed, exiftool, tmp_path, kind):
    path = tmp_path / f"signed.{kind}"
    path.write_bytes(signed.data)

    def plain(text):  # ExifTool takes bytes that are no UTF-8 for question marks
        return " ".join(text.encode("ascii", "replace").decode().split())

    listed = "\n".join(plain(each.text) for each in signed.public)

    def is_listed(text):
        return plain(text)[:150] in listed

    return [(tag, text[:80]) for tag, text in shown(exiftool, path) if not is_listed(text)]


@pytest.mark.parametrize("kind", sorted(drawn()))
@pytest.mark.parametrize("label", [FULL, PLAIN], ids=["full", "plain"])
def test_no_text_of_a_signed_file_is_missing_from_the_list(
    kind, label, signer, trust, exiftool, tmp_path
):
    data = drawn()[kind]
    signed = genlabel.sign(data, label, signer, trust=trust, show_public=True)
    assert missing(signed, exiftool, tmp_path, kind) == []
    mime = {"jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp"}.get(kind)
    listed = "\n".join(each.text for each in signed.public)
    if mime is not None:
        words = [each for each in signed_words(signed.data, mime) if each[:150] not in listed]
        assert words == []


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "avif"])
def test_what_was_there_is_told_apart_from_what_the_label_says(kind, signer, trust):
    signed = genlabel.sign(drawn()[kind], PLAIN, signer, trust=trust, show_public=True)
    stays = {each.text for each in signed.public if each.stays}
    new = {each.text for each in signed.public if not each.stays}
    assert {"Owner Olga", "SN-12345", "client Zoe", "Xaver Owner", "Jane Owner"} <= stays
    assert "where the picture was taken" in stays
    assert {"Acme Studio", "schema:Organization"} <= new
    assert not {"Acme Studio"} & stays


def test_what_can_be_read_in_makers_notes_is_listed(signer, trust):
    block = piexif.dump({"Exif": {0x927C: b"\0\1Note\0by Olga\0\1\2"}})
    data = save(picture(), "JPEG", exif=block)
    signed = genlabel.sign(data, PLAIN, signer, trust=trust, show_public=True)
    assert ("exif MakerNote", "Note | by Olga") in {
        (each.where, each.text) for each in signed.public
    }


def test_titles_of_ingredients_and_words_of_ancestors_are_listed(signer, trust):
    first = genlabel.sign(drawn()["png"], FULL, signer, trust=trust)
    elements = [Element(first.data, title="client Zoe.png")]
    label = Label.composite(producer=Producer("Acme"), of=elements)
    signed = genlabel.sign(save(picture(), "PNG"), label, signer, trust=trust, show_public=True)
    words = {(each.where.split()[0], each.text) for each in signed.public}
    assert ("manifest", "client Zoe.png") in words
    assert ("ancestor", "Paul Prompt") in words


def test_nothing_is_listed_unless_it_is_asked_for_and_nothing_written_in_a_dry_run(
    signer, trust, tmp_path
):
    assert genlabel.sign(drawn()["png"], PLAIN, signer, trust=trust).public == ()
    path, out = tmp_path / "a.png", tmp_path / "b.png"
    path.write_bytes(drawn()["png"])
    report = genlabel.sign_file(
        path, PLAIN, signer, trust=trust, out=out, show_public=True, dry_run=True
    )
    assert not out.exists()
    assert "second note" in {each.text for each in report.public}
    assert json.loads(json.dumps(report.to_dict()))["public"][0]["where"] == "manifest"


@pytest.mark.parametrize(("language", "stays"), [("en", "stays"), ("fr", "reste")])
def test_people_read_what_is_new_and_what_stays_in_their_language(language, stays, signer, trust):
    data = after_header(save(picture(), "PNG"), chunk(b"tEXt", "Comment\0a\u202eb".encode()))
    signed = genlabel.sign(data, PLAIN, signer, trust=trust, show_public=True)
    rows = {(row.name, row.words) for row in rendering.of(signed.reported(), language)}
    assert (stays, "text Comment: 'a\\u202eb'") in rows
    assert ("public", "xmp dc:creator: 'Acme Studio'") in rows


def test_with_a_manifest_beside_it_its_words_are_listed_too(signer, trust):
    signed = genlabel.sign(
        drawn()["png"], FULL, signer, trust=trust, sidecar=True, show_public=True
    )
    texts = {each.text for each in signed.public}
    assert {"Paul Prompt", "schema:Person", "first note"} <= texts


def test_a_long_text_is_cut(signer, trust):
    data = after_header(save(picture(), "PNG"), chunk(b"tEXt", b"prompt\0" + b"word " * 5_000))
    signed = genlabel.sign(data, PLAIN, signer, trust=trust, show_public=True)
    (prompt,) = (each for each in signed.public if each.where == "text prompt")
    assert len(prompt.text) == 300
    assert prompt.text.endswith("…")


@corpus.each_specimen(lambda each: each.manifest == "no")
def test_no_text_of_a_signed_file_of_the_corpus_is_missing(
    specimen, signer, trust, exiftool, tmp_path
):
    path = specimen.path
    signed = genlabel.sign(
        path.read_bytes(), PLAIN, signer, trust=trust, show_public=True, overrule="a test"
    )
    assert missing(signed, exiftool, tmp_path, path.suffix[1:]) == []


def test_texts_of_a_profile_and_names_of_a_time_stamping_authority_are_listed(signer, clock, tsa):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = save(picture(), "PNG", icc_profile=profile)
    signed = genlabel.sign(data, PLAIN, signer, tsa=tsa, show_public=True)
    listed = {(each.where.split()[-1], each.text) for each in signed.public or ()}
    assert ("desc", "sRGB built-in") in listed
    assert any(where == "cprt" for where, _ in listed)
    names = {text for where, text in listed if where == "time-stamp"}
    assert "Acme Time" in names
    signed = genlabel.sign(save(picture(), "PNG"), PLAIN, signer, show_public=True)
    assert not any("icc" in each.where or "time-stamp" in each.where for each in signed.public)


@pytest.mark.parametrize("cut", [0, 100, 131, 140, 200])
def test_a_damaged_profile_has_the_texts_that_can_be_read(cut):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert len(list(icc.texts(profile[:cut]))) <= len(list(icc.texts(profile)))
