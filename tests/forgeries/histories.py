"""Forgeries of histories: what was redacted, who names whom, and whose word each step is.

C2PA 2.4 §6.8 (redaction), §10.3.2 (gathered assertions), §15.11.3 (records and their deltas).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from forgeries.ancestors import OTHER, PARENT, author, child, edit, known, overwritten, parent
from forgeries.case import Case, Made
from forgeries.forge import (
    ASSERTIONS,
    IPTC,
    Assertion,
    Draft,
    actions,
    created,
    data_hash,
    embedded,
    generated,
    opened,
    sha256,
    superbox,
    whole,
)
from genlabel.testing import picture
from oracles.chain import Chain
from resigning import Verbatim, cbor

FAMILY = "histories"
HELD = {"lineage": "intact"}
LOST = {"lineage": "broken", "state": "invalid", "attested": False}
UNSEEN = {
    **LOST,
    "form": "unknown",
    "source_type": None,
    "warnings": ("genlabel.form.unchecked",),
}
"""The engine does not open the store, and shows nobody what it says."""
NOTE = Assertion(label="org.example.note", value={"said": "to be taken out later"})
_IN_PARENT = f"self#jumbf=/c2pa/{PARENT}/c2pa.assertions/"
_WHY = {
    "engine": "c2pa-python passes over an ingredient that names a signature and no manifest",
    "c2pa-ts": "c2pa-ts looks at the active manifest, and not at its ingredients",
}
_REDACTION = {
    "engine": "c2pa-python looks for CBOR in what was honestly zeroed",
    "encypher": "encypher-c2pa misses what was honestly taken out of an ancestor",
    "c2pa-ts": "c2pa-ts misses what was honestly taken out of an ancestor, and looks at no "
    "ancestor otherwise",
}
_RECORDED = {
    **_WHY,
    "engine": "c2pa-python takes a failure that is recorded for one that was dealt with",
    "encypher": "encypher-c2pa counts what the record itself calls a failure, and not what is one",
}
_BETWEEN = {
    "engine": "c2pa-python's word is for the whole store; here the state is not trusted, too, and "
    "the picture and its last signer hold"
}
Shown = Callable[[Draft, str], Draft]
"""What is left of a manifest of which one assertion is taken out."""


def gone(of: Draft, label: str) -> Draft:
    """It is not there any more."""
    return _with(of, label, lambda each: replace(each, stored=False))


def zeroed(of: Draft, label: str) -> Draft:
    """Its content is zeros (§6.8)."""

    def zeros(each: Assertion) -> Assertion:
        size = len(each.value) if isinstance(each.value, bytes) else len(cbor(each.value))
        return replace(each, value=Verbatim(bytes(size)), hash=sha256(each.boxed), json=False)

    return _with(of, label, zeros)


def _with(of: Draft, label: str, change: Callable[[Assertion], Assertion]) -> Draft:
    changed = (change(each) if each.label == label else each for each in of.assertions)
    return replace(of, assertions=tuple(changed))


def noted() -> Draft:
    """An honest parent with a note that nobody needs."""
    return parent(PARENT, NOTE)


def redacting(
    *labels: str, of: Draft | None = None, shown: Draft | None = None, left: Shown = gone
) -> Made:
    """An edit whose claim redacts `labels` of its parent; the first one is taken out."""
    of = of or noted()
    claim = {"redacted_assertions": [_IN_PARENT + label for label in labels]} if labels else {}
    edited = child(*opened(of), claim=claim)
    shown = shown or left(of, labels[0] if labels else NOTE.label)
    return Made(data=embedded(picture("png"), edited, shown), trust=known())


def by_nobody() -> Made:
    """A manifest that no ingredient names redacts the parent's note."""
    stranger = replace(
        generated(Chain.new("Stranger Ltd")),
        label=OTHER,
        claim={"redacted_assertions": [_IN_PARENT + NOTE.label]},
    ).with_(data_hash(picture("png"), [(1, 2)]))
    edited = child(*opened(noted()))
    shown = gone(noted(), NOTE.label)
    return Made(data=embedded(picture("png"), edited, stranger, shown), trust=known())


def declared() -> Draft:
    """A parent that says how it was made in its metadata alone."""
    value = {
        "@context": {"Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"},
        "Iptc4xmpExt:DigitalSourceType": IPTC + "trainedAlgorithmicMedia",
    }
    silent = Draft(chain=author(), assertions=(actions({"action": "c2pa.created"}),), label=PARENT)
    bound = data_hash(picture("png", seed=2), [(10, 20)])
    return silent.with_(bound, Assertion(label="cawg.metadata", value=value, json=True))


def undeclared() -> Draft:
    """Beside what was honestly taken out something was put in."""
    left = gone(noted(), NOTE.label)
    added = Assertion(label="org.example.more", value={"x": 1}, listed=False)
    return replace(left, assertions=(*left.assertions, added))


def taken_out_of_a_lie() -> Draft:
    """The note was honestly taken out, and the statement exchanged with it."""
    lie = next(each for each in overwritten().assertions if each.label == "c2pa.actions.v2")
    return _with(gone(noted(), NOTE.label), lie.label, lambda _: lie)


def its_own_parent() -> Made:
    draft = replace(child(*opened(parent())), label=PARENT)
    return Made(data=embedded(picture("png"), draft), trust=known())


def each_others_parents() -> Made:
    """Of two manifests each is an ingredient of the other."""
    below = replace(child(*opened(parent())), label=OTHER)
    circle = parent(PARENT, *opened(below))
    edited = child(*opened(below))
    return Made(data=embedded(picture("png"), edited, circle, below), trust=known())


def three(middle: Chain, *, is_vouched: bool = True, **record: Any) -> Made:
    """An edit of an edit; the one in the middle is signed by `middle`."""
    first = parent()
    history, ingredient = opened(first)
    between = Draft(chain=middle, assertions=(history, replace(ingredient, created=is_vouched)))
    between = replace(between, label=OTHER).with_(data_hash(picture("png", seed=3), [(10, 20)]))
    edited = child(*opened(between, **record))
    return Made(data=embedded(picture("png"), edited, first, between), trust=known())


def recorded_below(code: str, kind: str) -> Made:
    """The record of the edit in the middle has a code about its own parent."""
    results = whole(replace(parent(), label=OTHER))
    results["ingredientDeltas"] = [
        {
            "ingredientAssertionURI": f"self#jumbf=/c2pa/{OTHER}/c2pa.assertions/"
            "c2pa.ingredient.v3",
            "validationDeltas": {
                **{"success": [], "informational": [], "failure": []},
                kind: [{"code": code, "url": _IN_PARENT + "c2pa.actions.v2"}],
            },
        }
    ]
    return three(author(), validationResults=results)


def gathered() -> Made:
    """The edit's signer does not vouch for what it was made from."""
    history, ingredient = opened(parent())
    edited = child(history, replace(ingredient, created=False))
    return Made(data=embedded(picture("png"), edited, parent()), trust=known())


def twice() -> Made:
    """One parent by two ingredients, of which one has another hash."""
    history, ingredient = opened(parent())
    other = {**ingredient.value["activeManifest"], "hash": bytes(32)}
    value = {**ingredient.value, "relationship": "componentOf", "activeManifest": other}
    second = replace(ingredient, label="c2pa.ingredient.v3__1", value=value)
    edited = child(history, ingredient, second)
    return Made(data=embedded(picture("png"), edited, parent()), trust=known())


def given(*shown: Draft) -> Made:
    """A generated picture for which another one was an input."""
    value = {**opened(parent())[1].value, "relationship": "inputTo"}
    ingredient = Assertion(label="c2pa.ingredient.v3", value=value)
    edited = child(created(), ingredient)
    return Made(data=embedded(picture("png"), edited, *shown), trust=known())


def without_manifest() -> Made:
    """The signature of the parent's manifest is named, and the manifest is not."""
    history, ingredient = opened(parent())
    kept = {key: value for key, value in ingredient.value.items() if key != "activeManifest"}
    edited = child(history, replace(ingredient, value=kept))
    return Made(data=embedded(picture("png"), edited, parent()), trust=known())


def leading(url: str, digest: bytes) -> Made:
    return edit(parent(), activeManifest={"url": url, "alg": "sha256", "hash": digest})


def stranger_beside() -> Made:
    """A manifest in the store that nobody names is nobody's history."""
    other = replace(generated(Chain.new("Stranger Ltd")), label=OTHER)
    other = other.with_(data_hash(picture("png"), [(1, 2)]))
    edited = child(*opened(parent()))
    return Made(data=embedded(picture("png"), edited, other, parent()), trust=known())


REDACTED = "a note is redacted, honest"
EDIT, TWO_EDITS, INPUT = "edit, honest", "an edit of an edit, honest", "an input, honest"


def _case(
    name: str,
    make: Callable[[], Made],
    differs: Mapping[str, Any],
    control: str | None = None,
    *,
    why: Mapping[str, str] = _WHY,
) -> Case:
    return Case(family=FAMILY, name=name, make=make, differs=differs, control=control, why=why)


def _lost(code: str, **more: Any) -> dict[str, Any]:
    return {**LOST, "errors": (code,), **more}


_REDACTIONS = (
    _case(REDACTED, lambda: redacting(NOTE.label), HELD, why=_REDACTION),
    _case(
        "a note is zeroed, honest",
        lambda: redacting(NOTE.label, left=zeroed),
        HELD,
        why=_REDACTION,
    ),
    _case(
        "a note is gone, and nobody redacts it",
        redacting,
        _lost("assertion.missing"),
        REDACTED,
    ),
    _case(
        "a note is zeroed, and nobody redacts it",
        lambda: redacting(left=zeroed),
        _lost(
            "assertion.hashedURI.mismatch",
            form="malformed",
            errors=("assertion.cbor.invalid", "assertion.hashedURI.mismatch"),
        ),
        REDACTED,
    ),
    _case(
        "a note is redacted and still there",
        lambda: redacting(NOTE.label, shown=noted()),
        {**HELD, "state": "invalid", "warnings": ("assertion.notRedacted",)},
        REDACTED,
    ),
    _case(
        "what a manifest that nobody names redacts", by_nobody, _lost("assertion.missing"), REDACTED
    ),
    _case(
        "the actions are redacted",
        lambda: redacting("c2pa.actions.v2"),
        _lost("assertion.action.redacted", source_type=None),
        REDACTED,
    ),
    _case(
        "the binding is redacted",
        lambda: redacting("c2pa.hash.data"),
        _lost("assertion.dataHash.redacted"),
        REDACTED,
    ),
    _case(
        "the only declaration is redacted",
        lambda: redacting("cawg.metadata", of=declared()),
        {
            **HELD,
            **{"state": "invalid", "source_type": None, "attested": False},
            "warnings": ("assertion.action.malformed", "genlabel.assertion.redacted"),
        },
        REDACTED,
    ),
    _case(
        "a note is redacted, and the statement exchanged",
        lambda: redacting(NOTE.label, shown=taken_out_of_a_lie()),
        _lost("assertion.hashedURI.mismatch", source_type="digitalCapture"),
        REDACTED,
    ),
    _case(
        "a note is redacted, and an assertion put in",
        lambda: redacting(NOTE.label, shown=undeclared()),
        {
            **LOST,
            "form": "unknown",
            "errors": ("ingredient.manifest.mismatch",),
            "warnings": ("genlabel.form.unchecked",),
        },
        REDACTED,
    ),
    _case(
        "a note is redacted, and a second store of assertions put in",
        lambda: redacting(
            NOTE.label,
            shown=replace(
                gone(noted(), NOTE.label),
                extra=superbox("c2pa.databoxes", ASSERTIONS, NOTE.boxed),
            ),
        ),
        {**UNSEEN, "errors": ("genlabel.manifest.ambiguous",)},
        REDACTED,
    ),
)
_LINES = (
    _case(EDIT, lambda: edit(parent()), HELD),
    _case("a stranger's manifest that nobody names, honest", stranger_beside, HELD),
    _case(
        "a manifest is its own parent",
        its_own_parent,
        {**UNSEEN, "errors": ("ingredient.manifest.mismatch",)},
        EDIT,
    ),
    _case(
        "two manifests are each other's parents",
        each_others_parents,
        {**UNSEEN, "errors": ("ingredient.manifest.mismatch",)},
        EDIT,
    ),
    _case(
        "one parent twice, once by another hash",
        twice,
        _lost("ingredient.manifest.mismatch"),
        EDIT,
    ),
    _case(
        "the signature of a manifest is named, and the manifest is not",
        without_manifest,
        {
            **HELD,
            **{"form": "malformed", "state": "invalid", "source_type": None, "attested": False},
            "errors": ("assertion.ingredient.malformed",),
        },
        EDIT,
    ),
    _case(
        "the parent is a part of a manifest",
        lambda: leading(_IN_PARENT.rstrip("/"), bytes(32)),
        _lost("ingredient.manifest.missing"),
        EDIT,
    ),
    _case(
        "the parent's name in capitals",
        lambda: leading(f"self#jumbf=/c2pa/{PARENT.upper()}", sha256(parent().boxed)),
        _lost("ingredient.manifest.missing", source_type=None),
        EDIT,
    ),
    _case(
        "the parent's name with escapes",
        lambda: leading(f"self#jumbf=/c2pa/{PARENT.replace('-', '%2D')}", sha256(parent().boxed)),
        _lost("ingredient.manifest.missing", source_type=None),
        EDIT,
    ),
    _case("the parent is only gathered", gathered, {**HELD, "attested": False}, EDIT),
    _case(TWO_EDITS, lambda: three(author()), HELD),
    _case(
        "a stranger edited it in between",
        lambda: three(Chain.new("Stranger Ltd")),
        {**HELD, "state": "valid", "attested": False},
        TWO_EDITS,
        why=_BETWEEN,
    ),
    _case(
        "who edited it in between only gathered what it was made from",
        lambda: three(author(), is_vouched=False),
        {**HELD, "attested": False},
        TWO_EDITS,
    ),
    *(
        _case(
            f"a change further down stands among the {kind} of the record's delta",
            lambda kind=kind: recorded_below("assertion.hashedURI.mismatch", kind),
            {"lineage": "broken", "attested": False, "errors": ("assertion.hashedURI.mismatch",)},
            TWO_EDITS,
            why=_RECORDED,
        )
        for kind in ("failure", "informational", "success")
    ),
    _case(
        "a stranger further down in the record's delta, honest",
        lambda: recorded_below("signingCredential.untrusted", "failure"),
        HELD,
        why=_RECORDED,
    ),
    _case(INPUT, lambda: given(parent()), HELD),
    _case(
        "an input's statement is overwritten",
        lambda: given(overwritten()),
        {
            **{"lineage": "broken", "state": "invalid"},
            "errors": ("assertion.hashedURI.mismatch",),
        },
        INPUT,
    ),
)
CASES: tuple[Case, ...] = (*_REDACTIONS, *_LINES)
