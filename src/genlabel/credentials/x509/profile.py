"""The certificate profile: which rules a chain fails, for those who sign and those who verify.

One set of rules for both (C2PA 2.4 §13.2.1, §14.5.1 and RFC 5280 §6): `faults` are errors for
every reader, whoever vouches; `problems` are what one should know before signing, too, such as
dates, what c2pa-python 0.38 cannot do, and what publishers regret.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from genlabel.credentials.x509 import (
    certificate_rules,
    chain as certificates,
    key as keys,
    path_rules,
    purpose as purposes,
)
from genlabel.credentials.x509.chain import title
from genlabel.credentials.x509.profile_rule import (
    ANOTHER,
    ORDER,
    SECTION,
    UNREADABLE,
    Problem,
    error,
    extension,
    note,
    warning,
)
from genlabel.credentials.x509.purpose import Purpose
from genlabel.model.errors import CredentialError
from genlabel.model.logger import log
from genlabel.model.report import Severity

MAX_CHAIN = 10
"""Longer chains are mistakes or attacks; C2PA's own have two or three certificates."""

DATES = f"{SECTION}: validity"
"""The rule about dates, which is not asked of what was signed long ago."""


def faults(
    chain: Sequence[x509.Certificate],
    *,
    algorithm: str | None = None,
    purpose: Purpose = Purpose.CLAIMS,
) -> tuple[Problem, ...]:
    """The rules for which every reader refuses a chain; none for one that is in order.

    `chain` begins with the certificate that signed, and is judged as far as each is signed by the
    next. `algorithm` is that of its signature, as in ``es256``; without one the key alone is
    looked at. Dates, trust and revocation are other questions. Kept by the chain.
    """
    return _faults(tuple(chain), algorithm, purpose)


@lru_cache(maxsize=64)
def _faults(
    chain: tuple[x509.Certificate, ...], algorithm: str | None, purpose: Purpose
) -> tuple[Problem, ...]:
    if not 1 <= len(chain) <= MAX_CHAIN:
        return (_count(chain),)
    try:
        return tuple(dict.fromkeys(_rules(path_rules.linked(chain), algorithm, purpose)))
    except UNREADABLE as unread:
        return (_unreadable(unread),)


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
            log.warning("%s: %s; %s", source, problem.message, problem.remedy)


def problems(
    chain: Sequence[x509.Certificate], key: object, *, algorithm: str, at: datetime
) -> tuple[Problem, ...]:
    """Every rule that the chain fails, in the order in which one would put them right.

    `chain` begins with the signing certificate; `key` is the public half of the key that signs;
    `at` is the moment of signing, with time zone.
    """
    if not 1 <= len(chain) <= MAX_CHAIN:
        return (_count(chain),)
    try:
        return tuple(dict.fromkeys(_problems(tuple(chain), key, algorithm, at.astimezone(UTC))))
    except UNREADABLE as unread:
        return (_unreadable(unread),)


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


def _count(chain: Sequence[x509.Certificate]) -> Problem:
    return error("chain", f"{len(chain)} certificates; 1 to {MAX_CHAIN} make a chain", ORDER)


def _unreadable(unread: Exception) -> Problem:
    # keys and extensions are parsed when looked at, and may be damaged or unheard-of
    return error("encoding", f"a certificate has a part that cannot be read: {unread}", ANOTHER)


def _rules(
    path: Sequence[x509.Certificate], algorithm: str | None, purpose: Purpose
) -> Iterator[Problem]:
    """The rules that both sides ask for, of certificates that are each signed by the next."""
    leaf, last = path[0], len(path) - 1
    yield from _key(leaf, algorithm)
    yield from certificate_rules.of_leaf(leaf, purpose)
    for place, each in enumerate(path[1:], 1):
        root = place == last and certificate_rules.names_itself(each)
        yield from certificate_rules.of_authority(each, root=root)
    yield from path_rules.faults(path, purpose)


def _problems(
    chain: tuple[x509.Certificate, ...], key: object, algorithm: str, at: datetime
) -> Iterator[Problem]:
    misplaced = tuple(_place(chain, key))
    yield from misplaced
    if misplaced:
        return  # every further row would speak of the wrong certificate
    path = path_rules.linked(chain)
    for certificate in chain:
        yield from _dates(certificate, at)
    yield from _rules(path, algorithm, Purpose.CLAIMS)
    yield from _links(chain)
    yield from _engine(path, algorithm)
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


def _key(leaf: x509.Certificate, algorithm: str | None) -> Iterator[Problem]:
    """Is the leaf's key one for C2PA, and for this algorithm?"""
    own = leaf.public_key()
    kind, section, allowed = keys.describe(own), keys.SECTION, keys.permitted_for(own)
    if not allowed:
        message = f"{title(leaf)} holds {kind}, which signs no C2PA manifest"
        yield error(keys.RULE_NAME, message, keys.USABLE_KEYS, source=section)
    elif algorithm is not None and algorithm not in allowed:
        message = f"{algorithm} does not go with {kind}, which {title(leaf)} holds"
        remedy = f"use {' or '.join(keys.algorithms_for(own))}"
        yield error(keys.RULE_NAME, message, remedy, source=section)


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


def _links(chain: Sequence[x509.Certificate]) -> Iterator[Problem]:
    """Each certificate is signed by the next."""
    for certificate, issuer in pairwise(chain):
        if certificates.issued_by(certificate, issuer):
            continue
        others = (other for other in chain if other not in (certificate, issuer))
        elsewhere = any(certificates.issued_by(certificate, other) for other in others)
        yield error(
            "order" if elsewhere else "chain",
            f"{title(certificate)} was not issued by {title(issuer)}, which follows it",
            ORDER if elsewhere else "give the intermediates that came with the certificate",
        )


def _engine(path: Sequence[x509.Certificate], algorithm: str) -> Iterator[Problem]:
    """What the specification allows, and c2pa-rs and its like cannot do."""
    leaf = path[0]
    if extension(leaf, x509.AuthorityKeyIdentifier) is None and certificates.self_signed(leaf):
        message = f"{title(leaf)} does not identify its issuer's key"
        yield error("authority key identifier", message, ANOTHER)
    own = leaf.public_key()
    usual = keys.algorithms_for(own)
    if algorithm in keys.permitted_for(own) and algorithm not in usual:
        yield note(
            keys.RULE_NAME,
            f"{algorithm} with {keys.describe(own)} is allowed, and the C2PA engine used here "
            "neither signs nor reads it",
            f"use {' or '.join(usual)}",
            source=keys.SECTION,
        )
    for certificate, issuer in pairwise(path):
        above, digest = issuer.public_key(), certificate.signature_hash_algorithm
        if (
            isinstance(above, ec.EllipticCurvePublicKey)
            and above.curve.key_size == 521
            and isinstance(digest, hashes.SHA256)
        ):
            yield error(
                certificate_rules.SIGNATURE_RULE,
                f"{title(certificate)} is signed on P-521 with SHA-256, "
                "which readers do not verify",
                "issue it again with SHA-512",
            )


def _advice(chain: Sequence[x509.Certificate]) -> Iterator[Problem]:
    leaf, last = chain[0], chain[-1]
    yield from _usage_advice(leaf)
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


def _usage_advice(leaf: x509.Certificate) -> Iterator[Problem]:
    usage = extension(leaf, x509.KeyUsage)
    if usage is not None and not usage.critical:
        yield note("key usage", f"the key usage of {title(leaf)} is not critical", ANOTHER)
    present = purposes.usages_of(leaf) or frozenset()
    if not present & Purpose.CLAIMS.usages:
        if purposes.BEFORE_C2PA in present:
            message = f"{title(leaf)} is for claims by a usage that no trust list vouches for"
            yield warning(purposes.RULE_NAME, message, ANOTHER)
    elif purposes.EMAIL_PROTECTION not in present:
        yield note(
            purposes.RULE_NAME,
            f"{title(leaf)} lacks emailProtection, without which older readers refuse it",
            "ask for a certificate with both usages where such readers matter",
        )


def _spki(key: object) -> bytes | None:
    """The public key in DER, by which two are compared; None for kinds that sign nothing here."""
    if isinstance(key, keys.PublicKey):
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return None
