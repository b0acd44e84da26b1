"""What decoding may cost: bounded by pixels, four bytes each, and never a line on stderr."""

import io
import struct
import subprocess
import sys
import textwrap
import warnings
import zlib

import pytest
from PIL import Image

import genlabel
from genlabel import testing
from genlabel.cli.main import status
from genlabel.pixels import compare, decode, thumbnail


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I4s", len(data), kind) + data + struct.pack(">I", zlib.crc32(kind + data))


def empty(width: int, height: int, *, colour: int = 2, depth: int = 8) -> bytes:
    """A PNG of one colour: some kilobytes for millions of pixels."""
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    row = bytes(1 + (width * samples * depth + 7) // 8)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    palette = _chunk(b"PLTE", bytes(6)) if colour == 3 else b""
    end = _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + palette + _chunk(b"IDAT", packed) + end


def test_a_picture_of_too_many_pixels_is_undecodable_and_says_why(tmp_path, capsys):
    large, small = empty(300, 300), empty(299, 301, colour=0)
    found = compare.compare(large, small, max_pixels=89_999)
    assert (found.same_picture, found.change, found.reason) == (None, "undecodable", "too-large")
    assert compare.compare(large, small, max_pixels=90_000).change != "undecodable"
    assert thumbnail.data_uri(large, max_pixels=89_999) is None
    assert thumbnail.data_uri(large) is not None
    for name, data in (("a.png", large), ("b.png", small)):
        (tmp_path / name).write_bytes(data)
    words = ["strip-check", str(tmp_path / "a.png"), "--against", str(tmp_path / "b.png")]
    status([*words, "--max-pixels", "1000"])
    assert "undecodable: too-large" in capsys.readouterr().out


def test_the_bound_is_fifty_million_unless_set():
    header = empty(1, 1)[:16] + struct.pack(">II", 7072, 7071)
    data = header + empty(1, 1)[24:29] + struct.pack(">I", zlib.crc32(
        b"IHDR" + header[16:] + empty(1, 1)[24:29])) + empty(1, 1)[33:]  # fmt: skip
    assert compare.compare(data, testing.picture("png")).reason == "too-large"


PEAK = """
    import resource, sys
    from pathlib import Path
    from genlabel.pixels import compare, thumbnail
    data = [Path(each).read_bytes() for each in sys.argv[2:]]
    from PIL import Image
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if sys.argv[1] == "compare":
        compare.compare(*data)
    else:
        thumbnail.data_uri(data[0])
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) << 10)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="kilobytes of memory, as Linux counts them")
@pytest.mark.parametrize("colour", [2, 3, 6, 0])
@pytest.mark.parametrize("what", ["compare", "thumbnail"])
def test_a_pixel_costs_four_bytes(tmp_path, what, colour):
    side = 4000
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(empty(side, side, colour=colour))
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PEAK), what, tmp_path / "a.png", tmp_path / "b.png"],
        capture_output=True,
        check=True,
        timeout=120,
    )
    pictures = 1 if what == "thumbnail" else 2
    assert int(done.stdout) < pictures * 4 * side * side + (40 << 20)


@pytest.mark.parametrize("how", ["ignore", "error", "default"])
def test_what_pillow_thinks_of_a_file_reaches_nobody(how, capfd):
    exif = b"II*\0\x08\0\0\0\x05\0" + b"\x0f\x01\x02\0\xff\xff\0\0\xff\xff\0\0" * 5
    file = io.BytesIO()
    Image.new("RGB", (9, 9)).save(file, "JPEG", exif=b"Exif\0\0" + exif)
    damaged = file.getvalue()
    with warnings.catch_warnings():
        warnings.simplefilter(how)
        before = warnings.filters[:]
        compared = compare.compare(damaged, testing.picture("jpeg"))
        assert thumbnail.data_uri(damaged) is not None
        assert compared.change != "undecodable"
        assert warnings.filters == before
    assert capfd.readouterr().err == ""


def test_whatever_pillow_raises_is_one_files_undecodable_picture(monkeypatch):
    class Unforeseen(Exception):
        pass

    def broken(*_: object, **__: object) -> None:
        raise Unforeseen("no reader has done this yet")

    monkeypatch.setattr(Image.Image, "load", broken)
    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load_prepare", broken)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", broken)
    report = genlabel.strip_check(empty(5, 5), against=empty(6, 6))
    assert report.pixels.change == "undecodable"
    with pytest.raises(genlabel.MalformedAsset, match="no reader has done this yet"):
        list(decode.digests(empty(5, 5)))
