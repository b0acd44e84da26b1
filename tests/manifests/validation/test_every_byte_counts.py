"""Each single byte of a labelled picture flipped: outside the manifest nothing ever reads intact.

Inside it, some 200 bytes are free: the padding of the COSE signature, and the lengths and
labels of JUMBF boxes that no hash covers. Every one of them is accounted for.
"""

from __future__ import annotations

import random
import re
import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest

import genlabel
import jumbf
from genlabel import formats
from genlabel.formats.format import Survey
from genlabel.model.errors import MalformedAsset, UnsupportedFormat
from genlabel.model.label import Label
from genlabel.model.parties import Producer
from genlabel.model.report import Integrity
from genlabel.operations import verify
from genlabel.operations.labeller import Labeller
from genlabel.testing import Authority, picture
from oracles import small_files
from oracles.pictures import flipped

BOX_BYTES = 80
"""Most bytes of boxes' lengths, labels and numbers that nothing protects: 67 were measured."""

FREE = (190, 210)
"""Bytes of padding in the signature, fewest and most, where we put the manifest in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A small labelled picture, and where its manifest lies."""

    data: bytes
    store: bytes
    spans: tuple[tuple[int, int], ...]
    beside: bytes | None = None
    """The manifest of a file that has no place for one."""

    def inside(self, at: int) -> bool:
        """Is this byte one of the manifest's container?"""
        return any(start <= at < end for start, end in self.spans)


def _small(format: str) -> Signed:
    # Ed25519, because checking it takes a third of what P-256 takes the engine.
    signer = Authority.new("A", algorithm="ed25519").signer()
    source = picture(format, size=(16, 16), quality=20)
    data = genlabel.sign(source, Label.generated(producer=Producer("A")), signer).data
    container = formats.identify(data)
    survey = container.survey(data)
    assert survey.manifest is not None
    spans = tuple(survey.manifest_spans)
    return Signed(data=data, store=survey.manifest, spans=spans)


def _integrity(data: bytes, sidecar: bytes | None = None) -> Integrity | None:
    """What verifying says; None where it says that the file itself is damaged."""
    try:
        return genlabel.verify(data, sidecar=sidecar, policy=None).integrity
    except (MalformedAsset, UnsupportedFormat):
        return None


@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "tiff"])
def test_no_byte_outside_the_manifest_can_change_and_few_inside(format, monkeypatch):
    small = _small(format)
    assert len(small.data) < 9_000
    assert _integrity(small.data) is Integrity.INTACT
    sample = {at: _integrity(flipped(small.data, at)) for at in range(0, len(small.data), 97)}
    # Integrity hangs on no metadata mark: they are not read, which halves the time.
    monkeypatch.setattr(verify, "METADATA_MARKS", ())
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
    fewest, most = FREE
    assert fewest <= len(padding) <= most
    assert len(free - padding) <= BOX_BYTES

    inside = Counter(each for at, each in enumerate(verdicts) if small.inside(at))
    # A marker or box type that says something else: there is no manifest any more.
    assert inside[Integrity.ABSENT] <= 8
    # One byte makes the algorithm's name an unknown one.
    assert inside[Integrity.UNKNOWN] <= 8
    assert inside[None] <= 8


SAMPLE = 80
"""Places that are tried in each file beside those where its structure stands, drawn by lot."""
ISO_MEDIA = ("avif", "heic", "mp4", "mov", "m4a")
LEFT_OUT = (b"mfra",)
UNUSED = (b"free", b"skip")
"""Boxes that hold nothing, which the engine's own hash leaves out and ours covers."""


@pytest.mark.parametrize("name", small_files.NAMES)
def test_outside_the_manifest_only_what_the_docs_name_can_change(name, monkeypatch):
    signed = _of(name)
    places = _places(signed)
    monkeypatch.setattr(verify, "METADATA_MARKS", ())
    verdicts = {at: _integrity(_bent(signed.data, at), signed.beside) for at in places}
    assert _integrity(signed.data, signed.beside) is Integrity.INTACT
    assert set(verdicts.values()) <= {*Integrity} - {Integrity.UNKNOWN} | {None}
    free = {at for at, each in verdicts.items() if each is Integrity.INTACT}
    named = _named_in_the_docs(signed)
    assert free <= named
    if formats.identify(signed.data).name in ISO_MEDIA:
        assert set(range(12, 16)) <= free  # the minor version: the docs say no more than is true
    rest = [each for at, each in verdicts.items() if at not in named]
    assert rest.count(Integrity.BROKEN) > 0.5 * len(rest)


@pytest.mark.parametrize("name", small_files.NAMES)
def test_nothing_can_be_put_between_the_parts_of_a_file_nor_taken_out(name, monkeypatch):
    signed = _of(name)
    data = signed.data
    blocks = [each for each in _surveyed(data).blocks if not signed.inside(each.start)]
    edges = sorted({each.start for each in blocks} | {len(data)})
    whole = {(at, put): data[:at] + put + data[at:] for at in edges for put in PUT}
    for each in blocks:
        end = each.start + each.length
        whole[each.start, b"less"] = data[: each.start] + data[end:]
        whole[each.start, b"twice"] = data[:end] + data[each.start :]
    lot = random.Random(name).sample(sorted(whole), min(len(whole), 60))
    last = [each for each in whole if each[0] == len(data)]
    monkeypatch.setattr(verify, "METADATA_MARKS", ())
    intact = {
        place
        for place in {*lot, *last}
        if _integrity(whole[place], signed.beside) is Integrity.INTACT
    }
    if formats.identify(data).name not in ISO_MEDIA:
        assert intact == set()
        return
    at_the_end = {(len(data), _iso(kind)) for kind in LEFT_OUT}
    assert at_the_end <= intact
    assert all(_is_left_out(data, place) for place in intact - at_the_end)


def _iso(kind: bytes) -> bytes:
    return struct.pack(">I", 16) + kind + bytes(8)


PUT = (
    *(b"\0", bytes(16), b"<!-- more -->", b"%more\n", b"\xff\xfe\0\4more", b"\x21\xfe\1x\0"),
    *(b"JUNK\4\0\0\0more", b"TAG" + bytes(125), _iso(b"mdat"), *map(_iso, UNUSED + LEFT_OUT)),
)
"""What some formats skip: comments, blocks without a meaning, and what stands behind the end."""


def _is_left_out(data: bytes, place: tuple[int, bytes]) -> bool:
    """Is it one of the boxes of which the docs say so, put in front of another one, or that box?"""
    at, put = place
    here = data[at + 4 : at + 8]
    return here in LEFT_OUT and (put in (b"less", b"twice") or put[4:8] in LEFT_OUT)


@cache
def _of(name: str) -> Signed:
    """A small file of the kind, its manifest within where there is a place for it."""
    source = small_files.small(name)
    beside = _surveyed(source).unsignable is not None
    signer = Authority.new("A", algorithm="ed25519").signer()
    signed = Labeller(signer=signer).sign(
        source, Label.generated(producer=Producer("A")), sidecar=beside
    )
    if beside:
        assert signed.sidecar is not None
        return Signed(data=signed.data, store=signed.sidecar, spans=(), beside=signed.sidecar)
    survey = _surveyed(signed.data)
    assert survey.manifest is not None
    spans = tuple(survey.manifest_spans)
    return Signed(data=signed.data, store=survey.manifest, spans=spans)


def _surveyed(data: bytes) -> Survey:
    return formats.identify(data).survey(data)


def _bent(data: bytes, at: int) -> bytes:
    """`data` with another byte at `at`, each place bent in its own way."""
    return data[:at] + bytes((data[at] ^ 1 << at % 8,)) + data[at + 1 :]


def _places(signed: Signed) -> list[int]:
    """Where each block begins, outside the manifest, and as many places again as chance has it."""
    outside = [at for at in range(len(signed.data)) if not signed.inside(at)]
    structure = {
        at
        for block in _surveyed(signed.data).blocks[:40]
        for at in range(block.start, block.start + min(16, block.length))
        if not signed.inside(at)
    }
    chance = random.Random(len(outside))
    return sorted(
        structure | {0, outside[-1]} | set(chance.sample(outside, min(SAMPLE, len(outside))))
    )


def _named_in_the_docs(signed: Signed) -> set[int]:
    """The bytes that docs/formats.md says no manifest covers: of ISO files, nowhere else."""
    data, named, at = signed.data, set[int](), 0
    if formats.identify(data).name not in ISO_MEDIA:
        return named
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"ftyp" or kind in LEFT_OUT:
            named.update(range(at + 8, at + size))
        if kind in LEFT_OUT:
            named.update(range(at + 4, at + 8))  # as long as it stays one of them
        at += size
    return named


_PADDING = rb"cpad(?:\x58([\x18-\xff])|\x59(..))"
"""Its name, and its length in one or two bytes (RFC 8949 §3)."""


def _padding(small: Signed) -> Iterator[int]:
    """The value of ``pad`` in the unprotected COSE header: a CBOR byte string of zeros."""
    found = re.search(_PADDING, small.data, re.DOTALL)
    assert found is not None
    length = int.from_bytes(found[1] or found[2], "big")
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
    found = re.search(_PADDING, small.data, re.DOTALL)
    assert found is not None
    name = found.start() + 1
    yield from range(name, name + 3)  # the name of the padding
    yield max(_padding(small)) + 1  # the payload that is not there: null, or undefined
