"""What settings become."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from genlabel import policies
from genlabel.cli.settings import load
from genlabel.cli.settings.load import user_file
from genlabel.model.element import Element
from genlabel.model.errors import ConfigurationError, CredentialError, LabelError
from genlabel.model.label import History, Label
from genlabel.model.parties import Generator, Licensor, Producer, Rights
from genlabel.model.plus import DataMining
from genlabel.model.report import Severity
from genlabel.model.vocabulary import DigitalSourceType, Role
from genlabel.policies import LABELLED, Policy, policy
from genlabel.testing import Authority

STUDIO, FLUX = Producer("Acme"), Generator("FLUX")


def settled(tmp_path: Path, text: str = "", options=None, environ=None, **more):
    (tmp_path / "genlabel.toml").write_text(text)
    return load(options, environ=environ or {}, start=tmp_path, **more)


@pytest.mark.parametrize(
    ("history", "using", "expected"),
    [
        ("generated", "FLUX", Label.generated(producer=STUDIO, generator=FLUX)),
        ("generated", None, Label.generated(producer=STUDIO)),
        ("edited", "FLUX", Label.edited(producer=STUDIO, generator=FLUX)),
        ("edited", None, Label.edited(producer=STUDIO)),
        ("enhanced", "FLUX", Label.enhanced(producer=STUDIO, generator=FLUX)),
        ("enhanced", None, Label.enhanced(producer=STUDIO)),
        ("composite", "FLUX", Label.composite(producer=STUDIO, of=(), generator=FLUX)),
        ("composite", None, Label.composite(producer=STUDIO, of=())),
        ("captured", None, Label.captured(producer=STUDIO)),
        ("created-by-human", None, Label.created_by_human(producer=STUDIO)),
    ],
)
def test_the_plain_answers_mean_what_the_labels_own_constructors_mean(
    tmp_path, history, using, expected
):
    options = {"producer.name": "Acme", "label.history": history, "generator.name": using}
    assert settled(tmp_path, options=options).label() == expected


def test_a_source_type_alone_implies_its_history(tmp_path):
    label = settled(
        tmp_path, options={"producer.name": "Acme", "label.source_type": "print"}
    ).label()
    assert (label.history, label.source_type) == (History.CAPTURED, DigitalSourceType.PRINT)


@pytest.mark.parametrize("place", ["project", "own file", "variable"])
@pytest.mark.parametrize(
    ("story", "named"),
    [
        ({"label.history": "generated"}, True),
        ({"label.history": "edited"}, False),
        ({"label.history": "enhanced"}, False),
        ({"label.history": "composite"}, False),
        ({"label.source_type": "computationalCapture"}, False),
        ({"label.source_type": "dataDrivenMedia"}, False),
        ({"label.source_type": "compositeWithTrainedAlgorithmicMedia"}, True),
    ],
)
def test_a_configured_generator_fills_in_and_never_changes_a_history(
    tmp_path, monkeypatch, place, story, named
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    environ, text = {}, ""
    if place == "variable":
        environ = {"GENLABEL_GENERATOR_NAME": "FLUX"}
    elif place == "project":
        text = '[generator]\nname = "FLUX"\n'
    else:
        user_file().parent.mkdir(parents=True)
        user_file().write_text('[generator]\nname = "FLUX"\n')
    options = {"producer.name": "Acme", **story}
    settings = settled(tmp_path, text, options, environ)
    label = settings.label()
    assert label == replace(
        settled(tmp_path, "", options, no_config=True).label(), generator=FLUX if named else None
    )
    assert settings.unused_generator() == (None if named else "FLUX")
    option = settled(tmp_path, text, {**options, "generator.name": "FLUX"}, environ)
    assert option.label().generator == FLUX
    assert option.unused_generator() is None


def test_a_file_that_names_both_history_and_generator_is_heard_in_both(tmp_path):
    text = '[producer]\nname = "Acme"\n[generator]\nname = "FLUX"\n[label]\nhistory = "edited"\n'
    assert settled(tmp_path, text).label() == Label.edited(producer=STUDIO, generator=FLUX)
    by_hand = settled(tmp_path, text, {"label.history": "edited"})
    assert by_hand.label() == Label.edited(producer=STUDIO)


def test_another_data_mining_code_takes_a_standing_constraint_along(tmp_path):
    text = """[producer]
name = "Acme"
[label.rights]
data_mining = "prohibited-seeconstraint"
data_mining_constraint = "Ask first"
"""
    story = {"label.history": "captured"}
    rights = settled(tmp_path, text, story).label().rights
    assert rights.data_mining_constraint == "Ask first"
    other = settled(tmp_path, text, {**story, "label.rights.data_mining": "prohibited"})
    assert other.label().rights == Rights(data_mining=DataMining.PROHIBITED)


def test_a_standing_generator_gives_way_to_a_picture_made_without_one(tmp_path):
    text = '[producer]\nname = "Acme"\n[generator]\nname = "FLUX"\n'
    for story in ({"label.history": "captured"}, {"label.source_type": "humanEdits"}):
        assert settled(tmp_path, text, story).label().generator is None
    assert settled(tmp_path, text, {"label.history": "generated"}).label().generator == FLUX
    with pytest.raises(LabelError, match="a generator is named"):
        settled(tmp_path, text, {"label.history": "captured", "generator.name": "DALL-E"}).label()


def test_missing_answers_are_asked_for(tmp_path):
    with pytest.raises(ConfigurationError, match="how the picture came to be"):
        settled(tmp_path, options={"producer.name": "Acme"}).label()
    with pytest.raises(ConfigurationError, match="nobody is named"):
        settled(tmp_path, options={"label.history": "generated"}).label()


TOML = """
history = "composite"
title = "A cat on the moon"
created = 2026-05-01T12:00:00+02:00
elements = ["cat.png", { source = "moon.jpg", title = "The moon" }]
[producer]
name = "Acme"
role = "publisher"
person = false
[generator]
name = "FLUX"
provider = "BFL"
[rights]
creator = ["Ann", "Bob"]
copyright = "(c) Acme"
data_mining = "prohibited"
licensor = { name = "Acme Licences", url = "https://acme.example" }
"""
JSON = {
    "history": "composite",
    "title": "A cat on the moon",
    "created": "2026-05-01T10:00:00Z",
    "elements": ["cat.png", {"source": "moon.jpg", "title": "The moon"}],
    "producer": {"name": "Acme", "role": "publisher", "person": False},
    "generator": {"name": "FLUX", "provider": "BFL"},
    "rights": {
        "creator": ["Ann", "Bob"],
        "copyright": "(c) Acme",
        "data_mining": "prohibited",
        "licensor": {"name": "Acme Licences", "url": "https://acme.example"},
    },
}


@pytest.mark.parametrize(("name", "text"), [("label.toml", TOML), ("label.json", json.dumps(JSON))])
def test_a_label_file_has_all_fields_by_their_names(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    assert load(label=tmp_path / name, environ={}, start=tmp_path).label() == Label(
        source_type=DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
        history=History.COMPOSITE,
        producer=Producer("Acme", role=Role.PUBLISHER),
        generator=Generator("FLUX", provider="BFL"),
        title="A cat on the moon",
        created=datetime(2026, 5, 1, 10, tzinfo=UTC),
        elements=(
            Element(tmp_path / "cat.png"),
            Element(tmp_path / "moon.jpg", title="The moon"),
        ),
        rights=Rights(
            creator=("Ann", "Bob"),
            copyright="(c) Acme",
            data_mining=DataMining.PROHIBITED,
            licensor=Licensor("Acme Licences", url="https://acme.example"),
        ),
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('titel = "x"', "titel: unknown"),
        ("created = 2026-05-01T12:00:00", "label.created: a time with time zone"),
        ("elements = [{ path = 'x' }]", "label.elements"),
        ("[signer]\nkey = 'x'", "signer: unknown"),
    ],
)
def test_a_label_file_with_another_word_is_refused(tmp_path, text, sentence):
    (tmp_path / "label.toml").write_text(text)
    with pytest.raises(ConfigurationError, match=sentence):
        load(label=tmp_path / "label.toml", environ={}, start=tmp_path)


def test_options_lie_over_the_label_file(tmp_path):
    (tmp_path / "label.toml").write_text(TOML)
    options = {"label.history": "generated", "label.elements": (), "label.title": "Other"}
    found = load(options, label=tmp_path / "label.toml", environ={}, start=tmp_path)
    assert found.values["label.title"].value == "Other"
    assert found.values["label.history"].value == "generated"


def test_the_passphrase_comes_from_option_then_variable_then_file_then_question(tmp_path):
    Authority.new("Acme").write(tmp_path / "keys", passphrase="secret")
    text = '[signer]\nkey = "keys/signing.key"\ncertificates = "keys/signing.pem"\n'
    (tmp_path / "right").write_text("secret\n")
    (tmp_path / "wrong").write_text("other\n")
    option = {"signer.passphrase_file": tmp_path / "right"}
    named = text + 'passphrase_file = "right"\n'
    assert settled(tmp_path, text, option, {"GENLABEL_PASSPHRASE": "x"}).signer()
    assert settled(tmp_path, text, environ={"GENLABEL_PASSPHRASE": "secret"}).signer()
    assert settled(tmp_path, named).signer()
    assert settled(tmp_path, text).signer(ask=lambda: "secret")
    with pytest.raises(CredentialError, match="passphrase"):
        settled(tmp_path, named, environ={"GENLABEL_PASSPHRASE": "x"}).signer()
    with pytest.raises(CredentialError, match="encrypted"):
        settled(tmp_path, text).signer()


def test_a_passphrase_file_holds_one_line(tmp_path):
    Authority.new("Acme").write(tmp_path / "keys", passphrase="secret")
    (tmp_path / "two").write_text("secret\nmore\n")
    text = '[signer]\nkey = "keys/signing.key"\ncertificates = "keys/signing.pem"\n'
    with pytest.raises(ConfigurationError, match="one line"):
        settled(tmp_path, text, {"signer.passphrase_file": tmp_path / "two"}).signer()


def test_a_passphrase_is_never_shown(tmp_path):
    assert "secret" not in repr(settled(tmp_path, environ={"GENLABEL_PASSPHRASE": "secret"}))


def test_trust_is_nobody_unless_set(tmp_path):
    assert not settled(tmp_path).trust()
    Authority.new("Acme").write(tmp_path / "keys")
    trust = settled(
        tmp_path,
        '[trust]\nsigners = ["keys/anchors.pem"]\nlists = ["signer=keys/anchors.pem"]\n',
    ).trust()
    assert [(each.name, each.level.value, each.c2pa) for each in trust.entries] == [
        (f"this folder's {tmp_path / 'keys/anchors.pem'}", "known", False)
    ]
    folders = settled(tmp_path, '[trust]\nlists = ["c2pa=keys/anchors.pem"]\n').trust()
    assert [each.c2pa for each in folders.entries] == [False]  # no folder says what C2PA says


def test_the_rule_book_and_the_bar_have_defaults(tmp_path):
    assert [each.name for each in settled(tmp_path).policy()] == ["labelled"]
    assert settled(tmp_path).fail_on() is Severity.ERROR
    assert settled(tmp_path, '[verify]\nfail_on = "warning"').fail_on() is Severity.WARNING
    with pytest.raises(ConfigurationError, match="no severity"):
        settled(tmp_path, '[verify]\nfail_on = "fatal"').fail_on()
    with pytest.raises(ConfigurationError, match="no rule book"):
        settled(tmp_path, '[verify]\npolicy = "eu"').policy()


def test_the_nearest_file_may_add_a_rule_book_and_lifts_none(tmp_path, monkeypatch):
    more = Policy(name="more", title="more", rules=policy("labelled").rules)
    monkeypatch.setattr(policies, "policy", lambda name: more if name == "more" else LABELLED)

    def names(options: dict[str, object] | None = None, config: str | None = None) -> list[str]:
        (tmp_path / "genlabel.toml").write_text("[verify]\npolicy = 'more'\n")
        named = tmp_path / config if config else None
        loaded = load(options or {}, start=tmp_path, config=named, environ={})
        return [each.name for each in loaded.policy()]

    assert names() == ["labelled", "more"]
    assert names(config="genlabel.toml") == ["more"]
    assert names({"verify.policy": ("labelled",)}) == ["labelled"]
    assert names({"verify.policy": ("more",)}) == ["more"]


def test_a_projects_passphrase_is_not_tried_on_the_users_own_token(tmp_path):
    (tmp_path / "pin").write_text("1111")
    (tmp_path / "genlabel.toml").write_text("[signer]\npassphrase_file = 'pin'\n")
    uri = "pkcs11:object=x?module-path=/x.so"
    for environ, expected in (
        ({"GENLABEL_SIGNER_URI": uri}, "asked"),
        ({"GENLABEL_SIGNER_URI": "file:key.pem"}, b"1111"),
        ({"GENLABEL_SIGNER_URI": uri, "GENLABEL_PASSPHRASE": "2222"}, "2222"),
    ):
        settings = load(start=tmp_path, environ=environ)
        assert settings.credential(lambda: "asked").passphrase() == expected


def test_a_users_own_passphrase_file_opens_his_token(tmp_path, monkeypatch):
    """Only a project's file is a stranger's: what the user or a variable names is tried."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    own = user_file()
    own.parent.mkdir(parents=True)
    (own.parent / "pin").write_text("1111")
    uri = "pkcs11:object=x?module-path=/x.so"
    own.write_text(f"[signer]\nuri = {uri!r}\npassphrase_file = 'pin'\n")
    (tmp_path / "project").mkdir()
    settings = load(start=tmp_path / "project", environ={})
    assert settings.credential(lambda: "asked").passphrase() == b"1111"
    variable = {"GENLABEL_SIGNER_PASSPHRASE_FILE": str(own.parent / "pin")}
    own.write_text(f"[signer]\nuri = {uri!r}\n")
    settings = load(start=tmp_path / "project", environ=variable)
    assert settings.credential(lambda: "asked").passphrase() == b"1111"


def test_a_projects_passphrase_file_opens_the_identitys_key(tmp_path):
    """The identity's key is a file always: nothing is tried on a token."""
    (tmp_path / "word").write_text("1111")
    (tmp_path / "genlabel.toml").write_text("[identity]\npassphrase_file = 'word'\n")
    environ = {"GENLABEL_SIGNER_URI": "pkcs11:object=x?module-path=/x.so"}
    settings = load(start=tmp_path, environ=environ)
    assert settings.credential(lambda: "asked", table="identity").passphrase() == b"1111"
    both = load(start=tmp_path, environ={"GENLABEL_PASSPHRASE": "2222"})
    assert both.credential(table="identity").passphrase() == b"1111"


def test_whoever_says_how_a_picture_came_to_be_overrides_both_words(tmp_path):
    weaker = '[label]\nsource_type = "digitalCapture"\n[producer]\nname = "Acme"\n'
    settings = settled(tmp_path, weaker, {"label.history": "generated", "generator.name": "FLUX"})
    assert "label.source_type" not in settings.values
    assert settings.label().history is History.GENERATED


def test_a_prompt_writer_of_a_label_file_is_no_standing_one(tmp_path):
    text = '[producer]\nname = "Acme"\n[label]\nhistory = "captured"\nprompt_writer = "A"\n'
    assert settled(tmp_path, text).label().prompt_writer is None
    label = tmp_path / "label.toml"
    label.write_text('prompt_writer = "A"\n')
    with pytest.raises(LabelError):
        load(start=tmp_path, environ={}, label=label).label()


def test_names_that_an_organisation_may_use_come_from_the_users_own_words(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    own = user_file()
    own.parent.mkdir(parents=True)
    own.write_text('[trust.producers]\n"Acme = Holding" = ["Acme Studio", "Beta"]\nGamma = "G"\n')
    pairs = (("Acme = Holding", "Acme Studio"), ("Acme = Holding", "Beta"), ("Gamma", "G"))
    assert load(environ={}, start=tmp_path).trust().producers == pairs
    options = {"trust.producers": ("Acme = Holding=Acme Studio",)}
    assert load(options, environ={}, start=tmp_path).trust().producers == pairs[:1]
    environ = {"GENLABEL_TRUST_PRODUCERS": "Gamma=G"}
    assert load(environ=environ, start=tmp_path).trust().producers == pairs[2:]


@pytest.mark.parametrize("wrong", ["Acme", "=Acme", "Acme=", {"Acme": []}, {"Acme": [1]}, {}, [1]])
def test_half_a_pair_is_refused(tmp_path, wrong):
    with pytest.raises(ConfigurationError, match=r"trust\.producers"):
        load({"trust.producers": wrong}, environ={}, start=tmp_path, no_config=True)


def test_a_label_file_in_a_table_of_its_own_name_is_told_to_leave_it_out(tmp_path):
    (tmp_path / "label.toml").write_text('[label]\ntitle = "x"')
    with pytest.raises(ConfigurationError, match="label: unknown") as caught:
        load(label=tmp_path / "label.toml", environ={}, start=tmp_path)
    assert "without it" in (caught.value.remedy or "")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("elements = [{source = 'a.png', rights = {basi = 'licence'}}]", "label.elements.*basi"),
        ("elements = [{source = 'a.png', rights = {basis = 'x'}}]", "label.elements.*basis"),
        ("inputs = [{kind = 'prompt', txt = 'a'}]", "label.inputs.*txt"),
        ("inputs = [{kind = 'model', name = 'M', text = 'a'}]", "label.inputs.*no text"),
        ("inputs = [{kind = 'seed', text = '1', version = '2'}]", "label.inputs.*no version"),
    ],
)
def test_a_wrong_source_in_a_label_file_names_file_and_key(tmp_path, text, sentence):
    (tmp_path / "label.toml").write_text(f"history = 'generated'\n{text}\n")

    with pytest.raises(ConfigurationError, match=rf"label\.toml.*{sentence}"):
        load(label=tmp_path / "label.toml", environ={}, start=tmp_path)
