"""`genlabel keys new --renew`: the credential that follows, and old labels that stay known."""

import os
import subprocess
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import genlabel as face
from genlabel import testing
from genlabel.cli.settings.load import load
from genlabel.model.errors import CredentialError

TODAY = datetime.now(UTC).date().isoformat()
SIGN = ("sign", "--generated", "--overwrite", "-o")


def settings():
    return tomllib.loads(Path("genlabel.toml").read_text("utf-8"))


def test_a_new_root_joins_the_old_one_and_old_labels_stay_known(studio, genlabel):
    assert genlabel(*SIGN, "old.png", "cat.png").status == 0
    answer = genlabel("keys", "new", "--renew")
    assert answer.status == 0, answer.err
    assert f"keys/{TODAY}/signing.key (keep it to yourself)" in answer.out.replace(os.sep, "/")
    assert "a new root" in answer.err
    assert settings()["signer"] == {
        "key": f"keys/{TODAY}/signing.key",
        "certificates": f"keys/{TODAY}/signing.pem",
    }
    assert settings()["trust"]["signers"] == ["keys/anchors.pem", f"keys/{TODAY}/anchors.pem"]
    assert genlabel(*SIGN, "new.png", "cat.png").status == 0
    trust = ["keys/anchors.pem", f"keys/{TODAY}/anchors.pem"]
    reports = [face.verify_file(name, trust=trust) for name in ("old.png", "new.png")]
    assert [report.signer.trust for report in reports] == ["known", "known"]
    assert [report.signer.organisation for report in reports] == ["Acme Studio"] * 2
    assert reports[0].signer.serial != reports[1].signer.serial
    # a label of the earlier certificate is still ours, and left alone
    assert genlabel(*SIGN, "old.png", "cat.png").out.count("left alone") == 1


def test_a_kept_authority_issues_again_and_again_under_one_root(tmp_path, monkeypatch, genlabel):
    monkeypatch.chdir(tmp_path)
    words = ("--organisation", "Acme Studio", "--write-config", "--keep-authority")
    assert genlabel("keys", "new", *words).status == 0
    anchors = Path("keys/anchors.pem").read_bytes()
    for folder in (TODAY, f"{TODAY}-2", f"{TODAY}-3"):
        answer = genlabel("keys", "new", "--renew")
        assert (answer.status, "the same root" in answer.err) == (0, True)
        assert Path(f"keys/{folder}/anchors.pem").read_bytes() == anchors
        assert not Path(f"keys/{folder}/authority.key").exists()
    assert genlabel("keys", "check").status == 0
    assert len(settings()["trust"]["signers"]) == 4


def test_an_authority_that_is_kept_later_is_found_in_its_dated_folder(studio, genlabel):
    assert genlabel("keys", "new", "--renew", "--keep-authority").status == 0
    assert "the same root" in genlabel("keys", "new", "--renew").err
    assert "the same root" in genlabel("keys", "new", "--renew").err


def test_an_identity_keeps_its_kind_and_its_address(studio, genlabel):
    made = ("--organisation", "Acme Studio", "--identity", "--email", "a@acme.example")
    assert genlabel("keys", "new", *made, "--write-config").status == 0
    assert genlabel("keys", "new", "--renew", "--identity", "--out", "later").status == 0
    assert settings()["identity"]["key"] == f"later/{TODAY}/identity.key"
    assert settings()["trust"]["identity"][-1] == f"later/{TODAY}/identity-anchors.pem"
    assert settings()["signer"]["key"] == "keys/signing.key"
    assert genlabel("keys", "check", "--identity").status == 0
    seen = subprocess.run(
        ["openssl", "x509", "-noout", "-ext", "subjectAltName", "-in",
         f"later/{TODAY}/identity.pem"], capture_output=True, check=False,
    )  # fmt: skip
    assert seen.returncode or b"a@acme.example" in seen.stdout


def test_comments_and_other_tables_stay_as_they_are(studio, genlabel):
    path = Path("genlabel.toml")
    path.write_text(
        "# ours\n" + path.read_text("utf-8") + "# the end\n\n[verify]\nfail_on = 'error'\n"
    )
    before = path.read_text("utf-8").splitlines()
    assert genlabel("keys", "new", "--renew", "-q").status == 0
    after = path.read_text("utf-8").splitlines()
    changed = {line.split(" ")[0] for line in set(after) ^ set(before)}
    assert changed == {"key", "certificates", "signers"}


def test_settings_of_a_project_are_changed_where_they_stand(studio, genlabel):
    Path("genlabel.toml").unlink()
    Path("pyproject.toml").write_text(
        "[project]\nname = 'site'\n\n"
        "[tool.genlabel.signer]\nkey = 'keys/signing.key'\ncertificates = 'keys/signing.pem'\n\n"
        "[tool.genlabel.trust]\nsigners = 'keys/anchors.pem'\n"
    )
    assert genlabel("keys", "new", "--renew", "-q").status == 0
    found = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["tool"]["genlabel"]
    assert found["trust"]["signers"] == ["keys/anchors.pem", f"keys/{TODAY}/anchors.pem"]
    assert load().values["signer.key"].value == Path.cwd() / f"keys/{TODAY}/signing.key"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--renew", "--organisation", "Acme"), "--organisation does not go with --renew"),
        (("--renew", "--tsa"), "--tsa does not go with --renew"),
        (("--renew", "--write-config"), "--write-config does not go with --renew"),
        (("--renew", "--identity"), "identity: no certificates are configured"),
        ((), "missing option '--organisation'"),
    ],
)
def test_what_does_not_go_together_is_told(studio, genlabel, words, said):
    answer = genlabel("keys", "new", *words)
    assert (answer.status, answer.out) == (2, "")
    assert said in answer.err
    assert not Path(f"keys/{TODAY}").exists()


def test_a_certificate_of_somebody_elses_authority_is_not_ours_to_renew(tmp_path):
    bought = testing.Authority.new("Acme Studio").write(tmp_path / "ours")
    with pytest.raises(CredentialError, match="no development certificate") as refused:
        face.renew_keys(bought.anchors)
    assert "keys csr" in refused.value.remedy
    again = face.renew_keys(bought.certificates, lifetime=timedelta(days=30), algorithm="es384")
    assert face.check_keys(again.certificates, key=again.key).algorithm == "es384"
    assert again.key.parent == tmp_path / "ours" / TODAY


def test_an_expired_credential_is_renewed_all_the_same(tmp_path):
    old = testing.Authority.new(
        "Acme Studio", lifetime=timedelta(days=1), not_before=datetime(2024, 1, 1, tzinfo=UTC)
    ).write(tmp_path / "old")
    assert face.check_keys(face.renew_keys(old.certificates).certificates).ok


@pytest.mark.parametrize("there", [None, "*.key\n", "signing.key\n", "*.log\n", "*.key\n!*.key\n"])
def test_keys_in_a_repository_are_ignored_or_told(tmp_path, monkeypatch, genlabel, there):
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q"], check=True)
    Path("keys").mkdir()
    if there is not None:
        Path("keys/.gitignore").write_text(there)
    answer = genlabel("keys", "new", "--organisation", "Acme")
    assert answer.status == 0
    ignored = subprocess.run(["git", "check-ignore", "-q", "keys/signing.key"], check=False)
    assert ("could be committed" in answer.err) == (ignored.returncode != 0)
    if there is not None:
        assert Path("keys/.gitignore").read_text() == there
    else:
        assert ignored.returncode == 0
    public = subprocess.run(["git", "check-ignore", "-q", "keys/anchors.pem"], check=False)
    assert public.returncode == 1


def test_outside_of_a_repository_nothing_more_is_written(studio):
    assert sorted(each.name for each in Path("keys").iterdir()) == [
        "anchors.pem",
        "signing.key",
        "signing.pem",
    ]


@pytest.mark.skipif(os.name == "nt", reason="sessions are of POSIX")
@pytest.mark.parametrize(
    "words",
    [
        ("keys", "check", "--key", "locked/signing.key", "--certificates", "locked/signing.pem"),
        ("keys", "new", "--organisation", "Acme", "--encrypt", "--out", "more"),
        ("sign", "cat.png", "-o", "x.png", "--generated", "--key", "locked/signing.key",
         "--certificates", "locked/signing.pem"),
    ],
    ids=["check", "new", "sign"],
)  # fmt: skip
@pytest.mark.parametrize("stdin", [subprocess.DEVNULL, subprocess.PIPE])
def test_without_a_terminal_a_missing_passphrase_is_one_sentence(studio, words, stdin):
    testing.Authority.new("Acme Studio").write("locked", passphrase="sesame")
    environ = {name: value for name, value in os.environ.items() if name != "GENLABEL_PASSPHRASE"}
    running = subprocess.Popen(
        [sys.executable, "-m", "genlabel", *words], stdin=stdin, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=environ, start_new_session=True,
    )  # fmt: skip
    assert running.wait(60) == 2  # and does not wait for a pipe that nobody closes
    said = running.stderr.read().decode()
    running.communicate()
    assert "no terminal on which to ask" in said
    assert "GENLABEL_PASSPHRASE" in said
    assert "--passphrase-file" in said
    assert "Warning" not in said
