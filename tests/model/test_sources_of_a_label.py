"""What a label says of its sources: elements with rights, inputs, and what a model learnt from."""

from __future__ import annotations

from datetime import date

import pytest

from genlabel import (
    Element,
    ElementRights,
    Generator,
    Input,
    InputKind,
    Label,
    LabelError,
    Producer,
    Relationship,
    RightsBasis,
    Training,
    WrittenAs,
)
from genlabel.model import materials

STUDIO = Producer("Acme Studio")
FLUX = Generator("FLUX.1-dev")


def test_an_element_is_a_file_or_an_identifier() -> None:
    element = Element(
        identifier="https://stock.example/1234",
        rights=ElementRights(basis="licence", until="2027-12-31"),
    )

    assert element.source is None
    assert element.relationship is Relationship.COMPONENT
    assert element.rights is not None
    assert element.rights.basis is RightsBasis.LICENCE
    assert element.rights.until == date(2027, 12, 31)
    with pytest.raises(LabelError, match="neither a file nor an identifier"):
        Element(title="the sky")


def test_an_element_of_which_nothing_is_said_is_bare() -> None:
    assert Element(b"...", title="sky").is_bare
    assert not Element(b"...", identifier="1234").is_bare
    assert not Element(b"...", relationship="input").is_bare


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"basis": "stolen"}, "basis"),
        ({"until": "next year"}, "no day"),
        ({"web_statement": "ftp://x"}, "web_statement"),
        ({"holder_is_person": "yes"}, "holder_is_person"),
    ],
)
def test_rights_that_say_nothing_are_refused(given: dict[str, object], words: str) -> None:
    with pytest.raises(LabelError, match=words):
        ElementRights(**given)  # type: ignore[arg-type]


def test_what_concerns_people_is_private_unless_it_is_made_public() -> None:
    assert "holder" not in ElementRights(holder="Acme Stock").private
    assert "holder" in ElementRights(holder="Ada", holder_is_person=True).private
    assert "consent" in ElementRights(consent="signed form").private
    assert not ElementRights(holder="Ada", holder_is_person=True, public=True).private


def test_inputs_are_prompts_seeds_models_and_pictures() -> None:
    label = Label.generated(
        producer=STUDIO,
        generator=FLUX,
        inputs=[
            {"kind": "prompt", "text": "a cat"},
            {"kind": "prompt", "text": "no dogs", "as": "text"},
            {"kind": "seed", "text": 42},
            Input(kind="model", model=Generator("a LoRA")),
            Input(kind="reference", source="sketch.png", title="Sketch"),
        ],
    )

    prompt, other, seed, model, reference = label.inputs
    assert (prompt.kind, prompt.as_) == (InputKind.PROMPT, WrittenAs.HASH)
    assert other.as_ is WrittenAs.TEXT
    assert (seed.text, seed.as_) == ("42", WrittenAs.TEXT)
    assert materials.models(label) == (model.model,)
    assert materials.pictures(label) == (reference.element,)
    assert reference.element.relationship is Relationship.INPUT


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kind": "prompt"}, "without its text"),
        ({"kind": "seed", "text": "1", "model": FLUX}, "has no model"),
        ({"kind": "model", "text": "FLUX"}, "has no text"),
        ({"kind": "reference"}, "neither a file nor"),
        ({"kind": "smell", "text": "x"}, "kind"),
        ({"text": "x"}, "which kind"),
        ({"kind": "prompt", "words": "x"}, "no field"),
    ],
)
def test_an_input_has_what_its_kind_has(given: dict[str, object], words: str) -> None:
    with pytest.raises(LabelError, match=words):
        Label.generated(producer=STUDIO, generator=FLUX, inputs=[given])


def test_only_a_model_is_given_inputs() -> None:
    with pytest.raises(LabelError, match="inputs"):
        Label.captured(producer=STUDIO, inputs=[{"kind": "seed", "text": "1"}])
    with pytest.raises(LabelError, match="inputs"):
        Label.edited(producer=STUDIO, elements=(Element("a.png", relationship="input"),))
    assert Label.edited(
        producer=STUDIO, generator=FLUX, elements=(Element("a.png", relationship="input"),)
    )


def test_a_generator_whose_training_is_told_is_one_of_the_models() -> None:
    trained = Generator("Acme", training=Training(basis="licence", statement="https://acme.test/t"))

    assert materials.models(Label.generated(producer=STUDIO, generator=trained)) == (trained,)
    assert not materials.models(Label.generated(producer=STUDIO, generator=FLUX))
    assert materials.are_told(Label.generated(producer=STUDIO, generator=trained))
    assert not materials.are_told(Label.generated(producer=STUDIO, generator=FLUX))
