"""Stamping: an authority's word for the moment, put into a signature that has room for it.

Either at once while signing, or later. The pictures, the manifest's length and all hashes stay as
they are; the engine is asked before anything is given away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from genlabel import formats
from genlabel.credentials.timestamps.authorities import TimeAuthorities
from genlabel.credentials.trust import Trust
from genlabel.formats.format import MANIFEST, Container, Survey, refilled, same_essence
from genlabel.manifests.engine import engine
from genlabel.manifests.store import sigtst
from genlabel.manifests.store.cose import NoRoom
from genlabel.manifests.validation import actions
from genlabel.manifests.validation.status_codes import Concern, statuses
from genlabel.model.errors import (
    ConfigurationError,
    MalformedAsset,
    SigningError,
    TimeStampError,
    UnsupportedFormat,
)
from genlabel.model.report import Finding, Integrity, Report, Severity
from genlabel.model.results import Outcome
from genlabel.operations.verify import Examination, examine

if TYPE_CHECKING:
    from genlabel.credentials.timestamps.token import Token

LEAST_TOKEN = 1000
"""No token with its authority's certificate is shorter: for less room nobody is asked. Signatures
that were made without a thought of time-stamps have some 900 bytes of padding."""


_ANEW = "sign it anew with --stamp required, preferred or later"


class Stamp(StrEnum):
    """Whether labels get a time-stamp."""

    REQUIRED = "required"
    """No time-stamp, no label."""
    PREFERRED = "preferred"
    """Without an answer the label goes without, with room for one later."""
    LATER = "later"
    """Nobody is asked now; room is kept."""
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamping:
    """Whether labels get a time-stamp, and from whom."""

    mode: Stamp = Stamp.OFF
    authorities: TimeAuthorities | None = None

    @classmethod
    def of(cls, mode: Stamp | str | None, authorities: TimeAuthorities | None) -> Stamping:
        """What is meant: who names an authority and nothing else requires its answer.

        Raises `ConfigurationError` where a time-stamp is wanted and nobody named.
        """
        if mode is None:
            mode = Stamp.OFF if authorities is None else Stamp.REQUIRED
        mode = Stamp(mode)
        if mode in (Stamp.REQUIRED, Stamp.PREFERRED) and authorities is None:
            raise ConfigurationError(
                f"--stamp {mode}: no time-stamping authority is named",
                remedy="name one with --tsa URL, or as authorities in [time] of genlabel.toml",
            )
        return cls(mode=mode, authorities=authorities)

    @property
    def asks(self) -> bool:
        """Is an authority asked?"""
        return self.mode in (Stamp.REQUIRED, Stamp.PREFERRED)

    @property
    def needs_room(self) -> bool:
        """Do signatures get room for a time-stamp, some 9 KB?"""
        return self.mode is not Stamp.OFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamped:
    """A picture, and the moment that a time-stamp in it proves if there is one."""

    data: bytes | memoryview
    sidecar: bytes | None = None
    """Its manifest where that is kept beside it."""
    moment: datetime | None = None
    outcome: Outcome
    report: Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A signed picture that nobody has read back yet, with or without its time-stamp."""

    data: bytes | memoryview
    sidecar: bytes | None = None
    moment: datetime | None = None
    findings: tuple[Finding, ...] = ()


def stamp(
    data: bytes | memoryview,
    authorities: TimeAuthorities,
    *,
    title: str,
    trust: Trust,
    sidecar: bytes | None = None,
) -> Stamped:
    """The labelled picture `data` with a time-stamp; one that has one is left alone.

    `sidecar` is its manifest where that is kept beside it.
    Raises `SigningError` for what cannot be stamped and `TimeStampError` when nobody answers.
    """
    before = examine(data, trust=trust, sidecar=sidecar)
    store, manifest_id = _signature(before, title)
    if _reading(sigtst.is_stamped, store, manifest_id, title):
        signer = before.report.signer
        return Stamped(
            data=data,
            sidecar=before.beside,
            moment=signer.signed_at if signer else None,
            outcome=Outcome.UNCHANGED,
            report=before.report,
        )
    _require_time_left(store, manifest_id, title)
    try:
        held = put(data, manifest_id, authorities, sidecar=before.beside)
    except SigningError as error:
        raise type(error)(f"{title}: {error}", remedy=error.remedy) from error
    after = examine(held.data, trust=trust, sidecar=held.sidecar)
    if (
        after.report.integrity is not Integrity.INTACT
        or after.report.manifest_id != manifest_id
        or not same_essence(after.container, before.survey, after.survey)
        or _others(after.survey) != _others(before.survey)
    ):
        raise SigningError(
            f"{title}: with its time-stamp it does not read back as it was",
            remedy="nothing was written; please report this with the picture's format",
            report=after.report,
        )
    return Stamped(
        data=held.data,
        sidecar=held.sidecar,
        moment=held.moment,
        outcome=Outcome.STAMPED,
        report=after.report,
    )


def completed(
    data: bytes | memoryview,
    manifest_id: str,
    stamping: Stamping,
    *,
    title: str,
    sidecar: bytes | None = None,
) -> Held:
    """A picture just signed, with its time-stamp if one is wanted now.

    Raises `TimeStampError` where one is required and not to be had.
    """
    if not stamping.asks or stamping.authorities is None:
        return Held(data=data, sidecar=sidecar)
    try:
        return put(data, manifest_id, stamping.authorities, sidecar=sidecar)
    except TimeStampError as error:
        if stamping.mode is Stamp.REQUIRED:
            raise TimeStampError(f"{title}: {error}", remedy=error.remedy) from error
        return Held(data=data, sidecar=sidecar, findings=(missing(error),))
    except (MalformedAsset, UnsupportedFormat):
        return Held(data=data, sidecar=sidecar)  # which does not read back, either


def is_stamped(seen: Examination) -> bool:
    """Has the active manifest's signature a time-stamp, by whomever?"""
    store, manifest_id = seen.store, seen.report.manifest_id
    if store is None or manifest_id is None:
        return False
    try:
        return sigtst.is_stamped(store, manifest_id)
    except ValueError:
        return False


def put(
    data: bytes | memoryview,
    manifest_id: str,
    authorities: TimeAuthorities,
    *,
    sidecar: bytes | None = None,
) -> Held:
    """The signed picture `data` with a time-stamp over the signature of `manifest_id`.

    The manifest is embedded, or it is `sidecar`. Each token is put in its place and shown to the
    engine before it counts; one that does not hold sends us to the next authority. Raises
    `TimeStampError` when nobody gives one, another `SigningError` where none could be put.
    """
    container = formats.identify(data)
    survey = container.survey(data)
    store = survey.manifest if sidecar is None else sidecar
    if store is None:
        raise SigningError("there is no manifest to stamp", remedy="sign it")
    try:
        message = sigtst.message(store, manifest_id)
        sigtst.stamped(store, manifest_id, bytes(LEAST_TOKEN))
    except NoRoom as error:
        raise SigningError("its signature has no room for a time-stamp", remedy=_ANEW) from error
    except ValueError as error:
        raise SigningError(f"its signature cannot be stamped: {error}", remedy=_ANEW) from error
    accepted: list[Held] = []

    def accept(token: Token) -> None:
        try:
            filled = sigtst.stamped(store, manifest_id, token.der)
        except NoRoom as error:
            raise TimeStampError(
                f"its time-stamp is {error.missing:,} bytes longer than the room in the signature"
            ) from error
        if sidecar is None:
            held = Held(data=refilled(container, survey, filled), moment=token.moment)
        else:
            held = Held(data=data, sidecar=filled, moment=token.moment)
        _require_proof(held, container, manifest_id, token)
        accepted.append(held)

    authorities.token(message, accept=accept)
    return accepted[-1]


def _require_proof(held: Held, container: Container, manifest_id: str, token: Token) -> None:
    """Is the token in the result, whole, over this signature, and does the engine accept it?"""
    store = held.sidecar or container.survey(held.data).manifest
    if store is None or not sigtst.holds(store, manifest_id, token.der):
        raise TimeStampError("the time-stamp is not where it was put")
    answer = engine.read(held.data, container.media_type, Trust(), store=held.sidecar)
    document = answer.document or {}
    results: Mapping[str, Any] = (document.get("validation_results") or {}).get(
        "activeManifest"
    ) or {}
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
    said = datetime.fromisoformat(str(info.get("time"))).astimezone(UTC)
    if said.replace(microsecond=0) != token.moment.replace(microsecond=0):
        raise TimeStampError(f"the C2PA engine reads another moment from it ({said})")


def _signature(seen: Examination, title: str) -> tuple[bytes, str]:
    """Store and name of the manifest that is to be stamped."""
    report = seen.report
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
    store = seen.store
    if store is None or report.manifest_id is None:
        raise SigningError(f"{title}: its manifest is not in the file", remedy="sign it")
    return store, report.manifest_id


def _reading(question: Any, store: bytes, manifest_id: str, title: str) -> bool:
    try:
        return bool(question(store, manifest_id))
    except ValueError as error:
        raise SigningError(
            f"{title}: its signature is of a form that is not read here ({error})",
            remedy="sign it anew",
        ) from error


def _require_time_left(store: bytes, manifest_id: str, title: str) -> None:
    """A time-stamp from after the certificate's end proves that nothing was valid then."""
    from genlabel.manifests.validation import expired_signer

    end = expired_signer.certificates_end(store, manifest_id)
    if end is not None and end <= datetime.now(UTC):
        raise SigningError(
            f"{title}: its certificate ended on {end:%Y-%m-%d}, too long ago for a time-stamp",
            remedy="sign it anew with a certificate that is valid",
        )


def _others(survey: Survey) -> dict[Any, bytes]:
    return {slot: payload for slot, payload in survey.payloads.items() if slot != MANIFEST}


def missing(error: SigningError) -> Finding:
    """What is said of a picture that went without the time-stamp that it should have got."""
    later = "`genlabel stamp` can add one while the certificate is valid"
    return Finding(
        "genlabel.stamp.missing",
        severity=Severity.WARNING,
        where="signature",
        explanation=f"{error}; {later if isinstance(error, TimeStampError) else error.remedy}",
    )
