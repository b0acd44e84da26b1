"""Anchors in PEM: read from files within bounds, and each certificate asked if it can be one.

cryptography is loaded with the first anchor.
"""

from __future__ import annotations

import os
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from genlabel.model.errors import TrustError, remedy_of
from genlabel.model.logger import log

if TYPE_CHECKING:
    from cryptography import x509

Source = str | bytes | os.PathLike[str]
"""A file's path, or PEM itself (as bytes, or as text that holds a certificate)."""

MAX_LIST_BYTES = 8 * 1024 * 1024
"""C2PA's own list has 38 KB."""
MAX_CERTIFICATES = 2000
"""C2PA's own list has 30."""

MAX_AGE = timedelta(days=90)
"""How old a fetched list may grow before reports say so. C2PA's changed 20 times in the 14 months
to August 2026, never with more than 89 days between."""

_BEGIN = b"-----BEGIN CERTIFICATE-----"
_REMEDY = "give a PEM file with the root or intermediate certificates to be trusted"


class AnchorKind(StrEnum):
    """What an anchor is trusted for."""

    SIGNER = "signer"
    TSA = "tsa"
    """Time-stamping authorities."""
    IDENTITY = "identity"
    """Those whose identity is signed beside a claim (CAWG Identity 1.3)."""

    @classmethod
    def parse(cls, word: str) -> AnchorKind:
        """The kind that `word` names. Raises `TrustError`."""
        try:
            return cls(word)
        except ValueError:
            raise TrustError(
                f"{word}: no kind of trust list",
                remedy=f"use {' or '.join(cls)}, or c2pa for the C2PA trust list; on the command "
                "line as in signer=FILE, or the name of a stored list alone",
            ) from None


def read_source(source: Source) -> tuple[str, bytes]:
    """What verdicts call the source, and its bytes."""
    if isinstance(source, str) and _BEGIN.decode() in source:
        source = source.encode()
    if isinstance(source, bytes):
        name, data = "given certificates", source
    elif not isinstance(source, str | os.PathLike):
        raise TypeError(f"trust: {type(source).__name__} is no Trust, no PEM and no path of it")
    else:
        path = Path(source)
        name = path.name
        try:
            with path.open("rb") as file:
                data = file.read(MAX_LIST_BYTES + 1)
        except OSError as error:
            raise TrustError(
                f"{path}: the anchors cannot be read ({error.strerror})", remedy=remedy_of(error)
            ) from error
    if len(data) > MAX_LIST_BYTES:
        raise TrustError(f"{name}: more than {MAX_LIST_BYTES:,} bytes", remedy=_REMEDY)
    return name, data


def joined_pem(data: bytes, name: str) -> tuple[bytes, int]:
    """The anchors in `data` without the text between, and how many they are. As `anchors_in`."""
    anchors = anchors_in(data, name)
    return "".join(anchors).encode("ascii"), len(anchors)


def anchors_in(data: bytes, name: str) -> tuple[str, ...]:
    """The certificates in `data` that can be anchors, each once, in PEM.

    `name` is what `TrustError` calls the source when there are none or one cannot be read.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    from genlabel.credentials.x509.profile_rule import UNREADABLE

    announced = data.count(_BEGIN)
    if not announced:
        if data[:1] == b"\x30":  # a DER SEQUENCE
            raise TrustError(
                f"{name}: a certificate in DER, and PEM is wanted",
                remedy=f"convert it with `openssl x509 -inform DER -in {name}`",
            )
        raise TrustError(f"{name}: no certificate in it", remedy=_REMEDY)
    if announced > MAX_CERTIFICATES:
        raise TrustError(f"{name}: {announced:,} certificates are too many", remedy=_REMEDY)
    try:
        certificates = x509.load_pem_x509_certificates(data)
        anchors = [each for each in certificates if _can_be_anchor(each)]
    except UNREADABLE as error:
        raise TrustError(f"{name}: a certificate in it cannot be read", remedy=_REMEDY) from error
    if len(certificates) != announced:
        raise TrustError(
            f"{name}: {announced} certificates begin in it and {len(certificates)} can be read",
            remedy="get the file again: it has been cut or damaged",
        )
    if not anchors:
        raise TrustError(
            f"{name}: only certificates that vouch for nobody, such as a signer's own",
            remedy="give the root that issued them (`anchors.pem` beside `signing.pem`)",
        )
    if others := len(certificates) - len(anchors):
        sentence = "%s: %d of %d certificates vouch for nobody and are passed over"
        log.warning(sentence, name, others, len(certificates))
    return tuple(dict.fromkeys(each.public_bytes(Encoding.PEM).decode("ascii") for each in anchors))


def _can_be_anchor(certificate: x509.Certificate) -> bool:
    """Is it an authority, or self-issued? Engines ignore all others."""
    from cryptography import x509

    from genlabel.credentials.x509.profile_rule import extension

    if certificate.issuer == certificate.subject:
        return True
    constraints = extension(certificate, x509.BasicConstraints)
    return constraints is not None and constraints.value.ca
