"""Values that were set, and which layer of them overrides which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError, GenlabelError

if TYPE_CHECKING:
    from genlabel.model.assertion import Assertion
    from genlabel.model.element import Element
    from genlabel.model.inputs import Input
    from genlabel.model.steps import Step

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
if TYPE_CHECKING:
    Value = (
        str
        | bool
        | datetime
        | timedelta
        | Path
        | tuple[str, ...]
        | tuple[Path, ...]
        | tuple[tuple[str, str], ...]
        | tuple[Element, ...]
        | tuple[Input, ...]
        | tuple[Assertion, ...]
        | tuple[Step, ...]
    )
else:
    Value = object


class Rank(IntEnum):
    """Whence a value came; the greater wins."""

    USER = 1
    """The user's own file."""
    PROJECT = 2
    """The nearest file up to the repository's root, or the one that ``--config`` names."""
    ENVIRONMENT = 3
    LABEL_FILE = 4
    OPTION = 5
    ROW = 6
    """One row of a batch file, which speaks of one picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One value and whence it came."""

    name: str
    value: Value
    rank: Rank
    origin: str
    """For people: a file's path, a variable's name, ``option``."""


Layer = Mapping[str, Setting]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Values by their names, each with its origin."""

    values: Mapping[str, Setting]

    def _get(self, name: str, kind: type[T]) -> T | None:
        setting = self.values.get(name)
        return setting.value if setting is not None and isinstance(setting.value, kind) else None

    def _text(self, name: str) -> str | None:
        return self._get(name, str)


def member(
    kind: type[E], word: str, fault: str, error: type[GenlabelError] = ConfigurationError
) -> E:
    """The member of `kind` that `word` names. Raises `error` with the sentence `fault`."""
    try:
        return kind(word)
    except ValueError:
        raise error(fault, remedy="choose one of " + ", ".join(kind)) from None


_NAMING_KEYS = {
    "producer.": "producer.name",
    "generator.": "generator.name",
    "label.rights.licensor.": "label.rights.licensor.name",
    "label.rights.data_mining_": "label.rights.data_mining",
    "label.rights.model_release_": "label.rights.model_release",
    "label.rights.property_release_": "label.rights.property_release",
}
"""A table that describes one thing, and the key that says which thing it is."""
ORIGIN_KEYS = ("label.history", "label.source_type")
"""Two words for one answer: whoever gives one of them overrides both."""
_SIGNER_KEYS = ("signer.uri", "signer.key")
"""Two ways to say who signs."""


def merged(layers: Sequence[Layer]) -> dict[str, Setting]:
    """All values, the last layer strongest.

    What a weaker layer says about another producer or generator than the one that is meant in the
    end goes with its name: nobody's address is given to somebody else.
    """
    result: dict[str, Setting] = {}
    for layer in layers:
        for prefix, head in _NAMING_KEYS.items():
            if head in layer and head in result and layer[head].value != result[head].value:
                _drop(result, [name for name in result if name.startswith(prefix)])
        if any(name in layer for name in ORIGIN_KEYS):
            _drop(result, ORIGIN_KEYS)
        if _another_signer(layer, result):
            _drop(result, [name for name in result if name.startswith("signer.")])
        result.update(layer)
    return result


def _another_signer(layer: Layer, weaker: Layer) -> bool:
    """Does `layer` name a signer by a URI, or in place of one? Its chain is not the other's."""
    if "signer.uri" in layer:
        return any(name in weaker for name in _SIGNER_KEYS)
    return "signer.key" in layer and "signer.uri" in weaker


def _drop(result: dict[str, Setting], names: Sequence[str]) -> None:
    for name in names:
        result.pop(name, None)


def grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The second members of pairs by the first."""
    groups: dict[str, list[str]] = {}
    for first, second in pairs:
        groups.setdefault(first, []).append(second)
    return groups
