"""What generators and cameras left in a file beside any label: prompts, workflows, places, serials.

Traces are evidence and no proof: nothing is concluded from them, and nothing is copied from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field

from genlabel.formats.format import EXIF, EXTENDED_XMP, IIM, XMP, Slot, SlotKind
from genlabel.formats.tiff import directories
from genlabel.formats.tiff.directories import EXIF_POINTER, GPS_POINTER, Directory, Tiff
from genlabel.metadata import iim
from genlabel.metadata.exif import below
from genlabel.metadata.xmp import parse, values
from genlabel.metadata.xmp.graph import Name
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata
from genlabel.model.expression import expression
from genlabel.model.serialise import in_json

MAX_SHOWN = 200
"""Most characters of a value that a trace quotes."""

_USER_COMMENT = 0x9286  # Exif 3.0 §4.6.6.3.2
_COMMENT_CODES = {b"ASCII\0\0\0": "utf-8", b"UNICODE\0": "utf-16", b"\0" * 8: "utf-8"}
_PLAIN = expression(rb"[\t\n\r\x20-\x7e]{16,}\0*")
_MAIN_TRACES = {0x010F: "Make", 0x0110: "Model", 0x0131: "Software"}  # Exif 3.0 §4.6.5.4
_INNER_TRACES = {_USER_COMMENT: "UserComment"}
_MAIN_CAPTIONS = {0x010E: "ImageDescription"}
_IIM_CAPTIONS = {(2, 65): "OriginatingProgram", (2, 110): "Credit", (2, 120): "Caption"}
_MAIN_PERSONAL = {0x013B: "Artist"}
_INNER_PERSONAL = {  # Exif 3.0 §4.6.6.9
    0xA430: "CameraOwnerName",
    0xA431: "BodySerialNumber",
    0xA435: "LensSerialNumber",
    0xA436: "ImageTitle",
    0xA437: "Photographer",
    0xA438: "ImageEditor",
}
_GPS_REFERENCES = {0x0001, 0x0002, 0x0003, 0x0004}  # Exif 3.0 §4.6.7: latitude and longitude

_NAMESPACES = {
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "exifEX": "http://cipa.jp/exif/1.0/",
    "aux": "http://ns.adobe.com/exif/1.0/aux/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
}


def _names(*qualified: str) -> Mapping[Name, str]:
    return {
        Name(_NAMESPACES[prefix], local): f"{prefix}:{local}"
        for prefix, local in (name.split(":") for name in qualified)
    }


_XMP_TRACES = _names("xmp:CreatorTool", "exif:UserComment")
_XMP_CAPTIONS = _names("dc:description", "photoshop:Credit")
_XMP_PERSONAL = _names(
    *("exif:GPSLatitude", "exif:GPSLongitude"),
    *("aux:SerialNumber", "aux:OwnerName", "aux:LensSerialNumber"),
    *("exifEX:BodySerialNumber", "exifEX:LensSerialNumber", "exifEX:CameraOwnerName"),
    "dc:creator",
)
parse.usual({**_XMP_TRACES, **_XMP_CAPTIONS, **_XMP_PERSONAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One thing that was left in a file."""

    where: str
    """Block and name, e.g. ``text parameters`` or ``exif UserComment``."""
    size: int
    """Bytes of the value."""
    value: str = field(metadata=in_json(maxLength=MAX_SHOWN))
    """Its beginning, at most 200 characters, as found: to be escaped before it is shown."""


def generators(payloads: Mapping[Slot, bytes]) -> tuple[Trace, ...]:
    """What software wrote about how the picture was made: text chunks, comments, its own name."""
    return (
        *_text_chunks(payloads),
        *_exif(payloads, _MAIN_TRACES, _INNER_TRACES),
        *_xmp(payloads, _XMP_TRACES),
    )


def captions(payloads: Mapping[Slot, bytes]) -> tuple[Trace, ...]:
    """Fields meant for people, into which some generators write how the picture was made."""
    return (
        *_exif(payloads, _MAIN_CAPTIONS, {}),
        *_iim(payloads, _IIM_CAPTIONS),
        *_xmp(payloads, _XMP_CAPTIONS),
    )


def personal(payloads: Mapping[Slot, bytes]) -> tuple[Trace, ...]:
    """What a file says about people: places, serial numbers, names. Signing does not remove it."""
    return (
        *_exif(payloads, _MAIN_PERSONAL, _INNER_PERSONAL),
        *_places(payloads),
        *_xmp(payloads, _XMP_PERSONAL),
    )


def _trace(where: str, raw: bytes, text: str) -> Trace:
    return Trace(where=where, size=len(raw), value=text[:MAX_SHOWN])


def _text_chunks(payloads: Mapping[Slot, bytes]) -> Iterator[Trace]:
    for slot, payload in payloads.items():
        if slot.kind is SlotKind.TEXT:
            beginning = payload[: 4 * MAX_SHOWN].decode("utf-8", errors="replace")
            yield _trace(f"text {slot.key}".rstrip(), payload, beginning)


def _exif(
    payloads: Mapping[Slot, bytes], main: Mapping[int, str], inner: Mapping[int, str]
) -> Iterator[Trace]:
    if (opened := _opened(payloads)) is None:
        return
    structure, directory = opened
    yield from _entries(structure, directory, main)
    exif = below(structure, directory, EXIF_POINTER)
    if exif is not None:
        yield from _entries(structure, exif, inner)


def _opened(payloads: Mapping[Slot, bytes]) -> tuple[Tiff, Directory] | None:
    """Whatever can be read; that a block is damaged is the mark's finding, not a trace."""
    try:
        structure = directories.opened(payloads.get(EXIF, b""))
        return structure, structure.directory(structure.first)
    except MalformedMetadata:
        return None


def _entries(structure: Tiff, directory: Directory, wanted: Mapping[int, str]) -> Iterator[Trace]:
    for entry in directory.entries:
        if entry.tag not in wanted:
            continue
        raw = structure.value(entry) or b""
        text = comment(raw, structure.order) if entry.tag == _USER_COMMENT else _text(raw)
        if text:
            yield _trace(f"exif {wanted[entry.tag]}", raw, text)


def comment(raw: bytes, order: str, *, most: int = 4 * MAX_SHOWN) -> str:
    """A UserComment begins with eight bytes that name its code (Exif 3.0 §4.6.6.3.2).

    `most` is how many bytes behind them are read.
    """
    code = _COMMENT_CODES.get(raw[:8], "utf-8")
    beginning = raw[8 : 8 + most]
    if code == "utf-16":
        # Software disagrees about the byte order; the zero halves of plain Latin text tell it.
        low, high = beginning[::2].count(0), beginning[1::2].count(0)
        little = order == "<" if low == high else high > low
        code = "utf-16-le" if little else "utf-16-be"
        if _PLAIN.fullmatch(beginning):  # which some write under that code
            code = "utf-8"
    return beginning.decode(code, errors="replace").strip("\0 \ufeff")


def _text(raw: bytes) -> str:
    return raw[: 4 * MAX_SHOWN].decode("utf-8", errors="replace").strip("\0 ")


def _places(payloads: Mapping[Slot, bytes]) -> Iterator[Trace]:
    """That a place is given, not which one."""
    if (opened := _opened(payloads)) is None:
        return
    structure, directory = opened
    gps = below(structure, directory, GPS_POINTER)
    if gps is not None and any(entry.tag in _GPS_REFERENCES for entry in gps.entries):
        size = 2 + 12 * len(gps.entries)
        yield Trace(where="exif GPS", size=size, value="where the picture was taken")


def _iim(payloads: Mapping[Slot, bytes], wanted: Mapping[tuple[int, int], str]) -> Iterator[Trace]:
    try:
        datasets = iim.datasets(payloads.get(IIM, b""))
    except MalformedMetadata:
        return
    for each in datasets:
        if each.key in wanted and (text := _text(each.value)):
            yield _trace(f"iim {wanted[each.key]}", each.value, text)


def _xmp(payloads: Mapping[Slot, bytes], wanted: Mapping[Name, str]) -> Iterator[Trace]:
    for slot, behind in ((XMP, ""), (EXTENDED_XMP, " in ExtendedXMP")):
        try:
            graph = parse.parse(payloads.get(slot, b""), wanted.keys())
        except MalformedMetadata:
            continue
        for name, where in wanted.items() if graph is not None else ():
            for value in graph.values.get(name, ()) if graph is not None else ():
                if text := "; ".join(values.texts(value)):
                    raw = text.encode("utf-8", "surrogatepass")
                    yield _trace(f"xmp {where}{behind}", raw, text)
