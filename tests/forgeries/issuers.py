"""Forgeries by who issued a signer's certificate, for what (C2PA 2.4 §14.5.1, RFC 5280 §6.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

import hand_made_chains as hand_made
from forgeries.case import Files, Made, grouped
from forgeries.certificates import Links, middle, root, under, usual
from forgeries.forge import embedded, generated
from genlabel.credentials.trust import Trust
from genlabel.testing import picture
from hand_made_chains import CLAIM_SIGNING, EMAIL, OVER, SOON, Link
from oracles.chain import Chain
from resigning import ES256, X5CHAIN, ders

USUAL = "an issuer and a leaf, honest"
NOBODY: Mapping[str, Any] = {"trust": "unknown", "state": "valid", "attested": False}
INVALID = {**NOBODY, "state": "invalid", "errors": ("signingCredential.invalid",)}
ENDED = {"validity": "expired", "state": "invalid", "attested": False}
_POLICY = ObjectIdentifier("1.3.6.1.4.1.62558.1.1")
_WHY = {
    "engine": "c2pa-python verifies curves with their own algorithm alone, follows the path by "
    "what comes next, and asks issuers for fewer rules than RFC 5280 §4.2.1 has",
    "encypher": "encypher-c2pa finds a path in any order, does not ask what an issuer is for, asks "
    "anchors for dates, and verifies no certificates that are signed by RSASSA-PSS",
    "c2pa-ts": "c2pa-ts knows no trust lists, looks at the leaf alone, and does not know the usage "
    "claimSigning",
}


def shown(links: Links, *certificates: Link, anchor: Link | None = None) -> Made:
    """A picture by the first of `links`, with these certificates; the anchor is the last."""
    chain = Chain(
        organisation="Acme Ltd",
        key=links[0].key_pem,
        certificates=b"".join(each.pem for each in certificates or links[:-1]),
        anchor=(anchor or links[-1]).pem,
    )
    draft = generated(chain, protected={1: ES256, X5CHAIN: ders(chain)})
    return Made(data=embedded(picture("png"), draft), trust=Trust.of(signers=chain.anchor))


def again(issuer: Link, by: Link, **how: Any) -> Link:
    """Another certificate for the key and name of an issuer."""
    changes = {**hand_made.AUTHORITY, "path_length": 0, **how}
    return hand_made.link("Intermediate", by, key=issuer.key, **changes)


def cross_signed(*order: int) -> Made:
    """Two roots have certified one issuer; only the second is an anchor.

    Behind the leaf stand the certificates that the first and the second gave, in that order.
    """
    first, second = root(), hand_made.link("Other root", **hand_made.AUTHORITY)
    issuer = hand_made.intermediate(first)
    leaf = hand_made.leaf(issuer)
    certified = (issuer, again(issuer, second))
    return shown((leaf, second), leaf, *(certified[number] for number in order))


def certified_anew() -> Made:
    """The issuer's certificate has ended; the one that took its place is shown alone."""
    old = hand_made.intermediate(root(), valid=OVER)
    new = again(old, root())
    leaf = hand_made.leaf(old)
    return shown((leaf, new, root()))


def anchored_at_the_issuer(*, alone: bool) -> Made:
    links = usual()
    return shown(links, *(links[:1] if alone else ()), anchor=links[1])


def namesake() -> Made:
    """Another root by the name of our anchor has issued it all."""
    links = under(hand_made.intermediate, hand_made.leaf, top=hand_made.root())
    return shown((*links[:-1], root()))


def by_a_leaf() -> Made:
    """A leaf has issued another one."""
    links = usual()
    return shown((hand_made.leaf(links[0]), *links))


def of_a_namesake() -> Made:
    """It was issued by another key than that of the issuer that is shown, by the same name."""
    links = usual()
    other = hand_made.link("Intermediate", **{**hand_made.AUTHORITY, "path_length": 0})
    return shown((hand_made.leaf(other), *links[1:]))


def below(top: Link) -> Made:
    return shown(under(hand_made.intermediate, hand_made.leaf, top=top))


def keyed(key: Any, **how: Any) -> Callable[[], Made]:
    """Its issuer has that key."""
    return lambda: shown(middle(key=key(), **how))


def with_leaf(**how: Any) -> Callable[[], Made]:
    return lambda: shown(usual(**how))


def with_issuer(**how: Any) -> Callable[[], Made]:
    return lambda: shown(middle(**how))


def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def extension(value: x509.ExtensionType, *, critical: bool = True) -> dict[str, Any]:
    return {"more": ((value, critical),)}


def signed_by_pss() -> Made:
    issuer = hand_made.intermediate(root(), key=rsa_key())
    return shown((hand_made.leaf(issuer, pss=True), issuer, root()))


def only_names() -> x509.NameConstraints:
    """Certificates of another organisation alone."""
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Other Ltd")])
    return x509.NameConstraints([x509.DirectoryName(name)], None)


_HONEST: Files = {
    USUAL: lambda: shown(usual()),
    "a leaf of the root itself, honest": lambda: shown(under(hand_made.leaf)),
    "an anchor that is the issuer, honest": partial(anchored_at_the_issuer, alone=False),
    "an anchor that is the issuer and is not shown, honest": partial(
        anchored_at_the_issuer, alone=True
    ),
    "cross-signed, and one of two is shown, honest": partial(cross_signed, 1),
    "an issuer that was certified anew, honest": certified_anew,
    "an anchor that has ended, honest": lambda: below(hand_made.root(valid=OVER)),
    "an anchor that has not begun, honest": lambda: below(hand_made.root(valid=SOON)),
    "an anchor without its usage, honest": lambda: below(hand_made.root(usages=None)),
    "a key on P-384 and SHA-256, honest": lambda: shown(
        usual(key=ec.generate_private_key(ec.SECP384R1()))
    ),
    "a key on P-521 and SHA-256, honest": lambda: shown(
        usual(key=ec.generate_private_key(ec.SECP521R1()))
    ),
    "signed by SHA-512, honest": with_leaf(digest=hashes.SHA512()),
    "an issuer with an Edwards key, honest": keyed(ed25519.Ed25519PrivateKey.generate),
    "an issuer with an RSA key, honest": keyed(rsa_key),
    "signed by RSASSA-PSS, honest": signed_by_pss,
    "no organisation in its name, honest": with_leaf(organisation=None),
    "no basic constraints, honest": with_leaf(ca=None),
    "usages that are not critical, honest": with_leaf(usage_critical=False),
    "non-repudiation, too, honest": with_leaf(usages=("digital_signature", "content_commitment")),
    "claim signing and a server's usage, honest": with_leaf(
        extended=(CLAIM_SIGNING, ExtendedKeyUsageOID.SERVER_AUTH)
    ),
    "one usage twice, honest": with_leaf(extended=(EMAIL, EMAIL)),
    "an issuer for any usage, honest": with_issuer(
        extended=(ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,)
    ),
    "an issuer for e-mail, honest": with_issuer(extended=(EMAIL,)),
    "a critical policy, honest": with_leaf(
        **extension(x509.CertificatePolicies([x509.PolicyInformation(_POLICY, None)]))
    ),
    "a critical name beside its name, honest": with_leaf(
        **extension(x509.SubjectAlternativeName([x509.DNSName("acme.example")]))
    ),
    "an issuer that allows no other policy, honest": with_issuer(
        **extension(x509.InhibitAnyPolicy(0))
    ),
}

CASES = grouped(
    "issuers",
    USUAL,
    _WHY,
    ({}, _HONEST),
    (
        NOBODY,
        {
            "cross-signed, and the other one comes first": partial(cross_signed, 0, 1),
            "a root by the name of the anchor": namesake,
            "an issuer by the name of the one that is shown": of_a_namesake,
        },
    ),
    (
        INVALID,
        {
            "a leaf issued it": by_a_leaf,
            "an anchor that is no authority": lambda: below(hand_made.root(ca=False)),
            "an anchor that lets nobody issue below": lambda: below(hand_made.root(path_length=0)),
            "an anchor for other names": lambda: below(
                hand_made.root(more=((only_names(), True),))
            ),
            "an issuer that wants a policy": with_issuer(**extension(x509.PolicyConstraints(0, 0))),
            "an issuer for claims alone, and a leaf for e-mail": with_issuer(
                extended=(CLAIM_SIGNING,)
            ),
            "constraints that are not critical": with_issuer(ca_critical=False),
            "non-repudiation alone": with_leaf(usages=("content_commitment",)),
            "a usage for code": with_leaf(extended=(ExtendedKeyUsageOID.CODE_SIGNING,)),
            "a usage that nobody knows": with_leaf(extended=(ObjectIdentifier("1.2.3.4.5"),)),
            "claim signing, and answers about revocation": with_leaf(
                extended=(CLAIM_SIGNING, ExtendedKeyUsageOID.OCSP_SIGNING)
            ),
        },
    ),
    (
        {**ENDED, "validity": "not-begun"},
        {"an issuer that has not begun": with_issuer(valid=SOON)},
    ),
    (
        ENDED,
        {
            "the issuer's certificate that has ended is shown first": lambda: shown(
                middle(valid=OVER)
            ),
            "it ended as it began": with_leaf(valid=(OVER[0], OVER[0])),
        },
    ),
)
