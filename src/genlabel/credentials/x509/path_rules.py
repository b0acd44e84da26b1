"""What the authorities of a certification path allow those below them: RFC 5280 §6.1.

A path begins with the signing certificate; each is signed by the one that follows. Dates and
revocation are other questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ObjectIdentifier

from genlabel.credentials.x509 import name_constraints, purpose as purposes
from genlabel.credentials.x509.chain import issued_by, title
from genlabel.credentials.x509.profile_rule import ANOTHER, UNREADABLE, Problem, error, extension
from genlabel.credentials.x509.purpose import Purpose

_USAGES = "RFC 5280 §4.2.1.12"
_IDENTIFIERS = "RFC 5280 §4.2.1.1"


def signed_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Did `issuer` sign it, by name and by a signature that C2PA allows (2.4 §14.5.1.1)?"""
    try:
        if certificate.issuer != issuer.subject:  # before anything that costs
            return False
        digest = certificate.signature_hash_algorithm
    except UNREADABLE:
        return False
    if digest is not None and not isinstance(digest, hashes.SHA256 | hashes.SHA384 | hashes.SHA512):
        return False  # older ones can be forged
    return issued_by(certificate, issuer)


@lru_cache(maxsize=64)
def linked(chain: tuple[x509.Certificate, ...]) -> tuple[x509.Certificate, ...]:
    """The beginning of the chain, as far as each certificate is signed by the next."""
    for depth in range(len(chain) - 1):
        if not signed_by(chain[depth], chain[depth + 1]):
            return chain[: depth + 1]
    return chain


def usages(path: Sequence[x509.Certificate]) -> frozenset[ObjectIdentifier]:
    """The leaf's extended key usages that every authority above it is for, too.

    RFC 5280 §4.2.1.12: an authority that has the extension is for nothing else. C2PA 2.4 §14.5.1.2
    lets readers pass over it; docs/decisions/068 says why it is kept here.
    """
    left = purposes.usages_of(path[0]) or frozenset()
    for authority in path[1:]:
        allowed = purposes.usages_of(authority)
        if allowed is not None and purposes.ANY not in allowed:
            left &= allowed
    return left


def faults(path: Sequence[x509.Certificate], purpose: Purpose) -> Iterator[Problem]:
    """What is forbidden by an authority on the path, from the leaf upwards.

    Raises what is in `UNREADABLE` for parts that cannot be read.
    """
    below = 0  # authorities between the leaf and this one; those that name themselves do not count
    for depth, authority in enumerate(path[1:], 1):
        yield from _authority(authority, below)
        yield from _identifiers(path[depth - 1], authority)
        for lower, each in enumerate(path[:depth]):
            if lower == 0 or each.issuer != each.subject:
                yield from name_constraints.faults(authority, each)
        below += authority.issuer != authority.subject
    yield from _nested_usages(path, purpose)


def _authority(authority: x509.Certificate, below: int) -> Iterator[Problem]:
    """May it sign certificates, with so many authorities below it?"""
    constraints = extension(authority, x509.BasicConstraints)
    if constraints is None or not constraints.value.ca:
        yield error("basic constraints", f"{title(authority)} is no authority", ANOTHER)
    elif (length := constraints.value.path_length) is not None and length < below:
        message = f"{title(authority)} allows {length} authorities below it, and there are {below}"
        yield error("basic constraints", message, ANOTHER)
    usage = extension(authority, x509.KeyUsage)
    if usage is not None and not usage.value.key_cert_sign:
        yield error("key usage", f"{title(authority)} may not sign certificates", ANOTHER)


def _identifiers(certificate: x509.Certificate, issuer: x509.Certificate) -> Iterator[Problem]:
    """Is the key that the certificate names the issuer's?"""
    named = extension(certificate, x509.AuthorityKeyIdentifier)
    own = extension(issuer, x509.SubjectKeyIdentifier)
    if named is None or named.value.key_identifier is None or own is None:
        return
    if named.value.key_identifier != own.value.digest:
        message = f"{title(certificate)} names another key than that of {title(issuer)}"
        yield error("authority key identifier", message, ANOTHER, source=_IDENTIFIERS)


def _nested_usages(path: Sequence[x509.Certificate], purpose: Purpose) -> Iterator[Problem]:
    """Is there an authority for other purposes on the path?"""
    wanted = purpose.usages
    if not wanted & (purposes.usages_of(path[0]) or frozenset()):
        return  # the leaf's own fault, if it is one
    if not wanted & usages(path):
        message = f"the authorities of {title(path[0])} are for other purposes than it is"
        yield error("extended key usage of issuers", message, ANOTHER, source=_USAGES)
