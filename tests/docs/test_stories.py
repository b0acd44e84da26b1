"""Four users play their stories, each from an empty folder, with what its page says and no more.

`test_pages` types the commands of each and compares what they print; here is what each comes to.
"""

from __future__ import annotations

import csv
import io
import shlex

import pytest
import yaml

import desk
import genlabel
import pages
from genlabel import Integrity, Mark
from genlabel.pixels.samples import samples
from pages import HOME

STORIES = HOME / "docs" / "stories"


@pytest.fixture
def played(request, tmp_path, monkeypatch):
    """The folder in which the story of this test ended, and each command's exit status."""
    monkeypatch.chdir(tmp_path)
    console = desk.Console(tmp_path, swiftly=True)
    statuses = []
    for block in pages.blocks(STORIES / f"{request.param}.md"):
        if block.file:
            (console.folder / block.file).write_text(block.text, "utf-8")
        if block.language == "console":
            for step in pages.steps(block):
                console.run(step.command)
                statuses.append((step.command, console.status))
    return console.folder, statuses


def verified(folder, *names):
    return [
        genlabel.verify_file(folder / name, trust=folder / "keys/anchors.pem") for name in names
    ]


def only_failures(statuses):
    return [command.split()[1] for command, status in statuses if status and "echo" not in command]


@pytest.mark.parametrize("played", ["developer"], indirect=True)
def test_the_developers_pictures_say_what_made_them_and_a_loss_is_noticed(played):
    folder, statuses = played
    assert only_failures(statuses) == ["strip-check"]
    for report in verified(folder, "labelled/cat.png", "public/downloaded.webp"):
        assert report.integrity is Integrity.INTACT
        assert report.declared.source_type == "trainedAlgorithmicMedia"
        assert report.declared.generator == "FLUX.1 [dev]"


@pytest.mark.parametrize("played", ["agency"], indirect=True)
def test_the_agencys_tree_is_mirrored_and_photographers_keep_their_names(played):
    folder, statuses = played
    assert only_failures(statuses) == []
    names = ("labelled/2007/harbour.jpg", "labelled/2008/fair.JPG", "labelled/2008/june/market.jpg")
    for report in verified(folder, *names, "delivered/retouched.jpg"):
        assert report.integrity is Integrity.INTACT
        assert report.declared.producer == "Acme Pictures"
        assert report.marks[Mark.EXIF].creator == ("Ada Lovelace",)
    assert (folder / "labels.html").read_text("utf-8").count("harbour.jpg")


@pytest.mark.parametrize("played", ["newsroom"], indirect=True)
def test_the_newsrooms_build_stops_at_one_picture_without_a_label_and_at_no_other(played):
    folder, statuses = played
    gate = [status for command, status in statuses if "concise" in command]
    assert gate == [0, 1, 0]
    (job,) = yaml.safe_load((folder / "labels.yml").read_text("utf-8"))["jobs"].values()
    (line,) = [each["run"] for each in job["steps"] if each.get("run", "").startswith("genlabel")]
    typed = {tuple(shlex.split(command)) for command, _ in statuses}
    assert tuple(shlex.split(line)) in typed


@pytest.mark.parametrize("played", ["museum"], indirect=True)
def test_the_museums_pictures_have_the_titles_of_the_spreadsheet_and_the_master_is_untouched(
    played,
):
    folder, statuses = played
    assert only_failures(statuses) == []
    rows = list(csv.DictReader(io.StringIO((folder / "archive.csv").read_text("utf-8"))))
    reports = verified(folder, *(row["out"] for row in rows))
    assert len(reports) == 3
    for row, report in zip(rows, reports, strict=True):
        assert report.integrity is Integrity.INTACT
        assert report.marks[Mark.IPTC].title == row["title"]
    drawn = dict(samples())
    assert (folder / "more/plate.tif").read_bytes() == drawn["more/plate.tif"]
    assert '<html lang="fr"' in (folder / "harbour.html").read_text("utf-8")


def test_each_story_is_there_and_led_to_from_the_readme():
    assert {path.stem for path in STORIES.glob("*.md")} == {
        "developer", "agency", "newsroom", "museum",
    }  # fmt: skip
    targets = {target for target, _ in pages.links(HOME / "README.md")}
    assert set(STORIES.glob("*.md")) <= targets
