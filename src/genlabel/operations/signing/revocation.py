"""Staple OCSP responses to a signature: the certificate was not revoked when it was made.

It goes where the signature has padding, so that no length and no hash changes.
"""

from __future__ import annotations

from genlabel import formats
from genlabel.credentials.signer import Signer
from genlabel.credentials.trust import AnchorKind, Trust
from genlabel.formats.format import refilled
from genlabel.manifests.store import rvals
from genlabel.model.errors import SigningError
from genlabel.model.report import Report


def answers(signer: Signer, trust: Trust) -> tuple[bytes, ...]:
    """What the authorities of the signer's chain say now (OCSP responses, DER).

    Asks the addresses in the signer's own certificates. Issuers that are not in the chain are
    looked for among the signers' anchors in `trust`. Raises `CredentialError` or `NetworkError`.
    """
    from genlabel.credentials.revocation import ocsp_client

    anchors = b"".join(each.pem for each in trust.of_kind(AnchorKind.SIGNER))
    return ocsp_client.responses(signer.chain_pem, anchors)


def put(
    signed: bytes | memoryview,
    manifest_id: str,
    responses: tuple[bytes, ...],
    *,
    embedded: bool = True,
) -> bytes | memoryview:
    """What was signed, with the OCSP `responses` in the signature of `manifest_id`.

    `signed` is a picture or, where the manifest is not `embedded`, the manifest store alone. Raises
    `SigningError` for a signature that cannot take it.
    """
    if not responses:
        return signed
    if not embedded:
        return _stapled(bytes(signed), manifest_id, responses)
    container = formats.identify(signed)
    survey = container.survey(signed)
    if survey.manifest is None:
        raise SigningError("there is no manifest to put the authority's answer into")
    return refilled(container, survey, _stapled(survey.manifest, manifest_id, responses))


def _stapled(store: bytes, manifest_id: str, responses: tuple[bytes, ...]) -> bytes:
    try:
        return rvals.stapled(store, manifest_id, responses)
    except ValueError as error:
        raise SigningError(f"the authority's answer has no place in the signature: {error}") from (
            error
        )


def require(report: Report, title: str) -> None:
    """Raises `SigningError` unless verifying found the answer, and that it holds."""
    if not any(each.code == "signingCredential.ocsp.notRevoked" for each in report.findings):
        revocation = [str(each) for each in report.findings if "revocation" in each.code]
        raise SigningError(
            f"{title}: the authority's answer does not read back from the signature"
            + (f" ({revocation[0]})" if revocation else ""),
            remedy="nothing was written; please report this, or sign without --ocsp",
            report=report,
        )
