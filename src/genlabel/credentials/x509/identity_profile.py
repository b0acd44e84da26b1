"""What CAWG asks of an identity's certificate beyond C2PA's profile, and until when.

CAWG Identity 1.3, trust model for X.509 certificates: documentSigning is accepted for good. For an
interim, S/MIME certificates with certain policies are, too, where a time-stamp proves the moment.
"""

from __future__ import annotations

from collections.abc import Iterator

from cryptography import x509
from cryptography.x509.oid import ObjectIdentifier

from genlabel.credentials.x509.chain import organisation, title
from genlabel.credentials.x509.profile_rule import Problem, error, extension, note, warning
from genlabel.credentials.x509.purpose import (
    DOCUMENT_SIGNING,
    EMAIL_PROTECTION,
    IDENTITY_SECTION as SOURCE,
)

INTERIM_ENDS = "31 March 2027"
POLICIES = frozenset(
    ObjectIdentifier(f"2.23.140.1.5.{kind}.{strictness}")
    for kind in (2, 3, 4)  # validated: the organisation, the sponsor, the individual
    for strictness in (2, 3)  # multipurpose, strict
)
"""The policies of the CA/Browser Forum's S/MIME requirements that the interim model accepts."""
_REMEDY = (
    "ask for a certificate for document signing (1.3.6.1.5.5.7.3.36), "
    "or make one with `genlabel keys new --identity`"
)


def problems(leaf: x509.Certificate) -> Iterator[Problem]:
    """What keeps other readers from taking `leaf` for somebody's identity.

    Raises `ValueError` or `DuplicateExtension` for extensions that cannot be read.
    """
    usage = extension(leaf, x509.ExtendedKeyUsage)
    usages = set(usage.value) if usage is not None else set()
    if DOCUMENT_SIGNING not in usages:
        if EMAIL_PROTECTION not in usages:
            message = f"{title(leaf)} is for neither document signing nor e-mail"
            yield error("extended key usage", message, _REMEDY, source=SOURCE)
        elif not interim(leaf):
            message = f"{title(leaf)} is for e-mail, under no policy that says whose it is"
            yield warning("certificate policy", message, _REMEDY, source=SOURCE)
        else:
            message = (
                f"{title(leaf)} is an S/MIME certificate: readers take it with a time-stamp from "
                f"before {INTERIM_ENDS} only"
            )
            yield note("extended key usage", message, _REMEDY, source=SOURCE)
    if organisation(leaf) is None:
        yield note(
            "organisation",
            f"{title(leaf)} names no organisation: it can stand for a person only",
            "ask for a certificate with your company's name in the subject's O",
            source=SOURCE,
        )


def interim(leaf: x509.Certificate) -> bool:
    """Is it an S/MIME certificate that the interim trust model accepts, by its policies?"""
    return bool(POLICIES & _policies(leaf))


def _policies(leaf: x509.Certificate) -> set[ObjectIdentifier]:
    policies = extension(leaf, x509.CertificatePolicies)
    return {each.policy_identifier for each in policies.value} if policies is not None else set()
