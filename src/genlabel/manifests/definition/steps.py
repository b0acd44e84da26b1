"""The actions of the steps of a label (C2PA 2.4 §18.15), and the regions that they changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from genlabel.manifests.definition.agents import agent
from genlabel.manifests.validation import actions as history
from genlabel.manifests.validation.actions import BY, NON_EDITORIAL, OVERSIGHT
from genlabel.model.fields import rfc3339
from genlabel.model.label import Label, SettledLabel
from genlabel.model.regions import Region
from genlabel.model.steps import Step, StepBy


def placing(label: Label, elements: Sequence[str]) -> list[dict[str, Any]]:
    """The actions that place those of `elements` of which no step of `label` tells."""
    told = sum(step.action == "placed" for step in label.steps)
    return [
        {"action": "c2pa.placed", "parameters": {"ingredientIds": [element]}}
        for element in elements[told:]
    ]


def actions(label: Label, elements: Iterable[str]) -> list[dict[str, Any]]:
    """The actions of the steps of `label`, in order; those that place something take `elements`.

    They follow the label's own action, which says what came out of it all.
    """
    own = label.own_steps if isinstance(label, SettledLabel) else ()
    left = iter(elements)
    return [
        _action(step, next(left, None) if step.action == "placed" else None)
        for step in (*label.steps, *own)
    ]


def are_told(label: Label, document: Mapping[str, Any]) -> bool:
    """Are the steps of `label`, and no others, those of the active manifest of `document`?

    One that was renewed over its old manifest leaves them to that one.
    """
    wanted = [_without_links(each) for each in actions(label, ())]
    active = history.active(document)
    told = _steps_in(active)
    if told or not wanted or not _only_renews(active):
        return told == wanted
    before = (
        history.manifests(document).get(link.manifest_id or "", {})
        for link in history.walk(document)
        if link.record.get("relationship") == "parentOf"
    )
    return next(filter(None, map(_steps_in, before)), []) == wanted


def _only_renews(manifest: Mapping[str, Any]) -> bool:
    names = [each.get("action") for each, _ in history.actions(manifest)]
    return names == ["c2pa.opened", "c2pa.edited.metadata"]


def _steps_in(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    done = history.actions(manifest)
    return [_without_links(each) for each, _ in done if history.is_step(each)]


def _without_links(action: Mapping[str, Any]) -> dict[str, Any]:
    """An action but for the parameters by which it names ingredients, which the engine makes."""
    return {**action, "parameters": history.own_parameters(action)}


def _action(step: Step, element: str | None) -> dict[str, Any]:
    name = f"c2pa.{step.action}"
    action: dict[str, Any] = {"action": name}
    # the conformance programme wants it of what changes the picture; that a model did something
    # to it is said even of what is only converted
    if name not in NON_EDITORIAL or step.by is StepBy.AI:
        action["digitalSourceType"] = step.source_type.uri
    if step.when is not None:
        action["when"] = rfc3339(step.when)
    if step.using is not None:
        action["softwareAgent"] = agent(step.using)
    if step.description is not None:
        action["description"] = step.description
    if step.region is not None:
        action["changes"] = [{"region": [_range(step.region)]}]
    placed = {} if element is None else {"ingredientIds": [element]}
    watched = {} if step.oversight is None else {OVERSIGHT: step.oversight.value}
    action["parameters"] = {**placed, BY: step.by.value, **watched, **step.parameters}
    return action


def _range(region: Region) -> dict[str, Any]:
    """A region as C2PA writes it (2.4 §18.2)."""
    shape: dict[str, Any] = {"unit": region.unit.value}
    if region.rectangle is not None:
        left, top, width, height = region.rectangle
        shape |= {"type": "rectangle", "origin": {"x": left, "y": top}}
        shape |= {"width": width, "height": height}
    else:
        first, *rest = [{"x": x, "y": y} for x, y in region.corners]
        # the vertices are those that remain beside the origin
        shape |= {"type": "polygon", "origin": first, "vertices": rest}
    return {"type": "spatial", "shape": shape}
