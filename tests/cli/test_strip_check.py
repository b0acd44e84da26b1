"""`genlabel strip-check` and `inspect`, from the outside."""

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

import genlabel as genlabel_module
from genlabel import GenlabelError
from genlabel.model.report import Trouble
from genlabel.operations.strip_check import pairing
from genlabel.storage import Pair

SCHEMAS = Path(__file__).parents[2] / "docs/schema"


@pytest.fixture
def labelled(studio, genlabel):
    # A copyright notice is what asks for Exif.
    words = ("sign", "site", "-o", "out", "--generated", "--copyright", "(c) Acme", "-q")
    assert genlabel(*words).status == 0
    return studio / "out"


def fates(answer) -> list[dict]:
    document = json.loads(answer.out)
    jsonschema.validate(document, json.loads((SCHEMAS / "strip-1.json").read_text()))
    return document["reports"]


def test_what_was_kept_is_exit_0(labelled, genlabel):
    shutil.copytree("out", "public")
    answer = genlabel("strip-check", "public", "--against", "out", "--format", "json")
    assert answer.status == 0
    assert {each["marks"]["manifest"] for each in fates(answer)} == {"kept"}


def test_what_was_stripped_is_exit_1_and_named(labelled, genlabel):
    answer = genlabel("strip-check", "site/b.png", "--against", "out/b.png", "--format", "json")
    assert answer.status == 1
    (report,) = fates(answer)
    assert report["marks"]["manifest"] == "lost"
    assert report["pixels"]["change"] == "metadata-only"
    assert any("caBX" in block for block in report["lost_blocks"])


def test_only_the_required_marks_decide(labelled, genlabel):
    words = ("strip-check", "site/b.png", "--against", "out/b.png", "--require")
    assert genlabel(*words, "manifest").status == 1
    assert genlabel(*words, "iim").status == 1
    answer = genlabel(*words, "manifesto")
    assert answer.status == 2
    assert "names no marks" in answer.err
    from PIL import Image

    with Image.open("out/b.png") as image:
        image.save("kept.png", exif=image.getexif())
    words = ("strip-check", "kept.png", "--against", "out/b.png", "--require")
    assert genlabel(*words, "exif").status == 0
    assert genlabel(*words, "exif,iptc").status == 1


def test_another_date_is_no_other_statement(studio, genlabel):
    """Publication writes dates of its own; what the marks say beside it is compared."""
    Path("label.toml").write_text('history = "captured"\ncreated = 2026-01-02T03:04:05Z\n')
    assert genlabel("sign", "cat.png", "-o", "out.png", "--label", "label.toml").status == 0
    signed = Path("out.png").read_bytes()
    Path("published.png").write_bytes(
        signed.replace(b"2026-01-02T03:04:05", b"2026-01-09T03:04:05")
    )
    assert Path("published.png").read_bytes() != signed
    (report,) = fates(
        genlabel("strip-check", "published.png", "--against", "out.png", "--format", "json")
    )
    assert (report["marks"]["iptc"], report["marks"]["manifest"]) == ("kept", "broken")


def test_an_original_that_was_not_published_has_lost_everything(labelled, genlabel):
    shutil.copytree("out", "public")
    Path("public/a.jpg").unlink()
    answer = genlabel("strip-check", "public", "--against", "out", "--format", "json")
    assert answer.status == 1
    (missing,) = [each for each in fates(answer) if each["path"] is None]
    assert missing["against"] == str(Path("out/a.jpg"))
    assert missing["marks"]["manifest"] == "lost"
    assert [each["code"] for each in missing["findings"]] == ["genlabel.strip.unpublished"]
    lines = genlabel("strip-check", "public", "--against", "out").out.splitlines()
    at = lines.index(str(Path("out/a.jpg")))
    assert "the original has no published file" in lines[at + 1]
    assert len(lines) == at + 2 or not lines[at + 2].startswith(" ")


def test_what_was_not_compared_is_said_once(studio, genlabel):
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect {}/></svg>'
    Path("a.svg").write_text(drawing.format('width="5"'))
    assert genlabel("sign", "a.svg", "-o", "out/", "--generated").status == 0
    Path("b.svg").write_text(drawing.format('width="4"'))
    answer = genlabel("strip-check", "b.svg", "--against", "out/a.svg")
    assert answer.out.count("compared") == 1
    assert "undecodable: drawing" in answer.out


def test_alone_it_says_which_marks_are_there(labelled, genlabel):
    answer = genlabel("strip-check", "out/b.png", "--format", "json")
    (report,) = fates(answer)
    assert (report["against"], report["marks"]["manifest"]) == (None, "kept")
    assert genlabel("strip-check", "site/b.png", "--require", "manifest").status == 1


@pytest.mark.parametrize(
    "words",
    [
        ("strip-check", "site", "--against", "nowhere"),
        ("strip-check", "site", "--against", "site/notes.txt"),
        ("strip-check", "nowhere.png", "--against", "out"),
    ],
)
def test_pairs_that_cannot_be_made_are_exit_2(labelled, genlabel, words):
    assert genlabel(*words).status == 2


def test_an_empty_path_is_an_unset_variable_and_not_the_directory_here(labelled, genlabel):
    answer = genlabel("strip-check", "site", "--against", "")
    assert (answer.status, answer.out) == (2, "")
    assert "an empty path" in answer.err
    assert genlabel("strip-check", "site/b.png", "--against", "out").status != 2


def test_a_file_finds_its_original_in_a_directory_and_no_other_is_missed(labelled, genlabel):
    shutil.copy("out/b.png", "b-300x200.3f9a1c.png")
    words = ("strip-check", "b-300x200.3f9a1c.png", "--against", "out", "--format", "json")
    (report,) = fates(genlabel(*words))
    assert (report["against"], report["matched_by"]) == (str(Path("out/b.png")), "content-hash")
    assert report["marks"]["manifest"] == "kept"


def test_several_published_files_may_have_one_original(labelled, genlabel):
    Path("public").mkdir()
    for name in ("b.png", "b@2x.png", "b-640w.png"):
        shutil.copy("out/b.png", Path("public", name))
    named = genlabel("strip-check", "public", "--against", "out/b.png", "--format", "json")
    assert [each["matched_by"] for each in fates(named)] == ["argument"] * 3
    answer = genlabel("strip-check", "public", "--against", "out", "--format", "json")
    judged = [each for each in fates(answer) if each["path"] is not None]
    assert {each["against"] for each in judged} == {str(Path("out/b.png"))}
    missing = [each["against"] for each in fates(answer) if each["path"] is None]
    assert str(Path("out/b.png")) not in missing
    assert str(Path("out/a.jpg")) in missing


def test_a_renamed_file_is_known_by_its_manifest_or_by_an_identifier_that_survived(
    labelled, genlabel
):
    Path("public").mkdir()
    shutil.copy("out/b.png", "public/renamed.png")
    answer = genlabel("strip-check", "public", "--against", "out", "--format", "json")
    (report,) = [each for each in fates(answer) if each["path"] is not None]
    assert (report["against"], report["matched_by"]) == (str(Path("out/b.png")), "manifest")
    shown = genlabel("strip-check", "public", "--against", "out").out
    assert f"{Path('out/b.png')} (by its manifest)" in shown
    page = genlabel("strip-check", "public", "--against", "out", "--format", "html").out
    assert f"{Path('out/b.png')} (by its manifest)" in page

    from PIL import Image

    with Image.open("out/a.jpg") as image:
        packet = image.info["xmp"]
        image.save("public/renamed.png", "PNG")
        image.save("public/renamed.jpg", "JPEG", xmp=packet)
    Path("public/renamed.png").unlink()
    answer = genlabel("strip-check", "public", "--against", "out", "--format", "json")
    (report,) = [each for each in fates(answer) if each["path"] is not None]
    assert (report["against"], report["matched_by"]) == (str(Path("out/a.jpg")), "instance")


def test_a_renamed_and_stripped_file_is_known_by_its_picture(labelled, genlabel):
    from PIL import Image

    from genlabel import testing

    Path("public").mkdir()
    Path("hills.jpg").write_bytes(testing.picture("jpeg", size=(320, 240), quality=95))
    assert genlabel("sign", "hills.jpg", "-o", "out", "--generated", "-q").status == 0
    for seed in range(2, 8):
        Path(f"out/other{seed}.png").write_bytes(testing.picture("png", size=(320, 240), seed=seed))
    with Image.open("out/hills.jpg") as image:
        image.resize((image.width * 3 // 4, image.height * 3 // 4)).save("public/renamed.webp")
    answer = genlabel("strip-check", "public", "--against", "out", "--format", "json")
    (report,) = [each for each in fates(answer) if each["path"] is not None]
    assert (report["against"], report["matched_by"]) == (str(Path("out/hills.jpg")), "picture")
    assert report["marks"]["manifest"] == "lost"
    Path("public/renamed.webp").write_bytes(
        testing.picture("webp", size=(320, 240), seed=31, quality=90)
    )
    answer = genlabel("strip-check", "public", "--against", "out", "--format", "json")
    (report,) = [each for each in fates(answer) if each["path"] is not None]
    assert (report["against"], report["matched_by"]) == (None, None)


def test_an_original_that_is_shown_as_a_whole_is_nearer_than_one_of_which_a_part_is(
    labelled, genlabel
):
    from PIL import Image

    from genlabel import testing

    Path("public").mkdir()
    Path("hills.jpg").write_bytes(testing.picture("jpeg", size=(640, 480), quality=95))
    with Image.open("hills.jpg") as image:
        image.crop((60, 40, 540, 400)).save("part.jpg", quality=95)
    assert genlabel("sign", "hills.jpg", "part.jpg", "-o", "both/", "--generated").status == 0
    with Image.open("both/part.jpg") as image:
        image.resize((240, 180)).save("public/renamed.webp")
    answer = genlabel("strip-check", "public", "--against", "both", "--format", "json")
    (report,) = [each for each in fates(answer) if each["path"] is not None]
    assert (report["against"], report["matched_by"]) == (str(Path("both/part.jpg")), "picture")


def test_of_many_originals_that_of_which_a_part_was_published_is_found(labelled, genlabel):
    from PIL import Image

    from genlabel import testing

    Path("public").mkdir()
    Path("hills").mkdir()
    for seed in range(40):
        picture = testing.picture("png", size=(320, 240), seed=seed)
        Path(f"hills/{seed:02}.png").write_bytes(picture)
    for seed in (3, 17, 29):
        with Image.open(f"hills/{seed:02}.png") as image:
            image.crop((0, 0, 270, 190)).save(f"public/renamed-{seed:02}.webp", quality=80)
    answer = genlabel("strip-check", "public", "--against", "hills", "--format", "json")
    found = [each for each in fates(answer) if each["path"] is not None]
    assert [(Path(each["against"]).name, each["pixels"]["change"]) for each in found] == [
        ("03.png", "converted"),
        ("17.png", "converted"),
        ("29.png", "converted"),
    ]
    assert all("cropped" in each["pixels"]["relations"] for each in found)


def test_of_one_picture_in_two_formats_the_one_whose_pixels_it_has_is_the_original(
    labelled, genlabel
):
    from PIL import Image

    from genlabel import testing

    Path("public").mkdir()
    Path("hills.jpg").write_bytes(testing.picture("jpeg", size=(320, 240), quality=95))
    with Image.open("hills.jpg") as image:
        image.resize((640, 480)).resize((320, 240)).save("hills.png")
    assert genlabel("sign", "hills.jpg", "hills.png", "-o", "both/", "--generated").status == 0
    shutil.copy("hills.jpg", "public/one.jpg")
    shutil.copy("hills.png", "public/two.png")
    answer = genlabel("strip-check", "public", "--against", "both", "--format", "json")
    found = {each["path"]: each["against"] for each in fates(answer)}
    assert found == {
        str(Path("public/one.jpg")): str(Path("both/hills.jpg")),
        str(Path("public/two.png")): str(Path("both/hills.png")),
    }


def test_two_originals_that_fit_equally_stop_that_file_alone(labelled, genlabel):
    from PIL import Image

    Path("public").mkdir()
    Path("originals").mkdir()
    for name in ("b.png", "c.png"):
        shutil.copy("out/b.png", Path("originals", name))
    shutil.copy("out/b.png", "originals/b.tiff")
    shutil.copy("out/a.jpg", "originals/c.jpg")
    with Image.open("out/b.png") as image:
        image.save("public/b.webp")
        image.save("public/c.webp")
    answer = genlabel("strip-check", "public", "--against", "originals", "--format", "json")
    assert answer.status == 2
    by_path = {each["path"]: each for each in fates(answer)}
    unclear = by_path[str(Path("public/b.webp"))]
    assert "several originals could be its own" in unclear["error"]["message"]
    assert by_path[str(Path("public/c.webp"))]["against"] == str(Path("originals/c.png"))
    missed = [each["against"] for each in fates(answer) if each["path"] is None]
    assert missed == [str(Path("originals/c.jpg"))]


def test_a_file_without_an_original_in_the_directory_says_that_one_was_looked_for(
    labelled, genlabel
):
    from genlabel import testing

    Path("public").mkdir()
    Path("public/stranger.png").write_bytes(testing.picture("png", size=(320, 240), seed=31))
    words = ("strip-check", "public", "--against", "out", "--format", "json")
    (report,) = [each for each in fates(genlabel(*words)) if each["path"] is not None]
    said = [each["explanation"] for each in report["findings"]]
    assert any(each.startswith("no original was found for it") for each in said)
    (python,) = [
        each
        for each in genlabel_module.strip_check_files(["public"], against="out")
        if each.path is not None
    ]
    assert [each.explanation for each in python.findings] == said
    (alone,) = fates(genlabel("strip-check", "public/stranger.png", "--format", "json"))
    said = [each["explanation"] for each in alone["findings"]]
    assert any(each.startswith("there is no original") for each in said)


def test_another_picture_has_no_cause_and_an_address_is_not_fetched(labelled, genlabel):
    from genlabel import testing

    Path("stranger.png").write_bytes(testing.picture("png", size=(320, 240), seed=31))
    genlabel("sign", "stranger.png", "-o", "labelled.png", "--generated")
    Path("other.png").write_bytes(testing.picture("png", size=(320, 240), seed=32))
    answer = genlabel("strip-check", "other.png", "--against", "labelled.png", "--format", "json")
    (report,) = fates(answer)
    assert (report["pixels"]["change"], report["cause"], report["advice"]) == ("another", None, [])
    answer = genlabel("strip-check", "other.png", "--against", "http://127.0.0.1:9/a.png")
    assert answer.status == 2
    assert "an address is not fetched" in answer.err


def test_where_the_search_for_an_original_was_ended_that_file_alone_is_an_error():
    trouble = Trouble(kind="ChildProcessError", message="SIGKILL", remedy="fewer jobs need less")
    pair = Pair(published=Path("a.png"), original=None, trouble=trouble)
    with pytest.raises(
        GenlabelError, match=r"(?m)a\.png: its original could not be looked for"
    ) as it:
        pairing.settled(pair)
    assert it.value.remedy == "fewer jobs need less"


def test_an_original_that_cannot_be_read_is_named(labelled, genlabel):
    Path("half").mkdir()
    Path("half/b.png").write_bytes(Path("out/b.png").read_bytes()[:-20])
    Path("public").mkdir()
    shutil.copy("site/b.png", "public/b.png")
    for published in ("public/b.png", "public"):
        answer = genlabel("strip-check", published, "--against", "half", "--format", "json")
        assert answer.status == 2
        (report,) = fates(answer)
        assert report["error"]["message"].startswith(f"{Path('half/b.png')}: png: ")
        assert report["path"] == str(Path("public/b.png"))


def test_inspect_shows_blocks_marks_and_traces_and_judges_nothing(labelled, genlabel):
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    texts = PngInfo()
    texts.add_text("parameters", "a cat\nSteps: 20, Seed: 1\x1b[31m")
    with Image.open("cat.png") as image:
        image.save("traced.png", pnginfo=texts)
    answer = genlabel("inspect", "traced.png", "out/b.png", "--format", "json")
    assert answer.status == 0
    document = json.loads(answer.out)
    jsonschema.validate(document, json.loads((SCHEMAS / "inspect-1.json").read_text()))
    traced, labelled_one = document["reports"]
    (trace,) = [each for each in traced["traces"] if "parameters" in each["where"]]
    assert trace["value"].startswith("a cat\nSteps: 20")
    assert labelled_one["manifest"]["actions"] == ["c2pa.created"]
    shown = genlabel("inspect", "traced.png").out
    assert "\x1b" not in shown
    assert "text parameters" in shown
    assert genlabel("inspect", "site/notes.txt").status == 2


def test_inspect_reads_the_configuration_and_takes_the_trust_options(labelled, genlabel):
    known = "'Acme Studio', known to you by"
    assert known in genlabel("inspect", "out/b.png", "--trust", "keys/anchors.pem").out
    assert "on none of your trust lists" in genlabel("inspect", "out/b.png", "--no-config").out
    answer = genlabel("inspect", "out/b.png")
    assert "configuration from" in answer.err
    (signer,) = [line for line in answer.out.splitlines() if line.startswith("  signer")]
    assert signer in genlabel("verify", "out/b.png").out
    assert "on none of your trust lists" not in signer
    assert "inchangée" in genlabel("inspect", "out/b.png", "--lang", "fr").out


def test_places_and_serial_numbers_are_named(studio, genlabel):
    from PIL import Image

    with Image.open("site/a.jpg") as image:
        exif = image.getexif()
        exif.get_ifd(0x8769)[0xA431] = "SN-12345"
        exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 30.0, 0.0)})
        image.save("placed.jpg", exif=exif)
    shown = genlabel("sign", "placed.jpg", "--captured", "-o", "x.jpg", "--show-public").out
    assert "SN-12345" in shown
    assert "exif GPS" in shown
    assert "52" not in shown.split("exif GPS")[1].splitlines()[0]


def test_originals_that_are_not_there_end_the_run_with_one_sentence(labelled, genlabel):
    answer = genlabel("strip-check", "site/a.jpg", "site/b.png", "--against", "nowhere")
    assert answer.status == 2
    assert answer.err.count("nowhere") == 1


def test_a_stream_has_no_original_in_a_directory(labelled, process):
    picture = Path("out/b.png").read_bytes()
    answer = process(("strip-check", "-", "--against", "out"), stdin=picture)
    assert answer.returncode == 2
    assert b"-: has no name" in answer.stderr
    alone = process(("strip-check", "-", "--against", "out/b.png"), stdin=picture)
    assert alone.returncode == 0


def test_no_file_is_its_own_original(labelled, genlabel):
    """What lies in both folders is an original where it lies below what was published."""
    for words in (("out", "--against", "out"), ("out/sub/c.webp", "--against", "out/sub")):
        answer = genlabel("strip-check", *words)
        assert (answer.status, answer.out) == (2, "")
        assert "c.webp is the original itself" in answer.err or words[0] == "out"

    named = genlabel("strip-check", "out/b.png", "--against", "out")
    assert (named.status, named.out) == (2, "")  # and not compared with the others
    Path("link.png").symlink_to("out/b.png")  # a file that is published like any other
    (linked,) = fates(genlabel("strip-check", "link.png", "--against", "out", "--format", "json"))
    assert linked["against"] == str(Path("out/b.png"))
    assert linked["pixels"]["change"] == "identical"

    Path("out/small").mkdir()
    shutil.copy("site/b.png", "out/small/b-300x200.png")
    words = ("--format", "json", "--against")
    (alone,) = fates(genlabel("strip-check", "out/small/b-300x200.png", *words, "out"))
    assert alone["against"].endswith("b.png")
    assert alone["matched_by"] == "size-suffix"
    originals = sum(each.is_file() for each in Path("out").rglob("*")) - 1
    within = fates(genlabel("strip-check", "out/small", *words, "out"))
    assert len(within) == originals  # each of them once, and the small one with its own

    shutil.copytree("site", "all/public")
    shutil.copytree("out", "all/labelled")
    around = fates(genlabel("strip-check", "all", *words, "all/labelled"))
    assert {Path(each["path"]).parts[1] for each in around if each["path"]} == {"public"}
    python = list(genlabel_module.strip_check_files(["all"], against="all/labelled"))
    assert [each.path for each in python] == [each["path"] for each in around]


def test_an_original_without_a_label_is_a_warning_and_a_labelled_one_none(labelled, genlabel):
    words = ("strip-check", "site/b.png", "--format", "json", "--against")
    shutil.copy("site/b.png", "unlabelled.png")
    answer = genlabel(*words, "unlabelled.png")
    (report,) = fates(answer)
    assert answer.status == 0
    assert [(each["code"], each["severity"]) for each in report["findings"]] == [
        ("genlabel.label.absent", "warning")
    ]
    assert genlabel(*words, "unlabelled.png", "--fail-on", "warning").status == 1
    (report,) = fates(genlabel(*words, "out/b.png"))
    assert all(each["code"] != "genlabel.label.absent" for each in report["findings"])
