"""What the active manifest declares, and what about that is odd."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from genlabel.manifests.validation import actions, metadata_assertions
from genlabel.manifests.validation.metadata_assertions import MetadataAssertion
from genlabel.model.escape import quoted
from genlabel.model.report import Declaration, Declared, Finding, Severity
from genlabel.model.vocabulary import DigitalSourceType

_PARAMETERS = {
    actions.SOFTWARE: "generator",
    actions.SOFTWARE_VERSION: "generator_version",
    actions.PROVIDER: "generator_provider",
}
"""Our own parameters of actions, and the fields that they carry."""


def _acting(
    active: Mapping[str, Any], strongest: actions.Statement | None
) -> actions.Statement | None:
    """The statement whose agent the active manifest's own fields name: its own strongest action."""
    if strongest is None:
        return None
    if strongest.depth == 0 and strongest.action not in actions.DESCRIPTIONS:
        return strongest
    return next((each for each in actions.stated_in(active) if each.strength and each.agent), None)


def of(
    active: Mapping[str, Any],
    acted: actions.Acted,
    strongest: actions.Statement | None,
    metadata: Iterable[MetadataAssertion],
) -> Declaration:
    """What the `active` manifest says; its source type is that of the whole history.

    `acted` are its actions.
    """
    fields = metadata_assertions.merged(metadata)
    for action, _ in acted:
        if actions.is_step(action):
            continue
        if isinstance(action.get("when"), str):
            fields["created"] = action["when"]
        parameters = action.get("parameters")
        for key, name in _PARAMETERS.items():
            if isinstance(parameters, dict) and isinstance(parameters.get(key), str):
                fields[name] = parameters[key]
    if strongest is not None:
        fields["source_type"] = strongest.source_type
    acting = _acting(active, strongest)
    if acting is not None:
        agent = {
            "generator": acting.agent,
            "generator_version": acting.agent_version,
            "generator_provider": acting.agent_provider,
        }
        fields |= {name: value for name, value in agent.items() if value}
    return Declaration(**fields)


def declared(
    declaration: Declaration, strongest: actions.Statement | None, **answers: Any
) -> Declared:
    """The strongest statement as reports have it, with the `answers` about who vouches for it."""
    return Declared(
        source_type=declaration.source_type,
        generator=generator(strongest, declaration),
        origin=strongest.origin if strongest else None,
        **answers,
    )


def generator(strongest: actions.Statement | None, declaration: Declaration) -> str | None:
    """What made the picture: the tool of the strongest statement, and never that of another."""
    if strongest is None or (strongest.agent is None and strongest.depth == 0):
        return declaration.generator
    return strongest.agent


def inherited_from(
    strongest: actions.Statement | None, stated: Iterable[actions.Statement]
) -> str | None:
    """Where the signer says to have the strongest statement from.

    That may be the ancestor's own, if nobody known vouches for it, and the signer repeats it.
    """
    if strongest is None:
        return None
    alike = (each for each in stated if each.depth == 0 and each.code == strongest.code)
    return strongest.inherited_from or next(
        (each.inherited_from for each in alike if each.inherited_from), None
    )


def settled(
    acted: actions.Acted,
    strongest: actions.Statement | None,
    whence: str | None,
) -> Iterator[Finding]:
    """That the signer took the statement over from `whence`, and what was overruled; `acted` are
    the actions of the active manifest."""
    if strongest is not None and whence is not None:
        yield Finding(
            "genlabel.claim.inherited",
            severity=Severity.WARNING,
            where=strongest.origin,
            explanation=f"the source type is taken over from {quoted(whence)}: the signer does not "
            "vouch for it",
        )
    for action, _ in acted:
        if (places := actions.parameter(action, actions.OVERRULED)) is not None:
            reason = actions.string(action.get("description")) or "no reason given"
            yield Finding(
                "genlabel.claim.overruled",
                severity=Severity.WARNING,
                where=str(action.get("action"))[:80],
                explanation="the file said that a model or an algorithm made the picture "
                f"({quoted(places)}), and the signer overruled it: {quoted(reason)}",
            )


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
