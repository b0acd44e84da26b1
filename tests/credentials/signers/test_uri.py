"""Signers by URI: files and variables, exchanged while the program runs, and what is refused."""

import base64
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

import genlabel
import hand_made_chains as made
from genlabel import Labeller
from genlabel.credentials.signers import uri
from genlabel.model.errors import ConfigurationError, CredentialError, GenlabelError
from issuing import MIDDLE


def put(folder, leaf):
    """Key and chain into files, each whole at once, as people exchange them."""
    for name, data in (("signing.key", leaf.key_pem), ("signing.pem", leaf.pem + MIDDLE.pem)):
        new = folder / (name + ".new")
        new.write_bytes(data)
        new.chmod(0o600)
        new.replace(folder / name)


def serial(leaf):
    return str(leaf.certificate.serial_number)


@pytest.fixture
def leaf(tmp_path):
    first = made.leaf(MIDDLE)
    put(tmp_path, first)
    return first


def bundle(leaf, passphrase=b"sesame"):
    return pkcs12.serialize_key_and_certificates(
        b"acme", leaf.key, leaf.certificate, [MIDDLE.certificate],
        BestAvailableEncryption(passphrase),
    )  # fmt: skip


@pytest.mark.parametrize("form", ["file:{}", "FILE:{}", "file://{}", "file://localhost{}"])
def test_a_file_is_named_in_every_form_of_its_uri(tmp_path, leaf, good, form):
    folder = tmp_path / "with space"
    folder.mkdir()
    put(folder, leaf)
    text = form.format(str(folder / "signing.key").replace(" ", "%20"))
    signer = genlabel.signer(text, certificates=folder / "signing.pem")
    assert signer.private_key_pem() is not None
    assert good(signer).report.signer.serial == serial(leaf)


def test_key_and_chain_may_lie_in_one_file(tmp_path, leaf, good):
    (tmp_path / "both.pem").write_bytes(leaf.key_pem + leaf.pem + MIDDLE.pem)
    good(genlabel.signer(f"file:{tmp_path}/both.pem"))
    (tmp_path / "both.p12").write_bytes(bundle(leaf))
    good(genlabel.signer(f"file:{tmp_path}/both.p12", passphrase="sesame"))
    with pytest.raises(CredentialError, match="no certificates beside"):
        genlabel.signer(f"file:{tmp_path}/signing.key")


def test_variables_hold_pem_or_a_bundle_in_base64(tmp_path, leaf, good, monkeypatch):
    monkeypatch.setenv("C2PA_PRIVATE_KEY", leaf.key_pem.decode())
    monkeypatch.setenv("C2PA_SIGN_CERT", (leaf.pem + MIDDLE.pem).decode())
    good(genlabel.signer("env:"))
    good(genlabel.signer("env:C2PA_PRIVATE_KEY,C2PA_SIGN_CERT"))
    good(genlabel.signer("env:C2PA_PRIVATE_KEY", certificates=tmp_path / "signing.pem"))
    monkeypatch.setenv("ONE_LINE", leaf.key_pem.decode().replace("\n", "\\n"))
    good(genlabel.signer("env:ONE_LINE,C2PA_SIGN_CERT"))
    monkeypatch.setenv("BUNDLE", base64.b64encode(bundle(leaf)).decode())
    good(genlabel.signer("env:BUNDLE", passphrase="sesame"))


def test_what_a_variable_holds_is_never_shown(leaf, monkeypatch):
    monkeypatch.setenv("HALF", "secret-half-a-key")
    for rest in ("HALF", "NOT_SET", "HALF,NOT_SET"):
        with pytest.raises(CredentialError) as told:
            genlabel.signer(f"env:{rest}")
        assert "secret" not in f"{told.value} {told.value.remedy} {told.value.__cause__}"
    with pytest.raises(ConfigurationError) as told:
        genlabel.signer("env:" + leaf.key_pem.decode())
    assert "PRIVATE" not in f"{told.value} {told.value.remedy}"


@pytest.mark.parametrize("where", ["files", "bundle", "variables"])
def test_a_labeller_takes_exchanged_keys_on_the_next_picture(
    tmp_path, leaf, monkeypatch, where, picture, label
):
    def exchange(new):
        put(tmp_path, new)
        (tmp_path / "all.p12").write_bytes(bundle(new))
        monkeypatch.setenv("C2PA_PRIVATE_KEY", new.key_pem.decode())
        monkeypatch.setenv("C2PA_SIGN_CERT", (new.pem + MIDDLE.pem).decode())

    exchange(leaf)
    signer = {
        "files": lambda: genlabel.signer(
            f"file:{tmp_path}/signing.key", certificates=tmp_path / "signing.pem"
        ),
        "bundle": lambda: genlabel.signer(f"file:{tmp_path}/all.p12", passphrase="sesame"),
        "variables": lambda: genlabel.signer("env:"),
    }[where]()
    labeller = Labeller(signer=signer)
    assert labeller.sign(picture, label).report.signer.serial == serial(leaf)
    kept = signer.current()
    assert labeller.signer.current() is kept  # nothing changed, nothing is made anew
    second = made.leaf(MIDDLE)
    exchange(second)
    assert labeller.sign(picture, label).report.signer.serial == serial(second)


def test_a_renewed_certificate_for_the_same_key_is_taken_too(tmp_path, leaf, picture, label):
    signer = genlabel.signer(f"file:{tmp_path}/signing.key", certificates=tmp_path / "signing.pem")
    genlabel.sign(picture, label, signer)
    renewed = made.leaf(MIDDLE, key=leaf.key)
    (tmp_path / "signing.pem").write_bytes(renewed.pem + MIDDLE.pem)
    assert genlabel.sign(picture, label, signer).report.signer.serial == serial(renewed)


def test_between_the_two_files_of_a_pair_a_moment_is_waited(tmp_path, leaf, monkeypatch):
    signer = genlabel.signer(f"file:{tmp_path}/signing.key", certificates=tmp_path / "signing.pem")
    second = made.leaf(MIDDLE)
    (tmp_path / "signing.key").write_bytes(second.key_pem)
    monkeypatch.setattr("time.sleep", lambda seconds: put(tmp_path, second))
    assert signer.serial == serial(second)


def test_what_was_exchanged_badly_is_an_error_and_not_the_old_key(tmp_path, leaf, picture, label):
    signer = genlabel.signer(f"file:{tmp_path}/signing.key", certificates=tmp_path / "signing.pem")
    genlabel.sign(picture, label, signer)
    stranger = made.leaf(MIDDLE)
    (tmp_path / "signing.key").write_bytes(stranger.key_pem)
    with pytest.raises(CredentialError, match="does not belong"):
        genlabel.sign(picture, label, signer)
    (tmp_path / "signing.key").unlink()
    with pytest.raises(CredentialError, match="cannot be read"):
        genlabel.sign(picture, label, signer)
    put(tmp_path, leaf)
    assert genlabel.sign(picture, label, signer).report.signer.serial == serial(leaf)


def test_one_signer_may_be_shared_by_threads_while_it_is_exchanged(tmp_path, leaf, picture, label):
    signer = genlabel.signer(f"file:{tmp_path}/signing.key", certificates=tmp_path / "signing.pem")
    for name in "abcdefgh":
        (tmp_path / f"{name}.jpg").write_bytes(picture)
    second = made.leaf(MIDDLE)

    def exchange(done, total, report):
        if done == 1:
            put(tmp_path, second)

    paths = [tmp_path / f"{name}.jpg" for name in "abcdefgh"]
    reports = genlabel.sign_files(paths, label, signer, in_place=True, jobs=2, progress=exchange)
    assert [report.error for report in reports] == [None] * 8
    seen = [report.report.signer.serial for report in reports]
    assert set(seen) <= {serial(leaf), serial(second)}
    assert (seen[0], seen[-1]) == (serial(leaf), serial(second))


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
def test_a_key_that_others_can_read_is_said_once_and_not_for_every_picture(
    tmp_path, leaf, picture, label, caplog
):
    (tmp_path / "signing.key").chmod(0o644)
    signer = genlabel.signer(f"file:{tmp_path}/signing.key", certificates=tmp_path / "signing.pem")
    for _ in range(3):
        genlabel.sign(picture, label, signer)
    assert caplog.text.count("other users") == 1


@pytest.mark.parametrize(
    "text",
    ["", "signing.key", "C:\\keys\\signing.key", "gcpkms:projects/x", "http://x/y", "file:",
     "file://elsewhere/key", "env:a b", "env:A,B,C", "x" * 9000],
)  # fmt: skip
def test_a_uri_that_names_no_signer_is_refused_in_one_sentence(text):
    with pytest.raises(ConfigurationError) as told:
        genlabel.signer(text)
    assert told.value.remedy
    assert len(str(told.value)) < 200


def test_every_scheme_that_is_documented_there_is():
    documented = (Path(__file__).parents[3] / "docs/signers.md").read_text("utf-8")
    for scheme, found in uri.SCHEMES.items():
        assert callable(found.source), scheme
        assert f"| `{scheme}:" in documented
    assert issubclass(ConfigurationError, GenlabelError)
