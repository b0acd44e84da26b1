"""The metadata of a manifest are read once, by exact label, and what is ambiguous is told."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from forgeries.forge import Assertion, forger, generated, store
from genlabel.manifests.store import manifest_store
from genlabel.manifests.validation import metadata_assertions
from genlabel.model.escape import escape

PRODUCER = '{"plus:ImageSupplier": [{"plus:ImageSupplierName": "BBC"}]}'


def read(*contents: bytes, json_box: bool = True) -> tuple:
    """The assertions of a manifest with these contents, under the labels of instances."""
    labels = ["cawg.metadata", *(f"cawg.metadata__{n}" for n in range(1, len(contents)))]
    assertions = (
        Assertion(label=label, value=content, json=json_box)
        for label, content in zip(labels, contents, strict=True)
    )
    draft = generated(forger()).with_(*assertions)
    read_store = manifest_store.read(store(draft))
    assert read_store.active is not None
    return metadata_assertions.of(read_store.active, read_store)


def codes(assertions: tuple) -> list[str]:
    return [each.code for each in metadata_assertions.findings(assertions, attested=False)]


@pytest.mark.parametrize(
    ("label", "read"),
    [
        ("cawg.metadata", True),
        ("c2pa.metadata", True),
        ("cawg.metadata__1", True),
        ("c2pa.metadata__12", True),
        ("cawg.metadata__", False),
        ("cawg.metadata__x", False),
        ("cawg.metadata__12345", False),
        ("cawg.metadata.v2", False),
        ("cawg.metadata2", False),
        ("CAWG.metadata", False),
        ("cawg.metadata\n", False),
        ("x.cawg.metadata", False),
    ],
)
def test_only_the_exact_label_and_its_instances_are_metadata(label, read):
    assert metadata_assertions.is_metadata(label) is read


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b'"x"',
        b"\xff{}",
        b"{} {}",
        b"[" * 100_000,
        b'{"a": ' * 50_000,
        b"1" * 9999,
    ],
)
def test_what_is_no_object_of_json_is_told_and_not_read(content):
    (assertion,) = read(content)
    assert assertion.fields == {}
    assert codes((assertion,)) == ["genlabel.metadata.malformed"]


def test_a_map_of_cbor_is_read_too():
    (assertion,) = read(json.loads(PRODUCER), json_box=False)
    assert assertion.fields == {"producer": "BBC", "supplier": "BBC"}


def test_what_created_ones_agree_on_stands_and_what_they_differ_in_does_not():
    one, same = PRODUCER.encode(), PRODUCER.encode()
    other = PRODUCER.replace("BBC", "CNN").replace('"}]}', '"}], "dc:title": "T"}').encode()
    assert metadata_assertions.merged(read(one, same)) == {"producer": "BBC", "supplier": "BBC"}
    assert codes(read(one, same)) == []
    assert metadata_assertions.merged(read(one, other)) == {"title": "T"}
    assert codes(read(one, other)) == ["genlabel.metadata.ambiguous"] * 2


def test_very_many_are_cut():
    limit = metadata_assertions.MAX_ASSERTIONS
    assert len(read(*[PRODUCER.encode()] * (limit + 5))) == limit


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(st.text(max_size=40).map(str.encode) | st.binary(max_size=40), min_size=1, max_size=3)
)
def test_any_content_gives_findings_of_one_line(contents):
    assertions = read(*contents)
    for finding in metadata_assertions.findings(assertions, attested=False):
        assert escape(finding.explanation, limit=None) == finding.explanation
