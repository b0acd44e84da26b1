"""Sign: settle what is there and what is meant, seal it, and give only what reads back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace

from genlabel.credentials.identity import Identity
from genlabel.credentials.signer import Signer, at_present, certificate_of
from genlabel.manifests.store.kept import kept_by_their_bytes
from genlabel.metadata.xmp.versions import Version
from genlabel.model.asset import Asset
from genlabel.model.errors import (
    ExistingManifest,
    SigningError,
    TimeStampError,
)
from genlabel.model.label import Label, SettledLabel
from genlabel.model.report import NOTHING, Finding, Mark
from genlabel.model.results import Outcome, Signed
from genlabel.operations.sign_options import Existing, SignOptions, Stamp, external, time_stamping
from genlabel.operations.signing import (
    address,
    cameras,
    dropping,
    element_files,
    evidence,
    from_traces,
    ingredients,
    moments,
    naming,
    origins,
    parents,
    regions,
    repair,
    standing as results,
    timestamp,
)
from genlabel.operations.signing.ingredients import Ingredient
from genlabel.operations.signing.origins import Past
from genlabel.operations.signing.own_chain import with_own_chain
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
    with kept_by_their_bytes():
        return _from_the_beginning(
            asset, label, signer, options, parent=parent, standing=standing, drawn_on=drawn_on
        )


def _from_the_beginning(
    asset: Asset,
    label: Label,
    signer: Signer,
    options: SignOptions,
    *,
    parent: Asset | None,
    standing: Asset | None,
    drawn_on: Asset | None,
) -> Signed:
    time_stamping(options)
    signer = at_present(signer)
    if options.identity is not None:
        options = replace(options, identity=_identity(options.identity, label))
    before = examine_input(asset, trust=with_own_chain(options.trust, signer))
    before, mended = repair.repaired(before, options)
    fill = from_traces.filled(label, before, options)
    signed = _signed(
        before, fill.label, signer, options, parent=parent, standing=standing, drawn_on=drawn_on
    )
    if not (fill.taken or mended or fill.findings):
        return signed
    return replace(signed, taken=fill.taken, findings=(*mended, *fill.findings, *signed.findings))


def _signed(
    before: Examination,
    label: Label,
    signer: Signer,
    options: SignOptions,
    *,
    parent: Asset | None,
    standing: Asset | None,
    drawn_on: Asset | None,
) -> Signed:
    """The picture as it was examined, with its label, or as it is where it says that already."""
    label = regions.settled(label, before.asset.data)
    elements = element_files.elements(label, trust=options.trust)
    label = asked = ingredients.made_of(label, elements, overruling=options.overrule is not None)
    is_signed = before.store is not None  # an address of a manifest is none
    left = _left_as_it_is(before, asked, signer, options) if is_signed else None
    if left is not None:
        return left
    if external(options) is not None:
        _refuse_embedded(before)
    parts = [origins.recorded(each, options) for each in elements]
    past = (
        origins.settled(before, label, signer, options, parent, tuple(part for part, _ in parts))
        if drawn_on is None
        else origins.drawn(drawn_on, signer, options, parent)
    )
    findings = [*past.findings, *(each for _, told in parts for each in told)]
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
    names = tuple(naming.differing(signed.report, options.trust))
    if not (findings or names or rid.words or rid.findings):
        return signed
    return replace(
        signed,
        replaced=(*rid.words, *signed.replaced),
        findings=(*findings, *rid.findings, *names, *signed.findings),
    )


def _beside_the_past(
    label: Label,
    before: Examination,
    past: Past,
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
    if past.origin is None:
        told = (*told, *cameras.contradicted(label, before))
    if past.origin is None and label.history.changes:
        return label, (*told, parents.unknown())
    return label, told


def _standing(result: Asset | None, sealing: Sealing, asked: Label) -> Signed | None:
    """The `result` of an earlier run, where a new one would say the same."""
    there = results.examined(result, sealing)
    if there is None or not _is_this_label_already(there, asked, sealing.signer, sealing.options):
        return None
    if not results.is_the_same(there, sealing):
        return None
    return _unchanged(there, sealing.signer, sealing.options)


def _identity(identity: Identity, label: Label) -> Identity:
    """With its present credential, and in the producer's role unless it has roles."""
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
    iptc = before.report.marks.get(Mark.IPTC, NOTHING)
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
    past: Past,
    elements: Sequence[Ingredient],
    options: SignOptions,
) -> Label:
    """`label` against all that the picture, its parent and its elements say.

    Raises `LabelError`.
    """
    if evidence.says_most(label):
        return label
    pictures = [(each.name, each.evidence) for each in (past.origin,) if each is not None]
    if not past.is_wrapped:  # else it is that very picture
        pictures.insert(0, (before.asset.called, evidence.found(before)))
    pictures += [(each.name, evidence.of_elements(each.evidence)) for each in elements]
    return evidence.weighed(label, pictures, overrule=options.overrule)
