"""RFC 3161 time-stamps, put into a signature that has room for one.

Either at once while signing, or later. The pictures, the manifest's length and all hashes stay as
they are; the engine is asked before anything is given away.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from genlabel import formats
from genlabel.credentials.timestamps.authorities import TimeAuthorities
from genlabel.credentials.trust import Trust
from genlabel.formats.essence import same_essence
from genlabel.formats.format import MANIFEST, Container, Slot, Survey, refilled
from genlabel.manifests.engine import engine
from genlabel.manifests.store import sigtst
from genlabel.manifests.store.cose import NoRoom
from genlabel.manifests.validation import actions
from genlabel.manifests.validation.status_codes import Concern, statuses
from genlabel.model import fields
from genlabel.model.asset import Asset
from genlabel.model.errors import (
    MalformedAsset,
    SigningError,
    TimeStampError,
    UnsupportedFormat,
)
from genlabel.model.report import Finding, Integrity, Severity
from genlabel.model.results import Outcome, Signed
from genlabel.operations.sign_options import Stamp, TimeStamping
from genlabel.operations.verify import Examination, examine

if TYPE_CHECKING:
    from genlabel.credentials.timestamps.token import Token

SOON = timedelta(days=90)
"""Within which of its signing the end of a label without time-stamp is told."""
LAST_DAYS = timedelta(days=30)
"""Within which of its end every signature with a certificate is told to renew it."""
LEAST_TOKEN = 1000
"""No token with its authority's certificate is shorter: for less room nobody is asked. Signatures
that were made without a thought of time-stamps have some 900 bytes of padding."""


_ANEW = "sign it anew with --stamp required, preferred or later"


def stamp(asset: Asset, authorities: TimeAuthorities, *, trust: Trust) -> Signed:
    """The labelled picture `asset` with a time-stamp; one that has one is left alone.

    Raises `SigningError` for what cannot be stamped and `TimeStampError` when nobody answers.
    """
    before = examine(asset, trust=trust)
    store, manifest_id = _signature(before)
    try:
        is_stamped_already = sigtst.is_stamped(store, manifest_id)
    except ValueError as error:
        raise SigningError(
            f"{asset.called}: its signature is of a form that is not read here ({error})",
            remedy="sign it anew",
        ) from error
    if is_stamped_already:
        signer = before.report.signer
        return Signed(
            content=asset.data,
            sidecar=before.external,
            outcome=Outcome.UNCHANGED,
            manifest_id=manifest_id,
            stamped_at=signer.signed_at if signer else None,
            report=before.report,
        )
    _require_time_left(store, manifest_id, asset.called)
    try:
        stamped, moment = put(asset.holding(asset.data, before.external), manifest_id, authorities)
    except SigningError as error:
        raise type(error)(f"{asset.called}: {error}", remedy=error.remedy) from error
    after = examine(stamped, trust=trust)
    if (
        after.report.integrity is not Integrity.INTACT
        or after.report.manifest_id != manifest_id
        or not same_essence(after.container, before.survey, after.survey)
        or _others(after.survey) != _others(before.survey)
    ):
        raise SigningError(
            f"{asset.called}: with its time-stamp it does not read back as it was",
            remedy="nothing was written; please report this with the picture's format",
            report=after.report,
        )
    return Signed(
        content=stamped.data,
        sidecar=stamped.manifest,
        outcome=Outcome.STAMPED,
        manifest_id=manifest_id,
        stamped_at=moment,
        report=after.report,
    )


def completed(
    signed: Asset, manifest_id: str, stamping: TimeStamping
) -> tuple[Asset, datetime | None, tuple[Finding, ...]]:
    """A picture just signed, with its time-stamp if one is wanted now, its moment, and findings.

    Raises `TimeStampError` where one is required and not to be had.
    """
    if stamping.authorities is None:
        return signed, None, ()
    try:
        return *put(signed, manifest_id, stamping.authorities), ()
    except TimeStampError as error:
        if stamping.mode is Stamp.REQUIRED:
            raise TimeStampError(f"{signed.called}: {error}", remedy=error.remedy) from error
        return signed, None, (missing(error),)
    except (MalformedAsset, UnsupportedFormat):
        return signed, None, ()  # which does not read back, either


def is_stamped(examination: Examination) -> bool:
    """Has the active manifest's signature a time-stamp, by whomever?"""
    store, manifest_id = examination.store, examination.report.manifest_id
    if store is None or manifest_id is None:
        return False
    try:
        return sigtst.is_stamped(store, manifest_id)
    except ValueError:
        return False


def put(signed: Asset, manifest_id: str, authorities: TimeAuthorities) -> tuple[Asset, datetime]:
    """The picture with a time-stamp over the signature of `manifest_id`, and its moment.

    Each token is put in its place and shown to the
    engine before it counts; one that does not hold sends us to the next authority. Raises
    `TimeStampError` when nobody gives one, another `SigningError` where none could be put.
    """
    from genlabel.credentials.timestamps import verify

    container = formats.identify(signed.data)
    survey = container.survey(signed.data)
    store = survey.manifest if signed.manifest is None else signed.manifest
    if store is None:
        raise SigningError("there is no manifest to stamp", remedy="sign it")
    try:
        message = sigtst.message(store, manifest_id)
        sigtst.stamped(store, manifest_id, bytes(LEAST_TOKEN))
    except NoRoom as error:
        raise SigningError("its signature has no room for a time-stamp", remedy=_ANEW) from error
    except ValueError as error:
        raise SigningError(f"its signature cannot be stamped: {error}", remedy=_ANEW) from error
    accepted: list[tuple[Asset, datetime]] = []

    def accept(token: Token) -> None:
        try:
            filled = sigtst.stamped(store, manifest_id, token.der)
        except NoRoom as error:
            raise TimeStampError(
                f"its time-stamp is {error.missing:,} bytes longer than the room in the signature"
            ) from error
        if signed.manifest is None:
            stamped = signed.holding(refilled(container, survey, filled), None)
        else:
            stamped = signed.holding(signed.data, filled)
        _require_proof(stamped, container, manifest_id, token)
        judged = verify.judged(token.der, message, Trust())
        if not judged.unlisted:
            raise TimeStampError(f"its time-stamp would prove nothing: {judged.reason}")
        accepted.append((stamped, token.moment))

    authorities.token(message, accept=accept)
    return accepted[-1]


def _require_proof(stamped: Asset, container: Container, manifest_id: str, token: Token) -> None:
    """Is the token in the result, whole, over this signature, and does the engine accept it?"""
    store = stamped.manifest or container.survey(stamped.data).manifest
    if store is None or not sigtst.holds(store, manifest_id, token.der):
        raise TimeStampError("the time-stamp is not where it was put")
    answer = engine.read(stamped.data, container.media_type, store=stamped.manifest)
    document = answer.document or {}
    results = (document.get("validation_results") or {}).get("activeManifest")
    codes = {each.code for each in statuses(results, "success")}
    failed = [
        each.code
        for each in statuses(results, "failure")
        if each.concern is not Concern.IDENTITY and each.code != "signingCredential.untrusted"
    ]
    objections = [
        each.code
        for each in statuses(results, "informational")
        if each.code.startswith(("timeStamp.", "timeOfSigning."))
        and each.code not in ("timeStamp.untrusted", "timeOfSigning.insideValidity")
    ]
    if "timeStamp.validated" not in codes or failed or objections:
        why = ", ".join((*failed, *objections)) or answer.refusal or "it sees none"
        raise TimeStampError(f"the C2PA engine does not accept the time-stamp ({why})")
    info = actions.active(document).get("signature_info") or {}
    read = datetime.fromisoformat(str(info.get("time"))).astimezone(UTC)
    if read.replace(microsecond=0) != token.moment.replace(microsecond=0):
        raise TimeStampError(f"the C2PA engine reads another moment from it ({read})")


def _signature(examination: Examination) -> tuple[bytes, str]:
    """Store and label of the manifest that is to be stamped."""
    report, title = examination.report, examination.asset.called
    if report.integrity is Integrity.ABSENT:
        raise SigningError(
            f"{title}: carries no manifest, so there is nothing to stamp", remedy="sign it"
        )
    if report.integrity is not Integrity.INTACT:
        raise SigningError(
            f"{title}: its manifest is {report.integrity.value} ({report.reason}), "
            "and a time-stamp would not mend it",
            remedy="sign the original anew",
        )
    store = examination.store
    if store is None or report.manifest_id is None:
        raise SigningError(f"{title}: its manifest is not in the file", remedy="sign it")
    return store, report.manifest_id


def _require_time_left(store: bytes, manifest_id: str, title: str) -> None:
    """A time-stamp from after the certificate's end proves that nothing was valid then."""
    from genlabel.manifests.validation import expiry

    end = expiry.certificates_end(store, manifest_id)
    if end is not None and end <= datetime.now(UTC):
        raise SigningError(
            f"{title}: its certificate ended on {end:%Y-%m-%d}, too long ago for a time-stamp",
            remedy="sign it anew with a certificate that is valid",
        )


def _others(survey: Survey) -> dict[Slot, bytes]:
    """All payloads but the manifest's; a foreign manifest's hash may leave metadata out."""
    return {slot: payload for slot, payload in survey.payloads.items() if slot != MANIFEST}


def advised(end: datetime) -> Iterator[Finding]:
    """What is said of a label without time-stamp whose certificate ends at `end`, soon."""
    left = end - datetime.now(UTC)
    if left > SOON:
        return
    yield Finding(
        "genlabel.stamp.advised",
        severity=Severity.NOTE,
        where="signer",
        explanation=f"there is no time-stamp, and the certificate ends at {fields.rfc3339(end)}, "
        f"in {max(0, left.days)} days: from then on nothing in the label is attested; "
        "`genlabel stamp --tsa URL` can add one before",
    )


def ending(end: datetime) -> Iterator[Finding]:
    """What is said in the last days of a certificate that ends at `end`, whatever is signed."""
    left = end - datetime.now(UTC)
    if left <= LAST_DAYS:
        yield Finding(
            "genlabel.signer.ending",
            severity=Severity.WARNING,
            where="signer",
            explanation=f"the signer's certificate ends at {fields.rfc3339(end)}, in "
            f"{max(0, left.days)} days: then it signs nothing any more; "
            "`genlabel keys new --renew` makes the next one of a development credential",
        )


def missing(error: SigningError) -> Finding:
    """What is said of a picture that went without the time-stamp that it should have got."""
    later = "`genlabel stamp` can add one while the certificate is valid"
    return Finding(
        "genlabel.stamp.missing",
        severity=Severity.WARNING,
        where="signature",
        explanation=f"{error}; {later if isinstance(error, TimeStampError) else error.remedy}",
    )
