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


AI = b"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
NAMED = b'xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" e:DigitalSourceType="%s"' % AI
SERVED = b'xmlns:t="http://purl.org/dc/terms/" t:provenance="https://example.com/a.c2pa"'
FTP = b'xmlns:t="http://purl.org/dc/terms/" t:provenance="ftp://example.com/a.c2pa"'


def _packet(attribute):
    return (
        b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-'
        b'syntax-ns#"><r:Description r:about="" %s/></r:RDF></x:xmpmeta><?xpacket end="w"?>'
        % attribute
    )


def _comment(data):
    return PLAIN[:2] + b"\xff\xfe" + (len(data) + 2).to_bytes(2, "big") + data + PLAIN[2:]


def _app1(data):
    data = b"http://ns.adobe.com/xap/1.0/\0" + data
    return PLAIN[:2] + b"\xff\xe1" + (len(data) + 2).to_bytes(2, "big") + data + PLAIN[2:]


@pytest.mark.parametrize("attribute", [NAMED, SERVED, FTP], ids=["named", "served", "odd address"])
@pytest.mark.parametrize(
    "place",
    [
        _app1,
        _comment,
        PLAIN.__add__,
        testing.picture("png").__add__,
        testing.picture("gif").__add__,
    ],
    ids=["its place", "a comment", "behind a jpeg", "behind a png", "behind a gif"],
)
def test_a_claim_in_any_place_is_one(tmp_path, place, attribute):
    path = tmp_path / "claims"
    path.write_bytes(place(_packet(attribute)))
    report = genlabel.verify_file(path)
    assert report.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_bytes(place(_packet(b"")))  # what is no claim does not count, wherever it stands
    assert genlabel.verify_file(path).sha256 is None


def test_a_claim_in_a_file_beside_it_and_a_mark_that_cannot_be_read_are_ones(tmp_path):
    path = tmp_path / "plain.jpg"
    path.write_bytes(PLAIN)
    path.with_suffix(".xmp").write_bytes(_packet(NAMED))
    assert genlabel.verify_file(path).sha256 is not None
    path.with_suffix(".xmp").unlink()
    assert genlabel.verify_file(path).sha256 is None
    path.write_bytes(_app1(_packet(NAMED)[:-40]))
    assert genlabel.verify_file(path).sha256 is not None


def test_the_command_has_a_word_for_it(tmp_path, genlabel_command):
    path = tmp_path / "plain.jpg"
    path.write_bytes(PLAIN)
    for words, expected in (((), None), (("--hash",), hashlib.sha256(PLAIN).hexdigest())):
        done = genlabel_command("verify", str(path), "--format", "json", *words)
        assert done["reports"][0]["sha256"] == expected
