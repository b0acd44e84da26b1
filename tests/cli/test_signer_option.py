"""`--signer` and `signer.uri`: keys that are elsewhere, on the command line."""

import json
import sys
from pathlib import Path

import pytest

import genlabel as face
from genlabel import testing
from genlabel.manifests.engine import signing

SIGNER = """
import sys
from pathlib import Path
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
here = Path("keys")
left = here / "left"
if left.exists():
    number = int(left.read_text())
    if number == 0:
        sys.exit("the card is gone")
    left.write_text(str(number - 1))
key = serialization.load_pem_private_key((here / "signing.key").read_bytes(), None)
sys.stdout.buffer.write(key.sign(sys.stdin.buffer.read(), ec.ECDSA(hashes.SHA256())))
"""
WORDS = ("--generated", "--by", "Acme Studio", "-o", "out")


@pytest.fixture
def program(studio):
    (studio / "signer.py").write_text(SIGNER)
    return f"exec:{sys.executable} signer.py"


def test_a_program_signs_from_the_command_line(studio, genlabel, program):
    answer = genlabel(
        "sign", "cat.png", *WORDS, "--signer", program, "--certificates", "keys/signing.pem"
    )
    assert answer.status == 0, answer.err
    report = face.verify_file("out/cat.png", trust="keys/anchors.pem")
    assert report.state is face.ValidationState.TRUSTED


@pytest.mark.parametrize("how", ["file:keys/all.pem", "env:SIGNING"])
def test_files_and_variables_sign_from_the_command_line(studio, genlabel, monkeypatch, how):
    both = (studio / "keys/signing.key").read_text() + (studio / "keys/signing.pem").read_text()
    (studio / "keys/all.pem").write_text(both)
    monkeypatch.setenv("SIGNING", both)
    answer = genlabel("sign", "cat.png", *WORDS, "--signer", how)
    assert answer.status == 0, answer.err


def test_a_variable_names_the_signer(studio, genlabel, program, monkeypatch):
    (studio / "genlabel.toml").unlink()
    monkeypatch.setenv("GENLABEL_SIGNER_URI", program)
    monkeypatch.setenv("GENLABEL_SIGNER_CERTIFICATES", "keys/signing.pem")
    assert genlabel("sign", "cat.png", *WORDS).status == 0
    answer = genlabel("keys", "check", "--format", "json")
    told = json.loads(answer.out)
    assert answer.status == 0
    assert (told["key"], told["probe"]) == (f"exec:{Path(sys.executable).name}", "passed")


def test_a_project_may_name_a_file_and_its_path_is_from_there(studio, genlabel, monkeypatch):
    both = (studio / "keys/signing.key").read_bytes() + (studio / "keys/signing.pem").read_bytes()
    (studio / "keys/all.pem").write_bytes(both)
    (studio / "genlabel.toml").write_text('[signer]\nuri = "file:keys/all.pem"\n')
    (studio / ".git").mkdir()
    monkeypatch.chdir(studio / "site")
    answer = genlabel("sign", "a.jpg", *WORDS)
    assert answer.status == 0, answer.err


@pytest.mark.parametrize(
    "uri",
    ["exec:touch mark", "EXEC:touch mark", " exec:touch mark", "awskms:alias/x",
     "pkcs11:object=x?module-path=mark.so"],
)  # fmt: skip
@pytest.mark.parametrize("place", ["genlabel.toml", "pyproject.toml"])
def test_a_repository_may_not_choose_what_runs(studio, genlabel, uri, place):
    (studio / "genlabel.toml").unlink()
    table = "tool.genlabel.signer" if place == "pyproject.toml" else "signer"
    (studio / place).write_text(f"[{table}]\nuri = '{uri}'\ncertificates = 'keys/signing.pem'\n")
    answer = genlabel("sign", "cat.png", *WORDS)
    assert answer.status == 2
    assert f"{studio / place}: signer.uri" in answer.err
    assert "--signer" in answer.err
    assert "own configuration file" in answer.err
    assert not (studio / "mark").exists()
    assert not (studio / "out").exists()


def test_the_users_own_file_may(studio, genlabel, program, tmp_path, monkeypatch):
    (studio / "genlabel.toml").unlink()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path / "config"))
    from genlabel.cli.settings.load import user_file

    user_file().parent.mkdir(parents=True)
    user_file().write_text(
        f"[signer]\nuri = '{program}'\ncertificates = '{studio / 'keys/signing.pem'}'\n"
    )
    assert genlabel("sign", "cat.png", *WORDS).status == 0


def test_a_pin_is_refused_wherever_it_stands_and_never_repeated(studio, genlabel, monkeypatch):
    uri = "pkcs11:object=x?module-path=/x.so&pin-value=4321"
    answers = [genlabel("sign", "cat.png", *WORDS, "--signer", uri)]
    monkeypatch.setenv("GENLABEL_SIGNER_URI", uri)
    answers += [genlabel("sign", "cat.png", *WORDS), genlabel("config", "-v")]
    for answer in answers:
        assert answer.status == 2
        assert "4321" not in answer.out + answer.err
        assert "pin-source" in answer.err


def test_a_signer_is_named_in_one_way(studio, genlabel, program):
    answer = genlabel("sign", "cat.png", *WORDS, "--signer", program, "--key", "keys/signing.key")
    assert answer.status == 2
    assert "both a URI and a key" in answer.err


def test_an_option_takes_the_place_of_the_configured_signer_and_of_its_chain(
    studio, genlabel, program, monkeypatch
):
    """A chain that was configured for one key is not given to another."""
    answer = genlabel("sign", "cat.png", *WORDS, "--signer", program)
    assert answer.status == 2  # it is asked for its own chain, and has none
    assert "--signer-info" in answer.err
    monkeypatch.setenv("GENLABEL_SIGNER_URI", program)
    words = ("--key", "keys/signing.key", "--certificates", "keys/signing.pem")
    assert genlabel("sign", "cat.png", *WORDS, *words).status == 0


def test_a_signer_that_dies_half_way_fails_the_rest_and_leaves_nothing_unsigned(
    studio, genlabel, program
):
    (studio / "keys/left").write_text("2")
    words = ("--signer", program, "--certificates", "keys/signing.pem", "--format", "json")
    answer = genlabel("sign", "site", *WORDS, *words)
    assert answer.status == 2
    told = json.loads(answer.out)["reports"]
    assert [each["outcome"] for each in told] == ["signed", "signed", "failed"]
    assert "the card is gone" in told[2]["error"]["message"]
    written = sorted(each.name for each in (studio / "out").rglob("*") if each.is_file())
    assert written == ["a.jpg", "b.png"]
    for each in (studio / "out").rglob("*.*"):
        assert face.verify_file(each, trust="keys/anchors.pem").integrity is face.Integrity.INTACT


def test_a_signer_that_is_missing_stops_the_run_before_anything_is_written(studio, genlabel):
    for uri in ("exec:no-such-program", "env:NOT_SET", "file:nowhere.p12", "what:ever"):
        answer = genlabel(
            "sign", "cat.png", *WORDS, "--signer", uri, "--certificates", "keys/signing.pem"
        )
        assert answer.status == 2, uri
        assert "hint:" in answer.err
        assert not (studio / "out").exists()


def test_keys_check_says_which_rule_the_chain_of_a_place_fails(studio, genlabel, monkeypatch):
    stranger = testing.Authority.new("Acme Studio")
    monkeypatch.setenv("KEY", stranger.key_pem().decode())
    answer = genlabel("keys", "check", "--signer", "env:KEY", "--certificates", "keys/signing.pem")
    assert answer.status == 1
    assert "does not belong to the certificate" in answer.out
    check = face.check_keys("keys/signing.pem", signer="env:KEY")
    assert [each.name for each in check.problems] == ["key"]
    assert check.key == "env:KEY"


def test_keys_check_notices_a_program_with_another_key(studio, genlabel, program):
    (studio / "keys/signing.key").unlink()
    face.new_keys("Acme Studio", out="others")
    (studio / "others/signing.key").rename(studio / "keys/signing.key")
    answer = genlabel("keys", "check", "--signer", program, "--certificates", "keys/signing.pem")
    assert answer.status == 1
    assert "made by another key" in answer.out


def test_the_doctor_tries_the_signer_wherever_its_key_is(studio, genlabel, program, monkeypatch):
    monkeypatch.setenv("GENLABEL_SIGNER_URI", program)
    monkeypatch.setenv("GENLABEL_SIGNER_CERTIFICATES", "keys/signing.pem")
    assert genlabel("doctor").status == 0
    (studio / "keys/left").write_text("0")
    answer = genlabel("doctor")
    assert answer.status == 1
    assert "the card is gone" in answer.out


def test_the_users_own_file_may_name_the_pin_of_a_token_and_a_project_may_not(
    studio, monkeypatch, tmp_path
):
    home = tmp_path / "home"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("HOME", str(home))
    from genlabel.cli.settings import load
    from genlabel.cli.settings.load import user_file

    user_file().parent.mkdir(parents=True)
    (user_file().parent / "pin").write_text("1234")
    uri = "uri = 'pkcs11:object=x?module-path=/x.so'\n"
    user_file().write_text(f"[signer]\n{uri}passphrase_file = 'pin'\n")
    (studio / "genlabel.toml").unlink()
    assert load().credential(lambda: "asked").passphrase() == b"1234"
    (studio / "pin").write_text("1111")
    (studio / "genlabel.toml").write_text("[signer]\npassphrase_file = 'pin'\n")
    assert load().credential(lambda: "asked").passphrase() == "asked"


def test_the_engines_own_sealing_is_one_switch_away(studio, genlabel, monkeypatch):
    def ours(*_, **__):
        raise AssertionError("sealed by genlabel")

    monkeypatch.setattr(signing, "sign_into", ours)
    assert genlabel("sign", "cat.png", *WORDS, "--sealing", "engine").status == 0
    monkeypatch.setenv("GENLABEL_SIGNER_SEALING", "engine")
    assert genlabel("sign", "cat.png", *WORDS, "--overwrite", "--title", "Cat").status == 0
    monkeypatch.setenv("GENLABEL_SIGNER_SEALING", "openssl")
    answer = genlabel("sign", "cat.png", *WORDS, "--overwrite", "--title", "Dog")
    assert (answer.status, "signer.sealing" in answer.err) == (2, True)
