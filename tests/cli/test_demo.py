"""Sample files: written whole or not at all, the same every time, and all of them can be signed."""

from __future__ import annotations

import pytest

from genlabel import testing
from genlabel.model.errors import ConfigurationError
from genlabel.pixels.samples import samples


def test_samples_are_the_same_every_time_and_stay_where_they_are(tmp_path):
    first = testing.samples(tmp_path / "studio")
    times = [path.stat().st_mtime_ns for path in first]
    assert dict(samples()) == {
        path.relative_to(tmp_path / "studio").as_posix(): path.read_bytes() for path in first
    }
    assert testing.samples(tmp_path / "studio") == first
    assert [path.stat().st_mtime_ns for path in first] == times


def test_somebody_elses_file_is_not_replaced_and_nothing_is_written_then(tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"mine")
    with pytest.raises(ConfigurationError, match=r"photo\.jpg"):
        testing.samples(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]
    assert (tmp_path / "photo.jpg").read_bytes() == b"mine"


def test_with_keys_every_sample_can_be_signed_and_verified_as_it_stands(
    genlabel, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    answer = genlabel("demo", "studio", "--keys", "--organisation", "Acme Museum")
    assert answer.status == 0, answer.err
    assert "cd studio" in answer.err
    monkeypatch.chdir(tmp_path / "studio")
    words = ("sign", ".", "-o", "labelled", "--captured", "--include", "archive/*")
    answer = genlabel(*words, "--include", "more", "-q")
    assert answer.status == 0, answer.err
    assert genlabel("verify", "labelled", "-q").status == 0
    names = {path.suffix for path in (tmp_path / "studio/labelled").rglob("*") if path.is_file()}
    assert names == {".gif", ".wav", ".svg", ".tif", ".jpg", ".JPG"}
    assert "'Acme Museum'" in genlabel("verify", "labelled").out


def test_keys_that_are_there_are_not_made_again(genlabel, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert genlabel("demo", ".", "--keys").status == 0
    key = (tmp_path / "keys/signing.key").read_bytes()
    assert genlabel("demo", ".", "--keys").status == 2
    assert (tmp_path / "keys/signing.key").read_bytes() == key
    assert genlabel("demo", ".").status == 0


def test_a_file_is_no_place_for_samples_and_the_folder_where_one_stands_is(
    genlabel, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cat.txt").write_text("mine")
    answer = genlabel("demo", "cat.txt")
    assert answer.status == 2
    assert "cat.txt: is a file\nhint: name a folder" in answer.err
    assert "go there" not in genlabel("demo", ".").err
    assert "go there: cd studio" in genlabel("demo", "studio").err
