"""JSON schemas made from the dataclasses that hold the results.

Types become JSON Schema, docstrings become descriptions, and what `in_json` of
`genlabel.model.serialise` says of a field (its published name, further keywords) is taken over.
`generate.py` writes them.
"""

from __future__ import annotations

import json
import re
import types
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from docstrings import field_docstrings

from genlabel.credentials.key_check import KeyCheck
from genlabel.credentials.trust.describe import DescribedList
from genlabel.model.report import Finding, Report
from genlabel.model.results import SignReport, StripReport
from genlabel.model.serialise import DAY, Result, keys
from genlabel.operations.doctor import Diagnosis
from genlabel.operations.explain import Explanation
from genlabel.operations.inspect import Inspection
from genlabel.operations.sources import Sources
from genlabel.policies import Policy, policies
from genlabel.policies.declaration_files import MAX_OVERRIDES, SCHEMA as DECLARATIONS
from genlabel.policies.declarations import QuestionKind
from genlabel.policies.described import DescribedBook, DescribedQuestion, DescribedRule
from genlabel.rendering.json import Document

DRAFT = "https://json-schema.org/draft/2020-12/schema"
MOMENT = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
STABLE = "Within this number fields are only added; "
LINES = " Each line of --format jsonl is one $defs/report."
PLAIN: Mapping[object, Mapping[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": 0},
    float: {"type": "number"},
    datetime: {"type": "string", "pattern": MOMENT},
    date: {"type": "string", "pattern": DAY},
    type(None): {"type": "null"},
    Any: {},
}
NAMES = {Report: "verified", Finding: "finding", DescribedList: "list"} | {
    DescribedBook: "book",
    DescribedRule: "rule",
    DescribedQuestion: "question",
}
"""What a class is called among the definitions; others by their own names, in lower case."""

Schema = dict[str, Any]


def pages() -> Mapping[str, str]:
    """Every schema: name below `docs/` → text."""
    codes = "codes are stable, explanations are not."
    stable = "questions, outcomes, codes and the names of consumers and statements are stable,"
    books = "; names of books, rules and questions are stable, sentences are not."
    several = [
        _of_run(Report, "verify", codes),
        _of_run(StripReport, "strip-check", codes),
        _of_run(SignReport, "sign", codes),
        _of_run(Inspection, "inspect", codes),
        _of_run(Explanation, "explain", f"{stable} sentences are not."),
        _alone(Diagnosis, "doctor", "names of checks and states are stable, what they say is not."),
        _alone(KeyCheck, "keys check", "rules are stable, explanations are not."),
        _listing("trust", "trust show", ".", lists=DescribedList),
        _listing("policies", "policy show", books, books=DescribedBook, rules=DescribedRule),
        _listing("source-lines", "sources", ".", files=Sources),
        ("declarations", declarations_schema()),
    ]
    return {f"schema/{name}-1.json": json.dumps(made, indent=2) + "\n" for name, made in several}


def _of_run(kind: type[Any], command: str, stable: str) -> tuple[str, Schema]:
    """The document of a command over many files: the frame, the summary, the reports."""
    definitions = Definitions({kind: "report"})
    whole = definitions.object(Document)
    whole["properties"]["schema"] = {"const": f"genlabel.{kind.KIND}/1"}
    definitions.made(kind)
    return kind.KIND, _document(command, STABLE + stable + LINES, whole, definitions)


def _alone(kind: type[Any], command: str, stable: str) -> tuple[str, Schema]:
    """The document of a command that answers once: its head, then the result itself."""
    definitions = Definitions(closed=True)
    whole = definitions.object(kind)
    head = _head(kind, "schema", "genlabel", "engine", "started")
    whole["properties"] = {**head, **whole["properties"]}
    whole["required"] = list(whole["properties"])
    return kind.KIND, _document(command, STABLE + stable, whole, definitions)


def _listing(name: str, command: str, stable: str, **listed: type[Any]) -> tuple[str, Schema]:
    """A document that is no report on files in turn: a head, and lists of what `listed` says."""
    definitions = Definitions(closed=True)
    properties = _head(next(iter(listed.values())), "schema", "genlabel", "started")
    properties["schema"] = {"const": f"genlabel.{name}/1"}
    properties |= {key: definitions.of(tuple[kind, ...]) for key, kind in listed.items()}
    whole = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return name, _document(command, STABLE.rstrip("; ") + stable, whole, definitions)


DAY_TEXT: Schema = {"type": "string", "pattern": DAY, "description": "In TOML a date."}
ANSWERS: Mapping[QuestionKind, Schema] = {
    QuestionKind.YES_NO: {"type": "boolean"},
    QuestionKind.TEXT: {"type": "string", "minLength": 1},
    QuestionKind.DATE: DAY_TEXT,
    QuestionKind.APPROVAL: {
        "type": "object",
        "properties": {
            **{name: {"type": "string", "minLength": 1} for name in ("reference", "by")},
            "on": DAY_TEXT,
        },
        "required": ["reference", "by", "on"],
        "additionalProperties": False,
    },
}


def declarations_schema() -> Schema:
    """What `--declarations FILE` reads: the answers to each book's questions."""
    tables = {each.name: _answers(each) for each in policies() if each.questions}
    word: Schema = {"by": {"type": "string", "minLength": 1}, "on": DAY_TEXT}
    globs = {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1}
    own = {"type": "object", "description": "The answers to a rule book of one's own."}
    return {
        "$schema": DRAFT,
        "title": "What `genlabel verify --declarations FILE` reads, as TOML",
        "description": "What no file shows, as its user declares it: by whom, when, to which "
        "question of which rule book.",
        "type": "object",
        "properties": {
            "schema": {"const": DECLARATIONS},
            **word,
            **{name: {"$ref": f"#/$defs/{name}"} for name in tables},
            "for": {"type": "array", "items": {"$ref": "#/$defs/for"}, "maxItems": MAX_OVERRIDES},
        },
        "required": ["schema"],
        "additionalProperties": own,
        "$defs": {
            **tables,
            "for": {
                "type": "object",
                "description": "Answers for the files alone that fit one of the globs.",
                "properties": {
                    "paths": globs,
                    **word,
                    **{name: {"$ref": f"#/$defs/{name}"} for name in tables},
                },
                "required": ["paths"],
                "additionalProperties": own,
            },
        },
    }


def _answers(book: Policy) -> Schema:
    return {
        "type": "object",
        "properties": {
            each.id: {
                **(ANSWERS.get(each.kind) or {"enum": list(each.choices)}),
                "description": each.text,
            }
            for each in book.questions
        },
        "additionalProperties": False,
    }


def _head(kind: type[Any], *names: str) -> Schema:
    properties = Definitions().object(Document)["properties"]
    properties["schema"] = {"const": f"genlabel.{kind.KIND}/1"}
    return {name: properties[name] for name in names}


def _document(command: str, description: str, whole: Schema, definitions: Definitions) -> Schema:
    title = f"What `genlabel {command} --format json` writes"
    head = {"$schema": DRAFT, "title": title, "description": description}
    found = {"$defs": definitions.found} if definitions.found else {}
    return {**head, **whole, **found}


@dataclass
class Definitions:
    """The definitions of one schema, found on the way through the dataclasses."""

    names: dict[type[Any], str] = field(default_factory=dict)
    closed: bool = False
    """Is nothing allowed beside what is named?"""
    found: dict[str, Schema] = field(default_factory=dict)

    def made(self, kind: type[Any]) -> Schema:
        """A reference to the dataclass `kind`, which is among the definitions from now on."""
        name = self.names.get(kind) or NAMES.get(kind) or kind.__name__.lower()
        if name not in self.found:
            self.found[name] = {}  # its place in the order, and no end of it otherwise
            self.found[name] = self.object(kind)
        return {"$ref": f"#/$defs/{name}"}

    def object(self, kind: type[Any]) -> Schema:
        """The dataclass `kind` as it is published."""
        own = kind.__dict__.get("to_dict")
        if own is not None:  # published in another way than field by field
            return {**self.of(get_type_hints(own)["return"]), "description": _line(kind.__doc__)}
        hints, said = get_type_hints(kind), field_docstrings(kind)
        told = {each.name: each.metadata for each in fields(kind)}
        properties, required = {}, []
        for name, attribute in keys(kind).items():
            extra = told.get(attribute, {})
            hint = hints.get(attribute) or get_type_hints(getattr(kind, attribute).fget)["return"]
            properties[name] = _with(self.of(hint), extra.get("schema", {}))
            if said.get(attribute):
                properties[name]["description"] = _line(said[attribute])
            if not extra.get("optional"):
                required.append(name)
        made: Schema = {"type": "object", "properties": properties, "required": required}
        return {**made, "additionalProperties": False} if self.closed else made

    def of(self, hint: Any) -> Schema:
        """Any type of a result."""
        origin, parts = get_origin(hint), get_args(hint)
        if hint in PLAIN:
            return dict(PLAIN[hint])
        if origin in (Union, types.UnionType):
            return _either([self.of(each) for each in parts])
        if origin is Literal:
            return {"enum": list(parts)}
        if origin in (tuple, list):
            return {"type": "array", "items": self.of(parts[0])}
        if origin is not None and issubclass(origin, Mapping):
            names = self.of(parts[0])
            told = {} if parts[0] is str else {"propertyNames": names}
            return {"type": "object", **told, "additionalProperties": self.of(parts[1])}
        if issubclass(hint, Enum):
            return {"enum": [each.value for each in hint]}
        if is_dataclass(hint) or issubclass(hint, Result):
            return self.made(hint)
        raise TypeError(f"{hint}: no type of a published result")


def _either(several: list[Schema]) -> Schema:
    """Alternatives; simple kinds in one ``type``, enumerations with ``null`` in one ``enum``."""
    null = {"type": "null"}
    others = [each for each in several if each != null]
    if null in several and len(others) == 1:
        (other,) = others
        if "enum" in other:
            return {"enum": [*other["enum"], None]}
        if isinstance(other.get("type"), str) and other["type"] not in ("array", "object"):
            return {**other, "type": [other["type"], "null"]}
    return {"anyOf": several}


def _with(schema: Schema, more: Mapping[str, Any]) -> Schema:
    """`schema` with further keywords; an ``enum`` takes the place of the type."""
    if "enum" not in more:
        return {**schema, **more}
    null = [None] if isinstance(schema.get("type"), list) else []
    return {"enum": [*more["enum"], *null]}


def _line(text: str | None) -> str:
    """On one line, without the markup, in JSON's words."""
    plain = " ".join((text or "").split()).replace("``", "")
    return re.sub(r"\bNone\b", "null", plain)
