"""Issue development certificates: names, extensions and signatures that meet C2PA's profile."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.x509.oid import NameOID

from genlabel.credentials.x509 import key, names, profile
from genlabel.model.errors import CredentialError

CLOCK_SKEW = timedelta(minutes=5)
"""Certificates begin a little in the past: machines' clocks disagree."""


def subject(organisation: str, role: str, *, unit: str | None = "Development") -> x509.Name:
    """O exactly as given; the CN, of O and `role`, is cut where the two would not fit."""
    room = names.MAX_NAME - len(role) - 1
    attributes = [
        (NameOID.ORGANIZATION_NAME, organisation),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
        (NameOID.COMMON_NAME, f"{organisation[:room].rstrip()} {role}"),
    ]
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in attributes if text])


def certificate(
    name: x509.Name,
    own: key.PrivateKey,
    *,
    window: tuple[datetime, datetime],
    authority_depth: int | None = None,
    issuer: tuple[x509.Certificate, key.PrivateKey] | None = None,
    purpose: tuple[x509.ExtensionType, ...] = (),
    critical: bool = False,
) -> x509.Certificate:
    """A certificate for `own`; `authority_depth` is the path length of an authority, None a leaf.

    `purpose` are further extensions, `critical` or not. Without `issuer` it signs itself. Raises
    `CredentialError` for a `window` that no certificate can hold (RFC 5280 §4.1.2.5).
    """
    if not 1950 <= window[0].year <= window[1].year <= 9998:
        raise CredentialError(
            f"certificate: from {window[0]:%Y-%m-%d} to {window[1]:%Y-%m-%d} cannot be said in one",
            remedy="set the clock of this machine right",
        )
    above, above_key = issuer or (None, own)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(above.subject if above else name)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(window[0])
        .not_valid_after(window[1])
        .add_extension(
            x509.BasicConstraints(ca=authority_depth is not None, path_length=authority_depth),
            critical=True,
        )
        .add_extension(profile.key_usage(authority=authority_depth is not None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
    )
    if above is not None:
        identifier = above.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier.value),
            critical=False,
        )
    for each in purpose:
        builder = builder.add_extension(each, critical=critical)
    return builder.sign(above_key, key.certificate_hash(above_key))
