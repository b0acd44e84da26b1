"""The field table: one row a field, and what each mark carries of it."""

from __future__ import annotations

import dataclasses

import pytest

from genlabel.model import carried
from genlabel.model.carried import agree, carried_by
from genlabel.model.fields import FIELDS
from genlabel.model.label import Label
from genlabel.model.parties import Generator, Producer, Rights
from genlabel.model.report import WRITTEN, Declaration, Mark

STUDIO = Producer("Acme Studio", url="https://acme.example")


def test_every_field_of_a_declaration_has_exactly_one_row():
    names = [each.name for each in FIELDS]
    assert sorted(names) == sorted(each.name for each in dataclasses.fields(Declaration))


@pytest.mark.parametrize("row", FIELDS, ids=lambda row: row.name)
def test_every_row_says_what_it_means_and_where_it_goes(row):
    assert row.meaning
    assert row.places
    assert all(place.where for place in row.places.values())


def test_a_value_is_cut_at_the_marks_limit_between_characters():
    label = Label.captured(producer=STUDIO, title="é" * 40)
    assert carried_by(Mark.IIM, label).title == "é" * 32  # 64 bytes
    assert carried_by(Mark.IPTC, label).title == "é" * 40


def test_a_value_cut_behind_a_blank_does_not_end_with_it():
    label = Label.captured(
        producer=STUDIO, title="a" * 62 + "  b", rights=Rights(creator=("é" * 16 + " b",))
    )
    carried = carried_by(Mark.IIM, label)
    assert carried.title == "a" * 62
    assert carried.creator == ("é" * 16,)


def test_a_value_cut_at_a_marks_limit_agrees_with_the_whole():
    whole = "The Extraordinarily Long Name of a Picture Agency"
    assert agree("credit", whole, Mark.IPTC, whole[:32], Mark.IIM)
    assert agree("creator", (whole,), Mark.IPTC, (whole[:32],), Mark.IIM)
    assert not agree("credit", whole, Mark.IPTC, "AFP", Mark.IIM)


def test_several_creators_agree_when_iim_cuts_them_and_exif_joins_them():
    label = Label.captured(producer=STUDIO, rights=Rights(creator=("x" * 40, "Ann", "é" * 20)))
    said = {mark: carried_by(mark, label).creator for mark in WRITTEN}
    for one in WRITTEN:
        for other in WRITTEN:
            assert agree("creator", said[one], one, said[other], other), (one, other)
    assert not agree("creator", ("Ann",), Mark.IIM, ("Ann; Bo",), Mark.EXIF)
    assert not agree("creator", ("Bo", "Ann"), Mark.IIM, ("Ann; Bo",), Mark.EXIF)


def test_https_and_http_source_types_agree():
    http = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    assert agree("source_type", http, Mark.MANIFEST, http.replace("http", "https"), Mark.IPTC)


def test_the_producer_fills_creator_and_credit_of_generated_pictures_where_they_are_empty():
    label = Label.generated(producer=STUDIO)
    assert carried_by(Mark.IPTC, label).creator == ("Acme Studio",)
    agency = Declaration(creator=("Ada",), credit="AFP")
    beside = carried_by(Mark.IPTC, label, beside=agency)
    assert (beside.creator, beside.credit) == (("Ada",), "AFP")


def test_the_producer_never_becomes_the_creator_of_an_edited_picture():
    carried = carried_by(Mark.IPTC, Label.edited(producer=STUDIO, generator=Generator("X")))
    assert carried.creator == ()
    assert carried.credit is None


def test_what_the_label_sets_replaces_what_is_there():
    label = Label.captured(producer=STUDIO, rights=Rights(credit="Acme"))
    assert carried_by(Mark.IPTC, label, beside=Declaration(credit="AFP")).credit == "Acme"


def test_a_new_producer_is_not_given_the_old_ones_address():
    before = Declaration(producer="Old", producer_url="https://old.example")
    carried = carried_by(Mark.IPTC, Label.captured(producer=Producer("New")), beside=before)
    assert carried.producer == "New"
    assert carried.producer_url is None


def test_exif_takes_identifiers_that_are_uuids_only():
    digits = "0123456789abcdef0123456789abcdef"
    label = Label.captured(
        producer=STUDIO, identifier="urn:uuid:01234567-89ab-cdef-0123-456789abcdef"
    )
    assert carried_by(Mark.EXIF, label).identifier == digits
    other = Label.captured(producer=STUDIO, identifier="https://acme.example/1")
    assert carried_by(Mark.EXIF, other).identifier is None


def test_set_by_names_what_the_label_itself_sets():
    label = Label.generated(producer=STUDIO, title="A cat")
    assert "title" in carried.set_by(Mark.IPTC, label)
    assert "credit" not in carried.set_by(Mark.IPTC, label)
