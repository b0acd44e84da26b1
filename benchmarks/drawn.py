"""The files that are measured, drawn here: pictures, documents, films and recordings."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from genlabel import testing


@dataclass(frozen=True)
class Source:
    """A file to measure with: what it is and how it is made; None where a program is missing."""

    name: str
    make: Callable[[], bytes | None]


def photograph(format: str, size: tuple[int, int], **options: object) -> bytes:
    """Hills with a sensor's noise, which is what makes photographs compress badly."""
    with Image.open(io.BytesIO(testing.picture("png", size=(1000, 750)))) as hills:
        picture = hills.convert("RGB").resize(size, Image.Resampling.BICUBIC)
    noise = Image.effect_noise(size, 24).convert("RGB")
    picture = Image.blend(picture, noise, 0.12)
    encoded = io.BytesIO()
    picture.save(encoded, format.upper(), **options)
    return encoded.getvalue()


def paged(format: str, **options: object) -> bytes:
    """Three photographs in one file: pages, or frames one after the other."""
    first, *others = (Image.open(io.BytesIO(photograph("png", SMALL))) for _ in range(3))
    encoded = io.BytesIO()
    first.save(encoded, format.upper(), save_all=True, append_images=others, **options)
    return encoded.getvalue()


def drawing() -> bytes:
    """A map of 20,000 short paths."""
    path = '<path d="M{0} {1}l3 4l-2 5z" fill="#7a9"/>'
    paths = "".join(path.format(number % 640, number % 480) for number in range(20_000))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480">{paths}</svg>'.encode()
    )


def made(program: str, *words: str, suffix: str, source: bytes = b"") -> bytes | None:
    """What another program makes of `source` (in.png) as out`suffix`; None without the program."""
    if shutil.which(program) is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "in.png").write_bytes(source)
        command = [program, *words, f"out{suffix}"]
        subprocess.run(command, check=True, capture_output=True, cwd=folder)
        return Path(folder, f"out{suffix}").read_bytes()


def played(suffix: str, *coding: str) -> bytes | None:
    """Ten seconds of a test film or tone by ffmpeg."""
    picture = ["-f", "lavfi", "-i", "testsrc2=duration=10:size=1280x720:rate=25"]
    sound = ["-f", "lavfi", "-i", "anoisesrc=duration=10:sample_rate=48000"]
    words = [*(picture if "-c:v" in coding else ()), *sound, "-loglevel", "error", *coding]
    return made("ffmpeg", *words, suffix=suffix)


SMALL, LARGE = (1152, 864), (4000, 3000)
PICTURES = (
    Source("1 MP JPEG", lambda: photograph("jpeg", SMALL, quality=92)),
    Source("1 MP PNG", lambda: photograph("png", SMALL, compress_level=4)),
    Source("12 MP JPEG", lambda: photograph("jpeg", LARGE, quality=96)),
    Source("12 MP PNG", lambda: photograph("png", LARGE, compress_level=4)),
)
OTHERS = (
    Source("1 MP WebP", lambda: photograph("webp", SMALL, quality=92)),
    Source("1 MP GIF", lambda: photograph("gif", SMALL)),
    Source("1 MP TIFF", lambda: photograph("tiff", SMALL)),
    Source("TIFF of 3 pages", lambda: paged("tiff")),
    Source("1 MP AVIF", lambda: photograph("avif", SMALL, speed=10)),
    Source(
        "1 MP HEIC",
        lambda: made("heif-enc", "in.png", "-o", suffix=".heic", source=photograph("png", SMALL)),
    ),
    Source(
        "1 MP JPEG XL",
        lambda: made(
            "cjxl", "in.png", "--container=1", suffix=".jxl", source=photograph("png", SMALL)
        ),
    ),
    Source("AVIF of 3 frames", lambda: paged("avif", speed=10, quality=92)),
    Source("SVG drawing", drawing),
    Source("PDF of 3 pages", lambda: paged("pdf", quality=92)),
    Source("MP4 film", lambda: played(".mp4", "-c:v", "mpeg4", "-q:v", "3", "-c:a", "aac")),
    Source("MOV film", lambda: played(".mov", "-c:v", "mjpeg", "-c:a", "pcm_s16le")),
    Source("M4A recording", lambda: played(".m4a", "-c:a", "aac")),
    Source("MP3 recording", lambda: played(".mp3", "-c:a", "libmp3lame")),
    Source("FLAC recording", lambda: played(".flac", "-c:a", "flac")),
    Source("WAV recording", lambda: played(".wav", "-c:a", "pcm_s16le")),
    Source("AVI film", lambda: played(".avi", "-c:v", "mjpeg", "-c:a", "pcm_s16le")),
)


def longer_film(path: Path, *, more: int = 1 << 30) -> bool:
    """Write a film with `more` bytes of noise in it; False where ffmpeg is missing."""
    film = played(".mp4", "-c:v", "mpeg4", "-c:a", "aac", "-movflags", "+faststart")
    if film is None:
        return False
    at = film.rindex(b"mdat") - 4  # the last box: it is made larger
    with path.open("wb") as file:
        file.write(film[:at] + (len(film) - at + more).to_bytes(4, "big") + film[at + 4 :])
        for _ in range(more >> 20):
            file.write(os.urandom(1 << 10) * (1 << 10))
    return True
