"""WAV and AVI: labelled and signed, nothing that is played changed or moved."""

from __future__ import annotations

import random
import struct

import pytest

import genlabel
from drawn_kinds import essence, kinds, look, packet, picture, rewritten, save, store
from genlabel import Generator, Label, Producer, testing
from genlabel.formats import CONTAINERS, identify, recognise
from genlabel.formats.format import EXIF, MANIFEST, XMP
from genlabel.formats.riff import chunks
from genlabel.model.errors import (
    GenlabelError,
    MalformedAsset,
    MalformedMetadata,
    SigningError,
)
from genlabel.model.report import Integrity, ValidationState
from genlabel.model.results import Outcome
from oracles import encypher, raw
from oracles.films import (
    NEEDS_FFMPEG,
    RIFF_NAMES,
    counted,
    film as by_ffmpeg,
    is_here,
    played,
)
from oracles.riff_files import INFO, chunk, film, form, listed, sound

needs_ffmpeg = pytest.mark.skipif(not is_here(), reason=NEEDS_FFMPEG)
each_name = pytest.mark.parametrize("name", RIFF_NAMES)
LABEL = Label.generated(
    producer=Producer("Acme Studio"), generator=Generator("ModelX"), title="Waves"
)
FRAMES = [save(picture(), "JPEG")]


def _signer():
    return testing.Authority.new("Acme Studio", algorithm="ed25519").signer()


@needs_ffmpeg
@each_name
def test_a_survey_counts_as_ffprobe_does(name):
    survey = look(by_ffmpeg(name))
    if name.startswith("wav"):
        assert (survey.width, survey.height, survey.frames) == (None, None, 1)
    else:
        assert (survey.width, survey.height) == (96, 64)
        assert survey.frames == counted(by_ffmpeg(name), "v:0")
    assert sum(each.accepts(by_ffmpeg(name)[:12]) for each in CONTAINERS) == 1
    assert survey.unsignable is None
    assert survey.anomalies == ()


@needs_ffmpeg
@each_name
def test_a_signed_file_plays_and_says_what_it_is(name, exiftool, authority):
    data = by_ffmpeg(name)
    trust, mime = testing.trust(authority), identify(by_ffmpeg(name)).media_type
    signed = genlabel.sign(data, LABEL, authority.signer(), trust=trust)
    assert signed.report.state is ValidationState.TRUSTED
    assert played(signed.data) == played(data)
    assert signed.data[8 : len(data)] == data[8:]  # nothing moves
    tags = exiftool.read(signed.data)
    assert tags["XMP-dc:Title"] == "Waves"
    assert tags["XMP-iptcExt:DigitalSourceType"].endswith("trainedAlgorithmicMedia")
    assert "ExifTool:Error" not in tags
    again = genlabel.sign(signed.data, LABEL, authority.signer(), trust=trust)
    assert (again.outcome, again.data) == (Outcome.UNCHANGED, signed.data)
    assert raw.read(signed.data, mime, anchors=authority.anchors).state == "Trusted"
    assert encypher.verify(signed.data, mime, authority.anchors).accepted
    at = len(data) // 2
    changed = signed.data[:at] + bytes((signed.data[at] ^ 1,)) + signed.data[at + 1 :]
    assert not encypher.verify(changed, mime, authority.anchors).accepted


@pytest.mark.parametrize("name", ["wav full", "avi full"])
def test_every_byte_counts(name):
    signed = genlabel.sign(kinds()[name], LABEL, _signer()).data
    ((start, end),) = look(signed).manifest_spans
    outside = [at for at in range(len(signed)) if not start <= at < end]
    for at in (*range(12), *random.Random(name).sample(outside, 120)):
        changed = signed[:at] + bytes((signed[at] ^ 1,)) + signed[at + 1 :]
        try:
            assert genlabel.verify(changed).integrity is not Integrity.INTACT, at
        except GenlabelError:
            continue


@pytest.mark.parametrize("kind", ["xmp", "manifest"])
def test_what_stands_before_the_frames_is_emptied_where_it_is(kind):
    slot, type = (XMP, b"_PMX") if kind == "xmp" else (MANIFEST, b"C2PA")
    old = packet("old") if kind == "xmp" else store(301)
    data = film(FRAMES, chunk(type, old), INFO, absolute=True)
    made = rewritten(data, {slot: old + b"  "})
    assert old not in made[: made.index(b"movi")]
    assert made.index(b"movi") == data.index(b"movi")
    assert made.index(b"idx1") == data.index(b"idx1")
    bare = rewritten(data, {slot: None})
    assert len(bare) == len(data)
    assert old not in bare
    assert look(bare).payloads == {}


def test_frames_that_moved_are_not_the_same_film():
    assert essence(film(FRAMES)) != essence(film(FRAMES, chunk(b"JUNK", bytes(4))))


def test_other_chunks_stay_and_the_engines_own_place_for_xmp_is_given_up(chain):
    data = form(
        b"WAVE", *sound(), INFO, chunk(b"id3 ", b"ID3\4" + bytes(6)), chunk(b"iXML", b"<x/>")
    )
    spoilt = raw.sign(
        rewritten(data, {XMP: packet("ours")}),
        "audio/wav", chain, remote_url="https://example.com/m.c2pa",
    )  # fmt: skip
    assert "2 xmp chunks" in look(spoilt).anomalies
    assert look(spoilt).payloads[XMP] == packet("ours")
    made = rewritten(spoilt, {XMP: packet("new"), MANIFEST: None})
    assert made == rewritten(data, {XMP: packet("new")})
    assert made[12 : len(data)] == data[12:]


@pytest.mark.parametrize("name", ["wav", "avi"])
def test_there_is_no_place_for_exif(name):
    with pytest.raises(MalformedMetadata, match=f"exif: a {name} file has no place for it"):
        rewritten(kinds()[name], {EXIF: b"II*\0"})


def test_missing_padding_is_put_in():
    data = form(b"WAVE", *sound(bits=8, size=701))[:-1]
    for size in (len(data) - 8, len(data) - 7):
        careless = data[:4] + struct.pack("<I", size) + data[8:]
        assert look(careless).anomalies == ("chunk data at 36 lacks its padding",)
        made = rewritten(careless, {XMP: packet()})
        assert look(made).anomalies == ()
        assert look(made).payloads == {XMP: packet()}
        assert genlabel.verify(genlabel.sign(careless, LABEL, _signer()).data).integrity is (
            Integrity.INTACT
        )


AVIX = chunk(b"RIFF", b"AVIX", listed(b"movi", chunk(b"00dc", b"frame!")))
ODD = {
    "bytes behind a film": film(FRAMES) + b"TAIL!",
    "bytes behind a recording": form(b"WAVE", *sound()) + b"TAG",
    "a list with a rest": form(b"WAVE", *sound(), listed(b"INFO", b"abc")),
    "a list without padding": form(b"WAVE", *sound(), listed(b"INFO", b"INAM\3\0\0\0abc")),
    "a list with odd padding": form(b"WAVE", *sound(), listed(b"INFO", b"INAM\3\0\0\0abc\1")),
    "a list that lies": form(b"WAVE", *sound(), listed(b"INFO", b"INAM\xff\xff\xff\xff")),
    "a list without a type": form(b"WAVE", *sound(), chunk(b"LIST", b"ab")),
    "a file within": form(b"WAVE", *sound(), chunk(b"RIFF", b"WAVE")),
    "a sequence": form(b"WAVE", *sound(), chunk(b"seqt", b"abcd")),
}


@pytest.mark.parametrize("what", ODD)
def test_what_the_engine_would_change_stays_as_it_is(what, authority):
    data = ODD[what]
    signed = genlabel.sign(data, LABEL, authority.signer()).data
    tail = max(data.find(b"TAG"), data.find(b"TAIL"))
    assert signed[12:].startswith(data[12:tail] if tail > 0 else data[12:])
    assert rewritten(signed, dict.fromkeys(look(signed).payloads)) == data
    assert encypher.verify(signed, identify(data).media_type, authority.anchors).accepted
    ((start, end),) = look(signed).manifest_spans
    for at in {*range(0, start, 29), *range(end, len(signed))}:
        try:
            report = genlabel.verify(signed[:at] + bytes((signed[at] ^ 1,)) + signed[at + 1 :])
        except GenlabelError:
            continue
        assert report.integrity is not Integrity.INTACT, at


@pytest.mark.parametrize("what", ["a list with a rest", "a sequence"])
def test_the_engine_does_change_them(what, chain):
    data = ODD[what]
    assert raw.sign(data, "audio/wav", chain)[12 : len(data)] != data[12:]


def test_a_film_in_several_lists_is_labelled_beside():
    data = film(FRAMES) + AVIX
    with pytest.raises(SigningError, match="would move the others") as refusal:
        genlabel.sign(data, LABEL, _signer())
    assert "--sidecar" in refusal.value.remedy
    signed = genlabel.sign(data, LABEL, _signer(), sidecar=True)
    assert signed.data == data
    assert genlabel.verify(data, sidecar=signed.sidecar).integrity is Integrity.INTACT
    at = len(data) // 2
    changed = data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]
    report = genlabel.verify(changed, sidecar=signed.sidecar)
    assert report.integrity is Integrity.BROKEN


def test_further_lists_are_not_moved():
    with pytest.raises(MalformedMetadata, match="would move"):
        rewritten(film(FRAMES) + AVIX, {XMP: packet()})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (form(b"WAVE", sound()[1]), "holds no fmt chunk"),
        (form(b"WAVE", sound()[0]), "holds no data chunk"),
        (form(b"WAVE", chunk(b"fmt ", bytes(9)), sound()[1]), "fmt at 12 is cut off"),
        (form(b"WAVE", sound()[0], b"data\xff\xff\xff\xffab"), "bytes past the end"),
        (form(b"WAVE", *sound())[:-9], "RIFF list at 0 runs"),
        (form(b"AVI ", listed(b"movi")), "holds no hdrl list"),
        (form(b"AVI ", listed(b"hdrl", chunk(b"avih", bytes(56)))), "holds no movi list"),
        (form(b"AVI ", listed(b"hdrl", chunk(b"avih", bytes(8))), listed(b"movi")), "no header"),
        (form(b"AVI ", chunk(b"LIST", b"hd"), listed(b"movi")), "holds no hdrl list"),
        (film(FRAMES) + b"RIFF\xff\xff\xff\xffAVIX", "bytes past the end"),
        (film(FRAMES) + chunk(b"RIFF", b"AVIX") * 2000, "more than 1,000 lists"),
        (b"RIFF", "ends at"),
    ],
)
def test_files_that_lie_are_refused_in_words(data, said):
    container = recognise(data) or identify(kinds()["wav"])
    with pytest.raises(MalformedAsset, match=said):
        container.survey(data)


def _long(kind: bytes) -> bytes:
    described, samples = sound()
    ds64 = chunk(b"ds64", struct.pack("<QQQI", 36 + 4 + len(described + samples), 900, 450, 0))
    return b"".join(
        (kind, b"\xff" * 4, b"WAVE", ds64, described, b"data", b"\xff" * 4, samples[8:])
    )


@pytest.mark.parametrize("kind", [b"RF64", b"BW64"])
def test_recordings_with_longer_lengths_are_labelled_beside(kind):
    data = _long(kind)
    assert look(data).payloads == {}
    assert look(data).anomalies == ()
    assert essence(data)[-900:] == sound()[1][8:]
    assert genlabel.verify(data).integrity is Integrity.ABSENT
    with pytest.raises(SigningError, match=f"{kind.decode()} has no place") as refusal:
        genlabel.sign(data, LABEL, _signer())
    assert "--sidecar" in refusal.value.remedy
    with pytest.raises(MalformedMetadata, match="lengths have 64 bits"):
        rewritten(data, {XMP: packet()})
    signed = genlabel.sign(data, LABEL, _signer(), sidecar=True)
    assert signed.data == data
    assert genlabel.verify(data, sidecar=signed.sidecar).integrity is Integrity.INTACT
    changed = data[:500] + bytes((data[500] ^ 1,)) + data[501:]
    assert genlabel.verify(changed, sidecar=signed.sidecar).integrity is Integrity.BROKEN


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((12, b"junk"), "begins with no ds64 chunk"),
        ((20, b"\xff" * 8), "RIFF list at 0 runs"),
        ((28, b"\xff" * 8), "chunk data at 72 runs"),
    ],
)
def test_longer_lengths_that_lie_are_refused_in_words(change, said):
    at, new = change
    data = _long(b"RF64")
    with pytest.raises(MalformedAsset, match=said):
        look(data[:at] + new + data[at + len(new) :])


@pytest.mark.parametrize("more", [0, 1])
def test_a_list_of_so_many_chunks_is_not_looked_through_to_its_end(more):
    inside = b"movi" + (b"00dc" + bytes(4)) * (1_000_000 + more)
    data = memoryview(b"LIST" + struct.pack("<I", len(inside)) + inside)
    listed = chunks.Chunk(b"LIST", 0, len(inside), len(data))
    assert chunks.irregular(data, [listed]) is bool(more)
