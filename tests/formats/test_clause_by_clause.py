"""What is promised of every container, clause by clause, through the whole of genlabel.

`test_every_container.py` asks the containers alone. Here a label goes into every kind of file; a
container without a kind of its own fails.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

import genlabel
from attacks import FULL
from drawn_kinds import FILMS, essence, kinds, look, packet, rewritten
from genlabel import (
    Generator,
    Integrity,
    Label,
    Mark,
    Outcome,
    Producer,
    Rights,
    Signed,
    SigningError,
    Survival,
)
from genlabel.formats import CONTAINERS, identify
from genlabel.formats.format import EXIF, IIM, MANIFEST, XMP, Container, Slot
from genlabel.metadata import METADATA_MARKS, iptc
from genlabel.metadata.xmp import versions
from genlabel.model.carried import carried_by
from genlabel.testing import Authority
from oracles import films

LABEL = Label.generated(
    producer=Producer("Acme Studio"),
    generator=Generator("FLUX.1 [dev]"),
    title="Hügel",
    identifier="urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e",
    rights=Rights(creator=("Ada Lovelace",), copyright="© Acme Studio"),
)
SLOTS: Mapping[Mark, Slot] = {
    Mark.MANIFEST: MANIFEST,
    Mark.IPTC: XMP,
    Mark.IIM: IIM,
    Mark.EXIF: EXIF,
}
MISSING = set() if films.is_here() else set(FILMS)
each_container = pytest.mark.parametrize("container", CONTAINERS, ids=lambda each: each.name)
each_kind = pytest.mark.parametrize("name", kinds())


def _marks(data: bytes) -> set[Mark]:
    return {mark for mark, slot in SLOTS.items() if slot in identify(data).slots}


@pytest.fixture(scope="module")
def labelled(authority) -> Mapping[str, Signed]:
    """Every kind with the label in all marks; beside it where nothing may be embedded."""
    return {name: _labelled(data, authority) for name, data in kinds().items()}


def _labelled(data: bytes, authority: Authority) -> Signed:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        return genlabel.sign(data, LABEL, authority.signer(), **_apart(data))


def _apart(data: bytes) -> Mapping[str, Any]:
    """How a file is labelled that takes no manifest within."""
    beside = {"sidecar": True, "marks": _marks(data) - {Mark.MANIFEST}}
    return {} if _embeds(data) else beside


def _embeds(data: bytes) -> bool:
    container = identify(data)
    return MANIFEST in container.slots and container.survey(data).unsignable is None


@each_container
def test_every_container_is_drawn_and_attacked(container: Container):
    if container.name in MISSING:
        pytest.skip(films.NEEDS_FFMPEG)
    assert container.name in {identify(data).name for data in kinds().values()}
    assert container.name in {identify(data).name for data in FULL.values()}
    if MANIFEST in container.slots:
        assert any(_embeds(data) for data in kinds().values() if identify(data) is container)


@each_container
def test_a_name_says_nothing_about_a_file(container: Container, authority, tmp_path):
    if container.name in MISSING:
        pytest.skip(films.NEEDS_FFMPEG)
    data = next(data for data in kinds().values() if identify(data) is container)
    another = CONTAINERS[CONTAINERS.index(container) - 1]
    for name in ("file", f"file{another.suffixes[0]}", f"file{container.suffixes[0]}.txt"):
        path = tmp_path / name
        path.write_bytes(data)
        assert genlabel.inspect_file(path).report.format_name == container.name
        beside = {} if _embeds(data) else {"sidecar": True}
        done = genlabel.sign_file(path, LABEL, authority.signer(), in_place=True, **beside)
        assert done.outcome is Outcome.SIGNED
        assert genlabel.verify_file(path).integrity is Integrity.INTACT


@each_kind
def test_a_survey_of_a_labelled_file_finds_every_block_and_every_mark(name, labelled):
    signed = labelled[name]
    survey = look(signed.data)  # every byte belongs to exactly one block
    assert survey.format == identify(kinds()[name]).name
    assert survey.payloads.keys() >= {SLOTS[mark] for mark in _marks(kinds()[name])} - {MANIFEST}
    assert (survey.manifest is not None) == _embeds(kinds()[name])
    assert not set(survey.anomalies) - set(look(kinds()[name]).anomalies)


@each_kind
def test_the_iptc_mark_is_written_and_merged_with_equal_essence(name):
    data = kinds()[name]
    limit = identify(data).xmp_limit
    for before in (rewritten(data, {XMP: None}), rewritten(data, {XMP: packet("an agency")})):
        payloads = look(before).payloads
        changes = iptc.compose(payloads, LABEL, limit=limit)
        made = rewritten(before, dict(changes))
        after = look(made).payloads
        assert iptc.read(after) == carried_by(Mark.IPTC, LABEL, beside=iptc.read(payloads))
        assert (b"an agency" in after[XMP]) == (XMP in payloads)
        assert essence(made) == essence(data)
        assert rewritten(before, dict(changes)) == made
        assert iptc.compose(after, LABEL, limit=limit) == {}


@each_kind
def test_the_same_label_at_the_same_time_gives_the_same_bytes(
    name, labelled, authority, monkeypatch
):
    data, once = kinds()[name], labelled[name]
    packet_of_once = bytes(look(once.data).payloads.get(XMP, b""))
    named = dict(re.findall(rb"xmp\.(iid|did):([-0-9a-f]{36})", packet_of_once))
    fresh = iter([named.get(b"iid", b"").decode(), named.get(b"did", b"").decode()])
    if named:  # a version's identifiers are new each time, too
        monkeypatch.setattr(versions, "uuid", SimpleNamespace(uuid4=lambda: next(fresh)))
    twice = _labelled(data, authority)
    # identifier and signature of a manifest are new each time, and nothing else is
    bare = [rewritten(each.data, {MANIFEST: None}) for each in (once, twice)]
    assert bare[0] == bare[1]
    assert essence(bare[0]) == essence(data)
    if not _embeds(data):
        assert once.data == twice.data
    apart = _apart(once.data) | {"existing_sidecar": once.sidecar}
    again = genlabel.sign(once.data, LABEL, authority.signer(), **apart)  # at another time
    assert again.outcome is Outcome.UNCHANGED
    assert again.data == once.data


@each_kind
def test_a_manifest_survives_our_survey_and_another_rewrite(name, labelled, authority):
    data, signed = kinds()[name], labelled[name]
    if not _embeds(data):
        with pytest.raises(SigningError) as refused:
            genlabel.sign(data, LABEL, authority.signer())
        assert "--sidecar" in (refused.value.remedy or "")
        return
    store = look(signed.data).manifest
    assert store is not None
    assert (int.from_bytes(store[:4], "big"), store[4:8]) == (len(store), b"jumb")
    assert rewritten(signed.data, {MANIFEST: store}) == signed.data
    other = rewritten(signed.data, {XMP: packet("longer " * 50)})
    assert look(other).manifest == store
    assert essence(other) == essence(data)


@each_kind
def test_the_loss_of_each_mark_is_seen(name, labelled):
    signed = labelled[name]
    marks = _marks(kinds()[name])
    beside = {"sidecar": signed.sidecar, "against_sidecar": signed.sidecar}
    same = genlabel.strip_check(signed.data, against=signed.data, **beside)
    assert set(same.marks.values()) <= {Survival.KEPT, Survival.ABSENT}
    assert same.lost == ()
    bare = genlabel.strip_check(kinds()[name], against=signed.data, against_sidecar=signed.sidecar)
    assert {*bare.lost} >= {Mark.MANIFEST, Mark.IPTC}
    for mark in marks - (set() if _embeds(kinds()[name]) else {Mark.MANIFEST}):
        copy = rewritten(signed.data, {SLOTS[mark]: None})
        told = genlabel.strip_check(copy, against=signed.data, **beside)
        assert told.lost == (mark,)
        assert told.pixels is not None
        assert told.pixels.change == "metadata-only"
        kept = {each for each, fate in told.marks.items() if fate is Survival.KEPT}
        assert kept == marks - {mark, Mark.MANIFEST}
        assert told.lost_blocks
        # the texts of a TIFF file's own directories are no block, nor is XMP inside of moov
        if (identify(copy).name, mark) not in {("tiff", Mark.EXIF), ("mov", Mark.IPTC)}:
            names = [Counter(each.name for each in look(f).blocks) for f in (signed.data, copy)]
            assert names[0] - names[1]


def test_every_metadata_mark_has_its_slot_here():
    assert {mark.MARK for mark in METADATA_MARKS} == SLOTS.keys() - {Mark.MANIFEST}
