"""Assets: everything that can be a picture's file is taken, and nothing else."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from genlabel.model.asset import Asset
from genlabel.storage import asset_of, read_asset

DATA = b"a picture"


@pytest.fixture
def cat(tmp_path: Path) -> Path:
    path = tmp_path / "cat.png"
    path.write_bytes(DATA)
    return path


def test_a_path_is_read_with_the_manifest_beside_it(cat):
    beside = cat.with_name("cat.c2pa")
    beside.write_bytes(b"store")
    for given in (cat, str(cat)):
        asset = asset_of(given)
        assert (bytes(asset.data), asset.name, asset.manifest) == (DATA, "cat.png", b"store")
        assert (asset.path, asset.manifest_path) == (str(cat), beside)


@pytest.mark.parametrize(
    "given", [DATA, bytearray(DATA), memoryview(DATA), memoryview(DATA * 2)[::2], io.BytesIO(DATA)]
)
def test_what_is_in_memory_is_taken_and_has_no_path(given):
    asset = asset_of(given, name="parent")
    wanted = bytes(given) if isinstance(given, memoryview) else DATA
    assert (bytes(asset.data), asset.name, asset.path) == (wanted, "parent", None)


def test_later_changes_to_a_bytearray_change_no_asset():
    given = bytearray(DATA)
    asset = asset_of(given)
    given[:] = b"x" * len(DATA)
    assert asset.data == DATA


def test_an_open_file_is_read_from_where_it_stands_and_keeps_its_name(cat):
    with cat.open("rb") as file:
        file.read(2)
        asset = asset_of(file)
    assert (asset.data, asset.name) == (DATA[2:], "cat.png")


def test_an_asset_is_taken_as_it_is():
    asset = Asset(DATA, name="cat.png", manifest=b"store")
    assert asset_of(asset) is asset


@pytest.mark.parametrize("given", [None, 7, ["cat.png"], io.StringIO("text"), object()])
def test_anything_else_is_refused_and_told_what_is_wanted(given):
    with pytest.raises(TypeError, match=f"^{type(given).__name__}: .*give a path, bytes, a file"):
        asset_of(given)


def test_repr_is_one_line_whatever_the_size():
    assert len(repr(Asset(bytes(100_000), manifest=bytes(100_000)))) < 200


def test_a_missing_file_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_asset(tmp_path / "none.png")
