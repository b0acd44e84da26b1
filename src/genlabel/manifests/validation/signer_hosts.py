"""The host names that a signer's certificate names, so that an address can be held against them.

RFC 5280 §4.2.1.6. Whoever vouches for the certificate vouches for them; nobody else is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.x509.oid import NameOID

from genlabel.credentials.x509 import chain as chains
from genlabel.manifests.store import cose, manifest_store
from genlabel.manifests.store.cbor import Unreadable


def named_by(store: bytes) -> frozenset[str]:
    """The hosts in the certificate that signed the active manifest; empty where there are none or
    nothing can be read."""
    try:
        active = manifest_store.read(store).active
        signature = cose.claim_signature(active) if active is not None else None
    except Unreadable:
        return frozenset()
    certificates = chains.parsed(signature.certificates[:1]) if signature is not None else None
    return frozenset(_hosts(certificates[0])) if certificates else frozenset()


def belongs(address: str, hosts: frozenset[str]) -> bool:
    """Is the host of `address` one of these, or below one of them?"""
    host = host_of(address)
    return any(host == each or host.endswith(f".{each}") for each in hosts)


def host_of(address: str) -> str:
    """The host of a web address, in lower case; empty where it names none."""
    try:
        return (urlsplit(address).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""


def _hosts(certificate: x509.Certificate) -> Iterator[str]:
    for attribute in certificate.subject.get_attributes_for_oid(NameOID.EMAIL_ADDRESS):
        yield from _plain(str(attribute.value).rpartition("@")[2])
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return
    names = extension.value
    for name in names.get_values_for_type(x509.DNSName):
        yield from _plain(name.removeprefix("*."))
    for name in names.get_values_for_type(x509.RFC822Name):
        yield from _plain(name.rpartition("@")[2])
    for name in names.get_values_for_type(x509.UniformResourceIdentifier):
        yield from _plain(host_of(name))


def _plain(host: str) -> Iterator[str]:
    """The host, if it is one: a bare top-level domain would be everybody's."""
    if "." in host.strip("."):
        yield host.rstrip(".").lower()
