"""Short films and recordings that ffmpeg makes, and how ffmpeg plays them."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

NEEDS_FFMPEG = "ffmpeg is not here: install it"
_PICTURE = "-f lavfi -i testsrc=duration=2:size=96x64:rate=10"
_SOUND = "-f lavfi -i sine=frequency=440:duration=2"
_CODED = "-c:v libx264 -pix_fmt yuv420p -c:a aac -g 5"
_RECIPES = {
    "mp4": f"{_PICTURE} {_SOUND} {_CODED} made.mp4",
    "mp4 tables first": f"{_PICTURE} {_SOUND} {_CODED} -movflags +faststart made.mp4",
    "mp4 fragmented": f"{_PICTURE} {_SOUND} {_CODED} -movflags "
    "frag_keyframe+empty_moov+default_base_moof made.mp4",
    "mp4 fragmented, old": f"{_PICTURE} {_SOUND} {_CODED} -movflags frag_keyframe made.mp4",
    "mov": f"{_PICTURE} {_SOUND} -c:v mjpeg -c:a pcm_s16le made.mov",
    "mov tables first": f"{_PICTURE} -c:v mpeg4 -movflags +faststart made.mov",
    "m4a": f"{_SOUND} -c:a aac made.m4a",
}
NAMES = tuple(_RECIPES)
"""The films and recordings in ISO files."""
_SOUNDS = {
    "mp3": f"{_SOUND} -metadata title=Waves -metadata date=2020 made.mp3",
    "mp3 old tag": f"{_SOUND} -metadata title=Grüße -metadata date=2020 -id3v2_version 3 made.mp3",
    "mp3 bare": f"{_SOUND} -id3v2_version 0 made.mp3",
    "flac": f"{_SOUND} -metadata title=Waves made.flac",
}
_RIFF = {
    "wav": f"{_SOUND} -metadata title=Old made.wav",
    "wav float": f"{_SOUND} -c:a pcm_f32le -write_bext 1 -metadata description=drawn made.wav",
    "avi": f"{_PICTURE} {_SOUND} -c:v mjpeg -c:a pcm_s16le -metadata title=Old made.avi",
    "avi coded": f"{_PICTURE} {_SOUND} -c:v mpeg4 -g 5 -c:a pcm_s16le made.avi",
}
RIFF_NAMES = tuple(_RIFF)
"""Those in RIFF files."""
_LITTLE_PICTURE = "-f lavfi -i testsrc=duration=0.4:size=32x24:rate=5"
_LITTLE_SOUND = "-f lavfi -i sine=frequency=440:duration=0.4:sample_rate=8000"
_LITTLE = {
    "small mp4": f"{_LITTLE_PICTURE} {_LITTLE_SOUND} -c:v libx264 -preset ultrafast "
    "-pix_fmt yuv420p -c:a aac -b:a 8k made.mp4",
    "small mp4 fragmented": f"{_LITTLE_PICTURE} -c:v libx264 -preset ultrafast -g 1 "
    "-movflags frag_keyframe+empty_moov+default_base_moof made.mp4",
    "small mov": f"{_LITTLE_PICTURE} -c:v mpeg4 made.mov",
    "small m4a": f"{_LITTLE_SOUND} -c:a aac -b:a 8k made.m4a",
}
"""Of a few frames and kilobytes, for trials that look at every byte."""


def is_here() -> bool:
    return shutil.which("ffmpeg") is not None


@cache
def film(name: str) -> bytes:
    """A film or recording by the name of its recipe, made once."""
    return _made((_RECIPES | _SOUNDS | _RIFF | _LITTLE)[name])


def _made(recipe: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        *words, target = recipe.split()
        made = Path(folder, target)
        command = ["ffmpeg", "-loglevel", "error", *words, "-bitexact", str(made)]
        subprocess.run(command, check=True, capture_output=True)
        return made.read_bytes()


@cache
def played(data: bytes) -> str:
    """The MD5 of every decoded frame of every track, as ffmpeg plays it; fails if it complains."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "film")
        source.write_bytes(data)
        command = ["ffmpeg", "-v", "error", "-i", str(source), "-map", "0", "-f", "framemd5", "-"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        assert not done.stderr, done.stderr
        return done.stdout


@cache
def counted(data: bytes, stream: str) -> int:
    """How many packets ffprobe counts in the first stream of a kind: ``v:0`` or ``a:0``."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "film")
        source.write_bytes(data)
        entry = "stream=nb_read_packets"
        command = ["ffprobe", "-v", "error", "-count_packets", "-select_streams", stream]
        command += ["-show_entries", entry, "-of", "csv=p=0", str(source)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return int(done.stdout.strip().strip(","))


@cache
def size(data: bytes) -> tuple[int, int]:
    """Width and height of the first picture track, as ffprobe reads them."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "film")
        source.write_bytes(data)
        command = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries"]
        command += ["stream=width,height", "-of", "csv=p=0", str(source)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        width, height = done.stdout.strip().strip(",").split(",")[:2]
        return int(width), int(height)
