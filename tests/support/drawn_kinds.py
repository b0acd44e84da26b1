"""One drawn picture of every kind that the containers must carry, and how tests look at them."""

from __future__ import annotations

import io
import random
import struct
import zlib
from functools import cache

import piexif
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from drawn_documents import documents, pages
from drawn_kinds_heif import branded, decodable
from drawn_kinds_jxl import box, container, jxls
from drawn_kinds_tiff import tiffs
from drawn_kinds_xml import svgs
from genlabel.formats import identify
from genlabel.formats.format import Slot, Survey
from genlabel.formats.tiff import append, directories
from oracles import drawings, films, libheif, libjxl
from oracles.recordings import heard, sounds
from oracles.riff_files import films as avis, header, waves

PACKET = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:source>{}</dc:source></rdf:Description>'
    "</rdf:RDF></x:xmpmeta>"
)
EXIF_BYTES = piexif.dump({"0th": {piexif.ImageIFD.Artist: b"Ada"}})[6:]
IIM_BYTES = b"\x1c\x01\x5a\x00\x03\x1b%G\x1c\x02\x50\x00\x03Ada"
ICC = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


SOUNDS = ("mp3", "flac", "wav")
FILMS = ("mp4", "mov", "m4a")


def packet(text: str = "drawn", size: int = 0) -> bytes:
    """A small XMP packet that says `text`, padded to `size`."""
    return PACKET.format(text).encode().ljust(size)


def store(size: int = 200, seed: int = 0) -> bytes:
    """Bytes with the outside of a C2PA manifest store: superbox, description box, C2PA's type."""
    described = b"c2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71\x03c2pa\0"
    body = (len(described) + 8).to_bytes(4, "big") + b"jumd" + described
    body += random.Random(seed).randbytes(max(0, size - len(body) - 8))
    return (len(body) + 8).to_bytes(4, "big") + b"jumb" + body


def picture(mode: str = "RGB", shade: int = 0) -> Image.Image:
    drawn = Image.linear_gradient("L").resize((48, 36)).convert("RGB")
    ImageDraw.Draw(drawn).ellipse((10, 8, 30, 28), fill=(200, shade, 40))
    if mode == "I;16":
        return Image.frombytes("I;16", (48, 36), random.Random(1).randbytes(48 * 36 * 2))
    if mode == "RGBA":
        drawn.putalpha(Image.linear_gradient("L").resize((48, 36)))
        return drawn
    return drawn.convert(mode)


def save(drawn: Image.Image, format: str, **options: object) -> bytes:
    encoded = io.BytesIO()
    drawn.save(encoded, format, **options)
    return encoded.getvalue()


def _frames(size: tuple[int, int] = (48, 36)) -> dict[str, object]:
    others = [picture(shade=shade).resize(size) for shade in (90, 180)]
    return {"save_all": True, "append_images": others}


def _text() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", "a cat\nSteps: 20")
    info.add_text("workflow", "{}" * 500, zip=True)
    info.add_itxt("Titel", "Grüße 猫", lang="de", tkey="Titel", zip=True)
    return info


def chunk(kind: bytes, content: bytes) -> bytes:
    """A PNG chunk, made without genlabel."""
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def after_header(png: bytes, *chunks: bytes) -> bytes:
    """A PNG with chunks put behind IHDR."""
    return b"".join((png[:33], *chunks, png[33:]))


def segment(marker: int, content: bytes) -> bytes:
    """A JPEG segment, made without genlabel."""
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def after_jfif(jpeg: bytes, *segments: bytes) -> bytes:
    """A JPEG with segments put behind its APP0."""
    assert jpeg[2:4] == b"\xff\xe0"
    at = 4 + int.from_bytes(jpeg[4:6], "big")
    return b"".join((jpeg[:at], *segments, jpeg[at:]))


def gif_extension(name: bytes, content: bytes) -> bytes:
    """A GIF application extension whose content is one run of bytes, made without genlabel."""
    return b"\x21\xff\x0b" + name + content


def after_screen(gif: bytes, *extensions: bytes) -> bytes:
    """A GIF with extensions put behind its global colour table."""
    at = 13 + (3 * 2 ** ((gif[10] & 7) + 1) if gif[10] & 0x80 else 0)
    return b"".join((gif[:at], *extensions, gif[at:]))


MAGIC = b"\x01" + bytes(range(255, -1, -1)) + b"\0"


def gifs() -> dict[str, bytes]:
    """Every kind of GIF."""
    animated = save(picture(), "GIF", **_frames(), duration=80, loop=0)
    commented = save(picture(), "GIF", comment=b"drawn " * 50)
    assert save(picture(), "GIF")[:6] == b"GIF87a"
    return {
        "gif": save(picture(), "GIF"),
        "gif gray": save(picture("L"), "GIF", interlace=0),
        "gif transparent": save(picture("P"), "GIF", transparency=3),
        "gif animated": animated,
        "gif full": after_screen(commented, gif_extension(b"XMP DataXMP", packet("old") + MAGIC)),
        "gif animated xmp": after_screen(
            animated, gif_extension(b"XMP DataXMP", packet("old") + MAGIC)
        ),
    }


@cache
def kinds() -> dict[str, bytes]:
    """Name and file of every kind."""
    everything = {"exif": b"Exif\0\0" + EXIF_BYTES, "xmp": packet("old"), "icc_profile": ICC}
    compressed = b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(packet("old"))
    plain_png = save(picture(), "PNG")
    return {
        "jpeg": save(picture(), "JPEG"),
        "jpeg progressive": save(picture(), "JPEG", progressive=True),
        "jpeg gray": save(picture("L"), "JPEG"),
        "jpeg cmyk": save(picture("CMYK"), "JPEG"),
        "jpeg restarts": save(picture(), "JPEG", restart_marker_blocks=2),
        "jpeg full": save(picture(), "JPEG", comment=b"drawn", **everything),
        "jpeg without jfif": save(picture(), "JPEG")[:2] + save(picture(), "JPEG")[20:],
        "jpeg with trailer": save(picture(), "JPEG") + b"\0\0\0\x18ftypmp42" + bytes(40),
        "mpo": save(picture(), "MPO", **_frames()),
        "png": plain_png,
        "png rgba": save(picture("RGBA"), "PNG"),
        "png palette": save(picture("P"), "PNG", transparency=3),
        "png 16 bit": save(picture("I;16"), "PNG"),
        "png full": save(
            picture(), "PNG", pnginfo=_text(), exif=b"Exif\0\0" + EXIF_BYTES, icc_profile=ICC
        ),
        "png compressed xmp": after_header(plain_png, chunk(b"iTXt", compressed)),
        "apng": save(picture(), "PNG", **_frames()),
        "webp lossy": save(picture(), "WEBP"),
        "webp lossless": save(picture(), "WEBP", lossless=True),
        "webp alpha": save(picture("RGBA"), "WEBP"),
        "webp lossless alpha": save(picture("RGBA"), "WEBP", lossless=True),
        "webp animated": save(picture(), "WEBP", **_frames()),
        "webp full": save(picture(), "WEBP", **everything),
        **documents(packet("old")),
        **gifs(),
        **svgs(packet("old")),
        **jxls(packet("old"), EXIF_BYTES, save(picture(), "JPEG")),
        **tiffs(everything),
        **_heif(everything),
        **sounds(packet("old")),
        **({name: films.film(name) for name in films.NAMES} if films.is_here() else {}),
        **waves(packet("old")),
        **avis(packet("old"), [save(picture(shade=shade), "JPEG") for shade in (0, 90)]),
    }


def _heif(everything: dict[str, bytes]) -> dict[str, bytes]:
    avif = save(picture(), "AVIF", speed=10)
    film = save(picture().resize((9, 7)), "AVIF", speed=10, **_frames((9, 7)), **everything)
    return {
        "avif": avif,
        "avif alpha": save(picture("RGBA"), "AVIF", speed=10),
        "avif full": save(picture(), "AVIF", speed=10, **everything),
        "avif animated": save(picture(), "AVIF", speed=10, **_frames()),
        "avif animated full": save(picture(), "AVIF", speed=10, **_frames(), **everything),
        "avif film": film,
        "heif": branded(avif, b"mif1", b"mif1"),
        "heif film": branded(film, b"msf1", b"msf1", b"mif1"),
        **({"heic": libheif.encoded(save(picture(), "PNG"))} if libheif.here() else {}),
    }


def look(data: bytes | list[bytes | memoryview]) -> Survey:
    """The survey of a file or of the pieces of one; every byte belongs to exactly one block."""
    joined = data if isinstance(data, bytes) else b"".join(data)
    survey = identify(joined).survey(joined)
    at = 0
    for block in survey.blocks:
        assert block.start == at
        at += block.length
    assert at == len(joined)
    return survey


def rewritten(data: bytes, changes: dict[Slot, bytes | None]) -> bytes:
    """A file after one rewrite."""
    found = identify(data)
    return b"".join(found.rewrite(found.survey(data), changes))


def as_new(data: bytes) -> bytes:
    """The file as it is once a block was put in and taken out again: GIF87a has none, and a naked
    codestream no place for it.
    """
    if data[:2] == b"\xff\x0a":
        return container(box(b"jxlc", data))
    return data.replace(b"GIF87a", b"GIF89a", 1) if data[:6] == b"GIF87a" else data


def exif_for(data: bytes) -> bytes:
    """An Exif payload that the container of `data` takes: a TIFF file's holds only texts."""
    return exif_text(b"Ada\0") if identify(data).name == "tiff" else EXIF_BYTES + b"\0\0"


def exif_text(artist: bytes) -> bytes:
    """An Exif block with one text and no dead bytes."""
    value = append.NewValue(type=2, count=len(artist), data=artist)
    return append.edited(directories.opened(append.EMPTY), {0x013B: value})


def essence(data: bytes) -> bytes:
    """All coded pictures of a file, joined."""
    found = identify(data)
    return b"".join(found.essence(found.survey(data)))


def pixels(data: bytes) -> list[tuple[str, tuple[int | None, int | None], bytes, bytes]]:
    """Every frame as a decoder that is not ours sees it, with its colour profile, up to one that
    is missing: Pillow, libheif for HEVC, libjxl for JPEG XL, expat for a drawing, pypdf for pages;
    of a recording or a film in AVI, what ffmpeg plays.
    """
    if data.startswith(b"%PDF-"):
        return pages(data)
    if identify(data).name in SOUNDS:
        return [("sound", (None, None), heard(data), b"")]
    if identify(data).name in FILMS:
        sound = identify(data).name == "m4a"
        size = (None, None) if sound else films.size(data)
        frames = films.counted(data, "a:0" if sound else "v:0")
        return [("film", size, films.played(data).encode(), b"")] * frames
    if identify(data).name == "avi":
        size, frames = header(data)
        return [("film", size, heard(data), b"")] * frames
    if identify(data).name == "jxl":
        shown = libjxl.decoded(data)
        return [(shown.mode, shown.size, shown.tobytes(), shown.info.get("icc_profile") or b"")]
    if identify(data).name == "svg":
        return [("xml", (None, None), drawings.without_marks(data).encode(), b"")]
    if identify(data).name == "heic":
        if b"hvc1" in data:
            decoded = libheif.decoded(data)
            return [(decoded.mode, decoded.size, decoded.tobytes(), b"")]
        data = decodable(data)
    frames: list[tuple[str, tuple[int | None, int | None], bytes, bytes]] = []
    with Image.open(io.BytesIO(data)) as opened:
        for number in range(getattr(opened, "n_frames", 1)):
            try:
                opened.seek(number)
            except ValueError:  # an index of pictures that an earlier editor cut off
                break
            profile = opened.info.get("icc_profile") or b""
            frames.append((opened.mode, opened.size, opened.tobytes(), profile))
    return frames
