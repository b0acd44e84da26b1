"""What the field trials share: a label, a signer, and where ExifTool shows the table's fields."""

from __future__ import annotations

from functools import cache
from typing import Any

from genlabel import Generator, KeySigner, Label, Producer, testing
from genlabel.model.fields import FIELDS, Place
from genlabel.model.report import Mark

FORMATS = ("jpeg", "png", "webp")
ACME = Producer("Acme Studio", url="https://acme.example", identifier="https://isni.example/1")
INPAINTER = Generator("Inpainter", version="2.1-beta", provider="Example Labs")

_FAMILY = {"Iptc4xmpExt": "iptcExt"}
_XMP_NAMES = {"DigImageGUID": "DigitalImageGUID"}
_IIM_NAMES = {
    "2:05": "ObjectName",
    "2:80": "By-line",
    "2:110": "Credit",
    "2:116": "CopyrightNotice",
    "2:120": "Caption-Abstract",
}


@cache
def authority() -> testing.Authority:
    """One throw-away authority for all trials."""
    return testing.Authority.new("Acme Studio")


@cache
def signer() -> KeySigner:
    """Its signer."""
    return authority().signer()


def edited(**more: Any) -> Label:
    """The label of a picture changed by a machine."""
    return Label.edited(producer=ACME, generator=INPAINTER, **more)


def generated(**more: Any) -> Label:
    """The label of a picture made by a machine."""
    return Label.generated(producer=ACME, generator=INPAINTER, **more)


def tag_of(mark: Mark, place: Place) -> str:
    """ExifTool's name, family 1 group included, of a place of the field table."""
    if mark is Mark.IIM:
        return f"IPTC:{_IIM_NAMES[place.where]}"
    if mark is Mark.EXIF:
        name = place.where.split()[1]
        return f"{'ExifIFD' if name == 'ImageUniqueID' else 'IFD0'}:{name}"
    prefix, _, name = place.where.partition(":")
    return f"XMP-{_FAMILY.get(prefix, prefix)}:{_XMP_NAMES.get(name, name[0].upper() + name[1:])}"


def tags_of(*names: str) -> set[str]:
    """ExifTool's names of these fields in every metadata mark."""
    return {
        tag_of(mark, place)
        for each in FIELDS
        if each.name in names
        for mark, place in each.places.items()
        if mark is not Mark.MANIFEST
    }
