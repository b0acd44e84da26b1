"""Certification paths: from a chain up to a trust anchor, by signatures alone, whatever the dates.

This module imports cryptography; it is imported only when a chain is to be judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes

from genlabel.credentials.trust.anchor_pem import AnchorKind
from genlabel.credentials.trust.anchors import Anchors, Trust
from genlabel.credentials.x509.profile_rule import extension

MAX_CHAIN = 10
"""Longer chains are mistakes or attacks."""


def trust_anchor(
    chain: Sequence[x509.Certificate], trust: Trust, *, kind: AnchorKind = AnchorKind.SIGNER
) -> Anchors | None:
    """The first of the anchors of that kind that the `chain` leads up to; None for none.

    The chain begins with the signing certificate, and each is followed by its issuer. An anchor
    counts if it stands in the chain itself, or if it issued one that does. Every link on the way
    is checked by its signature and by whether the issuer may issue it (RFC 5280 §6.1.4); dates,
    revocation and what the signing certificate may be used for are other questions.
    """
    try:
        return _trust_anchor(tuple(chain[:MAX_CHAIN]), trust, kind)
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension):
        return None  # keys and extensions are parsed when looked at, and may be damaged


def _trust_anchor(
    chain: tuple[x509.Certificate, ...], trust: Trust, kind: AnchorKind
) -> Anchors | None:
    linked = _linked(chain)
    for entry in trust.of_kind(kind):
        for anchor in _certificates(entry):
            for depth, certificate in enumerate(linked):
                if certificate == anchor or _issued(certificate, anchor, depth):
                    return entry
    return None


def _linked(chain: tuple[x509.Certificate, ...]) -> tuple[x509.Certificate, ...]:
    """The beginning of the chain, as far as each certificate is issued by the next."""
    for depth in range(len(chain) - 1):
        if not _issued(chain[depth], chain[depth + 1], depth):
            return chain[: depth + 1]
    return chain


@lru_cache(maxsize=16)
def _certificates(anchors: Anchors) -> tuple[x509.Certificate, ...]:
    return tuple(x509.load_pem_x509_certificates(anchors.pem))


def _issued(certificate: x509.Certificate, issuer: x509.Certificate, depth: int) -> bool:
    """Did `issuer` sign `certificate`, and might it, with `depth` authorities below itself?"""
    if certificate.issuer != issuer.subject:  # before anything that costs
        return False
    digest = certificate.signature_hash_algorithm
    if digest is not None and not isinstance(digest, hashes.SHA256 | hashes.SHA384 | hashes.SHA512):
        return False  # C2PA 2.4 §14.5.1; older ones can be forged
    constraints = extension(issuer, x509.BasicConstraints)
    if constraints is None or not constraints.value.ca:
        return False
    if (length := constraints.value.path_length) is not None and length < depth:
        return False
    usage = extension(issuer, x509.KeyUsage)
    if usage is not None and not usage.value.key_cert_sign:  # RFC 5280 §4.2.1.3: without it, yes
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except InvalidSignature:
        return False
    return True
