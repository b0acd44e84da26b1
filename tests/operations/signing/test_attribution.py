"""What is signed for others is passed on as gathered: the signer does not vouch for it."""

from __future__ import annotations

import pytest

import genlabel
from genlabel.credentials.identity import Identity
from genlabel.model.errors import ConfigurationError
from genlabel.model.label import Label
from genlabel.model.parties import Generator, ProducerBasis, Rights
from genlabel.model.results import Outcome
from genlabel.testing import Authority, picture, trust as trust_in
from histories import ACME, MIMES
from oracles import raw

LABEL = Label.generated(
    producer=ACME, generator=Generator("ModelX"), rights=Rights(creator=("Ada",), credit="Acme")
)
GATHERED = "genlabel.claim.gathered"


@pytest.mark.parametrize("format", MIMES)
def test_gathered_metadata_are_nobody_s_word_and_the_history_is_the_signer_s(
    format, signer, trust, rubric
):
    for attribution in ("created", "gathered"):
        signed = genlabel.sign(picture(format), LABEL, signer, attribution=attribution, trust=trust)
        report, is_gathered = signed.report, attribution == "gathered"
        assert report.declared.attested, "how the picture came to be is the signer's own word"
        assert not report.declared.producer_attested
        basis = ProducerBasis.CLAIM if is_gathered else ProducerBasis.SIGNER
        assert report.declared.producer_basis is basis
        assert (GATHERED in [each.code for each in report.findings]) is is_gathered
        verdicts = rubric.judge(raw.crjson(signed.data, MIMES[format], trust))
        assert [check for check, said in verdicts.items() if said is not True] == []


def test_it_is_another_label_than_one_that_the_signer_vouches_for(signer):
    gathered = genlabel.sign(picture("png"), LABEL, signer, attribution="gathered")
    again = genlabel.sign(gathered.data, LABEL, signer, attribution="gathered")
    assert again.outcome is Outcome.UNCHANGED
    vouched = genlabel.sign(gathered.data, LABEL, signer)
    assert vouched.outcome is Outcome.SIGNED
    assert genlabel.sign(vouched.data, LABEL, signer).outcome is Outcome.UNCHANGED


def test_an_identity_may_vouch_for_what_the_signer_only_passes_on():
    platform, acme = Authority.new("Platform"), Authority.new("Acme Studio", identity=True)
    signed = genlabel.sign(
        picture("png"),
        LABEL,
        platform.signer(),
        attribution="gathered",
        identity=Identity(acme.signer()),
        trust=trust_in(platform, acme),
    )
    assert signed.report.declared.producer_attested
    assert GATHERED not in [each.code for each in signed.report.findings]


def test_another_attribution_is_a_sentence(signer):
    with pytest.raises(ConfigurationError, match="attribution"):
        genlabel.sign(picture("png"), LABEL, signer, attribution="assumed")
