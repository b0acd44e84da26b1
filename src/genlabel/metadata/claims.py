"""What unsigned metadata claim of a file in all its places: every XMP packet, and XMP beside it.

The marks speak for the main packet of a file, which labelling edits. Here is read what another
reader may find instead: second packets, packets of no place at all, and sidecar files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from genlabel.formats.slots import EXTENDED_XMP, XMP, Slot
from genlabel.formats.xmp_packets import MAX_BYTES, MAX_PACKETS, Packet
from genlabel.metadata import iptc
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata
from genlabel.model.report import Declaration, Finding, Mark, Severity
from genlabel.model.vocabulary import is_code, strongest

SIDECAR = "a sidecar"
"""The place of what stands in another file, whose name anybody may have chosen."""
_SPEAKS = b"digitalsourcetype"
_MAX_CLAIMS = 32
"""Most different source types of one place; more say nothing more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One source type, and where it is claimed."""

    source_type: str
    """As found."""
    where: str
    """``iptc``, or with the place behind it: ``iptc in trailing data at 1,024``."""
    beside: bool = False
    """Is it claimed in another file?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """All that was found, the main packet's words first."""

    source_types: tuple[Claim, ...] = ()
    """Each source type once for a place."""
    addresses: tuple[str, ...] = ()
    """Where packets of the file say that a manifest is served."""
    findings: tuple[Finding, ...] = ()
    others: tuple[tuple[str, bytes], ...] = ()
    """Every packet but the main one that was read, with its place."""

    @property
    def web_addresses(self) -> tuple[str, ...]:
        """Those of the addresses at which somebody could ask."""
        return tuple(a for a in self.addresses if a.lower().startswith(("https://", "http://")))

    def strongest(self, *, beside: bool = True) -> Claim | None:
        """The claim that counts: the first generative one, or else the first; perhaps without those
        in other files."""
        claims = [each for each in self.source_types if beside or not each.beside]
        if len(claims) < 2:
            return claims[0] if claims else None
        text = strongest(each.source_type for each in claims)
        return next((each for each in claims if each.source_type == text), None)


def read(
    packets: Iterable[Packet],
    payloads: Mapping[Slot, bytes],
    said: Declaration,
    beside: Mapping[str, bytes],
) -> Claims:
    """What the `packets` of a file and the XMP files `beside` it, by name, claim.

    `said` is what its main packet says, which is one of the packets; its words have no place.
    """
    reader = _Reader(said)
    main = [payloads[slot] for slot in (XMP, EXTENDED_XMP) if slot in payloads]
    size, met = 0, False
    for count, packet in enumerate(packets, 1):
        size += len(packet.data)
        if count > MAX_PACKETS or size > MAX_BYTES:
            reader.tell("further XMP packets, more than are read", Mark.IPTC.value)
            break
        own = any(packet.data in each for each in main)
        met = met or own
        reader.take(packet.data, place="" if own else packet.place)
    for each in () if met else main:  # in UTF-32, or where nobody would look for a packet
        reader.take(each, place="")
    for name, data in beside.items():
        reader.take(data, place=name, beside=True)
    return reader.claims()


class _Reader:
    """What was found up to now."""

    def __init__(self, said: Declaration) -> None:
        own = Claim(source_type=said.source_type, where=_where("")) if said.source_type else None
        self._found: dict[tuple[str, str], Claim] = {}
        if own is not None:
            self._found[own.where, own.source_type] = own
        self._addresses: dict[str, None] = {}
        self._findings: list[Finding] = []
        self._seen: set[bytes] = set()
        self._others: list[tuple[str, bytes]] = []

    def take(self, data: bytes, *, place: str, beside: bool = False) -> None:
        """Read one packet."""
        if data in self._seen and not beside:
            return
        self._seen.add(data)
        where = _where(place)
        if place:
            self._others.append((SIDECAR if beside else place, data))
        try:
            source_types, address = iptc.packet_says(data)
        except MalformedMetadata as error:
            if place and _SPEAKS in data.lower():
                self.tell(str(error), where)
            return
        for text in source_types[:_MAX_CLAIMS]:
            claim = Claim(source_type=text, where=where, beside=beside)
            self._found.setdefault((where, text), claim)
        if address is not None and not beside:
            self._addresses[address] = None

    def tell(self, why: str, where: str) -> None:
        """A packet that says something and cannot be read."""
        self._findings.append(
            Finding(
                "genlabel.metadata.malformed",
                severity=Severity.WARNING,
                where=where,
                explanation=why,
            )
        )

    def claims(self) -> Claims:
        found = tuple(self._found.values())
        return Claims(
            source_types=found,
            addresses=tuple(self._addresses),
            findings=(*self._findings, *_unknown(found)),
            others=tuple(self._others),
        )


def _where(place: str) -> str:
    return f"{Mark.IPTC.value} in {place}" if place else Mark.IPTC.value


def _unknown(claims: Iterable[Claim]) -> Iterator[Finding]:
    """A finding on each source type that is in no vocabulary."""
    texts: set[str] = set()
    for each in claims:
        if each.source_type in texts or is_code(each.source_type):
            continue
        texts.add(each.source_type)
        yield Finding(
            "genlabel.source-type.unknown",
            severity=Severity.WARNING,
            where=each.where,
            explanation=f"{each.source_type[:80]!r} is in no vocabulary of source types",
        )
