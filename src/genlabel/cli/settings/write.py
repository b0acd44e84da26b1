"""A small writer of TOML: the lines that `keys new --write-config` adds to `genlabel.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from genlabel.model.errors import ConfigurationError
from genlabel.storage import write_atomically

Table = Mapping[str, str | tuple[str, ...]]

_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
}


def lines(tables: Mapping[str, Table]) -> str:
    """`tables` as TOML 1.0, one value a line."""
    parts = []
    for name, table in tables.items():
        values = [f"{word} = {_value(value)}" for word, value in table.items()]
        parts.append("\n".join([f"[{name}]", *values]) + "\n")
    return "\n".join(parts)


SHARED = frozenset({"trust"})
"""Tables whose values belong to different credentials, so that a new one may join them."""


def check_room(path: Path, tables: Mapping[str, Table]) -> None:
    """Raise `ConfigurationError` if `path` has one of `tables` already or cannot be extended."""
    _extended(path, tables)


def add(path: Path, tables: Mapping[str, Table]) -> None:
    """Adds `tables` to `path`, which is made if need be; all or nothing.

    They go to its end; values of a table that is shared go below the heading that is there.
    """
    made = _extended(path, tables)
    if path.exists():
        write_atomically(path, made.encode(), like=path, overwrite=True)
    else:
        write_atomically(path, made.encode())


def _extended(path: Path, tables: Mapping[str, Table]) -> str:
    """The text of `path` with `tables` in it."""
    present, rest = _present(path), dict(tables)
    text = path.read_bytes().decode("utf-8-sig") if path.exists() else ""
    for name, table in tables.items():
        there = present.get(name)
        if there is None:
            continue
        if name not in SHARED or not isinstance(there, dict) or there.keys() & table.keys():
            raise ConfigurationError(
                f"{path}: has a table [{name}] already, and nothing there is overwritten",
                remedy="change it by hand, or leave --write-config out",
            )
        heading = re.search(rf"^[ \t]*\[{name}\][ \t]*(#.*)?\r?\n", text, re.MULTILINE)
        if heading is not None:
            values = "".join(f"{word} = {_value(value)}\n" for word, value in table.items())
            text = text[: heading.end()] + values + text[heading.end() :]
        del rest[name]
    if rest:
        text += "" if not text else "\n" if text.endswith("\n") else "\n\n"
        text += lines(rest)
    _check_extension(path, present, tables, text)
    return text


def _check_extension(
    path: Path, present: Mapping[str, object], tables: Mapping[str, Table], text: str
) -> None:
    """A heading may stand in a text, or a table be written in another way: nothing is guessed."""
    wanted: dict[str, object] = dict(present)
    for name, table in tables.items():
        there = present.get(name)
        added = {w: list(v) if isinstance(v, tuple) else v for w, v in table.items()}
        wanted[name] = {**(there if isinstance(there, dict) else {}), **added}
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        found = {}
    if found != wanted:
        raise ConfigurationError(
            f"{path}: its tables are written in a form that is not extended here",
            remedy="add the lines by hand, and leave --write-config out",
        )


def _present(path: Path) -> Mapping[str, object]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: no TOML ({error})", remedy="correct the file") from error


def _value(value: str | tuple[str, ...]) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    return '"' + "".join(_character(each) for each in value) + '"'


def _character(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    return f"\\u{ord(char):04X}" if ord(char) < 0x20 or ord(char) == 0x7F else char
