"""When a picture was made: never a time that nobody knows."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

import genlabel
from genlabel import Created, Element, Label, LabelError, Mark, Outcome
from genlabel.formats import identify
from genlabel.formats.format import XMP
from genlabel.model.errors import MalformedAsset
from genlabel.storage.buffers import joined
from genlabel.testing import picture
from histories import ACME, FLUX
from oracles.small_files import small

TAKEN = datetime(2019, 5, 1, 12, 0, 0, tzinfo=UTC)
CAPTURE = ("-EXIF:DateTimeOriginal=2019:05:01 14:00:00", "-EXIF:OffsetTimeOriginal=+02:00")
PARTS = (Element(picture("jpeg", seed=4)), Element(picture("png", seed=5)))
LABELS = {
    "generated": Label.generated(producer=ACME, generator=FLUX),
    "edited": Label.edited(producer=ACME),
    "enhanced": Label.enhanced(producer=ACME),
    "composite": Label.composite(producer=ACME, of=PARTS),
    "captured": Label.captured(producer=ACME),
    "created by a human": Label.created_by_human(producer=ACME),
}


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(picture("jpeg"))
    os.utime(path, (1_600_000_000, 1_600_000_000))
    return path


def _signed(path, label, signer, **more):
    """The result of a path, which is a file, and when it says that the picture was made."""
    signed = genlabel.sign(path, label, signer, **more)
    when = signed.report.marks[Mark.MANIFEST].created
    codes = {each.code for each in signed.findings}
    return signed, when and datetime.fromisoformat(when), "genlabel.created.unknown" in codes


@pytest.mark.parametrize("name", LABELS)
def test_of_a_file_that_states_no_time_none_is_said(photo, signer, name):
    signed, when, noted = _signed(photo, LABELS[name], signer)
    assert (when, noted) == (None, True)
    assert signed.report.marks[Mark.IPTC].created is None
    again = genlabel.sign(signed.data, LABELS[name], signer)
    assert again.outcome is Outcome.UNCHANGED


@pytest.mark.parametrize("name", LABELS)
def test_bytes_and_pil_images_are_made_when_they_are_signed(signer, name):
    image = Image.open(BytesIO(picture("jpeg")))
    for source in (picture("jpeg"), image):
        before = datetime.now(UTC) - timedelta(seconds=1)
        signed, when, noted = _signed(source, LABELS[name], signer)
        assert before <= when <= datetime.now(UTC)
        assert not noted
        assert signed.report.marks[Mark.IPTC].created == signed.report.marks[Mark.MANIFEST].created


def test_a_photograph_is_made_when_it_was_taken(photo, signer, exiftool):
    exiftool.run("-overwrite_original", *CAPTURE, "-XMP:ModifyDate=2020:01:01 00:00:00Z", photo)
    for source in (photo, photo.read_bytes()):
        signed, when, noted = _signed(source, LABELS["captured"], signer)
        assert (when, noted) == (TAKEN, False)
        # what the file says of its last change stays
        assert signed.report.marks[Mark.IPTC].created == "2020-01-01T00:00:00Z"


def test_a_photograph_of_an_ambiguous_time_is_not_said_to_be_of_today(photo, signer, exiftool):
    exiftool.run("-overwrite_original", CAPTURE[0], photo)
    for source in (photo, photo.read_bytes()):
        _, when, noted = _signed(source, LABELS["captured"], signer)
        assert (when, noted) == (None, True)


def test_a_scan_is_made_when_it_was_digitised(photo, signer, exiftool):
    exiftool.run(
        "-overwrite_original",
        "-EXIF:DateTimeOriginal=1935:05:01 14:00:00",
        "-EXIF:CreateDate=2019:05:01 14:00:00",
        "-EXIF:OffsetTimeDigitized=+02:00",
        photo,
    )
    label = Label(
        source_type=genlabel.DigitalSourceType.PRINT,
        history=genlabel.History.CAPTURED,
        producer=ACME,
    )
    assert _signed(photo, label, signer)[1] == TAKEN


def test_an_edit_is_of_the_files_last_change_unless_that_was_the_parents(photo, signer, exiftool):
    parent = photo.with_name("parent.jpg")
    parent.write_bytes(photo.read_bytes())
    exiftool.run("-overwrite_original", "-XMP:ModifyDate=2019:05:01 12:00:00Z", photo)
    exiftool.run("-overwrite_original", "-XMP:ModifyDate=2018:05:01 12:00:00Z", parent)
    assert _signed(photo, LABELS["edited"], signer)[1] == TAKEN
    assert _signed(photo, LABELS["edited"], signer, parent=parent)[1] == TAKEN
    exiftool.run("-overwrite_original", "-XMP:ModifyDate=2019:05:01 12:00:00Z", parent)
    assert _signed(photo, LABELS["edited"], signer, parent=parent)[1:] == (None, True)


@pytest.mark.parametrize("name", ["edited", "enhanced", "composite"])
def test_a_change_is_not_of_the_time_of_the_capture(photo, signer, exiftool, name):
    """Many programs leave the camera's dates as they are."""
    changed = ("-EXIF:ModifyDate=2019:05:01 14:00:00", "-EXIF:OffsetTime=+02:00")
    exiftool.run("-overwrite_original", *changed, photo)
    assert _signed(photo, LABELS[name], signer)[1] == TAKEN
    exiftool.run("-overwrite_original", *CAPTURE, photo)
    assert _signed(photo, LABELS[name], signer)[1:] == (None, True)


def test_an_edit_of_a_labelled_file_is_not_of_the_labels_time(photo, signer):
    first = genlabel.sign(photo.read_bytes(), LABELS["generated"], signer)
    photo.write_bytes(first.data)
    assert _signed(photo, LABELS["edited"], signer)[1:] == (None, True)


def test_a_label_that_is_added_to_somebody_elses_is_of_now(photo, signer):
    theirs = genlabel.testing.Authority.new("Somebody Else").signer()
    photo.write_bytes(genlabel.sign(photo, LABELS["captured"], theirs).data)
    _, when, noted = _signed(photo, LABELS["captured"], signer)
    assert datetime.now(UTC) - when < timedelta(minutes=5)
    assert not noted


def test_a_generators_own_time_is_taken(tmp_path, signer, exiftool):
    path = tmp_path / "cat.png"
    path.write_bytes(picture("png"))
    time = "-PNG:CreationTime=2019-05-01T12:00:00Z"
    exiftool.run("-overwrite_original", time, path)
    assert _signed(path, LABELS["generated"], signer)[1] == TAKEN


def test_the_caller_has_the_last_word(photo, signer, exiftool):
    exiftool.run("-overwrite_original", *CAPTURE, photo)
    os.utime(photo, (1_600_000_000, 1_600_000_000))
    of_file = datetime.fromtimestamp(1_600_000_000, UTC)
    given = datetime(2021, 2, 3, tzinfo=UTC)
    for created, expected in (
        (given, given),
        ("unknown", None),
        (Created.UNKNOWN, None),
        ("file", of_file),
        ("exif", TAKEN),
    ):
        label = Label.generated(producer=ACME, created=created)
        assert _signed(photo, label, signer)[1:] == (expected, False)


def test_a_place_that_has_no_time_is_refused(photo, signer):
    with pytest.raises(LabelError, match="is no file"):
        genlabel.sign(picture("jpeg"), Label.generated(producer=ACME, created="file"), signer)
    with pytest.raises(LabelError, match="states no capture date"):
        genlabel.sign(photo, Label.generated(producer=ACME, created="exif"), signer)
    with pytest.raises(LabelError, match="is no time"):
        Label.generated(producer=ACME, created="yesterday")


def _film(name: str, created: int | None, *, xmp: str | None = None) -> bytes:
    """A small film whose header says when it was made, in seconds since 1904."""
    data = bytearray(small(name))
    at = data.index(b"mvhd") + 4
    assert data[at] == 0  # its version
    if created is not None:
        data[at + 4 : at + 8] = created.to_bytes(4, "big")
    if xmp is None:
        return bytes(data)
    container = identify(bytes(data))
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        f'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreateDate="{xmp}"/></rdf:RDF></x:xmpmeta>'
    )
    return joined(container.rewrite(container.survey(bytes(data)), {XMP: packet.encode()}))


SINCE_1904 = 2_082_844_800 + int(TAKEN.timestamp())


@pytest.mark.parametrize("name", ["mp4", "mov", "m4a"])
def test_a_film_says_when_it_was_made(name, signer, tmp_path):
    film = tmp_path / f"film.{name}"
    film.write_bytes(_film(name, SINCE_1904))
    assert _signed(film, LABELS["generated"], signer)[1:] == (TAKEN, False)
    for other in ("edited", "captured"):  # cameras write the time of their own clock there
        assert _signed(film, LABELS[other], signer)[1:] == (None, True)


@pytest.mark.parametrize("place", ["Keys:CreationDate", "UserData:ContentCreateDate"])
@pytest.mark.parametrize("name", ["mp4", "mov"])
def test_a_cameras_film_says_when_it_was_taken(name, place, signer, tmp_path, exiftool):
    film = tmp_path / f"film.{name}"
    film.write_bytes(_film(name, SINCE_1904 + 4))  # which says when the camera closed the file
    exiftool.run("-overwrite_original", f"-{place}=2019:05:01 14:00:00+02:00", film)
    for source in (film, film.read_bytes()):
        assert _signed(source, LABELS["captured"], signer)[1:] == (TAKEN, False)
    assert _signed(film, LABELS["edited"], signer)[1:] == (None, True)
    exiftool.run("-overwrite_original", "-Keys:CreationDate=2019:05:02 14:00:00+02:00", film)
    expected = (None, True) if place.startswith("User") else (TAKEN + timedelta(days=1), False)
    assert _signed(film, LABELS["captured"], signer)[1:] == expected


@pytest.mark.parametrize("stated", ["2019:05:01 14:00:00", "2019", "0000:00:00 00:00:00+02:00"])
def test_a_film_without_its_cameras_zone_says_nothing(stated, signer, tmp_path, exiftool):
    film = tmp_path / "film.mov"
    film.write_bytes(small("mov"))
    exiftool.run("-overwrite_original", "-n", f"-UserData:ContentCreateDate={stated}", film)
    assert _signed(film, LABELS["captured"], signer)[1:] == (None, True)


def test_the_day_of_publication_of_a_song_is_no_capture(signer, tmp_path, exiftool):
    song = tmp_path / "song.m4a"
    song.write_bytes(small("m4a"))
    day = "-ItemList:ContentCreateDate=2019:05:01 14:00:00+02:00"
    exiftool.run("-overwrite_original", day, song)
    assert _signed(song, LABELS["captured"], signer)[1:] == (None, True)


@pytest.mark.parametrize("at", range(0, 200, 7))
def test_a_films_damaged_list_of_dates_costs_no_label(at, signer, tmp_path, exiftool):
    film = tmp_path / "film.mov"
    film.write_bytes(small("mov"))
    exiftool.run("-overwrite_original", "-Keys:CreationDate=2019:05:01 14:00:00+02:00", film)
    data = bytearray(film.read_bytes())
    start = data.index(b"keys") - 4
    if start + at < len(data):
        data[start + at] ^= 0xFF
    container = identify(bytes(data))
    try:
        survey = container.survey(bytes(data))
    except MalformedAsset:
        return
    assert len(survey.taken_at) <= 1


@pytest.mark.parametrize("xmp", [False, True])
def test_exifs_date_of_change_is_not_contradicted(photo, xmp, signer, exiftool):
    """Who reads both is to find one time, and Exif's is not ours to change."""
    changed = ("-EXIF:ModifyDate=2019:05:01 14:00:00", "-EXIF:OffsetTime=+02:00")
    both = ("-XMP:ModifyDate=2019:05:01 14:00:00+02:00",) if xmp else ()
    exiftool.run("-overwrite_original", *changed, *both, photo)
    for given in (TAKEN, TAKEN + timedelta(days=900)):
        label = Label.edited(producer=ACME, created=given)
        signed, when, _ = _signed(photo, label, signer)
        assert when == given
        tags = exiftool.read(signed.data)
        assert tags["IFD0:ModifyDate"] == "2019:05:01 14:00:00"
        if given != TAKEN:
            assert ("XMP-xmp:ModifyDate" in tags) is xmp
        if "XMP-xmp:ModifyDate" in tags:
            stated = datetime.fromisoformat(signed.report.marks[Mark.IPTC].created)
            assert stated == TAKEN
        assert genlabel.sign(signed.data, label, signer).outcome is Outcome.UNCHANGED


@pytest.mark.parametrize("created", [0, 2_082_844_800, 1, 2**32 - 1])
def test_a_film_whose_clock_nobody_set_says_nothing(created, signer, tmp_path):
    film = tmp_path / "film.mp4"
    film.write_bytes(_film("mp4", created))
    assert _signed(film, LABELS["generated"], signer)[1:] == (None, True)


@pytest.mark.parametrize(
    ("stated", "when"), [("2019-05-01T14:00:00+02:00", TAKEN), ("2019-05-02T14:00:00Z", None)]
)
def test_header_and_xmp_of_a_film_have_to_agree(stated, when, signer, tmp_path):
    film = tmp_path / "film.mp4"
    film.write_bytes(_film("mp4", SINCE_1904, xmp=stated))
    assert _signed(film, LABELS["generated"], signer)[1] == when


SOON = datetime.now(UTC) + timedelta(days=2)
"""Later than any clock in another zone may be."""


def test_a_time_that_is_still_to_come_is_refused(photo, signer):
    label = Label.captured(producer=ACME, created=SOON)
    with pytest.raises(LabelError, match=r"created: .* is still to come"):
        genlabel.sign(photo, label, signer)
    step = genlabel.Step(action="cropped", by="human", when=SOON)
    with pytest.raises(LabelError, match=r"when: .* is still to come"):
        genlabel.sign(photo, Label.edited(producer=ACME, steps=(step,)), signer)
    os.utime(photo, (SOON.timestamp(), SOON.timestamp()))
    with pytest.raises(LabelError, match=r"created: .* is still to come"):
        genlabel.sign(photo, Label.generated(producer=ACME, created=Created.FILE), signer)
    near = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=13)
    _, when, _ = _signed(photo, Label.captured(producer=ACME, created=near), signer)
    assert when == near  # of a clock that is set to another zone's time


def test_metadata_that_state_such_a_time_are_not_believed(photo, signer, exiftool):
    taken = f"-EXIF:DateTimeOriginal={SOON:%Y:%m:%d %H:%M:%S}"
    exiftool.run("-overwrite_original", taken, "-EXIF:OffsetTimeOriginal=+00:00", photo)
    _, when, noted = _signed(photo, Label.captured(producer=ACME), signer)
    assert (when, noted) == (None, True)


def test_the_time_of_a_reproducible_run_may_be_any(photo, signer, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(SOON.timestamp())))
    _, when, _ = _signed(photo, Label.captured(producer=ACME, created=SOON), signer)
    assert when == SOON.replace(microsecond=0)


BEFORE = {
    "captured": (Label.captured, 1957),
    "generated": (Label.generated, 1957),
    "by hand": (Label.created_by_human, 1957),
}


@pytest.mark.parametrize("name", BEFORE)
def test_a_time_before_any_such_picture_is_refused(photo, signer, name):
    make, first = BEFORE[name]
    early = datetime(first - 1, 12, 31, tzinfo=UTC)
    with pytest.raises(LabelError, match=f"created: .* before the first picture .* {first}"):
        genlabel.sign(photo, make(producer=ACME, created=early), signer)
    when = datetime(first, 1, 1, tzinfo=UTC)
    assert _signed(photo, make(producer=ACME, created=when), signer)[1] == when


def _scanned(kind, when):
    return Label(
        source_type=genlabel.DigitalSourceType.parse(kind),
        history=genlabel.History.CAPTURED,
        producer=ACME,
        created=when,
    )


def test_film_may_be_older_and_prints_may_be_of_any_time(photo, signer):
    for kind, first in (("negativeFilm", 1826), ("positiveFilm", 1826), ("print", 1500)):
        when = datetime(first, 1, 1, tzinfo=UTC)
        label = _scanned(kind, when)
        assert _signed(photo, label, signer)[1] == when
    early = _scanned("negativeFilm", datetime(1825, 1, 1, tzinfo=UTC))
    with pytest.raises(LabelError, match="1826"):
        genlabel.sign(photo, early, signer)


def test_a_step_is_checked_also_where_the_time_of_the_picture_is_not_believed(signer, tmp_path):
    path = tmp_path / "later.jpg"
    path.write_bytes(_dated("2099:01:01 00:00:00", "+00:00"))
    for when in (SOON, datetime(1900, 1, 1, tzinfo=UTC)):
        step = genlabel.Step(action="cropped", by="human", when=when)
        with pytest.raises(LabelError, match="when: "):
            genlabel.sign(path, Label.edited(producer=ACME, steps=(step,)), signer)


def _dated(taken, offset):
    exif = Image.Exif()
    exif[0x0132] = taken
    inner = exif.get_ifd(0x8769)
    inner.update({0x9003: taken, 0x9010: offset, 0x9011: offset})
    file = BytesIO()
    Image.new("RGB", (8, 8)).save(file, "JPEG", exif=exif)
    return file.getvalue()


CAMERA = {0x010F: "Canon", 0x0110: "EOS R5"}
SETTINGS = {0x829A: 0.005, 0x829D: 2.8, 0x8827: 200}


def _shot(main, inner):
    exif = Image.Exif()
    exif.update(main)
    exif.get_ifd(0x8769).update(inner)
    file = BytesIO()
    Image.new("RGB", (8, 8)).save(file, "JPEG", exif=exif)
    return file.getvalue()


def test_a_label_without_camera_on_a_photograph_is_told(signer):
    shot = _shot(CAMERA, SETTINGS)
    for make in (Label.generated, Label.created_by_human):
        signed = genlabel.sign(shot, make(producer=ACME), signer)
        (told,) = (e for e in signed.findings if e.code == "genlabel.camera.contradicts")
        assert told.severity == "warning"
        assert "Canon EOS R5" in told.explanation
    honest = (
        (shot, Label.captured(producer=ACME)),
        (shot, Label.edited(producer=ACME)),
        (_shot({0x0131: "FLUX", **CAMERA}, {}), Label.generated(producer=ACME)),
        (_shot({}, SETTINGS), Label.generated(producer=ACME)),
    )
    for data, label in honest:
        codes = {each.code for each in genlabel.sign(data, label, signer).findings}
        assert "genlabel.camera.contradicts" not in codes
