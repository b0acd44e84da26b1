"""What the active manifest declares, and what about that is odd."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from genlabel.manifests.validation import actions, metadata_assertions
from genlabel.manifests.validation.metadata_assertions import MetadataAssertion
from genlabel.model.escape import quoted
from genlabel.model.report import Declaration, Finding, Severity
from genlabel.model.vocabulary import DigitalSourceType

_PARAMETERS = {
    actions.SOFTWARE: "generator",
    actions.SOFTWARE_VERSION: "generator_version",
    actions.PROVIDER: "generator_provider",
}
"""Our own parameters of actions, and the fields that they carry."""


def of(
    active: Mapping[str, Any],
    strongest: actions.Statement | None,
    metadata: Iterable[MetadataAssertion],
) -> Declaration:
    """What the active manifest says; its source type is that of the whole history."""
    fields = metadata_assertions.merged(metadata)
    for action, _ in actions.actions(active):
        if isinstance(action.get("when"), str):
            fields["created"] = action["when"]
        parameters = action.get("parameters")
        for key, name in _PARAMETERS.items():
            if isinstance(parameters, dict) and isinstance(parameters.get(key), str):
                fields[name] = parameters[key]
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


def generator(strongest: actions.Statement | None, declaration: Declaration) -> str | None:
    """What made the picture: the tool of the strongest statement, and never that of another."""
    if strongest is None or (strongest.agent is None and strongest.depth == 0):
        return declaration.generator
    return strongest.agent


def oddities(strongest: actions.Statement | None) -> Iterator[Finding]:
    """What no rule of C2PA forbids and a reader should know."""
    if strongest is None:
        return
    if DigitalSourceType.understand(strongest.source_type) is None:
        yield Finding(
            "genlabel.source-type.unknown",
            severity=Severity.ERROR,
            where=strongest.origin,
            explanation=f"{quoted(strongest.source_type)} is in no vocabulary of source types",
        )
    if not strongest.created:
        yield Finding(
            "genlabel.claim.gathered",
            severity=Severity.WARNING,
            where=strongest.origin,
            explanation="the source type is only gathered: the signer passes it on and does not "
            "vouch for it",
        )
