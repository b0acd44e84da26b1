"""The survival table: what common tools do to each mark, and the probable cause of a loss.

Measured on 2026-11-22 with Pillow 13, ImageMagick 6.9, vips 8.14, sharp 0.35, libjpeg-turbo,
optipng, oxipng, pngcrush, cwebp, avifenc 0.11, heif-enc 1.15, ExifTool 13.59, exiv2 0.27,
ffmpeg 5.1, cjxl and djxl 0.7, tiffcp 4.5, flac 1.4 and qpdf 11.3; tests measure the rows of the
tools that are at hand again. Different tools leave the same traces: a cause is a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from genlabel.model.report import Mark, Survival

_SHORT = {"j": "jpeg", "p": "png", "w": "webp", "a": "avif", "h": "heic"}
_NAMES = frozenset(
    ("gif", "tiff", "jxl", "pdf", "mp4", "mov", "m4a", "mp3", "wav", "flac", "avi", *_SHORT)
)
_SAME = frozenset({"identical", "metadata-only"})
_NEW = frozenset({"re-encoded", "resized", "identical"})
_ANY = _SAME | _NEW
_UNSEEN = frozenset({"metadata-only", "undecodable"})
"""Of films, sounds and documents it is known when their samples are the same, and else nothing."""
_FATES = {"K": Survival.KEPT, "L": Survival.LOST, "B": Survival.BROKEN, "C": Survival.CHANGED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One operation of one family of tools, and the traces that it leaves."""

    operation: str
    formats: tuple[tuple[str, str], ...]
    """Pairs of format before and after."""
    pixels: frozenset[str]
    fates: Mapping[Mark, Survival]

    def fits(self, formats: tuple[str, str], marks: Mapping[Mark, Survival], pixels: str) -> bool:
        """Are these its traces? Marks that the original did not carry say nothing."""
        before, after = formats
        if formats not in self.formats or (before == after and pixels not in self.pixels):
            return False
        return all(
            fate in (Survival.ABSENT, wanted)
            or (fate is Survival.CHANGED and wanted is Survival.KEPT)
            for mark, wanted in self.fates.items()
            if (fate := marks.get(mark, Survival.ABSENT))
        )


def _row(operation: str, formats: str, pixels: frozenset[str], fates: str) -> Row:
    """`formats` in short: ``jpw tiff`` for each to itself, ``j>w mp4>mov`` for one to another.

    `fates` are those of XMP, Exif, IIM and manifest, by their first letters.
    """
    pairs: list[tuple[str, str]] = []
    for part in formats.split():
        before, _, after = part.partition(">")
        for each in [before] if before in _NAMES else before:
            into = after or each
            pairs.append((_SHORT.get(each, each), _SHORT.get(into, into)))
    marks = (Mark.IPTC, Mark.EXIF, Mark.IIM, Mark.MANIFEST)
    return Row(
        operation=operation,
        formats=tuple(pairs),
        pixels=pixels,
        fates={mark: _FATES[fate] for mark, fate in zip(marks, fates, strict=True)},
    )


ROWS: tuple[Row, ...] = (
    _row(
        "ExifTool, one tag edited after signing",
        "jpwah gif tiff jxl pdf mp4 mov m4a",
        _SAME,
        "KKKB",
    ),
    _row("qpdf, which writes the document anew", "pdf", _UNSEEN, "KKKB"),
    _row("optipng, which rewrites the chunks and keeps the manifest", "p", _ANY, "KKKB"),
    _row("ImageMagick 6 convert or resize, which copies the manifest", "j", _NEW, "KKKB"),
    _row("jpegtran or mozjpeg -copy all", "j", _ANY, "KKKB"),
    _row("exiv2 rm or webpmux -strip of all metadata", "jpw", _SAME, "LLLB"),
    _row("webpmux -strip exif", "w", _SAME, "KLKB"),
    _row("webpmux -strip xmp", "w", _SAME, "LKKB"),
    _row("ExifTool -all=, jpegtran -copy none or jhead", "jpwah mp4 mov m4a", _SAME, "LLLL"),
    _row("ExifTool -all=, which leaves the manifest", "gif jxl", _SAME, "LLLB"),
    _row("ExifTool -all=", "pdf", _UNSEEN, "LLLB"),
    _row("ExifTool -all= or tiffcp", "tiff", _ANY, "LCLL"),
    _row("ImageMagick 6 convert or resize", "tiff", _ANY, "KCLL"),
    _row("ImageMagick -strip", "tiff", _ANY, "LLLL"),
    _row("Pillow save()", "tiff", _ANY, "KLKL"),
    _row("Pillow save(), ImageMagick 6 or ffmpeg", "gif", _ANY, "LLLL"),
    _row(
        "ffmpeg, encoded again or not, or flac",
        "mp4 mov m4a wav flac avi mp4>mov mov>mp4 mp4>avi avi>mp4 mp4>gif gif>mp4 mp4>m4a mp4>mp3 "
        "wav>mp3 wav>flac wav>m4a flac>mp3 flac>wav mp3>wav mp3>m4a m4a>mp3",
        _UNSEEN,
        "LLLL",
    ),
    _row("ffmpeg, which keeps the frame with the XMP", "mp3", _UNSEEN, "KLLL"),
    _row("djxl, which carries XMP over", "jxl>p", _ANY, "KLLL"),
    _row("djxl or cjxl, which carry nothing over", "jxl>j p>jxl gif>jxl", _ANY, "LLLL"),
    _row("cjxl, which packs a JPEG as it is", "j>jxl", _ANY, "KKLL"),
    _row("cjxl -j 0, which encodes a JPEG anew", "j>jxl", _ANY, "LLLL"),
    _row("conversion by ImageMagick 6", "tiff>j tiff>p", _ANY, "KLKL"),
    _row("conversion by ImageMagick 6", "j>tiff", _ANY, "KLLL"),
    _row("conversion by ImageMagick 6 or Pillow", "p>tiff gif>p p>gif", _ANY, "LLLL"),
    _row("conversion by Pillow", "tiff>j tiff>p tiff>w gif>j gif>w", _ANY, "LLLL"),
    _row(
        "re-saving without metadata (Pillow save(), sharp and Next/Image by default, ffmpeg, "
        "ImageMagick -strip)",
        "jpwa j>w j>p j>a p>j p>w p>a w>j w>p a>j a>p a>w h>j",
        _ANY,
        "LLLL",
    ),
    _row("oxipng or jpegoptim by default", "jp", _SAME, "KKKL"),
    _row("vips or sharp keepMetadata(), which keep all but the manifest", "jpw", _NEW, "KKKL"),
    _row(
        "Pillow save() with exif= and xmp=, which keep all but IIM and manifest",
        "jwa j>a",
        _NEW,
        "KKLL",
    ),
    _row("Pillow save() with exif= (xmp= is ignored for PNG)", "p", _ANY, "LKKL"),
    _row("ImageMagick 6 convert or resize", "p", _NEW, "LLLL"),
    _row("ImageMagick 6 convert or resize", "w", _NEW, "LKKL"),
    _row("cwebp -metadata all", "w j>w", _NEW, "KKLL"),
    _row("cwebp -metadata all", "p>w", _NEW, "KLKL"),
    _row(
        "conversion by ImageMagick 6, which files XMP where readers do not look (XMP\\0)",
        "j>w",
        _NEW,
        "LKLL",
    ),
    _row("conversion by ImageMagick 6", "j>p", _NEW, "KKKL"),
    _row("conversion by ImageMagick 6", "w>p", _NEW, "LKKL"),
    _row(
        "avifenc, heif-enc or heif-convert, which carry XMP and Exif over",
        "j>a p>a j>h p>h a>j a>p h>j h>p",
        _NEW,
        "KKLL",
    ),
    _row("avifdec, which carries nothing over", "a>j a>p", _NEW, "LLLL"),
    _row("conversion by ImageMagick 6", "a>p h>p", _NEW, "LKLL"),
    _row("pngcrush by default", "p", _ANY, "KLKL"),
)


def probable_cause(
    formats: tuple[str, str], marks: Mapping[Mark, Survival], pixels: str
) -> str | None:
    """The operations that leave just these traces, joined by "or"; None when none does.

    `formats` are those before and after, `marks` the fate of each, `pixels` a `Pixels.change`.
    """
    fitting = dict.fromkeys(row.operation for row in ROWS if row.fits(formats, marks, pixels))
    return "; or ".join(fitting) or None
