"""`env:` signers: a key, and mostly its chain, in environment variables, as CI systems hand out."""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import field

from genlabel.credentials.signers.file import Contents, decode
from genlabel.credentials.signers.key_source import KeyMaterial, KeyOptions
from genlabel.credentials.x509 import files
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError, CredentialError
from genlabel.model.expression import expression

KEY, CERTIFICATES = "C2PA_PRIVATE_KEY", "C2PA_SIGN_CERT"
"""The variables that c2patool reads."""

_NAME = expression(r"[A-Za-z_][A-Za-z0-9_]{0,255}")  # POSIX.1-2017 §8.1


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentKey:
    """A key in a variable: PEM, or PEM or PKCS#12 in base64."""

    key: str
    """The name of the variable."""
    certificates: str | None
    """The name of the chain's; None when the chain is in a file, or beside the key."""
    options: KeyOptions = field(repr=False)

    @property
    def name(self) -> str:
        """The variable's name."""
        return f"env:{self.key}"

    def read(self) -> Contents:
        """The variables as they are."""
        chain, file = None, self.options.certificates
        if self.certificates is not None:
            chain = _value(self.certificates)
        elif file is not None:
            chain = files.read(file)
        return Contents(_value(self.key), chain)

    def material(self, contents: Contents, /) -> KeyMaterial:
        """Key and chain, decoded."""
        own = f"env:{self.certificates}" if self.certificates else str(self.options.certificates)
        return decode(contents, self.options, source=self.name, chain_source=own)


def of(rest: str, options: KeyOptions) -> EnvironmentKey:
    """The key source that ``env:`` and `rest` mean: ``KEY`` or ``KEY,CERTIFICATES``, names both.

    Nothing stands for c2patool's own two variables.
    """
    names = [each.strip() for each in rest.split(",")] if rest else [KEY, CERTIFICATES]
    if len(names) > 2 or not all(_NAME.fullmatch(each) for each in names):
        # Not repeated: somebody may have put the key itself here.
        raise ConfigurationError(
            "env: wants the name of one variable, or of two with a comma between",
            remedy="say env:SIGNING_KEY,SIGNING_CERTIFICATES",
        )
    certificates = names[1] if len(names) == 2 else None
    if certificates is not None and options.certificates is not None:
        if rest:
            raise ConfigurationError(
                f"env:{rest}: names the chain, and certificates were given too",
                remedy="leave one of them out",
            )
        certificates = None
    return EnvironmentKey(key=names[0], certificates=certificates, options=options)


def _value(variable: str) -> bytes:
    text = os.environ.get(variable, "").strip()
    if not text:
        raise CredentialError(
            f"env:{variable}: the variable is not set", remedy=f"set {variable}, or name another"
        )
    if "-----BEGIN" in text:
        # CI systems that allow one line only: people write the ends of lines as \n.
        whole = text if "\n" in text else text.replace("\\n", "\n")
        return whole.encode("utf-8", "surrogateescape")
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise CredentialError(
            f"env:{variable}: neither PEM nor base64",
            remedy="put PEM into it, or a PKCS#12 file by `base64 -w0 FILE`",
        ) from error
