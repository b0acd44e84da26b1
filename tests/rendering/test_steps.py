"""Steps as they are read: in the report, in text, JSON and HTML, and in one line of explain."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import genlabel
from genlabel import (
    Generator,
    Label,
    Oversight,
    Producer,
    Region,
    RegionUnit,
    Step,
    StepBy,
    Vouched,
    testing,
)
from genlabel.manifests.validation import recorded_steps
from genlabel.rendering import phrases

ACME = Producer("Acme Studio")
STEPS = (
    Step(
        action="cropped",
        by=StepBy.HUMAN,
        when=datetime(2026, 5, 1, 12, tzinfo=UTC),
        description="to the horizon",
    ),
    Step(
        action="edited",
        by=StepBy.AI,
        using=Generator("FLUX.1-fill", version="1", provider="Black Forest Labs"),
        region=Region(polygon=((10, 20), (50, 20), (30, 80)), unit=RegionUnit.PERCENT),
        oversight=Oversight.HUMAN_VALIDATED,
    ),
    Step(action="resized.proportional", by=StepBy.ALGORITHM),
)


def _signed(signer):
    photo = genlabel.sign(testing.picture("jpeg"), Label.captured(producer=ACME), signer)
    return genlabel.sign(photo.data, Label.edited(producer=ACME, steps=STEPS), signer)


def test_a_report_tells_the_steps_of_all_manifests_in_order(signer, authority):
    signed = _signed(signer)
    known = genlabel.verify(signed.data, trust=authority.anchors)
    told = [(each.depth, each.name, each.by) for each in known.steps]
    assert told == [
        (1, "created", None),
        (0, "opened", None),
        (0, "edited", "ai"),
        (0, "cropped", "human"),
        (0, "edited", "ai"),
        (0, "resized.proportional", "algorithm"),
    ]
    assert {each.vouched for each in known.steps} == {Vouched.ATTESTED}
    crop, fill, _ = known.steps[-3:]
    assert (crop.when, crop.description) == ("2026-05-01T12:00:00Z", "to the horizon")
    assert (fill.agent, fill.agent_version) == ("FLUX.1-fill", "1")
    assert (fill.agent_provider, fill.oversight) == ("Black Forest Labs", "human_validated")
    (region,) = fill.regions
    assert (region.shape, region.unit) == ("polygon", "percent")
    assert (region.left, region.top, region.width, region.height) == (10, 20, 40, 60)
    unknown = genlabel.verify(signed.data)
    assert {each.vouched for each in unknown.steps} == {Vouched.CLAIMED}


def test_every_form_of_a_report_tells_them(signer):
    report = genlabel.verify(_signed(signer).data)
    text = genlabel.render([report], "text", verbose=True)
    assert "4: 1 by humans, 2 by an AI system, 1 by an algorithm" in text
    assert "2026-05-01T12:00:00Z, cropped by a human, 'to the horizon', a claim" in text
    assert "edited by an AI system, using 'FLUX.1-fill', polygon 40%×60%+10+20, a claim" in text
    assert "'to the horizon'" not in genlabel.render([report], "text")
    page = genlabel.render([report], "html")
    assert "to the horizon" in page
    (told,) = json.loads(genlabel.render([report], "json"))["reports"]
    assert [each["action"] for each in told["steps"]][-1] == "c2pa.resized.proportional"
    assert told["steps"][-2]["regions"][0]["width"] == 40


def test_explain_says_it_in_one_line_and_one_step_is_none(signer):
    (said,) = [
        each for each in genlabel.explain(_signed(signer).data).spoken if each.question == "steps"
    ]
    assert said.lay.startswith("The label tells 4 steps")
    plain = genlabel.sign(testing.picture("jpeg"), Label.edited(producer=ACME), signer)
    questions = {each.question for each in genlabel.explain(plain.data).spoken}
    assert "steps" not in questions
    assert "by humans" not in genlabel.render([genlabel.verify(plain.data)], "text")


def test_show_public_lists_times_tools_and_words_of_steps(signer):
    from genlabel.operations import public_words

    signed = _signed(signer)
    words = {(each.where, each.text) for each in public_words.of(signed.data)}
    texts = {text for _, text in words}
    assert {"2026-05-01T12:00:00Z", "to the horizon", "FLUX.1-fill", "Black Forest Labs"} <= texts


def test_hostile_actions_are_told_as_far_as_they_are_legible():
    point = {"x": float("nan"), "y": 10**400}
    shapes = [
        {"type": "circle", "origin": {"x": 5, "y": 5}, "width": 4},
        {"type": "rectangle", "origin": point, "width": 1, "height": 1},
        {"type": "polygon", "vertices": [point, 7, None]},
        {"type": ["x"] * 1000, "origin": {"x": 0, "y": 0}, "width": True, "height": 1},
        {},
        7,
    ]
    actions = [
        {
            "action": ["c2pa.edited"],
            "softwareAgent": 7,
            "changes": [{"region": [{"shape": each} for each in shapes]}, 3, {"region": 3}],
            "parameters": {"dev.genlabel.by": ["ai"], "dev.genlabel.oversight": 3},
        },
        {"action": "c2pa.edited", "parameters": {"dev.genlabel.by": "robot"}, "changes": 3},
        {
            "action": "c2pa.edited",
            "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/"
            "trainedAlgorithmicMedia",
            "parameters": {"dev.genlabel.by": "human"},
        },
    ]
    manifest = {"assertions": [{"label": "c2pa.actions.v2", "data": {"actions": actions * 1000}}]}
    document = {"active_manifest": "a", "manifests": {"a": manifest}}
    told = recorded_steps.of(document, lambda _: False)
    assert len(told) == recorded_steps.MAX_STEPS
    first, second, third = told[-3:]
    assert [each.shape for each in first.regions] == ["circle"]
    assert first.regions[0].left == 3
    assert (first.by, second.by) == (None, None)
    assert third.by is StepBy.AI, "a generative source type is believed before anybody's word"


TOLD = Step(
    action="cropped",
    by=StepBy.HUMAN,
    parameters={
        "com.acme.ratio": "16:9'",
        "com.acme.width": 1600,
        "com.acme.box": {"exact": True, "edges": ["left", 2]},
        **{f"com.acme.more{each}": each for each in range(9)},
    },
)


def test_parameters_of_a_step_are_told_in_full_and_are_public_with_their_numbers(signer, authority):
    label = Label.edited(producer=ACME, steps=[TOLD])
    signed = genlabel.sign(testing.picture("png"), label, signer, show_public=True)
    public = {(each.where.rpartition(" parameters ")[2], each.text) for each in signed.public}
    assert public >= {
        ("com.acme.ratio", "16:9'"),
        ("com.acme.width", "1600"),
        ("com.acme.box exact", "true"),
        ("com.acme.box edges", "left"),
        ("com.acme.box edges", "2"),
        ("com.acme.more8", "8"),
    }
    assert not any(each.text.isdigit() for each in signed.public if "hash" in each.where)
    told = phrases.step(genlabel.verify(signed.data).steps[-1])
    assert told.count("com.acme.") == 8
    assert "com.acme.width 1600" in told or told.endswith("…, a claim")
    assert "'16:9\\\\''" in told or told.endswith("…, a claim")


def test_a_short_step_tells_each_parameter(signer):
    step = Step(action="cropped", by=StepBy.HUMAN, parameters={"com.acme.box": {"edges": ["left"]}})
    signed = genlabel.sign(
        testing.picture("png"), Label.edited(producer=ACME, steps=[step]), signer
    )
    told = phrases.step(genlabel.verify(signed.data).steps[-1])
    assert told == """cropped by a human, com.acme.box '{"edges": ["left"]}', a claim"""
