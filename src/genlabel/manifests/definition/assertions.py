"""The assertions of a manifest: actions, disclosure, metadata."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from genlabel.manifests import cawg_metadata
from genlabel.manifests.definition.actions import actions, is_complete
from genlabel.manifests.definition.agents import disclosure
from genlabel.manifests.definition.plot import Plot
from genlabel.model.label import Label


def assertions(label: Label, plot: Plot, *, taken: Collection[str] = ()) -> list[dict[str, Any]]:
    """All assertions that `label` needs; `taken` as in `definition`.

    Everything is marked ``created``, without which the engine would not attribute it to the signer.
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
        stated.append(
            {"label": "c2pa.ai-disclosure", "created": True, "data": disclosure(label.generator)}
        )
    metadata = cawg_metadata.compose(label, taken=taken)
    stated.append({"label": "cawg.metadata", "kind": "Json", "created": True, "data": metadata})
    return stated
