"""Private keys: read from the forms in which people keep them, matched with an algorithm, used.

This module imports cryptography; `signer` imports it only when a key is loaded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import CredentialError
from genlabel.model.expression import expression

if TYPE_CHECKING:
    from genlabel.credentials.x509.files import Passphrase

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey

MAX_KEY_BYTES = 64 * 1024
"""More than the largest RSA key that anybody uses, in PEM with the certificates beside it."""
MIN_RSA_BITS, MAX_RSA_BITS = 2048, 16384  # C2PA 2.4 §13.2.1: larger ones may be refused
USABLE_KEYS = "use a key on P-256, P-384 or P-521, RSA of 2048 bits or more, or Ed25519"
SECTION, RULE_NAME = "C2PA 2.4 §13.2.1", "signature algorithm"
RULE = f"{SECTION}: {RULE_NAME}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithm:
    """One of the signature algorithms that C2PA allows (2.4 §13.2.1), by the engine's name."""

    name: str
    hash: hashes.SHA256 | hashes.SHA384 | hashes.SHA512 | None
    """None for Ed25519, which hashes by itself."""
    curve: ec.EllipticCurve | None = None
    """The curve of an ECDSA algorithm; None for RSA-PSS and Ed25519."""

    @property
    def key(self) -> str:
        """The kind of key it needs, in words."""
        if self.curve is not None:
            return f"an elliptic-curve key on {_CURVE_NAMES[self.curve.name]}"
        return "an RSA key" if self.hash else "an Ed25519 key"


_CURVE_NAMES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}

ALGORITHMS = {
    each.name: each
    for each in (
        Algorithm(name="es256", hash=hashes.SHA256(), curve=ec.SECP256R1()),
        Algorithm(name="es384", hash=hashes.SHA384(), curve=ec.SECP384R1()),
        Algorithm(name="es512", hash=hashes.SHA512(), curve=ec.SECP521R1()),
        Algorithm(name="ps256", hash=hashes.SHA256()),
        Algorithm(name="ps384", hash=hashes.SHA384()),
        Algorithm(name="ps512", hash=hashes.SHA512()),
        Algorithm(name="ed25519", hash=None),
    )
}

_CURVES = {each.curve.name: name for name, each in ALGORITHMS.items() if each.curve is not None}
"""The usual algorithm of each curve."""

_BLOCK = expression(
    rb"-----BEGIN ((?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY)-----.{1,65536}?-----END \1-----", re.DOTALL
)


def load(data: bytes, *, passphrase: Passphrase = None, source: str = "key") -> PrivateKey:
    """The private key in `data`: PEM or DER; PKCS#8, SEC1 or PKCS#1; encrypted or not.

    A callable `passphrase` is asked only when the key is encrypted. `source` names the key in the
    sentences of `CredentialError`.
    """
    from cryptography.hazmat.primitives import serialization

    if len(data) > MAX_KEY_BYTES:
        raise CredentialError(
            f"{source}: {len(data):,} bytes are too many for a private key",
            remedy="give the file that holds the private key",
        )
    if data[:1] == b"\x30":  # a DER SEQUENCE: no PEM begins so
        return _load_der(data, passphrase, source)
    blocks = list(_BLOCK.finditer(data))
    if not blocks:
        raise CredentialError(
            f"{source}: no private key in it" + _what_else(data),
            remedy="give a private key in PEM or DER (PKCS#8, SEC1 or PKCS#1)",
        )
    if len(blocks) > 1:
        raise CredentialError(
            f"{source}: {len(blocks)} private keys in one file",
            remedy="give a file with the one key that signs",
        )
    block, kind = blocks[0].group(0), blocks[0].group(1)
    if kind == b"OPENSSH PRIVATE KEY":
        raise CredentialError(
            f"{source}: an OpenSSH key, which no certificate authority knows",
            remedy="convert it with `ssh-keygen -p -m PKCS8`, or make a new key",
        )
    encrypted = kind.startswith(b"ENCRYPTED") or b"Proc-Type: 4,ENCRYPTED" in block
    secret = secret_of(passphrase, source) if encrypted else None
    try:
        key = serialization.load_pem_private_key(block, secret)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _unreadable(source, encrypted) from error
    return known(key, source)


def _load_der(data: bytes, passphrase: Passphrase, source: str) -> PrivateKey:
    from cryptography.hazmat.primitives import serialization

    try:
        return known(serialization.load_der_private_key(data, None), source)
    except TypeError:  # cryptography's way of saying that it is encrypted
        secret = secret_of(passphrase, source)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _unreadable(source, encrypted=False) from error
    try:
        return known(serialization.load_der_private_key(data, secret), source)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _unreadable(source, encrypted=True) from error


def secret_of(passphrase: Passphrase, source: str) -> bytes:
    """The passphrase, asked for if it is a question. Raises `CredentialError` without one."""
    secret = passphrase() if callable(passphrase) else passphrase
    if not secret:
        raise CredentialError(
            f"{source}: the key is encrypted and no passphrase was given",
            remedy="give its passphrase",
        )
    return secret.encode() if isinstance(secret, str) else secret


def _unreadable(source: str, encrypted: bool) -> CredentialError:
    if encrypted:
        return CredentialError(
            f"{source}: the passphrase does not open the key",
            remedy="give the passphrase with which the key was encrypted",
        )
    return CredentialError(
        f"{source}: the private key cannot be read",
        remedy="check it with `openssl pkey -noout -in FILE`",
    )


def _what_else(data: bytes) -> str:
    if b"-----BEGIN CERTIFICATE-----" in data:
        return ", but a certificate"
    if b"-----BEGIN PUBLIC KEY-----" in data:
        return ", but a public key"
    return "" if b"-----BEGIN" not in data else ", or its block has no end"


def known(key: object, source: str) -> PrivateKey:
    """`key`, if C2PA has an algorithm for it. Raises `CredentialError`."""
    if isinstance(key, PrivateKey) and algorithms_for(key.public_key()):
        return key
    raise _unusable(key, source)


def known_public(key: object, source: str) -> PublicKey:
    """The same for a certificate's key; None stands for one that cannot be read."""
    if key is None:
        raise CredentialError(
            f"{source}: the certificate's key cannot be read", remedy="ask for another certificate"
        )
    if isinstance(key, PublicKey) and algorithms_for(key):
        return key
    raise _unusable(key, source)


def _unusable(key: object, source: str) -> CredentialError:
    return CredentialError(
        f"{source}: {describe(key)} signs no C2PA manifest", rule=RULE, remedy=USABLE_KEYS
    )


def describe(key: object) -> str:
    """A key in words, such as ``an elliptic-curve key on P-256``, private or public."""
    if isinstance(key, ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey):
        return f"an elliptic-curve key on {_CURVE_NAMES.get(key.curve.name, key.curve.name)}"
    if isinstance(key, rsa.RSAPrivateKey | rsa.RSAPublicKey):
        return f"an RSA key of {key.key_size} bits"
    if isinstance(key, ed25519.Ed25519PrivateKey | ed25519.Ed25519PublicKey):
        return "an Ed25519 key"
    return "a key of this kind"


def permitted_for(key: object) -> tuple[str, ...]:
    """The algorithms that C2PA allows a public key, the usual one first; none: unusable.

    Keys on any of the three curves go with all of ECDSA's (2.4 §13.2.1). The engine signs and reads
    those of `algorithms_for` alone.
    """
    usual = algorithms_for(key)
    if not isinstance(key, ec.EllipticCurvePublicKey) or not usual:
        return usual
    return (*usual, *(n for n, each in ALGORITHMS.items() if each.curve and n not in usual))


def algorithms_for(key: object) -> tuple[str, ...]:
    """The algorithms with which a public key signs here, the usual one first; none: unusable."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        usual = _CURVES.get(key.curve.name)
        return () if usual is None else (usual,)
    if isinstance(key, rsa.RSAPublicKey):
        usable = MIN_RSA_BITS <= key.key_size <= MAX_RSA_BITS
        return ("ps256", "ps384", "ps512") if usable else ()
    return ("ed25519",) if isinstance(key, ed25519.Ed25519PublicKey) else ()


def named_or_usual(key: object, algorithm: str | None) -> str:
    """`algorithm`, else the usual one of a public key; empty if it has none. Not checked."""
    if algorithm is not None:
        return algorithm.lower()
    return next(iter(algorithms_for(key)), "")


def choose(key: PrivateKey | PublicKey, algorithm: str | None = None) -> str:
    """The algorithm for `key`: `algorithm` if the key is for it, else the usual one of its kind."""
    fitting = algorithms_for(key.public_key() if isinstance(key, PrivateKey) else key)
    if algorithm is None:
        return fitting[0]
    name = algorithm.lower()
    if name not in ALGORITHMS:
        raise unknown(algorithm)
    if name not in fitting:
        raise CredentialError(
            f"{name}: needs {ALGORITHMS[name].key}, and this is {describe(key)}",
            rule=RULE,
            remedy=f"use {' or '.join(fitting)}, or leave the algorithm out",
        )
    return name


def unknown(algorithm: str) -> CredentialError:
    """What to raise for the name of an algorithm that C2PA does not have."""
    return CredentialError(
        f"{algorithm}: not a signature algorithm of C2PA",
        rule=RULE,
        remedy=f"use one of {', '.join(ALGORITHMS)}",
    )


def new(algorithm: str) -> PrivateKey:
    """A fresh key for `algorithm`; RSA keys have 3072 bits."""
    chosen = ALGORITHMS.get(algorithm)
    if chosen is None:
        raise unknown(algorithm)
    if chosen.curve is not None:
        return ec.generate_private_key(chosen.curve)
    if chosen.hash is not None:
        return rsa.generate_private_key(public_exponent=65537, key_size=3072)
    return ed25519.Ed25519PrivateKey.generate()


def certificate_hash(key: PrivateKey) -> hashes.SHA256 | hashes.SHA384 | hashes.SHA512 | None:
    """The hash of a curve's own strength: engines refuse a P-521 authority with SHA-256."""
    return ALGORITHMS[choose(key)].hash


def pkcs8(key: PrivateKey, *, passphrase: str | bytes | None = None) -> bytes:
    """`key` as PKCS#8 in PEM, encrypted if a passphrase is given."""
    from cryptography.hazmat.primitives import serialization

    secret = passphrase.encode() if isinstance(passphrase, str) else passphrase
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(secret) if secret else serialization.NoEncryption(),
    )


def sign(key: PrivateKey, algorithm: str, data: bytes) -> bytes:
    """The signature over `data` as COSE wants it: ECDSA as r||s of fixed width (RFC 9053 §2.1)."""
    chosen = ALGORITHMS[algorithm]
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(data)
    if chosen.hash is None:
        raise CredentialError(f"{algorithm}: {describe(key)} cannot sign with it", rule=RULE)
    if isinstance(key, rsa.RSAPrivateKey):
        # RFC 8230 §2: the salt is as long as the hash, and MGF1 uses the same hash.
        salt = padding.PSS(padding.MGF1(chosen.hash), chosen.hash.digest_size)
        return key.sign(data, salt, chosen.hash)
    return raw_signature(key.sign(data, ec.ECDSA(chosen.hash)), key.curve)


def width(curve: ec.EllipticCurve) -> int:
    """How many bytes r and s have each in a raw ECDSA signature (RFC 9053 §2.1)."""
    return (curve.key_size + 7) // 8


def raw_signature(der: bytes, curve: ec.EllipticCurve) -> bytes:
    """An ECDSA signature in DER as r||s. Raises `ValueError` or `OverflowError` for other bytes."""
    return b"".join(each.to_bytes(width(curve), "big") for each in decode_dss_signature(der))


def der_signature(raw: bytes) -> bytes:
    """An ECDSA signature r||s in DER."""
    half = len(raw) // 2
    r, s = (int.from_bytes(each, "big") for each in (raw[:half], raw[half:]))
    return encode_dss_signature(r, s)


def digest(algorithm: str, data: bytes) -> bytes:
    """The hash of `data` that `algorithm` signs, for those who sign hashes; not for Ed25519."""
    chosen = ALGORITHMS[algorithm]
    if chosen.hash is None:
        raise CredentialError(f"{algorithm}: signs no hash", rule=RULE)
    return hashed(data, chosen.hash)


def hashed(data: bytes, algorithm: hashes.HashAlgorithm) -> bytes:
    """The hash of `data`."""
    state = hashes.Hash(algorithm)
    state.update(data)
    return state.finalize()


def verifies(key: object, algorithm: str, signature: bytes, data: bytes) -> bool:
    """Is `signature`, in the form that `sign` gives, over `data` and by the half of `key`?

    `key` is a public key. False as well for one that does not go with `algorithm` (C2PA 2.4
    §13.2.1), but for RSA keys that are too short: that they vouch for nothing is another answer.
    """
    chosen = ALGORITHMS[algorithm]
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            curve = key.curve
            if chosen.curve is None or chosen.hash is None or curve.name not in _CURVES:
                return False
            if len(signature) != 2 * width(curve):
                return False
            key.verify(der_signature(signature), data, ec.ECDSA(chosen.hash))
        elif isinstance(key, rsa.RSAPublicKey):
            if chosen.curve is not None or chosen.hash is None or key.key_size > MAX_RSA_BITS:
                return False
            salt = padding.PSS(padding.MGF1(chosen.hash), chosen.hash.digest_size)
            key.verify(signature, data, salt, chosen.hash)
        elif isinstance(key, ed25519.Ed25519PublicKey) and chosen.hash is None:
            key.verify(signature, data)
        else:
            return False
    except InvalidSignature:
        return False
    return True
