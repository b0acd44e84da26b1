"""The definition of a manifest as the engine takes it: claim, generator, assertions."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from genlabel.manifests.definition.assertions import assertions
from genlabel.manifests.definition.ingredients import PARENT, PREVIOUS, ingredient
from genlabel.manifests.definition.plot import Plot
from genlabel.model.label import Label
from genlabel.model.version import __version__

SPEC_VERSION = "2.4.0"


def definition(
    label: Label, plot: Plot, *, mime: str, taken: Collection[str] = ()
) -> dict[str, Any]:
    """The manifest definition for the engine: generator, actions, disclosure, metadata.

    `label.moment` is the time of every action. `taken` are fields that the file's
    own metadata fills, where the manifest has no fallback to offer.
    """
    # without bytes there is nothing that the engine could look at, so it is no source of its own
    unknown = [ingredient(PARENT, PREVIOUS, "parentOf")] if plot.parent_is_unknown else []
    # C2PA 2.4 §10.2.2 advises against a title; a file's name may say what nobody wants to publish
    titled = {"title": label.title} if label.title else {}
    return {
        **titled,
        "format": mime,
        "claim_version": 2,
        "claim_generator_info": [
            {"name": "genlabel", "version": __version__, "specVersion": SPEC_VERSION}
        ],
        "ingredients": [*unknown, *plot.sources.ingredients],
        "assertions": assertions(label, plot, taken=taken),
    }
