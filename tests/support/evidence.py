"""What was seen of each kind of file, and by whose eyes: the rows of `docs/formats.json`."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy
import tifffile
from PIL import Image

from genlabel.formats import CONTAINERS
from genlabel.formats.format import MANIFEST
from genlabel.metadata import METADATA_MARKS
from genlabel.model.report import Mark
from genlabel.testing import picture
from oracles import films, libheif
from oracles.drawings import DRAWING
from oracles.libjxl import CODESTREAM, CONTAINED
from oracles.pictures import dng
from oracles.recordings import sounds
from oracles.riff_files import film, waves
from oracles.small_files import small

RECORDINGS = {**sounds(b""), **waves(b"")}
FORMATS_JSON = Path(__file__).parents[2] / "docs" / "formats.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of picture of one format."""

    format: str
    """The container's name."""
    name: str
    data: bytes
    operations: bool = True
    """Is there another program that writes labels into it, as reading and merging want?"""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Row:
    """One thing that one program, which is not genlabel, was seen to confirm."""

    format: str
    kind: str
    mark: str
    """A mark's name, or ``pixels``."""
    seen: str
    by: str


OPERATIONS = ("write", "read", "merge", "verify", "strip-check")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Cell:
    """One operation on one mark in one kind of file."""

    format: str
    kind: str
    mark: str
    operation: str


@cache
def kinds() -> tuple[Kind, ...]:
    """Every kind of picture that genlabel draws, for every container."""
    return (
        Kind(format="jpeg", name="JPEG", data=picture("jpeg")),
        Kind(format="jpeg", name="JPEG, grey", data=picture("jpeg", mode="L")),
        Kind(format="jpeg", name="JPEG, CMYK", data=picture("jpeg", mode="CMYK")),
        Kind(format="jpeg", name="JPEG, several pictures (MPO)", data=small("mpo")),
        Kind(format="png", name="PNG", data=picture("png")),
        Kind(format="png", name="PNG, transparent", data=picture("png", mode="RGBA")),
        Kind(format="png", name="PNG, animated (APNG)", data=picture("png", frames=3)),
        Kind(format="webp", name="WebP, lossy", data=picture("webp")),
        Kind(format="webp", name="WebP, lossless", data=picture("webp", lossless=True)),
        Kind(
            format="webp", name="WebP, transparent", data=picture("webp", mode="RGBA", quality=80)
        ),
        Kind(format="webp", name="WebP, animated", data=picture("webp", frames=3)),
        Kind(format="tiff", name="TIFF", data=picture("tiff")),
        Kind(format="tiff", name="TIFF, CMYK", data=picture("tiff", mode="CMYK")),
        Kind(format="tiff", name="TIFF, several pages", data=picture("tiff", frames=3)),
        Kind(format="tiff", name="TIFF, big-endian", data=_tiff(">")),
        Kind(format="tiff", name="BigTIFF", data=_tiff("<", big=True), operations=False),
        Kind(format="tiff", name="DNG", data=dng()),
        Kind(format="avif", name="AVIF", data=picture("avif")),
        Kind(format="avif", name="AVIF, transparent", data=picture("avif", mode="RGBA")),
        Kind(format="avif", name="AVIF, animated", data=picture("avif", frames=3)),
        Kind(format="heic", name="HEIC", data=_heic()),
        Kind(format="gif", name="GIF", data=picture("gif")),
        Kind(format="gif", name="GIF, animated", data=picture("gif", frames=3)),
        Kind(format="svg", name="SVG", data=DRAWING),
        Kind(format="jxl", name="JPEG XL", data=CONTAINED),
        Kind(format="jxl", name="JPEG XL, naked codestream", data=CODESTREAM),
        Kind(format="mp4", name="MP4", data=_film("mp4")),
        Kind(format="mp4", name="MP4, fragmented", data=_film("mp4 fragmented")),
        Kind(format="mov", name="MOV", data=_film("mov")),
        Kind(format="m4a", name="M4A", data=_film("m4a")),
        Kind(format="mp3", name="MP3", data=RECORDINGS["mp3"]),
        Kind(format="mp3", name="MP3 without a tag", data=RECORDINGS["mp3 bare"]),
        Kind(format="flac", name="FLAC", data=RECORDINGS["flac full"]),
        Kind(format="wav", name="WAV", data=RECORDINGS["wav"]),
        Kind(format="wav", name="WAV, broadcast", data=RECORDINGS["wav full"]),
        Kind(format="avi", name="AVI", data=film([picture("jpeg")], size=64)),
        Kind(format="pdf", name="PDF", data=_document()),
    )


def _film(name: str) -> bytes:
    """Empty where ffmpeg is missing: its rows cannot be confirmed there."""
    return films.film(name) if films.is_here() else b""


def _tiff(order: str, *, big: bool = False) -> bytes:
    """Without the words that tifffile puts into a file of its own accord."""
    with Image.open(io.BytesIO(picture("tiff"))) as opened:
        pixels = numpy.asarray(opened.convert("RGB"))
    encoded = io.BytesIO()
    with tifffile.TiffWriter(encoded, byteorder=order, bigtiff=big) as file:
        file.write(pixels, photometric="rgb", metadata=None, software=False)
    return encoded.getvalue()


def _heic() -> bytes:
    """Empty where the program that codes HEVC is missing: its rows cannot be confirmed there."""
    return libheif.encoded(picture("png")) if libheif.here() else b""


def _document() -> bytes:
    encoded = io.BytesIO()
    Image.open(io.BytesIO(picture("jpeg"))).save(encoded, "PDF", title="drawn")
    return encoded.getvalue()


ACCEPTED = "accepted as signed; rejected with one byte of the picture changed"
READ = "every field of the label read back"
PIXELS = "every frame decodes to the same pixels as before"
SAMPLES = "every frame of a recording decodes to the same samples as before"
PAGES = "every page has the same entries and content as before"


ISO_MEDIA = ("mp4", "mov", "m4a")
_DECODERS = {
    **{"heic": "libheif", "jxl": "libjxl", "svg": "expat"},
    **dict.fromkeys(("mp3", "flac", "wav", "avi", *ISO_MEDIA), "ffmpeg"),
}


def expected() -> Iterator[Row]:
    """Every row that there must be: marks where a container has a place, and the pixels."""
    slots = {container.name: container.slots for container in CONTAINERS}
    for kind in kinds():
        for mark, by, seen in _asked(kind):
            if mark in _places(slots[kind.format]):
                yield Row(format=kind.format, kind=kind.name, mark=mark, seen=seen, by=by)
        if kind.format == "pdf":
            yield Row(format=kind.format, kind=kind.name, mark="pixels", seen=PAGES, by="pypdf")
            continue
        decoder = _DECODERS.get(kind.format, "Pillow")
        seen = SAMPLES if decoder == "ffmpeg" else PIXELS
        for by in (decoder, *(("tifffile",) if kind.format == "tiff" else ())):
            yield Row(format=kind.format, kind=kind.name, mark="pixels", seen=seen, by=by)


def _asked(kind: Kind) -> Iterator[tuple[str, str, str]]:
    yield Mark.MANIFEST.value, "encypher-c2pa", ACCEPTED
    if kind.format in ("jpeg", "png", "avif", "heic"):  # what c2pa-ts reads
        yield Mark.MANIFEST.value, "c2pa-ts", ACCEPTED
    for mark in METADATA_MARKS:
        # ExifTool 13.59 takes a PNG's Exif for a part of its manifest, warns and skips it; in
        # BigTIFF it calls the directory of Exif by another name.
        blind = mark.MARK is Mark.EXIF and (kind.format == "png" or kind.name == "BigTIFF")
        yield mark.MARK.value, "Pillow" if blind else "ExifTool", READ


def cells() -> Iterator[Cell]:
    """Every operation that must work: five for each mark that the container has a place for."""
    for kind in kinds():
        for mark in sorted(marks_of(kind)) if kind.operations else ():
            for operation in OPERATIONS:
                yield Cell(format=kind.format, kind=kind.name, mark=mark, operation=operation)


def written(row: Row) -> Cell | None:
    """The operation “write” that a row confirms; None of the picture, and of a second validator."""
    (kind,) = (each for each in kinds() if each.name == row.kind)
    if not kind.operations or row.mark == "pixels" or row.by == "c2pa-ts":
        return None
    return Cell(format=row.format, kind=row.kind, mark=row.mark, operation="write")


def marks_of(kind: Kind) -> frozenset[str]:
    """The marks that its container has a place for."""
    slots = {container.name: container.slots for container in CONTAINERS}
    return frozenset(_places(slots[kind.format]))


def _places(slots: frozenset[object]) -> set[str]:
    marks = {mark.MARK.value for mark in METADATA_MARKS if slots & frozenset(mark.SLOTS)}
    return {*marks, *((Mark.MANIFEST.value,) if MANIFEST in slots else ())}


def recorded() -> tuple[Row, ...]:
    """The rows as they were recorded last."""
    return tuple(Row(**row) for row in _table()["rows"])


def recorded_cells() -> Mapping[Cell, str]:
    """The operations as they were recorded last, and who confirmed each."""
    return {
        Cell(format=row["format"], kind=row["kind"], mark=row["mark"], operation=each): row[each]
        for row in _table()["operations"]
        for each in OPERATIONS
        if each in row
    }


@cache
def _table() -> Mapping[str, Any]:
    document: Mapping[str, Any] = json.loads(FORMATS_JSON.read_text("utf-8"))
    return document


def write(rows: Mapping[Row, None], done: Mapping[Cell, str]) -> None:
    """Record these rows, and these operations with who confirmed them."""
    operations: dict[tuple[str, str, str], dict[str, str]] = {}
    for cell in sorted(done, key=lambda each: (each.format, each.kind, each.mark)):
        place = (cell.format, cell.kind, cell.mark)
        operations.setdefault(place, {})[cell.operation] = done[cell]
    lines = [
        dict(zip(("format", "kind", "mark"), place, strict=True))
        | {each: by[each] for each in OPERATIONS if each in by}
        for place, by in operations.items()
    ]
    parts = {
        "made by": json.dumps("pytest tests/docs/test_formats.py --record-formats"),
        "operations": _one_a_line(lines),
        "rows": _one_a_line([asdict(row) for row in sorted(rows)]),
    }
    text = ",\n".join(f" {json.dumps(name)}: {part}" for name, part in parts.items())
    FORMATS_JSON.write_text(f"{{\n{text}\n}}\n", "utf-8", newline="\n")


def _one_a_line(values: Sequence[object]) -> str:
    lines = ",\n".join(f"  {json.dumps(each, ensure_ascii=False)}" for each in values)
    return f"[\n{lines}\n ]"
