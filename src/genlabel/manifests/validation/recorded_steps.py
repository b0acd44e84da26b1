"""The steps of a picture's history, oldest manifest first, as its manifests tell them."""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from genlabel.manifests.validation import actions
from genlabel.model.recorded_steps import RecordedRegion, RecordedStep
from genlabel.model.step_by import StepBy
from genlabel.model.verdicts import Vouched
from genlabel.model.vocabulary import DigitalSourceType

MAX_STEPS = 1_000
"""Most steps that are told: those next to the picture as it is now."""
_MAX_REGIONS = 16
_MAX_CORNERS = 256
_OURS = (actions.BY, actions.OVERSIGHT, actions.MASK, actions.VISIBLE)
"""Our own parameters, which are fields of a step."""
_STEPS_BY = {each.value: each for each in StepBy}
_BY = {
    DigitalSourceType.HUMAN_EDITS: StepBy.HUMAN,
    DigitalSourceType.DIGITAL_CREATION: StepBy.HUMAN,
    DigitalSourceType.ALGORITHMICALLY_ENHANCED: StepBy.ALGORITHM,
    DigitalSourceType.ALGORITHMIC_MEDIA: StepBy.ALGORITHM,
}


def of(
    document: Mapping[str, Any], vouched: Callable[[actions.Statement], bool]
) -> tuple[RecordedStep, ...]:
    """Every action of the manifests of which the picture came, in the order in which they lie.

    `vouched` says of a statement whether somebody known attests it.
    """
    nearest = itertools.chain.from_iterable(
        reversed(list(_of_manifest(document, part, vouched)))
        for part in actions.parts_of_picture(document)
    )
    return tuple(itertools.islice(nearest, MAX_STEPS))[::-1]


def _of_manifest(
    document: Mapping[str, Any], part: actions.Part, vouched: Callable[[actions.Statement], bool]
) -> Iterator[RecordedStep]:
    manifest = actions.manifests(document).get(part.manifest_id, {})
    for action, created in deque(actions.actions(manifest), maxlen=MAX_STEPS):
        said = actions.statement_of(action, part.manifest_id, part.depth, created=created)
        is_attested = vouched(said)
        own = actions.own_parameters(action)
        yield RecordedStep(
            action=said.action,
            by=_by(action, said.source_type),
            source_type=said.source_type or None,
            when=said.when,
            description=actions.string(action.get("description")),
            regions=tuple(itertools.islice(_regions(action), _MAX_REGIONS)),
            agent=said.agent,
            agent_version=said.agent_version,
            agent_provider=said.agent_provider,
            oversight=actions.string(own.get(actions.OVERSIGHT)),
            visible=_visible(own),
            parameters={str(key): each for key, each in own.items() if key not in _OURS},
            vouched=Vouched.ATTESTED if is_attested else Vouched.CLAIMED,
            manifest_id=said.manifest_id,
            depth=said.depth,
        )


def _visible(parameters: Mapping[str, Any]) -> str | None:
    """The words of a visible label, in our own form; others have none."""
    fact = parameters.get(actions.VISIBLE)
    return actions.string(fact.get("words")) if isinstance(fact, dict) else None


def _by(action: Mapping[str, Any], source_type: str) -> StepBy | None:
    """Who made it: a model where the source type says so, whatever else is claimed."""
    known = DigitalSourceType.understand(source_type)
    if known is not None and known.generative:
        return StepBy.AI
    said = actions.parameter(action, actions.BY)
    if said in _STEPS_BY:
        return _STEPS_BY[said]
    return _BY.get(known) if known is not None else None


def _regions(action: Mapping[str, Any]) -> Iterator[RecordedRegion]:
    """The spatial ranges of an action that have numbers."""
    changes = action.get("changes")
    for change in changes if isinstance(changes, list) else ():
        ranges = change.get("region") if isinstance(change, Mapping) else None
        for each in ranges if isinstance(ranges, list) else ():
            shape = each.get("shape") if isinstance(each, Mapping) else None
            if isinstance(shape, Mapping) and (box := _box(shape)) is not None:
                left, top, width, height = box
                yield RecordedRegion(
                    shape=str(shape.get("type"))[:60],
                    unit=actions.string(shape.get("unit")),
                    **{"left": left, "top": top, "width": width, "height": height},
                )


def _box(shape: Mapping[str, Any]) -> tuple[float, float, float, float] | None:
    """Left, top, width and height of the rectangle around a shape."""
    origin, corners = shape.get("origin"), shape.get("vertices")
    if isinstance(corners, list) and corners:
        points = [_point(each) for each in (origin, *corners[:_MAX_CORNERS])]
        known = [each for each in points if each is not None]
        if not known:
            return None
        left, top = min(x for x, _ in known), min(y for _, y in known)
        return left, top, max(x for x, _ in known) - left, max(y for _, y in known) - top
    start, width = _point(origin), _number(shape.get("width"))
    if start is None or width is None:
        return None
    height = _number(shape.get("height"))
    if height is None:  # of a circle the width is its diameter, and the origin its centre
        return start[0] - width / 2, start[1] - width / 2, width, width
    return (*start, width, height)


def _point(value: object) -> tuple[float, float] | None:
    if not isinstance(value, Mapping):
        return None
    x, y = _number(value.get("x")), _number(value.get("y"))
    return None if x is None or y is None else (x, y)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
