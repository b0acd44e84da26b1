"""Time-stamps on the command line: asked for, gone without, added later, and what ends soon."""

import json
import os
import stat
import subprocess
import tomllib
from pathlib import Path

import jsonschema
import pytest
from PIL import Image

from genlabel import testing
from genlabel.testing import TimeAuthority
from oracles.absence import program

SCHEMAS = Path(__file__).parents[2] / "docs/schema"
NOBODY = "http://127.0.0.1:9/"  # the discard port: nobody listens
SIGN = ("sign", "site", "-o", "out", "--generated")


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr("genlabel.credentials.timestamps.authorities.PAUSE", 0.0)


@pytest.fixture
def clock(studio):
    """A time-stamping authority of this studio, by `keys new --tsa`, believed by `verify`."""
    from genlabel.cli.main import status

    assert status(["keys", "new", "--tsa", "--organisation", "Acme Time", "-q"]) == 0
    settings = Path("genlabel.toml")
    settings.write_text(settings.read_text() + 'tsa = ["keys/tsa-anchors.pem"]\n')
    return TimeAuthority.from_files("keys/tsa.key", "keys/tsa.pem", "keys/tsa-anchors.pem")


@pytest.fixture
def tsa(clock):
    with testing.time_server(clock) as url:
        yield url


def outcomes(answer, name="genlabel.sign/1"):
    document = json.loads(answer.out)
    schema = json.loads((SCHEMAS / f"{name.split('.')[1].replace('/', '-')}.json").read_text())
    jsonschema.validate(document, schema)
    return document["reports"]


def test_signed_with_a_time_stamp_and_verified_with_it(studio, genlabel, tsa):
    answer = genlabel(*SIGN, "--tsa", tsa, "--format", "json")
    assert answer.status == 0, answer.err
    for report in outcomes(answer):
        assert report["stamped_at"]
        assert report["needs_stamp"] is False
        assert report["verifies_until"] is None
    verified = outcomes(genlabel("verify", "out", "--format", "json"), "genlabel.verify/1")
    assert {each["signer"]["time"] for each in verified} == {"proven"}
    assert {each["state"] for each in verified} == {"trusted"}


def test_several_at_a_time_are_stamped_in_the_same_order(studio, genlabel, tsa):
    assert genlabel(*SIGN, "--stamp", "later").status == 0
    words = ("stamp", "out", "--tsa", tsa, "--format", "json", "--jobs")
    one, two = (outcomes(genlabel(*words, jobs, "-o", f"out{jobs}")) for jobs in ("1", "2"))
    assert [each["path"] for each in one] == [each["path"] for each in two]
    assert {each["outcome"] for each in (*one, *two)} == {"stamped"}
    assert [Path(each["output"]).name for each in two] == ["a.jpg", "b.png", "c.webp"]


def test_a_batch_goes_on_and_lists_what_still_needs_a_stamp_and_stamp_adds_it(
    studio, genlabel, tsa
):
    answer = genlabel(*SIGN, "--tsa", NOBODY, "--stamp", "preferred")
    assert answer.status == 0
    assert "a time-stamp is still missing" in answer.err
    assert [line.split()[-1] for line in answer.err.splitlines() if "out" in line] == [
        "out/a.jpg", "out/b.png", "out/sub/c.webp",
    ]  # fmt: skip
    assert "genlabel.stamp.missing" in answer.out
    before = {path: path.stat().st_size for path in Path("out").rglob("*.*")}
    stamped = genlabel("stamp", "out", "--in-place", "--tsa", tsa, "--format", "json")
    assert stamped.status == 0
    assert [each["outcome"] for each in outcomes(stamped)] == ["stamped"] * 3
    assert {path: path.stat().st_size for path in Path("out").rglob("*.*")} == before
    again = genlabel("stamp", "out", "--in-place", "--tsa", tsa)
    assert again.out.count("left alone") == 3
    for path in before:
        with Image.open(path) as signed, Image.open("site" / path.relative_to("out")) as source:
            assert signed.convert("RGB").tobytes() == source.convert("RGB").tobytes()


def test_required_fails_file_by_file_and_leaves_nothing(studio, genlabel):
    answer = genlabel(*SIGN, "--tsa", NOBODY)
    assert answer.status == 2
    assert answer.out.count("no time-stamp") == 3
    assert not list(Path("out").rglob("*.*"))


def test_the_settings_name_authorities_and_options_win(studio, genlabel, tsa, monkeypatch):
    settings = Path("genlabel.toml")
    settings.write_text(settings.read_text() + f'\n[time]\nauthorities = ["{NOBODY}", "{tsa}"]\n')
    monkeypatch.setenv("GENLABEL_CONFIG", "genlabel.toml")
    report = outcomes(genlabel("sign", "cat.png", "-o", "1.png", "--generated", "--format", "json"))
    assert report[0]["stamped_at"]
    off = genlabel(
        "sign", "cat.png", "-o", "2.png", "--generated", "--stamp", "off", "--format", "json"
    )
    assert outcomes(off)[0]["stamped_at"] is None
    monkeypatch.setenv("GENLABEL_TIME_AUTHORITIES", f"{NOBODY} {NOBODY}")
    assert genlabel("sign", "cat.png", "-o", "3.png", "--generated").status == 2
    monkeypatch.setenv("GENLABEL_TIME_STAMP", "sometimes")
    answer = genlabel("sign", "cat.png", "-o", "4.png", "--generated")
    assert answer.status == 2
    assert "choose one of required, preferred, later, off" in answer.err


def test_later_keeps_room_and_asks_nobody(studio, genlabel, tsa):
    answer = genlabel(*SIGN, "--stamp", "later", "--format", "json")
    assert all(each["needs_stamp"] for each in outcomes(answer))
    out = genlabel("stamp", "out/a.jpg", "-o", "stamped.jpg", "--tsa", tsa)
    assert out.status == 0
    assert "time-stamped" in out.out
    assert "proven by a time-stamp" in genlabel("verify", "stamped.jpg").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sign", "cat.png", "-o", "x.png", "--generated", "--stamp", "required"), "no time-stamp"),
        (("stamp", "cat.png", "--in-place"), "no time-stamping authority is named"),
        (("stamp", "cat.png", "--tsa", "ftp://a/", "--in-place"), "is not http or https"),
        (("stamp", "cat.png", "--tsa", NOBODY), "exactly one of them"),
        (("stamp", "cat.png", "--tsa", NOBODY, "--in-place"), "nothing to stamp"),
        (("stamp", "-", "--tsa", NOBODY, "-o", "x.png"), "only files are stamped"),
        (("verify", "cat.png", "--expiring", "soon"), "is no span"),
        (("verify", "cat.png", "--expiring", "0d"), "is no span"),
        (("verify", "cat.png", "--expiring", "99999y"), "is no span"),
        (("keys", "new", "--tsa", "--organisation", "A", "--days", "3"), "--days does not go"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(studio, genlabel, words, said):
    answer = genlabel(*words)
    assert answer.status == 2
    assert said in answer.err + answer.out


def test_what_ends_soon_is_listed_and_may_fail_the_run(studio, genlabel, tsa):
    assert genlabel("sign", "site/a.jpg", "-o", "out/a.jpg", "--generated").status == 0
    assert genlabel(*SIGN, "--tsa", tsa, "--exclude", "a.jpg").status == 0
    answer = genlabel("verify", "out", "--expiring", "1y", "--format", "json")
    by_name = {Path(each["path"]).name: each for each in outcomes(answer, "genlabel.verify/1")}
    assert answer.status == 0
    assert by_name["a.jpg"]["verifies_until"]
    assert [each["code"] for each in by_name["a.jpg"]["findings"]] == ["genlabel.signer.expiring"]
    for name in ("b.png", "c.webp"):
        assert (by_name[name]["verifies_until"], by_name[name]["findings"]) == (None, [])
    strict = genlabel("verify", "out", "--expiring", "53w", "--fail-on", "warning")
    assert strict.status == 1
    assert "soon nothing in it is attested" in strict.err
    (listed,) = (line for line in strict.err.splitlines() if "out/a.jpg, 20" in line)
    assert "b.png" not in listed
    assert genlabel("verify", "out", "--expiring", "3m", "--fail-on", "warning").status == 0


def test_the_keys_of_an_authority_are_a_secret_and_openssl_can_use_them(studio, clock, tmp_path):
    if os.name == "posix":
        assert stat.S_IMODE(Path("keys/tsa.key").stat().st_mode) == 0o600
    done = subprocess.run(
        [program("openssl"), "verify", "-purpose", "timestampsign",
         "-CAfile", "keys/tsa-anchors.pem", "keys/tsa.pem"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "keys/tsa.pem: OK", done.stderr


def test_the_lines_for_an_authority_are_settings(tmp_path, monkeypatch, genlabel):
    monkeypatch.chdir(tmp_path)
    shown = genlabel("keys", "new", "--tsa", "--organisation", "Acme Time").out
    lines = tomllib.loads(shown[shown.index("[trust]") :])
    assert lines == {"trust": {"tsa": ["keys/tsa-anchors.pem"]}}
    words = ("--out", "k", "--write-config")
    assert genlabel("keys", "new", "--tsa", "--organisation", "A", *words).status == 0
    assert tomllib.loads(Path("genlabel.toml").read_text()) == {
        "trust": {"tsa": ["k/tsa-anchors.pem"]}
    }
