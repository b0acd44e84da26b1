"""Name constraints (RFC 5280 §4.2.1.10): whom an authority may certify, and whom not.

Names and constraints come from strangers: their number is bounded, and what cannot be compared is
refused, as the section asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.x509.oid import NameOID

from genlabel.credentials.x509.chain import title
from genlabel.credentials.x509.profile_rule import ANOTHER, Problem, error, extension
from genlabel.model.escape import quoted

SECTION, RULE_NAME = "RFC 5280 §4.2.1.10", "name constraints"
MAX_COMPARISONS = 1 << 12
"""Most comparisons of a name with a constraint for one pair of certificates: a few dozen names and
constraints are many."""
MAX_COMPARED_BYTES = 1 << 22
"""Most bytes of names that are looked at for them, seen from the certificate's size."""

_Rdn = frozenset[tuple[str, str | bytes]]


def faults(issuer: x509.Certificate, below: x509.Certificate) -> Iterator[Problem]:
    """Why `issuer` may not vouch for the names of `below`, which stands anywhere below it.

    Raises `ValueError` for names that cannot be read or compared.
    """
    constraints = extension(issuer, x509.NameConstraints)
    if constraints is None:
        return
    names = tuple(_names(below))
    permitted = tuple(constraints.value.permitted_subtrees or ())
    excluded = tuple(constraints.value.excluded_subtrees or ())
    number = len(permitted) + len(excluded)
    size = len(below.tbs_certificate_bytes)
    if number * len(names) > MAX_COMPARISONS or number * size > MAX_COMPARED_BYTES:
        message = f"{title(issuer)} constrains too many names to be compared"
        yield error(RULE_NAME, message, ANOTHER, source=SECTION)
        return
    inside, outside = _by_form(permitted), _by_form(excluded)
    for name in names:
        form, value = type(name), _comparable(name)
        within = inside.get(form, [])
        if within and not any(_matches(form, value, each) for each in within):
            message = f"{title(issuer)} may not vouch for {_shown(name)}"
        elif any(_matches(form, value, each) for each in outside.get(form, [])):
            message = f"{title(issuer)} must not vouch for {_shown(name)}"
        else:
            continue
        yield error(RULE_NAME, message, ANOTHER, source=SECTION)
        return  # one name outside is enough


def _by_form(subtrees: Iterable[x509.GeneralName]) -> dict[type, list[Any]]:
    """The constraints on each form of names, ready to be compared."""
    found: dict[type, list[Any]] = {}
    for each in subtrees:
        found.setdefault(type(each), []).append(_comparable(each))
    return found


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


def _comparable(name: x509.GeneralName) -> Any:
    """A name's value; of a directory name the relative ones, as RFC 5280 §7.1 compares them."""
    if not isinstance(name, x509.DirectoryName):
        return name.value
    return tuple(
        frozenset((each.oid.dotted_string, _folded(each.value)) for each in rdn)
        for rdn in name.value.rdns
    )


def _matches(form: type, name: Any, constraint: Any) -> bool:
    """Does a name lie in a constraint's subtree, both of one form? Raises `ValueError`.

    RFC 5280 §4.2.1.10: where a name of a form is there that is constrained and not compared here,
    the certificate is refused.
    """
    compared = _FORMS.get(form)
    if compared is None:
        raise ValueError("a constraint on names of a form that is not compared")
    return compared(name, constraint)


def _directory(name: tuple[_Rdn, ...], constraint: tuple[_Rdn, ...]) -> bool:
    return name[: len(constraint)] == constraint


def _address(name: object, constraint: object) -> bool:
    if not isinstance(constraint, IPv4Network | IPv6Network):
        return False
    return isinstance(name, IPv4Address | IPv6Address) and name in constraint


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


_FORMS: dict[type, Callable[[Any, Any], bool]] = {
    x509.DirectoryName: _directory,
    x509.IPAddress: _address,
    x509.DNSName: _dns,
    x509.RFC822Name: _mailbox,
    x509.UniformResourceIdentifier: _uri,
}


def _shown(name: x509.GeneralName) -> str:
    value = name.value
    text = value.rfc4514_string() if isinstance(value, x509.Name) else str(value)
    return quoted(text, limit=200)
