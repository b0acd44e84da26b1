"""Kept lists: by name, read with care, and their age told."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import genlabel
import platforms
from genlabel.credentials.trust import AnchorKind, Trust, lists
from genlabel.model.errors import ConfigurationError, TrustError
from genlabel.model.report import Severity, TrustLevel
from genlabel.testing import Authority, picture


@pytest.fixture
def file(authority, tmp_path):
    path = tmp_path / "root.pem"
    path.write_bytes(authority.anchors)
    return path


@pytest.fixture(scope="module")
def signed(authority):
    label = genlabel.Label.generated(producer=genlabel.Producer("Acme Studio"))
    return genlabel.sign(picture("png", size=(32, 24)), label, authority.signer()).data


def test_ones_own_anchors_are_kept_by_name_and_known(authority, file, signed):
    added = genlabel.add_trust("acme", file)
    assert (added.kind, added.level, added.count) == (AnchorKind.SIGNER, TrustLevel.KNOWN, 1)
    assert added.pem == authority.anchors
    report = genlabel.verify(signed, trust=Trust.of(lists=["acme"]))
    assert (report.signer.trust, report.signer.trust_list) == (TrustLevel.KNOWN, "acme")
    assert report.signer.list_fetched is None
    genlabel.remove_trust("acme")
    assert genlabel.show_trust() == ()
    with pytest.raises(TrustError, match="acme: no trust list of this name is kept"):
        Trust.of(lists=["acme"])


def test_anchors_of_time_stamping_authorities_are_another_kind(file, signed):
    genlabel.add_trust("stamps", [file], kind="tsa")
    trust = Trust.of(lists=["stamps"])
    assert [each.kind for each in trust.entries] == [AnchorKind.TSA]
    assert genlabel.verify(signed, trust=trust).signer.trust is TrustLevel.UNKNOWN


def test_several_files_make_one_list_and_nothing_but_certificates_is_kept(authority, file, data):
    other = file.with_name("other.pem")
    other.write_bytes(authority.key_pem() + Authority.new("Other").anchors + authority.anchors)
    found = genlabel.add_trust("partners", [file, other])
    assert found.count == 2
    assert found.source == "root.pem, other.pem"
    assert b"PRIVATE" not in (data / "trust/partners.pem").read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_nobody_else_may_change_whom_one_trusts(file, data):
    before = os.umask(0)
    try:
        genlabel.add_trust("acme", file)
    finally:
        os.umask(before)
    assert (data / "trust").stat().st_mode & 0o077 == 0
    (data / "trust/acme.pem").chmod(0o666)
    with pytest.raises(TrustError, match="every user of this machine can change"):
        genlabel.show_trust("acme")


def test_a_name_that_is_taken_is_refused_and_a_file_without_anchors(file, tmp_path, data):
    genlabel.add_trust("acme", file)
    with pytest.raises(TrustError, match="kept already"):
        genlabel.add_trust("acme", file)
    for name in ("c2pa", "official", "interim"):
        with pytest.raises(TrustError, match="name of a published list"):
            genlabel.add_trust(name, file)
    junk = tmp_path / "junk.pem"
    junk.write_text("nothing")
    with pytest.raises(TrustError, match=r"junk\.pem: no certificate in it"):
        genlabel.add_trust("junk", [file, junk])
    with pytest.raises(TrustError, match="No such file"):
        genlabel.add_trust("none", tmp_path / "none.pem")
    assert lists.names() == ("acme",)


@pytest.mark.parametrize(
    "name", ["../acme", "a/b", "", "Acme", ".hidden", "con", "nul.x", "x" * 80, "a\n", "ümläut"]
)
def test_a_name_is_no_path(file, name):
    for use in (
        lambda: genlabel.add_trust(name, file),
        lambda: genlabel.show_trust(name),
        lambda: genlabel.remove_trust(name),
        lambda: Trust.of(lists=[name]),
    ):
        with pytest.raises(TrustError, match="no name of a kept list"):
            use()


def first_line(**changed):
    def change(line):
        facts = json.loads(line.partition(b": ")[2])
        for word, value in changed.items():
            facts.pop(word) if value is None else facts.update({word: value})
        return line.partition(b": ")[0] + b": " + json.dumps(facts).encode()

    return lambda file: change(file.partition(b"\n")[0]) + b"\n" + file.partition(b"\n")[2]


DAMAGES = {
    "nothing left": lambda file: b"",
    "no first line": lambda file: file.partition(b"\n")[2],
    "a first line without end": lambda file: file.partition(b"{")[0] + b"[" * 200_000,
    "no kind": first_line(kind=None),
    "another kind": first_line(kind="camera"),
    "a number": first_line(source=3),
    "another name": first_line(name="other"),
    "a moment without zone": first_line(fetched="2026-01-01T00:00:00"),
    "no moment": first_line(fetched="yesterday"),
    "another sum": first_line(sha256="0" * 64),
    "a bit more": lambda file: file + b"\n",
    "a bit less": lambda file: file[:-1],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_list_is_one_sentence_and_can_be_removed(file, data, damage):
    genlabel.add_trust("acme", file)
    path = data / "trust/acme.pem"
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    with pytest.raises(TrustError) as refusal:
        Trust.of(lists=["acme"])
    assert str(refusal.value).startswith(f"{path}: ")
    assert "genlabel trust remove acme" in refusal.value.remedy
    genlabel.remove_trust("acme")
    assert lists.names() == ()


def test_a_published_list_stays_of_its_kind(file, data):
    genlabel.add_trust("acme", file, kind="tsa")
    written = (data / "trust/acme.pem").read_bytes()
    (data / "trust/c2pa.pem").write_bytes(first_line(name="c2pa")(written))
    with pytest.raises(TrustError, match="first line"):
        Trust.of(lists=["c2pa"])


def test_strange_files_in_the_folder_are_no_lists(file, data):
    genlabel.add_trust("acme", file)
    (data / "trust/README.txt").write_text("mine")
    (data / "trust/Odd Name.pem").write_text("mine")
    assert [each.name for each in genlabel.show_trust()] == ["acme"]


def aged(data, days, name="c2pa"):
    """A published list as if it had been fetched days ago."""
    then = datetime.now(UTC) - timedelta(days=days)
    path = data / f"trust/{name}.pem"
    written = (data / "trust/acme.pem").read_bytes()
    path.write_bytes(first_line(name=name, fetched=then.isoformat())(written))


@pytest.mark.parametrize(
    ("days", "max_age", "old"), [(89, 90, False), (91, 90, True), (91, 100, False), (2, 0, True)]
)
def test_a_list_older_than_the_set_age_is_a_finding_and_no_verdict(
    file, data, signed, days, max_age, old
):
    genlabel.add_trust("acme", file)
    aged(data, days)
    trust = Trust.of(lists=["c2pa"], max_age=timedelta(days=max_age))
    report = genlabel.verify(signed, trust=trust)
    assert report.signer.trust is TrustLevel.LISTED
    found = [each for each in report.findings if each.code == "genlabel.trust-list.old"]
    assert [(each.severity, each.where) for each in found] == [(Severity.WARNING, "c2pa")] * old
    if old:
        assert f"{days} days ago" in found[0].explanation
        assert "the picture is not to blame" in found[0].explanation


def test_an_old_list_says_nothing_where_no_signer_was_judged(file, data):
    genlabel.add_trust("acme", file)
    aged(data, 400)
    report = genlabel.verify(
        picture("png", size=(32, 24)), trust=Trust.of(lists=["c2pa"]), policy=None
    )
    assert [each.code for each in report.findings] == []


def test_the_kept_c2pa_list_is_known_by_its_name(file, data):
    genlabel.add_trust("acme", file)
    aged(data, 1)
    assert [each.c2pa for each in Trust.of(lists=["acme"]).entries] == [False]
    assert [each.c2pa for each in Trust.of(lists=["c2pa"]).entries] == [True]


def test_ones_own_anchors_do_not_age(file, data, signed):
    genlabel.add_trust("acme", file)
    aged(data, 4000, name="partner")
    report = genlabel.verify(signed, trust=Trust.of(lists=["partner"]))
    assert report.signer.trust_list == "partner"
    assert "genlabel.trust-list.old" not in [each.code for each in report.findings]


@pytest.mark.parametrize(
    ("environ", "platform", "wanted"),
    [
        ({"HOME": "/h"}, "linux", "/h/.local/share/genlabel/trust"),
        ({"HOME": "/h", "XDG_DATA_HOME": "/d"}, "linux", "/d/genlabel/trust"),
        ({"HOME": "/h", "XDG_DATA_HOME": "rel"}, "linux", "/h/.local/share/genlabel/trust"),
        ({"HOME": "/h"}, "darwin", "/h/Library/Application Support/genlabel/trust"),
        ({"HOME": "/h", "LOCALAPPDATA": "/l"}, "win32", "/l/genlabel/trust"),
        ({"HOME": "/h", "XDG_DATA_HOME": "/d"}, "darwin", "/d/genlabel/trust"),
        ({"HOME": "/h", "GENLABEL_DATA_DIR": "/own"}, "linux", "/own/trust"),
    ],
)
def test_each_platform_has_its_own_place_for_data(environ, platform, wanted, monkeypatch):
    platforms.pretend(monkeypatch, platform, environ)
    assert lists.folder() == Path(wanted)


def test_whom_one_trusts_does_not_depend_on_where_one_stands(monkeypatch):
    monkeypatch.setenv("GENLABEL_DATA_DIR", "lists")
    with pytest.raises(ConfigurationError, match="GENLABEL_DATA_DIR: lists is a relative path"):
        lists.folder()
