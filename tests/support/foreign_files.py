"""Files as other people's programs leave them, with metadata of their own."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import piexif
from PIL import Image, ImageSequence

from evidence import RECORDINGS, Kind
from genlabel import formats
from oracles import exempi, riff_files
from oracles.drawings import NAMESPACE
from oracles.exiftool import Exiftool

SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
WRITTEN = {
    "iptc": {"XMP-iptcExt:DigitalSourceType": SOURCE_TYPE, "XMP-dc:Source": "An agency"},
    "iim": {"IPTC:By-line": "Jane Doe", "IPTC:City": "Bergen"},
    "exif": {"IFD0:Artist": "Jane Doe", "IFD0:Make": "A camera"},
}
"""What others wrote, mark by mark, under ExifTool's names: first what a label has a field for,
then what it has none for and must leave alone."""
_PROPERTIES = {"Iptc4xmpExt:DigitalSourceType": SOURCE_TYPE, "dc:source": "An agency"}
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """A file with other people's metadata."""

    data: bytes
    by: Mapping[str, str]
    """The program that wrote each mark."""


def foreign(kind: Kind, marks: frozenset[str], exiftool: Exiftool) -> Foreign:
    """`kind` with everything of `WRITTEN` that `marks` names, by the programs that can write it."""
    data, names = kind.data, {"iptc": "exempi"}
    if kind.format in ("mp3", "flac"):
        return Foreign(data=_tag() + _untagged(data), by=names)
    if kind.format in ("wav", "avi"):
        # exempi makes its packet of what a list of names says, and adds to it
        named = riff_files.form(data[8:12], data[12:], riff_files.INFO)
        return Foreign(data=exempi.written(named, _PROPERTIES, f".{kind.format}"), by=names)
    if kind.format == "mp4" and b"moof" in data:
        return Foreign(data=exempi.written(data, _PROPERTIES, ".mp4"), by=names)
    if kind.format == "svg":
        return Foreign(data=_drawn(data), by={"iptc": "ElementTree"})
    names = dict.fromkeys(marks & WRITTEN.keys(), "ExifTool")
    if kind.format == "avif" and b"moov" in data:  # ExifTool puts no Exif into these
        data, names = _animated(data), names | {"exif": "Pillow"}
    mine = {name for name, by in names.items() if by == "ExifTool"}
    return Foreign(data=_by_exiftool(data, mine, exiftool), by=names)


def _by_exiftool(data: bytes, marks: set[str], exiftool: Exiftool) -> bytes:
    tags = {name: value for mark in marks for name, value in WRITTEN[mark].items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"file{formats.identify(data).suffixes[0]}")
        path.write_bytes(data)
        words = [f"-{name}={value}" for name, value in sorted(tags.items())]
        # -m: a naked codestream of JPEG XL is put into a container without asking
        exiftool.run("-m", "-overwrite_original", *words, path)
        return path.read_bytes()


def _tag() -> bytes:
    """An ID3 tag with XMP: what exempi puts before a recording that has a tag already."""
    data = exempi.written(RECORDINGS["mp3"], _PROPERTIES, ".mp3")
    return data[: len(data) - len(_untagged(data))]


def _untagged(data: bytes) -> bytes:
    if data[:3] != b"ID3":
        return data
    size = sum(byte << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
    return data[10 + size :]


def _drawn(data: bytes) -> bytes:
    """A drawing whose first child is a metadata element with XMP, as an XML library writes it."""
    root = ElementTree.fromstring(data)
    metadata = ElementTree.Element(f"{{{NAMESPACE}}}metadata")
    packet = ElementTree.SubElement(metadata, "{adobe:ns:meta/}xmpmeta")
    rdf = ElementTree.SubElement(packet, f"{{{_RDF}}}RDF")
    about = ElementTree.SubElement(rdf, f"{{{_RDF}}}Description", {f"{{{_RDF}}}about": ""})
    uris = {**exempi.NAMESPACES, "dc": "http://purl.org/dc/elements/1.1/"}
    for name, value in _PROPERTIES.items():
        prefix, _, local = name.partition(":")
        ElementTree.SubElement(about, f"{{{uris[prefix]}}}{local}").text = value
    root.insert(0, metadata)
    prefixes = {"": NAMESPACE, "x": "adobe:ns:meta/", "rdf": _RDF, **uris}
    for prefix, uri in prefixes.items():
        ElementTree.register_namespace(prefix, uri)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _animated(data: bytes) -> bytes:
    """The frames of an animated picture, coded anew by Pillow with the Exif of `WRITTEN`."""
    artist, make = WRITTEN["exif"].values()
    exif = piexif.dump({"0th": {piexif.ImageIFD.Artist: artist, piexif.ImageIFD.Make: make}})
    with Image.open(io.BytesIO(data)) as opened:
        first, *others = (frame.copy() for frame in ImageSequence.Iterator(opened))
    encoded = io.BytesIO()
    first.save(encoded, "AVIF", save_all=True, append_images=others, exif=exif, speed=10)
    return encoded.getvalue()
