"""What is hashed of an ISO file for one binding, piece by piece, before any byte is.

C2PA 2.4 §18.7.2 (the whole file, the place of every root box) and A.5.4 (leaves of Merkle trees).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from genlabel.formats.isobmff import samples
from genlabel.formats.isobmff.boxes import Box
from genlabel.manifests.binding import iso_exclusions, merkle
from genlabel.manifests.binding.digest import Piece, Span
from genlabel.manifests.binding.iso_exclusions import LeftOut, Manner, TooMuch, complement
from genlabel.manifests.binding.iso_fields import Malformed
from genlabel.manifests.binding.merkle import Proof, Tree
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset

_LEAVES_BEGIN = 16
"""Bytes of an ``mdat`` box that its exclusion keeps for the hash of the file (§18.7.2)."""
_SMALLEST_HASH = 32


class Differs(ValueError):
    """The file is not of the shape that the binding says (``assertion.bmffHash.mismatch``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """The fields of an assertion that say what is hashed."""

    version: int
    exclusions: tuple[iso_exclusions.Exclusion, ...]
    algorithm: str
    hash: bytes | None
    trees: tuple[Tree, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One tree and what its leaves are made of."""

    tree: Tree
    initial: tuple[Piece, ...]
    """What the hash of the initial part covers; empty where the tree names none."""
    leaves: tuple[tuple[Piece, ...], ...]
    proofs: tuple[Proof, ...]
    """One a leaf, or none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All hashes of one binding."""

    file: tuple[Piece, ...]
    """What the hash of the file covers; empty where the binding names none."""
    trees: tuple[Planned, ...]
    partial: bool = False
    """Do the leaves lie in other files, whose initial part this is?"""

    def spans(self) -> Iterator[Span]:
        """Every byte that is hashed, in no order."""
        parts = [self.file]
        for each in self.trees:
            parts += [each.initial, *each.leaves]
        for pieces in parts:
            for piece in pieces:
                if not isinstance(piece, int):
                    yield piece


def plan(
    binding: Binding,
    top: Sequence[Box],
    tracks: Sequence[samples.Track],
    manner: Manner,
) -> Plan:
    """What is hashed of the file with the root boxes `top` when entries are read in one manner.

    Raises `Malformed`, `Differs` or `TooMuch`.
    """
    size = len(top[0].data)
    loose = iso_exclusions.left_out(top, binding.exclusions, manner)
    placed = binding.version > 1
    whole: tuple[Piece, ...] = ()
    if binding.hash is not None:
        whole = tuple(_Layout(top, loose, manner, placed=placed).pieces(0, size))
    if not binding.trees:
        return Plan(file=whole, trees=())
    # §18.7.2: with a hash of the file, too, that one binds where the root boxes lie
    placed = placed and (manner is Manner.ENGINE or binding.hash is None)
    cut = _Layout(top, loose, manner, placed=placed)
    proofs = merkle.proofs(top)
    moofs = [box.start for box in top if box.type == b"moof"]
    if moofs:
        parts = list(zip(moofs, [*moofs[1:], size], strict=True))
        leaves = [tuple(cut.pieces(*part)) for part in parts]
        initial = tuple(cut.pieces(0, moofs[0]))
        return Plan(file=whole, trees=tuple(_fragments(binding.trees, leaves, initial, proofs)))
    if any(tree.initial is not None for tree in binding.trees):
        return Plan(file=whole, trees=tuple(_initial(binding.trees, cut, size)), partial=True)
    sized = all(tree.fixed is not None or tree.sizes is not None for tree in binding.trees)
    if not sized and proofs and any(box.type == b"moov" for box in top):
        return Plan(file=whole, trees=tuple(_chunks(binding.trees, tracks, proofs)))
    return Plan(file=whole, trees=tuple(_media(binding.trees, top, proofs, manner)))


class _Layout:
    """A file without what is left out, to be cut where parts of it are hashed apart."""

    def __init__(self, top: Sequence[Box], loose: LeftOut, manner: Manner, *, placed: bool) -> None:
        """`placed`: each root box that is not left out whole stands behind its own place."""
        self._manner = manner
        self._kept = list(complement(loose.spans, 0, len(top[0].data)))
        self._ends = [end for _, end in self._kept]
        starts = (box.start for box in top if placed)
        self._places = [at for at in starts if at not in loose.whole]

    def pieces(self, start: int, end: int) -> Iterator[Piece]:
        """All from `start` to `end` but what is left out."""
        first, last = bisect_right(self._ends, start), bisect_left(self._ends, end)
        spans = [
            (max(begin, start), min(stop, end))
            for begin, stop in self._kept[first : last + 1]
            if begin < end
        ]
        places = self._places[bisect_left(self._places, start) : bisect_left(self._places, end)]
        if self._manner is Manner.ENGINE and spans:
            # a place before or behind all that is hashed counts for nothing to the engine
            places = places[bisect_left(places, spans[0][0]) : bisect_left(places, spans[-1][1])]
        number = 0
        for at, stop in spans:
            while number < len(places) and places[number] < stop:
                place = places[number]
                if at < place:
                    yield at, place
                yield place
                at = max(at, place)
                number += 1
            # the engine takes a single byte at the place of a box for that place
            at_place = number > 0 and places[number - 1] == at
            single = self._manner is Manner.ENGINE and stop - at == 1 and at_place
            yield at if single else (at, stop)
        yield from places[number:]


def _fragments(
    trees: Sequence[Tree],
    leaves: Sequence[tuple[Piece, ...]],
    initial: tuple[Piece, ...],
    proofs: Sequence[Proof],
) -> Iterator[Planned]:
    """A leaf is a fragment with all that follows it; the box before it names its tree."""
    if len(proofs) != len(leaves):
        raise Malformed(f"{len(proofs):,} merkle boxes for {len(leaves):,} fragments")
    own: dict[tuple[int, int], list[int]] = {tree.ids: [] for tree in trees}
    if len(own) < len(trees):
        raise Malformed("two merkle trees of the same ids")
    for number, proof in enumerate(proofs):
        if proof.ids not in own:
            raise Differs("a fragment of no tree")
        own[proof.ids].append(number)
    for tree in trees:
        yield _planned(
            tree,
            [leaves[number] for number in own[tree.ids]],
            [proofs[number] for number in own[tree.ids]],
            initial if tree.initial is not None else (),
        )


def _initial(trees: Sequence[Tree], cut: _Layout, size: int) -> Iterator[Planned]:
    """All of an initial part, whose fragments lie in other files (A.5.4.1.2)."""
    for tree in trees:
        if tree.initial is None:
            raise Differs("a tree without the hash of the initial part")
        yield Planned(tree=tree, initial=tuple(cut.pieces(0, size)), leaves=(), proofs=())


def _chunks(
    trees: Sequence[Tree], tracks: Sequence[samples.Track], proofs: Sequence[Proof]
) -> Iterator[Planned]:
    """A leaf is a chunk of a track, as old signers of films had it; the local id is the track's."""
    by_id = {track.id: track for track in tracks if track.table is not None}
    at = 0
    for tree in trees:
        own = proofs[at : at + tree.count]
        at += tree.count
        track = by_id.pop(tree.ids[1], None)
        if track is None or track.table is None:
            raise Differs(f"no track {tree.ids[1]} for its merkle tree")
        try:
            spans = list(samples.chunks(track.table))
        except MalformedAsset as error:
            raise Differs(str(error)) from error
        if any(end > len(track.box.data) for _, end in spans):
            raise Differs("samples past the end")
        _bound(len(spans))
        yield _planned(tree, [(span,) for span in spans], own)


def _media(
    trees: Sequence[Tree], top: Sequence[Box], proofs: Sequence[Proof], manner: Manner
) -> Iterator[Planned]:
    """One tree for each ``mdat`` box; a leaf is a block of it."""
    media = [box for box in top if box.type == b"mdat"]
    if len(media) != len(trees):
        raise Differs(f"{len(trees):,} merkle trees for {len(media):,} mdat boxes")
    at = 0
    for tree, box in zip(trees, media, strict=True):
        start = box.body
        if manner is Manner.ENGINE:
            start = min(box.start + _LEAVES_BEGIN, box.end)
        own = proofs[at : at + tree.count] if proofs else []
        at += len(own)
        yield _planned(tree, [(span,) for span in _blocks(tree, start, box.end)], own)
    if at != len(proofs):
        raise Differs("more merkle boxes than leaves")


def _blocks(tree: Tree, start: int, end: int) -> Iterator[Span]:
    """A media box in the blocks that a tree names, or in one."""
    if tree.sizes is not None:
        if len(tree.sizes) != tree.count or sum(tree.sizes) != end - start:
            raise Malformed("the blocks of a merkle tree do not fill its mdat box")
        _bound(len(tree.sizes))
        for size in tree.sizes:
            yield start, start + size
            start += size
    elif tree.fixed is not None:
        _bound(-(-(end - start) // tree.fixed))
        for at in range(start, end, tree.fixed):
            yield at, min(at + tree.fixed, end)
    else:
        yield start, end


def _bound(leaves: int) -> None:
    if leaves * _SMALLEST_HASH > merkle.MAX_ROW:
        raise TooMuch(f"a merkle tree of {leaves:,} leaves")


def _planned(
    tree: Tree,
    leaves: Sequence[tuple[Piece, ...]],
    proofs: Sequence[Proof],
    initial: tuple[Piece, ...] = (),
) -> Planned:
    """A tree over all its leaves, in their order."""
    if len(leaves) != tree.count:
        raise Malformed(f"{len(leaves):,} parts of the file for {tree.count:,} leaves of a tree")
    if proofs and [proof.location for proof in proofs] != list(range(tree.count)):
        raise Differs("merkle boxes that are not in the order of what they stand for")
    return Planned(tree=tree, initial=initial, leaves=tuple(leaves), proofs=tuple(proofs))
