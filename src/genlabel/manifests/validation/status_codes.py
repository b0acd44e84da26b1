"""C2PA status codes: which answer each one touches (C2PA 2.4 §15.2, appendix D of 2.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from functools import partial
from typing import Any

from genlabel.manifests.binding.outcome import ELSEWHERE
from genlabel.model.escape import quoted
from genlabel.model.named_tuple import NamedTuple
from genlabel.model.words.codes import sentence


class Concern(Enum):
    """Which of the separate answers a failing status code belongs to."""

    ALTERED = "altered"
    """Bytes are not those that were signed."""
    SIGNATURE = "signature"
    """The claim signature itself does not hold."""
    FORM = "form"
    """The manifest breaks a rule of its form; no byte need have changed since."""
    UNREADABLE = "unreadable"
    """Something that is needed for an answer cannot be had."""
    CREDENTIAL = "credential"
    """Certificate, trust or time: touches the signer only."""
    IDENTITY = "identity"
    """A CAWG identity assertion."""


class Status(NamedTuple):
    """One status code as the engine reports it; every reading makes dozens, hence the tuple."""

    code: str
    where: str
    explanation: str

    @property
    def concern(self) -> Concern:
        """The answer that this code touches when it stands among the failures."""
        return concern_of(self.code)


_status: Callable[[tuple[str, str, str]], Status] = partial(tuple.__new__, Status)
"""In little more than half of the time: a named tuple's own way is a function in Python."""

VALIDATED = "claimSignature.validated"
"""Among the successes: the claim signature holds."""
SIGNATURE_UNCHECKED = "genlabel.signature.unchecked"
"""Our own code for a claim signature that cannot be checked here, so that nothing is known of it;
the specification has none."""
HASH_HOLDS, HASH_FAILS = "assertion.hashedURI.match", "assertion.hashedURI.mismatch"
AMBIGUOUS = "genlabel.manifest.ambiguous"
"""Our own code for what two readers could see differently; the specification has none."""


class Statuses(NamedTuple):
    """The codes of one manifest by their kinds."""

    success: tuple[Status, ...] = ()
    informational: tuple[Status, ...] = ()
    failure: tuple[Status, ...] = ()


_CREDENTIAL = ("signingCredential.", "timeStamp.", "timeOfSigning.")
ABOUT_SIGNER = (*_CREDENTIAL, "claimSignature.", SIGNATURE_UNCHECKED)
"""Beginnings of the codes about a claim signature, its credential and its time."""
_CONCERNS = {
    "claimSignature.insideValidity": Concern.CREDENTIAL,
    "claimSignature.outsideValidity": Concern.CREDENTIAL,
    "claimSignature.mismatch": Concern.SIGNATURE,
    "claimSignature.missing": Concern.SIGNATURE,
    "assertion.dataHash.mismatch": Concern.ALTERED,
    "assertion.bmffHash.mismatch": Concern.ALTERED,
    "assertion.boxesHash.mismatch": Concern.ALTERED,
    "assertion.boxesHash.unknownBox": Concern.ALTERED,
    "assertion.collectionHash.mismatch": Concern.ALTERED,
    "assertion.collectionHash.incorrectFileCount": Concern.ALTERED,
    "assertion.multiAssetHash.mismatch": Concern.ALTERED,
    "assertion.multiAssetHash.missingPart": Concern.ALTERED,
    "assertion.segmentHash.mismatch": Concern.ALTERED,
    "assertion.hashedURI.mismatch": Concern.ALTERED,
    "assertion.missing": Concern.ALTERED,
    "hashedURI.mismatch": Concern.ALTERED,
    "ingredient.manifest.mismatch": Concern.ALTERED,
    "ingredient.claimSignature.mismatch": Concern.ALTERED,
    AMBIGUOUS: Concern.ALTERED,
    "claim.hardBindings.missing": Concern.UNREADABLE,
    "manifest.inaccessible": Concern.UNREADABLE,
    "manifest.encrypted": Concern.UNREADABLE,
    "algorithm.unsupported": Concern.UNREADABLE,
    ELSEWHERE: Concern.UNREADABLE,
    SIGNATURE_UNCHECKED: Concern.UNREADABLE,
}

_CHANGES = ("Hash.mismatch", "hashedURI.mismatch", ".hashMismatch")
"""How codes about hashes end, those of later versions and of the first ones, too."""


def witnessed(status: Status) -> Status:
    """A code of the engine's whose meaning only the engine tells: its English is quoted."""
    if sentence(status.code) is not None or not status.explanation:
        return status
    return status._replace(explanation=f"the engine says {quoted(status.explanation)}")


def concern_of(code: str) -> Concern:
    """The answer that `code` touches. Codes that nobody knows are about form."""
    if code.startswith(_CREDENTIAL):
        return Concern.CREDENTIAL
    if code.startswith("cawg."):
        return Concern.IDENTITY
    altered = Concern.ALTERED if code.endswith(_CHANGES) else Concern.FORM
    return _CONCERNS.get(code, altered)


_FORM_AS_WELL = frozenset(
    (AMBIGUOUS, "claimSignature.missing", "claim.hardBindings.missing", "algorithm.unsupported")
)


def breaks_form(code: str) -> bool:
    """Does this failure say that a rule of form is broken, whatever else it says?"""
    return concern_of(code) is Concern.FORM or code in _FORM_AS_WELL


_CHANGED = frozenset(
    (
        *("claim.missing", "claim.multiple", "claimSignature.mismatch", "claimSignature.missing"),
        *("assertion.missing", "assertion.action.redacted", "assertion.dataHash.redacted"),
        *("ingredient.manifest.missing", "ingredient.manifest.mismatch"),
        *("ingredient.claimSignature.missing", "ingredient.claimSignature.mismatch"),
        *(code for code, concern in _CONCERNS.items() if concern is Concern.ALTERED),
    )
)


def is_change(code: str) -> bool:
    """Does this failure say that something of an ancestor was changed, exchanged or taken away?

    It breaks the lineage; all other codes, those that nobody knows among them, do not.
    """
    return code in _CHANGED or code.endswith(_CHANGES)


def about_signer(code: str) -> bool:
    """Is it about the claim signature, its credential or its time?"""
    return code.startswith(ABOUT_SIGNER)


_NO_LIE = (
    "cawg.x509.credential.",
    "cawg.x509.signature.outside_validity",
    "cawg.x509.algorithm.unsupported",
    "cawg.x509.ocsp.",
    "cawg.x509.time_stamp.",
    "cawg.x509.time_of_signing.",
    "cawg.identity.sig_type.unknown",
    "cawg.identity.network_traffic_",
    "cawg.ica.untrusted_issuer",
    "cawg.ica.did_unavailable",
    "cawg.ica.did_unsupported_method",
    "cawg.ica.time_stamp.",
    "cawg.ica.revocation.",
)


def belies(code: str) -> bool:
    """Does this failure of an identity assertion say that it does not hold?

    All do but those about trust, time and what cannot be checked here. Codes that nobody knows do.
    """
    return code.startswith("cawg.") and not code.startswith(_NO_LIE)


def gravest(statuses: Iterable[Status]) -> Concern | None:
    """The gravest concern that touches integrity among failures; None when none does.

    Codes of form, of credentials and of identities never do.
    """
    concerns = {status.concern for status in statuses}
    order = (Concern.ALTERED, Concern.SIGNATURE, Concern.UNREADABLE)
    return next((concern for concern in order if concern in concerns), None)


def statuses(results: Mapping[str, Any] | None, kind: str) -> tuple[Status, ...]:
    """The codes of one kind (``success``, ``informational``, ``failure``) in a results map."""
    listed = (results or {}).get(kind) or ()
    return tuple(
        [
            _status((str(each["code"]), str(each.get("url", "")), str(each.get("explanation", ""))))
            for each in listed
            if isinstance(each, dict) and "code" in each
        ]
    )
