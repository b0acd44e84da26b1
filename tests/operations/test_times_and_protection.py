"""A file's own times are kept where asked, and write-protected files are replaced only by force."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from genlabel import testing
from genlabel.model.errors import ConfigurationError
from genlabel.model.label import Label
from genlabel.model.results import Outcome
from genlabel.operations.labeller import Labeller
from histories import ACME

LABEL = Label.generated(producer=ACME)
TIMES = 1_556_700_000_123_456_789, 1_556_712_345_987_654_321
MODES = {"in place": {"in_place": True}, "moved": {"out": "out.png"}}


@pytest.fixture
def labeller(signer, trust):
    return Labeller(signer=signer, trust=trust, fsync=False)


@pytest.fixture
def cat(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "cat.png"
    path.write_bytes(testing.picture("png"))
    os.utime(path, ns=TIMES)
    return path


def times(path: str | Path) -> tuple[int, int]:
    status = Path(path).stat()
    return status.st_atime_ns, status.st_mtime_ns


@pytest.mark.parametrize("place", MODES.values(), ids=MODES)
def test_the_result_has_the_picture_s_own_times_where_asked(labeller, cat, place):
    report = labeller.sign_file(cat, LABEL, preserve_times=True, **place)
    assert report.outcome is Outcome.SIGNED
    assert times(report.output) == pytest.approx(TIMES, abs=1000)


@pytest.mark.parametrize("place", MODES.values(), ids=MODES)
def test_else_it_has_the_time_of_its_writing(labeller, cat, place):
    report = labeller.sign_file(cat, LABEL, **place)
    assert times(report.output)[1] > TIMES[1]


def test_beside_a_manifest_the_picture_keeps_its_times_and_the_manifest_has_its_own(labeller, cat):
    report = labeller.sign_file(
        cat, LABEL, in_place=True, sidecar=True, marks=["iptc"], preserve_times=True
    )
    assert times(cat)[1] == pytest.approx(TIMES[1], abs=1000)
    assert times(report.sidecar)[1] > TIMES[1]


def test_times_that_the_system_refuses_are_a_note(labeller, cat, monkeypatch):
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "utime", refused)
    report = labeller.sign_file(cat, LABEL, in_place=True, preserve_times=True)
    notes = [each for each in report.findings if each.code == "genlabel.file.attributes"]
    assert report.outcome is Outcome.SIGNED
    assert [each.where for each in notes] == [str(cat)]


@pytest.mark.parametrize("place", MODES.values(), ids=MODES)
@pytest.mark.parametrize("dry_run", [False, True])
def test_a_write_protected_file_is_replaced_only_by_force(labeller, cat, place, dry_run):
    target = Path(place.get("out", cat))
    target.write_bytes(cat.read_bytes())
    target.chmod(0o444)
    before = target.read_bytes()
    with pytest.raises(ConfigurationError, match="is write-protected") as refusal:
        labeller.sign_file(cat, LABEL, overwrite=True, dry_run=dry_run, **place)
    assert "--force" in refusal.value.remedy
    assert target.read_bytes() == before
    assert {each.name for each in cat.parent.iterdir()} == {
        "cat.png",
        target.name,
    }  # no temporary file
    report = labeller.sign_file(cat, LABEL, overwrite=True, force=True, **place)
    assert report.outcome is Outcome.SIGNED
    if "in_place" in place:
        assert target.stat().st_mode & 0o777 == 0o444


def test_one_that_may_be_written_needs_no_force(labeller, cat):
    cat.chmod(0o200 | 0o444)
    assert labeller.sign_file(cat, LABEL, in_place=True).outcome is Outcome.SIGNED


def test_a_write_protected_file_that_says_the_same_is_left_alone(labeller, cat):
    labeller.sign_file(cat, LABEL, in_place=True)
    cat.chmod(0o444)
    assert labeller.sign_file(cat, LABEL, in_place=True).outcome is Outcome.UNCHANGED


def test_of_a_pair_a_write_protected_manifest_keeps_both_as_they_are(labeller, cat):
    marks = {"sidecar": True, "marks": ["iptc"]}
    first = labeller.sign_file(cat, LABEL, in_place=True, **marks)
    sidecar = Path(first.sidecar)
    sidecar.chmod(0o444)
    before = cat.read_bytes(), sidecar.read_bytes()
    other = Label.generated(producer=ACME, title="Other")
    with pytest.raises(ConfigurationError, match=r"cat\.c2pa: is write-protected"):
        labeller.sign_file(cat, other, in_place=True, **marks)
    assert (cat.read_bytes(), sidecar.read_bytes()) == before
    report = labeller.sign_file(cat, other, in_place=True, force=True, **marks)
    assert report.outcome is Outcome.SIGNED
    assert sidecar.read_bytes() != before[1]
    assert sidecar.stat().st_mode & 0o777 == 0o444
