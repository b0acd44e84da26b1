"""Films whose type comes behind free room, or whose type box has a size of 64 bits."""

from __future__ import annotations

import struct

import pytest

import genlabel
from genlabel import Label, Producer, Survival
from genlabel.formats import identify, recognise
from oracles import encypher, raw
from oracles.films import NEEDS_FFMPEG, is_here, played
from oracles.pictures import flipped
from oracles.small_files import small

pytestmark = pytest.mark.skipif(not is_here(), reason=NEEDS_FFMPEG)
LABEL = Label.generated(producer=Producer("Acme Studio"))
NOTE = "before ftyp, where many validators look no further"


def _room(kind: bytes, size: int) -> bytes:
    return struct.pack(">I4s", size, kind) + bytes(size - 8)


def _moved(film: bytes, by: int) -> bytes:
    """The same bytes with all offsets of chunks `by` larger."""
    data, at = bytearray(film), film.find(b"stco")
    while at >= 0:
        (count,) = struct.unpack_from(">I", data, at + 8)
        offsets = struct.unpack_from(f">{count}I", data, at + 12)
        struct.pack_into(f">{count}I", data, at + 12, *(each + by for each in offsets))
        at = film.find(b"stco", at + 4)
    return bytes(data)


def _wide_type(film: bytes) -> bytes:
    (size,) = struct.unpack_from(">I", film)
    return b"\0\0\0\1ftyp" + (size + 8).to_bytes(8, "big") + _moved(film, 8)[8:]


def _behind(film: bytes, room: bytes) -> bytes:
    return room + _moved(film, len(room))


FORMS = {
    "free": lambda film: _behind(film, _room(b"free", 16)),
    "wide": lambda film: _behind(film, _room(b"wide", 8)),
    "skip, longer than a head": lambda film: _behind(film, _room(b"skip", 6000)),
    "several": lambda film: _behind(film, _room(b"free", 8) + _room(b"skip", 40)),
    "64 bits": _wide_type,
}
MEDIA_TYPES = {"mp4": "video/mp4", "mov": "video/quicktime", "m4a": "audio/mp4"}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", MEDIA_TYPES)
def test_it_is_signed_verified_and_compared(kind, form, signer, authority, trust):
    film = FORMS[form](small(kind))
    assert identify(film).name == kind
    signed = genlabel.sign(film, LABEL, signer, trust=trust)
    report = genlabel.verify(signed.data, trust=trust)
    assert report.integrity.value == "intact"
    assert report.declared.attested
    assert any(NOTE in each.explanation for each in report.findings) == (form != "64 bits")
    assert played(signed.data) == played(small(kind))
    checked = genlabel.strip_check(film, against=signed.data)
    assert set(checked.marks.values()) == {Survival.LOST, Survival.ABSENT}
    tampered = flipped(bytes(signed.data), bytes(signed.data).rindex(b"mdat") + 12)
    assert genlabel.verify(tampered, trust=trust).integrity.value == "broken"
    accepted = encypher.verify(signed.data, MEDIA_TYPES[kind], authority.anchors).accepted
    assert accepted
    engine = raw.read(bytes(signed.data), MEDIA_TYPES[kind], anchors=authority.anchors)
    assert engine.state == ("Trusted" if form == "64 bits" else "error")


@pytest.mark.parametrize("kind", MEDIA_TYPES)
def test_an_ordinary_film_has_no_such_note(kind, signer, trust):
    report = genlabel.sign(small(kind), LABEL, signer, trust=trust).report
    assert not any(NOTE in each.explanation for each in report.findings)


@pytest.mark.parametrize(
    "data",
    [
        _room(b"free", 16) + _room(b"mdat", 16),
        _room(b"free", 8) * 9 + _room(b"ftyp", 24),
        _room(b"free", 0x7FFF)[:64],
        b"\0\0\0\4free" + bytes(64),
        b"\0\0\0\1ftyp" + bytes(64),
    ],
)
def test_what_has_no_type_is_none_of_ours(data):
    assert recognise(data) is None
