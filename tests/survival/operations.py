"""The operations of common tools, as people run them: on which containers, and how they keep marks.

``IN`` and ``OUT`` stand for the files. An operation without ``IN`` works on a copy in place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

PICTURES = "jpeg png webp avif"
PILLOW = "from PIL import Image; import sys; a, b = sys.argv[1:]; "
_EDITORS = frozenset({"convert", "vips", "vipsthumbnail", "cwebp", "ffmpeg", "heif-enc"})
SHARP = "const [a, b] = process.argv.slice(1); require('sharp')(a)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One way to use one tool."""

    name: str
    """What `strip-check` calls it as a cause."""
    tool: str
    """The program, or ``python`` and ``node`` for libraries."""
    arguments: tuple[str, ...]
    on: str
    """Containers: ``jpeg png`` for each to itself, ``jpeg>webp`` for one to another."""
    library: str | None = None
    """The Python or node package that is asked."""
    keeps: str | None = None
    """Where it is the way in which this tool keeps most, how one asks for that (keeping.md)."""
    edits: bool = False
    """Does it also change pictures, so that a resized or cropped one may be its work?"""

    @property
    def containers(self) -> Iterator[tuple[str, str]]:
        """The containers before and after."""
        for each in self.on.split():
            before, _, after = each.partition(">")
            yield before, after or before

    @property
    def program(self) -> str:
        """Whose version counts."""
        return self.library or self.tool

    @property
    def command(self) -> str:
        """As it is typed."""
        words = [self.tool, *(f'"{each}"' if " " in each else each for each in self.arguments)]
        return " ".join(words)


def _op(name: str, line: str, on: str, *, keeps: str | None = None) -> Operation:
    tool, *arguments = line.split()
    edits = tool in _EDITORS
    return Operation(
        name=name, tool=tool, arguments=tuple(arguments), on=on, keeps=keeps, edits=edits
    )


def _pillow(name: str, code: str, on: str, *, keeps: str | None = None) -> Operation:
    return Operation(
        name=name,
        tool="python",
        arguments=("-c", PILLOW + code, "IN", "OUT"),
        on=on,
        library="Pillow",
        keeps=keeps,
        edits=True,
    )


def _python(name: str, library: str, code: str, on: str, keeps: str | None) -> Operation:
    """What a library does that wraps a program which has no package of its own."""
    return Operation(
        name=name,
        tool="python",
        arguments=("-c", code, "IN", "OUT"),
        on=on,
        library=library,
        keeps=keeps,
    )


def _svgo(name: str, options: str, *, keeps: str | None = None) -> Operation:
    code = (
        "import {optimize} from 'svgo'; import fs from 'fs'; const [a, b] = process.argv.slice(1); "
        f"fs.writeFileSync(b, optimize(fs.readFileSync(a, 'utf8'){options}).data)"
    )
    return Operation(
        name=name,
        tool="node",
        arguments=("--input-type=module", "-e", code, "IN", "OUT"),
        on="svg",
        library="svgo",
        keeps=keeps,
    )


def _oxipng(name: str, options: str, *, keeps: str | None = None) -> Operation:
    code = f"import oxipng, sys; a, b = sys.argv[1:]; oxipng.optimize(a, b{options})"
    return _python(name, "pyoxipng", code, "png", keeps)


def _mozjpeg(name: str, options: str, *, keeps: str | None = None) -> Operation:
    code = (
        "import mozjpeg_lossless_optimization as m, sys; from pathlib import Path; "
        f"a, b = map(Path, sys.argv[1:]); b.write_bytes(m.optimize(a.read_bytes(){options}))"
    )
    return _python(name, "mozjpeg-lossless-optimization", code, "jpeg", keeps)


def _sharp(name: str, calls: str, on: str, *, keeps: str | None = None) -> Operation:
    return Operation(
        name=name,
        tool="node",
        arguments=("-e", f"{SHARP}{calls}.toFile(b)", "IN", "OUT"),
        on=on,
        library="sharp",
        keeps=keeps,
        edits=True,
    )


_RGB = "Image.open(a).convert('RGB').save(b)"
_CONVERSIONS = "jpeg>webp jpeg>png jpeg>avif png>jpeg png>webp png>avif webp>jpeg webp>png"
_FILMS = "mp4 mov m4a wav flac avi"

OPERATIONS: tuple[Operation, ...] = (
    _op(
        "ExifTool -all=",
        "exiftool -all= -o OUT IN",
        f"{PICTURES} gif tiff dng jxl pdf mp4 mov m4a heic",
    ),
    _op(
        "ExifTool -XMP:all=", "exiftool -XMP:all= -o OUT IN", f"{PICTURES} tiff dng gif jxl pdf mp4"
    ),
    _op(
        "ExifTool -all= --XMP:all",
        "exiftool -all= --XMP:all -o OUT IN",
        f"{PICTURES} gif tiff dng jxl pdf mp4 mov m4a heic",
        keeps="leave out what shall stay (--XMP:all), and label the result",
    ),
    _op("ExifTool -JUMBF:all=", "exiftool -JUMBF:all= -o OUT IN", "jpeg"),
    _op(
        "ExifTool, one tag edited after signing",
        "exiftool -XMP-xmp:Rating=3 -o OUT IN",
        f"{PICTURES} gif tiff dng jxl pdf mp4 mov m4a heic",
    ),
    _op("exiv2 rm", "exiv2 rm OUT", "jpeg png webp tiff dng"),
    _op(
        "exiv2 -de rm",
        "exiv2 -de rm OUT",
        "jpeg png webp tiff dng",
        keeps="delete one kind alone (-de: Exif), and label the result",
    ),
    _op("jhead -purejpg", "jhead -q -purejpg OUT", "jpeg"),
    _op(
        "jhead -de",
        "jhead -q -de OUT",
        "jpeg",
        keeps="delete one kind alone (-de: Exif), and label the result",
    ),
    _op(
        "ImageMagick convert",
        "convert IN OUT",
        f"jpeg png webp gif tiff {_CONVERSIONS} avif>png heic>png tiff>jpeg tiff>png jpeg>tiff "
        "png>tiff gif>png png>gif heic>jpeg",
        keeps="leave -strip out",
    ),
    _op("ImageMagick -strip", "convert IN -strip OUT", f"jpeg png webp gif tiff {_CONVERSIONS}"),
    _op(
        "vips copy",
        "vips copy IN OUT",
        f"jpeg png webp tiff {_CONVERSIONS}",
        keeps="leave [strip] out",
    ),
    _op("vips copy [strip]", "vips copy IN OUT[strip]", f"jpeg png webp {_CONVERSIONS}"),
    _op(
        "vipsthumbnail",
        "vipsthumbnail IN --size 200x -o OUT",
        "jpeg png webp jpeg>webp png>webp png>jpeg",
        keeps="leave [strip] out",
    ),
    _sharp("sharp by default", "", f"{PICTURES} {_CONVERSIONS} avif>jpeg avif>png avif>webp"),
    _sharp(
        "sharp keepMetadata()",
        ".keepMetadata()",
        f"jpeg png webp {_CONVERSIONS} avif",
        keeps=".keepMetadata()",
    ),
    _sharp("sharp jpeg({mozjpeg: true})", ".jpeg({mozjpeg: true})", "jpeg png>jpeg webp>jpeg"),
    _sharp(
        "sharp keepMetadata().jpeg({mozjpeg: true})",
        ".keepMetadata().jpeg({mozjpeg: true})",
        "jpeg png>jpeg webp>jpeg",
    ),
    _pillow(
        "Pillow save()",
        "Image.open(a).save(b)",
        f"{PICTURES} gif tiff",
    ),
    _pillow(
        "Pillow save()",
        _RGB,
        f"{_CONVERSIONS} avif>jpeg avif>png avif>webp tiff>jpeg tiff>png tiff>webp gif>jpeg "
        "gif>png gif>webp png>gif png>tiff jpeg>tiff",
    ),
    _pillow(
        "Pillow save() with exif= and xmp=",
        "im = Image.open(a); i = im.info.get; im.save(b, exif=i('exif', b''), xmp=i('xmp', b''))",
        "jpeg webp avif png jpeg>webp jpeg>avif webp>jpeg",
        keeps="exif= and xmp= in save()",
    ),
    _op("jpegtran", "jpegtran -copy none -outfile OUT IN", "jpeg"),
    _op(
        "jpegtran -copy all",
        "jpegtran -copy all -progressive -outfile OUT IN",
        "jpeg",
        keeps="-copy all",
    ),
    _mozjpeg("mozjpeg jpegtran", ""),
    _mozjpeg("mozjpeg jpegtran -copy all", ", m.COPY_MARKERS.ALL", keeps="COPY_MARKERS.ALL"),
    _op("jpegoptim", "jpegoptim -q OUT", "jpeg", keeps="leave --strip-all out"),
    _op("jpegoptim --strip-all", "jpegoptim -q --strip-all OUT", "jpeg"),
    _op("cwebp", "cwebp -quiet IN -o OUT", "jpeg>webp png>webp webp"),
    _op(
        "cwebp -metadata all",
        "cwebp -quiet -metadata all IN -o OUT",
        "jpeg>webp png>webp webp",
        keeps="-metadata all",
    ),
    _op("dwebp", "dwebp -quiet IN -o OUT", "webp>png"),
    _op("gif2webp", "gif2webp -quiet IN -o OUT", "gif>webp"),
    _op(
        "gif2webp -metadata all",
        "gif2webp -quiet -metadata all IN -o OUT",
        "gif>webp",
        keeps="-metadata all",
    ),
    _op(
        "webpmux -strip exif",
        "webpmux -strip exif IN -o OUT",
        "webp",
        keeps="strip Exif alone, and label the result",
    ),
    _op("webpmux -strip xmp", "webpmux -strip xmp IN -o OUT", "webp"),
    _op("optipng", "optipng -o1 -quiet -out OUT IN", "png", keeps="leave -strip out"),
    _oxipng("oxipng", "", keeps="leave strip= out"),
    _oxipng("oxipng --strip safe", ", strip=oxipng.StripChunks.safe()"),
    _oxipng("oxipng --strip all", ", strip=oxipng.StripChunks.all()"),
    _op("optipng -strip all", "optipng -o1 -quiet -strip all -out OUT IN", "png"),
    _op("pngcrush", "pngcrush -q IN OUT", "png", keeps="leave -rem out"),
    _op("pngcrush -rem alla", "pngcrush -q -rem alla -rem text IN OUT", "png"),
    _op("pngquant", "pngquant --force --output OUT IN", "png", keeps="leave --strip out"),
    _op("pngquant --strip", "pngquant --force --strip --output OUT IN", "png"),
    _op("gifsicle -O3", "gifsicle -O3 IN -o OUT", "gif", keeps="leave --no-extensions out"),
    _op(
        "gifsicle --no-extensions",
        "gifsicle --no-comments --no-extensions IN -o OUT",
        "gif",
    ),
    _op(
        "avifenc",
        "avifenc -s 10 IN OUT",
        "jpeg>avif png>avif",
        keeps="leave --ignore-exif and --ignore-xmp out",
    ),
    _op(
        "avifenc --ignore-exif --ignore-xmp",
        "avifenc -s 10 --ignore-exif --ignore-xmp IN OUT",
        "jpeg>avif png>avif",
    ),
    _op("avifdec", "avifdec IN OUT", "avif>jpeg avif>png"),
    _op("heif-enc", "heif-enc IN -o OUT", "jpeg>heic png>heic", keeps="keeps it unasked"),
    _op(
        "heif-convert",
        "heif-convert IN OUT",
        "avif>jpeg avif>png heic>jpeg heic>png",
        keeps="keeps it unasked",
    ),
    _op(
        "cjxl",
        "cjxl IN OUT -e 3",
        "jpeg>jxl png>jxl gif>jxl",
        keeps="pack a JPEG as it is (leave -j 0 out)",
    ),
    _op("cjxl -j 0", "cjxl -j 0 IN OUT -e 3", "jpeg>jxl"),
    _op("djxl", "djxl IN OUT", "jxl>png jxl>jpeg", keeps="decode into PNG"),
    _op("tiffcp", "tiffcp IN OUT", "tiff", keeps="keeps it unasked"),
    _op(
        "ffmpeg -c copy",
        "ffmpeg -y -loglevel error -i IN -c copy OUT",
        f"{_FILMS} mp3 mp4>mov mov>mp4",
        keeps="keeps it unasked",
    ),
    _op(
        "ffmpeg",
        "ffmpeg -y -loglevel error -i IN OUT",
        f"{_FILMS} mp3 mp4>avi avi>mp4 mp4>gif gif>mp4 gif mp4>m4a mp4>mp3 wav>mp3 wav>flac "
        "wav>m4a flac>mp3 flac>wav mp3>wav mp3>m4a m4a>mp3 png>jpeg jpeg>png jpeg png",
    ),
    _op("flac", "flac -s -f IN -o OUT", "wav>flac"),
    _op("flac -d", "flac -s -f -d IN -o OUT", "flac>wav"),
    _op("scour", "scour -q -i IN -o OUT", "svg", keeps="leave --remove-metadata out"),
    _op(
        "scour --remove-metadata",
        "scour -q --remove-metadata --enable-comment-stripping -i IN -o OUT",
        "svg",
    ),
    _svgo("svgo", ""),
    _svgo(
        "svgo, metadata kept",
        ", {plugins: [{name: 'preset-default', params: {overrides: {removeMetadata: false, "
        "removeEditorsNSData: false}}}]}",
        keeps="removeMetadata: false, removeEditorsNSData: false",
    ),
    _op("rsvg-convert", "rsvg-convert IN -o OUT", "svg>png"),
    _op("qpdf", "qpdf IN OUT", "pdf", keeps="keeps it unasked"),
    _op("qpdf --linearize", "qpdf --linearize IN OUT", "pdf"),
    _op("mutool clean", "mutool clean IN OUT", "pdf", keeps="keeps it unasked"),
    _op("mutool clean -gggg", "mutool clean -gggg IN OUT", "pdf"),
    _op(
        "Ghostscript pdfwrite",
        "gs -q -dNOPAUSE -dBATCH -sDEVICE=pdfwrite -sOutputFile=OUT IN",
        "pdf",
    ),
)
