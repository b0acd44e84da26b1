"""Forgeries by names: whose a picture is said to be, in which words, and drawings that change.

CAWG Metadata 1.1; JSON-LD 1.1 §4.1; Unicode Technical Standard 39 §4; SVG 2 §15, §16.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from forgeries.case import Case, Made
from forgeries.forge import Assertion, embedded, forger, generated
from genlabel.credentials.trust import Trust
from genlabel.testing import picture
from oracles.chain import Chain

FAMILY = "names"
OWN, OTHER = "Forger Ltd", "BBC"
PLUS = "http://ns.useplus.org/ldf/xmp/1.0/"
CONTROL = "the certificate's own name, honest"
DRAWING = "a drawing, honest"
BY_SIGNER = {"producer": OWN, "producer_basis": "signer"}
CLAIMED = {"producer": OTHER, "producer_basis": "claim"}
AMBIGUOUS = ("genlabel.metadata.ambiguous",)
GATHERED = ("genlabel.claim.gathered",)
CONFUSABLE = ("genlabel.name.confusable",)
ACTIVE = ("genlabel.svg.active",)
_ONE = "names are not compared with the certificate"
_LISTS = "c2pa-ts knows no trust lists"
_TWICE = "one of two keys or assertions is taken as it comes"
_LOOKS = "names are taken as they are"
_DRAWS = "what a drawing does is not looked at"


def document(supplier: str = OTHER, context: object = None, **names: Any) -> bytes:
    """A metadata document that names a supplier."""
    node = {"plus:ImageSupplierName": supplier}
    content = names or {"plus:ImageSupplier": [node]}
    whole = {"@context": context or {"plus": PLUS}, **content}
    # compact, since c2pa-ts takes the hash of what it would have written itself
    return json.dumps(whole, separators=(",", ":"), ensure_ascii=False).encode()


def metadata(content: bytes, label: str = "cawg.metadata", **more: Any) -> Assertion:
    return Assertion(label=label, value=content, json=True, **more)


def by(*assertions: Assertion, chain: Chain | None = None, data: bytes | None = None) -> bytes:
    """A generated picture with these assertions."""
    draft = generated(chain or forger()).with_(*assertions)
    return embedded(data or picture("png"), draft)


def named(name: str, **trust: Any) -> Made:
    """A picture whose metadata name somebody."""
    trusted = Trust.of(signers=forger().anchor, **trust)
    return Made(data=by(metadata(document(name))), trust=trusted)


@cache
def lookalike() -> Chain:
    """A stranger whose name looks like the forger's."""
    return Chain.new("F\u043erger Ltd")


def drawing(inside: str = "<rect width='1' height='1'/>", before: str = "") -> bytes:
    shown = f'{before}<svg xmlns="http://www.w3.org/2000/svg">{inside}<metadata></metadata></svg>'
    return shown.encode()


def _case(
    name: str,
    make: Callable[[], Made | bytes],
    differs: Mapping[str, Any],
    why: str = "",
    control: str = CONTROL,
) -> Case:
    def made() -> Made:
        result = make()
        return result if isinstance(result, Made) else Made(data=result)

    return Case(
        family=FAMILY,
        name=name,
        make=made,
        differs=differs,
        control=None if name.endswith("honest") else control,
        why=why,
    )


def _alike(name: str, shown: str) -> Case:
    """A producer whose name looks like the signer's own."""
    differs = {"producer": shown, "producer_basis": "claim", "warnings": CONFUSABLE}
    return _case(name, lambda: named(shown), differs, _LOOKS)


def _drawn(name: str, inside: str = "", before: str = "") -> Case:
    differs = {} if name.endswith("honest") else {"warnings": ACTIVE}
    return _case(
        name,
        lambda: by(data=drawing(inside, before)),
        differs,
        "" if name.endswith("honest") else _DRAWS,
        DRAWING,
    )


_UNSIGNED = {
    "integrity": "absent",
    "form": "none",
    "state": "none",
    "trust": None,
    "validity": None,
    "time": None,
    "source_type": None,
    "attested": False,
}
CLAIMS = (
    _case(CONTROL, lambda: named(OWN), BY_SIGNER),
    _case("another's name", lambda: named(OTHER), CLAIMED),
    _case(
        "another's name by the user's own word, honest",
        lambda: named(OTHER, producers={OWN: [OTHER]}),
        {"producer": OTHER, "producer_basis": "configured"},
    ),
    _case(
        "another's name, which the user allows to somebody else",
        lambda: named(OTHER, producers={"Other Ltd": [OTHER]}),
        CLAIMED,
    ),
    _case(
        "a stranger's own name",
        lambda: Made(data=by(metadata(document(OWN))), trust=Trust()),
        {"producer": OWN, "producer_basis": "claim", "trust": "unknown", "state": "valid"}
        | {"attested": False},
        _LISTS,
    ),
    _case(
        "another's name, only gathered",
        lambda: by(metadata(document(), created=False)),
        {**CLAIMED, "warnings": GATHERED},
        _ONE,
    ),
    _case(
        "the signer's name, only gathered",
        lambda: by(metadata(document(OWN), created=False)),
        {**CLAIMED, "producer": OWN, "warnings": GATHERED},
        "who vouches for a gathered name is not asked",
    ),
)
LABELS = (
    _case(
        "a label that begins alike",
        lambda: by(metadata(document(), "cawg.metadata.names")),
        {},
    ),
    _case("a label that goes on", lambda: by(metadata(document(), "cawg.metadatas")), {}),
    _case("a label of no version", lambda: by(metadata(document(), "c2pa.metadata.v9")), {}),
    _case(
        "a second instance alone, honest",
        lambda: by(metadata(document(OWN), "cawg.metadata__1")),
        BY_SIGNER,
    ),
    _case(
        "two that differ",
        lambda: by(metadata(document(OWN)), metadata(document(), "cawg.metadata__1")),
        {"warnings": AMBIGUOUS},
        _TWICE,
    ),
    _case(
        "two that agree, honest",
        lambda: by(metadata(document(OWN)), metadata(document(OWN), "cawg.metadata__1")),
        BY_SIGNER,
    ),
    _case(
        "a gathered one beside a created one",
        lambda: by(
            metadata(document(OWN)), metadata(document(), "cawg.metadata__1", created=False)
        ),
        {**BY_SIGNER, "warnings": AMBIGUOUS},
        _TWICE,
    ),
)
CONTEXTS = (
    _case(
        "a prefix that is bound to another namespace",
        lambda: by(metadata(document(context={"plus": "https://example.com/"}))),
        {},
    ),
    _case(
        "a prefix of another name",
        lambda: by(
            metadata(
                document(context={"p": PLUS}, **{"p:ImageSupplier": {"p:ImageSupplierName": OTHER}})
            )
        ),
        CLAIMED,
    ),
    _case(
        "no prefix",
        lambda: by(
            metadata(document(**{PLUS + "ImageSupplier": [{PLUS + "ImageSupplierName": OTHER}]}))
        ),
        CLAIMED,
        _ONE,
    ),
    _case(
        "a word for it",
        lambda: by(
            metadata(
                document(
                    context={"p": PLUS, "who": "p:ImageSupplier"},
                    who={"p:ImageSupplierName": {"@value": OTHER}},
                )
            )
        ),
        CLAIMED,
        _ONE,
    ),
    _case(
        "a prefix that is bound anew below",
        lambda: by(
            metadata(
                document(
                    **{
                        "plus:ImageSupplier": {
                            "@context": {"plus": "https://example.com/"},
                            "plus:ImageSupplierName": OTHER,
                        }
                    }
                )
            )
        ),
        {},
    ),
    _case(
        "one property by two prefixes",
        lambda: by(
            metadata(
                document(
                    context={"plus": PLUS, "p": PLUS},
                    **{
                        "plus:ImageSupplier": {"plus:ImageSupplierName": OWN},
                        "p:ImageSupplier": {"p:ImageSupplierName": OTHER},
                    },
                )
            )
        ),
        {"warnings": AMBIGUOUS},
        _TWICE,
    ),
    _case(
        "a key twice",
        lambda: by(metadata(document(OWN)[:-1] + b"," + document().partition(b"},")[2])),
        {"warnings": AMBIGUOUS},
        _TWICE,
    ),
    _case(
        "a key twice, deep inside",
        lambda: by(
            metadata(
                document(OWN).replace(
                    b'"plus:ImageSupplierName"',
                    b'"plus:ImageSupplierName": "BBC", "plus:ImageSupplierName"',
                )
            )
        ),
        {"warnings": AMBIGUOUS},
        _TWICE,
    ),
)
LOOKALIKES = (
    _alike("a Cyrillic letter", "F\u043erger Ltd"),
    _alike("a Greek letter", "F\u03bfrger Ltd"),
    _alike("a hidden blank", "Forger\u200b Ltd"),
    _alike("a turned name", "\u202eForger Ltd"),
    _alike("a wide letter", "\uff26orger Ltd"),
    _alike("a blank that does not break", "Forger\u00a0Ltd"),
    _alike("a soft hyphen", "For\u00adger Ltd"),
    _alike("a hidden tag", "Forger Ltd\U000e0041"),
    _case(
        "a brand that the user named, in Cyrillic",
        lambda: named("\u0412\u0412\u0421", producers={OWN: [OTHER]}),
        {"producer": "\u0412\u0412\u0421", "producer_basis": "claim", "warnings": CONFUSABLE},
        _LOOKS,
    ),
    _case(
        "a signer whose name is in Cyrillic",
        lambda: Made(
            data=by(metadata(document(OWN)), chain=lookalike()),
            trust=Trust.of(signers=forger().anchor, producers={OWN: [OTHER]}),
        ),
        {"producer": OWN, "producer_basis": "claim", "trust": "unknown", "state": "valid"}
        | {"attested": False, "warnings": CONFUSABLE},
        _LISTS,
    ),
    _case(
        "the same name in other letters of the same alphabet",
        lambda: named("FORGER LTD"),
        {"producer": "FORGER LTD", "producer_basis": "claim"},
    ),
)
DRAWINGS = (
    _drawn(DRAWING, "<rect width='1' height='1'/>"),
    _drawn("a drawing with a script", "<script>1</script>"),
    _drawn("a drawing with a handler", "<rect onclick='f()'/>"),
    _drawn("a drawing with a picture from elsewhere", "<image href='https://example.com/a.png'/>"),
    _drawn("a drawing with a picture beside it", "<image href='a.png'/>"),
    _drawn("a drawing with a style from elsewhere", "<style>@import 'a.css';</style>"),
    _drawn("a drawing with a style sheet", before="<?xml-stylesheet href='a.css'?>"),
    _drawn("a drawing with an animated address", "<use><set attributeName='href' to='#a'/></use>"),
    _drawn("a drawing with a link, honest", "<a href='https://example.com'><text>x</text></a>"),
    _case(
        "a drawing with a script that nobody signed",
        lambda: drawing("<script>1</script>"),
        {**_UNSIGNED, "warnings": ACTIVE},
        control=DRAWING,
    ),
)
CASES: tuple[Case, ...] = (*CLAIMS, *LABELS, *CONTEXTS, *LOOKALIKES, *DRAWINGS)
