"""Speed and size, bytes to bytes, against the C2PA engine itself: medians of ratios in one run.

    python benchmarks/run.py            # prints the tables and writes benchmarks/results.md
    python benchmarks/run.py --quick    # fewer rounds and files, nothing written
    python benchmarks/run.py --plugin   # what pytest's plugin costs, and nothing else
    python benchmarks/run.py --books    # what judging by rule books costs, and nothing else
    python benchmarks/run.py --visible  # what a visible label costs, and nothing else

Every round measures genlabel and the engine one right after the other on the same bytes, so that
a busy machine slows both; of the rounds' ratios the median counts. Pictures are drawn here.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import ClassVar

import c2pa
from PIL import Image, JpegImagePlugin

import genlabel
from genlabel import Generator, Label, Producer, testing
from genlabel.formats import identify, recognise
from genlabel.policies import BOOKS

RESULTS = Path(__file__).with_name("results.md")
SIGN_TARGET = 1.3
VERIFY_TARGET, VERIFY_ALLOWANCE = 1.1, 0.3e-3
LARGE_FILES = {"12 MP PNG": 0.80, "12 MP JPEG": 0.95}
"""Most that verifying may cost beside one read of the engine, where hashing is most of it."""
FILM_VERIFY_TARGET = 1.15
"""The same of a film of 1 GB beside SHA-256 over it."""
VISIBLE_TARGET = 1.6
"""Most that a visible label on a 12 MP JPEG may cost beside Pillow's decoding and encoding."""
BOOKS_TARGETS = {
    ("labelled", "c2pa-conformance"): 1.05,
    tuple(name for name in BOOKS if name != "c2pa-conformance-2.2"): 1.08,
}
"""Most that judging a 12 MP JPEG by these rule books may cost beside verifying it without any. The
conformance programme's of an older version is for other manifests."""
JOBS_TARGET = 1.6
"""Least by which two jobs verify 2,000 pictures faster than one."""
IMPORT_TARGET, VERSION_TARGET, PLUGIN_TARGET = 40e-3, 100e-3, 5e-3
PLUGIN_TARGET = 5e-3
"""Most that pytest's plugin may cost a run that does not use it."""
GROWTH_TARGET = 6 * 1024
FILM_TARGET = 150 * 1024 * 1024

AS_BYTES = "application/octet-stream"
"""By which type the engine hashes what it is not to embed into (decision 034)."""

AUTHORITY = testing.Authority.new("Acme Studio")
SIGNER = AUTHORITY.signer()
TRUST = testing.trust(AUTHORITY)
LABEL = Label.generated(
    producer=Producer("Acme Studio", url="https://acme.example"),
    generator=Generator("ModelX", version="1.0", provider="Example Labs"),
    title="Hills",
)


class Engine:
    """The engine without genlabel: thumbnails off, the same key, the same trust, no network."""

    MANIFEST: ClassVar = {
        "claim_generator_info": [{"name": "raw", "version": "1", "specVersion": "2.4.0"}],
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "created": True,
                "data": {
                    "allActionsIncluded": True,
                    "actions": [
                        {
                            "action": "c2pa.created",
                            "when": "2026-01-02T03:04:05Z",
                            "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/"
                            "trainedAlgorithmicMedia",
                            "softwareAgent": {"name": "ModelX", "version": "1.0"},
                        }
                    ],
                },
            }
        ],
    }

    def __init__(self) -> None:
        info = c2pa.C2paSignerInfo(b"es256", AUTHORITY.certificates, AUTHORITY.key_pem(), None)
        self._signer = c2pa.Signer.from_info(info)
        self._context = self._with(check=True)
        self._bare = self._with(check=False)

    @staticmethod
    def _with(*, check: bool) -> c2pa.Context:
        return c2pa.Context.from_dict(
            {
                "trust": {
                    "trust_config": "1.3.6.1.4.1.62558.2.1\n1.3.6.1.5.5.7.3.4\n",
                    "anchors": [
                        {
                            "trust_kind": "manifest",
                            "trust_uri": "raw:anchor",
                            "trust_anchors": AUTHORITY.anchors.decode(),
                        }
                    ],
                },
                "verify": {
                    "remote_manifest_fetch": False,
                    "ocsp_fetch": False,
                    "verify_after_sign": check,
                },
                "builder": {"thumbnail": {"enabled": False}},
            }
        )

    def sign(self, data: bytes, mime: str, *, check: bool = True, beside: bool = False) -> bytes:
        """The signed file, or the manifest `beside` one that has no place for it."""
        signed = io.BytesIO()
        context = self._context if check else self._bare
        with c2pa.Builder(self.MANIFEST, context=context) as builder:
            if beside:
                builder.set_no_embed()
                return builder.sign(self._signer, AS_BYTES, io.BytesIO(data), signed)
            builder.sign(self._signer, mime, io.BytesIO(data), signed)
        return signed.getvalue()

    def read(self, data: bytes, mime: str, store: bytes | None = None) -> None:
        more = {"manifest_data": store} if store else {}
        with c2pa.Reader(mime, io.BytesIO(data), context=self._context, **more) as reader:
            state = json.loads(reader.json())["validation_state"]
        if state != "Trusted":
            raise SystemExit(f"the engine calls its own result {state}")


@dataclass(frozen=True)
class Timing:
    """Seconds of one picture's rounds, each round beside the others'."""

    name: str
    size: int
    ours: list[float]
    raw: list[float]
    bare: list[float]
    verified: list[float]
    read: list[float]
    hashed: list[float]
    copied: list[float]
    growth: int
    memory: dict[str, int]
    """Peak bytes of resident memory of a process that signs and verifies the file once: ours and
    the engine's; empty where nobody tells."""

    @property
    def sign_ratio(self) -> float:
        return median(one / other for one, other in zip(self.ours, self.raw, strict=True))

    @property
    def bare_ratio(self) -> float:
        return median(one / other for one, other in zip(self.ours, self.bare, strict=True))

    @property
    def verify_ratio(self) -> float:
        return median(one / other for one, other in zip(self.verified, self.read, strict=True))

    @property
    def verify_excess(self) -> float:
        """Seconds over 1.1 times the raw read."""
        return median(
            one - VERIFY_TARGET * other for one, other in zip(self.verified, self.read, strict=True)
        )

    @property
    def verify_limit(self) -> tuple[str, bool]:
        """What verifying may cost at most, and whether it does not cost more."""
        ratio = next((LARGE_FILES[each] for each in LARGE_FILES if each in self.name), None)
        if ratio is not None:
            return f"{ratio:.2f} ×", self.verify_ratio <= ratio
        return "1.1 × + 0.3 ms", self.verify_excess <= VERIFY_ALLOWANCE


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


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def timed(source: Source, rounds: int, engine: Engine) -> Timing | None:
    """One file measured; None where it cannot be made here."""
    data = source.make()
    if data is None or recognise(data) is None:
        return None
    container = identify(data)
    mime, beside = container.media_type, container.survey(data).unsignable is not None
    signed = sign(data, beside)
    raw_signed = engine.sign(data, mime, beside=beside)
    theirs = (data, mime, raw_signed) if beside else (raw_signed, mime)
    ours = (signed.data, mime, signed.sidecar)
    engine.read(*ours)
    timing = Timing(
        f"{source.name}, {len(data) / 1e6:.1f} MB",
        len(data),
        *([] for _ in range(7)),
        growth=growth(data, signed),
        memory=memory(data, mime),
    )
    for number in range(rounds):
        timing.ours.append(seconds(lambda: sign(data, beside)))
        reading = seconds(lambda: engine.read(*theirs))
        timing.raw.append(seconds(lambda: engine.sign(data, mime, beside=beside)) + reading)
        bare = seconds(lambda: engine.sign(data, mime, check=False, beside=beside))
        timing.bare.append(bare + reading)
        # Whoever is first after signing pays for the memory that signing gave back to the system.
        engine.read(*ours)
        pair = [
            (timing.verified, lambda: verify(signed)),
            (timing.read, lambda: engine.read(*ours)),
        ]
        for times, work in pair if number % 2 else pair[::-1]:  # nobody is always the second
            times.append(seconds(work))
        timing.hashed.append(seconds(lambda: hashlib.sha256(data).digest()))
        timing.copied.append(seconds(lambda: bytearray(data)))
    return timing


def sign(data: bytes, beside: bool) -> genlabel.Signed:
    """Labelled, with metadata in every case; the manifest within, or `beside` it."""
    more = {"sidecar": True, "marks": ["iptc"]} if beside else {}
    return genlabel.sign(data, LABEL, SIGNER, trust=TRUST, **more)


def verify(signed: genlabel.Signed) -> genlabel.Report:
    return genlabel.verify(signed.data, trust=TRUST, sidecar=signed.sidecar)


def growth(data: bytes, signed: genlabel.Signed) -> int:
    """Bytes that a file grows by with its manifest, the XMP apart."""
    more = len(signed.data) + len(signed.sidecar or b"") - len(data)
    return more - genlabel.inspect(signed.data).slots.get("xmp", 0)


def memory(data: bytes, mime: str) -> dict[str, int]:
    """Peak bytes of resident memory, ours and the engine's alone, a fresh process each."""
    if sys.platform != "linux":
        return {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_bytes(data)
        AUTHORITY.write(Path(folder))
        Path(folder, "manifest.json").write_text(json.dumps(Engine.MANIFEST))
        return {name: peak(code, path, mime) for name, code in (("ours", OURS), ("raw", RAW))}


OUR_PART = """
import sys
from pathlib import Path
from genlabel.formats import identify
from genlabel.formats.essence import same_essence
from genlabel.formats.format import XMP
from genlabel.storage import buffers, file_contents
data = file_contents.contents(Path(sys.argv[1]))
container = identify(data)
survey = container.survey(data)
made = buffers.joined(container.rewrite(survey, {XMP: b"<x/>"}))
assert same_essence(container, survey, container.survey(made))
for part in buffers.strides(made):
    len(part)
"""
WHOLE = """
import sys
from genlabel import Generator, Label, Producer, testing
import genlabel
label = Label.generated(producer=Producer("Acme Studio"), generator=Generator("ModelX"))
signer = testing.Authority.new("Acme Studio").signer()
genlabel.sign_file(sys.argv[1], label, signer, out=sys.argv[1] + ".mp4")
"""
OURS = """
import sys
from pathlib import Path
import genlabel
from genlabel import Generator, KeySigner, Label, Producer
from genlabel.formats import identify
path = Path(sys.argv[1])
data = path.read_bytes()
signer = KeySigner.from_files(path.with_name("signing.key"), path.with_name("signing.pem"))
label = Label.generated(producer=Producer("Acme Studio"), generator=Generator("ModelX"))
beside = identify(data).survey(data).unsignable is not None
signed = genlabel.sign(data, label, signer, sidecar=beside)
genlabel.verify(signed.data, sidecar=signed.sidecar)
"""
RAW = """
import io, sys
from pathlib import Path
import c2pa
path, mime = Path(sys.argv[1]), sys.argv[2]
data = path.read_bytes()
chain, key = (path.with_name(name).read_bytes() for name in ("signing.pem", "signing.key"))
signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"es256", chain, key, None))
context = c2pa.Context.from_dict({"builder": {"thumbnail": {"enabled": False}}})
signed = io.BytesIO()
with c2pa.Builder(path.with_name("manifest.json").read_text(), context=context) as builder:
    builder.sign(signer, mime, io.BytesIO(data), signed)
with c2pa.Reader(mime, signed, context=context) as reader:
    reader.json()
"""
PEAK = """
status = open("/proc/self/status").read()
print(status.split("VmHWM:")[1].split()[0])
"""


def film_memory() -> dict[str, int]:
    """Peak bytes of resident memory for a film of 1 GB: our own part, and with the engine."""
    film = played(".mp4", "-c:v", "mpeg4", "-c:a", "aac", "-movflags", "+faststart")
    if film is None or sys.platform != "linux":
        return {}
    at = film.rindex(b"mdat") - 4  # the last box: it is made larger
    more = 1 << 30
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "film.mp4")
        with path.open("wb") as file:
            file.write(film[:at] + (len(film) - at + more).to_bytes(4, "big") + film[at + 4 :])
            file.seek(more - 1, os.SEEK_CUR)
            file.write(b"\0")
        return {name: peak(code, path) for name, code in (("own", OUR_PART), ("whole", WHOLE))}


def film_verified(rounds: int) -> list[float]:
    """Verifying a signed film of 1 GB beside SHA-256 over it: the ratio of each round."""
    film = played(".mp4", "-c:v", "mpeg4", "-c:a", "aac", "-movflags", "+faststart")
    if film is None:
        return []
    at = film.rindex(b"mdat") - 4
    more = 1 << 30
    longer = film[:at] + (len(film) - at + more).to_bytes(4, "big") + film[at + 4 :]
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        path, signed = Path(folder, "film.mp4"), Path(folder, "signed.mp4")
        with path.open("wb") as file:
            file.write(longer)
            for _ in range(more >> 20):
                file.write(os.urandom(1 << 10) * (1 << 10))
        genlabel.sign_file(path, LABEL, SIGNER, out=signed)
        path.unlink()
        for number in range(rounds + 1):
            verified = seconds(lambda: genlabel.verify_file(signed, trust=TRUST))
            with signed.open("rb") as file:
                hashed = seconds(lambda file=file: hashlib.file_digest(file, "sha256"))
            if number:  # the first fills the system's cache
                ratios.append(verified / hashed)
    return ratios


def jobs_verified(count: int) -> float:
    """By how much two jobs verify `count` JPEG of 1 MP faster than one."""
    signed = sign(photograph("jpeg", SMALL, quality=85), beside=False).data
    with tempfile.TemporaryDirectory() as folder:
        pictures = Path(folder, "pictures")
        pictures.mkdir()
        for number in range(count):
            Path(pictures, f"{number:04d}.jpg").write_bytes(signed)
        anchors = Path(folder, "anchors.pem")
        anchors.write_bytes(AUTHORITY.anchors)
        words = ["-m", "genlabel", "verify", str(pictures), "--trust", str(anchors), "-q"]

        def took(jobs: int) -> float:
            return seconds(lambda: run([*words, "--no-config", "--jobs", str(jobs)], fails=True))

        took(2)
        return median(took(1) / took(2) for _ in range(3))


def peak(code: str, path: Path, *more: str) -> int:
    words = [sys.executable, "-c", code + PEAK, str(path), *more]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    return int(done.stdout) * 1024


def start_up(rounds: int) -> dict[str, float]:
    """Seconds over ``python -c pass``, medians of differences in one run; the plugin's own time."""
    programs = {
        "`import genlabel`": ["-c", "import genlabel"],
        "`genlabel --version`": ["-m", "genlabel", "--version"],
    }
    over: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(rounds + 1):
        nothing = seconds(lambda: run(["-c", "pass"]))
        for name, words in programs.items():
            over[name].append(seconds(lambda words=words: run(words)) - nothing)
    medians = {name: median(each[1:]) for name, each in over.items()}  # the first fills caches
    return {**medians, "`pytest` with the plugin, over `pytest` without": plugin(rounds)}


PLUGIN = """
import sys, time
import pytest
class Loads:
    def pytest_configure(self, config):
        begun = time.process_time()
        config.pluginmanager.import_plugin("genlabel.pytest_plugin")
        print(time.process_time() - begun, file=sys.stderr)
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", sys.argv[1]], plugins=[Loads()]))
"""


def plugin(rounds: int) -> float:
    """Seconds of a processor that pytest's plugin costs a run that asks for nothing of it."""
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    with tempfile.TemporaryDirectory() as folder:
        test = Path(folder, "test_nothing.py")
        test.write_text("def test_nothing(): pass\n")

        def spent() -> float:
            words = [sys.executable, "-c", PLUGIN, str(test)]
            done = subprocess.run(
                words, check=True, capture_output=True, text=True, cwd=folder, env=environment
            )
            return float(done.stderr)

        spent()  # compiles
        return median(spent() for _ in range(rounds))


def run(words: list[str], *, fails: bool = False) -> None:
    """A program of ours; with `fails` findings are no reason to stop."""
    done = subprocess.run([sys.executable, *words], stdout=subprocess.DEVNULL)
    if done.returncode not in ((0, 1) if fails else (0,)):
        raise SystemExit(f"{' '.join(words)} ended with {done.returncode}")


def verdict(held: bool) -> str:
    return "yes" if held else "**no**"


def report(
    timings: list[Timing],
    started: dict[str, float],
    film: dict[str, int],
    more: list[tuple[str, str, str, bool]],
    command: str,
) -> Iterator[str]:
    """The tables, line by line."""
    yield "# Speed and size"
    yield ""
    yield (
        f"By `{command}`: genlabel {genlabel.__version__}, engine {c2pa.sdk_version()}, "
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores. Bytes to bytes in memory; medians of ratios in one run."
    )
    yield ""
    yield "Signing (XMP written, payload compared, result read back) against the engine's signing"
    yield "with thumbnails off and one verifying read; *bare*: without the engine's own check after"
    yield "signing, which is on by default. Verifying (every mark) against one read of the engine."
    yield ""
    yield (
        "| picture | sign ms | engine ms | ratio | ≤ 1.3 | ratio to bare | verify ms | engine ms "
        "| ratio | at most | held | sha256 ms | copy ms |"
    )
    yield "|---|" + "---|" * 12
    for each in timings:
        most, held = each.verify_limit
        yield (
            f"| {each.name} | {ms(each.ours)} | {ms(each.raw)} | {each.sign_ratio:.2f} "
            f"| {verdict(each.sign_ratio <= SIGN_TARGET)} | {each.bare_ratio:.2f} "
            f"| {ms(each.verified)} | {ms(each.read)} | {each.verify_ratio:.2f} "
            f"| {most} | {verdict(held)} | {ms(each.hashed)} "
            f"| {ms(each.copied)} |"
        )
    yield ""
    yield "| start | ms over `python -c pass` | at most | held |"
    yield "|---|---|---|---|"
    targets = (IMPORT_TARGET, VERSION_TARGET, PLUGIN_TARGET)
    for (name, over), target in zip(started.items(), targets, strict=True):
        yield f"| {name} | {over * 1e3:.0f} | {target * 1e3:.0f} | {verdict(over <= target)} |"
    yield ""
    yield "Memory is the peak of a fresh process, Python and all, that signs and verifies once."
    yield ""
    yield "| picture | bytes more, XMP apart | at most | held | MB of memory | engine alone |"
    yield "|---|---|---|---|---|---|"
    for each in timings:
        held = verdict(each.growth <= GROWTH_TARGET)
        needed = " | ".join(
            f"{each.memory[who] / 1e6:.0f}" for who in ("ours", "raw") if each.memory
        )
        yield (
            f"| {each.name} | {each.growth:,} | {GROWTH_TARGET:,} | {held} | {needed or ' | '} |"
        )
    if film:
        own, whole = film["own"], film["whole"]
        yield ""
        yield "| film of 1 GB | MB of resident memory | at most | held |"
        yield "|---|---|---|---|"
        yield (
            f"| genlabel's own part: survey, rewrite, compare, hash | {own / 1e6:.0f} "
            f"| {FILM_TARGET / 1e6:.0f} | {verdict(own <= FILM_TARGET)} |"
        )
        yield f"| signing and reading back, the engine included | {whole / 1e6:,.0f} | | |"
    if more:
        yield ""
        yield "| verifying | measured | wanted | held |"
        yield "|---|---|---|---|"
        for name, value, wanted, held in more:
            yield f"| {name} | {value} | {wanted} | {verdict(held)} |"


def large(quick: bool) -> Iterator[tuple[str, str, str, bool]]:
    """What takes minutes: a film of 1 GB, and 2,000 pictures by one job and by two."""
    if quick:
        return
    ratios = film_verified(5)
    if ratios:
        ratio = median(ratios)
        held = ratio <= FILM_VERIFY_TARGET
        name = "a film of 1 GB, beside SHA-256 over it"
        yield name, f"{ratio:.2f} ×", f"at most {FILM_VERIFY_TARGET:.2f} ×", held
    for books, most in BOOKS_TARGETS.items():
        ratio = judged(books, 101)
        name = f"12 MP JPEG judged by {named(books)}, beside no rule book"
        yield name, f"{ratio:.3f} ×", f"at most {most:.2f} ×", ratio <= most
    ratio = marked(21)
    name = "12 MP JPEG with a visible label, beside Pillow's decoding and encoding"
    yield name, f"{ratio:.2f} ×", f"at most {VISIBLE_TARGET:.1f} ×", ratio <= VISIBLE_TARGET
    gain = jobs_verified(2000)
    name = "2,000 JPEG of 1 MP by two jobs, beside one"
    yield name, f"{gain:.2f} × as fast", f"at least {JOBS_TARGET:.1f} ×", gain >= JOBS_TARGET


def named(books: Sequence[str]) -> str:
    *first, last = [f"`{name}`" for name in books]
    return f"{', '.join(first)} and {last}"


def judged(books: Sequence[str], rounds: int) -> float:
    """What rule books cost, beside none: the least CPU time of many rounds, of all threads."""
    (source,) = (each for each in PICTURES if each.name == "12 MP JPEG")
    signed = sign(source.make(), beside=False)
    cases = (lambda: verify_by(signed, books), lambda: verify_by(signed, ()))
    least = dict.fromkeys(cases, float("inf"))
    for number in range(-2, rounds):
        # nobody is always the second; the first rounds load what is loaded once
        for work in cases if number % 2 else cases[::-1]:
            begun = time.process_time()
            work()
            if number >= 0:
                least[work] = min(least[work], time.process_time() - begun)
    return least[cases[0]] / least[cases[1]]


def marked(rounds: int) -> float:
    """What a visible label costs, beside decoding and encoding with the same settings."""
    (source,) = (each for each in PICTURES if each.name == "12 MP JPEG")
    data = source.make()
    assert data is not None

    def coded() -> bytes:
        with Image.open(io.BytesIO(data)) as picture:
            tables = getattr(picture, "quantization")  # noqa: B009  JPEG's alone
            sampling = JpegImagePlugin.get_sampling(picture)
            encoded = io.BytesIO()
            picture.save(encoded, "JPEG", qtables=tables, subsampling=sampling)
            return encoded.getvalue()

    cases: tuple[Callable[[], object], ...] = (lambda: genlabel.mark(data, words="ai"), coded)
    ratios = []
    for number in range(-2, rounds):
        order = cases if number % 2 else cases[::-1]
        times = {work: seconds(work) for work in order}
        ratios.append(times[cases[0]] / times[cases[1]])
    return median(ratios[2:])


def verify_by(signed: genlabel.Signed, books: Sequence[str]) -> genlabel.Report:
    return genlabel.verify(signed.data, trust=TRUST, policy=books or None)


def ms(rounds: list[float]) -> str:
    return f"{median(rounds) * 1e3:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure speed and size.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, nothing written")
    parser.add_argument("--plugin", action="store_true", help="what pytest's plugin costs, alone")
    parser.add_argument("--books", action="store_true", help="what rule books cost, alone")
    parser.add_argument("--visible", action="store_true", help="what a label drawn costs, alone")
    asked = parser.parse_args()
    quick = asked.quick
    if asked.plugin:
        print(f"{plugin(21) * 1e3:.1f} ms; at most {PLUGIN_TARGET * 1e3:.0f} ms")
        return
    if asked.books:
        for books, most in BOOKS_TARGETS.items():
            print(f"{judged(books, 401):.3f} ×; at most {most:.2f} ×: {named(books)}")
        return
    if asked.visible:
        print(f"{marked(21):.2f} ×; at most {VISIBLE_TARGET:.1f} ×")
        return
    engine = Engine()
    sources = PICTURES[:2] if quick else (*PICTURES, *OTHERS)
    measured = (timed(each, 5 if quick else 21, engine) for each in sources)
    timings = [each for each in measured if each is not None]
    command = "python benchmarks/run.py" + " --quick" * quick
    film = {} if quick else film_memory()
    started = start_up(5 if quick else 21)
    more = list(large(quick))
    text = "\n".join(report(timings, started, film, more, command)) + "\n"
    print(text, end="")
    if not quick:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
