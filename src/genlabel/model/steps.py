"""Steps: what was done to a picture, in order, by whom or what, and where in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from genlabel.model.arguments import argument
from genlabel.model.assertion import MAX_BYTES, Assertion
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import LabelError
from genlabel.model.nearest import did_you_mean
from genlabel.model.parties import Generator
from genlabel.model.regions import Region
from genlabel.model.step_by import StepBy as StepBy
from genlabel.model.text import clean
from genlabel.model.vocabulary import DigitalSourceType

MAX_STEPS = 100

ACTIONS = (
    *("addedText", "adjustedColor", "converted", "cropped", "deleted", "drawing", "edited"),
    *("edited.metadata", "enhanced", "filtered", "orientation", "placed", "published"),
    *("repackaged", "resized", "resized.proportional", "transcoded"),
)
"""What can be done to a picture (C2PA 2.4 §18.15), without the prefix ``c2pa.``."""
EDITORIAL = frozenset({"addedText", "deleted", "drawing", "edited", "placed"})
"""Those that change what is seen; the others change how."""
_SUCCESSORS = {
    "color_adjustments": "adjustedColor",
    "removed": "deleted",
    "saved": "edited",
    "produced": "edited",
    "managed": "edited.metadata",
    "version_updated": "edited.metadata",
    "formatted": "converted",
    "copied": "repackaged",
    "printed": "published",
}
"""Deprecated actions, and what stands for them."""
_OURS = frozenset(
    {"created", "opened", "redacted", "watermarked", "watermarked.bound", "watermarked.unbound"}
)
"""Actions that are written where they are true, and that nobody orders."""


class Oversight(StrEnum):
    """How far a human watched over a model (``humanOversightLevel``, C2PA 2.4 §18.28)."""

    FULLY_AUTONOMOUS = "fully_autonomous"
    PROMPT_GUIDED = "prompt_guided"
    HUMAN_VALIDATED = "human_validated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that was done to a picture: an action of its manifest (C2PA 2.4 §18.15).

    ``Step(action="cropped", by="human")``, ``Step(action="edited", by="ai",
    using=Generator("FLUX.1-fill"), region=Region(mask="sky-mask.png"))``. It is public once written
    and can never be taken out of a manifest again, so it has no field for a person's name. Raises
    `LabelError` for an action that is none of a picture's, or that genlabel writes itself.
    """

    action: str
    """What was done, e.g. ``cropped`` or ``c2pa.cropped``; kept without ``c2pa.``."""
    by: StepBy
    """`human`, `ai` or `algorithm`."""
    using: Generator | None = None
    """The tool, model or program."""
    when: datetime | None = None
    """When; timezone-aware, stored in UTC."""
    description: str | None = None
    """What was done, in words that name nobody."""
    region: Region | None = None
    """Where in the picture."""
    oversight: Oversight | None = None
    """How far a human watched over the model; of `ai` steps alone."""
    parameters: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """What the tool was told: JSON under names in a reversed domain of one's own, such as
    ``com.example.strength``; a copy is kept."""

    def __post_init__(self) -> None:
        clean(self, required=("action",))
        object.__setattr__(self, "action", action_of(self.action))
        if self.when is not None:
            object.__setattr__(self, "when", _moment(self.when))
        if self.oversight is not None and self.by is not StepBy.AI:
            raise LabelError(f"oversight: it is over a model, and {self.by.value} made this step")
        object.__setattr__(self, "parameters", self._checked_parameters())

    def _checked_parameters(self) -> dict[str, Any]:
        """A copy of the parameters: each is what an assertion of one's own may be."""
        if not isinstance(self.parameters, Mapping):
            raise LabelError("parameters: they have no names", remedy="give a dict")
        checked: dict[str, Any] = {}
        for name, value in self.parameters.items():
            try:
                checked[name] = Assertion(name, {"": value}).data[""]
            except LabelError as error:
                said = str(error).removeprefix("assertion: ")
                raise LabelError(f"parameters: {said}", remedy=error.remedy) from None
            if _has_numbers_alone(value):
                raise LabelError(
                    f"parameters: {name}: a list of numbers alone, which readers show as bytes",
                    remedy="write it as a text, or as a table with a name for each number",
                )
        return checked

    @property
    def source_type(self) -> DigitalSourceType:
        """The digital source type of what it changes."""
        return self.by.source_type

    def __str__(self) -> str:
        return f"{self.action} ({self.by.value})"


def _has_numbers_alone(value: object) -> bool:
    """Is there a list in it that holds numbers and nothing else? c2pa-rs 0.91 shows it as bytes."""
    pending = [value]
    while pending:
        each = pending.pop()
        if isinstance(each, Mapping):
            pending += each.values()
        elif isinstance(each, list | tuple):
            if each and all(type(one) in (int, float) for one in each):
                return True
            pending += each
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStep(Step):
    """A step that genlabel itself makes while it signs, with parameters of its own namespace."""

    def _checked_parameters(self) -> dict[str, Any]:
        return dict(self.parameters)


def action_of(text: str) -> str:
    """The action that `text` names, without ``c2pa.``. Raises `LabelError`, which says why not."""
    name = text.removeprefix("c2pa.")
    if name in ACTIONS:
        return name
    if name in _SUCCESSORS:
        raise LabelError(
            f"action: {text[:60]!r} is deprecated in C2PA", remedy=f"use {_SUCCESSORS[name]}"
        )
    if name in _OURS:
        raise LabelError(
            f"action: {text[:60]!r} is written by genlabel alone, where it is true",
            remedy="leave the step out",
        )
    raise LabelError(
        f"action: {text[:60]!r} is none of C2PA's for pictures",
        remedy=did_you_mean(name, ACTIONS),
    )


def steps_of(given: Iterable[Step]) -> tuple[Step, ...]:
    """`given` in order. Raises `LabelError` for what is no step, and for too many."""
    if isinstance(given, str | bytes | Mapping | Step) or not isinstance(given, Iterable):
        raise LabelError(
            f"steps: {type(given).__name__} is no list of steps",
            remedy="write [Step(action='cropped', by='human')]",
        )
    steps = tuple(argument("steps", each, (Step,)) for each in given)
    size = sum(len(json.dumps(each.parameters)) for each in steps if each.parameters)
    if len(steps) > MAX_STEPS or size > MAX_BYTES:
        raise LabelError(
            f"steps: {len(steps)} with {size:,} bytes of parameters; at most {MAX_STEPS} with "
            f"{MAX_BYTES:,} bytes go into a label"
        )
    return steps


def _moment(given: object) -> datetime:
    if isinstance(given, datetime) and given.tzinfo is not None:
        return given.astimezone(UTC)
    raise LabelError(
        f"when: {str(given)[:60]} is no time with a time zone",
        remedy="give a time with its zone, such as 2026-05-01T12:00:00Z",
    )
