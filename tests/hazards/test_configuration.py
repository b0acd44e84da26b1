"""A stranger's configuration file that is a bomb costs seconds at most."""

import time

import pytest

from genlabel.cli.settings import load
from genlabel.model.errors import ConfigurationError


@pytest.mark.parametrize("name", ["genlabel.toml", "pyproject.toml"])
@pytest.mark.parametrize(
    "text",
    [
        ".".join(["a"] * 40_000) + " = 1",
        "[" + ".".join(["a"] * 40_000) + "]",
        "a = {" + " . ".join(['"a"'] * 20_000) + " = 1}",
        "\n".join(".".join([f"a{line}"] + ["b"] * 60) + " = 1" for line in range(600)),
        "[tool]\nx = " + "[" * 40_000,
        'x = "' + "a" * 1_000_000,
        "a" * 1_000_000,
        '"' * 400_000,
    ],
    ids=["key", "table", "inline", "many", "arrays", "text", "letters", "quotes"],
)
def test_a_bomb_is_refused_before_it_is_parsed(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    begun = time.process_time()
    with pytest.raises(ConfigurationError):
        load(environ={}, start=tmp_path)
    assert time.process_time() - begun < 4


def test_keys_of_honest_depth_are_read(tmp_path):
    text = "[label.rights]\nlicensor.name = 'a.b.c'\n" + "# " + "a." * 50
    (tmp_path / "genlabel.toml").write_text(text.replace("a." * 50, "a"))
    assert load(environ={}, start=tmp_path).values["label.rights.licensor.name"].value == "a.b.c"
