"""Sign: settle what is there and what is meant, seal it, and give only what reads back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from genlabel.credentials.identity import Identity
from genlabel.credentials.signer import Signer, at_present, certificate_of
from genlabel.metadata.xmp.versions import Version
from genlabel.model.asset import Asset
from genlabel.model.errors import (
    ExistingManifest,
    SigningError,
    TimeStampError,
)
from genlabel.model.escape import quoted
from genlabel.model.label import Label, SettledLabel
from genlabel.model.report import Declaration, Finding, Mark, Report, Severity
from genlabel.model.results import Outcome, Signed
from genlabel.operations.options import Existing, SignOptions, Stamp, external, time_stamping
from genlabel.operations.signing import (
    address,
    dropping,
    evidence,
    ingredients,
    moments,
    parents,
    regions,
    renewal,
    repair,
    standing as results,
    timestamp,
)
from genlabel.operations.signing.ingredients import Ingredient
from genlabel.operations.signing.seal import Sealing, seal
from genlabel.operations.verify import Examination, examine, examine_input


def sign(
    asset: Asset,
    label: Label,
    signer: Signer,
    options: SignOptions,
    *,
    parent: Asset | None = None,
    standing: Asset | None = None,
    drawn_on: Asset | None = None,
) -> Signed:
    """`asset` with `label` in every mark that its container has a place for, signed by `signer`.

    `parent` is the picture that an edit started from, `standing` the result of an earlier run: that
    is left alone where a new one would say the same. `drawn_on` is the picture with its manifest
    from before a visible label was drawn on it. An identity without roles attests as the
    label's producer. Raises `LabelError` when label and history contradict each other,
    `ExistingManifest` when a manifest that is there forbids to go on, `SigningError` when the
    result does not read back as the label, and what the fields of `options` say.
    """
    time_stamping(options)
    signer = at_present(signer)
    options = replace(options, identity=_identity(options.identity, label))
    trust = options.trust
    before = examine_input(asset, trust=ingredients.with_own_chain(trust, signer))
    before, mended = repair.repaired(before, options)
    label = regions.settled(label, before.asset.data)
    elements = ingredients.elements(label, trust=trust)
    label = asked = ingredients.made_of(label, elements, overruling=options.overrule is not None)
    is_signed = before.store is not None  # an address of a manifest is none
    left = _left_as_it_is(before, asked, signer, options) if is_signed else None
    if left is not None:
        return left
    if external(options) is not None:
        _refuse_embedded(before)
    parts = [_recorded(each, options) for each in elements]
    past = (
        _past(before, label, signer, options, parent, tuple(part for part, _ in parts))
        if drawn_on is None
        else _drawn_past(drawn_on, signer, options, parent)
    )
    findings = [*mended, *past.findings, *(each for _, told in parts for each in told)]
    if past.created is not None and label.created is None:
        label = replace(label, created=past.created)
    label, told = _beside_the_past(label, before, past, elements, options)
    findings.extend(told)
    rid = dropping.dropped(before, options.drop_traces)
    sealing = Sealing(
        before=rid.examination,
        label=label,
        signer=signer,
        options=options,
        parent=past.origin,
        elements=tuple(part for part, _ in parts),
        version=Version.new(
            moments.moment_of_signing(), past.origin.payloads if past.origin is not None else None
        ),
        is_renewed=past.is_renewed and past.is_wrapped,
    )
    signed = _standing(standing, sealing, asked)
    if signed is not None:
        return replace(signed, findings=(*findings, *signed.findings))
    signed = seal(sealing)
    return replace(
        signed,
        replaced=(*rid.words, *signed.replaced),
        findings=(*findings, *rid.findings, *signed.findings),
    )


def _beside_the_past(
    label: Label,
    before: Examination,
    past: _Past,
    elements: Sequence[Ingredient],
    options: SignOptions,
) -> tuple[Label, tuple[Finding, ...]]:
    """The label beside what file, parent and elements say, with what is told about that."""
    overruling = options.overrule is not None
    label, told = _settled(label, before, past.origin, wrapping=past.is_wrapped)
    if past.origin is not None:
        label = ingredients.told_over(
            label, past.origin, wrapping=past.is_wrapped, overruling=overruling
        )
    elif label.history.changes and not overruling:
        label = ingredients.own_word(label, before)
    label = _weighed(label, before, past, elements, options)
    if past.origin is None and label.history.changes:
        return label, (*told, _parent_unknown())
    return label, told


@dataclass(frozen=True, slots=True, kw_only=True)
class _Past:
    """What a picture comes from."""

    origin: Ingredient | None = None
    """The parent, as it is recorded."""
    is_wrapped: bool = False
    """Is that the picture itself, with the manifest that it carries?"""
    is_renewed: bool = False
    """Is it a label of ours over an edit of one's own?"""
    created: datetime | None = None
    """What the label that is renewed says."""
    findings: tuple[Finding, ...] = ()


def _past(
    before: Examination,
    label: Label,
    signer: Signer,
    options: SignOptions,
    parent: Asset | None,
    parts: tuple[Ingredient, ...],
) -> _Past:
    """The parent and what becomes of a manifest that is there. Raises `ExistingManifest`."""
    named, findings = None, list[Finding]()
    if parent is not None:
        examined = Ingredient.of(parent, trust=ingredients.with_own_chain(options.trust, signer))
        named, told = _recorded(examined, options)
        findings += [*parents.another_picture(before, named), *told]
    if before.store is None:  # an address of a manifest is none
        return _Past(origin=named, findings=tuple(findings))
    if options.existing is Existing.REPLACE:
        return _Past(origin=named, findings=(_lost(before.report), *findings))
    own_edit = renewal.is_own_edit(before, signer)
    is_renewed = own_edit and options.existing is Existing.RENEW
    if is_renewed and renewal.is_restated(before, label, named, parts):
        renewal.require_same(before, label, named)
        findings.append(renewal.renewed(before, wrapped=False))
        created = renewal.moment(before.report)
        return _Past(origin=named, is_renewed=True, created=created, findings=tuple(findings))
    if parent is not None:
        raise _is_its_own_parent(before.asset)
    origin, told = parents.recorded(
        Ingredient.examined(before),
        accept_broken=options.accept_broken_parent or is_renewed,
        wrapped=True,
        own_edit=own_edit,
    )
    if is_renewed:
        renewal.require_same(before, label, origin)
        told = (renewal.renewed(before, wrapped=True), *told)
    return _Past(origin=origin, is_wrapped=True, is_renewed=is_renewed, findings=told)


def _drawn_past(
    drawn_on: Asset, signer: Signer, options: SignOptions, parent: Asset | None
) -> _Past:
    """The picture as it was is the parent of what was drawn. Raises `ExistingManifest`."""
    if parent is not None:
        raise _is_its_own_parent(drawn_on)
    trust = ingredients.with_own_chain(options.trust, signer)
    origin, told = parents.recorded(
        Ingredient.of(drawn_on, trust=trust),
        accept_broken=options.accept_broken_parent,
        wrapped=True,
    )
    return _Past(origin=origin, is_wrapped=True, findings=told)


def _is_its_own_parent(asset: Asset) -> ExistingManifest:
    return ExistingManifest(
        f"{asset.called}: carries a manifest, so it is the parent itself",
        remedy="leave the parent out, or drop the manifest with --existing replace",
    )


def _recorded(
    ingredient: Ingredient, options: SignOptions
) -> tuple[Ingredient, tuple[Finding, ...]]:
    """A picture that was named, as it is recorded, and what is told of it."""
    return parents.recorded(ingredient, accept_broken=options.accept_broken_parent, wrapped=False)


def _standing(result: Asset | None, sealing: Sealing, asked: Label) -> Signed | None:
    """The `result` of an earlier run, where a new one would say the same."""
    there = results.examined(result, sealing)
    if there is None or not _is_this_label_already(there, asked, sealing.signer, sealing.options):
        return None
    if not results.is_the_same(there, sealing):
        return None
    return _unchanged(there, sealing.signer, sealing.options)


def _identity(identity: Identity | None, label: Label) -> Identity | None:
    """With its present credential, and in the producer's role unless it has roles."""
    if identity is None:
        return None
    return replace(identity, signer=at_present(identity.signer)).or_role(label.producer.role)


def _left_as_it_is(
    before: Examination, label: Label, signer: Signer, options: SignOptions
) -> Signed | None:
    """What carries a manifest and stays as it is; None where it is signed over.

    Raises `ExistingManifest` where it is to be refused.
    """
    if options.existing is Existing.REPLACE:
        return None
    if _is_this_label_already(before, label, signer, options):
        return _unchanged(before, signer, options)
    if options.existing is Existing.KEEP:
        return _untouched(before, Outcome.KEPT, options)
    if options.existing is Existing.REFUSE:
        raise ExistingManifest(
            f"{before.asset.called}: carries a manifest already ({before.report.manifest_id})",
            remedy="choose --existing wrap, keep, replace or renew",
        )
    return None


def _is_this_label_already(
    before: Examination, label: Label, signer: Signer, options: SignOptions
) -> bool:
    """Is the picture signed by us with this label, in this place, and attested as asked?"""
    beside, identity = external(options), options.identity
    return (
        (beside is None) == (before.external is None)
        and ingredients.is_ours(before.report, signer)
        and ingredients.attribution(before) is options.attribution
        and ingredients.says_already(
            before, label, marks=beside.marks if beside is not None else None
        )
        and (beside is None or beside.url is None or beside.url == address.served_at(before))
        and (identity is None or ingredients.is_attested(before.report, identity))
        and not dropping.are_left(before, options.drop_traces)
    )


def _unchanged(before: Examination, signer: Signer, options: SignOptions) -> Signed:
    """What says the same already: left alone, but for a time-stamp that is wanted and missing."""
    untouched = _untouched(before, Outcome.UNCHANGED, options)
    end = certificate_of(signer).not_valid_after
    untouched = replace(untouched, findings=tuple(timestamp.ending(end)))
    if timestamp.is_stamped(before):
        moment = before.report.signer.signed_at if before.report.signer else None
        return replace(untouched, verifies_until=None, stamped_at=moment)
    stamping = time_stamping(options)
    if stamping.authorities is None:
        until = untouched.verifies_until
        advised = timestamp.advised(until) if until is not None else ()
        return replace(untouched, findings=(*untouched.findings, *advised))
    try:
        return timestamp.stamp(before.asset, stamping.authorities, trust=options.trust)
    except SigningError as error:
        if stamping.mode is Stamp.REQUIRED:
            raise
        to_come = isinstance(error, TimeStampError)
        findings = (*untouched.findings, timestamp.missing(error))
        return replace(untouched, needs_stamp=to_come, findings=findings)


def _untouched(before: Examination, outcome: Outcome, options: SignOptions) -> Signed:
    asset = before.asset.holding(before.asset.data, before.external)
    report = examine(asset, trust=options.trust).report
    return Signed(
        content=asset.data,
        sidecar=asset.manifest,
        outcome=outcome,
        manifest_id=report.manifest_id,
        verifies_until=report.verifies_until,
        report=report,
    )


def _refuse_embedded(before: Examination) -> None:
    """Raise `ExistingManifest` where an embedded manifest would win over one beside the picture."""
    if before.survey.manifest is not None:
        raise ExistingManifest(
            f"{before.asset.called}: carries a manifest inside, which wins over one beside it",
            remedy="sign it without a sidecar; what it carries becomes the parent"
            if before.survey.unsignable is None
            else "label what it was made from",
        )


def _settled(
    label: Label, before: Examination, origin: Ingredient | None, *, wrapping: bool
) -> tuple[SettledLabel, tuple[Finding, ...]]:
    """`label` with its time, if that is known, and an identifier for where there is none.

    A picture that has an identifier keeps it, in every mark; cameras write theirs into Exif.
    """
    iptc = before.report.marks.get(Mark.IPTC, Declaration())
    moment, by_file = moments.of(label, before, origin, wrapping=wrapping)
    settled = SettledLabel.of(
        label,
        fallback_identifier=iptc.identifier or f"urn:uuid:{uuid.uuid4()}",
        created=moment,
        dated_by_file=by_file,
    )
    return settled, moments.unknown(label, moment)


def _weighed(
    label: Label,
    before: Examination,
    past: _Past,
    elements: Sequence[Ingredient],
    options: SignOptions,
) -> Label:
    """`label` against all that the picture, its parent and its elements say.

    Raises `LabelError`.
    """
    pictures = [(each.name, each.evidence) for each in (past.origin,) if each is not None]
    if not past.is_wrapped:  # else it is that very picture
        pictures.insert(0, (before.asset.called, evidence.found(before)))
    pictures += [(each.name, evidence.of_elements(each.evidence)) for each in elements]
    return evidence.weighed(label, pictures, overrule=options.overrule)


def _parent_unknown() -> Finding:
    return Finding(
        "genlabel.parent.unknown",
        severity=Severity.NOTE,
        explanation="no parent was given, so the manifest does not say what the edit started from",
    )


def _lost(before: Report) -> Finding:
    organisation = before.signer.organisation if before.signer else None
    signer = quoted(organisation) if organisation else "an unnamed signer"
    return Finding(
        "genlabel.manifest.replaced",
        severity=Severity.WARNING,
        where=before.manifest_id,
        explanation=f"the manifest of {signer} was dropped, and with it "
        f"{len(before.ingredients)} ingredients",
    )
