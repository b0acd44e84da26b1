"""The labels, actions, parameters and codes that the rubrics know, by version of C2PA."""

from __future__ import annotations

from genlabel.model.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What one version of the specification allows and has deprecated."""

    version: tuple[int, int]
    assertions: frozenset[str]
    """Standard assertions, without what tells several of a label apart."""
    actions: frozenset[str]
    deprecated_actions: frozenset[str]
    parameters: frozenset[str]
    """Standard parameters of actions."""


INCEPTION = frozenset(("c2pa.created", "c2pa.opened"))
NOT_EDITORIAL = frozenset(
    (
        *("c2pa.converted", "c2pa.published", "c2pa.repackaged", "c2pa.transcoded"),
        *("c2pa.resized.proportional", "c2pa.enhanced", "c2pa.edited.metadata"),
        *("c2pa.watermarked", "c2pa.watermarked.bound", "c2pa.watermarked.unbound"),
        "c2pa.redacted",
    )
)
"""Actions that change nothing of what is shown."""
SHOWN_ELSEWHERE = frozenset(("c2pa.placed",))
"""Actions whose digital source type is that of what they bring in."""
WITHOUT_SOURCE_TYPE = INCEPTION | NOT_EDITORIAL | SHOWN_ELSEWHERE
"""Standard actions that need none, or have a rule of their own."""
DEPRECATED_ASSERTIONS = frozenset(
    (
        *("c2pa.claim", "c2pa.hash.bmff.v2", "c2pa.asset-type"),
        *("c2pa.ingredient", "c2pa.ingredient.v2", "c2pa.actions"),
    )
)
RELATIONSHIPS = frozenset(("parentOf", "inputTo", "componentOf"))
HUMAN_ENTRIES = frozenset(("humanEntry.anonymous", "humanEntry.credentialed"))
TIFF = frozenset(("image/tiff", "image/x-adobe-dng"))
NEVER_EXTERNAL = frozenset(
    ("c2pa.actions", "c2pa.actions.v2", "c2pa.cloud-data", "c2pa.external-reference")
)
"""Labels of assertions that must lie in the manifest itself."""

_ASSERTIONS = frozenset(
    (
        *("c2pa.hash.data", "c2pa.hash.data.part", "c2pa.hash.boxes", "c2pa.hash.bmff.v3"),
        *("c2pa.hash.collection.data", "c2pa.hash.multi-asset", "c2pa.soft-binding"),
        *("c2pa.actions.v2", "c2pa.ingredient.v3", "c2pa.cloud-data", "c2pa.embedded-data"),
        *("c2pa.metadata", "c2pa.assertion.metadata", "c2pa.certificate-status"),
        *("c2pa.time-stamp", "c2pa.asset-ref", "c2pa.asset-type.v2", "c2pa.icon"),
        *("c2pa.thumbnail.claim", "c2pa.thumbnail.ingredient", "c2pa.depthmap.GDepth"),
        "font.info",
    )
)
_ACTIONS = frozenset(
    (
        *("c2pa.addedText", "c2pa.adjustedColor", "c2pa.changedSpeed", "c2pa.color_adjustments"),
        *("c2pa.converted", "c2pa.created", "c2pa.cropped", "c2pa.deleted", "c2pa.drawing"),
        *("c2pa.dubbed", "c2pa.edited", "c2pa.edited.metadata", "c2pa.enhanced", "c2pa.filtered"),
        *("c2pa.opened", "c2pa.orientation", "c2pa.placed", "c2pa.published", "c2pa.redacted"),
        *("c2pa.removed", "c2pa.repackaged", "c2pa.resized", "c2pa.transcoded"),
        *("c2pa.translated", "c2pa.trimmed", "c2pa.unknown", "c2pa.watermarked"),
    )
)
_DEPRECATED_ACTIONS = frozenset(
    (
        *("c2pa.copied", "c2pa.formatted", "c2pa.version_updated", "c2pa.printed"),
        *("c2pa.managed", "c2pa.produced", "c2pa.saved", "c2pa.color_adjustments"),
    )
)
_PARAMETERS = frozenset(
    (
        *("redacted", "ingredients", "ingredient", "description", "sourceLanguage"),
        *("targetLanguage", "multipleInstances", "ranges", "weight", "width"),
        *("italic", "slant", "optical-size"),
    )
)

OF_2_2 = Vocabulary(
    version=(2, 2),
    assertions=_ASSERTIONS,
    actions=_ACTIONS,
    deprecated_actions=_DEPRECATED_ACTIONS,
    parameters=_PARAMETERS,
)
OF_2_4 = Vocabulary(
    version=(2, 4),
    assertions=_ASSERTIONS
    | {
        *("c2pa.alternative-content-representation", "c2pa.external-reference"),
        *("c2pa.session-keys", "c2pa.environmental-sustainability"),
        *("c2pa.repository-receipt", "c2pa.ai-disclosure"),
    },
    actions=_ACTIONS
    | {
        *("c2pa.mastered", "c2pa.mixed", "c2pa.remixed", "c2pa.resized.proportional"),
        *("c2pa.watermarked.bound", "c2pa.watermarked.unbound"),
    },
    deprecated_actions=_DEPRECATED_ACTIONS | {"c2pa.watermarked"},
    parameters=_PARAMETERS | {"relatedAssertions"},
)

_NO_RESULTS = "MISSING_VALIDATION_RESULTS"
MALFORMED = frozenset(
    (
        *("assertion.action.malformed", "assertion.bmffHash.malformed"),
        *("assertion.boxesHash.malformed", "assertion.boxesHash.unknownBox"),
        *("assertion.collectionHash.malformed", "assertion.dataHash.malformed"),
        *("assertion.external-reference.malformed", "assertion.external-reference.created"),
        *("assertion.external-reference.labelMismatch", "assertion.ingredient.malformed"),
        "assertion.alternativeContentRepresentation.malformed",
        "assertion.alternativeContentRepresentation.missing",
        *("assertion.multiAssetHash.malformed", "assertion.multipleHardBindings"),
        *("assertion.cbor.invalid", "assertion.json.invalid", "claim.cbor.invalid"),
        *("claim.hardBindings.missing", "claim.malformed", "claim.missing", "claim.multiple"),
        *("hashedURI.missing", "ingredient.manifest.missing", "manifest.compressed.invalid"),
        *("manifest.html.multipleManifests", "manifest.inaccessible", "manifest.multipleParents"),
        "manifest.structuredText.emptyReference",
        "manifest.structuredText.malformedReference",
        "manifest.structuredText.multipleReferences",
        *("manifest.structuredText.noManifest", "manifest.structuredText.noResolutionPath"),
        *("manifest.timestamp.invalid", "manifest.timestamp.wrongParents"),
        *("manifest.update.invalid", "manifest.update.wrongParents"),
        _NO_RESULTS,
    )
)
"""Codes of what is not well formed."""
NOT_VALID = frozenset(
    (
        *("assertion.action.ingredientMismatch", "assertion.action.redactionMismatch"),
        *("assertion.bmffHash.mismatch", "assertion.boxesHash.mismatch"),
        *("assertion.collectionHash.mismatch", "assertion.dataHash.mismatch"),
        "assertion.external-reference.hashMismatch",
        "assertion.alternativeContentRepresentation.hashMismatch",
        *("assertion.multiAssetHash.mismatch", "assertion.hashedURI.mismatch"),
        *("assertion.hardBinding.redacted", "hashedURI.mismatch", "ingredient.manifest.mismatch"),
        *("ingredient.claimSignature.missing", "ingredient.claimSignature.mismatch"),
        *("claimSignature.missing", _NO_RESULTS),
    )
)
"""Codes of what is not as it was signed."""
NOT_TRUSTED = frozenset(
    (
        *("claimSignature.mismatch", "claimSignature.outsideValidity"),
        *("signingCredential.invalid", "signingCredential.ocsp.revoked"),
        *("signingCredential.untrusted", _NO_RESULTS),
    )
)
"""Codes of a signer who is not trusted."""
