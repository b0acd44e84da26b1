"""A stranger's folder trusts nobody in the reader's name, replaces no anchor and asks nobody."""

import json
from pathlib import Path

import pytest

import genlabel
from fieldbook import edited
from genlabel import testing
from genlabel.cli.main import status
from genlabel.cli.settings import load
from genlabel.cli.settings.load import user_file


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A repository in which a stranger has signed a picture and vouches for it."""
    stranger = testing.Authority.new("Stranger")
    stranger.write(tmp_path / "keys")
    signed = genlabel.sign(testing.picture("png"), edited(), stranger.signer())
    (tmp_path / "cat.png").write_bytes(signed.data)
    (tmp_path / "genlabel.toml").write_text('[trust]\nsigners = ["keys/anchors.pem"]\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GENLABEL_CONFIG", raising=False)
    return tmp_path


@pytest.fixture
def own(tmp_path_factory, monkeypatch):
    """The reader's own configuration file, and an authority that it trusts."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    authority = testing.Authority.new("Acme Studio")
    authority.write(home / "genlabel/keys")
    file = user_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'[trust]\nsigners = ["{home / "genlabel/keys/anchors.pem"}"]\n')
    return authority


def _signer(capsys, *words):
    capsys.readouterr()
    status(["verify", *words, "--format", "json"])
    return json.loads(capsys.readouterr().out)["reports"][0]["signer"]


@pytest.mark.parametrize(
    "settings",
    [
        '[trust]\nsigners = ["keys/anchors.pem"]\n',
        '[trust]\nlists = ["signer=keys/anchors.pem"]\n',
    ],
)
def test_whom_a_folder_trusts_is_said_in_its_own_name(folder, capsys, settings):
    (folder / "genlabel.toml").write_text(settings)
    assert _signer(capsys, "cat.png")["list"] == "this folder's keys/anchors.pem"
    assert _signer(capsys, "cat.png")["trust"] == "known"  # never "listed"
    status(["verify", "cat.png"])
    shown = capsys.readouterr().out
    assert "'Stranger', known by this folder's keys/anchors.pem" in shown
    assert "to you" not in shown
    status(["explain", "cat.png", "--lang", "en"])
    explained = capsys.readouterr().out
    assert "you have not said so yourself" in explained
    assert "whom your lists name" not in explained


def test_a_file_that_is_named_speaks_for_the_reader(folder, capsys):
    assert _signer(capsys, "cat.png", "--config", "genlabel.toml")["list"] == "anchors.pem"


def test_the_readers_own_anchors_stay_whatever_a_folder_says(folder, own, capsys):
    signed = genlabel.sign(testing.picture("png"), edited(), own.signer())
    Path("own.png").write_bytes(signed.data)
    (told, others) = (_signer(capsys, "own.png"), _signer(capsys, "cat.png"))
    assert (told["trust"], told["list"]) == ("known", "anchors.pem")
    assert (others["trust"], others["list"]) == ("known", "this folder's keys/anchors.pem")


def test_an_anchor_that_both_name_is_the_readers(folder, own, capsys):
    (folder / "keys/anchors.pem").write_bytes(own.anchors)
    Path("own.png").write_bytes(genlabel.sign(testing.picture("png"), edited(), own.signer()).data)
    assert _signer(capsys, "own.png")["list"] == "anchors.pem"


def test_an_option_takes_the_place_of_what_a_folder_trusts(folder, capsys):
    other = testing.Authority.new("Other")
    Path("other.pem").write_bytes(other.anchors)
    assert _signer(capsys, "cat.png", "--trust", "other.pem")["trust"] == "unknown"


@pytest.mark.parametrize(
    "setting", ['[time]\nauthorities = ["http://tsa.example"]', "[signer]\nocsp = true"]
)
def test_a_folder_causes_no_request(folder, capsys, setting):
    (folder / "genlabel.toml").write_text(setting)
    found = load(environ={}, start=folder)
    assert found.tsa() is None
    assert not found.ocsp()
    status(["verify", "cat.png"])
    assert "asks the network, which only your own file may" in capsys.readouterr().err
    named = load(environ={}, start=folder, config=folder / "genlabel.toml")
    assert named.tsa() is not None or named.ocsp()
    assert named.unheard == ()
