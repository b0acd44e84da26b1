"""What the C2PA Certificate Policy asks of a certificate for claims, beyond C2PA's profile.

Authorities of the C2PA trust list issue under it, so that a certificate without these parts comes
from elsewhere. Readers refuse nobody for it: all of this is notes. Source: C2PA Certificate Policy
0.2 (31 July 2026), profiles of claim signing leaf certificates of assurance levels 1 and 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID, ObjectIdentifier

from genlabel.credentials.x509 import purpose as purposes
from genlabel.credentials.x509.chain import title
from genlabel.credentials.x509.profile_rule import Problem, extension, note

SOURCE = "C2PA Certificate Policy 0.2, claim signing leaf"
POLICY = ObjectIdentifier("1.3.6.1.4.1.62558.1.1")  # c2pa-certificate-policy
ASSURANCE_LEVEL = ObjectIdentifier("1.3.6.1.4.1.62558.3")  # id-c2pa-al
PRODUCT_RECORD = ObjectIdentifier("1.3.6.1.4.1.62558.4")  # c2pa-cpl-record
LEVELS = {  # the extension's value, an OBJECT IDENTIFIER in DER, and how long a certificate lasts
    bytes.fromhex("060a2b0601040183e85e030a"): (1, timedelta(days=366)),
    bytes.fromhex("060a2b0601040183e85e0314"): (2, timedelta(days=90)),
}
"""The assurance levels: 1.3.6.1.4.1.62558.3.10 and .20."""

DEVELOPMENT = "Development"
"""The OU of what `genlabel keys new` makes, which says so itself that it is under no policy."""
_REMEDY = "ask an authority of the C2PA trust list, where that list matters"


def problems(leaf: x509.Certificate) -> Iterator[Problem]:
    """What a certificate for C2PA claims lacks of the policy's profile; nothing for others.

    Raises what is in `UNREADABLE` for extensions that cannot be read.
    """
    if purposes.CLAIM_SIGNING not in (purposes.usages_of(leaf) or ()) or _development(leaf):
        return
    policies = extension(leaf, x509.CertificatePolicies)
    if policies is None or POLICY not in {each.policy_identifier for each in policies.value}:
        yield _note("certificate policy", leaf, f"does not name the policy {POLICY.dotted_string}")
    stated = _value(leaf, ASSURANCE_LEVEL)
    level, longest = LEVELS.get(stated or b"", (None, timedelta(days=366)))
    if level is None:
        what = "states no assurance level" if stated is None else "states no known assurance level"
        yield _note("assurance level", leaf, what)
    lifetime = leaf.not_valid_after_utc - leaf.not_valid_before_utc
    if lifetime > longest:
        of = f" of level {level}" if level else ""
        what = f"is valid for {lifetime.days} days, and at most {longest.days} are allowed{of}"
        yield _note("validity period", leaf, what)
    access = extension(leaf, x509.AuthorityInformationAccess)
    methods = {each.access_method for each in access.value} if access is not None else set()
    if AuthorityInformationAccessOID.OCSP not in methods:
        yield _note("OCSP", leaf, "names no address where its status is asked for")
    if _value(leaf, PRODUCT_RECORD) is None:
        yield _note("conforming product", leaf, "names no record of the Conforming Products List")


def _note(name: str, leaf: x509.Certificate, what: str) -> Problem:
    return note(name, f"{title(leaf)} {what}", _REMEDY, source=SOURCE)


def _development(leaf: x509.Certificate) -> bool:
    units = leaf.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    return any(each.value == DEVELOPMENT for each in units)


def _value(leaf: x509.Certificate, oid: ObjectIdentifier) -> bytes | None:
    """The DER of an extension that cryptography does not know; None without it."""
    for each in leaf.extensions:
        if each.oid == oid and isinstance(each.value, x509.UnrecognizedExtension):
            return each.value.value
    return None
