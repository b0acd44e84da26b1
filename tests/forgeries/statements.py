"""Forgeries by what actions say, and where: which word counts for how a picture was made.

C2PA 2.4 §18.15; the vocabularies of source types are IPTC's and C2PA's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from forgeries.case import UNOPENED, Files, grouped
from forgeries.forge import IPTC, Assertion, Draft, actions, embedded, forger
from genlabel.testing import picture

USUAL = "created and generated, honest"
AI, PHOTO = IPTC + "trainedAlgorithmicMedia", IPTC + "digitalCapture"
OTHER = "http://forger.example/newscodes/digitalsourcetype/digitalCapture"
MALFORMED: Mapping[str, Any] = {
    **{"form": "malformed", "state": "invalid"},
    "errors": ("assertion.action.malformed",),
}
SILENT = {**MALFORMED, "source_type": None, "attested": False}
NO_PARENT = {**MALFORMED, "errors": ("assertion.action.ingredientMismatch",)}
PHOTOGRAPH = {"source_type": "digitalCapture"}
DRAWN = {**PHOTOGRAPH, "warnings": ("genlabel.trace.contradicts",)}
TWO_WORDS = {"errors": ("genlabel.marks.disagree.source_type",)}
NO_JSON = {**MALFORMED, "errors": ("assertion.json.invalid", "assertion.required.missing")}
_WHY = {
    "engine": "c2pa-python compares no words with each other, and knows no vocabulary",
    "encypher": "encypher-c2pa compares no words with each other, wants IPTC's own spelling, an "
    "agent's number in its list, and no actions in JSON",
    "c2pa-ts": "c2pa-ts compares no words with each other, knows no vocabulary and no template, "
    "reads one list of actions, and writes JSON anew before it hashes it",
}


def said(*assertions: Assertion, **changes: Any) -> bytes:
    return embedded(picture("png"), Draft(chain=forger(), assertions=assertions, **changes))


def one(action: str = "c2pa.created", **more: Any) -> dict[str, Any]:
    return {"action": action, **more}


def typed(source_type: object, **more: Any) -> dict[str, Any]:
    """A picture's creation with a source type."""
    return one(digitalSourceType=source_type, **more)


def did(*listed: Any, **more: Any) -> Callable[[], bytes]:
    """A picture with these actions, and other fields beside their list."""
    value = {"actions": list(listed), **more}
    return lambda: said(Assertion(label="c2pa.actions.v2", value=value))


def twice(*listed: Any, label: str = "c2pa.actions.v2__1", **more: Any) -> Callable[[], bytes]:
    """A picture with two lists of actions, of one action each."""
    return lambda: said(actions(listed[0]), actions(listed[1], label=label, **more))


def noted(json: bytes, label: str = "org.example.note", **more: Any) -> Callable[[], bytes]:
    """A picture with an assertion in JSON, as it is written."""
    note = Assertion(label=label, value=json, json=True)
    return lambda: said(actions(typed(AI)), note, **more)


def of(source_type: str, **more: Any) -> Mapping[str, Any]:
    return {"source_type": source_type.rpartition("/")[2], **more}


UNKNOWN = {"errors": ("genlabel.source-type.unknown",)}
_SPELLED: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("over https, honest", AI.replace("http:", "https:"), {}),
    ("without its vocabulary, honest", "trainedAlgorithmicMedia", {}),
    ("by its short name, honest", "digsrctype:trainedAlgorithmicMedia", {}),
    ("with a blank before it, honest", f" {AI}", {}),
    ("in C2PA's vocabulary, honest", "http://c2pa.org/digitalsourcetype/empty", of("empty")),
    ("with a port", AI.replace("org/", "org:80/"), UNKNOWN),
    ("in another vocabulary", OTHER, {**PHOTOGRAPH, **UNKNOWN}),
    (
        "at a host that begins alike",
        PHOTO.replace("iptc.org", "iptc.org.forger.example"),
        {**PHOTOGRAPH, **UNKNOWN},
    ),
    (
        "with somebody else in front",
        f"http://forger.example/?{PHOTO}",
        {**PHOTOGRAPH, **UNKNOWN},
    ),
    ("two in one", f"{AI} {PHOTO}", {**PHOTOGRAPH, **UNKNOWN}),
    (
        "with an escaped letter",
        IPTC + "trainedAlgorithmic%4Dedia",
        of("trainedAlgorithmic%4Dedia", **UNKNOWN),
    ),
    (
        "with a Cyrillic letter",
        IPTC + "tr\u0430inedAlgorithmicMedia",
        of("tr\u0430inedAlgorithmicMedia", **UNKNOWN),
    ),
    ("that is retired", IPTC + "softwareImage", of("softwareImage", **UNKNOWN)),
    ("of nothing", IPTC, of("", **UNKNOWN)),
)
_NO_TEXTS: Files = {
    f"a source type {name}": did(typed(value))
    for name, value in {
        "that is empty": "",
        "that is null": None,
        "that is a number": 7,
        "that is true": True,
        "that is a map": {"uri": AI},
        "that is a list": [AI],
        "that is two": [AI, PHOTO],
    }.items()
}

CASES = (
    *grouped("statements", USUAL, _WHY, ({}, {USUAL: did(typed(AI))})),
    *(
        case
        for name, spelled, differs in _SPELLED
        for case in grouped(
            "statements", USUAL, _WHY, (differs, {f"a source type {name}": did(typed(spelled))})
        )
    ),
    *grouped(
        "statements",
        USUAL,
        _WHY,
        (
            {},
            {
                "created and published, honest": did(typed(AI), one("c2pa.published")),
                "generated, then edited as a photograph, honest": did(
                    typed(AI), one("c2pa.edited", digitalSourceType=PHOTO)
                ),
                "two lists of actions that agree, honest": twice(typed(AI), one("c2pa.published")),
                "actions of version 1 under a claim of version 2, honest": lambda: said(
                    actions(typed(AI), label="c2pa.actions")
                ),
                "all actions are in it, honest": did(typed(AI), allActionsIncluded=True),
                "an agent by a number that is not in its list, honest": did(
                    typed(AI, softwareAgentIndex=5), softwareAgents=[{"name": "A"}]
                ),
                "an agent in text, honest": did(typed(AI, softwareAgent="ModelX")),
                "a thousand actions, honest": did(typed(AI), *[one("c2pa.edited")] * 1000),
                "JSON with blanks, honest": noted(b'{ "a" : 1,\n "b" : [ ] }'),
                "JSON in another order, honest": noted(b'{"b":1,"a":1.0}'),
                "JSON with a key twice in a note, honest": noted(b'{"a":1,"a":2}'),
                "metadata with blanks, honest": noted(
                    b'{ "@context": {"dc": "http://purl.org/dc/elements/1.1/"}, "dc:title": "x" }',
                    "c2pa.metadata",
                ),
                "a creative work with blanks, honest": noted(
                    b'{ "@context" : "https://schema.org", "@type": "CreativeWork" }',
                    "stds.schema-org.CreativeWork",
                    version=1,
                ),
            },
        ),
        (SILENT, _NO_TEXTS),
        (
            SILENT,
            {
                "a source type in the parameters": did(one(parameters={"digitalSourceType": AI})),
                "no source type": did(one()),
                "a source type in a template alone": did(one(), templates=[typed(AI)]),
                "an action that is text": did("c2pa.created"),
            },
        ),
        (
            MALFORMED,
            {
                "a source type in Adobe's place alone": did(
                    one(parameters={"com.adobe.digitalSourceType": AI})
                ),
                "created in capitals": did(one("C2PA.created", digitalSourceType=AI)),
                "created with a blank": did(one("c2pa.created ", digitalSourceType=AI)),
                "created by a name of one's own": did(
                    one("org.example.created", digitalSourceType=AI)
                ),
                "edited first": did(one("c2pa.edited", digitalSourceType=AI)),
                "two lists of actions that both create": twice(typed(AI), typed(PHOTO)),
                "two versions of actions": twice(typed(AI), typed(PHOTO), label="c2pa.actions"),
                "an action that is null": did(typed(AI), None),
            },
        ),
        (
            NO_PARENT,
            {
                "opened without a parent": did(one("c2pa.opened", digitalSourceType=AI)),
                "opened with an empty list of parents": did(
                    one("c2pa.opened", digitalSourceType=AI, parameters={"ingredients": []})
                ),
            },
        ),
        (
            UNOPENED,
            {
                "templates that are no list": did(typed(AI), templates=7),
                "actions of version 3": lambda: said(actions(typed(AI), label="c2pa.actions.v3")),
                "all actions are in it, in a word": did(typed(AI), allActionsIncluded="yes"),
                "an agent by a number below zero": did(
                    typed(AI, softwareAgentIndex=-1), softwareAgents=[{"name": "A"}]
                ),
                "actions in JSON": lambda: said(
                    Assertion(label="c2pa.actions.v2", value={"actions": [typed(AI)]}, json=True)
                ),
            },
        ),
        (
            PHOTOGRAPH,
            {
                "a template that is overruled, honest": did(typed(PHOTO), templates=[typed(AI)]),
                "a template for all that is overruled, honest": did(
                    typed(PHOTO), templates=[one("*", digitalSourceType=AI)]
                ),
                "a photograph that a generator published, honest": did(
                    typed(PHOTO), one("c2pa.published", softwareAgent={"name": "Midjourney"})
                ),
            },
        ),
        (
            DRAWN,
            {
                "a photograph that a generator created": did(
                    typed(PHOTO, softwareAgent={"name": "Midjourney"})
                ),
                "a photograph that a generator created, by its number": did(
                    typed(PHOTO, softwareAgentIndex=0), softwareAgents=[{"name": "DALL\u00b7E 3"}]
                ),
                "a photograph that a generator edited": did(
                    typed(PHOTO), one("c2pa.edited", softwareAgent="Adobe Firefly")
                ),
            },
        ),
        (
            TWO_WORDS,
            {
                "a photograph, and generated in Adobe's place": did(
                    typed(PHOTO, parameters={"com.adobe.digitalSourceType": AI})
                ),
                "generated, and a photograph in Adobe's place": did(
                    typed(AI, parameters={"com.adobe.digitalSourceType": PHOTO})
                ),
            },
        ),
        (
            {**PHOTOGRAPH, **TWO_WORDS},
            {
                "an AI system is disclosed beside a photograph": lambda: said(
                    actions(typed(PHOTO)),
                    Assertion(label="c2pa.ai-disclosure", value={"modelType": "c2pa.types.model"}),
                )
            },
        ),
        (
            NO_JSON,
            {
                "JSON with a byte order mark": noted(b'\xef\xbb\xbf{"a":1}'),
                "JSON that is cut": noted(b'{"b":'),
                "JSON that is empty": noted(b""),
            },
        ),
        (
            {
                **MALFORMED,
                "attested": False,
                "errors": ("assertion.action.redacted", "assertion.selfRedacted"),
            },
            {
                "its own actions are redacted": partial(
                    said,
                    actions(typed(AI)),
                    claim={"redacted_assertions": ["self#jumbf=c2pa.assertions/c2pa.actions.v2"]},
                )
            },
        ),
        (
            {**MALFORMED, "attested": False, "errors": ("claim.malformed",)},
            {
                "redactions that are no list": partial(
                    said, actions(typed(AI)), claim={"redacted_assertions": 7}
                )
            },
        ),
    ),
)
