"""The label that every kind of the table of formats gets, and how other programs read it back."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime

from PIL import Image
from PIL.ExifTags import IFD, TAGS

from genlabel import Generator, Label, Licensor, Producer, Rights
from genlabel.model.plus import DataMining

LABEL = Label.generated(
    producer=Producer("Acme Studio", url="https://acme.example"),
    generator=Generator("FLUX.1 [dev]", version="1.0b", provider="Black Forest Labs"),
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
TAGS_OF = {"iptc": XMP_TAGS, "iim": IIM_TAGS, "exif": EXIF_TAGS}
"""What ExifTool calls the fields of the label, mark by mark, and what it must show."""


def read_back(mark: str, tags: Mapping[str, object]) -> None:
    """Fails unless `tags`, as ExifTool reads them, have every field that the mark carries."""
    for name, value in TAGS_OF[mark].items():
        said = tags[name]
        assert said == value or said == [value] or [said] == value, name
    if mark == "iptc":
        for name, members in XMP_STRUCTURES.items():
            found = tags[name]
            assert isinstance(found, list)
            (structure,) = found
            for member, value in members.items():
                assert structure[member] == value


def exif_in_pillow(data: bytes) -> Mapping[str, object]:
    """The Exif of a picture as Pillow reads it, under ExifTool's names.

    Pillow decodes the texts of Exif as Latin-1; they are UTF-8.
    """
    found = Image.open(io.BytesIO(data)).getexif()
    groups = {"IFD0": found, "ExifIFD": found.get_ifd(IFD.Exif)}
    return {
        f"{group}:{TAGS.get(tag, tag)}": (
            value.encode("latin-1").decode() if isinstance(value, str) else value
        )
        for group, tags in groups.items()
        for tag, value in tags.items()
    }
