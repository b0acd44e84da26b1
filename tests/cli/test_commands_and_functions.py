"""What a command does, a function does, with parameters of the same names."""

import dataclasses
import inspect
import typing

import click
import pytest

import genlabel
from genlabel import testing
from genlabel.cli.commands import commands
from genlabel.cli.label_options import label_options
from genlabel.cli.sign import LabellingOptions
from genlabel.model.label import History, Label
from genlabel.model.parties import Generator, Licensor, Producer, Rights
from genlabel.operations.keywords import VerifyKeywords
from genlabel.operations.marking import VisibleKeywords
from genlabel.operations.options import VerifyOptions
from genlabel.operations.sign_keywords import SignFileKeywords, WritingKeywords
from genlabel.operations.sign_options import SignOptions

PAIRS = {
    "sign": genlabel.sign_file,
    "stamp": genlabel.stamp_file,
    "mark": genlabel.mark_file,
    "verify": genlabel.verify_file,
    "strip-check": genlabel.strip_check_file,
    "inspect": genlabel.inspect_file,
    "explain": genlabel.explain_file,
}
OBJECTS = {
    "signer": {"signer", "key", "certificates", "passphrase_file"},
    "identity": {
        "identity_key",
        "identity_certificates",
        "identity_passphrase_file",
        "identity_roles",
        "identity_form",
    },
    "trust": {
        "trust",
        "trust_tsa",
        "trust_identity",
        "trust_lists",
        "trust_producers",
        "max_list_age",
    },
    "path": {"paths"},
    "policy": {"policy"},
    "tsa": {"tsa", "tsa_logins"},
    "visible": {
        *("visible", "words", "position", "languages", "national_acronym"),
        *("with_producer", "law", "font", "badge", "add_alt_text"),
    },
}
"""A function takes an object where the command takes the words that make it."""
OPTIONS = {
    "sign": (SignOptions, SignFileKeywords),
    "verify": (VerifyOptions, VerifyKeywords),
    "strip-check": (VerifyOptions, VerifyKeywords),
    "inspect": (VerifyOptions, VerifyKeywords),
    "explain": (VerifyOptions, VerifyKeywords),
}
"""Values whose fields a function takes as keywords, too."""
NO_COMMAND_HAS = {
    "sign": {"media_type", "save"},  # for a PIL image, which is no file yet
    # a rule book judges labels, not their survival
    "strip-check": {"policy", "declarations", "as_of", "expiring", "hash"},
    "inspect": {"policy", "declarations", "as_of", "expiring", "hash"},
    "explain": {"expiring", "hash"},
}
MANY_FILES = {
    *(
        "files_from",
        "base",
        "batch",
        "state",
        "include",
        "exclude",
        "ignore_case",
        "jobs",
        "max_bytes",
    ),
    *("changed_since", "allow_empty", "ignore_missing"),
}
BUILDS = {"report", "root", "expect", "baseline", "write_baseline"}
"""Of a run as a whole; in Python reports are values, and `render` makes texts of them."""
OUTPUT = {"format", "quiet", "verbose", "fail_on", "lang"}
LANGUAGE = {"lang"}
"""Of text and HTML; a report as a value has codes, and `in_words` says them."""
CONFIGURATION = {"config", "no_config"}
PAGES = {"max_pixels"}
"""For the picture that an HTML page shows, where nothing else is decoded."""

HISTORIES = {each.value for each in History}


def options(name: str) -> set[str]:
    command = commands.get_command(click.Context(commands), name)
    return {parameter.name for parameter in command.params}


def label_words() -> set[str]:
    @label_options
    def command() -> None: ...

    return {parameter.name for parameter in command.__click_params__}


def parameters(name: str) -> set[str]:
    """What the function takes: its parameters, and the fields of the options among them."""
    names = set(inspect.signature(PAIRS[name]).parameters)
    if name in OPTIONS:
        names |= {each.name for each in dataclasses.fields(OPTIONS[name][0])}
        names |= {"parent"} & set(OPTIONS[name][1].__annotations__)
    if name == "stamp":
        names |= set(WritingKeywords.__annotations__)
    if name == "mark":
        names |= set(VisibleKeywords.__annotations__)
    return names - {"options", "keywords", "label"} - NO_COMMAND_HAS.get(name, set())


@pytest.mark.parametrize("name", OPTIONS)
def test_every_field_of_the_options_is_a_keyword_of_the_function(name):
    kind, keywords = OPTIONS[name]
    fields = {each.name for each in dataclasses.fields(kind)}
    assert fields <= set(typing.get_type_hints(keywords))
    annotations = inspect.signature(PAIRS[name]).parameters
    assert annotations["options"].annotation == f"{kind.__name__} | None"
    assert annotations["keywords"].annotation == f"Unpack[{keywords.__name__}]"


def test_the_values_of_commands_have_the_names_of_the_librarys_options():
    named = {each.name for each in dataclasses.fields(LabellingOptions)}
    assert named <= {each.name for each in dataclasses.fields(SignOptions)}


@pytest.mark.parametrize("name", PAIRS)
def test_whatever_the_function_takes_the_command_takes(name):
    for parameter in parameters(name):
        assert OBJECTS.get(parameter, {parameter}) <= options(name), parameter


@pytest.mark.parametrize("name", PAIRS)
def test_whatever_the_command_takes_the_function_takes(name):
    taken = parameters(name)
    for parameter in list(taken):
        taken |= OBJECTS.get(parameter, set())
    label = label_words() if name == "sign" else set()
    of_pages = set() if "max_pixels" in taken else PAGES
    beside = MANY_FILES | BUILDS | OUTPUT | of_pages | LANGUAGE | CONFIGURATION
    assert options(name) - taken - label - beside == set()


@pytest.mark.parametrize("name", ["strip_check", "strip_check_file"])
def test_who_decodes_pictures_takes_the_most_pixels(name, tmp_path):
    path = tmp_path / "cat.png"
    path.write_bytes(testing.picture("png", size=(20, 20)))
    other = tmp_path / "other.png"
    other.write_bytes(testing.picture("png", size=(20, 21)))
    report = getattr(genlabel, name)(path, against=other, max_pixels=300)
    assert (report.pixels.change, report.pixels.reason) == ("undecodable", "too-large")
    assert getattr(genlabel, name)(path, against=other).pixels.change != "undecodable"


def test_the_words_of_a_label_are_its_fields():
    parts = {"producer": Producer, "generator": Generator, "licensor": Licensor}
    fields = {
        *inspect.signature(Label).parameters,
        *inspect.signature(Rights).parameters,
        *(f"{part}_{name}" for part, kind in parts.items() for name in kind.__slots__),
    }
    of_the_producer = {"role", "person"}
    assert of_the_producer <= set(Producer.__slots__)
    assert all(callable(getattr(Label, history)) for history in HISTORIES)
    files = {"ingredient", "assertion", "label"}
    one_of_several = {"keyword"}
    assert label_words() - HISTORIES - of_the_producer - files - one_of_several <= fields


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("--producer", "--by"),
        ("--producer-url", "--by-url"),
        ("--generator", "--using"),
        ("--generator-version", "--using-version"),
        ("--generator-provider", "--using-provider"),
    ],
)
def test_each_of_two_spellings_is_the_same_option(name, other):
    command = commands.get_command(click.Context(commands), "sign")
    (option,) = [each for each in command.params if name in each.opts]
    assert option.opts == [name, other]
    assert option.name == name.removeprefix("--").replace("-", "_")


@pytest.mark.parametrize("name", PAIRS)
def test_every_command_over_files_takes_jobs(name):
    command = commands.get_command(click.Context(commands), name)
    (jobs,) = [each for each in command.params if each.name == "jobs"]
    assert jobs.default == 1


def test_keys_new_takes_what_making_an_authority_takes():
    from genlabel.credentials.development_ca import Authority

    keys = commands.get_command(click.Context(commands), "keys")
    names = {parameter.name for parameter in keys.commands["new"].params}
    wanted = set(inspect.signature(Authority.new).parameters) - {"not_before"}
    assert wanted <= names


def test_keys_check_takes_what_checking_keys_takes_and_the_other_way_round():
    keys = commands.get_command(click.Context(commands), "keys")
    names = {parameter.name for parameter in keys.commands["check"].params}
    taken = set(inspect.signature(genlabel.check_keys).parameters)
    assert names - OUTPUT - CONFIGURATION == taken - {"passphrase"} | {"passphrase_file"}


def test_keys_csr_takes_what_making_a_request_takes_and_the_other_way_round():
    keys = commands.get_command(click.Context(commands), "keys")
    names = {parameter.name for parameter in keys.commands["csr"].params}
    taken = set(inspect.signature(genlabel.new_request).parameters)
    assert names - OUTPUT == taken - {"passphrase"} | {"passphrase_file", "encrypt"}


@pytest.mark.parametrize("name", ["update", "add", "show", "remove"])
def test_trust_takes_what_its_functions_take_and_the_other_way_round(name):
    trust = commands.get_command(click.Context(commands), "trust")
    names = {parameter.name for parameter in trust.commands[name].params}
    taken = set(inspect.signature(getattr(genlabel, f"{name}_trust")).parameters)
    assert names - OUTPUT - CONFIGURATION == taken


def test_doctor_looks_at_what_the_function_is_given_and_the_configuration_names():
    command = commands.get_command(click.Context(commands), "doctor")
    names = {parameter.name for parameter in command.params} - OUTPUT
    assert names == {*CONFIGURATION, "sweep"}
    taken = set(inspect.signature(genlabel.doctor).parameters)
    assert taken == {"signer", "trust", "lists", "sweep"}


def test_every_face_of_one_file_has_a_command():
    files = {name for name in genlabel.__all__ if name.endswith("_file")}
    assert files == {function.__name__ for function in PAIRS.values()}


def test_keys_new_has_a_function_that_makes_the_same_files(tmp_path):
    written = genlabel.new_keys("Acme Studio", out=tmp_path / "keys")
    assert written.key.stat().st_mode & 0o077 == 0
    signer = genlabel.KeySigner.from_files(written.key, written.certificates)
    assert signer.organisation == "Acme Studio"


def test_many_files_are_signed_and_verified_in_order_and_one_bad_one_stops_no_other(tmp_path):
    pictures = tmp_path / "in"
    pictures.mkdir()
    for name in ("a.png", "c.png"):
        (pictures / name).write_bytes(testing.picture("png", size=(32, 24)))
    (pictures / "b.png").write_bytes(testing.picture("png", size=(32, 24))[:60])
    authority = testing.Authority.new("Acme Studio")
    label = Label.generated(producer=Producer("Acme Studio"))
    signed = list(
        genlabel.sign_files([pictures], label, authority.signer(), out=tmp_path / "out", jobs=2)
    )
    assert [each.outcome.value for each in signed] == ["signed", "failed", "signed"]
    assert signed[1].error is not None
    reports = list(genlabel.verify_files([tmp_path / "out"], trust=authority.anchors))
    assert [each.integrity.value for each in reports] == ["intact", "intact"]
    assert all(each.sha256 for each in reports)
