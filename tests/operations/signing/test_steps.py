"""Steps: written in order, where the programme wants a source type and where not, and read back."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

import genlabel
from drawn_kinds import look, rewritten
from genlabel import (
    Element,
    Generator,
    Integrity,
    Label,
    LabelError,
    Outcome,
    Oversight,
    Producer,
    Region,
    RegionUnit,
    Severity,
    Step,
    StepBy,
    testing,
)
from genlabel.formats import identify
from genlabel.formats.format import XMP
from genlabel.model.label import SettledLabel
from genlabel.model.steps import OwnStep
from oracles import raw
from oracles.small_files import NAMES, small

ACME = Producer("Acme Studio")
FLUX, FILL = Generator("FLUX.1-dev", version="1.0"), Generator("FLUX.1-fill")
HUMAN, AI, ALGORITHM = StepBy.HUMAN, StepBy.AI, StepBy.ALGORITHM
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
CROP = Step(action="cropped", by=HUMAN, when=NOON, description="to the horizon")
FOUR = (
    CROP,
    Step(
        action="edited",
        by=AI,
        using=FILL,
        region=Region(rectangle=(10, 10, 40, 30), unit=RegionUnit.PERCENT),
        oversight=Oversight.HUMAN_VALIDATED,
    ),
    Step(action="adjustedColor", by=HUMAN, using=Generator("darktable", version="5.2")),
    Step(
        action="resized.proportional",
        by=ALGORITHM,
        parameters={"com.example.filter": {"name": "lanczos", "a": 3}},
    ),
)
PARTS = [Element(testing.picture("jpeg", seed=4)), Element(testing.picture("png", seed=5))]
RECIPES = {
    "edited in four steps": Label.edited(producer=ACME, steps=FOUR),
    "enhanced": Label.enhanced(producer=ACME, steps=(FOUR[2], FOUR[3])),
    "enhanced by a model": Label.enhanced(producer=ACME, steps=FOUR),
    "generated": Label.generated(producer=ACME, generator=FLUX, prompt="a cat", steps=FOUR),
    "captured": Label.captured(producer=ACME, steps=(CROP, FOUR[3])),
    "composite": Label.composite(
        producer=ACME, of=PARTS, steps=(Step(action="placed", by=HUMAN), *FOUR)
    ),
}
EMBEDDED = [name for name in NAMES if identify(small(name)).survey(small(name)).unsignable is None]
_SCHEME = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def _manifest(data: bytes) -> dict:
    document = raw.read(data, identify(data).media_type).manifests
    return document["manifests"][document["active_manifest"]]


def _assertion(data: bytes, label: str) -> dict:
    (found,) = [each for each in _manifest(data)["assertions"] if each["label"] == label]
    return found["data"]


def _actions(data: bytes) -> list[dict]:
    return _assertion(data, "c2pa.actions.v2")["actions"]


@pytest.mark.parametrize("name", EMBEDDED)
def test_steps_pass_the_official_rubric_in_every_container(signer, trust, rubric, name):
    for recipe, label in RECIPES.items():
        signed = genlabel.sign(small(name), label, signer, trust=trust)
        assert signed.report.integrity is Integrity.INTACT
        assert not [each for each in signed.findings if each.severity is Severity.ERROR]
        verdicts = rubric.judge(raw.crjson(signed.data, identify(signed.data).media_type, trust))
        assert len(verdicts) == 31
        assert [check for check, said in verdicts.items() if said is not True] == [], recipe
        assert genlabel.sign(signed.data, label, signer).outcome is Outcome.UNCHANGED, recipe


def test_order_is_kept_and_each_step_says_what_it_was_told(signer):
    signed = genlabel.sign(testing.picture("jpeg"), RECIPES["edited in four steps"], signer)
    opened, edited, crop, fill, colour, resized = _actions(signed.data)
    assert (opened["action"], edited["action"]) == ("c2pa.opened", "c2pa.edited")
    assert edited["digitalSourceType"] == _SCHEME + "compositeWithTrainedAlgorithmicMedia"
    assert edited["softwareAgent"]["name"] == "FLUX.1-fill"
    assert crop == {
        "action": "c2pa.cropped",
        "digitalSourceType": _SCHEME + "humanEdits",
        "when": "2026-05-01T12:00:00Z",
        "description": "to the horizon",
        "parameters": {"dev.genlabel.by": "human"},
    }
    assert fill["digitalSourceType"] == edited["digitalSourceType"]
    assert fill["changes"][0]["region"][0]["shape"] == {
        "type": "rectangle",
        "unit": "percent",
        "origin": {"x": 10, "y": 10},
        "width": 40,
        "height": 30,
    }
    assert fill["parameters"]["dev.genlabel.oversight"] == "human_validated"
    assert (colour["action"], colour["softwareAgent"]["version"]) == ("c2pa.adjustedColor", "5.2")
    assert "digitalSourceType" not in resized, "proportional resizing changes nothing that is seen"
    assert resized["parameters"]["com.example.filter"] == {"name": "lanczos", "a": 3}


def test_a_label_without_steps_says_nothing_of_them(signer):
    plain = genlabel.sign(testing.picture("jpeg"), Label.edited(producer=ACME), signer)
    assert [set(each) for each in _actions(plain.data)] == [
        {"action", "parameters"},
        {"action", "digitalSourceType", "when"},
    ]


@pytest.mark.parametrize(
    ("label", "level"),
    [
        (RECIPES["edited in four steps"], "human_validated"),
        (replace(RECIPES["generated"], oversight=Oversight.PROMPT_GUIDED), "prompt_guided"),
        (replace(RECIPES["generated"], steps=()), None),
    ],
)
def test_oversight_is_disclosed_only_where_it_is_said(signer, label, level):
    signed = genlabel.sign(testing.picture("png"), label, signer)
    disclosed = _assertion(signed.data, "c2pa.ai-disclosure").get("contentProfile", {})
    assert disclosed.get("humanOversightLevel") == level


def test_every_mark_says_what_a_models_step_made_of_the_picture(signer):
    label = Label.enhanced(producer=ACME, steps=(CROP, FOUR[1]))
    signed = genlabel.sign(testing.picture("jpeg"), label, signer)
    told = {
        mark: each.source_type
        for mark, each in signed.report.marks.items()
        if each.source_type is not None
    }
    assert len(told) > 1
    assert set(told.values()) == {_SCHEME + "compositeWithTrainedAlgorithmicMedia"}
    assert signed.report.declared.generator == "FLUX.1-fill"


def test_a_placed_step_takes_the_next_element_and_the_others_are_placed_before(signer):
    signed = genlabel.sign(testing.picture("png"), RECIPES["composite"], signer)
    actions = _actions(signed.data)
    assert [each["action"] for each in actions][:4] == [
        *("c2pa.created", "c2pa.placed", "c2pa.placed", "c2pa.cropped")
    ]
    links = [each["parameters"]["ingredients"] for each in actions if "placed" in each["action"]]
    assert len({str(each) for each in links}) == 2
    assert actions[2]["parameters"]["dev.genlabel.by"] == "human"


def test_what_genlabel_does_itself_changes_nothing_about_the_picture(signer):
    own = OwnStep(action="addedText", by=ALGORITHM, parameters={"dev.genlabel.visible": "AI"})
    photo = genlabel.sign(testing.picture("jpeg"), Label.captured(producer=ACME), signer).data
    for before in (testing.picture("jpeg"), photo):
        label = SettledLabel.of(Label.captured(producer=ACME), own_steps=(own,))
        signed = genlabel.sign(before, label, signer)
        (text,) = [each for each in _actions(signed.data) if each["action"] == "c2pa.addedText"]
        assert text["digitalSourceType"] == _SCHEME + "algorithmicallyEnhanced"
        assert signed.report.declared.source_type == "digitalCapture"


def test_other_steps_are_another_label(signer):
    label = RECIPES["edited in four steps"]
    signed = genlabel.sign(testing.picture("png"), label, signer)
    for steps in (FOUR[:3], (*FOUR, CROP), (FOUR[1], CROP, *FOUR[2:]), ()):
        other = Label.edited(producer=ACME, generator=FILL, steps=steps, oversight=label.oversight)
        assert genlabel.sign(signed.data, other, signer).outcome is Outcome.SIGNED


def _mask(size=(64, 48), box=(5, 6, 20, 30), mode="L") -> bytes:
    image = Image.new(mode, size)
    image.paste(255 if mode == "L" else (0, 0, 1, 255), box)
    file = BytesIO()
    image.save(file, "png")
    return file.getvalue()


@pytest.mark.parametrize("mode", ["L", "RGBA"])
def test_of_a_mask_the_rectangle_around_it_is_written(signer, tmp_path: Path, mode):
    (tmp_path / "mask.png").write_bytes(_mask(mode=mode))
    picture = testing.picture("png", size=(64, 48))
    for mask in (tmp_path / "mask.png", _mask(mode=mode)):
        step = Step(action="edited", by=AI, region=Region(mask=mask))
        signed = genlabel.sign(picture, Label.edited(producer=ACME, steps=(step,)), signer)
        shape = _actions(signed.data)[2]["changes"][0]["region"][0]["shape"]
        assert (shape["origin"], shape["width"], shape["height"]) == ({"x": 5, "y": 6}, 15, 24)
        assert b"mask.png" not in signed.data, "names of files are nobody's to publish"


@pytest.mark.parametrize(
    ("region", "why"),
    [
        (Region(rectangle=(0, 0, 65, 10)), "outside"),
        (Region(polygon=((0, 0), (64, 0), (64, 49))), "outside"),
        (Region(mask=_mask(size=(48, 64))), "48 by 64"),
        (Region(mask=_mask(box=(0, 0, 0, 0))), "nothing was changed"),
        (Region(mask=b"no picture"), "mask"),
        (Region(mask=Path("nowhere.png")), "cannot be read"),
    ],
)
def test_a_region_that_is_not_in_the_picture_is_refused(signer, region, why):
    label = Label.edited(
        producer=ACME, steps=(CROP, Step(action="edited", by=HUMAN, region=region))
    )
    with pytest.raises(LabelError, match=rf"step 2 \(edited\): .*{why}"):
        genlabel.sign(testing.picture("png", size=(64, 48)), label, signer)


@pytest.mark.parametrize("kind", ["jpeg", "png", "avif"])
def test_two_strangers_accept_steps(signer, authority, encypher, c2pats, kind):
    for label in RECIPES.values():
        signed = genlabel.sign(testing.picture(kind), label, signer).data
        mime = identify(signed).media_type
        verdict = encypher.verify(signed, mime, authority.anchors)
        assert verdict.accepted, verdict.codes
        theirs = c2pats.validate(signed)
        assert theirs.accepted, theirs.codes


EDITS = 30


def test_a_chain_of_thirty_edits_stays_valid_and_tells_them_all(signer, trust, authority, encypher):
    photo = Label.captured(producer=ACME)
    data = genlabel.sign(testing.picture("jpeg"), photo, signer, trust=trust).data
    sizes = [len(data)]
    for number in range(EDITS):
        step = replace(CROP, description=f"edit {number + 1}")
        label = Label.edited(producer=ACME, steps=(step,))
        data = genlabel.sign(data, label, signer, trust=trust).data
        sizes.append(len(data))
    report = genlabel.verify(data, trust=trust)
    assert (report.integrity, report.form, report.lineage) == ("intact", "well-formed", "intact")
    assert not [each for each in report.findings if each.severity is Severity.ERROR]
    told = [each.description for each in report.steps if each.name == "cropped"]
    assert told == [f"edit {number + 1}" for number in range(EDITS)]
    assert encypher.verify(data, "image/jpeg", authority.anchors).accepted
    growth = [after - before for before, after in pairwise(sizes)]
    assert max(growth[2:]) <= 1.2 * min(growth[2:]), "each edit costs what the one before it cost"


def test_four_steps_cost_little_room(signer):
    plain = Label.edited(producer=ACME, generator=FILL)
    four = Label.edited(producer=ACME, generator=FILL, steps=FOUR)
    sizes = [
        len(genlabel.sign(testing.picture("jpeg"), label, signer).data) for label in (plain, four)
    ]
    assert sizes[1] - sizes[0] <= 2_048


def test_what_was_generated_stays_so_when_a_model_edits_it(signer, trust):
    made = genlabel.sign(
        testing.picture("png"), Label.generated(producer=ACME, generator=FLUX), signer, trust=trust
    )
    label = Label.edited(producer=ACME, steps=(FOUR[1],))
    signed = genlabel.sign(made.data, label, signer, trust=trust)
    told = {each.source_type for each in signed.report.marks.values() if each.source_type}
    assert told == {_SCHEME + "trainedAlgorithmicMedia"}
    assert signed.report.declared.generator == "FLUX.1-dev"


@pytest.mark.parametrize("title", ["Hills", None])
def test_a_renewed_label_does_not_tell_its_steps_twice(signer, trust, title):
    label = Label.edited(producer=ACME, steps=FOUR, title="Hills")
    parent = testing.picture("jpeg", seed=3)
    first = genlabel.sign(
        testing.picture("jpeg"), label, signer, trust=trust, parent=parent if title else None
    )
    packet = look(first.data).payloads[XMP]
    touched = rewritten(first.data, {XMP: packet.replace(b"Hills", b"Dales")})
    again = genlabel.sign(touched, label, signer, trust=trust, existing="renew")
    assert again.outcome is Outcome.SIGNED
    assert [each.name for each in again.report.steps].count("cropped") == 1
    twice = genlabel.sign(again.data, label, signer, trust=trust)
    assert twice.outcome is Outcome.UNCHANGED
    fewer = replace(label, steps=FOUR[:2])
    assert genlabel.sign(again.data, fewer, signer, trust=trust).outcome is Outcome.SIGNED


@pytest.mark.parametrize("mode", ["L", "RGBA"])
def test_a_mask_is_written_itself_where_that_is_asked(signer, trust, rubric, mode):
    picture, mask = testing.picture("png", size=(64, 48)), _mask(mode=mode)
    step = Step(action="edited", by=AI, region=Region(mask=mask, with_mask=True))
    label = Label.edited(producer=ACME, steps=(step,))
    signed = genlabel.sign(picture, label, signer, trust=trust)
    action = _actions(signed.data)[2]
    written = b64decode(action["parameters"]["dev.genlabel.mask"]["base64"])
    with Image.open(BytesIO(written)) as shown:
        assert (shown.mode, shown.size, shown.getbbox()) == ("1", (64, 48), (5, 6, 20, 30))
    assert action["changes"][0]["region"][0]["shape"]["width"] == 15
    assert genlabel.sign(signed.data, label, signer, trust=trust).outcome is Outcome.UNCHANGED
    verdicts = rubric.judge(raw.crjson(signed.data, "image/png", trust))
    assert set(verdicts.values()) == {True}


def test_a_mask_that_is_too_large_to_be_written_is_refused(signer):
    noise = Image.effect_noise((1200, 900), 200).point(lambda level: 255 * (level > 128))
    file = BytesIO()
    noise.save(file, "png")
    step = Step(action="edited", by=AI, region=Region(mask=file.getvalue(), with_mask=True))
    with pytest.raises(LabelError, match="go into a manifest"):
        genlabel.sign(
            testing.picture("png", size=(1200, 900)),
            Label.edited(producer=ACME, steps=(step,)),
            signer,
        )
    with pytest.raises(LabelError, match="no mask"):
        Region(rectangle=(0, 0, 1, 1), with_mask=True)
