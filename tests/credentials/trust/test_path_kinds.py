"""What an anchor vouches for: usages by its kind and its list, authorities' purposes, moments."""

from datetime import timedelta
from functools import partial

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID as Usage, ObjectIdentifier

import hand_made_chains as made
from genlabel.credentials.trust import AnchorKind, Trust, path as paths
from genlabel.credentials.x509 import chain as chains, path_rules
from genlabel.credentials.x509.purpose import BEFORE_C2PA
from genlabel.model.report import TrustLevel
from hand_made_chains import CLAIM_SIGNING, DAY, DOCUMENT_SIGNING, EMAIL, NOW, OVER, SOON
from oracles import corpus

ROOT = made.root()
MIDDLE = made.intermediate(ROOT)
GOOGLE = (EMAIL, CLAIM_SIGNING)
LISTS = corpus.beside("trust-lists")


def public(*chain):
    return tuple(each.certificate for each in chain)


def leaf(*usages, middle=MIDDLE, critical=False, **more):
    extension = [(x509.ExtendedKeyUsage(usages), critical)]
    return public(made.leaf(middle, extended=None, more=extension, **more), middle)


def level(chain, trust, kind=AnchorKind.SIGNER, **how):
    found = paths.trust_anchor(chain, trust, kind, **how)
    return None if found is None else found.level


OWN = Trust.of(signers=ROOT.pem)
C2PA = Trust.of(lists=[("c2pa", ROOT.pem)])
OTHER = Trust.of(lists=[("signer", ROOT.pem)])


@pytest.mark.parametrize(
    ("usages", "own", "c2pa", "other"),
    [
        ((CLAIM_SIGNING,), TrustLevel.KNOWN, TrustLevel.LISTED, TrustLevel.LISTED),
        (GOOGLE, TrustLevel.KNOWN, TrustLevel.LISTED, TrustLevel.LISTED),
        ((EMAIL,), TrustLevel.KNOWN, None, TrustLevel.LISTED),
        ((DOCUMENT_SIGNING,), TrustLevel.KNOWN, None, TrustLevel.LISTED),
        ((EMAIL, Usage.CLIENT_AUTH), TrustLevel.KNOWN, None, TrustLevel.LISTED),
        ((BEFORE_C2PA,), None, None, None),
        ((Usage.SERVER_AUTH,), None, None, None),
        ((Usage.TIME_STAMPING,), None, None, None),
        ((Usage.OCSP_SIGNING,), None, None, None),
        ((CLAIM_SIGNING, Usage.OCSP_SIGNING), None, None, None),
        ((CLAIM_SIGNING, Usage.ANY_EXTENDED_KEY_USAGE), None, None, None),
    ],
    ids=lambda each: "",
)
def test_the_c2pa_list_vouches_for_claim_signing_alone(usages, own, c2pa, other):
    chain = leaf(*usages)
    assert (level(chain, OWN), level(chain, C2PA), level(chain, OTHER)) == (own, c2pa, other)


def test_a_root_on_two_lists_serves_by_each():
    both = Trust.of(lists=[("c2pa", ROOT.pem), ("signer", ROOT.pem)])
    assert [(each.c2pa, each.count) for each in both.entries] == [(True, 1), (False, 1)]
    assert paths.trust_anchor(leaf(CLAIM_SIGNING), both).c2pa
    assert not paths.trust_anchor(leaf(EMAIL), both).c2pa
    once = Trust.of(signers=ROOT.pem, lists=[("c2pa", ROOT.pem)])
    assert [each.c2pa for each in once.entries] == [False]  # one's own anchors vouch for more
    twice = Trust.of(lists=[("c2pa", ROOT.pem), ("c2pa", ROOT.pem)])
    assert len(twice.entries) == 1


def test_a_kind_vouches_for_its_own_purpose_alone():
    stamp = leaf(Usage.TIME_STAMPING, critical=True)
    person = leaf(DOCUMENT_SIGNING)
    signer = leaf(CLAIM_SIGNING)
    every = {"signers": ROOT.pem, "tsa": ROOT.pem, "identity": ROOT.pem}
    for alone, kind, own in (
        ("signers", AnchorKind.SIGNER, signer),
        ("tsa", AnchorKind.TSA, stamp),
        ("identity", AnchorKind.IDENTITY, person),
    ):
        trust = Trust.of(**{alone: ROOT.pem})
        assert level(own, trust, kind) is TrustLevel.KNOWN
        for other in set(AnchorKind) - {kind}:
            assert level(own, trust, other) is None
    assert level(signer, Trust.of(**every), AnchorKind.TSA) is None
    assert level(stamp, Trust.of(**every), AnchorKind.SIGNER) is None
    assert level(stamp, Trust.of(**every), AnchorKind.IDENTITY) is None
    assert level(signer, Trust.of(**every), AnchorKind.IDENTITY) is None


@pytest.mark.parametrize(
    "chain",
    [
        leaf(Usage.TIME_STAMPING),
        leaf(Usage.TIME_STAMPING, EMAIL, critical=True),
        leaf(EMAIL, critical=True),
    ],
    ids=["not critical", "and mail", "mail"],
)
def test_a_time_stamp_is_by_a_certificate_for_nothing_else(chain):
    assert level(chain, Trust.of(tsa=ROOT.pem), AnchorKind.TSA) is None


def test_a_listed_identity_is_for_documents_or_under_a_policy_that_says_whose_it_is():
    def smime(policy):
        known = x509.PolicyInformation(ObjectIdentifier(policy), None)
        more = [(x509.CertificatePolicies([known]), False)]
        return public(made.leaf(MIDDLE, extended=(EMAIL,), more=more), MIDDLE)

    listed = Trust.of(lists=[("identity", ROOT.pem)])
    ask = partial(level, trust=listed, kind=AnchorKind.IDENTITY)
    assert ask(leaf(DOCUMENT_SIGNING)) is TrustLevel.LISTED
    assert ask(smime("2.23.140.1.5.2.3")) is TrustLevel.LISTED
    assert ask(smime("2.23.140.1.5.1.3")) is None  # mailbox-validated: whose is not said
    assert ask(leaf(EMAIL)) is None
    own = Trust.of(identity=ROOT.pem)  # whom one knows oneself
    assert level(leaf(EMAIL), own, AnchorKind.IDENTITY) is TrustLevel.KNOWN


def authority(*usages, issuer=ROOT, **how):
    more = [(x509.ExtendedKeyUsage(usages), False)] if usages else []
    return made.intermediate(issuer, more=more, **how)


def test_an_authority_with_usages_vouches_for_those_alone():
    for middle, usages, own, c2pa in (
        (authority(CLAIM_SIGNING, EMAIL), GOOGLE, True, True),
        (authority(CLAIM_SIGNING), GOOGLE, True, True),
        (authority(EMAIL), GOOGLE, True, False),
        (authority(Usage.ANY_EXTENDED_KEY_USAGE), GOOGLE, True, True),
        (authority(Usage.TIME_STAMPING), GOOGLE, False, False),
        (authority(Usage.SERVER_AUTH), (EMAIL,), False, False),
        (authority(EMAIL), (CLAIM_SIGNING,), False, False),
    ):
        chain = leaf(*usages, middle=middle)
        assert (level(chain, OWN) is not None, level(chain, C2PA) is not None) == (own, c2pa)
        rules = {each.name for each in paths.refusals(chain, OWN)}
        assert rules == (set() if own else {"extended key usage of issuers"})


def test_an_anchor_with_usages_vouches_for_those_alone_even_outside_the_chain():
    stamps = made.root(more=[(x509.ExtendedKeyUsage([Usage.TIME_STAMPING]), False)])
    middle = made.intermediate(stamps)
    chain = leaf(CLAIM_SIGNING, middle=middle)
    trust = Trust.of(signers=stamps.pem)
    assert level(chain, trust) is None
    assert [each.name for each in paths.refusals(chain, trust)] == ["extended key usage of issuers"]
    stamp = leaf(Usage.TIME_STAMPING, middle=middle, critical=True)
    assert level(stamp, Trust.of(tsa=stamps.pem), AnchorKind.TSA) is TrustLevel.KNOWN


def test_name_constraints_of_an_anchor_outside_the_chain_are_kept():
    elsewhere = x509.NameConstraints(
        None,
        [x509.DirectoryName(MIDDLE.certificate.subject)],
    )
    root = made.root(more=[(elsewhere, True)])
    chain = leaf(CLAIM_SIGNING, middle=made.intermediate(root))
    trust = Trust.of(signers=root.pem)
    assert level(chain, trust) is None
    assert [each.name for each in paths.refusals(chain, trust)] == ["name constraints"]
    assert paths.refusals(chain, OWN) == ()  # nobody leads there: a stranger is no fault
    assert paths.refusals(leaf(CLAIM_SIGNING), OWN) == ()
    assert paths.refusals(leaf(EMAIL), C2PA) == ()  # in order, and for something else


def test_a_path_length_counts_authorities_that_do_not_name_themselves():
    top = made.intermediate(ROOT, path_length=0)
    renewed = made.link("Intermediate", top, **made.AUTHORITY)
    chain = public(made.leaf(renewed), renewed, top)
    assert level(chain, OWN) is TrustLevel.KNOWN
    other = made.link("Another", top, **made.AUTHORITY)
    chain = public(made.leaf(other), other, top)
    assert level(chain, OWN) is None
    assert [each.name for each in paths.refusals(chain, OWN)] == ["basic constraints"]


def test_an_anchor_that_signed_with_a_key_of_another_name_is_not_the_issuer():
    twin = made.root()  # the same names, another key
    assert level(leaf(CLAIM_SIGNING), Trust.of(signers=twin.pem)) is None
    named = made.intermediate(ROOT)
    odd = made.leaf(
        named,
        identifies_issuer=False,
        more=[(x509.AuthorityKeyIdentifier(b"another", None, None), False)],
    )
    chain = public(odd, named)
    assert level(chain, OWN) is None
    assert [each.name for each in paths.refusals(chain, OWN)] == ["authority key identifier"]


def test_a_self_signed_leaf_vouches_for_itself_where_it_is_named():
    alone = made.leaf(None, extended=(EMAIL,))
    trust = Trust.of(signers=alone.pem)
    found = paths.path(public(alone), trust)
    assert (found.anchors.level, found.certificates) == (TrustLevel.KNOWN, public(alone))
    assert level(public(alone), OWN) is None
    assert level(public(made.leaf(None, extended=(Usage.TIME_STAMPING,))), trust) is None
    below = public(made.link("Below", alone, ca=False), alone)  # it may sign nobody else
    assert level(below, trust) is None
    assert "basic constraints" in [each.name for each in paths.refusals(below, trust)]
    assert not found.valid(NOW + 40 * DAY)


def test_a_moment_is_asked_of_every_certificate_but_a_root_that_was_given():
    old = made.root(valid=OVER)
    middle = made.intermediate(old, valid=(NOW - 3 * DAY, NOW + 3 * DAY))
    chain = public(made.leaf(middle), middle)
    trust = Trust.of(signers=old.pem)
    assert level(chain, trust, at=NOW) is TrustLevel.KNOWN
    assert level((*chain, old.certificate), trust, at=NOW) is TrustLevel.KNOWN
    assert level(chain, trust, at=NOW - 2 * DAY) is None  # the leaf had not begun
    assert level(chain, trust, at=NOW + 4 * DAY) is None  # the authority has ended
    assert level(chain, trust) is TrustLevel.KNOWN
    assert level(chain, Trust.of(signers=middle.pem), at=NOW + 4 * DAY) is None
    soon = public(made.leaf(middle, valid=SOON), middle)
    assert (level(soon, trust), level(soon, trust, at=NOW)) == (TrustLevel.KNOWN, None)
    assert level(soon, trust, at=NOW + timedelta(days=2)) is TrustLevel.KNOWN


def test_another_way_is_taken_where_one_does_not_hold():
    own = made.p256()
    narrow = made.root(key=own, path_length=0)
    wide = made.root(key=own)
    middle = made.intermediate(wide, path_length=None)
    below = made.link("Deep", middle, **made.AUTHORITY)
    chain = public(made.leaf(below), below, middle)
    assert level(chain, Trust.of(signers=narrow.pem)) is None
    both = Trust.of(signers=[narrow.pem, wide.pem])
    assert level(chain, both) is TrustLevel.KNOWN
    assert paths.refusals(chain, both) == ()


def test_a_way_ends_at_the_anchor_whatever_follows_in_the_chain():
    leaf_, middle = leaf(CLAIM_SIGNING)
    whole = (leaf_, middle, ROOT.certificate)
    for anchor, way in (
        (ROOT, whole),
        (MIDDLE, whole[:2]),
        (made.root(key=ROOT.key, path_length=1), (*whole[:2], None)),
    ):
        found = paths.path(whole, Trust.of(signers=anchor.pem))
        assert found.certificates == tuple(each or anchor.certificate for each in way)
    assert paths.path(whole[:2], OWN).certificates == whole
    assert paths.path(whole[:1], Trust.of(signers=MIDDLE.pem)).certificates == whole[:2]


def test_two_anchors_of_one_name_stand_beside_each_other():
    twin = made.root()
    both = Trust.of(signers=twin.pem + ROOT.pem + made.root().pem)
    assert level(leaf(CLAIM_SIGNING), both) is TrustLevel.KNOWN


def test_smime_below_an_authority_for_other_things_is_no_identity():
    known = x509.PolicyInformation(ObjectIdentifier("2.23.140.1.5.2.3"), None)
    more = [(x509.CertificatePolicies([known]), False)]
    listed = Trust.of(lists=[("identity", ROOT.pem)])
    for usages, trust in (((EMAIL,), TrustLevel.LISTED), ((Usage.SERVER_AUTH,), None)):
        middle = authority(*usages)
        chain = public(made.leaf(middle, extended=(EMAIL,), more=more), middle)
        assert level(chain, listed, AnchorKind.IDENTITY) is trust


def test_both_ends_of_a_period_belong_to_it():
    middle = made.intermediate(ROOT, valid=(NOW - 9 * DAY, NOW + 9 * DAY))
    chain = public(made.leaf(middle, valid=(NOW - DAY, NOW + DAY)), middle)
    second = timedelta(seconds=1)
    for inside, outside in ((NOW - DAY, NOW - DAY - second), (NOW + DAY, NOW + DAY + second)):
        assert level(chain, OWN, at=inside) is TrustLevel.KNOWN
        assert level(chain, OWN, at=outside) is None


def test_a_leaf_with_its_authoritys_name_is_constrained_like_any_other():
    own = x509.DirectoryName(MIDDLE.certificate.subject)
    middle = made.intermediate(ROOT, more=[(x509.NameConstraints(None, [own]), True)])
    chain = public(made.link("Intermediate", middle, ca=False), middle)
    assert [each.name for each in paths.refusals(chain, OWN)] == ["name constraints"]
    assert level(chain, OWN) is None


def test_two_thousand_files_of_one_signer_are_one_path(monkeypatch):
    counted = []
    honest = chains.issued_by
    monkeypatch.setattr(path_rules, "issued_by", lambda *pair: counted.append(1) or honest(*pair))
    chain = leaf(CLAIM_SIGNING, middle=made.intermediate(ROOT))
    ders = tuple(each.public_bytes(Encoding.DER) for each in chain)
    equal = (OWN, Trust.of(signers=ROOT.pem))
    for number in range(2000):
        assert paths.trust_anchor(chains.parsed(ders), equal[number % 2]) is not None
    assert len(counted) == 2  # one signature for each link


def test_what_cannot_be_read_leads_nowhere():
    assert paths.path((), OWN) is None
    assert paths.refusals((), OWN) == ()
    assert chains.parsed((b"",)) is None
    assert chains.parsed((b"\x30\x03abc", b"")) is None


@pytest.mark.skipif(LISTS is None, reason="the official trust lists are not here")
def test_the_official_list_is_recognised_by_what_is_in_it(tmp_path):
    assert LISTS is not None
    whole = (LISTS / "C2PA-TRUST-LIST.pem").read_bytes()
    (entry,) = Trust.of(lists=[("signer", whole)]).entries
    assert (entry.c2pa, entry.kind) == (True, AnchorKind.SIGNER)
    end = b"-----END CERTIFICATE-----\n"
    each = [part + end for part in whole.split(end)[:-1]]
    turned = b"# another text\n".join(reversed(each))
    assert Trust.of(lists=[("signer", turned)]).entries[0].c2pa
    assert not Trust.of(lists=[("signer", b"".join(each[1:]))]).entries[0].c2pa
    assert Trust.of(lists=[("c2pa", b"".join(each[1:]))]).entries[0].c2pa
    (stamps,) = Trust.of(lists=[("tsa", LISTS / "C2PA-TSA-TRUST-LIST.pem")]).entries
    assert not stamps.c2pa
