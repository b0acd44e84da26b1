"""Every row of the table of formats is a claim that another program confirms in this run."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import evidence
import pypdf
import pytest
import tifffile
from evidence import Kind, Row
from PIL import Image, ImageSequence
from PIL.ExifTags import IFD, TAGS

import genlabel
from genlabel import Generator, Label, Licensor, Producer, Rights, containers, testing
from genlabel.containers.container import EXIF, IIM, XMP
from genlabel.credentials.authority import Authority
from genlabel.vocabulary import DataMining
from oracles import drawings, libheif, libjxl, recordings
from oracles.absence import program
from oracles.pictures import flipped

KINDS = {kind.name: kind for kind in evidence.kinds()}
LABEL = Label.generated(
    by=Producer("Acme Studio", url="https://acme.example"),
    using=Generator("FLUX.1 [dev]", version="1.0b", provider="Black Forest Labs"),
    title="Hügel",
    description="Hills at dusk",
    created=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
    identifier="urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e",
    prompt="hills at dusk",
    prompt_writer="Grace Hopper",
    rights=Rights(
        creator=("Ada Lovelace",),
        credit="Acme / Picture desk",
        copyright="© Acme Studio",
        usage_terms="Ask first",
        web_statement="https://acme.example/rights",
        licensor=Licensor("Acme Licences", url="https://acme.example/buy"),
        data_mining=DataMining.PROHIBITED_AI_ML_TRAINING,
    ),
)
XMP_TAGS = {
    "XMP-iptcExt:DigitalSourceType": LABEL.source_type.uri,
    "XMP-iptcExt:AISystemUsed": "FLUX.1 [dev]",
    "XMP-iptcExt:AISystemVersionUsed": "1.0b",
    "XMP-iptcExt:AIPromptInformation": "hills at dusk",
    "XMP-iptcExt:AIPromptWriterName": "Grace Hopper",
    "XMP-iptcExt:DigitalImageGUID": LABEL.identifier,
    "XMP-xmp:ModifyDate": "2026:03:04 05:06:07Z",
    "XMP-dc:Title": "Hügel",
    "XMP-dc:Description": "Hills at dusk",
    "XMP-dc:Creator": ["Ada Lovelace"],
    "XMP-dc:Rights": "© Acme Studio",
    "XMP-photoshop:Credit": "Acme / Picture desk",
    "XMP-xmpRights:UsageTerms": "Ask first",
    "XMP-xmpRights:WebStatement": "https://acme.example/rights",
    "XMP-plus:DataMining": "DMI-PROHIBITED-AIMLTRAINING",
}
XMP_STRUCTURES = {
    "XMP-iptcExt:Contributor": {
        "Name": "Acme Studio",
        "Role": ["cawg.producer"],
        "Identifier": ["https://acme.example"],
    },
    "XMP-plus:Licensor": {
        "LicensorName": "Acme Licences",
        "LicensorURL": "https://acme.example/buy",
    },
    "XMP-plus:ImageSupplier": {"ImageSupplierName": "Acme Studio"},
}
IIM_TAGS = {
    "IPTC:ObjectName": "Hügel",
    "IPTC:Caption-Abstract": "Hills at dusk",
    "IPTC:By-line": "Ada Lovelace",
    "IPTC:Credit": "Acme / Picture desk",
    "IPTC:CopyrightNotice": "© Acme Studio",
}
EXIF_TAGS = {
    "IFD0:Software": "FLUX.1 [dev] 1.0b",
    "IFD0:ImageDescription": "Hills at dusk",
    "IFD0:Artist": "Ada Lovelace",
    "IFD0:Copyright": "© Acme Studio",
    "ExifIFD:ImageUniqueID": "0f8fad5bd9cb469fa16570867728950e",
}


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority.new("Acme Studio")


@pytest.fixture(scope="session")
def labelled(authority) -> dict[str, genlabel.Signed]:
    signer = authority.signer()
    return {
        name: genlabel.sign(kind.data, LABEL, signer) for name, kind in KINDS.items() if kind.data
    }


@pytest.mark.parametrize(
    "row", list(evidence.expected()), ids=lambda r: f"{r.kind}-{r.mark}-{r.by}"
)
def test_a_row_of_the_table_is_confirmed(row: Row, labelled, authority, record_row, request):
    if row.format == "heic":
        libheif.needed()
    if row.format in evidence.ISO_MEDIA:
        program("ffmpeg")
    kind, data = KINDS[row.kind], labelled[row.kind].data
    if row.by == "pypdf":
        assert _leaves(data) == _leaves(kind.data) != []
    elif row.by == "tifffile":
        assert _pages(data) == _pages(kind.data)
    elif row.mark == "pixels":
        assert _frames(data) == _frames(kind.data)
    elif row.by == "Pillow":
        _assert_exif_in_pillow(data)
    elif row.by == "ExifTool":
        tags = request.getfixturevalue("exiftool").read(data)
        _assert_read_back(row.mark, tags)
    elif row.by == "encypher-c2pa":
        encypher, mime = request.getfixturevalue("encypher"), containers.identify(data).MIME
        assert encypher.verify(data, mime, authority.anchors).accepted
        assert not encypher.verify(_tampered(kind, data), mime, authority.anchors).accepted
    else:
        c2pats = request.getfixturevalue("c2pats")
        assert c2pats.validate(data).accepted
        assert not c2pats.validate(_tampered(kind, data)).accepted
    record_row(row)


def test_the_recorded_table_has_every_row_and_no_other(recording):
    if recording:
        pytest.skip("the table is being recorded")
    assert sorted(evidence.recorded()) == sorted(evidence.expected())


def test_a_label_may_be_checked_in_every_kind(labelled, authority):
    for signed in labelled.values():
        report = genlabel.verify(
            signed.data,
            trust=testing.trust(authority),
            policy="labelled",
        )
        assert report.integrity is genlabel.Integrity.INTACT
        assert report.worst() in (None, genlabel.Severity.NOTE)


def test_every_place_of_a_container_is_in_the_table():
    said = {(row.format, row.mark) for row in evidence.expected()}
    for container in containers.CONTAINERS:
        for slot, mark in ((XMP, "iptc"), (IIM, "iim"), (EXIF, "exif")):
            assert (slot in container.SLOTS) == ((container.NAME, mark) in said)


def _assert_read_back(mark: str, tags: dict[str, object]) -> None:
    for name, value in {"iptc": XMP_TAGS, "iim": IIM_TAGS, "exif": EXIF_TAGS}[mark].items():
        said = tags[name]
        assert said == value or said == [value] or [said] == value, name
    if mark == "iptc":
        for name, members in XMP_STRUCTURES.items():
            (found,) = tags[name]
            for member, value in members.items():
                assert found[member] == value


def _assert_exif_in_pillow(data: bytes) -> None:
    found = Image.open(io.BytesIO(data)).getexif()
    tags = {TAGS[tag]: text for tag, text in {**found, **found.get_ifd(IFD.Exif)}.items()}
    for name, value in EXIF_TAGS.items():
        # Pillow decodes Exif's texts as Latin-1; they are UTF-8.
        assert tags[name.partition(":")[2]].encode("latin-1").decode() == value


def _tampered(kind: Kind, data: bytes) -> bytes:
    """One byte of the coded picture changed, found by the format's own words or pointers."""
    if kind.format in ("wav", "avi"):
        return flipped(data, data.index(b"data" if kind.format == "wav" else b"movi") + 200)
    if kind.format in ("gif", "svg", "jxl", "mp3", "flac"):  # the end of the file is the picture's
        return flipped(data, -12)
    if kind.format == "pdf":
        return flipped(data, data.index(b"/MediaBox") + 2)
    if kind.format == "tiff":
        with tifffile.TiffFile(io.BytesIO(data)) as file:
            return flipped(data, file.pages[0].dataoffsets[0] + 5)
    if kind.format in evidence.ISO_MEDIA:
        return flipped(data, data.index(b"mdat") + 24)
    if kind.format in ("avif", "heic"):
        return flipped(data, data.rindex(b"mdat") + 24)
    words = {"jpeg": (b"\xff\xda",), "png": (b"IDAT",), "webp": (b"VP8 ", b"VP8L", b"ANMF")}
    starts = [at for word in words[kind.format] if (at := data.find(word)) > 0]
    return flipped(data, min(starts) + 24)


def _pages(data: bytes) -> list[bytes]:
    """Every page and every SubIFD, a DNG's mosaic among them."""
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        below = (sub for page in file.pages for sub in page.pages or ())
        return [page.asarray().tobytes() for page in (*file.pages, *below)]


def _frames(data: bytes) -> list[tuple[str, tuple[int, int], bytes]]:
    name = containers.identify(data).NAME
    if name in ("mp3", "flac", "wav", "avi", *evidence.ISO_MEDIA):
        program("ffmpeg")
        return [("", (0, 0), recordings.heard(data))]
    if name == "svg":
        return [("", (0, 0), drawings.without_marks(data).encode())]
    if name == "jxl":
        shown = libjxl.decoded(data)
        return [(shown.mode, shown.size, shown.tobytes())]
    if containers.identify(data).NAME == "heic":
        decoded = libheif.decoded(data)
        return [(decoded.mode, decoded.size, decoded.tobytes())]
    with Image.open(io.BytesIO(data)) as opened:
        return [
            (frame.mode, frame.size, frame.tobytes()) for frame in ImageSequence.Iterator(opened)
        ]


def _leaves(data: bytes) -> list[tuple[str, bytes]]:
    reader = pypdf.PdfReader(io.BytesIO(data), strict=True)
    return [(repr(sorted(page)), page.get_contents().get_data()) for page in reader.pages]
