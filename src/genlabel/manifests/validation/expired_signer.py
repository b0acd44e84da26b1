"""Expiry of the claim signer's certificate: who vouches after it, and until when it verifies.

The engine calls every signer whose certificate has ended untrusted, whoever issued it. Trust and
validity are two questions, so the first is answered here. This module imports cryptography, so it
is imported only where somebody asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.utils import CryptographyDeprecationWarning

from genlabel.credentials.trust import Anchors, Trust
from genlabel.credentials.trust.path import trust_anchor
from genlabel.credentials.x509 import key, profile
from genlabel.formats.format import Buffer
from genlabel.manifests.engine import engine
from genlabel.manifests.store.cose import ClaimSignature, claim_signature
from genlabel.manifests.validation import actions
from genlabel.model.report import Severity, SignedBy, SigningTime, Validity

ALGORITHMS = {  # RFC 9053 §2.1 and §2.2, RFC 8230 §2: COSE's numbers of those that C2PA allows
    -7: "es256",
    -35: "es384",
    -36: "es512",
    -37: "ps256",
    -38: "ps384",
    -39: "ps512",
    -8: "ed25519",
}


def voucher(
    document: Mapping[str, Any],
    data: Buffer,
    mime: str,
    trust: Trust,
    *,
    store: bytes,
    at: datetime | None = None,
) -> Anchors | None:
    """The signers' anchors in `trust` that vouch for the outlived signer of `data`; None for none.

    `document` is the engine's report on `data` under `trust`, `store` the manifest store that our
    own survey found. With `at`, every certificate must have been valid at that moment.

    What the engine said must hold for the very bytes that are read here: the certificate is the one
    that it reports, its key made the signature over the claim, and the engine says the same of
    `data` when it is given our store. The engine looks no further than the dates, so the other
    rules of the certificate profile are checked here, too.
    """
    signature = claim_signature(store, str(document.get("active_manifest")))
    chain = certificates(signature) if signature else None
    if signature is None or chain is None:
        return None
    if str(chain[0].serial_number) != _serial(document) or not _made(signature, chain):
        return None
    if at is not None and not all(
        each.not_valid_before_utc <= at <= each.not_valid_after_utc for each in chain
    ):
        return None
    anchors = trust_anchor(chain, trust)
    if anchors is None or engine.read(data, mime, trust, store=store).document != document:
        return None
    return anchors


def certificates_end(store: bytes, manifest_id: str) -> datetime | None:
    """When the first certificate in the claim signature of this manifest ends, UTC.

    None when they cannot be read.
    """
    signature = claim_signature(store, manifest_id)
    chain = certificates(signature) if signature else None
    try:
        return min((each.not_valid_after_utc for each in chain or ()), default=None)
    except ValueError:
        return None


def verifies_until(store: bytes, manifest_id: str, signer: SignedBy) -> datetime | None:
    """When this signature stops verifying, or did; None for no end that is known.

    A time-stamp counts where the given lists vouch for it (C2PA 2.4 §15.8): for those who ask with
    other lists, the end may be another.
    """
    if signer.validity is Validity.WITHIN and signer.time is SigningTime.PROVEN:
        return None
    return certificates_end(store, manifest_id)


def certificates(signature: ClaimSignature) -> tuple[x509.Certificate, ...] | None:
    """The certificates of a claim signature, the signer's first; None where one is not read."""
    try:
        return tuple(x509.load_der_x509_certificate(each) for each in signature.certificates)
    except (ValueError, TypeError, x509.InvalidVersion, CryptographyDeprecationWarning):
        return None  # the last where warnings are errors: an odd serial number gets one


def _made(signature: ClaimSignature, chain: tuple[x509.Certificate, ...]) -> bool:
    """Did the first certificate's key make the signature, and may it, but for the dates?"""
    algorithm = ALGORITHMS.get(signature.algorithm)
    if algorithm is None:
        return False
    try:
        public, end = chain[0].public_key(), chain[0].not_valid_after_utc
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
    problems = profile.problems(chain, public, algorithm=algorithm, at=end)
    if any(each.severity is Severity.ERROR and each.rule != profile.DATES for each in problems):
        return False
    return key.verifies(public, algorithm, signature.signature, signature.signed)


def _serial(document: Mapping[str, Any]) -> str | None:
    info = actions.active(document).get("signature_info")
    return info.get("cert_serial_number") if isinstance(info, dict) else None
