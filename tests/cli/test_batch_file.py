"""`sign --batch`: a picture a row, each with its own label; a bad row stops itself alone."""

import json
from pathlib import Path

import pytest

import genlabel as api

OUT = ("-o", "out", "--format", "jsonl")


def batch(text: str, name: str = "archive.csv") -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def reports(answer):
    return [json.loads(each) for each in answer.out.splitlines()]


def test_each_row_has_its_own_label(studio, genlabel):
    """What a row does not say, the options and settings do; what it says goes over them."""
    Path("parent.png").write_bytes(Path("cat.png").read_bytes())
    name = batch(
        "path,out,history,title,parent,producer.name,generator.name,rights.creator\n"
        "site/a.jpg,,generated,Ein Titel,,,SDXL,\n"
        '"site/b.png",renamed/b.png,,"two, and ""more""",,,,Ann; Ben\n'
        "cat.png,,edited,,parent.png,Other House,,\n"
    )
    words = ("--generated", "--by", "Acme Studio", "--using", "FLUX.1 [dev]", "--title", "of all")
    answer = genlabel("sign", "--batch", name, *OUT, *words)
    assert answer.status == 0, answer.err
    outputs = [each["output"] for each in reports(answer)]
    assert outputs == ["out/site/a.jpg", "out/renamed/b.png", "out/cat.png"]
    told = [api.verify_file(each, trust="keys/anchors.pem") for each in outputs]
    first, second, third = (each.marks[api.Mark.MANIFEST] for each in told)
    assert (first.title, first.generator, first.producer) == ("Ein Titel", "SDXL", "Acme Studio")
    assert (second.title, second.creator) == ('two, and "more"', ("Ann", "Ben"))
    assert second.generator == "FLUX.1 [dev]"
    assert third.producer == "Other House"
    assert third.title == "of all"
    assert third.source_type.endswith("compositeWithTrainedAlgorithmicMedia")
    assert "3 files: 3 labelled" in answer.err


def test_json_lines_say_the_same_with_lists_and_objects(studio, genlabel):
    rows = (
        {"path": "site/a.jpg", "history": "generated", "generator": {"name": "SDXL"}},
        {"path": "site/b.png", "rights": {"creator": ["Ann", "Ben"]}, "generator.name": None},
    )
    name = batch("\n".join(map(json.dumps, rows)) + "\n\n", "archive.jsonl")
    answer = genlabel("sign", "--batch", name, *OUT, "--generated")
    assert answer.status == 0, answer.err
    first, second = (api.verify_file(each["output"]) for each in reports(answer))
    assert first.marks[api.Mark.MANIFEST].generator == "SDXL"
    assert second.marks[api.Mark.MANIFEST].creator == ("Ann", "Ben")


def test_rows_come_from_standard_input_too(studio, process):
    rows = b'{"path": "site/a.jpg", "out": "one.jpg"}\n{"path": "site/b.png", "out": "two.png"}\n'
    done = process(["sign", "--batch", "-", "--generated"], stdin=rows)
    assert done.returncode == 0, done.stderr.decode()
    assert all(api.verify_file(each).integrity == "intact" for each in ("one.jpg", "two.png"))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("path,titel\ncat.png,x\n", ("line 1: titel: unknown", "did you mean title?")),
        ("path,generator\ncat.png,x\n", ("generator: unknown", "did you mean generator.name?")),
        ("path,signer.key\ncat.png,x\n", ("signer.key: unknown",)),
        ("path,title,title\ncat.png,x,y\n", ("two columns are called title",)),
        ("file,title\ncat.png,x\n", ("no column is called path",)),
        ("Path,title\ncat.png,x\n", ("no column is called path", "write Path as path")),
        ('[{"path": "cat.png"},\n{"path": "cat.png"}]\n', ("line 1: no JSON", "no list around")),
        ('{\n"path": "cat.png"\n}\n', ("line 1: no JSON", "no list around")),
        ('path,title\ncat.png,"x\n', ("no CSV",)),
        ("path\n", ("no row",)),
        ('{"path": "cat.png"}\n{"path": "cat.png", "pfad": 1}\n', ("line 2: pfad: unknown",)),
    ],
)
def test_what_is_wrong_with_the_file_ends_the_run_before_anything_is_written(
    studio, genlabel, text, sentences
):
    answer = genlabel("sign", "--batch", batch(text), *OUT, "--generated")
    assert answer.status == 2
    assert not Path("out").exists()
    for each in sentences:
        assert each in answer.err


def test_a_bad_row_stops_itself_alone_and_names_line_and_column(studio, genlabel):
    name = batch(
        "path;out;history;created;prompt;title\n"
        "cat.png;good.png;;;;a title\n"
        "site/a.jpg;;genrated;;;\n"
        "site/a.jpg;;;last week;;\n"
        "site/a.jpg;;captured;;a prompt;\n"
        "site/a.jpg;;\n"
        ";x.png;;;;\n"
        "missing.png;;;;;\n"
        "site/sub;;;;;\n"
        "site/b.png;../b.png;;;;\n"
        '\n"site/b.png";;;;;"of\ntwo lines"\n'
        "site/sub/c.webp;same.webp;;;;\n"
        "site/sub/c.webp;same.webp;;;;\n"
    )
    answer = genlabel("sign", "--batch", name, *OUT, "--generated", "--by", "Acme Studio")
    assert answer.status == 2
    told = reports(answer)
    assert [each["outcome"] for each in told] == ["signed", *["failed"] * 8, "signed",
                                                  "failed", "failed"]  # fmt: skip
    errors = [f"{each['error']['message']} {each['error']['remedy']}" for each in told[1:9]]
    expected = (
        ("line 3, column history", "genrated", "did you mean generated?"),
        ("line 4, column created", "last week"),
        ("line 5", "prompt"),
        ("line 6", "3 cells"),
        ("line 7", "no path"),
        ("missing.png",),
        ("line 9", "directory"),
        ("line 10", "../b.png: leads out of out"),
    )
    for error, words in zip(errors, expected, strict=True):
        assert all(each in error for each in words), error
    assert [each["path"] for each in told[1:3]] == ["site/a.jpg", "site/a.jpg"]
    assert all("both" in each["error"]["message"] for each in told[-2:])
    written = sorted(str(each) for each in Path("out").rglob("*.*"))
    assert written == ["out/good.png", "out/site/b.png"]
    assert "12 files: 2 labelled, 9 refused, 1 failed" in answer.err


def test_rows_in_place_are_left_alone_the_second_time(studio, genlabel):
    name = batch("path,title\nsite/a.jpg,One\nsite/b.png,Two\n")
    words = ("sign", "--batch", name, "--in-place", "--generated", "--jobs", "2")
    assert genlabel(*words, "--format", "jsonl").status == 0
    before = Path("site/a.jpg").read_bytes()
    again = genlabel(*words, "--format", "jsonl")
    assert [each["outcome"] for each in reports(again)] == ["unchanged", "unchanged"]
    assert Path("site/a.jpg").read_bytes() == before
    assert api.verify_file("site/b.png").marks[api.Mark.MANIFEST].title == "Two"


def test_a_row_finds_the_other_normal_form_and_the_base(studio, genlabel):
    Path("site/cafe\u0301.png").write_bytes(Path("cat.png").read_bytes())
    Path("lists").mkdir()
    name = batch("path\nsub/c.webp\ncaf\u00e9.png\n", "lists/all.csv")
    answer = genlabel("sign", "--batch", name, "--base", "site", *OUT, "--generated")
    assert answer.status == 0, answer.err
    assert Path("out/sub/c.webp").is_file()
    assert Path("out/cafe\u0301.png").is_file()


@pytest.mark.parametrize(
    "words", [("cat.png",), ("--include", "*.png"), ("--files-from", "list"), ("--in-place",)]
)
def test_a_batch_and_other_words_on_which_files_exclude_each_other(studio, genlabel, words):
    Path("list").write_text("cat.png\n")
    answer = genlabel("sign", "--batch", batch("path\ncat.png\n"), *OUT, "--generated", *words)
    assert (answer.status, Path("out").exists()) == (2, False)


def test_a_row_is_not_written_to_standard_output(studio, genlabel):
    answer = genlabel("sign", "--batch", batch("path,out\ncat.png,-\n"), "--generated")
    assert answer.status == 2
    assert "archive.csv, line 2: out: a row has no standard output" in answer.out
    assert not Path("-").exists()


def test_steps_of_a_row_are_a_file_or_in_json_lines_the_steps_themselves(genlabel, studio):
    Path("rows.csv").write_text("path,history,steps\ncat.png,edited,cropped\n")
    answer = genlabel("sign", "--batch", "rows.csv", "-o", "out/")
    assert answer.status == 2
    assert "rows.csv, line 2, column steps: 'cropped': no file of steps" in answer.out + answer.err
    Path("cropped.toml").write_text("[[steps]]\naction = 'cropped'\nby = 'human'\n")
    Path("rows.csv").write_text("path,history,steps\ncat.png,edited,cropped.toml\n")
    assert genlabel("sign", "--batch", "rows.csv", "-o", "out/").status == 0
    row = {"path": "cat.png", "history": "edited", "steps": [{"action": "cropped", "by": "human"}]}
    Path("rows.jsonl").write_text(json.dumps(row))
    assert genlabel("sign", "--batch", "rows.jsonl", "-o", "two/").status == 0
