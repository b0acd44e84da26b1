"""What in a manifest does not fit each rule of the rubrics: nothing where it is met.

Each function is called as the rule is, and gives what it objects to, in the file's own words. The
meaning is that of the official rubrics to the last detail, gaps included.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from genlabel.policies.conformance import vocabulary as known
from genlabel.policies.conformance.view import Active, Shape, among, items, shape, text
from genlabel.policies.conformance.vocabulary import Vocabulary

Objections = Sequence[Any]

_STANDARD = "c2pa."
_V2 = "c2pa.actions.v2"
_PRESERVED = "exif.originalPreservationImage"


def mandatory_dst_for_perceptible_transformations(it: Active, _: Vocabulary) -> Objections:
    """Standard actions that change what is shown, without a digital source type."""
    return it.labels_of(
        lambda each: (
            text(each.get("action")).startswith(_STANDARD)
            and each["action"] not in known.WITHOUT_SOURCE_TYPE
            and each.get("digitalSourceType") is None
        )
    )


def mandatory_spec_version(it: Active, spec: Vocabulary) -> Objections:
    """A version that is another; from 2.4 on, none is one too many."""
    version = it.spec_version
    if version is None:
        return ["missing"] if spec.version >= (2, 4) else []
    numbers = tuple(version.split(".")[:2]) if isinstance(version, str) else ()
    return [] if numbers == tuple(map(str, spec.version)) else [version]


def mandatory_all_actions_included(it: Active, _: Vocabulary) -> Objections:
    """Lists of actions that do not say whether they are complete."""
    return [
        label
        for label, each in it.assertions.items()
        if shape(each).get("actions") is not None and shape(each).get("allActionsIncluded") is None
    ]


def no_dst_for_opened_action(it: Active, spec: Vocabulary) -> Objections:
    """Source types of pictures that were opened; from 2.4 on."""
    if spec.version < (2, 4):
        return []
    opened = [each for each in it.actions if each.get("action") == "c2pa.opened"]
    types = [each.get("digitalSourceType") for each in opened]
    return [each for each in types if each is not None]


def data_present(it: Active, _: Vocabulary) -> Objections:
    """The lack of results."""
    return [] if it.validated else ["validationResults"]


def well_formed_success(it: Active, _: Vocabulary) -> Objections:
    """Failures of form."""
    return [code for code in it.failures if code in known.MALFORMED]


def valid_success(it: Active, _: Vocabulary) -> Objections:
    """Failures that say that something was changed."""
    return [code for code in it.failures if code in known.NOT_VALID]


def trusted_success(it: Active, _: Vocabulary) -> Objections:
    """Failures of the signer."""
    return [code for code in it.failures if code in known.NOT_TRUSTED]


def inception_action_position(it: Active, _: Vocabulary) -> Objections:
    """What stands first instead of the beginning."""
    urls = (shape(each).get("url") for each in it.created)
    first = next((each for each in urls if "c2pa.actions" in text(each)), None)
    if not text(first).endswith(_V2):
        return [first or "missing"]
    begun = any(each.get("action") == "c2pa.created" for each in it.actions)
    leading = it.actions[0].get("action") if it.actions else None
    return [] if not begun or among(leading, known.INCEPTION) else [leading or "missing"]


def no_deprecated_assertions(it: Active, _: Vocabulary) -> Objections:
    """Labels of assertions that are not written any more."""
    return [
        label
        for label in it.assertions
        if label.startswith("stds.") or label in known.DEPRECATED_ASSERTIONS
    ]


def no_unsupported_assertions(it: Active, spec: Vocabulary) -> Objections:
    """Labels with C2PA's prefix that C2PA does not know."""
    return [
        label
        for label in it.assertions
        if label.startswith(_STANDARD)
        and (plain := label.split("__")[0]) not in spec.assertions
        and plain not in known.DEPRECATED_ASSERTIONS
    ]


def no_deprecated_actions(it: Active, spec: Vocabulary) -> Objections:
    """Actions that are not written any more."""
    return it.labels_of(lambda each: among(each.get("action"), spec.deprecated_actions))


def no_unsupported_actions(it: Active, spec: Vocabulary) -> Objections:
    """Actions with C2PA's prefix that C2PA does not know."""
    return it.labels_of(
        lambda each: (
            text(each.get("action")).startswith(_STANDARD) and each["action"] not in spec.actions
        )
    )


def no_unrecognized_custom_assertions(it: Active, _: Vocabulary) -> Objections:
    """Labels of own assertions that do not say whose they are."""
    return [label for label in it.assertions if "." not in label]


def no_unrecognized_custom_actions(it: Active, _: Vocabulary) -> Objections:
    """Own actions that do not say whose they are."""
    return it.labels_of(lambda each: "." not in text(each.get("action")))


def no_unrecognized_custom_action_parameters(it: Active, spec: Vocabulary) -> Objections:
    """Own parameters that do not say whose they are."""
    names = (name for each in it.actions for name in shape(each.get("parameters")))
    return [name for name in names if name not in spec.parameters and "." not in name]


def discouraged_legacy_action_parameters(it: Active, _: Vocabulary) -> Objections:
    """Actions with parameters that stand elsewhere now."""
    old = ("description", "ingredient")
    return it.labels_of(
        lambda each: any(shape(each.get("parameters")).get(name) is not None for name in old)
    )


def active_manifest_urn(it: Active, _: Vocabulary) -> Objections:
    """A label of another kind."""
    return [] if it.label.startswith("urn:c2pa:") else [it.label or "missing"]


def review_ratings_datasource(it: Active, _: Vocabulary) -> Objections:
    """Who has entered what was rated as well."""
    return [
        shape(each.get("dataSource")).get("type")
        for each in it.contents
        if each.get("reviewRatings") is not None
        and among(shape(each.get("dataSource")).get("type"), known.HUMAN_ENTRIES)
    ]


def ingredient_v3_no_active_manifest(it: Active, _: Vocabulary) -> Objections:
    """Ingredients without manifest, with results of validating it."""
    return [
        _named(each)
        for each in it.ingredients
        if each.get("activeManifest") is None and each.get("validationResults") is not None
    ]


def ingredient_v3_mandatory_validation_results(it: Active, _: Vocabulary) -> Objections:
    """Ingredients with manifest, without results of validating it."""
    return [
        _named(each)
        for each in it.ingredients
        if each.get("activeManifest") is not None and each.get("validationResults") is None
    ]


def ingredient_relationship_values(it: Active, _: Vocabulary) -> Objections:
    """Relationships that there are none."""
    named = (each["relationship"] for each in it.ingredients)
    return [each for each in named if not among(each, known.RELATIONSHIPS)]


def mandatory_dst_for_created_action(it: Active, _: Vocabulary) -> Objections:
    """Beginnings without a digital source type."""
    return it.labels_of(
        lambda each: each.get("action") == "c2pa.created" and each.get("digitalSourceType") is None
    )


def no_deprecated_claim_fields(it: Active, _: Vocabulary) -> Objections:
    """A field that stands elsewhere now."""
    return [] if it.claim.get("specVersion") is None else ["specVersion"]


def ingredient_v3_choice(it: Active, _: Vocabulary) -> Objections:
    """Ingredients whose source type two may state."""
    return [
        _named(each)
        for each in it.ingredients
        if each.get("activeManifest") is not None and each.get("digitalSourceType") is not None
    ]


def alternative_content_representation_choice(it: Active, _: Vocabulary) -> Objections:
    """Preserved originals of which both places are named, or none."""
    ways = ("multiAssetPartIndex", "embeddedOriginalPreservationImage")
    return [
        _PRESERVED
        for each in it.contents
        if _PRESERVED in (each.get("type"), shape(each.get("parameters")).get("type"))
        and sum(shape(each.get("parameters")).get(way) is not None for way in ways) != 1
    ]


def forbidden_labels_in_external_references(it: Active, _: Vocabulary) -> Objections:
    """Labels of assertions that must not lie elsewhere."""
    return [
        each["label"]
        for each in it.contents
        if each.get("url") is not None
        and each.get("relationship") is None
        and (
            among(each.get("label"), known.NEVER_EXTERNAL)
            or text(each.get("label")).startswith(("c2pa.hash", "c2pa.ingredient"))
        )
    ]


def no_url_in_hashes(it: Active, _: Vocabulary) -> Objections:
    """Hashes that name where what they hash would be; the first that has the field decides."""
    for label in ("c2pa.hash.data", "c2pa.hash.bmff.v3"):
        url = it.assertion(label).get("url")
        if url is not None:
            return [label] if url else []
    return []


def all_actions_included_opened(it: Active, _: Vocabulary) -> Objections:
    """A picture that was opened alone, of which that is not said."""
    alone = len(it.actions) == 1 and it.assertion(_V2).get("allActionsIncluded") is not True
    return [_V2] if alone and it.actions[0].get("action") == "c2pa.opened" else []


def opened_action_ingredient_reference(it: Active, _: Vocabulary) -> Objections:
    """Openings that do not refer to one ingredient."""
    return it.labels_of(lambda each: each.get("action") == "c2pa.opened" and _references(each) != 1)


def no_box_hash_for_tiff(it: Active, _: Vocabulary) -> Objections:
    """Hashes of boxes over a file that has none."""
    kind = it.assertion("c2pa.asset-type.v2").get("dc:format")
    boxes = "c2pa.hash.boxes"
    return [boxes] if boxes in it.assertions and among(kind, known.TIFF) else []


def _references(action: Shape) -> int:
    return len(items(shape(action.get("parameters")).get("ingredients")))


def _named(ingredient: Shape) -> str:
    return text(ingredient.get("dc:title")) or text(ingredient.get("relationship"))
