"""A manifest store as its manifests, claims and assertions (C2PA 2.4 §11.1), nothing of it checked.

Every box keeps the bytes that a hashed URI is over. Of a damaged store as much is read as there is;
what is asked of the damaged part raises `Unreadable`, and `Ambiguous` where two readers could see
two things.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from typing import Any, TypeVar

from genlabel.manifests.store import cbor_value, kept
from genlabel.manifests.store.cbor import Ambiguous, Unreadable
from genlabel.manifests.store.compressed import decompressed
from genlabel.manifests.store.superbox import (
    MAX_BOXES as MAX_BOXES,
    Budget,
    Superbox as Superbox,
    superbox,
    whole,
)
from genlabel.model.cached_property import cached_property
from genlabel.model.dataclass import dataclass
from genlabel.model.escape import quoted
from genlabel.model.named_tuple import NamedTuple

MAX_MANIFESTS = 1000
"""Most manifests of one store."""
ALGORITHMS = ("sha256", "sha384", "sha512")
"""The hash algorithms that C2PA allows (§13.1), by its names, which are hashlib's, too."""
_HASHES = {name: getattr(hashlib, name) for name in ALGORITHMS}  # faster than by `hashlib.new`

# Content types of superboxes, C2PA 2.4 §11.1.4: four letters and the rest that all UUIDs share
_REST = bytes.fromhex("0011 0010 8000 00AA00389B71")
STORE, MANIFEST, UPDATE, COMPRESSED, DELTA = (
    letters + _REST for letters in (b"c2pa", b"c2ma", b"c2um", b"c2cm", b"c2md")
)
CLAIM, SIGNATURE, ASSERTIONS = (letters + _REST for letters in (b"c2cl", b"c2cs", b"c2as"))
_STORE = "c2pa"  # the label of a store, from which absolute URIs start (§11.1.4.2)
ASSERTION_STORE = "c2pa.assertions"
_PREFIX = "self#jumbf="
_JSON = "\0json "
_CLAIM = "\0claim"  # no label of an assertion: that ends at a zero
_NOWHERE = "\0"  # the label of no manifest


T = TypeVar("T")


class Claimed(NamedTuple):
    """One assertion of a manifest, as its claim lists it."""

    label: str
    reference: Mapping[str, Any]
    """The hashed URI."""
    created: bool
    """Is it attributed to the signer, and not gathered?"""


class Missing(Unreadable):
    """What every manifest has is not there."""


@dataclass(frozen=True)
class Manifest:
    """One manifest: claim, signature and assertions, decoded when they are asked for."""

    box: Superbox
    packed: Superbox | None = None
    """The box that holds it, if it is compressed."""
    _found: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, name: str, find: Callable[[], T]) -> T:
        """What `find` gives, found once: it follows from the bytes of this manifest alone."""
        if name not in self._found:
            self._found[name] = find()
        found: T = self._found[name]
        return found

    def keep(self, name: str, value: T) -> T:
        """`value`, kept for `kept`: it must follow from the bytes of this manifest alone."""
        self._found[name] = value
        return value

    def kept(self, name: str) -> Any:
        """What was kept under that name; None where nothing was."""
        return self._found.get(name)

    @property
    def compressed(self) -> bool:
        """Is it a compressed manifest (§11.2.4)?"""
        return self.packed is not None

    @cached_property
    def label(self) -> str:
        """Its label, such as ``urn:c2pa:…``."""
        return self.box.label

    @property
    def is_update(self) -> bool:
        """An update manifest (§11.2.3), which has no binding of its own?"""
        return self.box.content_type == UPDATE

    def resolve(self, uri: object) -> Superbox | None:
        """The box in this manifest at a JUMBF URI; None where it leads nowhere, or elsewhere."""
        if not isinstance(uri, str) or not uri.startswith(_PREFIX):
            return None
        label, path = _way(uri.removeprefix(_PREFIX))
        return self.box.below(path) if label in (None, self.label) else None

    @cached_property
    def claim_box(self) -> Superbox:
        """The one claim. Raises `Unreadable`."""
        claims = [each for each in self.box.superboxes if each.content_type == CLAIM]
        named = [each for each in self.box.superboxes if each.label.startswith("c2pa.claim")]
        return _one(claims, named, "claim")

    @cached_property
    def claim(self) -> Mapping[str, Any]:
        """The claim's map. Raises `Unreadable`."""
        content = self.claim_box.content(b"cbor")
        claim = self.once(_CLAIM, lambda: cbor_value.value(content))
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
        named = [each for each in self.box.superboxes if each.label == ASSERTION_STORE]
        store = _one(stores, named, "assertion store")
        by_label = {each.label: each for each in store.superboxes}
        if len(by_label) != len(store.superboxes):
            raise Ambiguous("one label for two assertions")
        return by_label

    def has(self, label: str) -> bool:
        """Is there an assertion of that label? False where nobody can tell."""
        try:
            return label in self.assertions
        except Unreadable:
            return False

    def assertion(self, label: str) -> Any:
        """The value of the CBOR assertion of that label. Raises `Unreadable`."""
        box = self.assertions.get(label)
        if box is None:
            raise Unreadable(f"the assertion {quoted(label)} is missing")
        return self.once(label, lambda: cbor_value.value(box.content(b"cbor")))

    def json_assertion(self, label: str) -> Any:
        """The value of the JSON assertion of that label, which is there.

        Raises `Unreadable`, `ValueError` and `RecursionError`.
        """
        content = self.assertions[label].content(b"json")
        return self.once(f"{_JSON}{label}", lambda: json.loads(content))

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
    _found: dict[tuple[str, str], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def once(self, what: str, label: str, find: Callable[[], T]) -> T:
        """What `find` gives, found once for this store."""
        key = what, label
        if key not in self._found:
            self._found[key] = find()
        found: T = self._found[key]
        return found

    @property
    def active(self) -> Manifest | None:
        """The last manifest."""
        return next(reversed(self.manifests.values()), None)

    def holding(self, label: str) -> tuple[Manifest, ...]:
        """The manifests that have an assertion of that label; of damaged ones nobody knows."""
        return self.once(
            "holding",
            label,
            lambda: tuple([each for each in self.manifests.values() if each.has(label)]),
        )

    def claimed(self, manifest: Manifest) -> tuple[Claimed, ...]:
        """The assertions of `manifest` that its claim lists, there or not, in its order.

        `manifest` is one of this store. Raises `Unreadable`.
        """
        return self.once("claimed", manifest.label, lambda: tuple(self._claimed(manifest)))

    def _claimed(self, manifest: Manifest) -> Iterator[Claimed]:
        for reference, created in manifest.references:
            inside, path = self.place(reference.get("url"), manifest)
            if inside is manifest and len(path) == 2 and path[0] == ASSERTION_STORE:
                yield Claimed(path[1], reference, created)

    def resolve(self, uri: object, base: Manifest) -> Superbox | None:
        """The box at a JUMBF URI (§8.4.1), seen from `base`; None where there is none.

        ``self#jumbf=/c2pa/MANIFEST/…`` is absolute, everything else is below `base`.
        """
        manifest, path = self.place(uri, base)
        return manifest.box.below(path) if manifest is not None else None

    def digest(self, box: Superbox, algorithm: str) -> bytes | None:
        """The hash of a box as a hashed URI has it (§8.4.2.3), computed once; None for an
        algorithm that C2PA does not have (§13.1)."""
        if algorithm not in ALGORITHMS:
            return None
        key = (id(box.source), box.start, box.end, algorithm)
        if key not in self._digests:
            self._digests[key] = _HASHES[algorithm](box.body).digest()
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
    budget = Budget()
    root = superbox(store, whole(store), budget, 0)
    if root.content_type != STORE or root.label != _STORE:
        raise Unreadable("a box that is no manifest store")
    manifests: dict[str, Manifest] = {}
    for manifest in _manifests(root, budget):
        if manifest.label in manifests:
            raise Ambiguous(f"two manifests are called {quoted(manifest.label)}")
        if len(manifests) == MAX_MANIFESTS:
            raise Unreadable(f"more than {MAX_MANIFESTS:,} manifests")
        manifests[manifest.label] = manifest
    return ManifestStore(manifests)


def _manifests(root: Superbox, budget: Budget) -> Iterator[Manifest]:
    """The manifests in the store's box; boxes of other kinds are passed over (§11.1.4.2)."""
    for box in root.superboxes:
        if box.content_type == COMPRESSED:
            unpacked = decompressed(box.content(b"brob"), budget.decompressed)
            budget.decompressed += len(unpacked)
            inner = superbox(unpacked, whole(unpacked), budget, 1)
            if inner.label != box.label:
                raise Ambiguous("a compressed manifest with another label than its box")
            if inner.content_type not in (MANIFEST, UPDATE):
                raise Unreadable("a compressed box that holds no manifest")
            yield Manifest(inner, packed=box, _found=kept.of_these(inner))
        elif box.content_type in (MANIFEST, UPDATE, DELTA):
            yield Manifest(box, _found=kept.of_these(box))


def _one(typed: list[Superbox], named: list[Superbox], what: str) -> Superbox:
    """The one box that is by its content type and by its label what it is."""
    if len(typed) > 1 or len(named) > 1:
        raise Ambiguous(f"a manifest with more than one {what}")
    if not typed and not named:
        raise Missing(f"a manifest without a {what}")
    if typed != named:
        raise Ambiguous(f"a box that is half a {what}")
    return typed[0]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> bool:
    return isinstance(value, str)
