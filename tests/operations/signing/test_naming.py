"""A name that the certificate does not bear is told when it is signed, as `verify` will tell it."""

from __future__ import annotations

import pytest

import genlabel
from genlabel import Identity, Label, Producer, Trust, testing
from genlabel.testing import Authority

CODES = ("genlabel.producer.differs", "genlabel.identity.differs", "genlabel.identity.other-signer")
FIRM = Authority.new("Firm Ltd")
OTHER = Authority.new("Other Ltd", identity=True)


def told(signed):
    return [(each.code, each.severity) for each in signed.findings if each.code in CODES]


def by(name):
    return Label.generated(producer=Producer(name))


def test_a_producer_who_is_not_the_certificates_holder_is_told():
    signed = genlabel.sign(testing.picture("png"), by("Somebody"), FIRM.signer())
    assert told(signed) == [("genlabel.producer.differs", "warning")]
    (finding,) = (each for each in signed.findings if each.code in CODES)
    assert "'Somebody' as producer; the certificate names 'Firm Ltd'" in finding.explanation
    report = genlabel.verify(signed.data, trust=testing.trust(FIRM))
    assert finding in report.findings


def test_the_holder_and_names_that_the_user_allows_are_told_by_nothing():
    assert told(genlabel.sign(testing.picture("png"), by("Firm Ltd"), FIRM.signer())) == []
    trust = Trust.of(producers={"Firm Ltd": ["A Brand"]})
    signed = genlabel.sign(testing.picture("png"), by("A Brand"), FIRM.signer(), trust=trust)
    assert told(signed) == []


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Other Ltd", ["genlabel.identity.other-signer"]),
        ("Somebody", list(CODES)),
        ("Firm Ltd", ["genlabel.identity.differs", "genlabel.identity.other-signer"]),
    ],
)
def test_an_identity_that_is_not_the_producers_is_told(name, codes):
    signed = genlabel.sign(
        testing.picture("png"),
        by(name),
        FIRM.signer(),
        identity=Identity(OTHER.signer()),
        trust=testing.trust(OTHER),
    )
    assert [code for code, _ in told(signed)] == codes
