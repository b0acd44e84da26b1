"""Data hashes: what they hold, and every form in which they hold nothing (C2PA 2.4 §15.12.1)."""

from __future__ import annotations

import hashlib
import random
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

import drawn_kinds
from forged_bindings import DATA, carrying, data_hash, judged, place, survey
from genlabel.formats.format import MANIFEST
from genlabel.manifests.binding import data_hash as module, digest
from genlabel.model.errors import MalformedAsset, UnsupportedFormat
from genlabel.storage import buffers, file_contents
from oracles.pictures import flipped

JPEG = carrying(drawn_kinds.kinds()["jpeg full"])
CARRIERS = (
    "jpeg",
    "png",
    "gif",
    "webp lossy",
    "tiff",
    "svg",
    "jxl",
    "mp3",
    "flac",
    "wav",
    "avi",
    "pdf",
)


def kind(name: str) -> bytes:
    """The drawn file of that kind."""
    return drawn_kinds.kinds()[name]


@pytest.mark.parametrize("name", CARRIERS)
@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
def test_an_honest_hash_holds_and_leaves_nothing_out(name, algorithm):
    data = carrying(kind(name))
    outcome = judged(data, DATA, data_hash(data, place(data), algorithm))
    assert (outcome.code, outcome.holds) == ("assertion.dataHash.match", True)
    assert outcome.uncovered == outcome.unbound == ()


@pytest.mark.parametrize("name", CARRIERS)
def test_every_byte_outside_the_manifest_is_held(name):
    data = carrying(kind(name))
    fields = data_hash(data, place(data))
    chosen = random.Random(name)
    outside = [at for at in range(len(data)) if not any(a <= at < b for a, b in place(data))]
    for at in chosen.sample(outside, 40):
        other = survey_or_none(flipped(data, at))
        if other is None:
            continue
        outcome = judged(flipped(data, at), DATA, fields)
        assert outcome.holds is False, at
        assert outcome.code == "assertion.dataHash.mismatch"


def survey_or_none(data: bytes):
    """The survey of a damaged file; None where it is none any more."""
    try:
        return survey(data)
    except (MalformedAsset, UnsupportedFormat):
        return None


def changed(**fields: object) -> dict:
    return {**data_hash(JPEG, place(JPEG)), **fields}


def ranges(*spans: tuple[object, object]) -> list[dict]:
    return [{"start": start, "length": length} for start, length in spans]


START, END = place(JPEG)[0]


@pytest.mark.parametrize(
    "exclusions",
    [
        ranges((START, END - START), (START + 5, 3)),
        ranges((START + 5, 3), (START, END - START)),
        ranges((500, 3), (START, 20)),
        ranges((-1, 3)),
        ranges((START, -3)),
        ranges((START, True)),
        ranges((START, 2.0)),
        ranges((START, "3")),
        [{"start": START}],
        [START],
        {"start": START, "length": 3},
        "everything",
    ],
)
def test_ranges_that_overlap_or_are_none_are_malformed(exclusions):
    outcome = judged(JPEG, DATA, changed(exclusions=exclusions))
    assert (outcome.code, outcome.holds) == ("assertion.dataHash.malformed", False)
    assert outcome.explanation


def test_ranges_are_malformed_even_where_their_hash_is_right():
    spans = [(START, START + 40), (START + 20, END)]
    fields = data_hash(JPEG, [(START, END)]) | {
        "exclusions": ranges(*((first, last - first) for first, last in spans))
    }
    assert judged(JPEG, DATA, fields).code == "assertion.dataHash.malformed"


def test_ranges_behind_the_end_hold_nothing():
    far = ranges((START, END - START), (len(JPEG) - 1, 2))
    outcome = judged(JPEG, DATA, changed(exclusions=far))
    assert (outcome.code, outcome.holds) == ("assertion.dataHash.mismatch", False)
    huge = judged(JPEG, DATA, changed(exclusions=ranges((2**63, 2**64 - 1))))
    assert huge.holds is False


def test_touching_and_empty_ranges_are_ranges():
    spans = [(START, START + 10), (START + 10, START + 10), (START + 10, END)]
    assert judged(JPEG, DATA, data_hash(JPEG, spans)).holds is True


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha3_256", "SHA256", 256])
def test_an_algorithm_that_is_not_listed_is_not_judged(algorithm):
    outcome = judged(JPEG, DATA, changed(alg=algorithm))
    assert (outcome.code, outcome.holds) == ("algorithm.unsupported", None)
    assert repr(algorithm) in outcome.explanation


def test_the_algorithm_is_the_assertions_or_else_the_claims():
    fields = changed(hash=hashlib.sha384(JPEG[:START] + JPEG[END:]).digest())
    assert judged(JPEG, DATA, fields, algorithm="sha384").holds is False
    del fields["alg"]
    assert judged(JPEG, DATA, fields, algorithm="sha384").holds is True
    assert judged(JPEG, DATA, fields, algorithm="sha256").holds is False
    assert judged(JPEG, DATA, fields, algorithm=None).code == "algorithm.unsupported"


def test_a_hash_as_a_list_of_numbers_is_read_as_the_engine_reads_it():
    whole = data_hash(JPEG, place(JPEG))["hash"]
    assert judged(JPEG, DATA, changed(hash=list(whole))).holds is True
    assert judged(JPEG, DATA, changed(hash=whole.hex())).holds is False
    for odd in ([300], [-1], [True], 7, {"a": 1}):
        assert judged(JPEG, DATA, changed(hash=odd)).code == "assertion.dataHash.malformed"


@pytest.mark.parametrize("hash", [None, b"", bytes(32), bytes(31)])
def test_without_the_right_hash_nothing_holds(hash):
    outcome = judged(JPEG, DATA, changed(hash=hash))
    assert (outcome.code, outcome.holds) == ("assertion.dataHash.mismatch", False)


def test_padding_name_and_address_are_ignored():
    fields = changed(pad=None, pad2=b"x", name="ftyp", url="https://elsewhere.example/")
    assert judged(JPEG, DATA, fields).holds is True
    del fields["pad"]
    assert judged(JPEG, DATA, fields).holds is True


def test_beside_the_file_nothing_is_left_out():
    plain = kind("jpeg")
    outcome = judged(plain, DATA, data_hash(plain, []), external=True)
    assert (outcome.holds, outcome.uncovered, outcome.unbound) == (True, (), ())
    fields = data_hash(plain, []) | {"exclusions": None}
    assert judged(plain, DATA, fields, external=True).holds is True
    left = judged(JPEG, DATA, data_hash(JPEG, place(JPEG)), external=True)
    assert left.holds is True
    assert left.uncovered, "what a manifest beside the file leaves out is no place of its own"


@pytest.mark.parametrize("name", ["jpeg", "png", "gif", "tiff", "jxl", "mp3", "svg", "wav"])
def test_an_update_manifest_has_made_the_store_longer(name):
    before = carrying(kind(name), 400)
    fields = data_hash(before, place(before))
    after = drawn_kinds.rewritten(before, {MANIFEST: drawn_kinds.store(900)})
    if name in ("mp3", "wav"):  # lengths outside of the store are hashed
        assert judged(after, DATA, fields, updated=True).holds is False
        return
    assert judged(after, DATA, fields).holds is False
    outcome = judged(after, DATA, fields, updated=True)
    assert outcome.holds is True
    assert outcome.uncovered == ()


def test_what_follows_a_grown_store_is_left_out_where_it_has_moved_to():
    whole = carrying(kind("jpeg full"), 400)
    at = whole.index(b"adobe:ns:meta")
    fields = data_hash(whole, [*place(whole), (at, at + 5)])
    grown = drawn_kinds.rewritten(whole, {MANIFEST: drawn_kinds.store(900)})
    outcome = judged(grown, DATA, fields, updated=True)
    assert outcome.holds is True
    assert len(outcome.unbound) == 1
    other = grown.replace(b"adobe:ns:meta", b"ADOBE:ns:meta")
    assert judged(other, DATA, fields, updated=True).holds is True
    assert judged(grown.replace(b"ns:meta", b"NS:meta"), DATA, fields, updated=True).holds is False


def test_a_block_that_grew_over_what_follows_is_found():
    """The length of the manifest's block lies where the hash does not reach."""
    data = carrying(drawn_kinds.kinds()["png palette"])
    start, end = place(data)[0]
    fields = data_hash(data, [(start, end)])
    seen = survey(data)
    swallowed = next(block for block in seen.blocks if block.start == end)
    longer = (int.from_bytes(data[start : start + 4], "big") + swallowed.length).to_bytes(4, "big")
    hidden = data[:start] + longer + data[start + 4 :]
    assert survey(hidden).manifest_spans == ((start, swallowed.end),)
    outcome = judged(hidden, DATA, fields)
    assert outcome.holds is True, "the hash alone cannot tell"
    assert len(outcome.uncovered) == 1
    assert judged(data, DATA, fields).uncovered == ()


def test_pictures_in_the_manifests_own_place_are_shown():
    """A TIFF file's strips may lie anywhere, in the manifest as well: then they are not bound."""
    data = carrying(kind("tiff"), 9_000)
    ((start, _),) = survey(data).manifest_spans
    strips = data.rindex((273).to_bytes(2, "little") + b"\4\0\1\0\0\0", 0, start)
    moved = data[: strips + 8] + (start + 100).to_bytes(4, "little") + data[strips + 12 :]
    outcome = judged(moved, DATA, data_hash(moved, place(moved)))
    assert outcome.holds is True
    assert any("offsets" in each for each in outcome.uncovered)
    assert judged(data, DATA, data_hash(data, place(data))).uncovered == ()


@pytest.mark.parametrize("name", ["avi", "avi absolute"])
def test_frames_in_the_manifests_own_place_are_shown(name):
    """An AVI file's index may find a frame in any chunk."""
    data = carrying(kind(name), 9_000)
    assert judged(data, DATA, data_hash(data, place(data))).uncovered == ()
    at = data.rindex(b"idx1") + 8
    movi = data.index(b"movi")
    base = (
        movi
        if data[movi + int.from_bytes(data[at + 8 : at + 12], "little") :][:4] == b"00dc"
        else 0
    )
    ((start, _),) = place(data)
    offset = (start + 100 - base).to_bytes(4, "little")
    moved = data[: at + 16 + 8] + offset + data[at + 16 + 12 :]
    outcome = judged(moved, DATA, data_hash(moved, place(moved)))
    assert outcome.holds is True
    assert any("offsets" in each for each in outcome.uncovered)


def test_a_second_store_within_the_place_of_the_first_is_one_too_many():
    """Its padding is not signed: there is room for another store, and no key is wanted."""
    source = kind("png")
    data = carrying(source, 2_000)
    fields = data_hash(data, place(data))
    ((start, end),) = place(data)
    first = drawn_kinds.chunk(b"caBX", drawn_kinds.store(900, 1))
    second = drawn_kinds.chunk(b"caBX", drawn_kinds.store(end - start - len(first) - 12, 2))
    other = data[:start] + first + second + data[end:]
    assert len(other) == len(data)
    outcome = judged(other, DATA, fields)
    assert outcome.holds is True, "the hash alone cannot tell"
    assert any("manifest stores" in each for each in outcome.uncovered)
    assert judged(data, DATA, fields).uncovered == ()


@pytest.mark.parametrize("more", [1, 2])
def test_a_byte_more_in_a_segment_of_the_manifest_hides_the_next_segment(more):
    start, end = place(JPEG)[0]
    fields = data_hash(JPEG, [(start, end)])
    length = int.from_bytes(JPEG[start + 2 : start + 4], "big") + more
    hidden = JPEG[: start + 2] + length.to_bytes(2, "big") + JPEG[start + 4 :]
    outcome = judged(hidden, DATA, fields)
    assert outcome.holds is True, "the hash alone cannot tell"
    assert outcome.uncovered


def test_a_large_file_is_read_in_strides_that_can_be_watched_and_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(buffers, "LARGE", 1_000)
    monkeypatch.setattr(buffers, "STRIDE", 4_096)
    path = tmp_path / "large.png"
    path.write_bytes(kind("png") + bytes(50_000))
    data = memoryview(file_contents.contents(path))
    places: list[int] = []
    with buffers.watched(lambda done, of: places.append(done)):
        seen = digest.digest("sha256", data, [(0, 20_000), (30_000, len(data))])
    assert seen == hashlib.sha256(bytes(data[:20_000]) + bytes(data[30_000:])).digest()
    assert places == sorted(places)
    assert places[-1] == len(data)
    assert len(places) > 8

    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with buffers.watched(stop), pytest.raises(KeyboardInterrupt):
        digest.digest("sha256", data, [(0, len(data))])


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.binary(max_size=40)
    | st.text(max_size=8)
    | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["start", "length", "alg", "hash", "names", "boxes"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["exclusions", "alg", "hash", "pad", "name"]), VALUES))
def test_no_fields_crash_it_and_none_of_chance_holds(fields):
    assert (
        module.judged(fields, None, survey(JPEG), algorithm="sha256", external=False).holds
        is not True
    )


@given(st.lists(st.tuples(st.integers(0, len(JPEG)), st.integers(0, 300)), max_size=5))
def test_whatever_is_left_out_only_words_are_not_shown(spans):
    """Of bytes that no range touches nothing is said, and what is said is about ranges alone."""
    left = sorted((start, min(len(JPEG), start + length)) for start, length in spans)
    outcome = judged(JPEG, DATA, data_hash_of(left))
    overlapping = any(one[1] > other[0] for one, other in pairwise(left))
    if overlapping:
        assert outcome.holds is False
        return
    assert outcome.holds is True
    outside = [span for span in left if span[0] < span[1] and not START <= span[0] < span[1] <= END]
    assert bool(outcome.uncovered or outcome.unbound) >= bool(outside)


def data_hash_of(left):
    try:
        return data_hash(JPEG, left)
    except ValueError:
        return changed()
