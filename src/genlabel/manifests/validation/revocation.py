"""Was the signer's certificate revoked? What the answers in the claim signature say, read offline.

The engine takes such an answer from any certificate of the same issuer, whether that appointed it
or not, and passes over those that the issuer signed itself. So every answer is checked here. This
module imports cryptography; it is imported only where there are answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from cryptography import x509

from genlabel.credentials.revocation import ocsp
from genlabel.credentials.revocation.ocsp import (
    CertStatus,
    InvalidResponse,
    OtherCertificate,
    SingleResponse,
)
from genlabel.credentials.trust import AnchorKind, Trust
from genlabel.credentials.trust.credential import Credential
from genlabel.credentials.x509 import chain as chains
from genlabel.manifests.store import rvals
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.store.cose import ClaimSignature
from genlabel.model.fields import rfc3339
from genlabel.model.named_tuple import NamedTuple
from genlabel.model.report import (
    Finding,
    Severity,
    SignedBy,
    SigningTime,
    TrustLevel,
    Validity,
)

_WHERE = "signer"


def judged(
    signer: SignedBy,
    signature: ClaimSignature,
    credential: Credential,
    trust: Trust,
    *,
    asserted: tuple[bytes, ...] = (),
    now: datetime,
) -> tuple[SignedBy, tuple[Finding, ...]]:
    """`signer`, judged by the revocation answers in its claim signature, and what is said of them.

    `asserted` are those in assertions of the store, which may be about anybody. Revoked is who was
    revoked before a proven moment of signing or, without one, at all (C2PA 2.4 §15.9).
    """
    chain = credential.certificates
    try:
        stapled = rvals.responses(signature)
    except Unreadable as error:
        return signer, (_unusable(str(error)),)
    responses = _read(stapled, chain, trust, now)
    findings: list[Finding] = [_unusable(why) for why in responses.unusable]
    words = [*responses.words, *_read(asserted, chain, trust, now).words]
    proven = signer.signed_at if signer.time is SigningTime.PROVEN else None
    for certificate, word in words:
        leaf = certificate == chain[0]
        before = word.revoked_at is None or proven is None or word.revoked_at <= proven
        if word.status is CertStatus.REVOKED and before:
            findings.insert(0, _revoked(certificate, word, leaf=leaf))
            if leaf:
                signer = replace(signer, validity=Validity.REVOKED)
            else:  # C2PA 2.4 §15.9: then nobody vouches for the signer
                signer = replace(
                    signer, trust=TrustLevel.UNKNOWN, trust_list=None, list_fetched=None
                )
        elif leaf:
            findings.append(_noted(word, proven or now))
    return signer, tuple(findings)


class _Answers(NamedTuple):
    words: list[tuple[x509.Certificate, SingleResponse]]
    unusable: list[str]
    """Why an answer says nothing of any certificate of the chain."""


def _read(
    answers: tuple[bytes, ...], chain: tuple[x509.Certificate, ...], trust: Trust, now: datetime
) -> _Answers:
    read = _Answers([], [])
    pairs = list(_issued(chain, trust))
    for answer in answers:
        why = "it is about none of the certificates whose issuers are known here"
        for certificate, issuer in pairs:
            try:
                words = ocsp.single_responses(answer, certificate, issuer, at=now)
            except OtherCertificate:
                continue
            except InvalidResponse as error:
                why = str(error)
                continue
            read.words.extend((certificate, word) for word in words)
            break
        else:
            read.unusable.append(why)
    return read


def _issued(
    chain: tuple[x509.Certificate, ...], trust: Trust
) -> Iterator[tuple[x509.Certificate, x509.Certificate]]:
    """Each certificate of the chain with its issuer, which is the next one or an anchor."""
    anchors = [
        each
        for entry in trust.of_kind(AnchorKind.SIGNER)
        for each in x509.load_pem_x509_certificates(entry.pem)
    ]
    for depth, certificate in enumerate(chain):
        candidates = [*chain[depth + 1 : depth + 2], *anchors]
        for issuer in candidates:
            named = issuer.subject == certificate.issuer and issuer != certificate
            if named and chains.issued_by(certificate, issuer):
                yield certificate, issuer
                break


def _revoked(certificate: x509.Certificate, word: SingleResponse, *, leaf: bool) -> Finding:
    since = f" on {rfc3339(word.revoked_at)}" if word.revoked_at else ""
    reason = f" ({word.reason})" if word.reason else ""
    whose = "the signer's certificate" if leaf else f"the issuer {chains.title(certificate)}"
    return Finding(
        "signingCredential.ocsp.revoked" if leaf else "signingCredential.untrusted",
        severity=Severity.ERROR,
        where=_WHERE,
        explanation=f"{whose} was revoked{since}{reason}: whoever holds the key may have signed "
        "this, and no time-stamp proves that it was before",
    )


def _noted(word: SingleResponse, at: datetime) -> Finding:
    """What does not touch the verdict and is worth knowing."""
    since, until = rfc3339(word.this_update), rfc3339(word.next_update)
    answer = f"the certificate's authority said on {since} that it "
    if word.status is CertStatus.REVOKED and word.revoked_at is not None:
        code = "genlabel.revocation.later"
        words = (
            f"the signer's certificate was revoked on {rfc3339(word.revoked_at)}, after this was "
            "signed, as its time-stamp proves"
        )
    elif word.status is CertStatus.UNKNOWN:
        code = "signingCredential.ocsp.unknown"
        words = f"{answer}does not know the certificate"
    elif at <= word.next_update:
        code = "signingCredential.ocsp.notRevoked"
        words = f"{answer}was not revoked"
    else:
        code = "genlabel.revocation.stale"
        words = (
            f"{answer}was not revoked, which was good until {until}; whether this was signed "
            "before then, no time-stamp proves"
        )
    return Finding(code, severity=Severity.NOTE, where=_WHERE, explanation=words)


def _unusable(why: str) -> Finding:
    return Finding(
        "genlabel.revocation.unusable",
        severity=Severity.NOTE,
        where=_WHERE,
        explanation=f"an answer about revocation stands in the signature and is not used: {why}",
    )
