"""Forgeries by the form of what is stored: CBOR that two readers see differently, and odd boxes.

RFC 8949 §3.2, §5.3 and §5.6, C2PA 2.4 §10.1 and §11.1, ISO/IEC 19566-5.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from forgeries.case import UNOPENED, Files, grouped
from forgeries.forge import (
    CBOR,
    IPTC,
    JSON,
    Assertion,
    Draft,
    box,
    created,
    embedded,
    forger,
    generated,
    superbox,
)
from genlabel.testing import picture
from resigning import Verbatim, cbor, head

USUAL = "stored as usual, honest"
GENERATED, CAPTURED = IPTC + "trainedAlgorithmicMedia", IPTC + "digitalCapture"
_SHOWN = GENERATED.encode()
_LABEL = "c2pa.actions.v2"
_CREATED, _TYPE = cbor("action") + cbor("c2pa.created"), cbor("digitalSourceType")
NOBODY: Mapping[str, Any] = {
    **{"form": "malformed", "state": "invalid", "attested": False},
    **dict.fromkeys(("trust", "validity", "time")),
}
UNREAD = {
    **NOBODY,
    "integrity": "unknown",
    "errors": ("claim.cbor.invalid", "genlabel.signature.unchecked"),
}
"""The claim is no CBOR that can be read, and is what was signed: nothing need have been changed."""
SILENT = {"source_type": None}
"""The engine shows nothing of a claim that it cannot read."""
TWO = {**NOBODY, "integrity": "broken", "errors": ("genlabel.manifest.ambiguous",)}
MALFORMED = {"form": "malformed", "state": "invalid", "attested": False, "source_type": None}
NO_TEXT = {**MALFORMED, "errors": ("assertion.action.malformed",)}
NO_CBOR = {**MALFORMED, "errors": ("assertion.cbor.invalid",)}
BROKEN = {"integrity": "broken", "form": "malformed", "state": "invalid", "attested": False}
AMBIGUOUS = {**BROKEN, "errors": ("genlabel.manifest.ambiguous",)}
_WHY = {
    "engine": "c2pa-python reads one of two keys, takes a source type in bytes for its base64, and "
    "hashes boxes as it would write them, without numbers, checksums and free space",
    "encypher": "encypher-c2pa reads one of two keys, does not look at the content of boxes, and "
    "does not read below some levels",
    "c2pa-ts": "c2pa-ts reads one of two keys or contents, and no strings in pieces, tags and "
    "boxes that it does not know",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxed(Assertion):
    """An assertion in a superbox of its own kind."""

    make: Callable[[bytes], bytes]

    @property
    def boxed(self) -> bytes:
        return self.make(cbor(self.value))


def of_claim(encode: Callable[[Mapping[str, Any]], bytes]) -> bytes:
    """A picture whose claim is written so."""
    return embedded(picture("png"), generated(forger(), encode=encode))


def with_field(value: Any, name: str = "own") -> bytes:
    return embedded(picture("png"), generated(forger(), claim={name: value}))


def of_actions(written: bytes) -> bytes:
    """A picture whose actions are encoded so."""
    return stated(Assertion(label=_LABEL, value=Verbatim(written)))


def in_box(make: Callable[[bytes], bytes]) -> bytes:
    """A picture whose actions stand in a superbox that `make` makes of their encoding."""
    return stated(Boxed(label=_LABEL, value=listed(), make=make))


def stated(actions: Assertion) -> bytes:
    return embedded(picture("png"), Draft(chain=forger(), assertions=(actions,)))


def listed() -> dict[str, Any]:
    """The honest actions."""
    value = created().value
    assert isinstance(value, dict)
    return value


def chunks(*texts: bytes) -> Verbatim:
    """A text in pieces."""
    return Verbatim(b"\x7f" + b"".join(head(3, len(each)) + each for each in texts) + b"\xff")


def indefinite(value: Mapping[str, Any]) -> bytes:
    return b"\xbf" + cbor(dict(value))[1:] + b"\xff"


def more(claim: Mapping[str, Any], *encoded: bytes) -> bytes:
    """The claim with one pair more."""
    return head(5, len(claim) + 1) + cbor(dict(claim))[1:] + b"".join(encoded)


def twice(claim: Mapping[str, Any], key: bytes) -> bytes:
    """The claim with its title twice, the second time by this key."""
    return more({**claim, "dc:title": "one"}, key, cbor("two"))


def action(*pairs: bytes) -> bytes:
    """Actions with one action of these encoded pairs."""
    return cbor({"actions": [Verbatim(head(5, len(pairs)) + b"".join(pairs))]})


def typed(*pairs: bytes) -> bytes:
    """The action of a picture that was generated, with these pairs more."""
    return action(_CREATED, _TYPE + cbor(GENERATED), *pairs)


def nested(levels: int) -> bytes:
    return cbor({**listed(), "metadata": {"own": Verbatim(b"\x81" * levels + b"\x01")}})


def two_lists() -> bytes:
    lie = [{"action": "c2pa.created", "digitalSourceType": CAPTURED}]
    return head(5, 2) + (cbor("actions") + cbor(listed()["actions"])) + cbor("actions") + cbor(lie)


def described(
    toggles: int, behind: bytes = b"", *, label: bytes = _LABEL.encode() + b"\0"
) -> bytes:
    """The description box of the actions."""
    return box(b"jumd", CBOR + bytes([toggles]) + label + behind)


def jumb(*inside: bytes) -> bytes:
    return box(b"jumb", b"".join(inside))


def beside(*others: bytes) -> Callable[[bytes], bytes]:
    """The superbox of the actions with other boxes behind its content."""
    return lambda value: jumb(described(3), box(b"cbor", value), *others)


def about(toggles: int, behind: bytes = b"") -> Callable[[bytes], bytes]:
    return lambda value: jumb(described(toggles, behind), box(b"cbor", value))


def as_kind(kind: bytes, **how: Any) -> Callable[[bytes], bytes]:
    return lambda value: superbox(_LABEL, kind, box(b"cbor", value), **how)


def _claims(odd: Mapping[str, Callable[[Mapping[str, Any]], bytes]]) -> Files:
    return {name: partial(of_claim, encode) for name, encode in odd.items()}


def _fields(odd: Mapping[str, Any]) -> Files:
    return {name: partial(with_field, value) for name, value in odd.items()}


def _actions(odd: Mapping[str, Callable[[], bytes]]) -> Files:
    return {name: lambda make=make: of_actions(make()) for name, make in odd.items()}


def _boxes(odd: Mapping[str, Callable[[bytes], bytes]]) -> Files:
    return {f"the box of actions, {name}": partial(in_box, make) for name, make in odd.items()}


_READ = {
    **_claims(
        {
            "a claim of indefinite length, honest": indefinite,
            "a claim in another order, honest": lambda claim: cbor(dict(reversed(claim.items()))),
            "a claim with a longer head, honest": lambda claim: (
                b"\xb8" + bytes([len(claim)]) + cbor(dict(claim))[1:]
            ),
            "a claim with a key that is a number, honest": lambda claim: twice(claim, cbor(7)),
            "a claim with a zero in its title, honest": lambda claim: cbor(
                {**claim, "dc:title": "a\0b"}
            ),
        }
    ),
    **_fields(
        {
            "a claim with a number that is none, honest": float("nan"),
            "a claim with a big number, honest": Verbatim(b"\xc2\x49" + b"\xff" * 9),
            "a claim with something undefined, honest": Verbatim(b"\xf7"),
            "a claim with a date that is none, honest": Verbatim(b"\xc0" + cbor("yesterday")),
        }
    ),
    **_actions(
        {
            "actions of indefinite length, honest": lambda: indefinite(listed()),
            "a source type that is tagged, honest": lambda: action(
                _CREATED, _TYPE + b"\xd8\x20" + cbor(GENERATED)
            ),
            "actions a hundred levels deep, honest": lambda: nested(100),
        }
    ),
    **_boxes(
        {
            "free space in it, honest": beside(box(b"free", bytes(9))),
            "a number in its description, honest": about(7, b"\0\0\0\x05"),
            "a salt, honest": as_kind(CBOR, salt=bytes(range(16))),
        }
    ),
}

CASES = grouped(
    "encodings",
    USUAL,
    _WHY,
    ({}, {USUAL: lambda: embedded(picture("png"), generated(forger())), **_READ}),
    (
        {**UNREAD, **SILENT},
        {
            **_claims(
                {
                    "a claim that is tagged": lambda claim: b"\xd9\xd9\xf7" + cbor(dict(claim)),
                    "a claim that is a list": lambda claim: cbor([dict(claim)]),
                    "a claim that is nothing": lambda claim: b"",
                    "a claim that is cut": lambda claim: cbor(dict(claim))[:-1],
                    "a claim with a text that is no UTF-8": lambda claim: more(
                        claim, cbor("own"), b"\x62\xc3\x28"
                    ),
                    "a claim with half a character": lambda claim: more(
                        claim, cbor("own"), b"\x63\xed\xa0\x80"
                    ),
                }
            ),
            "a claim with a simple value that nobody knows": partial(
                with_field, Verbatim(b"\xf8\xff")
            ),
        },
    ),
    (UNREAD, _claims({"a claim with a key that is a list": lambda claim: twice(claim, b"\x80")})),
    (
        {**TWO, **SILENT},
        _claims(
            {
                "a claim with bytes behind it": lambda claim: cbor(dict(claim)) + b"\0",
                "a claim behind a claim": lambda claim: cbor(dict(claim)) * 2,
            }
        ),
    ),
    (
        TWO,
        _claims(
            {
                "a claim with a key twice": lambda claim: twice(claim, cbor("dc:title")),
                "a claim with a key twice, once in a longer form": lambda claim: twice(
                    claim, b"\x78\x08dc:title"
                ),
                "a claim with a key twice, once in pieces": lambda claim: twice(
                    claim, chunks(b"dc:", b"title")
                ),
            }
        ),
    ),
    (
        UNOPENED,
        {
            **_actions(
                {
                    "a source type in pieces, honest": lambda: action(
                        _CREATED, _TYPE + chunks(_SHOWN[:30], _SHOWN[30:])
                    ),
                    "a source type, and another by bytes": lambda: typed(
                        cbor(b"digitalSourceType") + cbor(CAPTURED)
                    ),
                }
            ),
            **_boxes(
                {
                    "a long header inside, honest": lambda value: jumb(
                        described(3),
                        b"\0\0\0\x01cbor" + (16 + len(value)).to_bytes(8, "big") + value,
                    ),
                    "free space before it, honest": lambda value: jumb(
                        described(3), box(b"free", bytes(9)), box(b"cbor", value)
                    ),
                    "it may not be asked for, honest": about(2),
                    "a salt that is short": as_kind(CBOR, salt=b"salt"),
                    "its description calls it JSON": as_kind(JSON),
                    "its description goes on": about(3, b"c2pa.more\0"),
                }
            ),
        },
    ),
    (
        NO_TEXT,
        {
            **_actions(
                {
                    "a source type in no pieces": lambda: action(_CREATED, _TYPE + chunks()),
                    "a source type in bytes": lambda: action(_CREATED, _TYPE + cbor(_SHOWN)),
                    "actions that are a list": lambda: cbor([listed()]),
                }
            ),
            "actions as JSON without any": lambda: in_box(
                lambda _: superbox(_LABEL, JSON, box(b"json", b'{"actions":[]}'))
            ),
        },
    ),
    (
        {"form": "malformed", "state": "invalid", "errors": ("assertion.action.malformed",)},
        _actions({"actions that are tagged": lambda: b"\xd9\xd9\xf7" + cbor(listed())}),
    ),
    (
        NO_CBOR,
        _actions(
            {
                "a source type in pieces of another kind": lambda: action(
                    _CREATED, _TYPE + b"\x7f" + cbor(_SHOWN) + b"\xff"
                ),
                "actions that are nothing": lambda: b"",
                "actions that are cut": lambda: cbor(listed())[:-1],
                "actions two hundred levels deep": lambda: nested(200),
                "actions that announce a million": lambda: (
                    cbor({**listed(), "more": []})[:-1] + b"\x9a\0\x0f\x42\x40"
                ),
            }
        ),
    ),
    (
        {**AMBIGUOUS, **SILENT},
        {
            **_actions(
                {
                    "a source type twice": lambda: typed(_TYPE + cbor(CAPTURED)),
                    "a source type twice, once in a longer form": lambda: typed(
                        b"\x79\x00\x11digitalSourceType" + cbor(CAPTURED)
                    ),
                    "a source type twice, once in pieces": lambda: typed(
                        chunks(b"digital", b"SourceType") + cbor(CAPTURED)
                    ),
                    "two lists of actions": two_lists,
                    "actions with bytes behind them": lambda: cbor(listed()) + b"\0",
                    "actions behind actions": lambda: cbor(listed()) * 2,
                }
            ),
            **_boxes({"a box of one's own beside it": beside(box(b"ownx", b"words"))}),
        },
    ),
    (
        AMBIGUOUS,
        _boxes(
            {
                "a second content": lambda value: beside(box(b"cbor", value))(value),
                "a second content of another kind": beside(box(b"json", b"{}")),
                "a superbox beside the content": beside(superbox("x", CBOR, box(b"cbor", b"\xa0"))),
                "a second description": lambda value: jumb(
                    described(3), described(3, label=b"c2pa.thing\0"), box(b"cbor", value)
                ),
            }
        ),
    ),
    (
        {**TWO, **SILENT, "errors": ("genlabel.manifest.unreadable",)},
        _boxes(
            {
                "it goes on to the end": lambda value: jumb(described(3), b"\0\0\0\0cbor" + value),
                "its label has no end": lambda value: jumb(
                    described(3, label=_LABEL.encode()), box(b"cbor", value)
                ),
            }
        ),
    ),
)
