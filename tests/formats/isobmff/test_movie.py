"""MP4, MOV and M4A: labelled and signed without a sample changed, and still played by others."""

from __future__ import annotations

import os
import random
import struct
import subprocess
import sys
import textwrap

import pytest

import genlabel
from drawn_kinds import packet, rewritten, store
from drawn_kinds_heif import box, split
from genlabel import Generator, Label, Producer, testing
from genlabel.formats import CONTAINERS, identify, recognise
from genlabel.formats.format import EXIF, MANIFEST, XMP
from genlabel.formats.isobmff import uuid_boxes
from genlabel.model.errors import GenlabelError, MalformedAsset, MalformedMetadata
from genlabel.model.report import Integrity, ValidationState
from genlabel.model.results import Outcome
from genlabel.operations.signing import rewriting
from oracles import exempi, raw
from oracles.films import NAMES, NEEDS_FFMPEG, counted, film, is_here, played
from oracles.small_files import small

pytestmark = pytest.mark.skipif(not is_here(), reason=NEEDS_FFMPEG)
each_film = pytest.mark.parametrize("name", NAMES)
LABEL = Label.generated(
    producer=Producer("Acme Studio"), generator=Generator("ModelX"), title="Waves"
)


def _survey(data: bytes):
    return identify(data).survey(data)


def _essence(data: bytes) -> bytes:
    return b"".join(identify(data).essence(_survey(data)))


@each_film
def test_a_film_is_recognised_by_its_first_64_bytes(name):
    data = film(name)
    assert recognise(data[:64]) is identify(data)
    assert name[:3] == identify(data).name
    assert sum(each.accepts(data[:64]) for each in CONTAINERS) == 1


@each_film
def test_a_survey_counts_as_ffprobe_does(name):
    survey = _survey(film(name))
    sound = name == "m4a"
    assert (survey.width, survey.height) == ((None, None) if sound else (96, 64))
    assert survey.frames == counted(film(name), "a:0" if sound else "v:0")


@each_film
def test_each_slot_is_set_read_back_and_removed_without_touching_a_sample(name):
    data = film(name)
    ready = rewritten(data, {MANIFEST: None})
    for slot, payload in ((XMP, packet("new")), (MANIFEST, store(130_000))):
        made = rewritten(data, {slot: payload})
        assert _survey(made).payloads == {slot: payload}
        assert _essence(made) == _essence(data)
        assert played(made) == played(data)
        assert rewritten(made, {slot: payload}) == made
        assert rewritten(made, {slot: None}) == (data if slot == XMP else ready)
    full = {XMP: packet("one"), MANIFEST: store(300)}
    both = rewritten(data, full)
    longer = rewritten(both, {XMP: packet("another", 5000)})
    assert _survey(longer).payloads == {**full, XMP: packet("another", 5000)}
    assert played(longer) == played(data)
    assert rewritten(longer, dict.fromkeys(full)) == ready


@each_film
def test_a_signed_film_plays_and_says_what_it_is(name, exiftool, authority):
    data = film(name)
    trust = testing.trust(authority)
    signed = genlabel.sign(data, LABEL, authority.signer(), trust=trust)
    assert signed.report.state is ValidationState.TRUSTED
    assert played(signed.data) == played(data)
    tags = exiftool.read(signed.data)
    assert tags["XMP-dc:Title"] == "Waves"
    assert tags["XMP-iptcExt:DigitalSourceType"].endswith("trainedAlgorithmicMedia")
    assert "ExifTool:Error" not in tags
    again = genlabel.sign(signed.data, LABEL, authority.signer(), trust=trust)
    assert (again.outcome, again.data) == (Outcome.UNCHANGED, signed.data)
    mime = identify(data).media_type
    assert raw.read(signed.data, mime, anchors=authority.anchors).state == "Trusted"


@each_film
def test_every_byte_that_is_played_counts(name, authority):
    data = film(name)
    signed = genlabel.sign(data, LABEL, authority.signer()).data
    survey = _survey(signed)
    # the engine's binding leaves these out; nothing that is played may lie in them
    loose = [
        (each.start, each.start + each.length)
        for each in survey.blocks
        if each.name in ("ftyp", "free", "mfra", "uuid C2PA")
    ]
    chosen = random.Random(name).sample(range(len(signed)), 150)
    for at in chosen:
        if any(start <= at < end for start, end in loose):
            continue
        changed = signed[:at] + bytes((signed[at] ^ 1,)) + signed[at + 1 :]
        try:
            assert genlabel.verify(changed).integrity is not Integrity.INTACT, at
        except GenlabelError:
            continue


def test_what_is_played_from_where_no_hash_reaches_is_not_signed(signer):
    parts = [body if kind != b"mdat" else b"free".join((body[:4], body[8:]))
             for kind, body in split(film("mp4"))]  # fmt: skip
    hidden = b"".join(parts)
    assert played(hidden) == played(film("mp4"))
    assert _survey(hidden).uncovered == ("track 1", "track 2")
    with pytest.raises(MalformedMetadata, match="no manifest's hash reaches"):
        genlabel.sign(hidden, LABEL, signer)


def _in_moov(data: bytes, payload: bytes) -> bytes:
    """XMP in QuickTime's place, in a film whose tables come last, so that nothing moves."""
    parts = [
        body + box(b"udta", box(b"XMP_", payload)) if kind == b"moov" else body
        for kind, body in split(data)
    ]
    moov = next(each for each in parts if each[4:8] == b"moov")
    return b"".join(parts).replace(moov, struct.pack(">I", len(moov)) + moov[4:])


@pytest.mark.parametrize("name", ["mov", "mov tables first"])
def test_quicktimes_own_place_is_used_where_it_is_in_use(name, exiftool):
    data = film(name)
    if name == "mov":
        used = _in_moov(data, packet("old"))
    else:  # the samples move with it
        used = rewritten(_in_moov(film("mov"), packet("old")), {XMP: packet("older", 900)})
    made = rewritten(used, {XMP: packet("new", 7000)})
    assert _survey(made).payloads == {XMP: packet("new", 7000)}
    assert b"uuid" not in {kind for kind, _ in split(made)}
    assert played(made) == played(used)
    assert exiftool.read(made)["XMP-dc:Source"] == "new"


@pytest.mark.parametrize("name", ["mov", "mov tables first", "small mov"])
def test_a_quicktime_file_has_its_packet_where_adobes_toolkit_looks(name, signer, exiftool):
    signed = genlabel.sign(film(name), LABEL, signer).data
    assert b"XMP_" in signed
    assert uuid_boxes.XMP_PACKET not in signed
    assert LABEL.source_type.uri.encode() in exempi.read(signed, ".mov")
    assert exiftool.read(signed)["XMP-dc:Title"] == "Waves"
    control = genlabel.sign(film("mp4"), LABEL, signer).data
    assert uuid_boxes.XMP_PACKET in control
    old = film(name) + uuid_boxes.packet_box(packet("outside"))
    moved = genlabel.sign(old, LABEL, signer).data
    assert uuid_boxes.XMP_PACKET not in moved
    assert exiftool.read(moved)["XMP-dc:Source"] == "outside"


def test_packets_in_two_places_of_user_data_become_one_and_sizes_hold():
    twice = _in_moov(_in_moov(film("mov"), packet("one")), packet("two"))
    made = rewritten(twice, {XMP: packet("new", 3000)})
    assert made.count(b"<x:xmpmeta") == 1
    assert played(made) == played(twice)
    gone = rewritten(made, {XMP: None})
    assert b"XMP_" not in gone
    assert played(gone) == played(twice)


def test_two_packets_become_one():
    data = film("mov") + uuid_boxes.packet_box(packet("outside"))
    both = _in_moov(data, packet("inside"))
    assert "xmp in a uuid box beside the one in moov" in _survey(both).anomalies
    made = rewritten(both, {XMP: packet("one")})
    assert _survey(made).anomalies == ()
    assert made.count(b"<x:xmpmeta") == 1


def test_a_film_has_no_place_for_exif():
    with pytest.raises(MalformedMetadata, match="exif: a mp4 file has no place for it"):
        rewritten(film("mp4"), {EXIF: b"II*\0"})


@pytest.mark.parametrize("name", ["mp4 fragmented", "mp4 fragmented, old"])
def test_an_index_that_the_engine_would_spoil_is_free_before_it_signs(name, chain, signer):
    """The engine lets every entry of tfra point to the last fragment, and hashes none of it."""
    spoiled = raw.sign(film(name), "video/mp4", chain)
    assert _index(film(name)) == _fragments(film(name))
    assert _index(spoiled) == _fragments(spoiled)[-1:] * len(_fragments(spoiled))
    ours = genlabel.sign(film(name), LABEL, signer)
    assert _index(ours.data) == _fragments(ours.data)
    assert played(ours.data) == played(film(name))
    with rewriting.by_engine():
        signed = genlabel.sign(film(name), LABEL, signer)
    assert b"mfra" not in [kind for kind, _ in split(signed.data)]
    assert len(split(signed.data)) == len(split(film(name))) + 2
    assert played(signed.data) == played(film(name))
    beside = genlabel.sign(film(name), LABEL, signer, sidecar=True)
    assert beside.data == film(name)


def _fragments(data: bytes) -> list[int]:
    """Where each moof begins."""
    starts, at = [], 0
    for kind, body in split(data):
        if kind == b"moof":
            starts.append(at)
        at += len(body)
    return starts


def _index(data: bytes) -> list[int]:
    """The fragments to which the first tfra (version 1, ISO/IEC 14496-12 §8.8.10) points."""
    at = data.index(b"tfra")
    assert data[at + 4] == 1
    sizes, count = struct.unpack_from(">II", data, at + 12)
    stride = 16 + sum((sizes >> shift & 3) + 1 for shift in (4, 2, 0))
    return [struct.unpack_from(">Q", data, at + 20 + n * stride + 8)[0] for n in range(count)]


def test_the_random_access_box_stays_last():
    made = rewritten(film("mp4 fragmented"), {XMP: packet("new")})
    assert [kind for kind, _ in split(made)][-2:] == [b"uuid", b"mfra"]


@each_film
def test_damaged_films_are_refused_or_read_and_never_crash(name):
    data, chance = film(name), random.Random(name)
    for _ in range(120):
        broken = bytearray(data)
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(data) - 4)
            broken[at : at + 4] = chance.choice(
                [bytes(4), b"\xff" * 4, b"\0\0\0\1", chance.randbytes(4)]
            )
        cut = bytes(broken[: chance.choice([len(data), chance.randrange(len(data))])])
        try:
            survey = identify(cut).survey(cut)
            list(identify(cut).essence(survey))
        except GenlabelError:
            continue


@pytest.mark.parametrize(
    ("boxes", "said"),
    [
        ([], "holds no moov box"),
        ([box(b"moov", box(b"trak", b"\0\0\0\x20abcd"))], "past the end"),
        ([b"\0\0\0\1moov" + b"\xff" * 8], "past the end"),
    ],
)
def test_films_that_lie_are_refused_in_words(boxes, said):
    data = box(b"ftyp", b"isom", bytes(4), b"isom") + b"".join(boxes)
    with pytest.raises(MalformedAsset, match=said):
        _survey(data)


def _crowd(data: bytes, *, fragments: int = 0, beside: int = 0, nested: int = 0) -> bytes:
    """A fragmented film with more fragments, or empty boxes in moov, or small tracks of nothing."""
    parts = split(data)
    head = b"".join(body for kind, body in parts[:1])
    moov = next(body for kind, body in parts if kind == b"moov")
    pair = b"".join(body for _, body in parts[4:6])
    extra = box(b"free") * beside + box(b"trak", box(b"free") * 9) * nested
    rest = b"".join(body for kind, body in parts[2:] if kind != b"mfra")
    return head + box(b"moov", moov[8:], extra) + rest + pair * fragments


@pytest.mark.parametrize(
    "too_many",
    [{"fragments": 8000}, {"beside": 16_001}, {"nested": 10_001}, {"beside": 40_000}],
    ids=["fragments", "side by side", "in all", "more than any list has"],
)
def test_a_film_of_so_many_boxes_that_it_takes_minutes_is_refused(too_many):
    data = film("mp4 fragmented")
    with pytest.raises(MalformedAsset, match="more boxes than can be looked at") as told:
        _survey(_crowd(data, **too_many))
    assert told.value.remedy is not None
    assert "join its fragments" in told.value.remedy


def test_a_film_of_an_hour_in_fragments_is_labelled(authority):
    data = _crowd(film("mp4 fragmented"), fragments=1796)
    assert sum(block.name == "moof" for block in _survey(data).blocks) == 1800
    signed = genlabel.sign(data, LABEL, authority.signer(), trust=testing.trust(authority))
    assert signed.report.state is ValidationState.TRUSTED


def test_boxes_that_cannot_be_read_count_as_if_they_were_full():
    data = film("mp4")
    parts = [body for _, body in split(data)]
    odd = box(b"udta", box(b"free") * 17_000 + b"\xff" * 8)
    moov = next(each for each in parts if each[4:8] == b"moov")
    with pytest.raises(MalformedAsset, match="more boxes than can be looked at"):
        _survey(b"".join(parts).replace(moov, box(b"moov", moov[8:], odd)))


_OURS = """
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
    status = Path("/proc/self/status").read_text()
    print(status.split("VmHWM:")[1].split()[0])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is in /proc there only")
def test_our_own_part_of_a_large_file_stays_small(tmp_path):
    """A film whose media box has 300 MB: what surveys, rewrites and compares needs few of them."""
    *before, (_, media) = split(film("mp4 tables first"))
    path = tmp_path / "large.mp4"
    with path.open("wb") as file:
        file.write(b"".join(body for _, body in before))
        file.write(struct.pack(">I4s", len(media) + (300 << 20), b"mdat") + media[8:])
        file.seek((300 << 20) - 1, os.SEEK_CUR)
        file.write(b"\0")
    code = textwrap.dedent(_OURS)
    done = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert int(done.stdout) < 150_000  # kilobytes
    assert list(tmp_path.iterdir()) == [path]


def test_a_film_of_endless_tracks_or_fragments_is_refused_before_the_engine_reads_it():
    """The engine takes time by the square of the number of boxes: minutes for half a megabyte."""
    short = small("mp4")
    start = int.from_bytes(short[:4], "big")
    tracks = struct.pack(">I4s", 8 + 8 * 20_000, b"moov") + b"\0\0\0\x08trak" * 20_000
    fragment = b"\0\0\0\x10moof\0\0\0\x08traf" * 20_001
    for hostile in (short[:start] + tracks + short[start:], short + fragment):
        with pytest.raises(MalformedAsset, match="boxes"):
            genlabel.verify(hostile)
    long = short + b"\0\0\0\x10moof\0\0\0\x08traf" * 1_000
    assert _survey(long).format == "mp4"
