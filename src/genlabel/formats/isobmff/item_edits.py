"""Metadata items put into, replaced in and taken out of an ISO file, with all that follows from it.

What the engine would shift wrongly when it inserts the manifest is written so that it cannot:
the file's own iloc has neither bases nor indexes, and items of tracks lie in the idat of their meta
box, whose offsets count from there (c2pa 0.91 reads bases and indexes of iloc in the wrong width,
and never looks at an iloc within ``moov``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from genlabel.formats.edits import Edit, Span, growth
from genlabel.formats.isobmff import boxes, chunk_offsets, items as reading
from genlabel.formats.isobmff.boxes import Box
from genlabel.formats.isobmff.item_locations import IN_FILE
from genlabel.formats.isobmff.item_table import Table, grows
from genlabel.formats.isobmff.items import Items
from genlabel.formats.malformed import no_room

_ROOM = 1 << 28
"""Bytes below 4 GiB that are kept free for the manifest: offsets beyond get 64 bits."""


class Changes:
    """The changes of one rewrite: `put` what is wanted, then ask for the `edits`."""

    def __init__(
        self,
        top: Sequence[Box],
        own: Items | None,
        nested: Iterable[Items],
        chunks: Iterable[Span],
    ) -> None:
        """`own` are the items of the file, `nested` those in moov, `chunks` the tracks' samples.

        Raises `MalformedMetadata` when the engine would not treat them as their format says.
        """
        self._top = top
        self._own = Table(own, own=True) if own else None
        self._tables = [Table(each, own=False) for each in nested]
        if self._own is not None:
            self._tables.insert(0, self._own)
        self._chunks = tuple(chunks)
        self._grown: dict[int, tuple[Box, int]] = {}
        for table in self._tables:
            _check(table.items)

    def put(self, kind: bytes, payload: bytes | None) -> None:
        """Let the items of one type (``Exif``, or ``mime`` for XMP) hold `payload`; None: none.

        Items of tracks follow where they are, since players look there.
        """
        for table in self._tables:
            table.put(kind, payload)

    def needed(self) -> bool:
        """Is anything there that the engine would shift wrongly?"""
        return self._top[-1].open or any(
            table.is_written_anew()
            if table.own
            else any(place.here for place in table.items.places().values())
            for table in self._tables
        )

    def edits(self, others: Sequence[Edit]) -> list[Edit]:
        """All edits of the rewrite: `others`, the items', and every offset that has to follow.

        Raises `MalformedMetadata` when something in the file cannot follow.
        """
        made = list(others)
        for table in self._tables:
            if not table.own:
                table.settle()
        freed, busy = self._used()
        made += self._cuts(freed, busy)
        for table in self._tables:
            for box, edits in (*table.lists(), *table.data_box()):
                made += edits
                for each, length in grows(edits, box, table):
                    self._grow(each, length)
        if self._own is not None:
            at = self._own.items.meta.end
            made += [Edit(at, at, whole) for _, whole in self._own.media_boxes()]
        return self._followed(made, busy)

    def _followed(self, made: list[Edit], busy: _Spans) -> list[Edit]:
        """`made`, with the item location boxes, every other stored offset and the boxes' sizes."""
        anew = [table for table in self._tables if table.is_written_anew()]
        largest = len(self._top[0].data) + sum(len(edit.new) for edit in made) + _ROOM
        width = 8 if largest >= 1 << 32 else 4
        # sizes first: how far things move depends on how long the new boxes are
        drafts = [table.located(chunk_offsets.Moves(()), width) for table in anew]
        for table, draft in zip(anew, drafts, strict=True):
            for each, length in grows([draft], table.items.meta, table):
                self._grow(each, length)
        moves = chunk_offsets.Moves([*made, *drafts])
        final = [*made, *(table.located(moves, width) for table in anew)]
        if self._top[-1].open:
            self._grow(self._top[-1], 0)
        gone = {edit.start for edit in made if not edit.new}
        sizes = [
            edit
            for box, length in self._grown.values()
            if box.start not in gone
            for edit in boxes.grown(box, length)
        ]
        for edit in sizes:
            if busy.meets(edit.start, edit.end):  # decoders read these bytes
                raise no_room(f"the header of the box at {edit.start:,} belongs to a picture, too")
        spared = [box for table in anew if (box := table.items.part(b"iloc"))]
        follow = chunk_offsets.follow(self._top, final, but=spared)
        return [*final, *sizes, *follow]

    def _used(self) -> tuple[set[Span], _Spans]:
        """What freed items lie in, and what all others and the tracks do."""
        freed: set[Span] = set()
        used: list[Span] = []
        for table in self._tables:
            for place in table.items.places().values():
                spans = reading.spans(table.items, place)
                if place.item in table.freed:
                    freed.update(spans)
                else:
                    used += spans
        return freed, _Spans([*used, *self._chunks])

    def _cuts(self, freed: set[Span], busy: _Spans) -> Iterator[Edit]:
        """The old bytes of freed items go where nobody else uses them."""
        if not freed:
            return
        homes: dict[int, tuple[Box, tuple[Box, ...]]] = {
            box.body: (box, (box,)) for box in self._top if box.type == b"mdat"
        }
        for table in self._tables:
            idat = table.items.part(b"idat")
            if idat is not None:
                homes[idat.body] = (idat, (idat, *table.around))
        bodies = sorted(homes)
        cuts: dict[int, list[Edit]] = {}
        for start, end in _Spans(freed):
            body = bodies[bisect_right(bodies, start) - 1] if bodies else 0
            home = homes[body][0] if body in homes else None
            if home and home.body <= start and end <= home.end and not busy.meets(start, end):
                cuts.setdefault(body, []).append(Edit(start, end, b""))
        for body, edits in cuts.items():
            home, around = homes[body]
            if home.type == b"mdat" and -growth(edits) == home.end - home.body:
                yield Edit(home.start, home.end, b"")
                continue
            yield from edits
            for box in around:
                self._grow(box, growth(edits))

    def _grow(self, box: Box, length: int) -> None:
        self._grown[box.start] = (box, self._grown.get(box.start, (box, 0))[1] + length)


class _Spans:
    """Spans in order, those that overlap made one, so that one question costs little."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._joined: list[Span] = []
        for start, end in sorted(spans):
            if self._joined and start < self._joined[-1][1]:
                self._joined[-1] = (self._joined[-1][0], max(end, self._joined[-1][1]))
            else:
                self._joined.append((start, end))
        self._ends = [end for _, end in self._joined]

    def __iter__(self) -> Iterator[Span]:
        return iter(self._joined)

    def meets(self, start: int, end: int) -> bool:
        """Does any of them share a byte with this one?"""
        number = bisect_right(self._ends, start)
        return number < len(self._joined) and self._joined[number][0] < end


def _check(items: Items) -> None:
    if items.duplicates:
        raise no_room("two items share a number")
    for place in items.locations.places if items.locations else ():
        if place.method == IN_FILE and place.reference and place.extents:
            raise no_room(f"item {place.item} lies in another file")
