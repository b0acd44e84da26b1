"""What the steps of a label and the rest of it have to do with each other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from genlabel.model.element import Relationship
from genlabel.model.errors import LabelError
from genlabel.model.histories import SOURCE_TYPES, History
from genlabel.model.parties import Generator
from genlabel.model.steps import EDITORIAL, Oversight, Step, StepBy
from genlabel.model.vocabulary import DigitalSourceType

if TYPE_CHECKING:
    from genlabel.model.label import Label

_RAISED = frozenset({History.EDITED, History.ENHANCED, History.COMPOSITE})
"""Histories that a model's step makes generative; the others it contradicts."""
_UNSPACED = 0x2E80
"""From here on scripts put no spaces between words, or few."""


def source_type(
    history: History, stated: DigitalSourceType, steps: Sequence[Step]
) -> DigitalSourceType:
    """What the source type `stated` becomes by `steps`: what a model has changed is generative.

    Raises `LabelError`, which names the step, where that contradicts the history.
    """
    made_by_model = _first(steps, lambda step: step.by is StepBy.AI)
    if made_by_model is None or stated.generative:
        return stated
    if history in _RAISED:
        return DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA
    raise LabelError(
        f"{stated.code}: contradicts {made_by_model}, which an AI system made",
        remedy="label the picture as edited, over the original as its parent",
    )


def admitted(history: History, steps: Sequence[Step]) -> tuple[DigitalSourceType, ...]:
    """The source types of a history with these steps: enhanced by a model is more than enhanced."""
    known = SOURCE_TYPES[history]
    raised = DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA
    if history is History.ENHANCED and any(each.by is StepBy.AI for each in steps):
        return (*known, raised)
    return known


def generator(history: History, named: Generator | None, steps: Iterable[Step]) -> Generator | None:
    """The label's generator: the one `named`, else of a changed picture the first model's."""
    if named is not None or history not in _RAISED:
        return named
    return next((each.using for each in steps if each.by is StepBy.AI and each.using), None)


def oversight(label: Label) -> Oversight | None:
    """What ``c2pa.ai-disclosure`` says of it: the label's own word, else that of its steps."""
    said = {each.oversight for each in label.steps if each.oversight}
    return label.oversight or next(iter(said), None)


def check(label: Label) -> None:
    """Raise `LabelError` where steps and label contradict each other, or a step names somebody."""
    if label.oversight is not None and not label.source_type.generative:
        raise LabelError(f"{label.source_type.code}: there was no model to have oversight of")
    said = sorted({each.oversight for each in label.steps if each.oversight})
    if len(said) > 1 and label.oversight is None:
        raise LabelError(
            f"oversight: steps say {' and '.join(said)}",
            remedy="say what holds of the picture as a whole: the label's own oversight",
        )
    seen = _first(label.steps, lambda step: step.by is not StepBy.AI and step.action in EDITORIAL)
    if label.history is History.ENHANCED and seen is not None:
        raise LabelError(
            f"enhanced: says that what is seen stayed as it was, and {seen} changed it",
            remedy="label the picture as edited",
        )
    placed = [number for number, each in enumerate(label.steps) if each.action == "placed"]
    parts = [each for each in label.elements if each.relationship is Relationship.COMPONENT]
    if len(placed) > len(parts):
        raise LabelError(
            f"{_called(label.steps, placed[len(parts)])}: places no element of the label",
            remedy="give one element for each such step, in the same order",
        )
    _refuse_names(label)


def _refuse_names(label: Label) -> None:
    """Raise `LabelError` for a step that names a person: no action can ever be redacted."""
    for number, step in enumerate(label.steps):
        refuse_names(label, _called(label.steps, number), _texts(step))


def refuse_names(label: Label, where: str, texts: Iterable[str]) -> None:
    """Raise `LabelError` where one of `texts`, words of an action, names a person of `label`."""
    people = [*label.rights.creator, *((label.producer.name,) if label.producer.person else ())]
    names = [(each, _words(each)) for each in people]
    for text in texts if names else ():
        named = next((each for each, words in names if _names(text, words)), None)
        if named is not None:
            raise LabelError(
                f"{where}: names {named}, and what an action says can never be taken out of a "
                "manifest again",
                remedy="say it without the name; creators and producers have fields",
            )


def _texts(step: Step) -> Iterator[str]:
    """All words of a step that may be anybody's, without recursion."""
    waiting: list[object] = [step.description, step.parameters]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            waiting.extend(each for pair in value.items() for each in pair)
        elif isinstance(value, list | tuple):
            waiting.extend(value)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())


def _names(text: str, name: Sequence[str]) -> bool:
    """Does `text` have the words of a name side by side, in whatever order and case?"""
    words, wanted = _words(text), sorted(name)
    size = len(wanted)
    if not size:
        return False
    if size == 1 and any(ord(char) >= _UNSPACED for char in wanted[0]):
        return wanted[0] in "".join(words)
    return any(sorted(words[at : at + size]) == wanted for at in range(len(words) - size + 1))


def _first(steps: Sequence[Step], wanted: Callable[[Step], bool]) -> str | None:
    """What the first step that is `wanted` is called."""
    numbers = (number for number, each in enumerate(steps) if wanted(each))
    first = next(numbers, None)
    return None if first is None else _called(steps, first)


def _called(steps: Sequence[Step], number: int) -> str:
    return f"step {number + 1} ({steps[number].action})"
