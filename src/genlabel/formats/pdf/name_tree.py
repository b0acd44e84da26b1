"""PDF's name tree of embedded files: its nodes walked, one name put in or taken out.

ISO 32000-2 §7.7.4 and §7.9.6.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from genlabel.formats.pdf.incremental_update import Edits
from genlabel.formats.pdf.object_lookup import Objects, Placed
from genlabel.formats.pdf.parser import NAME, Array, Dictionary, Reference, Value, text
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset
from genlabel.model.named_tuple import NamedTuple

_MAX_NODES = 10_000
_MAX_LEVELS = 40  # real trees have three
_MAX_NAMES = 200_000


class Pair(NamedTuple):
    """One name of a leaf: the key, what it stands for, and where both are written."""

    key: bytes
    written: bytes
    value: Value
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the tree; one with names is a leaf."""

    placed: Placed
    """The object in which the node is written, which may be one above it."""
    dictionary: Dictionary
    """The node itself."""
    above: Node | None
    names: Array | None
    within: Placed
    """The object in which its names are written."""
    pairs: tuple[Pair, ...]

    def upwards(self) -> Iterator[Node]:
        """The node and all above it."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.above


@dataclass(frozen=True, slots=True)
class Names:
    """The catalog's dictionary of names and in it the tree of embedded files, if they are there."""

    placed: Placed | None = None
    """The object in which the dictionary of names is written."""
    dictionary: Dictionary | None = None
    nodes: tuple[Node, ...] = ()
    """From the root to the leaves, in the order of the names."""

    def numbers(self) -> Iterator[int]:
        """The objects in which all this is written, among them perhaps the catalog."""
        if self.placed is not None:
            yield self.placed.reference.number
        for node in self.nodes:
            yield node.placed.reference.number
            yield node.within.reference.number

    def content(self, hidden: Collection[Reference]) -> Iterator[bytes]:
        """All that is said there, as it is written, but for names of `hidden` and limits."""
        if self.placed is not None and self.dictionary is not None:
            for key, (start, end) in sorted(self.dictionary.spans.items()):
                if key != b"EmbeddedFiles":
                    yield bytes(self.placed.buffer[start:end])
        for node in self.nodes:
            for key, (start, end) in sorted(node.dictionary.spans.items()):
                if key not in (b"Names", b"Limits"):
                    yield bytes(node.placed.buffer[start:end])
            for pair in node.pairs:
                if not _leads_to(pair, hidden):
                    yield bytes(node.within.buffer[pair.start : pair.end])

    def values(self) -> Iterator[Reference]:
        """What the names stand for."""
        values = (pair.value for node in self.nodes for pair in node.pairs)
        yield from (value for value in values if isinstance(value, Reference))

    def has(self, file: Reference) -> bool:
        """Has this file specification a name in the tree?"""
        return any(_leads_to(pair, (file,)) for node in self.nodes for pair in node.pairs)

    def put(
        self, edits: Edits, catalog: Placed, dictionary: Dictionary, name: bytes, file: Reference
    ) -> None:
        """Give `file` a name in the tree: `name`, with a number behind it where that is taken.

        `dictionary` is that of the `catalog`.
        """
        taken = {pair.key for node in self.nodes for pair in node.pairs}
        key, number = name, 1
        while key in taken:
            number += 1
            key = b"%s %d" % (name, number)
        pair = b"(%s)%d %d R" % (key, *file)
        if not self.nodes:
            tree = b"<</Names[%s]>>" % pair
            if self.placed is None or self.dictionary is None:
                edits.entry(catalog, dictionary, b"Names", b"<</EmbeddedFiles%s>>" % tree)
            else:
                edits.entry(self.placed, self.dictionary, b"EmbeddedFiles", tree)
            return
        leaves = [(node, node.names) for node in self.nodes if node.names is not None]
        if not leaves:
            edits.entry(self.nodes[0].placed, self.nodes[0].dictionary, b"Names", b"[%s]" % pair)
            return
        fitting = (each for each in leaves if any(pair.key >= key for pair in each[0].pairs))
        leaf, names = next(fitting, leaves[-1])
        at = next((each.start for each in leaf.pairs if each.key > key), names.end - 1)
        edits.cut(leaf.within, at, at, b" %s " % pair)
        for node in leaf.upwards():
            _widen(edits, node, key)

    def take(self, edits: Edits, files: Collection[Reference]) -> None:
        """Take every name of one of `files` out of the tree."""
        less: dict[int, Node] = {}
        for leaf in self.nodes:
            for pair in leaf.pairs:
                if _leads_to(pair, files):
                    edits.cut(leaf.within, pair.start, pair.end, b"")
                    less |= {id(node): node for node in leaf.upwards()}
        for node in less.values():
            _narrow(edits, node, self._below(node, files))

    def _below(self, node: Node, files: Collection[Reference]) -> list[Pair]:
        """The names that stay in a node and under it."""
        inside = {id(node)}
        pairs: list[Pair] = []
        for each in self.nodes:  # a node comes behind the one above it
            if id(each) in inside or id(each.above) in inside:
                inside.add(id(each))
                pairs += (pair for pair in each.pairs if not _leads_to(pair, files))
        return pairs


def read(objects: Objects, catalog: Placed, dictionary: Dictionary) -> Names:
    """The names of a document, by its catalog's `dictionary`.

    Raises `MalformedAsset` where they are no tree.
    """
    if dictionary.get(b"Names") is None:
        return Names()
    placed, names = _followed(objects, dictionary.get(b"Names"), catalog)
    if not isinstance(names, Dictionary) or names is dictionary:
        raise MalformedAsset(NAME, "has names that are no dictionary of their own")
    if names.get(b"EmbeddedFiles") is None:
        return Names(placed, names)
    visited = {(catalog.reference.number, dictionary.start), (placed.reference.number, names.start)}
    nodes = _walk(objects, names.get(b"EmbeddedFiles"), placed, visited)
    return Names(placed, names, tuple(nodes))


def _walk(
    objects: Objects, root: Value, placed: Placed, visited: set[tuple[int, int]]
) -> Iterator[Node]:
    """The nodes, each once; `visited` are dictionaries of other kinds, by object and place."""
    waiting: list[tuple[Value, Placed, Node | None, int]] = [(root, placed, None, 0)]
    count = names = 0
    while waiting:
        value, around, above, level = waiting.pop()
        within, dictionary = _followed(objects, value, around)
        if not isinstance(dictionary, Dictionary):
            raise MalformedAsset(NAME, "names its embedded files in no tree")
        place = (within.reference.number, dictionary.start)
        count += 1
        if place in visited or level > _MAX_LEVELS or count > _MAX_NODES:
            raise MalformedAsset(NAME, "names its embedded files in a tree without an end")
        visited.add(place)
        node = _node(objects, within, dictionary, above)
        names += len(node.pairs)
        if names > _MAX_NAMES:
            raise MalformedAsset(NAME, f"names more than {_MAX_NAMES:,} embedded files")
        yield node
        around, kids = _followed(objects, dictionary.get(b"Kids"), within)
        if not isinstance(kids, Array | None):
            raise MalformedAsset(NAME, "names its embedded files in no tree")
        waiting += ((kid, around, node, level + 1) for kid in reversed(kids or ()))


def _node(objects: Objects, placed: Placed, dictionary: Dictionary, above: Node | None) -> Node:
    within, names = _followed(objects, dictionary.get(b"Names"), placed)
    if dictionary.get(b"Names") is None:
        return Node(placed, dictionary, above, None, placed, ())
    if not isinstance(names, Array) or len(names) % 2:
        raise MalformedAsset(NAME, "has a name of an embedded file that leads nowhere")
    pairs: list[Pair] = []
    for at in range(0, len(names), 2):
        (start, middle), (_, end) = names.spans[at : at + 2]
        key = text(objects.value(names[at]))
        if key is None:
            raise MalformedAsset(NAME, "has an embedded file without a name")
        written = bytes(within.buffer[start:middle])
        pairs.append(Pair(key, written, names[at + 1], start, end))
    return Node(placed, dictionary, above, names, within, tuple(pairs))


def _leads_to(pair: Pair, files: Collection[Reference]) -> bool:
    return isinstance(pair.value, Reference) and pair.value in files


def _followed(objects: Objects, value: Value, around: Placed) -> tuple[Placed, Value]:
    """What a value of the object `around` stands for, and the object in which that is written."""
    if not isinstance(value, Reference):
        return around, value
    placed = objects.placed(value)
    if placed is not None and objects.stream(placed.reference) is not None:
        raise MalformedAsset(NAME, "has a stream among its names")
    return (around, None) if placed is None else (placed, placed.value)


def _limits(node: Node) -> tuple[bytes, bytes] | None:
    """The least and the greatest name that a node says it has; None where it does not say so."""
    limits = node.dictionary.get(b"Limits")
    if not isinstance(limits, Array) or len(limits) != 2:
        return None
    low, high = text(limits[0]), text(limits[1])
    return None if low is None or high is None else (low, high)


def _widen(edits: Edits, node: Node, key: bytes) -> None:
    limits, array = _limits(node), node.dictionary.get(b"Limits")
    if limits is not None and isinstance(array, Array) and not limits[0] <= key <= limits[1]:
        edits.cut(node.placed, *array.spans[0 if key < limits[0] else 1], b"(%s)" % key)


def _narrow(edits: Edits, node: Node, left: list[Pair]) -> None:
    if _limits(node) is not None and left:
        low = min(left, key=lambda pair: pair.key)
        high = max(left, key=lambda pair: pair.key)
        limits = b"[%s %s]" % (low.written, high.written)
        edits.entry(node.placed, node.dictionary, b"Limits", limits)
