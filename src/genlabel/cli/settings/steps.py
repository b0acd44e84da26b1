"""Steps in label files and settings: lists of tables, or a file of their own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from genlabel.cli.settings.lines import Misplaced, Place, line
from genlabel.model.errors import ConfigurationError, LabelError
from genlabel.model.nearest import did_you_mean
from genlabel.model.parties import Generator
from genlabel.model.regions import Region
from genlabel.model.steps import Step
from genlabel.storage.toml_files import text_of, toml

T = TypeVar("T")
_STEP, _USING, _REGION = (
    tuple(each.name for each in fields(kind)) for kind in (Step, Generator, Region)
)


def steps(value: object, below: Path) -> tuple[Step, ...] | None:
    """The steps of a list of tables, or of a file; None for anything else.

    Paths are relative to `below`, or to that file. Raises `Misplaced`, `ConfigurationError`.
    """
    if isinstance(value, str | Path):
        return _in_file(below / Path(value).expanduser()) if str(value).strip() else None
    if not isinstance(value, list | tuple):
        return None
    return tuple(_step(each, (number,), below) for number, each in enumerate(value))


def _in_file(path: Path) -> tuple[Step, ...]:
    """The steps of a TOML file with tables ``[[steps]]``, or of JSON."""
    content: object
    is_json = path.suffix.lower() == ".json"
    if is_json:
        try:
            content = json.loads(text_of(path))
        except (ValueError, RecursionError) as error:
            raise ConfigurationError(
                f"{path}: no JSON ({error})", remedy="correct the file"
            ) from error
        content = {"steps": content} if isinstance(content, list) else content
    else:
        content = toml(path)
    try:
        if not isinstance(content, Mapping) or not isinstance(content.get("steps"), list):
            raise Misplaced("steps: a list of tables is wanted", place=(), remedy="write [[steps]]")
        _refuse_unknown(content, ("steps",), ())
        return steps(content["steps"], path.absolute().parent) or ()
    except Misplaced as error:
        place = ("steps", *error.place) if error.place[:1] != ("steps",) else error.place
        number = None if is_json else line(text_of(path), place)
        where = f"{path}, line {number}" if number else str(path)
        raise ConfigurationError(f"{where}: {error}", remedy=error.remedy) from error


def _step(value: object, place: Place, below: Path) -> Step:
    given = _table(value, _STEP, place)
    if "using" in given:
        given["using"] = _using(given["using"], (*place, "using"))
    if "region" in given:
        given["region"] = _region(given["region"], (*place, "region"), below)
    if isinstance(given.get("when"), str):
        with suppress(ValueError):  # the step says what is wrong with it
            given["when"] = datetime.fromisoformat(given["when"])
    for name in ("action", "by"):
        if name not in given:
            raise Misplaced(
                f"{_shown(place)}: {name} is missing",
                place=place,
                remedy="say what was done, and whether human, ai or algorithm did it",
            )
    return _made(Step, given, place)


def _using(value: object, place: Place) -> Generator:
    if isinstance(value, str):
        value = {"name": value}
    given = _table(value, _USING, place)
    name = given.pop("name", None)
    if not isinstance(name, str):
        raise Misplaced(f"{_shown(place)}: name is missing", place=place)
    return _made(lambda **more: Generator(name, **more), given, place)


def _region(value: object, place: Place, below: Path) -> Region:
    given = _table(value, _REGION, place)
    if isinstance(given.get("mask"), str):
        given["mask"] = below / Path(given["mask"]).expanduser()
    return _made(Region, given, place)


def _made(kind: Callable[..., T], given: Mapping[str, Any], place: Place) -> T:
    """`kind` with what is `given`; what it refuses is told with its place."""
    try:
        return kind(**given)
    except LabelError as error:
        word = str(error).partition(":")[0]
        inner = (*place, word) if word in given else place
        raise Misplaced(f"{_shown(place)}: {error}", place=inner, remedy=error.remedy) from error


def _table(value: object, known: Sequence[str], place: Place) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise Misplaced(
            f"{_shown(place)}: a table is wanted, not {value!r:.60}",
            place=place,
            remedy="its names are " + ", ".join(known),
        )
    _refuse_unknown(value, known, place)
    return dict(value)


def _refuse_unknown(value: Mapping[str, object], known: Sequence[str], place: Place) -> None:
    for name in value:
        if name not in known:
            raise Misplaced(
                f"{_shown((*place, name))}: unknown",
                place=(*place, name),
                remedy=did_you_mean(name, known),
            )


def _shown(place: Place) -> str:
    """``step 2, region.unit`` for (1, "region", "unit")."""
    names = ".".join(str(each)[:60] for each in place if isinstance(each, str))
    numbers = [f"step {each + 1}" for each in place if isinstance(each, int)]
    return ", ".join([*numbers, *([names] if names else [])]) or "steps"
