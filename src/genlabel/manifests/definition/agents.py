"""The software that made or changed a picture, as actions and disclosure name it."""

from __future__ import annotations

from typing import Any

from genlabel.manifests.validation.actions import PROVIDER
from genlabel.model import step_rules
from genlabel.model.label import Label
from genlabel.model.parties import Generator


def agent(generator: Generator) -> dict[str, str]:
    """The ``softwareAgent`` of an action (C2PA 2.4 §18.15)."""
    agent = {"name": generator.name}
    if generator.version:
        agent["version"] = generator.version
    if generator.provider:
        agent[PROVIDER] = generator.provider
    return agent


def disclosure(label: Label) -> dict[str, Any]:
    """The data of ``c2pa.ai-disclosure`` (C2PA 2.4 §18.28)."""
    generator, watched = label.generator, step_rules.oversight(label)
    profile = {"contentProfile": {"humanOversightLevel": watched.value}} if watched else {}
    if generator is None:
        return {"modelType": "c2pa.types.model", **profile}
    disclosed = {"modelType": generator.model_type, "modelName": generator.name, **profile}
    if generator.identifier:
        disclosed["modelIdentifier"] = generator.identifier
    return disclosed
