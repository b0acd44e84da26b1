"""The actions of a manifest: how the picture came to be, in order (C2PA 2.4 §18.15)."""

from __future__ import annotations

from typing import Any

from genlabel.manifests.definition import steps
from genlabel.manifests.definition.agents import agent
from genlabel.manifests.definition.ingredients import PARENT
from genlabel.manifests.definition.plot import Plot
from genlabel.manifests.validation.actions import (
    INHERITED,
    OVERRULED,
    PROVIDER,
    SOFTWARE,
    SOFTWARE_VERSION,
)
from genlabel.model.fields import rfc3339
from genlabel.model.histories import History
from genlabel.model.label import Label, SettledLabel
from genlabel.model.parties import Generator
from genlabel.model.vocabulary import Role

_CHANGES = {History.EDITED: "c2pa.edited", History.ENHANCED: "c2pa.enhanced"}
"""The action that says what was done: editorial, or not (C2PA 2.4 §18.15)."""
_MAKERS = frozenset({Role.PRODUCER, Role.CREATOR})
"""In these roles the producer has made the picture; others only handle it."""


def actions(label: Label, plot: Plot) -> list[dict[str, Any]]:
    """The actions that `label` and `plot` state; `label.moment` is the time of each."""
    when = rfc3339(label.moment) if label.moment else None
    done = [*steps.placing(label, plot.elements), *steps.actions(label, plot.elements)]
    if not plot.opened:
        return [_given(_dated(when, "c2pa.created", label), plot), *done]
    opened = {"action": "c2pa.opened", "parameters": {"ingredientIds": [PARENT]}}
    if label.history.changes and not plot.is_renewed:
        return [opened, _given(_dated(when, _CHANGES[label.history], label), plot), *done]
    # Only the label was added: the parent's own beginning stands and no second one is written.
    added: dict[str, Any] = {"action": "c2pa.edited.metadata", **({"when": when} if when else {})}
    _explain(added, label)
    if label.generator is not None and (words := _parameters(label, label.generator)):
        # No system made this action, so it has no agent; the other words on it are in metadata.
        added["parameters"] = {**added.get("parameters", {}), **words}
    if plot.parent_is_silent:
        added["digitalSourceType"] = label.source_type.uri
    # and of a label that is renewed, the parent tells the steps already
    return [opened, *([] if plot.is_renewed else done), added]


def is_complete(label: Label, plot: Plot) -> bool:
    """Are these all actions there were (``allActionsIncluded``)? Only where that is known.

    Of a picture that was only labelled now, genlabel did all that was done since its parent. A
    generated one has no other than its making where the label is its maker's.
    """
    if label.all_actions:
        return True
    if plot.opened:
        return not label.history.changes and not label.steps
    return label.history is History.GENERATED and label.producer.role in _MAKERS


def _parameters(label: Label, generator: Generator) -> dict[str, str]:
    """What metadata do not hold: the provider, and names of software that is no AI system."""
    words = {PROVIDER: generator.provider}
    if not label.source_type.generative:
        words |= {SOFTWARE: generator.name, SOFTWARE_VERSION: generator.version}
    return {key: word for key, word in words.items() if word}


def _dated(when: str | None, action: str, label: Label) -> dict[str, Any]:
    dated: dict[str, Any] = {"action": action, "digitalSourceType": label.source_type.uri}
    if when:
        dated["when"] = when
    if label.generator is not None:
        dated["softwareAgent"] = agent(label.generator)
    _explain(dated, label)
    return dated


def _given(action: dict[str, Any], plot: Plot) -> dict[str, Any]:
    """The label's own `action` with what the model was given."""
    if plot.sources.inputs:
        parameters = {**action.get("parameters", {}), "ingredientIds": plot.sources.inputs}
        action["parameters"] = parameters
    return action


def _explain(action: dict[str, Any], label: Label) -> None:
    """Put into the label's own `action` whose word it goes by, and against whose it stands."""
    if not isinstance(label, SettledLabel):
        return
    words = {INHERITED: label.inherited_from, OVERRULED: label.overruled_places}
    parameters = {key: word for key, word in words.items() if word}
    if parameters:
        action["parameters"] = parameters
    if label.overruled:
        action["description"] = label.overruled
