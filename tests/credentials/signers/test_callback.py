"""Signers that are asked: anybody's errors come out whole, and nobody's word is taken."""

from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding

import genlabel
from genlabel import CallbackSigner, Labeller, Outcome, testing
from genlabel.credentials.x509 import key as keys
from genlabel.model.errors import CredentialError, EngineError, SigningError


@pytest.fixture
def asking(chain_for):
    def make(ask, private=None):
        private = private or keys.new("es256")
        chain = chain_for(private.public_key())
        return CallbackSigner.asking(ask, chain, name="the safe"), private

    return make


class OnFire(RuntimeError):
    """An exception that genlabel has never heard of."""


def test_what_a_signer_raises_reaches_the_caller_as_the_cause(asking, picture, label):
    flames = OnFire("the safe burns")

    def ask(data):
        raise flames

    signer, _ = asking(ask)
    with pytest.raises(SigningError, match=r"the safe: .*OnFire: the safe burns") as told:
        genlabel.sign(picture, label, signer)
    assert told.value.__cause__ is flames


@pytest.mark.parametrize("error", [EngineError("ours", remedy="do"), CredentialError("ours")])
def test_our_own_errors_are_not_wrapped(asking, picture, label, error):
    def ask(data):
        raise error

    with pytest.raises(type(error)) as told:
        genlabel.sign(picture, label, asking(ask)[0])
    assert told.value is error


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
def test_an_exit_that_a_signer_asks_for_is_no_label(asking, picture, label, end):
    def ask(data):
        raise end

    with pytest.raises(end):
        genlabel.sign(picture, label, asking(ask)[0])


def test_nothing_is_logged_or_printed_of_a_failing_signer(asking, picture, label, caplog, capfd):
    def ask(data):
        raise OnFire("PIN 1234 in the text of somebody's exception")

    with pytest.raises(SigningError):
        genlabel.sign(picture, label, asking(ask)[0])
    assert caplog.text == ""
    assert capfd.readouterr() == ("", "")


def test_what_is_asked_need_not_be_hashable(chain_for, picture, label, good):
    private = keys.new("es256")

    @dataclass
    class Service:
        calls: list

        def __call__(self, data):
            self.calls.append(len(data))
            return private.sign(data, ec.ECDSA(hashes.SHA256()))

    service = Service([])
    signed = good(CallbackSigner.asking(service, chain_for(private.public_key())))
    assert len(service.calls) == 1
    assert signed.outcome is Outcome.SIGNED


class OwnSigner:
    """A signer that somebody wrote against the protocol alone, and that does what it is told."""

    def __init__(self, model, answer):
        self._model = model
        self.sign = answer
        for name in ("algorithm", "chain_pem", "organisation", "common_name", "serial",
                     "not_valid_after", "fingerprint"):  # fmt: skip
            setattr(self, name, getattr(model, name))

    def private_key_pem(self):
        return None


def test_a_class_of_ones_own_is_a_signer_and_checked_like_any(picture, label, encypher):
    authority = testing.Authority.new("Acme Ltd")
    signer = authority.signer()
    signed = genlabel.sign(picture, label, OwnSigner(signer, signer.sign))
    assert encypher.verify(signed.data, "image/jpeg", authority.anchors).accepted
    other = testing.Authority.new("Acme Ltd").signer()
    with pytest.raises(SigningError, match="OwnSigner: the signature was made by another key"):
        genlabel.sign(picture, label, OwnSigner(signer, other.sign))

    def fails(data):
        raise OnFire

    with pytest.raises(SigningError, match="OwnSigner: the signer failed with OnFire") as told:
        genlabel.sign(picture, label, OwnSigner(signer, fails))
    assert isinstance(told.value.__cause__, OnFire)


def rsa_pss(private, data, digest, salt):
    return private.sign(data, padding.PSS(padding.MGF1(digest), salt), digest)


WRONG = {
    "v1.5": (
        lambda key, data: key.sign(data, padding.PKCS1v15(), hashes.SHA256()),
        "v1.5 and SHA256",
    ),
    "hash": (lambda key, data: rsa_pss(key, data, hashes.SHA512(), 64), "RSA-PSS and SHA512"),
    "salt": (lambda key, data: rsa_pss(key, data, hashes.SHA256(), 20), "salt of another length"),
    "short": (lambda key, data: b"\1" * 255, "255 bytes is no ps256 signature"),
    "nothing": (lambda key, data: b"", "answered with nothing"),
    "text": (lambda key, data: b"A" * 20_000, "20,000 bytes are no signature"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_an_rsa_key_did_instead_is_named(asking, name, picture, label):
    private = keys.new("ps256")
    answer, sentence = WRONG[name]
    signer, _ = asking(lambda data: answer(private, data), private=private)
    with pytest.raises(SigningError, match=sentence):
        genlabel.sign(picture, label, signer)


def test_der_of_another_curve_is_no_signature(asking):
    other = keys.new("es512")
    signer, _ = asking(lambda data: other.sign(data, ec.ECDSA(hashes.SHA512())))
    with pytest.raises(SigningError, match="no es256 signature"):
        signer.sign(b"claim")


def test_an_algorithm_that_is_not_the_keys_is_refused_before_anything_is_asked(chain_for):
    chain = chain_for(keys.new("es256").public_key())
    with pytest.raises(CredentialError, match="needs an RSA key"):
        CallbackSigner.asking(lambda data: pytest.fail("asked"), chain, algorithm="ps256")


def test_a_key_that_can_be_had_goes_to_the_engine_and_nobody_is_asked(picture, label, monkeypatch):
    """A signer that hands over its key pays nothing of what a callback costs."""
    authority = testing.Authority.new("Acme Ltd")
    signer = authority.signer()
    asked = CallbackSigner.asking(signer.sign, authority.certificates)
    for kind in ("jpeg", "avif"):
        drawn = testing.picture(kind)
        monkeypatch.setattr(keys, "sign", lambda *words: pytest.fail("asked"))
        small = genlabel.sign(drawn, label, signer).data
        monkeypatch.undo()
        grown = {
            way: len(genlabel.sign(drawn, label, asked, sealing=way).data) - len(small)
            for way in ("genlabel", "engine")
        }
        assert -100 < grown["genlabel"] < 100  # docs/signers.md says so
        assert 9_000 < grown["engine"] < 12_000


def test_a_signer_that_dies_half_way_leaves_whole_files_and_writes_no_other(
    tmp_path, picture, label, asking
):
    left = [2]
    private = keys.new("es256")

    def ask(data):
        if not left[0]:
            raise OnFire
        left[0] -= 1
        return private.sign(data, ec.ECDSA(hashes.SHA256()))

    signer, _ = asking(ask, private=private)
    for name in "abcd":
        (tmp_path / f"{name}.jpg").write_bytes(picture)
    out = tmp_path / "out"
    reports = list(
        Labeller(signer=signer).sign_files(sorted(tmp_path.glob("*.jpg")), label, out=out)
    )
    assert [each.outcome for each in reports] == [Outcome.SIGNED] * 2 + [Outcome.FAILED] * 2
    assert sorted(each.name for each in out.iterdir()) == ["a.jpg", "b.jpg"]
    for each in out.iterdir():
        assert genlabel.verify_file(each).integrity is genlabel.Integrity.INTACT
    assert all("OnFire" in each.error.message for each in reports[2:])
