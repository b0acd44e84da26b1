"""Certificates in DER, those too whose names have letters that are not in their alphabet.

Authorities write underscores and ampersands into a PrintableString (X.680 §41.4), for which
cryptography refuses the whole certificate. Everybody else reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

if TYPE_CHECKING:
    from asn1crypto import x509 as asn1_x509
    from cryptography.hazmat.primitives.serialization import Encoding

_PRINTABLE, _UTF8 = 0x13, 0x0C  # X.680 §8.6, table 1
_MAX_ATTRIBUTES = 64
"""Most attributes of one name that are looked at."""


def load(der: bytes) -> x509.Certificate:
    """The certificate. Raises `UNREADABLE` (`profile_rule`) where nobody could read it.

    One that had to be mended compares and verifies as it was written; it issues nothing.
    """
    try:
        return x509.load_der_x509_certificate(der)
    except ValueError:
        from asn1crypto import x509 as asn1_x509

        parsed = asn1_x509.Certificate.load(der, strict=True)
        mended = _mended(der, parsed)
        if mended == der:
            raise
        signed = bytes(parsed["tbs_certificate"].dump())
        whole = _Mended(x509.load_der_x509_certificate(mended), der, signed)
        return cast("x509.Certificate", whole)


class _Mended:
    """A certificate read by way of its mended twin, and signed as it was written."""

    def __init__(self, twin: x509.Certificate, der: bytes, signed: bytes) -> None:
        self._twin = twin
        self._der = der
        self._signed = signed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._twin, name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Mended) and other._der == self._der

    def __hash__(self) -> int:
        return hash(self._der)

    def public_bytes(self, encoding: Encoding) -> bytes:
        """As it was written, DER alone."""
        from cryptography.hazmat.primitives.serialization import Encoding

        return self._der if encoding is Encoding.DER else self._twin.public_bytes(encoding)

    def verify_directly_issued_by(self, issuer: x509.Certificate) -> None:
        """As of every other certificate: raises `InvalidSignature`, `ValueError` or `TypeError`."""
        if self._twin.issuer != issuer.subject:
            raise ValueError("another issuer is named")
        key, how = issuer.public_key(), self._twin.signature_algorithm_parameters
        digest = self._twin.signature_hash_algorithm
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(self._twin.signature, self._signed)
        elif isinstance(key, ec.EllipticCurvePublicKey) and isinstance(how, ec.ECDSA):
            key.verify(self._twin.signature, self._signed, how)
        elif isinstance(key, rsa.RSAPublicKey) and not isinstance(how, ec.ECDSA | None) and digest:
            key.verify(self._twin.signature, self._signed, how, digest)
        else:
            raise TypeError("a key of another kind")


def _mended(der: bytes, parsed: asn1_x509.Certificate) -> bytes:
    """The certificate with its names' texts as UTF-8, which takes no other length."""
    for part in ("issuer", "subject"):
        name = bytes(parsed["tbs_certificate"][part].dump())
        mended = bytearray(name)
        for at in _values(name):
            if mended[at] == _PRINTABLE:
                mended[at] = _UTF8
        der = der.replace(name, bytes(mended))
    return der


def _values(name: bytes) -> Iterator[int]:
    """Where the values of a name's attributes begin (RFC 5280 §4.1.2.4). Raises `ValueError`."""
    ((_, sets, whole),) = _items(name, 0, len(name))
    for _, first, end in _items(name, sets, whole):
        for _, inside, stop in _items(name, first, end):
            _, value = (start for start, _, _ in _items(name, inside, stop))
            yield value


def _items(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The values between two places: where each, its content and what follows begin."""
    from asn1crypto import parser

    for _ in range(_MAX_ATTRIBUTES):
        if start >= end:
            return
        *_, header, content, trailer = parser.parse(data[start:end])
        inside = start + len(header)
        yield start, inside, inside + len(content)
        start = inside + len(content) + len(trailer)
    raise ValueError(f"more than {_MAX_ATTRIBUTES} attributes in one name")
