"""Do the ingredients hold? Every one of them, down to the first, as recorded and as verified now.

The engine's overall state looks at the active manifest only: over a tampered parent it still says
Trusted. What was found when an ingredient was added counts as much as what is found today.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from genlabel.manifests.validation import actions
from genlabel.manifests.validation.status_codes import Concern, Status, gravest, statuses
from genlabel.model.report import Finding, Ingredient, Integrity, Lineage, Severity
from genlabel.model.words.codes import sentence


def lineage_of(
    document: Mapping[str, Any],
) -> tuple[Lineage, tuple[Ingredient, ...], tuple[Finding, ...]]:
    """The verdict on all ingredients, each of them, and a finding for each that does not hold."""
    deltas = _deltas(document)
    everything = actions.manifests(document)
    ingredients: list[Ingredient] = []
    findings: list[Finding] = []
    for link in actions.walk(document):
        failures = (*_recorded(link.record), *deltas.get(_address(link), ()))
        concern = gravest(failures)
        manifest = everything.get(link.manifest_id or "", {})
        ingredient = _ingredient(link, manifest, concern)
        ingredients.append(ingredient)
        if concern is not None:
            findings.append(_finding(ingredient, concern, failures))
    return _verdict(ingredients), tuple(ingredients), tuple(findings)


def _verdict(ingredients: list[Ingredient]) -> Lineage:
    verdicts = {each.integrity for each in ingredients}
    if not verdicts:
        return Lineage.NONE
    if Integrity.BROKEN in verdicts:
        return Lineage.BROKEN
    return Lineage.UNKNOWN if Integrity.UNKNOWN in verdicts else Lineage.INTACT


def _ingredient(
    link: actions.Link, manifest: Mapping[str, Any], concern: Concern | None
) -> Ingredient:
    if concern is None:
        integrity = Integrity.INTACT if link.manifest_id else Integrity.ABSENT
    else:
        integrity = Integrity.UNKNOWN if concern is Concern.UNREADABLE else Integrity.BROKEN
    stated = next((each.source_type for each in actions.stated_in(manifest)), None)
    info = manifest.get("signature_info")
    return Ingredient(
        title=actions.string(link.record.get("title")),
        relationship=actions.string(link.record.get("relationship")),
        manifest_id=link.manifest_id,
        integrity=integrity,
        source_type=stated,
        organisation=actions.string(info.get("issuer")) if isinstance(info, dict) else None,
        depth=link.depth,
    )


def _finding(ingredient: Ingredient, concern: Concern, failures: tuple[Status, ...]) -> Finding:
    status = next(each for each in failures if each.concern is concern)
    unknown = ingredient.integrity is Integrity.UNKNOWN
    explanation = "made from a picture whose own credential " + (
        "cannot be checked here" if unknown else "does not hold"
    )
    return Finding(
        status.code,
        severity=Severity.WARNING if unknown else Severity.ERROR,
        where=ingredient.title or ingredient.manifest_id or "ingredient",
        explanation=f"{explanation}: {sentence(status.code) or status.explanation}",
    )


def _recorded(record: Mapping[str, Any]) -> tuple[Status, ...]:
    """The failures that the claim generator found when it added the ingredient.

    Version 1 and 2 ingredients list them as ``validation_status``.
    """
    results = record.get("validation_results")
    active = results.get("activeManifest") if isinstance(results, dict) else None
    old = statuses({"failure": record.get("validation_status")}, "failure")
    return (*statuses(active, "failure"), *old)


def _deltas(document: Mapping[str, Any]) -> Mapping[str, tuple[Status, ...]]:
    """Today's failures by the address of the ingredient assertion."""
    results = document.get("validation_results")
    listed = results.get("ingredientDeltas") if isinstance(results, dict) else None
    return {
        str(each.get("ingredientAssertionURI", "")): statuses(
            each.get("validationDeltas"), "failure"
        )
        for each in listed or ()
        if isinstance(each, dict)
    }


def _address(link: actions.Link) -> str:
    """The JUMBF URI of an ingredient assertion, as the engine writes it into its deltas."""
    label = link.record.get("label", "c2pa.ingredient")
    return f"self#jumbf=/c2pa/{link.parent_id}/c2pa.assertions/{label}"
