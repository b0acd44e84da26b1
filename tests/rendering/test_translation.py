"""French where French was asked for: sentences that were made in English are found again."""

from __future__ import annotations

import re
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import shown_sentences
from genlabel import testing
from genlabel.cli import sections
from genlabel.cli.commands import commands
from genlabel.cli.main import status
from genlabel.cli.settings.keys import KEYS
from genlabel.model.fields import FIELDS
from genlabel.model.words import translation
from genlabel.model.words.catalogue import catalogue
from genlabel.model.words.translation import numeral, sentences, translated
from genlabel.operations.signing import kept_names
from genlabel.operations.strip_check import byte_changes
from genlabel.operations.strip_check.tool_traces import LABEL_LAST, traces

ROOMS = (
    "cli/",
    "storage/",
    "operations/",
    "manifests/",
    "credentials/",
    "network",
    "rendering/",
    "formats/",
    "metadata/",
    "pixels/",
    "policies/",
    "model/",
)
"""Whose every sentence has a translation."""
TABLES = sorted((Path(translation.__file__).parent / "translations/fr").glob("*.toml"))
NO_SENTENCES = {
    *("%(prog)s %(version)s", "chmod 600 {0}", "genlabel: {0}", "genlabel {0}", "sigaction"),
    *("{0} --existing replace", "row.{0}", "write {0}"),
    "cannot assign to field {0}",  # Python's own words, for whoever writes to a frozen value
    *("c2pa", "a passphrase that somebody was asked for stays here"),
}
PLACE = re.compile(r"\{\d+\}")
FILLED = re.compile(r"\{\d+!?\}")
ENGLISH = re.compile(
    r"\b(?:the|is|are|was|were|and|not|files?|with|of|to|by|from|for|this|there|has|been|what|which|"
    r"says?|nothing|nobody|signed|labelled|left|alone|hint|give|choose|check|outcome|declared|"
    r"unchanged|since|until|shown|known|made|already|converted|resized|bytes|pictures?)\b"
)
SHOWN_AS_IT_IS = re.compile(
    r"«[^»]*»|\bfile=|`[^`]*`|'[^']*'|\[[^\]]*\]|--[\w-]+|\S*[/\\]\S*|\b[\w-]+\.\w+\b|\bfile:|"
    r"\S+\|\S+|labelled(?=, cepic)"
)
"""Commands, names from files, codes, options and paths are no words of a language."""
NAMES = {"labelled"}
"""Rule books are called so in every language."""
CODES = re.compile(r"^ +\S+ +(?:[a-z-]+)(?=\u00a0?: |$)")


@pytest.mark.parametrize("room", ROOMS)
def test_every_sentence_of_these_rooms_has_a_translation(room):
    missing = shown_sentences.templates(room).keys() - sentences("fr").keys() - NO_SENTENCES
    assert missing == set()


def helps(command: click.Command, name: str) -> Iterator[str]:
    """What the help of a command and of those below it says; examples stand as they are."""
    context = click.Context(command, info_name=name)
    yield from (each for each in (command.help or "").split("\n\n") if "\b" not in each)
    yield from (each.help for each in command.params if isinstance(each, click.Option))
    yield from (words for _, words in getattr(command, "statuses", ()))
    for below in command.list_commands(context) if isinstance(command, click.Group) else ():
        yield from helps(command.get_command(context, below), below)


def test_every_sentence_of_every_help_has_a_translation():
    shown = {" ".join(each.split()) for each in helps(commands, "genlabel") if each}
    shown |= {*sections._SECTIONS, "Commands", "Exit status"}
    assert len(shown) > 200
    assert shown - sentences("fr").keys() == set()


@pytest.mark.parametrize("way", kept_names._WAYS_OUT.values())
def test_what_a_name_that_stays_wants_is_said_in_french_to_the_end(way):
    assert way in sentences("fr")


def defaults(command: click.Command) -> Iterator[str]:
    """Codes that an option has where nobody gives one."""
    context = click.Context(command)
    for each in command.params:
        if isinstance(each.type, click.Choice) and each.default in each.type.choices:
            yield str(each.default)
    for below in command.list_commands(context) if isinstance(command, click.Group) else ():
        yield from defaults(command.get_command(context, below))


def test_help_names_each_default_as_it_is_typed():
    every = set(defaults(commands))
    assert {"created", "wrap"} <= every
    for each in every:
        assert translated(f"[default: {each}]", "fr").endswith(f"\u00a0: {each}]")


def test_no_sentence_stands_in_two_tables():
    rows = [tomllib.loads(table.read_text("utf-8"))["sentences"] for table in TABLES]
    assert rows
    assert sum(map(len, rows)) == len(sentences("fr"))


def test_a_translation_names_what_its_sentence_names():
    for english, french in sentences("fr").items():
        names = set(PLACE.findall(english))
        told = {each.replace("!", "") for each in FILLED.findall(french)}
        plural = english.startswith(("{0} file{1}", "{0} special file{1}"))
        assert told <= names, english
        assert plural or told == names or names - told <= {"{0}", "{1}"}, english
        assert "  " not in french.strip() or "  " in english, french


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("out/a.png: exists already", "out/a.png\u00a0: existe déjà"),
        ("1,234 findings accepted in b.json", "1\u202f234 constats acceptés dans b.json"),
        ("a.csv, line 3: a.png: exists already", "a.csv, ligne 3\u00a0: a.png\u00a0: existe déjà"),
        ("undecodable: film", "indécodable\u00a0: film"),
        (
            "9,000 bytes were appended behind the end of the file",
            "9\u202f000 octets ont été ajoutés après la fin du fichier",
        ),
        (
            "png: chunk tEXt at 1,182 runs 141 bytes past the end",
            "png\u00a0: bloc tEXt à 1\u202f182 dépasse la fin de 141 octets",
        ),
        (
            "ps256: needs an RSA key, and this is an elliptic-curve key on P-256",
            "ps256\u00a0: il faut une clé RSA, et c’est une clé à courbe elliptique sur P-256",
        ),
        ("version 2nd edition, of 2023-10-20", "version 2nd edition, du 2023-10-20"),
        ("version 3 of 4", "version 3 of 4"),
        ("[default: created]", "[par défaut\u00a0: created]"),
        ("nobody has translated this", "nobody has translated this"),
        ("x: nobody has translated this", "x: nobody has translated this"),
    ],
)
def test_what_varies_stays_and_numbers_are_parted_as_in_french(english, french):
    assert translated(english, "fr") == french
    assert translated(english, "en") == english
    assert translated(english, "zh") == english


@pytest.mark.parametrize(
    "english",
    [
        "a web page of the pudding",
        "PetaPixel, Google is adding C2PA Content Credentials to Search and Ads",
        "LinkedIn, report of March 2025 under the Code of Conduct on Disinformation",
    ],
)
def test_english_that_nobody_translated_is_not_translated_by_half(english):
    assert translated(english, "fr") == english
    assert translated("3 of 5", "fr") == "3 sur 5"


@pytest.mark.parametrize("table", [sentences("fr"), catalogue("fr").own], ids=["code", "catalogue"])
def test_french_marks_have_the_space_before_them_that_no_line_breaks_at(table):
    """Names of options, wildcards and patterns are no French."""
    loose = re.compile(r" [:;!?»](?!\w)|« |(?<=[^\W\d_])[;!?»](?!\w)|(?<=[^\W\d_]): (?!value`)")
    assert [each for each in table.values() if loose.search(each)] == []
    wrong = re.compile(r"\u00a0[;!?]|\u202f[:»]|«\u202f")
    assert [each for each in table.values() if wrong.search(each)] == []
    assert sum("\u00a0:" in each for each in table.values()) > 100


def test_what_fills_a_french_sentence_keeps_its_spaces():
    assert translated("a ; b : c.png: exists already", "fr") == "a ; b : c.png\u00a0: existe déjà"
    assert translated("a ; b : c.png: exists already", "en") == "a ; b : c.png: exists already"


def test_what_the_settings_mean_and_the_fields_are_called_is_translated():
    assert {each.meaning for each in KEYS} <= sentences("fr").keys()
    assert {f"{each.name.replace('_', ' ')}: {{0}}" for each in FIELDS} <= sentences("fr").keys()


def test_a_name_from_a_file_that_reads_like_a_place_changes_nothing():
    assert translated("{0}{1}.png: exists already", "fr") == "{0}{1}.png\u00a0: existe déjà"


def test_a_hostile_name_costs_no_time():
    begun = time.perf_counter()
    for text in (": " * 1_500, "a, b; or " * 400, "exists already: " * 240):
        translated(text, "fr")
    assert time.perf_counter() - begun < 5


@pytest.fixture
def studio(tmp_path: Path, monkeypatch, capsys) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("cat.png").write_bytes(testing.picture("png"))
    Path("dog.jpg").write_bytes(testing.picture("jpeg", seed=2))
    assert status(["keys", "new", "--organisation", "Acme", "--write-config", "-q"]) == 0
    assert status(["sign", "cat.png", "dog.jpg", "-o", "out/", "--generated", "-q"]) == 0
    Path("broken.png").write_bytes(Path("out/cat.png").read_bytes()[:400])
    altered = bytearray(Path("out/cat.png").read_bytes())
    altered[-30] ^= 1
    Path("altered.png").write_bytes(altered)
    Path("old.bmp").write_bytes(b"BM" + bytes(60))
    Path("page.png").write_bytes(b"<!doctype html><html><body>404</body></html>")
    capsys.readouterr()
    return tmp_path


COMMANDS = [
    *(("verify", "broken.png", "--format", form) for form in ("text", "concise", "github")),
    *(("verify", "old.bmp", "page.png"), ("inspect", "old.bmp")),
    *(("sign", "cat.png", "-o", "new.png", "--generated"), ("sign", "cat.png", "missing.png")),
    ("sign", "cat.png", "missing.png", "-o", "new/", "--generated", "--using", "FLUX", "-v"),
    ("sign", "out", "--in-place", "--generated"),
    ("sign", "cat.png", "-o", "out/", "--generated"),
    ("sign", "cat.png", "-o", "x.png", "--captured", "--prompt", "p"),
    ("sign", "cat.png", "-o", "x.png", "--generated", "--show-public", "--title", "Titre"),
    *(("stamp", "out", "--in-place"), ("verify", "out", "cat.png"), ("verify", "nowhere")),
    ("strip-check", "out/cat.png"),
    *(("sign", "--help"), ("keys", "new", "--help"), ("help", "trust"), ("demo", "-h")),
    *(("explain", "altered.png", "cat.png", "-v"), ("policy", "list"), ("policy", "show", "cepic")),
    ("verify", "out", "--expiring", "3000d"),
    ("mark", "cat.png", "-o", "marked/", "--words", "generated"),
    ("sign", "cat.png", "-o", "t/", "--generated", "--tsa", "http://127.0.0.1:9/tsr"),
    ("sign", "out/cat.png", "-o", "e/", "--edited", "--existing", "replace", "-v"),
    ("strip-check", "cat.png", "--against", "out/cat.png"),
    *(("inspect", "out/dog.jpg"), ("explain", "out/cat.png")),
    *(("keys", "check"), ("keys", "new", "--organisation", "B", "--out", "b")),
    *(("trust", "show"), ("trust", "add", "mine", "keys/anchors.pem"), ("trust", "remove", "nix")),
    *(
        ("config", "-v"),
        ("keys", "neww"),
        ("doctor",),
        ("verify", "--nope"),
        ("sign", "--batch", "missing.csv"),
    ),
]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words)[:40])
def test_no_english_is_left_where_french_was_asked_for(studio, capsys, monkeypatch, words):
    monkeypatch.setenv("GENLABEL_DATA_DIR", str(studio / "data"))
    status([*words, "--lang", "fr"])
    shown = capsys.readouterr()
    for line in {*(shown.out + shown.err).splitlines()} - NAMES:
        said = line if words[0] == "config" else line.partition("#")[0]
        seen = SHOWN_AS_IT_IS.sub("", CODES.sub("", said))
        assert not ENGLISH.search(seen), line


def test_a_picture_without_an_original_is_not_said_to_say_the_same(studio, capsys):
    assert status(["strip-check", "out/cat.png", "--lang", "fr"]) == 0
    alone = capsys.readouterr().out
    assert "manifest    présente" in alone
    assert "la même chose" not in alone
    assert status(["strip-check", "out/cat.png", "--against", "out/cat.png", "--lang", "fr"]) == 0
    assert "présente, et dit la même chose" in capsys.readouterr().out


def test_every_cause_and_its_advice_is_said_in_french():
    """As its row shows it; options and names of programs stay as they are typed."""
    source = Path(byte_changes.__file__).read_text("utf-8")
    made = {*re.findall(r'"([a-z][^"]{20,}\([^"]+\))"', source), LABEL_LAST}
    programs = {each.operation for each in traces().rows if each.operation.keeps is not None}
    made |= {f"{each.program}: {each.keeps}" for each in programs if ENGLISH.search(each.keeps)}
    assert len(made) >= 6
    assert {each for each in made if translated(each, "fr") == each} == set()
    assert not [each for each in made if re.search(r"\b(the|of|an)\b", translated(each, "fr"))]


def test_numbers_and_lists_of_a_french_page_are_french(studio, capsys):
    assert status(["verify", "out", "--lang", "fr", "--format", "html"]) == 0
    page = capsys.readouterr().out
    assert "keys/anchors.pem de ce dossier" in page
    assert "this folder" not in page
    assert numeral(1_234_567, "fr") == "1\u202f234\u202f567"
    assert numeral(1_234_567, "en") == "1,234,567"


def test_what_is_to_be_typed_stands_as_it_is_also_where_it_is_a_word():
    assert translated("signer", "fr") == "signataire"
    assert translated("did you mean signer?", "fr") == "vouliez-vous dire signer\u202f?"
    told = translated("genlabel.toml, line 2: producer: is a table, and no value", "fr")
    assert told.endswith("ligne 2\u00a0: producer\u00a0: est une table, et non une valeur")
    assert translated("b.csv, line 1: trust: unknown", "fr").endswith("trust\u00a0: inconnu")
