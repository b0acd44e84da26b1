"""The assertions of a manifest: actions, disclosure, metadata."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from genlabel.manifests import cawg_metadata
from genlabel.manifests.definition import sources
from genlabel.manifests.definition.actions import actions, is_complete
from genlabel.manifests.definition.agents import disclosure
from genlabel.manifests.definition.plot import Plot
from genlabel.manifests.validation import training_mining
from genlabel.model.attribution import Attribution
from genlabel.model.label import Label


def assertions(label: Label, plot: Plot, *, taken: Collection[str] = ()) -> list[dict[str, Any]]:
    """All assertions that `label` needs; `taken` as in `definition`.

    What is marked ``created`` the engine attributes to the signer. That is everything but metadata
    which the signer only passes on.
    """
    stated = [
        {
            "label": "c2pa.actions.v2",
            "created": True,
            "data": {
                "allActionsIncluded": is_complete(label, plot),
                "actions": actions(label, plot),
            },
        }
    ]
    if label.source_type.generative:
        stated.append({"label": "c2pa.ai-disclosure", "created": True, "data": disclosure(label)})
    metadata = cawg_metadata.compose(label, taken=taken)
    vouched = plot.attribution is Attribution.CREATED
    stated.append({"label": "cawg.metadata", "kind": "Json", "created": vouched, "data": metadata})
    if uses := label.rights.mining_entries:
        stated.append(
            {"label": training_mining.LABEL, "created": vouched, "data": {"entries": uses}}
        )
    if (told := plot.sources.assertion) is not None:
        stated.append({"label": sources.LABEL, "kind": "Json", "created": True, "data": told})
    stated.extend(
        {"label": each.label, "kind": "Json", "created": vouched, "data": dict(each.data)}
        for each in label.assertions
    )
    return stated


def is_custom(label: str) -> bool:
    """Is an assertion, by its label, none of those that C2PA and CAWG define?"""
    return not label.startswith(("c2pa.", "cawg.", "stds."))
