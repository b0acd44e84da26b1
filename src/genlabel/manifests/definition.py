"""From a label to the definition of a C2PA manifest (claim v2, specification 2.4).

The table of what is said and what is written stands in the contract §1; the official rubric for
conformance 0.2 judges the result in the tests.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from genlabel.manifests import cawg_metadata
from genlabel.manifests.validation.actions import PROVIDER
from genlabel.model.fields import rfc3339
from genlabel.model.label import History, Label
from genlabel.model.parties import Generator
from genlabel.model.version import __version__

SPEC_VERSION = "2.4.0"
PARENT = "parent"
"""The label by which actions refer to the parent ingredient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """What the manifest has to tell beside the label."""

    opened: bool = False
    """Is there a parent? Then the first action is ``c2pa.opened``, else ``c2pa.created``."""
    parent_is_silent: bool = False
    """The parent's history states no source type, so ours has to."""
    elements: Sequence[str] = ()
    """The labels of the elements that were placed."""


def definition(
    label: Label, plot: Plot, *, title: str, mime: str, taken: Collection[str] = ()
) -> dict[str, Any]:
    """The manifest definition for the engine: generator, actions, disclosure, metadata.

    `label.created` must be set: it is the time of every action. `taken` are fields that the file's
    own metadata fills, where the manifest has no fallback to offer. Everything is marked
    ``created``, without which the engine would not attribute it to the signer.
    """
    actions = {"allActionsIncluded": True, "actions": _actions(label, plot)}
    assertions = [{"label": "c2pa.actions.v2", "created": True, "data": actions}]
    if label.source_type.generative:
        disclosure = _disclosure(label.generator)  # C2PA 2.4 §18.25
        assertions.append({"label": "c2pa.ai-disclosure", "created": True, "data": disclosure})
    metadata = cawg_metadata.compose(label, taken=taken)
    assertions.append({"label": "cawg.metadata", "kind": "Json", "created": True, "data": metadata})
    return {
        "title": label.title or title,
        "format": mime,
        "claim_version": 2,
        "claim_generator_info": [
            {"name": "genlabel", "version": __version__, "specVersion": SPEC_VERSION}
        ],
        "assertions": assertions,
    }


def _actions(label: Label, plot: Plot) -> list[dict[str, Any]]:
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
        dated["softwareAgent"] = _agent(label.generator)
    return dated


def _agent(generator: Generator) -> dict[str, str]:
    agent = {"name": generator.name}
    if generator.version:
        agent["version"] = generator.version
    if generator.provider:
        agent[PROVIDER] = generator.provider
    return agent


def _disclosure(generator: Generator | None) -> dict[str, str]:
    if generator is None:
        return {"modelType": "c2pa.types.model"}
    disclosed = {"modelType": generator.model_type, "modelName": generator.name}
    if generator.identifier:
        disclosed["modelIdentifier"] = generator.identifier
    return disclosed
