"""Consumers: who reads labels in public, and what they are known to derive from them."""

from genlabel.policies.platforms.known import CONSUMERS
from genlabel.policies.platforms.platform import (
    Consumer,
    Derivation,
    Kind,
    Source,
    Statement,
    Status,
)

__all__ = ["CONSUMERS", "Consumer", "Derivation", "Kind", "Source", "Statement", "Status"]
