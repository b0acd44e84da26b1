"""Asking the authorities of a chain whether it was revoked, before something is signed with it.

Only when somebody asks for it. A batch asks once: answers are kept in memory while they are good,
and so, for a minute, is their absence.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from genlabel import network
from genlabel.credentials.revocation import ocsp
from genlabel.credentials.revocation.ocsp import Standing, Unusable, Word
from genlabel.credentials.x509 import chain as chains
from genlabel.model.errors import CredentialError, NetworkError

SECONDS = 10.0
"""How long one authority may take."""
_KEEP = timedelta(hours=1)
"""How long an answer is used again; a signer revoked meanwhile signs that much longer."""
_KEEP_FAILURE = timedelta(minutes=1)
_MOST_KEPT = 8
_RULE = "C2PA 2.4 §14.5.2: certificate revocation"
_log = logging.getLogger("genlabel")


def answers(chain_pem: bytes, anchors_pem: bytes = b"") -> tuple[bytes, ...]:
    """What the authorities say now (OCSP responses, DER), the signing certificate's first.

    The intermediates follow as far as their issuers are known, from the chain or `anchors_pem`,
    and answer. Raises `CredentialError` when a certificate was revoked or names no address to ask,
    `NetworkError` when the signing certificate's authority gives no good answer.
    """
    return _MEMORY.get(chain_pem, anchors_pem)


@dataclass(slots=True)
class _Memory:
    """What was answered lately. Lives as long as the process."""

    entries: dict[tuple[bytes, bytes], _Entry] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, chain_pem: bytes, anchors_pem: bytes) -> tuple[bytes, ...]:
        key = (chain_pem, anchors_pem)
        with self.lock:  # so that the threads of a batch ask once
            found = self.entries.get(key)
            if found is None or time.monotonic() > found.end:
                if len(self.entries) >= _MOST_KEPT:
                    self.entries.clear()
                found = self.entries[key] = _entry(chain_pem, anchors_pem)
        if isinstance(found.result, tuple):
            return found.result
        raise found.result

    def clear(self) -> None:
        """Forgets everything."""
        with self.lock:
            self.entries.clear()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    result: tuple[bytes, ...] | CredentialError | NetworkError
    end: float
    """By the clock that never goes back."""


def _entry(chain_pem: bytes, anchors_pem: bytes) -> _Entry:
    result: tuple[bytes, ...] | CredentialError | NetworkError
    try:
        found = list(_asked(chain_pem, anchors_pem))
    except (CredentialError, NetworkError) as error:
        result, span = error, _KEEP_FAILURE
    else:
        result = tuple(answer for answer, _ in found)
        span = min(_KEEP, *(word.until - datetime.now(UTC) for _, word in found))
    return _Entry(result=result, end=time.monotonic() + span.total_seconds())


_MEMORY = _Memory()


def _asked(chain_pem: bytes, anchors_pem: bytes) -> Iterator[tuple[bytes, Word]]:
    chain = tuple(x509.load_pem_x509_certificates(chain_pem))
    others = tuple(x509.load_pem_x509_certificates(anchors_pem)) if anchors_pem else ()
    for depth, certificate in enumerate(chain):
        try:
            issuer = _issuer(certificate, (*chain[depth + 1 : depth + 2], *others))
            yield _good(certificate, issuer)
        except _NotToBeHad as reason:
            if depth == 0:
                raise reason.error from reason.__cause__
            if not chains.self_signed(certificate):
                _log.warning("%s; it is signed without", reason.error)


class _NotToBeHad(Exception):
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
    raise _NotToBeHad(
        CredentialError(
            f"{chains.title(certificate)}: its issuer is not known, so nobody can be asked whether "
            "it was revoked",
            rule=_RULE,
            remedy="add the issuer to the certificates, or sign without --ocsp",
        )
    )


def _good(certificate: x509.Certificate, issuer: x509.Certificate) -> tuple[bytes, Word]:
    """The authority's answer that the certificate is good, still fresh."""
    name = chains.title(certificate)
    address = _address(certificate)
    if address is None:
        raise _NotToBeHad(
            CredentialError(
                f"{name}: names no address at which to ask whether it was revoked",
                rule=_RULE,
                remedy="sign without --ocsp; its authority offers no OCSP",
            )
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
        words = ocsp.words(answer, certificate, issuer, at=now)
    except (network.NoAnswer, Unusable) as error:
        raise _NotToBeHad(_useless(name, address, str(error))) from error
    for word in words:
        if word.standing is Standing.REVOKED:
            since = f" on {word.revoked_at:%Y-%m-%d}" if word.revoked_at else ""
            reason = f" ({word.reason})" if word.reason else ""
            raise CredentialError(
                f"{name}: was revoked{since}{reason}",
                rule=_RULE,
                remedy="sign with another credential; ask its authority why",
            )
        if word.standing is Standing.GOOD and now <= word.until:
            return answer, word
    why = "its answer is stale" if words[0].standing is Standing.GOOD else "it does not know it"
    raise _NotToBeHad(_useless(name, address, why))


def _useless(name: str, address: str, why: str) -> NetworkError:
    return NetworkError(
        f"{name}: whether it was revoked is not to be had from {address}: {why}",
        remedy="try again later, or sign without --ocsp",
    )


def _address(certificate: x509.Certificate) -> str | None:
    """The first web address for OCSP that the certificate names (RFC 5280 §4.2.2.1)."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess)
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return None
    for each in access.value:
        if each.access_method == AuthorityInformationAccessOID.OCSP and isinstance(
            each.access_location, x509.UniformResourceIdentifier
        ):
            return each.access_location.value
    return None
