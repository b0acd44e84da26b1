"""What a picture was made of goes into its manifest, but for what is nobody's to read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

import genlabel
from genlabel import (
    Element,
    ElementRights,
    Generator,
    Input,
    Label,
    Outcome,
    Producer,
    Signed,
    Training,
)
from genlabel.manifests.engine import engine
from genlabel.model.errors import LabelError
from genlabel.testing import Authority, picture

ACME = Producer("Acme Studio")
FLUX = Generator("FLUX.1-dev", version="1.0")
PRIVATE = ElementRights(
    basis="licence",
    licence="CC-BY-4.0",
    holder="Ada Lovelace",
    holder_is_person=True,
    until="2027-12-31",
    territory="EU",
    model_release="MR-LMR",
    model_release_ids=("release-of-ada",),
    consent="consent-of-ada",
    reference="invoice-4711",
)
WORDS = (b"Ada Lovelace", b"release-of-ada", b"consent-of-ada", b"invoice-4711")


@pytest.fixture(scope="module")
def signer() -> Any:
    return Authority.new("Acme Studio").signer()


def _manifest(signed: Signed) -> Mapping[str, Any]:
    document = engine.read(signed.data, "image/png").document
    assert document is not None
    return document["manifests"][document["active_manifest"]]


def _told(signed: Signed) -> list[dict[str, Any]]:
    (told,) = [
        each for each in _manifest(signed)["assertions"] if each["label"] == "dev.genlabel.sources"
    ]
    assert told["created"] is True
    assert told["data"]["schema"] == "genlabel.sources/1"
    return told["data"]["sources"]


def _composite(rights: ElementRights = PRIVATE) -> Label:
    return Label.composite(
        producer=ACME,
        of=[
            Element(picture("png"), title="Sky", identifier="https://stock.test/1", rights=rights),
            Element(picture("jpeg"), title="Sea"),
            Element(identifier="AGENCY-12", title="Boat", rights=ElementRights(basis="unknown")),
        ],
    )


def test_elements_have_rights_and_are_found_by_label_and_instance(signer: Any) -> None:
    signed = genlabel.sign(picture("png"), _composite(), signer=signer)

    by_label = {each["label"]: each for each in _manifest(signed)["ingredients"]}
    told = _told(signed)
    assert len(told) == len(by_label) == 3
    for each, title in zip(told, ("Sky", "Sea", "Boat"), strict=True):
        ingredient = by_label[each["ingredient"]]
        assert ingredient["title"] == title
        assert ingredient["instance_id"] == each["instance_id"]
        assert ingredient["relationship"] == "componentOf"
    assert told[0]["sha256"] == hashlib.sha256(picture("png")).hexdigest()
    assert "sha256" not in told[2]
    assert told[2]["identifier"] == "AGENCY-12"
    assert by_label[told[0]["ingredient"]]["informational_URI"] == "https://stock.test/1"
    assert told[0]["rights"]["basis"] == "licence"
    assert told[0]["rights"]["until"] == "2027-12-31"
    placed = [
        each
        for each in _manifest(signed)["assertions"][0]["data"]["actions"]
        if each["action"] == "c2pa.placed"
    ]
    assert len(placed) == 3


def test_what_is_private_is_nowhere_in_the_file(signer: Any) -> None:
    signed = genlabel.sign(picture("png"), _composite(), signer=signer)

    assert not [word for word in WORDS if word in signed.data]
    withheld = {(each.field, each.text) for each in signed.withheld}
    assert withheld == {
        ("holder", "Ada Lovelace"),
        ("model_release_ids", "release-of-ada"),
        ("consent", "consent-of-ada"),
        ("reference", "invoice-4711"),
    }
    assert {each.ingredient for each in signed.withheld} == {_told(signed)[0]["ingredient"]}


def test_what_is_public_is_in_the_file(signer: Any) -> None:
    rights = ElementRights(
        basis="licence",
        holder="Ada Lovelace",
        holder_is_person=True,
        model_release_ids=("release-of-ada",),
        consent="consent-of-ada",
        reference="invoice-4711",
        public=True,
    )

    signed = genlabel.sign(picture("png"), _composite(rights), signer=signer)

    assert all(word in signed.data for word in WORDS)
    assert signed.withheld == ()


def test_a_prompt_is_hashed_with_a_salt_that_the_result_has(signer: Any) -> None:
    label = Label.generated(
        producer=ACME,
        generator=Generator(
            "Acme Imagine", training=Training(basis="licence", statement="https://acme.test/data")
        ),
        inputs=[
            Input(kind="prompt", text="a very secret cat"),
            Input(kind="prompt", text="no dogs at all", as_="text"),
            Input(kind="seed", text="421337"),
            Input(kind="model", model=FLUX),
            Input(kind="reference", source=picture("png"), title="Sketch"),
        ],
    )

    signed = genlabel.sign(picture("png"), label, signer=signer)

    assert b"a very secret cat" not in signed.data
    assert b"no dogs at all" in signed.data
    (kept,) = signed.withheld
    assert (kept.field, kept.text) == ("prompt", "a very secret cat")
    told = {each["ingredient"]: each for each in _told(signed)}
    salted = bytes.fromhex(kept.salt or "") + kept.text.encode()
    assert told[kept.ingredient]["salted_sha256"] == hashlib.sha256(salted).hexdigest()
    ingredients = _manifest(signed)["ingredients"]
    assert {each["relationship"] for each in ingredients} == {"inputTo"}
    types = [each.get("data_types", [{}])[0].get("type") for each in ingredients]
    assert types.count("c2pa.types.generator.prompt") == 2
    assert types.count("c2pa.types.generator") == 2
    created = _manifest(signed)["assertions"][0]["data"]["actions"][0]
    assert len(created["parameters"]["ingredients"]) == 6
    assert {"basis": "licence", "statement": "https://acme.test/data"} in [
        each.get("training") for each in told.values()
    ]


def test_the_same_command_twice_changes_no_byte(signer: Any) -> None:
    for label in (
        _composite(),
        Label.generated(producer=ACME, generator=FLUX, inputs=[Input(kind="prompt", text="a cat")]),
    ):
        signed = genlabel.sign(picture("png"), label, signer=signer)

        assert genlabel.sign(signed.data, label, signer=signer).outcome is Outcome.UNCHANGED


def test_another_right_is_another_label(signer: Any) -> None:
    signed = genlabel.sign(picture("png"), _composite(), signer=signer)

    again = genlabel.sign(
        signed.data,
        _composite(ElementRights(basis="permission")),
        signer=signer,
        existing="replace",
    )

    assert again.outcome is Outcome.SIGNED


def test_bare_elements_are_told_as_ever(signer: Any) -> None:
    label = Label.composite(producer=ACME, of=[Element(picture("png")), Element(picture("jpeg"))])

    manifest = _manifest(genlabel.sign(picture("png"), label, signer=signer))

    assert "dev.genlabel.sources" not in {each["label"] for each in manifest["assertions"]}


def test_an_edit_by_a_model_over_an_unknown_parent_keeps_its_inputs(signer: Any) -> None:
    label = Label.edited(
        producer=ACME,
        generator=FLUX,
        inputs=[Input(kind="seed", text="7")],
        elements=(Element(picture("jpeg"), relationship="input", identifier="X-1"),),
    )

    signed = genlabel.sign(picture("png"), label, signer=signer)
    with_parent = genlabel.sign(picture("png"), label, signer=signer, parent=picture("png"))

    for each in (signed, with_parent):
        by_label = {one["label"]: one for one in _manifest(each)["ingredients"]}
        for entry in _told(each):
            assert by_label[entry["ingredient"]]["instance_id"] == entry["instance_id"]


@pytest.mark.parametrize("given", [{"source": picture("jpeg")}, {"identifier": "AGENCY-12"}])
def test_an_element_that_the_label_calls_generative_raises_the_composite(signer, given):
    kind = "trainedAlgorithmicMedia"
    parts = [Element(picture("png"), title="Sky"), Element(**given, source_type=kind)]
    label = Label.composite(producer=ACME, of=parts)
    signed = genlabel.sign(picture("png"), label, signer)
    told = {each.source_type for each in signed.report.marks.values() if each.source_type}
    assert {each.rpartition("/")[2] for each in told} == {"compositeWithTrainedAlgorithmicMedia"}
    assert any("trainedAlgorithmicMedia" in str(each) for each in _manifest(signed)["ingredients"])
    capture = replace(label, source_type=genlabel.DigitalSourceType.COMPOSITE_CAPTURE)
    with pytest.raises(LabelError, match="compositeCapture"):
        genlabel.sign(picture("png"), capture, signer)
    honest = Label.composite(producer=ACME, of=parts[:1])
    plain = genlabel.sign(picture("png"), honest, signer).report.declared.source_type or ""
    assert plain.endswith("/composite")
