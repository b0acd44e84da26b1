"""Which file beside a picture is its manifest."""

from __future__ import annotations

import pytest

from genlabel import storage
from genlabel.model.errors import MalformedAsset
from genlabel.storage import Recognition, sidecars
from genlabel.storage.assets import UNRECOGNISED
from genlabel.storage.neighbours import Together


def _write(folder, *names):
    for name in names:
        (folder / name).write_bytes(name.encode())


def _read(path, recognition=UNRECOGNISED):
    return sidecars.read_sidecar(path, path.read_bytes(), recognition=recognition)


NAMED = Recognition(
    is_picture=lambda head: b".txt" not in head,
    fits=lambda data, store: bytes(data) in store,
)
"""Each file of these tests holds its name: a manifest names the pictures that it fits."""


def test_the_manifest_of_a_picture_is_called_by_its_stem(tmp_path):
    _write(tmp_path, "cat.png", "catalogue.png")
    place = storage.place_for(tmp_path / "cat.png", recognition=NAMED)
    assert place == tmp_path / "cat.c2pa"
    place.write_bytes(b"cat.png")
    assert _read(tmp_path / "cat.png") == (place, b"cat.png")
    assert storage.place_for(tmp_path / "cat.png", recognition=NAMED) == place


@pytest.mark.parametrize(
    ("beside", "own"),
    [
        (["cat.jpg"], True),
        (["cat"], True),
        (["cat.txt", "cat.xmp", "cat.jpg.xmp", "catalogue.jpg", "cat.jpg.jpg"], False),
        (["cat.c2pa"], True),
        (["cat.png.c2pa"], True),
    ],
)
def test_it_has_the_whole_name_where_that_of_the_stem_could_mean_another(tmp_path, beside, own):
    _write(tmp_path, *beside)
    name = "cat.png.c2pa" if own else "cat.c2pa"
    assert storage.place_for(tmp_path / "cat.png", recognition=NAMED).name == name


def test_a_whole_name_that_is_another_picture_s_stem_is_not_taken(tmp_path):
    _write(tmp_path, "cat.png", "cat.png.jpg")
    place = storage.place_for(tmp_path / "cat.png.jpg", recognition=NAMED)
    assert place.name == "cat.png.jpg.c2pa"


def test_pictures_that_will_stand_there_count(tmp_path):
    paths = [tmp_path / each for each in ("new/cat.png", "new/cat.jpg", "new/dog.png", "cat.gif")]
    among = Together(paths)
    places = [storage.place_for(path, recognition=NAMED, among=among).name for path in paths]
    assert places == ["cat.png.c2pa", "cat.jpg.c2pa", "dog.c2pa", "cat.c2pa"]


def test_both_names_are_read_and_the_whole_one_counts(tmp_path):
    _write(tmp_path, "cat.png", "cat.png.c2pa", "cat.c2pa")
    assert _read(tmp_path / "cat.png") == (tmp_path / "cat.png.c2pa", b"cat.png.c2pa")


def test_one_manifest_of_several_pictures_is_that_of_the_one_that_it_fits(tmp_path):
    _write(tmp_path, "cat.png", "cat.webp")
    (tmp_path / "cat.c2pa").write_bytes(b"cat.png")
    assert _read(tmp_path / "cat.png", NAMED) == (tmp_path / "cat.c2pa", b"cat.png")
    assert _read(tmp_path / "cat.webp", NAMED) == (None, None)
    for name, place in (("cat.png", "cat.c2pa"), ("cat.webp", "cat.webp.c2pa")):
        assert storage.place_for(tmp_path / name, recognition=NAMED).name == place
    assert _read(tmp_path / "cat.png") == (None, None), "nothing fits unless somebody says so"


def test_what_is_no_picture_takes_no_manifest_away(tmp_path):
    _write(tmp_path, "cat.png", "cat.txt")
    (tmp_path / "cat.jpg").mkdir()
    (tmp_path / "cat.c2pa").write_bytes(b"of an earlier cat")
    assert _read(tmp_path / "cat.png", NAMED) == (tmp_path / "cat.c2pa", b"of an earlier cat")
    _write(tmp_path, "cat.gif")
    assert _read(tmp_path / "cat.png", NAMED) == (None, None)


@pytest.mark.parametrize("name", ["cat.c2pa", "dog.png"])
def test_what_has_none_has_none(tmp_path, name):
    _write(tmp_path, "cat.c2pa", "dog.png")
    assert _read(tmp_path / name) == (None, None)


def test_a_directory_of_that_name_is_no_manifest(tmp_path):
    _write(tmp_path, "cat.png")
    for name in ("cat.png.c2pa", "cat.c2pa"):
        (tmp_path / name).mkdir()
    assert _read(tmp_path / "cat.png") == (None, None)


def test_what_is_too_large_is_refused_and_of_several_pictures_nobody_s(tmp_path, monkeypatch):
    _write(tmp_path, "cat.png", "cat.c2pa", "dog.png", "dog.png.c2pa")
    monkeypatch.setattr(sidecars, "MAX_SIDECAR", 7)
    with pytest.raises(MalformedAsset, match=r"cat\.c2pa"):
        _read(tmp_path / "cat.png")
    with pytest.raises(MalformedAsset, match=r"dog\.png\.c2pa"):
        _read(tmp_path / "dog.png")
    _write(tmp_path, "cat.gif")
    assert _read(tmp_path / "cat.png") == (None, None)


def test_a_neighbour_that_comes_at_once_is_seen(tmp_path):
    _write(tmp_path, "cat.png", "cat.c2pa")
    assert _read(tmp_path / "cat.png")[0] is not None
    _write(tmp_path, "cat.gif")
    assert _read(tmp_path / "cat.png")[0] is None


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
