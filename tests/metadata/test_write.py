"""What a mark composes is what it reads, as far as the field table lets it carry the label."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings, strategies as st

from genlabel.formats.format import EXIF, EXTENDED_XMP, IIM, XMP
from genlabel.metadata import METADATA_MARKS
from genlabel.metadata.mark import is_wanted
from genlabel.metadata.write import write
from genlabel.model.carried import carried_by
from genlabel.model.label import Label
from genlabel.model.parties import Producer
from genlabel.model.report import Mark
from labels_drawn import labels
from payloads_drawn import EXIF_BLOCKS, EXTENDED, IIM_BLOCKS, PACKETS

LIMIT = 65_502  # XMP part 3 §1.1.3: what one JPEG segment holds

FOREIGN = [
    {},
    *({XMP: each} for each in PACKETS.values()),
    {XMP: EXTENDED["main"], EXTENDED_XMP: EXTENDED["extended"]},
    *({IIM: each} for each in IIM_BLOCKS.values()),
    *({EXIF: each} for each in EXIF_BLOCKS.values()),
]


def after(existing, changes):
    merged = {**existing, **changes}
    return {slot: payload for slot, payload in merged.items() if payload is not None}


@pytest.mark.parametrize("mark", METADATA_MARKS, ids=lambda mark: mark.MARK.value)
@settings(max_examples=150)
@given(label=labels(), existing=st.sampled_from(FOREIGN), limit=st.sampled_from([None, LIMIT]))
def test_a_mark_reads_back_what_the_field_table_promises(mark, label, existing, limit):
    if limit is not None and mark.MARK is Mark.EXIF:
        limit = None
    before = mark.read(existing)
    result = after(existing, mark.compose(existing, label, limit=limit))
    wanted = is_wanted(mark.MARK, mark.SLOTS[0], existing, label)
    promised = carried_by(mark.MARK, label, beside=before) if wanted else before
    assert mark.read(result) == promised


@pytest.mark.parametrize("mark", METADATA_MARKS, ids=lambda mark: mark.MARK.value)
@settings(max_examples=100)
@given(label=labels(), existing=st.sampled_from(FOREIGN))
def test_composing_what_is_said_already_changes_nothing(mark, label, existing):
    result = after(existing, mark.compose(existing, label))
    assert mark.compose(result, label) == {}


@settings(max_examples=100)
@given(
    first=labels(),
    second=labels(),
    xmp=st.sampled_from(list(PACKETS.values())),
    iim=st.sampled_from(list(IIM_BLOCKS.values())),
    exif=st.sampled_from(list(EXIF_BLOCKS.values())),
)
def test_one_label_over_another_keeps_every_promise_in_all_marks(first, second, xmp, iim, exif):
    slots = {XMP, IIM, EXIF}
    payloads = {XMP: xmp, IIM: iim, EXIF: exif}
    for label in (first, second):
        writing = write(payloads, label, slots=slots)
        payloads = after(payloads, writing.changes)
        assert not writing.refused
        for mark in METADATA_MARKS:
            assert mark.read(payloads) == writing.promised[mark.MARK]
        assert write(payloads, label, slots=slots).changes == {}


def test_what_a_label_replaces_is_named_but_for_the_time_of_the_version():
    label = Label.edited(
        producer=Producer("A"), title="New", created=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    )
    writing = write({XMP: PACKETS["elements"]}, label, slots={XMP})
    assert writing.promised[Mark.IPTC].created == "2026-01-02T03:04:05Z"
    assert writing.replaced == ("iptc title: 'Title'", "xmp title de: 'Titel'")


def test_a_by_line_of_the_file_speaks_against_the_producer_as_creator_and_other_words_do_not():
    label = Label.generated(producer=Producer("A"))
    writing = write({XMP: PACKETS["elements"]}, label, slots={XMP})
    assert writing.promised[Mark.IPTC].title == "Title"  # of which the manifest says nothing
    assert writing.spoken_for(label) == {"creator"}
