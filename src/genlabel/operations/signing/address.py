"""The address of a manifest in a picture's XMP: set where asked, taken out where it is not true.

C2PA 2.4 §11.4 (dcterms:provenance). A label that goes into a picture, or over a stranger's, is not
what is served there: whoever followed the address later, when the label is stripped, would find
another manifest.
"""

from __future__ import annotations

from collections.abc import Mapping

from genlabel.credentials.signer import Signer
from genlabel.formats.format import XMP, Slot
from genlabel.metadata.xmp import remote_manifest
from genlabel.metadata.xmp.versions import Version
from genlabel.model.errors import MalformedMetadata
from genlabel.model.escape import quoted
from genlabel.model.report import Finding, Mark, Severity
from genlabel.operations.sign_options import ExternalManifest
from genlabel.operations.signing import ingredients
from genlabel.operations.verify import Examination

Changes = Mapping[Slot, bytes | None]


def settled(
    before: Examination,
    written: Changes,
    beside: ExternalManifest | None,
    signer: Signer,
    version: Version,
) -> tuple[Changes, tuple[Finding, ...]]:
    """What more changes in the payloads of `before` than is `written`, and what is told of it.

    Where no XMP is written but for the address, it says which `version` the file becomes.
    Raises `LabelError` for an address that cannot be put in, `MalformedMetadata` where the XMP
    cannot be edited.
    """
    merged = {**before.survey.payloads, **written}
    payloads = {slot: payload for slot, payload in merged.items() if payload is not None}
    limit = before.container.xmp_limit
    if beside is not None and beside.url is not None:
        url, slots = beside.url, before.container.slots
        another = version if XMP not in written else None
        pointing = remote_manifest.pointing(
            payloads, url, slots=slots, limit=limit, version=another
        )
        return pointing, ()
    address = served_at(before)
    if (
        address is None
        or not _is_of_the_web(address)
        or not _is_ours_to_edit(before, beside, signer)
    ):
        return {}, ()
    return remote_manifest.without(payloads), (_removed(address),)


def served_at(examination: Examination) -> str | None:
    """The address that the picture's XMP names; None without one, or where it cannot be read."""
    try:
        return remote_manifest.served_at(examination.survey.payloads)
    except MalformedMetadata:
        return None


def _is_of_the_web(address: str) -> bool:
    """Could somebody ask there? Early signers named the manifest in the file itself."""
    return address.lower().startswith(("https://", "http://"))


def _is_ours_to_edit(before: Examination, beside: ExternalManifest | None, signer: Signer) -> bool:
    """Beside a picture its XMP is edited only where asked, and there our own address stays true."""
    if beside is None:
        return True
    return Mark.IPTC in beside.marks and not ingredients.is_ours(before.report, signer)


def _removed(address: str) -> Finding:
    return Finding(
        "genlabel.remote.removed",
        severity=Severity.WARNING,
        where=Mark.IPTC.value,
        explanation=f"the file named a manifest at {quoted(address)}, which is not this one: the "
        "address was taken out",
    )
