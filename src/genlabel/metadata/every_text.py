"""Every text in the metadata of a file, whatever mark it belongs to and whoever wrote it.

Names of fields are those that people look for: ``xmp dc:creator``, ``exif Artist``, ``iim 2:80``.
What has no name here has its number. Nothing is judged and nothing left out but what is no text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from genlabel.formats.format import EXIF, IIM, Slot, SlotKind
from genlabel.formats.tiff import directories
from genlabel.formats.tiff.directories import EXIF_POINTER, GPS_POINTER, Directory, Entry, Tiff
from genlabel.metadata import iim
from genlabel.metadata.exif import below
from genlabel.metadata.generator_traces import comment
from genlabel.metadata.xmp import parse, values
from genlabel.metadata.xmp.graph import NAMESPACES
from genlabel.model.errors import MalformedMetadata
from genlabel.model.expression import expression
from genlabel.storage.buffers import Buffer

Words = Iterator[tuple[str, str]]
"""Place and text."""

_INTEROP_POINTER = 0xA005
_DIRECTORIES = {EXIF_POINTER: "exif", GPS_POINTER: "gps", _INTEROP_POINTER: "interop"}
_SKIPPED = frozenset({0x02BC, 0x83BB, 0x8649, 0x8773, 0xCD41})
"""Blocks of other marks in a TIFF file: XMP, IIM, Photoshop's resources, ICC, the manifest."""
_NAMES = {
    **{0x010D: "DocumentName", 0x010E: "ImageDescription", 0x010F: "Make", 0x0110: "Model"},
    **{0x011D: "PageName", 0x0131: "Software", 0x0132: "DateTime", 0x013B: "Artist"},
    **{0x013C: "HostComputer", 0x8298: "Copyright", 0x9003: "DateTimeOriginal"},
    **{0x9004: "DateTimeDigitized", 0x9010: "OffsetTime", 0x9011: "OffsetTimeOriginal"},
    **{0x9012: "OffsetTimeDigitized", 0x927C: "MakerNote", 0x9286: "UserComment"},
    **{0x9290: "SubSecTime", 0x9291: "SubSecTimeOriginal", 0x9292: "SubSecTimeDigitized"},
    **{0x9C9B: "XPTitle", 0x9C9C: "XPComment", 0x9C9D: "XPAuthor", 0x9C9E: "XPKeywords"},
    **{0x9C9F: "XPSubject", 0xA420: "ImageUniqueID", 0xA430: "CameraOwnerName"},
    **{0xA431: "BodySerialNumber", 0xA433: "LensMake", 0xA434: "LensModel"},
    **{0xA435: "LensSerialNumber", 0xA436: "ImageTitle", 0xA437: "Photographer"},
    **{0xA438: "ImageEditor", 0xC614: "UniqueCameraModel", 0xC62F: "CameraSerialNumber"},
}
"""Exif 3.0 §4.6, Windows' own, DNG."""
_GPS_NAMES = {
    **{1: "GPSLatitudeRef", 2: "GPSLatitude", 3: "GPSLongitudeRef", 4: "GPSLongitude"},
    **{6: "GPSAltitude", 7: "GPSTimeStamp", 18: "GPSMapDatum", 27: "GPSProcessingMethod"},
    **{28: "GPSAreaInformation", 29: "GPSDateStamp"},
}
_XP = range(0x9C9B, 0x9CA0)
_USER_COMMENT = 0x9286
_RUN = expression(rb"[\x20-\x7e]{4,}")
"""What can be read in blocks of which nobody knows the form, maker notes above all."""
_TOOLKIT = expression(rb"""\sx:xmptk\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
"""The library that wrote a packet, as its outermost element has it (XMP 1 §7.3.3)."""
_MAX_RUNS = 200
_WHERE = "where the picture was taken"
_POSITION = frozenset({2, 4})
"""Latitude and longitude (Exif 3.0 §4.6.7): that they are there is told, and not where that is."""


def in_payloads(payloads: Mapping[Slot, bytes], tiff: Buffer | None = None) -> Words:
    """Every text of all slots; of the directories of a file that is a `tiff` itself."""
    packets = [payload for slot, payload in payloads.items() if slot.kind is SlotKind.XMP]
    yield from in_packets(packets)
    yield from in_slots(payloads)
    yield from in_exif(payloads, tiff)


def in_packets(packets: Iterable[bytes]) -> Words:
    """Every text of XMP packets, whatever their properties."""
    for data in packets:
        for found in _TOOLKIT.finditer(data):
            yield "xmp x:xmptk", (found[1] or found[2] or b"").decode("utf-8", "replace")
        try:
            graph = parse.parse(data, ())
            names = {
                each.name
                for description in (graph.descriptions if graph is not None else ())
                for each in description.properties
            }
            graph = parse.parse(data, names)
        except MalformedMetadata:
            yield from _runs("xmp", data)
            continue
        for about in {each.about: None for each in graph.descriptions} if graph is not None else ():
            yield "xmp rdf:about", about
        for name, occurrences in graph.values.items() if graph is not None else ():
            prefix = _PREFIXES.get(name.namespace, name.namespace)
            for value in occurrences:
                yield from values.leaves(f"xmp {prefix}:{name.local}", value)


_PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()} | {
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://cipa.jp/exif/1.0/": "exifEX",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/pdf/1.3/": "pdf",
}


def in_slots(payloads: Mapping[Slot, bytes]) -> Words:
    """Every text of text chunks, comments and IIM."""
    for slot, payload in payloads.items():
        if slot.kind is SlotKind.TEXT:
            text = payload.decode("utf-8", "replace").strip("\0 ")
            yield f"text {slot.key}".rstrip(), _WHERE if slot.key == "GPS" else text
    try:
        datasets = iim.datasets(payloads.get(IIM, b""))
    except MalformedMetadata:
        yield from _runs("iim", payloads[IIM])
        return
    for each in datasets:
        record, number = each.key
        if record in (2, 3) and number:  # of text; the others say how it is coded
            yield f"iim {record}:{number:02}", each.value.decode("utf-8", "replace").strip("\0 ")


def in_exif(payloads: Mapping[Slot, bytes], tiff: Buffer | None = None) -> Words:
    """Every text of the Exif block, or of a file that is a `tiff` itself; that there is a place."""
    block = tiff if tiff is not None else payloads.get(EXIF, b"")
    try:
        structure = directories.opened(block)
        main = structure.directory(structure.first)
    except MalformedMetadata:
        yield from _runs("exif", bytes(payloads.get(EXIF, b"")))
        return
    yield from _in_directory(structure, main, "exif")
    for pointer, place in _DIRECTORIES.items():
        holder = below(structure, main, pointer)
        if holder is not None:
            yield from _in_directory(structure, holder, place)
    seen = {main.offset}
    while main.next and main.next not in seen and len(seen) < directories.MAX_DIRECTORIES:
        seen.add(main.next)
        try:
            main = structure.directory(main.next)
        except MalformedMetadata:
            return
        yield from _in_directory(structure, main, f"exif page {len(seen)}")


def _in_directory(structure: Tiff, directory: Directory, place: str) -> Words:
    names = _GPS_NAMES if place == "gps" else _NAMES
    for entry in directory.entries:
        if entry.tag in _SKIPPED:
            continue
        where = f"{place} {names.get(entry.tag, f'0x{entry.tag:04X}')}"
        yield from _in_entry(structure, entry, where)
    if place == "gps" and any(entry.tag in _POSITION for entry in directory.entries):
        yield "exif GPS", _WHERE


def _in_entry(structure: Tiff, entry: Entry, where: str) -> Words:
    raw = structure.value(entry) or b""
    if entry.tag == _USER_COMMENT:
        yield where, comment(raw, structure.order, most=len(raw))
    elif entry.tag in _XP and entry.type == directories.BYTE:
        yield where, raw.decode("utf-16-le", "replace").strip("\0 ")
    elif entry.type in (directories.ASCII, directories.UTF8):
        yield where, raw.decode("utf-8", "replace").strip("\0 ")
    elif entry.type == directories.UNDEFINED:
        yield from _runs(where, raw)


def _runs(where: str, raw: bytes) -> Words:
    texts = (each.group().decode("ascii").strip() for each in _RUN.finditer(raw))
    yield where, " | ".join(islice(filter(None, texts), _MAX_RUNS))
