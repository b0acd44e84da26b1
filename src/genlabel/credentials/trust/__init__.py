"""Trust: where each anchor came from and what it is for."""

from genlabel.credentials.trust.anchor_pem import AnchorKind
from genlabel.credentials.trust.anchors import Anchors, Trust

__all__ = ["AnchorKind", "Anchors", "Trust"]
