"""What a status code means, in one clause for people; English."""

from __future__ import annotations

_CLAUSES = {
    "assertion.dataHash.mismatch": "bytes of the picture were changed after it was signed",
    "assertion.bmffHash.mismatch": "bytes of the picture were changed after it was signed",
    "assertion.boxesHash.mismatch": "bytes of the picture were changed after it was signed",
    "assertion.hashedURI.mismatch": "a part of the manifest was changed after it was signed",
    "hashedURI.mismatch": "a part of the manifest was changed after it was signed",
    "claimSignature.mismatch": "the signature does not belong to this manifest",
    "claimSignature.missing": "the manifest is not signed",
    "assertion.action.malformed": "an action in the manifest breaks the rules of its form; "
    "this alone does not show that anything was changed",
    "assertion.missing": "the manifest names a part that is not there",
    "claim.missing": "the manifest has no claim",
    "claim.malformed": "the claim breaks the rules of its form",
    "ingredient.manifest.missing": "the manifest of an ingredient is not there",
    "ingredient.manifest.mismatch": "the manifest of an ingredient was changed",
    "ingredient.claimSignature.mismatch": "the signature of an ingredient was changed",
    "manifest.multipleParents": "the manifest names more than one parent",
    "manifest.inaccessible": "the manifest is kept elsewhere and was not fetched",
    "algorithm.unsupported": "the manifest uses an algorithm that cannot be checked here",
    "signingCredential.untrusted": "your trust lists do not name the signer",
    "signingCredential.expired": "the signer's certificate has ended",
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
    "genlabel.manifest.unreadable": "there is a manifest, and it cannot be read",
}


def sentence(code: str) -> str | None:
    """One clause, lower case, without a full stop; None for codes that we have no words for."""
    return _CLAUSES.get(code)
