"""MP3 and FLAC: what stands in their tags survives signing, or nothing is written."""

from __future__ import annotations

import subprocess

import pytest

import genlabel
from drawn_kinds import essence, kinds, look, packet, rewritten, store
from genlabel import Generator, Label, Producer, testing
from genlabel.formats import CONTAINERS, identify, recognise
from genlabel.formats.format import MANIFEST, XMP, Slot, SlotKind
from genlabel.model.errors import MalformedAsset, MalformedMetadata, SigningError
from genlabel.model.report import Integrity, ValidationState
from genlabel.model.results import Outcome
from oracles import raw
from oracles.absence import program
from oracles.corpus import specimen
from oracles.films import NEEDS_FFMPEG, film, is_here, played
from oracles.recordings import SILENCE, comments, cover, flac, frame, frames, metadata, tag

LABEL = Label.generated(
    producer=Producer("Acme Studio"), generator=Generator("ModelX"), title="Waves"
)
WITNESS = frame(b"TALB", b"\3Witness")
needs_ffmpeg = pytest.mark.skipif(not is_here(), reason=NEEDS_FFMPEG)


def _foreign(data: bytes) -> list[tuple[bytes, bytes]]:
    """Other people's frames, found without genlabel."""
    return [
        (id, content)
        for id, content in frames(data)
        if not content.startswith(b"XMP\0") and b"application/c2pa\0" not in content[:20]
    ]


def _chapters(depth: int) -> bytes:
    """Chapters within each other: five hundred end the process in the engine's ID3 library."""
    made = b""
    for _ in range(depth):
        made = frame(b"CHAP", b"a\0" + bytes(16) + made)
    return made


def _text(key: str) -> Slot:
    return Slot(SlotKind.TEXT, key)


@needs_ffmpeg
@pytest.mark.parametrize("name", ["mp3", "mp3 old tag", "mp3 bare", "flac"])
def test_a_signed_recording_plays_as_before_and_says_what_it_is(name, authority, exiftool):
    data, trust = film(name), testing.trust(authority)
    signed = genlabel.sign(data, LABEL, authority.signer(), trust=trust)
    assert signed.report.state is ValidationState.TRUSTED
    assert played(signed.data) == played(data)
    assert essence(signed.data) == essence(data)
    tags = exiftool.read(signed.data)
    assert tags["XMP-dc:Title"] == "Waves"
    assert tags["XMP-iptcExt:DigitalSourceType"] == LABEL.source_type.uri
    before = exiftool.read(data)
    groups = ("ID3v2_3", "ID3v2_4", "Vorbis", "FLAC", "MPEG")
    kept = {key.partition(":")[2]: v for key, v in before.items() if key.startswith(groups)}
    found = {key.partition(":")[2]: v for key, v in tags.items() if key.startswith(groups)}
    assert found.items() >= kept.items()
    another = Label.generated(
        producer=Producer("Acme Studio"), generator=Generator("ModelX"), title="Sea"
    )
    again = genlabel.sign(signed.data, another, authority.signer(), trust=trust)
    assert (again.outcome, again.report.integrity) == (Outcome.SIGNED, Integrity.INTACT)
    assert len(again.report.ingredients) == 1
    assert played(again.data) == played(data)
    beside = genlabel.sign(data, LABEL, authority.signer(), trust=trust, sidecar=True)
    assert beside.data == data
    assert beside.report.state is ValidationState.TRUSTED
    tail = bytearray(data)
    tail[-9] ^= 1
    changed = genlabel.verify(bytes(tail), sidecar=beside.sidecar)
    assert changed.integrity is Integrity.BROKEN


def test_a_signed_flac_file_passes_its_own_makers_test(authority, tmp_path):
    path = tmp_path / "signed.flac"
    path.write_bytes(genlabel.sign(kinds()["flac full"], LABEL, authority.signer()).data)
    tested = subprocess.run(
        [program("flac"), "--silent", "--test", path], capture_output=True, text=True
    )
    assert tested.returncode == 0
    assert "ERROR" not in tested.stderr


SPOILT = {  # by the engine, which writes the tag anew: of doubles it keeps the last
    "two of one text": (frame(b"TPE1", b"\3Ada"), frame(b"TPE1", b"\3Bob")),
    "two covers": (
        frame(b"APIC", b"\0image/png\0\3one\0" + cover()),
        frame(b"APIC", b"\0image/png\0\3two\0" + cover()),
    ),
    "a band with a slash, in an old tag": (frame(b"TPE1", b"\0AC/DC", version=3),),
    "several values, in an old tag": (frame(b"TPE1", b"\0Ada\0Bob", version=3),),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_tag_that_the_engine_would_spoil_stays_as_it_is(name, authority, chain, encypher):
    version = 3 if name.endswith("old tag") else 4
    witness = frame(b"TALB", b"\0Witness", version=version)
    data = tag(witness, *SPOILT[name], version=version) + SILENCE
    spoilt = raw.sign(data, "audio/mpeg", chain)
    assert raw.read(spoilt, "audio/mpeg", anchors=chain.anchor).state == "Trusted"
    assert _foreign(spoilt) != _foreign(data)
    signed = genlabel.sign(data, LABEL, authority.signer())
    assert _foreign(signed.data) == _foreign(data)
    assert signed.data[3] == data[3]
    assert encypher.verify(signed.data, "audio/mpeg", authority.anchors).accepted


LOST = {  # with such a frame the engine's ID3 library loses the whole tag, also when it reads
    "an empty frame": (frame(b"TPE1", b""),),
    "an unknown encoding": (frame(b"TIT2", b"\x09hi"),),
    "bytes that are no UTF-8": (frame(b"TIT2", b"\3\xff\xfe"),),
    "a text without an end": (frame(b"TXXX", b"\3name"),),
    "a cut off comment": (frame(b"COMM", b"\3en"),),
    "an owner without an end": (frame(b"PRIV", b"abc"),),
    "an address that is not ASCII": (frame(b"WOAR", b"http://\xe9"),),
    "a cut off picture": (frame(b"APIC", b"\0abc"),),
}


@pytest.mark.parametrize("name", LOST)
def test_a_tag_that_is_not_read_takes_no_manifest(name, authority, chain):
    data = tag(WITNESS, *LOST[name]) + SILENCE
    damaged = raw.sign(data, "audio/mpeg", chain)
    assert len(_foreign(damaged)) < len(_foreign(data))
    manifest = {MANIFEST: look(damaged).payloads[MANIFEST]}
    assert raw.read(rewritten(data, manifest), "audio/mpeg") == raw.read(data, "audio/mpeg")
    with pytest.raises(SigningError, match=r"nobody would find .* is damaged") as refusal:
        genlabel.sign(data, LABEL, authority.signer())
    assert "--sidecar" in refusal.value.remedy
    beside = genlabel.sign(data, LABEL, authority.signer(), sidecar=True)
    assert beside.data == data
    assert beside.sidecar is not None


def test_frames_of_every_length_come_through_an_old_tag(authority):
    chapter = b"one\0" + bytes(16) + frame(b"TIT2", b"\0" + b"long " * 60, version=3)
    given = [
        (b"TIT2", b"\0Caf\xe9"),
        (b"TCOM", b"\1" + "Grüße".encode("utf-16")),
        (b"COMM", b"\0engd\0" + b"text " * 100),
        (b"USLT", b"\0eng\0la\nla"),
        (b"APIC", b"\0image/png\0\3\0" + cover() * 3),
        (b"GEOB", b"\0text/plain\0a.txt\0about\0" + bytes(200)),
        (b"PRIV", b"WM/Provider\0" + bytes(300)),
        (b"POPM", b"a@b\0\x80\0\0\0\1"),
        (b"CHAP", chapter),
        (b"XYZW", bytes(range(256))),
        (b"TYER", b"\x002020"),
    ]
    data = tag(*(frame(id, each, version=3) for id, each in given), version=3) + SILENCE
    before = look(data)
    assert before.payloads[_text("TIT2")] == "Café".encode()
    assert before.payloads[_text("TCOM")] == "Grüße".encode()
    signed = genlabel.sign(data, LABEL, authority.signer())
    found = dict(_foreign(signed.data))
    assert [id for id, _ in _foreign(signed.data)] == [id for id, _ in given]
    assert found == dict(given)
    after = look(signed.data).payloads
    assert {slot: after[slot] for slot in before.payloads} == before.payloads


UNEDITED = {
    "ID3v2.2": tag(frame(b"TT2", b"\0Old", version=2), version=2),
    "unsynchronised": tag(frame(b"TIT2", b"\0T", version=3), version=3, flags=0x80),
    "unsynchronised, 2.4": tag(frame(b"TIT2", b"\3T", flags=b"\0\x02"), flags=0x80),
    "compressed": tag(frame(b"TIT2", b"\0\0\0\2x", version=3, flags=b"\0\x80"), version=3),
    "encrypted": tag(frame(b"TIT2", b"\1x", flags=b"\0\x04")),
    "an extended header": tag(bytes.fromhex("000000060100"), WITNESS, flags=0x40),
    "a footer": (FOOTED := tag(WITNESS, flags=0x10, padding=0)) + b"3DI" + FOOTED[3:10],
    "sizes as in ID3v2.3": tag(b"TXXX" + bytes.fromhex("000000ff0000") + b"\0k\0" + b"v" * 252),
}


@pytest.mark.parametrize("name", UNEDITED)
def test_a_tag_that_is_not_edited_is_read_refused_in_words_and_labelled_beside(name, authority):
    data = UNEDITED[name] + SILENCE
    assert look(data).format == "mp3"
    with pytest.raises(MalformedMetadata, match="cannot be edited without harm") as refusal:
        rewritten(data, {XMP: packet()})
    assert "--sidecar" in refusal.value.remedy
    assert rewritten(data, {XMP: None, MANIFEST: None}) == data
    with pytest.raises(SigningError, match="into which nothing is put") as refusal:
        genlabel.sign(data, LABEL, authority.signer())
    assert "--sidecar" in refusal.value.remedy
    assert genlabel.sign(data, LABEL, authority.signer(), sidecar=True).data == data


def test_other_peoples_tags_behind_the_audio_are_neither_audio_nor_touched(authority):
    data = kinds()["mp3 full"]
    assert [str(block).partition(",")[0] for block in look(data).blocks] == [
        *("ID3v2 header", "APIC", "PRIV XMP", "PRIV", "TXXX", "ID3v2 padding"),
        *("MPEG audio", "APE tag", "ID3v1 tag"),
    ]
    assert essence(data) == SILENCE
    signed = genlabel.sign(data, LABEL, authority.signer()).data
    assert signed.endswith(data[data.index(SILENCE) :])
    changed = bytearray(signed)
    changed[-1] ^= 1
    assert genlabel.verify(bytes(changed)).integrity is Integrity.BROKEN


def test_a_recording_without_its_title_is_still_the_same_recording(authority):
    data = genlabel.sign(kinds()["mp3"], LABEL, authority.signer()).data
    bare = genlabel.strip_check(SILENCE, against=data)
    assert bare.pixels.same_picture is True
    assert bare.pixels.change == "metadata-only"
    assert {"TIT2", "PRIV XMP", "GEOB C2PA"} <= {
        each.partition(",")[0] for each in bare.lost_blocks
    }


def test_the_older_media_type_of_a_manifest_is_known_too():
    body = b"\0application/x-c2pa-manifest-store\0c2pa\0c2pa manifest store\0" + store()
    data = tag(frame(b"GEOB", body), WITNESS) + SILENCE
    assert look(data).payloads[MANIFEST] == store()
    two = tag(frame(b"GEOB", body), frame(b"GEOB", body)) + SILENCE
    assert look(two).anomalies == ("several manifest frames in the ID3 tag",)
    assert MANIFEST not in look(rewritten(two, {MANIFEST: None})).payloads


def test_a_flac_file_behind_a_long_tag_is_known_by_the_whole_file(authority):
    signed = genlabel.sign(kinds()["flac"], LABEL, authority.signer()).data
    assert identify(signed).name == "flac"
    assert sum(each.accepts(signed) for each in CONTAINERS) == 1
    assert recognise(signed[:64]) is not None
    assert genlabel.verify(signed).integrity is Integrity.INTACT


def test_blocks_of_flac_are_followed_and_signed(authority):
    data = flac(metadata(4, comments("TITLE=Noise")), metadata(6, bytes(40)))
    names = [block.name for block in look(data).blocks]
    assert names[:4] == ["fLaC", "STREAMINFO", "VORBIS_COMMENT", "PICTURE"]
    signed = genlabel.sign(data, LABEL, authority.signer()).data
    assert signed.endswith(data)
    at = signed.rindex(b"Noise")
    broken = signed[:at] + b"noise" + signed[at + 5 :]
    assert genlabel.verify(broken).integrity is Integrity.BROKEN


@pytest.mark.parametrize(
    "head",
    [
        b"\xff\xfe<\0h\0t\0m\0l\0",  # UTF-16
        b"\xff\xf1\x50\x80\x02\x1f\xfc",  # AAC
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"\xff\x0a\0\0",
        b"ID3 is a kind of tag",
        bytes(64),
    ],
)
def test_what_begins_like_mp3_and_is_none_is_not_taken_for_it(head):
    names = {each.name for each in CONTAINERS if each.accepts(head)}
    assert not names & {"mp3", "flac"}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (tag(WITNESS)[:-5], "mp3: ID3 tag at 0 runs 5 bytes past the end"),
        (tag(WITNESS, b"TIT2" + bytes.fromhex("7f7f7f7f0000")), "ID3 frame TIT2 at 28 runs"),
        (tag(b"T\x1b[2" + bytes(6)), r"x1b\[2' at 10 is no ID3 frame"),
        (tag(_chapters(2)), "holds a chapter within a chapter"),
        (tag(_chapters(1), version=3, flags=0x80), "holds chapters in an unsynchronised ID3 tag"),
        (tag(WITNESS), "holds no MPEG audio frame behind 60"),
        (tag(WITNESS) + b"\xff\xf1\x50\x80" * 50, "holds no MPEG audio frame behind 60"),
        (tag(b"TIT2" * 2, padding=0) + SILENCE, "ID3 tag ends at 18 within a frame"),
        (tag(frame(b"XYZW", b"") * 2_001) + SILENCE, "more than 2,000 ID3 frames"),
        (flac()[:30], "STREAMINFO at 4 runs 12 bytes past the end"),
        (b"fLaC" + metadata(4, comments()), "VORBIS_COMMENT at 4 is not where it belongs"),
        (flac(metadata(0, bytes(34))), "STREAMINFO at 42 is not where it belongs"),
        (b"fLaC" + metadata(0, bytes(34), last=True) + bytes(9), "no audio frame at 42"),
        (b"fLaC" + metadata(0, bytes(34)) + bytes(2), "ends at 44 among its blocks"),
    ],
)
def test_a_tag_or_block_that_lies_is_malformed_in_a_clear_sentence(data, sentence):
    with pytest.raises(MalformedAsset, match=sentence):
        identify(data).survey(data)


def test_a_recording_of_others_is_labelled(authority, exiftool):
    data = specimen("unmarked/sample1.mp3").data
    signed = genlabel.sign(data, LABEL, authority.signer(), trust=testing.trust(authority))
    assert signed.report.state is ValidationState.TRUSTED
    assert essence(signed.data) == essence(data)
    assert exiftool.read(signed.data)["XMP-dc:Title"] == "Waves"
