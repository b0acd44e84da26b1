"""Boxes in APP11 segments: how a JPEG file carries the C2PA manifest store.

ISO/IEC 18477-3 Annex B.2 and ISO/IEC 19566-5 Annex D: CI ``JP``, box instance number En, packet
sequence number Z, then LBox and TBox, repeated in every packet of the box.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from genlabel.formats.jpeg.segments import APP11, segment
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata

_CI = b"JP"
_JUMB = b"jumb"
_C2PA_TYPE = b"c2pa"  # first four bytes of the superbox's type, C2PA 2.4 §11.1.4.2
_C2PA_LABEL = b"c2pa\0"  # and its label, behind the whole type and the toggles
_INSTANCE = 0x0211  # the number that the reference engine takes
_PACKET = 64_000  # as the reference engine cuts: replacing a store by itself moves no byte


@dataclass(frozen=True, slots=True)
class Store:
    """The manifest store that some APP11 segments carry."""

    segments: frozenset[int]
    """Which of the given segments belong to C2PA, the first store's and any further one's."""
    payload: bytes | None
    """The first store, reassembled; None when there is none."""
    anomalies: tuple[str, ...]
    count: int = 0
    """How many stores there are."""
    is_feigned: bool = False
    """Is there a box of another type that c2pa-rs 0.91 takes for a store all the same?"""


def join(contents: Sequence[memoryview]) -> Store:
    """The C2PA store in these segment contents; other boxes of JPEG XT are not ours."""
    members: set[int] = set()
    open_box: tuple[int, int] | None = None  # instance number and length of the repeated header
    packets: list[memoryview] = []
    sequence: list[int] = []
    awaited, missing = (0, 0), 0  # instance and packet that go on with it, and bytes to come
    stores, feigned = 0, False
    for number, content in enumerate(contents):
        if len(content) < 16 or content[:2] != _CI:
            continue
        if content[12:16] != _JUMB:
            feigned = feigned or content[24:28] == _C2PA_TYPE
            continue
        instance, packet = struct.unpack_from(">HI", content, 2)
        header = 16 if bytes(content[8:12]) == b"\0\0\0\1" else 8  # LBox 1: XLBox follows
        label = content[33 + header : 33 + header + len(_C2PA_LABEL)]
        begins = content[16 + header : 20 + header] == _C2PA_TYPE or label == _C2PA_LABEL
        # a packet may be cut where the box itself says "c2pa", in an address or a type
        if (instance, packet) == awaited and missing > 0:
            begins, awaited = False, (instance, packet + 1)
            missing -= len(content) - 8 - header
        if begins:
            members.add(number)
            stores += 1
            open_box = (instance, header)
            awaited = (instance, packet + 1)
            missing = _length(content[8 : 8 + header]) - (len(content) - 8)
            if stores == 1:
                packets.append(content[8:])
                sequence.append(packet)
        elif open_box and open_box[0] == instance:
            # As the engine has it: numbers that do not rise begin another box of this instance.
            if stores == 1 and packet <= len(sequence):
                open_box = None
                continue
            members.add(number)
            if stores == 1:
                packets.append(content[8 + open_box[1] :])
                sequence.append(packet)
    if not stores:
        return Store(frozenset(), None, (), is_feigned=feigned)
    payload = b"".join(packets)
    anomalies = []
    if stores > 1:
        anomalies.append(f"{stores} C2PA manifest stores")
    if sequence != list(range(sequence[0], sequence[0] + len(sequence))):
        anomalies.append("packets of the C2PA manifest store are out of sequence")
    declared, carried = _length(payload), len(payload)
    if declared != carried:
        sizes = f"{declared:,} bytes, of which {carried:,} are there"
        anomalies.append(f"C2PA manifest store of {sizes}")
    return Store(frozenset(members), payload, tuple(anomalies), stores, feigned)


def split(store: bytes) -> bytes:
    """The APP11 segments that carry a manifest store, in sequence.

    Raises `MalformedMetadata` when it is no C2PA superbox: no reader would find it again.
    """
    header = store[: 16 if store[:4] == b"\0\0\0\1" else 8]
    kind = store[len(header) + 8 : len(header) + 12]
    if store[4:8] != _JUMB or kind != _C2PA_TYPE:
        raise MalformedMetadata(
            f"manifest of {len(store):,} bytes: no C2PA superbox, and JPEG carries nothing else"
        )
    segments = []
    for number, start in enumerate(range(0, len(store), _PACKET), 1):
        head = _CI + struct.pack(">HI", _INSTANCE, number) + (header if start else b"")
        segments.append(segment(APP11, head, store[start : start + _PACKET]))
    return b"".join(segments)


def _length(box: bytes | memoryview) -> int:
    length = int.from_bytes(box[:4], "big")
    return int.from_bytes(box[8:16], "big") if length == 1 else length
