"""Ingredients of a manifest store: which manifest was made from which (C2PA 2.4 §18.16, §15.11).

Read from the assertions that the claims list, so that each has its label; nothing of it is checked.
What an ingredient assertion records of its manifest is somebody's word and kept as such.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from typing import Any

from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.store.manifest_store import (
    ASSERTION_STORE,
    Manifest,
    ManifestStore,
    Superbox,
)
from genlabel.model.dataclass import dataclass
from genlabel.model.expression import expression
from genlabel.model.named_tuple import NamedTuple

ASSERTIONS = ASSERTION_STORE
MAX_DEPTH = 256
"""Deepest chain of ingredients that is walked; the engine gives up at about 200."""
LONG = 150
"""Levels of ingredients from which on whoever adds one is told that they are many."""
LONGEST = 180
"""Most levels that a manifest of ours has: at 186 the engine overflows a stack of 512 KB."""
MAX_LINKS = 10_000
"""Most ingredients of one store that are walked."""
_INGREDIENT = expression(r"c2pa\.ingredient(?:\.v([0-9]{1,2}))?(?:__[0-9]{1,6})?")
_ABSOLUTE = expression(r"self#jumbf=/?c2pa/([^/]+)")
_UUID = expression(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_LISTS = ("success", "informational", "failure")
_CODES_OF_OLD = ("validationStatus", "validation_status")  # versions 1 and 2
_RESULTS = ("validationResults", "validation_results")
MANIFESTS = ("activeManifest", "c2pa_manifest")
"""The fields of an ingredient that refer to its manifest: of version 3, of versions 1 and 2."""

Path = tuple[str, ...]
"""The labels of the way down from a manifest to a box."""
Redacted = Mapping[str, frozenset[Path]]
"""What was redacted of each manifest, by its label."""


class Recorded(NamedTuple):
    """One status code in the record about an ingredient."""

    code: str
    where: str
    """The JUMBF URI that it is about, as recorded; may be empty."""
    assertion: str
    """Of a nested record, the ingredient assertion that it is about."""
    failed: bool
    """Does it stand among the failures?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One ingredient assertion that the claim of `parent` lists."""

    parent: Manifest
    label: str
    """The assertion's, such as ``c2pa.ingredient.v3__1``."""
    depth: int
    """1 for an ingredient of the active manifest, 2 for one of that ingredient's, …"""
    created: bool
    """Does the signer of `parent` vouch for it? For what is only gathered he does not (§10.3.2)."""
    record: Mapping[str, Any] = field(repr=False)
    """The assertion's map; empty where it cannot be read, or is redacted."""
    trouble: Unreadable | None = None
    """Why the assertion cannot be read."""
    manifest: Manifest | None
    """The manifest that it references; None where there is none in the store."""

    @property
    def address(self) -> str:
        """The assertion's JUMBF URI."""
        return address(self.parent, (ASSERTIONS, self.label))

    @property
    def version(self) -> int:
        """Of the assertion: 1, 2 or 3."""
        named = _INGREDIENT.fullmatch(self.label)
        return int(named[1]) if named and named[1] else 1

    @property
    def title(self) -> str | None:
        """What it calls the ingredient."""
        return _text(self.record.get("dc:title"))

    @property
    def relationship(self) -> str | None:
        """``parentOf``, ``componentOf`` or ``inputTo``, as found."""
        return _text(self.record.get("relationship"))

    @property
    def manifest_reference(self) -> Mapping[str, Any] | None:
        """The hashed URI of its manifest."""
        return next(iter(self.manifest_references), None)

    @property
    def manifest_references(self) -> tuple[Mapping[str, Any], ...]:
        """Those of all versions: one, unless readers of different versions see different ones."""
        return tuple(_map(self.record[key]) for key in MANIFESTS if key in self.record)

    @property
    def signature_reference(self) -> Mapping[str, Any] | None:
        """The hashed URI of that manifest's claim signature (version 3)."""
        signature = self.record.get("claimSignature")
        return _map(signature) if signature is not None else None

    def recorded(self) -> Iterator[Recorded]:
        """Every status code of the record, whatever list it stands in."""
        for key in _CODES_OF_OLD:
            yield from _codes(self.record.get(key), "", failed=True)
        for key in _RESULTS:
            results = _map(self.record.get(key))
            yield from _all_codes(results.get("activeManifest"), "")
            for delta in _list(results.get("ingredientDeltas")):
                about = _text(_map(delta).get("ingredientAssertionURI")) or ""
                yield from _all_codes(_map(delta).get("validationDeltas"), about)


class Walk(NamedTuple):
    """Every ingredient below the active manifest."""

    links: tuple[Link, ...]
    """Breadth first; each manifest is entered once, however many made something of it."""
    cut: bool
    """Is there more than was walked?"""
    redacted: Redacted
    """What these manifests redact of each other."""


def walk(store: ManifestStore) -> Walk:
    """The ingredients below the active manifest of `store`, down to the first."""
    links, cut = _links(store)
    return Walk(links, cut, redactions(store, links))


def _links(store: ManifestStore) -> tuple[tuple[Link, ...], bool]:
    level = [store.active] if store.active is not None else []
    entered = {each.label for each in level}
    links: list[Link] = []
    for depth in range(1, MAX_DEPTH + 1):
        below: list[Manifest] = []
        for manifest in level:
            for link in ingredients(store, manifest, depth):
                if len(links) == MAX_LINKS:
                    return tuple(links), True
                links.append(link)
                if link.manifest is not None and link.manifest.label not in entered:
                    entered.add(link.manifest.label)
                    below.append(link.manifest)
        if not below:
            return tuple(links), False
        level = below
    return tuple(links), any(True for each in level for _ in ingredients(store, each))


def ingredients(store: ManifestStore, manifest: Manifest, depth: int = 1) -> Iterator[Link]:
    """The ingredients of one manifest, in the order in which its claim lists them."""
    try:
        claimed, boxes = store.claimed(manifest), manifest.assertions
    except Unreadable:
        return
    listed = set()
    for label, _, created in claimed:
        if label in listed or label not in boxes or not _INGREDIENT.fullmatch(label):
            continue
        listed.add(label)
        if is_zero(boxes[label]):
            continue
        yield _link(store, manifest, label, depth, created=created)


def _link(
    store: ManifestStore, manifest: Manifest, label: str, depth: int, *, created: bool
) -> Link:
    trouble, record = None, None
    try:
        record = manifest.assertion(label)
    except Unreadable as error:
        trouble = error
    if not isinstance(record, dict):
        trouble = trouble or Unreadable("an ingredient that is no map")
        record = {}
    ingredient = Link(
        parent=manifest,
        label=label,
        depth=depth,
        created=created,
        record=record,
        trouble=trouble,
        manifest=None,
    )
    reference = ingredient.manifest_reference
    if reference is None:
        return ingredient
    below, path = store.place(reference.get("url"), manifest)
    return replace(ingredient, manifest=below if not path else None)


def binding_manifest(store: ManifestStore, manifest: Manifest) -> Manifest | None:
    """The manifest whose hard binding is that of `manifest`: itself, or of an update manifest the
    first standard manifest up the line of its parents (§15.12); None where there is not one.
    """
    seen = set()
    at: Manifest | None = manifest
    while at is not None and at.is_update:
        if at.label in seen:
            return None
        seen.add(at.label)
        parents = [each for each in ingredients(store, at) if each.relationship == "parentOf"]
        at = parents[0].manifest if len(parents) == 1 else None
    return at


def redactions(store: ManifestStore, links: tuple[Link, ...]) -> Redacted:
    """What was redacted of each manifest, by its label: the ways to the boxes (§15.10.2).

    A claim redacts in its own ancestors only. Claims outside of the walk have no say.
    """
    redacting = {}
    for manifest in (store.active, *(link.manifest for link in links)):
        if manifest is not None and manifest.label not in redacting:
            redacting[manifest.label] = _redacted_by(store, manifest)
    below = descent(links)
    redacted: dict[str, set[Path]] = {}
    for label, places in redacting.items():
        if not places:
            continue
        ancestors = below.reach(label)
        for target, path in places:
            if target != label and target in ancestors:
                redacted.setdefault(target, set()).add(path)
    return {label: frozenset(paths) for label, paths in redacted.items()}


def _redacted_by(store: ManifestStore, manifest: Manifest) -> list[tuple[str, Path]]:
    try:
        addresses = manifest.redacted
    except Unreadable:
        return []
    places = (store.place(each, manifest) for each in addresses)
    return [(inside.label, path) for inside, path in places if inside is not None and path]


class Descent:
    """Who is an ancestor of whom."""

    def __init__(self, parents: Mapping[str, set[str]]) -> None:
        self._parents = parents
        self._reached: dict[str, frozenset[str]] = {}

    def reach(self, label: str) -> frozenset[str]:
        """The labels of all ancestors of the manifest `label`."""
        if label not in self._reached:
            reached: set[str] = set()
            waiting = [*self._parents.get(label, ())]
            while waiting:
                each = waiting.pop()
                if each not in reached:
                    reached.add(each)
                    waiting.extend(self._parents.get(each, ()))
            self._reached[label] = frozenset(reached)
        return self._reached[label]


def descent(links: tuple[Link, ...]) -> Descent:
    """The lines of descent that the `links` of a walk come to."""
    parents: dict[str, set[str]] = {}
    for link in links:
        if link.manifest is not None:
            parents.setdefault(link.parent.label, set()).add(link.manifest.label)
    return Descent(parents)


def address(manifest: Manifest, path: Path = ()) -> str:
    """The JUMBF URI of a box of `manifest`."""
    return "self#jumbf=/" + "/".join(("c2pa", manifest.label, *path))


def signature_address(manifest: Manifest) -> str:
    """The JUMBF URI of the claim signature, at which C2PA's codes about the signer stand."""
    return address(manifest, ("c2pa.signature",))


def manifest_in(uri: str) -> str | None:
    """The label of the manifest that an absolute JUMBF URI leads into; None for other ones."""
    absolute = _ABSOLUTE.match(uri)
    return absolute[1] if absolute else None


def same(label: str, other: str) -> bool:
    """Are these the labels of one manifest? It gets a suffix where two stores hold it (§8.2)."""
    uuids = (_UUID.search(label), _UUID.search(other))
    return label == other or bool(uuids[0] and uuids[1] and uuids[0][0] == uuids[1][0])


def is_zero(box: Superbox) -> bool:
    """Has the content of a box been overwritten with zeros, as redaction does (§6.8)?"""
    if box.superboxes or (box.contents and box.contents[0][1][:1] > b"\0"):
        return False  # which is seen at the first byte of nearly all
    return not any(content.strip(b"\0") for _, content in box.contents)


def _all_codes(results: object, about: str) -> Iterator[Recorded]:
    for name in _LISTS:
        yield from _codes(_map(results).get(name), about, failed=name == "failure")


def _codes(listed: object, about: str, *, failed: bool) -> Iterator[Recorded]:
    for each in _list(listed):
        code = _text(_map(each).get("code"))
        if code is not None:
            success = each.get("success") is True
            yield Recorded(code, _text(each.get("url")) or "", about, failed and not success)


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
