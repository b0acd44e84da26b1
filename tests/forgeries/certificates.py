"""Forgeries by credentials that may not sign, or not yet, or no longer (C2PA 2.4 §14.5.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

import hand_made_chains as hand_made
from forgeries.case import Case, Made
from forgeries.forge import embedded, generated
from genlabel.credentials.trust import Trust
from genlabel.testing import picture
from hand_made_chains import CLAIM_SIGNING, DOCUMENT_SIGNING, EMAIL, Link
from oracles.chain import Chain
from resigning import ES256, PS256, X5CHAIN, ders

FAMILY = "certificates"
CHAIN = "an e-mail certificate under one's own anchor, honest"
INVALID = {
    "trust": "unknown",
    "state": "invalid",
    "attested": False,
    "errors": ("signingCredential.invalid",),
}
"""The certificate profile forbids that this credential signs a claim."""
UNSIGNED = {
    **INVALID,
    **{"integrity": "broken", "validity": "unprovable"},
    "errors": ("claimSignature.mismatch", "signingCredential.invalid"),
}
"""The same, and its key makes no signature that there is (§13.2.1)."""
NOBODY = {"trust": "unknown", "state": "valid", "attested": False}
_LENIENT = {
    "engine": "c2pa-python asks issuers for fewer rules of the profile than RFC 5280 §4.2.1 and "
    "C2PA 2.4 §14.5.1 have",
    "encypher": "encypher-c2pa does not ask what an issuer's certificate may be used for",
    "c2pa-ts": "c2pa-ts knows no trust lists, and looks at the leaf alone",
}
_ANY_SIGNER = {
    **_LENIENT,
    "engine": "c2pa-python lets certificates for time-stamps and OCSP sign claims; §14.5.1 lists "
    "them for their own purpose",
}
_NO_LISTS = "no other program can be told that an anchor is of C2PA's own list, under which e-mail "
_NO_LISTS += "certificates sign no claims (§14.4.1)"
_SELF = "genlabel accepts it, too, and warns: nobody but yourself vouches for it"

Links = tuple[Link, ...]
"""The leaf first, then its issuers; the last one is the anchor."""


@cache
def root() -> Link:
    return hand_made.root()


def under(*links: Callable[[Link], Link], top: Link | None = None) -> Links:
    """A chain below the root (or `top`), from the uppermost issuer down to the leaf."""
    made = [top or root()]
    for link in links:
        made.append(link(made[-1]))
    return tuple(reversed(made))


def usual(**leaf: Any) -> Links:
    """A root, an intermediate, and a leaf that differs as said."""
    return under(hand_made.intermediate, lambda issuer: hand_made.leaf(issuer, **leaf))


def middle(**intermediate: Any) -> Links:
    """The same with another intermediate."""
    return under(lambda issuer: hand_made.intermediate(issuer, **intermediate), hand_made.leaf)


def _lower(issuer: Link) -> Link:
    """An authority of another name below one that may have none below itself."""
    return hand_made.link("Lower", issuer, **hand_made.AUTHORITY, path_length=0)


def signed(links: Links, *, listed: bool = False) -> Made:
    """A picture that the leaf has signed, judged with the last of the chain as anchor."""
    *below, anchor = links
    chain = Chain(
        organisation="Acme Ltd",
        key=links[0].key_pem,
        certificates=b"".join(each.pem for each in below or links),
        anchor=anchor.pem,
    )
    trust = Trust.of(lists=[("c2pa", anchor.pem)]) if listed else Trust.of(signers=anchor.pem)
    algorithm = PS256 if isinstance(links[0].key, rsa.RSAPrivateKey) else ES256
    draft = generated(chain, protected={1: algorithm, X5CHAIN: ders(chain)})
    return Made(data=embedded(picture("png"), draft), trust=trust)


def short() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 1024)


def _case(
    name: str,
    links: Callable[[], Links],
    differs: Mapping[str, Any],
    *,
    listed: bool = False,
    why: Mapping[str, str] | str | None = None,
) -> Case:
    honest = name.endswith("honest")
    return Case(
        family=FAMILY,
        name=name,
        make=lambda: signed(links(), listed=listed),
        differs=differs,
        control=None if honest else CHAIN,
        why=_LENIENT if why is None else why,
    )


_UNHEARD_OF = ((x509.UnrecognizedExtension(ObjectIdentifier("1.2.3.4.5.6"), b"\x05\x00"), True),)

_FORBIDDEN: dict[str, Callable[[], Links]] = {
    "the leaf has no key usage": lambda: usual(usages=None),
    "the leaf may not sign": lambda: usual(usages=("key_encipherment",)),
    "the leaf may sign certificates": lambda: usual(usages=("digital_signature", "key_cert_sign")),
    "the leaf is an authority": lambda: usual(ca=True),
    "the leaf has no extended key usage": lambda: usual(extended=None),
    "the leaf is for any usage": lambda: usual(
        extended=(EMAIL, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE)
    ),
    "the leaf gives time-stamps": lambda: usual(extended=(ExtendedKeyUsageOID.TIME_STAMPING,)),
    "the leaf gives time-stamps too": lambda: usual(
        extended=(EMAIL, ExtendedKeyUsageOID.TIME_STAMPING)
    ),
    "the leaf answers about revocation": lambda: usual(
        extended=(ExtendedKeyUsageOID.OCSP_SIGNING,)
    ),
    "the leaf is a server's": lambda: usual(extended=(ExtendedKeyUsageOID.SERVER_AUTH,)),
    "the leaf does not name its issuer's key": lambda: usual(identifies_issuer=False),
    "the leaf has a critical extension that nobody knows": lambda: usual(more=_UNHEARD_OF),
    "the leaf's RSA key is too short": lambda: usual(key=short()),
    "the issuer's RSA key is too short": lambda: middle(key=short()),
    "the issuer's key is on secp256k1": lambda: middle(key=ec.generate_private_key(ec.SECP256K1())),
    "the issuer's key is on brainpoolP256r1": lambda: middle(
        key=ec.generate_private_key(ec.BrainpoolP256R1())
    ),
    "the issuer has no key usage": lambda: middle(usages=None),
    "the issuer may not issue": lambda: middle(usages=("digital_signature",)),
    "the issuer is no authority": lambda: middle(ca=False, path_length=None),
    "the issuer has no key identifier": lambda: middle(names_key=False),
    "the issuer is for servers": lambda: middle(extended=(ExtendedKeyUsageOID.SERVER_AUTH,)),
    "the issuer has a critical extension that nobody knows": lambda: middle(more=_UNHEARD_OF),
    "an issuer too many for the path length": lambda: under(
        hand_made.intermediate, _lower, hand_made.leaf
    ),
}

CASES: tuple[Case, ...] = (
    _case(CHAIN, usual, {}),
    _case(
        "claim signing, honest",
        lambda: usual(extended=(CLAIM_SIGNING,)),
        {},
        why={"c2pa-ts": "c2pa-ts does not know the usage claimSigning, which is new in C2PA 2.2"},
    ),
    _case("document signing, honest", lambda: usual(extended=(DOCUMENT_SIGNING,)), {}),
    _case(
        "claim signing on C2PA's list, honest",
        lambda: usual(extended=(CLAIM_SIGNING, EMAIL)),
        {"trust": "listed"},
        listed=True,
    ),
    _case("an e-mail certificate on C2PA's list", usual, NOBODY, listed=True, why=_NO_LISTS),
    *(
        _case(
            name,
            links,
            INVALID,
            why=_ANY_SIGNER if name.startswith("the leaf") else _LENIENT,
        )
        for name, links in _FORBIDDEN.items()
    ),
    _case(
        "the leaf's RSA key is long enough, honest",
        lambda: usual(key=rsa.generate_private_key(65537, 2048)),
        {},
    ),
    *(
        _case(
            f"the leaf's key is on {curve.name}",
            lambda curve=curve: usual(key=ec.generate_private_key(curve)),
            UNSIGNED,
        )
        for curve in (ec.SECP192R1(), ec.SECP224R1(), ec.SECP256K1(), ec.BrainpoolP256R1())
    ),
    _case(
        "a leaf that is its own anchor, honest",
        lambda: (hand_made.link("Leaf", ca=False),),
        {"warnings": ("genlabel.signer.self-signed",)},
        why=_SELF,
    ),
    _case(
        "the certificate has ended",
        lambda: usual(valid=hand_made.OVER),
        {"validity": "expired", "state": "invalid", "attested": False},
    ),
    _case(
        "the certificate has not begun",
        lambda: usual(valid=hand_made.SOON),
        {"validity": "not-begun", "state": "invalid", "attested": False},
    ),
    _case(
        "the issuer has ended",
        lambda: middle(valid=hand_made.OVER),
        {"validity": "expired", "state": "invalid", "attested": False},
    ),
    _case("a chain under another root", lambda: (*usual()[:-1], hand_made.root()), NOBODY),
)
