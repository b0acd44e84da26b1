"""PKCS#11, tried on a token that follows the standard and is not ours: SoftHSM."""

import logging

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

import genlabel
import hand_made_chains as made
import soft_token
from genlabel.credentials.signers.pkcs11_uri import parse
from genlabel.credentials.x509 import key
from genlabel.model.errors import ConfigurationError, CredentialError, SigningError
from issuing import MIDDLE, ROOT

ALGORITHMS = ("es256", "es384", "es512", "ps256", "ps384", "ps512", "ed25519")
_numbers = iter(range(1, 1000))


@pytest.fixture
def stored(token, chain_for):
    """A fresh key on the token and the file of its chain: label, file, key."""

    def store(algorithm="es256", label=None, number=None):
        private = key.new(algorithm)
        number = number or next(_numbers).to_bytes(2, "big")
        label = label or f"key-{number.hex()}"
        token.put(key.pkcs8(private), label, number)
        return label, chain_for(private.public_key()), private

    return store


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_key_on_a_token_signs_with_every_algorithm(token, stored, good, algorithm):
    label, certificates, _ = stored(algorithm)
    signer = genlabel.signer(
        token.uri(label), certificates=certificates, passphrase=soft_token.PIN, algorithm=algorithm
    )
    assert signer.private_key_pem() is None
    good(signer)


def test_a_chain_on_the_token_needs_no_file_and_its_root_is_left_out(token, good):
    private, number = key.new("es256"), next(_numbers).to_bytes(2, "big")
    leaf = made.leaf(MIDDLE, key=private)
    token.put(key.pkcs8(private), "whole", number)
    for place, each in enumerate((ROOT, leaf, MIDDLE)):
        name = number if each is leaf else b"\xff" + bytes([place])
        token.put_certificate(each.certificate.public_bytes(Encoding.DER), "whole-chain", name)
    signer = genlabel.signer(token.uri("whole"), passphrase=soft_token.PIN)
    assert signer.chain_pem == leaf.pem + MIDDLE.pem
    good(signer)


def test_key_and_certificate_on_the_token_are_exchanged_under_a_running_signer(token, good):
    def put(common_name):
        private, number = key.new("es256"), b"\x77"
        leaf = made.leaf(MIDDLE, key=private, organisation=common_name)
        token.put(key.pkcs8(private), "changing", number)
        der = leaf.certificate.public_bytes(Encoding.DER)
        token.put_certificate(der, "changing-chain", number)
        return str(leaf.certificate.serial_number)

    middle = MIDDLE.certificate.public_bytes(Encoding.DER)
    token.put_certificate(middle, "changing-middle", b"\x78")
    first = put("Acme Ltd")
    signer = genlabel.signer(token.uri("changing"), passphrase=soft_token.PIN)
    assert good(signer).report.signer.serial == first
    token.take("changing")
    token.take("changing-chain")
    second = put("Acme Ltd")
    assert good(signer).report.signer.serial == second != first


def test_the_pin_may_come_from_a_file(token, stored, good, tmp_path):
    label, certificates, _ = stored()
    (tmp_path / "pin").write_text(soft_token.PIN + "\n")
    uri = token.uri(label, pin_source=f"file:{tmp_path / 'pin'}")
    good(genlabel.signer(uri, certificates=certificates))


def test_a_wrong_pin_is_named_and_never_tried_twice_nor_shown(token, stored, caplog, monkeypatch):
    label, certificates, _ = stored()
    asked = []

    def answer():
        asked.append(1)
        return "0000-wrong"

    # another signer of this process may be logged in already, and then no PIN is looked at
    import pkcs11

    pkcs11.lib(token.module).reinitialize()
    from genlabel.credentials.signers import pkcs11 as hardware
    from genlabel.credentials.signers.key_source import KeyOptions

    place = hardware.of(
        token.uri(label).partition(":")[2], KeyOptions(certificates=certificates, passphrase=answer)
    )
    caplog.set_level(logging.DEBUG)
    with pytest.raises(CredentialError, match="refuses the PIN") as first:
        place.read()
    with pytest.raises(CredentialError, match="not tried again") as second:
        place.read()
    told = caplog.text + "".join(
        f"{each.value} {each.value.remedy} {each.value.__cause__!r}" for each in (first, second)
    )
    assert "0000-wrong" not in told + repr(place) + repr(vars(place)["_refused"])
    assert len(asked) == 2


# python-pkcs11 complains where nobody can hear it when it ends a search in a session that is lost
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_lost_session_is_opened_anew(token, stored, good):
    label, certificates, _ = stored()
    signer = genlabel.signer(token.uri(label), certificates=certificates, passphrase=soft_token.PIN)
    good(signer)
    import pkcs11

    pkcs11.lib(token.module).reinitialize()  # as after a card was taken out and put back
    good(signer)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("object=", "object=no-"), "no such key"),
        (("token=", "token=no-"), "no such token"),
    ],
)
def test_what_is_not_there_is_named(token, stored, change, sentence):
    label, certificates, _ = stored()
    with pytest.raises(CredentialError, match=sentence) as told:
        genlabel.signer(
            token.uri(label).replace(*change), certificates=certificates, passphrase=soft_token.PIN
        )
    assert str(told.value).startswith("pkcs11:token=")


def test_two_keys_of_one_name_are_told_apart_by_id_only(token, stored, chain_for, good):
    stored(label="twin", number=b"\x61\x01")
    _, certificates, _ = stored(label="twin", number=b"\x61\x02")
    with pytest.raises(CredentialError, match="2 keys"):
        genlabel.signer(token.uri("twin"), certificates=certificates, passphrase=soft_token.PIN)
    uri = token.uri("twin").replace("object=twin", "object=twin;id=%61%02")
    good(genlabel.signer(uri, certificates=certificates, passphrase=soft_token.PIN))


def test_the_certificate_of_another_key_is_named_before_anything_is_written(
    token, stored, chain_for, picture, label
):
    name, _, _ = stored()
    wrong = chain_for(key.new("es256").public_key(), "wrong.pem")
    signer = genlabel.signer(token.uri(name), certificates=wrong, passphrase=soft_token.PIN)
    with pytest.raises(SigningError, match="made by another key"):
        genlabel.sign(picture, label, signer)


def test_a_module_that_is_none_is_an_error_with_a_remedy(token, chain_for, tmp_path):
    (tmp_path / "not.so").write_text("no module")
    with pytest.raises(ConfigurationError, match="no PKCS#11 module") as told:
        genlabel.signer(f"pkcs11:object=x?module-path={tmp_path / 'not.so'}", passphrase="x")
    assert "module-path" in told.value.remedy


def test_without_the_library_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pkcs11", None)
    with pytest.raises(ConfigurationError) as told:
        genlabel.signer("pkcs11:object=x?module-path=/x.so")
    assert told.value.remedy == "pip install 'genlabel[pkcs11]'"


def test_a_uri_is_read_as_rfc_7512_has_it(monkeypatch):
    found = parse(
        "token=The%20Software%20PKCS%2311%20softtoken;manufacturer=Snake%20Oil,%20Inc.;"
        "serial=;object=my-certificate;type=private;id=%69%95%3E%5C;slot-id=327"
        "?module-path=/lib/p11.so&pin-source=file:/etc/token_pin"
    )
    assert found.token == "The Software PKCS#11 softtoken"
    assert found.manufacturer == "Snake Oil, Inc."
    assert (found.object, found.id, found.slot) == ("my-certificate", b"i\x95>\\", 327)
    assert (found.module, str(found.pin_file)) == ("/lib/p11.so", "/etc/token_pin")
    assert str(found).endswith(";slot-id=327;object=my-certificate;id=%69%95%3E%5C")
    monkeypatch.setenv("PKCS11_MODULE_PATH", "/lib/other.so")
    assert parse("object=x").module == "/lib/other.so"


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [
        ("token=x?module-path=/x.so", "neither object nor id"),
        ("object=x", "no module-path"),
        ("object=x;object=y?module-path=/x.so", "twice"),
        ("object=x;colour=red?module-path=/x.so", "colour"),
        ("object=x;type=cert?module-path=/x.so", "only a private key"),
        ("object=x;slot-id=one?module-path=/x.so", "no number"),
        ("object=%FF?module-path=/x.so", "no UTF-8"),
        ("object=x?module-path=/x.so&pin-source=|getpin", "no program for a PIN"),
        ("object=" + "x" * 5000, "characters"),
    ],
)
def test_a_uri_that_cannot_be_meant_is_refused(rest, sentence, monkeypatch):
    monkeypatch.delenv("PKCS11_MODULE_PATH", raising=False)
    with pytest.raises(ConfigurationError, match=sentence):
        parse(rest)


@pytest.mark.parametrize("word", ["pin-value", "PIN-Value", "pin%2Dvalue"])
def test_a_pin_in_a_uri_is_refused_and_not_repeated(word):
    with pytest.raises(ConfigurationError, match="pin-value") as told:
        genlabel.signer(f"pkcs11:object=x?module-path=/x.so&{word}=4321")
    assert "4321" not in f"{told.value} {told.value.remedy}"
