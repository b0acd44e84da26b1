"""Who signed the active manifest: by certificate, with which trust, when, and was it valid then.

Trust is by kind: an anchor for signers vouches for no time-stamp and the other way round. The
engine mixes the two (its own check of `trust_kind` is missing), so mixed answers are asked for
again apart. Trust and validity are two questions, too: see `outlived`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from genlabel.credentials.trust import AnchorKind, Anchors, Trust
from genlabel.formats.format import Buffer
from genlabel.manifests.engine import engine
from genlabel.manifests.validation import actions
from genlabel.manifests.validation.status_codes import all_codes, statuses
from genlabel.model.report import SignedBy, SigningTime, TrustLevel, Validity

_OUTSIDE = frozenset({"signingCredential.expired", "claimSignature.outsideValidity"})
_RESTING_ON_TIME = frozenset({"claimSignature.insideValidity", "claimSignature.outsideValidity"})


def of(
    document: Mapping[str, Any],
    data: Buffer,
    mime: str,
    trust: Trust,
    *,
    store: bytes | None,
    beside: bytes | None = None,
) -> SignedBy | None:
    """The signer of the active manifest of `data`, whose engine report is `document`.

    `store` is the manifest store that was read; `beside` the same where it came apart from `data`.
    """
    signer = _answered(document, trust)
    if signer is not None and _wrong_kind_answered(document, trust):
        return _asked_apart(data, mime, trust, signer, store, beside)
    if signer is not None and _outlived(document, signer, trust):
        return _vouched_for(signer, document, data, mime, trust, store)
    return signer


def _answered(document: Mapping[str, Any], trust: Trust) -> SignedBy | None:
    """Who signed the active manifest, by certificate, as one answer of the engine has it."""
    info = actions.active(document).get("signature_info")
    if not isinstance(info, dict):
        return None
    codes = _codes(document)
    entry = _anchors(document, trust)
    if "signingCredential.trusted" not in codes or (entry and entry.kind is not AnchorKind.SIGNER):
        entry = None
    moment = _moment(info.get("time"))
    time = SigningTime.NONE if moment is None else SigningTime.CLAIMED
    if moment is not None and "timeStamp.trusted" in codes:
        stamped = _stamped_under(document, trust)
        if any(each.kind is AnchorKind.TSA for each in stamped):
            time = SigningTime.PROVEN
        elif not stamped:
            codes -= _RESTING_ON_TIME
    return SignedBy(
        organisation=actions.string(info.get("issuer")),
        common_name=actions.string(info.get("common_name")),
        trust=entry.level if entry else TrustLevel.UNKNOWN,
        trust_list=entry.name if entry else None,
        list_fetched=entry.fetched if entry else None,
        time=time,
        signed_at=moment,
        validity=_validity(codes, time),
        algorithm=actions.string(info.get("alg")),
        serial=actions.string(info.get("cert_serial_number")),
    )


def _validity(codes: frozenset[str], time: SigningTime) -> Validity:
    if _OUTSIDE & codes:
        # With a time-stamp that no list vouches for, it may have been valid when it was used.
        return Validity.UNPROVABLE if time is SigningTime.CLAIMED else Validity.EXPIRED
    if "claimSignature.insideValidity" in codes:
        return Validity.WITHIN
    return Validity.UNPROVABLE


def _wrong_kind_answered(document: Mapping[str, Any], trust: Trust) -> bool:
    """Did an anchor of one kind vouch for the other? The engine does not keep them apart."""
    answered = _anchors(document, trust)
    if answered is not None and answered.kind is not AnchorKind.SIGNER:
        return True
    return any(each.kind is not AnchorKind.TSA for each in _stamped_under(document, trust))


def _anchors(document: Mapping[str, Any], trust: Trust) -> Anchors | None:
    """The anchors that vouch for the signer, by the engine's own words."""
    return trust.entry(str(_results(document).get("trustListUri", "")))


def _stamped_under(document: Mapping[str, Any], trust: Trust) -> tuple[Anchors, ...]:
    """The anchors that vouch for the time-stamp, by the engine's own words.

    None for a claim of version 1: the engine calls any time-stamp of those trusted ("legacy"),
    whoever made it, and goes on to judge the certificate's validity by it.
    """
    vouching: list[Anchors] = []
    for status in statuses(_results(document).get("activeManifest"), "success"):
        if status.code == "timeStamp.trusted":
            named = re.search(r"trust list: (\S+)", status.explanation)
            anchors = trust.entry(named[1]) if named else None
            if anchors is not None:
                vouching.append(anchors)
    return tuple(vouching)


def _outlived(document: Mapping[str, Any], signer: SignedBy, trust: Trust) -> bool:
    """Did the engine call the signer untrusted for the dates of the certificate, perhaps only?

    A signature that a time-stamp proves to be made outside of them is nobody's.
    """
    codes = _codes(document)
    return (
        signer.trust is TrustLevel.UNKNOWN
        and bool(_OUTSIDE & codes)
        and not (signer.time is SigningTime.PROVEN and signer.validity is Validity.EXPIRED)
        and "claimSignature.validated" in codes
        and "signingCredential.invalid" not in codes
        and bool(trust.of_kind(AnchorKind.SIGNER))
    )


def _vouched_for(
    signer: SignedBy,
    document: Mapping[str, Any],
    data: Buffer,
    mime: str,
    trust: Trust,
    store: bytes | None,
) -> SignedBy:
    """`signer` with the trust that does not depend on dates; its validity stays as it is."""
    from genlabel.manifests.validation import expired_signer

    if store is None:
        return signer
    at = signer.signed_at if signer.time is SigningTime.PROVEN else None
    anchors = expired_signer.voucher(document, data, mime, trust, store=store, at=at)
    if anchors is None:
        return signer
    return replace(
        signer, trust=anchors.level, trust_list=anchors.name, list_fetched=anchors.fetched
    )


def _asked_apart(
    data: Buffer,
    mime: str,
    trust: Trust,
    mixed: SignedBy,
    store: bytes | None,
    beside: bytes | None,
) -> SignedBy:
    """The same signer, asked once with each kind of anchor alone.

    Who signed follows from the signers' anchors, when and whether it was valid from the time-stamp
    authorities'. Some roots stand on both lists, so a mixed answer proves nothing either way.
    """
    signers = Trust(trust.of_kind(AnchorKind.SIGNER))
    authorities = Trust(trust.of_kind(AnchorKind.TSA))
    by_signers = engine.read(data, mime, signers, store=beside).document
    by_stamps = engine.read(data, mime, authorities, store=beside).document
    who = _answered(by_signers, trust) if by_signers else None
    when = _answered(by_stamps, trust) if by_stamps else None
    if by_signers is None or who is None or when is None:
        return replace(
            mixed,
            trust=TrustLevel.UNKNOWN,
            trust_list=None,
            list_fetched=None,
            validity=Validity.UNPROVABLE,
        )
    both = replace(who, time=when.time, signed_at=when.signed_at, validity=when.validity)
    if _outlived(by_signers, both, signers):
        return _vouched_for(both, by_signers, data, mime, signers, store)
    return both


def revoked(document: Mapping[str, Any]) -> bool:
    """Does the engine call the signer's certificate revoked?"""
    codes = _codes(document)
    return bool({"signingCredential.ocsp.revoked", "signingCredential.revoked"} & codes)


def _results(document: Mapping[str, Any]) -> Mapping[str, Any]:
    return document.get("validation_results") or {}


def _codes(document: Mapping[str, Any]) -> frozenset[str]:
    return all_codes(_results(document).get("activeManifest"))


def _moment(text: object) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
