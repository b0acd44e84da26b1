"""Deliveries: chains as authorities hand them over, made into what goes into a picture.

PEM and PKCS#7 (``.p7b``, ``.p7c``) promise no order, and often hold the root, too. C2PA 2.4
§14.5.1 wants the signing certificate first, each then followed by its issuer, and no root.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from cryptography import x509

from genlabel.credentials.x509 import chain as chains
from genlabel.credentials.x509.profile_rule import UNREADABLE
from genlabel.model.dataclass import dataclass

MOST = 20
"""Most certificates that are put in order: each is held against each."""


class ChainStep(StrEnum):
    """What was done to a delivery."""

    DECODED = "utf-16"
    """It was text in UTF-16, as Windows saves it."""
    UNPACKED = "pkcs7"
    """It was taken out of PKCS#7."""
    ORDERED = "ordered"
    """It was put in order."""
    ROOT_LEFT_OUT = "root-left-out"
    """The root was left out."""
    OTHERS_LEFT_OUT = "others-left-out"
    """Certificates that stood there twice, or lead to another root, were left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A chain that was delivered, and what was done to it."""

    chain: tuple[x509.Certificate, ...]
    steps: tuple[ChainStep, ...] = ()


def read(data: bytes, *, source: str, public: object = None) -> Delivery:
    """The chain in `data`, in PEM, DER or PKCS#7, in order; `public` is the signing key's half.

    What does not make one chain stays as it is, so that the rules name what is wrong with it.
    Raises `CredentialError`, in whose sentences `source` names the file.
    """
    plain, decoded = chains.plain(data)
    certificates = chains.load(plain, source=source)
    before = [
        *((ChainStep.DECODED,) if decoded else ()),
        *((ChainStep.UNPACKED,) if chains.is_pkcs7(plain) else ()),
    ]
    settled = in_order(certificates, public)
    return Delivery(chain=settled.chain, steps=(*before, *settled.steps))


def in_order(certificates: Sequence[x509.Certificate], public: object = None) -> Delivery:
    """`certificates` as one chain, that of the key `public` first, else the one that issued none.

    A self-signed certificate stays only where it is the signing one.
    """
    unchanged = Delivery(chain=tuple(certificates))
    distinct = tuple(dict.fromkeys(certificates))
    if len(distinct) > MOST:
        return unchanged
    try:
        path = chains.build(_leaf(distinct, public), distinct, root=True)
        others = [each for each in distinct if each not in path]
        if not all(any(chains.issued_by(one, each) for one in path) for each in others):
            return unchanged  # what has nothing to do with the path is no chain
        chain = tuple(each for each in path if each == path[0] or not chains.self_signed(each))
    except UNREADABLE:
        return unchanged
    steps = {
        ChainStep.ORDERED: [each for each in distinct if each in chain] != list(chain),
        ChainStep.ROOT_LEFT_OUT: len(chain) < len(path),
        ChainStep.OTHERS_LEFT_OUT: bool(others) or len(distinct) < len(certificates),
    }
    return Delivery(chain=chain, steps=tuple(step for step, done in steps.items() if done))


def _leaf(certificates: Sequence[x509.Certificate], public: object) -> x509.Certificate:
    own = (each for each in certificates if public and chains.public_key(each) == public)
    return next(own, None) or certificates[chains.leaf_index(certificates)]
