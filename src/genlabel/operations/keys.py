"""Keys and certificates, one function each: made, requested, opened and checked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from genlabel.credentials.signer import Signer
from genlabel.operations.checker import PathLike

if TYPE_CHECKING:
    from genlabel.credentials.x509.check import KeyCheck
    from genlabel.credentials.x509.csr import WrittenRequest
    from genlabel.credentials.x509.development_ca import WrittenKeys

Passphrase = bytes | str | Callable[[], bytes | str] | None
"""A callable is asked only for an encrypted key."""


def new_keys(
    organisation: str,
    *,
    out: PathLike = "keys",
    algorithm: str = "es256",
    lifetime: timedelta = timedelta(days=365),
    keep_authority: bool = False,
    identity: bool = False,
    email: str | None = None,
    passphrase: bytes | str | None = None,
    tsa: bool = False,
) -> WrittenKeys:
    """A development credential in the folder `out`: key, certificates, and the root to verify with.

    With `tsa` it gives time-stamps, for tests, in place of signing: ES256, for ten years.
    With `identity` it is one for identity assertions, which may show an `email` address.
    No trust list knows it. Overwrites nothing; raises `CredentialError` or `OSError`.
    """
    if tsa:
        from genlabel.credentials.timestamps.development_tsa import TimeAuthority

        return TimeAuthority.new(organisation).write(Path(out), passphrase=passphrase)
    from genlabel.credentials.x509.development_ca import Authority

    authority = Authority.new(
        organisation,
        algorithm=algorithm,
        lifetime=lifetime,
        keep_authority=keep_authority,
        identity=identity,
        email=email,
    )
    return authority.write(Path(out), passphrase=passphrase)


def new_request(
    organisation: str,
    *,
    country: str,
    common_name: str,
    out: PathLike = "keys",
    key: PathLike | None = None,
    passphrase: Passphrase = None,
    algorithm: str | None = None,
    email_protection: bool = True,
) -> WrittenRequest:
    """A request for a claim-signing certificate in the folder `out`, with a new key or for `key`.

    `country` is a code of two letters, `common_name` the product's name. Overwrites nothing;
    raises `CredentialError` or `OSError`.
    """
    from genlabel.credentials.x509 import csr

    return csr.write(
        Path(out),
        organisation=organisation,
        country=country,
        common_name=common_name,
        key_file=Path(key) if key is not None else None,
        passphrase=passphrase,
        algorithm=algorithm,
        email_protection=email_protection,
    )


def signer(
    uri: str,
    *,
    certificates: PathLike | None = None,
    passphrase: Passphrase = None,
    algorithm: str | None = None,
) -> Signer:
    """The signer that `uri` names: ``file:``, ``env:``, ``exec:``, ``pkcs11:`` or ``awskms:``.

    `certificates` is the chain's file, where the place does not hold it; `passphrase` opens an
    encrypted key or is a token's PIN; `algorithm` is needed only to sign with RSA and another hash
    than SHA-256. Before each signing the place is looked at, so that keys and certificates may be
    exchanged while the program runs. Raises `ConfigurationError` for a URI that is not understood
    or needs what is not installed, `CredentialError` or `SigningError` when it cannot be used.
    """
    from genlabel.credentials.signers.uri import opened

    return opened(
        uri,
        certificates=Path(certificates) if certificates is not None else None,
        passphrase=passphrase,
        algorithm=algorithm,
    )


def check_keys(
    certificates: PathLike | None = None,
    *,
    key: PathLike | None = None,
    signer: str | None = None,
    passphrase: Passphrase = None,
    algorithm: str | None = None,
    identity: bool = False,
) -> KeyCheck:
    """Will this chain, and the key if it is given, be accepted, and what will viewers show?

    Without `certificates`, `key` is a PKCS#12 file that holds both. `signer` is the URI of a key
    elsewhere, in place of `key`. With `identity` the question is whether they will do for identity
    assertions.
    Every failed rule is in `KeyCheck.problems`; when there is no error and a key is given, a small
    drawn picture is signed and read back. Raises `CredentialError` for files that cannot be read.
    """
    from genlabel.credentials.x509 import check
    from genlabel.operations import doctor

    return check.check(
        Path(certificates) if certificates is not None else None,
        key_file=Path(key) if key is not None else None,
        uri=signer,
        passphrase=passphrase,
        algorithm=algorithm,
        identity=identity,
        probe=doctor.probe_identity if identity else doctor.probe,
    )
