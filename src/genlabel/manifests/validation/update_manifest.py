"""What an update manifest must not say: it adds words about a picture that stays as it is.

C2PA 2.4 §11.2.3 and §15.10.1.3. Its hard binding is its parent's; one of its own would bind the
history to another picture.
"""

from __future__ import annotations

from collections.abc import Iterator

from genlabel.manifests.store.ancestry import address
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.store.manifest_store import Manifest
from genlabel.manifests.validation.status_codes import Status
from genlabel.model.escape import quoted

ACTIONS = frozenset(("c2pa.edited.metadata", "c2pa.opened", "c2pa.published", "c2pa.redacted"))
"""The actions that an update may record."""
_OF_CONTENT = ("c2pa.hash.", "c2pa.thumbnail.")
_ACTIONS, _INGREDIENT = ("c2pa.actions",), ("c2pa.ingredient",)


def checked(manifest: Manifest) -> Iterator[Status]:
    """What is wrong with an update manifest as such; nothing for manifests of other kinds."""
    if not manifest.is_update:
        return
    where = address(manifest)
    forbidden = next(_forbidden(manifest), None)
    if forbidden is not None:
        yield Status("manifest.update.invalid", where, f"an update manifest has {forbidden}")
    parents = [each.get("relationship") for each in _maps(manifest, _INGREDIENT)]
    if parents != ["parentOf"]:
        what = "an update manifest has another ingredient than its one parent"
        yield Status("manifest.update.wrongParents", where, what)


def _forbidden(manifest: Manifest) -> Iterator[str]:
    for label in _labels(manifest):
        if label.startswith(_OF_CONTENT):
            yield f"the assertion {quoted(label)}"
    for value in _maps(manifest, _ACTIONS):
        listed = value.get("actions")
        for each in listed if isinstance(listed, list) else ():
            action = each.get("action") if isinstance(each, dict) else None
            if action not in ACTIONS:
                yield f"the action {quoted(action)}"


def _maps(manifest: Manifest, prefixes: tuple[str, ...]) -> Iterator[dict[str, object]]:
    """The values of the readable assertions whose labels begin so."""
    for label in _labels(manifest):
        if label.startswith(prefixes):
            try:
                value = manifest.assertion(label)
            except Unreadable:
                continue  # told already
            if isinstance(value, dict):
                yield value


def _labels(manifest: Manifest) -> tuple[str, ...]:
    try:
        return tuple(manifest.assertions)
    except Unreadable:
        return ()  # told already
