"""`--tsa-login`: who may set it, and what is shown of it."""

from pathlib import Path

LOGIN = "https://tsa.example/ basic=file:secret"


def test_a_login_is_shown_without_its_secret(studio, genlabel, monkeypatch):
    Path("secret").write_text("acme:sesame")
    monkeypatch.setenv("GENLABEL_TIME_LOGINS", f"{LOGIN}\nhttps://b.example/ netrc=file:n")
    answer = genlabel("config")
    assert answer.status == 0, answer.err
    assert f"time.logins = https://tsa.example/ basic=file:{studio / 'secret'}" in answer.out
    assert "https://b.example/ netrc=file:" in answer.out
    assert "sesame" not in answer.out + answer.err


def test_no_project_says_which_secret_goes_where(studio, genlabel):
    own = Path("genlabel.toml")
    own.write_text(own.read_text() + f'[time]\nlogins = ["{LOGIN}"]\n')
    for words in (("config",), ("config", "--config", "genlabel.toml")):
        answer = genlabel(*words)
        assert answer.status == 2
        assert "time.logins: logins are not taken from a project's file" in answer.err


def test_a_secret_in_place_of_a_login_is_refused_and_not_repeated(studio, genlabel, monkeypatch):
    words = ("sign", "cat.png", "-o", "out.png", "--generated", "--tsa", "https://tsa.example/")
    answer = genlabel(*words, "--tsa-login", "https://tsa.example/ basic=acme:sesame")
    assert answer.status == 2
    assert "no login" in answer.err
    assert "sesame" not in answer.out + answer.err
    own = Path("home/genlabel/genlabel.toml")
    own.parent.mkdir(parents=True)
    own.write_text('[time]\nlogins = {password = "sesame"}\n')
    monkeypatch.setenv("XDG_CONFIG_HOME", str(studio / "home"))
    answer = genlabel("config")
    assert answer.status == 2
    assert "time.logins" in answer.err
    assert "sesame" not in answer.out + answer.err


def test_a_login_that_cannot_be_read_is_named(studio, genlabel):
    answer = genlabel(
        "sign", "cat.png", "-o", "out.png", "--generated", "--tsa", "https://tsa.example/",
        "--tsa-login", LOGIN,
    )  # fmt: skip
    assert answer.status == 2
    assert "cannot be read" in answer.out + answer.err
    assert not Path("out.png").exists()
