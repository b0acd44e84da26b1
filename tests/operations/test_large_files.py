"""Files that are mapped instead of read come out the same, and nothing of them stays behind."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext

import pytest

from genlabel import formats
from genlabel.formats.format import XMP
from genlabel.manifests.engine import signing
from genlabel.model.errors import SigningError
from genlabel.model.label import Label
from genlabel.model.parties import Generator
from genlabel.model.report import Integrity, Lineage
from genlabel.model.results import Outcome
from genlabel.operations.labeller import Labeller
from genlabel.operations.signing import rewriting
from genlabel.storage import buffers
from genlabel.storage.file_contents import contents
from genlabel.testing import picture
from histories import ACME, MIMES

LABEL = Label.generated(producer=ACME, generator=Generator("ModelX"))
pytestmark = pytest.mark.skipif(os.name == "nt", reason="nothing is mapped on Windows")


@pytest.fixture
def all_is_large(monkeypatch):
    monkeypatch.setattr(buffers, "LARGE", 1)
    monkeypatch.setattr(buffers, "STRIDE", 777)


@pytest.fixture
def desk(signer, trust):
    return Labeller(signer=signer, trust=trust)


@pytest.fixture(params=MIMES)
def path(request, tmp_path):
    made = tmp_path / f"cat.{request.param}"
    made.write_bytes(picture(request.param))
    return made


def test_a_mapped_file_is_labelled_verified_and_left_alone(desk, path, all_is_large):
    assert buffers.is_mapped(contents(path))
    done = desk.sign_file(path, LABEL, in_place=True)
    assert done.outcome is Outcome.SIGNED
    report = desk.verify_file(path)
    assert (report.integrity, report.state.value) == (Integrity.INTACT, "trusted")
    assert report.sha256 is not None
    before = path.read_bytes()
    assert desk.sign_file(path, LABEL, in_place=True).outcome is Outcome.UNCHANGED
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_its_report_is_the_one_of_a_file_that_was_read(desk, path, monkeypatch):
    desk.sign_file(path, LABEL, in_place=True)
    read = desk.verify_file(path)
    monkeypatch.setattr(buffers, "LARGE", 1)
    assert desk.verify_file(path) == read


def test_a_mapped_parent_is_followed(desk, path, tmp_path, all_is_large):
    desk.sign_file(path, LABEL, in_place=True)
    first = desk.verify_file(path).manifest_id
    desk.sign_file(
        path, Label.edited(producer=ACME, generator=Generator("Retoucher")), in_place=True
    )
    report = desk.verify_file(path)
    assert report.lineage is Lineage.INTACT
    assert [each.manifest_id for each in report.ingredients] == [first]


def test_a_sidecar_leaves_a_mapped_file_alone(desk, path, all_is_large):
    before = path.read_bytes()
    desk.sign_file(path, LABEL, sidecar=True)
    assert path.read_bytes() == before
    assert desk.verify_file(path).integrity is Integrity.INTACT


def test_a_lie_about_a_mapped_file_is_noticed(desk, path, all_is_large, monkeypatch):
    before = path.read_bytes()
    for name, way in (("sign", rewriting.by_engine), ("sign_into", nullcontext)):
        honest = getattr(signing, name)

        def lying(*asked, honest=honest, **more):
            signed = bytearray(honest(*asked, **more))
            signed[-20] ^= 1
            return bytes(signed)

        monkeypatch.setattr(signing, name, lying)
        with way(), pytest.raises(SigningError):
            desk.sign_file(path, LABEL, in_place=True)
        assert path.read_bytes() == before


def test_pieces_are_joined_the_same_way(tmp_path, monkeypatch):
    data = picture("png")
    container = formats.identify(data)
    pieces = container.rewrite(container.survey(data), {XMP: b"<x/>"})
    in_memory = buffers.joined(pieces)
    monkeypatch.setattr(buffers, "LARGE", 1)
    on_disk = buffers.joined(pieces)
    assert buffers.is_mapped(on_disk)
    assert not buffers.is_mapped(in_memory)
    assert bytes(on_disk) == in_memory
    buffers.let_go(on_disk)
    assert bytes(on_disk) == in_memory


def test_an_empty_file_is_read(tmp_path, all_is_large):
    (tmp_path / "empty").write_bytes(b"")
    assert contents(tmp_path / "empty") == b""


def test_a_watcher_hears_how_far_each_pass_has_come(desk, path, all_is_large):
    heard: list[tuple[int, int]] = []
    with buffers.watched(lambda done, of: heard.append((done, of))):
        desk.sign_file(path, LABEL, in_place=True)
    size = path.stat().st_size
    assert (size, size) in heard
    assert all(0 < done <= of for done, of in heard)
    told = len(heard)
    desk.verify_file(path)
    assert len(heard) == told


def test_bytes_stay_in_memory_where_a_file_of_them_is_put_together_in_its_place(
    tmp_path, monkeypatch
):
    pieces = [bytes(700), bytes(700)]
    monkeypatch.setattr(buffers, "LARGE", 1000)
    with buffers.made_in(tmp_path):
        in_place = buffers.joined(pieces)
    alone = buffers.joined(pieces)
    assert isinstance(alone, bytes)
    assert bytes(in_place) == alone
    assert buffers.is_mapped(in_place) == hasattr(os, "O_TMPFILE")
    with monkeypatch.context() as without:
        without.delattr(os, "O_TMPFILE", raising=False)
        with buffers.made_in(tmp_path):
            assert isinstance(buffers.joined(pieces), bytes)  # no other disk is filled for so few
    monkeypatch.setattr(buffers, "LARGE", 100)
    assert buffers.is_mapped(buffers.joined(pieces))


def test_the_interpreter_is_let_go_of_once_a_stride(desk, tmp_path, monkeypatch):
    """Behind each call that lets go of it, a busy thread keeps it for 5 ms (decision 192)."""
    path, data = tmp_path / "cat.jpg", picture("jpeg")
    path.write_bytes(data[:-2] + bytes(1_000_000) + data[-2:])
    desk.sign_file(path, LABEL, out=tmp_path / "out.jpg")
    monkeypatch.setattr(buffers, "LARGE", 1_000)
    monkeypatch.setattr(buffers, "STRIDE", 100_000)
    updates, copies, copy = [], [], getattr(os, "copy_file_range", None)

    def heard(frame, event, called):
        if event == "c_call" and called.__name__ == "update":
            updates.append(frame.f_code.co_name)

    def copied(source, target, size, *places):
        copies.append(size)
        return copy(source, target, size, *places)

    monkeypatch.setattr(os, "copy_file_range", copied, raising=False)
    sys.setprofile(heard)
    try:
        desk.sign_file(path, LABEL, out=tmp_path / "out.jpg", overwrite=True)
    finally:
        sys.setprofile(None)
    strides = 1_000_000 // 100_000
    assert 2 * strides <= len(updates) <= 2 * strides + 12
    assert len(copies) <= 1
