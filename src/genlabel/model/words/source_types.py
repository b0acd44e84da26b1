"""What a digital source type means, in one clause for people, after IPTC's definitions."""

from __future__ import annotations

from genlabel.model.vocabulary import DigitalSourceType
from genlabel.model.words.catalogue import ENGLISH, catalogue


def clause(source_type: str, language: str = ENGLISH) -> str | None:
    """One clause, lower case, without a full stop; None for a code that nobody knows."""
    known = DigitalSourceType.understand(source_type)
    return catalogue(language).say(f"source-type.{known.code}") if known is not None else None
