"""What a file says was done to its picture: the actions of its manifests, as they are found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from genlabel.model.dataclass import dataclass
from genlabel.model.serialise import Result, in_json
from genlabel.model.step_by import StepBy
from genlabel.model.verdicts import Vouched


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RecordedRegion(Result):
    """A part of a picture that a step changed (C2PA 2.4 §18.2): the rectangle around it."""

    shape: str
    """``rectangle``, ``circle`` or ``polygon``, as found."""
    unit: str | None
    """``pixel`` or ``percent``, as found."""
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RecordedStep(Result):
    """One action of a manifest of the picture's history (C2PA 2.4 §18.15), as found."""

    action: str
    """E.g. ``c2pa.cropped``."""
    by: StepBy | None = None
    """Who or what made it, as it says itself or its source type does; None where neither does."""
    source_type: str | None = None
    when: str | None = None
    """RFC 3339, as the file says."""
    description: str | None = None
    regions: tuple[RecordedRegion, ...] = ()
    """Where in the picture; empty: it does not say."""
    agent: str | None = None
    """The tool, model or program."""
    agent_version: str | None = None
    agent_provider: str | None = None
    oversight: str | None = None
    visible: str | None = field(default=None, metadata=in_json(optional=True))
    """What a visible label says that this step drew, as it declares; nobody looked for it."""
    parameters: Mapping[str, Any] = field(default_factory=dict, metadata=in_json(""), hash=False)
    """What the tool was told, under names of somebody's own."""
    vouched: Vouched = Vouched.CLAIMED
    """Does a known signer attest it, or does only the file say so?"""
    manifest_id: str = ""
    depth: int = field(default=0, metadata=in_json(minimum=0))
    """0 in the active manifest, 1 in that of its parent or element, …"""

    @property
    def name(self) -> str:
        """The action without ``c2pa.``."""
        return self.action.removeprefix("c2pa.")
