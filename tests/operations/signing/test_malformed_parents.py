"""A parent whose manifest breaks a rule of form is a parent; what we sign ourselves keeps them."""

from __future__ import annotations

from dataclasses import replace

import pytest

import genlabel
from forgeries import forge
from forgeries.form import ingredient
from genlabel.model.errors import ExistingManifest, SigningError
from genlabel.model.label import Label
from genlabel.model.parties import Generator, Producer
from genlabel.model.report import Form, Integrity, Lineage
from genlabel.operations.signing import readback
from genlabel.operations.verify import examine
from genlabel.testing import Authority, picture

EDIT = Label.edited(producer=Producer("Acme Studio"))
WITH = Label.edited(producer=Producer("Acme Studio"), generator=Generator("FLUX.1"))


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.new("Acme Studio")


def without_actions() -> bytes:
    return forge.embedded(picture("png"), replace(forge.generated(forge.forger()), assertions=()))


def test_a_malformed_parent_is_a_parent_and_told(authority):
    signed = genlabel.sign(without_actions(), EDIT, authority.signer())
    assert "genlabel.parent.malformed" in [each.code for each in signed.findings]
    assert (signed.report.integrity, signed.report.form) == (Integrity.INTACT, Form.WELL_FORMED)
    assert signed.report.lineage is Lineage.INTACT
    told = {each.code: each.severity.value for each in signed.report.findings}
    assert told["assertion.action.malformed"] == "warning"


def test_a_well_formed_parent_is_told_as_nothing(authority):
    whole = forge.embedded(picture("png"), forge.generated(forge.forger()))
    signed = genlabel.sign(whole, EDIT, authority.signer())
    assert "genlabel.parent.malformed" not in [each.code for each in signed.findings]


def test_a_parent_that_the_engine_does_not_open_is_refused_with_a_remedy(authority):
    draft = forge.generated(forge.forger()).with_(ingredient("cousinOf"))
    data = forge.embedded(picture("png"), draft)
    with pytest.raises(ExistingManifest, match="cannot be checked by the C2PA engine") as raised:
        genlabel.sign(data, EDIT, authority.signer())
    assert "--existing replace" in str(raised.value.remedy)
    assert "--accept-broken-parent" in str(raised.value.remedy)
    signed = genlabel.sign(data, WITH, authority.signer(), accept_broken_parent=True)
    told = [each.code for each in signed.findings]  # a broken parent's word is only inherited
    assert told == ["genlabel.parent.broken"]
    assert "genlabel.claim.inherited" in [each.code for each in signed.report.findings]
    assert [each.manifest_id for each in signed.report.ingredients] == [None]


def test_what_is_signed_must_read_back_well_formed(authority, monkeypatch):
    def malformed(*args, **options):
        examination = examine(*args, **options)
        return replace(examination, report=replace(examination.report, form=Form.MALFORMED))

    monkeypatch.setattr(readback, "examine", malformed)
    label = Label.generated(producer=Producer("Acme Studio"))
    with pytest.raises(SigningError, match="not well-formed"):
        genlabel.sign(picture("png"), label, authority.signer())
