"""Files that are wrong only in their frame are labelled, and what was put right is told."""

import struct

import pytest

import genlabel
from genlabel import Generator, Label, Producer, testing
from genlabel.formats import identify
from genlabel.model.errors import MalformedAsset
from oracles.riff_files import chunk, film, form, sound

_WHOLE = film([bytes(testing.picture("jpeg"))])
_CUT = _WHOLE[: _WHOLE.index(b"idx1")] if b"idx1" in _WHOLE else _WHOLE
FILM = b"RIFF" + struct.pack("<I", len(_CUT) - 8) + _CUT[8:]
"""A film without an index, as it goes through a pipe."""
LABEL = Label.generated(producer=Producer("Acme"), generator=Generator("Painter"))


@pytest.fixture(scope="module")
def authority():
    return testing.Authority.new("Acme")


def wave(*, riff: int | None = None, data: int | None = None, samples: int = 800) -> bytes:
    made = bytearray(form(b"WAVE", sound()[0], chunk(b"data", bytes(samples))))
    if riff is not None:
        made[4:8] = struct.pack("<I", riff)
    if data is not None:
        at = made.index(b"data") + 4
        made[at : at + 4] = struct.pack("<I", data)
    return bytes(made)


def piped(film: bytes) -> bytes:
    at = film.index(b"movi") - 4
    return film[:4] + b"\xff" * 4 + film[8:at] + b"\xff" * 4 + film[at + 4 :]


def webp(length: int) -> bytes:
    data = bytearray(testing.picture("webp"))
    data[4:8] = struct.pack("<I", len(data) - 8 if length == 0 else length)
    return bytes(data)


PAIRS = {
    "a stream of ffmpeg's": (wave(riff=0xFFFFFFFF, data=0xFFFFFFFF), wave()),
    "a service's stream": (wave(riff=0x7FFFFFFF + 36, data=0x7FFFFFFF), wave()),
    "lengths left at nothing": (wave(riff=0, data=0), wave()),
    "the list's length alone": (wave(riff=0xFFFFFFFF), wave()),
    "an odd number of bytes": (
        wave(riff=0xFFFFFFFF, data=0xFFFFFFFF, samples=801)[:-1],
        wave(samples=801)[:-1],
    ),
    "a film in a pipe": (piped(FILM), FILM),
    "a picture whose list claims more": (webp(1_000_000), webp(0)),
}


@pytest.mark.parametrize("name", PAIRS)
def test_it_is_labelled_as_the_sound_one_and_told(authority, name):
    wrong, right = PAIRS[name]
    report = genlabel.verify(wrong)
    assert report.integrity == "absent"
    assert any("are there" in each.explanation for each in report.findings)
    signed = genlabel.sign(wrong, LABEL, authority.signer())
    assert "genlabel.container.repaired" in {each.code for each in signed.findings}
    after = genlabel.verify(signed.data, trust=testing.trust(authority))
    assert after.state == "trusted"
    assert not [each for each in after.findings if each.code == "genlabel.container.anomaly"]
    container = identify(signed.data)
    pictures = [container.survey(each) for each in (signed.data, right)]
    played = [b"".join(map(bytes, container.essence(each))) for each in pictures]
    assert played[0] == played[1]
    control = genlabel.sign(right, LABEL, authority.signer())
    assert "genlabel.container.repaired" not in {each.code for each in control.findings}


@pytest.mark.parametrize("whole", [wave(), FILM, webp(0)], ids=["wav", "avi", "webp"])
def test_what_was_cut_off_is_still_refused(authority, whole):
    with pytest.raises(MalformedAsset):
        genlabel.sign(whole[: len(whole) // 2], LABEL, authority.signer())


def test_a_signed_file_whose_length_is_changed_is_not_put_right_in_silence(authority):
    signed = bytearray(genlabel.sign(wave(), LABEL, authority.signer()).data)
    signed[4:8] = b"\xff\xff\xff\xff"
    assert genlabel.verify(bytes(signed)).integrity == "broken"
