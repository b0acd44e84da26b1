"""Forgeries by update manifests, which may add words about a picture and never another picture.

C2PA 2.4 §11.2.3, §15.10.1.3 and §15.12: the hard binding is that of the manifest that is updated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from forgeries.ancestors import author, known
from forgeries.case import Case, Made
from forgeries.forge import (
    IPTC,
    UPDATE,
    Assertion,
    Draft,
    actions,
    box,
    data_hash,
    forger,
    generated,
    opened,
    put,
    sha256,
    spans_of,
    store,
    superbox,
)
from genlabel.testing import picture

FAMILY = "updates"
PARENT = "urn:c2pa:22222222-2222-4333-8444-555555555555"
UPDATED = "updated, honest"
HELD = {"lineage": "intact"}
INVALID = {
    **HELD,
    "form": "malformed",
    "state": "invalid",
    "attested": False,
    "errors": ("manifest.update.invalid",),
}
_EMBEDDED = bytes.fromhex("40cb0c32bb8a489da70b2ad6f47f4369")
_WHY = {
    "engine": "c2pa-python looks neither at a thumbnail of the parent nor at other ingredients",
    "c2pa-ts": "c2pa-ts answers `manifest.update.wrongParents` where the parent is an ingredient "
    "of version 3",
}
_UNREAD = "what metadata say is not held against the actions"
Change = Callable[[Draft], Draft]
"""What another update does than the honest one, which it is given."""


def update(parent: Draft) -> Draft:
    """An honest update: somebody has published the picture."""
    ingredient = opened(parent)[1]
    reference = {"url": f"self#jumbf=c2pa.assertions/{ingredient.label}"}
    reference["hash"] = sha256(ingredient.boxed)
    return Draft(
        chain=forger(),
        content_type=UPDATE,
        assertions=(
            actions(
                {"action": "c2pa.opened", "parameters": {"ingredients": [reference]}},
                {"action": "c2pa.published"},
            ),
            ingredient,
        ),
    )


def updated(*changes: Change, data: bytes | None = None) -> bytes:
    """A generated picture with an update that each of `changes` has changed."""
    source = data or picture("png")
    draft = replace(generated(author()), label=PARENT)
    bound = data_hash(source, spans_of(source))
    for _ in range(6):
        parent = draft.with_(bound)
        child = update(parent)
        for change in changes:
            child = change(child)
        whole = put(source, store(parent, child))
        again = data_hash(whole, spans_of(whole))
        if again == bound:
            return whole
        bound = again
    raise AssertionError("the places do not settle")


def adding(*added: Assertion) -> Change:
    return lambda child: child.with_(*added)


def acting(action: str) -> Change:
    """The update says that something else was done, too."""

    def change(child: Draft) -> Draft:
        history = next(each for each in child.assertions if each.label == "c2pa.actions.v2")
        listed = [*history.value["actions"], {"action": action}]
        return child.with_(replace(history, value={"actions": listed}))

    return change


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumbnail(Assertion):
    """A small picture in a box of embedded files (C2PA 2.4 §18.12)."""

    value: Any = None

    @property
    def boxed(self) -> bytes:
        kind, content = box(b"bfdb", b"\0image/png\0"), box(b"bidb", picture("png", size=(8, 8)))
        return superbox(self.label, _EMBEDDED, kind, content)


def thumbnail(label: str) -> Assertion:
    return Thumbnail(label=label)


def described(source_type: str) -> Change:
    """The update's metadata say how the picture came to be."""
    namespace = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    value = {
        "@context": {"Iptc4xmpExt": namespace},
        "Iptc4xmpExt:DigitalSourceType": IPTC + source_type,
    }
    return adding(Assertion(label="cawg.metadata", value=value, json=True))


def without_signature(child: Draft) -> Draft:
    """The update does not say whose claim it updates (§15.11.3.3)."""
    parent = next(each for each in child.assertions if each.label == "c2pa.ingredient.v3")
    kept = {key: value for key, value in parent.value.items() if key != "claimSignature"}
    return child.with_(replace(parent, value=kept))


def exchanged() -> bytes:
    """A picture put in place of another one, under the update of the first."""
    whole = updated()
    other = picture("png", seed=5)
    survey_of = updated(data=other)
    at, place = spans_of(whole)[0], spans_of(survey_of)[0]
    return survey_of[: place[0]] + whole[at[0] : at[1]] + survey_of[place[1] :]


def rebound() -> bytes:
    """The same, and the update binds the other picture."""
    own = Assertion(label="c2pa.hash.data", value={})
    other, bound = picture("png", seed=5), own
    parent = replace(generated(author()), label=PARENT)
    parent = parent.with_(data_hash(picture("png"), [(10, 20)]))
    for _ in range(6):
        whole = put(other, store(parent, update(parent).with_(bound)))
        again = data_hash(whole, spans_of(whole))
        if again == bound:
            return whole
        bound = again
    raise AssertionError("the places do not settle")


def _second(child: Draft) -> Draft:
    """A second ingredient beside the parent."""
    parent = next(each for each in child.assertions if each.label == "c2pa.ingredient.v3")
    value = {"dc:title": "other", "dc:format": "image/png", "relationship": "inputTo"}
    return child.with_(replace(parent, label="c2pa.ingredient.v3__1", value=value))


def _case(
    name: str, make: Callable[[], bytes], differs: Mapping[str, Any], why: Mapping[str, str] = _WHY
) -> Case:
    return Case(
        family=FAMILY,
        name=name,
        make=lambda: Made(data=make(), trust=known()),
        differs=differs,
        control=None if name.endswith("honest") else UPDATED,
        why=why,
    )


_FORBIDDEN: Mapping[str, Sequence[Change]] = {
    "a thumbnail of its own": [adding(thumbnail("c2pa.thumbnail.claim"))],
    "a thumbnail of its parent": [adding(thumbnail("c2pa.thumbnail.ingredient"))],
    "something was drawn": [acting("c2pa.drawing")],
    "something of one's own was done": [acting("com.example.painted-over")],
}
CASES: tuple[Case, ...] = (
    _case(UPDATED, updated, HELD),
    _case("metadata was edited, honest", lambda: updated(acting("c2pa.edited.metadata")), HELD),
    _case(
        "metadata say generated, too, honest",
        lambda: updated(described("trainedAlgorithmicMedia")),
        HELD,
    ),
    *(
        _case(
            f"metadata say {source_type} of a generated picture",
            lambda source_type=source_type: updated(described(source_type)),
            {**HELD, "errors": ("genlabel.marks.disagree.source_type",)},
            {**_WHY, **dict.fromkeys(("engine", "encypher"), _UNREAD)},
        )
        for source_type in ("digitalCapture", "digitalCreation", "humanEdits", "negativeFilm")
    ),
    _case(
        "no hash of its parent's signature",
        lambda: updated(without_signature),
        {**INVALID, "errors": ("manifest.update.wrongParents",)},
    ),
    *(
        _case(name, lambda changes=changes: updated(*changes), INVALID)
        for name, changes in _FORBIDDEN.items()
    ),
    _case(
        "something was generated",
        lambda: updated(acting("c2pa.created")),
        {**INVALID, "errors": ("assertion.action.malformed", "manifest.update.invalid")},
    ),
    _case(
        "another picture, bound by the update",
        rebound,
        {
            **INVALID,
            "integrity": "broken",
            "errors": ("assertion.dataHash.mismatch", "manifest.update.invalid"),
        },
    ),
    _case(
        "another picture, bound by nobody",
        exchanged,
        {
            **INVALID,
            "integrity": "broken",
            "form": "well-formed",
            "errors": ("assertion.dataHash.mismatch",),
        },
    ),
    _case(
        "an ingredient beside its parent",
        lambda: updated(_second),
        {**INVALID, "errors": ("manifest.update.wrongParents",)},
    ),
)
