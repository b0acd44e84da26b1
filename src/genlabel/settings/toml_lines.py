"""A small writer of TOML: the lines that `keys new --write-config` adds to `genlabel.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from genlabel.errors import ConfigurationError
from genlabel.files import write_atomically

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


def check_room(path: Path, tables: Mapping[str, Table]) -> None:
    """Raise `ConfigurationError` if `path` has one of `tables` already or cannot be extended."""
    present = _present(path)
    for name in tables:
        if name in present:
            raise ConfigurationError(
                f"{path}: has a table [{name}] already, and nothing there is overwritten",
                remedy="change it by hand, or leave --write-config out",
            )


def add(path: Path, tables: Mapping[str, Table]) -> None:
    """Adds `tables` at the end of `path`, which is made if need be; all or nothing."""
    check_room(path, tables)
    if not path.exists():
        write_atomically(path, lines(tables).encode())
        return
    before = path.read_bytes()
    between = b"" if not before else b"\n" if before.endswith(b"\n") else b"\n\n"
    write_atomically(path, before + between + lines(tables).encode(), like=path, overwrite=True)


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
