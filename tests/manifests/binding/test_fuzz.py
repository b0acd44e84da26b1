"""Files mutated at random: nothing crashes, and no other picture is taken for the signed one."""

from __future__ import annotations

import hypothesis
from hypothesis import given, strategies as st

import drawn_kinds
from forged_bindings import BOXES, DATA, box_hash, carrying, data_hash, judged, place, survey
from genlabel import formats
from genlabel.model.errors import MalformedAsset, UnsupportedFormat

KINDS = {
    name: carrying(drawn_kinds.kinds()[name])
    for name in (
        *("jpeg full", "jpeg restarts", "mpo", "png full", "apng", "webp full", "gif animated xmp"),
        *("jxl full", "tiff full", "tiff pages", "svg full", "mp3 full", "flac full", "wav full"),
        *("avi full", "pdf"),
    )
}
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.sampled_from(["set", "put in", "take out", "double", "cut"]),
        st.binary(min_size=1, max_size=12),
    ),
    min_size=1,
    max_size=4,
)


def mutated(data: bytes, edits: list[tuple[float, str, bytes]]) -> bytes:
    for where, how, new in edits:
        at = int(where * len(data))
        data = {
            "set": data[:at] + new + data[at + len(new) :],
            "put in": data[:at] + new + data[at:],
            "take out": data[:at] + data[at + len(new) :],
            "double": data[: at + 300] + data[at:],
            "cut": data[: max(at, 40)],
        }[how]
    return data


def looked_at(data: bytes) -> bytes | None:
    """All that is decoded of a file; None where it is none any more."""
    try:
        container = formats.identify(data)
        return b"".join(container.essence(container.survey(data)))
    except (MalformedAsset, UnsupportedFormat):
        return None


def is_carried(data: bytes) -> bool:
    """Does the file carry a store that can be read? What judges it else lies beside it."""
    store = survey(data).manifest
    return store is not None and store[4:8] == b"jumb"  # as JUMBF's superboxes begin


@hypothesis.settings(max_examples=300)
@hypothesis.example("jpeg full", [(0.9999999999999999, "double", b"\0")])
@hypothesis.example("pdf", [(0.5, "double", b"\0")])
@hypothesis.example("pdf", [(0.55078125, "set", b"\0\0")])  # its store's header
@given(st.sampled_from(sorted(KINDS)), EDITS)
def test_no_mutated_file_shows_another_picture_and_holds(name, edits):
    whole = KINDS[name]
    other = mutated(whole, edits)
    shown = looked_at(other)
    if shown is None or formats.identify(other) is not formats.identify(whole):
        return
    anomalies = formats.identify(other).survey(other).anomalies
    damaged = any("its cross-reference is damaged" in each for each in anomalies)
    bindings = [(DATA, data_hash(whole, place(whole)))]
    if formats.identify(whole).boxes is not None:
        bindings += [(BOXES, box_hash(whole)), (BOXES, box_hash(whole, apart=False))]
    beside = not is_carried(other)
    for label, fields in bindings:
        for updated in (False, True):
            if updated and damaged:
                continue  # its objects are looked for in the place of the manifest as well
            outcome = judged(other, label, fields, updated=updated, external=beside)
            if outcome.holds and not outcome.uncovered and shown != looked_at(whole):
                # what trails a JPEG picture is part of its essence, whatever it is
                assert label == BOXES
                assert any("trailing data" in each for each in outcome.unbound)
                assert formats.identify(whole).name == "jpeg"


@hypothesis.settings(max_examples=200)
@given(
    st.sampled_from(sorted(KINDS)),
    st.lists(st.tuples(st.floats(0, 1), st.integers(1, 400)), min_size=1, max_size=3),
    st.integers(1, 255),
)
def test_what_may_be_left_out_shows_nothing_whatever_it_says(name, ranges, flip):
    """A hash that leaves out words alone: with other words the same picture is decoded."""
    whole = KINDS[name]
    spans = sorted([*place(whole), *((int(at * len(whole)), length) for at, length in ranges)])
    left, end = [], 0
    for start, stop in spans:
        stop = stop if (start, stop) in place(whole) else min(len(whole), start + stop)
        if start >= end:
            left.append((start, stop))
            end = stop
    fields = data_hash(whole, left)
    if judged(whole, DATA, fields).uncovered:
        return
    other = bytearray(whole)
    for start, stop in left:
        if not any(a <= start and stop <= b for a, b in survey(whole).manifest_spans):
            other[start:stop] = bytes(each ^ flip for each in other[start:stop])
    shown = looked_at(bytes(other))
    if shown is not None and judged(bytes(other), DATA, fields).holds:
        outcome = judged(bytes(other), DATA, fields)
        assert outcome.uncovered or shown == looked_at(whole)
