"""Whose name a new label gives, beside who signs it: told at once, as `verify` will tell it."""

from __future__ import annotations

from collections.abc import Iterator

from genlabel.credentials.trust import Trust
from genlabel.model.parties import ProducerBasis
from genlabel.model.report import Finding, Mark, Report
from genlabel.policies import labelled


def differing(report: Report, trust: Trust) -> Iterator[Finding]:
    """Findings on the producer, the certificate and the identities in a label's `report`.

    A name that the certificate's holder may use by the user's own word is told by nothing.
    """
    stated, signer = report.marks.get(Mark.MANIFEST), report.signer
    if stated is not None and stated.producer and signer is not None:
        holder = signer.organisation or signer.common_name
        is_known = report.declared.producer_basis is ProducerBasis.IDENTITY
        may = (signer.organisation, stated.producer) in trust.producers
        if not (stated.producer == holder or is_known or may):
            yield labelled.producer_differs(stated.producer, holder, configured=False)
    yield from labelled.sources_of_the_name_agree(report)
