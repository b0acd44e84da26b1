"""Trust: where each anchor came from and what it is for."""

from genlabel.credentials.trust.anchors import AnchorKind, Anchors, Trust

__all__ = ["AnchorKind", "Anchors", "Trust"]
