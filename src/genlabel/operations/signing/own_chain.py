"""Anchors of whoever signs: by his own chain he recognises what he signed before."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from genlabel.credentials.signer import Signer
from genlabel.credentials.trust import Trust
from genlabel.manifests.validation.recorded_results import OWN_CHAIN
from genlabel.model.errors import TrustError

_BEGIN, _END = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"


def with_own_chain(trust: Trust, signer: Signer) -> Trust:
    """`trust` and the authorities in the signer's own chain, to recognise what we signed."""
    own = _own_anchor(signer.chain_pem)
    return Trust((*trust.entries, *own.entries))


@lru_cache(maxsize=8)
def _own_anchor(chain_pem: bytes) -> Trust:
    _, begin, issuers = chain_pem.partition(_END)[2].partition(_BEGIN)
    try:
        own = Trust.of(signers=begin + issuers if issuers else chain_pem)
    except TrustError:  # a lone leaf: nothing in the chain vouches for anything
        return Trust()
    return Trust(
        tuple(
            replace(each, uri=f"genlabel:own:{index}", name=OWN_CHAIN)
            for index, each in enumerate(own.entries)
        )
    )
