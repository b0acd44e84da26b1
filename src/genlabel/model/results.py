"""What became of a picture: by signing (Signed, SignReport), and by publication (StripReport)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any, ClassVar

from genlabel.model.ai import Ai
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import (
    ConfigurationError,
    ExistingManifest,
    LabelError,
    MalformedAsset,
    MalformedMetadata,
    PolicyFailure,
    UnsupportedFormat,
)
from genlabel.model.pixels import Pixels
from genlabel.model.report import Finding, Mark, Report, Severity, Survival, Trouble, worst
from genlabel.model.serialise import Result, Shape, in_json
from genlabel.model.visible import Visible

ALONE = "genlabel.strip.alone"
"""Code of the note that there was no original to compare with."""


class MatchedBy(StrEnum):
    """How the original of a published file was found."""

    ARGUMENT = "argument"
    """It is the one that was named."""
    PATH = "path"
    """The same path below the arguments."""
    NAME = "name"
    """The same but for the suffix."""
    SIZE_SUFFIX = "size-suffix"
    """The same but for a size in the name: ``-300x200``, ``@2x``, ``_1600w``, ``.min``."""
    CONTENT_HASH = "content-hash"
    """The same but for a content hash in the name: ``cat.3f9a1c.webp``."""
    MANIFEST = "manifest"
    """Its manifest is in the published file."""
    INSTANCE = "instance"
    """An identifier of the file in the XMP survived."""
    FILE_NAME = "file-name"
    """The same name in another directory."""
    PICTURE = "picture"
    """It shows the same picture."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class StripReport(Result):
    """What publication did to a labelled picture, mark by mark."""

    KIND: ClassVar[str] = "strip"

    path: str | None = None
    against: str | None = None
    matched_by: MatchedBy | None = field(default=None, metadata=in_json(optional=True))
    """How the original `against` was found; None where there is none."""
    marks: Mapping[Mark, Survival] = field(default_factory=dict)
    lost_blocks: tuple[str, ...] = ()
    """Blocks of the original that are gone, e.g. ``iTXt XML:com.adobe.xmp, 2,113 bytes``."""
    pixels: Pixels | None = None
    cause: str | None = None
    """The operation that probably did it, from the survival table; None when nothing fits."""
    advice: tuple[str, ...] = field(default=(), metadata=in_json(optional=True))
    """How that is avoided (docs/keeping.md): by ``program: option`` how the tools named keep more,
    or what helps where none does; a manifest that they do not keep is signed again behind them."""
    findings: tuple[Finding, ...] = ()
    error: Trouble | None = None
    ai: Ai = field(default=Ai.UNKNOWN, metadata=in_json(optional=True))
    """What the published file declares about the part of AI, in one word."""

    @property
    def unjudged(self) -> bool:
        """Could the question not be answered at all?"""
        return self.error is not None

    @property
    def lost(self) -> tuple[Mark, ...]:
        """The marks that are gone."""
        return tuple(mark for mark, fate in self.marks.items() if fate is Survival.LOST)

    def worst(self) -> Severity | None:
        """The gravest severity among the findings."""
        return worst(self.findings)


class Outcome(StrEnum):
    """What signing did with one file."""

    SIGNED = "signed"
    STAMPED = "stamped"
    """It said the same already and has a time-stamp now."""
    MARKED = "marked"
    """It got a visible label, and no signature."""
    UNCHANGED = "unchanged"
    KEPT = "kept"
    FAILED = "failed"


_FATES = {
    Outcome.SIGNED: "labelled",
    Outcome.STAMPED: "stamped",
    Outcome.MARKED: "marked",
    Outcome.UNCHANGED: "left_alone",
    Outcome.KEPT: "left_alone",
    Outcome.FAILED: "failed",
}
_REFUSALS = frozenset(
    kind.__name__
    for kind in (
        *(ConfigurationError, ExistingManifest, LabelError),
        *(MalformedAsset, MalformedMetadata, UnsupportedFormat, PolicyFailure),
    )
)


MAX_SHOWN = 300
"""Most characters of a public word that a result holds."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PublicWord(Result):
    """One text that a labelled file makes public."""

    where: str
    """Block and field, e.g. ``manifest cawg.metadata dc:creator`` or ``exif BodySerialNumber``."""
    text: str = field(metadata=in_json(maxLength=MAX_SHOWN))
    """Its beginning, as found: to be escaped before it is shown."""
    stays: bool
    """Did it stand there before the file was labelled?"""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Withheld(Result):
    """One thing that a label says of a source and that is kept out of the file."""

    ingredient: str
    """Label of the ingredient's assertion, e.g. ``c2pa.ingredient.v3__1``."""
    instance_id: str
    """The ingredient's instance identifier."""
    field: str
    """Of the source's rights, e.g. ``reference``; or ``prompt``, or ``seed``."""
    text: str
    salt: str | None = None
    """Of a text of which the file has a hash: what stands before it there, hexadecimal."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SignReport(Result):
    """What signing one file came to."""

    KIND: ClassVar[str] = "sign"

    path: str | None = None
    output: str | None = None
    sidecar: str | None = None
    """Where the manifest went that was not embedded."""
    outcome: Outcome = Outcome.FAILED
    manifest_id: str | None = None
    replaced: tuple[str, ...] = ()
    """Fields of other people that the label overwrote, e.g. ``iptc credit: 'AFP'``."""
    taken: tuple[str, ...] = field(default=(), metadata=in_json(optional=True))
    """What the label took from credential and traces of the picture, each with its place."""
    verifies_until: datetime | None = None
    """When it stops verifying: the end of its certificates. None: there is no such day, since
    nothing was signed, or since a time-stamp proves when it was."""
    stamped_at: datetime | None = field(default=None, metadata=in_json(optional=True))
    """The moment that the time-stamp says."""
    needs_stamp: bool = field(default=False, metadata=in_json(optional=True))
    """Was a time-stamp wanted that is not there yet, and is there room for it?"""
    public: tuple[PublicWord, ...] = field(default=(), metadata=in_json(optional=True))
    """Every word that the file makes public, where that was asked for."""
    visible: Visible | None = field(default=None, metadata=in_json(optional=True))
    """The visible label that was drawn; None where none was asked for."""
    withheld: tuple[Withheld, ...] = field(default=(), metadata=in_json(optional=True))
    """What the label says of its sources and the file does not; nobody but this result has it."""
    report: Report | None = None
    """What reading the result back said."""
    findings: tuple[Finding, ...] = ()
    """What was noticed on the way, such as an unknown parent."""
    error: Trouble | None = None
    ai: Ai = field(init=False, default=Ai.UNKNOWN, metadata=in_json(optional=True))
    """That of `report`; ``unknown`` without one."""

    def __post_init__(self) -> None:
        if self.report is not None:
            object.__setattr__(self, "ai", self.report.ai)

    @property
    def unjudged(self) -> bool:
        """Was the file not signed?"""
        return self.error is not None

    @property
    def fate(self) -> str:
        """What a run counts it as: ``labelled``, ``stamped``, ``left_alone``, ``refused`` (for what
        picture or label say) or ``failed`` (for what went wrong on the way).
        One that was only drawn on is ``marked``."""
        if self.error is None:
            return _FATES[self.outcome]
        return "refused" if self.error.kind in _REFUSALS else "failed"

    def worst(self) -> Severity | None:
        """The gravest severity among the findings, those of reading it back included."""
        return worst((*self.findings, *(self.report.findings if self.report else ())))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Signed(Result):
    """A labelled picture in memory, read back and found to say what it was meant to.

    Fields that `SignReport` has, too, mean the same.
    """

    content: bytes | memoryview
    """The file's bytes; of a large file that was mapped, a mapping."""
    sidecar: bytes | None = None
    """The manifest store, to be kept beside the picture; None when it is embedded."""
    outcome: Outcome
    manifest_id: str | None
    replaced: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    verifies_until: datetime | None = None
    stamped_at: datetime | None = None
    needs_stamp: bool = False
    public: tuple[PublicWord, ...] = ()
    visible: Visible | None = None
    withheld: tuple[Withheld, ...] = ()
    report: Report
    findings: tuple[Finding, ...] = ()

    @property
    def data(self) -> bytes:
        """The file's bytes, in memory."""
        return self.content if isinstance(self.content, bytes) else bytes(self.content)

    def reported(
        self, path: str | None = None, output: str | None = None, sidecar: str | None = None
    ) -> SignReport:
        """The report on the file at `path`, whose result went to `output` and `sidecar`."""
        facts = {name: getattr(self, name) for name in _FACTS}
        return SignReport(path=path, output=output, sidecar=sidecar, **facts)

    def to_dict(self) -> Shape:
        """The facts without the picture, in the shape of a `SignReport`."""
        return self.reported().to_dict()

    def __reduce__(self) -> tuple[Any, ...]:
        # a mapping of a large file ends with the process: its bytes are what another one gets
        attributes = {each.name: getattr(self, each.name) for each in fields(self)}
        return partial(Signed, **{**attributes, "content": self.data}), ()


_FACTS = (
    *("outcome", "manifest_id", "replaced", "taken", "verifies_until", "stamped_at", "needs_stamp"),
    *("public", "visible", "withheld", "report", "findings"),
)
"""What a `SignReport` says of a `Signed`."""
