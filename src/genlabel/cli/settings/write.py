"""Tables that `keys new --write-config` adds to `genlabel.toml`; what stands there is kept."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from genlabel.model.errors import ConfigurationError
from genlabel.storage import write_atomically
from genlabel.storage.toml_files import text_of, way_out

Table = Mapping[str, str | tuple[str, ...]]

SHARED = frozenset({"trust"})
"""Tables whose values belong to different credentials, so that a new one may join them."""


def lines(tables: Mapping[str, Table]) -> str:
    """`tables` as TOML 1.0, one value a line."""
    import tomlkit

    return tomlkit.dumps({name: _values(table) for name, table in tables.items()})


def check_room(path: Path, tables: Mapping[str, Table]) -> None:
    """Raise `ConfigurationError` if `path` has one of `tables` already or cannot be extended."""
    _extended(path, tables)


def add(path: Path, tables: Mapping[str, Table]) -> None:
    """Adds `tables` to `path`, which is made if need be; all or nothing.

    They go to its end; values of a table that is shared go below those that are there.
    """
    text, is_there = _extended(path, tables), path.exists()
    write_atomically(path, text.encode(), like=path if is_there else None, overwrite=is_there)


def renew(path: Path, table: str, values: Mapping[str, str], trust: tuple[str, str]) -> None:
    """Sets `values` of `table` in the file `path`, and adds an anchor to a list of ``[trust]``.

    `trust` is the list's name and the anchor's path; what is on the list stays. All or nothing:
    raises `ConfigurationError` where the file cannot be changed so.
    """
    name, anchor = trust
    text, document, present = _read(path)
    in_project = path.name == "pyproject.toml"
    for tables in (document, present):
        home = tables["tool"]["genlabel"] if in_project else tables
        home.setdefault(table, {}).update(values)
        known = home.setdefault("trust", {}).get(name, [])
        several = [known] if isinstance(known, str) else list(known)
        home["trust"][name] = [*several, *([] if anchor in several else [anchor])]
    written = document.as_string()
    if written != text:
        _check(path, written, present)
        write_atomically(path, written.encode(), like=path, overwrite=True)


def _extended(path: Path, tables: Mapping[str, Table]) -> str:
    """The text of `path` with `tables` in it."""
    import tomlkit

    _, document, present = _read(path)
    wanted = dict(present)
    for name, table in tables.items():
        own, values = present.get(name, {}), _values(table)
        if name in present and (
            name not in SHARED or not isinstance(own, dict) or own.keys() & values.keys()
        ):
            raise ConfigurationError(
                f"{path}: has a table [{name}] already, and nothing there is overwritten",
                remedy="change it by hand, or leave --write-config out",
            )
        wanted[name] = {**own, **values}
        if name in present:
            _join(document[name], values)
        else:
            document[name] = values
    extended = tomlkit.dumps(document)
    _check(path, extended, wanted)
    return extended


def _read(path: Path) -> tuple[str, Any, dict[str, Any]]:
    """The text of `path` with an end to its last line, as a document and as values."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    if path.is_symlink() and not path.exists():
        raise ConfigurationError(f"{path}: leads to no file", remedy="remove the link")
    text = text_of(path) if path.exists() else ""
    text += "" if text.endswith("\n") or not text else "\n"
    try:
        return text, tomlkit.parse(text), tomllib.loads(text)
    except (ValueError, TOMLKitError, RecursionError) as error:
        remedy = way_out(text, error)
        raise ConfigurationError(f"{path}: no TOML ({error})", remedy=remedy) from error


def _join(own: Any, values: Mapping[str, object]) -> None:
    """Adds `values` to a table before the comments at its end, which belong to the next one."""
    from tomlkit.items import Table as Section

    if not isinstance(own, Section):
        own.update(values)
        return
    body = own.value.body
    tail: list[Any] = []
    while body and body[-1][0] is None:
        tail.append(body.pop()[1])
    own.update(values)
    for each in reversed(tail):
        own.add(each)


def _check(path: Path, text: str, wanted: Mapping[str, object]) -> None:
    """What is written reads back as meant, whatever form the file's own tables have."""
    try:
        written = tomllib.loads(text)
    except ValueError:
        written = {}
    if written != wanted:
        raise ConfigurationError(
            f"{path}: its tables are written in a form that is not extended here",
            remedy="add the lines by hand, and leave --write-config out",
        )


def _values(table: Table) -> dict[str, object]:
    return {word: list(v) if isinstance(v, tuple) else v for word, v in table.items()}
