"""A request for a claim-signing certificate (PKCS#10), to be sent to a certificate authority.

It asks for what C2PA's certificate profile wants of a signing certificate: C2PA 2.4 §14.5.1 and
the conformance programme's profiles of leaves. The authority has the last word on each of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from genlabel.credentials.x509 import files, key as keys, names, pkcs12, profile

KEY, REQUEST = "signing.key", "signing.csr"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRequest:
    """Where `write` put things."""

    request: Path
    """The request, PEM: what the authority is sent. It holds no secret."""
    key: Path | None
    """The new private key, PKCS#8, readable by its owner only; None when one was given."""


def compose(
    key: keys.PrivateKey,
    *,
    organisation: str,
    country: str,
    common_name: str,
    email_protection: bool = True,
) -> x509.CertificateSigningRequest:
    """A request signed by `key`, for a certificate of the company `organisation` in `country`.

    Raises `CredentialError` for a name that no certificate can hold.
    """
    _check_names(organisation, country, common_name)
    usages = [profile.CLAIM_SIGNING]
    if email_protection:
        usages.append(profile.EMAIL_PROTECTION)
    return (
        x509.CertificateSigningRequestBuilder()
        .subject_name(
            x509.Name(
                [
                    x509.NameAttribute(NameOID.COUNTRY_NAME, country),
                    x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
                    x509.NameAttribute(NameOID.COMMON_NAME, common_name),
                ]
            )
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(profile.key_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        .sign(key, keys.certificate_hash(key))
    )


def write(
    folder: Path,
    *,
    organisation: str,
    country: str,
    common_name: str,
    key_file: Path | None = None,
    passphrase: keys.Passphrase = None,
    algorithm: str | None = None,
    email_protection: bool = True,
) -> WrittenRequest:
    """Writes `signing.csr` into `folder`, and `signing.key` unless `key_file` is given.

    A new key is for `algorithm` (default es256) and encrypted if a passphrase is given; the same
    passphrase opens a given key. Nothing is overwritten. Raises `CredentialError`.
    """
    _check_names(organisation, country, common_name)  # before a key is made or asked for
    secret = {}
    if key_file is None:
        key = keys.new((algorithm or "es256").lower())
        opened = passphrase() if callable(passphrase) else passphrase
        secret[KEY] = keys.pkcs8(key, passphrase=opened)
    else:
        key = pkcs12.load_key(
            files.read(key_file, secret=True), passphrase=passphrase, source=str(key_file)
        )
        keys.choose(key, algorithm)  # refuses an algorithm that the key is not for
    request = compose(
        key,
        organisation=organisation,
        country=country,
        common_name=common_name,
        email_protection=email_protection,
    )
    files.write(folder, secret=secret, public={REQUEST: request.public_bytes(Encoding.PEM)})
    return WrittenRequest(request=folder / REQUEST, key=folder / KEY if secret else None)


def _check_names(organisation: str, country: str, common_name: str) -> None:
    names.check(organisation, what="an organisation's name")
    names.check(common_name, what="a common name")
    names.check_country(country)
