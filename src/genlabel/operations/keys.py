"""Development credentials and key checks, as functions; requests and signers by URI beside them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from genlabel.credentials.signers.uri import signer as signer
from genlabel.credentials.x509.csr import new_request as new_request
from genlabel.credentials.x509.files import Passphrase, PathLike, WrittenKeys
from genlabel.model.errors import ConfigurationError

if TYPE_CHECKING:
    from genlabel.credentials.key_check import KeyCheck


class CredentialKeywords(TypedDict, total=False):
    """What a development credential may be, besides whose."""

    algorithm: str
    lifetime: timedelta
    keep_authority: bool
    identity: bool
    email: str | None


def new_keys(
    organisation: str,
    *,
    out: PathLike = "keys",
    passphrase: bytes | str | None = None,
    tsa: bool = False,
    **credential: Unpack[CredentialKeywords],
) -> WrittenKeys:
    """A development credential in the folder `out`: key, certificates, and the root to verify with.

    `organisation` (at most 64 characters) is what viewers show as the signer. `algorithm` is es256
    (the default), es384, es512, ps256, ps384, ps512 or ed25519; the certificate ends after
    `lifetime` (a `timedelta`, 365 days by default). With
    `keep_authority` the intermediate's key is written, too, to issue further certificates with.
    With `identity` it is one for identity assertions (CAWG Identity 1.3), which may show an `email`
    address. With `tsa` it gives time-stamps, for tests, in place of signing: ES256, for ten years.
    `passphrase` encrypts the keys.

    No trust list knows it. Nothing is overwritten: raises `CredentialError` when a file is there or
    cannot be written, and for a name that no certificate holds.
    """
    if tsa:
        if credential:
            name = next(iter(credential))
            raise ConfigurationError(
                f"{name}: says nothing of a time-stamping authority", remedy=f"leave {name}= out"
            )
        from genlabel.credentials.timestamps.development_tsa import TimeAuthority

        return TimeAuthority.new(organisation).write(Path(out), passphrase=passphrase)
    from genlabel.credentials.development_ca import Authority

    authority = Authority.new(organisation, **credential)
    return authority.write(Path(out), passphrase=passphrase)


def renew_keys(
    certificates: PathLike,
    *,
    out: PathLike | None = None,
    passphrase: bytes | str | None = None,
    authority_passphrase: Passphrase = None,
    lifetime: timedelta = timedelta(days=365),
    algorithm: str | None = None,
    keep_authority: bool = False,
) -> WrittenKeys:
    """The development credential that follows the one in `certificates`, in a folder of today.

        written = renew_keys("keys/signing.pem")
        print(written.key, written.anchors)

    The organisation is that of the present one. Where its authority's key was kept beside it
    (`new_keys` with `keep_authority`), that issues the next one, and its anchors stay the same;
    else there is a new root, and whoever verifies needs both. The folder is made below `out`, by
    default beside the present one, which stays as it is. `passphrase` encrypts the new key,
    `authority_passphrase` opens the authority's. `lifetime`, `algorithm` (that of the present
    one unless given) and `keep_authority` are those of `new_keys`.

    Raises `CredentialError` for a certificate that is none of genlabel's own, and for files that
    cannot be read or written.
    """
    from genlabel.credentials import renewal

    return renewal.renew(
        Path(certificates),
        out=Path(out) if out is not None else None,
        lifetime=lifetime,
        algorithm=algorithm,
        keep_authority=keep_authority,
        passphrase=passphrase,
        authority_passphrase=authority_passphrase,
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

    `certificates` is the path of the chain in PEM or DER; without it, `key` is a PKCS#12 file that
    holds both. `signer` is the URI of a key elsewhere, in place of `key`. `passphrase` opens an
    encrypted key or is a token's PIN. `algorithm` is needed only for RSA with another hash than
    SHA-256. With `identity` the question is whether they will do for identity assertions.

    Every failed rule is in `KeyCheck.problems`; when there is no error and a key is given, a small
    drawn picture is signed and read back. Raises `CredentialError` for files that cannot be read
    and an unknown algorithm, `ConfigurationError` for `key` and `signer` together.
    """
    from genlabel.credentials import key_check
    from genlabel.operations import doctor

    return key_check.check(
        Path(certificates) if certificates is not None else None,
        key_file=Path(key) if key is not None else None,
        uri=signer,
        passphrase=passphrase,
        algorithm=algorithm,
        identity=identity,
        probe=doctor.probe_identity if identity else doctor.probe,
    )
