"""Signing: settle what is there and what is meant, bind it, and give only what reads back."""

from __future__ import annotations

import os
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum

from genlabel.credentials.identity import Identity
from genlabel.credentials.signer import Signer, at_present, certificate_of
from genlabel.credentials.trust import Trust
from genlabel.manifests.external import Apart
from genlabel.metadata.xmp import remote_manifest
from genlabel.model.errors import (
    ConfigurationError,
    ExistingManifest,
    LabelError,
    MalformedMetadata,
    SigningError,
    TimeStampError,
)
from genlabel.model.label import History, Label
from genlabel.model.report import Declaration, Finding, Integrity, Mark, Report, Severity
from genlabel.model.results import Outcome
from genlabel.operations.signing import ingredients, timestamp
from genlabel.operations.signing.ingredients import Ancestor
from genlabel.operations.signing.seal import Signed, bound
from genlabel.operations.signing.timestamp import Stamp, Stamping
from genlabel.operations.verify import Examination, examine, examine_input


class Existing(StrEnum):
    """What to do with a manifest that the input already carries (contract §2)."""

    WRAP = "wrap"
    """Keep it: the original bytes become the verified parent of our manifest."""
    KEEP = "keep"
    """Leave the picture as it is."""
    REPLACE = "replace"
    """Drop it, and say what is lost."""
    REFUSE = "refuse"
    """Do not sign."""


def sign(
    data: bytes | memoryview,
    label: Label,
    signer: Signer,
    *,
    identity: Identity | None = None,
    title: str = "picture",
    parent: bytes | memoryview | None = None,
    parent_title: str = "parent",
    existing: Existing = Existing.WRAP,
    accept_broken_parent: bool = False,
    trust: Trust | None = None,
    stamping: Stamping | None = None,
    apart: Apart | None = None,
    sidecar: bytes | None = None,
    parent_sidecar: bytes | None = None,
    ocsp: bool = False,
) -> Signed:
    """`data` with `label` in every mark that its container has a place for, signed by `signer`.

    `identity` attests the label beside the signer; without roles, as the label's producer.
    `parent` is the picture that an edit started from. `sidecar` and `parent_sidecar` are manifests
    that are kept beside them. With `apart` the new manifest is not embedded. Raises `LabelError`
    when label and history contradict each other, `ExistingManifest` when a manifest that is there
    forbids to go on, `SigningError` when the result does not read back as the label, and of its
    kind `TimeStampError` when `stamping` requires a time-stamp and none is to be had. With `ocsp`
    the authority's word that the certificate is not revoked goes into the signature:
    `CredentialError` if it is, `NetworkError` if nobody says so.
    """
    trust, stamping = trust or Trust(), stamping or Stamping()
    signer = at_present(signer)
    if identity is not None:
        identity = replace(identity, signer=at_present(identity.signer))
        identity = identity.or_role(label.producer.role)
    before = examine_input(data, trust=ingredients.with_own_chain(trust, signer), sidecar=sidecar)
    parts = ingredients.elements(label, trust=trust)
    label = ingredients.made_of(label, parts)
    there = before.report.integrity is not Integrity.ABSENT
    marks = apart.marks if apart is not None else None
    if there and existing is not Existing.REPLACE:
        in_place = (apart is None) == (before.beside is None)
        if (
            in_place
            and ingredients.is_ours(before.report, signer)
            and ingredients.says_already(before, label, marks=marks)
            and (apart is None or apart.url is None or apart.url == _served_at(before))
            and (identity is None or ingredients.is_attested(before.report, identity))
        ):
            return _unchanged(data, before, signer, stamping, title=title, trust=trust)
        if existing is Existing.KEEP:
            return _untouched(data, Outcome.KEPT, None, trust, before.beside)
        if existing is Existing.REFUSE:
            raise ExistingManifest(
                f"{title}: carries a manifest already ({before.report.manifest_id})",
                remedy="choose --existing wrap, keep or replace",
            )
    if apart is not None and before.survey.manifest is not None:
        raise ExistingManifest(
            f"{title}: carries a manifest inside, which wins over one beside it",
            remedy="sign it without a sidecar; what it carries becomes the parent"
            if before.survey.unsignable is None
            else "label what it was made from",
        )
    wrapping = there and existing is Existing.WRAP
    findings = [_lost(before.report)] if there and not wrapping else []
    ancestor = _ancestor(
        data,
        before,
        parent,
        wrapping=wrapping,
        title=title,
        parent_title=parent_title,
        parent_sidecar=parent_sidecar,
        trust=trust,
    )
    label = _settled(label, before.report)
    if ancestor is not None:
        label = ingredients.told_over(label, ancestor, wrapping=wrapping)
    elif label.history is History.EDITED:
        findings.append(_parent_unknown(label, title))
    for each in (*((ancestor,) if ancestor else ()), *parts):
        findings.extend(ingredients.checked(each, accept_broken=accept_broken_parent))

    signed = bound(
        before,
        label,
        signer,
        identity=identity,
        ancestor=ancestor,
        parts=parts,
        title=title,
        trust=trust,
        apart=apart,
        stamping=stamping,
        ocsp=ocsp,
    )
    return replace(signed, findings=(*findings, *signed.findings))


def moment_of_signing() -> datetime:
    """Now, or the moment that ``SOURCE_DATE_EPOCH`` sets for reproducible runs."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise ConfigurationError(
            f"SOURCE_DATE_EPOCH: {epoch!r} is no number of seconds", remedy="unset it"
        ) from error


def _unchanged(
    data: bytes | memoryview,
    before: Examination,
    signer: Signer,
    stamping: Stamping,
    *,
    title: str,
    trust: Trust,
) -> Signed:
    """What says the same already: left alone, but for a time-stamp that is wanted and missing."""
    untouched = _untouched(data, Outcome.UNCHANGED, signer, trust, before.beside)
    if timestamp.is_stamped(before):
        moment = before.report.signer.signed_at if before.report.signer else None
        return replace(untouched, verifies_until=None, stamped_at=moment)
    if not stamping.asks or stamping.authorities is None:
        return untouched
    try:
        done = timestamp.stamp(
            data, stamping.authorities, title=title, trust=trust, sidecar=before.beside
        )
    except SigningError as error:
        if stamping.mode is Stamp.REQUIRED:
            raise
        to_come = isinstance(error, TimeStampError)
        return replace(untouched, needs_stamp=to_come, findings=(timestamp.missing(error),))
    return replace(
        untouched,
        content=done.data,
        sidecar=done.sidecar,
        outcome=done.outcome,
        verifies_until=None,
        stamped_at=done.moment,
        report=done.report,
    )


def _served_at(before: Examination) -> str | None:
    try:
        return remote_manifest.served_at(before.survey.payloads)
    except MalformedMetadata:
        return None


def _untouched(
    data: bytes | memoryview,
    outcome: Outcome,
    signer: Signer | None,
    trust: Trust,
    sidecar: bytes | None,
) -> Signed:
    report = examine(data, trust=trust, sidecar=sidecar).report
    return Signed(
        content=data,
        sidecar=sidecar,
        outcome=outcome,
        manifest_id=report.manifest_id,
        verifies_until=certificate_of(signer).not_valid_after if signer else None,
        report=report,
    )


def _ancestor(
    data: bytes | memoryview,
    before: Examination,
    parent: bytes | memoryview | None,
    *,
    wrapping: bool,
    title: str,
    parent_title: str,
    parent_sidecar: bytes | None,
    trust: Trust,
) -> Ancestor | None:
    """The one parent: the input's own bytes when it carries a manifest, else the one given."""
    if not wrapping:
        if parent is None:
            return None
        return Ancestor.of(parent, title=parent_title, trust=trust, sidecar=parent_sidecar)
    if parent is not None:
        raise ExistingManifest(
            f"{title}: carries a manifest, so it is the parent itself",
            remedy="leave the parent out, or drop the manifest with --existing replace",
        )
    return Ancestor.examined(data, before, title=title)


def _settled(label: Label, before: Report) -> Label:
    """`label` with its time, and an identifier for where there is none.

    A picture that has an identifier keeps it, in every mark; cameras write theirs into Exif.
    """
    said = before.marks.get(Mark.IPTC, Declaration())
    identifier = said.identifier or f"urn:uuid:{uuid.uuid4()}"
    created = label.created or moment_of_signing()
    return replace(label, fallback_identifier=identifier, created=created)


def _parent_unknown(label: Label, title: str) -> Finding:
    if label.generator is None:
        raise LabelError(
            f"{title}: an edit by hand needs the picture that it started from",
            remedy="give it with --parent, or say which system made the edit with --using",
        )
    return Finding(
        "genlabel.parent.unknown",
        severity=Severity.NOTE,
        explanation="no parent was given, so the manifest does not say what the edit started from",
    )


def _lost(before: Report) -> Finding:
    signer = before.signer.organisation if before.signer else None
    return Finding(
        "genlabel.manifest.replaced",
        severity=Severity.WARNING,
        where=before.manifest_id,
        explanation=f"the manifest of {signer or 'an unnamed signer'} was dropped, and with it "
        f"{len(before.ingredients)} ingredients",
    )
