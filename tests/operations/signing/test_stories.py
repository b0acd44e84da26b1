"""How a picture came to be, as actions tell it: software, parents of which nothing is at hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

import genlabel
from genlabel import DigitalSourceType, History, Label, Mark, Outcome, Producer, Role
from genlabel.manifests.engine import engine
from genlabel.model.element import Element
from genlabel.testing import Authority, picture
from histories import ACME, FLUX, MIMES, UPSCALER
from oracles import raw


@pytest.fixture(scope="module")
def other_signer():
    return Authority.new("Somebody Else").signer()


JPEG = picture("jpeg")
D = DigitalSourceType


def _manifest(data: bytes, mime: str = "image/jpeg") -> Mapping[str, Any]:
    document = engine.read(data, mime).document
    assert document is not None
    return document["manifests"][document["active_manifest"]]


def _told(data: bytes, mime: str = "image/jpeg") -> Mapping[str, Any]:
    """The data of the actions assertion."""
    (told,) = [
        each["data"]
        for each in _manifest(data, mime)["assertions"]
        if each["label"].startswith("c2pa.actions")
    ]
    return told


def _actions(data: bytes, mime: str = "image/jpeg") -> list[str]:
    return [each["action"] for each in _told(data, mime)["actions"]]


CHANGES = {
    "by hand": (Label.edited(producer=ACME), "c2pa.edited", D.HUMAN_EDITS),
    "by a model": (
        Label.edited(producer=ACME, generator=FLUX),
        "c2pa.edited",
        D.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
    ),
    "enhanced": (Label.enhanced(producer=ACME), "c2pa.enhanced", D.ALGORITHMICALLY_ENHANCED),
    "enhanced by software": (
        Label.enhanced(producer=ACME, generator=UPSCALER),
        "c2pa.enhanced",
        D.ALGORITHMICALLY_ENHANCED,
    ),
}


@pytest.mark.parametrize("with_parent", [True, False])
@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("format", MIMES)
def test_a_picture_that_was_there_is_opened_and_never_created(
    signer, trust, name, format, with_parent
):
    label, action, source_type = CHANGES[name]
    parent = picture(format, seed=8) if with_parent else None
    signed = genlabel.sign(picture(format), label, signer, trust=trust, parent=parent)
    assert _actions(signed.data, MIMES[format]) == ["c2pa.opened", action]
    (parent_record,) = _manifest(signed.data, MIMES[format])["ingredients"]
    assert parent_record["relationship"] == "parentOf"
    if not with_parent:
        assert parent_record["title"] == "Previous version"
        assert parent_record.keys().isdisjoint(
            {"format", "thumbnail", "active_manifest", "manifest_data", "data"}
        )
    notes = {each.code for each in signed.findings}
    assert ("genlabel.parent.unknown" in notes) is not with_parent
    assert signed.report.declared.source_type == source_type.uri
    again = genlabel.sign(signed.data, label, signer, trust=trust)
    assert again.outcome is Outcome.UNCHANGED


def test_what_an_upscaler_did_leaves_a_generated_picture_generated(signer, trust):
    first = genlabel.sign(JPEG, Label.generated(producer=ACME, generator=FLUX), signer, trust=trust)
    label = Label.enhanced(producer=ACME, generator=UPSCALER)
    signed = genlabel.sign(first.data, label, signer, trust=trust)
    marks = signed.report.marks
    assert marks[Mark.IPTC].source_type == D.TRAINED_ALGORITHMIC_MEDIA.uri
    assert marks[Mark.IPTC].generator == FLUX.name
    assert signed.report.declared.generator == FLUX.name
    assert _told(signed.data)["actions"][-1]["softwareAgent"]["name"] == UPSCALER.name
    assert genlabel.sign(signed.data, label, signer, trust=trust).outcome is Outcome.UNCHANGED


def test_a_photograph_that_was_enhanced_is_declared_so_by_name_of_the_software(signer, trust):
    first = genlabel.sign(JPEG, Label.captured(producer=ACME), signer, trust=trust)
    label = Label.enhanced(producer=ACME, generator=UPSCALER)
    report = genlabel.sign(first.data, label, signer, trust=trust).report
    assert report.declared.source_type == D.ALGORITHMICALLY_ENHANCED.uri
    assert report.declared.generator == UPSCALER.name
    assert not [each for each in report.findings if each.severity is genlabel.Severity.ERROR]


@pytest.mark.parametrize(
    "source_type",
    [each for each in D if Label.admits_generator(each) and not Label.history_of(each).changes],
    ids=lambda each: each.code,
)
def test_software_is_named_of_a_picture_that_somebody_else_signed(
    signer, trust, other_signer, source_type
):
    """Only the label is added then, so no action is the software's: an edit has one of its own."""
    history = Label.history_of(source_type)
    bare = Label(source_type=source_type, history=history, producer=Producer("Somebody"))
    first = genlabel.sign(JPEG, bare, other_signer)
    label = Label(source_type=source_type, history=history, producer=ACME, generator=UPSCALER)
    signed = genlabel.sign(first.data, label, signer, trust=trust)
    assert _actions(signed.data) == ["c2pa.opened", "c2pa.edited.metadata"]
    manifest = signed.report.marks[Mark.MANIFEST]
    assert (manifest.generator, manifest.generator_version, manifest.generator_provider) == (
        UPSCALER.name,
        UPSCALER.version,
        UPSCALER.provider,
    )
    in_xmp = UPSCALER.name if source_type.generative else None
    assert signed.report.marks[Mark.IPTC].generator == in_xmp
    assert genlabel.sign(signed.data, label, signer, trust=trust).outcome is Outcome.UNCHANGED


PUBLISHER = Producer("Acme Press", role=Role.PUBLISHER)
ELEMENTS = (Element(picture("jpeg", seed=4)), Element(picture("png", seed=5)))
COMPLETE = {
    "generated by its maker": (Label.generated(producer=ACME), True),
    "generated by somebody": (Label.generated(producer=PUBLISHER), False),
    "edited": (Label.edited(producer=ACME), False),
    "enhanced": (Label.enhanced(producer=ACME), False),
    "composite": (Label.composite(producer=ACME, of=ELEMENTS), False),
    "captured": (Label.captured(producer=ACME), False),
    "created by a human": (Label.created_by_human(producer=ACME), False),
    "captured, and that is all": (Label.captured(producer=ACME, all_actions=True), True),
    "edited, and that is all": (Label.edited(producer=ACME, all_actions=True), True),
}


@pytest.mark.parametrize("name", COMPLETE)
def test_all_actions_are_said_to_be_there_only_where_that_is_known(signer, trust, name):
    label, complete = COMPLETE[name]
    signed = genlabel.sign(JPEG, label, signer, trust=trust)
    assert _told(signed.data)["allActionsIncluded"] is complete
    assert genlabel.sign(signed.data, label, signer, trust=trust).outcome is Outcome.UNCHANGED


def test_where_only_the_label_was_added_everything_is_known(signer, trust, other_signer):
    first = genlabel.sign(JPEG, Label.captured(producer=Producer("Somebody")), other_signer)
    signed = genlabel.sign(first.data, Label.captured(producer=ACME), signer, trust=trust)
    assert _told(signed.data)["allActionsIncluded"] is True


def test_that_all_actions_are_there_is_said_once_it_is_asked_for(signer, trust):
    first = genlabel.sign(JPEG, Label.captured(producer=ACME), signer, trust=trust)
    label = Label.captured(producer=ACME, all_actions=True)
    again = genlabel.sign(first.data, label, signer, trust=trust, existing="replace")
    assert _told(again.data)["allActionsIncluded"] is True


@pytest.mark.parametrize("name", ["edited", "composite", "parent"])
def test_ingredients_stand_in_the_list_of_the_actions_that_refer_to_them(signer, trust, name):
    parent = picture("jpeg", seed=8) if name == "parent" else None
    label = COMPLETE["edited" if parent else name][0]
    signed = genlabel.sign(JPEG, label, signer, trust=trust, parent=parent)
    claim = raw.crjson(signed.data, "image/jpeg", trust)["manifests"][0]["claim.v2"]
    created = [each["url"].rpartition("/")[2] for each in claim["created_assertions"]]
    count = len(label.elements) or 1
    assert sum(each.startswith("c2pa.ingredient.v3") for each in created) == count
    assert "c2pa.actions.v2" in created
    assert not claim.get("gathered_assertions")


def test_the_histories_that_change_a_picture_are_named():
    assert {each for each in History if each.changes} == {History.EDITED, History.ENHANCED}
