"""Trust: which certificates are anchors for signers, time-stamps and identities, and from where.

An anchor of one kind never serves another. cryptography is loaded with the first anchor.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from datetime import datetime, timedelta

from genlabel.credentials.trust.anchor_pem import (
    MAX_AGE as MAX_AGE,
    AnchorKind,
    Source,
    anchors_in,
    read_source,
)
from genlabel.credentials.trust.published import C2PA, is_c2pa
from genlabel.model.dataclass import dataclass
from genlabel.model.named_tuple import NamedTuple
from genlabel.model.report import TrustLevel


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
    c2pa: bool = False
    """Is it the C2PA trust list? Its anchors vouch for certificates for c2pa-kp-claimSigning alone
    (C2PA 2.4 §14.4.1)."""
    uri: str
    """Unique within a `Trust`: by it the engine says which list answered, also in what is recorded
    of a parent. It names published lists, and tells nothing of files of one's own."""
    fetched: datetime | None = None
    """When it was fetched from its publisher; None for files and for anchors of one's own."""


@dataclass(frozen=True, slots=True)
class Trust:
    """All anchors to verify with: a value, hashable, false when there are none."""

    entries: tuple[Anchors, ...] = ()
    max_age: timedelta = MAX_AGE
    """From which age on a fetched list is a finding."""
    producers: tuple[tuple[str, str], ...] = ()
    """Pairs of a certificate's organisation and a name that it may use, by your own word."""

    @classmethod
    def of(
        cls,
        *,
        signers: Source | Iterable[Source] = (),
        tsa: Source | Iterable[Source] = (),
        identity: Source | Iterable[Source] = (),
        lists: Iterable[str | tuple[str, Source]] = (),
        max_age: timedelta = MAX_AGE,
        producers: Mapping[str, str | Iterable[str]] | None = None,
    ) -> Trust:
        """Your own anchors for `signers`, time-stamping (`tsa`) and `identity`, and `lists`.

        Each source is a PEM file's path or PEM itself (bytes, or text with a certificate). `lists`
        are names of stored lists (``official``, ``c2pa``, a partner's: `genlabel trust`) or pairs
        of kind (``signer``, ``tsa``, ``identity``) and source of a published list; ``c2pa`` as kind
        says that it is the C2PA trust list, whose known versions are recognised as well. Text
        between certificates is skipped. Of one given twice for a kind the first counts, your own
        before the lists'. Fetched lists older than `max_age` are a finding. `producers` are names
        that an organisation (O of its certificate) may use beside its own, such as its brands:
        ``{"Acme Holding": ["Acme Studio"]}``. Raises `TrustError` for a source without certificates
        and an unknown list.
        """
        own = {AnchorKind.SIGNER: signers, AnchorKind.TSA: tsa, AnchorKind.IDENTITY: identity}
        sources = [
            _Source(kind, TrustLevel.KNOWN, *read_source(each))
            for kind, several in own.items()
            for each in _several(several)
        ]
        sources += [source for each in lists for source in _listed(each)]
        known: set[tuple[AnchorKind, bool, str]] = set()
        entries: list[Anchors] = []
        for source in sources:
            anchors = anchors_in(source.data, source.name)
            c2pa = source.kind is AnchorKind.SIGNER and (source.c2pa or is_c2pa(anchors))
            # What the C2PA list vouches for is less than what others do: after it, they count.
            wider = {False, c2pa}
            fresh = [
                each
                for each in anchors
                if not any((source.kind, way, each) in known for way in wider)
            ]
            known.update((source.kind, c2pa, each) for each in fresh)
            if fresh:
                entries.append(
                    Anchors(
                        kind=source.kind,
                        level=source.level,
                        name=source.name,
                        pem="".join(fresh).encode("ascii"),
                        count=len(fresh),
                        c2pa=c2pa,
                        uri=source.uri(len(entries)),
                        fetched=source.fetched,
                    )
                )
        return cls(tuple(entries), max_age, tuple(dict.fromkeys(_pairs(producers or {}))))

    def __bool__(self) -> bool:
        return bool(self.entries)

    def of_kind(self, kind: AnchorKind) -> tuple[Anchors, ...]:
        """The entries for `kind`, in order."""
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


class _Source(NamedTuple):
    """One source, read."""

    kind: AnchorKind
    level: TrustLevel
    name: str
    data: bytes
    fetched: datetime | None = None
    c2pa: bool = False
    """Was it said that this is the C2PA trust list?"""

    def uri(self, number: int) -> str:
        name = f":{self.name}" if self.fetched is not None else ""
        return f"genlabel:{self.kind.value}:{self.level.value}:{number}{name}"


def _listed(wanted: str | tuple[str, Source]) -> list[_Source]:
    """A pair of kind and source, or the stored lists that a name stands for."""
    from genlabel.credentials.trust import lists as stored

    if not isinstance(wanted, str):
        word, source = wanted
        kind = AnchorKind.SIGNER if word == C2PA else AnchorKind.parse(word)
        return [_Source(kind, TrustLevel.LISTED, *read_source(source), c2pa=word == C2PA)]
    return [
        _Source(
            each.kind,
            each.level,
            each.name,
            each.pem,
            each.fetched if each.published else None,
            each.name == C2PA,
        )
        for each in map(stored.load, stored.resolved(wanted))
    ]


def _pairs(producers: Mapping[str, str | Iterable[str]]) -> Iterator[tuple[str, str]]:
    """Each organisation with each name that it may use."""
    for organisation, names in producers.items():
        for name in [names] if isinstance(names, str) else names:
            yield organisation, name


def _several(sources: Source | Iterable[Source]) -> tuple[Source, ...]:
    if isinstance(sources, str | bytes | os.PathLike):
        return (sources,)
    if not isinstance(sources, Iterable):
        raise TypeError(f"trust: {type(sources).__name__} is no Trust, no PEM and no path of it")
    return tuple(sources)
