"""By-lines: labelling an agency's archive wipes nobody's name, and our words arrive as written."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image

import genlabel
from fieldbook import FORMATS, edited, signer, tag_of, tags_of
from genlabel import ExistingManifest, Licensor, Producer, Rights, Role, testing
from genlabel.model.fields import FIELDS
from genlabel.model.plus import DataMining
from genlabel.model.report import Mark
from oracles.corpus import each_specimen, specimens

_NOT_METADATA = re.compile(
    # The file system's and ExifTool's own words, what it computes, and the manifest.
    r"SourceFile|(System|ExifTool|Composite|JUMBF|CBOR|JSON|C2PA[^:]*|Jpeg2000):.*"
    # Absolute positions, the length of the first of several pictures (which the manifest is in),
    # and which blocks a WebP has.
    r"|.*:\w*(Offset|Start)|MPImage1:MPImageLength|RIFF:(WebP_Flags|AlphaPreprocessing|AlphaFilter|AlphaCompression)|File:FileType"
)
SET = tags_of("source_type", "producer", "generator", "generator_version", "created") | {
    "XMP-dcterms:Provenance"
}
"""What the label of an edit sets, and so may change; another's address of a manifest goes."""
FILLED = (
    SET
    | tags_of("supplier", "identifier", "software")
    | {
        "File:ExifByteOrder",
        "ExifIFD:ExifVersion",
        "XMP-xmpMM:DocumentID",
        "XMP-xmpMM:OriginalDocumentID",
    }
)
"""What it may add where there is nothing."""
VERSION = {"XMP-xmpMM:InstanceID", "XMP-xmp:MetadataDate"}
"""What is new with each version of a file."""
CONTRIBUTOR = "XMP-iptcExt:Contributor"


def photograph(specimen) -> bool:
    return specimen.format in FORMATS


def unsigned_photograph(specimen) -> bool:
    return photograph(specimen) and not specimen.name.startswith("signed/")


def fields(exiftool, data: bytes) -> dict[str, object]:
    found = exiftool.read(_without_manifest(data), "-b")
    return {tag: value for tag, value in found.items() if not _NOT_METADATA.fullmatch(tag)}


def _without_manifest(data: bytes) -> bytes:
    """A PNG file without its caBX chunk: behind one ExifTool 13.59 takes an Exif directory at 8,
    the usual place, for a part of the manifest, and does not show it. Other files as they are.
    """
    if not data.startswith(b"\x89PNG"):
        return data
    at = data.find(b"caBX") - 4
    if at < 0:
        return data
    return data[:at] + data[at + 12 + int.from_bytes(data[at : at + 4], "big") :]


def labelled(data: bytes) -> bytes:
    """`data` labelled as edited; over a manifest that does not hold, which is then dropped."""
    try:
        return genlabel.sign(data, edited(), signer()).data
    except ExistingManifest:
        return genlabel.sign(data, edited(), signer(), existing="replace").data


def assert_foreign_fields_stay(exiftool, data: bytes) -> None:
    before, after = fields(exiftool, data), fields(exiftool, labelled(data))
    changed = {
        tag: (value, after.get(tag))
        for tag, value in before.items()
        if tag not in SET | VERSION and after.get(tag) != value
    }
    assert not changed
    assert after.keys() - before.keys() <= FILLED | VERSION
    for contributor in _listed(before.get(CONTRIBUTOR)):
        assert contributor in _listed(after[CONTRIBUTOR])


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


@each_specimen(photograph)
def test_other_peoples_fields_of_a_photograph_are_equal_before_and_after(exiftool, specimen):
    assert_foreign_fields_stay(exiftool, specimen.data)


AGENCY = (
    "-XMP-dc:Creator=Ana Müller",
    "-XMP-dc:Creator+=李雷",
    "-XMP-photoshop:Credit=Agence Exemple / Müller",
    "-XMP-dc:Rights=© 2019 Agence Exemple",
    "-XMP-dc:Title=Port de nuit",
    "-XMP-dc:Description=Le port, la nuit.",
    "-XMP-plus:ImageSupplier={ImageSupplierName=Agence Exemple,ImageSupplierID=ax-1}",
    "-XMP-iptcExt:Contributor={Name=Zoë Retoucher,Role=http://cv.iptc.org/newscodes/x/retoucher}",
    "-XMP-iptcExt:PersonInImage=Somebody",
    "-XMP-iptcExt:LocationShown={City=Marseille,CountryCode=FR}",
    "-XMP-xmpMM:History={Action=edited,SoftwareAgent=Other Editor}",
    "-XMP-xmp:CreatorTool=Other Editor 7",
    "-XMP-xmp:Rating=4",
    "-XMP-lr:HierarchicalSubject=places|port",
)
EXIF = (
    "-IFD0:Artist=Ana Müller",
    "-IFD0:Copyright=© 2019 Agence Exemple",
    "-IFD0:Software=Firmware 1.03",
    "-IFD0:Orientation#=6",
    "-ExifIFD:DateTimeOriginal=2019:05:04 22:10:11",
    "-ExifIFD:ImageUniqueID=0123456789abcdef0123456789abcdef",
    "-ExifIFD:UserComment=a comment",
    "-GPS:GPSLatitude=43.2965",
    "-GPS:GPSLatitudeRef=N",
    "-GPS:GPSLongitude=5.3698",
    "-GPS:GPSLongitudeRef=E",
)
IIM = (
    "-IPTC:CodedCharacterSet=UTF8",
    "-IPTC:By-line=Ana Müller",
    "-IPTC:By-line+=李雷",
    "-IPTC:Credit=Agence Exemple",
    "-IPTC:CopyrightNotice=© 2019 Agence Exemple",
    "-IPTC:Caption-Abstract=Le port, la nuit.",
    "-IPTC:Keywords=port",
    "-IPTC:Keywords+=nuit",
    "-IPTC:SpecialInstructions=no archive",
)
FOREIGN_ATTRIBUTES = """<x:xmpmeta xmlns:x='adobe:ns:meta/'>
<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>
<rdf:Description rdf:about='' xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/'
  xmlns:f='http://foreign.example/ns/' photoshop:Credit="Agence &quot;Exemple&quot; &amp; fils"
  f:Job='4711' f:Note="a &lt;b&gt; c"/>
<rdf:Description rdf:about=''><dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'>
<rdf:Seq><rdf:li>Ana Müller</rdf:li></rdf:Seq></dc:creator></rdf:Description>
<!-- not ours --><rdf:Description rdf:about='' xmlns:f='http://foreign.example/ns/'>
<f:Story><![CDATA[one & <two>]]></f:Story>
<f:Who rdf:parseType='Resource'><f:Name>N. N.</f:Name></f:Who></rdf:Description>
</rdf:RDF></x:xmpmeta>"""


def agencys(exiftool, tmp_path: Path, data: bytes) -> bytes:
    """`data` as an agency's desk would hand it on."""
    path = tmp_path / "picture"
    path.write_bytes(data)
    iim = IIM if data[:2] == b"\xff\xd8" else ()
    exiftool.run("-q", "-q", "-m", "-overwrite_original", *AGENCY, *EXIF, *iim, path)
    return path.read_bytes()


@each_specimen(unsigned_photograph)
def test_the_names_on_an_agencys_photograph_stay(exiftool, specimen, tmp_path):
    decorated = agencys(exiftool, tmp_path, specimen.data)
    assert "Ana Müller" in str(fields(exiftool, decorated))
    assert_foreign_fields_stay(exiftool, decorated)


@pytest.mark.parametrize("format", FORMATS)
def test_attributes_several_descriptions_and_cdata_of_foreign_xmp_stay(exiftool, format, tmp_path):
    foreign = tmp_path / "foreign.xmp"
    foreign.write_text(FOREIGN_ATTRIBUTES, encoding="utf-8")
    path = tmp_path / "picture"
    path.write_bytes(testing.picture(format))
    # As a block, so that ExifTool does not rewrite it into its own form.
    exiftool.run("-q", "-overwrite_original", f"-xmp<={foreign}", path)
    assert b"CDATA" in path.read_bytes()
    assert_foreign_fields_stay(exiftool, path.read_bytes())


def test_xmp_too_long_for_one_segment_stays(exiftool, tmp_path):
    path = tmp_path / "picture.jpg"
    path.write_bytes(testing.picture("jpeg"))
    story = tmp_path / "story.txt"
    story.write_text("a long story " * 9000, encoding="utf-8")
    exiftool.run("-q", "-overwrite_original", f"-XMP-dc:Source<={story}", path)
    exiftool.run("-q", "-overwrite_original", "-XMP-dc:Creator=Ana", path)
    assert len(path.read_bytes()) > 100_000
    assert_foreign_fields_stay(exiftool, path.read_bytes())


@pytest.mark.parametrize("format", FORMATS)
def test_what_pillow_wrote_stays(exiftool, format):
    exif = Image.Exif()
    exif[0x013B], exif[0x010F], exif[0x0112] = "Ana Muller", "Maker", 1
    exif.get_ifd(0x8825)[1], exif.get_ifd(0x8825)[2] = "N", (43.0, 17.0, 47.5)
    encoded = io.BytesIO()
    with Image.open(io.BytesIO(testing.picture(format))) as picture:
        picture.save(encoded, format.upper(), exif=exif, dpi=(300, 300))
    assert_foreign_fields_stay(exiftool, encoded.getvalue())


def test_there_are_fifty_photographs_or_more():
    if not specimens():
        pytest.skip("no corpus here")
    photographs = sum(map(photograph, specimens()))
    assert photographs + sum(map(unsigned_photograph, specimens())) >= 50


TEXTS = {
    "cjk": "東京の夜、雨に濡れた路地",
    "emoji": "painter 👩🏽‍🎨 and rain 🌧️",
    "right-to-left": "שלום עולם, مرحبا بالعالم",
    "quotes": "“typographic” \"straight\" 'single' `back` «guillemets» & < >",
    "newlines": "first line\nsecond line\n\nfourth\tline",
    "markup": "</rdf:RDF></x:xmpmeta><?xpacket end='w'?> ]]> <!-- &amp; &#65;",
    "5,000 characters": "long " * 999 + "story",
    "5,000 characters of CJK": "語" * 5000,
    "combining": "Zoe\u0308 E\u0301mile Nguye\u0302\u0303n",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("format", FORMATS)
def test_exiftool_reads_every_field_where_the_table_says(exiftool, format, text):
    short = text[:300]  # JPEG holds 65,502 bytes of all fields together
    label = genlabel.Label.edited(
        producer=Producer(
            short, url="https://acme.example", identifier="urn:x:1", role=Role.PUBLISHER
        ),
        generator=genlabel.Generator(f"model {short}", version=f"v{short}", provider=short),
        title=text,
        description=text,
        identifier="urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e",
        rights=Rights(
            creator=(short, "Second; Person"),
            credit=short,
            copyright=f"© {short}",
            usage_terms=short,
            web_statement="https://acme.example/rights?a=1&b=<2>",
            licensor=Licensor(short, url="https://acme.example/buy"),
            data_mining=DataMining.PROHIBITED,
        ),
        prompt=text,
        prompt_writer=short,
    )
    signed = genlabel.sign(testing.picture(format), label, signer())
    seen = exiftool.read(signed.data)
    for mark in (Mark.IPTC, Mark.EXIF, *((Mark.IIM,) if format == "jpeg" else ())):
        said = dict(signed.report.marks[mark])
        for each in FIELDS:
            if mark not in each.places or each.name not in said:
                continue
            place = each.places[mark]
            wanted = place.carry(each.of(label) or each.fallback(label) or said[each.name])
            shown = _member(seen.get(tag_of(mark, place)), place.item)
            if each.name == "created":
                shown = str(shown).replace(":", "-", 2).replace(" ", "T")
            elif each.name == "data_mining":
                shown = f"http://ns.useplus.org/ldf/vocab/{shown}"
            assert _holds(shown, wanted), (mark, each.name, shown)


def _member(shown: object, item: str | None) -> object:
    """The member of ExifTool's structure that an item of the table names."""
    if item is None:
        return shown
    (structure,) = _listed(shown)
    assert isinstance(structure, dict)
    return structure[item.partition(":")[2]]


def _holds(shown: object, wanted: str | tuple[str, ...]) -> bool:
    """Addresses and identifiers share a list, and so do creators."""
    if isinstance(wanted, tuple):
        return _listed(shown) == list(wanted)
    return wanted in _listed(shown)
