"""Trust: which certificates may vouch for whom or what, and where each came from.

An anchor of one kind never serves another. cryptography is loaded with the first anchor.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from genlabel.model.errors import TrustError
from genlabel.model.report import TrustLevel

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
_log = logging.getLogger("genlabel")


class AnchorKind(StrEnum):
    """What an anchor may vouch for."""

    SIGNER = "signer"
    TSA = "tsa"
    """Time-stamping authorities."""
    IDENTITY = "identity"
    """Those whose identity is signed beside a claim (CAWG Identity 1.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """The certificates of one file or text, for one purpose."""

    kind: AnchorKind
    level: TrustLevel
    """LISTED for a published list, KNOWN for your own."""
    name: str
    """How verdicts call it: the file's name."""
    pem: bytes = field(repr=False)
    """At least one certificate, each once, without the text between."""
    count: int
    """How many certificates that are."""
    uri: str
    """Unique within a `Trust`: by it the engine says which list answered."""
    fetched: datetime | None = None
    """When it was fetched from its publisher; None for files and for anchors of one's own."""


@dataclass(frozen=True, slots=True)
class Trust:
    """All anchors to verify with: a value, hashable, false when there are none."""

    entries: tuple[Anchors, ...] = ()
    max_age: timedelta = MAX_AGE
    """From which age on a fetched list is a finding."""

    @classmethod
    def none(cls) -> Trust:
        """Nobody is trusted."""
        return cls()

    @classmethod
    def of(
        cls,
        *,
        signers: Source | Iterable[Source] = (),
        tsa: Source | Iterable[Source] = (),
        identity: Source | Iterable[Source] = (),
        lists: Iterable[str | tuple[str, Source]] = (),
        max_age: timedelta = MAX_AGE,
    ) -> Trust:
        """Your own anchors for `signers`, time-stamping (`tsa`) and `identity`, and `lists`.

        `lists` are names of kept lists (``official``, ``c2pa``, a partner's: see `genlabel trust`)
        or pairs of kind (``signer``, ``tsa``, ``identity``) and source of a published list. Text
        between certificates is skipped. A certificate given twice for one kind counts where it came
        first, and your own anchors come before the lists. Fetched lists older than `max_age` are a
        finding. Raises `TrustError` for a source without certificates and a list that is not kept.
        """
        wanted = [
            *(_read(AnchorKind.SIGNER, TrustLevel.KNOWN, each) for each in _several(signers)),
            *(_read(AnchorKind.TSA, TrustLevel.KNOWN, each) for each in _several(tsa)),
            *(_read(AnchorKind.IDENTITY, TrustLevel.KNOWN, each) for each in _several(identity)),
            *(given for each in lists for given in _listed(each)),
        ]
        seen: set[tuple[AnchorKind, bytes]] = set()
        entries: list[Anchors] = []
        for kind, level, name, data, fetched in wanted:
            fresh: list[str] = []
            for certificate in _authorities(data, name):
                pem, mark = _encoded(certificate)
                if (kind, mark) not in seen:
                    seen.add((kind, mark))
                    fresh.append(pem)
            if fresh:
                entries.append(
                    Anchors(
                        kind=kind,
                        level=level,
                        name=name,
                        pem="".join(fresh).encode("ascii"),
                        count=len(fresh),
                        uri=f"genlabel:{kind.value}:{level.value}:{len(entries)}",
                        fetched=fetched,
                    )
                )
        return cls(tuple(entries), max_age)

    def __bool__(self) -> bool:
        return bool(self.entries)

    def of_kind(self, kind: AnchorKind) -> tuple[Anchors, ...]:
        """The entries that vouch for `kind`, in order."""
        return tuple(each for each in self.entries if each.kind is kind)

    def entry(self, uri: str | None) -> Anchors | None:
        """The entry that the engine means by `uri`; None for one that is not ours."""
        return next((each for each in self.entries if each.uri == uri), None)

    def old(self, at: datetime) -> tuple[Anchors, ...]:
        """The fetched lists that are older than `max_age` at that moment."""
        return tuple(
            each
            for each in self.entries
            if each.fetched is not None and at - each.fetched > self.max_age
        )


class _Given(NamedTuple):
    """One source, read."""

    kind: AnchorKind
    level: TrustLevel
    name: str
    data: bytes
    fetched: datetime | None = None


def _read(kind: AnchorKind, level: TrustLevel, source: Source) -> _Given:
    return _Given(kind, level, *_content(source))


def _listed(given: str | tuple[str, Source]) -> list[_Given]:
    """A pair of kind and source, or what a name stands for among the kept lists."""
    if not isinstance(given, str):
        kind, source = given
        return [_read(_kind(kind), TrustLevel.LISTED, source)]
    from genlabel.credentials.trust import lists as kept

    lists = [kept.load(name) for name in kept.resolved(given)]
    return [
        _Given(
            kind=each.kind,
            level=each.level,
            name=each.name,
            data=each.pem,
            fetched=each.fetched if each.published else None,
        )
        for each in lists
    ]


def _several(sources: Source | Iterable[Source]) -> tuple[Source, ...]:
    if isinstance(sources, str | bytes | os.PathLike):
        return (sources,)
    return tuple(sources)


def _kind(word: str) -> AnchorKind:
    try:
        return AnchorKind(word)
    except ValueError:
        raise TrustError(
            f"{word}: no kind of trust list",
            remedy=f"use {' or '.join(kind.value for kind in AnchorKind)}, as in signer=FILE, "
            "or the name of a kept list alone",
        ) from None


def _content(source: Source) -> tuple[str, bytes]:
    """What verdicts call the source, and its bytes."""
    if isinstance(source, str) and _BEGIN.decode() in source:
        source = source.encode()
    if isinstance(source, bytes):
        name, data = "given certificates", source
    else:
        path = Path(source)
        name = path.name
        try:
            with path.open("rb") as file:
                data = file.read(MAX_LIST_BYTES + 1)
        except OSError as error:
            raise TrustError(
                f"{path}: the anchors cannot be read ({error.strerror})", remedy="check the path"
            ) from error
    if len(data) > MAX_LIST_BYTES:
        raise TrustError(f"{name}: more than {MAX_LIST_BYTES:,} bytes", remedy=_REMEDY)
    return name, data


def pem_of(data: bytes, name: str) -> tuple[bytes, int]:
    """The certificates in `data` that can vouch for something, each once, and how many they are.

    `name` is what `TrustError` calls the source when there are none or one cannot be read.
    """
    encoded = dict.fromkeys(_encoded(each)[0] for each in _authorities(data, name))
    return "".join(encoded).encode("ascii"), len(encoded)


def _authorities(data: bytes, name: str) -> Sequence[x509.Certificate]:
    """The certificates that can vouch for something; refused when one cannot be read."""
    from cryptography import x509

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
        found = x509.load_pem_x509_certificates(data)
        vouching = [each for each in found if _vouches(each)]
    except (ValueError, TypeError, x509.DuplicateExtension) as error:
        raise TrustError(f"{name}: a certificate in it cannot be read", remedy=_REMEDY) from error
    if len(found) != announced:
        raise TrustError(
            f"{name}: {announced} certificates begin in it and {len(found)} can be read",
            remedy="get the file again: it has been cut or damaged",
        )
    if not vouching:
        raise TrustError(
            f"{name}: only certificates that vouch for nobody, such as a signer's own",
            remedy="give the root that issued them (`anchors.pem` beside `signing.pem`)",
        )
    if len(vouching) < len(found):
        _log.warning(
            "%s: %d of %d certificates vouch for nobody and are passed over",
            name,
            len(found) - len(vouching),
            len(found),
        )
    return vouching


def _vouches(certificate: x509.Certificate) -> bool:
    """Is it an authority, or a certificate that stands for itself? Engines ignore all others."""
    from cryptography import x509

    if certificate.issuer == certificate.subject:
        return True
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    except x509.ExtensionNotFound:
        return False
    return constraints.value.ca


def _encoded(certificate: x509.Certificate) -> tuple[str, bytes]:
    """The certificate in PEM, and its DER by which doubles are found."""
    from cryptography.hazmat.primitives.serialization import Encoding

    der = certificate.public_bytes(Encoding.DER)
    return certificate.public_bytes(Encoding.PEM).decode("ascii"), der
