"""What CAWG asks of an identity's certificate: the usage, the policy, the organisation."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from genlabel.credentials.x509 import chain, identity_profile
from genlabel.model.errors import CredentialError
from genlabel.model.report import Severity
from genlabel.testing import Authority
from hand_made_chains import ALWAYS, p256
from oracles.chain import CLAIM_SIGNING, Chain

DOCUMENTS = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # id-kp-documentSigning, RFC 9336
MAIL = ExtendedKeyUsageOID.EMAIL_PROTECTION


def rules(certificates):
    found = identity_profile.problems(chain.load(certificates)[0])
    return {problem.name: problem.severity for problem in found}


@pytest.mark.parametrize(
    ("usages", "expected"),
    [
        ((DOCUMENTS,), {}),
        ((DOCUMENTS, MAIL), {}),
        ((MAIL,), {"certificate policy": Severity.WARNING}),
        ((CLAIM_SIGNING,), {"extended key usage": Severity.ERROR}),
        ((ExtendedKeyUsageOID.SERVER_AUTH,), {"extended key usage": Severity.ERROR}),
    ],
)
def test_document_signing_is_what_identities_want(usages, expected):
    assert rules(Chain.new(ekus=usages).certificates) == expected


def test_an_s_mime_certificate_of_an_organisation_serves_for_an_interim():
    key = p256()
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Acme Ltd")])
    validated = ObjectIdentifier("2.23.140.1.5.2.2")  # organisation-validated, multipurpose
    leaf = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, *ALWAYS)
        .add_extension(x509.ExtendedKeyUsage([MAIL]), critical=False)
        .add_extension(
            x509.CertificatePolicies([x509.PolicyInformation(validated, None)]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    (problem,) = identity_profile.problems(leaf)
    assert (problem.severity, problem.name) == (Severity.NOTE, "extended key usage")
    assert "31 March 2027" in problem.message


def test_a_development_identity_is_one_and_is_no_claim_signer():
    leaf = chain.load(Authority.new("Acme", identity=True, email="a@acme.example").certificates)[0]
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert set(usage) == {DOCUMENTS, MAIL}
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.RFC822Name) == ["a@acme.example"]
    assert list(identity_profile.problems(leaf)) == []


def test_a_development_identity_claims_no_policy_that_nobody_followed():
    leaf = chain.load(Authority.new("Acme", identity=True).certificates)[0]
    with pytest.raises(x509.ExtensionNotFound):
        leaf.extensions.get_extension_for_class(x509.CertificatePolicies)


def test_a_renewed_identity_stays_one():
    authority = Authority.new("Acme", identity=True, keep_authority=True)
    assert rules(authority.renewed().certificates) == {}


@pytest.mark.parametrize("address", ["", "acme", "a b@acme.example", "a@acme.example\n", "ä@b.cd"])
def test_what_is_no_address_gets_no_certificate(address):
    with pytest.raises(CredentialError):
        Authority.new("Acme", identity=True, email=address)
