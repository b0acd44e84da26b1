"""What a time-stamp token (RFC 3161) proves about a message: a moment, and by whose word.

C2PA 2.4 §15.8.2, in the order in which it asks. Tokens come from files and are hostile: they are
bounded in length and in certificates, and nothing in them is concluded from text.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from asn1crypto import algos, cms, core, parser, tsp
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from genlabel.credentials.timestamps.token import (
    CLOCKS_DIFFER,
    GRANTED,
    MAX_REPLY,
    UNREADABLE,
    Response,
    certificates,
    signers_certificate,
)
from genlabel.credentials.trust import AnchorKind, Anchors, Trust
from genlabel.credentials.trust.credential import Credential
from genlabel.credentials.x509 import chain as chains, key as keys, lenient
from genlabel.model.dataclass import dataclass

_HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
"""C2PA 2.4 §13.1: those that a time-stamp may rest on."""
_OBJECT_IDENTIFIER = b"\x06"  # with it a token begins, and an answer with a sequence
_PLAIN = ("rsassa_pkcs1v15", "ecdsa")
"""Signature algorithms that name no hash: it is that of the content then (RFC 5652 §5.3)."""
_NAMING = {"signing_certificate": "sha1", "signing_certificate_v2": None}
"""The attribute that names the certificate (RFC 2634 §5.4, RFC 5035 §3), and its hash."""
_MAX_SALT = 64
_MAX_ACCURACY = timedelta(hours=1)
"""Authorities say seconds or less."""
MALFORMED, MISMATCH, UNTRUSTED, OUTSIDE, CREDENTIAL, TRUSTED = (
    f"timeStamp.{word}"
    for word in (
        *("malformed", "mismatch", "untrusted", "outsideValidity", "credentialInvalid"),
        "trusted",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeStamp:
    """What became of one token."""

    code: str
    """C2PA's status code, such as ``timeStamp.trusted``."""
    reason: str | None = None
    """Why it proves nothing, as a clause; None where it proves something."""
    moment: datetime | None = None
    """``genTime``, UTC; None where the token is not a whole one over this very message."""
    accuracy: timedelta = timedelta()
    """How far the moment may be off, by the authority's own word."""
    authority: str | None = None
    """The common name (or what there is) of the certificate that gave it, quoted."""
    anchors: Anchors | None = None
    """The anchors that vouch for the authority, and so for the moment."""

    unlisted: bool = False
    """Is it only that nobody vouches for the authority?"""

    @property
    def intact(self) -> bool:
        """Did somebody, whoever it is, sign the moment together with this very message?"""
        return self.moment is not None

    @property
    def latest(self) -> datetime | None:
        """By when the message was there."""
        return None if self.moment is None else self.moment + self.accuracy


class _Refused(Exception):
    """The token proves nothing: C2PA's code, and why."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def judged(token: bytes, message: bytes, trust: Trust, *, now: datetime | None = None) -> TimeStamp:
    """What `token` proves about `message`, by the time-stamping authorities in `trust`.

    `token` is a ``TimeStampToken`` or, as C2PA kept it up to 2.0, the authority's whole answer.
    Never raises, whatever the bytes.
    """
    try:
        return _judged(token, message, trust, now or datetime.now(UTC))
    except _Refused as refused:
        return TimeStamp(code=refused.code, reason=refused.reason)
    except (*UNREADABLE, UnsupportedAlgorithm):
        return TimeStamp(code=MALFORMED, reason="it cannot be read")


def _judged(token: bytes, message: bytes, trust: Trust, now: datetime) -> TimeStamp:
    info, leaf, others = _intact(token, message)
    moment = _moment(info)
    credential = _credential(leaf, others)
    stamp = TimeStamp(
        code=UNTRUSTED,
        moment=moment,
        accuracy=_accuracy(info),
        authority=chains.title(credential.leaf),
    )
    if faults := credential.faults(trust, AnchorKind.TSA):
        return replace(stamp, code=CREDENTIAL, reason=faults[0].message)
    if moment > now + CLOCKS_DIFFER:
        return replace(stamp, reason="it comes from the future")
    anchors, valid = credential.vouched(trust, AnchorKind.TSA, at=moment)
    if not valid:
        why = "its authority's certificate was not valid then"
        return replace(stamp, code=OUTSIDE, reason=why)
    if anchors is None:
        why = "no list that is given names its authority"
        return replace(stamp, reason=why, unlisted=True)
    return replace(stamp, code=TRUSTED, anchors=anchors)


def _intact(token: bytes, message: bytes) -> tuple[tsp.TSTInfo, bytes, tuple[bytes, ...]]:
    """The token's statement, the certificate of whoever made it and the others in it (DER).

    Only if its signature and its imprint hold.
    """
    signed = _signed_data(token)
    if signed["encap_content_info"]["content_type"].native != "tst_info":
        raise _Refused(MALFORMED, "it is signed, and no time-stamp")
    if (parties := len(signed["signer_infos"])) != 1:
        raise _Refused(MALFORMED, f"{parties} parties signed it")
    leaf, content = signers_certificate(signed), signed["encap_content_info"]["content"]
    if leaf is None:
        raise _Refused(UNTRUSTED, "its authority left its certificate out")
    _require_signed(signed["signer_infos"][0], bytes(content), leaf)
    info = content.parsed
    imprint = info["message_imprint"]
    algorithm = imprint["hash_algorithm"]["algorithm"].native
    if algorithm not in _HASHES:
        raise _Refused(UNTRUSTED, "it rests on a hash that is not allowed")
    if imprint["hashed_message"].native != hashlib.new(algorithm, message).digest():
        raise _Refused(MISMATCH, "it is about something else")
    if any(each["critical"].native for each in info["extensions"] or ()):
        raise _Refused(MALFORMED, "it has a critical extension that is not known")
    return info, leaf, tuple(certificates(signed))


def certificates_in(token: bytes) -> tuple[bytes, ...]:
    """The certificates (DER) in a ``TimeStampToken`` or ``TimeStampResp``, if it is one."""
    try:
        return tuple(certificates(_signed_data(token)))
    except (_Refused, *UNREADABLE):
        return ()


def _signed_data(token: bytes) -> cms.SignedData:
    """The signed data of a token, or of the token in an authority's answer."""
    if len(token) > MAX_REPLY:
        raise _Refused(MALFORMED, f"it has more than {MAX_REPLY:,} bytes")
    contents = parser.parse(token, strict=True)[4]
    if contents[:1] == _OBJECT_IDENTIFIER:
        outer = cms.ContentInfo.load(token, strict=True)
    else:
        answer = Response.load(token, strict=True)
        if answer["status"]["status"].native not in GRANTED:
            raise _Refused(MALFORMED, "it is an authority's refusal")
        outer = answer["time_stamp_token"]
    if outer["content_type"].native != "signed_data":
        raise _Refused(MALFORMED, "it holds no signed data")
    return outer["content"]


def _require_signed(signer: cms.SignerInfo, content: bytes, certificate: bytes) -> None:
    """The attributes are of this content and certificate, and signed with its key.

    RFC 5652 §5.4 and §11, RFC 3161 §2.4.2, RFC 5816 §2.
    """
    digest = _HASHES.get(signer["digest_algorithm"]["algorithm"].native)
    if digest is None:
        raise _Refused(UNTRUSTED, "it rests on a hash that is not allowed")
    attributes = signer["signed_attrs"]
    # RFC 5652 §5.4: the signature is over a SET OF, which here bears the tag [0]. Taken before
    # anything in it is looked at, for what was parsed is encoded anew.
    data = b"\x31" + attributes.dump()[1:]
    if len(data) == 1 or not attributes:
        raise _Refused(MALFORMED, "it has no signed attributes")
    if _attribute(attributes, "content_type").native != "tst_info":
        raise _Refused(MALFORMED, "another kind of content was signed")
    if _attribute(attributes, "message_digest").native != keys.hashed(content, digest):
        raise _Refused(MISMATCH, "another content was signed")
    if not _names(attributes, certificate):
        raise _Refused(MISMATCH, "another certificate was meant")
    if not _verifies(signer, certificate, data, digest):
        raise _Refused(MISMATCH, "its signature does not hold")


def _attribute(attributes: cms.CMSAttributes, name: str) -> core.Asn1Value:
    """The one value of the one attribute of that type."""
    values = [
        value for each in attributes if each["type"].native == name for value in each["values"]
    ]
    if len(values) != 1:
        raise _Refused(MALFORMED, f"{len(values)} signed attributes where one {name} is expected")
    return values[0]


def _names(attributes: cms.CMSAttributes, certificate: bytes) -> bool:
    """Is it the certificate that the attribute ``SigningCertificate`` names, of either version?

    The older one has a SHA-1, which picks a certificate here and secures nothing.
    """
    versions = {each["type"].native for each in attributes} & _NAMING.keys()
    if not versions:
        raise _Refused(MALFORMED, "it does not say with which certificate it was signed")
    for version in versions:
        first = _attribute(attributes, version)["certs"][0]
        algorithm = _NAMING[version] or first["hash_algorithm"]["algorithm"].native
        if algorithm not in (*_HASHES, _NAMING[version]):
            raise _Refused(UNTRUSTED, "it rests on a hash that is not allowed")
        digest = hashlib.new(algorithm, certificate, usedforsecurity=False).digest()
        if first["cert_hash"].native != digest:
            return False
    return True


def _verifies(
    signer: cms.SignerInfo, certificate: bytes, data: bytes, digest: hashes.HashAlgorithm
) -> bool:
    """Is the signature over `data` by the certificate's key? Raises `_Refused` for other kinds."""
    algorithm, signature = signer["signature_algorithm"], signer["signature"].native
    kind = algorithm.signature_algo
    public = lenient.load(certificate).public_key()
    if kind not in ("ed25519", "rsassa_pss") and algorithm["algorithm"].native not in _PLAIN:
        named = _HASHES.get(algorithm.hash_algo)
        if named is None:
            raise _Refused(UNTRUSTED, "it is signed over a hash that is not allowed")
        digest = named
    try:
        if isinstance(public, rsa.RSAPublicKey) and kind == "rsassa_pss":
            public.verify(signature, data, *_pss(algorithm["parameters"]))
        elif isinstance(public, rsa.RSAPublicKey) and kind == "rsassa_pkcs1v15":
            public.verify(signature, data, padding.PKCS1v15(), digest)
        elif isinstance(public, ec.EllipticCurvePublicKey) and kind == "ecdsa":
            public.verify(signature, data, ec.ECDSA(digest))
        elif isinstance(public, ed25519.Ed25519PublicKey) and kind == "ed25519":
            public.verify(signature, data)
        else:
            raise _Refused(UNTRUSTED, "it is signed with an algorithm that is not allowed")
    except InvalidSignature:
        return False
    return True


def _pss(parameters: algos.RSASSAPSSParams) -> tuple[padding.PSS, hashes.HashAlgorithm]:
    """RSASSA-PSS as its parameters have it (RFC 4055 §3.1), with one hash throughout."""
    name = parameters["hash_algorithm"]["algorithm"].native
    mask = parameters["mask_gen_algorithm"]
    if (
        name not in _HASHES
        or mask["algorithm"].native != "mgf1"
        or mask["parameters"]["algorithm"].native != name
    ):
        raise _Refused(UNTRUSTED, "it is signed over a hash that is not allowed")
    salt = parameters["salt_length"].native
    if not 0 <= salt <= _MAX_SALT:
        raise _Refused(MALFORMED, f"a salt of {salt} bytes")
    return padding.PSS(padding.MGF1(_HASHES[name]), salt), _HASHES[name]


def _moment(info: tsp.TSTInfo) -> datetime:
    moment: datetime = info["gen_time"].native
    if moment.tzinfo is None:
        raise _Refused(MALFORMED, "it names no time zone")
    return moment.astimezone(UTC)


def _accuracy(info: tsp.TSTInfo) -> timedelta:
    """How far the moment may be off; nothing where nothing is said (RFC 3161 §2.4.2)."""
    said = info["accuracy"].native or {}
    accuracy = timedelta(
        seconds=said.get("seconds") or 0,
        milliseconds=said.get("millis") or 0,
        microseconds=said.get("micros") or 0,
    )
    if not timedelta() <= accuracy <= _MAX_ACCURACY:
        raise _Refused(UNTRUSTED, "it says the moment too vaguely to prove anything")
    return accuracy


@lru_cache(maxsize=64)
def _credential(leaf: bytes, others: tuple[bytes, ...]) -> Credential:
    """The authority's certificate, then each one's issuer as far as the token has it."""
    own, *loaded = map(lenient.load, (leaf, *others))
    path = chains.build(own, loaded, root=True)
    return Credential(path)
