"""A newer version of a file is never overwritten."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from genlabel import Outcome, testing
from genlabel.model.errors import SigningError
from genlabel.storage import buffers, cut_short
from genlabel.storage.drafts import Draft
from written import EDITED, LABEL, PLACES, everywhere, files


@everywhere
@pytest.mark.parametrize("how", ["replaced", "written", "touched", "removed"])
def test_a_picture_that_changed_meanwhile_is_left_as_it_is(labeller, meanwhile, cat, options, how):
    newer = testing.picture("png", seed=7)

    def change() -> None:
        if how == "replaced":
            cat.with_name("new").write_bytes(newer)
            cat.with_name("new").replace(cat)
        elif how == "written":
            cat.write_bytes(newer)
        elif how == "touched":
            os.utime(cat, ns=(1, 1))
        else:
            cat.unlink()

    meanwhile(change)
    with pytest.raises((SigningError, FileNotFoundError)) as refusal:
        labeller.sign_file(cat, LABEL, **options)
    if how != "removed":
        assert "changed while it was being signed" in str(refusal.value)
        kept = testing.picture("png") if how == "touched" else newer
        assert files(cat.parent) == {"cat.png": kept}
    else:
        assert str(cat) in str(refusal.value)
        assert ".tmp" not in str(refusal.value)
        assert files(cat.parent) == {}
    # the same without a change goes well
    cat.write_bytes(newer)
    assert labeller.sign_file(cat, LABEL, **options).outcome is Outcome.SIGNED


@pytest.mark.parametrize("options", [PLACES["sidecar"], PLACES["marks"]])
def test_a_manifest_that_changed_meanwhile_is_left_as_it_is(labeller, meanwhile, cat, options):
    labeller.sign_file(cat, LABEL, **options)
    beside = cat.with_name("cat.c2pa")
    before = cat.read_bytes()
    meanwhile(lambda: beside.write_bytes(b"newer"))
    with pytest.raises(SigningError, match=r"cat\.c2pa: changed while it was being signed"):
        labeller.sign_file(cat, EDITED, **options)
    assert files(cat.parent) == {"cat.png": before, "cat.c2pa": b"newer"}


def test_a_stamp_goes_over_no_newer_version(labeller, meanwhile, cat, tsa, monkeypatch):
    labeller.sign_file(cat, LABEL, in_place=True, stamp="later")
    from genlabel.operations.signing import timestamp

    stamp, newer = timestamp.stamp, testing.picture("png", seed=7)

    def slow(*words: object, **more: object) -> object:
        stamped = stamp(*words, **more)
        cat.write_bytes(newer)
        return stamped

    monkeypatch.setattr(timestamp, "stamp", slow)
    with pytest.raises(SigningError, match="changed while it was being signed"):
        labeller.stamp_file(cat, in_place=True, tsa=tsa)
    assert files(cat.parent) == {"cat.png": newer}


def test_a_manifest_that_came_meanwhile_is_left_as_it_is(labeller, meanwhile, cat):
    before, beside = cat.read_bytes(), cat.with_name("cat.c2pa")
    meanwhile(lambda: beside.write_bytes(b"another's"))
    with pytest.raises(FileExistsError):
        labeller.sign_file(cat, LABEL, **PLACES["marks"])
    assert files(cat.parent) == {"cat.png": before, "cat.c2pa": b"another's"}


@pytest.mark.skipif(not cut_short.can_guard(), reason="here a file is copied before it is mapped")
@pytest.mark.parametrize("moved", [True, False], ids=["elsewhere", "in place"])
@pytest.mark.parametrize("when", ["before it is copied", "after"])
def test_a_mapped_picture_that_is_written_to_meanwhile_becomes_no_result(
    labeller, cat, monkeypatch, moved, when
):
    monkeypatch.setattr(buffers, "LARGE", 1)
    out = {"out": cat.with_name("out.png")} if moved else {"in_place": True}
    before, copied = cat.read_bytes(), buffers.append
    changes = [len(before) - 20]

    def change() -> None:
        for at in changes:
            with cat.open("r+b") as file:
                file.seek(at)
                file.write(bytes([before[at] ^ 1]))
        changes.clear()

    def early(*words: object) -> None:
        change()
        copied(*words)

    def late(finish: Callable[..., object]) -> Callable[..., object]:
        def finishing(*words: object) -> object:
            finished = finish(*words)
            change()
            return finished

        return finishing

    if when == "after":  # by either of the two ways in which a draft is finished
        monkeypatch.setattr(Draft, "finished", late(Draft.finished))
        monkeypatch.setattr(Draft, "with_bytes", late(Draft.with_bytes))
    else:
        monkeypatch.setattr(buffers, "append", early)
    with pytest.raises(SigningError, match=r"cat\.png: changed while it was being signed"):
        labeller.sign_file(cat, LABEL, **out)
    assert not changes
    assert list(files(cat.parent)) == ["cat.png"]
    assert labeller.sign_file(cat, LABEL, **out).outcome is Outcome.SIGNED
