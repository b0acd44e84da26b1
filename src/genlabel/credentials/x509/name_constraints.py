"""Name constraints (RFC 5280 §4.2.1.10): whom an authority may certify, and whom not.

Names and constraints come from strangers: their number is bounded, and what cannot be compared is
refused, as the section asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.x509.oid import NameOID

from genlabel.credentials.x509.chain import title
from genlabel.credentials.x509.profile_rule import ANOTHER, Problem, error, extension

SECTION, RULE_NAME = "RFC 5280 §4.2.1.10", "name constraints"
MAX_COMPARISONS = 1 << 16
"""Most comparisons of a name with a constraint for one pair of certificates: a few dozen names and
constraints are many."""

_Rdn = frozenset[tuple[str, str | bytes]]


def faults(issuer: x509.Certificate, below: x509.Certificate) -> Iterator[Problem]:
    """Why `issuer` may not vouch for the names of `below`, which stands anywhere below it.

    Raises `ValueError` for names that cannot be read.
    """
    constraints = extension(issuer, x509.NameConstraints)
    if constraints is None:
        return
    names = tuple(_names(below))
    permitted = tuple(constraints.value.permitted_subtrees or ())
    excluded = tuple(constraints.value.excluded_subtrees or ())
    if len(names) * (len(permitted) + len(excluded)) > MAX_COMPARISONS:
        message = f"{title(issuer)} constrains too many names to be compared"
        yield error(RULE_NAME, message, ANOTHER, source=SECTION)
        return
    for name in names:
        kind = type(name)
        inside = [each for each in permitted if type(each) is kind]
        if inside and not any(_matches(name, each) for each in inside):
            message = f"{title(issuer)} may not vouch for {_shown(name)}"
            yield error(RULE_NAME, message, ANOTHER, source=SECTION)
        elif any(_matches(name, each) for each in excluded if type(each) is kind):
            message = f"{title(issuer)} must not vouch for {_shown(name)}"
            yield error(RULE_NAME, message, ANOTHER, source=SECTION)
        else:
            continue
        return  # one name outside is enough


def _names(certificate: x509.Certificate) -> Iterator[x509.GeneralName]:
    """All names of a certificate's holder: the subject, and the alternative ones."""
    if certificate.subject.rdns:
        yield x509.DirectoryName(certificate.subject)
    alternative = extension(certificate, x509.SubjectAlternativeName)
    listed = tuple(alternative.value) if alternative is not None else ()
    yield from listed
    if not any(isinstance(each, x509.RFC822Name) for each in listed):
        # an old form of the same, to which the constraints apply as well
        for attribute in certificate.subject.get_attributes_for_oid(NameOID.EMAIL_ADDRESS):
            yield x509.RFC822Name(str(attribute.value))


def _matches(name: x509.GeneralName, constraint: x509.GeneralName) -> bool:
    """Does the name lie in the constraint's subtree? Raises `ValueError` for what is no name.

    A name of a form that is not compared here lies outside of what is permitted, and inside of what
    is excluded: either way the certificate is refused.
    """
    if isinstance(name, x509.DirectoryName) and isinstance(constraint, x509.DirectoryName):
        base = _rdns(constraint.value)
        return _rdns(name.value)[: len(base)] == base
    if isinstance(name, x509.IPAddress) and isinstance(constraint, x509.IPAddress):
        within, own = constraint.value, name.value
        if isinstance(within, IPv4Network | IPv6Network):
            return isinstance(own, IPv4Address | IPv6Address) and own in within
    for kind, compared in _TEXTS.items():
        if isinstance(name, kind) and isinstance(constraint, kind):
            return compared(name.value, constraint.value)
    raise ValueError("a constraint on names of a form that is not compared")


def _rdns(name: x509.Name) -> tuple[_Rdn, ...]:
    """The relative names, comparable as RFC 5280 §7.1 asks: without case and further spaces."""
    return tuple(
        frozenset((each.oid.dotted_string, _folded(each.value)) for each in rdn)
        for rdn in name.rdns
    )


def _folded(value: str | bytes) -> str | bytes:
    return " ".join(value.casefold().split()) if isinstance(value, str) else value


def _dns(name: str, constraint: str) -> bool:
    """A host, or any number of labels before it."""
    host, suffix = name.lower().rstrip("."), constraint.lower().removeprefix(".")
    if not suffix:
        return True
    whole = host == suffix and not constraint.startswith(".")
    return whole or host.endswith(f".{suffix}")


def _host(host: str, constraint: str) -> bool:
    """One host, or with a full stop before it those below alone."""
    host, wanted = host.lower().rstrip("."), constraint.lower()
    return host.endswith(wanted) if wanted.startswith(".") else host == wanted


def _mailbox(name: str, constraint: str) -> bool:
    local, sign, host = name.rpartition("@")
    if not sign:
        raise ValueError("a mailbox without host")
    if "@" in constraint:
        own, _, at = constraint.rpartition("@")
        return (local, host.lower()) == (own, at.lower())
    return not constraint or _host(host, constraint)


def _uri(name: str, constraint: str) -> bool:
    host = urlsplit(name).hostname
    if not host:
        raise ValueError("an address without host")
    return _host(host, constraint)


_Text = x509.DNSName | x509.RFC822Name | x509.UniformResourceIdentifier
_TEXTS: dict[type[_Text], Callable[[str, str], bool]] = {
    x509.DNSName: _dns,
    x509.RFC822Name: _mailbox,
    x509.UniformResourceIdentifier: _uri,
}


def _shown(name: x509.GeneralName) -> str:
    value = name.value
    text = value.rfc4514_string() if isinstance(value, x509.Name) else str(value)
    return f"{text[:200]!r}"
