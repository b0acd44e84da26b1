"""A batch file: one picture a row, with what its label says beside what all have in common.

CSV with a line of names, or JSON lines. Names that nobody knows end the run before it begins; what
else is wrong with a row is wrong with that picture alone.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from pathlib import Path

from genlabel.cli.settings.keys import KEYS, Kind, key
from genlabel.cli.settings.kinds import checked
from genlabel.cli.settings.values import Layer, Rank, Setting
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError, GenlabelError
from genlabel.model.histories import History
from genlabel.model.mining import USES, Permission
from genlabel.model.nearest import did_you_mean
from genlabel.model.plus import DataMining, MinorModelAge, ModelRelease, PropertyRelease
from genlabel.model.vocabulary import DigitalSourceType, Role
from genlabel.storage import MAX_FILES_FROM, STDIN
from genlabel.storage.file_contents import named_file

OWN = ("path", "out", "parent")
"""Columns that are no setting."""
MAX_CELL = 1024 * 1024
"""Most characters of one cell."""
_DELIMITERS = ",;\t"
_SEVERAL = (Kind.TEXTS, Kind.ELEMENTS)
"""What a cell of CSV holds several of, separated by ``;``."""
_JSON_LINES = (".jsonl", ".ndjson", ".json")
_MAX_NAMES = 4
"""Deepest object of JSON lines: rights.licensor.name, and one more to name in an error."""


def _history(word: str) -> object:
    name = word.strip().lower().replace("-", "_")
    if name in {each.value for each in History}:
        return name
    raise ConfigurationError(f"{word!r}: no history", remedy=did_you_mean(name, list(History)))


_WORDS: Mapping[str, Callable[[str], object]] = {
    "label.history": _history,
    "label.source_type": DigitalSourceType.parse,
    "label.rights.data_mining": DataMining.parse,
    "label.rights.model_release": ModelRelease.parse,
    "label.rights.property_release": PropertyRelease.parse,
    "label.rights.minor_model_age": MinorModelAge.parse,
    "producer.role": Role.parse,
    **dict.fromkeys((f"label.rights.mining.{use}" for use in USES), Permission.parse),
}
"""Settings of which each has its own words; so a wrong one is told with its column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One picture."""

    place: str
    """The file and the line, for people."""
    own: Mapping[str, str] = field(default_factory=dict)
    """``path``, ``out`` and ``parent``, as far as they are given."""
    settings: Layer = field(default_factory=dict)
    fault: GenlabelError | None = None
    """What is wrong with it."""


@dataclass(frozen=True, slots=True)
class _Raw:
    line: int
    cells: Mapping[str, object]
    fault: str | None = None


def read(source: Path, *, below: Path) -> tuple[Row, ...]:
    """The rows of a file, or of standard input; paths in them are below the folder `below`.

    Raises `ConfigurationError` for a file that cannot be read and for unknown names.
    """
    name = "standard input" if str(source) == STDIN else str(source)
    text = _text(source, name)
    is_json = source.suffix.lower() in _JSON_LINES or text.lstrip()[:1] in ("{", "[")
    raw = tuple(_json_lines(text) if is_json else _table(text, name))
    if len(raw) > 1 and is_json and all(each.fault for each in raw):
        raise ConfigurationError(
            f"{name}, line {raw[0].line}: {raw[0].fault}",
            remedy="write JSON lines: the object of one picture a line, and no list around them",
        )
    _refuse_unknown(name, raw)
    if not raw:
        raise ConfigurationError(f"{name}: no row", remedy="give one row a picture")
    return tuple(_row(name, each, below, is_json=is_json) for each in raw)


def _text(source: Path, name: str) -> str:
    if str(source) == STDIN:
        if sys.stdin is None:
            raise ConfigurationError("-: standard input is closed", remedy="name a file")
        data = sys.stdin.buffer.read(MAX_FILES_FROM + 1)
        if len(data) > MAX_FILES_FROM:
            raise ConfigurationError(f"{name}: more than {MAX_FILES_FROM:,} bytes")
    else:
        data = named_file(source, most=MAX_FILES_FROM)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(
            f"{name}, line {line:,}: no UTF-8", remedy="save the file as UTF-8 (CSV UTF-8)"
        ) from error


def _table(text: str, name: str) -> Iterator[_Raw]:
    """The rows of a CSV file (RFC 4180), whose first line has the names."""
    head = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head.count)
    before = csv.field_size_limit(MAX_CELL)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        names = [each.strip() for each in next(lines, [])]
        _check_header(name, names)
        begun = lines.line_num + 1
        for cells in lines:
            line, begun = begun, lines.line_num + 1
            if not any(each.strip() for each in cells):
                continue
            fault = None
            if len(cells) != len(names):
                fault = f"{len(cells)} cells, and the first line has {len(names)} names"
            filled = zip(names, cells, strict=False)
            yield _Raw(line, {each: cell for each, cell in filled if cell.strip()}, fault)
    except csv.Error as error:
        raise ConfigurationError(
            f"{name}, line {lines.line_num:,}: no CSV ({error})", remedy="correct the file"
        ) from error
    finally:
        csv.field_size_limit(before)


def _check_header(name: str, names: list[str]) -> None:
    twice = [each for each, times in Counter(names).items() if times > 1 and each]
    if twice:
        raise ConfigurationError(f"{name}: two columns are called {twice[0]}")
    if "path" not in names:
        like = next((each for each in names if each.lower() == "path"), None)
        raise ConfigurationError(
            f"{name}: no column is called path",
            remedy=f"write {like} as path" if like else "begin with a line such as path,out,title",
        )
    _refuse_unknown(name, [_Raw(1, dict.fromkeys(names))])


def _json_lines(text: str) -> Iterator[_Raw]:
    for line, words in enumerate(text.split("\n"), 1):
        if not words.strip():
            continue
        try:
            content = json.loads(words, object_pairs_hook=_once)
        except (ValueError, RecursionError) as error:
            yield _Raw(line, {}, f"no JSON ({error})")
            continue
        if isinstance(content, dict):
            yield _Raw(line, dict(_flat(content, "")))
        else:
            yield _Raw(line, {}, "no JSON object")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError("a name stands in it twice")
    return content


def _flat(content: Mapping[str, object], prefix: str) -> Iterator[tuple[str, object]]:
    """Names with those of the objects around them: ``producer.name``."""
    for word, value in content.items():
        name = prefix + word
        if isinstance(value, Mapping) and name.count(".") < _MAX_NAMES:
            yield from _flat(value, name + ".")
        elif value is not None:
            yield name, value


def _setting(column: str) -> str | None:
    """The name of the setting that a column sets: the names of label files."""
    for name in (column, f"label.{column}"):
        if key(name) is not None and name.startswith(("producer.", "generator.", "label.")):
            return name
    return None


def _refuse_unknown(name: str, rows: Iterable[_Raw]) -> None:
    known: set[str] = set(OWN)
    for row in rows:
        for column in row.cells:
            if column in known or _setting(column) is not None:
                known.add(column)
                continue
            raise ConfigurationError(
                f"{name}, line {row.line:,}: {column or 'a column without a name'}: unknown",
                remedy=_nearest(column),
            )


def _nearest(column: str) -> str:
    tables = ("producer.", "generator.", "label.")
    names = [each.name.removeprefix("label.") for each in KEYS if each.name.startswith(tables)]
    return did_you_mean(column, [*OWN, *names])


def _row(name: str, raw: _Raw, below: Path, *, is_json: bool) -> Row:
    place = f"{name}, line {raw.line:,}"
    own = {each: str(raw.cells[each]) for each in OWN if each in raw.cells}
    layer: dict[str, Setting] = {}
    try:
        if raw.fault is not None:
            raise ConfigurationError(f"{place}: {raw.fault}", remedy="correct the row")
        if "path" not in own:
            raise ConfigurationError(f"{place}: no path", remedy="name the picture")
        for column, value in raw.cells.items():
            if column not in OWN:
                setting = _checked(column, value, place, below, is_json=is_json)
                layer[setting.name] = setting
            elif not isinstance(value, str) or "\0" in value:
                raise ConfigurationError(f"{place}, column {column}: a path is wanted")
    except GenlabelError as error:
        return Row(place=place, own=own, fault=error)
    return Row(place=place, own=own, settings=layer)


def _checked(column: str, value: object, place: str, below: Path, *, is_json: bool) -> Setting:
    """The setting in one cell. Raises `ConfigurationError`, which names line and column."""
    name = _setting(column) or column
    known = key(name)
    assert known is not None
    origin = f"{place}, column {column}"
    if not is_json and known.kind in _SEVERAL:
        value = [each.strip() for each in str(value).split(";") if each.strip()]
    if known.kind is Kind.STEPS and not is_json and not (below / str(value)).is_file():
        raise ConfigurationError(
            f"{origin}: {str(value)[:60]!r}: no file of steps is there",
            remedy="name a TOML file, as for --steps; JSON lines may hold the steps themselves",
        )
    result = checked(known, value, below=below, origin=origin)
    if name in _WORDS and isinstance(result, str):
        try:
            _WORDS[name](result)
        except GenlabelError as error:
            raise ConfigurationError(f"{origin}: {error}", remedy=error.remedy) from error
    return Setting(name=name, value=result, rank=Rank.ROW, origin=origin)
