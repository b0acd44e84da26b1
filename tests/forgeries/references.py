"""Forgeries of what an ingredient refers to: its manifest by no hash, or two manifests at once.

C2PA 2.4 §15.11.3 and §18.16; a hashed URI has a hash (§8.4.2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import brotli

from forgeries.ancestors import OTHER, PARENT, child, known, overwritten, parent
from forgeries.case import Case, Made
from forgeries.forge import (
    STANDARD,
    Assertion,
    Draft,
    actions,
    box,
    created,
    data_hash,
    embedded,
    generated,
    opened,
    sha256,
    superbox,
)
from genlabel.testing import picture
from oracles.chain import Chain

FAMILY = "references"
COMPRESSED = b"c2cm" + STANDARD[4:]
HELD = {"lineage": "intact"}
LOST = {"lineage": "broken", "state": "invalid", "attested": False}
MISMATCH = {**LOST, "errors": ("ingredient.manifest.mismatch",)}
MALFORMED = {
    **MISMATCH,
    "form": "malformed",
    "errors": ("assertion.ingredient.malformed", "ingredient.manifest.mismatch"),
}
UNSEEN = {**MALFORMED, "source_type": None}
"""The engine shows no manifest of an ingredient whose reference it cannot read."""
STRANGER = {**MISMATCH, "source_type": "digitalCapture"}
MISREAD = {**MALFORMED, "source_type": "digitalCapture"}
_LIE = {
    **LOST,
    "source_type": "digitalCapture",
    "errors": ("assertion.hashedURI.mismatch",),
}
_ADDRESS = f"self#jumbf=/c2pa/{PARENT}"
_WHY = {
    "engine": "c2pa-python passes over a reference that it cannot read, reads one of two, and "
    "knows the hash of a compressed manifest's content alone",
    "encypher": "encypher-c2pa reads one of two references",
    "c2pa-ts": "c2pa-ts looks at the active manifest, not at its ingredients, and reads no store "
    "with a compressed one",
}
_NO_HASHES: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
    "no hash": ({}, UNSEEN),
    "a hash that is null": ({"hash": None}, UNSEEN),
    "a hash that is text": ({"hash": "none"}, MISREAD),
    "a hash that is a list": ({"hash": []}, MISREAD),
    "an empty hash": ({"hash": b""}, STRANGER),
}


def newer(**record: Any) -> Assertion:
    """An ingredient of version 3, recorded as whole, with changes."""
    return opened(parent(), **record)[1]


def older(label: str = "c2pa.ingredient.v2", **record: Any) -> Assertion:
    """An ingredient of an earlier version."""
    value = {
        "dc:title": "parent.png",
        "dc:format": "image/png",
        "instanceID": "xmp:iid:parent",
        "relationship": "parentOf",
        "c2pa_manifest": _reference(parent()),
        **record,
    }
    return Assertion(label=label, value=value)


def edit(ingredient: Assertion, *shown: Draft | bytes) -> Made:
    """A picture made from `ingredient`, over a store with the manifests `shown`."""
    url = f"self#jumbf=c2pa.assertions/{ingredient.label}"
    reference = {"url": url, "hash": sha256(ingredient.boxed)}
    history = actions(
        {"action": "c2pa.opened", "parameters": {"ingredients": [reference]}},
        {"action": "c2pa.edited", "softwareAgent": {"name": "Editor"}},
    )
    made = embedded(picture("png"), child(history, ingredient), *shown)
    return Made(data=made, trust=known())


def exchanged() -> Draft:
    """A stranger's manifest in the place of the parent's."""
    draft = replace(generated(Chain.new("Stranger Ltd")), label=PARENT)
    bound = data_hash(picture("png", seed=2), [(10, 20)])
    return draft.with_(bound, created("digitalCapture"))


def other() -> Draft:
    """A second manifest by the parent's author."""
    return parent(OTHER)


def packed(manifest: Draft) -> bytes:
    """A manifest in the box of a compressed one (§11.2.4)."""
    return superbox(manifest.label, COMPRESSED, box(b"brob", brotli.compress(manifest.boxed)))


def _reference(manifest: Draft) -> dict[str, Any]:
    return {"url": f"self#jumbf=/c2pa/{manifest.label}", "hash": sha256(manifest.boxed)}


def _case(
    name: str, make: Callable[[], Made], differs: Mapping[str, Any], control: str | None = None
) -> Case:
    return Case(family=FAMILY, name=name, make=make, differs=differs, control=control, why=_WHY)


def _of_hashes() -> Iterator[Case]:
    for version, key, ingredient in (
        ("3", "activeManifest", newer),
        ("2", "c2pa_manifest", older),
        ("1", "c2pa_manifest", lambda **record: older("c2pa.ingredient", **record)),
    ):
        honest = f"version {version}, honest"
        yield _case(honest, lambda make=ingredient: edit(make(), parent()), HELD)
        for name, (fields, differs) in _NO_HASHES.items():
            reference = {"url": _ADDRESS, **fields}
            yield _case(
                f"version {version}, a stranger's manifest by {name}",
                lambda make=ingredient, key=key, reference=reference: edit(
                    make(**{key: reference}), exchanged()
                ),
                differs,
                honest,
            )
        yield _case(
            f"version {version}, its statement is overwritten",
            lambda make=ingredient: edit(make(), overwritten()),
            _LIE,
            honest,
        )


def _of_two() -> Iterator[Case]:
    yield _case(
        "two references to one manifest, honest",
        lambda: edit(newer(c2pa_manifest=opened(parent())[1].value["activeManifest"]), parent()),
        HELD,
    )
    for name, make in {
        "version 3": lambda: newer(c2pa_manifest=_reference(other())),
        "version 2": lambda: older(activeManifest=_reference(other())),
    }.items():
        yield _case(
            f"{name}, two references to two manifests",
            lambda make=make: edit(make(), parent(), other()),
            MALFORMED,
            "two references to one manifest, honest",
        )


def _of_compressed() -> Iterator[Case]:
    """By the hash of its content, as c2pa-python has it, or of its box, as it lies in the store."""
    for name, boxed in (("content", lambda it: it.boxed), ("box", packed)):
        honest = f"a compressed manifest by the hash of its {name}, honest"
        state = {"state": "invalid"} if name == "box" else {}
        for title, shown, differs in (
            (honest, parent, {**HELD, **state}),
            (f"its statement is overwritten, by the hash of its {name}", overwritten, _LIE),
        ):
            reference = {"url": _ADDRESS, "alg": "sha256"}
            yield _case(
                title,
                lambda boxed=boxed, shown=shown, reference=reference: edit(
                    newer(activeManifest={**reference, "hash": sha256(boxed(parent()))}),
                    packed(shown()),
                ),
                differs,
                None if title == honest else honest,
            )


CASES: tuple[Case, ...] = (*_of_hashes(), *_of_two(), *_of_compressed())
