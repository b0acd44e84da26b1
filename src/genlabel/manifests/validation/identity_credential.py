"""Whose signature an identity assertion has: its key, its certificate, its moment, its revocation.

CAWG Identity 1.3, "Validating the COSE signature". This module imports cryptography; it is
imported only where there is such a signature.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import field, replace
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.utils import CryptographyDeprecationWarning

from genlabel.credentials.revocation import ocsp
from genlabel.credentials.revocation.ocsp import CertStatus, InvalidResponse
from genlabel.credentials.trust import AnchorKind, Anchors, Trust
from genlabel.credentials.trust.path import PURPOSES, trust_anchor
from genlabel.credentials.x509 import chain as chains, identity_profile, key, profile
from genlabel.credentials.x509.profile_rule import extension
from genlabel.credentials.x509.purpose import DOCUMENT_SIGNING
from genlabel.manifests.store import cose, cose_sign1
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.store.cose_sign1 import Sign1
from genlabel.manifests.store.identity_assertion import IdentityAssertion
from genlabel.model.dataclass import dataclass
from genlabel.model.report import AS_STORED, DETERMINISTIC, Severity, TrustLevel, Validity

StampJudge = Callable[[bytes, bytes], datetime | None]
"""The moment that a time-stamp (DER) proves of a message; None where it proves none."""

_INTERIM_ENDED = datetime(2027, 4, 1, tzinfo=UTC)
"""S/MIME certificates identify nobody from then on (CAWG Identity 1.3, interim trust model)."""
_UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    CryptographyDeprecationWarning,  # where warnings are errors
)
"""What cryptography raises for certificates that are damaged or odd, when looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """What became of one signature; the certificate's names only where its key made it."""

    form: str | None = None
    """Which encoding of the payload is signed; None where the signature does not hold."""
    organisation: str | None = None
    common_name: str | None = None
    serial: str | None = None
    anchors: Anchors | None = None
    """The anchors for identities that vouch for it now."""
    validity: Validity = Validity.UNPROVABLE
    successes: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    """CAWG's status codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """By what the signatures of one manifest's identity assertions are judged."""

    trust: Trust
    claim_signed: datetime | None = None
    """When the claim was signed, as a time-stamp proves; good for identities without their own."""
    stamp_judge: StampJudge | None = None
    """Judges the time-stamps of the identities' own signatures; without one, none proves a time."""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def credential(self, assertion: IdentityAssertion) -> Credential:
        """What the signature of `assertion` is worth."""
        try:
            sign1 = cose_sign1.read(assertion.signature)
        except Unreadable:
            return Credential(failures=("cawg.x509.signature.mismatch",))
        algorithm = cose.ALGORITHMS.get(sign1.algorithm)
        if algorithm is None:
            return Credential(failures=("cawg.x509.algorithm.unsupported",))
        try:
            chain = tuple(x509.load_der_x509_certificate(each) for each in sign1.certificates)
            form = _form(assertion, sign1, chain[0].public_key(), algorithm)
            if form is None:
                return Credential(failures=("cawg.x509.signature.mismatch",))
            return replace(self._judged(chain, sign1, algorithm), form=form)
        except _UNREADABLE:
            return Credential(failures=("cawg.x509.credential.invalid",))

    def _judged(
        self, chain: tuple[x509.Certificate, ...], sign1: Sign1, algorithm: str
    ) -> Credential:
        """The credential whose key made the signature."""
        successes, failures = ["cawg.x509.signature.validated"], []
        moment = self._moment(sign1, successes)
        validity = self._validity(chain, sign1, moment)
        if validity is Validity.REVOKED:
            failures.append("cawg.identity.credential_revoked")
        elif validity is not Validity.WITHIN:
            failures.append("cawg.x509.signature.outside_validity")
        elif moment is None:
            successes.append("cawg.x509.signature.inside_validity")
        anchors = None
        if _faulty(chain, algorithm):
            failures.append("cawg.x509.credential.invalid")
        else:
            anchors = self._anchors(chain, moment)
            known = anchors is not None
            (successes if known else failures).append(
                f"cawg.x509.credential.{'trusted' if known else 'untrusted'}"
            )
        return Credential(
            organisation=chains.organisation(chain[0]),
            common_name=chains.common_name(chain[0]),
            serial=str(chain[0].serial_number),
            anchors=anchors if validity is Validity.WITHIN else None,
            validity=validity,
            successes=tuple(successes),
            failures=tuple(failures),
        )

    def _moment(self, sign1: Sign1, successes: list[str]) -> datetime | None:
        """When it was signed at the latest, as is proven: its own time-stamp, else the claim's."""
        token = sign1.time_stamp
        if token is not None and self.stamp_judge is not None:
            moment = self.stamp_judge(token, sign1.countersigned)
            if moment is not None:
                successes += ("cawg.x509.time_stamp.validated", "cawg.x509.time_stamp.trusted")
                return moment
        return self.claim_signed

    def _validity(
        self, chain: Iterable[x509.Certificate], sign1: Sign1, moment: datetime | None
    ) -> Validity:
        chain = tuple(chain)
        if self._revoked(chain, sign1.revocation_answers, moment):
            return Validity.REVOKED
        at = moment or self.now
        if all(each.not_valid_before_utc <= at <= each.not_valid_after_utc for each in chain):
            return Validity.WITHIN
        begun = all(each.not_valid_before_utc <= at for each in chain)
        return Validity.EXPIRED if begun or moment is not None else Validity.UNPROVABLE

    def _revoked(
        self, chain: tuple[x509.Certificate, ...], answers: tuple[bytes, ...], at: datetime | None
    ) -> bool:
        """Does the issuer say that the certificate was revoked before the proven moment?"""
        for answer in answers:
            for issuer in self._issuers(chain):
                try:
                    words = ocsp.single_responses(answer, chain[0], issuer, at=self.now)
                except InvalidResponse:
                    continue
                for word in words:
                    later = at is not None and word.revoked_at is not None and at < word.revoked_at
                    if word.status is CertStatus.REVOKED and not later:
                        return True
        return False

    def _issuers(self, chain: tuple[x509.Certificate, ...]) -> list[x509.Certificate]:
        anchors = (
            each
            for entry in self.trust.of_kind(AnchorKind.IDENTITY)
            for each in x509.load_pem_x509_certificates(entry.pem)
        )
        leaf = chain[0]
        return [
            each
            for each in (*chain[1:2], *anchors)
            if each.subject == leaf.issuer and each != leaf and chains.issued_by(leaf, each)
        ]

    def _anchors(
        self, chain: tuple[x509.Certificate, ...], moment: datetime | None
    ) -> Anchors | None:
        """The anchors for identities that vouch for the chain; one for anything else never does.

        A published list vouches for S/MIME certificates only as the interim model allows; whom
        you name yourself, you know.
        """
        anchors = trust_anchor(chain, self.trust, AnchorKind.IDENTITY)
        if anchors is None or anchors.level is not TrustLevel.LISTED:
            return anchors
        usage = extension(chain[0], x509.ExtendedKeyUsage)
        if usage is not None and DOCUMENT_SIGNING in usage.value:
            return anchors
        interim = identity_profile.interim(chain[0]) and (moment or self.now) < _INTERIM_ENDED
        return anchors if interim else None


def _form(assertion: IdentityAssertion, sign1: Sign1, public: object, algorithm: str) -> str | None:
    """Which encoding of the payload the key signed; None for none."""

    def signs(payload: bytes) -> bool:
        return key.verifies(public, algorithm, sign1.signature, sign1.over(payload))

    if signs(assertion.deterministic):
        return DETERMINISTIC
    return AS_STORED if any(map(signs, assertion.as_stored)) else None


def _faulty(chain: tuple[x509.Certificate, ...], algorithm: str) -> bool:
    """Is there a rule of the profile, dates apart, that the chain breaks?"""
    purpose = PURPOSES[AnchorKind.IDENTITY]
    return bool(profile.faults(chain, algorithm=algorithm, purpose=purpose)) or any(
        each.severity is Severity.ERROR for each in identity_profile.problems(chain[0])
    )
