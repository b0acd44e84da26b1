"""Certificates that somebody damaged: a problem or nothing, never a crash, never vouched for."""

import warnings

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import example, given, settings, strategies as st

import hand_made_chains as made
from genlabel.credentials.trust import AnchorKind, Trust, path as paths
from genlabel.credentials.x509 import certificate_policy, chain as chains, profile
from genlabel.credentials.x509.certificate import Certificate
from genlabel.credentials.x509.profile_rule import UNREADABLE
from genlabel.credentials.x509.purpose import Purpose
from genlabel.model.errors import CredentialError, TrustError
from hand_made_chains import CLAIM_SIGNING, EMAIL

RICH = [
    (x509.SubjectAlternativeName([x509.DNSName("a.example"), x509.RFC822Name("a@b.example")]),
     False),
    (x509.CertificatePolicies([x509.PolicyInformation(certificate_policy.POLICY, None)]), False),
    (x509.UnrecognizedExtension(certificate_policy.ASSURANCE_LEVEL, b"\x06\x01\x00"), False),
]  # fmt: skip
CONSTRAINTS = x509.NameConstraints(
    [x509.DNSName("example"), x509.RFC822Name("b.example")], [x509.DNSName("x.example")]
)
ROOT = made.root()
MIDDLE = made.intermediate(ROOT, more=[(CONSTRAINTS, True)])
LEAF = made.leaf(MIDDLE, extended=(CLAIM_SIGNING, EMAIL), more=RICH)
CHAIN = tuple(each.certificate.public_bytes(Encoding.DER) for each in (LEAF, MIDDLE))
MIXED = (*CHAIN, ROOT.certificate.public_bytes(Encoding.DER))
TRUST = Trust.of(signers=ROOT.pem, tsa=ROOT.pem, identity=[ROOT.pem], lists=[("c2pa", ROOT.pem)])


def judged(ders):
    """Everything that is asked of a chain; is it vouched for, and without fault?"""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = chains.parsed(ders)
        if not found:
            return False
        faults = profile.faults(found, algorithm="es256")
        assert all(each.source and each.message for each in faults)
        for purpose in Purpose:
            profile.faults(found, purpose=purpose)
        rows = profile.problems(found, LEAF.key.public_key(), algorithm="es256", at=made.NOW)
        assert faults == () or rows
        vouched = [paths.trust_anchor(found, TRUST, kind) for kind in AnchorKind]
        paths.refusals(found, TRUST)
        for ask in (certificate_policy.problems, lambda leaf: [Certificate.of(found, leaf)]):
            try:
                list(ask(found[0]))
            except UNREADABLE:
                assert rows
        return any(vouched) and not faults


def test_the_honest_chain_is_vouched_for():
    assert judged(CHAIN)
    assert profile.faults(chains.parsed(CHAIN), algorithm="es256") == ()


@settings(max_examples=300, deadline=None)
@given(
    which=st.integers(0, 1),
    at=st.integers(0, 2000),
    size=st.integers(0, 3),
    new=st.binary(max_size=4),
)
@example(which=0, at=0, size=0, new=b"")
def test_a_changed_certificate_is_never_vouched_for_and_never_crashes(which, at, size, new):
    old = CHAIN[which]
    at %= len(old)
    changed = old[:at] + new + old[at + size :]
    ders = tuple(changed if n == which else each for n, each in enumerate(CHAIN))
    assert judged(ders) == (changed == old)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from([*CHAIN, ROOT.certificate.public_bytes(Encoding.DER)]), max_size=12)
)
def test_certificates_in_any_order_and_number(ders):
    vouched = judged(tuple(ders))
    assert not vouched or (ders[0] == CHAIN[0] and ders[1] == CHAIN[1])


@settings(max_examples=300, deadline=None)
@given(at=st.integers(0, 2000), bit=st.integers(0, 7))
@example(at=44, bit=1)  # a version that there is not
def test_a_damaged_list_is_refused_or_judged(at, bit):
    pem = bytearray(ROOT.pem)
    pem[at % len(pem)] ^= 1 << bit
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            trust = Trust.of(signers=bytes(pem))
        except TrustError:
            return
        paths.trust_anchor(chains.parsed(CHAIN), trust)  # its key may be the same
        paths.refusals(chains.parsed(CHAIN), trust)


@settings(max_examples=300, deadline=None)
@given(at=st.integers(0, 2000), new=st.binary(min_size=1, max_size=2))
@example(at=12, new=b"\x0a")  # a version that there is not
def test_a_damaged_chain_is_refused_or_checked(at, new):
    der = bytearray(CHAIN[0])
    der[at % len(der)] = new[0]
    try:
        chains.load(bytes(der))
    except CredentialError:
        return
