"""What an identity assertion references: is it in the claims, and is the picture among it?

CAWG Identity 1.3, "Referenced assertions requirements" and "Validation method".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from genlabel.manifests.store.ancestry import ASSERTIONS, MANIFESTS
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.store.manifest_store import Manifest, ManifestStore
from genlabel.model.cached_property import cached_property
from genlabel.model.dataclass import dataclass
from genlabel.model.named_tuple import NamedTuple

if TYPE_CHECKING:
    from genlabel.manifests.store.identity_assertion import IdentityAssertion

_BINDING = "c2pa.hash."
_OF_PARTS = ("c2pa.hash.multi-asset", "c2pa.hash.data.part")
"""Bindings of a file's parts, which stand beside the one of the whole (C2PA 2.4 §18.9)."""
_INGREDIENT = "c2pa.ingredient"


class _Place(NamedTuple):
    """An assertion by its manifest and label."""

    manifest: str
    label: str


@dataclass(frozen=True)
class Claims:
    """The claims that identity assertions of `manifest` may reference, each read once."""

    manifest: Manifest
    store: ManifestStore

    def labels(self, prefix: str) -> list[str]:
        """The labels of this manifest's claimed assertions that begin so, in the claim's order."""
        try:
            claimed = self.store.claimed(self.manifest)
        except Unreadable:
            return []
        if not [label for label, _, _ in claimed if label.startswith(prefix)]:
            return []
        return [each.label for each in self._own if each.label.startswith(prefix)]

    def failures(self, assertion: IdentityAssertion) -> list[str]:
        """The status codes of what is wrong with the references; none where all is right.

        Since 1.3 an ancestor's assertion may be referenced, too. The hard binding is the one by
        which this very picture is judged.
        """
        places = [self._place(each.url) for each in assertion.references]
        foreign = any(each is not None and each.manifest != self.manifest.label for each in places)
        claimed = self._own | self._inherited if foreign else self._own
        codes = []
        if any(
            place is None or claimed.get(place) != reference.hash
            for place, reference in zip(places, assertion.references, strict=True)
        ):
            codes.append("cawg.identity.assertion.mismatch")
        if len(set(places)) < len(places):
            codes.append("cawg.identity.assertion.duplicate")
        referenced = {each for each in places if each is not None and _binds(each.label)}
        if not referenced:
            codes.append("cawg.identity.hard_binding_missing")
        elif referenced != self._bindings:
            codes.append("cawg.identity.hard_binding_incorrect")
        return codes

    def names(self, assertion: IdentityAssertion) -> Iterator[str]:
        """How the references are called: labels within this manifest, else whole addresses."""
        for reference in assertion.references:
            place = self._place(reference.url)
            own = place is not None and place.manifest == self.manifest.label
            yield place.label if own and place is not None else reference.url

    @cached_property
    def _own(self) -> dict[_Place, bytes]:
        return _claimed(self.manifest, self.store)

    @cached_property
    def _inherited(self) -> dict[_Place, bytes]:
        """What the claims of all ancestors list."""
        claimed: dict[_Place, bytes] = {}
        waiting, seen = [self.manifest], {self.manifest.label}
        while waiting:
            for ancestor, _ in self._ingredients(waiting.pop()):
                if ancestor.label not in seen:
                    seen.add(ancestor.label)
                    waiting.append(ancestor)
                    claimed |= _claimed(ancestor, self.store)
        return claimed

    @cached_property
    def _bindings(self) -> set[_Place]:
        """The one hard binding that the picture is judged by (C2PA 2.4 §15.12), or none.

        An update manifest has none of its own: its parent's counts.
        """
        manifest, seen = self.manifest, set[str]()
        while manifest.is_update and manifest.label not in seen:
            seen.add(manifest.label)
            parents = [
                each for each, relation in self._ingredients(manifest) if relation == "parentOf"
            ]
            if len(parents) != 1:
                return set()
            manifest = parents[0]
        bindings = {each for each in _claimed(manifest, self.store) if _binds(each.label)}
        return bindings if len(bindings) == 1 else set()

    def _ingredients(self, manifest: Manifest) -> Iterator[tuple[Manifest, object]]:
        """The manifests of a manifest's ingredients, each with how it is related."""
        for place in _claimed(manifest, self.store):
            if not place.label.startswith(_INGREDIENT):
                continue
            try:
                record = manifest.assertion(place.label)
            except Unreadable:
                continue
            for key in MANIFESTS if isinstance(record, dict) else ():
                target = record.get(key)
                url = target.get("url") if isinstance(target, dict) else None
                ancestor, path = self.store.place(url, manifest)
                if ancestor is not None and not path:
                    yield ancestor, record.get("relationship")

    def _place(self, url: object) -> _Place | None:
        inside, path = self.store.place(url, self.manifest)
        if inside is None or len(path) != 2 or path[0] != ASSERTIONS:
            return None
        return _Place(inside.label, path[1])


def _claimed(manifest: Manifest, store: ManifestStore) -> dict[_Place, bytes]:
    """The assertions that a claim lists, with their hashes; none of one that cannot be read."""
    claimed: dict[_Place, bytes] = {}
    try:
        for label, reference, _ in store.claimed(manifest):
            if isinstance(value := reference.get("hash"), bytes):
                claimed.setdefault(_Place(manifest.label, label), value)
    except Unreadable:
        return {}
    return claimed


def _binds(label: str) -> bool:
    return label.startswith(_BINDING) and label.partition("__")[0] not in _OF_PARTS
