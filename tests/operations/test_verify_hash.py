"""The SHA-256 of a file: of what has a mark, and of anything where it is asked for."""

from __future__ import annotations

import hashlib
import json

import pytest

import genlabel
from genlabel import Label, Producer, testing
from genlabel.cli.main import status
from genlabel.storage.file_hash import FileHash

PLAIN = testing.picture("jpeg", size=(32, 24))


@pytest.fixture(scope="module")
def signer():
    return testing.Authority.new("Acme Studio").signer()


@pytest.fixture
def genlabel_command(capsys):
    def run(*words):
        status(words)
        return json.loads(capsys.readouterr().out)

    return run


def test_a_file_without_any_mark_is_hashed_where_that_is_asked_for(tmp_path, monkeypatch):
    path = tmp_path / "plain.jpg"
    path.write_bytes(PLAIN)
    assert genlabel.verify_file(path, hash=True).sha256 == hashlib.sha256(PLAIN).hexdigest()
    monkeypatch.setattr(FileHash, "hexdigest", None)  # nobody asks for it
    report = genlabel.verify_file(path)
    assert (report.integrity, report.sha256) == ("absent", None)


def test_whatever_has_a_mark_is_hashed(tmp_path, signer):
    label = Label.generated(producer=Producer("Acme Studio"))
    for name, more in (("signed", {}), ("unsigned", {"sidecar": True, "marks": ["iptc"]})):
        path = tmp_path / f"{name}.jpg"
        path.write_bytes(genlabel.sign(PLAIN, label, signer, **more).data)
        report = genlabel.verify_file(path)
        assert report.marks, name
        assert report.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_command_has_a_word_for_it(tmp_path, genlabel_command):
    path = tmp_path / "plain.jpg"
    path.write_bytes(PLAIN)
    for words, expected in (((), None), (("--hash",), hashlib.sha256(PLAIN).hexdigest())):
        done = genlabel_command("verify", str(path), "--format", "json", *words)
        assert done["reports"][0]["sha256"] == expected
