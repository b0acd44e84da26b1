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


def test_a_second_manifest_is_told_where_it_is_not_the_same(tmp_path):
    _write(tmp_path, "cat.png", "cat.png.c2pa", "cat.c2pa")
    asset = storage.read_asset(tmp_path / "cat.png")
    assert (asset.manifest, asset.other_manifest) == (b"cat.png.c2pa", "cat.c2pa")
    for same in (b"cat.png.c2pa", b"cat.png.c2pa and more", b""):
        (tmp_path / "cat.c2pa").write_bytes(same)
        other = storage.read_asset(tmp_path / "cat.png").other_manifest
        assert other == (None if same == b"cat.png.c2pa" else "cat.c2pa")


def test_the_second_manifest_of_several_pictures_is_nobody_s(tmp_path):
    _write(tmp_path, "cat.png", "cat.png.c2pa", "cat.c2pa", "cat.jpg")
    assert storage.read_asset(tmp_path / "cat.png").other_manifest is None


def test_xmp_files_beside_a_picture_are_found_by_either_name(tmp_path):
    _write(tmp_path, "cat.png", "cat.png.xmp", "cat.xmp", "cat.c2pa", "cat.png.c2pa")
    asset = storage.read_asset(tmp_path / "cat.png")
    assert asset.xmp == {"cat.png.xmp": b"cat.png.xmp", "cat.xmp": b"cat.xmp"}


def test_an_xmp_file_that_could_mean_two_pictures_means_none(tmp_path):
    _write(tmp_path, "cat.png", "cat.dng", "cat.xmp", "cat.dng.xmp")
    assert storage.read_asset(tmp_path / "cat.png").xmp == {}
    assert storage.read_asset(tmp_path / "cat.dng").xmp == {"cat.dng.xmp": b"cat.dng.xmp"}


def test_an_xmp_file_beside_a_manifest_of_the_stem_hides_neither(tmp_path):
    _write(tmp_path, "cat.png", "cat.c2pa", "cat.xmp")
    asset = storage.read_asset(tmp_path / "cat.png")
    assert (asset.manifest, asset.xmp) == (b"cat.c2pa", {"cat.xmp": b"cat.xmp"})


def test_of_a_large_xmp_file_no_more_is_read_than_that(tmp_path, monkeypatch):
    monkeypatch.setattr(sidecars, "MAX_XMP", 3)
    _write(tmp_path, "cat.png", "cat.png.xmp")
    assert storage.read_asset(tmp_path / "cat.png").xmp == {"cat.png.xmp": b"cat"}
