"""The lines that are written into a configuration file."""

import tomllib

import pytest
from hypothesis import given, strategies as st

from genlabel.cli.settings import write
from genlabel.model.errors import ConfigurationError


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_reads_back(text):
    tables = {"producer": {"name": text}, "trust": {"signers": (text, "b")}}
    read = tomllib.loads(write.lines(tables))
    assert read == {"producer": {"name": text}, "trust": {"signers": [text, "b"]}}


def test_tables_are_added_and_nothing_is_overwritten(tmp_path):
    path = tmp_path / "genlabel.toml"
    path.write_text("# ours\n[verify]\nfail_on = 'note'")
    write.add(path, {"producer": {"name": "Acme"}})
    assert path.read_text().startswith("# ours\n[verify]\nfail_on = 'note'")
    assert tomllib.loads(path.read_text())["producer"] == {"name": "Acme"}
    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match=r"\[verify\] already"):
        write.add(path, {"signer": {"key": "k"}, "verify": {"fail_on": "error"}})
    assert path.read_bytes() == before


SHARED = {"trust": {"identity": ("i.pem",)}, "identity": {"key": "k"}}


@pytest.mark.parametrize(
    "before",
    ["[trust]\nsigners = ['a.pem']\n", "[trust] # whom\r\nsigners = ['a.pem']\r\n\r\n[signer]\r\n"],
)
def test_trust_in_another_kind_joins_the_table_that_is_there(before, tmp_path):
    path = tmp_path / "genlabel.toml"
    path.write_bytes(before.encode())
    write.add(path, SHARED)
    read = tomllib.loads(path.read_bytes().decode())
    assert read["trust"] == {"identity": ["i.pem"], "signers": ["a.pem"]}
    assert read["identity"] == {"key": "k"}


@pytest.mark.parametrize(
    "before",
    [
        "trust = {signers = ['a.pem']}\n",
        "trust.signers = ['a.pem']\n",
        "[verify]\npolicy = '''\n[trust]\n'''\n[ trust ]\nsigners = ['a.pem']\n",
        "[trust]\nsigners = [\n  'a.pem',  # ours\n]\n\n# for the next\n[verify]\nfail_on = 'note'",
        "['trust']\nsigners = ['a.pem']\n[[other]]\nx = 1\n",
    ],
)
def test_a_table_in_another_form_is_joined_and_what_stands_there_is_kept(before, tmp_path):
    path = tmp_path / "genlabel.toml"
    path.write_text(before)
    write.add(path, SHARED)
    added = {"trust": {"identity": ["i.pem"], "signers": ["a.pem"]}, "identity": {"key": "k"}}
    assert tomllib.loads(path.read_text()) == {**tomllib.loads(before), **added}
    for line in before.splitlines():
        assert line.rstrip("}") in path.read_text()


def test_a_comment_stays_with_what_it_is_about(tmp_path):
    path = tmp_path / "genlabel.toml"
    path.write_text(
        "[trust]\nsigners = []  # nobody\n\n# how we verify\n[verify]\n# all\nfail_on = 'note'"
    )
    write.add(path, SHARED)
    assert path.read_text() == (
        '[trust]\nsigners = []  # nobody\nidentity = ["i.pem"]\n\n# how we verify\n'
        "[verify]\n# all\nfail_on = 'note'\n\n[identity]\nkey = \"k\"\n"
    )


@pytest.mark.parametrize(
    "before",
    [
        "[trust]\nidentity = ['other.pem']\n",
        "trust = 'nobody'\n",
    ],
)
def test_a_table_that_cannot_be_joined_is_left_alone(before, tmp_path):
    path = tmp_path / "genlabel.toml"
    path.write_text(before)
    with pytest.raises(ConfigurationError):
        write.add(path, SHARED)
    assert path.read_text() == before
