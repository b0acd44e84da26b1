"""Each single byte of a labelled picture flipped: outside the manifest nothing ever reads intact.

Inside it, about a thousand bytes are free: the padding of the COSE signature, and the lengths and
labels of JUMBF boxes that no hash covers. Every one of them is accounted for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import jumbf
import pytest

from genlabel import containers, signing, verifying
from genlabel.errors import MalformedAsset, UnsupportedFormat
from genlabel.label import Label
from genlabel.parties import Producer
from genlabel.report import Integrity
from genlabel.testing import Authority, picture
from oracles.pictures import flipped
from oracles.recordings import SILENCE, flac, frame, tag

BOX_BYTES = 80
"""Most bytes of boxes' lengths, labels and numbers that nothing protects: 67 were measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A small labelled picture, and where its manifest lies."""

    data: bytes
    store: bytes
    spans: tuple[tuple[int, int], ...]

    def inside(self, at: int) -> bool:
        """Is this byte one of the manifest's container?"""
        return any(start <= at < end for start, end in self.spans)


def _small(format: str, source: bytes | None = None) -> Signed:
    # Ed25519, because checking it takes a third of what P-256 takes the engine.
    signer = Authority.new("A", algorithm="ed25519").signer()
    source = source or picture(format, size=(16, 16), quality=20)
    data = signing.sign(source, Label.generated(by=Producer("A")), signer).data
    container = containers.identify(data)
    survey = container.survey(data)
    assert survey.manifest is not None
    spans = tuple(container.manifest_spans(survey))
    return Signed(data=data, store=survey.manifest, spans=spans)


def _integrity(data: bytes) -> Integrity | None:
    """What verifying says; None where it says that the file itself is damaged."""
    try:
        return verifying.verify(data).integrity
    except (MalformedAsset, UnsupportedFormat):
        return None


@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "tiff"])
def test_no_byte_outside_the_manifest_can_change_and_few_inside(format, monkeypatch):
    small = _small(format)
    assert len(small.data) < 9_000
    assert _integrity(small.data) is Integrity.INTACT
    sample = {at: _integrity(flipped(small.data, at)) for at in range(0, len(small.data), 97)}
    # Integrity hangs on no metadata mark: they are not read, which halves the time.
    monkeypatch.setattr(verifying, "METADATA_MARKS", ())
    verdicts = [_integrity(flipped(small.data, at)) for at in range(len(small.data))]
    assert all(verdicts[at] == verdict for at, verdict in sample.items())

    outside = Counter(each for at, each in enumerate(verdicts) if not small.inside(at))
    assert Integrity.INTACT not in outside
    assert Integrity.UNKNOWN not in outside
    assert outside[Integrity.BROKEN] > 0.95 * sum(outside.values())

    free = {at for at, each in enumerate(verdicts) if each is Integrity.INTACT}
    padding = set(_padding(small))
    assert padding <= free
    assert free - padding <= set(_unprotected(small))
    assert 990 <= len(padding) <= 1_010
    assert len(free - padding) <= BOX_BYTES

    inside = Counter(each for at, each in enumerate(verdicts) if small.inside(at))
    # A marker or box type that says something else: there is no manifest any more.
    assert inside[Integrity.ABSENT] <= 8
    # One byte makes the algorithm's name an unknown one.
    assert inside[Integrity.UNKNOWN] <= 8
    assert inside[None] <= 8


def test_of_an_avif_only_the_brands_can_change_outside_the_manifest(monkeypatch):
    small = _small("avif")
    monkeypatch.setattr(verifying, "METADATA_MARKS", ())
    outside = [at for at in range(len(small.data)) if not small.inside(at)]
    free = {at for at in outside if _integrity(flipped(small.data, at)) is Integrity.INTACT}
    # C2PA 2.4 §18.7 leaves ftyp out; without its major brand it is no picture to us
    assert free == set(range(12, int.from_bytes(small.data[:4], "big")))


@pytest.mark.parametrize("format", ["mp3", "flac"])
def test_of_a_recording_no_byte_outside_the_manifest_can_change(format, monkeypatch):
    title = tag(frame(b"TIT2", b"\3Waves"))
    small = _small(format, title + (SILENCE[: 3 * 417] if format == "mp3" else flac()))
    monkeypatch.setattr(verifying, "METADATA_MARKS", ())
    # Every byte of the headers of tag, frames and blocks; of what they hold every fifth.
    headers = range(80)
    rest = range(80, len(small.data), 5)
    outside = [at for at in (*headers, *rest) if not small.inside(at)]
    verdicts = Counter(_integrity(flipped(small.data, at)) for at in outside)
    assert set(verdicts) <= {Integrity.BROKEN, Integrity.ABSENT, None}
    assert verdicts[Integrity.BROKEN] > 0.95 * len(outside)


def _padding(small: Signed) -> Iterator[int]:
    """The value of ``pad`` in the unprotected COSE header: a CBOR byte string of zeros."""
    found = re.search(rb"cpad\x59(..)", small.data, re.DOTALL)
    assert found is not None
    length = int.from_bytes(found[1], "big")
    assert small.data[found.end() : found.end() + length] == bytes(length)
    yield from range(found.end(), found.end() + length)


def _unprotected(small: Signed) -> Iterator[int]:
    """Where else the manifest's container has bytes that neither hash nor signature covers."""
    base = small.data.index(small.store)
    for box in jumbf.walk(small.store):
        described = box.type == "jumd"
        yield from range(base + box.start, base + (box.end if described else box.start + 8))
    start, end = small.spans[0]
    yield from range(start, base)  # the container's own header: JPEG's box and packet numbers
    yield from range(base + len(small.store), end)  # PNG's checksum
    name = small.data.index(b"cpad\x59") + 1
    yield from range(name, name + 3)  # the name of the padding
    yield max(_padding(small)) + 1  # the payload that is not there: null, or undefined
