"""`file:` signers: a key in a file, with its chain beside it or in a file of its own."""

from __future__ import annotations

import os
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path

from genlabel.credentials.signers import key_source
from genlabel.credentials.signers.key_source import Contents, Material, Wishes
from genlabel.credentials.x509 import files
from genlabel.model.errors import ConfigurationError


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredKey:
    """A key in a file: PEM or DER, or PKCS#12 with the chain in it."""

    path: Path
    wishes: Wishes = field(repr=False)

    @property
    def name(self) -> str:
        """The path."""
        return str(self.path)

    def look(self) -> Contents:
        """The files as they are."""
        file = self.wishes.certificates
        return Contents(
            files.read(self.path, secret=True, warn=False),
            files.read(file) if file is not None else None,
        )

    def material(self, seen: object) -> Material:
        """Key and chain in what was seen."""
        if not isinstance(seen, Contents):
            raise TypeError("not what `look` gave")
        files.warn_if_shared(self.path)
        return key_source.decoded(
            seen,
            self.wishes,
            source=str(self.path),
            chain_source=str(self.wishes.certificates),
        )


def of(rest: str, wishes: Wishes) -> StoredKey:
    """The place that ``file:`` and `rest` mean."""
    return StoredKey(path=Path(path_in(rest)).expanduser(), wishes=wishes)


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
