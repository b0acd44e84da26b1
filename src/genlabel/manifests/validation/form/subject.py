"""What the rules of form ask of one manifest: its claim, and its assertions decoded once."""

from __future__ import annotations

import re
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from genlabel.manifests.store.ancestry import ASSERTIONS, Path, is_zero
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.store.manifest_store import Manifest, ManifestStore, Superbox
from genlabel.model.cached_property import cached_property
from genlabel.model.expression import expression
from genlabel.model.named_tuple import NamedTuple

ACTIONS = "c2pa.actions"
_CBOR, _JSON = b"cbor", b"json"
_LABEL = expression(r"(.*?)(?:\.v[0-9]{1,4})?(?:__[0-9]{1,9})?", re.DOTALL)


class Breach(NamedTuple):
    """One way in which a rule is broken."""

    path: Path
    """The way to the box in the manifest; empty for the manifest itself."""
    why: str
    """A clause; nothing from the file is in it but what `repr` has quoted."""


class Action(NamedTuple):
    """One action of a claim of version 2."""

    label: str
    """Of the assertion that it stands in."""
    number: int
    """Its place there."""
    name: str
    parameters: Mapping[str, Any]


Check = Callable[["Subject"], Iterator[Breach]]


class Rule(NamedTuple):
    """One rule of form."""

    code: str
    """C2PA's status code for what breaks it."""
    section: str
    """Of C2PA 2.4, where it stands."""
    check: Check
    of: str | None = None
    """The name of the assertions that it asks about, and of nothing else; None where it asks about
    more."""


class Subject:
    """One manifest that the rules are held against."""

    def __init__(
        self, store: ManifestStore, manifest: Manifest, redacted: Collection[Path] = ()
    ) -> None:
        self._store = weakref.ref(store)  # which keeps subjects: neither would be let go of
        self.manifest, self.redacted = manifest, redacted
        self._values: dict[str, Any] = {}

    @property
    def store(self) -> ManifestStore:
        """The manifest's; whoever asks holds it."""
        store = self._store()
        assert store is not None
        return store

    @cached_property
    def claim(self) -> Mapping[str, Any] | None:
        """The claim's map; None where it cannot be read, which is told elsewhere."""
        try:
            return self.manifest.claim
        except Unreadable:
            return None

    @cached_property
    def version(self) -> int | None:
        """Of the claim, by its label; None for a label that C2PA does not have."""
        try:
            return VERSIONS.get(self.manifest.claim_box.label)
        except Unreadable:
            return None

    @cached_property
    def boxes(self) -> Mapping[str, Superbox]:
        """The assertions' boxes by their labels; none of a store that cannot be read."""
        try:
            return self.manifest.assertions
        except Unreadable:
            return {}

    @cached_property
    def named_in_claim(self) -> Mapping[str, bool]:
        """The labels of the assertions of this manifest that the claim lists, there or not, in its
        order: each with whether it is created."""
        labels: dict[str, bool] = {}
        try:
            for label, _, created in self.store.claimed(self.manifest):
                labels.setdefault(label, created)
        except Unreadable:
            return {}
        return labels

    @cached_property
    def listed(self) -> Mapping[str, bool]:
        """Those of them that are there."""
        return {
            label: created for label, created in self.named_in_claim.items() if label in self.boxes
        }

    def value(self, label: str) -> Any:
        """An assertion's content, decoded once; None for one that is redacted or unreadable, which
        is told elsewhere, or that is neither CBOR nor JSON."""
        if label not in self._values:
            self._values[label] = self._decoded(label)
        return self._values[label]

    def _decoded(self, label: str) -> Any:
        box = self.boxes.get(label)
        if box is None or self.gone(label):
            return None
        try:
            return decoded(box, self.manifest, label)
        except (Unreadable, ValueError, RecursionError):
            return None

    @cached_property
    def families(self) -> Mapping[str, list[str]]:
        """The labels of those that are listed, by their names."""
        families: dict[str, list[str]] = {}
        for label in self.listed:
            families.setdefault(name_of(label), []).append(label)
        return families

    def named(self, name: str) -> Iterator[tuple[str, Any]]:
        """The assertions of that name and of its versions and instances, as far as they can be
        read, with their labels."""
        for label in self.families.get(name, ()):
            value = self.value(label)
            if value is not None:
                yield label, value

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """The actions, in order, that have a name; none of a claim of version 1."""
        if self.version != 2:
            return ()
        actions = []
        for label, value in self.named(ACTIONS):
            listed = value.get("actions") if isinstance(value, dict) else None
            for number, each in enumerate(listed if isinstance(listed, list) else ()):
                if isinstance(each, dict) and text(each.get("action")):
                    parameters = each.get("parameters")
                    parameters = parameters if isinstance(parameters, dict) else {}
                    actions.append(Action(label, number, each["action"], parameters))
        return tuple(actions)

    def label_of(self, reference: object) -> str | None:
        """The label of the assertion of this manifest that a hashed URI leads to, there or not."""
        uri = reference.get("url") if isinstance(reference, dict) else reference
        inside, path = self.store.place(uri, self.manifest)
        if inside is not self.manifest or len(path) != 2 or path[0] != ASSERTIONS:
            return None
        return path[1]

    def gone(self, label: str) -> bool:
        """Was the assertion redacted, so that nobody can say any more what it was?"""
        box = self.boxes.get(label)
        return (ASSERTIONS, label) in self.redacted or (box is not None and is_zero(box))


def subject_of(store: ManifestStore, manifest: Manifest) -> Subject:
    """A manifest of which nothing is redacted, made once for all who ask about it."""
    return store.once("subject", manifest.label, lambda: Subject(store, manifest))


VERSIONS = {"c2pa.claim": 1, "c2pa.claim.v2": 2}
"""The labels of claims (§10.2), and the versions of their maps."""


def decoded(box: Superbox, manifest: Manifest, label: str) -> Any:
    """An assertion's CBOR or JSON; None for content of other kinds.

    Raises `Unreadable`, `ValueError` and `RecursionError`.
    """
    kinds = dict(box.contents)
    if _CBOR in kinds:
        return manifest.assertion(label)
    return manifest.json_assertion(label) if _JSON in kinds else None


def name_of(label: str) -> str:
    """A label without its version (``.v2``) and the number of its instance (``__1``)."""
    return _name_of(label) if len(label) > _LONG else _known(label)


def _name_of(label: str) -> str:
    named = _LABEL.fullmatch(label)
    return named[1] if named else label


_LONG = 128
"""Characters of a label from which on its name is not kept."""
_known = lru_cache(maxsize=512)(_name_of)


def text(value: object) -> bool:
    """Is it a text that says something?"""
    return isinstance(value, str) and bool(value)


def at(label: str) -> Path:
    """The way to an assertion."""
    return (ASSERTIONS, label)
