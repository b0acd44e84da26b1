"""Which file beside a picture is its manifest."""

from __future__ import annotations

import pytest

from genlabel import storage
from genlabel.model.errors import MalformedAsset
from genlabel.storage import sidecars


def _write(folder, *names):
    for name in names:
        (folder / name).write_bytes(name.encode())


def test_the_manifest_of_a_picture_has_its_whole_name(tmp_path):
    _write(tmp_path, "cat.png", "cat.png.c2pa", "cat.c2pa")
    assert storage.sidecar_for(tmp_path / "cat.png") == tmp_path / "cat.png.c2pa"
    assert storage.read_sidecar(tmp_path / "cat.png") == (
        tmp_path / "cat.png.c2pa",
        b"cat.png.c2pa",
    )


def test_other_tools_name_it_without_the_suffix(tmp_path):
    _write(tmp_path, "cat.png", "cat.c2pa", "catalogue.png")
    assert storage.read_sidecar(tmp_path / "cat.png") == (tmp_path / "cat.c2pa", b"cat.c2pa")


def test_a_name_that_could_mean_two_pictures_means_none(tmp_path):
    _write(tmp_path, "cat.png", "cat.jpg", "cat.c2pa")
    assert storage.read_sidecar(tmp_path / "cat.png") == (None, None)
    assert storage.read_sidecar(tmp_path / "cat.jpg") == (None, None)


@pytest.mark.parametrize("name", ["cat.c2pa", "dog.png"])
def test_what_has_none_has_none(tmp_path, name):
    _write(tmp_path, "cat.c2pa", "dog.png")
    assert storage.read_sidecar(tmp_path / name) == (None, None)


def test_a_directory_of_that_name_is_no_manifest(tmp_path):
    _write(tmp_path, "cat.png")
    (tmp_path / "cat.png.c2pa").mkdir()
    assert storage.read_sidecar(tmp_path / "cat.png") == (None, None)


def test_what_is_too_large_is_refused(tmp_path, monkeypatch):
    _write(tmp_path, "cat.png", "cat.png.c2pa")
    monkeypatch.setattr(sidecars, "MAX_SIDECAR", 11)
    with pytest.raises(MalformedAsset, match=r"cat\.png\.c2pa"):
        storage.read_sidecar(tmp_path / "cat.png")
