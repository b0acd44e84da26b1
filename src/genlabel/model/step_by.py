"""Who or what makes steps: a human, a generative model, or other software."""

from __future__ import annotations

from enum import StrEnum

from genlabel.model.vocabulary import DigitalSourceType


class StepBy(StrEnum):
    """Who or what made a step; never guessed."""

    HUMAN = "human"
    AI = "ai"
    """A generative model."""
    ALGORITHM = "algorithm"
    """Software that generates nothing: it scales, sharpens, converts, puts text on."""

    @property
    def source_type(self) -> DigitalSourceType:
        """The digital source type of what it changes."""
        return _SOURCE_TYPES[self]


_SOURCE_TYPES = {
    StepBy.HUMAN: DigitalSourceType.HUMAN_EDITS,
    StepBy.AI: DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
    StepBy.ALGORITHM: DigitalSourceType.ALGORITHMICALLY_ENHANCED,
}
