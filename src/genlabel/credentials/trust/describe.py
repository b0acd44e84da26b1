"""Describe the certificates of a trust list: subject, fingerprint, dates.

This module imports cryptography; it is imported only when a list is to be shown or compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from genlabel.credentials.trust.published import published
from genlabel.model.dataclass import dataclass
from genlabel.model.serialise import HEX_SHA256, Result, in_json, same_names

if TYPE_CHECKING:
    from genlabel.credentials.trust.lists import TrustList


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Anchor(Result):
    """One certificate of a trust list."""

    subject: str
    """RFC 4514, e.g. ``CN=Acme Root,O=Acme Studio,C=FR``; as its holder wrote it."""
    fingerprint: str = field(metadata=in_json("sha256", pattern=HEX_SHA256))
    """SHA-256 of its DER, 64 hexadecimal digits: by this two people make sure that they mean the
    same one."""
    not_before: datetime
    not_after: datetime
    ended: bool
    """Is its time over?"""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DescribedList(Result):
    """A kept list with its anchors, as they are at one moment."""

    KIND: ClassVar[str] = "trust"
    PUBLISHED: ClassVar[Mapping[str, str]] = same_names(
        "name kind published frozen source fetched modified old sha256 anchors"
    )
    name: str
    """As in ``--trust-list NAME``."""
    kind: str
    """``signer``, ``tsa`` for time-stamping authorities, ``identity`` for identity assertions."""
    published: bool
    """One of the lists that ``trust update`` fetches; else your own."""
    publisher: str | None
    """The published list's title."""
    frozen: date | None
    """Since when nobody is added to the published list any more."""
    source: str
    """The address, or the files' names."""
    fetched: datetime
    """When it was fetched or added, UTC."""
    age: timedelta
    modified: str | None
    """When its publisher changed it, in the server's words."""
    old: bool
    """Older than the set age, which reports name as ``genlabel.trust-list.old``."""
    sha256: str = field(metadata=in_json(pattern=HEX_SHA256))
    """Of the file as it came; of your own lists, of their certificates."""
    anchors: tuple[Anchor, ...]


def described(
    stored: TrustList, *, at: datetime | None = None, max_age: timedelta
) -> DescribedList:
    """What `stored` is at that moment (default: now); `max_age` is the age from which it is old."""
    at = at or datetime.now(UTC)
    known = published(stored.name)
    return DescribedList(
        name=stored.name,
        kind=stored.kind.value,
        published=stored.published,
        publisher=known.title if known else None,
        frozen=known.frozen if known else None,
        source=stored.source,
        fetched=stored.fetched,
        age=at - stored.fetched,
        modified=stored.modified,
        old=stored.published and at - stored.fetched > max_age,
        sha256=stored.sha256,
        anchors=anchors(stored.pem, at=at),
    )


def anchors(pem: bytes, *, at: datetime | None = None) -> tuple[Anchor, ...]:
    """The certificates in `pem`, which `Trust` has accepted, in order; `at` is now unless given."""
    at = at or datetime.now(UTC)
    return tuple(
        Anchor(
            subject=each.subject.rfc4514_string() or f"serial number {each.serial_number}",
            fingerprint=each.fingerprint(hashes.SHA256()).hex(),
            not_before=each.not_valid_before_utc,
            not_after=each.not_valid_after_utc,
            ended=each.not_valid_after_utc < at,
        )
        for each in x509.load_pem_x509_certificates(pem)
    )
