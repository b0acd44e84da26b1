"""OCSP client: asks the authorities of a chain for its status before something is signed with it.

Only on demand. A batch asks once: answers are cached in memory while they are good, and so, for a
minute, is their absence.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from genlabel import network
from genlabel.credentials.revocation import ocsp
from genlabel.credentials.revocation.ocsp import CertStatus, InvalidResponse, SingleResponse
from genlabel.credentials.x509 import chain as chains
from genlabel.credentials.x509.profile_rule import extension
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import CredentialError, NetworkError
from genlabel.model.logger import log

SECONDS = 10.0
"""How long one authority may take."""
_CACHED = timedelta(hours=1)
"""How long an answer is used again; a signer revoked meanwhile signs that much longer."""
_FAILURE_CACHED = timedelta(minutes=1)
_MAX_CACHED = 8
_RULE = "C2PA 2.4 §14.5.2: certificate revocation"

_Result = tuple[bytes, ...] | CredentialError | NetworkError


def responses(chain_pem: bytes, anchors_pem: bytes = b"") -> tuple[bytes, ...]:
    """The authorities' OCSP responses of now (DER), the signing certificate's first.

    The intermediates follow as far as their issuers are known, from the chain or `anchors_pem`,
    and answer. Raises `CredentialError` when a certificate was revoked or names no address to ask,
    `NetworkError` when the signing certificate's authority gives no good answer.
    """
    result = _CACHE.get(chain_pem, anchors_pem)
    if isinstance(result, tuple):
        return result
    raise result


@dataclass(slots=True)
class _Cache:
    """Results by chain and anchors, with the end of each by the monotonic clock."""

    entries: dict[tuple[bytes, bytes], tuple[_Result, float]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, chain_pem: bytes, anchors_pem: bytes) -> _Result:
        key = (chain_pem, anchors_pem)
        with self.lock:  # so that the threads of a batch ask once
            result, end = self.entries.get(key, (None, 0.0))
            if result is None or time.monotonic() > end:
                if len(self.entries) >= _MAX_CACHED:
                    self.entries.clear()
                result, span = _fetched(chain_pem, anchors_pem)
                self.entries[key] = result, time.monotonic() + span.total_seconds()
        return result

    def clear(self) -> None:
        """Forgets everything."""
        with self.lock:
            self.entries.clear()


_CACHE = _Cache()


def _fetched(chain_pem: bytes, anchors_pem: bytes) -> tuple[_Result, timedelta]:
    """What the authorities say, and for how long that may be used again."""
    try:
        good = list(_good_responses(chain_pem, anchors_pem))
    except (CredentialError, NetworkError) as error:
        return error, _FAILURE_CACHED
    now = datetime.now(UTC)
    span = min(_CACHED, *(single.next_update - now for _, single in good))
    return tuple(response for response, _ in good), span


def _good_responses(chain_pem: bytes, anchors_pem: bytes) -> Iterator[tuple[bytes, SingleResponse]]:
    chain = tuple(x509.load_pem_x509_certificates(chain_pem))
    others = tuple(x509.load_pem_x509_certificates(anchors_pem)) if anchors_pem else ()
    for depth, certificate in enumerate(chain):
        try:
            issuer = _issuer(certificate, (*chain[depth + 1 : depth + 2], *others))
            yield _good_response(certificate, issuer)
        except _Unavailable as reason:
            if depth == 0:
                raise reason.error from reason.__cause__
            if not chains.self_signed(certificate):
                log.warning("%s; it is signed without", reason.error)


class _Unavailable(Exception):
    """There is no answer; only for the signing certificate is that an error."""

    def __init__(self, error: CredentialError | NetworkError) -> None:
        super().__init__(str(error))
        self.error = error


def _issuer(
    certificate: x509.Certificate, candidates: tuple[x509.Certificate, ...]
) -> x509.Certificate:
    for each in candidates:
        if each != certificate and chains.issued_by(certificate, each):
            return each
    raise _unasked(
        f"{chains.title(certificate)}: its issuer is not known, so nobody can be asked whether "
        "it was revoked",
        remedy="add the issuer to the certificates, or sign without --ocsp",
    )


def _unasked(fault: str, *, remedy: str) -> _Unavailable:
    return _Unavailable(CredentialError(fault, rule=_RULE, remedy=remedy))


def _good_response(
    certificate: x509.Certificate, issuer: x509.Certificate
) -> tuple[bytes, SingleResponse]:
    """The authority's answer that the certificate is good, still fresh."""
    name = chains.title(certificate)
    address = _address(certificate)
    if address is None:
        raise _unasked(
            f"{name}: names no address at which to ask whether it was revoked",
            remedy="sign without --ocsp; its authority offers no OCSP",
        )
    try:
        answer = network.post(
            address,
            ocsp.request(certificate, issuer),
            media_type="application/ocsp-request",  # RFC 6960 appendix A.1
            accept="application/ocsp-response",
            seconds=SECONDS,
            most=ocsp.MAX_RESPONSE,
        )
        now = datetime.now(UTC)
        singles = ocsp.single_responses(answer, certificate, issuer, at=now)
    except (network.NoAnswer, InvalidResponse) as error:
        raise _Unavailable(_no_answer(name, address, str(error))) from error
    for single in singles:
        if single.status is CertStatus.REVOKED:
            since = f" on {single.revoked_at:%Y-%m-%d}" if single.revoked_at else ""
            reason = f" ({single.reason})" if single.reason else ""
            raise CredentialError(
                f"{name}: was revoked{since}{reason}",
                rule=_RULE,
                remedy="sign with another credential; ask its authority why",
            )
        if single.status is CertStatus.GOOD and now <= single.next_update:
            return answer, single
    why = "its answer is stale" if singles[0].status is CertStatus.GOOD else "it does not know it"
    raise _Unavailable(_no_answer(name, address, why))


def _no_answer(name: str, address: str, why: str) -> NetworkError:
    return NetworkError(
        f"{name}: whether it was revoked is not to be had from {address}: {why}",
        remedy="try again later, or sign without --ocsp",
    )


def _address(certificate: x509.Certificate) -> str | None:
    """The first web address for OCSP that the certificate names (RFC 5280 §4.2.2.1)."""
    try:
        access = extension(certificate, x509.AuthorityInformationAccess)
    except (x509.DuplicateExtension, ValueError):
        return None
    for each in access.value if access is not None else ():
        if each.access_method == AuthorityInformationAccessOID.OCSP and isinstance(
            each.access_location, x509.UniformResourceIdentifier
        ):
            return each.access_location.value
    return None
