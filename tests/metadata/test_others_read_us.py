"""ExifTool and Pillow read what we write, and find all that was there before."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from PIL import Image, IptcImagePlugin

import genlabel
from exiftool_tags import EXIF_TAGS, IIM_TAGS, OURS, XMP_TAGS
from genlabel.formats import identify
from genlabel.formats.format import EXIF, EXTENDED_XMP, IIM, XMP
from genlabel.formats.tiff import directories
from genlabel.formats.tiff.append import EMPTY, NewValue, edited
from genlabel.metadata import METADATA_MARKS, iptc
from genlabel.metadata.write import write
from genlabel.model.carried import carried_by
from genlabel.model.label import Label
from genlabel.model.parties import Generator, Licensor, Producer, Rights
from genlabel.model.plus import DataMining
from genlabel.model.report import Mark
from labels_drawn import NASTY
from oracles import exempi, exiv2
from oracles.absence import program
from oracles.corpus import each_specimen
from oracles.small_files import NAMES, small
from payloads_drawn import EXIF_BLOCKS, EXT, EXTENDED, IIM_BLOCKS, PACKETS
from splices import jpeg_with, payloads_in

LIMIT = 65_502
SLOTS = {XMP, EXTENDED_XMP, IIM, EXIF}


def full(text: str) -> Label:
    """A label with `text` in every field that takes any text."""
    return Label.generated(
        producer=Producer(
            f"P {text}", url="https://acme.example/?a=1&b=2", identifier=f"id {text}"
        ),
        generator=Generator(f"G {text}", version=text),
        title=f"T {text}",
        description=f"D {text}",
        created=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        identifier="urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e",
        rights=Rights(
            creator=(f"A {text}", "B"),
            credit=f"C {text}",
            copyright=f"© {text}",
            usage_terms=f"U {text}",
            web_statement="https://acme.example/rights",
            licensor=Licensor(f"L {text}", url="https://l.example"),
            data_mining=DataMining.PROHIBITED,
        ),
        prompt=text,
        prompt_writer=f"W {text}",
    )


def labelled(existing: dict, label: Label) -> dict:
    writing = write(existing, label, slots=SLOTS, limit=LIMIT)
    assert not writing.refused
    merged = {**existing, **writing.changes}
    return {slot: payload for slot, payload in merged.items() if payload is not None}


@pytest.mark.parametrize("name", sorted({*NAMES} - {"webp animated"}))  # no picture to the toolkit
def test_adobes_toolkit_reads_every_field_of_every_container(name, signer):
    container = identify(small(name))
    beside = container.survey(small(name)).unsignable is not None
    label = full("é <b> 語")
    signed = bytes(genlabel.sign(small(name), label, signer, sidecar=beside).data)
    read = iptc.read({XMP: exempi.read(signed, container.suffixes[0])})
    written = iptc.read(container.survey(signed).payloads)
    if name == "mp3":  # the tag's own title stands above the packet's
        written = replace(written, title="Waves")
    assert read == written
    assert read.prompt == "é <b> 語"


EXIV2 = {
    "Exif.Image.Artist": ("Ascii", "A é <b> 語; B"),
    "Exif.Image.Copyright": ("Ascii", "© é <b> 語"),
    "Exif.Image.ImageDescription": ("Ascii", "D é <b> 語"),
    "Exif.Photo.ImageUniqueID": ("Ascii", "0f8fad5bd9cb469fa16570867728950e"),
}
_OF_PICTURES = ("png", "jpeg", "mpo", "webp", "tiff", "dng", "avif", "heic", "jxl")


@pytest.mark.parametrize(
    "name", sorted(each for each in NAMES if each.removeprefix("a").startswith(_OF_PICTURES))
)
def test_exiv2_reads_every_field_of_every_picture(name, signer):
    container = identify(small(name))
    signed = bytes(genlabel.sign(small(name), full("é <b> 語"), signer).data)
    payloads = container.survey(signed).payloads
    assert iptc.read({XMP: exiv2.xmp(signed, container.suffixes[0])}) == iptc.read(payloads)
    tags = exiv2.exif(signed, container.suffixes[0])
    assert {key: tags.get(key) for key in EXIV2} == EXIV2


def artist_by_imagemagick(picture: bytes) -> str:
    words = [program("identify"), "-format", "%[EXIF:Artist]", "jpeg:-"]
    return subprocess.run(words, input=picture, capture_output=True, timeout=60).stdout.decode()


@pytest.mark.parametrize("kind", [directories.ASCII, directories.UTF8], ids=["ASCII", "UTF-8"])
def test_a_text_in_utf8_reaches_others_under_the_type_ascii_alone(kind, exiftool):
    """Decision 128: Exif 3.0 has a type for it, which three of four programs do not know."""
    text = "© Zoë".encode() + b"\0"
    value = NewValue(type=kind, count=len(text), data=text)
    block = edited(directories.opened(EMPTY), {0x013B: value})
    picture = jpeg_with({EXIF: block})
    heard = {
        "exiftool": exiftool.read(picture).get("IFD0:Artist") == "© Zoë",
        "exiv2": exiv2.exif(picture, ".jpg").get("Exif.Image.Artist") == ("Ascii", "© Zoë"),
        "ImageMagick": "Zo" in artist_by_imagemagick(picture),
        "Pillow": Image.open(io.BytesIO(picture)).getexif().get(0x013B)
        == "© Zoë".encode().decode("latin-1"),
    }
    alone = kind == directories.UTF8
    assert {name for name, right in heard.items() if right} == (
        {"exiftool"} if alone else set(heard)
    )
    label = Label.created_by_human(producer=Producer("P"), rights=Rights(creator=("Zoë",)))
    written = directories.opened(labelled({EXIF: block}, label)[EXIF])
    entry = written.directory(written.first).get(0x013B)
    assert (entry.type, written.value(entry)) == (directories.ASCII, "Zoë\0".encode())


def as_text(value: object) -> str | None:
    return None if value is None else str(value)


# All of the label's texts together have to fit into one segment.
@pytest.mark.parametrize("text", [text if len(text) < 500 else text[:1200] for text in NASTY])
def test_exiftool_reads_every_field_by_the_table(text, exiftool):
    label = full(text)
    tags = exiftool.read(jpeg_with(labelled({IIM: IIM_BLOCKS["utf-8"]}, label)))
    for mark, names in ((Mark.IPTC, XMP_TAGS), (Mark.IIM, IIM_TAGS), (Mark.EXIF, EXIF_TAGS)):
        promised = carried_by(mark, label)
        for field, tag in names.items():
            expected = getattr(promised, field)
            if field == "data_mining":  # ExifTool cuts the vocabulary's address off
                expected = label.rights.data_mining.code
            assert as_text(tags.get(tag)) == expected, tag
    said = carried_by(Mark.IPTC, label)
    assert tags["XMP-dc:Creator"] == list(said.creator)
    assert tags["IPTC:By-line"] == list(carried_by(Mark.IIM, label).creator)
    assert tags["IFD0:Artist"] == "; ".join(said.creator)
    assert tags["XMP-xmp:ModifyDate"] == "2026:01:02 03:04:05Z"
    assert tags["XMP-plus:Licensor"] == [
        {"LicensorName": said.licensor, "LicensorURL": said.licensor_url}
    ]
    assert tags["XMP-plus:ImageSupplier"] == [{"ImageSupplierName": said.supplier}]
    assert tags["XMP-iptcExt:Contributor"] == [
        {
            "Name": said.producer,
            "Role": ["cawg.producer"],
            "Identifier": [said.producer_url, said.producer_identifier],
        }
    ]
    assert not [tag for tag in tags if "Warning" in tag]


def test_a_text_of_5000_characters_is_read_whole(exiftool):
    prompt = "語" * 5000
    label = Label.generated(producer=Producer("P"), generator=Generator("G"), prompt=prompt)
    tags = exiftool.read(jpeg_with(labelled({}, label)))
    assert tags["XMP-iptcExt:AIPromptInformation"] == prompt


def test_pillow_reads_the_three_marks():
    label = full("東京 & <b>")
    picture = Image.open(io.BytesIO(jpeg_with(labelled({}, label))))
    described = ElementTree.fromstring(picture.info["xmp"])[0][0]
    assert described.findtext(f"{{{EXT}}}DigitalSourceType") == label.source_type.uri
    assert described.findtext(f"{{{EXT}}}AISystemUsed") == "G 東京 & <b>"
    assert picture.getexif()[0x8298].encode("latin-1").decode() == "© 東京 & <b>"
    assert picture.getexif().get_ifd(0x8769)[0xA420] == "0f8fad5bd9cb469fa16570867728950e"
    assert IptcImagePlugin.getiptcinfo(picture)[2, 120].decode() == "D 東京 & <b>"


MIXED = {
    **{f"xmp {name}": {XMP: payload} for name, payload in PACKETS.items()},
    "xmp extended": {XMP: EXTENDED["main"], EXTENDED_XMP: EXTENDED["extended"]},
    **{f"iim {name}": {IIM: payload} for name, payload in IIM_BLOCKS.items()},
    **{f"exif {name}": {EXIF: payload} for name, payload in EXIF_BLOCKS.items()},
}
# ExifTool 13.59 does not read these, or not before they have been rewritten.
UNREAD = {
    "xmp bare ampersand",
    "xmp cp1252",
    "xmp default namespace",
    "xmp utf-16 be, no mark",
    "xmp utf-32 be, no mark",
}


def foreign(tags: dict) -> dict:
    """The tags of other people; translations of a text that the label sets are the label's."""
    groups = ("System:", "File:", "ExifTool:", "Composite:", "SourceFile")
    return {
        tag: value
        for tag, value in tags.items()
        if not tag.startswith(groups) and re.sub(r"-[a-z]{2}$", "", tag) not in OURS
    }


def contributors(tags: dict) -> list:
    return [each for each in tags.get("XMP-iptcExt:Contributor", ()) if isinstance(each, dict)]


@pytest.mark.parametrize("name", sorted(set(MIXED) - UNREAD))
def test_nothing_foreign_is_lost_from_odd_blocks(name, exiftool):
    existing = MIXED[name]
    before = foreign(exiftool.read(jpeg_with(existing)))
    after = foreign(exiftool.read(jpeg_with(labelled(existing, full("x")))))
    assert {tag: after.get(tag) for tag in before} == before


@each_specimen(lambda specimen: bool(payloads_in(specimen.data)))
def test_nothing_foreign_is_lost_from_any_picture_of_the_corpus(specimen, exiftool):
    existing = payloads_in(specimen.data)
    if len(existing.get(EXIF, b"")) > 64_000:
        pytest.skip("an Exif block in two segments, which the splice of this test cannot write")
    before = exiftool.read(jpeg_with(existing))
    for label in (
        Label.edited(producer=Producer("Acme Studio"), generator=Generator("Model")),
        full("x"),
    ):
        result = labelled(existing, label)
        after = exiftool.read(jpeg_with(result))
        assert foreign(after) == foreign(before)
        assert write(result, label, slots=SLOTS, limit=LIMIT).changes == {}
    assert contributors(after)[-1]["Name"] == "P x"


@each_specimen(lambda specimen: bool(payloads_in(specimen.data)))
def test_names_in_the_corpus_stay_when_an_edit_names_nobody_else(specimen):
    existing = payloads_in(specimen.data)
    label = Label.edited(producer=Producer("Acme Studio"), generator=Generator("Model"))
    result = labelled(existing, label)
    for mark in METADATA_MARKS:
        before, after = mark.read(existing), mark.read(result)
        for field in ("creator", "credit", "copyright", "title", "description", "identifier"):
            assert getattr(after, field) == getattr(before, field)
