"""A time-stamp token (RFC 3161): asked for, and whose it is.

Here it is made sure that an answer is one to our question, and by a certificate that may give
time-stamps. What a token proves is judged in `verify`.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import field
from datetime import UTC, datetime, timedelta
from itertools import islice

from asn1crypto import algos, cms, core, tsp, x509 as asn1_x509
from cryptography import x509
from cryptography.utils import CryptographyDeprecationWarning

from genlabel.credentials.x509 import chain, purpose
from genlabel.credentials.x509.purpose import Purpose
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import TimeStampError

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"  # RFC 3161 §3.4
MAX_REPLY = 64 * 1024
"""Most bytes of an answer; tokens have 1 to 8 KB."""
MAX_CERTIFICATES = 16
"""Most certificates of one token that are looked at: usual ones have one to four."""
CLOCKS_DIFFER = timedelta(minutes=10)
"""How far an authority's clock and ours may be apart."""

UNREADABLE = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    OverflowError,
    RecursionError,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    CryptographyDeprecationWarning,
)
"""What asn1crypto raises for bytes that are something else, then cryptography for odd certificates;
the last where warnings are errors."""
GRANTED = ("granted", "granted_with_mods")


class Response(core.Sequence):  # type: ignore[misc]
    """``TimeStampResp`` (RFC 3161 §2.4.2); asn1crypto's own knows no answer without a token."""

    _fields = [  # noqa: RUF012  # what asn1crypto wants
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One question to an authority."""

    der: bytes
    digest: bytes
    """SHA-256 of what is to be stamped."""
    nonce: int

    @classmethod
    def about(cls, message: bytes) -> Query:
        """The question for a time-stamp over `message`, with the authority's certificates."""
        digest, nonce = hashlib.sha256(message).digest(), secrets.randbits(64)
        asked = tsp.TimeStampReq(
            {
                "version": "v1",
                "message_imprint": {
                    "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                    "hashed_message": digest,
                },
                "nonce": nonce,
                "cert_req": True,
            }
        )
        return cls(der=asked.dump(), digest=digest, nonce=nonce)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A time-stamp token that answers our question."""

    der: bytes = field(repr=False)
    """The ``TimeStampToken``."""
    moment: datetime
    """UTC."""
    authority: str
    """The common name (or what there is) of the certificate that gave it."""


def answered(query: Query, reply: bytes, *, now: datetime | None = None) -> Token:
    """The token in `reply`, if it is one for `query`.

    Raises `TimeStampError` with what is wrong, without naming the authority.
    """
    if len(reply) > MAX_REPLY:
        raise TimeStampError(f"the answer has more than {MAX_REPLY:,} bytes")
    try:
        return _answered(query, reply, now or datetime.now(UTC))
    except UNREADABLE as error:
        raise TimeStampError("the answer is no time-stamp") from error


def _answered(query: Query, reply: bytes, now: datetime) -> Token:
    response = Response.load(reply, strict=True)
    _require_granted(response["status"])
    content = response["time_stamp_token"]
    der = bytes(content.dump())  # before it is looked at: what was parsed is encoded anew
    if content["content_type"].native != "signed_data":
        raise TimeStampError("the answer holds no signed data")
    signed = content["content"]
    if signed["encap_content_info"]["content_type"].native != "tst_info":
        raise TimeStampError("the answer is signed, and no time-stamp")
    info = signed["encap_content_info"]["content"].parsed
    imprint = info["message_imprint"]
    if (
        imprint["hash_algorithm"]["algorithm"].native != "sha256"
        or imprint["hashed_message"].native != query.digest
    ):
        raise TimeStampError("the time-stamp is about something else")
    if info["nonce"].native != query.nonce:
        raise TimeStampError("the time-stamp answers another question (its nonce is not ours)")
    moment = info["gen_time"].native
    if moment.tzinfo is None:
        raise TimeStampError("the time-stamp names no time zone")
    moment = moment.astimezone(UTC)
    if abs(moment - now) > CLOCKS_DIFFER:
        raise TimeStampError(
            f"the time-stamp says {moment:%Y-%m-%d %H:%M} UTC, and here it is {now:%Y-%m-%d %H:%M}"
        )
    certificate = signers_certificate(signed)
    if certificate is None:
        raise TimeStampError("the authority left its certificate out")
    leaf = x509.load_der_x509_certificate(certificate)
    for problem in purpose.faults(leaf, Purpose.TIME_STAMPS):
        raise TimeStampError(f"its certificate fails a rule: {problem.message}")
    if not leaf.not_valid_before_utc <= moment <= leaf.not_valid_after_utc:
        raise TimeStampError("its certificate was not valid at that moment")
    return Token(der=der, moment=moment, authority=chain.title(leaf))


def _require_granted(status: core.Sequence) -> None:
    if status["status"].native in GRANTED:
        return
    reasons = [str(status["status"].native)]
    if status["fail_info"].native:
        reasons += sorted(map(str, status["fail_info"].native))
    raise TimeStampError(f"the authority gives none ({', '.join(reasons)})"[:200])


def signers_certificate(signed: cms.SignedData) -> bytes | None:
    """The certificate (DER) of the one who signed (RFC 3161 §2.4.2: exactly one), if it is there.

    Raises `UNREADABLE`.
    """
    (signer,) = signed["signer_infos"]
    name = signer["sid"]
    for der in certificates(signed):
        each = asn1_x509.Certificate.load(der)
        if name.name == "issuer_and_serial_number":
            issuer = name.chosen["issuer"]
            fits = each.serial_number == name.chosen["serial_number"].native and (
                each.issuer.dump() == issuer.dump() or each.issuer == issuer
            )
        else:
            fits = each.key_identifier == name.chosen.native
        if fits:
            return der
    return None


def certificates(signed: cms.SignedData) -> Iterator[bytes]:
    """The certificates (DER) in a token, in no order that means anything. Raises `UNREADABLE`."""
    for choice in islice(signed["certificates"], MAX_CERTIFICATES):
        if choice.name == "certificate":
            # before anything in it is looked at: what was parsed is encoded anew
            yield bytes(choice.chosen.dump())
