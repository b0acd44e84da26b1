"""What a time-stamp token proves: the honest ones of every kind, and what is wrong with others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings, strategies as st

from genlabel.credentials.timestamps import verify
from genlabel.credentials.trust import Trust
from patience import within
from stamps import DAY, HOUR, NOW, STAMPING, Clock, token

MESSAGE = b"a signature"
MALFORMED, MISMATCH, UNTRUSTED, OUTSIDE, CREDENTIAL, TRUSTED = (
    f"timeStamp.{word}"
    for word in (
        *("malformed", "mismatch", "untrusted", "outsideValidity", "credentialInvalid"),
        "trusted",
    )
)


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock.new()


@pytest.fixture(scope="module")
def whole(clock) -> bytes:
    return token(MESSAGE, clock)


@pytest.fixture(scope="module")
def rsa_clock() -> Clock:
    return Clock.new(key=rsa.generate_private_key(65537, 2048))


def judged(der: bytes, clock: Clock, message: bytes = MESSAGE) -> verify.TimeStamp:
    return verify.judged(der, message, Trust.of(tsa=clock.anchors), now=NOW)


def test_an_honest_token_proves_its_moment(clock):
    stamp = judged(token(MESSAGE, clock, accuracy={"seconds": 2, "millis": 500}), clock)
    assert (stamp.code, stamp.reason, stamp.moment) == (TRUSTED, None, NOW - HOUR)
    assert stamp.latest == NOW - HOUR + timedelta(seconds=2.5)
    assert stamp.authority == "'Acme Clock'"
    assert stamp.anchors is not None


HONEST = {
    "SHA-384": {"digest": "sha384"},
    "SHA-512": {"digest": "sha512"},
    "an answer whole": {"answered": True},
    "the older name of the certificate": {"naming": "signing_certificate"},
    "no accuracy": {"accuracy": None},
    "a clock a little ahead": {"moment": NOW + timedelta(minutes=5)},
}


@pytest.mark.parametrize("kind", HONEST)
def test_every_form_that_is_allowed_is_read(clock, kind):
    assert judged(token(MESSAGE, clock, **HONEST[kind]), clock).code == TRUSTED


@pytest.mark.parametrize("pss", [False, True], ids=["PKCS1v15", "PSS"])
def test_rsa_signs_tokens_too(rsa_clock, pss):
    assert judged(token(MESSAGE, rsa_clock, pss=pss), rsa_clock).code == TRUSTED


@pytest.mark.parametrize(
    "key",
    [ec.generate_private_key(ec.SECP384R1()), ed25519.Ed25519PrivateKey.generate()],
    ids=["P-384", "Ed25519"],
)
def test_other_curves_sign_tokens_too(key):
    clock = Clock.new(key=key)
    assert judged(token(MESSAGE, clock), clock).code == TRUSTED


FORGED = {
    "a moment in the future": ({"moment": NOW + HOUR}, UNTRUSTED, "future"),
    "a hash that can be forged": ({"digest": "sha1"}, UNTRUSTED, "hash"),
    "no attributes": (
        {"without": ("content_type", "message_digest", "signing_certificate_v2")},
        MALFORMED,
        "signed attributes",
    ),
    "no content type": ({"without": ("content_type",)}, MALFORMED, "content_type"),
    "no digest": ({"without": ("message_digest",)}, MALFORMED, "message_digest"),
    "no certificate named": ({"without": ("signing_certificate_v2",)}, MALFORMED, "certificate"),
    "two signers": ({"signers": 2}, MALFORMED, "2 parties"),
    "nobody": ({"signers": 0}, MALFORMED, "0 parties"),
    "no certificate": ({"embedded": False}, UNTRUSTED, "left its certificate out"),
    "a vague moment": ({"accuracy": {"seconds": 90_000}}, UNTRUSTED, "vaguely"),
    "before its authority": ({"moment": NOW - 500 * DAY}, OUTSIDE, "not valid then"),
}


@pytest.mark.parametrize("kind", FORGED)
def test_what_is_wrong_with_a_token_proves_nothing(clock, kind):
    options, code, reason = FORGED[kind]
    stamp = judged(token(MESSAGE, clock, **options), clock)
    assert stamp.code == code
    assert reason in stamp.reason
    assert stamp.anchors is None


@pytest.mark.parametrize("naming", ["signing_certificate", "signing_certificate_v2"])
def test_a_token_that_names_another_certificate_is_none(clock, naming):
    der = token(MESSAGE, clock, naming=naming, named=Clock.new())
    assert judged(der, clock).code == MISMATCH


def test_a_token_about_something_else_is_none(clock):
    stamp = judged(token(b"another", clock), clock)
    assert (stamp.code, stamp.intact) == (MISMATCH, False)


def test_a_token_by_another_key_is_none(clock):
    other = Clock(Clock.new().key, clock.certificate, clock.root)
    stamp = judged(token(MESSAGE, other), clock)
    assert (stamp.code, stamp.intact) == (MISMATCH, False)


CERTIFICATES = {
    "e-mail": {"ekus": (ExtendedKeyUsageOID.EMAIL_PROTECTION,)},
    "e-mail, too": {"ekus": (*STAMPING, ExtendedKeyUsageOID.EMAIL_PROTECTION)},
    "any usage, too": {"ekus": (*STAMPING, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE)},
    "no usage": {"ekus": ()},
    "not critical": {"critical": False},
    "not for signatures": {"usage": "key_encipherment"},
    "an authority": {"authority": True, "usage": "key_cert_sign"},
    "a curve that is not allowed": {"key": ec.generate_private_key(ec.SECP256K1())},
}


@pytest.mark.parametrize("kind", CERTIFICATES)
def test_a_certificate_that_gives_no_time_stamps_proves_nothing(kind):
    clock = Clock.new(**CERTIFICATES[kind])
    stamp = judged(token(MESSAGE, clock), clock)
    assert stamp.code in (CREDENTIAL, UNTRUSTED)
    assert stamp.anchors is None
    assert not stamp.unlisted


def test_a_stranger_is_claimed_time_and_no_more(clock):
    stamp = judged(token(MESSAGE, Clock.new()), clock)
    assert (stamp.code, stamp.intact, stamp.unlisted) == (UNTRUSTED, True, True)


@pytest.mark.parametrize("kind", ["signers", "identity"])
def test_an_anchor_of_another_kind_vouches_for_no_time(clock, kind):
    trust = Trust.of(**{kind: clock.anchors})
    stamp = verify.judged(token(MESSAGE, clock), MESSAGE, trust, now=NOW)
    assert (stamp.code, stamp.anchors) == (UNTRUSTED, None)


@pytest.mark.parametrize(
    "name", ["x trust list: genlabel:tsa:known:0 ", "genlabel:tsa:known:0", "found in [tsa]"]
)
def test_a_name_vouches_for_nobody(clock, name):
    stamp = judged(token(MESSAGE, Clock.new(name)), clock)
    assert (stamp.code, stamp.anchors) == (UNTRUSTED, None)


def test_a_root_that_allows_none_below_it_vouches_for_its_leaf_alone():
    clock = Clock.new(depth=0)
    assert judged(token(MESSAGE, clock), clock).code == TRUSTED


def test_an_authority_that_has_ended_since_keeps_its_word():
    clock = Clock.new(ends=NOW - DAY)
    assert judged(token(MESSAGE, clock, moment=NOW - 2 * DAY), clock).code == TRUSTED
    assert judged(token(MESSAGE, clock, moment=NOW - HOUR), clock).code == OUTSIDE


HOSTILE = {
    "nothing": b"",
    "noise": bytes(range(256)),
    "depth": b"\x30\x80" * 20_000,
    "a length of a gigabyte": b"\x30\x84\x40\x00\x00\x00",
    "too much": bytes(1 << 20),
    "a set of sets": b"\x31\x82\x7f\xff" * 4_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_bytes_are_refused_in_no_time(clock, kind):
    with within(0.5):
        assert judged(HOSTILE[kind], clock).code == MALFORMED


@settings(max_examples=200)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=8))
def test_a_token_changed_anywhere_proves_nothing_else(clock, whole, place, noise):
    """Bytes that no signature covers may change; what is proven may not."""
    at = place % len(whole)
    stamp = judged(whole[:at] + noise + whole[at + len(noise) :], clock)
    if stamp.anchors is not None:
        assert stamp.moment == NOW - HOUR


@settings(max_examples=100)
@given(st.integers(0, 10_000), st.binary(max_size=40))
def test_a_token_cut_or_grown_proves_nothing(clock, whole, place, noise):
    for der in (whole[: place % len(whole)], whole + noise + b"\0"):
        assert judged(der, clock).anchors is None
