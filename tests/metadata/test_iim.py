"""IIM: bytes, borders and encodings."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from genlabel.formats.format import IIM
from genlabel.metadata import iim
from genlabel.metadata.mark import is_wanted
from genlabel.model.errors import MalformedMetadata
from genlabel.model.label import Label
from genlabel.model.parties import Generator, Producer, Rights
from genlabel.model.report import Mark
from payloads_drawn import IIM_BLOCKS, dataset

NAMED = Label.edited(
    producer=Producer("Acme"), rights=Rights(creator=("Ann", "Bo"), copyright="© Acme"), title="T"
)
SILENT = Label.generated(producer=Producer("Acme"), generator=Generator("Model"))


def after(block, label=NAMED):
    return iim.compose({IIM: block}, label)[IIM]


def test_no_block_is_made_for_a_label_that_sets_none_of_its_fields():
    assert iim.compose({}, SILENT) == {}
    assert not is_wanted(Mark.IIM, IIM, {}, SILENT)


def test_a_fallback_fills_a_block_that_is_there():
    said = iim.read({IIM: after(IIM_BLOCKS["unknown, padded"], SILENT)})
    assert (said.creator, said.credit) == (("Acme",), "Acme")


def test_a_fallback_leaves_a_name_that_another_mark_has():
    block = IIM_BLOCKS["unknown, padded"]
    assert iim.compose({IIM: block}, SILENT, taken={"creator", "credit"}) == {}


def test_a_new_block_says_that_it_is_utf8():
    block = iim.compose({}, NAMED)[IIM]
    assert block.startswith(dataset(1, 0, b"\0\4") + dataset(1, 90, b"\x1b%G"))
    assert dataset(2, 0, b"\0\4") + dataset(2, 5, b"T") in block
    assert dataset(2, 80, b"Ann") + dataset(2, 80, b"Bo") in block
    assert dataset(2, 116, "© Acme".encode()) in block


def test_old_texts_become_utf8_together_with_ours():
    block = after(IIM_BLOCKS["latin"])
    assert dataset(2, 25, "été".encode()) in block
    assert dataset(2, 120, b"caption") + dataset(2, 120, b"again") in block


def test_undeclared_utf8_is_not_encoded_twice():
    block = after(dataset(2, 25, "東京 été".encode()))
    assert dataset(2, 25, "東京 été".encode()) in block


@pytest.mark.parametrize(
    ("text", "coding"),
    [
        *(("Привет, Россия", "cp1251"), ("山田 太郎", "shift_jis"), ("中国北京", "gbk")),
        *(("Ελλάδα", "cp1253"), ("Łódź", "iso8859-2"), ("שלום", "cp1255"), ("Gerät", "cp437")),
    ],
)
def test_what_is_in_an_encoding_that_nobody_declares_stays_as_it_is(text, coding):
    old = dataset(2, 25, text.encode(coding)) + dataset(2, 101, text.encode(coding))
    block = iim.compose({IIM: old}, Label.edited(producer=Producer("Acme"), title="Title"))[IIM]
    assert old in block
    assert dataset(2, 5, b"Title") in block
    assert b"\x1b%G" not in block
    with pytest.raises(MalformedMetadata, match="nobody declares"):
        iim.compose({IIM: old}, Label.edited(producer=Producer("Acme"), title="Título"))
    (gone, *_) = iim.datasets(old)
    assert iim.without(old, [gone]).endswith(old[len(old) // 2 :])


@pytest.mark.parametrize(
    ("escape", "coding"),
    [(b"\x1b-B", "iso8859-2"), (b"\x1b.A", "cp1252"), (b"\x1b(B\x1b-L", "iso8859-5")],
)
def test_a_part_of_iso_8859_that_is_declared_is_read_as_such(escape, coding):
    text = {"iso8859-2": "Łódź", "cp1252": "été – “x”", "iso8859-5": "Привет"}[coding]
    block = after(dataset(1, 90, escape) + dataset(2, 25, text.encode(coding)))
    assert dataset(2, 25, text.encode()) in block
    assert dataset(1, 90, b"\x1b%G") in block


@pytest.mark.parametrize(
    "text",
    [
        *("Grüße aus Köln", "L’été à Nîmes, 10 €", "Ångström", "¿Qué? ¡Sí!", "Þórður Ægisson"),
        *("créée", "Š. Žižek", "“ÉTÉ”", "1º piso, ½ cup, 50°C, 100 m², £5, n°5", "Noël…", "M·A"),
    ],
)
def test_words_of_western_languages_become_utf8(text):
    block = after(dataset(2, 25, text.encode("cp1252")))
    assert dataset(2, 25, text.encode()) in block


def test_pictures_and_versions_are_no_texts_to_be_turned_into_utf8():
    for key in ((2, 0), (2, 125), (2, 202), (3, 20)):  # 2:125 is the rasterized caption
        binary = dataset(*key, b"\xe9\xff")
        block = after(dataset(2, 25, "été".encode("cp1252")) + binary)
        assert dataset(2, 25, "été".encode()) in block
        assert binary in block


def test_unknown_datasets_stay_as_they_are_and_in_order():
    block = after(IIM_BLOCKS["unknown, padded"])
    assert block.index(dataset(2, 242, b"\xff\xfe\0")) < block.index(dataset(7, 10, b"\x80data"))


def test_a_dataset_is_replaced_where_it_stood():
    block = after(dataset(2, 0, b"\0\2") + dataset(2, 5, b"old") + dataset(2, 25, b"key"))
    assert dataset(2, 5, b"T") + dataset(2, 25, b"key") in block
    assert dataset(2, 0, b"\0\2") in block


def test_values_are_cut_at_a_characters_border():
    label = Label.edited(
        producer=Producer("Acme"), title="é" * 40, rights=Rights(creator=("語" * 20,))
    )
    said = iim.read(iim.compose({}, label))
    assert said.title == "é" * 32
    assert said.creator == ("語" * 10,)


def test_long_foreign_datasets_keep_their_extended_length():
    value = b"c" * 40_000
    long = bytes((0x1C, 2, 202, 0x80, 4)) + len(value).to_bytes(4, "big") + value
    assert long in after(long)


@pytest.mark.parametrize(
    "block",
    [
        b"\x1c",
        b"\x1c\x02\x05\x00",
        dataset(2, 5, b"title")[:-1],
        b"\x1c\x02\x05\xff\xff",
        b"\x1c\x02\x05\x80\x00",
        b"\x1c\x02\x05\x80\x08" + b"\xff" * 8,
        b"junk",
        dataset(2, 5, b"x") + b"\0\0junk",
        dataset(2, 25, b"") * 60_000,
    ],
)
def test_blocks_that_lie_are_refused(block):
    with pytest.raises(MalformedMetadata, match="iim: "):
        iim.compose({IIM: block}, NAMED)


@given(st.binary(max_size=200), st.sampled_from(sorted(IIM_BLOCKS.values())))
def test_damaged_blocks_are_merged_or_refused_but_never_crash(junk, block):
    for damaged in (junk, block + junk, block[: len(junk)]):
        try:
            result = {IIM: damaged} | dict(iim.compose({IIM: damaged}, NAMED))
        except MalformedMetadata:
            continue
        assert iim.read(result).title == "T"
