"""Who signed a manifest: by certificate, with which trust, when, and was it valid then.

Judged from the manifest's bytes alone: the claim signature (C2PA 2.4 §15.7), its time-stamps
(§15.8) and what authorities said of its certificates (§15.9). Trust is by kind: an anchor for
signers vouches for no time-stamp and the other way round. Trust and validity are two questions: a
certificate that has ended is its holder's all the same, and what it signed is attested no more.

This module imports cryptography; it is imported only where there is a signature.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from genlabel.credentials.trust import AnchorKind, Trust, credential as credentials
from genlabel.credentials.trust.credential import Credential
from genlabel.credentials.x509 import chain as chains, key as keys
from genlabel.credentials.x509.profile_rule import Problem
from genlabel.manifests.store import cose, rvals, sigtst
from genlabel.manifests.store.ancestry import address, signature_address
from genlabel.manifests.store.cbor import Ambiguous, Unreadable
from genlabel.manifests.store.cose import ClaimSignature
from genlabel.manifests.store.cose_sign1 import NotUnderstood
from genlabel.manifests.store.manifest_store import SIGNATURE, Manifest, ManifestStore, Missing
from genlabel.manifests.validation import signer_findings as odd
from genlabel.manifests.validation.status_codes import (
    AMBIGUOUS,
    SIGNATURE_UNCHECKED,
    VALIDATED,
    Status,
    Statuses,
)
from genlabel.model.dataclass import dataclass
from genlabel.model.named_tuple import NamedTuple
from genlabel.model.report import (
    Finding,
    Severity,
    SignedBy,
    SigningTime,
    TrustLevel,
    Validity,
)
from genlabel.model.words.codes import sentence

if TYPE_CHECKING:
    from genlabel.credentials.timestamps.verify import TimeStamp

_HOLDS = "\0holds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatory:
    """What became of a manifest's signature."""

    signed_by: SignedBy | None = None
    """The certificate's holder; with `TrustLevel.UNKNOWN` where the signature does not hold. None
    where no certificate can be read."""
    statuses: Statuses = field(default_factory=Statuses)
    """C2PA's codes about signature, credential and time."""
    findings: tuple[Finding, ...] = ()
    verifies_until: datetime | None = None
    """When the first certificate of the chain ends, where no proven time makes that no matter."""

    @property
    def verified(self) -> bool:
        """Does the signature hold?"""
        return VALIDATED in [each.code for each in self.statuses.success]


def of(
    manifest: Manifest,
    trust: Trust,
    *,
    store: ManifestStore | None = None,
    now: datetime | None = None,
    known: Known | None = None,
) -> Signatory:
    """Who signed `manifest`, by the anchors in `trust`.

    With the `store` around it, what later manifests say about its signature (time-stamps, answers
    about revocation) counts, too. `now` is the moment of asking, by default the present. `known`
    are those who were met before, under the same trust and at the same moment.
    """
    where = signature_address(manifest)
    try:
        if not _is_named(manifest):
            why = "the claim names no signature in its manifest"
            return unsigned("claimSignature.missing", why=why, where=where)
    except Ambiguous as error:
        return unsigned(AMBIGUOUS, why=str(error), where=address(manifest))
    except Missing as error:
        return unsigned("claimSignature.missing", why=str(error), where=where)
    except Unreadable as error:
        return unsigned(SIGNATURE_UNCHECKED, why=f"its claim cannot be read: {error}", where=where)
    try:
        signature = cose.claim_signature(manifest)
        credential, unread = _credential(signature.certificates)
    except Missing as error:
        return unsigned("claimSignature.missing", why=str(error), where=where)
    except NotUnderstood as error:
        return unsigned(SIGNATURE_UNCHECKED, why=str(error), where=where)
    except (Unreadable, credentials.Unreadable) as error:
        return unsigned("claimSignature.mismatch", why=str(error), where=where)
    algorithm = cose.ALGORITHMS.get(signature.algorithm)
    if algorithm is None:
        why = "the signature's is none of C2PA's"
        return unsigned("algorithm.unsupported", why=why, where=where)
    public = chains.public_key(credential.leaf)
    holds = manifest.once(
        _HOLDS,
        lambda: keys.verifies(public, algorithm, signature.signature, signature.signed),
    )
    if not holds:
        why = "it was not made with the key of the certificate beside it"
        kind = () if keys.permitted_for(public) else ("signingCredential.invalid",)
        nobody = unsigned("claimSignature.mismatch", *kind, why=why, where=where)
        return replace(nobody, signed_by=_holder(credential, algorithm))
    if unread is not None:
        nobody = unsigned("signingCredential.invalid", why=unread, where=where)
        success = (Status(VALIDATED, where, sentence(VALIDATED) or VALIDATED),)
        return replace(
            nobody,
            signed_by=_holder(credential, algorithm),
            statuses=nobody.statuses._replace(success=success),
        )
    return _Judgement(
        manifest, store or ManifestStore({}), signature, credential, trust, now or datetime.now(UTC)
    ).signatory(algorithm, {} if known is None else known)


def _credential(certificates: tuple[bytes, ...]) -> tuple[Credential, str | None]:
    """The credential, and why it is only the leaf's where something behind that cannot be read.

    Raises `credentials.Unreadable` where the leaf cannot.
    """
    try:
        return Credential.of(certificates), None
    except credentials.Unreadable as error:
        return Credential.of(certificates[:1]), str(error)


def _is_named(manifest: Manifest) -> bool:
    """Does the claim lead to the signature box beside it (C2PA 2.4 §15.7)? Raises `Unreadable`."""
    box = manifest.resolve(manifest.claim.get("signature"))
    return box is not None and box.content_type == SIGNATURE


def unsigned(*codes: str, why: str, where: str = "") -> Signatory:
    """The answer where nobody is known to have signed: C2PA's codes, and why as a clause."""
    told = [Status(code, where, f"{sentence(code)} ({why})") for code in codes]
    return Signatory(
        statuses=Statuses(failure=tuple(told)),
        findings=tuple(
            Finding(
                each.code,
                severity=Severity.ERROR,
                where=where or None,
                explanation=each.explanation,
            )
            for each in told
        ),
    )


@lru_cache(maxsize=64)
def _holder(credential: Credential, algorithm: str) -> SignedBy:
    leaf = credential.leaf
    return SignedBy(
        organisation=chains.organisation(leaf),
        common_name=chains.common_name(leaf),
        trust=TrustLevel.UNKNOWN,
        algorithm=algorithm.capitalize(),  # as the engine spells it
        serial=str(leaf.serial_number),
    )


class _Standing(NamedTuple):
    """Who signed, and what his signature is worth."""

    signed_by: SignedBy
    validity: Validity
    """Without regard to revocation."""
    faults: tuple[Problem, ...]
    revocation: tuple[Finding, ...]
    findings: tuple[Finding, ...]


Known = dict[tuple[tuple[bytes, ...], str], _Standing]
"""Signers by their certificates and algorithm, under one trust and at one moment."""


@dataclass(frozen=True, slots=True)
class _Judgement:
    """A claim signature that holds, and what its holder is judged by."""

    manifest: Manifest
    store: ManifestStore
    signature: ClaimSignature
    credential: Credential
    trust: Trust
    now: datetime

    def signatory(self, algorithm: str, known: Known) -> Signatory:
        """Trust, time and validity of the holder.

        Without time-stamps and answers about revocation they are those of everything that he
        signed with these certificates.
        """
        stamps = self._stamps()
        asserted = rvals.asserted(self.store)
        if stamps or asserted or rvals.holds_any(self.signature):
            standing = self._standing(algorithm, stamps, asserted)
        else:
            who = self.signature.certificates, algorithm
            standing = known.get(who) or self._standing(algorithm, (), ())
            known[who] = standing
        return Signatory(
            signed_by=standing.signed_by,
            statuses=self._statuses(standing, stamps),
            findings=(*standing.findings, *self._unguarded()),
            verifies_until=self._end(standing.signed_by),
        )

    def _standing(
        self, algorithm: str, stamps: tuple[TimeStamp, ...], asserted: tuple[bytes, ...]
    ) -> _Standing:
        holder = _holder(self.credential, algorithm)
        stamp = next((each for each in stamps if each.anchors), None) or next(
            (each for each in stamps if each.intact), None
        )
        faults = self.credential.faults(self.trust, AnchorKind.SIGNER, algorithm=algorithm)
        dated = self._with_trust(self._with_time(holder, stamp), stamp, faults)
        signed_by, revocation = self._unless_revoked(dated, asserted)
        findings = (*odd.faulty(faults), *odd.self_signed(signed_by, self.credential), *revocation)
        if stamp is not None and stamp.anchors and self._is_over_claim(stamp, stamps):
            findings = (*findings, odd.OVER_CLAIM)
        if signed_by.time is not SigningTime.PROVEN:
            findings = (*findings, *odd.useless(stamps))
        return _Standing(signed_by, dated.validity, faults, revocation, findings)

    def _end(self, signed_by: SignedBy) -> datetime | None:
        """A time-stamp counts where the given lists vouch for it (C2PA 2.4 §15.8): for those who
        ask with other lists, the end may be another."""
        if signed_by.validity is Validity.WITHIN and signed_by.time is SigningTime.PROVEN:
            return None
        return self.credential.end

    def _stamps(self) -> tuple[TimeStamp, ...]:
        """The time-stamps, judged, up to the first that holds."""
        found = [*sigtst.stamps(self.signature)]
        tokens = sigtst.asserted(self.store, self.manifest.label)
        if tokens:
            message = sigtst.over(self.signature)
            found += [sigtst.Stamp(token, message) for token in tokens]
        if not found:
            return ()
        from genlabel.credentials.timestamps import verify

        judged: list[TimeStamp] = []
        for each in found:
            judged.append(verify.judged(each.token or b"", each.message, self.trust, now=self.now))
            if judged[-1].anchors is not None:
                break
        return tuple(judged)

    def _is_over_claim(self, stamp: TimeStamp, stamps: tuple[TimeStamp, ...]) -> bool:
        """Is it over a claim that was never stamped so?"""
        if self._is_first_version():
            return False
        found = zip(sigtst.stamps(self.signature), stamps, strict=False)
        return any(each.over_claim and judged is stamp for each, judged in found)

    def _is_first_version(self) -> bool:
        return self.manifest.claim_box.label == "c2pa.claim"

    def _unguarded(self) -> Iterator[Finding]:
        if not self.signature.guarded and not self._is_first_version():
            yield odd.UNGUARDED

    def _with_time(self, holder: SignedBy, stamp: TimeStamp | None) -> SignedBy:
        if stamp is None:
            return holder
        time = SigningTime.CLAIMED if stamp.anchors is None else SigningTime.PROVEN
        return replace(holder, time=time, signed_at=stamp.moment)

    def _with_trust(
        self, holder: SignedBy, stamp: TimeStamp | None, faults: tuple[Problem, ...]
    ) -> SignedBy:
        """Who vouches, and whether the certificate was valid when it counted (§15.8.2).

        A signature that is proven to be made outside of the dates is nobody's.
        """
        proven = stamp.latest if stamp is not None and stamp.anchors is not None else None
        moment = proven or self.now
        anchors, valid = self.credential.vouched(self.trust, AnchorKind.SIGNER, at=moment)
        validity = self._validity(moment, stamp, valid=valid)
        if anchors is None or faults or (proven is not None and not valid):
            return replace(holder, validity=validity)
        return replace(
            holder,
            validity=validity,
            trust=anchors.level,
            trust_list=anchors.name,
            list_fetched=anchors.fetched,
        )

    def _validity(self, moment: datetime, stamp: TimeStamp | None, *, valid: bool) -> Validity:
        if valid:
            return Validity.WITHIN
        leaf = self.credential.leaf
        if leaf.not_valid_after_utc >= moment and self.credential.begins_after(moment):
            return Validity.NOT_BEGUN
        if stamp is None or stamp.anchors is not None or stamp.moment is None:
            return Validity.EXPIRED
        # With a time-stamp that no list vouches for, it may have been valid when it was used.
        then = self.credential.vouched(self.trust, AnchorKind.SIGNER, at=stamp.moment)
        return Validity.UNPROVABLE if then.valid else Validity.EXPIRED

    def _unless_revoked(
        self, signed_by: SignedBy, asserted: tuple[bytes, ...]
    ) -> tuple[SignedBy, tuple[Finding, ...]]:
        """The signer, judged by the answers about revocation where there are any."""
        if not asserted and not rvals.holds_any(self.signature):
            return signed_by, ()
        from genlabel.manifests.validation import revocation

        return revocation.judged(
            signed_by, self.signature, self.credential, self.trust, asserted=asserted, now=self.now
        )

    def _statuses(self, standing: _Standing, stamps: tuple[TimeStamp, ...]) -> Statuses:
        """C2PA's codes, in the order in which it asks."""
        signed_by, validity, faults, revocation, _ = standing
        where = signature_address(self.manifest)
        listed: dict[str, list[Status]] = {"success": [], "informational": [], "failure": []}

        def tell(kind: str, code: str, why: str = "") -> None:
            listed[kind].append(Status(code, where, why or sentence(code) or code))

        tell("success", VALIDATED)
        if faults:
            tell("failure", "signingCredential.invalid", faults[0].message)
        known = signed_by.trust is not TrustLevel.UNKNOWN
        tell("success" if known else "failure", f"signingCredential.{_TRUSTED[known]}")
        for stamp in stamps:
            if stamp.anchors is None:
                tell("informational", stamp.code, stamp.reason or "")
            else:
                tell("success", "timeStamp.validated")
                tell("success", stamp.code)
        within = validity is Validity.WITHIN
        tell("success" if within else "failure", f"claimSignature.{_WITHIN[within]}Validity")
        for finding in revocation:
            kind = _REVOCATION.get(finding.code, "informational")
            if finding.code.startswith("signingCredential.ocsp."):
                tell(kind, finding.code, finding.explanation)
        return Statuses(*map(tuple, listed.values()))


_TRUSTED = {True: "trusted", False: "untrusted"}
_WITHIN = {True: "inside", False: "outside"}
_REVOCATION = {
    "signingCredential.ocsp.revoked": "failure",
    "signingCredential.ocsp.notRevoked": "success",
}
