"""DER is read one level at a time, and no length is believed."""

import pytest
from hypothesis import given, settings, strategies as st

import forged_certificates as forged
import hand_made_chains as made
from genlabel.credentials.x509 import der

ROOT = made.root()
LEAF = made.leaf(ROOT)


def test_elements_are_listed_with_their_content():
    assert der.elements(b"") == ()
    assert der.elements(b"\x02\x01\x07\x30\x00") == ((2, b"\x07"), (0x30, b""))
    assert der.elements(b"\x04\x81\x80" + bytes(128)) == ((4, bytes(128)),)


@pytest.mark.parametrize(
    "data",
    [b"\x02", b"\x02\x01", b"\x02\x80", b"\x02\x81", b"\x02\x85\1\1\1\1\1", b"\x1f\x81\x01\x00",
     b"\x04\x84\xff\xff\xff\xff"],
    ids=["no length", "no content", "indefinite", "cut length", "long length", "long tag", "huge"],
)  # fmt: skip
def test_what_is_no_der_is_refused(data):
    with pytest.raises(ValueError, match=r"length|past the end"):
        der.elements(data)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    try:
        found = der.elements(data)
    except ValueError:
        return
    assert sum(len(each.content) + 2 for each in found) <= len(data)


def test_unique_identifiers_are_found_at_their_place_alone():
    assert der.unique_identifiers(LEAF.certificate) == ()
    for field, name in (
        ("issuer_unique_id", "issuerUniqueID"),
        ("subject_unique_id", "subjectUniqueID"),
    ):
        odd = forged.with_unique_identifier(LEAF, ROOT, field)
        assert der.unique_identifiers(odd.certificate) == (name,)
        twice = forged.with_unique_identifier(odd, ROOT, "subject_unique_id")
        assert "subjectUniqueID" in der.unique_identifiers(twice.certificate)


def test_another_signature_has_no_pss_parameters():
    assert der.pss_parameters(LEAF.certificate) is None
