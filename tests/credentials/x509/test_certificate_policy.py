"""The C2PA Certificate Policy's profile of a leaf: each part that is missing is a note."""

import pytest
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID as Access, ObjectIdentifier

import hand_made_chains as made
from genlabel.credentials.x509 import certificate_policy
from genlabel.model.report import Severity
from genlabel.testing import Authority
from hand_made_chains import CLAIM_SIGNING, DAY, EMAIL, NOW

ROOT = made.root()
LEVEL_1 = bytes.fromhex("060a2b0601040183e85e030a")
LEVEL_2 = bytes.fromhex("060a2b0601040183e85e0314")


def parts(*, level=LEVEL_1, policy="1.3.6.1.4.1.62558.1.1", access=Access.OCSP, record=True):
    if policy:
        known = x509.PolicyInformation(ObjectIdentifier(policy), None)
        yield x509.CertificatePolicies([known])
    if level:
        yield x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.62558.3"), level)
    if access:
        place = x509.UniformResourceIdentifier("http://ocsp.example")
        yield x509.AuthorityInformationAccess([x509.AccessDescription(access, place)])
    if record:
        uuid = b"\x0c\x24" + b"0" * 36
        yield x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.62558.4"), uuid)


def names(*, days=90, usages=(CLAIM_SIGNING, EMAIL), **changes):
    made_leaf = made.leaf(
        ROOT,
        valid=(NOW - DAY, NOW + (days - 1) * DAY),
        extended=usages,
        more=[(each, False) for each in parts(**changes)],
    )
    found = list(certificate_policy.problems(made_leaf.certificate))
    assert {each.severity for each in found} <= {Severity.NOTE}
    assert {each.source for each in found} <= {certificate_policy.SOURCE}
    return [each.name for each in found]


@pytest.mark.parametrize(("level", "days"), [(LEVEL_1, 366), (LEVEL_2, 90)])
def test_a_whole_certificate_has_no_note_and_a_day_more_is_one(level, days):
    assert names(level=level, days=days) == []
    assert names(level=level, days=days + 1) == ["validity period"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"policy": None}, "certificate policy"),
        ({"policy": "1.2.3"}, "certificate policy"),
        ({"level": None}, "assurance level"),
        ({"level": b"\x05\x00"}, "assurance level"),
        ({"access": None}, "OCSP"),
        ({"access": Access.CA_ISSUERS}, "OCSP"),
        ({"record": False}, "conforming product"),
    ],
    ids=lambda each: "",
)
def test_each_part_that_is_missing_is_named(change, rule):
    assert names(**change) == [rule]


def test_without_level_the_longest_period_counts():
    assert names(level=None, days=366) == ["assurance level"]
    assert names(level=None, days=367) == ["assurance level", "validity period"]


def test_certificates_for_other_things_and_for_development_are_under_no_policy():
    assert names(usages=(EMAIL,), policy=None, level=None) == []
    own = x509.load_pem_x509_certificates(Authority.new("Acme Ltd").certificates)[0]
    assert list(certificate_policy.problems(own)) == []
