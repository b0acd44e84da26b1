"""Steps from the command line: a file of their own, a row's, and what is said of them."""

from __future__ import annotations

import json

import pytest

STEPS = """\
[[steps]]
action = "cropped"
by = "human"
description = "to the horizon"

[[steps]]
action = "edited"
by = "ai"
using = "FLUX.1-fill"
"""
SIGN = ("sign", "cat.png", "--edited", "--out", "b.png")


@pytest.fixture(autouse=True)
def _steps(studio) -> None:
    (studio / "steps.toml").write_text(STEPS)


def _told(genlabel, name: str = "b.png") -> list[tuple[str, str | None]]:
    (report,) = json.loads(genlabel("verify", name, "--format", "json").out)["reports"]
    return [(each["action"], each["by"]) for each in report["steps"]]


def test_a_file_of_steps_is_signed_and_read(genlabel):
    done = genlabel(*SIGN, "--steps", "steps.toml", "--oversight", "prompt_guided")
    assert done.status == 0, done.err
    assert _told(genlabel)[-2:] == [("c2pa.cropped", "human"), ("c2pa.edited", "ai")]
    assert "steps       3: 1 by humans, 2 by an AI system" in genlabel("verify", "b.png").out
    assert "3 steps" in genlabel("explain", "b.png").out
    french = genlabel("explain", "b.png", "--lang", "fr").out
    assert "3 étapes" in french


def test_all_that_it_says_is_shown_before(genlabel):
    done = genlabel(*SIGN, "--steps", "steps.toml", "--show-public")
    assert done.status == 0, done.err
    assert "to the horizon" in done.out
    assert "FLUX.1-fill" in done.out


def test_what_is_wrong_is_named_and_nothing_is_written(studio, genlabel):
    (studio / "steps.toml").write_text(STEPS.replace("cropped", "croped"))
    done = genlabel(*SIGN, "--steps", "steps.toml")
    assert done.status == 2
    assert "steps.toml, line 2: step 1: action: 'croped'" in done.err
    assert "did you mean cropped?" in done.err
    assert not (studio / "b.png").exists()


def test_a_model_contradicts_a_photograph_and_a_name_stays_out(studio, genlabel):
    done = genlabel("sign", "cat.png", "--captured", "--out", "b.png", "--steps", "steps.toml")
    assert done.status == 2
    assert "step 2 (edited)" in done.err
    (studio / "steps.toml").write_text(STEPS.replace("to the horizon", "Ada Lovelace cropped it"))
    done = genlabel(*SIGN, "--creator", "Ada Lovelace", "--steps", "steps.toml")
    assert done.status == 2
    assert "step 1 (cropped): names Ada Lovelace" in done.err


def test_a_row_has_its_own_steps_and_the_file_stays(studio, genlabel):
    (studio / "batch.csv").write_text("path,out,steps\ncat.png,c.png,steps.toml\n")
    done = genlabel("sign", "--edited", "--batch", "batch.csv")
    assert done.status == 0, done.err
    assert len(_told(genlabel, "c.png")) == 4
    spared = genlabel(*SIGN[:-1], "steps.toml", "--overwrite", "--steps", "steps.toml")
    assert spared.status == 2
    assert "is the file of --steps" in spared.err


def test_settings_say_what_is_done_to_every_picture(studio, genlabel):
    settings = (studio / "genlabel.toml").read_text()
    steps = '\n[[label.steps]]\naction = "converted"\nby = "algorithm"\n'
    (studio / "genlabel.toml").write_text(settings + steps)
    assert genlabel(*SIGN).status == 0
    assert _told(genlabel)[-1] == ("c2pa.converted", "algorithm")
    assert "label.steps = converted (algorithm)" in genlabel("config").out
