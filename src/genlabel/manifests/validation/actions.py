"""The signed history: what the actions of a manifest and of its ancestors state.

C2PA 2.4 §18.15 (actions), §18.16 (ingredients). Everything is read from the engine's manifest
report, whose text comes from the file and is kept as found.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from genlabel.manifests import cawg_metadata
from genlabel.manifests.store import ancestry
from genlabel.model.dataclass import dataclass
from genlabel.model.vocabulary import DigitalSourceType, same_source_type, strength_of

PROVIDER = "dev.genlabel.provider"
"""Our own key for the company behind a system: C2PA has none (entity-specific names, §18.15)."""

SOFTWARE, SOFTWARE_VERSION = "dev.genlabel.software", "dev.genlabel.software_version"
"""Our own keys for what made a picture that was only labelled now: no action is its own."""

INHERITED = "dev.genlabel.inherited_from"
"""Our own key for where a source type was found that the signer only takes over, as the origin of
a declaration; in metadata it is a property of our own namespace."""

OVERRULED = "dev.genlabel.overruled"
"""Our own key for the places of a file against which a label stands; the reason is the action's
description."""

VISIBLE = "dev.genlabel.visible"
"""Our own key for what a visible label says, and how it looks."""
BY, OVERSIGHT = "dev.genlabel.by", "dev.genlabel.oversight"
"""Our own keys for who or what made a step, and how far a human watched over the model: the first
one tells a step from the action that says what the whole picture is."""

MASK = "dev.genlabel.mask"
"""Our own key for the mask of a step's region, a picture of two colours: C2PA's regions have none
(2.4 §18.2)."""

HIDDEN = "com.adobe.digitalSourceType"
"""Where Adobe's older products put an action's source type, among its parameters."""

# Actions that need no source type because they do not change what is seen (Conformance 0.2, 4),
# and the metadata assertions, which describe and do not do anything. What was enhanced is not
# among them: where it states a source type, it says that a photograph is no longer as captured.
NON_EDITORIAL = frozenset(
    f"c2pa.{name}"
    for name in (
        *("converted", "edited.metadata", "opened", "placed", "published"),
        *("redacted", "repackaged", "resized.proportional", "transcoded"),
        *("watermarked", "watermarked.bound", "watermarked.unbound", "metadata"),
    )
) | {"cawg.metadata"}
DESCRIPTIONS = ("cawg.metadata", "c2pa.metadata")
"""Metadata assertions: they stand in the place of an action's name."""


class Base64(str):
    """Bytes as JSON shows them: no text of the file's, whatever it spells."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One action's digital source type, and who vouches for it."""

    source_type: str
    action: str
    manifest_id: str
    depth: int
    """0 in the active manifest, 1 in its ingredients', …"""
    created: bool
    """In the claim's created assertions: attributed to the signer."""
    agent: str | None = None
    agent_version: str | None = None
    agent_provider: str | None = None
    when: str | None = None
    inherited_from: str | None = None
    """Where the signer took it over from; None of the signer's own word."""
    is_step: bool = False
    """Is it one step of several, and not what the picture came to be?"""
    whole: bool = True
    """Does it speak of the whole picture, and not of an element that was put into it?"""

    @property
    def origin(self) -> str:
        """Manifest and action, as `Declared.origin` names them."""
        return f"{self.manifest_id} {self.action}"

    @property
    def code(self) -> str:
        """The source type by its code; as written where no vocabulary has it."""
        known = DigitalSourceType.understand(self.source_type)
        return known.code if known is not None else self.source_type

    @property
    def strength(self) -> int:
        """2 where a generative model was at work, 1 where another algorithm was, else 0."""
        return strength_of(self.source_type)

    @property
    def wholly_generated(self) -> bool:
        """Does it say that a model made the whole picture?"""
        known = DigitalSourceType.understand(self.source_type)
        return self.whole and known is DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One ingredient, met on the way down."""

    record: Mapping[str, Any]
    parent_id: str
    manifest_id: str | None
    depth: int


def manifests(document: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """The manifests of a document by their labels."""
    listed = document.get("manifests")
    return listed if isinstance(listed, dict) else {}


def active(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The active manifest of a document; empty when there is none."""
    return manifests(document).get(str(document.get("active_manifest")), {})


def walk(document: Mapping[str, Any]) -> Iterator[Link]:
    """Every ingredient below the active manifest, breadth first, each manifest entered once.

    As deep as `ancestry.walk` goes: where that is cut, the lineage is unknown.
    """
    everything = manifests(document)
    active = document.get("active_manifest")
    level = [str(active)] if active in everything else []
    entered = set(level)
    for depth in range(1, ancestry.MAX_DEPTH + 1):
        if not level:
            return
        below: list[str] = []
        for label in level:
            for record in everything[label].get("ingredients") or ():
                if not isinstance(record, dict):
                    continue
                target = record.get("active_manifest")
                manifest_id = str(target) if target in everything else None
                yield Link(record=record, parent_id=label, manifest_id=manifest_id, depth=depth)
                if manifest_id is not None and manifest_id not in entered:
                    entered.add(manifest_id)
                    below.append(manifest_id)
        level = below


def statements(document: Mapping[str, Any]) -> tuple[Statement, ...]:
    """Every source type stated by an action, nearest manifest first, in the order of the actions.

    Ingredients that were only an input (``inputTo``, such as a prompt) are no part of the picture.
    """
    everything = manifests(document)
    return tuple(
        each if part.whole else replace(each, whole=False)
        for part in parts_of_picture(document)
        for each in stated_in(everything.get(part.manifest_id, {}), part.manifest_id, part.depth)
    )


@dataclass(frozen=True, slots=True)
class Part:
    """One manifest of the picture's history."""

    manifest_id: str
    depth: int
    whole: bool
    """Is it a former state of the whole picture, and not of an element?"""


def parts_of_picture(document: Mapping[str, Any]) -> Iterator[Part]:
    """The active manifest, and those below it of which the picture came, nearest first."""
    active = str(document.get("active_manifest"))
    yield Part(active, 0, True)
    whole = {active: True}
    for link in walk(document):
        if link.manifest_id is None or link.manifest_id in whole:
            continue
        if link.parent_id not in whole or link.record.get("relationship") == "inputTo":
            continue
        is_parent = link.record.get("relationship") == "parentOf"
        whole[link.manifest_id] = whole[link.parent_id] and is_parent
        yield Part(link.manifest_id, link.depth, whole[link.manifest_id])


def strongest(
    stated: tuple[Statement, ...], vouched: Callable[[Statement], bool] = lambda _: False
) -> Statement | None:
    """The statement that the whole history comes to.

    The strongest anywhere beats every other, and what was wholly generated stays so whatever a
    model did to it later; else the nearest editorial one counts, or any. Of those that say the same
    strong thing it is one that is `vouched` for by somebody known, and an action, which names its
    tool, before metadata, which only repeat it.
    """
    strengths = [each.strength for each in stated]
    strength = max(strengths, default=0)
    if strength:
        strong = [each for each, own in zip(stated, strengths, strict=True) if own == strength]
        wholly = [each for each in strong if each.wholly_generated]
        code = (wholly or strong)[0].code
        alike = [each for each in strong if each.code == code and (each.whole or not wholly)]
        return min(alike, key=lambda each: (not vouched(each), each.action in DESCRIPTIONS))
    editorial = (each for each in stated if each.action not in NON_EDITORIAL and not each.is_step)
    return next(itertools.chain(editorial, stated), None)


def inception(stated: tuple[Statement, ...]) -> Statement | None:
    """The first beginning that the history names: its deepest ``c2pa.created``."""
    born = [each for each in stated if each.action == "c2pa.created"]
    return max(born, key=lambda each: each.depth, default=None)


Acted = list[tuple[Mapping[str, Any], bool]]
"""Actions in order, each with whether the signer is said to vouch for it."""


def actions(manifest: Mapping[str, Any], listed: Listed | None = None) -> Acted:
    """The actions of a manifest in order, each with whether the signer is said to vouch for it.

    Version 1 claims have no gathered assertions: all are the signer's. A software agent that an
    action names by its number in the list stands in it here. `listed` are its `assertions`.
    """
    old_claim = manifest.get("claim_version", 1) == 1
    return [
        (_with_agent(action, data), old_claim or created)
        for label, data, created in (assertions(manifest) if listed is None else listed)
        if label.startswith("c2pa.actions")
        for action in data.get("actions") or ()
        if isinstance(action, dict)
    ]


def _with_agent(action: Mapping[str, Any], data: Mapping[str, Any]) -> Mapping[str, Any]:
    number, agents = action.get("softwareAgentIndex"), data.get("softwareAgents")
    if "softwareAgent" in action or not isinstance(number, int) or not isinstance(agents, list):
        return action
    return {**action, "softwareAgent": agents[number]} if 0 <= number < len(agents) else action


Listed = list[tuple[str, Mapping[str, Any], bool]]
"""Assertions whose data is a map: label, data, and whether each is created."""


def assertions(manifest: Mapping[str, Any]) -> Listed:
    """The assertions of a manifest whose data is a map: label, data, and whether it is created.

    A created assertion is attributed to the signer, a gathered one is not (C2PA 2.4 §10.3.2.1).
    """
    return [
        (str(each.get("label", "")), data, each.get("created") is True)
        for each in manifest.get("assertions") or ()
        if isinstance(each, dict) and isinstance(data := each.get("data"), dict)
    ]


def stated_in(manifest: Mapping[str, Any], label: str = "", depth: int = 0) -> Iterator[Statement]:
    """The source types that one manifest states: its actions in order, then its metadata."""
    listed = assertions(manifest)
    described = _descriptions(listed)
    for action, created in actions(manifest, listed):
        stated = statement_of(action, label, depth, created=created)
        if stated.source_type:
            inherited = stated.inherited_from is not None
            is_own = inherited and stated.source_type != _taken_over(described)
            yield replace(stated, inherited_from=None) if is_own else stated
        hidden = parameter(action, HIDDEN)
        if hidden and not same_source_type(hidden, stated.source_type):
            yield replace(stated, source_type=hidden)
    for name, data, created in described:
        source_type = string(data.get("Iptc4xmpExt:DigitalSourceType"))
        if source_type:
            yield Statement(
                source_type=source_type,
                action=name,
                manifest_id=label,
                depth=depth,
                created=created,
                inherited_from=string(data.get(cawg_metadata.INHERITED_FROM)),
            )


def statement_of(
    action: Mapping[str, Any], manifest_id: str, depth: int, *, created: bool
) -> Statement:
    """What one action states; its source type is empty where it states none."""
    agent = action.get("softwareAgent")
    agent = agent if isinstance(agent, dict) else {"name": agent}
    return Statement(
        source_type=_source_type(action) or "",
        action=str(action.get("action", "")),
        manifest_id=manifest_id,
        depth=depth,
        created=created,
        agent=string(agent.get("name")),
        agent_version=string(agent.get("version")),
        agent_provider=string(agent.get(PROVIDER)),
        when=string(action.get("when")),
        inherited_from=parameter(action, INHERITED),
        is_step=is_step(action),
    )


def _taken_over(described: Listed) -> str | None:
    """The source type that the metadata say to be inherited; what an edit says is its own."""
    return next(
        (
            string(data.get("Iptc4xmpExt:DigitalSourceType"))
            for _, data, _ in described
            if data.get(cawg_metadata.INHERITED_FROM)
        ),
        None,
    )


def _descriptions(listed: Listed) -> Listed:
    """The metadata assertions among those of a manifest, by their names without a number."""
    return [
        (name, data, created)
        for label, data, created in listed
        if (name := label.partition("__")[0]) in DESCRIPTIONS
    ]


def parameter(action: Mapping[str, Any], name: str) -> str | None:
    """A text among the parameters of an action."""
    parameters = action.get("parameters")
    return string(parameters.get(name)) if isinstance(parameters, dict) else None


def is_step(action: Mapping[str, Any]) -> bool:
    """Is it the action of a step that a label tells (our own form; others have no such thing)?"""
    return parameter(action, BY) is not None


def own_parameters(action: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of an action but for those by which it names ingredients, before and after
    the engine has made links of them."""
    parameters = action.get("parameters")
    if not isinstance(parameters, dict):
        return {}
    links = ("ingredientIds", "ingredients")
    return {key: each for key, each in parameters.items() if key not in links}


def _source_type(action: Mapping[str, Any]) -> str | None:
    """The action's source type; Adobe's older products put theirs into the parameters."""
    return string(action.get("digitalSourceType")) or parameter(action, HIDDEN)


def string(value: object) -> str | None:
    """`value` if it is a text that says something; files put anything anywhere."""
    spoken = isinstance(value, str) and value and not isinstance(value, Base64)
    return str(value) if spoken else None
