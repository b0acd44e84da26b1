"""A signer is let go of, and its key with it, as soon as nobody has it who was given it."""

from __future__ import annotations

import gc
import weakref

import pytest

import genlabel
from genlabel.credentials.identity import Identity, IdentityForm
from genlabel.credentials.signer import certificate_of
from genlabel.manifests.engine import placeholder, signers, signing
from genlabel.model.label import Label
from genlabel.pixels.smallest import smallest
from genlabel.testing import Authority
from histories import ACME, FLUX

LABEL = Label.generated(producer=ACME, generator=FLUX)


class ByCallback:
    """A signer of somebody else's, whose key stays where it is."""

    def __init__(self, own):
        self._own = own
        self.algorithm, self.chain_pem = own.algorithm, own.chain_pem

    def private_key_pem(self):
        return None

    def sign(self, data):
        return self._own.sign(data)


class WithKey(ByCallback):
    def private_key_pem(self):
        return self._own.private_key_pem()


KINDS = {"own": lambda own: own, "by callback": ByCallback, "another's": WithKey}


def _let_go(make, sign):
    """Is what `make` gives let go of when `sign` has signed with it, before anybody collects?"""
    gc.collect()
    gc.disable()
    try:
        signer = make()
        for _ in range(3):  # what is known of a shape is used
            sign(signer)
        gone = weakref.ref(signer)
        del signer
        return gone() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("family", ["png", "jpeg", "mp4"])
def test_a_signer_is_let_go_of_at_once(family, kind):
    data = smallest(family)
    assert _let_go(
        lambda: KINDS[kind](Authority.new("Acme Studio").signer()),
        lambda signer: genlabel.sign(data, LABEL, signer),
    )


@pytest.mark.parametrize(
    "options",
    [{"sealing": "engine"}, {"sidecar": True}, {"existing": "replace"}, {"show_public": True}],
    ids=str,
)
def test_so_it_is_however_it_has_signed(options):
    data = genlabel.sign(smallest("png"), LABEL, Authority.new("Another").signer()).data
    beside = options.get("sidecar")
    assert _let_go(
        lambda: Authority.new("Acme Studio").signer(),
        lambda signer: genlabel.sign(smallest("png") if beside else data, LABEL, signer, **options),
    )


@pytest.mark.parametrize("form", IdentityForm)
def test_so_is_an_identitys_while_the_claims_is_still_there(form, signer):
    def sign(attesting):
        identity = Identity(attesting, form=form)
        genlabel.sign(smallest("png"), LABEL, signer, identity=identity)

    assert _let_go(lambda: Authority.new("Somebody").signer(), sign)


def test_what_the_engine_has_of_it_goes_with_it():
    before = [{*each._kept._kept} for each in (signers, signing)]
    assert _let_go(
        lambda: Authority.new("Acme Studio").signer(),
        lambda signer: genlabel.sign(smallest("png"), LABEL, signer),
    )
    assert [{*each._kept._kept} for each in (signers, signing)] == before


def test_while_somebody_has_it_the_engine_is_asked_once(monkeypatch, signer):
    made = []
    monkeypatch.setattr(
        signing,
        "holding",
        lambda *words, ask=signing.holding: made.append(words) or ask(*words),
    )
    signing._kept._kept.clear()
    for _ in range(3):
        genlabel.sign(smallest("png"), LABEL, signer)
    assert len(made) == 1


def test_a_signer_to_which_nobody_can_refer_weakly_signs_all_the_same():
    class Slotted:
        __slots__ = ("algorithm", "chain_pem", "own")

        def __init__(self, own):
            self.own, self.algorithm, self.chain_pem = own, own.algorithm, own.chain_pem

        def private_key_pem(self):
            return self.own.private_key_pem()

        def sign(self, data):
            return self.own.sign(data)

    signer = Slotted(Authority.new("Acme Studio").signer())
    with pytest.raises(TypeError):
        weakref.ref(signer)
    signed = genlabel.sign(smallest("png"), LABEL, signer)
    assert signed.report.signer.serial == certificate_of(signer).serial


def test_what_is_kept_of_a_shape_has_no_key(signer):
    genlabel.sign(smallest("png"), LABEL, signer)
    kept = [part for shape in placeholder._kept for part in shape]
    assert signer.chain_pem in kept
    assert all(isinstance(part, str | bytes) for part in kept)
