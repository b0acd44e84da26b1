"""The pages of settings: their examples are read, and every key stands in them with its option."""

from __future__ import annotations

import pytest
import settings_pages

import pages
from genlabel.cli.settings import KEYS, load
from pages import HOME


def examples(name: str) -> list[pages.Block]:
    return [
        each for each in pages.blocks(HOME / "docs" / name) if each.language in ("toml", "json")
    ]


@pytest.mark.parametrize("block", examples("settings.md"), ids=str)
def test_an_example_of_settings_is_read(block, tmp_path):
    path = tmp_path / "genlabel.toml"
    path.write_text(block.text, "utf-8")
    settings = load(config=path, environ={}, start=tmp_path)
    assert settings.values["producer.name"].value == "Acme Studio"


@pytest.mark.parametrize("block", examples("label-files.md"), ids=str)
def test_an_example_of_a_label_file_is_a_label(block, tmp_path):
    path = tmp_path / f"label.{block.language}"
    path.write_text(block.text, "utf-8")
    settings = load(label=path, environ={}, start=tmp_path, no_config=True)
    assert settings.label().producer.name == "Acme Studio"


def test_every_key_is_on_one_of_the_pages():
    made = settings_pages.settings_page() + settings_pages.label_files_page()
    for each in KEYS:
        assert f"`{each.variable}`" in made or f"`{each.name.removeprefix('label.')}`" in made


def test_each_option_that_sets_something_sets_a_setting():
    assert settings_pages.options().keys() <= {each.name for each in KEYS}
