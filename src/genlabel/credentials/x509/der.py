"""The parts of a certificate that cryptography does not show, read from its DER (X.690).

One level at a time: nothing descends by itself, and no length is believed before it is compared
with what there is.
"""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import SignatureAlgorithmOID

from genlabel.model.dataclass import dataclass
from genlabel.model.named_tuple import NamedTuple

_SEQUENCE = 0x30
_OBJECT_IDENTIFIER = 0x06
_ISSUER_UNIQUE_ID, _SUBJECT_UNIQUE_ID = 0x81, 0x82  # IMPLICIT BIT STRING, RFC 5280 §4.1
_HASH, _MASK_GENERATION = 0xA0, 0xA1  # RSASSA-PSS-params, RFC 8017 A.2.3
_PSS = bytes.fromhex("2a864886f70d01010a")  # id-RSASSA-PSS
_MGF1 = bytes.fromhex("2a864886f70d010108")  # id-mgf1
_HASHES = {  # RFC 8017 B.1
    bytes.fromhex("608648016503040201"): "sha256",
    bytes.fromhex("608648016503040202"): "sha384",
    bytes.fromhex("608648016503040203"): "sha512",
}


class Element(NamedTuple):
    """One element: its tag and what is in it."""

    tag: int
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PssParameters:
    """``RSASSA-PSS-params`` of a certificate's signature, as far as C2PA asks for them."""

    hash: str | None
    """``sha256``, ``sha384`` or ``sha512``; None where it is missing or another."""
    mask_generation: str | None
    """The hash of MGF1, named likewise; None where it is missing, another, or not of MGF1."""


def elements(content: bytes) -> tuple[Element, ...]:
    """The elements that follow each other in `content`. Raises `ValueError`."""
    listed, at = [], 0
    while at < len(content):
        if len(content) - at < 2 or content[at] & 0x1F == 0x1F:
            raise ValueError("a tag of several bytes, or no length")
        tag, size, begin = content[at], content[at + 1], at + 2
        if size & 0x80:
            width = size & 0x7F
            if not 1 <= width <= 4 or len(content) - begin < width:
                raise ValueError("a length that is none of DER")
            size = int.from_bytes(content[begin : begin + width], "big")
            begin += width
        if size > len(content) - begin:
            raise ValueError("an element that runs past the end")
        listed.append(Element(tag, content[begin : begin + size]))
        at = begin + size
    return tuple(listed)


def unique_identifiers(certificate: x509.Certificate) -> tuple[str, ...]:
    """Which of the two unique identifiers (RFC 5280 §4.1.2.8) are there. Raises `ValueError`."""
    (body,) = elements(certificate.tbs_certificate_bytes)
    tags = {each.tag & ~0x20 for each in elements(body.content)}
    called = {_ISSUER_UNIQUE_ID: "issuerUniqueID", _SUBJECT_UNIQUE_ID: "subjectUniqueID"}
    return tuple(name for tag, name in called.items() if tag in tags)


def pss_parameters(certificate: x509.Certificate) -> PssParameters | None:
    """How the certificate's RSASSA-PSS signature is made; None for other signatures.

    Raises `ValueError`.
    """
    if certificate.signature_algorithm_oid != SignatureAlgorithmOID.RSASSA_PSS:
        return None
    from cryptography.hazmat.primitives.serialization import Encoding  # with SSH's and ciphers

    (whole,) = elements(certificate.public_bytes(Encoding.DER))
    _, algorithm, _ = elements(whole.content)
    named, *parameters = elements(algorithm.content)
    if named != (_OBJECT_IDENTIFIER, _PSS):
        return None
    fields = (
        {each.tag: each.content for each in elements(parameters[0].content)}
        if len(parameters) == 1 and parameters[0].tag == _SEQUENCE
        else {}
    )
    return PssParameters(
        hash=_hash(fields.get(_HASH)),
        mask_generation=_hash_of_mgf1(fields.get(_MASK_GENERATION)),
    )


def _hash_of_mgf1(content: bytes | None) -> str | None:
    """The hash of a ``MaskGenAlgorithm``."""
    if content is None:
        return None
    (whole,) = elements(content)
    named, *parameters = elements(whole.content)
    if named != (_OBJECT_IDENTIFIER, _MGF1) or len(parameters) != 1:
        return None
    return _named(parameters[0])


def _hash(content: bytes | None) -> str | None:
    """The hash of a ``HashAlgorithm``."""
    if content is None:
        return None
    (whole,) = elements(content)
    return _named(whole)


def _named(identifier: Element) -> str | None:
    """The hash that an ``AlgorithmIdentifier`` names."""
    listed = elements(identifier.content)
    if identifier.tag != _SEQUENCE or not listed or listed[0].tag != _OBJECT_IDENTIFIER:
        return None
    return _HASHES.get(listed[0].content)
