"""`file:` signers: a key in a file, with its chain beside it or in a file of its own."""

from __future__ import annotations

import os
import urllib.parse
from dataclasses import field
from pathlib import Path

from genlabel.credentials.signers.key_source import KeyMaterial, KeyOptions
from genlabel.credentials.x509 import delivery, files, pkcs12
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError, CredentialError


@dataclass(frozen=True, slots=True)
class Contents:
    """A key and its chain as they lie in files or variables, nothing decoded yet."""

    key: bytes = field(repr=False)
    """Whatever `KeySigner.from_pem` takes, PKCS#12 too."""
    chain: bytes | None = field(repr=False)
    """None when the chain is with the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKey:
    """A key in a file: PEM or DER, or PKCS#12 with the chain in it."""

    path: Path
    options: KeyOptions = field(repr=False)

    @property
    def name(self) -> str:
        """The path."""
        return str(self.path)

    def read(self) -> Contents:
        """The files as they are."""
        file = self.options.certificates
        return Contents(
            files.read(self.path, secret=True, warn=False),
            files.read(file) if file is not None else None,
        )

    def material(self, contents: Contents, /) -> KeyMaterial:
        """Key and chain, decoded."""
        files.warn_if_shared(self.path)
        chain_source = str(self.options.certificates)
        return decode(contents, self.options, source=self.name, chain_source=chain_source)


def of(rest: str, options: KeyOptions) -> FileKey:
    """The key source that ``file:`` and `rest` mean."""
    return FileKey(path=Path(path_in(rest)).expanduser(), options=options)


def path_in(rest: str) -> str:
    """The path after ``file:``: relative, absolute or with an empty authority (RFC 8089 §2)."""
    text = rest
    if text.startswith("//"):
        host, slash, path = text[2:].partition("/")
        if host not in ("", "localhost"):
            raise ConfigurationError(
                f"file:{rest}: names another machine", remedy="give a path of this one"
            )
        text = slash + path
    text = urllib.parse.unquote(text)
    if os.name == "nt" and text[:1] == "/" and text[2:3] == ":":  # /C:/keys, RFC 8089 appendix E.2
        text = text[1:]
    if not text or "\0" in text:
        raise ConfigurationError(f"file:{rest}: no path", remedy="say file:keys/signing.key")
    return text


def decode(
    contents: Contents, options: KeyOptions, *, source: str, chain_source: str
) -> KeyMaterial:
    """The key and chain in `contents`; without a chain of its own, the one beside the key."""
    if contents.chain is None and pkcs12.is_bundle(contents.key):
        bundle = pkcs12.load(contents.key, passphrase=options.passphrase, source=source)
        certs, private = bundle.chain, bundle.key
    else:
        chain_source = source if contents.chain is None else chain_source
        delivered = _delivered(contents, chain_source)
        private = pkcs12.load_key(contents.key, passphrase=options.passphrase, source=source)
        public = private.public_key()
        certs = delivery.read(delivered, source=chain_source, public=public).chain
    return KeyMaterial(
        chain=certs, chain_source=chain_source, key=private, algorithm=options.algorithm
    )


def _delivered(contents: Contents, source: str) -> bytes:
    if contents.chain is None and b"-----BEGIN CERTIFICATE-----" not in contents.key:
        raise CredentialError(
            f"{source}: no certificates beside the private key",
            remedy="name their file with --certificates FILE (`certificates` in [signer])",
        )
    return contents.key if contents.chain is None else contents.chain
