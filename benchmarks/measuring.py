"""One file after the other beside the engine, and what rule books and visible labels cost."""

from __future__ import annotations

import hashlib
import io
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from drawn import PICTURES, Source, longer_film
from engine_alone import LABEL, SIGNER, TRUST, Engine
from memory import memory
from PIL import Image, JpegImagePlugin
from results import Row, row

import genlabel
from genlabel.formats import identify, recognise
from genlabel.policies import BOOKS

SIGNING, VERIFYING = "Signing", "Verifying"
SIGN_MOST = {
    "12 MP PNG": 0.60,
    "12 MP JPEG": 0.80,
    "1 MP JPEG,": 1.0,
    "1 MP PNG": 1.0,
    "1 MP WebP": 1.0,
}
"""Most that signing may cost beside the engine's signing with thumbnails off and one read."""
VERIFY_MOST = 1.1
LARGE_FILES = {"12 MP PNG": 0.80, "12 MP JPEG": 0.95}
"""Most that verifying may cost beside one read of the engine, where hashing is most of it."""
MOST_BYTES = 6 * 1024
SMALL, IN_A_ROW = 2_000_000, 5
"""Bytes of files that take milliseconds, and how many of them come one behind the other before it
is the engine's turn, as in a folder."""
BOOKS_MOST = {
    ("labelled", "c2pa-conformance"): 1.05,
    tuple(name for name in BOOKS if name != "c2pa-conformance-2.2"): 1.08,
}
"""Most that judging a 12 MP JPEG by these rule books may cost beside verifying it without any. The
conformance programme's of an older version is for other manifests."""


Pair = tuple[list[float], list[float]]
"""Ours and the engine's, round by round."""


@dataclass(frozen=True)
class Timing:
    """Seconds of one picture's rounds: ours and the engine's in turn, job by job."""

    name: str
    signing: Pair
    """Beside the engine's signing and one read."""
    alternating: Pair
    """The same of a small file, where each waits for the other after every file."""
    bare: Pair
    """Beside the same, where the engine does not check its own result."""
    verifying: Pair
    """Beside one read."""
    hashed: list[float]
    copied: list[float]
    growth: int
    memory: dict[str, int]
    """Peak bytes of resident memory of a process that signs and verifies the file once: ours and
    the engine's; empty where nobody tells."""

    def rows(self) -> Iterator[Row]:
        """What is told of it."""
        sign_most = next((SIGN_MOST[each] for each in SIGN_MOST if each in self.name), None)
        name = f"{self.name}, beside signing and one read"
        yield row(SIGNING, name, beside(*self.signing), "×", most=sign_most)
        if any(self.alternating):
            name = f"{self.name}, beside signing and one read, file by file in turn"
            yield row(SIGNING, name, beside(*self.alternating), "×")
        name = f"{self.name}, beside the same without its own check"
        yield row(SIGNING, name, beside(*self.bare), "×")
        name = f"{self.name}, beside one read"
        large = next((LARGE_FILES[each] for each in LARGE_FILES if each in self.name), None)
        if large is not None:
            yield row(VERIFYING, name, beside(*self.verifying), "×", most=large)
        else:
            yield row(VERIFYING, name, beside(*self.verifying), "×")
            pairs = zip(*self.verifying, strict=True)
            over = [1e3 * (one - VERIFY_MOST * other) for one, other in pairs]
            yield row(VERIFYING, f"{self.name}, over 1.1 × one read", over, "ms", most=0.3)
        for told, times in (
            ("signed", self.signing[0]),
            ("signed and read by the engine", self.signing[1]),
            ("verified", self.verifying[0]),
            ("read by the engine", self.verifying[1]),
            ("SHA-256", self.hashed),
            ("copied", self.copied),
        ):
            yield row("Milliseconds", f"{self.name}, {told}", [1e3 * each for each in times], "ms")
        table = "Bytes and memory"
        yield row(
            table, f"{self.name}, bytes more, XMP apart", [self.growth], "bytes", most=MOST_BYTES
        )
        for who, words in (("ours", "memory to sign and verify"), ("raw", "the engine alone")):
            if who in self.memory:
                yield row(table, f"{self.name}, {words}", [self.memory[who] / 1e6], "MB")


def beside(ours: list[float], others: list[float]) -> list[float]:
    """The ratio of each round."""
    return [one / other for one, other in zip(ours, others, strict=True)]


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
    is_small = len(data) <= SMALL
    in_a_row = IN_A_ROW if is_small else 1

    def raw(check: bool) -> None:
        engine.sign(data, mime, check=check, beside=beside)
        engine.read(*theirs)

    return Timing(
        f"{source.name}, {len(data) / 1e6:.1f} MB",
        turns(rounds, lambda: sign(data, beside), lambda: raw(check=True), in_a_row),
        turns(rounds * IN_A_ROW, lambda: sign(data, beside), lambda: raw(check=True))
        if is_small
        else ([], []),
        turns(rounds, lambda: sign(data, beside), lambda: raw(check=False), in_a_row),
        turns(rounds, lambda: verify(signed), lambda: engine.read(*ours), in_a_row),
        [seconds(lambda: hashlib.sha256(data).digest()) for _ in range(rounds)],
        [seconds(lambda: bytearray(data)) for _ in range(rounds)],
        growth=growth(data, signed),
        memory=memory(data, mime),
    )


def turns(
    rounds: int, ours: Callable[[], object], theirs: Callable[[], object], in_a_row: int = 1
) -> Pair:
    """Seconds of two jobs that take turns, each `in_a_row` times: nobody is always the second, and
    two rounds before the first load what other jobs have put out of the caches (decisions 182 and
    189)."""
    pair: Pair = [], []
    works = list(zip(pair, (ours, theirs), strict=True))
    for number in range(-2, rounds):
        for times, work in works if number % 2 else works[::-1]:
            took = [seconds(work) for _ in range(in_a_row)]
            if number >= 0:
                times += took
    return pair


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


def film_verified(rounds: int) -> list[float]:
    """Verifying a signed film of 1 GB beside SHA-256 over it: the ratio of each round."""
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        path, signed = Path(folder, "film.mp4"), Path(folder, "signed.mp4")
        if not longer_film(path):
            return []
        genlabel.sign_file(path, LABEL, SIGNER, out=signed)
        path.unlink()
        for number in range(rounds + 1):
            verified = seconds(lambda: genlabel.verify_file(signed, trust=TRUST))
            with signed.open("rb") as file:
                hashed = seconds(lambda file=file: hashlib.file_digest(file, "sha256"))
            if number:  # the first fills the system's cache
                ratios.append(verified / hashed)
    return ratios


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

    return median(beside(*turns(rounds, lambda: genlabel.mark(data, words="ai"), coded)))


def verify_by(signed: genlabel.Signed, books: Sequence[str]) -> genlabel.Report:
    return genlabel.verify(signed.data, trust=TRUST, policy=books or None)
