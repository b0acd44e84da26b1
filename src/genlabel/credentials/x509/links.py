"""The links of a chain: which certificate issued which, and may it do so?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from genlabel.credentials.x509.chain import issued_by, title
from genlabel.credentials.x509.profile_rule import ANOTHER, ORDER, Problem, error, extension


def first(certificates: Sequence[x509.Certificate]) -> int:
    """Where the signing certificate stands: the only one that issued no other, else the first."""
    ends = [
        place
        for place, each in enumerate(certificates)
        if not any(issued_by(other, each) for other in certificates if other != each)
    ]
    return ends[0] if len(ends) == 1 else 0


def path(
    leaf: x509.Certificate, others: Sequence[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    """`leaf`, then each one's issuer as far as it is among `others`, the root included."""
    found = [leaf]
    while True:  # ends: each round takes one more of a finite number
        above = [each for each in others if each not in found and issued_by(found[-1], each)]
        if not above:
            return tuple(found)
        found.append(above[0])


def problems(chain: Sequence[x509.Certificate]) -> Iterator[Problem]:
    """Each certificate signed by the next, which may do so."""
    for depth, (certificate, issuer) in enumerate(pairwise(chain)):
        if not issued_by(certificate, issuer):
            elsewhere = any(
                issued_by(certificate, other)
                for other in chain
                if other not in (certificate, issuer)
            )
            yield error(
                "order" if elsewhere else "chain",
                f"{title(certificate)} was not issued by {title(issuer)}, which follows it",
                ORDER if elsewhere else "give the intermediates that came with the certificate",
            )
            continue
        constraints = extension(issuer, x509.BasicConstraints)
        usage = extension(issuer, x509.KeyUsage)
        if constraints is None or not constraints.value.ca:
            yield error("basic constraints", f"{title(issuer)} is no authority", ANOTHER)
        elif constraints.value.path_length is not None and constraints.value.path_length < depth:
            yield error(
                "basic constraints",
                f"{title(issuer)} allows {constraints.value.path_length} authorities below it, "
                f"and there are {depth}",
                ANOTHER,
            )
        if usage is not None and not usage.value.key_cert_sign:
            yield error("key usage", f"{title(issuer)} may not sign certificates", ANOTHER)
        yield from _signature_algorithm(certificate, issuer)


def _signature_algorithm(
    certificate: x509.Certificate, issuer: x509.Certificate
) -> Iterator[Problem]:
    """What c2pa-rs cannot verify, although others can."""
    digest = certificate.signature_hash_algorithm
    if digest is not None and not isinstance(digest, hashes.SHA256 | hashes.SHA384 | hashes.SHA512):
        yield error(
            "certificate signature", f"{title(certificate)} is signed with {digest.name}", ANOTHER
        )
    key = issuer.public_key()
    if (
        isinstance(key, ec.EllipticCurvePublicKey)
        and key.curve.key_size == 521
        and isinstance(digest, hashes.SHA256)
    ):
        yield error(
            "certificate signature",
            f"{title(certificate)} is signed on P-521 with SHA-256, which readers do not verify",
            "issue it again with SHA-512",
        )
