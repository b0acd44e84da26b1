"""Platforms: who reads labels in public, and what they are known to derive from them."""

from genlabel.policies.platforms.known import PLATFORMS
from genlabel.policies.platforms.platform import (
    Derivation,
    Platform,
    ReceptionStatus,
    Source,
    SourceKind,
    Statement,
)

__all__ = [
    "PLATFORMS",
    "Derivation",
    "Platform",
    "ReceptionStatus",
    "Source",
    "SourceKind",
    "Statement",
]
