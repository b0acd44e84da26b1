"""The rules that each certificate of a chain keeps by itself: C2PA 2.4 §14.5.1.1, RFC 5280 §4.

What an issuer allows those below it is another matter, see `path_rules`.
"""

from __future__ import annotations

from collections.abc import Iterator

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.oid import ExtensionOID, SignatureAlgorithmOID

from genlabel.credentials.x509 import der, key as keys
from genlabel.credentials.x509.chain import public_key, self_signed, title
from genlabel.credentials.x509.profile_rule import ANOTHER, Problem, error, extension
from genlabel.credentials.x509.purpose import Purpose, faults as usage_faults

SIGNATURES = frozenset(
    {
        SignatureAlgorithmOID.ECDSA_WITH_SHA256,
        SignatureAlgorithmOID.ECDSA_WITH_SHA384,
        SignatureAlgorithmOID.ECDSA_WITH_SHA512,
        SignatureAlgorithmOID.RSA_WITH_SHA256,
        SignatureAlgorithmOID.RSA_WITH_SHA384,
        SignatureAlgorithmOID.RSA_WITH_SHA512,
        SignatureAlgorithmOID.RSASSA_PSS,
        SignatureAlgorithmOID.ED25519,
    }
)
"""With what a certificate may be signed (§14.5.1.1)."""
SIGNATURE_RULE = "certificate signature"

_CRITICAL = "RFC 5280 §4.2"
_PROCESSED = frozenset(
    {
        ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
        ExtensionOID.SUBJECT_KEY_IDENTIFIER,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.NAME_CONSTRAINTS,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
        ExtensionOID.ISSUER_ALTERNATIVE_NAME,
        # Any policy will do here (RFC 5280 §6.1.1), so that these take nothing away.
        ExtensionOID.CERTIFICATE_POLICIES,
        ExtensionOID.POLICY_MAPPINGS,
        ExtensionOID.INHIBIT_ANY_POLICY,
        # Where to ask for revocation, which is another question than this one.
        ExtensionOID.CRL_DISTRIBUTION_POINTS,
        ExtensionOID.AUTHORITY_INFORMATION_ACCESS,
        ExtensionOID.OCSP_NO_CHECK,
    }
)
"""The extensions whose meaning is kept, so that they may be critical."""


def of_leaf(leaf: x509.Certificate, purpose: Purpose) -> Iterator[Problem]:
    """What is wrong with a certificate whose key signs for `purpose`; its key apart."""
    yield from _form(leaf)
    yield from _signature(leaf)
    constraints = extension(leaf, x509.BasicConstraints)
    if constraints is not None and constraints.value.ca:
        what = "a self-signed authority" if self_signed(leaf) else "an authority"
        yield error(
            "basic constraints",
            f"{title(leaf)} is {what}, and authorities sign no {purpose.value}",
            "sign with a certificate that this authority has issued",
        )
    usage = extension(leaf, x509.KeyUsage)
    if usage is None:
        yield error("key usage", f"{title(leaf)} has no key usage", ANOTHER)
    else:
        if not usage.value.digital_signature:
            yield error("key usage", f"{title(leaf)} is not for digital signatures", ANOTHER)
        if usage.value.key_cert_sign:
            yield error("key usage", f"{title(leaf)} may sign certificates", ANOTHER)
    yield from usage_faults(leaf, purpose)
    yield from _issuers_key(leaf)


def of_authority(certificate: x509.Certificate, *, root: bool) -> Iterator[Problem]:
    """What is wrong with a certificate above the leaf; `root`: the last, which names itself."""
    yield from _form(certificate)
    if not root:  # nobody relies on a root's signature over itself
        yield from _signature(certificate)
    yield from _key(certificate)
    constraints = extension(certificate, x509.BasicConstraints)
    if constraints is not None and constraints.value.ca and not constraints.critical:
        message = f"{title(certificate)} is an authority, and does not say so as critical"
        yield error("basic constraints", message, ANOTHER)
    if extension(certificate, x509.KeyUsage) is None:
        yield error("key usage", f"{title(certificate)} has no key usage", ANOTHER)
    if extension(certificate, x509.SubjectKeyIdentifier) is None:
        message = f"{title(certificate)} is an authority without name for its key"
        yield error("subject key identifier", message, ANOTHER)
    if not root:
        yield from _issuers_key(certificate)


def names_itself(certificate: x509.Certificate) -> bool:
    """Is it a root by what it says: its own issuer, by name and by key?

    Not by its signature, which may be older than what can be verified, and which nobody relies on.
    """
    issuer = extension(certificate, x509.AuthorityKeyIdentifier)
    own = extension(certificate, x509.SubjectKeyIdentifier)
    key = issuer.value.key_identifier if issuer is not None else None
    same = key is None or (own is not None and key == own.value.digest)
    return same and certificate.issuer == certificate.subject


def _form(certificate: x509.Certificate) -> Iterator[Problem]:
    """Version, unique identifiers, extensions that nobody understands."""
    if certificate.version is not x509.Version.v3:
        yield error("version", f"{title(certificate)} is no X.509 v3 certificate", ANOTHER)
    for name in der.unique_identifiers(certificate):
        message = f"{title(certificate)} has the field {name}, which is not allowed"
        yield error("unique identifiers", message, ANOTHER)
    for each in certificate.extensions:
        if each.critical and not _is_processed(each.value, each.oid):
            oid = each.oid.dotted_string
            message = f"{title(certificate)} has a critical extension that is not known: {oid}"
            yield error("critical extensions", message, ANOTHER, source=_CRITICAL)


def _is_processed(value: x509.ExtensionType, oid: x509.ObjectIdentifier) -> bool:
    """Is a critical extension's meaning kept here?"""
    if isinstance(value, x509.PolicyConstraints):
        return value.require_explicit_policy is None
    return oid in _PROCESSED


def _signature(certificate: x509.Certificate) -> Iterator[Problem]:
    """With what the certificate itself is signed."""
    if certificate.signature_algorithm_oid not in SIGNATURES:
        message = f"{title(certificate)} is signed with {_called(certificate)}"
        yield error(SIGNATURE_RULE, message, ANOTHER)
        return
    parameters = der.pss_parameters(certificate)
    if parameters is None:
        return
    if parameters.hash is None or parameters.mask_generation is None:
        message = f"the RSA-PSS signature of {title(certificate)} does not name its hashes"
        yield error(SIGNATURE_RULE, message, ANOTHER)
    elif parameters.hash != parameters.mask_generation:
        message = (
            f"{title(certificate)} is signed with RSA-PSS over {parameters.hash}, and with another "
            f"hash, {parameters.mask_generation}, in its mask"
        )
        yield error(SIGNATURE_RULE, message, ANOTHER)


def _called(certificate: x509.Certificate) -> str:
    """The hash of a signature that is not allowed, else the number of its algorithm."""
    try:
        digest = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        digest = None
    return certificate.signature_algorithm_oid.dotted_string if digest is None else digest.name


def _key(authority: x509.Certificate) -> Iterator[Problem]:
    own = public_key(authority)
    if not keys.permitted_for(own):
        message = f"{title(authority)} holds {keys.describe(own)}, with which nothing is signed"
        yield error("public key", message, ANOTHER)


def _issuers_key(certificate: x509.Certificate) -> Iterator[Problem]:
    """Does it say which key of its issuer's has signed it?"""
    identifier = extension(certificate, x509.AuthorityKeyIdentifier)
    if identifier is not None and identifier.value.key_identifier is not None:
        return
    if identifier is None and self_signed(certificate):
        return
    message = f"{title(certificate)} does not identify its issuer's key"
    yield error("authority key identifier", message, ANOTHER)
