"""A picture and the manifest beside it are old or new, both, at every moment."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from genlabel import Integrity, Label, storage
from genlabel.model.parties import Generator, Producer
from genlabel.storage import Output, locks, pending
from genlabel.storage.together import write_outputs
from written import EDITED, LABEL, PLACES, codes, files, posix


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the writer is a process that is forked")
def test_who_reads_while_a_pair_is_written_never_sees_a_mixture(tmp_path):
    cat, beside = tmp_path / "cat.png", tmp_path / "cat.c2pa"

    def write(number: int) -> None:
        data = b"%d " % number * 1000
        picture = Output(path=cat, data=data, overwrite=True)
        sidecar = Output(path=beside, data=b"%d" % number, overwrite=True, follow=False)
        write_outputs(picture, sidecar, sha256=pending.sha256([data]), fsync=False)

    write(0)
    child = os.fork()
    if child == 0:
        try:
            for number in range(1, 300):
                write(number)
        finally:
            os._exit(0)
    seen = set[tuple[bytes, bytes | None]]()
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        asset = storage.read_asset(cat)
        seen.add((bytes(asset.data).split()[0], asset.manifest))
    assert len(seen) > 1
    assert all(picture == manifest for picture, manifest in seen)


def test_a_picture_that_is_replaced_while_it_is_read_is_read_again(labeller, cat, monkeypatch):
    labeller.sign_file(cat, LABEL, **PLACES["marks"])
    old = files(cat.parent)
    labeller.sign_file(cat, EDITED, **PLACES["marks"])
    new = files(cat.parent)
    for name, data in old.items():
        (cat.parent / name).write_bytes(data)
    from genlabel.storage import assets

    contents, raced = assets.contents, []

    def racing(path: Path, **options: int) -> bytes | memoryview:
        data = contents(path, **options)
        if not raced:
            raced.append(path)
            for name, content in new.items():
                (cat.parent / name).write_bytes(content)
        return data

    monkeypatch.setattr(assets, "contents", racing)
    asset = storage.read_asset(cat)
    assert (asset.data, asset.manifest) == (new["cat.png"], new["cat.c2pa"])


def test_both_places_are_looked_at_before_either_is_written(cat, tmp_path):
    (tmp_path / "cat.c2pa").mkdir()
    before = cat.read_bytes()
    picture = Output(path=cat, data=b"new", overwrite=True)
    sidecar = Output(path=tmp_path / "cat.c2pa", data=b"store", overwrite=True, follow=False)
    with pytest.raises(IsADirectoryError):
        write_outputs(picture, sidecar, sha256=pending.sha256([b"new"]))
    assert cat.read_bytes() == before
    assert files(tmp_path).keys() == {"cat.png"}


@pytest.mark.parametrize("behind", [1, 2])
def test_what_was_begun_verifies_is_named_and_is_settled_by_the_next_run(
    labeller, cat, ended, behind
):
    labeller.sign_file(cat, LABEL, **PLACES["marks"])
    first = labeller.verify_file(cat)
    ended(behind)
    report = labeller.verify_file(cat)
    assert report.integrity is Integrity.INTACT
    assert (report.manifest_id == first.manifest_id) == (behind == 1)
    assert "genlabel.file.left-over" in codes(report)
    assert len(files(cat.parent)) == 3
    assert storage.sweep(cat.parent) == 1
    assert files(cat.parent).keys() == {"cat.png", "cat.c2pa"}
    after = labeller.verify_file(cat)
    assert (after.integrity, after.manifest_id) == (Integrity.INTACT, report.manifest_id)
    assert codes(after) == []


@pytest.mark.parametrize("behind", [1, 2])
def test_one_that_is_signed_again_is_settled_first(labeller, cat, ended, behind):
    labeller.sign_file(cat, LABEL, **PLACES["marks"])
    ended(behind)
    before = labeller.verify_file(cat)
    again = Label.edited(producer=Producer("Acme Studio"), generator=Generator("Third"))
    labeller.sign_file(cat, again, **PLACES["marks"])
    report = labeller.verify_file(cat)
    assert report.integrity is Integrity.INTACT
    assert before.manifest_id in [each.manifest_id for each in report.ingredients]
    assert files(cat.parent).keys() == {"cat.png", "cat.c2pa"}


@posix
def test_two_runs_on_one_pair_do_not_mix(labeller, cat, ended):
    labeller.sign_file(cat, LABEL, **PLACES["marks"])
    ended(1)
    before = files(cat.parent)
    (path,) = cat.parent.glob(".genlabel-*.pending")
    with path.open("rb") as file:
        assert locks.take(file.fileno())
        assert codes(labeller.verify_file(cat)) == [], "its run is at it, nothing is left"
        with pytest.raises(OSError, match="Another run is writing this picture") as refusal:
            labeller.sign_file(cat, EDITED, **PLACES["marks"])
    assert refusal.value.errno == errno.EBUSY
    assert files(cat.parent) == before


@posix
def test_where_there_are_no_hard_links_the_pending_manifest_stays(
    labeller, cat, monkeypatch, tmp_path
):
    labeller.sign_file(cat, LABEL, **PLACES["marks"])

    def unsupported(*_: object, **__: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "no links here")

    place = storage.atomic.Writing.place

    def failing(writing: storage.atomic.Writing) -> None:
        if writing.target.suffix == ".c2pa":
            raise OSError(errno.EIO, "broken")
        place(writing)

    monkeypatch.setattr(os, "link", unsupported)
    monkeypatch.setattr(storage.atomic.Writing, "place", failing)
    with pytest.raises(OSError, match="broken"):
        labeller.sign_file(cat, EDITED, **PLACES["marks"])
    monkeypatch.undo()
    assert labeller.verify_file(cat).integrity is Integrity.INTACT
    assert storage.sweep(tmp_path) == 1
    assert labeller.verify_file(cat).integrity is Integrity.INTACT
    assert files(tmp_path).keys() == {"cat.png", "cat.c2pa"}


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"no JSON",
        b"[]",
        b'{"picture": "../cat.png", "sidecar": "x.c2pa", "sha256": "", "machine": ""}',
        b'{"picture": "cat.png", "sidecar": "../../authorized_keys", "sha256": "", "machine": ""}',
        b'{"picture": "cat.png", "sidecar": "cat.png", "sha256": "", "machine": ""}',
        b'{"picture": 7, "sidecar": "cat.c2pa", "sha256": "", "machine": ""}',
        b"[" * 100_000,
    ],
)
def test_a_pending_manifest_that_we_have_not_written_is_none(labeller, cat, header):
    before = cat.read_bytes()
    pending.path_for(cat).write_bytes(header + b"\nstore")
    assert labeller.verify_file(cat).integrity is Integrity.ABSENT
    storage.sweep(cat.parent)
    assert cat.read_bytes() == before
    labeller.sign_file(cat, LABEL, **PLACES["marks"])


@posix
def test_a_pending_manifest_that_is_a_link_is_not_read(labeller, cat, tmp_path):
    output = pending.output_for(
        cat, cat.with_name("cat.c2pa"), pending.sha256([cat.read_bytes()]), b"store"
    )
    (tmp_path / "elsewhere").write_bytes(b"".join(output.data))
    output.path.symlink_to("elsewhere")
    assert labeller.verify_file(cat).integrity is Integrity.ABSENT
    output.path.unlink()
    (tmp_path / "elsewhere").rename(output.path)
    assert labeller.verify_file(cat).reason == "unreadable", "the control: it is read"
