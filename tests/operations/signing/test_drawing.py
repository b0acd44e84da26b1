"""A visible label that is drawn and signed in one step, and told as a step."""

import io
import json
import subprocess

import pytest
from PIL import Image

import genlabel
from genlabel import ConfigurationError, Label, LabelError, Producer, VisibleLabel, testing

AUTHORITY = testing.Authority.new("Acme Studio")
SIGNER = AUTHORITY.signer()
GENERATED = Label.generated(producer=Producer("Acme Studio"))
EDITED = Label.edited(producer=Producer("Acme Studio"), generator=genlabel.Generator("FLUX.1"))
FORMATS = ("jpeg", "png", "webp")


def actions(data):
    from genlabel.credentials.trust import Trust
    from genlabel.manifests.validation import actions as history
    from genlabel.model.asset import Asset
    from genlabel.operations.verify import examine

    document = examine(Asset(data), trust=Trust()).reading.document
    return [each for each, _ in history.actions(history.active(document))]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("style", ["text", "badge", "strip"])
def test_the_step_tells_words_place_and_the_algorithm(format, style):
    signed = genlabel.sign(testing.picture(format, size=(640, 480)), GENERATED, SIGNER,
                           visible=style)  # fmt: skip
    created, drawn = actions(signed.data)
    assert created["action"] == "c2pa.created"
    assert created["digitalSourceType"].endswith("/trainedAlgorithmicMedia")
    assert drawn["action"] == "c2pa.addedText"
    assert drawn["digitalSourceType"].endswith("/algorithmicallyEnhanced")
    assert drawn["parameters"]["dev.genlabel.by"] == "algorithm"
    shape = drawn["changes"][0]["region"][0]["shape"]
    box = signed.visible.box
    assert (shape["origin"], shape["width"]) == ({"x": box.left, "y": box.top}, box.width)
    report = genlabel.verify(signed.data)
    assert report.integrity == "intact"
    assert report.ai == "generated"
    assert report.marks["iptc"].alt_text == signed.visible.words
    assert report.visible == "AI GENERATED" if style != "badge" else report.visible == "AI"
    assert (
        genlabel.verify(genlabel.sign(testing.picture(format), GENERATED, SIGNER).data).visible
        is None
    )


def test_a_bar_with_no_room_for_the_words_is_told_as_it_stands_there():
    narrow = testing.picture("png", size=(60, 400))
    signed = genlabel.sign(narrow, GENERATED, SIGNER, visible="strip")
    assert (signed.visible.words, signed.report.visible) == ("AI", "AI")
    assert signed.report.marks["iptc"].alt_text == "AI GENERATED"
    told = actions(signed.data)[1]
    assert told["parameters"]["dev.genlabel.visible"]["instead_of"] == "AI GENERATED"
    again = genlabel.sign(signed.data, GENERATED, SIGNER, visible="strip")
    assert (again.outcome, again.data) == ("unchanged", signed.data)


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_again_changes_no_byte(format):
    signed = genlabel.sign(testing.picture(format, size=(640, 480)), GENERATED, SIGNER,
                           visible="text")  # fmt: skip
    again = genlabel.sign(signed.data, GENERATED, SIGNER, visible="text")
    assert (again.outcome, again.data) == ("unchanged", signed.data)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("style", ["text", "badge", "strip"])
def test_what_mark_has_drawn_is_not_drawn_again(format, style):
    marked = genlabel.mark(testing.picture(format, size=(640, 480)), words="generated", style=style)
    signed = genlabel.sign(marked.data, GENERATED, SIGNER, visible=VisibleLabel(style=style))
    assert signed.visible is None
    assert "genlabel.visible.already-drawn" in {each.code for each in signed.findings}
    assert pixels(signed.data) == pixels(marked.data)
    assert signed.report.visible == marked.visible.words
    shape = actions(signed.data)[1]["changes"][0]["region"][0]["shape"]
    assert shape["origin"] == {"x": marked.visible.box.left, "y": marked.visible.box.top}
    again = genlabel.sign(signed.data, GENERATED, SIGNER, visible=VisibleLabel(style=style))
    assert (again.outcome, again.data) == ("unchanged", signed.data)


def test_it_is_told_where_results_are_shown(tmp_path):
    marked = tmp_path / "marked.png"
    genlabel.mark_file(_cat(tmp_path), out=marked, words="generated")
    report = genlabel.sign_file(
        marked, GENERATED, SIGNER, out=tmp_path / "signed.png", visible="text"
    )
    assert "so it was not drawn again" in genlabel.render([report], "text")


def _cat(folder):
    path = folder / "cat.png"
    path.write_bytes(testing.picture("png", size=(640, 480)))
    return path


def test_what_stood_in_the_parent_is_no_step_over_it():
    marked = genlabel.mark(testing.picture("png", size=(640, 480)), words="generated")
    first = genlabel.sign(marked.data, GENERATED, SIGNER)
    again = genlabel.sign(first.data, GENERATED, SIGNER, visible="text")
    assert pixels(again.data) == pixels(marked.data)
    assert "c2pa.addedText" not in {each["action"] for each in actions(again.data)}
    edited = genlabel.sign(marked.data, EDITED, SIGNER, parent=first.data,
                           visible=VisibleLabel(words="made by us"))  # fmt: skip
    assert "c2pa.addedText" in {each["action"] for each in actions(edited.data)}


def pixels(data):
    with Image.open(io.BytesIO(data)) as image:
        return image.size, image.convert("RGBA").tobytes()


@pytest.mark.parametrize("style", ["text", "strip"])
def test_a_picture_with_a_manifest_becomes_the_verified_parent(style):
    first = genlabel.sign(testing.picture("png", size=(640, 480)), GENERATED, SIGNER)
    signed = genlabel.sign(first.data, GENERATED, SIGNER, visible=style)
    assert [each["action"] for each in actions(signed.data)] == [
        *("c2pa.opened", "c2pa.addedText", "c2pa.edited.metadata")
    ]
    report = genlabel.verify(signed.data)
    (parent,) = report.ingredients
    assert (report.integrity, report.lineage, parent.integrity) == ("intact", "intact", "intact")
    assert report.ai == "generated"
    published = genlabel.strip_check(signed.data, against=first.data)
    assert published.pixels.relations == (("overlaid",) if style == "text" else ("framed",))


def test_words_follow_the_label_and_others_are_refused():
    picture = testing.picture("png", size=(640, 480))
    assert genlabel.sign(picture, EDITED, SIGNER, visible="text").visible.words == "AI MODIFIED"
    for words in ("generated", "AI generated", "généré par IA"):
        visible = VisibleLabel(words=words)
        with pytest.raises(LabelError, match="generated"):
            genlabel.sign(picture, EDITED, SIGNER, visible=visible)
    with pytest.raises(LabelError, match="modified"):
        genlabel.sign(picture, GENERATED, SIGNER, visible=VisibleLabel(words="modified"))
    captured = Label.captured(producer=Producer("Acme Studio"))
    with pytest.raises(LabelError, match="no AI"):
        genlabel.sign(picture, captured, SIGNER, visible="text")


def test_the_producers_name_is_drawn_and_not_told_in_the_action():
    label = Label.generated(producer=Producer("Jane Doe", person=True))
    visible = VisibleLabel(with_producer=True)
    signed = genlabel.sign(testing.picture("png", size=(640, 480)), label, SIGNER, visible=visible)
    assert signed.visible.words == "AI GENERATED\nJane Doe"
    assert "Jane" not in json.dumps(actions(signed.data))


def test_in_place_is_asked_for_twice(tmp_path):
    path = tmp_path / "cat.png"
    path.write_bytes(before := testing.picture("png", size=(640, 480)))
    with pytest.raises(ConfigurationError, match="cannot be had back"):
        genlabel.sign_file(path, GENERATED, SIGNER, in_place=True, visible="text")
    with pytest.raises(ConfigurationError, match="cannot be had back"):
        genlabel.mark_file(path, in_place=True, words="ai")
    assert path.read_bytes() == before
    report = genlabel.sign_file(
        path, GENERATED, SIGNER, in_place=True, overwrite=True, visible="text"
    )
    assert report.visible.style == "text"
    assert path.read_bytes() != before


def test_a_text_that_is_there_stays_unless_more_is_asked_for():
    picture = testing.picture("png", size=(640, 480))
    label = Label.generated(producer=Producer("Acme Studio"), alt_text="A cat")
    plain = genlabel.sign(picture, label, SIGNER, visible="text")
    assert genlabel.verify(plain.data).marks["iptc"].alt_text == "A cat"
    more = genlabel.sign(picture, label, SIGNER, visible=VisibleLabel(add_alt_text=True))
    assert genlabel.verify(more.data).marks["iptc"].alt_text == "A cat AI GENERATED"


def test_a_picture_with_a_manifest_is_not_drawn_on_without_signing():
    signed = genlabel.sign(testing.picture("png", size=(640, 480)), GENERATED, SIGNER)
    with pytest.raises(genlabel.ExistingManifest) as refusal:
        genlabel.mark(signed.data, words="generated")
    assert "sign --visible" in refusal.value.remedy


@pytest.mark.parametrize("format", FORMATS)
def test_metadata_stay_as_they_are(format, tmp_path):
    import io

    from PIL import Image, PngImagePlugin

    file, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "a cat on a mat"
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", "a cat, steps: 20")
    more = {"pnginfo": info} if format == "png" else {}
    picture = Image.open(io.BytesIO(testing.picture("png", size=(640, 480))))
    picture.save(file, format, exif=exif.tobytes(), dpi=(300, 300), **more)
    from genlabel.formats import identify
    from genlabel.formats.format import XMP

    marked = genlabel.mark(file.getvalue(), words="ai")
    before, after = (
        identify(data).survey(data).payloads for data in (file.getvalue(), marked.data)
    )
    assert {slot: payload for slot, payload in after.items() if slot != XMP} == before
    assert "AI" in str(after[XMP])
    if format != "webp":
        assert round(Image.open(io.BytesIO(marked.data)).info["dpi"][0]) == 300


def test_comments_of_a_gif_stay_and_its_loop():
    from genlabel.formats import identify

    picture = bytearray(testing.picture("gif", size=(400, 300), frames=3))
    at = identify(picture).survey(picture).parsed[0].start
    picture[at:at] = b"\x21\xfe\x03one\0\x21\xfe\x03two\0"
    marked = genlabel.mark(bytes(picture), words="ai")
    names = [each.name for each in identify(marked.data).survey(marked.data).blocks]
    assert names.count("comment") == 2
    assert names.count("image") == 3
    assert sum(name.startswith("application NETSCAPE") for name in names) == 1


@pytest.mark.parametrize("program", [["vipsheader"], ["identify"]])
@pytest.mark.parametrize("format", [*FORMATS, "gif", "avif"])
def test_other_programs_open_the_results(program, format, tmp_path):
    import os
    import shutil

    if shutil.which(program[0]) is None:
        assert not os.environ.get("CI"), f"{program[0]} is missing"
        pytest.skip(f"{program[0]} is not here")
    for style in ("text", "strip"):
        path = tmp_path / f"{style}.{format}"
        marked = genlabel.mark(testing.picture(format, size=(640, 480)), words="ai", style=style)
        path.write_bytes(marked.data)
        done = subprocess.run([*program, str(path)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        height = 480 if style == "text" else marked.visible.box.bottom
        assert f"640x{height}" in done.stdout


def _without_metadata(data):
    saved = io.BytesIO()
    Image.open(io.BytesIO(data)).save(saved, "PNG")
    return saved.getvalue()


def test_what_the_step_declares_is_a_mark_and_strip_check_shows_what_became_of_it():
    from genlabel.model.report import Mark, Survival

    picture = testing.picture("png", size=(640, 480))
    plain = genlabel.sign(picture, GENERATED, SIGNER)
    drawn = genlabel.sign(picture, GENERATED, SIGNER, visible="text")
    other = genlabel.sign(drawn.data, GENERATED, SIGNER, visible=VisibleLabel(words="ai"))
    assert Mark.VISIBLE not in genlabel.verify(plain.data).marks
    assert list(genlabel.verify(drawn.data).marks)[-1] is Mark.VISIBLE
    assert json.loads(genlabel.verify(drawn.data).to_json())["marks"]["visible"] == {}

    def fates(published, against, **more):
        return genlabel.strip_check(published, against=against, **more)

    assert Mark.VISIBLE not in fates(plain.data, plain.data).marks
    assert fates(drawn.data, drawn.data).marks[Mark.VISIBLE] is Survival.KEPT
    assert fates(drawn.data, plain.data).marks[Mark.VISIBLE] is Survival.ABSENT
    assert fates(other.data, drawn.data).marks[Mark.VISIBLE] is Survival.CHANGED
    stripped = fates(_without_metadata(drawn.data), drawn.data)
    assert stripped.marks[Mark.MANIFEST] is Survival.LOST
    assert stripped.marks[Mark.VISIBLE] is Survival.KEPT  # its pixels are all there
    lost = fates(genlabel.mark(picture, words="ai").data, drawn.data)
    assert lost.marks[Mark.VISIBLE] is Survival.LOST
    told = next(each for each in lost.findings if each.where == "visible")
    assert told.code == "genlabel.mark.undeclared"
    assert "nobody looked for it" in told.explanation
    (asked,) = (
        each
        for each in fates(plain.data, plain.data, require=[Mark.VISIBLE]).findings
        if each.where == "visible"
    )
    assert asked.code == "genlabel.mark.absent"
