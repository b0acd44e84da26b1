"""`genlabel keys new` and `genlabel config`, from the outside."""

import os
import stat
import tomllib
from pathlib import Path

import pytest


@pytest.fixture
def empty(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_keys_are_made_and_found_by_the_settings(empty, genlabel):
    answer = genlabel("keys", "new", "--organisation", "Acme Studio", "--write-config")
    assert answer.status == 0
    assert sorted(path.name for path in (empty / "keys").iterdir()) == [
        "anchors.pem", "signing.key", "signing.pem",
    ]  # fmt: skip
    assert tomllib.loads(Path("genlabel.toml").read_text()) == {
        "producer": {"name": "Acme Studio"},
        "signer": {"key": "keys/signing.key", "certificates": "keys/signing.pem"},
        "trust": {"signers": ["keys/anchors.pem"]},
    }
    if os.name == "posix":
        assert stat.S_IMODE(Path("keys/signing.key").stat().st_mode) == 0o600


def test_without_write_config_the_lines_are_shown(empty, genlabel):
    answer = genlabel("keys", "new", "--organisation", 'A "quoted" name', "--out", "k")
    assert answer.status == 0
    assert not Path("genlabel.toml").exists()
    shown = answer.out[answer.out.index("[producer]") :]
    assert tomllib.loads(shown)["producer"]["name"] == 'A "quoted" name'


def test_nothing_is_overwritten_and_nothing_half_done(empty, genlabel):
    assert genlabel("keys", "new", "--organisation", "A").status == 0
    before = Path("keys/signing.key").read_bytes()
    assert genlabel("keys", "new", "--organisation", "B").status == 2
    assert Path("keys/signing.key").read_bytes() == before
    Path("genlabel.toml").write_text("[signer]\nkey = 'x'\n")
    answer = genlabel("keys", "new", "--organisation", "B", "--out", "k", "--write-config")
    assert answer.status == 2
    assert not Path("k").exists()


def test_the_authoritys_key_is_kept_only_when_asked_for(empty, genlabel):
    genlabel("keys", "new", "--organisation", "A", "--keep-authority")
    assert Path("keys/authority.key").exists()


def test_config_names_each_value_and_its_origin(studio, genlabel, monkeypatch):
    monkeypatch.setenv("GENLABEL_VERIFY_FAIL_ON", "warning")
    lines = genlabel("config").out.splitlines()
    assert f"producer.name = Acme Studio  # {studio / 'genlabel.toml'}" in lines
    assert "verify.fail_on = warning  # GENLABEL_VERIFY_FAIL_ON" in lines
    assert "# label.rights.credit is not set (GENLABEL_LABEL_RIGHTS_CREDIT): the credit line" in (
        genlabel("config", "-v").out
    )
    assert "producer" not in genlabel("config", "--no-config").out


def test_a_mistake_in_the_settings_is_exit_2_for_every_command(studio, genlabel):
    Path("genlabel.toml").write_text("[produser]\nname = 'x'\n")
    for words in (
        ("config",),
        ("verify", "cat.png"),
        ("sign", "cat.png", "--generated", "-o", "x"),
        ("strip-check", "cat.png"),
    ):
        answer = genlabel(*words)
        assert (answer.status, answer.out) == (2, "")
        assert "hint: did you mean producer?" in answer.err
        assert genlabel("verify", "cat.png", "--no-config").status == 1
