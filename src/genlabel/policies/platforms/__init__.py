"""Platforms: who reads labels in public, and what they are known to derive from them."""

from genlabel.policies.platforms.known import PLATFORMS
from genlabel.policies.platforms.platform import ReceptionStatus, Source, SourceKind

__all__ = ["PLATFORMS", "ReceptionStatus", "Source", "SourceKind"]
