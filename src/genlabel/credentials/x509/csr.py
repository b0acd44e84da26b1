"""A request for a claim-signing certificate (PKCS#10), to be sent to a certificate authority.

It asks for what C2PA's certificate profile wants of a signing certificate: C2PA 2.4 §14.5.1 and
the conformance programme's profiles of leaves. The authority has the last word on each of them.
"""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from genlabel.credentials.x509 import files, key as keys, names, pkcs12, profile, purpose
from genlabel.model.dataclass import dataclass

KEY, REQUEST = "signing.key", "signing.csr"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRequest:
    """Where `new_request` put things."""

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
    subject = (
        (NameOID.COUNTRY_NAME, country),
        (NameOID.ORGANIZATION_NAME, organisation),
        (NameOID.COMMON_NAME, common_name),
    )
    usages = [purpose.CLAIM_SIGNING]
    if email_protection:
        usages.append(purpose.EMAIL_PROTECTION)
    return (
        x509.CertificateSigningRequestBuilder()
        .subject_name(x509.Name([x509.NameAttribute(oid, text) for oid, text in subject]))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(profile.key_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        .sign(key, keys.certificate_hash(key))
    )


def new_request(
    organisation: str,
    *,
    country: str,
    common_name: str,
    out: files.PathLike = "keys",
    key: files.PathLike | None = None,
    passphrase: files.Passphrase = None,
    algorithm: str | None = None,
    email_protection: bool = True,
) -> WrittenRequest:
    """A request for a claim-signing certificate: `signing.csr` in the folder `out`.

    `organisation` (at most 64 characters) is what viewers will show as the signer, `country` its
    code of two capital letters (ISO 3166-1), `common_name` the product's name. `key` is the path of
    a private key; without it a new one is made, for `algorithm` (default ``es256``), and written
    to `signing.key`, encrypted if there is a `passphrase`, which also opens a given key. Without
    `email_protection` the usage emailProtection, which older readers want, is not asked for.

    Nothing is overwritten. Raises `CredentialError` for a name that no certificate holds, a key
    that signs no C2PA manifest, and files that cannot be read or written.
    """
    _check_names(organisation, country, common_name)  # before a key is made or asked for
    secret = {}
    if key is None:
        private = keys.new((algorithm or "es256").lower())
        opened = passphrase() if callable(passphrase) else passphrase
        secret[KEY] = keys.pkcs8(private, passphrase=opened)
    else:
        private = pkcs12.load_key(
            files.read(Path(key), secret=True), passphrase=passphrase, source=str(key)
        )
        keys.choose(private, algorithm)  # refuses an algorithm that the key is not for
    folder = Path(out)
    request = compose(
        private,
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
