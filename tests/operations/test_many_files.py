"""`sign_files` has signed when it returns, tells how far it is, and leaves a line in the log."""

from __future__ import annotations

import logging

import pytest

import genlabel
from genlabel import Generator, Label, Producer, testing

LABEL = Label.generated(
    producer=Producer("Ada Lovelace", person=True),
    generator=Generator("FLUX"),
    prompt="a secret cat",
    prompt_writer="Grace Hopper",
)


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name in "abc":
        (folder / f"{name}.png").write_bytes(testing.picture("png", size=(16, 16)))
    (folder / "d.png").write_bytes(b"\x89PNG\r\n\x1a\nno more")
    return folder


@pytest.mark.parametrize("jobs", [1, 2])
def test_everything_is_signed_when_it_returns(signer, pictures, tmp_path, jobs):
    seen = []
    reports = genlabel.sign_files(
        [pictures], LABEL, signer, out=tmp_path / "out", jobs=jobs,
        progress=lambda done, total, report: seen.append((done, total, report)),
    )  # fmt: skip
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.png", "b.png", "c.png"]
    assert [report.outcome for report in reports] == ["signed"] * 3 + ["failed"]
    assert seen == [(count, 4, report) for count, report in enumerate(reports, 1)]


def test_a_callback_that_raises_ends_the_run_and_what_is_signed_stays(signer, pictures):
    def stop(done, total, report):
        if done == 2:
            raise InterruptedError("enough")

    with pytest.raises(InterruptedError):
        genlabel.sign_files([pictures], LABEL, signer, in_place=True, progress=stop)
    verified = [genlabel.verify_file(pictures / f"{name}.png") for name in "abc"]
    assert [report.integrity for report in verified] == ["intact", "intact", "absent"]


def test_the_log_has_a_line_a_file_and_tells_no_secret(signer, pictures, tmp_path, caplog):
    with caplog.at_level(logging.INFO, logger="genlabel"):
        out = tmp_path / "out"
        (first, *_) = genlabel.sign_files([pictures], LABEL, signer, out=out)
        genlabel.sign_file(pictures / "a.png", LABEL, signer, in_place=True)
        genlabel.sign((pictures / "b.png").read_bytes(), LABEL, signer)
    lines = [record.getMessage() for record in caplog.records]
    assert [record.levelno for record in caplog.records] == [logging.INFO] * 6
    assert lines[0] == (
        f"signed {pictures / 'a.png'}: trainedAlgorithmicMedia, {first.manifest_id}, "
        f"to {out / 'a.png'}"
    )
    assert lines[3] == f"failed {pictures / 'd.png'}: MalformedAsset"
    assert lines[4].startswith(f"signed {pictures / 'a.png'}: trainedAlgorithmicMedia, urn:c2pa:")
    assert lines[5].startswith("signed picture: ")
    assert not [word for word in ("secret", "Grace", "Ada") if word in "".join(lines)]


def test_a_name_in_the_log_gives_no_orders(signer, tmp_path, caplog):
    path = tmp_path / "a\n::set-env.png"
    path.write_bytes(testing.picture("png", size=(16, 16)))
    with caplog.at_level(logging.INFO, logger="genlabel"):
        genlabel.sign_file(path, LABEL, signer, in_place=True)
    (line,) = [record.getMessage() for record in caplog.records]
    assert "\n" not in line
    assert "::set-env" not in line
