"""Sources: by the published schema, by the official rubric, by two strangers, and in few bytes."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import genlabel
from genlabel import (
    Element,
    ElementRights,
    Generator,
    Input,
    Integrity,
    Label,
    Outcome,
    Producer,
    Severity,
    Step,
    StepBy,
    Training,
    testing,
)
from genlabel.formats import identify
from oracles import raw
from oracles.small_files import NAMES, small

SCHEMA = json.loads(
    (Path(__file__).parents[3] / "docs/schema/sources-1.json").read_text(encoding="utf-8")
)
ACME = Producer("Acme Studio")
TRAINED = Generator(
    "Acme Imagine",
    version="2.1",
    training=Training(basis="licence", statement="https://acme.example/training-data"),
)
SKY, SEA = testing.picture("jpeg", seed=4), testing.picture("png", seed=5)
PUBLIC = ElementRights(
    basis="licence",
    licence="CC-BY-4.0",
    holder="Ada Lovelace",
    holder_is_person=True,
    until="2027-12-31",
    territory="EU",
    model_release="MR-LMR",
    model_release_ids=("MR-2026-17",),
    property_release="PR-NAP",
    property_release_ids=("PR-2026-4",),
    consent="of the sitter, kept by the studio",
    reference="order 4711",
    web_statement="https://stock.example/terms",
    public=True,
)
WITH_RIGHTS = (
    Element(SKY, title="Sky", identifier="https://stock.example/1234", rights=PUBLIC),
    Element(SEA, title="Sea", rights=ElementRights(basis="own-work", holder="Acme Studio")),
    Element(SKY, title="Boat", identifier="AGENCY-12", rights=ElementRights(basis="unknown")),
)
STEPS = (
    Step(action="cropped", by=StepBy.HUMAN, description="to the horizon"),
    Step(action="edited", by=StepBy.AI, using=Generator("FLUX.1-fill")),
    Step(action="adjustedColor", by=StepBy.HUMAN, using=Generator("darktable", version="5.2")),
    Step(action="resized.proportional", by=StepBy.ALGORITHM),
)
RECIPES = {
    "generated with prompt as hash": Label.generated(
        producer=ACME, generator=TRAINED, inputs=[Input(kind="prompt", text="a cat")]
    ),
    "generated with prompt as text": Label.generated(
        producer=ACME,
        generator=TRAINED,
        inputs=[
            Input(kind="prompt", text="a cat", as_="text"),
            Input(kind="seed", text=42),
            Input(kind="model", model=Generator("Fur", training=Training(basis="unknown"))),
            Input(kind="reference", source=SEA, title="Sketch", rights=PUBLIC),
        ],
    ),
    "composite of three with rights": Label.composite(producer=ACME, of=WITH_RIGHTS, steps=STEPS),
    "element without bytes": Label.composite(
        producer=ACME,
        of=[
            Element(SKY, title="Sky"),
            Element(
                identifier="AGENCY-12",
                source_type="digitalCapture",
                rights=ElementRights(basis="agreement"),
            ),
        ],
    ),
    "edited with an input": Label.edited(
        producer=ACME,
        generator=TRAINED,
        elements=[Element(identifier="https://stock.example/9", relationship="input")],
        inputs=[Input(kind="prompt", text="more sky")],
    ),
}
EMBEDDED = [name for name in NAMES if identify(small(name)).survey(small(name)).unsignable is None]


def _told(data: bytes) -> dict[str, Any]:
    document = raw.read(data, identify(data).media_type).manifests
    assertions = document["manifests"][document["active_manifest"]]["assertions"]
    (told,) = [each["data"] for each in assertions if each["label"] == "dev.genlabel.sources"]
    return dict(told)


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_published_schema_describes_what_is_written(signer, recipe):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(
        _told(genlabel.sign(testing.picture("png"), RECIPES[recipe], signer).data), SCHEMA
    )


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("schema",), "genlabel.sources/2"),
        (("sources",), []),
        (("sources", 0, "ingredient"), "c2pa.actions.v2"),
        (("sources", 0, "relationship"), "parent"),
        (("sources", 0, "sha256"), "00"),
        (("sources", 0, "salted_sha256"), "0" * 64),
        (("sources", 0, "training"), {"basis": "licence"}),
        (("sources", 0, "person"), "Ada"),
        (("sources", 0, "rights", "basis"), "found"),
        (("sources", 0, "rights", "until"), "soon"),
        (("sources", 0, "rights", "model_release"), "yes"),
        (("sources", 0, "rights", "holder_is_person"), "yes"),
    ],
)
def test_what_is_never_written_is_refused(signer, where, value):
    label = RECIPES["composite of three with rights"]
    told = _told(genlabel.sign(testing.picture("png"), label, signer).data)
    wrong = deepcopy(told)
    *way, last = where
    target: Any = wrong
    for step in way:
        target = target[step]
    target[last] = value
    jsonschema.validate(told, SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, SCHEMA)


@pytest.mark.parametrize("name", EMBEDDED)
def test_sources_pass_the_official_rubric_in_every_container(signer, trust, rubric, name):
    for recipe, label in RECIPES.items():
        signed = genlabel.sign(small(name), label, signer, trust=trust)
        assert signed.report.integrity is Integrity.INTACT, recipe
        assert not [each for each in signed.findings if each.severity is Severity.ERROR], recipe
        verdicts = rubric.judge(raw.crjson(signed.data, identify(signed.data).media_type, trust))
        assert len(verdicts) == 31
        assert [check for check, said in verdicts.items() if said is not True] == [], recipe
        assert genlabel.sign(signed.data, label, signer).outcome is Outcome.UNCHANGED, recipe


@pytest.mark.parametrize("kind", ["jpeg", "png", "avif"])
@pytest.mark.parametrize("recipe", RECIPES)
def test_two_strangers_accept_sources(signer, authority, encypher, c2pats, kind, recipe):
    signed = genlabel.sign(testing.picture(kind), RECIPES[recipe], signer).data
    verdict = encypher.verify(signed, identify(signed).media_type, authority.anchors)
    assert verdict.accepted, verdict.codes
    theirs = c2pats.validate(signed)
    assert theirs.accepted, theirs.codes


@pytest.mark.parametrize("kind", ["jpeg", "png", "avif"])
def test_steps_and_rights_cost_little_room(signer, kind):
    """Four steps and three elements with all that may be said of one: 6 KB at most."""
    bare = Label.composite(producer=ACME, of=[Element(each.source) for each in WITH_RIGHTS])
    sizes = [
        len(genlabel.sign(testing.picture(kind), label, signer).data)
        for label in (bare, Label.composite(producer=ACME, of=WITH_RIGHTS, steps=STEPS))
    ]
    assert 0 < sizes[1] - sizes[0] <= 6_144
