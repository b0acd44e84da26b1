"""Signatures that others made: brought into COSE's form, and never taken on their word.

Cards, key services and programs answer in the forms that they are used to, and sometimes with the
wrong key. What does not verify with the certificate's own key goes into no picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from genlabel.credentials.x509 import chain, key
from genlabel.model.errors import SigningError

MAX_SIGNATURE = 16 * 1024
"""Far more than a signature by any key that C2PA allows."""

_HASHES = (hashes.SHA256(), hashes.SHA384(), hashes.SHA512(), hashes.SHA1())  # noqa: S303  named, never accepted


def settled(answer: bytes, data: bytes, *, algorithm: str, chain_pem: bytes, name: str) -> bytes:
    """`answer`, a signature over `data`, as COSE wants it (RFC 9053 §2.1: ECDSA as r||s).

    ECDSA is understood as r||s and as DER. `name` names the signer in the sentence of the
    `SigningError` that is raised when the key of the first certificate did not sign `data`.
    """
    certificate = chain.load(chain_pem)[0]
    own = certificate.public_key()
    if len(answer) <= MAX_SIGNATURE:
        for candidate in _forms(answer, own):
            if key.verifies(own, algorithm, candidate, data):
                return candidate
    what, remedy = _diagnosis(answer, data, own, algorithm)
    raise SigningError(
        f"{name}: {what}, so {chain.title(certificate)} cannot vouch for it", remedy=remedy
    )


def _forms(answer: bytes, own: object) -> Iterator[bytes]:
    """What `answer` may mean: itself, and r||s where it can be read as DER."""
    yield answer
    if isinstance(own, ec.EllipticCurvePublicKey):
        try:
            yield key.raw_signature(answer, own.curve)
        except (ValueError, OverflowError):
            return  # no DER, or numbers of a larger curve


_ANOTHER_KEY = "give the certificate that belongs to the key, or name the right key"


def _diagnosis(answer: bytes, data: bytes, own: object, algorithm: str) -> tuple[str, str]:
    """What is wrong with a signature that does not verify, and what to do."""
    if not answer:
        return "it answered with nothing", "let it answer with the raw signature"
    if len(answer) > MAX_SIGNATURE:
        return f"{len(answer):,} bytes are no signature", "let it answer with the raw signature"
    for other in _other_ways(answer, data, own, algorithm):
        return f"it signed with {other} where {algorithm} was wanted", (
            f"let it sign with {algorithm}, or name the algorithm that it uses"
        )
    if not _could_be(answer, own):
        return (
            f"its answer of {len(answer):,} bytes is no {algorithm} signature",
            "let it answer with the raw signature of the right key, in binary",
        )
    return "the signature was made by another key", _ANOTHER_KEY


def _could_be(answer: bytes, own: object) -> bool:
    """Has `answer` the form of a signature by a key like `own`?"""
    if isinstance(own, ec.EllipticCurvePublicKey):
        return any(len(form) == 2 * key.width(own.curve) for form in _forms(answer, own))
    if isinstance(own, rsa.RSAPublicKey):
        return len(answer) == (own.key_size + 7) // 8
    return len(answer) == 64  # RFC 8032 §5.1.6: Ed25519


def _other_ways(answer: bytes, data: bytes, own: object, algorithm: str) -> Iterator[str]:
    """The ways of signing, by the right key, that would explain `answer`."""
    if isinstance(own, ec.EllipticCurvePublicKey):
        yield from _other_hashes(answer, data, own, algorithm)
    elif isinstance(own, rsa.RSAPublicKey):
        yield from _other_paddings(answer, data, own, algorithm)


def _other_hashes(
    answer: bytes, data: bytes, own: ec.EllipticCurvePublicKey, algorithm: str
) -> Iterator[str]:
    wanted = key.ALGORITHMS[algorithm].hash
    for der in map(key.der_signature, _forms(answer, own)):
        for digest in _HASHES:
            name = digest.name.upper()
            if _holds(own, der, data, ec.ECDSA(digest)):
                yield f"ECDSA over {name}"
            if wanted is not None and _holds(
                own, der, key.hashed(key.hashed(data, wanted), digest), ec.ECDSA(Prehashed(digest))
            ):
                yield f"ECDSA over {name} of a value that was hashed already"


def _other_paddings(
    answer: bytes, data: bytes, own: rsa.RSAPublicKey, algorithm: str
) -> Iterator[str]:
    for digest in _HASHES:
        name = digest.name.upper()
        if _holds(own, answer, data, padding.PKCS1v15(), digest):
            yield f"RSA PKCS#1 v1.5 and {name}"
        # RFC 8230 §2 has the salt as long as the hash; here any is recognised.
        if _holds(own, answer, data, padding.PSS(padding.MGF1(digest), padding.PSS.AUTO), digest):
            same = digest == key.ALGORITHMS[algorithm].hash
            yield f"RSA-PSS and {name}" + (" and a salt of another length" if same else "")


def _holds(own: Any, signature: bytes, data: bytes, *scheme: object) -> bool:
    try:
        own.verify(signature, data, *scheme)
    except (InvalidSignature, ValueError):
        return False
    return True
