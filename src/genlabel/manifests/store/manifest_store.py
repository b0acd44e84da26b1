"""A manifest store as its manifests, claims and assertions (C2PA 2.4 §11.1), nothing of it checked.

Every box keeps the bytes that a hashed URI is over. Of a damaged store as much is read as there is;
what is asked of the damaged part raises `Unreadable`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from genlabel.manifests.store import cbor_value, jumbf
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.store.compressed import decompressed

MAX_MANIFESTS = 1000
"""Most manifests of one store."""
MAX_BOXES = 100_000
"""Most boxes of one store, on all levels."""
MAX_LEVELS = 8
"""Deepest nesting of superboxes; C2PA has four levels."""

# Content types of superboxes, C2PA 2.4 §11.1.4: four letters and the rest that all UUIDs share
_REST = bytes.fromhex("0011 0010 8000 00AA00389B71")
STORE, MANIFEST, UPDATE, COMPRESSED, DELTA = (
    letters + _REST for letters in (b"c2pa", b"c2ma", b"c2um", b"c2cm", b"c2md")
)
CLAIM, SIGNATURE, ASSERTIONS = (letters + _REST for letters in (b"c2cl", b"c2cs", b"c2as"))
_PREFIX = "self#jumbf="


@dataclass(frozen=True, slots=True, kw_only=True)
class Superbox:
    """A labelled superbox: its content, and the superboxes and boxes in it."""

    label: str
    content_type: bytes
    """The UUID of its description box, 16 bytes."""
    body: bytes = field(repr=False)
    """All that it holds, its description box included: what a hashed URI is over (§8.4.2.3)."""
    superboxes: tuple[Superbox, ...] = ()
    contents: tuple[tuple[bytes, bytes], ...] = field(default=(), repr=False)
    """Type and bytes of the boxes in it that are no superboxes."""

    def named(self, label: str) -> Superbox | None:
        """The superbox in it of that label; None where there is not exactly one."""
        named = [each for each in self.superboxes if each.label == label]
        return named[0] if len(named) == 1 else None

    def content(self, kind: bytes) -> bytes:
        """The bytes of its one box, which is of that type. Raises `Unreadable`."""
        if len(self.contents) != 1 or self.contents[0][0] != kind:
            raise Unreadable(f"the box {self.label!r} does not hold one box of {kind!r}")
        return self.contents[0][1]


@dataclass(frozen=True)
class Manifest:
    """One manifest: claim, signature and assertions, decoded when they are asked for."""

    box: Superbox
    compressed: bool = False

    @property
    def label(self) -> str:
        """Its label, such as ``urn:c2pa:…``."""
        return self.box.label

    @property
    def is_update(self) -> bool:
        """An update manifest (§11.2.3), which has no binding of its own?"""
        return self.box.content_type == UPDATE

    @cached_property
    def claim_box(self) -> Superbox:
        """The one claim. Raises `Unreadable`."""
        claims = [each for each in self.box.superboxes if each.content_type == CLAIM]
        named = [each for each in self.box.superboxes if each.label.startswith("c2pa.claim")]
        if len(claims) != 1 or claims != named:
            raise Unreadable(f"{len(claims)} claims in one manifest")
        return claims[0]

    @cached_property
    def claim(self) -> Mapping[str, Any]:
        """The claim's map. Raises `Unreadable`."""
        claim = cbor_value.value(self.claim_box.content(b"cbor"))
        if not isinstance(claim, dict):
            raise Unreadable("a claim that is no map")
        return claim

    @cached_property
    def signature(self) -> bytes:
        """The claim signature (COSE_Sign1). Raises `Unreadable`."""
        boxes = [each for each in self.box.superboxes if each.content_type == SIGNATURE]
        if len(boxes) != 1:
            raise Unreadable(f"{len(boxes)} signatures in one manifest")
        return boxes[0].content(b"cbor")

    @cached_property
    def assertions(self) -> Mapping[str, Superbox]:
        """The assertions by their labels (``c2pa.actions.v2__1``). Raises `Unreadable`."""
        stores = [each for each in self.box.superboxes if each.content_type == ASSERTIONS]
        if len(stores) != 1:
            raise Unreadable(f"{len(stores)} assertion stores in one manifest")
        by_label = {each.label: each for each in stores[0].superboxes}
        if len(by_label) != len(stores[0].superboxes):
            raise Unreadable("one label for two assertions")
        return by_label

    def assertion(self, label: str) -> Any:
        """The value of the CBOR assertion of that label. Raises `Unreadable`."""
        box = self.assertions.get(label)
        if box is None:
            raise Unreadable(f"the assertion {label!r} is missing")
        return cbor_value.value(box.content(b"cbor"))

    @cached_property
    def references(self) -> tuple[tuple[Mapping[str, Any], bool], ...]:
        """The hashed URIs of the claim's assertions in order: each with whether it is created.

        A claim of version 1 (``assertions``) has no gathered ones. Raises `Unreadable`.
        """
        listed = [
            (reference, created)
            for key, created in (
                ("assertions", True),
                ("created_assertions", True),
                ("gathered_assertions", False),
            )
            for reference in _list(self.claim.get(key))
        ]
        if any(not isinstance(reference, dict) for reference, _ in listed):
            raise Unreadable("a reference that is no map")
        return tuple(listed)

    @property
    def redacted(self) -> tuple[str, ...]:
        """The addresses of assertions that this claim redacts, in ancestors."""
        return tuple(each for each in _list(self.claim.get("redacted_assertions")) if _text(each))


@dataclass(frozen=True)
class ManifestStore:
    """The manifests of a store in their order; the last one is the active manifest."""

    manifests: dict[str, Manifest]

    @property
    def active(self) -> Manifest | None:
        """The last manifest."""
        return next(reversed(self.manifests.values()), None)

    def resolve(self, uri: object, base: Manifest) -> Superbox | None:
        """The box at a JUMBF URI (§8.4.1), seen from `base`; None where there is none.

        ``self#jumbf=/c2pa/MANIFEST/…`` is absolute, everything else is below `base`.
        """
        manifest, path = self.place(uri, base)
        box = manifest.box if manifest is not None else None
        for label in path:
            box = box.named(label) if box is not None else None
        return box

    def place(self, uri: object, base: Manifest) -> tuple[Manifest | None, tuple[str, ...]]:
        """The manifest that a JUMBF URI leads into, and the labels of the way down from there."""
        if not isinstance(uri, str) or not uri.startswith(_PREFIX):
            return None, ()
        path = uri.removeprefix(_PREFIX)
        labels = tuple(path.lstrip("/").split("/"))
        if path.startswith("/") or labels[0] == "c2pa":
            inside = self.manifests.get(labels[1]) if len(labels) > 1 else None
            return (inside if labels[0] == "c2pa" else None), labels[2:]
        return base, labels


def read(store: bytes) -> ManifestStore:
    """The manifest store that fills `store`. Raises `Unreadable`.

    Two manifests of one label, and bytes behind the superbox, are no store: two readers could see
    two things.
    """
    budget = _Budget()
    listed = jumbf.boxes(store, 0, len(store))
    if len(listed) != 1 or listed[0].type != b"jumb":
        raise Unreadable(f"{len(listed)} boxes where one manifest store is expected")
    root = _superbox(store, listed[0], budget, 0)
    if root.content_type != STORE:
        raise Unreadable("a box that is no manifest store")
    manifests: dict[str, Manifest] = {}
    for manifest in _manifests(root, budget):
        if manifest.label in manifests:
            raise Unreadable(f"two manifests are called {manifest.label!r}")
        if len(manifests) == MAX_MANIFESTS:
            raise Unreadable(f"more than {MAX_MANIFESTS:,} manifests")
        manifests[manifest.label] = manifest
    return ManifestStore(manifests)


def _manifests(root: Superbox, budget: _Budget) -> Iterator[Manifest]:
    """The manifests in the store's box; boxes of other kinds are passed over (§11.1.4.2)."""
    for box in root.superboxes:
        if box.content_type == COMPRESSED:
            whole = decompressed(box.content(b"brob"), budget.decompressed)
            budget.decompressed += len(whole)
            (outer,) = jumbf.boxes(whole, 0, len(whole))
            inner = _superbox(whole, outer, budget, 1)
            if inner.label != box.label:
                raise Unreadable("a compressed manifest with another label than its box")
            yield Manifest(inner, compressed=True)
        elif box.content_type in (MANIFEST, UPDATE, DELTA):
            yield Manifest(box)


class _Budget:
    """What reading one store has cost so far."""

    def __init__(self) -> None:
        self.boxes = 0
        self.decompressed = 0


def _superbox(store: bytes, box: jumbf.Box, budget: _Budget, level: int) -> Superbox:
    if level > MAX_LEVELS:
        raise Unreadable(f"boxes nested more than {MAX_LEVELS} deep")
    content_type, label = jumbf.description(store, box)
    inside = jumbf.boxes(store, box.start, box.end)[1:]
    budget.boxes += len(inside)
    if budget.boxes > MAX_BOXES:
        raise Unreadable(f"more than {MAX_BOXES:,} boxes")
    try:
        name = label.decode()
    except UnicodeDecodeError as error:
        raise Unreadable("a label that is no UTF-8") from error
    return Superbox(
        label=name,
        content_type=content_type,
        body=store[box.start : box.end],
        superboxes=tuple(
            _superbox(store, each, budget, level + 1) for each in inside if each.type == b"jumb"
        ),
        contents=tuple(
            (each.type, store[each.start : each.end]) for each in inside if each.type != b"jumb"
        ),
    )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> bool:
    return isinstance(value, str)
