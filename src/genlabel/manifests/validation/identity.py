"""Who attests a manifest beside its signer: the CAWG identity assertions, and whether they hold.

CAWG Identity 1.0 to 1.3, read from the manifest store and checked here. What an assertion says of
itself counts for nothing: names are shown only from a certificate whose signature holds. Nothing
about an identity ever touches integrity.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from genlabel.credentials.trust import Trust
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.store.manifest_store import Manifest, ManifestStore, Superbox
from genlabel.manifests.validation import identity_aggregation
from genlabel.manifests.validation.identity_aggregation import Aggregation
from genlabel.manifests.validation.identity_references import Claims
from genlabel.manifests.validation.illegible_identity import assertion_boxes, is_at
from genlabel.manifests.validation.metadata_assertions import MetadataAssertion
from genlabel.manifests.validation.status_codes import belies
from genlabel.model.escape import quoted
from genlabel.model.expression import expression
from genlabel.model.report import Finding, NamedActor, Severity, TrustLevel, Validity
from genlabel.model.vocabulary import Role
from genlabel.model.words.codes import sentence

if TYPE_CHECKING:
    from genlabel.manifests.store.identity_assertion import IdentityAssertion
    from genlabel.manifests.validation.identity_credential import Judgement, StampJudge

LABEL = "cawg.identity"
_KIN = expression(r"cawg\.identity((\.|__).*)?", re.DOTALL)
"""That, and what a version to come may call its own, which is told and not read."""
X509 = "cawg.x509.cose"
AGGREGATION = identity_aggregation.SIGNATURE_TYPE
_ABOUT_TRUST = (
    "cawg.x509.credential.",
    "cawg.x509.signature.outside_validity",
    "cawg.identity.credential_revoked",
)
"""Failures that touch the certificate, and not whether the assertion is its holder's."""
MAX_ASSERTIONS = 64
"""Most identity assertions of one manifest that are read."""


def actors(
    manifest: Manifest,
    store: ManifestStore,
    trust: Trust,
    *,
    intact: bool,
    claim_signed: datetime | None = None,
    stamp_judge: StampJudge | None = None,
    aggregated: Mapping[str, Any] | None = None,
) -> tuple[tuple[NamedActor, ...], tuple[Finding, ...]]:
    """The named actors of `manifest` in the order of its claim, and what is wrong with them.

    `intact` says whether the manifest and the picture are as they were signed, without which no
    assertion about them holds; `claim_signed` is the moment that the claim's time-stamp proves.
    `stamp_judge` tells the moment that an identity's own time-stamp proves (token, message).
    `aggregated` is the engine's report with identities decoded, for aggregations alone.
    """
    claims = Claims(manifest, store)
    labels = [each for each in claims.labels(LABEL) if _KIN.fullmatch(each)][:MAX_ASSERTIONS]
    if not labels:
        return (), ()
    judged = [_Judged.of(label, claims, aggregated) for label in labels]
    if any(each.signed for each in judged):
        from genlabel.manifests.validation.identity_credential import Judgement

        judgement = Judgement(trust=trust, claim_signed=claim_signed, stamp_judge=stamp_judge)
        judged = [each.by(judgement, intact=intact) if each.signed else each for each in judged]
    findings = (each.findings for each in judged)
    return tuple(each.actor for each in judged), tuple(one for each in findings for one in each)


def naming(metadata: Iterable[MetadataAssertion], producer: str | None) -> frozenset[str]:
    """The labels of the metadata assertions that name this producer."""
    return frozenset(
        each.label
        for each in metadata
        if producer is not None and each.fields.get("producer") == producer
    )


def producer_attested(
    actors: tuple[NamedActor, ...],
    producer: str | None,
    *,
    named_in: Collection[str] | None,
    role: str | None,
) -> bool:
    """Does somebody known attest, by certificate and role, to be this producer?

    `named_in` are the assertions that name him, one of which must be referenced: who references
    the picture alone attests no name. None where the name is the certificate's own. `role` is the
    one that the metadata gives him.
    """
    roles = {Role.PRODUCER.value, role}
    return producer is not None and any(
        actor.known
        and actor.validity is Validity.WITHIN
        and producer in actor.names
        and not roles.isdisjoint(actor.roles)
        and (named_in is None or not set(named_in).isdisjoint(actor.references))
        for actor in actors
    )


def named_producer(actors: tuple[NamedActor, ...]) -> str | None:
    """Who says of itself, by a certificate that is known here, to be the producer."""
    for actor in actors:
        within = actor.validity is Validity.WITHIN
        if actor.known and within and Role.PRODUCER.value in actor.roles:
            return actor.organisation or actor.common_name
    return None


class _Judged:
    """One assertion on its way to a verdict."""

    def __init__(self, where: str, actor: NamedActor) -> None:
        self.where = where
        self.actor = actor
        self.assertion: IdentityAssertion | None = None
        self.failures: list[str] = []

    @classmethod
    def of(cls, label: str, claims: Claims, aggregated: Mapping[str, Any] | None) -> _Judged:
        """The assertion as far as no certificate is needed."""
        from genlabel.manifests.store import identity_assertion

        manifest = claims.manifest
        where = f"self#jumbf=/c2pa/{manifest.label}/c2pa.assertions/{label}"
        judged = cls(where, NamedActor(label=label, signature_type=None))
        try:
            assertion = identity_assertion.read(_only(manifest, label)) if is_at(label) else None
            unread = "cawg.identity.sig_type.unknown"
        except Unreadable:
            assertion, unread = None, "cawg.identity.cbor.invalid"
        if assertion is None:
            judged.failures.append(unread)
            judged.actor = replace(judged.actor, codes=(unread,))
            return judged
        judged.assertion = assertion
        if any(any(pad) for pad in assertion.padding):
            judged.failures.append("cawg.identity.pad.invalid")
        judged.failures += claims.failures(assertion)
        told = Aggregation()
        if assertion.signature_type == AGGREGATION:
            told = identity_aggregation.of(aggregated, label, where)
            judged.failures += [each for each in told.failures if each not in judged.failures]
        elif assertion.signature_type != X509:
            judged.failures.append("cawg.identity.sig_type.unknown")
        judged.actor = NamedActor(
            label=label,
            signature_type=assertion.signature_type,
            roles=assertion.roles,
            references=tuple(claims.names(assertion)),
            issuer=told.issuer,
            statements=told.statements,
            codes=(*told.others, *judged.failures),
        )
        return judged

    @property
    def signed(self) -> bool:
        """Is it signed with a certificate?"""
        return self.assertion is not None and self.assertion.signature_type == X509

    def by(self, judgement: Judgement, *, intact: bool) -> _Judged:
        """The assertion with what its signature and certificate are worth."""
        assert self.assertion is not None
        credential = judgement.credential(self.assertion)
        self.failures += credential.failures
        sound = all(each.startswith(_ABOUT_TRUST) for each in self.failures)
        holds = intact and sound and credential.form is not None
        codes = [*credential.successes, *self.failures]
        if not holds:
            self.actor = replace(self.actor, codes=tuple(codes))
            return self
        anchors = credential.anchors
        if credential.validity is Validity.WITHIN:
            codes.append(f"cawg.identity.{'trusted' if anchors else 'well-formed'}")
        self.actor = replace(
            self.actor,
            organisation=credential.organisation,
            common_name=credential.common_name,
            serial=credential.serial,
            holds=True,
            form=credential.form,
            trust=anchors.level if anchors else TrustLevel.UNKNOWN,
            trust_list=anchors.name if anchors else None,
            validity=credential.validity,
            codes=tuple(codes),
        )
        return self

    @property
    def findings(self) -> Iterator[Finding]:
        """What is wrong with it, each with its own severity and none about integrity."""
        for code in self.failures:
            yield Finding(
                code,
                severity=Severity.ERROR if belies(code) else Severity.WARNING,
                where=self.where,
                explanation=sentence(code) or code,
            )


def _only(manifest: Manifest, label: str) -> Superbox:
    """The one assertion of that label: of two, nobody could tell which one is meant."""
    boxes = [each for each in assertion_boxes(manifest) if each.label == label]
    if len(boxes) != 1:
        raise Unreadable(f"{len(boxes)} assertions {quoted(label)}")
    return boxes[0]
