"""What a manifest has to tell beside the label: what lies before it and in it."""

from __future__ import annotations

from dataclasses import field

from genlabel.manifests.definition.sources import Sources
from genlabel.model.attribution import Attribution
from genlabel.model.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """What the manifest has to tell beside the label."""

    opened: bool = False
    """Is there a parent? Then the first action is ``c2pa.opened``, else ``c2pa.created``."""
    parent_is_unknown: bool = False
    """Was there a picture before, of which nothing is at hand?"""
    parent_is_silent: bool = False
    """The parent's history states no source type, so ours has to."""
    is_renewed: bool = False
    """Is the parent the same picture with the same label, of which only metadata were edited?"""
    sources: Sources = field(default_factory=Sources)
    """What the picture was made of."""
    attribution: Attribution = Attribution.CREATED
    """Of the metadata; what was done to the picture is always the signer's word."""

    @property
    def elements(self) -> list[str]:
        """The labels of the elements that were placed."""
        return self.sources.components
