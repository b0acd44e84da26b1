"""What a setting's value must be: each kind of key, and how it is read from a file or an option."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from genlabel.cli.settings.keys import Key, Kind
from genlabel.cli.settings.values import Value
from genlabel.model.errors import ConfigurationError, GenlabelError
from genlabel.storage.file_contents import named_file

if TYPE_CHECKING:
    from genlabel.model.assertion import Assertion
    from genlabel.model.element import Element
    from genlabel.model.inputs import Input

T = TypeVar("T")


def checked(key: Key, value: object, *, below: Path, origin: str) -> Value:
    """`value` as `key` wants it, paths resolved against `below`.

    Raises `ConfigurationError` naming `origin`.
    """
    try:
        result = _KINDS[key.kind](value, below)
    except GenlabelError as error:
        if key.kind not in (Kind.ELEMENTS, Kind.INPUTS):
            raise
        said = f"{origin}: {key.name}: {error}"
        raise ConfigurationError(said, remedy=error.remedy) from error
    if result is None:
        shown = "" if key.kind is Kind.LOGINS else f", not {_unfit(value)!r}"  # or secrets
        raise ConfigurationError(
            f"{origin}: {key.name}: {key.kind.value} is wanted{shown}",
            remedy=f"{key.name} is {key.meaning}",
        )
    return result


def _unfit(value: object) -> object:
    """Of several values the first that is no text, or says nothing; else all, as a list."""
    if not isinstance(value, list | tuple):
        return value
    unfit = (each for each in value if not isinstance(each, str) or not each.strip())
    return next(unfit, list(value))


def _text(value: object, below: Path) -> Value | None:
    return value if isinstance(value, str) and value.strip() else None


def _texts(value: object, below: Path) -> tuple[str, ...] | None:
    several = [value] if isinstance(value, str) else value
    if not isinstance(several, list | tuple) or not several:
        return None
    if not all(isinstance(each, str) and each.strip() for each in several):
        return None
    return tuple(several)


def _logins(value: object, below: Path) -> tuple[str, ...] | None:
    """With whole paths: where secrets are, never what they are."""
    from genlabel.credentials.timestamps.logins import Login

    return tuple(str(Login.parse(each, below)) for each in _texts(value, below) or ()) or None


def _flag(value: object, below: Path) -> Value | None:
    if isinstance(value, str):
        return {"true": True, "1": True, "false": False, "0": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def _moment(value: object, below: Path) -> Value | None:
    from genlabel.model.moments import Created

    if isinstance(value, str):
        if (word := value.strip().lower()) in [each.value for each in Created]:
            return Created(word)
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, datetime) and value.tzinfo is not None else None


def _path(value: object, below: Path) -> Path | None:
    if isinstance(value, Path):
        return below / value
    if isinstance(value, str) and value.strip() and "\0" not in value:
        return below / Path(value).expanduser()
    return None


def _paths(value: object, below: Path) -> Value | None:
    return _each(value, below, _path) or None


def _each(
    value: object, below: Path, one: Callable[[object, Path], T | None]
) -> tuple[T, ...] | None:
    """`one` of each item of a list, or of the one `value`; None where it refuses any of them."""
    several = value if isinstance(value, list | tuple) else [value]
    items = tuple(item for each in several if (item := one(each, below)) is not None)
    return items if len(items) == len(several) else None


def _books(value: object, below: Path) -> Value | None:
    """Names of rule books, or their files with the path resolved."""
    several = _texts(value, below)
    return several and tuple(
        str(below / Path(each).expanduser()) if each.endswith(".toml") else each for each in several
    )


def _lists(value: object, below: Path) -> Value | None:
    """Names, or ``kind=FILE`` with the path resolved; what they mean is checked elsewhere."""
    several = _texts(value, below)
    if several is None:
        return None
    pairs = [each.partition("=") for each in several]
    if not all(kind and (place or not sign) for kind, sign, place in pairs):
        return None
    return tuple(
        f"{kind}={below / Path(place).expanduser()}" if sign else kind
        for kind, sign, place in pairs
    )


def _pairs(value: object, below: Path) -> Value | None:
    """(organisation, name) of a table, or of texts ``organisation=name``."""
    if isinstance(value, Mapping):
        listed = [(str(each), _texts(names, below)) for each, names in value.items()]
        if not all(each.strip() and names for each, names in listed):
            return None
        return tuple((each, name) for each, names in listed for name in names or ()) or None
    cut = [each.rpartition("=") for each in _texts(value, below) or ()]
    if not all(each.strip() and name.strip() for each, _, name in cut):
        return None
    return tuple((each.strip(), name.strip()) for each, _, name in cut) or None


_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


def _span(value: object, below: Path) -> timedelta | None:
    return span_of(value) if isinstance(value, str) else None


def span_of(text: str) -> timedelta | None:
    """Days, weeks, months of 30 and years of 365 days, such as ``90d``; None for other words."""
    match = re.fullmatch(r"([0-9]{1,5}) ?([dwmy])", text.strip().lower())
    return timedelta(days=int(match[1]) * _DAYS[match[2]]) if match else None


def _signer(value: object, below: Path) -> Value | None:
    from genlabel.credentials.signers import uri

    return uri.below(value, below) if isinstance(value, str) and value.strip() else None


def _elements(value: object, below: Path) -> Value | None:
    return _each(value, below, _element)


def _element(value: object, below: Path) -> Element | None:
    from genlabel.cli.settings import made_of
    from genlabel.model.element import Element

    if isinstance(value, Mapping):
        return made_of.element(value, below, _path)
    path = _path(value, below)
    return Element(path) if path is not None else None


def _inputs(value: object, below: Path) -> Value | None:
    return _each(value, below, _input)


def _input(value: object, below: Path) -> Input | None:
    from genlabel.cli.settings import made_of

    return made_of.given(value, below, _path) if isinstance(value, Mapping) else None


def _assertions(value: object, below: Path) -> Value | None:
    return _each(value, below, _assertion)


def _assertion(value: object, below: Path) -> Assertion | None:
    """A table of label and data, or ``LABEL=FILE`` with the data as JSON in a file."""
    from genlabel.model.assertion import MAX_BYTES, Assertion

    if isinstance(value, Mapping):
        label, data = value.get("label"), value.get("data")
        if value.keys() != {"label", "data"} or not isinstance(label, str):
            return None
        return Assertion(label, data) if isinstance(data, Mapping) else None
    label, sign, name = value.partition("=") if isinstance(value, str) else ("", "", "")
    path = _path(name, below) if sign else None
    if path is None:
        return None
    content = named_file(path, most=4 * MAX_BYTES)
    try:
        return Assertion(label.strip(), json.loads(content))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise ConfigurationError(f"{path}: no JSON ({error})", remedy="correct the file") from error


def _steps(value: object, below: Path) -> Value | None:
    from genlabel.cli.settings import steps

    return steps.steps(value, below)


_KINDS = {
    Kind.TEXT: _text,
    Kind.TEXTS: _texts,
    Kind.ADDRESSES: _texts,
    Kind.LOGINS: _logins,
    Kind.FLAG: _flag,
    Kind.MOMENT: _moment,
    Kind.PATH: _path,
    Kind.PATHS: _paths,
    Kind.LISTS: _lists,
    Kind.BOOKS: _books,
    Kind.SPAN: _span,
    Kind.PAIRS: _pairs,
    Kind.SIGNER: _signer,
    Kind.ELEMENTS: _elements,
    Kind.INPUTS: _inputs,
    Kind.ASSERTIONS: _assertions,
    Kind.STEPS: _steps,
}
