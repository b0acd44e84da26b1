"""What a file's manifest says and whether it holds.

The engine reads the manifest store alone, beside what does not ask for its answer, and the file is
hashed beside what does not ask for its bytes: hashlib and the engine let go of the interpreter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from genlabel.credentials.trust import Trust
from genlabel.formats.format import Buffer, Container, Survey
from genlabel.manifests.engine import engine
from genlabel.manifests.store import manifest_store
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.store.manifest_store import Manifest, ManifestStore
from genlabel.manifests.store.size import MAX_BOXES, most_boxes
from genlabel.manifests.validation import hard_binding, signed_claim
from genlabel.manifests.validation.hard_binding import Bound
from genlabel.manifests.validation.illegible_identity import passed_over
from genlabel.manifests.validation.reading import Reading, absent, beyond
from genlabel.manifests.validation.verdicts import Verdicts
from genlabel.model.errors import MalformedAsset
from genlabel.storage import buffers
from genlabel.storage.beside import Beside, is_room


@contextmanager
def begun(
    data: Buffer,
    container: Container,
    survey: Survey,
    trust: Trust,
    *,
    beside: bytes | None = None,
    by_engine: bool = False,
    crjson: bool = False,
) -> Iterator[Callable[[], Reading]]:
    """What the manifest of `data` says, judged by `trust`; no network, whatever the file asks for.

    It is given by what comes with `with`; whatever is done before it is asked costs no time while a
    large file is hashed.

    `data` is the whole file, `survey` what its `container` found in it, `beside` a manifest store
    that came apart from it and is read instead. The engine reads the store alone; with `by_engine`
    it hashes the file, too, in our place, and with `crjson` it is asked for that view as well.
    Raises `MalformedAsset` for a manifest of more boxes than are read; asking raises `EngineError`
    only when the engine itself is missing.
    """
    stored = beside or survey.manifest
    if stored is None:
        yield absent
        return
    boxes = most_boxes(stored)
    if boxes > MAX_BOXES:
        raise MalformedAsset(
            container.name,
            f"a manifest of {boxes:,} assertions and other boxes: more than {MAX_BOXES:,} are not "
            "read",
            remedy="ask whoever signed it for a smaller manifest",
        )
    try:
        store = manifest_store.read(stored)
    except Unreadable as error:
        yield partial(beyond, "unreadable", str(error))
        return
    if store.active is None:
        yield partial(beyond, "unreadable", "a manifest store without a manifest")
        return
    if beside is None and survey.stores > 1:
        yield partial(beyond, "several", f"{survey.stores:,} of them; C2PA 2.4 §15.5.2.1")
        return
    chosen = signed_claim.chosen(store, store.active)

    def judged() -> Bound:
        return hard_binding.judged(
            *(chosen.store, chosen.active, container, survey),
            data=data,
            beside=beside,
            by_engine=by_engine,
        )

    is_film = not buffers.fits_memory(len(data))
    in_memory = not is_film and not buffers.is_mapped(data)
    worthwhile = not by_engine and len(data) >= _WORTHWHILE and in_memory and is_room()
    with (
        engine.store_under_way(
            stored, crjson=crjson, is_alone=not worthwhile and not is_film
        ) as answer,
        Beside(judged, worthwhile=worthwhile) as binding,
    ):
        yield partial(_reading, store, answer, Verdicts(chosen, stored, binding, trust))


_WORTHWHILE = 1 << 20
"""Bytes from which on hashing takes so much longer than starting a thread that it gets one. A film
needs none, nor does the engine beside it: beside its hashing, all else takes no time, and a thread
that starts and ends waits for every other one that is busy."""


def _reading(
    store: ManifestStore, answer: Callable[[], engine.Answer], verdicts: Verdicts
) -> Reading:
    verdicts.look()
    told = answer()
    if told.document is None and any(map(_prerelease, store.manifests.values())):
        return beyond("prerelease", "its claims or hashes are those from before version 1.0")
    return verdicts.reading(passed_over(told, verdicts.stored, store))


def _prerelease(manifest: Manifest) -> bool:
    """Claims were JSON, or hashes over an assertion's content instead of its box."""
    try:
        if manifest.claim_box.contents[0][0] == b"json":
            return True
        hashes = {reference.get("hash") for reference, _ in manifest.references}
        contents = (each.contents[-1][1] for each in manifest.assertions.values() if each.contents)
        return any(hashlib.sha256(each).digest() in hashes for each in contents)
    except (Unreadable, IndexError, TypeError):
        return False
