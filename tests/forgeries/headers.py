"""Forgeries in the headers of a claim signature: what stands outside of what is signed.

C2PA 2.4 §14.2 and §14.5 (where the certificates stand), §10.3.2.5.2 (time-stamps over the claim).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from forgeries import time
from forgeries.case import Case, Made
from forgeries.forge import embedded, forger, generated
from genlabel.testing import picture
from oracles.chain import Chain
from resigning import ES256, X5CHAIN, ders

FAMILY = "headers"
GUARDED, STAMPED = "the certificates are signed, honest", "a time-stamp of today, honest"
TWO = {
    **{"integrity": "broken", "state": "invalid", "attested": False},
    **dict.fromkeys(("trust", "validity", "time")),
    "errors": ("claimSignature.mismatch",),
}
_WHY = {
    "engine": "c2pa-python reads certificates by the old name in either header and one of two "
    "chains, and does not ask which claims are stamped so",
    "encypher": "encypher-c2pa reads certificates in either header and one of two chains, and no "
    "time-stamps over the claim",
    "c2pa-ts": "c2pa-ts reads certificates in either header and one of two chains, and calls every "
    "certificate that has ended invalid",
}


def signed(guarded: Mapping[Any, Any], unguarded: Mapping[Any, Any], *, version: int = 2) -> Made:
    draft = generated(
        forger(), version=version, protected={1: ES256, **guarded}, unprotected=unguarded
    )
    return Made(data=embedded(picture("png"), draft))


def chain(label: object = X5CHAIN, of: Chain | None = None) -> dict[object, Any]:
    return {label: ders(of or forger())}


def _case(
    name: str, make: Callable[[], Made], differs: Mapping[str, Any], control: str = GUARDED
) -> Case:
    honest = name.endswith("honest")
    return Case(
        family=FAMILY,
        name=name,
        make=make,
        differs=differs,
        control=None if honest else control,
        why=_WHY,
    )


_UNGUARDED = {"warnings": ("genlabel.signer.unguarded",)}
CASES: tuple[Case, ...] = (
    _case(GUARDED, lambda: signed(chain(), {}), {}),
    _case("the certificates by their old name, honest", lambda: signed(chain("x5chain"), {}), {}),
    _case(
        "certificates outside under a claim of version 1, honest",
        lambda: signed({}, chain("x5chain"), version=1),
        {},
    ),
    _case(
        "the certificates are not signed",
        lambda: signed({}, chain()),
        {
            **{"form": "unknown", "state": "invalid"},
            "warnings": ("genlabel.form.unchecked", "genlabel.signer.unguarded"),
        },
    ),
    _case(
        "the certificates by their old name are not signed",
        lambda: signed({}, chain("x5chain")),
        _UNGUARDED,
    ),
    _case("the certificates twice", lambda: signed(chain(), chain()), TWO),
    _case(
        "the certificates by both names", lambda: signed({**chain(), **chain("x5chain")}, {}), TWO
    ),
    _case(
        "a stranger's certificates beside them",
        lambda: signed(chain(), chain("x5chain", Chain.new("Stranger Ltd"))),
        {**TWO, "form": "unknown", "warnings": ("genlabel.form.unchecked",)},
    ),
    _case(
        "a stranger's certificates by the old name among what is signed",
        lambda: signed({**chain(), **chain("x5chain", Chain.new("Stranger Ltd"))}, {}),
        TWO,
    ),
    _case(STAMPED, lambda: time.stamped(time.by(time.clock)), {"time": "proven"}),
    _case(
        "a time-stamp over the claim under a claim of version 1, honest",
        lambda: time.stamped(time.by(time.clock), legacy=True, version=1),
        {"time": "proven"},
    ),
    _case(
        "a time-stamp over the claim under a claim of version 2",
        lambda: time.stamped(time.by(time.clock), legacy=True),
        {"time": "proven", "warnings": ("genlabel.stamp.over-claim",)},
        STAMPED,
    ),
)
