"""A manifest store as its manifests, claims and assertions (C2PA 2.4 §11.1), nothing of it checked.

Every box keeps the bytes that a hashed URI is over. Of a damaged store as much is read as there is;
what is asked of the damaged part raises `Unreadable`, and `Ambiguous` where two readers could see
two things.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from genlabel.manifests.store import cbor_value, jumbf
from genlabel.manifests.store.cbor import Ambiguous, Unreadable
from genlabel.manifests.store.compressed import decompressed
from genlabel.model.escape import quoted

MAX_MANIFESTS = 1000
"""Most manifests of one store."""
MAX_BOXES = jumbf.MAX_BOXES
"""Most boxes of one store, on all levels."""
ALGORITHMS = ("sha256", "sha384", "sha512")
"""The hash algorithms that C2PA allows (§13.1), by its names, which are hashlib's, too."""
MAX_LEVELS = 8
"""Deepest nesting of superboxes; C2PA has four levels."""

# Content types of superboxes, C2PA 2.4 §11.1.4: four letters and the rest that all UUIDs share
_REST = bytes.fromhex("0011 0010 8000 00AA00389B71")
STORE, MANIFEST, UPDATE, COMPRESSED, DELTA = (
    letters + _REST for letters in (b"c2pa", b"c2ma", b"c2um", b"c2cm", b"c2md")
)
CLAIM, SIGNATURE, ASSERTIONS = (letters + _REST for letters in (b"c2cl", b"c2cs", b"c2as"))
_PREFIX = "self#jumbf="
_NOWHERE = "\0"  # the label of no manifest
_PADDING = b"free"  # a padding box of a superbox, ISO/IEC 19566-5 §B.4


class Missing(Unreadable):
    """What every manifest has is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Superbox:
    """A labelled superbox: its content, and the superboxes and boxes in it."""

    label: str
    content_type: bytes
    """The UUID of its description box, 16 bytes."""
    source: bytes = field(repr=False)
    """What it lies in: a store, or a manifest that was compressed."""
    start: int
    """First byte of its description box in `source`."""
    end: int
    superboxes: tuple[Superbox, ...] = ()
    contents: tuple[tuple[bytes, bytes], ...] = field(default=(), repr=False)
    """Type and bytes of the boxes in it that are no superboxes."""

    @property
    def body(self) -> memoryview:
        """All that it holds, its description box included: what a hashed URI is over (§8.4.2.3)."""
        return memoryview(self.source)[self.start : self.end]

    def named(self, label: str) -> Superbox | None:
        """The superbox in it of that label; None where there is not exactly one."""
        named = [each for each in self.superboxes if each.label == label]
        return named[0] if len(named) == 1 else None

    def content(self, kind: bytes) -> bytes:
        """The bytes of its one box but for padding, which is of that type. Raises `Unreadable`."""
        contents = [each for each in self.contents if each[0] != _PADDING]
        if len(contents) > 1 or (contents and self.superboxes):
            raise Ambiguous(f"the box {quoted(self.label)} holds more than one")
        if not contents or contents[0][0] != kind:
            raise Unreadable(f"the box {quoted(self.label)} does not hold one box of {kind!r}")
        return contents[0][1]


@dataclass(frozen=True)
class Manifest:
    """One manifest: claim, signature and assertions, decoded when they are asked for."""

    box: Superbox
    packed: Superbox | None = None
    """The box that holds it, if it is compressed."""
    _decoded: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    _of_json: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def compressed(self) -> bool:
        """Is it a compressed manifest (§11.2.4)?"""
        return self.packed is not None

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
        return _one(claims, named, "claim")

    @cached_property
    def claim(self) -> Mapping[str, Any]:
        """The claim's map. Raises `Unreadable`."""
        claim = cbor_value.value(self.claim_box.content(b"cbor"))
        if not isinstance(claim, dict):
            raise Unreadable("a claim that is no map")
        return claim

    @property
    def claim_version(self) -> int:
        """Of the claim, by its label: 1 or 2. Raises `Unreadable`."""
        _, _, version = self.claim_box.label.partition(".v")
        return int(version) if version.isdecimal() and len(version) < 3 else 1

    @cached_property
    def signature_box(self) -> Superbox:
        """The one box of the claim signature. Raises `Unreadable`."""
        boxes = [each for each in self.box.superboxes if each.content_type == SIGNATURE]
        named = [each for each in self.box.superboxes if each.label == "c2pa.signature"]
        return _one(boxes, named, "signature")

    @cached_property
    def signature(self) -> bytes:
        """The claim signature (COSE_Sign1). Raises `Unreadable`."""
        return self.signature_box.content(b"cbor")

    @cached_property
    def assertions(self) -> Mapping[str, Superbox]:
        """The assertions by their labels (``c2pa.actions.v2__1``). Raises `Unreadable`."""
        stores = [each for each in self.box.superboxes if each.content_type == ASSERTIONS]
        named = [each for each in self.box.superboxes if each.label == "c2pa.assertions"]
        store = _one(stores, named, "assertion store")
        by_label = {each.label: each for each in store.superboxes}
        if len(by_label) != len(store.superboxes):
            raise Ambiguous("one label for two assertions")
        return by_label

    def assertion(self, label: str) -> Any:
        """The value of the CBOR assertion of that label. Raises `Unreadable`."""
        if label not in self._decoded:
            box = self.assertions.get(label)
            if box is None:
                raise Unreadable(f"the assertion {quoted(label)} is missing")
            self._decoded[label] = cbor_value.value(box.content(b"cbor"))
        return self._decoded[label]

    def json_assertion(self, label: str) -> Any:
        """The value of the JSON assertion of that label, which is there.

        Raises `Unreadable`, `ValueError` and `RecursionError`.
        """
        if label not in self._of_json:
            self._of_json[label] = json.loads(self.assertions[label].content(b"json"))
        return self._of_json[label]

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
    _digests: dict[tuple[int, int, int, str], bytes] = field(default_factory=dict, repr=False)
    _ways: dict[str, tuple[str | None, tuple[str, ...]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

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

    def digest(self, box: Superbox, algorithm: str) -> bytes | None:
        """The hash of a box as a hashed URI has it (§8.4.2.3), computed once; None for an
        algorithm that C2PA does not have (§13.1)."""
        if algorithm not in ALGORITHMS:
            return None
        key = (id(box.source), box.start, box.end, algorithm)
        if key not in self._digests:
            self._digests[key] = hashlib.new(algorithm, box.body).digest()
        return self._digests[key]

    def place(self, uri: object, base: Manifest) -> tuple[Manifest | None, tuple[str, ...]]:
        """The manifest that a JUMBF URI leads into, and the labels of the way down from there."""
        if not isinstance(uri, str) or not uri.startswith(_PREFIX):
            return None, ()
        way = self._ways.get(uri)  # each reference is followed for several rules
        if way is None:
            way = self._ways[uri] = _way(uri.removeprefix(_PREFIX))
        label, path = way
        return (base if label is None else self.manifests.get(label)), path


def _way(path: str) -> tuple[str | None, tuple[str, ...]]:
    """The label of the manifest in a URI's path, None for whose it is, and the way down there."""
    labels = tuple(path.lstrip("/").split("/"))
    if not path.startswith("/") and labels[0] != "c2pa":
        return None, labels
    inside = labels[1] if labels[0] == "c2pa" and len(labels) > 1 else _NOWHERE
    return inside, labels[2:]


def read(store: bytes) -> ManifestStore:
    """The manifest store that fills `store`. Raises `Unreadable`.

    It is `Ambiguous` where two manifests have one label, and where bytes follow the superbox.
    """
    budget = _Budget()
    root = _superbox(store, _whole(store), budget, 0)
    if root.content_type != STORE:
        raise Unreadable("a box that is no manifest store")
    manifests: dict[str, Manifest] = {}
    for manifest in _manifests(root, budget):
        if manifest.label in manifests:
            raise Ambiguous(f"two manifests are called {quoted(manifest.label)}")
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
            inner = _superbox(whole, _whole(whole), budget, 1)
            if inner.label != box.label:
                raise Ambiguous("a compressed manifest with another label than its box")
            if inner.content_type not in (MANIFEST, UPDATE):
                raise Unreadable("a compressed box that holds no manifest")
            yield Manifest(inner, packed=box)
        elif box.content_type in (MANIFEST, UPDATE, DELTA):
            yield Manifest(box)


def _whole(store: bytes) -> jumbf.Box:
    """The one superbox that fills `store`."""
    length = int.from_bytes(store[:4], "big")
    if store[4:8] == b"jumb" and 8 <= length < len(store):
        raise Ambiguous(f"{len(store) - length:,} bytes follow the superbox")
    listed = jumbf.boxes(store, 0, len(store))
    if len(listed) != 1 or listed[0].type != b"jumb":
        raise Unreadable(f"{len(listed)} boxes where one superbox is expected")
    return listed[0]


def _one(typed: list[Superbox], named: list[Superbox], what: str) -> Superbox:
    """The one box that is by its content type and by its label what it is."""
    if len(typed) > 1 or len(named) > 1:
        raise Ambiguous(f"a manifest with more than one {what}")
    if not typed and not named:
        raise Missing(f"a manifest without a {what}")
    if typed != named:
        raise Ambiguous(f"a box that is half a {what}")
    return typed[0]


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
        source=store,
        start=box.start,
        end=box.end,
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
