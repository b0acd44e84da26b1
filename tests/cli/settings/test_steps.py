"""Steps in label files, settings and files of their own, and what is said of a wrong one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from genlabel import ConfigurationError, Generator, Region, RegionUnit, Step, StepBy
from genlabel.cli.settings import load
from genlabel.cli.settings.lines import line

STEPS = """\
[[steps]]
action = "cropped"
by = "human"
when = 2026-05-01T12:00:00Z

[[steps]]
action = "edited"
by = "ai"
using = {name = "FLUX.1-fill", version = "1"}
region = {rectangle = [10, 10, 40, 30], unit = "percent"}
parameters = {"com.example.strength" = 0.7}

[[steps]]
action = "c2pa.converted"
by = "algorithm"
using = "ImageMagick"
"""
HEAD = 'history = "edited"\nproducer = {name = "Acme Studio"}\n'
AS_STEPS = (
    Step(action="cropped", by=StepBy.HUMAN, when=datetime(2026, 5, 1, 12, tzinfo=UTC)),
    Step(
        action="edited",
        by=StepBy.AI,
        using=Generator("FLUX.1-fill", version="1"),
        region=Region(rectangle=(10, 10, 40, 30), unit=RegionUnit.PERCENT),
        parameters={"com.example.strength": 0.7},
    ),
    Step(action="converted", by=StepBy.ALGORITHM, using=Generator("ImageMagick")),
)


def _written(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def _loaded(folder: Path, **given):
    return load(environ={}, start=folder, no_config=True, **given)


def test_every_place_says_the_same_steps(tmp_path):
    options = {"label.history": "edited", "producer.name": "Acme Studio"}
    label = _loaded(tmp_path, label=_written(tmp_path / "label.toml", HEAD + STEPS)).label()
    assert label.steps == AS_STEPS
    own = _written(tmp_path / "own/steps.toml", STEPS)
    assert _loaded(tmp_path, options={**options, "label.steps": own}).label().steps == AS_STEPS
    listed = json.dumps(
        [{"action": "cropped", "by": "human", "when": "2026-05-01T12:00:00Z"}], indent=1
    )
    for text in (listed, f'{{"steps": {listed}}}'):
        as_json = _written(tmp_path / "steps.json", text)
        steps = _loaded(tmp_path, options={**options, "label.steps": as_json}).label().steps
        assert steps == AS_STEPS[:1]
    settings = _written(tmp_path / "genlabel.toml", STEPS.replace("[[steps]]", "[[label.steps]]"))
    configured = load(environ={}, start=tmp_path, config=settings, options=options)
    assert configured.label().steps == AS_STEPS


def test_masks_lie_beside_the_file_that_names_them(tmp_path):
    text = '[[steps]]\naction = "edited"\nby = "ai"\nregion = {mask = "sky.png"}\n'
    own = _written(tmp_path / "own/steps.toml", text)
    options = {"label.history": "edited", "producer.name": "Acme Studio", "label.steps": own}
    (step,) = _loaded(tmp_path, options=options).label().steps
    assert step.region is not None
    assert step.region.mask == tmp_path / "own/sky.png"


@pytest.mark.parametrize(
    ("before", "after", "number", "message", "remedy"),
    [
        ('action = "edited"', 'actoin = "edited"', 7, "step 2, actoin: unknown", "action?"),
        ('by = "ai"', 'by = "robot"', 8, "step 2: by: 'robot'", "human, ai, algorithm"),
        ('by = "ai"\n', "", 6, "step 2: by is missing", "human, ai or algorithm"),
        ("version =", "verison =", 9, "step 2, using.verison: unknown", "version?"),
        ("unit =", "units =", 10, "step 2, region.units: unknown", "unit?"),
        ("[10, 10", "[-10, 10", 10, "step 2, region: rectangle: '-10'", "count from 0"),
        ("com.example.strength", "strength", 11, "step 2: parameters", "com.example"),
        ('"c2pa.converted"', '"removed"', 14, "step 3: action: 'removed'", "use deleted"),
        ("2026-05-01T12:00:00Z", '"noon"', 4, "step 1: when: noon", "with its zone, such as 2026-"),
        ("2026-05-01T12:00:00Z", "2026-05-01", 4, "step 1: when", "with its zone, such as 2026-"),
        ('using = "ImageMagick"', "using = 7", 16, "step 3, using: a table is wanted", "name"),
    ],
)
def test_a_wrong_step_is_named_with_its_line_and_key(
    tmp_path, before, after, number, message, remedy
):
    text = STEPS.replace(before, after)
    own = _written(tmp_path / "steps.toml", text)
    label = _written(tmp_path / "label.toml", HEAD + text)
    settings = _written(tmp_path / "genlabel.toml", text.replace("[[steps", "[[label.steps"))
    for path, lines, given in (
        (own, 0, {"options": {"label.steps": own}}),
        (label, HEAD.count("\n"), {"label": label}),
        (settings, 0, {"config": settings}),
    ):
        with pytest.raises(ConfigurationError) as refused:
            load(environ={}, start=tmp_path / "nowhere", **given)
        assert f"{path}, line {number + lines}: " in str(refused.value)
        assert message in str(refused.value)
        assert remedy in str(refused.value.remedy)


def test_other_keys_of_a_label_file_are_named_with_their_line_too(tmp_path):
    for text, said in (
        (HEAD + "titel = 'x'\n", "line 3: titel: unknown"),
        (HEAD + "\n[rights]\ncredit = 7\n", "line 5: label.rights.credit: a text is wanted"),
        (HEAD + "\n[rights]\ncerdit = 'x'\n", "line 5: rights.cerdit: unknown"),
    ):
        with pytest.raises(ConfigurationError, match=said):
            _loaded(tmp_path, label=_written(tmp_path / "label.toml", text))


def test_what_is_no_list_of_steps_is_refused(tmp_path):
    for text in ("steps = 3\n", "[steps]\naction = 'cropped'\n", "[[step]]\naction = 'x'\n", ""):
        own = _written(tmp_path / "steps.toml", text)
        with pytest.raises(ConfigurationError, match="list of tables"):
            _loaded(tmp_path, options={"label.steps": own})


def test_lines_of_toml_are_found():
    text = (
        'note = """\n[[steps]]\naction = 1\n"""\n[[ steps ]]\n"action" = 1\n[steps.region]\n'
        "unit = 2\n[[steps]]\nregion.unit = 3\n"
    )
    assert line(text, ("steps", 0)) == 5
    assert line(text, ("steps", 0, "action")) == 6
    assert line(text, ("steps", 0, "region", "unit")) == 8
    assert line(text, ("steps", 1, "region", "unit")) == 10
    assert line(text, ("steps", 1, "by")) == 9
    assert line(text, ("rights", "credit")) is None
