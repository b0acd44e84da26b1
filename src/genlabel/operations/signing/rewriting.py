"""The file rewritten: with its new metadata, ready for a manifest or with one in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import field

from genlabel.formats.format import MANIFEST, OWN_DIRECTORY, Container, Pieces, Slot
from genlabel.manifests.engine import placeholder
from genlabel.manifests.engine.c_api import Spans
from genlabel.manifests.engine.placeholder import Binding, as_long
from genlabel.model.cached_property import cached_property
from genlabel.model.dataclass import dataclass
from genlabel.model.named_tuple import NamedTuple
from genlabel.operations.verify import Examination
from genlabel.storage.buffers import joined
from genlabel.storage.drafts import Draft

_by_engine: ContextVar[bool] = ContextVar("by_engine", default=False)
_usual: dict[tuple[str, int], Spans] = {}
"""Where the manifest lay in the last file of a format and of a size. Only a hint: a file whose
manifest lies elsewhere is put together once more."""


@contextmanager
def by_engine() -> Iterator[None]:
    """While this lasts the engine embeds and hashes wherever it does no harm, as a second way."""
    before = _by_engine.set(True)
    try:
        yield
    finally:
        _by_engine.reset(before)


def is_by_engine() -> bool:
    """Are we within `by_engine`?"""
    return _by_engine.get()


class Place(NamedTuple):
    """Where a manifest stands in a file, as its format wraps it."""

    number: int
    """In which piece of the rewritten file it is."""
    inside: int
    """Where in that piece."""
    start: int
    """Where in the file."""
    end: int
    """Behind what its hash leaves out, from `start` on."""


@dataclass(kw_only=True)  # no slots: what is ready is kept
class Rewrite:
    """The picture with its new metadata, as often as a manifest has to be put into it."""

    before: Examination
    changes: Mapping[Slot, bytes | None]
    embedded: bool
    apart: bool = False
    """Does the manifest get a directory of its own?"""
    last: tuple[bytes, Pieces] | None = field(default=None, init=False)
    """The store that was put in last, and the file with it: what is written is compared
    afterwards."""

    @cached_property
    def ready(self) -> Pieces:
        """The file made ready for a manifest: what is signed, and what is compared afterwards."""
        return self._with(None)

    def pieces(self, store: bytes | None = None) -> Pieces:
        """The file with the manifest `store`, or made ready for one."""
        if store is None:
            return self.ready
        if self.last is None or self.last[0] != store:
            self.last = store, self._with(store)
        return self.last[1]

    def _with(self, store: bytes | None) -> Pieces:
        # Only what a manifest goes into is made ready for it: beside one no byte changes.
        changes = dict(self.changes)
        if self.embedded:
            changes |= {MANIFEST: None, OWN_DIRECTORY: store} if self.apart else {MANIFEST: store}
        return self.before.container.rewrite(self.before.survey, changes)

    def _place(self, store: bytes) -> Place | None:
        """Where the manifest `store` lies in the file with it, if it stands in one place alone."""
        wrapped = self.before.container.wrapped
        if wrapped is None or self.apart:
            return None
        new, size = wrapped(store)
        start, places = 0, []
        for number, piece in enumerate(self.pieces(store)):
            if isinstance(piece, bytes) and (inside := piece.find(new)) >= 0:
                if piece.find(new, inside + 1) >= 0:
                    return None
                places.append(Place(number, inside, start + inside, start + inside + size))
            start += len(piece)
        return places[0] if len(places) == 1 else None

    def signed(self, sign: Callable[..., bytes]) -> bytes | memoryview:
        """The file with the store that `sign` makes for it, put together and hashed once.

        `sign` is told how a store is put in, and the spans that its hash leaves out if the manifest
        lies where the last one of such a file lay.
        """
        container, drafts = self.before.container, ExitStack()
        if container.iso_media:
            return self._signed_by_boxes(sign)
        kind = container.name, len(self.before.survey.data).bit_length() // 8
        draft, place = None, None

        def put(store: bytes) -> tuple[memoryview, Spans]:
            nonlocal draft, place
            draft = None  # what was put together before goes first
            drafts.close()
            draft = drafts.enter_context(Draft(self.pieces(store)))
            whole, place = draft.view(), self._place(store)
            spans = [place[2:]] if place is not None else _surveyed(container, whole)
            _usual[kind] = as_long(spans)
            return whole, spans

        with drafts:
            store = sign(put, likely=_usual.get(kind, ()))
            if draft is not None and place is not None:
                new = self._exchanged(place, store)
                if new is not None:
                    return draft.with_bytes(new, place.start)
            return (draft or Draft([])).finished(self.pieces(store))

    def _exchanged(self, place: Place, store: bytes) -> bytes | None:
        """What comes to `place` for another `store` as long, in `pieces` too; None for others."""
        wrapped = self.before.container.wrapped
        if wrapped is None or self.last is None or len(self.last[0]) != len(store):
            return None
        new, pieces = wrapped(store)[0], self.last[1]
        piece, inside = bytes(pieces[place.number]), place.inside  # a copy of none: it is bytes
        pieces[place.number] = piece[:inside] + new + piece[inside + len(new) :]
        self.last = store, pieces
        return new

    def beside(self, sign: Callable[[Binding], bytes]) -> tuple[bytes | memoryview, bytes]:
        """The file and the store that `sign` makes to stay beside it."""
        whole = joined(self.pieces())
        if not self.before.container.iso_media:
            return whole, sign(placeholder.whole(whole))
        from genlabel.formats.isobmff import boxes
        from genlabel.manifests.engine import iso_hash

        view = memoryview(whole)
        top = boxes.walk(view, self.before.container.name)
        return whole, sign(iso_hash.whole(view, [(box.start, box.end) for box in top]))

    def _signed_by_boxes(self, sign: Callable[..., bytes]) -> bytes | memoryview:
        """The same of ISO media, where nothing but the store itself depends on the store."""
        from genlabel.formats.isobmff import boxes, uuid_boxes

        drafts, name = ExitStack(), self.before.container.name
        draft, at = Draft([]), 0

        def put(store: bytes) -> tuple[memoryview, Spans]:
            nonlocal draft, at
            draft = drafts.enter_context(Draft(self.pieces(store)))
            whole = draft.view()
            top = boxes.walk(whole, name)
            at = next(box.end for box in top if box.uuid == uuid_boxes.C2PA) - len(store)
            return whole, [(box.start, box.end) for box in top]

        with drafts:
            store = sign(put)
            if self.last is not None and (place := self._place(self.last[0])):
                self._exchanged(place, store)
            return draft.with_bytes(store, at)

    def payloads(self) -> dict[Slot, bytes]:
        """Every slot's payload but the manifest's, as it must read in the result."""
        return _present({**self.before.survey.payloads, **self.changes, MANIFEST: None})


def _surveyed(container: Container, whole: memoryview) -> Spans:
    """What the hash of a manifest leaves out, as whoever reads the file will find it."""
    survey = container.survey(whole)
    return survey.manifest_spans if survey.store_span is None else (survey.store_span,)


def _present(payloads: Mapping[Slot, bytes | None]) -> dict[Slot, bytes]:
    return {slot: payload for slot, payload in payloads.items() if payload is not None}
