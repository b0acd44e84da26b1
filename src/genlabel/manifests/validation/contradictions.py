"""Where the assertions of one manifest contradict each other about how the picture came to be.

C2PA 2.4 §18.15.4 (source types of actions), §18.17 (metadata), §18.28 (AI disclosure, which is not
attached where no AI system was at work).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from genlabel.manifests.validation import actions
from genlabel.manifests.validation.actions import Statement
from genlabel.model.escape import quoted
from genlabel.model.report import Finding, Severity
from genlabel.model.vocabulary import OF_A_MODEL, DigitalSourceType, same_source_type

DISCLOSURE = "c2pa.ai-disclosure"
_DESCRIBING = frozenset({"cawg.metadata", "c2pa.metadata"})
_NO_AI = frozenset(
    {
        *(DigitalSourceType.DIGITAL_CAPTURE, DigitalSourceType.NEGATIVE_FILM),
        *(DigitalSourceType.POSITIVE_FILM, DigitalSourceType.PRINT),
        *(DigitalSourceType.HUMAN_EDITS, DigitalSourceType.DIGITAL_CREATION),
    }
)
"""Source types that say that people did everything."""
_CODE = "genlabel.marks.disagree.source_type"


def found(
    active: Mapping[str, Any], history: tuple[Statement, ...], strongest: Statement | None
) -> Iterator[Finding]:
    """Actions against metadata against disclosure of the `active` manifest.

    Metadata may say what an own action says, or what the whole `history` comes to; `strongest` is
    its strongest statement.
    """
    own = [each for each in history if each.depth == 0]
    yield from _two_words(active)
    described = [each for each in own if each.action in _DESCRIBING]
    if described:
        yield from _described(described, own, history)
    known = DigitalSourceType.understand(strongest.source_type) if strongest else None
    if strongest is not None and known in _NO_AI and _discloses(active):
        yield _finding(strongest, "an AI system is disclosed", DISCLOSURE)


def _two_words(active: Mapping[str, Any]) -> Iterator[Finding]:
    """An action's own source type against the one that Adobe's products put into its parameters."""
    for action, _ in actions.actions(active):
        said, hidden = action.get("digitalSourceType"), actions.parameter(action, actions.HIDDEN)
        if hidden and actions.string(said) and not same_source_type(said, hidden):
            name = str(action.get("action"))[:80]
            yield Finding(
                _CODE,
                severity=Severity.ERROR,
                where=f"{name}, {name}",
                explanation=f"source type: {name} says {quoted(said)}, and in its parameters "
                f"{quoted(hidden)}",
            )


def _described(
    described: list[Statement], own: list[Statement], history: tuple[Statement, ...]
) -> Iterator[Finding]:
    """Metadata against actions."""
    done = [each for each in own if each.action not in _DESCRIBING]
    acted = actions.strongest(tuple([each for each in history if each.action not in _DESCRIBING]))
    allowed = [each.source_type for each in done]
    if acted is not None:
        allowed.append(acted.source_type)
    if not done and not _hidden(described[:1], acted):
        allowed = [each.source_type for each in described[:1]] + allowed
    least = acted.strength if acted is not None else 0
    for each in described:
        if each.inherited_from and each.strength >= least:
            continue  # somebody else's word, which no action of this manifest could say
        if not any(same_source_type(each.source_type, one) for one in allowed):
            yield _finding(each, f"the actions say {quoted(allowed[0])}", "c2pa.actions")


def _hidden(described: Sequence[Statement], acted: Statement | None) -> bool:
    """Do metadata say that people did everything where an ancestor's actions name a machine?"""
    generative = acted is not None and acted.strength == OF_A_MODEL
    said = (DigitalSourceType.understand(each.source_type) for each in described)
    return generative and any(each in _NO_AI for each in said)


def _discloses(active: Mapping[str, Any]) -> bool:
    return any(label.partition("__")[0] == DISCLOSURE for label, *_ in actions.assertions(active))


def _finding(said: Statement, against: str, where: str) -> Finding:
    return Finding(
        _CODE,
        severity=Severity.ERROR,
        where=f"{said.action}, {where}",
        explanation=f"source type: {said.action} says {quoted(said.source_type)}, {against}",
    )
