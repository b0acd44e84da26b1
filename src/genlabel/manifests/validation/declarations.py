"""What the active manifest declares, and what about that is odd."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from genlabel.manifests import cawg_metadata
from genlabel.manifests.validation import actions
from genlabel.model.report import Declaration, Finding, Severity
from genlabel.model.vocabulary import DigitalSourceType


def of(active: Mapping[str, Any], strongest: actions.Statement | None) -> Declaration:
    """What the active manifest says; its source type is that of the whole history."""
    fields: dict[str, Any] = {}
    for label, data, _ in actions.assertions(active):
        if label.startswith(("cawg.metadata", "c2pa.metadata")):
            fields |= cawg_metadata.read(data)
    for action, _ in actions.actions(active):
        if isinstance(action.get("when"), str):
            fields["created"] = action["when"]
        parameters = action.get("parameters")
        if isinstance(parameters, dict) and isinstance(parameters.get(actions.PROVIDER), str):
            fields["generator_provider"] = parameters[actions.PROVIDER]
    if strongest is not None:
        fields["source_type"] = strongest.source_type
        if strongest.depth == 0:
            agent = {
                "generator": strongest.agent,
                "generator_version": strongest.agent_version,
                "generator_provider": strongest.agent_provider,
            }
            fields |= {name: value for name, value in agent.items() if value}
    return Declaration(**fields)


def oddities(strongest: actions.Statement | None) -> Iterator[Finding]:
    """What no rule of C2PA forbids and a reader should know."""
    if strongest is None:
        return
    if DigitalSourceType.understand(strongest.source_type) is None:
        yield Finding(
            "genlabel.source-type.unknown",
            severity=Severity.ERROR,
            where=strongest.origin,
            explanation=f"{strongest.source_type!r} is in no vocabulary of source types",
        )
    if not strongest.created:
        yield Finding(
            "genlabel.claim.gathered",
            severity=Severity.WARNING,
            where=strongest.origin,
            explanation="the source type is only gathered: the signer passes it on and does not "
            "vouch for it",
        )
