"""The lines that are written into a configuration file."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genlabel.errors import ConfigurationError
from genlabel.settings import toml_lines


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_reads_back(text):
    tables = {"producer": {"name": text}, "trust": {"signers": (text, "b")}}
    read = tomllib.loads(toml_lines.lines(tables))
    assert read == {"producer": {"name": text}, "trust": {"signers": [text, "b"]}}


def test_tables_are_added_and_nothing_is_overwritten(tmp_path):
    path = tmp_path / "genlabel.toml"
    path.write_text("# ours\n[verify]\nfail_on = 'note'")
    toml_lines.add(path, {"producer": {"name": "Acme"}})
    assert path.read_text().startswith("# ours\n[verify]\nfail_on = 'note'")
    assert tomllib.loads(path.read_text())["producer"] == {"name": "Acme"}
    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match=r"\[verify\] already"):
        toml_lines.add(path, {"signer": {"key": "k"}, "verify": {"fail_on": "error"}})
    assert path.read_bytes() == before
