"""Files that are wrong only in their frame are labelled, and what was put right is told."""

import struct

import pytest

import genlabel
from genlabel import Generator, Label, Producer, testing
from genlabel.formats import identify
from genlabel.formats.format import XMP
from genlabel.model.errors import ExistingManifest, MalformedAsset, SigningError
from genlabel.model.report import Mark, Severity
from genlabel.storage.buffers import joined
from oracles.riff_files import chunk, film, form, sound
from oracles.small_files import small

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


def with_xmp(behind: bytes, container: str) -> bytes:
    made = testing.picture(container)
    packet = (
        b"<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>"
        b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description "
        b"rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/' dc:source='negative 7'/>"
        b"</rdf:RDF></x:xmpmeta>" + behind
    )
    found = identify(made)
    return bytes(joined(found.rewrite(found.survey(made), {XMP: packet})))


TRAILER = b"<?xpacket end='w'?>"
JUNK = {
    "text": b"junk <a> & b",
    "nulls and text": b"\0\0junk",
    "bytes of no encoding": b"\x89\xff\xfe\x80<?",
    "another element": b"<foo/>",
    "the end of an older one": b"/rdf:RDF></x:xmpmeta>" + TRAILER,
    "behind the trailer": TRAILER + b"junk <",
    "before the trailer": b" junk " + TRAILER,
}


@pytest.mark.parametrize("container", ["jpeg", "png", "webp", "tiff", "avif"])
@pytest.mark.parametrize("name", JUNK)
def test_junk_behind_a_packet_is_left_out_and_told(authority, name, container):
    data = with_xmp(JUNK[name], container)
    signed = genlabel.sign(data, LABEL, authority.signer())
    told = [each for each in signed.findings if each.code == "genlabel.container.repaired"]
    assert [each.where for each in told] == ["xmp"]
    packet = identify(signed.data).survey(signed.data).payloads[XMP]
    assert b"negative 7" in packet
    assert b"junk" not in packet
    assert b"foo" not in packet
    report = genlabel.verify(signed.data, trust=testing.trust(authority))
    assert report.state == "trusted"
    assert report.marks[Mark.IPTC].producer == "Acme"


@pytest.mark.parametrize("behind", [b"", TRAILER, TRAILER + b" \0\n", b"\0\0", b"\n  "])
def test_padding_behind_a_packet_is_no_junk(authority, behind):
    signed = genlabel.sign(with_xmp(behind, "jpeg"), LABEL, authority.signer())
    assert "genlabel.container.repaired" not in {each.code for each in signed.findings}


def test_a_second_packet_behind_the_first_is_no_junk_and_stays(authority):
    second = with_xmp(TRAILER, "png")
    second = second[second.index(b"<?xpacket") : second.index(TRAILER) + len(TRAILER)]
    second = second.replace(b"dc:source='negative 7'", b"dc:relation='print 3'")
    signed = genlabel.sign(with_xmp(TRAILER + second, "jpeg"), LABEL, authority.signer())
    assert "genlabel.container.repaired" not in {each.code for each in signed.findings}
    packet = identify(signed.data).survey(signed.data).payloads[XMP]
    assert b"negative 7" in packet
    assert b"print 3" in packet


ENDS = {"jpeg": b"\xff\xd9", "png": testing.picture("png")[-12:], "gif": b";"}


def whole(container: str) -> bytes:
    return bytes(small("gif")) if container == "gif" else testing.picture(container)


def warnings(report) -> list[str]:
    return [
        each.explanation
        for each in report.findings
        if each.code == "genlabel.container.anomaly" and each.severity is Severity.WARNING
    ]


@pytest.mark.parametrize(
    ("container", "left"),
    [(name, left) for name in ENDS for left in (0, 1, 4, 11) if left < len(ENDS[name])],
)
def test_a_picture_without_its_end_is_a_warning_and_gets_it_when_asked(authority, container, left):
    end = ENDS[container]
    right = whole(container)
    cut = right[: len(right) - len(end) + left]
    assert right.endswith(end)
    assert len(warnings(genlabel.verify(cut))) == 1
    assert warnings(genlabel.verify(right)) == []
    signer, trust = authority.signer(), testing.trust(authority)
    signed = genlabel.sign(cut, LABEL, signer, repair=True)
    assert "genlabel.container.repaired" in {each.code for each in signed.findings}
    report = genlabel.verify(signed.data, trust=trust)
    assert report.state == "trusted"
    assert warnings(report) == []
    control = genlabel.sign(right, LABEL, signer, repair=True)
    assert "genlabel.container.repaired" not in {each.code for each in control.findings}
    found = identify(right)
    shown = [b"".join(map(bytes, found.essence(found.survey(each)))) for each in (right, cut)]
    assert shown[0].startswith(shown[1])
    if left == 0:
        assert bytes(found.essence(found.survey(signed.data)).__next__()) in shown[0]


@pytest.mark.parametrize("container", ["png", "gif"])
def test_without_being_asked_a_picture_without_its_end_is_refused_with_the_remedy(
    authority, container
):
    cut = whole(container)[: -len(ENDS[container])]
    for beside in (False, True):
        with pytest.raises(SigningError) as refused:
            genlabel.sign(cut, LABEL, authority.signer(), sidecar=beside)
        assert refused.value.remedy == "put it there with --repair"
    signed = bytes(genlabel.sign(whole(container), LABEL, authority.signer()).data)
    cut = signed[: -len(ENDS[container])]
    assert genlabel.verify(cut).integrity == "broken"
    for options in ({}, {"repair": True}):
        with pytest.raises((SigningError, ExistingManifest)):
            genlabel.sign(cut, LABEL, authority.signer(), **options)
    put_right = genlabel.sign(cut, LABEL, authority.signer(), repair=True, existing="replace")
    report = genlabel.verify(put_right.data, trust=testing.trust(authority))
    assert (report.state, warnings(report)) == ("trusted", [])


def test_a_jpeg_without_its_end_is_labelled_as_it_is(authority):
    cut = testing.picture("jpeg")[:-2]
    signed = genlabel.sign(cut, LABEL, authority.signer())
    assert bytes(signed.data).endswith(cut[-40:])
    assert len(warnings(genlabel.verify(signed.data))) == 1
    again = genlabel.sign(signed.data, LABEL, authority.signer(), repair=True)
    assert (again.outcome, again.data) == ("unchanged", signed.data)
