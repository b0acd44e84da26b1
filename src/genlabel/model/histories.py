"""Histories: the plain questions how a picture came to be, and which source types answer each."""

from __future__ import annotations

from enum import StrEnum

from genlabel.model.vocabulary import DigitalSourceType


class History(StrEnum):
    """The plain question that a label answers: how did this picture come to be?"""

    GENERATED = "generated"
    ENHANCED = "enhanced"
    EDITED = "edited"
    COMPOSITE = "composite"
    CAPTURED = "captured"
    CREATED_BY_HUMAN = "created_by_human"

    @property
    def changes(self) -> bool:
        """Is it a change of a picture that was there before?"""
        return self in (History.EDITED, History.ENHANCED)


_D = DigitalSourceType
SOURCE_TYPES = {
    History.GENERATED: (
        _D.TRAINED_ALGORITHMIC_MEDIA,
        _D.ALGORITHMIC_MEDIA,
        _D.DATA_DRIVEN_MEDIA,
        _D.VIRTUAL_RECORDING,
        _D.TRAINED_ALGORITHMIC_DATA,
    ),
    History.ENHANCED: (_D.ALGORITHMICALLY_ENHANCED,),
    History.EDITED: (
        _D.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
        _D.HUMAN_EDITS,
        _D.ALGORITHMICALLY_ENHANCED,
    ),
    History.COMPOSITE: (
        _D.COMPOSITE,
        _D.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
        _D.COMPOSITE_CAPTURE,
        _D.COMPOSITE_SYNTHETIC,
    ),
    History.CAPTURED: (
        _D.DIGITAL_CAPTURE,
        _D.COMPUTATIONAL_CAPTURE,
        _D.NEGATIVE_FILM,
        _D.POSITIVE_FILM,
        _D.PRINT,
        _D.SCREEN_CAPTURE,
        _D.VIRTUAL_RECORDING,
    ),
    History.CREATED_BY_HUMAN: (_D.DIGITAL_CREATION, _D.DATA_DRIVEN_MEDIA, _D.EMPTY),
}
"""The source types that each history admits; the first history that has one is implied by it."""

NO_SYSTEM = frozenset(
    {
        _D.DIGITAL_CAPTURE,
        _D.NEGATIVE_FILM,
        _D.POSITIVE_FILM,
        _D.PRINT,
        _D.HUMAN_EDITS,
        _D.DIGITAL_CREATION,
        _D.SCREEN_CAPTURE,
        _D.COMPOSITE_CAPTURE,
        _D.EMPTY,
    }
)
"""Source types that say that no software made the picture what it is."""
