"""Merkle trees over parts of an ISO file: their rows, and the proofs that lie beside the media.

C2PA 2.4 §15.12.2.1 and A.5.4: all leaves lie in the lowest row, and a node without a neighbour
goes up as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from genlabel.formats.isobmff import uuid_boxes
from genlabel.formats.isobmff.boxes import Box
from genlabel.manifests.binding.iso_fields import Malformed, number, octets, sequence, table
from genlabel.manifests.store import cbor, cbor_value
from genlabel.manifests.store.cbor import Unreadable
from genlabel.model.dataclass import dataclass

MAX_ROW = 32 * 1024 * 1024
"""Most bytes of all hashes of one row, as in the engine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """One entry of the field ``merkle``: one row of a tree over some leaves."""

    ids: tuple[int, int]
    """Its ``uniqueId`` and ``localId``."""
    count: int
    """How many leaves there are."""
    algorithm: str | None
    """None: that of the whole binding."""
    initial: bytes | None
    """The hash of all that stands before the first fragment."""
    row: tuple[bytes, ...]
    fixed: int | None
    """Bytes of a leaf."""
    sizes: tuple[int, ...] | None
    """Bytes of each leaf."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a ``uuid`` box of purpose ``merkle`` says of one leaf."""

    ids: tuple[int, int]
    location: int
    hashes: tuple[bytes, ...]
    """Those of its neighbours, from the leaves upwards."""


def trees(listed: object) -> tuple[Tree, ...]:
    """The entries of the field ``merkle``. Raises `Malformed`."""
    return tuple(_tree(table(each, "a merkle tree")) for each in sequence(listed, "merkle"))


def proofs(top: Iterable[Box]) -> tuple[Proof, ...]:
    """Those in the file, in its order. Raises `Malformed`."""
    return tuple(_proof(content) for content in uuid_boxes.merkle(top))


def layout(count: int) -> Iterator[int]:
    """How many nodes each row has, from the leaves to the root."""
    yield count
    while count > 1:
        count = (count + 1) // 2
        yield count


def row(algorithm: str, leaves: Sequence[bytes], length: int) -> Sequence[bytes]:
    """The row with `length` nodes over `leaves`. Raises `Malformed` where there is none."""
    if length not in layout(len(leaves)):
        raise Malformed(f"a row of {length:,} hashes, which no tree over {len(leaves):,} has")
    while len(leaves) > length:
        pairs = [
            _joined(algorithm, leaves[at], leaves[at + 1]) for at in range(0, len(leaves) - 1, 2)
        ]
        leaves = pairs if len(leaves) % 2 == 0 else [*pairs, leaves[-1]]
    return leaves


def proven(algorithm: str, leaf: bytes, proof: Proof, tree: Tree) -> bool:
    """Does `proof` lead from a leaf to its place in the row that the tree names?"""
    if proof.location >= tree.count or len(tree.row) not in layout(tree.count):
        return False
    index, node = proof.location, leaf
    neighbours = iter(proof.hashes)
    for nodes in layout(tree.count):
        if nodes == len(tree.row):
            break
        if index ^ 1 < nodes:
            neighbour = next(neighbours, None)
            if neighbour is None:
                return False
            pair = (neighbour, node) if index % 2 else (node, neighbour)
            node = _joined(algorithm, *pair)
        index //= 2
    return tree.row[index] == node


def _joined(algorithm: str, left: bytes, right: bytes) -> bytes:
    return hashlib.new(algorithm, left + right).digest()


def _tree(fields: Mapping[str, Any]) -> Tree:
    algorithm = fields.get("alg")
    if algorithm is not None and not isinstance(algorithm, str):
        raise Malformed("the algorithm of a merkle tree is no text")
    initial, fixed, sizes = (
        fields.get(key) for key in ("initHash", "fixedBlockSize", "variableBlockSizes")
    )
    if fixed is not None and sizes is not None:
        raise Malformed("a merkle tree with leaves of a fixed and of variable sizes")
    if fixed is not None and number(fixed, "fixedBlockSize") < 1:
        raise Malformed("leaves of no size")
    return Tree(
        ids=_ids(fields),
        count=number(fields.get("count"), "count"),
        algorithm=algorithm,
        initial=None if initial is None else octets(initial, "initHash"),
        row=tuple(octets(each, "a hash") for each in sequence(fields.get("hashes"), "hashes")),
        fixed=fixed,
        sizes=None
        if sizes is None
        else tuple(number(each, "a size") for each in sequence(sizes, "variableBlockSizes")),
    )


def _ids(fields: Mapping[str, Any]) -> tuple[int, int]:
    unique, local = (number(fields.get(key), key) for key in ("uniqueId", "localId"))
    return unique, local


def _proof(content: memoryview) -> Proof:
    """A map in CBOR, behind which the box may be filled up (A.5.4.1.4)."""
    fields = table(_unpadded(bytes(content)), "what a merkle box holds")
    hashes = fields.get("hashes")
    return Proof(
        ids=_ids(fields),
        location=number(fields.get("location"), "location"),
        hashes=tuple(octets(each, "a hash") for each in sequence(hashes or (), "hashes")),
    )


def _unpadded(data: bytes) -> Any:
    try:
        return cbor_value.value(data)
    except Unreadable:  # as where something follows
        pass
    try:
        return cbor_value.value(data[: cbor.item(data).end])
    except Unreadable as error:
        raise Malformed(f"a merkle box holds no map: {error}") from error
