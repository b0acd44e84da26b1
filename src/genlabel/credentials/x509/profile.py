"""The certificate profile: which rule of C2PA a chain fails, and what to do about it.

Errors are what verifiers refuse, warnings what publishers regret, notes what is merely unusual.
Sources: C2PA 2.4 §13.2 and §14.5.1, and what c2pa-python 0.38 does, row by row.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from genlabel.credentials.x509 import chain as certificates, key as keys
from genlabel.credentials.x509.chain import title
from genlabel.credentials.x509.profile_rule import (
    ANOTHER,
    ORDER,
    SECTION,
    Problem,
    error,
    extension,
    note,
    warning,
)
from genlabel.model.errors import CredentialError
from genlabel.model.report import Severity

_log = logging.getLogger("genlabel")

MAX_CHAIN = 10
"""Longer chains are mistakes or attacks; C2PA's own have two or three certificates."""

CLAIM_SIGNING = ObjectIdentifier("1.3.6.1.4.1.62558.2.1")  # c2pa-kp-claimSigning, §14.5.1
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # id-kp-documentSigning, RFC 9336
EMAIL_PROTECTION = ExtendedKeyUsageOID.EMAIL_PROTECTION  # 1.3.6.1.5.5.7.3.4
DATES = f"{SECTION}: validity"
"""The rule about dates, which is not asked of what was signed long ago."""

ACCEPTED = (CLAIM_SIGNING, EMAIL_PROTECTION, DOCUMENT_SIGNING)

_USAGES = {
    CLAIM_SIGNING: "C2PA claim signing",
    EMAIL_PROTECTION: "emailProtection",
    DOCUMENT_SIGNING: "documentSigning",
    ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE: "anyExtendedKeyUsage",
    ExtendedKeyUsageOID.TIME_STAMPING: "timeStamping",
    ExtendedKeyUsageOID.OCSP_SIGNING: "OCSPSigning",
    ExtendedKeyUsageOID.SERVER_AUTH: "serverAuth",
    ExtendedKeyUsageOID.CLIENT_AUTH: "clientAuth",
    ExtendedKeyUsageOID.CODE_SIGNING: "codeSigning",
}


def require(rows: Iterable[Problem], *, source: str = "certificates") -> None:
    """Raises the first error among `rows` as a `CredentialError`; `source` names the chain."""
    for problem in rows:
        if problem.severity is Severity.ERROR:
            raise CredentialError(
                f"{source}: {problem.message}", rule=problem.rule, remedy=problem.remedy
            )


def accept(chain: Sequence[x509.Certificate], key: object, *, algorithm: str, source: str) -> None:
    """Raises `CredentialError` where verifiers would refuse today, and logs what is regretted."""
    rows = problems(chain, key, algorithm=algorithm, at=datetime.now(UTC))
    require(rows, source=source)
    for problem in rows:
        if problem.severity is Severity.WARNING:
            _log.warning("%s: %s; %s", source, problem.message, problem.remedy)


def problems(
    chain: Sequence[x509.Certificate], key: object, *, algorithm: str, at: datetime
) -> tuple[Problem, ...]:
    """Every rule that the chain fails, in the order in which one would put them right.

    `chain` begins with the signing certificate; `key` is the public half of the key that signs;
    `at` is the moment of signing, with time zone.
    """
    if not 1 <= len(chain) <= MAX_CHAIN:
        return (error("chain", f"{len(chain)} certificates; 1 to {MAX_CHAIN} make a chain", ORDER),)
    try:
        return tuple(_problems(chain, key, algorithm, at.astimezone(UTC)))
    except (ValueError, UnsupportedAlgorithm, x509.DuplicateExtension) as unread:
        # keys and extensions are parsed when looked at, and may be damaged or unheard-of
        message = f"a certificate has a part that cannot be read: {unread}"
        return (error("encoding", message, ANOTHER),)


def key_usage(*, authority: bool) -> x509.KeyUsage:
    """An authority signs certificates and revocation lists, a leaf signs claims."""
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _problems(
    chain: Sequence[x509.Certificate], key: object, algorithm: str, at: datetime
) -> Iterator[Problem]:
    leaf = chain[0]
    misplaced = tuple(_place(chain, key))
    yield from misplaced
    if misplaced:
        return  # every further row would speak of the wrong certificate
    yield from _key(leaf, algorithm)
    if leaf.version is not x509.Version.v3:
        yield error("version", f"{title(leaf)} is no X.509 v3 certificate", ANOTHER)
    for certificate in chain:
        yield from _dates(certificate, at)
    yield from _authority_flag(leaf)
    yield from _key_usage(leaf)
    yield from _extended_key_usage(leaf)
    # The specification excuses self-signed certificates, c2pa-rs does not.
    if extension(leaf, x509.AuthorityKeyIdentifier) is None:
        message = f"{title(leaf)} does not identify its issuer's key"
        yield error("authority key identifier", message, ANOTHER)
    yield from certificates.problems(chain)
    yield from _advice(chain)


def _place(chain: Sequence[x509.Certificate], key: object) -> Iterator[Problem]:
    """Is the first certificate the one of the key that signs?"""
    public = _spki(key)
    holders = [n for n, each in enumerate(chain, 1) if _spki(each.public_key()) == public]
    if not holders:
        yield error(
            "key",
            f"the private key does not belong to the certificate {title(chain[0])}",
            "give the key and the certificate that were made together",
        )
    elif holders[0] != 1:
        yield error(
            "order",
            f"the certificate of the key is number {holders[0]} of the chain, not the first",
            ORDER,
        )


def _key(leaf: x509.Certificate, algorithm: str) -> Iterator[Problem]:
    kind, section = keys.describe(leaf.public_key()), keys.SECTION
    fitting = keys.algorithms_for(leaf.public_key())
    if not fitting:
        message = f"{title(leaf)} holds {kind}, which signs no C2PA manifest"
        yield error(keys.RULE_NAME, message, keys.USABLE_KEYS, source=section)
    elif algorithm not in fitting:
        message = f"{algorithm} does not go with {kind}, which {title(leaf)} holds"
        yield error(keys.RULE_NAME, message, f"use {' or '.join(fitting)}", source=section)


def _dates(certificate: x509.Certificate, at: datetime) -> Iterator[Problem]:
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if at < begin:
        message = f"{title(certificate)} is not valid before {begin:%Y-%m-%d %H:%M:%S} UTC"
        yield error("validity", message, "check the clock of this machine, or wait")
    if at > end:
        yield error(
            "validity",
            f"{title(certificate)} expired on {end:%Y-%m-%d %H:%M:%S} UTC",
            # An expired root does no harm where it is trusted, and does inside a picture.
            "leave this root out of the chain"
            if certificates.self_signed(certificate)
            else "get a new certificate, or make one with `genlabel keys new`",
        )


def _authority_flag(leaf: x509.Certificate) -> Iterator[Problem]:
    constraints = extension(leaf, x509.BasicConstraints)
    if constraints is not None and constraints.value.ca:
        what = "a self-signed authority" if certificates.self_signed(leaf) else "an authority"
        yield error(
            "basic constraints",
            f"{title(leaf)} is {what}, and authorities sign no claims",
            "sign with a certificate that this authority has issued",
        )


def _key_usage(leaf: x509.Certificate) -> Iterator[Problem]:
    usage = extension(leaf, x509.KeyUsage)
    if usage is None:
        yield error("key usage", f"{title(leaf)} has no key usage", ANOTHER)
        return
    if not usage.value.digital_signature:
        yield error("key usage", f"{title(leaf)} is not for digital signatures", ANOTHER)
    if usage.value.key_cert_sign:
        yield error("key usage", f"{title(leaf)} may sign certificates", ANOTHER)
    if not usage.critical:
        yield note("key usage", f"the key usage of {title(leaf)} is not critical", ANOTHER)


def _extended_key_usage(leaf: x509.Certificate) -> Iterator[Problem]:
    usage = extension(leaf, x509.ExtendedKeyUsage)
    if usage is None:
        yield error("extended key usage", f"{title(leaf)} has no extended key usage", ANOTHER)
        return
    present = set(usage.value)
    if ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE in present:
        yield error("extended key usage", f"{title(leaf)} is for any usage", ANOTHER)
    # Time-stamps and revocation answers are signed by certificates for nothing else.
    for alone in (ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.OCSP_SIGNING):
        if alone in present:
            message = f"{title(leaf)} is for {_USAGES[alone]}, which excludes claims"
            yield error("extended key usage", message, ANOTHER)
    if not present.intersection(ACCEPTED):
        named = ", ".join(_USAGES.get(oid, oid.dotted_string) for oid in usage.value)
        message = f"{title(leaf)} is for {named} and not for claims"
        yield error("extended key usage", message, ANOTHER)
    elif EMAIL_PROTECTION not in present:
        yield note(
            "extended key usage",
            f"{title(leaf)} lacks emailProtection, without which older readers refuse it",
            "ask for a certificate with both usages where such readers matter",
        )


def _advice(chain: Sequence[x509.Certificate]) -> Iterator[Problem]:
    leaf, last = chain[0], chain[-1]
    if certificates.organisation(leaf) is None:
        yield warning(
            "organisation",
            f"{title(leaf)} names no organisation: viewers will show no company",
            "ask for a certificate with your company's name in the subject's O",
        )
    if certificates.self_signed(leaf):
        yield warning(
            "self-signed",
            f"{title(leaf)} is self-signed: it is trusted only where it is named itself",
            ANOTHER,
        )
    elif len(chain) == 1:
        yield warning(
            "intermediates",
            f"{title(leaf)} stands alone: readers who lack its issuer find no way to the root",
            "add the intermediates that came with the certificate",
        )
    elif certificates.self_signed(last):
        yield note(
            "root",
            f"the root {title(last)} is in the chain: it makes each picture bigger, no more",
            "leave the root out",
        )


def _spki(key: object) -> bytes | None:
    """The public key in DER, by which two are compared; None for kinds that sign nothing here."""
    if isinstance(key, keys.PublicKey):
        return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return None
