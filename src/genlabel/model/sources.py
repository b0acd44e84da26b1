"""What a file says that its picture was made of, line by line, and who vouches for each line."""

from __future__ import annotations

from dataclasses import field

from genlabel.model.dataclass import dataclass
from genlabel.model.serialise import HEX_SHA256, Result, in_json
from genlabel.model.verdicts import Vouched as Vouched

LABEL = "dev.genlabel.sources"
"""Of the assertion that tells the rights of what a picture is made of."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SourceRights(Result):
    """By what right a source is used, as found: texts that nobody has checked."""

    basis: str | None = None
    """`RightsBasis`, or what stands there."""
    licence: str | None = None
    holder: str | None = None
    until: str | None = None
    """The last day of the licence."""
    territory: str | None = None
    model_release: str | None = None
    property_release: str | None = None
    consent: str | None = None
    reference: str | None = None
    web_statement: str | None = None
    statement: str | None = None
    """Of a model's training: the page that says it."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SourceLine(Result):
    """One thing that a picture, or one of its ancestors, was made of."""

    title: str | None
    relationship: str
    """``parent``, ``component`` or ``input``; else as found."""
    kind: str | None = None
    """``prompt``, ``seed`` or ``model``; None of a picture."""
    identifier: str | None = None
    rights: SourceRights | None = None
    """None where nothing is said; of a model those of what it was trained on."""
    told: bool = False
    """Is it told of in ``dev.genlabel.sources``, and not recorded alone?"""
    has_bytes: bool | None = None
    """Was its file at hand when it was recorded? None: that is not said."""
    sha256: str | None = field(default=None, metadata=in_json(pattern=HEX_SHA256))
    """Of its file, or of a text that is in the manifest; not checked."""
    salted_sha256: str | None = field(default=None, metadata=in_json(pattern=HEX_SHA256))
    """Of a text that is not in the file, behind a salt that is not either."""
    data_mining: str | None = None
    """What it says itself of data mining: a PLUS code."""
    ai_inference: str | None = None
    """What it says itself of its use as an input of models (CAWG)."""
    manifest: str
    """The manifest that says all this."""
    ingredient: str | None = None
    """Label of the ingredient's assertion there."""
    depth: int = field(default=1, metadata=in_json(minimum=1))
    """1 in the active manifest, 2 in those of its ingredients, …"""
    vouched: Vouched = Vouched.CLAIMED
