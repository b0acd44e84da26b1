"""Forgeries of the history: what a picture was made from is not what its parents said.

C2PA 2.4 §15.11 (ingredients), §18.16 (their assertion), §6.7 (redaction).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from forgeries.case import Case, Made
from forgeries.forge import (
    Assertion,
    Draft,
    created,
    data_hash,
    embedded,
    forger,
    generated,
    opened,
    sha256,
    whole,
)
from genlabel.credentials.trust import Trust
from genlabel.testing import picture
from oracles.chain import Chain

FAMILY = "ancestors"
PARENT = "urn:c2pa:22222222-2222-4333-8444-555555555555"
OTHER = "urn:c2pa:33333333-2222-4333-8444-555555555555"
CHILD = "edit, honest"
LOST = {"lineage": "broken", "attested": False}
"""The history does not hold; the picture and the last signature do."""
CHANGED = {**LOST, "state": "invalid"}
"""The same, and no record says so."""
EXCHANGED = {**CHANGED, "errors": ("ingredient.manifest.mismatch",)}
"""The parent's manifest is another one than its hash says."""


@cache
def author() -> Chain:
    """Who signed the parent: somebody else, and known too."""
    return Chain.new("Author Ltd")


def known() -> Trust:
    return Trust.of(signers=[forger().anchor, author().anchor])


def parent(label: str = PARENT, *added: Assertion, **changes: Any) -> Draft:
    """An honest manifest of a generated picture."""
    draft = replace(generated(author()), label=label)
    return draft.with_(data_hash(picture("png", seed=2), [(10, 20)]), *added, **changes)


def child(*assertions: Assertion, **changes: Any) -> Draft:
    return Draft(chain=forger(), assertions=assertions, **changes)


def edit(of: Draft, *shown: Draft, **record: Any) -> Made:
    """A picture that was edited from the parent `of`; what lies in its store is `shown`."""
    made = embedded(picture("png"), child(*opened(of, **record)), *(shown or (of,)))
    return Made(data=made, trust=known())


def recording(code: str, kind: str = "failure", manifest: str = PARENT) -> dict[str, Any]:
    """The results that the record of an ingredient holds: whole, and one code more."""
    where = f"self#jumbf=/c2pa/{manifest}/c2pa.assertions/c2pa.hash.data"
    results = whole(parent())
    results["activeManifest"][kind].append({"code": code, "url": where})
    return results


def overwritten() -> Draft:
    """The parent's statement is another one; its claim is as it was signed."""
    honest = parent()
    true = next(each for each in honest.assertions if each.label == "c2pa.actions.v2")
    lie = replace(created("digitalCapture"), hash=sha256(true.boxed))
    return replace(honest, assertions=_in_order(honest, lie))


def _in_order(draft: Draft, new: Assertion) -> tuple[Assertion, ...]:
    return tuple(new if each.label == new.label else each for each in draft.assertions)


def _case(
    name: str, made: Any, differs: Mapping[str, Any], why: str | Mapping[str, str] = ""
) -> Case:
    return Case(
        family=FAMILY,
        name=name,
        make=made,
        differs=differs,
        control=None if name.endswith("honest") else CHILD,
        why={**_ACTIVE_ONLY, **why} if isinstance(why, Mapping) else why or _ACTIVE_ONLY,
    )


def _tampered_below(levels: int) -> Made:
    """A history of so many levels whose deepest manifest was changed."""
    deepest = overwritten()
    line = [replace(deepest, label=_numbered(0))]
    for level in range(1, levels):
        above = replace(child(*opened(line[-1])), label=_numbered(level))
        line.append(above)
    return Made(
        data=embedded(picture("png"), child(*opened(line[-1])), *line),
        trust=known(),
    )


def _numbered(level: int) -> str:
    return f"urn:c2pa:44444444-2222-4333-8444-{level:012d}"


_ACTIVE_ONLY = {"c2pa-ts": "c2pa-ts looks at the active manifest, and not at its ingredients"}
_SIXTEEN = {"encypher": "encypher-c2pa follows a history for sixteen levels, and not for forty"}
HASH, SIGNATURE = "assertion.hashedURI.mismatch", "claimSignature.mismatch"
_RECORDED = (
    *("assertion.dataHash.mismatch", "assertion.bmffHash.mismatch", "assertion.missing"),
    *("assertion.boxesHash.mismatch", "claimSignature.mismatch", "ingredient.manifest.mismatch"),
)
"""Failures about change that a record may hold (C2PA 2.4 §15.11.3)."""
_BESIDE = (
    *("signingCredential.untrusted", "signingCredential.expired", "timeStamp.untrusted"),
    *("signingCredential.ocsp.revoked", "claimSignature.outsideValidity"),
)
"""Failures about a credential: they touch the ancestor's signer alone."""
_TRUSTING = {
    "engine": "c2pa-python takes a failure that is recorded for one that was dealt with, whatever "
    "it is about",
    "encypher": "encypher-c2pa counts what the record itself calls a failure, and not what is one",
}

CASES: tuple[Case, ...] = (
    _case(CHILD, lambda: edit(parent()), {"lineage": "intact"}),
    _case(
        "the parent's statement is overwritten",
        lambda: edit(parent(), overwritten()),
        {**CHANGED, "source_type": "digitalCapture", "errors": (HASH,)},
    ),
    _case(
        "the parent's statement is overwritten, and the record says that it fails",
        lambda: edit(
            parent(),
            overwritten(),
            validationResults=_failing("c2pa.actions.v2"),
        ),
        {**CHANGED, "source_type": "digitalCapture", "errors": (HASH,)},
    ),
    _case(
        "the parent's signature is another's",
        lambda: edit(parent(), parent(signed=bytes(64))),
        {**CHANGED, "errors": (SIGNATURE,)},
    ),
    _case(
        "the parent's manifest is not there",
        lambda: edit(parent(), parent(OTHER)),
        {**CHANGED, "source_type": None, "errors": ("ingredient.manifest.missing",)},
    ),
    _case(
        "the parent's manifest is a later one of the same name",
        lambda: edit(parent(), parent(PARENT, created("digitalArt"))),
        {**EXCHANGED, "source_type": "digitalArt"},
    ),
    *(
        _case(
            f"{code} stands among the record's {kind}",
            lambda code=code, kind=kind: edit(parent(), validationResults=recording(code, kind)),
            {**LOST, "errors": (code,)},
            why=_TRUSTING,
        )
        for code in _RECORDED
        for kind in ("failure", "informational", "success")
    ),
    *(
        _case(
            f"{code} is recorded, honest",
            lambda code=code: edit(parent(), validationResults=recording(code)),
            {"lineage": "intact"},
            why={
                "encypher": "encypher-c2pa counts every failure that is recorded; whether a "
                "credential is trusted says one's own list, and today",
            },
        )
        for code in _BESIDE
    ),
    _case(
        "a failure is recorded of another ingredient, honest",
        lambda: edit(
            parent(), validationResults=recording("assertion.dataHash.mismatch", manifest=OTHER)
        ),
        {"lineage": "intact"},
        why={"encypher": "encypher-c2pa does not ask which manifest a recorded failure is about"},
    ),
    _case(
        "a deep ancestor is overwritten",
        lambda: _tampered_below(40),
        {**CHANGED, "source_type": "digitalCapture", "errors": (HASH,)},
        why=_SIXTEEN,
    ),
    _case(
        "an ancestor 70 levels down is overwritten",
        lambda: _tampered_below(70),
        {**CHANGED, "source_type": "digitalCapture", "errors": (HASH,)},
        why=_SIXTEEN,
    ),
)


def _failing(label: str) -> dict[str, Any]:
    results = whole(parent())
    where = f"self#jumbf=/c2pa/{PARENT}/c2pa.assertions/{label}"
    results["activeManifest"]["failure"].append({"code": HASH, "url": where})
    return results
