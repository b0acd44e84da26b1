"""Where settings come from, and which of them wins."""

from pathlib import Path

import pytest

import platforms
from genlabel.cli.settings import KEYS, load
from genlabel.cli.settings.keys import key
from genlabel.cli.settings.kinds import checked
from genlabel.cli.settings.load import nearest, user_file
from genlabel.model.errors import ConfigurationError


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    (root / ".git").mkdir(parents=True)
    (root / "web/pictures").mkdir(parents=True)
    return root


@pytest.fixture(autouse=True)
def _own_directories(tmp_path, monkeypatch):
    platforms.pretend(monkeypatch, "linux", {"HOME": str(tmp_path / "home")})


def home(tmp_path: Path, text: str) -> dict[str, str]:
    path = tmp_path / "home/.config/genlabel/genlabel.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return {}


def value(settings, name: str) -> object:
    return settings.values[name].value


def test_option_beats_variable_beats_project_beats_user(repository, tmp_path, monkeypatch):
    environ = home(tmp_path, '[producer]\nname = "User"\nurl = "https://user.example"\n')
    found = load(environ=environ, start=repository)
    assert value(found, "producer.name") == "User"
    (repository / "genlabel.toml").write_text('[producer]\nname = "Project"\n')
    found = load(environ=environ, start=repository / "web")
    assert value(found, "producer.name") == "Project"
    environ["GENLABEL_PRODUCER_NAME"] = "Variable"
    found = load(environ=environ, start=repository)
    assert value(found, "producer.name") == "Variable"
    assert found.values["producer.name"].origin == "GENLABEL_PRODUCER_NAME"
    found = load({"producer.name": "Option"}, environ=environ, start=repository)
    assert value(found, "producer.name") == "Option"


def test_nobody_gets_somebody_elses_address(repository):
    (repository / "genlabel.toml").write_text(
        '[producer]\nname = "Acme"\nurl = "https://acme.example"\n'
        '[generator]\nname = "FLUX"\nversion = "1"\n'
    )
    other = load({"producer.name": "Other"}, environ={}, start=repository)
    assert "producer.url" not in other.values
    assert value(other, "generator.version") == "1"
    same = load({"producer.name": "Acme"}, environ={}, start=repository)
    assert value(same, "producer.url") == "https://acme.example"


def test_the_nearest_file_counts_and_the_search_ends_at_the_repository(repository, tmp_path):
    (tmp_path / "genlabel.toml").write_text("")
    assert nearest(repository / "web/pictures") is None
    (repository / "genlabel.toml").write_text("")
    assert nearest(repository / "web/pictures") == repository / "genlabel.toml"
    (repository / "web/pyproject.toml").write_text("[tool.other]\n")
    assert nearest(repository / "web/pictures") == repository / "genlabel.toml"
    (repository / "web/pyproject.toml").write_text("[tool.genlabel.producer]\nname='Web'\n")
    assert nearest(repository / "web/pictures") == repository / "web/pyproject.toml"


def test_outside_a_repository_no_directory_above_speaks_for_us(tmp_path):
    (tmp_path / "genlabel.toml").write_text("")
    (tmp_path / "below").mkdir()
    assert nearest(tmp_path / "below") is None
    assert nearest(tmp_path) == tmp_path / "genlabel.toml"


def test_a_named_file_takes_the_place_of_the_nearest(repository, tmp_path):
    (repository / "genlabel.toml").write_text('[producer]\nname = "Near"\n')
    (tmp_path / "other.toml").write_text('[producer]\nname = "Other"\n')
    for found in (
        load(config=tmp_path / "other.toml", environ={}, start=repository),
        load(environ={"GENLABEL_CONFIG": str(tmp_path / "other.toml")}, start=repository),
    ):
        assert value(found, "producer.name") == "Other"
        assert found.files == (tmp_path / "other.toml",)


def test_no_config_reads_no_file(repository, tmp_path):
    (repository / "genlabel.toml").write_text("this is no TOML")
    environ = home(tmp_path, "nor this")
    assert load(no_config=True, environ=environ, start=repository).files == ()


def test_paths_are_relative_to_the_file(repository):
    (repository / "genlabel.toml").write_text(
        '[signer]\nkey = "keys/signing.key"\n'
        '[trust]\nsigners = ["keys/anchors.pem"]\nlists = ["signer=lists/c2pa.pem"]\n'
    )
    found = load(environ={}, start=repository / "web")
    assert value(found, "signer.key") == repository / "keys/signing.key"
    assert found.folder["trust.signers"].value == (repository / "keys/anchors.pem",)
    assert found.folder["trust.lists"].value == (f"signer={repository / 'lists/c2pa.pem'}",)


@pytest.mark.parametrize(
    ("text", "sentence", "remedy"),
    [
        ("[signer]\nkeey = 'x'", "signer.keey: unknown", "did you mean signer.key?"),
        ("[singer]\nkey = 'x'", "singer: unknown", "did you mean signer?"),
        ("[label]\nkind = 'image'", "label.kind: unknown", "known tables: "),
        ("[label]\ncredit = 'x'", "label.credit: unknown", "did you mean label.rights.credit?"),
        ("[producer]\nperson = 'yes'", "producer.person: true or false is wanted", "producer"),
        ("[producer]\nname = 7", "producer.name: a text is wanted, not 7", "answers"),
        ("[trust]\nlists = ['signer=']", "trust.lists: a list such as", "published"),
        ("[trust]\nmax_age = 90", "trust.max_age: a span of time such as 90d", "which age"),
        ("[label]\nprompt = 'a cat'", "label.prompt: belongs to one picture", "--label FILE"),
        ("[signer]\nkey = 'exec:/bin/evil'", "runs a program", "your own configuration file"),
        ("[trust.producers]\nEvil = 'BBC'", "who may use which name", "--trust-producer"),
        ("producer = ", "no TOML", "correct"),
        ("producer = 'Acme'", "line 1: producer: is a table, and no value", "producer.name"),
        ("label.rights = '©'", "label.rights: is a table, and no value", "label.rights.copyright"),
        ('[signer]\nkey = "keys\\signing.key"', "line 2, column", "in single quotes"),
        ('[signer]\nkey = "C:\\Users\\Ada\\signing.key"', "no TOML", "in single quotes"),
    ],
)
def test_what_cannot_be_used_is_named_with_a_remedy(repository, text, sentence, remedy):
    (repository / "genlabel.toml").write_text(text)
    with pytest.raises(ConfigurationError) as error:
        load(environ={}, start=repository)
    assert sentence in str(error.value)
    assert str(repository / "genlabel.toml") in str(error.value)
    assert remedy in str(error.value.remedy)


def test_a_misspelt_variable_is_no_silence(tmp_path):
    with pytest.raises(ConfigurationError, match="GENLABEL_SIGNER_KEEY") as error:
        load(environ={"GENLABEL_SIGNER_KEEY": "x"}, start=tmp_path)
    assert error.value.remedy == "did you mean GENLABEL_SIGNER_KEY?"
    assert load(environ={"GENLABEL_CORPUS": "x"}, start=tmp_path).values == {}


def test_a_huge_or_binary_file_is_refused(tmp_path):
    (tmp_path / "genlabel.toml").write_bytes(b"#" * (1024 * 1024 + 1))
    with pytest.raises(ConfigurationError, match="bytes"):
        load(environ={}, start=tmp_path)
    (tmp_path / "genlabel.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="no UTF-8"):
        load(environ={}, start=tmp_path)


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("linux", {"HOME": "/h"}, "/h/.config/genlabel/genlabel.toml"),
        ("linux", {"HOME": "/h", "XDG_CONFIG_HOME": "/x"}, "/x/genlabel/genlabel.toml"),
        ("linux", {"HOME": "/h", "XDG_CONFIG_HOME": "x"}, "/h/.config/genlabel/genlabel.toml"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Application Support/genlabel/genlabel.toml"),
        ("darwin", {"HOME": "/h", "XDG_CONFIG_HOME": "/x"}, "/x/genlabel/genlabel.toml"),
        ("win32", {"HOME": "/h", "APPDATA": "/r"}, "/r/genlabel/genlabel.toml"),
    ],
)
def test_the_users_own_file_is_where_the_platform_keeps_such(
    platform, environ, expected, monkeypatch
):
    platforms.pretend(monkeypatch, platform, environ)
    assert user_file() == Path(expected)


def test_every_key_can_be_set_by_a_variable_of_its_own():
    assert len({each.variable for each in KEYS}) == len(KEYS)


@pytest.mark.parametrize("given", [("",), ("cat", " "), ()])
def test_of_several_texts_the_one_that_says_nothing_is_shown(given):
    with pytest.raises(ConfigurationError) as refused:
        checked(key("label.keywords"), given, below=Path(), origin="option")
    shown = next((each for each in given if not each.strip()), [])
    assert str(refused.value).endswith(f"is wanted, not {shown!r}")
