"""A key service as users write one: an object of a module, so that other processes can have it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key


@dataclass(frozen=True)
class KeyService:
    """Signs with the P-256 key in a file, which stands for a service."""

    path: Path

    def __call__(self, data: bytes) -> bytes:
        key = load_pem_private_key(self.path.read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key.sign(data, ec.ECDSA(hashes.SHA256()))


def passphrase() -> str:
    """What opens an encrypted key, asked for in whichever process needs it."""
    return "sesame"
