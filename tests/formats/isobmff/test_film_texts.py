"""What a film says in its own boxes: dates with their zone, and the programs that made it."""

from __future__ import annotations

import pytest

import genlabel
from genlabel import Label, LabelError
from genlabel.formats.isobmff import boxes, film_texts
from genlabel.formats.isobmff.boxes import box
from genlabel.formats.slots import text_slot
from histories import ACME
from oracles.films import NEEDS_FFMPEG, is_here, played
from oracles.small_files import small

DATE = b"2019-05-01T14:00:00+0200"
GRAPH = '{"3": {"class_type": "KSampler", "inputs": {"text": "a castle for QJX"}}}'
SETTINGS = "a castle, Steps: 20, Sampler: Euler a, Seed: 7"


def words(*texts: bytes) -> bytes:
    return b"".join(len(each).to_bytes(2, "big") + b"\x15\xc7" + each for each in texts)


def item(kind: bytes, text: bytes) -> bytes:
    return box(kind, box(b"data", b"\0\0\0\1", bytes(4), text))


def keyed(**texts: bytes) -> bytes:
    """QuickTime's ``meta``, whose keys are spelt with underscores here."""
    names = [each.replace("_", ".").encode() for each in texts]
    keys = b"".join(box(b"mdta", each) for each in names)
    items = [item(number.to_bytes(4, "big"), each) for number, each in enumerate(texts.values(), 1)]
    handler = box(b"hdlr", bytes(8), b"mdta", bytes(12))
    counted = box(b"keys", bytes(4), len(names).to_bytes(4, "big"), keys)
    return box(b"meta", handler, counted, box(b"ilst", *items))


def stated(*inner: bytes):
    return film_texts.stated(boxes.walk(memoryview(box(b"moov", *inner)), "mp4"))


def test_dates_and_programs_of_all_three_places_are_read():
    own = keyed(com_apple_quicktime_creationdate=DATE, com_apple_quicktime_software=b"17.4")
    list_ = box(b"meta", bytes(4), box(b"hdlr", bytes(20)), box(b"ilst", item(b"\xa9too", b"Lavf")))
    user = box(b"udta", box(b"\xa9day", words(DATE, b"2019")), list_, bytes(4))
    dates, texts = stated(own, user)
    assert dates == (DATE.decode(), "2019", DATE.decode())
    programs = {text_slot("Software"): b"17.4", text_slot("Software", 2): b"Lavf"}
    days = {text_slot("day"): DATE, text_slot("day", 2): b"2019", text_slot("creationdate"): DATE}
    assert texts == programs | days


def test_names_of_items_in_user_data_and_a_day_of_publication():
    meta = keyed(workflow=GRAPH.encode(), title=b"Hills")
    named = {text_slot("workflow"): GRAPH.encode(), text_slot("Title"): b"Hills"}
    assert stated(box(b"udta", meta))[1] == named
    song = box(b"meta", bytes(4), box(b"hdlr", bytes(20)), box(b"ilst", item(b"\xa9day", DATE)))
    assert stated(box(b"udta", song)) == ((), {text_slot("day"): DATE})


def test_free_forms_have_names_and_covers_are_no_texts():
    mean = box(b"mean", bytes(4), b"com.example")
    free = box(
        b"----", mean, box(b"name", bytes(4), b"prompt"), box(b"data", b"\0\0\0\1", bytes(4), b"x")
    )
    cover = box(b"covr", box(b"data", b"\0\0\0\x0d", bytes(4), b"\xff\xd8\xff"))
    odd = box(b"odd ", b"no box")
    place = box(b"udta", box(b"\xa9xyz", words(b"+52.5+013.4/")))
    items = box(b"meta", bytes(4), box(b"hdlr", bytes(20)), box(b"ilst", odd, cover, free))
    texts = stated(place, box(b"udta", items))[1]
    assert texts == {text_slot("GPS"): b"+52.5+013.4/", text_slot("prompt"): b"x"}


@pytest.mark.parametrize("at", range(8, 300))
def test_damage_ends_a_list_and_nothing_else(at):
    film = bytearray(
        box(
            b"moov",
            keyed(com_apple_quicktime_creationdate=DATE, comment=b"x"),
            box(b"udta", box(b"\xa9day", words(DATE, DATE))),
        )
    )
    film[at % len(film)] ^= 0xFF
    try:
        dates, _ = film_texts.stated(boxes.walk(memoryview(film), "mp4"))
    except genlabel.GenlabelError:
        assert at % len(film) < 8
        return
    assert len(dates) <= 3


def test_very_many_texts_are_not_all_read():
    dates, texts = stated(box(b"udta", box(b"\xa9day", words(*[DATE] * 9_000))))
    assert (len(dates), len(texts)) == (64, 64)
    long = stated(box(b"udta", keyed(comment=b"x" * 1_000_000)))[1]
    assert len(long[text_slot("Comment")]) == 65_536


PLACES = {
    "mp4": ("-ItemList:Comment=", GRAPH),
    "mov": ("-Keys:Software=", "Midjourney 7"),
    "m4a": ("-Keys:Comment=", SETTINGS),
}


@pytest.mark.parametrize("name", PLACES)
def test_a_films_traces_stand_against_a_capture_and_stay(name, tmp_path, signer, exiftool):
    film = tmp_path / f"film.{name}"
    film.write_bytes(small(name))
    genlabel.sign(film, Label.captured(producer=ACME), signer)  # the honest one
    place, text = PLACES[name]
    exiftool.run("-overwrite_original", f"{place}{text}", film)
    with pytest.raises(LabelError, match=r"text (Comment|Software) says"):
        genlabel.sign(film, Label.captured(producer=ACME), signer)
    overruled = genlabel.sign(
        film, Label.captured(producer=ACME), signer, overrule="a plug-in of ours wrote that"
    )
    codes = {each.code for each in genlabel.verify(overruled.data).findings}
    assert "genlabel.trace.contradicts" in codes
    assert text in {each.value for each in genlabel.inspect(film).traces}
    generated = Label.generated(producer=ACME)
    signed = genlabel.sign(film, generated, signer)
    assert "genlabel.trace.kept" in {each.code for each in signed.findings}


@pytest.mark.skipif(not is_here(), reason=NEEDS_FFMPEG)
@pytest.mark.parametrize("name", PLACES)
def test_a_films_traces_go_with_every_byte_and_nothing_else_moves(name, tmp_path, signer, exiftool):
    film = tmp_path / f"film.{name}"
    film.write_bytes(small(name))
    place, text = PLACES[name]
    exiftool.run("-overwrite_original", f"{place}{text}", "-ItemList:Artist=Ada", film)
    generated = Label.generated(producer=ACME)
    signed = genlabel.sign(film, generated, signer, drop_traces=["all"])
    assert text.encode() not in bytes(signed.data)
    assert [each.partition(": ")[0] for each in signed.replaced] == [
        f"text {'Software' if name == 'mov' else 'Comment'}"
    ]
    assert "genlabel.trace.kept" not in {each.code for each in signed.findings}
    assert genlabel.inspect(signed.data).traces == ()
    out = tmp_path / f"out.{name}"
    out.write_bytes(signed.data)
    tags = exiftool.run("-s", "-G1", out)
    assert "Ada" in tags
    assert "Comment" not in tags
    assert played(signed.data) == played(film.read_bytes())
    again = genlabel.sign(out, generated, signer, drop_traces=["all"])
    assert again.outcome.value == "unchanged"


def test_of_a_place_only_that_there_is_one_is_public(signer, tmp_path, exiftool):
    film = tmp_path / "film.mp4"
    film.write_bytes(small("mp4"))
    exiftool.run("-overwrite_original", "-UserData:GPSCoordinates=52.5, 13.4, 0", film)
    signed = genlabel.sign(film, Label.generated(producer=ACME), signer, show_public=True)
    told = {each.where: each.text for each in signed.public}
    assert told["text GPS"] == "where the picture was taken"
    assert not any("52.5" in each for each in told.values())
