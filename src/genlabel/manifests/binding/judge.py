"""A hard binding by the label of its assertion: which of them judges it (C2PA 2.4 §15.12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from genlabel.formats.format import Container, Survey
from genlabel.manifests.binding import data_hash
from genlabel.manifests.binding.outcome import Outcome
from genlabel.model.escape import quoted
from genlabel.model.expression import expression

if TYPE_CHECKING:
    from genlabel.manifests.binding.multi_asset import Resolve

MULTI_ASSET = "c2pa.hash.multi-asset"

_LABEL = expression(r"c2pa\.hash\.(data|boxes|bmff(?:\.v[123])?)(?:\.part)?(?:__\d{1,9})?")
"""With the numbers of several instances (§6.4) and the mark of a part (§18.9.2)."""
_COLLECTION = "c2pa.hash.collection.data"
_FALLS_BACK = ("mismatch", "unknownBox")
"""Failures after which a multi-asset hash is asked (§15.12.4)."""


def is_known(label: str) -> bool:
    """Is it the label of a hard binding that the specification has (§9.2)?"""
    return _LABEL.fullmatch(label) is not None or label.partition("__")[0] == _COLLECTION


def judged(
    label: str,
    fields: Mapping[str, Any],
    container: Container | None,
    survey: Survey,
    *,
    algorithm: str | None,
    external: bool,
    updated: bool = False,
    parts: object = None,
    resolve: Resolve | None = None,
) -> Outcome:
    """Does the file hold to the binding `label` with these `fields`?

    `algorithm` is the claim's. `external`: the manifest lies beside the file. `updated`: the active
    manifest is an update of the one with this binding. `parts` is the value of a multi-asset hash
    in the same manifest, and `resolve` finds the assertions that it refers to; it must know only
    those whose hashed URIs hold.
    """
    outcome = _bound(
        label, fields, container, survey, algorithm=algorithm, external=external, updated=updated
    )
    if not external:
        outcome = _alone(outcome, survey)
    lost = outcome.holds is False and outcome.code.endswith(_FALLS_BACK)
    if not lost or parts is None or resolve is None:
        return outcome
    from genlabel.manifests.binding import multi_asset

    judge = partial(_bound, algorithm=algorithm, external=external, updated=updated)
    return multi_asset.judged(parts, survey, resolve=resolve, judge=judge)


def _alone(outcome: Outcome, survey: Survey) -> Outcome:
    """The outcome for a file whose manifest may not be the one that other readers take."""
    if not outcome.holds or survey.stores < 2:
        return outcome
    further = f"{survey.stores - 1:,} further manifest stores, of which readers may take another"
    return replace(outcome, uncovered=(*outcome.uncovered, further))


def _bound(
    label: str,
    fields: Mapping[str, Any],
    container: Container | None,
    survey: Survey,
    *,
    algorithm: str | None,
    external: bool,
    updated: bool,
) -> Outcome:
    found = _LABEL.fullmatch(label)
    kind = found.group(1) if found else ""
    if kind == "data":
        return data_hash.judged(
            fields, container, survey, algorithm=algorithm, external=external, updated=updated
        )
    if kind == "boxes":
        from genlabel.manifests.binding import boxes_hash

        return boxes_hash.judged(fields, container, survey, algorithm=algorithm, external=external)
    if kind.startswith("bmff"):
        from genlabel.manifests.binding import bmff_hash

        version = int(kind.removeprefix("bmff").removeprefix(".v") or 1)
        return bmff_hash.judged(version, fields, survey, algorithm=algorithm)
    return Outcome.unjudged("claim.hardBindings.missing", f"a binding called {quoted(label)}")
