"""Names in certificates: what X.509 can hold, checked before a key is made for it."""

from __future__ import annotations

from genlabel.model.errors import CredentialError
from genlabel.model.expression import expression

MAX_NAME = 64
"""Most characters of O, OU and CN (RFC 5280 appendix A.1: ub-organization-name and neighbours)."""

_COUNTRY = expression(r"[A-Z]{2}\Z")  # RFC 5280 appendix A.1: X520countryName, ISO 3166-1 alpha-2

_EMAIL = expression(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}\Z")
"""ASCII addresses: what every reader takes as an rfc822Name (RFC 5280 §4.2.1.6)."""


def check(name: str, *, what: str) -> None:
    """Raises `CredentialError` for a name that no certificate holds; `what` it is the name of."""
    if not isinstance(name, str):
        raise CredentialError(f"{name!r}: {what} is no text", remedy="give the name as a text")
    fault = "" if name.isprintable() else "with unprintable characters"
    if not name or name != name.strip():
        fault = "is neither empty nor begins or ends blank"
    if fault:
        remedy = "give the name as it is to be shown"
        raise CredentialError(f"{name!r}: {what} {fault}", remedy=remedy)
    if len(name) > MAX_NAME:
        raise CredentialError(
            f"{name!r}: {len(name)} characters, and a certificate holds {MAX_NAME}",
            rule="RFC 5280 appendix A.1: ub-organization-name",
            remedy="give a shorter form of the name",
        )


def check_country(code: str) -> None:
    """Raises `CredentialError` for what is no code of two capital letters."""
    if not _COUNTRY.match(code):
        raise CredentialError(
            f"{code!r}: no country code",
            rule="RFC 5280 appendix A.1: X520countryName",
            remedy="give two capital letters of ISO 3166-1, such as FR",
        )


def check_email(address: str, *, identity: bool) -> None:
    """Raises `CredentialError` for no address, and for one in a certificate that is no identity."""
    if not identity:
        raise CredentialError(
            f"{address}: an e-mail address belongs to an identity only",
            remedy="ask for an identity (--identity), or leave the address out",
        )
    if not _EMAIL.match(address):
        raise CredentialError(
            f"{address!r}: no e-mail address",
            rule="RFC 5280 §4.2.1.6: rfc822Name",
            remedy="give one such as desk@acme.example",
        )
