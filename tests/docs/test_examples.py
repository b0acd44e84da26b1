"""Every example runs as it stands, twice, without anything but what it asks for."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from types import SimpleNamespace

import pytest
import yaml
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

import desk
import genlabel
from genlabel import Integrity, Mark, testing
from genlabel.credentials.x509 import key as credential_key
from genlabel.pixels.samples import samples
from pages import HOME

EXAMPLES = HOME / "examples"
SAMPLES = dict(samples())


@pytest.fixture
def folder(tmp_path):
    """A folder with a credential in it."""
    desk.credential(tmp_path)
    return tmp_path


def _run(name: str, *words: str, folder) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, EXAMPLES / name, *words],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )


def test_a_picture_from_a_pipeline_is_labelled(folder):
    for _ in range(2):
        done = _run("label_generated.py", folder=folder)
        assert done.returncode == 0, done.stderr
    assert "integrity intact" in done.stdout
    report = genlabel.verify_file(folder / "generated.png", trust=folder / "keys/anchors.pem")
    assert report.declared.source_type.endswith("/trainedAlgorithmicMedia")
    assert report.declared.attested


def test_an_edit_is_labelled_with_its_parent_and_keeps_the_photographer(folder):
    for _ in range(2):
        done = _run("label_edit.py", folder=folder)
        assert done.returncode == 0, done.stderr
    report = genlabel.verify_file(folder / "retouched.jpg", trust=folder / "keys/anchors.pem")
    assert report.declared.source_type.endswith("/compositeWithTrainedAlgorithmicMedia")
    assert [each.title for each in report.ingredients] == ["Previous version"]
    assert report.marks[Mark.EXIF].creator == ("Ada Lovelace",)


def test_a_folder_with_an_unlabelled_picture_fails_the_build(folder):
    _run("label_generated.py", folder=folder)
    public = folder / "public"
    public.mkdir()
    (folder / "generated.png").rename(public / "good.png")
    done = _run("check_folder.py", "public", "keys/anchors.pem", folder=folder)
    assert done.returncode == 0, done.stdout
    for name in ("cat.png", "photo.jpg", "retouched.jpg", "inpainted.jpg", "downloaded.webp"):
        (public / name).write_bytes(SAMPLES[name])
    done = _run("check_folder.py", "public", "keys/anchors.pem", folder=folder)
    assert done.returncode == 1
    answers = {each["path"]: each for each in map(json.loads, done.stdout.splitlines())}
    assert len(answers) == 6
    assert [each["errors"] == [] for each in answers.values()].count(True) == 1
    (public / "broken.png").write_bytes((public / "good.png").read_bytes()[:60])
    assert _run("check_folder.py", "public", folder=folder).returncode == 2


def test_a_folder_without_pictures_is_no_success(folder):
    assert _run("check_folder.py", "keys", folder=folder).returncode == 2


class FakeService:
    """Google's and Azure's clients as their references have them, with a key of our own."""

    def __init__(self):
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.how = ec.ECDSA(utils.Prehashed(hashes.SHA256()))

    def asymmetric_sign(self, request):
        der = self.private.sign(request["digest"]["sha256"], self.how)
        return SimpleNamespace(signature=der, name=request["name"])

    def sign(self, algorithm, digest):
        assert algorithm == "ES256"
        r, s = utils.decode_dss_signature(self.private.sign(digest, self.how))
        return SimpleNamespace(signature=r.to_bytes(32, "big") + s.to_bytes(32, "big"))


@pytest.mark.parametrize("service", ["google", "azure"])
def test_the_example_of_other_key_services_signs_against_a_client(service, monkeypatch, encypher):
    monkeypatch.syspath_prepend(str(EXAMPLES))
    example = importlib.import_module("key_services")
    client = FakeService()
    monkeypatch.setattr(credential_key, "new", lambda algorithm: client.private)
    authority = testing.Authority.new("Acme Studio")  # its leaf is for the service's key
    key = {
        "google": lambda: example.GoogleKey(client, "projects/x/cryptoKeyVersions/1"),
        "azure": lambda: example.AzureKey(client, "ES256"),
    }[service]()
    signer = genlabel.CallbackSigner.asking(key, authority.certificates, name=service)
    label = genlabel.Label.generated(producer=genlabel.Producer("Acme Studio"))
    signed = genlabel.sign(testing.picture("png"), label, signer)
    assert encypher.verify(signed.data, "image/png", authority.anchors).accepted
    client.private = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(genlabel.SigningError, match="made by another key"):
        genlabel.sign(testing.picture("png"), label, signer)


def test_the_workflow_calls_commands_that_there_are():
    workflow = yaml.safe_load((EXAMPLES / "ci" / "github-actions.yml").read_text("utf-8"))
    (job,) = workflow["jobs"].values()
    (line,) = [s["run"] for s in job["steps"] if s.get("run", "").startswith("genlabel")]
    from click.testing import CliRunner

    from genlabel.cli.commands import commands

    arguments = line.split()[1:]
    made = CliRunner().invoke(commands, [*arguments, "--help"])
    assert made.exit_code == 0
    for word in arguments:
        if word.startswith("--"):
            assert word in made.output


def test_the_demo_tells_the_whole_story_and_can_be_told_twice(tmp_path):
    for _ in range(2):
        done = _run("demo.py", folder=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("$ genlabel") == 3
    assert "integrity   intact" in done.stdout
    assert "manifest    lost" in done.stdout
    report = genlabel.verify_file(
        tmp_path / "demo/labelled/hills.png", trust=tmp_path / "demo/keys/anchors.pem"
    )
    assert report.integrity is Integrity.INTACT
