"""The software that made or changed a picture, as actions and disclosure name it."""

from __future__ import annotations

from genlabel.manifests.validation.actions import PROVIDER
from genlabel.model.parties import Generator


def agent(generator: Generator) -> dict[str, str]:
    """The ``softwareAgent`` of an action (C2PA 2.4 §18.15)."""
    agent = {"name": generator.name}
    if generator.version:
        agent["version"] = generator.version
    if generator.provider:
        agent[PROVIDER] = generator.provider
    return agent


def disclosure(generator: Generator | None) -> dict[str, str]:
    """The data of ``c2pa.ai-disclosure`` (C2PA 2.4 §18.25)."""
    if generator is None:
        return {"modelType": "c2pa.types.model"}
    disclosed = {"modelType": generator.model_type, "modelName": generator.name}
    if generator.identifier:
        disclosed["modelIdentifier"] = generator.identifier
    return disclosed
