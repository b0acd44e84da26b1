"""Each rule for one certificate of a chain, and beside it a certificate that is in order."""

import pytest
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID as Usage, ObjectIdentifier

import forged_certificates as forged
import hand_made_chains as made
from chain_cases import ACCEPTED, MIDDLE, REFUSED, ROOT, alone, leaf, public, under
from genlabel.credentials.x509 import profile
from genlabel.credentials.x509.purpose import BEFORE_C2PA, Purpose
from genlabel.model.report import Severity
from hand_made_chains import CLAIM_SIGNING, DOCUMENT_SIGNING, EMAIL, OVER, SOON

RSA_MIDDLE = made.intermediate(ROOT, key=rsa.generate_private_key(65537, 2048))
UNKNOWN = x509.UnrecognizedExtension(ObjectIdentifier("1.2.3.4.5.6"), b"\x05\x00")
POLICY = x509.CertificatePolicies([x509.PolicyInformation(ObjectIdentifier("1.2.3.4"), None)])
NAMED = x509.SubjectAlternativeName([x509.DNSName("acme.example")])


def names(chain, **how):
    found = profile.faults(public(chain), **how)
    assert {each.severity for each in found} <= {Severity.ERROR}
    assert all(each.source and each.name and each.message and each.remedy for each in found)
    return [each.name for each in found]


def unique(field):
    return forged.with_unique_identifier(made.leaf(MIDDLE), MIDDLE, field)


def unique_middle(field):
    return forged.with_unique_identifier(MIDDLE, ROOT, field)


def pss(digest, mask):
    return [forged.with_pss(made.leaf(RSA_MIDDLE), RSA_MIDDLE, digest, mask), RSA_MIDDLE]


# what is wrong, the chain, the rule; an honest chain of its kind
RULES = [
    ("issuer unique identifier", [unique("issuer_unique_id"), MIDDLE], "unique identifiers",
     leaf()),
    ("subject unique identifier", [unique("subject_unique_id"), MIDDLE], "unique identifiers",
     leaf()),
    ("unique identifier of an authority", under(unique_middle("subject_unique_id")),
     "unique identifiers", leaf()),
    ("unknown critical extension", leaf(more=[(UNKNOWN, True)]), "critical extensions",
     leaf(more=[(UNKNOWN, False)])),
    ("unknown critical extension of an authority",
     under(made.intermediate(ROOT, more=[(UNKNOWN, True)])), "critical extensions",
     under(made.intermediate(ROOT, more=[(UNKNOWN, False)]))),
    ("a policy is required",
     under(made.intermediate(ROOT, more=[(x509.PolicyConstraints(0, None), True)])),
     "critical extensions",
     under(made.intermediate(ROOT, more=[(x509.PolicyConstraints(None, 0), True)]))),
    ("RSA-PSS with another hash in its mask", pss("sha256", "sha512"), "certificate signature",
     pss("sha384", "sha384")),
    ("RSA-PSS without parameters", pss(None, None), "certificate signature",
     pss("sha512", "sha512")),
    ("RSA-PSS without mask", pss("sha256", None), "certificate signature", pss("sha256", "sha256")),
    ("RSA-PSS without hash", pss(None, "sha256"), "certificate signature", pss("sha256", "sha256")),
    ("signed with SHA-224", leaf(digest=hashes.SHA224()), "certificate signature",
     leaf(digest=hashes.SHA384())),
    ("an authority signed with SHA-224", under(made.intermediate(ROOT, digest=hashes.SHA224())),
     "certificate signature", under(made.intermediate(ROOT, digest=hashes.SHA512()))),
    ("an authority signed with SHA-3", under(made.intermediate(ROOT, digest=hashes.SHA3_256())),
     "certificate signature", under(made.intermediate(ROOT))),
    ("an authority without key usage", under(made.intermediate(ROOT, usages=None)), "key usage",
     under(made.intermediate(ROOT, usages=("key_cert_sign",)))),
    ("an authority that may not sign certificates",
     under(made.intermediate(ROOT, usages=("digital_signature",))), "key usage",
     under(made.intermediate(ROOT, usages=("digital_signature", "key_cert_sign")))),
    ("an authority without name for its key", under(made.intermediate(ROOT, names_key=False)),
     "subject key identifier", leaf(names_key=False)),
    ("an authority that does not name its issuer's key",
     under(made.intermediate(ROOT, identifies_issuer=False)), "authority key identifier",
     [*leaf(), made.root(identifies_issuer=False)]),
    ("an authority without saying so as critical",
     under(made.intermediate(ROOT, ca_critical=False)), "basic constraints",
     leaf(ca_critical=False)),
    ("no authority", under(made.intermediate(ROOT, ca=False, path_length=None)),
     "basic constraints", leaf()),
    ("an authority on another curve",
     under(made.intermediate(ROOT, key=ec.generate_private_key(ec.SECP256K1()))), "public key",
     under(made.intermediate(ROOT, key=ec.generate_private_key(ec.SECP384R1())))),
    ("an authority of 1024 bits",
     under(made.intermediate(ROOT, key=rsa.generate_private_key(65537, 1024))), "public key",
     under(RSA_MIDDLE)),
    ("a root in the chain without key usage",
     [made.leaf(root := made.root(usages=None)), root], "key usage",
     [made.leaf(root := made.root()), root]),
    ("a leaf without digital signature", leaf(usages=("content_commitment",)), "key usage",
     leaf(usages=("digital_signature", "content_commitment"))),
    ("for time-stamps", leaf(extended=(Usage.TIME_STAMPING,)), "extended key usage", leaf()),
    ("for revocation answers", leaf(extended=(Usage.OCSP_SIGNING,)), "extended key usage", leaf()),
    ("for servers", leaf(extended=(Usage.SERVER_AUTH,)), "extended key usage",
     leaf(extended=(Usage.SERVER_AUTH, CLAIM_SIGNING))),
    ("for nothing", leaf(extended=None), "extended key usage", leaf(extended=(DOCUMENT_SIGNING,))),
    ("a leaf on another curve", leaf(key=ec.generate_private_key(ec.SECP256K1())),
     "signature algorithm", leaf(key=ed25519.Ed25519PrivateKey.generate())),
]  # fmt: skip


@pytest.mark.parametrize(
    ("chain", "rule", "control"), [row[1:] for row in RULES], ids=[row[0] for row in RULES]
)
def test_a_rule_is_named_and_an_honest_chain_of_its_kind_passes(chain, rule, control):
    assert rule in names(chain)
    assert names(control) == []


LENIENT = {
    "expired": "dates are another question",
    "not yet valid": "dates are another question",
    "an expired intermediate": "dates are another question",
    "an intermediate that begins tomorrow": "dates are another question",
    "root between": "what does not follow is not looked at, and leads to no anchor",
    "a foreign intermediate": "what does not follow is not looked at, and leads to no anchor",
    "signed on P-521 with SHA-256": "the engine cannot do it, the specification allows it",
}


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row[0])
def test_what_signing_refuses_every_reader_refuses_but_for_what_is_asked_apart(row):
    what, chain, algorithm, rule, _ = row
    found = names(chain, algorithm=algorithm)
    if what == "authority first":  # nobody has signed with it
        assert {"basic constraints", "key usage", "extended key usage"} == set(found)
    elif what in LENIENT:
        assert found == []
    else:
        assert rule in found


@pytest.mark.parametrize("row", ACCEPTED, ids=lambda row: row[0])
def test_what_signing_accepts_has_no_fault(row):
    assert names(row[1], algorithm=row[2]) == []


def test_a_self_signed_leaf_needs_no_name_of_its_issuers_key():
    """The specification excuses it (§14.5.1.1), and c2pa-rs does not."""
    chain = alone(identifies_issuer=False)
    assert names(chain) == []
    own = chain[0].key.public_key()
    rows = profile.problems(public(chain), own, algorithm="es256", at=made.NOW)
    assert "authority key identifier" in [each.name for each in rows]


def test_an_authority_for_claims_before_c2pa_is_known_to_readers_and_vouched_for_by_nobody():
    chain = leaf(extended=(BEFORE_C2PA,))
    assert names(chain) == []
    rows = profile.problems(
        public(chain), chain[0].key.public_key(), algorithm="es256", at=made.NOW
    )
    (found,) = [each for each in rows if each.name == "extended key usage"]
    assert (found.severity, "no trust list" in found.message) == (Severity.WARNING, True)


def test_extensions_whose_meaning_is_kept_may_be_critical():
    assert names(leaf(more=[(POLICY, True), (NAMED, True)])) == []
    mappings = x509.InhibitAnyPolicy(0)
    assert names(under(made.intermediate(ROOT, more=[(mappings, True)]))) == []


def test_a_roots_signature_over_itself_is_nobodys_concern():
    root = made.root(digest=hashes.SHA224())
    middle = made.intermediate(root)
    assert names([made.leaf(middle), middle, root]) == []
    renewed = made.link("Root", root, **made.AUTHORITY, digest=hashes.SHA224())  # not by itself
    assert names([made.leaf(renewed), renewed]) == ["certificate signature"]


def test_the_algorithm_must_go_with_the_kind_of_key():
    assert names(leaf(), algorithm="ps256") == ["signature algorithm"]
    assert names(leaf(), algorithm="ed25519") == ["signature algorithm"]
    assert names(leaf(), algorithm="es512") == []
    assert names(leaf(), algorithm="es256k") == ["signature algorithm"]
    assert names(leaf(key=dsa.generate_private_key(1024))) == ["signature algorithm"]


@pytest.mark.parametrize("valid", [OVER, SOON], ids=["over", "not begun"])
def test_dates_are_another_question(valid):
    middle = made.intermediate(ROOT, valid=valid)
    assert names([made.leaf(middle, valid=valid), middle]) == []


def test_a_time_stamp_authority_is_for_nothing_else():
    def of(*usages, critical=True):
        more = [(x509.ExtendedKeyUsage(usages), critical)]
        return names(leaf(extended=None, more=more), purpose=Purpose.TIME_STAMPS)

    assert of(Usage.TIME_STAMPING) == []
    assert of(Usage.TIME_STAMPING, critical=False) == ["extended key usage"]
    assert of(Usage.TIME_STAMPING, EMAIL) == ["extended key usage"]
    assert of(EMAIL) == ["extended key usage"]
    assert names(leaf(extended=None), purpose=Purpose.TIME_STAMPS) == ["extended key usage"]


def test_an_identity_is_for_documents_or_mail():
    def of(*usages):
        return names(leaf(extended=usages), purpose=Purpose.IDENTITIES)

    assert of(DOCUMENT_SIGNING) == of(EMAIL) == of(DOCUMENT_SIGNING, CLAIM_SIGNING) == []
    assert of(CLAIM_SIGNING) == ["extended key usage"]
    assert "extended key usage" in of(DOCUMENT_SIGNING, Usage.TIME_STAMPING)
    assert of(DOCUMENT_SIGNING, Usage.ANY_EXTENDED_KEY_USAGE) == ["extended key usage"]


@pytest.mark.parametrize("count", [0, 11])
def test_no_chain_and_an_endless_chain_have_one_fault(count):
    assert names(leaf()[:1] * count) == ["chain"]


def test_a_chain_that_is_seen_again_is_not_judged_again():
    chain = public(leaf())
    before = profile._faults.cache_info()
    for _ in range(2000):
        profile.faults(list(chain), algorithm="es256")
    after = profile._faults.cache_info()
    assert (after.misses - before.misses, after.hits - before.hits) == (1, 1999)


def test_a_sentence_stays_short_whatever_a_stranger_writes():
    many = tuple(ObjectIdentifier(f"1.2.3.{n}") for n in range(2000))

    def rename(body):
        body["subject"] = asn1.Name.build({"common_name": "x" * 5000})

    odd = forged.changed(made.leaf(MIDDLE, extended=many), MIDDLE, rename)
    with pytest.warns(UserWarning, match="length"):
        (found,) = profile.faults([odd.certificate, MIDDLE.certificate])
    assert found.name == "extended key usage"
    assert len(found.message) < 400
