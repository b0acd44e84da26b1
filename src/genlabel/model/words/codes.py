"""What a status code means: one clause in English, and its sentences in the catalogues.

Codes are stable, and explanations made of these clauses stay English in every output for machines;
what people read in their language comes from the catalogue's entry.
"""

from __future__ import annotations

_CLAUSES = {
    "assertion.dataHash.mismatch": "bytes of the picture were changed after it was signed",
    "assertion.bmffHash.mismatch": "bytes of the picture were changed after it was signed",
    "assertion.boxesHash.mismatch": "bytes of the picture were changed after it was signed",
    "assertion.hashedURI.mismatch": "a part of the manifest was changed after it was signed",
    "hashedURI.mismatch": "a part of the manifest was changed after it was signed",
    "claimSignature.mismatch": "the signature does not belong to this manifest",
    "claimSignature.missing": "the manifest is not signed",
    "genlabel.signature.unchecked": "the signature cannot be checked here",
    "assertion.action.malformed": "an action in the manifest breaks the rules of its form; "
    "this alone does not show that anything was changed",
    "assertion.missing": "the manifest names a part that is not there",
    "claim.missing": "the manifest has no claim",
    "claim.hardBindings.missing": "no hash ties the manifest to its picture",
    "claim.malformed": "the claim breaks the rules of its form",
    "ingredient.manifest.missing": "the manifest of an ingredient is not there",
    "ingredient.manifest.mismatch": "the manifest of an ingredient was changed",
    "ingredient.claimSignature.mismatch": "the signature of an ingredient was changed",
    "ingredient.claimSignature.missing": "the signature of an ingredient is not there",
    "assertion.action.redacted": "the history of an ingredient was taken out, which nobody may",
    "assertion.dataHash.redacted": "the binding of an ingredient was taken out, which nobody may",
    "manifest.multipleParents": "the manifest names more than one parent",
    "manifest.update.invalid": "an update of the history has what only a new picture may have",
    "manifest.update.wrongParents": "an update of the history does not name one parent alone",
    "manifest.inaccessible": "the manifest is kept elsewhere and was not fetched",
    "algorithm.unsupported": "the manifest uses an algorithm that cannot be checked here",
    "signingCredential.untrusted": "your trust lists do not name the signer",
    "claimSignature.outsideValidity": "the signer's certificate was not valid when it counted",
    "signingCredential.invalid": "the signer's certificate is not of a kind that may sign claims",
    "signingCredential.ocsp.revoked": "the signer's certificate was revoked",
    "cawg.x509.credential.untrusted": "your trust lists do not name whoever signed the identity "
    "assertion",
    "cawg.x509.credential.invalid": "the certificate of the identity assertion is not of a kind "
    "that may sign one",
    "cawg.x509.signature.mismatch": "the signature of the identity assertion does not hold: "
    "somebody else made it, or it was changed",
    "cawg.x509.signature.outside_validity": "the certificate of the identity assertion is out of "
    "its dates",
    "cawg.x509.algorithm.unsupported": "the identity assertion uses an algorithm that cannot be "
    "checked here",
    "cawg.identity.cbor.invalid": "the identity assertion cannot be read",
    "cawg.identity.assertion.mismatch": "the identity assertion attests something that is not in "
    "this manifest",
    "cawg.identity.assertion.duplicate": "the identity assertion names an assertion twice",
    "cawg.identity.hard_binding_missing": "the identity assertion is bound to no picture: it may "
    "have been made for another one",
    "cawg.identity.hard_binding_incorrect": "the identity assertion is not bound to this picture",
    "cawg.identity.sig_type.unknown": "the identity assertion is of a kind that cannot be checked "
    "here",
    "cawg.identity.pad.invalid": "something is hidden in the padding of the identity assertion",
    "cawg.identity.credential_revoked": "the certificate of the identity assertion was revoked",
    "cawg.ica.untrusted_issuer": "nobody whom you named states these identity claims",
    "cawg.ica.did_unavailable": "who states these identity claims could be checked in a network "
    "only, and none is used",
    "cawg.ica.signature_mismatch": "the signature of the aggregator of identity claims does not "
    "hold",
    "genlabel.manifest.remote-only": "the manifest is kept at an address that was not fetched",
    "genlabel.manifest.prerelease": "the manifest is of a form older than the first specification",
    "genlabel.manifest.unsupported-algorithm": "the manifest uses an unknown algorithm",
    "genlabel.manifest.ambiguous": "something stands twice in the manifest, so that two programs "
    "could read two things",
    "genlabel.manifest.unreadable": "there is a manifest, and it cannot be read",
    "genlabel.binding.elsewhere": "what the manifest's hash is over lies in other files",
    "genlabel.manifest.several": "the file holds more than one manifest store, and none "
    "of them counts",
}


def sentence(code: str) -> str | None:
    """One clause, lower case, without a full stop; None for codes that we have no words for."""
    return _CLAUSES.get(code)


_ENTRIES = {
    "assertion.dataHash.mismatch": "altered-picture",
    "assertion.bmffHash.mismatch": "altered-picture",
    "assertion.boxesHash.mismatch": "altered-picture",
    "assertion.boxesHash.unknownBox": "altered-picture",
    "assertion.collectionHash.mismatch": "altered-picture",
    "assertion.collectionHash.incorrectFileCount": "altered-picture",
    "assertion.multiAssetHash.mismatch": "altered-picture",
    "assertion.multiAssetHash.missingPart": "altered-picture",
    "assertion.segmentHash.mismatch": "altered-picture",
    "assertion.hashedURI.mismatch": "altered-manifest",
    "hashedURI.mismatch": "altered-manifest",
    "ingredient.manifest.mismatch": "altered-ingredient",
    "ingredient.claimSignature.mismatch": "altered-ingredient",
    "ingredient.manifest.missing": "ingredient-missing",
    "ingredient.claimSignature.missing": "ingredient-missing",
    "assertion.action.redacted": "redacted-history",
    "assertion.dataHash.redacted": "redacted-history",
    "genlabel.assertion.redacted": "redacted",
    "genlabel.lineage.cut": "lineage-cut",
    "genlabel.manifest.ambiguous": "ambiguous",
    "claimSignature.mismatch": "signature-mismatch",
    "claimSignature.missing": "signature-missing",
    "genlabel.signature.unchecked": "signature-unchecked",
    "claimSignature.outsideValidity": "signer-ended",
    "claim.missing": "claim-missing",
    "claim.malformed": "claim-malformed",
    "assertion.multipleHardBindings": "unbound",
    "assertion.missing": "part-missing",
    "assertion.action.malformed": "action-malformed",
    "manifest.multipleParents": "two-parents",
    "manifest.inaccessible": "elsewhere",
    "manifest.encrypted": "encrypted",
    "algorithm.unsupported": "algorithm",
    "signingCredential.untrusted": "signer-untrusted",
    "signingCredential.invalid": "signer-invalid",
    "signingCredential.revoked": "signer-revoked",
    "signingCredential.ocsp.revoked": "signer-revoked",
    "signingCredential.ocsp.notRevoked": "revocation-none",
    "signingCredential.ocsp.unknown": "revocation-unknown",
    "cawg.x509.credential.untrusted": "identity-untrusted",
    "cawg.ica.untrusted_issuer": "identity-untrusted",
    "cawg.x509.credential.revoked": "identity-revoked",
    "cawg.identity.credential_revoked": "identity-revoked",
    "cawg.x509.signature.outside_validity": "identity-ended",
    "cawg.x509.signature.mismatch": "identity-broken",
    "cawg.ica.signature_mismatch": "identity-broken",
    "cawg.identity.assertion.mismatch": "identity-broken",
    "cawg.identity.assertion.duplicate": "identity-broken",
    "cawg.identity.hard_binding_missing": "identity-broken",
    "cawg.identity.hard_binding_incorrect": "identity-broken",
    "cawg.identity.cbor.invalid": "identity-broken",
    "cawg.identity.pad.invalid": "identity-broken",
    "genlabel.claim.gathered": "gathered",
    "genlabel.claim.unsigned": "unsigned-claim",
    "genlabel.container.anomaly": "anomaly",
    "genlabel.manifest.exclusions": "exclusions",
    "genlabel.binding.elsewhere": "binding-elsewhere",
    "genlabel.binding.engine": "binding-engine",
    "claim.hardBindings.missing": "binding-missing",
    "genlabel.manifest.prerelease": "prerelease",
    "genlabel.manifest.remote-only": "elsewhere",
    "genlabel.manifest.replaced": "replaced",
    "genlabel.manifest.unreadable": "unreadable",
    "genlabel.manifest.several": "several",
    "genlabel.form.malformed": "form",
    "genlabel.manifest.uncovered": "uncovered",
    "genlabel.manifest.unsupported-algorithm": "algorithm",
} | {
    f"genlabel.{name}": name.replace(".", "-").replace("_", "-")
    for name in (
        *(
            "created.unknown",
            "file.attributes",
            "file.hard-link",
            "file.left-over",
            "file.unsynced",
        ),
        *("claim.inherited", "claim.overruled"),
        *("form.unchecked", "parent.malformed", "history.long"),
        *("identity.differs", "identity.other-signer", "label.absent", "mark.absent"),
        *(
            "mark.broken",
            "mark.changed",
            "mark.lost",
            "mark.undeclared",
            "marks.disagree.source_type",
        ),
        *("metadata.left", "metadata.malformed", "name.misleading", "parent.broken"),
        *("parent.differs", "parent.remote", "parent.unchecked", "parent.unknown"),
        *("producer.differs", "remote.removed", "revocation.later"),
        *("label.renewed", "declaration.contradicted"),
        *("revocation.stale", "revocation.unusable", "sidecar.ignored", "sidecar.superseded"),
        *(
            "remote.other",
            "sidecar.several",
            "trace.contradicts",
            "camera.contradicts",
            "svg.active",
        ),
        *("svg.line-ends",),
        *("sidecar.linked", "sidecar.unreadable", "signer.expiring", "signer.self-signed"),
        *("signer.unguarded", "stamp.over-claim"),
        *("signer.ending",),
        *("stamp.advised",),
        *("source-type.unknown", "stamp.missing", "metadata.ambiguous", "name.confusable"),
        *("name.kept", "trace.kept", "trace.taken", "mining.differs", "visible.already-drawn"),
        *("source.basis-missing", "source.licence-ended", "source.ai-use-refused"),
        *(
            "strip.another-picture",
            "strip.undecided",
            "strip.unpublished",
            "container.repaired",
            "strip.alone",
            "trust-list.old",
        ),
    )
}
_FAMILIES = (
    ("genlabel.marks.disagree.", "marks-disagree"),
    ("genlabel.", "other"),
    ("cawg.", "identity"),
    ("timeStamp.", "timestamp"),
    ("timeOfSigning.", "timestamp"),
    ("signingCredential.", "signer-invalid"),
)
"""Codes of one family share an entry; C2PA's own that are none of them are about form."""

CODES = frozenset({*_ENTRIES, *_CLAUSES})
"""Those with words of their own."""
RULE = "rule-failed"
"""What the codes of rules share."""


def entry(code: str) -> str:
    """Which entry ``finding.…`` of the catalogues speaks about `code`; there is always one."""
    exact = _ENTRIES.get(code)
    if exact is not None:
        return exact
    if "/" in code:  # a rule's full name; no status code has a slash
        return RULE
    return next((name for family, name in _FAMILIES if code.startswith(family)), "form")
