"""A COSE_Sign1 with detached payload (RFC 9052 §4.2, C2PA 2.4 §13.2), read and not checked.

Headers may stand in either bucket, as CAWG and C2PA up to 2.0 have it (2.4 §14.5 has readers take
both); what stands in both, or twice, can be read in two ways and is refused (§14.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from genlabel.manifests.store import cbor, cbor_value
from genlabel.manifests.store.cbor import Ambiguous, Unreadable
from genlabel.model.dataclass import dataclass

MAX_SIGNATURE = cbor_value.MAX_BYTES
"""Most bytes: certificates, time-stamp and revocation answers take some 10 to 30 KB, and padding
what its signer likes."""
MAX_CERTIFICATES = 10
MAX_RESPONSES = 8
"""Most OCSP responses that are read."""

_TAG = 18  # COSE_Sign1, RFC 9052 §4.2
_ALGORITHM, _CRITICAL = 1, 2  # header parameters, RFC 9052 §3.1
_X5CHAIN: tuple[int | str, ...] = (33, "x5chain")  # RFC 9360 §2, and its name in C2PA up to 2.0
_UNDERSTOOD = frozenset((_ALGORITHM, 3, 4, *_X5CHAIN))
"""Header parameters that may be called critical: these are read, or need no reading (content type
and key identifier, RFC 9052 §3.1)."""


class NotUnderstood(Unreadable):
    """It is of a form that a signer may choose and that is not checked here: no fault of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign1:
    """One signature and what its headers hold."""

    algorithm: int
    """COSE's number, e.g. -7 for ES256."""
    certificates: tuple[bytes, ...] = field(repr=False)
    """DER, the signer's first."""
    guarded: bool
    """Do the certificates stand in the protected header, and so in what is signed?"""
    protected: bytes = field(repr=False)
    """The protected header, encoded."""
    unprotected: Mapping[Any, Any] = field(repr=False)
    signature: bytes = field(repr=False)

    payload: bytes | None = field(default=None, repr=False)
    """What stands in the signature itself; None where it is detached, as C2PA and CAWG want it."""

    def over(self, payload: bytes) -> bytes:
        """What the signature is over if it is over `payload`."""
        return self.structure(b"Signature1", payload)

    @property
    def countersigned(self) -> bytes:
        """What a time-stamp of this signature is over (C2PA 2.4 §10.3.2.5, "v2")."""
        return self.structure(b"CounterSignature", cbor.string(self.signature))

    def structure(self, context: bytes, payload: bytes) -> bytes:
        """COSE's ``Sig_structure`` about this protected header (RFC 9052 §4.4)."""
        return cbor.array(
            cbor.text(context),
            cbor.string(self.protected),
            cbor.string(b""),  # nothing external
            cbor.string(payload),
        )

    @property
    def time_stamp(self) -> bytes | None:
        """The one token (DER) in ``sigTst2``; None for none, several, and those of version 1."""
        (token,) = _listed(self.unprotected.get("sigTst2"), "tstTokens") or (None,)
        value = token.get("val") if isinstance(token, dict) else None
        return value if isinstance(value, bytes) else None

    @property
    def revocation_answers(self) -> tuple[bytes, ...]:
        """The OCSP responses (DER) in ``rVals``, unchecked."""
        listed = _listed(self.unprotected.get("rVals"), "ocspVals")
        return tuple(each for each in listed[:MAX_RESPONSES] if isinstance(each, bytes))


def read(data: bytes) -> Sign1:
    """The signature that fills `data`. Raises `Unreadable`."""
    if len(data) > MAX_SIGNATURE:
        raise NotUnderstood(f"{len(data):,} bytes of signature")
    tagged = cbor_value.value(data)
    if not isinstance(tagged, cbor_value.Tag) or tagged.number != _TAG:
        raise Unreadable("no COSE_Sign1")
    parts = tagged.value
    if not isinstance(parts, list) or len(parts) != 4:
        raise Unreadable("no COSE_Sign1")
    protected, outer, payload, signature = parts
    if not (isinstance(protected, bytes) and isinstance(outer, dict)):
        raise Unreadable("headers of another form")
    if not isinstance(payload, bytes | None) or not isinstance(signature, bytes):
        raise Unreadable("a payload or a signature that is no bytes")
    inner = cbor_value.value(protected) if protected else {}
    if not isinstance(inner, dict):
        raise Unreadable("a header that is no map")
    if inner.keys() & outer.keys():  # RFC 9052 §3
        raise Ambiguous("a header that is both protected and unprotected")
    if _CRITICAL in outer or not _understood(inner):
        raise NotUnderstood("a header that must be understood and is not")
    algorithm = inner.get(_ALGORITHM)
    if type(algorithm) is not int:
        raise Unreadable("no algorithm")
    chains = [each[name] for each in (inner, outer) for name in _X5CHAIN if name in each]
    if len(chains) > 1:
        raise Ambiguous("more than one chain of certificates")
    if not chains:
        raise Unreadable("no certificates")
    return Sign1(
        algorithm=algorithm,
        certificates=_certificates(chains[0]),
        guarded=any(name in inner for name in _X5CHAIN),
        protected=protected,
        unprotected=outer,
        signature=signature,
        payload=payload or None,
    )


def _understood(protected: Mapping[Any, Any]) -> bool:
    """Is all that is called critical there, and understood (RFC 9052 §3.1)?"""
    if _CRITICAL not in protected:
        return True
    listed = protected[_CRITICAL]
    return isinstance(listed, list) and all(
        isinstance(each, int | str) and each in _UNDERSTOOD and each in protected for each in listed
    )


def _certificates(value: Any) -> tuple[bytes, ...]:
    """RFC 9360 §2: one certificate as bytes, or several in an array."""
    listed = value if isinstance(value, list) else [value]
    if not listed:
        raise Unreadable("no certificates")
    if len(listed) > MAX_CERTIFICATES:
        raise NotUnderstood(f"{len(listed):,} certificates where {MAX_CERTIFICATES} are read")
    if any(not isinstance(each, bytes) for each in listed):
        raise Unreadable("a certificate that is no bytes")
    return tuple(listed)


def _listed(value: Any, key: str) -> list[Any]:
    listed = value.get(key) if isinstance(value, dict) else None
    return listed if isinstance(listed, list) else []
