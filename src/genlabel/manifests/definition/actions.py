"""The actions of a manifest: how the picture came to be, in order (C2PA 2.4 §18.15)."""

from __future__ import annotations

from typing import Any

from genlabel.manifests.definition.agents import agent
from genlabel.manifests.definition.ingredients import PARENT
from genlabel.manifests.definition.plot import Plot
from genlabel.manifests.validation.actions import PROVIDER
from genlabel.model.fields import rfc3339
from genlabel.model.label import History, Label


def actions(label: Label, plot: Plot) -> list[dict[str, Any]]:
    """The actions that `label` and `plot` state; `label.created` is the time of each."""
    when = rfc3339(label.created) if label.created else None
    placed: list[dict[str, Any]] = [
        {"action": "c2pa.placed", "parameters": {"ingredientIds": [element]}}
        for element in plot.elements
    ]
    if not plot.opened:
        return [_dated(when, "c2pa.created", label), *placed]
    opened = {"action": "c2pa.opened", "parameters": {"ingredientIds": [PARENT]}}
    if label.history is History.EDITED:
        return [opened, _dated(when, "c2pa.edited", label), *placed]
    # Only the label was added: the parent's own beginning stands and no second one is written.
    added: dict[str, Any] = {"action": "c2pa.edited.metadata", **({"when": when} if when else {})}
    if label.generator is not None and label.generator.provider:
        # No system made this action, so it has no agent; the other words on it are in metadata.
        added["parameters"] = {PROVIDER: label.generator.provider}
    if plot.parent_is_silent:
        added["digitalSourceType"] = label.source_type.uri
    return [opened, *placed, added]


def _dated(when: str | None, action: str, label: Label) -> dict[str, Any]:
    dated: dict[str, Any] = {"action": action, "digitalSourceType": label.source_type.uri}
    if when:
        dated["when"] = when
    if label.generator is not None:
        dated["softwareAgent"] = agent(label.generator)
    return dated
