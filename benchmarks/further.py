"""Single figures: a floor, the engine's defaults, another validator, no mark, each part."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from drawn import PICTURES
from engine_alone import AUTHORITY, TRUST, Engine
from measuring import seconds, sign, verify
from results import Row, row

import genlabel
from genlabel import testing
from genlabel.operations.signing import readback, seal, sign as signing

SIGNING, VERIFYING = "Signing", "Verifying"


def measured(rounds: int) -> Iterator[Row]:
    """All of them."""
    for rows in (
        floor(rounds),
        defaults(max(3, rounds // 3)),
        others(rounds),
        unmarked(rounds * 20),
        parts(rounds),
    ):
        yield from rows


def _picture(name: str) -> bytes:
    (source,) = (each for each in PICTURES if each.name == name)
    data = source.make()
    assert data is not None
    return data


def ratios(ours: Callable[[], object], other: Callable[[], object], rounds: int) -> list[float]:
    """Ours beside the other, who takes turns with being the first."""
    taken = []
    for number in range(-1, rounds):
        order = (ours, other) if number % 2 else (other, ours)
        times = {work: seconds(work) for work in order}
        if number >= 0:
            taken.append(times[ours] / times[other])
    return taken


def floor(rounds: int) -> Iterator[Row]:
    """A 12 MP PNG beside what nobody can do without: two hashes, a copy and a signature."""
    data, key = _picture("12 MP PNG"), ec.generate_private_key(ec.SECP256R1())

    def least() -> None:
        for _ in range(2):
            hashlib.sha256(data).digest()
        bytearray(data)
        key.sign(b"claim", ec.ECDSA(hashes.SHA256()))

    over = []
    for _ in range(rounds + 1):
        ours, lowest = seconds(lambda: sign(data, beside=False)), seconds(least)
        over.append((ours - 5e-3) / lowest)
    name = "12 MP PNG less 5 ms, beside two SHA-256, one copy and one ES256"
    yield row(SIGNING, name, over[1:], "×", most=1.25)


def defaults(rounds: int) -> Iterator[Row]:
    """A 12 MP JPEG beside the engine as it comes, which draws a thumbnail."""
    data, engine = _picture("12 MP JPEG"), Engine()
    raw = Engine(thumbnails=True)

    def theirs() -> None:
        engine.read(raw.sign(data, "image/jpeg"), "image/jpeg")

    name = "12 MP JPEG, the engine's defaults and one read beside ours"
    taken = ratios(theirs, lambda: sign(data, beside=False), rounds)
    yield row(SIGNING, name, taken, "×", least=10)


def others(rounds: int) -> Iterator[Row]:
    """Verifying beside encypher-c2pa, a validator that shares no code with the engine."""
    try:
        import encypher_c2pa
    except ImportError:
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ENCYPHER_C2PA_CONFIG_DIR"] = folder  # it saves its telemetry answer there
        for source in PICTURES:
            data = source.make()
            assert data is not None
            signed = sign(data, beside=False)
            mime = "image/jpeg" if "JPEG" in source.name else "image/png"

            def theirs(data: bytes = bytes(signed.data), mime: str = mime) -> None:
                encypher_c2pa.verify(
                    data,
                    mime,
                    no_default_trust=True,
                    trust_pem=AUTHORITY.anchors.decode(),
                    telemetry=False,
                    online=False,
                )

            ours = ratios(lambda signed=signed: verify(signed), theirs, rounds)
            yield row(VERIFYING, f"{source.name}, beside encypher-c2pa", ours, "×")


def unmarked(rounds: int) -> Iterator[Row]:
    """A file of 1 MB that says nothing."""
    data = testing.picture("jpeg", size=(64, 64))
    data = data[:-2] + os.urandom(1_000_000).replace(b"\xff", b"\xfe") + data[-2:]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "plain.jpg")
        path.write_bytes(data)
        labeller = genlabel.Labeller(trust=TRUST)
        labeller.verify_file(path)
        times = [seconds(lambda: labeller.verify_file(path)) * 1e3 for _ in range(rounds)]
    yield row(VERIFYING, "1 MB without any mark", times, "ms", most=0.3)


def parts(rounds: int) -> Iterator[Row]:
    """What each part of signing a 12 MP PNG costs: the time within the function of each part."""
    data = _picture("12 MP PNG")
    spent: dict[str, list[float]] = {}
    for _ in range(rounds + 1):
        with _clocks() as taken:
            whole = seconds(lambda: sign(data, beside=False))
        for name, value in {**taken, "all of it": whole}.items():
            spent.setdefault(name, []).append(value * 1e3)
    for name, several in spent.items():
        yield row("What each part of signing a 12 MP PNG costs", name, several[1:], "ms")


WATCHED = (
    ("looking at the file: survey, marks, manifest", signing, "examine_input"),
    ("composing XMP, IPTC and Exif", seal, "composed"),
    ("rewriting, hashing once, building and signing the claim", seal, "_signed"),
    ("reading back: survey, hash, verdict, comparison byte for byte", readback, "accept"),
)
"""A part, and the function within which its time is spent."""


@contextmanager
def _clocks() -> Iterator[dict[str, float]]:
    """Seconds within the function of each part, while this lasts."""
    taken: dict[str, float] = {}
    before = [getattr(module, function) for _, module, function in WATCHED]

    def timed(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: Any, **more: Any) -> Any:
            begun = time.perf_counter()
            try:
                return real(*words, **more)
            finally:
                taken[name] = taken.get(name, 0.0) + time.perf_counter() - begun

        return call

    for (name, module, function), real in zip(WATCHED, before, strict=True):
        setattr(module, function, timed(name, real))
    try:
        yield taken
    finally:
        for (_, module, function), real in zip(WATCHED, before, strict=True):
            setattr(module, function, real)
