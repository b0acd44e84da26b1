"""Every XMP packet that stands anywhere in a file, coded pictures and sound apart.

Readers differ in where they look: a packet that one of them finds is a statement of the file. What
is looked through is whole blocks, byte by byte, for the beginnings that a packet has with and
without its wrapper (ISO 16684-1 §7.3); UTF-16 too, which the wrapper allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field

from genlabel.formats.edits import Block, Span
from genlabel.model.dataclass import dataclass
from genlabel.model.expression import expression

MAX_PACKETS = 32
"""Most packets of one file that are read; a film that was edited a lot has five."""
MAX_BYTES = 16 * 1024 * 1024
"""Most bytes of all packets of one file together."""
MAX_SEARCHED = 32 * 1024 * 1024
"""Most bytes of one file that are looked through, from its beginning on."""

_BEGIN = expression(
    rb"<\?xpacket\s+begin|<(?:[A-Za-z_][\w.-]{0,31}:)?(?:xmpmeta|xapmeta|RDF)(?=[\s>])"
)
_NAMED = expression(rb"RDF")
_RDF = expression(rb"<(?:[A-Za-z_][\w.-]{0,31}:)?RDF(?=[\s>])")
_END = expression(rb"</(?:[A-Za-z_][\w.-]{0,31}:)?RDF\s{0,64}>")
_OUTER_END = expression(rb"\s{0,4096}</(?:[A-Za-z_][\w.-]{0,31}:)?(?:xmpmeta|xapmeta)\s{0,64}>")
_WIDE = expression(rb":\0R\0D\0F\0[\s>]")
"""An element ``…:RDF`` in UTF-16; read from the colon on, both byte orders look alike."""
_HEAD = 4096
"""Bytes before an ``rdf:RDF`` in UTF-16 in which its packet begins."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet: where it stands, in the format's own words, and its bytes, padding apart."""

    place: str
    data: bytes = field(repr=False)


def found(
    view: memoryview, blocks: Iterable[Block], hidden: Iterable[tuple[str, bytes]]
) -> Iterator[Packet]:
    """The packets in these blocks of a file, and in its `hidden` texts: place and plain bytes.

    One more than `MAX_PACKETS` or `MAX_BYTES` may be given: then there are more.
    """
    size = 0
    for count, packet in enumerate(_everywhere(view, blocks, hidden, MAX_SEARCHED), 1):
        yield packet
        size += len(packet.data)
        if count > MAX_PACKETS or size > MAX_BYTES:
            return


def within(data: bytes | memoryview) -> Iterator[tuple[int, bytes]]:
    """The packets in some bytes: an offset in it, and the packet in UTF-8."""
    begin = _BEGIN.search(data) if _NAMED.search(data) else None  # hardly any bytes hold the word
    while begin is not None:
        end = _END.search(data, begin.end(), begin.end() + MAX_BYTES)
        if end is None:
            break
        start = _start(data, begin.start(), end.start())
        outer = _OUTER_END.match(data, end.end())
        rdf = _RDF.search(data, start, end.start())
        if rdf is not None and (outer is None or rdf.start() == start):
            start, outer = rdf.start(), None  # nothing is both opened and closed around it
        stop = outer.end() if outer is not None else end.end()
        yield start, bytes(data[start:stop])
        begin = _BEGIN.search(data, stop)
    firsts: dict[int, int] = {}
    for wide in _WIDE.finditer(data):
        firsts.setdefault(wide.start() % 2, wide.start())
        if len(firsts) == 2:
            break
    for parity, wide_at in firsts.items():
        first = max(parity, wide_at - _HEAD)
        text = bytes(data[first : first + MAX_BYTES]).decode("utf-16-le", "replace")
        for _, packet in within(text.encode("utf-8", "replace").replace(b"\0", b"")):
            yield wide_at, packet


def _everywhere(
    view: memoryview, blocks: Iterable[Block], hidden: Iterable[tuple[str, bytes]], left: int
) -> Iterator[Packet]:
    for start, end, names in _runs(blocks):
        end = min(end, start + left)
        left -= end - start
        for at, packet in within(view[start:end]):
            block = next(each for each in names if each.start <= start + at < each.end)
            yield Packet(f"{block.name} at {start + at:,}", packet)
        if left <= 0:
            break
    for place, text in hidden:
        if text:
            for _, packet in within(text):
                yield Packet(place, packet)


def _runs(blocks: Iterable[Block]) -> Iterator[tuple[int, int, list[Block]]]:
    """Neighbouring blocks together: start, end, and which they are."""
    run: list[Block] = []
    end = 0
    for block in blocks:
        if run and block.start != end:
            yield run[0].start, end, run
            run = []
        run.append(block)
        end = block.start + block.length
    if run:
        yield run[0].start, end, run


def _start(data: bytes | memoryview, begin: int, end: int) -> int:
    """The last beginning of a packet before `end`, the wrapper's or the outer element's."""
    starts = [each.start() for each in _BEGIN.finditer(data, begin, end)]
    last = starts[-1]
    for one in reversed(starts[:-1]):
        if last - one > _HEAD or _RDF.match(data, one):
            break
        last = one
    return last


def outside(blocks: Iterable[Block], spans: Iterable[Span]) -> list[Block]:
    """The blocks that begin in none of the spans."""
    left = list(blocks)
    for start, end in spans:
        left = [block for block in left if not start <= block.start < end]
    return left
