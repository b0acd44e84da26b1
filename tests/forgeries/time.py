"""Forgeries by time-stamps: whoever has the key of an ended certificate says that it is long ago.

C2PA 2.4 §15.8. Every picture is signed with a certificate that ended a month ago.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from forgeries.case import Case, Made
from forgeries.forge import embedded, generated, put
from genlabel import formats
from genlabel.credentials.trust import Trust
from genlabel.testing import picture
from oracles.chain import Chain
from stamps import DAY, NOW, STAMPING, Clock, filled, token, with_tokens

FAMILY = "time"
INSIDE, OUTSIDE = NOW - 100 * DAY, NOW - 10 * DAY
STAMPED, OVER_CLAIM = "stamped before its end, honest", "stamped over the claim, honest"
ENDED = {"validity": "expired", "state": "invalid", "attested": False}
CLAIMED = {**ENDED, "validity": "unprovable", "time": "claimed"}
_NO_TIME = {
    "c2pa-ts": "c2pa-ts answers `signingCredential.invalid` to a certificate that has ended, "
    "whatever time-stamp there is",
}
_LEGACY = {
    **_NO_TIME,
    "engine": "c2pa-python calls every time-stamp over the claim trusted, whoever made it",
    "encypher": "encypher-c2pa reads no time-stamps over the claim",
}
_LENIENT = {
    **_NO_TIME,
    "engine": "c2pa-python accepts tokens that RFC 3161 §2.4.2, RFC 5816 or C2PA 2.4 §13.1 forbid",
    "encypher": "encypher-c2pa does not ask which certificate a token names (RFC 5816)",
}
_UNFIT = {
    **_NO_TIME,
    "engine": "c2pa-python asks an authority's certificate for less than C2PA 2.4 §14.5.1 does, "
    "and not how exact a time is",
    "encypher": "encypher-c2pa does not ask how exact a time is",
}
_ANY_ANCHOR = {
    **_NO_TIME,
    "engine": "c2pa-python lets anchors of every kind vouch for time-stamps",
}


@cache
def ended() -> Chain:
    """A credential that ended a month ago."""
    return Chain.new("Forger Ltd", not_before=NOW - 400 * DAY, not_after=NOW - 30 * DAY)


@cache
def clock() -> Clock:
    return Clock.new(begins=NOW - 900 * DAY)


@cache
def liar(**how: Any) -> Clock:
    return Clock.new(**how)


def trusted(**kinds: list[bytes]) -> Trust:
    """The signer's root, and the clock's where it belongs or as said."""
    kinds.setdefault("tsa", [clock().anchors])
    return Trust.of(**{"signers": [ended().anchor], **kinds})


@cache
def _unstamped(version: int) -> bytes:
    room = {"pad": bytes(4000)}
    return embedded(picture("png"), generated(ended(), unprotected=room, version=version))


def stamped(
    make: Callable[[bytes], bytes] | None = None,
    *,
    legacy: bool = False,
    version: int = 2,
    tokens: dict[str, list[bytes]] | None = None,
    trust: Callable[[], Trust] = trusted,
) -> Made:
    """A picture with a time-stamp by `make`, or with headers as they are."""
    data = _unstamped(version)
    store = formats.identify(data).survey(data).manifest
    assert store is not None
    if make is not None:
        store = filled(store, make, legacy=legacy)
    return Made(data=put(data, with_tokens(store, tokens or {})), trust=trust())


def by(which: Callable[[], Clock], **how: Any) -> Callable[[bytes], bytes]:
    """Time-stamps by a clock, before the end unless said otherwise."""
    return lambda message: token(message, which(), **{"moment": INSIDE, **how})


def of_a_clock(moment: datetime = INSIDE, **how: Any) -> Made:
    """Stamped by an authority of its own kind, which is named as an anchor."""
    clock = Clock.new(**{"begins": NOW - 900 * DAY, **how})
    return stamped(by(lambda: clock, moment=moment), trust=lambda: trusted(tsa=[clock.anchors]))


def of_a_clock_that_ended() -> Made:
    return of_a_clock(ends=NOW - 50 * DAY)


def answered() -> Made:
    """As an authority answers, and as C2PA kept it up to 2.0."""
    return stamped(by(clock, answered=True))


def vague(seconds: int) -> Made:
    """Stamped shortly before the end, to within so many seconds."""
    moment = NOW - 30 * DAY - timedelta(minutes=10)
    return stamped(by(clock, moment=moment, accuracy={"seconds": seconds}))


def _case(
    name: str,
    make: Callable[[], Made],
    differs: Mapping[str, Any],
    *,
    why: Mapping[str, str] = _LENIENT,
) -> Case:
    honest = name.endswith("honest")
    return Case(
        family=FAMILY,
        name=name,
        make=make,
        differs=differs,
        control=None if honest else (OVER_CLAIM if why is _LEGACY else STAMPED),
        why=why,
    )


def _warned(word: str, **differs: Any) -> Mapping[str, Any]:
    return {**ENDED, "warnings": (f"timeStamp.{word}",), **differs}


def other(message: bytes) -> bytes:
    return token(message + b"?", clock(), moment=INSIDE)


LIARS: dict[str, Callable[[], Clock]] = {
    "a stranger": lambda: liar(name="Stranger"),
    "a stranger by the name of our anchor": lambda: liar(
        name="x trust list: genlabel:tsa:known:1 "
    ),
    "a stranger by the name of the signer's": lambda: liar(
        name="x trust list: genlabel:signer:known:0 "
    ),
}
MAIL = (ExtendedKeyUsageOID.EMAIL_PROTECTION,)
FAULTY: dict[str, tuple[Callable[[bytes], bytes], Mapping[str, Any]]] = {
    "about something else": (other, _warned("mismatch")),
    "without its content's digest": (
        by(clock, without=("message_digest",)),
        _warned("malformed"),
    ),
    "without its certificate's name": (
        by(clock, without=("signing_certificate_v2",)),
        _warned("malformed"),
    ),
    "that names another certificate": (by(clock, named=liar(name="Other")), _warned("mismatch")),
    "by two parties": (by(clock, signers=2), _warned("malformed")),
    "over SHA-1": (by(clock, digest="sha1"), _warned("untrusted")),
    "without a certificate": (by(clock, embedded=False), _warned("untrusted")),
    "from tomorrow": (by(clock, moment=NOW + DAY), _warned("untrusted", time="claimed")),
    "from before its authority": (
        by(clock, moment=NOW - 950 * DAY),
        _warned("outsideValidity", time="claimed"),
    ),
    "by a certificate for e-mail": (
        by(lambda: liar(ekus=MAIL)),
        {**CLAIMED, "warnings": ("timeStamp.credentialInvalid",)},
    ),
    "that is none": (lambda message: b"0", _warned("malformed")),
}

UNFIT: dict[str, dict[str, Any]] = {
    "for time-stamps, and not critically": {"critical": False},
    "for time-stamps and e-mail": {"ekus": (*STAMPING, *MAIL)},
    "for nothing that it names": {"ekus": ()},
    "that is an authority's": {"authority": True, "usage": "key_cert_sign"},
    "that may not sign": {"usage": "key_encipherment"},
    "with a short key": {"key": rsa.generate_private_key(65537, 1024)},
}
"""Certificates that give no time-stamps (C2PA 2.4 §14.5.1.1)."""

CASES: tuple[Case, ...] = (
    _case(STAMPED, lambda: stamped(by(clock)), {"time": "proven"}),
    _case(
        OVER_CLAIM,
        lambda: stamped(by(clock), legacy=True, version=1),
        {"time": "proven"},
        why=_LEGACY,
    ),
    _case("never stamped", stamped, ENDED),
    *(
        _case(
            f"stamped by {name}{' over the claim' if legacy else ''}",
            lambda who=who, legacy=legacy: stamped(
                by(who), legacy=legacy, version=1 if legacy else 2
            ),
            CLAIMED,
            why=_LEGACY if legacy else _LENIENT,
        )
        for name, who in LIARS.items()
        for legacy in (False, True)
    ),
    *(
        _case(f"a time-stamp {name}", lambda make=make: stamped(make), differs)
        for name, (make, differs) in FAULTY.items()
    ),
    _case(
        "stamped after its end",
        lambda: stamped(by(clock, moment=OUTSIDE)),
        {**ENDED, "time": "proven", "trust": "unknown"},
    ),
    _case(
        "stamped under an anchor for signers",
        lambda: stamped(
            by(clock), trust=lambda: trusted(signers=[ended().anchor, clock().anchors], tsa=[])
        ),
        CLAIMED,
        why=_ANY_ANCHOR,
    ),
    _case(
        "stamped under an anchor for identities",
        lambda: stamped(by(clock), trust=lambda: trusted(identity=[clock().anchors], tsa=[])),
        CLAIMED,
        why=_ANY_ANCHOR,
    ),
    _case(
        "no time-stamp in its container",
        lambda: stamped(tokens={"sigTst2": []}),
        _warned("malformed"),
    ),
    _case(
        "two time-stamps in one container",
        lambda: stamped(tokens={"sigTst2": [b"0", b"1"]}),
        _warned("malformed"),
    ),
    _case("stamped by one who has ended since, honest", of_a_clock_that_ended, {"time": "proven"}),
    _case(
        "a whole answer as a time-stamp, honest",
        answered,
        {"time": "proven"},
        why={**_NO_TIME, "encypher": "encypher-c2pa reads a token there, and no whole answer"},
    ),
    _case("stamped to within some minutes, honest", lambda: vague(60), {"time": "proven"}),
    *(
        _case(
            f"stamped with a certificate {name}",
            lambda how=how: of_a_clock(**how),
            {**CLAIMED, "warnings": ("timeStamp.credentialInvalid",)},
            why=_UNFIT,
        )
        for name, how in UNFIT.items()
    ),
    _case(
        "stamped by one who had ended",
        lambda: of_a_clock(ends=NOW - 150 * DAY),
        {**CLAIMED, "warnings": ("timeStamp.outsideValidity",)},
        why=_UNFIT,
    ),
    _case("stamped to within a day", lambda: vague(86_400), _warned("untrusted"), why=_UNFIT),
    _case(
        "stamped to within the end of the certificate",
        lambda: vague(3_000),
        {**ENDED, "time": "proven", "trust": "unknown"},
        why=_UNFIT,
    ),
)
