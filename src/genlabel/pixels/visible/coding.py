"""Coding: a picture that was drawn on is encoded as it was before, frame by frame.

What is not pixels (profiles, metadata, resolution) is the formats' and not written here, but in
TIFF and AVIF, whose encoders put it where it belongs.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import UnsupportedFormat

if TYPE_CHECKING:
    from PIL import Image

_HEAD = 100_000
"""Bytes in which AVIF describes its pictures."""
_QUALITIES = (80, 90, 95, 100)
"""Of lossy WebP, which does not say by which it was made: the first that changes little enough."""


@dataclass(frozen=True, slots=True)
class Coding:
    """How a picture was encoded."""

    format: str
    lossy: bool
    options: Mapping[str, Any] = field(default_factory=dict)
    qualities: tuple[int, ...] = ()
    """Those that are tried in turn, where the file does not tell its own."""

    def encoded(self, image: Image.Image, quality: int | None = None) -> bytes:
        """`image`, drawn on, in a file of the same format."""
        output = io.BytesIO()
        more = {} if quality is None else {"quality": quality}
        image.save(output, self.format, **{**self.options, **more})
        return output.getvalue()


def coding_of(image: Image.Image, data: bytes | memoryview) -> Coding:
    """How the opened `image` is encoded in `data`. Raises `UnsupportedFormat` where that, or its
    depth, could not be kept."""
    kind = image.format or ""
    make = _CODINGS.get(kind)
    if make is None:
        raise UnsupportedFormat(
            f"{kind.lower() or 'picture'}: no label is drawn on pictures of this format",
            remedy=_REMEDIES.get(kind, "convert it to PNG first"),
        )
    return make(image, memoryview(data).cast("B"))


_REMEDIES = {"MPO": "take out the first picture, which a label can be drawn on"}


def _jpeg(image: Any, _: memoryview) -> Coding:
    from PIL import JpegImagePlugin

    options: dict[str, Any] = {"qtables": image.quantization, "comment": b"", "exif": b""}
    sampling = JpegImagePlugin.get_sampling(image)
    if image.mode == "RGB":
        options["subsampling"] = max(sampling, 0)
        options["keep_rgb"] = image.info.get("adobe_transform") == 0
    if image.info.get("progressive"):
        options["progressive"] = True
    return Coding("JPEG", True, options)


def _png(image: Image.Image, data: memoryview) -> Coding:
    depth, kind = data[24], data[25]  # PNG §11.2.1
    if depth == 16 and kind != 0:
        raise UnsupportedFormat(
            "png: of 16 bits a channel, which would be cut to 8",
            remedy="convert it to 8 bits a channel first",
        )
    options: dict[str, Any] = {"icc_profile": None}
    if image.mode == "P":
        options["bits"] = 8
    return Coding("PNG", False, options)


def _gif(image: Image.Image, _: memoryview) -> Coding:
    return Coding("GIF", False, {"optimize": False})


def _avif(image: Image.Image, data: memoryview) -> Coding:
    head = bytes(data[:_HEAD])
    at = head.find(b"av1C")  # AV1 in ISOBMFF §2.3.3: high_bitdepth is the second bit of byte 3
    if at >= 0 and head[at + 6 : at + 7] and head[at + 6] & 0x40:
        raise UnsupportedFormat(
            "avif: of more than 8 bits a channel, which would be cut to 8",
            remedy="convert it to 8 bits a channel first",
        )
    carried: dict[str, Any] = {
        name: image.info[name] for name in ("exif", "xmp") if name in image.info
    }
    profile = {"icc_profile": image.info.get("icc_profile") or b""}
    return Coding("AVIF", True, {**carried, **profile}, _QUALITIES)


def _webp(image: Image.Image, data: memoryview) -> Coding:
    if b"VP8L" in _webp_chunks(data):
        return Coding("WEBP", False, {"lossless": True, "exact": True, "icc_profile": b""})
    return Coding("WEBP", True, {"icc_profile": b""}, _QUALITIES)


def _webp_chunks(data: memoryview) -> Iterator[bytes]:
    """The types of the chunks, those of frames included (RFC 9649 §2.3)."""
    at = 12
    for _ in range(100_000):
        if at + 8 > len(data):
            return
        kind = bytes(data[at : at + 4])
        yield kind
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        # a frame's own chunks follow its 16 bytes of header
        at += 8 + (16 if kind == b"ANMF" else length + length % 2)


_CODINGS = {"JPEG": _jpeg, "PNG": _png, "WEBP": _webp, "GIF": _gif, "AVIF": _avif}
DRAWN_ON = tuple(map(str.lower, _CODINGS))
"""The formats that a label is drawn on, by their containers' names."""
