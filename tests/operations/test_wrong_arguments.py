"""Arguments that are no such thing: told in one sentence, before anything is done."""

from __future__ import annotations

import io
import os
from datetime import timedelta

import pytest

import genlabel
from genlabel import (
    ConfigurationError,
    Label,
    Labeller,
    Producer,
    SignOptions,
    Trust,
    VerifyOptions,
    testing,
)

PICTURE = testing.picture("png", size=(16, 16))
LABEL = Label.generated(producer=Producer("Acme Studio"))


@pytest.mark.parametrize(
    ("options", "sentence", "remedy"),
    [
        ({"existing": "wrapp"}, "existing: 'wrapp' is none of its values", "wrap, keep, replace"),
        ({"stamp": "never"}, "stamp: 'never' is none of its values", "required, preferred"),
        ({"sidecar": True, "marks": ["xx"]}, "marks: 'xx' is none of its values", "manifest, iptc"),
        ({"sidecar": True, "marks": "iptc"}, "marks: 'iptc' is no list", "['iptc']"),
        ({"media_type": "image/gif"}, "gif: not a format to save in", "png, jpeg"),
    ],
)
def test_a_value_that_an_option_does_not_have(signer, options, sentence, remedy):
    with pytest.raises(ConfigurationError) as refused:
        genlabel.sign(_image(), LABEL, signer, **options)
    assert sentence in str(refused.value)
    assert remedy in refused.value.remedy


def _image():
    from PIL import Image

    return Image.new("RGB", (8, 8))


@pytest.mark.parametrize(
    "options",
    [
        {"policy": 3},
        {"expiring": 3},
        {"options": {"trust": None}},
        {"options": SignOptions()},
        {"trsut": None},
    ],
    ids=" ".join,
)
def test_what_is_no_option_of_verifying_is_a_type_error(options):
    with pytest.raises(TypeError, match=r"is no |options"):
        genlabel.verify(PICTURE, **options)


@pytest.mark.parametrize(
    "options",
    [
        {"identity": 3},
        {"media_type": 3},
        {"media_type": None},
        {"save": ["quality"]},
        {"remote_url": 3},
        {"ocsp": "yes"},
        {"sidecar": None},
        {"dry_run": 1},
        {"options": VerifyOptions()},
        {"format": "png", "media_type": "image/png"},
    ],
    ids=" ".join,
)
def test_what_is_no_option_of_signing_is_a_type_error(signer, options):
    with pytest.raises(TypeError, match="is no "):
        genlabel.sign(PICTURE, LABEL, signer, **options)


@pytest.mark.parametrize("name", ["media_type", "save"])
def test_how_an_image_is_encoded_is_not_asked_where_none_is(signer, tmp_path, name):
    path = tmp_path / "cat.png"
    path.write_bytes(PICTURE)
    options = {name: {"media_type": "image/webp", "save": {"quality": 9}}[name]}
    for call in (
        lambda: genlabel.sign(PICTURE, LABEL, signer, **options),
        lambda: genlabel.sign_file(path, LABEL, signer, in_place=True, **options),
        lambda: genlabel.sign_files([path], LABEL, signer, in_place=True, **options),
    ):
        with pytest.raises(ConfigurationError, match=f"{name}: only a PIL image") as refused:
            call()
        assert refused.value.remedy == f"leave {name}= out"
    assert path.read_bytes() == PICTURE
    # what is the same for many calls may fit some of them only
    assert genlabel.sign(PICTURE, LABEL, signer, options=SignOptions(**options)).report
    assert genlabel.sign(_image(), LABEL, signer, media_type="image/webp").data[8:12] == b"WEBP"


@pytest.mark.parametrize("name", ["overwrite", "fsync", "dry_run"])
def test_how_files_are_written_is_not_asked_where_none_is(signer, name):
    with pytest.raises(ConfigurationError, match=f"{name}: nothing is written here"):
        genlabel.sign(PICTURE, LABEL, signer, **{name: True})


def test_a_result_that_is_there_already_names_the_keyword(signer, tmp_path):
    path, there = tmp_path / "cat.png", tmp_path / "out.png"
    path.write_bytes(PICTURE)
    there.write_bytes(b"mine")
    with pytest.raises(FileExistsError, match=r"overwrite=True \(--overwrite\)"):
        genlabel.sign_file(path, LABEL, signer, out=there)
    with pytest.raises(ConfigurationError, match="exists already") as refused:
        genlabel.sign_files([path], LABEL, signer, out=there)
    assert "overwrite=True" in refused.value.remedy
    assert "--overwrite" in refused.value.remedy
    assert there.read_bytes() == b"mine"


def test_a_label_and_a_signer_that_are_none(signer):
    with pytest.raises(TypeError, match=r"label: 'generated' is no Label"):
        genlabel.sign(PICTURE, "generated", signer)
    with pytest.raises(TypeError, match="signer: str is no Signer"):
        genlabel.sign(PICTURE, LABEL, "keys/signing.key")


def test_options_take_the_convenient_forms_that_keywords_take(authority, signer, tmp_path):
    (tmp_path / "anchors.pem").write_bytes(authority.anchors)
    options = VerifyOptions(trust=tmp_path / "anchors.pem", policy="labelled", expiring=None)
    signed = genlabel.sign(PICTURE, LABEL, signer)
    assert genlabel.verify(signed.data, options=options).findings == ()
    old = Trust(max_age=timedelta(days=1))
    assert VerifyOptions(trust=old).trust is old
    labeller = Labeller(signer=signer, trust=authority.anchors, existing="keep")
    assert genlabel.sign(signed.data, LABEL, signer, options=labeller).outcome == "unchanged"


def test_marks_that_are_required_are_marks(signer):
    signed = genlabel.sign(PICTURE, LABEL, signer).data
    with pytest.raises(ConfigurationError, match="require: 'manifst' is none"):
        genlabel.strip_check(PICTURE, against=signed, require=["manifst"])
    with pytest.raises(ConfigurationError, match="require: 'iptc' is no list"):
        genlabel.strip_check(PICTURE, against=signed, require="iptc")
    assert genlabel.strip_check(PICTURE, against=signed, require=["iptc"]).worst() == "error"


def test_inspect_takes_no_other_words():
    with pytest.raises(TypeError, match="'policy' is no keyword here"):
        genlabel.inspect(PICTURE, policy=None)


@pytest.mark.parametrize("one", ["a.png", b"a.png"])
def test_one_path_where_several_are_wanted_is_not_walked_letter_by_letter(signer, one):
    with pytest.raises(TypeError, match="is one path"):
        list(genlabel.verify_files(one))
    with pytest.raises(TypeError, match="is one path"):
        list(genlabel.sign_files(one, LABEL, signer, in_place=True))


def test_files_that_give_no_bytes(tmp_path):
    path = tmp_path / "cat.png"
    path.write_bytes(PICTURE)
    closed = io.BytesIO(PICTURE)
    closed.close()
    with path.open(encoding="latin-1") as text, pytest.raises(TypeError, match="TextIOWrapper"):
        genlabel.verify(text)
    with pytest.raises(TypeError, match="cannot be read"):
        genlabel.verify(closed)
    with pytest.raises(FileNotFoundError):
        genlabel.verify("cat\0.png")
    (report,) = genlabel.verify_files(["cat\0.png"])
    assert report.error is not None


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_a_name_that_is_no_text_can_be_signed(signer, tmp_path):
    path = tmp_path / os.fsdecode(b"a\xff.png")
    path.write_bytes(PICTURE)
    assert genlabel.sign_file(path, LABEL, signer, in_place=True).outcome == "signed"


def test_an_image_whose_exif_is_junk_is_told(signer):
    image = _image()
    image.info["exif"] = b"junk"
    with pytest.raises(ConfigurationError, match="cannot be saved"):
        genlabel.sign(image, LABEL, signer)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize("jobs", [1, 4])
def test_two_names_of_one_file_are_refused_before_anything_is_signed(signer, tmp_path, jobs):
    path, link = tmp_path / "a.png", tmp_path / "b.png"
    path.write_bytes(PICTURE)
    link.symlink_to(path)
    with pytest.raises(ConfigurationError, match="is the same file as"):
        list(genlabel.sign_files([path, link], LABEL, signer, in_place=True, jobs=jobs))
    assert path.read_bytes() == PICTURE


@pytest.mark.parametrize(
    ("call", "kind", "said"),
    [
        (lambda: genlabel.strip_check(PICTURE, max_pixels="x"), TypeError, "max_pixels: 'x' is no"),
        (lambda: genlabel.strip_check(PICTURE, max_pixels=0), TypeError, "max_pixels: 0 is no"),
        (
            lambda: genlabel.strip_check(PICTURE, allow_unlabelled="no"),
            TypeError,
            "'no' is no bool",
        ),
        (lambda: genlabel.explain(PICTURE, lang=3), ConfigurationError, "3: no language"),
        (lambda: genlabel.new_keys(3), genlabel.CredentialError, "3: an organisation's name is"),
        (lambda: genlabel.new_keys("A", lifetime=3), genlabel.CredentialError, "3: no lifetime"),
        (lambda: genlabel.new_keys("A", algorithm=3), genlabel.CredentialError, "3: not a sign"),
        (
            lambda: genlabel.new_keys("A", tsa=True, algorithm="es384"),
            ConfigurationError,
            "algorithm: says nothing of a time-stamping authority",
        ),
        (lambda: genlabel.Identity("keys/identity.key"), TypeError, "signer: str is no Signer"),
        (lambda: Labeller(signer="keys/signing.key"), TypeError, "signer: str is no Signer"),
    ],
    ids=range(10),
)
def test_the_other_functions_check_theirs_before_they_do_anything(
    call, kind, said, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(kind, match=said):
        call()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "wrong", [{"jobs": "many"}, {"jobs": 0}, {"trust": 3}, {"nonsense": 1}], ids=str
)
@pytest.mark.parametrize("function", [genlabel.verify_files, genlabel.strip_check_files])
def test_iterators_of_reports_check_their_arguments_when_they_are_called(function, wrong):
    with pytest.raises((ConfigurationError, TypeError)):
        function(["cat.png"], **wrong)
    with pytest.raises((ConfigurationError, TypeError)):
        genlabel.strip_check_files(["cat.png"], require="nonsense")


@pytest.mark.parametrize(
    "path", [b"cat.png", None, 3, io.BytesIO(b"")], ids=lambda path: type(path).__name__
)
def test_what_is_no_path_is_told_which_function_takes_it(signer, tmp_path, path):
    out = tmp_path / "out.png"
    for call in (
        lambda: genlabel.verify_file(path),
        lambda: genlabel.inspect_file(path),
        lambda: genlabel.explain_file(path),
        lambda: genlabel.strip_check_file(path or 3),
        lambda: genlabel.sign_file(path, LABEL, signer, out=out),
        lambda: genlabel.stamp_file(path, "http://tsa.example", out=out),
        lambda: genlabel.mark_file(path, out=out, words="ai"),
    ):
        with pytest.raises(TypeError, match=r"no path; give a str or a pathlib\.Path"):
            call()


@pytest.mark.parametrize("name", [".", "folder"])
def test_a_folder_in_place_of_a_file_is_named(signer, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    for call in (
        lambda: genlabel.verify_file(name),
        lambda: genlabel.verify(name),
        lambda: genlabel.strip_check_file(name),
        lambda: genlabel.sign(name, LABEL, signer),
        lambda: genlabel.sign_file(name, LABEL, signer, out="out.png"),
        lambda: genlabel.sign_file(name, LABEL, signer, in_place=True),
    ):
        with pytest.raises(IsADirectoryError) as refused:
            call()
        assert refused.value.filename == name
    assert list(tmp_path.iterdir()) == [tmp_path / "folder"]


def test_pixels_without_a_file_are_told_apart(signer):
    class Array:
        def __array__(self):
            raise AssertionError

    with pytest.raises(TypeError, match="a PIL image is without its label; give the file"):
        genlabel.verify(_image())
    for call in (genlabel.verify, lambda image: genlabel.sign(image, LABEL, signer)):
        with pytest.raises(TypeError, match="make a PIL image of it for"):
            call(Array())


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: genlabel.verify(PICTURE, trust=3), "trust: int is no Trust, no PEM"),
        (lambda: genlabel.verify(PICTURE, trust=[3]), "trust: int is no Trust, no PEM"),
        (lambda: list(genlabel.verify_files(None)), "paths: NoneType is no list of paths"),
        (lambda: genlabel.signer(None), "signer: NoneType is no URI; give a str such as 'file:"),
        (lambda: genlabel.render("report", "text"), "reports: str is no report"),
        (
            lambda: genlabel.verify(PICTURE, truts=None),
            "'truts' is no keyword here: did you mean",
        ),
        (lambda: genlabel.verify(PICTURE, zzz=None), "'zzz' is no keyword here: choose one of as_"),
    ],
)
def test_what_to_give_instead_is_said(call, sentence):
    with pytest.raises(TypeError) as refused:
        call()
    assert str(refused.value).startswith(sentence)
