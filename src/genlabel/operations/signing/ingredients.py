"""What a picture's past means for its new label: existing manifests, parents and elements."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import field, replace

from genlabel.credentials.identity import Identity
from genlabel.credentials.signer import Signer, certificate_of
from genlabel.credentials.trust import Trust
from genlabel.formats.format import MANIFEST, Container, Slot
from genlabel.manifests.definition import sources, steps
from genlabel.manifests.definition.assertions import is_custom
from genlabel.manifests.definition.sources import AtHand
from genlabel.manifests.validation import actions
from genlabel.manifests.validation.reading import Reading
from genlabel.model import carried
from genlabel.model.asset import Asset
from genlabel.model.attribution import Attribution
from genlabel.model.dataclass import dataclass
from genlabel.model.element import Relationship
from genlabel.model.errors import LabelError
from genlabel.model.escape import quoted
from genlabel.model.label import Label, SettledLabel
from genlabel.model.mining import MiningSignals, entries
from genlabel.model.parties import ORGANIZATION
from genlabel.model.report import (
    NOTHING,
    Declaration,
    Integrity,
    Mark,
    Report,
    TrustLevel,
)
from genlabel.model.vocabulary import DigitalSourceType, canonical, same_source_type
from genlabel.operations.signing import composing, evidence
from genlabel.operations.signing.evidence import Evidence
from genlabel.operations.verify import Examination, examine
from genlabel.storage.buffers import joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredient:
    """A picture that ours was made from, in its own bytes, and what it says."""

    data: bytes | memoryview
    name: str
    """What messages call it: the file as it was named."""
    title: str | None
    """What its own manifest calls it."""
    container: Container
    report: Report
    inception: str | None
    signed_source_type: str | None = None
    """What its manifest states, whatever its metadata say."""
    payloads: Mapping[Slot, bytes] = field(default_factory=dict, repr=False)
    """What its metadata say, by their places."""
    opened: bool = True
    """Can the engine, which records it, open its manifest? True where there is none."""
    manifest_behind: int | None = None
    """Where behind its end another manifest begins."""
    store: bytes | None = None
    """Its manifest where that is kept beside it."""
    original: bytes | memoryview | None = field(default=None, repr=False)
    """The bytes as they were given, where the recorded ones are not those."""
    is_bare: bool = False
    """Is it recorded without its manifest?"""
    evidence: tuple[Evidence, ...] = ()
    """What it says of models and algorithms, in any place."""
    reading: Reading | None = field(default=None, repr=False)
    """What its manifest says and whether it holds."""

    @classmethod
    def of(cls, asset: Asset, *, trust: Trust) -> Ingredient:
        """The picture in `asset`, examined. Raises what `verify` raises."""
        return cls.examined(examine(asset, trust=trust))

    @classmethod
    def examined(cls, examination: Examination) -> Ingredient:
        """The same from an examination that was made already."""
        return cls(
            data=examination.asset.data,
            name=examination.asset.called,
            title=examination.reading.title,
            container=examination.container,
            report=examination.report,
            inception=examination.reading.inception,
            signed_source_type=examination.reading.declared.source_type,
            payloads=examination.survey.payloads,
            opened=examination.store is None or bool(examination.reading.document),
            manifest_behind=examination.survey.manifest_behind,
            store=examination.external,
            evidence=evidence.found(examination),
            reading=examination.reading,
        )

    def bare(self) -> Ingredient:
        """The same without its manifest, which nobody could read in the result."""
        survey = self.container.survey(self.data)
        data = joined(self.container.rewrite(survey, {MANIFEST: None}))
        return replace(self, data=data, store=None, is_bare=True, original=self.data, reading=None)

    @property
    def at_hand(self) -> AtHand:
        """What a label's sources tell of it."""
        mining = self.report.marks.get(Mark.IPTC, NOTHING).data_mining
        unsigned = self.stated if self.manifest_id is None else None
        return AtHand(
            title=self.title or "",
            sha256=hashlib.sha256(self.original or self.data).hexdigest(),
            source_type=unsigned.uri if unsigned is not None else None,
            has_manifest=self.manifest_id is not None,
            signals={"data_mining": mining} if mining else {},
        )

    @property
    def manifest_id(self) -> str | None:
        """Of the manifest that goes into the result with it."""
        return None if self.is_bare else self.report.manifest_id

    @property
    def is_silent(self) -> bool:
        """Does nothing that goes into the result with it state a source type?"""
        return self.is_bare or self.stated is None

    @property
    def stated(self) -> DigitalSourceType | None:
        """The source type that its history or its unsigned marks state, if it is a known one."""
        source_type = self.report.declared.source_type
        return DigitalSourceType.understand(source_type) if source_type else None

    @property
    def whence(self) -> str | None:
        """Where it states its source type, if nobody vouches for that; names of files left out."""
        declared = self.report.declared
        if declared.attested or declared.origin is None:
            return None
        place, _, _ = declared.origin.partition(" in ")
        return declared.inherited_from or place

    @property
    def signed(self) -> DigitalSourceType | None:
        """The source type that its signed history states, if that goes into the result with it."""
        source_type = None if self.is_bare else self.signed_source_type
        return DigitalSourceType.understand(source_type) if source_type else None


def is_ours(report: Report, signer: Signer) -> bool:
    """Intact, and signed by us.

    Whatever is wrong with its ancestors was so when we signed it, and signing again mends nothing.
    """
    return report.integrity is Integrity.INTACT and is_signed_by_us(report, signer)


def is_signed_by_us(report: Report, signer: Signer) -> bool:
    """Signed by this certificate, or by one of our organisation under our anchors."""
    claim_signer = report.signer
    if claim_signer is None or claim_signer.trust is TrustLevel.UNKNOWN:
        return False
    if claim_signer.serial == certificate_of(signer).serial:
        return True
    organisation = certificate_of(signer).organisation
    same_house = organisation is not None and claim_signer.organisation == organisation
    return same_house and claim_signer.trust is TrustLevel.KNOWN


def attribution(before: Examination) -> Attribution:
    """Who answers for the metadata in the picture's manifest; the signer where there is none."""
    active = actions.active(before.reading.document or {})
    created = [
        is_created
        for label, _, is_created in actions.assertions(active)
        if label.partition("__")[0] == "cawg.metadata"
    ]
    return Attribution.CREATED if any(created) or not created else Attribution.GATHERED


def is_attested(report: Report, identity: Identity) -> bool:
    """Does `identity`, with this certificate or an earlier one, attest the label in these roles?

    Of a manifest that is ours: our own signature covers the assertion, so an equal name will do,
    and an identity whose certificate has ended since relabels nothing.
    """
    own = certificate_of(identity.signer)
    return any(
        actor.holds
        and {role.value for role in identity.roles} <= set(actor.roles)
        and (actor.serial == own.serial or actor.organisation == own.organisation is not None)
        for actor in report.identities
    )


def says_already(
    before: Examination, label: Label, *, marks: Collection[Mark] | None = None
) -> bool:
    """Does the manifest say `label` already, and each of `marks`, times and identifiers aside?"""
    declaration = before.report.marks.get(Mark.MANIFEST)
    if declaration is None or (label.all_actions and not tells_all(before)):
        return False
    custom = dict(_custom(before))
    if not sources.says_the_same(custom.pop(sources.LABEL, None), label):
        return False
    if custom != {each.label: each.data for each in label.assertions}:
        return False
    mining = before.reading.mining or MiningSignals()
    if entries(mining.uses, mining.constraint) != label.rights.mining_entries:
        return False
    stated = before.reading.declared.source_type
    label = replace(label, created=None, identifier=None).inheriting(
        DigitalSourceType.understand(stated) if stated else None
    )
    again = composing.written(before, label, marks=marks)
    meant = carried.carried_by(Mark.MANIFEST, label, taken=again.spoken_for(label))
    unread = Mark.IPTC in again.refused and (marks is None or Mark.IPTC in marks)
    same = not again.changes and not unread and _timeless(declaration) == meant
    told = steps.are_told(label, before.reading.document or {})
    return same and told and _is_done_already(before, label)


def _is_done_already(before: Examination, label: Label) -> bool:
    """Does an action say that this was done? What metadata say may be the source type inherited."""
    stated = actions.statements(before.reading.document or {})
    return not label.history.changes or any(
        same_source_type(each.source_type, label.source_type.uri)
        for each in stated
        if each.action not in actions.DESCRIPTIONS
    )


def tells_all(before: Examination) -> bool:
    """Does the active manifest say that it lists every action?"""
    active = actions.active(before.reading.document or {})
    return any(
        data.get("allActionsIncluded") is True
        for label, data, _ in actions.assertions(active)
        if label.startswith("c2pa.actions")
    )


def _custom(before: Examination) -> Mapping[str, object]:
    """The active manifest's assertions under labels of somebody's own."""
    active = actions.active(before.reading.document or {})
    stated = actions.assertions(active)
    return {label: data for label, data, _ in stated if is_custom(label)}


def _timeless(declaration: Declaration) -> Declaration:
    """`declaration` without time and identifier, its source type in the canonical form.

    One that does not say what its producer is means an organisation: labels did not say it once.
    """
    return replace(
        declaration,
        created=None,
        identifier=None,
        producer_type=declaration.producer_type or ORGANIZATION,
        source_type=canonical(declaration.source_type) if declaration.source_type else None,
    )


def told_over(
    label: Label, parent: Ingredient, *, wrapping: bool, overruling: bool = False
) -> Label:
    """`label` as it has to read over the parent's history.

    A generative history outlives a human's edit; where the label is to overrule what the parent
    says, the signed one alone, against which no word helps. What was not edited keeps its own
    beginning: a label that says otherwise is a `LabelError`.
    """
    if label.history.changes and not overruling:
        return label.inheriting(parent.stated, parent.whence)
    if label.history.changes:
        if parent.signed is not None and parent.signed.outlives(label.source_type):
            raise LabelError(
                f"{parent.name}: its signed history says {parent.signed.code} and goes into the "
                "new manifest, so it cannot be overruled",
                remedy="drop that history with --existing replace, or leave --parent out",
            )
        return label
    if not wrapping:
        raise LabelError(
            f"{label.history.value}: has no parent",
            remedy="label an edit of the parent as edited, a composite's parts as its elements",
        )
    unsigned = None if overruling else parent.report.declared.source_type
    for stated in (parent.inception, parent.signed_source_type, unsigned):
        if stated is None or same_source_type(stated, label.source_type.uri):
            continue
        known = DigitalSourceType.understand(stated)
        code = known.code if known else quoted(stated)
        raise LabelError(
            f"{parent.name}: its own history says {code}, so it cannot be labelled "
            f"{label.source_type.code}",
            remedy="label what was done to it as edited, or leave its label as it is",
        )
    return label


def made_of(label: Label, parts: tuple[Ingredient, ...], *, overruling: bool = False) -> Label:
    """`label`, raised to the generative composite when a part of it is generative, by its own word
    or the label's.

    Where it is to overrule what the parts say, their signed histories alone count.
    """
    composites = (DigitalSourceType.COMPOSITE, DigitalSourceType.COMPOSITE_CAPTURE)
    stated = ((part, part.signed if overruling else part.stated) for part in parts)
    generative = [part for part, said in stated if said is not None and said.generative]
    called = any(
        each.source_type is not None and each.source_type.generative
        for each in label.elements
        if each.relationship is Relationship.COMPONENT
    )
    if label.source_type not in composites or not (generative or called):
        return label
    if label.source_type is DigitalSourceType.COMPOSITE_CAPTURE:
        raise LabelError(
            "compositeCapture: says that all parts are captured, but one is generative",
            remedy="use compositeWithTrainedAlgorithmicMedia",
        )
    raised = label.with_source_type(DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA)
    whence = [part.whence for part in generative]
    return raised if called or None in whence else SettledLabel.of(raised, inherited_from=whence[0])


def own_word(label: Label, before: Examination) -> Label:
    """An edit by software over what the picture itself says, where no parent is at hand.

    One by hand inherits nothing: what the file says stands against it (`evidence`).
    """
    by_hand = label.source_type is DigitalSourceType.HUMAN_EDITS
    itself = Ingredient.examined(before)
    return label if by_hand else label.inheriting(itself.stated, itself.whence or "manifest")
