"""Serialisation of results: as plain values, as JSON and on one line, by their published names.

The dataclasses are the only description of what is published: `docs/generate.py` makes the JSON
schemas of `docs/schema/` from their types, docstrings and the metadata that `in_json` gives.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from pathlib import PurePath
from typing import Any, ClassVar

from genlabel.model.expression import expression

Shape = dict[str, Any]
DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
HEX_SHA256 = "^[0-9a-f]{64}$"
_HALVES = expression("[\ud800-\udfff]")
_LINE, _VALUE = 200, 48
"""Most characters of a `repr`, and of one value in it."""


def in_json(name: str | None = None, *, optional: bool = False, **schema: Any) -> Shape:
    """Metadata of a dataclass field: how it is published in JSON.

    `name` is its name there (default: the field's; ``""``: not published), `optional` says that
    documents of earlier versions lack it, `schema` are further JSON Schema keywords of it.
    """
    return {"name": name, "optional": optional, "schema": schema}


def same_names(names: str) -> Mapping[str, str]:
    """`PUBLISHED` of attributes whose names are published as they are."""
    return {name: name for name in names.split()}


def keys(kind: type) -> Mapping[str, str]:
    """The published names of the dataclass `kind`, in order, with the attributes they come from."""
    return _keys(kind)


@cache
def _keys(kind: type) -> Mapping[str, str]:
    own: Mapping[str, str] = getattr(kind, "PUBLISHED", {})
    if own:
        return own
    named = [(each.metadata.get("name"), each.name) for each in fields(kind)]
    return {name if name is not None else field: field for name, field in named if name != ""}


def plain(value: object) -> Any:
    """`value` as JSON's own kinds: what `json.dumps` takes."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return _whole(value)
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {plain(key): plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, Result):
        return value.to_dict()
    if is_dataclass(value):
        return {name: plain(getattr(value, field)) for name, field in keys(type(value)).items()}
    raise TypeError(f"{type(value).__name__}: not published")


def _whole(text: str) -> str:
    """`text` without halves of characters, which strict parsers of JSON refuse.

    They stand for bytes of names that are no UTF-8 (``caf\\xe9.png``, as it is shown elsewhere).
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return _HALVES.sub(_shown_half, text)
    return text


def _shown_half(half: re.Match[str]) -> str:
    byte = ord(half[0]) - 0xDC00  # PEP 383
    return f"\\x{byte:02x}" if 0x80 <= byte <= 0xFF else f"\\u{ord(half[0]):04x}"


def rfc3339(moment: datetime) -> str:
    """`moment` in UTC with ``Z``, to the second."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def dumped(content: Shape | list[Shape], *, indent: int | None) -> str:
    """`content` as JSON in ASCII: no direction override or odd console changes what is seen.

    JSON's own punctuation has neither ``::`` nor ``##``: where they stand they are text that the
    logs of CI systems would obey.
    """
    text = json.dumps(content, ensure_ascii=True, indent=indent, allow_nan=False)
    return text.replace("::", ":\\u003a").replace("##", "#\\u0023") + "\n"


class Result:
    """What all public results share: plain values, JSON, and a `repr` of one line."""

    __slots__ = ()
    PUBLISHED: ClassVar[Mapping[str, str]] = {}
    """JSON name → attribute, for a class that publishes properties; else its fields, in order."""

    def to_dict(self) -> Shape:
        """The result in the shape that `docs/schema/` publishes: dict, list, str, number, None."""
        return {name: plain(getattr(self, field)) for name, field in keys(type(self)).items()}

    def to_json(self, *, indent: int | None = None) -> str:
        """`to_dict` as JSON, in ASCII; on one line unless `indent` is given."""
        return dumped(self.to_dict(), indent=indent).removesuffix("\n")

    def _repr_html_(self) -> str:
        """The result as a table, as Jupyter shows it."""
        from genlabel.model.notebook import table

        return table(type(self).__name__, self.to_dict())

    def __repr__(self) -> str:
        """On one line of at most 200 characters, without what is not set; of bytes the size."""
        line = f"{type(self).__name__}({', '.join(_shown(self))})"
        return line if len(line) <= _LINE else f"{line[: _LINE - 2]}…)"


def _shown(result: Any) -> Iterator[str]:
    for each in fields(result):
        value = getattr(result, each.name)
        if each.repr and value is not None and value != each.default and value not in ((), {}):
            yield f"{each.name}={_short(value)}"


def _short(value: object) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return f"<{len(value):,} bytes>"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, tuple | list | Mapping):
        return f"<{len(value):,}>"
    if is_dataclass(value):
        return f"{type(value).__name__}(…)"
    text = repr(str(value) if isinstance(value, PurePath) else value)
    return text if len(text) <= _VALUE else f"{text[: _VALUE - 1]}…"
