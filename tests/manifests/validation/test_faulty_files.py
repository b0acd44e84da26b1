"""Signed files that others made against the rules, judged from end to end."""

from __future__ import annotations

import pytest

import genlabel
from genlabel.credentials.trust import Trust
from genlabel.model.report import Form, Integrity, Lineage, Severity, TrustLevel
from oracles import corpus
from oracles.chain import Chain

FOLDER = corpus.beside("faults")
pytestmark = pytest.mark.skipif(FOLDER is None, reason="the folder of faults is not here")


def report(name, trust=None):
    assert FOLDER is not None
    return genlabel.verify_file(FOLDER / name, trust=trust or Trust(), policy=None)


def root(name):
    assert FOLDER is not None
    return FOLDER / "certificates" / f"{name}.root"


@pytest.mark.parametrize("name", ["inter_no_ku", "inter_no_skid", "ku_no_digsig"])
def test_a_chain_against_the_profile_signs_nothing(name):
    for trust in (Trust.of(signers=root(name)), Trust.of(lists=[("c2pa", root(name))])):
        found = report(f"certificates/{name}.jpg", trust)
        codes = {each.code: each.severity for each in found.findings}
        assert codes["signingCredential.invalid"] is Severity.ERROR
        assert found.integrity is Integrity.INTACT
        assert found.signer.trust is TrustLevel.UNKNOWN
        assert not found.declared.attested


def test_an_email_certificate_under_a_root_of_c2pas_list_is_not_listed():
    name = "ok_email_only"
    known = report(f"certificates/{name}.jpg", Trust.of(signers=root(name)))
    assert known.signer.trust is TrustLevel.KNOWN
    listed = report(f"certificates/{name}.jpg", Trust.of(lists=[("c2pa", root(name))]))
    assert (listed.signer.trust, listed.signer.trust_list) == (TrustLevel.UNKNOWN, None)
    assert not listed.declared.attested
    assert known.integrity is listed.integrity is Integrity.INTACT


@pytest.mark.parametrize("trust", [Trust(), Trust.of(signers=Chain.new().anchor)])
def test_an_update_with_a_thumbnail_is_none(trust):
    found = report("update/update_with_thumbnail.jpg", trust)
    assert [each.code for each in found.findings] == ["manifest.update.invalid"]
    assert found.findings[0].severity is Severity.ERROR
    assert (found.integrity, found.lineage) == (Integrity.INTACT, Lineage.INTACT)
    assert found.form is Form.MALFORMED
    assert not found.declared.attested
