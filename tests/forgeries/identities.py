"""Forgeries of identity assertions: who is said to attest a label beside its signer.

CAWG Identity 1.0 to 1.3. The claim is signed by somebody known; the picture's producer is named by
its metadata, and attested by nobody but a holder of his name's certificate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.x509.oid import ExtendedKeyUsageOID

from forgeries import ancestors
from forgeries.attestations import (
    BINDING,
    LABEL,
    METADATA,
    PRODUCER,
    Part,
    as_producer,
    exchanged,
    hashless,
    holder,
    identity,
    known,
    labelled,
    odd,
    of_another_picture,
    only,
    thief,
    trusting,
    with_metadata,
)
from forgeries.case import Case, Made
from forgeries.forge import (
    CBOR,
    JSON,
    box,
    forger,
)
from genlabel.credentials.trust import Trust
from oracles.chain import CLAIM_SIGNING
from resigning import Verbatim

FAMILY, HELD = "identities", "deterministic, honest"
NOW, DAY = datetime.now(UTC).replace(microsecond=0), timedelta(days=1)
NAMED = {"producer": PRODUCER, "producer_attested": False, "producer_basis": "claim"}
HOLDS = {**NAMED, "identities": ((True, "known"),)}
"""It holds, and says nothing about the name of the producer."""
ATTESTED = {**HOLDS, "producer_attested": True, "producer_basis": "identity"}
UNKNOWN = {**NAMED, "identities": ((True, "unknown"),)}
VOID = {**NAMED, "identities": ((False, "unknown"),)}
"""It does not hold, and neither picture nor claim is touched by that."""


def _error(code: str, **differs: Any) -> Mapping[str, Any]:
    return {**VOID, "errors": (f"cawg.{code}",), **differs}


def _warning(code: str, **differs: Any) -> Mapping[str, Any]:
    return {**UNKNOWN, "warnings": (f"cawg.{code}",), **differs}


ENDED = {"not_before": NOW - 90 * DAY, "not_after": NOW - 30 * DAY}
SOON = {"not_before": NOW + 30 * DAY, "not_after": NOW + 90 * DAY}
SERVER = {"ekus": (ExtendedKeyUsageOID.SERVER_AUTH,)}
STAMPING = {"ekus": (ExtendedKeyUsageOID.TIME_STAMPING,)}
CLAIMS = {"ekus": (CLAIM_SIGNING,)}
MAIL = {"ekus": (ExtendedKeyUsageOID.EMAIL_PROTECTION,)}

_UNREAD = {"c2pa-ts": "c2pa-ts reads no identities"}
_OTHERS_HOLD = {
    **_UNREAD,
    "engine": "c2pa-python checks the encoding that it writes itself, and not the deterministic "
    "one, which every version of CAWG Identity demands",
    "encypher": "encypher-c2pa takes certificates for documents alone; whom you name yourself you "
    "know, and CAWG's interim trust model admits e-mail",
}
_LENIENT = {
    **_UNREAD,
    "engine": "c2pa-python does not look at it",
    "encypher": "encypher-c2pa lets anchors of every kind vouch for identities",
}
_WHY: Mapping[str, Mapping[str, str]] = {
    "not listed by the claim": {
        "c2pa-ts": "c2pa-ts does not object to an assertion that no claim lists (§15.10.3.1)"
    },
    "an ancestor's is no CBOR": {
        "engine": "c2pa-python gives up on the whole manifest for one assertion of an ancestor",
        "c2pa-ts": "c2pa-ts gives up on the whole manifest for one assertion of an ancestor",
    },
}


def _case(name: str, make: Callable[[], Made], differs: Mapping[str, Any]) -> Case:
    honest = name.endswith("honest")
    return Case(
        family=FAMILY,
        name=name,
        make=make,
        differs=differs,
        control=None if honest else HELD,
        why=_OTHERS_HOLD if honest else _WHY.get(name, _LENIENT),
    )


def parts_of(*parts: Part, trust: Callable[[], Trust] = known) -> Callable[[], Made]:
    return lambda: labelled(*parts, trust=trust)


def _by(**how: Any) -> dict[str, Any]:
    """An identity by the holder of another certificate, and trust in its root."""
    return {"by": lambda: holder(**how)}


_HONEST: Mapping[str, tuple[Callable[[], Made], Mapping[str, Any]]] = {
    HELD: (parts_of(identity()), ATTESTED),
    "in the order that is stored, honest": (
        parts_of(identity(signed="written", stored="written")),
        ATTESTED,
    ),
    "deterministic and stored otherwise, honest": (
        parts_of(identity(stored="written")),
        ATTESTED,
    ),
    "nobody attests, honest": (parts_of(), NAMED),
    "an editor, honest": (parts_of(identity(roles=("cawg.editor",))), HOLDS),
    "without a role, honest": (parts_of(identity(roles=())), HOLDS),
    "the picture alone is referenced, honest": (
        parts_of(identity(BINDING)),
        HOLDS,
    ),
    "more padding, honest": (parts_of(identity(pad2=bytes(300))), ATTESTED),
    "an e-mail certificate, honest": (
        parts_of(identity(**_by(**MAIL)), trust=trusting(**MAIL)),
        ATTESTED,
    ),
    "another name than the producer's, honest": (
        parts_of(identity(**_by(name="Paper")), trust=trusting(name="Paper")),
        HOLDS,
    ),
    "the producer and a publisher, honest": (
        parts_of(
            identity(),
            identity(label=f"{LABEL}__1", roles=("cawg.publisher",)),
        ),
        {**ATTESTED, "identities": ((True, "known"), (True, "known"))},
    ),
    "under a claim by a stranger, honest": (
        lambda: labelled(identity(), claimer=lambda: holder(name="Stranger")),
        {**ATTESTED, "trust": "unknown", "state": "valid", "attested": False},
    ),
}

_VOID: Mapping[str, tuple[Part, str]] = {
    "signed by another key": (identity(by=thief), "x509.signature.mismatch"),
    "signed in an order that is neither": (
        identity(signed="neither", stored="written"),
        "x509.signature.mismatch",
    ),
    "the role was changed afterwards": (
        identity(roles=("cawg.editor",), after=as_producer),
        "x509.signature.mismatch",
    ),
    "a role was added afterwards": (
        identity(roles=(), after=as_producer),
        "x509.signature.mismatch",
    ),
    "the name was referenced afterwards": (
        identity(BINDING, after=with_metadata),
        "x509.signature.mismatch",
    ),
    "signed over other metadata": (
        identity(before=hashless(METADATA)),
        "identity.assertion.mismatch",
    ),
    "signed over another picture": (
        identity(before=hashless(BINDING)),
        "identity.assertion.mismatch",
    ),
    "moved here from another picture": (of_another_picture, "identity.assertion.mismatch"),
    "references what is not in the claim": (
        identity(METADATA, BINDING, "c2pa.nowhere"),
        "identity.assertion.mismatch",
    ),
    "references no binding": (identity(METADATA), "identity.hard_binding_missing"),
    "references nothing": (
        identity(before=lambda payload: {**payload, "referenced_assertions": []}),
        "identity.hard_binding_missing",
    ),
    "references the name twice": (
        identity(METADATA, METADATA, BINDING),
        "identity.assertion.duplicate",
    ),
    "something in the padding": (identity(pad1=b"\0x\0"), "identity.pad.invalid"),
    "something in the second padding": (
        identity(pad2=b"\0\0x"),
        "identity.pad.invalid",
    ),
    "no padding at all": (identity(pad1=None), "identity.cbor.invalid"),
    "a signature that is none": (identity(signature=b"none"), "x509.signature.mismatch"),
    "a signature that is text": (identity(signature="none"), "identity.cbor.invalid"),
    "no signature": (identity(signature=None), "identity.cbor.invalid"),
    "no payload": (only({"signature": b"", "pad1": b""}), "identity.cbor.invalid"),
    "no CBOR": (only(Verbatim(b"\xff\xff")), "identity.cbor.invalid"),
    "CBOR that ends too soon": (only(Verbatim(b"\xa3\x61")), "identity.cbor.invalid"),
    "nothing in its box": (odd(CBOR, box(b"cbor", b"")), "identity.cbor.invalid"),
    "no box in it": (odd(CBOR), "identity.cbor.invalid"),
    "JSON": (odd(JSON, box(b"json", b"{}")), "identity.cbor.invalid"),
    "JSON that is none": (odd(JSON, box(b"json", b"{")), "identity.cbor.invalid"),
    "one byte that is no CBOR": (only(Verbatim(b"\xff")), "identity.cbor.invalid"),
    "CBOR in a hundred levels": (only(Verbatim(b"\x81" * 100)), "identity.cbor.invalid"),
    "a list": (only([1, 2, 3]), "identity.cbor.invalid"),
}
"""What does not hold, and by which word of CAWG's."""

_OTHERS: Mapping[str, tuple[Callable[[], Made], Mapping[str, Any]]] = {
    "a stranger by the producer's name": (
        parts_of(identity(**_by(serial=7))),
        _warning("x509.credential.untrusted"),
    ),
    "an anchor for claims alone": (
        parts_of(identity(), trust=lambda: Trust.of(signers=[forger().anchor, holder().anchor])),
        _warning("x509.credential.untrusted"),
    ),
    "an anchor for time-stamps alone": (
        parts_of(identity(), trust=lambda: Trust.of(signers=forger().anchor, tsa=holder().anchor)),
        _warning("x509.credential.untrusted"),
    ),
    "a server's certificate": (
        parts_of(identity(**_by(**SERVER)), trust=trusting(**SERVER)),
        _warning("x509.credential.invalid"),
    ),
    "a certificate for time-stamps": (
        parts_of(identity(**_by(**STAMPING)), trust=trusting(**STAMPING)),
        _warning("x509.credential.invalid"),
    ),
    "a certificate for claims alone": (
        parts_of(identity(**_by(**CLAIMS)), trust=trusting(**CLAIMS)),
        _warning("x509.credential.invalid"),
    ),
    "a certificate that has ended": (
        parts_of(identity(**_by(**ENDED)), trust=trusting(**ENDED)),
        _warning("x509.signature.outside_validity"),
    ),
    "a certificate that has not begun": (
        parts_of(identity(**_by(**SOON)), trust=trusting(**SOON)),
        _warning("x509.signature.outside_validity"),
    ),
    "a kind of signature that nobody knows": (
        parts_of(identity(kind="com.example.word-of-honour")),
        _warning("identity.sig_type.unknown", identities=((False, "unknown"),)),
    ),
    "of a version that is not read": (
        parts_of(identity(label=f"{LABEL}.v2")),
        _warning("identity.sig_type.unknown", identities=((False, "unknown"),)),
    ),
    "called as no count is": (
        parts_of(identity(label=f"{LABEL}__x")),
        _warning("identity.sig_type.unknown", identities=((False, "unknown"),)),
    ),
    "an algorithm that nobody has": (
        parts_of(identity(algorithm=-65000)),
        _warning("x509.algorithm.unsupported", identities=((False, "unknown"),)),
    ),
    "an ancestor's is no CBOR": (
        lambda: ancestors.edit(ancestors.parent(ancestors.PARENT, only(Verbatim(b"\xff"))(None))),
        {"lineage": "intact"},
    ),
    "what an assertion says of itself": (
        parts_of(
            identity(
                by=thief,
                signature_info={"issuer": PRODUCER, "common_name": PRODUCER},
            )
        ),
        _error("x509.signature.mismatch"),
    ),
    "one that holds beside one that does not": (
        parts_of(identity(), identity(label=f"{LABEL}__1", by=thief)),
        {
            **ATTESTED,
            "identities": ((True, "known"), (False, "unknown")),
            "errors": ("cawg.x509.signature.mismatch",),
        },
    ),
    "over a picture that was exchanged": (
        exchanged,
        {
            **VOID,
            "integrity": "broken",
            "state": "invalid",
            "attested": False,
            "errors": ("assertion.dataHash.mismatch",),
        },
    ),
    "not listed by the claim": (
        lambda: labelled(lambda draft: replace(identity()(draft), listed=False)),
        {
            **NAMED,
            "form": "malformed",
            "state": "invalid",
            "errors": ("assertion.undeclared",),
        },
    ),
}

CASES: tuple[Case, ...] = (
    *(_case(name, make, differs) for name, (make, differs) in _HONEST.items()),
    *(_case(name, parts_of(part), _error(code)) for name, (part, code) in _VOID.items()),
    *(_case(name, make, differs) for name, (make, differs) in _OTHERS.items()),
)
