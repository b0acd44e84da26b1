"""Steps: which are there, what they make of the source type, and whom they may not name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from genlabel import (
    DigitalSourceType,
    Element,
    Generator,
    Label,
    LabelError,
    Oversight,
    Producer,
    Region,
    RegionUnit,
    Relationship,
    Rights,
    Step,
    StepBy,
)

ACME = Producer("Acme Studio")
FILL = Generator("FLUX.1-fill")
HUMAN, AI, ALGORITHM = StepBy.HUMAN, StepBy.AI, StepBy.ALGORITHM
COMPOSITE = DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA


def _step(action: str, by: StepBy = HUMAN, **more: Any) -> Step:
    return Step(action=action, by=by, **more)


def test_actions_are_known_with_and_without_prefix() -> None:
    assert _step("c2pa.resized.proportional").action == "resized.proportional"
    assert Step(action="cropped", by="human").by is HUMAN  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("action", "remedy"),
    [
        ("removed", "use deleted"),
        ("c2pa.color_adjustments", "use adjustedColor"),
        ("croped", "did you mean cropped?"),
        ("ADDEDTEXT", "did you mean addedText?"),
        ("created", "leave the step out"),
        ("c2pa.watermarked.bound", "leave the step out"),
    ],
)
def test_other_actions_are_refused_with_what_to_say(action: str, remedy: str) -> None:
    with pytest.raises(LabelError) as refused:
        _step(action)
    assert refused.value.remedy == remedy


def test_who_made_a_step_is_never_guessed() -> None:
    with pytest.raises(TypeError):
        Step(action="cropped")  # type: ignore[call-arg]
    with pytest.raises(LabelError, match="by"):
        Step(action="cropped", by=None)  # type: ignore[arg-type]


def test_times_have_zones_and_become_utc() -> None:
    noon = datetime(2026, 5, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    assert _step("cropped", when=noon).when == datetime(2026, 5, 1, 10, tzinfo=UTC)
    with pytest.raises(LabelError, match="time zone"):
        _step("cropped", when=datetime(2026, 5, 1))


def test_a_time_without_a_zone_is_answered_in_the_words_of_a_file_of_steps() -> None:
    with pytest.raises(LabelError) as refused:
        _step("cropped", when=datetime(2026, 5, 1, 12))
    assert refused.value.remedy == "give a time with its zone, such as 2026-05-01T12:00:00Z"


def test_parameters_stand_under_names_of_ones_own() -> None:
    step = _step("enhanced", ALGORITHM, parameters={"com.example.radius": [1, {"sigma": 0.5}]})
    assert step.parameters == {"com.example.radius": [1, {"sigma": 0.5}]}
    for name in ("radius", "c2pa.example.radius", "dev.genlabel.by", "com.example.ra dius"):
        with pytest.raises(LabelError, match="parameters"):
            _step("enhanced", parameters={name: 1})
    with pytest.raises(LabelError, match="no value of JSON"):
        _step("enhanced", parameters={"com.example.radius": {1, 2}})


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"rectangle": (1, 2, 3, 4), "mask": b"PNG"},
        {"rectangle": (1, 2, 3)},
        {"rectangle": (1, 2, 0, 4)},
        {"rectangle": (1, 2, float("nan"), 4)},
        {"rectangle": (-1, 2, 3, 4)},
        {"rectangle": (60, 0, 50, 10), "unit": RegionUnit.PERCENT},
        {"polygon": ((0, 0), (1, 1))},
        {"polygon": ((0, 0), (1, 1), (1, 2, 3))},
        {"polygon": tuple((x, x) for x in range(257))},
        {"mask": b"PNG", "unit": RegionUnit.PERCENT},
    ],
)
def test_a_region_that_is_in_no_picture_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(LabelError):
        Region(**given)


def test_a_region_knows_whether_it_is_inside() -> None:
    region = Region(polygon=((0, 0), (64, 0), (64, 48)))
    region.require_inside(64, 48)
    with pytest.raises(LabelError, match="outside"):
        region.require_inside(63, 48)


@pytest.mark.parametrize(
    "label",
    [
        lambda steps: Label.edited(producer=ACME, steps=steps),
        lambda steps: Label.enhanced(producer=ACME, steps=steps),
        lambda steps: Label.composite(producer=ACME, of=[Element(b"PNG")], steps=steps),
    ],
)
def test_a_models_step_raises_a_changed_picture_and_an_algorithms_does_not(label: Any) -> None:
    raised = label((_step("cropped"), _step("enhanced", AI, using=FILL)))
    assert (raised.source_type, raised.generator) == (COMPOSITE, FILL)
    unraised = label((_step("cropped"), _step("enhanced", ALGORITHM, using=FILL)))
    assert unraised.source_type not in (COMPOSITE, DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA)
    assert unraised.generator is None


def test_what_was_wholly_generated_stays_so() -> None:
    label = Label.generated(producer=ACME, steps=(_step("edited", AI, using=FILL),))
    assert label.source_type is DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA
    assert label.generator is None, "what changed it is not what made it"


@pytest.mark.parametrize("history", [Label.captured, Label.created_by_human])
def test_a_models_step_contradicts_a_photograph_and_a_drawing(history: Any) -> None:
    history(producer=ACME, steps=(_step("cropped"), _step("enhanced", ALGORITHM)))
    with pytest.raises(LabelError, match=r"step 2 \(edited\)"):
        history(producer=ACME, steps=(_step("cropped"), _step("edited", AI)))


def test_enhanced_says_that_nothing_seen_was_changed() -> None:
    Label.enhanced(producer=ACME, steps=(_step("adjustedColor"),))
    with pytest.raises(LabelError, match=r"step 1 \(deleted\)"):
        Label.enhanced(producer=ACME, steps=(_step("deleted"),))


def test_a_placed_step_places_an_element() -> None:
    one = [Element(b"PNG")]
    Label.composite(producer=ACME, of=one, steps=(_step("placed"),))
    given = Element(b"JPEG", relationship=Relationship.INPUT)
    for elements in (one, [*one, given]):
        with pytest.raises(LabelError, match=r"step 2 \(placed\)"):
            Label.composite(
                producer=ACME,
                of=elements,
                generator=FILL,
                steps=(_step("placed"), _step("placed")),
            )


@pytest.mark.parametrize(
    "text",
    ["retouched by Ada Lovelace", "LOVELACE, Ada: sky", "ada\u00a0lovelace", "by ADA-LOVELACE"],
)
def test_no_step_names_a_creator(text: str) -> None:
    rights = Rights(creator=("Ada Lovelace",))
    for more in ({"description": text}, {"parameters": {"com.example.note": [{"who": text}]}}):
        with pytest.raises(LabelError, match=r"step 1 \(cropped\): names Ada Lovelace"):
            Label.edited(producer=ACME, rights=rights, steps=(_step("cropped", **more),))
    Label.edited(producer=ACME, steps=(_step("cropped", description=text),))


def test_no_step_names_a_producer_who_is_a_person() -> None:
    steps = (_step("cropped", description="by Li in the studio"),)
    with pytest.raises(LabelError, match="names Li"):
        Label.edited(producer=Producer("Li", person=True), steps=steps)
    Label.edited(producer=Producer("Li"), steps=steps)
    light = (_step("cropped", description="more light"),)
    Label.edited(producer=Producer("Li", person=True), steps=light)
    with pytest.raises(LabelError, match="names"):
        Label.edited(
            producer=Producer("山田太郎", person=True),
            steps=(_step("cropped", description="山田太郎による修正"),),
        )


def test_oversight_is_said_of_models_alone_and_by_one_voice() -> None:
    watched = _step("edited", AI, oversight=Oversight.HUMAN_VALIDATED)
    guided = _step("edited", AI, oversight=Oversight.PROMPT_GUIDED)
    with pytest.raises(LabelError, match="over a model"):
        _step("cropped", oversight=Oversight.HUMAN_VALIDATED)
    with pytest.raises(LabelError, match="no model"):
        Label.captured(producer=ACME, oversight=Oversight.PROMPT_GUIDED)
    with pytest.raises(LabelError, match="human_validated and prompt_guided"):
        Label.edited(producer=ACME, steps=(watched, guided))
    Label.edited(producer=ACME, steps=(watched, guided), oversight=Oversight.PROMPT_GUIDED)


def test_steps_are_a_list_of_steps_and_not_without_end() -> None:
    kept = Label.edited(producer=ACME, steps=[_step("cropped"), _step("filtered")])  # type: ignore[arg-type]
    assert [each.action for each in kept.steps] == ["cropped", "filtered"]
    for wrong in (_step("cropped"), "cropped", [{"action": "cropped"}], [_step("cropped")] * 101):
        with pytest.raises(LabelError):
            Label.edited(producer=ACME, steps=wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [[2], [1, 2.5], {"a": [[3, 4]]}])
def test_a_list_of_numbers_alone_is_no_parameter_since_readers_show_bytes(value):
    with pytest.raises(LabelError, match=r"com\.acme\.box: a list of numbers alone"):
        Step(action="cropped", by="human", parameters={"com.acme.box": value})
    Step(action="cropped", by="human", parameters={"com.acme.box": ["left", 2], "com.acme.no": []})
