"""OCSP responses (RFC 6960): checked offline, whoever hands them over, and requests for them.

This module imports cryptography; it is imported only when there is something to check.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from genlabel.credentials.x509 import chain
from genlabel.credentials.x509.profile_rule import extension
from genlabel.model.dataclass import dataclass

MAX_RESPONSE = 64 * 1024
"""Most bytes of a response: usual ones have 0.3 to 3 KB."""
_MAX_ANSWERS = 32
"""Most certificates that one response may speak of; usual ones speak of one."""
_MAX_RESPONDERS = 8
"""Most certificates within a response that are tried as its signer's."""
_WITHOUT_NEXT = timedelta(hours=24)  # C2PA 2.4 §15.9.1
_SKEW = timedelta(minutes=5)
"""How far another machine's clock may be before ours."""

# Neither MD5 nor SHA-1: they can be forged.
_HASHES = (hashes.SHA256, hashes.SHA384, hashes.SHA512)


class InvalidResponse(ValueError):
    """A response that says nothing of the certificate; the sentence says why."""


class OtherCertificate(InvalidResponse):
    """A response about another certificate."""


class CertStatus(StrEnum):
    """``certStatus``: what an authority says of a certificate (RFC 6960 §2.2)."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleResponse:
    """``SingleResponse``: the status of one certificate, and for when (RFC 6960 §4.2.1)."""

    status: CertStatus
    this_update: datetime
    """``thisUpdate``: when this was known to be so."""
    next_update: datetime
    """``nextUpdate``, or a day after it was made: when to ask anew."""
    revoked_at: datetime | None = None
    """``revocationTime``."""
    reason: str | None = None
    """RFC 5280 §5.3.1, e.g. ``keyCompromise``."""


def single_responses(
    response: bytes, certificate: x509.Certificate, issuer: x509.Certificate, *, at: datetime
) -> tuple[SingleResponse, ...]:
    """What `response` (DER) says of `certificate`, which `issuer` has issued.

    It must be signed by the issuer or by its delegate (RFC 6960 §4.2.2.2), and
    not come from the future, seen from `at`. Whether it is recent enough is for the caller to say.
    Raises `InvalidResponse`.
    """
    if len(response) > MAX_RESPONSE:
        raise InvalidResponse(f"it has more than {MAX_RESPONSE:,} bytes")
    try:
        parsed = ocsp.load_der_ocsp_response(response)
        if parsed.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise InvalidResponse(f"it is a refusal ({parsed.response_status.name.lower()})")
        ours = list(_about(parsed, certificate, issuer))
        if not ours:
            raise OtherCertificate("it is about another certificate")
        produced_at = parsed.produced_at_utc
        if produced_at > at + _SKEW or any(each.this_update_utc > at + _SKEW for each in ours):
            raise InvalidResponse("it comes from the future")
        if not any(_signed(parsed, each) for each in _responders(parsed, issuer, produced_at)):
            raise InvalidResponse("it is not signed by the certificate's issuer or by its delegate")
        return tuple(_single_response(each, produced_at) for each in ours)
    except InvalidResponse:
        raise
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension) as error:
        raise InvalidResponse("it cannot be read") from error


def request(certificate: x509.Certificate, issuer: x509.Certificate) -> bytes:
    """The ``OCSPRequest`` (DER) for the status of `certificate`.

    SHA-1 names the issuer here and secures nothing: it is what all responders know (RFC 5019
    §2.1.1). There is no nonce, since large authorities answer with what they signed before.
    """
    sha1 = hashes.SHA1()  # noqa: S303
    return _request(certificate, issuer, sha1).public_bytes(Encoding.DER)


def _request(
    certificate: x509.Certificate, issuer: x509.Certificate, digest: hashes.HashAlgorithm
) -> ocsp.OCSPRequest:
    return ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, digest).build()


def _about(
    response: ocsp.OCSPResponse, certificate: x509.Certificate, issuer: x509.Certificate
) -> Iterator[ocsp.OCSPSingleResponse]:
    """The answers whose ``CertID`` is the certificate's, all of its parts (RFC 6960 §4.1.1)."""
    for each in islice(response.responses, _MAX_ANSWERS):
        if each.serial_number != certificate.serial_number:
            continue
        cert_id = _request(certificate, issuer, each.hash_algorithm)
        if (each.issuer_name_hash, each.issuer_key_hash) == (
            cert_id.issuer_name_hash,
            cert_id.issuer_key_hash,
        ):
            yield each


def _responders(
    response: ocsp.OCSPResponse, issuer: x509.Certificate, produced_at: datetime
) -> Iterator[x509.Certificate]:
    """The issuer and its delegated responders (RFC 6960 §4.2.2.2), by the response's own name."""
    for each in (issuer, *response.certificates[:_MAX_RESPONDERS]):
        if not _is_named(response, each) or not _valid(each, produced_at):
            continue
        if each == issuer or (_is_delegate(each) and chain.issued_by(each, issuer)):
            yield each


def _is_named(response: ocsp.OCSPResponse, certificate: x509.Certificate) -> bool:
    if response.responder_name is not None:
        return response.responder_name == certificate.subject
    key = x509.SubjectKeyIdentifier.from_public_key(certificate.public_key())
    return response.responder_key_hash == key.digest


def _is_delegate(certificate: x509.Certificate) -> bool:
    """Has it the usage id-kp-OCSPSigning, without which every customer could sign?"""
    usage = extension(certificate, x509.ExtendedKeyUsage)
    return usage is not None and ExtendedKeyUsageOID.OCSP_SIGNING in usage.value


def _valid(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _signed(response: ocsp.OCSPResponse, responder: x509.Certificate) -> bool:
    key, signature, data = responder.public_key(), response.signature, response.tbs_response_bytes
    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, data)
        elif not isinstance(digest := response.signature_hash_algorithm, _HASHES):
            return False
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(digest))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), digest)
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _single_response(single: ocsp.OCSPSingleResponse, produced_at: datetime) -> SingleResponse:
    status = CertStatus(single.certificate_status.name.lower())
    reason = single.revocation_reason
    if reason is x509.ReasonFlags.remove_from_crl:
        status = CertStatus.GOOD  # C2PA 2.4 §15.9.1: it was on hold, and is no longer
    revoked = status is CertStatus.REVOKED
    return SingleResponse(
        status=status,
        this_update=single.this_update_utc,
        next_update=single.next_update_utc or produced_at + _WITHOUT_NEXT,
        revoked_at=single.revocation_time_utc if revoked else None,
        reason=reason.value if revoked and reason is not None else None,
    )
