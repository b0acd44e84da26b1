"""Decoding says what the pixels of every frame are, and refuses what would hurt."""

import gc
import io
import mmap
import os
import struct
import tracemalloc
import zlib
from pathlib import Path

import pytest
from PIL import Image

from genlabel.model.errors import MalformedAsset, UnsupportedFormat
from genlabel.pixels import decode
from genlabel.testing import example, picture

CORPUS = Path(
    os.environ.get("GENLABEL_CORPUS", Path(__file__).parents[2].parent / "shared" / "corpus")
)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width, height):
    """A PNG that claims these dimensions and holds next to nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "gif", "avif"])
def test_a_still_picture_has_one_frame(format):
    data = picture(format, size=(40, 30))
    with decode.opened(data) as image:
        assert image.size == (40, 30)
    assert len(list(decode.digests(data))) == 1


@pytest.mark.parametrize("format", ["png", "webp", "gif", "avif"])
def test_every_frame_of_an_animation_counts(format):
    data = picture(format, frames=3)
    assert len(list(decode.digests(data))) == 3
    assert len(set(decode.digests(data))) == 3


def test_a_lossless_copy_has_the_same_digest_and_another_picture_has_not():
    data = picture("png", mode="RGBA")
    (digest,) = decode.digests(data)
    with Image.open(io.BytesIO(data)) as image:
        copy = io.BytesIO()
        image.save(copy, "PNG", compress_level=1)
    assert list(decode.digests(copy.getvalue())) == [digest]
    assert copy.getvalue() != data
    assert list(decode.digests(picture("png", mode="RGBA", seed=2))) != [digest]


def test_one_changed_bit_of_one_pixel_changes_the_digest():
    with Image.open(io.BytesIO(picture("png"))) as image:
        red, *rest = image.getpixel((5, 5))
        image.putpixel((5, 5), (red ^ 1, *rest))
        file = io.BytesIO()
        image.save(file, "PNG")
    assert list(decode.digests(file.getvalue())) != list(decode.digests(picture("png")))


def test_deep_pictures_are_compared_in_their_depth():
    def deep(value):
        file = io.BytesIO()
        Image.new("I;16", (4, 4), value).save(file, "PNG")
        return file.getvalue()

    assert list(decode.digests(deep(1000))) != list(decode.digests(deep(1001)))


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"\xff\xd8", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"%PDF"]
)
def test_what_is_no_picture_is_unsupported(data):
    with pytest.raises(UnsupportedFormat):
        list(decode.digests(data))


@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "gif", "avif"])
def test_a_picture_that_ends_early_is_malformed_and_never_something_else(format):
    data = picture(format, size=(64, 64))
    for end in range(0, len(data) - 1, 7):
        try:
            list(decode.digests(data[:end]))
        except (MalformedAsset, UnsupportedFormat):
            continue


@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "gif", "avif"])
def test_damage_anywhere_is_one_of_two_errors_or_a_picture(format):
    data = picture(format, size=(24, 24))
    for place in range(0, len(data), 5):
        hurt = bytearray(data)
        hurt[place] ^= 0xFF
        try:
            list(decode.digests(bytes(hurt)))
        except (MalformedAsset, UnsupportedFormat):
            continue


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [(11_000, 11_000), (100_000, 100_000), (2**31 - 1, 1)])
def test_a_bomb_is_refused_before_it_is_decoded(side):
    tracemalloc.start()
    try:
        with pytest.raises(MalformedAsset):
            list(decode.digests(png_of(*side)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16 * 1024 * 1024


def test_a_drawn_picture_is_the_same_every_time():
    assert example() == example()
    assert picture("png", seed=3) == picture("png", seed=3)
    assert picture("png", seed=3) != picture("png", seed=4)
    with decode.opened(example("jpeg")) as image:
        assert image.size == (1200, 800)


@pytest.mark.parametrize(
    ("format", "options"),
    [("bmp", {}), ("jpeg", {"mode": "RGBA"}), ("jpeg", {"frames": 2}), ("png", {"mode": "CMYK"})],
)
def test_a_picture_that_no_format_holds_is_not_drawn(format, options):
    with pytest.raises(UnsupportedFormat):
        picture(format, **options)


@pytest.mark.parametrize(
    ("format", "mode", "read"),
    [("jpeg", "L", "L"), ("jpeg", "CMYK", "CMYK"), ("png", "P", "P"), ("png", "LA", "LA"),
     ("png", "1", "1"), ("webp", "RGBA", "RGBA"), ("gif", "P", "P")],
)  # fmt: skip
def test_pictures_are_drawn_in_the_mode_asked_for(format, mode, read):
    with Image.open(io.BytesIO(picture(format, mode=mode))) as image:
        assert image.mode == read
        assert image.format.lower() == format


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
def test_the_whole_corpus_is_decoded_or_refused_in_words():
    for path in sorted(CORPUS.glob("*/*")):
        if path.stat().st_size > 3_000_000:
            continue
        try:
            assert all(len(digest) == 64 for digest in decode.digests(path.read_bytes()))
        except (MalformedAsset, UnsupportedFormat) as error:
            assert str(error)  # noqa: PT017  (that it is one of these two is the claim)


def test_pages_of_a_mapped_tiff_do_not_read_the_whole_file_each(tmp_path, monkeypatch):
    pages = [Image.effect_noise((160, 120), 60) for _ in range(30)]
    path = tmp_path / "pages.tif"
    pages[0].save(path, save_all=True, append_images=pages[1:], compression="tiff_lzw")
    read = []
    plain = decode._View.readinto
    monkeypatch.setattr(
        decode._View, "readinto", lambda self, buffer: read.append(n := plain(self, buffer)) or n
    )
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        view = memoryview(mapped)
        found = list(decode.digests(view))
        gc.collect()
        view.release()
    assert found == list(decode.digests(path.read_bytes()))
    assert len(set(found)) == 30
    assert sum(read) < 3 * path.stat().st_size
