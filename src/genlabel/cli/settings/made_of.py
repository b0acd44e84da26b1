"""Elements and inputs as tables of a label file say them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from genlabel.model.element import Element
from genlabel.model.element_rights import ElementRights, Training
from genlabel.model.errors import ConfigurationError
from genlabel.model.inputs import Input
from genlabel.model.nearest import did_you_mean
from genlabel.model.parties import Generator

PathOf = Callable[[object, Path], Path | None]
_RIGHTS = tuple(ElementRights.__dataclass_fields__)
_ELEMENT = tuple(Element.__dataclass_fields__)
_TRAINING = tuple(Training.__dataclass_fields__)
_MODEL = ("name", *(each for each in Generator.__dataclass_fields__ if each != "name"))
_INPUT = ("kind", "text", "as", "source", "title", "identifier", "rights", *_MODEL)


def element(table: Mapping[str, Any], below: Path, path_of: PathOf) -> Element | None:
    """The element that a table says, paths below `below`; None for what is no path.

    Raises `ConfigurationError` for names that nobody knows and `LabelError` for wrong values.
    """
    _known("", table, _ELEMENT)
    values = dict(table)
    source = values.pop("source", None)
    path = path_of(source, below) if source is not None else None
    if source is not None and path is None:
        return None
    return Element(path, **{**values, **_rights(values)})


def given(table: Mapping[str, Any], below: Path, path_of: PathOf) -> Input | None:
    """The input that a table says; that of a model has the names of a generator beside its kind."""
    _known("", table, _INPUT)
    values = {("as_" if name == "as" else name): value for name, value in table.items()}
    if "kind" not in values:
        return None
    if values["kind"] == "model":
        named = {name: values.pop(name) for name in _MODEL if name in values}
        training = named.get("training")
        if isinstance(training, Mapping):
            _known("training.", training, _TRAINING)
            named["training"] = Training(**training)
        if "name" not in named:
            return None
        return Input(**values, model=Generator(**named))
    source = values.pop("source", None)
    path = path_of(source, below) if source is not None else None
    if source is not None and path is None:
        return None
    unfit = sorted(values.keys() & set(_MODEL) - {"identifier"})
    if unfit:
        raise ConfigurationError(f"a {values['kind']} has no {unfit[0]}")
    return Input(**{**values, **_rights(values)}, source=path)


def _rights(values: Mapping[str, Any]) -> dict[str, ElementRights]:
    rights = values.get("rights")
    if not isinstance(rights, Mapping):
        return {}
    _known("rights.", rights, _RIGHTS)
    return {"rights": ElementRights(**rights)}


def _known(name: str, table: Mapping[str, Any], names: tuple[str, ...]) -> None:
    """Raise `ConfigurationError` for a key that is none of `names`."""
    for key in table:
        if key not in names:
            raise ConfigurationError(
                f"{name}{str(key)[:60]}: unknown", remedy=did_you_mean(key, names)
            )
