"""The functions: what they take, how options and keywords go together, and the same rule book."""

from __future__ import annotations

import inspect
import io
import warnings
from pathlib import Path

import pytest
from PIL import Image

import genlabel
from genlabel import Asset, Label, Producer, SignOptions, VerifyOptions, testing

LABEL = Label.generated(producer=Producer("Acme Studio"))
FUNCTIONS = [
    getattr(genlabel, name)
    for name in genlabel.__all__
    if inspect.isfunction(getattr(genlabel, name))
    and getattr(genlabel, name).__module__
    in ("genlabel.operations.functions", "genlabel.operations.looking_functions")
]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.__name__)
def test_no_function_takes_more_than_eight_parameters(function):
    assert len(inspect.signature(function).parameters) <= 8
    assert f"{function.__name__}(" in function.__doc__, "an example"


def test_help_on_sign_explains_every_field_of_its_options():
    for name in SignOptions.__dataclass_fields__:
        assert name in genlabel.sign.__doc__, name
    for name in VerifyOptions.__dataclass_fields__:
        assert f"{name}:" in genlabel.verify.__doc__, name


@pytest.mark.parametrize(
    "name", ["sign", "verify", "strip_check", "inspect", "explain", "in_words"]
)
def test_the_example_in_the_docstring_runs(name):
    text = inspect.getdoc(getattr(genlabel, name))
    lines = [line[4:] for line in text.splitlines() if line.startswith("    ")]
    start = next(number for number, line in enumerate(lines) if line.startswith("from genlabel"))
    end = next(n for n in range(start, len(lines)) if lines[n].startswith("assert")) + 1
    exec("\n".join(lines[start:end]), {})


def test_a_path_is_signed_in_memory_and_no_file_is_written(signer, tmp_path):
    path = tmp_path / "cat.png"
    path.write_bytes(testing.picture("png"))
    signed = genlabel.sign(str(path), LABEL, signer)
    assert path.read_bytes() == testing.picture("png")
    assert [each.name for each in tmp_path.iterdir()] == ["cat.png"]
    assert genlabel.verify(io.BytesIO(signed.data)).manifest_id == signed.manifest_id


def test_verify_of_a_path_is_verify_file(signer, tmp_path):
    path = tmp_path / "cat.png"
    path.write_bytes(genlabel.sign(testing.picture("png"), LABEL, signer).data)
    assert genlabel.verify(path) == genlabel.verify_file(path) == genlabel.verify(str(path))
    assert genlabel.verify(path).path == str(path)


def test_a_pil_image_has_a_file_only_when_it_is_signed(signer):
    image = Image.open(io.BytesIO(testing.picture("png")))
    with pytest.raises(TypeError, match="give the file that it was read from"):
        genlabel.verify(image)
    assert genlabel.sign(image, LABEL, signer).report.format_name == "png"


@pytest.mark.parametrize("media_type", ["image/webp", "webp"])
def test_a_media_type_says_what_a_pil_image_becomes(signer, media_type):
    image = Image.open(io.BytesIO(testing.picture("png")))
    assert genlabel.sign(image, LABEL, signer, media_type=media_type).report.format_name == "webp"


def test_the_old_name_of_the_media_type_is_accepted_with_a_warning(signer):
    image = Image.open(io.BytesIO(testing.picture("png")))
    with pytest.warns(DeprecationWarning, match="media_type"):
        signed = genlabel.sign(image, LABEL, signer, format="jpeg")
    assert signed.report.format_name == "jpeg"


def test_a_keyword_goes_before_its_field_in_the_options(signer):
    options = SignOptions(sidecar=True)
    data = testing.picture("png")
    assert genlabel.sign(data, LABEL, signer, options=options).sidecar is not None
    assert genlabel.sign(data, LABEL, signer, options=options, sidecar=False).sidecar is None


def test_an_unknown_keyword_is_refused_and_told_the_others(signer):
    with pytest.raises(TypeError, match=r"'quality' is no keyword here.*media_type"):
        genlabel.sign(testing.picture("png"), LABEL, signer, quality=90)
    with pytest.raises(TypeError, match=r"'tsa' is no keyword here.*policy"):
        genlabel.verify(testing.picture("png"), tsa="http://127.0.0.1/")


def test_options_take_words_for_their_enumerations():
    assert SignOptions(existing="keep", stamp="later") == SignOptions(
        existing=genlabel.Existing.KEEP, stamp=genlabel.Stamp.LATER
    )


def test_an_external_manifest_and_a_name_are_part_of_the_asset(signer, authority):
    data, trust = testing.picture("png"), testing.trust(authority)
    signed = genlabel.sign(Asset(data, name="cat.png"), LABEL, signer, sidecar=True)
    asset = Asset(signed.data, manifest=signed.sidecar)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        old = genlabel.verify(signed.data, trust=trust, sidecar=signed.sidecar)
    assert genlabel.verify(asset, trust=trust) == old
    assert genlabel.sign(asset, LABEL, signer, sidecar=True).outcome == "unchanged"


def test_the_library_applies_the_rule_book_that_the_command_applies():
    def codes(**more):
        return {each.code for each in genlabel.verify(testing.picture("png"), **more).findings}

    assert codes() == codes(policy="labelled") == codes(options=VerifyOptions())
    assert codes() > codes(policy=None)
    assert codes(options=VerifyOptions(policy=None)) == codes(policy=None)


def test_signed_is_one_line_and_reports_what_it_knows(signer):
    signed = genlabel.sign(testing.picture("png"), LABEL, signer)
    assert len(repr(signed)) < 400
    report = signed.reported("cat.png", "out.png")
    assert (report.path, report.output, report.report) == ("cat.png", "out.png", signed.report)
    assert report.outcome is signed.outcome


@pytest.mark.parametrize("name", ["cat.png", "./cat.png", "link.png"])
def test_a_picture_that_is_its_own_output_is_replaced_only_where_that_is_asked_for(
    name, signer, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    data = testing.picture("png")
    Path("cat.png").write_bytes(data)
    Path("link.png").symlink_to("cat.png")
    with pytest.raises(FileExistsError, match="overwrite=True"):
        genlabel.sign_file("cat.png", LABEL, signer, out=name)
    assert Path("cat.png").read_bytes() == data
    genlabel.sign_file("cat.png", LABEL, signer, out=name, overwrite=True)
    assert Path("cat.png").read_bytes() != data


@pytest.mark.parametrize(
    ("source", "out", "told"),
    [
        ("cat.png", "cat.jpg", {".jpg"}),
        ("cat.png", "out.png", set()),
        ("cat.jpg", "out.png", {".jpg"}),
        ("cat.jpg", "out.jpg", {".jpg"}),
        ("cat.png", "cat.label", set()),
    ],
)
def test_an_output_whose_name_promises_another_format_is_told(
    source, out, told, signer, tmp_path, monkeypatch
):
    """Nothing is converted: whoever names a PNG's result cat.jpg has a PNG called so."""
    monkeypatch.chdir(tmp_path)
    Path(source).write_bytes(testing.picture("png"))
    report = genlabel.sign_file(source, LABEL, signer, out=out)
    misled = [each for each in report.findings if each.code == "genlabel.name.misleading"]
    assert {each.where for each in misled} == told
    assert len(misled) == len(told)
    assert {each.explanation for each in misled} <= {"the name says jpeg, the content is png"}
