"""Links that nobody has named are neither followed nor written, and those that are named are."""

from __future__ import annotations

import os
import stat

import pytest

from genlabel import Existing, Integrity, Outcome, testing
from genlabel.model.errors import ConfigurationError
from written import EDITED, LABEL, MARKS, codes, everywhere, files, posix


@posix
@pytest.mark.parametrize("options", [{"in_place": True, **MARKS}, {"sidecar": True}])
@pytest.mark.parametrize("exists", [True, False])
def test_a_link_where_the_manifest_goes_is_not_written_through(labeller, tmp_path, options, exists):
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "a.png").write_bytes(testing.picture("png"))
    (tree / "b.png").write_bytes(testing.picture("png", seed=2))
    victim = tmp_path / "authorized_keys"
    if exists:
        victim.write_bytes(b"ssh-ed25519 AAAA")
    (tree / "a.png.c2pa").symlink_to("../authorized_keys")
    first, second = labeller.sign_files([tree], LABEL, **options)
    assert first.error is not None
    assert "a.png.c2pa" in first.error.message
    assert "symbolic link" in first.error.message
    assert second.outcome is Outcome.SIGNED
    assert victim.exists() == exists
    assert not exists or victim.read_bytes() == b"ssh-ed25519 AAAA"
    assert (tree / "a.png").read_bytes() == testing.picture("png")
    with pytest.raises(OSError, match="symbolic link"):
        labeller.sign_file(tree / "a.png", LABEL, existing=Existing.REPLACE, **options)


@posix
def test_a_link_where_the_manifest_lies_is_not_read_but_beside_a_link(labeller, cat, tmp_path):
    labeller.sign_file(cat, LABEL, sidecar=True)
    store = tmp_path / "store"
    store.mkdir()
    for path in (cat.with_name("cat.c2pa"), cat):
        path.rename(store / path.name)
    cat.write_bytes((store / "cat.png").read_bytes())
    link = cat.with_name("cat.c2pa")
    link.symlink_to("store/cat.c2pa")
    report = labeller.verify_file(cat)
    assert report.integrity is Integrity.ABSENT
    assert "genlabel.sidecar.linked" in codes(report)
    cat.unlink()
    cat.symlink_to("store/cat.png")
    assert labeller.verify_file(cat).integrity is Integrity.INTACT


@posix
@pytest.mark.parametrize("overwrite", [True, False])
def test_nothing_below_the_output_is_written_through_a_link(labeller, cat, tmp_path, overwrite):
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    tree = tmp_path / "tree/sub"
    for each in (out, elsewhere, tree):
        each.mkdir(parents=True)
    (tree / "a.png").write_bytes(cat.read_bytes())
    (out / "sub").symlink_to(elsewhere)
    with pytest.raises(ConfigurationError, match="symbolic link"):
        list(labeller.sign_files([tree.parent], LABEL, out=out, overwrite=overwrite))
    (elsewhere / "precious.png").write_bytes(b"precious")
    (out / "cat.png").symlink_to(elsewhere / "precious.png")
    for result in (labeller.sign_file, lambda path, label, **more: list(
        labeller.sign_files([path], label, **more)
    )):  # fmt: skip
        with pytest.raises((OSError, ConfigurationError), match=r"link|exists"):
            result(cat, LABEL, out=out, overwrite=overwrite)
    assert files(elsewhere) == {"precious.png": b"precious"}


@posix
def test_a_link_that_is_put_there_at_the_last_moment_is_not_followed(
    labeller, meanwhile, cat, tmp_path
):
    elsewhere, out = tmp_path / "elsewhere", tmp_path / "out"
    elsewhere.mkdir()

    def plant() -> None:
        out.mkdir()
        (out / "sub").symlink_to(elsewhere)

    tree = tmp_path / "tree/sub"
    tree.mkdir(parents=True)
    (tree / "a.png").write_bytes(cat.read_bytes())
    meanwhile(plant)
    (report,) = labeller.sign_files([tree.parent], LABEL, out=out)
    assert report.error is not None
    assert "symbolic link" in report.error.message
    assert files(elsewhere) == {}


@posix
def test_links_that_were_named_are_followed(labeller, cat, tmp_path):
    (tmp_path / "link.png").symlink_to("cat.png")
    labeller.sign_file(tmp_path / "link.png", LABEL, in_place=True)
    assert (tmp_path / "link.png").is_symlink()
    assert labeller.verify_file(cat).integrity is Integrity.INTACT
    (tmp_path / "old.png").write_bytes(b"old")
    (tmp_path / "latest.png").symlink_to("old.png")
    labeller.sign_file(cat, EDITED, out=tmp_path / "latest.png", overwrite=True)
    assert (tmp_path / "latest.png").is_symlink()
    assert labeller.verify_file(tmp_path / "old.png").integrity is Integrity.INTACT
    (tmp_path / "folder").mkdir()
    (tmp_path / "out").symlink_to("folder")
    list(labeller.sign_files([cat], EDITED, out=tmp_path / "out"))
    assert labeller.verify_file(tmp_path / "folder/cat.png").integrity is Integrity.INTACT


@posix
def test_what_is_no_regular_file_is_not_replaced(labeller, cat, tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(OSError, match="No regular file"):
        labeller.sign_file(cat, LABEL, out=tmp_path / "pipe.png", overwrite=True)
    with pytest.raises(ConfigurationError, match="no regular file"):
        list(labeller.sign_files([cat], LABEL, out=tmp_path / "pipe.png", overwrite=True))
    assert stat.S_ISFIFO((tmp_path / "pipe.png").stat().st_mode)


@posix
@everywhere
def test_hard_links_that_are_split_are_a_note(labeller, cat, options):
    before = cat.read_bytes()
    os.link(cat, cat.with_name("other.png"))
    report = labeller.sign_file(cat, LABEL, **options)
    assert ("genlabel.file.hard-link" in codes(report)) == ("in_place" in options)
    assert cat.with_name("other.png").read_bytes() == before
    alone = cat.with_name("alone.png")
    alone.write_bytes(before)
    assert codes(labeller.sign_file(alone, LABEL, **options)) == []
