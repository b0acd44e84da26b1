"""Who vouches for the names in a manifest."""

from __future__ import annotations

from enum import StrEnum


class Attribution(StrEnum):
    """Who answers for what a manifest's metadata says of people and companies (C2PA §10.3.2.1)."""

    CREATED = "created"
    """Whoever signs the claim."""
    GATHERED = "gathered"
    """Nobody: the signer passes on what it was told, as a platform does for its users."""
