"""Custom assertions: signed as they are, read back, told by inspect, and part of the label."""

from __future__ import annotations

import json

import pytest

import genlabel
from genlabel import Assertion, Label, Producer, SigningError, testing
from genlabel.operations import public_words
from genlabel.operations.signing import readback
from oracles import raw

REVIEW = Assertion("com.acme.review", {"approved": True, "desk": "caf\u00e9", "n": [1, 2.5, None]})
PLAIN = Label.generated(producer=Producer("Acme Studio"))
LABEL = Label.generated(producer=Producer("Acme Studio"), assertions=[REVIEW])


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "tiff", "gif", "avif"])
def test_it_is_signed_in_every_container_and_seen_again(signer, authority, kind):
    signed = genlabel.sign(testing.picture(kind), LABEL, signer)
    seen = genlabel.inspect(signed.data)
    assert json.loads(seen.manifest.custom["com.acme.review"]) == REVIEW.data
    assert "com.acme.review" in seen.manifest.assertions
    report = genlabel.verify(signed.data, trust=authority.anchors)
    assert (report.integrity, report.form, report.findings) == ("intact", "well-formed", ())
    assert "com.acme.review" in genlabel.render([seen], "text", verbose=True)


def test_who_signs_vouches_for_it_unless_it_is_passed_on(signer):
    for attribution, created in (("created", True), ("gathered", False)):
        signed = genlabel.sign(testing.picture("png"), LABEL, signer, attribution=attribution)
        document = raw.read(signed.data, "image/png").manifests
        active = document["manifests"][document["active_manifest"]]
        (found,) = [each for each in active["assertions"] if each["label"] == REVIEW.label]
        assert (found.get("created") is True) == created


def test_another_assertion_is_another_label(signer):
    signed = genlabel.sign(testing.picture("png"), LABEL, signer)
    assert genlabel.sign(signed.data, LABEL, signer).outcome == "unchanged"
    other = Label.generated(
        producer=Producer("Acme Studio"), assertions=[Assertion("com.acme.review", {"n": 1})]
    )
    for label in (PLAIN, other):
        assert genlabel.sign(signed.data, label, signer).outcome == "signed"
    plain = genlabel.sign(testing.picture("png"), PLAIN, signer)
    assert genlabel.sign(plain.data, LABEL, signer).outcome == "signed"


def test_an_identity_attests_it_too(signer):
    from genlabel import Identity

    acme = testing.Authority.new("Acme Studio", identity=True).signer()
    signed = genlabel.sign(testing.picture("png"), LABEL, signer, identity=Identity(acme))
    assert REVIEW.label in signed.report.identities[0].references


def test_one_that_is_not_signed_as_it_was_given_is_refused(signer, monkeypatch):
    comparable, defined = readback._comparable, []

    def forgetful(assertion):
        label, created, data = comparable(assertion)
        if label == REVIEW.label and not defined:  # what was signed comes first
            defined.append(data)
            return label, created, {**data, "desk": "cafe"}
        return label, created, data

    monkeypatch.setattr(readback, "_comparable", forgetful)
    with pytest.raises(SigningError, match=r"com\.acme\.review"):
        genlabel.sign(testing.picture("png"), LABEL, signer)


def test_every_word_and_number_of_it_is_shown_before_it_is_public(signer):
    signed = genlabel.sign(testing.picture("png"), LABEL, signer)
    shown = {(each.where, each.text) for each in public_words.of(signed.data)}
    for name, text in (("approved", "true"), ("desk", "caf\u00e9"), ("n", "1"), ("n", "2.5")):
        assert (f"manifest com.acme.review {name}", text) in shown
