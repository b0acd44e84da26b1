"""A probe: a small drawn picture is signed and read back, to see whether a signer works.

It finds what no rule knows. Nothing is written and no network is used.
"""

from __future__ import annotations

from genlabel.credentials.identity import Identity
from genlabel.credentials.signer import Signer
from genlabel.credentials.x509.profile_rule import Problem
from genlabel.model.errors import CredentialError, SigningError
from genlabel.model.label import Label
from genlabel.model.parties import Producer
from genlabel.model.report import Severity
from genlabel.operations.signing import sign
from genlabel.pixels.draw import picture

RULE = "genlabel: probe signature"
_SIZE = (16, 16)
"""Enough for every codec; the picture is thrown away."""


def problem(signer: Signer) -> Problem | None:
    """Why a picture signed by `signer` does not read back; None when it does.

    Raises `EngineError` when the engine itself is out of order.
    """
    return _tried(signer, None)


def identity_problem(signer: Signer) -> Problem | None:
    """The same for an identity: the claim is signed with a credential that is thrown away."""
    from genlabel.credentials.x509.development_ca import Authority

    return _tried(Authority.new("probe").signer(), Identity(signer))


def _tried(signer: Signer, identity: Identity | None) -> Problem | None:
    label = Label.generated(by=Producer(signer.organisation or "probe"))
    drawn = picture("jpeg", size=_SIZE)
    try:
        sign.sign(drawn, label, signer, identity=identity, title="probe")
    except (SigningError, CredentialError) as error:
        return Problem(
            rule=RULE,
            severity=Severity.ERROR,
            message=f"a picture signed as a probe was refused: {error}",
            remedy=error.remedy or "ask for another certificate, and report this as an issue",
        )
    return None
