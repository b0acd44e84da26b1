"""Any of the three curves goes with any hash of ECDSA's (C2PA 2.4 §13.2.1), and no other key."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from genlabel.credentials.x509 import key as keys

CURVES = [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()]
DATA = b"a claim"


@pytest.mark.parametrize("algorithm", ["es256", "es384", "es512"])
@pytest.mark.parametrize("curve", CURVES, ids=lambda each: each.name)
def test_a_signature_verifies_on_every_curve(curve, algorithm):
    own = ec.generate_private_key(curve)
    public = own.public_key()
    made = keys.sign(own, algorithm, DATA)
    assert len(made) == 2 * keys.width(curve)
    assert keys.verifies(public, algorithm, made, DATA)
    assert not keys.verifies(public, algorithm, made, DATA + b".")
    assert not keys.verifies(public, algorithm, made[:-1], DATA)
    for other in {"es256", "es384", "es512"} - {algorithm}:
        assert not keys.verifies(public, other, made, DATA)


@pytest.mark.parametrize("curve", CURVES, ids=lambda each: each.name)
def test_the_own_hash_of_a_curve_is_the_usual_one(curve):
    public = ec.generate_private_key(curve).public_key()
    (usual,) = keys.algorithms_for(public)
    assert keys.permitted_for(public)[0] == usual
    assert set(keys.permitted_for(public)) == {"es256", "es384", "es512"}


def test_other_keys_go_with_what_they_went_with():
    edwards = ed25519.Ed25519PrivateKey.generate().public_key()
    large = rsa.generate_private_key(65537, 2048).public_key()
    for public in (edwards, large):
        assert keys.permitted_for(public) == keys.algorithms_for(public) != ()
    for odd in (ec.generate_private_key(ec.SECP256K1()), rsa.generate_private_key(65537, 1024)):
        assert keys.permitted_for(odd.public_key()) == ()
        assert not keys.verifies(odd.public_key(), "es256", bytes(64), DATA)


def test_an_rsa_key_of_absurd_size_is_refused():
    """§13.2.1 allows it, and each signature of such a key takes its time."""
    numbers = rsa.RSAPublicNumbers(65537, (1 << keys.MAX_RSA_BITS + 8) + 1)
    assert keys.permitted_for(numbers.public_key()) == ()
