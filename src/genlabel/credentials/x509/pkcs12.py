"""PKCS#12 bundles (.p12, .pfx): one file that holds a key, its certificate and the issuers.

RFC 7292 gives the certificates of a bundle no order, so this is the one place where the order of a
chain is put right and not merely judged. The root, which authorities put into bundles and C2PA
keeps out of pictures, is left out.
"""

from __future__ import annotations

from dataclasses import field
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import pkcs12

from genlabel.credentials.x509 import chain as certificates, files, key as keys
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import CredentialError

MAX_CERTIFICATES = 32
"""More than any authority sends along; each is compared with each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What a bundle holds."""

    key: keys.PrivateKey = field(repr=False)
    chain: tuple[x509.Certificate, ...]
    """The key's certificate, then each one's issuer as far as it is in the bundle, no root."""


def is_bundle(head: bytes) -> bool:
    """Do these first bytes begin a PKCS#12 file? By content: a DER or BER sequence that begins
    with version 3 (RFC 7292 §4), where private keys have version 0 or 1.
    """
    if head[:1] != b"\x30" or len(head) < 2:  # SEQUENCE
        return False
    # X.690 §8.1.3: 0x80 is the indefinite form, above it the low bits count the length's octets
    octets = head[1] & 0x7F if head[1] & 0x80 else 0
    return head[2 + octets : 5 + octets] == b"\x02\x01\x03"  # INTEGER 3


def holds(path: Path) -> bool:
    """Is the file at `path` a bundle? No for what cannot be read: reading it will say why."""
    try:
        with path.open("rb") as file:
            return is_bundle(file.read(16))
    except OSError:
        return False


def load(data: bytes, *, passphrase: files.Passphrase = None, source: str = "bundle") -> Bundle:
    """The key and chain of the bundle in `data`; a callable `passphrase` is asked if needed.

    `source` names the bundle in the sentences of `CredentialError`.
    """
    opened = _opened(data, passphrase, source)
    private = _key(opened, source)
    several = [each.certificate for each in (opened.cert, *opened.additional_certs) if each]
    if len(several) > MAX_CERTIFICATES:
        raise CredentialError(
            f"{source}: {len(several)} certificates are too many for one chain",
            remedy="export it again with the signing certificate and its issuers only",
        )
    return Bundle(key=private, chain=_in_order(several, private, source))


def load_key(
    data: bytes, *, passphrase: files.Passphrase = None, source: str = "key"
) -> keys.PrivateKey:
    """The private key in `data`, which is a bundle or anything that `key.load` takes."""
    if is_bundle(data):
        return _key(_opened(data, passphrase, source), source)
    return keys.load(data, passphrase=passphrase, source=source)


def read(path: Path, *, passphrase: files.Passphrase = None) -> Bundle:
    """The same for a file. Raises `CredentialError`."""
    data = files.read(path, secret=True)
    if not is_bundle(data):
        raise CredentialError(
            f"{path}: no PKCS#12 file",
            remedy="give its certificates too, if this is a private key",
        )
    return load(data, passphrase=passphrase, source=str(path))


def _opened(
    data: bytes, passphrase: files.Passphrase, source: str
) -> pkcs12.PKCS12KeyAndCertificates:
    """The bundle's contents. Without a passphrase first: nobody is asked in vain."""
    if len(data) > certificates.MAX_CHAIN_BYTES:
        raise CredentialError(
            f"{source}: {len(data):,} bytes are too many for a key and its chain",
            remedy="give the file that holds the private key",
        )
    for none in (None, b""):  # absent and empty are not the same (RFC 7292 appendix B.1)
        try:
            return pkcs12.load_pkcs12(data, none)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            continue  # encrypted, or damaged: the next attempt tells
    secret = keys.secret_of(passphrase, source)
    try:
        return pkcs12.load_pkcs12(data, secret)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CredentialError(
            f"{source}: the passphrase does not open it, or it is damaged",
            remedy="give the passphrase with which it was exported, "
            "or export it again with AES and SHA-256",
        ) from error


def _key(opened: pkcs12.PKCS12KeyAndCertificates, source: str) -> keys.PrivateKey:
    if opened.key is None:
        raise CredentialError(
            f"{source}: no private key in it",
            remedy="export it again together with the private key",
        )
    return keys.known(opened.key, source)


def _in_order(
    several: list[x509.Certificate], private: keys.PrivateKey, source: str
) -> tuple[x509.Certificate, ...]:
    own = private.public_key()
    leaf = next((each for each in several if certificates.public_key(each) == own), None)
    if leaf is None:
        raise CredentialError(
            f"{source}: the certificate of its private key is not in it",
            remedy="export it again together with the certificate, or give --certificates too",
        )
    return certificates.build(leaf, several)
