"""Consumers: who reads labels in public, and what they are known to derive from them."""

from genlabel.consumers.consumer import Consumer, Derivation, Kind, Source, Statement, Status
from genlabel.consumers.known import CONSUMERS

__all__ = ["CONSUMERS", "Consumer", "Derivation", "Kind", "Source", "Statement", "Status"]
