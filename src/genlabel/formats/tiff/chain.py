"""A TIFF file's chain of directories: what an edit changes is made anew at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from genlabel.formats.edits import Edit, Span
from genlabel.formats.tiff import directories, layout as tiff_layout
from genlabel.formats.tiff.append import Changes, Draft, NewValue, sound
from genlabel.formats.tiff.directories import Directory, Tiff
from genlabel.formats.tiff.layout import Branch, Layout


def behind(tiff: Tiff, store: bytes) -> NewValue:
    """The value of a manifest, which comes behind all others unless the entry itself holds it."""
    inline = store if len(store) <= tiff.width else b""
    return NewValue(type=directories.UNDEFINED, count=len(store), data=inline)


def drafted(
    layout: Layout,
    chain: list[Branch],
    edits: Mapping[int, Changes],
    below: Mapping[int, Changes],
    store: bytes | None,
    *,
    apart: bool = False,
) -> list[Edit]:
    """The new file: directories of `chain` made anew where `edits` changes them by number.

    What holds a `store` is the last of them, or where that is wanted `apart` one more.
    """
    tiff, main = layout.tiff, layout.main
    for number in edits:
        sound(chain[number].directory)
    draft = Draft(tiff, _kept(layout, chain, edits, below))
    pointers: dict[int, NewValue | None] = {}
    for pointer, inner in sorted(below.items()):
        if inner:
            pointers |= draft.below(main, pointer, inner)
    following = offset = holder = 0
    if apart and store is not None:
        only = {tiff_layout.C2PA: behind(tiff, store)}
        following = holder = draft.directory(None, only, following=0)
    for number in reversed(range(len(chain))):
        directory = chain[number].directory
        if number in edits:
            new = {**edits[number], **(pointers if number == 0 else {})}
            offset = draft.directory(directory, new, following=following)
            if not apart and number == len(chain) - 1:
                holder = offset
        else:
            offset = directory.offset
            if directory.next != following:
                draft.pointers[directory.end - tiff.width] = following
        following = offset
    draft.pointers[tiff.pointer] = following
    if store is not None and len(store) > tiff.width:
        draft.behind(holder, tiff_layout.C2PA, store)
    return draft.edits()


def _kept(
    layout: Layout,
    chain: list[Branch],
    edits: Mapping[int, Changes],
    below: Mapping[int, Changes],
) -> int:
    """How much of the file stays: not what stands at its very end and is replaced by this edit."""
    tiff, view = layout.tiff, memoryview(layout.tiff.data)
    gone: list[Span] = []
    for branch in layout.chain[len(chain) :]:
        gone += _parts(tiff, branch.directory, (entry.tag for entry in branch.directory.entries))
    for number, changes in edits.items():
        gone += _parts(tiff, chain[number].directory, changes)
    for pointer, inner in below.items():
        entry = layout.main.get(pointer)
        if entry is not None and inner:
            gone += _parts(tiff, tiff.pointed(entry), inner)
    staying = Counter(place for place, _ in tiff_layout.parts(layout)) - Counter(gone)
    needed = max(end for _, end in staying)
    needed = max([needed, *(end for branch in layout.branches() for _, end in branch.data)])
    kept = len(view)
    for start, end in sorted(gone, key=lambda place: place[1], reverse=True):
        between = bytes(view[end:kept])
        if start < needed or end > kept or len(between) >= 8 or any(between):
            break
        kept = start
    return kept


def _parts(tiff: Tiff, directory: Directory, tags: Iterable[int]) -> Iterator[Span]:
    """The directory itself, and the values of these tags where they stand apart."""
    yield directory.offset, directory.end
    for tag in tags:
        entry = directory.get(tag)
        place = tiff.span(entry) if entry is not None else None
        if place is not None and place[1] <= len(tiff.data):
            yield place
