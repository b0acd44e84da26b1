"""`genlabel mark`: files with a visible label, and nothing signed."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from genlabel import mark, testing


def picture(path, format="png"):
    path.write_bytes(testing.picture(format, size=(640, 480)))
    return str(path)


def test_several_files_are_marked_and_told(genlabel, tmp_path):
    one, two = picture(tmp_path / "one.png"), picture(tmp_path / "two.jpg", "jpeg")
    done = genlabel("mark", one, two, "-o", str(tmp_path / "out"), "--words", "generated",
                    "--format", "json", "--no-config")  # fmt: skip
    document = json.loads(done.out)
    assert [each["outcome"] for each in document["reports"]] == ["marked", "marked"]
    assert document["summary"]["signing"]["marked"] == 2
    visible = document["reports"][1]["visible"]
    assert (visible["words"], visible["style"]) == ("AI GENERATED", "text")
    assert visible["contrast"] >= 4.5
    assert visible["reencoded"] is True


def test_in_place_is_refused_unless_it_is_asked_for_twice(genlabel, tmp_path):
    one = picture(tmp_path / "one.png")
    before = Path(one).read_bytes()
    done = genlabel("mark", one, "--in-place", "--words", "ai", "--no-config")
    assert done.status == 2
    assert "--in-place --overwrite" in done.err
    assert Path(one).read_bytes() == before
    words = ("--in-place", "--overwrite", "--words", "ai", "--no-config")
    assert genlabel("mark", one, *words).status == 0
    assert Path(one).read_bytes() != before


def test_a_character_that_no_font_has_ends_with_2_and_names_it(genlabel, tmp_path):
    done = genlabel("mark", picture(tmp_path / "one.png"), "-o", str(tmp_path / "out"), "--words",
                    "AI \ue000", "--no-config")  # fmt: skip
    assert done.status == 2
    assert "U+E000" in done.out + done.err
    assert "--font" in done.out + done.err
    assert not (tmp_path / "out" / "one.png").exists()


def test_an_option_of_the_visible_label_without_it_is_refused_by_sign(genlabel, tmp_path):
    one, out = picture(tmp_path / "one.png"), str(tmp_path / "out")
    words = ("--generated", "--by", "Acme", "--position", "top", "--no-config")
    done = genlabel("sign", one, "-o", out, *words)
    assert done.status == 2
    assert "--visible" in done.err


@pytest.mark.parametrize(
    ("words", "style"),
    [
        (("--visible", "one.png"), "text"),
        (("one.png", "--visible"), "text"),
        (("--visible", "--", "one.png"), "text"),
        (("--visible", "badge", "one.png"), "badge"),
        (("one.png", "--visible=strip"), "strip"),
    ],
)
def test_sign_takes_visible_without_a_style(genlabel, studio, words, style):
    picture(studio / "one.png")
    done = genlabel("sign", "-o", "out", "--generated", "--format", "json", *words)
    (report,) = json.loads(done.out)["reports"]
    assert (report["outcome"], report["visible"]["style"]) == ("signed", style)


@pytest.mark.parametrize("language", ["fr", "ZH"])
def test_a_language_behind_visible_is_no_path_and_its_option_is_named(genlabel, studio, language):
    done = genlabel("sign", "cat.png", "-o", "out", "--generated", "--visible", language)
    assert (done.status, done.out) == (2, "")
    assert f"--visible --language {language}" in done.err
    assert not (studio / "out").exists()


def test_a_mistyped_style_is_told_with_the_nearest_and_a_file_of_that_name_is_a_file(
    genlabel, studio
):
    words = ("-o", "out/", "--generated", "--visible", "bagde")
    assert "did you mean badge?" in genlabel("sign", "cat.png", *words).err
    picture(studio / "bagde")
    assert genlabel("sign", *words).status == 0
    assert (studio / "out/bagde").exists()


def test_a_picture_for_a_badge_means_the_style_and_is_looked_for_first(genlabel, studio):
    for name in ("own.png", "cat.png"):
        picture(studio / name)
    marked = genlabel("mark", "cat.png", "-o", "out", "--badge", "own.png", "--format", "json")
    (report,) = json.loads(marked.out)["reports"]
    assert report["visible"]["style"] == "badge"
    words = ("sign", "cat.png", "-o", "signed", "--generated", "--visible", "--badge", "own.png")
    assert "own, badge at" in genlabel(*words).out
    refused = genlabel("mark", "cat.png", "-o", "other", "--badge", "own.png", "--style", "strip")
    assert "only in the style badge" in refused.err
    missing = genlabel("mark", "cat.png", "-o", "other", "--badge", "no.svg")
    assert (missing.status, missing.out) == (2, "")
    assert "--badge: no.svg is not there" in missing.err
    assert "hint: check the path" in missing.err


@pytest.mark.parametrize("style", ["text", "badge", "strip"])
def test_a_photograph_is_not_called_ai_unless_somebody_says_so(genlabel, studio, style):
    picture(studio / "site/photo.jpg", "jpeg")
    refused = genlabel("mark", "site/photo.jpg", "-o", "out/", "--style", style)
    assert refused.status == 2
    assert "nothing in the picture says that AI made or changed it" in refused.out
    assert "--words ai" in refused.out
    assert not (studio / "out").exists()
    stated = genlabel("mark", "site/photo.jpg", "-o", "out/", "--style", style, "--words", "ai")
    assert stated.status == 0


def test_what_lies_where_results_go_is_passed_over_and_told(genlabel, studio):
    for name in ("one.png", "two.png"):
        picture(studio / "site" / name)
    words = ("mark", "site", "-o", "site/marked", "--words", "ai", "--include", "*o*.png")
    assert genlabel(*words).status == 0
    again = genlabel(*words, "--overwrite")
    assert "2 files passed over: where results go" in again.err
    assert not (studio / "site/marked/marked").exists()
    named = genlabel("mark", "site/marked/one.png", "-o", "twice/", "--words", "ai")
    assert named.status == 0


@pytest.mark.parametrize("style", ["text", "badge", "strip"])
@pytest.mark.parametrize("format", ["png", "jpeg", "webp", "gif"])
def test_what_has_this_very_label_already_is_left_alone(genlabel, tmp_path, format, style):
    one = picture(tmp_path / f"one.{format}", format)
    words = ("--words", "ai", "--style", style, "--no-config", "--format", "json")
    for source, out, outcome in (
        (one, "a", "marked"),
        (str(tmp_path / "a" / f"one.{format}"), "b", "unchanged"),
    ):
        done = genlabel("mark", source, "-o", str(tmp_path / out), *words)
        assert done.status == 0
        (report,) = json.loads(done.out)["reports"]
        assert report["outcome"] == outcome
    first, second = ((tmp_path / each / f"one.{format}").read_bytes() for each in "ab")
    assert first == second
    again = genlabel("mark", str(tmp_path / "a"), "--in-place", "--overwrite", *words)
    assert json.loads(again.out)["reports"][0]["outcome"] == "unchanged"
    assert (tmp_path / "a" / f"one.{format}").read_bytes() == first


def test_other_words_places_and_frames_without_a_label_are_drawn_on():
    data = testing.picture("png", size=(640, 480))
    marked = mark(data, words="ai").data
    for words, position in (("generated", None), ("ai", "bottom-left")):
        assert mark(marked, words=words, position=position).outcome == "marked"
    other = testing.picture("png", size=(640, 480), seed=2)
    frames = [Image.open(io.BytesIO(each)).convert("RGB") for each in (marked, other)]
    for first, second in (frames, frames[::-1]):
        out = io.BytesIO()
        first.save(out, "PNG", save_all=True, append_images=[second])
        once = mark(out.getvalue(), words="ai")
        assert once.outcome == "marked"
        assert mark(once.data, words="ai").outcome == "unchanged"


def test_a_label_on_a_turned_picture_is_found():
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    with Image.open(io.BytesIO(testing.picture("jpeg", size=(640, 480)))) as image:
        image.save(out, "JPEG", exif=exif, quality=92)
    once = mark(out.getvalue(), words="ai")
    assert once.outcome == "marked"
    assert mark(once.data, words="ai").outcome == "unchanged"


def test_a_format_on_which_nothing_is_drawn_is_refused_by_that_and_offers_no_words(
    genlabel, studio
):
    genlabel("demo", "samples")
    for format, name in (("wav", "chime.wav"), ("tiff", "plate.tif"), ("svg", "drawing.svg")):
        refused = genlabel("mark", f"samples/more/{name}", "-o", "out", "--format", "json")
        (report,) = json.loads(refused.out)["reports"]
        assert report["error"]["message"] == f"{format}: no label is drawn on files of this format"
        assert report["error"]["remedy"] == "give one of jpeg, png, webp, gif, avif"
