"""Manifests that break a rule of their form, over pictures that nobody changed.

Each has the same picture and the same known signer; what it says is told all the same (C2PA 2.4
§15.6, §15.10, §15.11, §18).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from forgeries.case import Case, Made
from forgeries.forge import (
    CLAIM,
    IPTC,
    Assertion,
    Draft,
    actions,
    box,
    data_hash,
    embedded,
    forger,
    generated,
    put,
    sha256,
    spans_of,
    store,
    superbox,
)
from genlabel.testing import picture

FAMILY = "form"
HONEST_NAME = "generated, honest"
NO_ZEROS = bytes(range(32))
_INCEPTION = {"action": "c2pa.created", "digitalSourceType": IPTC + "trainedAlgorithmicMedia"}
_ASSERTIONS = "self#jumbf=c2pa.assertions/"


def honest() -> Draft:
    return generated(forger())


def made(draft: Draft) -> Made:
    return Made(data=embedded(picture("png"), draft))


def case(name: str, draft: Callable[[], Draft], code: str, *, why: str = "", **more: Any) -> Case:
    """A manifest that breaks the rule of that code, and nothing else."""
    return Case(
        family=FAMILY,
        name=name,
        make=lambda: made(draft()),
        differs={"form": "malformed", "state": "invalid", "errors": (code,), **more},
        control=HONEST_NAME,
        why=why or f"what is unchanged is told, and {code} with it",
    )


def control(name: str, draft: Callable[[], Draft], **more: Any) -> Case:
    return Case(
        family=FAMILY,
        name=f"{name}, honest",
        make=lambda: made(draft()),
        differs=more,
        why="no rule of C2PA 2.4 is broken",
    )


def reference(assertion: Assertion) -> dict[str, Any]:
    """The hashed URI of an assertion of the same manifest."""
    return {"url": _ASSERTIONS + assertion.label, "hash": sha256(assertion.boxed)}


def ingredient(relationship: str | None, label: str = "c2pa.ingredient.v3") -> Assertion:
    value = {"dc:title": "part.png", "dc:format": "image/png", "relationship": relationship}
    return Assertion(label=label, value={name: each for name, each in value.items() if each})


def acting(*further: Mapping[str, Any], added: tuple[Assertion, ...] = ()) -> Draft:
    """A generated picture to which more was done."""
    return honest().with_(*added, actions(_INCEPTION, *further))


def using(action: str, part: Assertion, **parameters: Any) -> Draft:
    parameters = {"ingredients": [reference(part)], **parameters}
    return acting({"action": action, "parameters": parameters}, added=(part,))


def opening(*parts: Assertion, named: int = 1) -> Draft:
    listed = [reference(part) for part in parts[:named]]
    history = actions({"action": "c2pa.opened", "parameters": {"ingredients": listed}})
    return replace(honest(), assertions=(history, *parts))


def claiming(**changes: Any) -> Draft:
    return replace(honest(), claim=changes)


def holding(label: str, value: Any, *, is_created: bool = True) -> Draft:
    return honest().with_(Assertion(label=label, value=value, created=is_created))


INCEPTION, INGREDIENT = "assertion.action.malformed", "assertion.action.ingredientMismatch"
CLAIMED = "claim.malformed"
UNTOLD = {"source_type": None, "attested": False}
"""Nothing says how it was made."""


def _of_actions() -> Iterator[Case]:
    edited = {"action": "c2pa.edited", "softwareAgent": {"name": "Editor"}}
    placed, parent = ingredient("componentOf"), ingredient("parentOf")
    yield case("created second", lambda: honest().with_(actions(edited, _INCEPTION)), INCEPTION)
    yield case("created twice", lambda: acting(_INCEPTION), INCEPTION)
    yield case("no actions at all", lambda: replace(honest(), assertions=()), INCEPTION, **UNTOLD)
    yield case("actions without actions", lambda: honest().with_(actions()), INCEPTION, **UNTOLD)
    yield case("an action without a name", lambda: acting({"when": "now"}), INCEPTION)
    yield case(
        "placed without an ingredient", lambda: acting({"action": "c2pa.placed"}), INGREDIENT
    )
    none = {"action": "c2pa.placed", "parameters": {"ingredients": []}}
    yield case("placed with no ingredients", lambda: acting(none), INGREDIENT)
    yield case(
        "removed without an ingredient", lambda: acting({"action": "c2pa.removed"}), INGREDIENT
    )
    more = {"lineage": "intact"}
    yield case("a parent that is placed", lambda: using("c2pa.placed", parent), INGREDIENT, **more)
    yield control("a part that is placed", lambda: using("c2pa.placed", placed), **more)
    yield case("a part that is opened", lambda: opening(placed), INGREDIENT, **more, **UNTOLD)
    yield control("a parent that is opened", lambda: opening(parent), **more, **UNTOLD)
    yield case(
        "a part that is transcoded", lambda: using("c2pa.transcoded", placed), INGREDIENT, **more
    )
    second = ingredient("parentOf", "c2pa.ingredient.v3__1")
    yield case(
        "two parents", lambda: opening(parent, second), "manifest.multipleParents", **more, **UNTOLD
    )
    empty = {"action": "c2pa.edited", "parameters": {"relatedAssertions": []}}
    yield case("related assertions without any", lambda: acting(empty), INCEPTION)
    watermark = {"action": "c2pa.watermarked.bound"}
    yield case(
        "a watermark without its soft binding",
        lambda: acting(watermark),
        "assertion.action.softBindingMissing",
    )
    soft = Assertion(
        label="c2pa.soft-binding",
        value={"alg": "com.example", "blocks": [{"scope": {}, "value": b"1"}], "pad": b""},
    )
    yield control("a watermark with its soft binding", lambda: acting(watermark, added=(soft,)))
    translated = {"action": "c2pa.translated", "parameters": {"sourceLanguage": "en"}}
    yield case("translated into no language", lambda: acting(translated), INCEPTION)
    yield case(
        "redacted, and not what",
        lambda: acting({"action": "c2pa.redacted", "reason": "c2pa.PII.present"}),
        "assertion.action.redactionMismatch",
    )


def _of_claims() -> Iterator[Case]:
    unfit = {"attested": False}
    yield case("no generator", lambda: claiming(claim_generator_info=None), CLAIMED, **unfit)
    yield case(
        "a generator without a name",
        lambda: claiming(claim_generator_info={"version": "1"}),
        CLAIMED,
        **unfit,
    )
    yield case("no instance", lambda: claiming(instanceID=None), CLAIMED, **unfit)
    numbered = {"dc:title": 7}
    yield case("a title that is a number", lambda: claiming(**numbered), CLAIMED, **unfit)
    yield case("assertions of both versions", lambda: claiming(assertions=[]), CLAIMED, **unfit)
    yield control("a claim of version 1", lambda: replace(honest(), version=1))
    yield case(
        "a claim of version 1 without its format",
        lambda: replace(honest(), version=1, claim={"dc:format": None}),
        CLAIMED,
        **unfit,
    )
    yield case("a claim of version 3", lambda: replace(honest(), version=3), CLAIMED, **unfit)
    further = superbox("c2pa.claim.v2", CLAIM, box(b"cbor", b"\xa0"))
    yield case(
        "a second claim, which nobody signed",
        lambda: replace(honest(), extra=further),
        "claim.multiple",
        **unfit,
    )
    icon = {"name": "drawn", "icon": {"url": _ASSERTIONS + "c2pa.icon", "hash": NO_ZEROS}}
    yield case(
        "an icon that is not there",
        lambda: claiming(claim_generator_info=icon),
        "hashedURI.missing",
    )
    yield case(
        "an assertion that the claim does not list",
        lambda: honest().with_(Assertion(label="com.example", value={"a": 1}, listed=False)),
        "assertion.undeclared",
    )


def _of_assertions() -> Iterator[Case]:
    lineage = {"lineage": "intact"}
    ill = "assertion.ingredient.malformed"
    yield case(
        "a relationship that there is not",
        lambda: honest().with_(ingredient("cousinOf")),
        ill,
        **lineage,
    )
    yield case(
        "an ingredient without a relationship",
        lambda: honest().with_(ingredient(None)),
        ill,
        **lineage,
    )
    outside = "c2pa.external-reference"
    address = {"url": "https://example.com/x"}
    external = f"assertion.{outside.removeprefix('c2pa.')}.malformed"
    yield case(
        "a reference to nowhere",
        lambda: holding(outside, {"location": {}}, is_created=False),
        external,
    )
    yield case(
        "a reference to actions elsewhere",
        lambda: holding(
            outside, {"label": "c2pa.actions.v2", "location": address}, is_created=False
        ),
        external,
    )
    yield case(
        "a reference that is created",
        lambda: holding(outside, {"location": address}),
        "assertion.external-reference.created",
    )
    cloud = {
        "label": "com.example",
        "size": 9,
        "location": {**address, "alg": "sha256", "hash": NO_ZEROS},
    }
    yield case(
        "cloud data without its size",
        lambda: holding("c2pa.cloud-data", {**cloud, "size": None}),
        "assertion.cloud-data.malformed",
    )
    yield case(
        "a binding in the cloud",
        lambda: holding("c2pa.cloud-data", {**cloud, "label": "c2pa.hash.data"}),
        "assertion.cloud-data.hardBinding",
    )
    yield case(
        "time-stamps without any",
        lambda: holding("c2pa.time-stamp", {}),
        "assertion.timestamp.malformed",
    )
    parameters = {"multiAssetPartIndex": 0, "embeddedOriginalPreservationImage": {}}
    yield case(
        "another representation in two places",
        lambda: holding(
            "c2pa.alternative-content-representation",
            {"type": "exif.originalPreservationImage", "parameters": parameters},
        ),
        "assertion.alternativeContentRepresentation.malformed",
    )


def _twice() -> Made:
    """A file with two manifest stores, each of them whole."""
    whole = embedded(picture("png"), honest())
    ((_, end),) = spans_of(whole)
    other = put(picture("png"), store(honest().with_(data_hash(picture("png"), ()))))
    ((begin, stop),) = spans_of(other)
    return Made(data=whole[:end] + other[begin:stop] + whole[end:])


CASES: tuple[Case, ...] = (
    control(HONEST_NAME.removesuffix(", honest"), honest),
    *_of_actions(),
    *_of_claims(),
    *_of_assertions(),
    Case(
        family=FAMILY,
        name="two manifest stores",
        make=_twice,
        differs={
            **{"integrity": "unknown", "form": "malformed", "state": "unknown"},
            **dict.fromkeys(("trust", "validity", "time", "source_type")),
            "attested": False,
            "errors": ("genlabel.manifest.several",),
        },
        control=HONEST_NAME,
        why="nobody can say which one counts",
    ),
)
