"""What is odd about a signer whose signature holds: certificate, time-stamp and their places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from genlabel.credentials.trust.credential import Credential
from genlabel.credentials.x509.profile_rule import Problem
from genlabel.model.report import Finding, Severity, SignedBy, TrustLevel
from genlabel.model.words.codes import sentence

if TYPE_CHECKING:
    from genlabel.credentials.timestamps.verify import TimeStamp

_WHERE = "signer"
_MAX_FAULTS = 4
"""Most rules of the certificate profile that one finding tells."""

OVER_CLAIM = Finding(
    "genlabel.stamp.over-claim",
    severity=Severity.WARNING,
    where=_WHERE,
    explanation="the time-stamp is over the claim alone, as up to C2PA 2.0: it proves when the "
    "claim was there, not when it was signed (C2PA 2.4 §10.3.2.5.2)",
)
UNGUARDED = Finding(
    "genlabel.signer.unguarded",
    severity=Severity.WARNING,
    where=_WHERE,
    explanation="the certificates stand outside of what is signed: others for the same key could "
    "have been put in their place (C2PA 2.4 §14.2)",
)


def faulty(faults: tuple[Problem, ...]) -> Iterator[Finding]:
    """The rules of the certificate profile that it breaks."""
    if faults:
        told = "; ".join(f"{each.message} ({each.source})" for each in faults[:_MAX_FAULTS])
        more = f"; and {len(faults) - _MAX_FAULTS} more" if len(faults) > _MAX_FAULTS else ""
        yield Finding(
            "signingCredential.invalid",
            severity=Severity.ERROR,
            where=_WHERE,
            explanation=f"{sentence('signingCredential.invalid')}: {told}{more}",
        )


def useless(stamps: tuple[TimeStamp, ...]) -> Iterator[Finding]:
    """The time-stamps with which something is wrong, beyond that no list names their authority."""
    for stamp in stamps:
        if not stamp.unlisted:
            yield Finding(
                stamp.code,
                severity=Severity.WARNING,
                where=_WHERE,
                explanation=f"the time-stamp proves nothing: {stamp.reason}",
            )


def self_signed(signed_by: SignedBy, credential: Credential) -> Iterator[Finding]:
    """A certificate that is its own authority."""
    if signed_by.trust is not TrustLevel.UNKNOWN and credential.self_signed:
        yield Finding(
            "genlabel.signer.self-signed",
            severity=Severity.WARNING,
            where=_WHERE,
            explanation="the signer's certificate is signed with its own key: it is known "
            "because it was named itself, and no authority can withdraw it",
        )
