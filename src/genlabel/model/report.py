"""What a picture says and whether it holds: Finding, Declaration, Report.

A bad picture is a finding; only not knowing is an error (see `errors`). Everything here is a value.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from datetime import datetime
from itertools import compress
from operator import attrgetter
from typing import Any, ClassVar

from genlabel.model import mistake
from genlabel.model.ai import Ai, ai_of, disclosures
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import GenlabelError, PolicyFailure, remedy_of
from genlabel.model.finding import Finding as Finding
from genlabel.model.judgement import Judgement
from genlabel.model.mining import MiningSignals
from genlabel.model.named_actor import (
    AS_STORED as AS_STORED,
    DETERMINISTIC as DETERMINISTIC,
    NamedActor as NamedActor,
)
from genlabel.model.old_names import Renamed
from genlabel.model.parties import ProducerBasis
from genlabel.model.recorded_steps import (
    RecordedRegion as RecordedRegion,
    RecordedStep as RecordedStep,
)
from genlabel.model.serialise import HEX_SHA256, Result, in_json, plain
from genlabel.model.sources import SourceLine
from genlabel.model.verdicts import (
    WRITTEN as WRITTEN,
    Form as Form,
    Integrity as Integrity,
    Lineage as Lineage,
    Mark as Mark,
    Severity as Severity,
    SigningTime as SigningTime,
    Survival as Survival,
    TrustLevel as TrustLevel,
    ValidationState as ValidationState,
    Validity as Validity,
    Vouched as Vouched,
)
from genlabel.model.vocabulary import StatedSourceType


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Declaration(Result):
    """What one mark of a file says, as found; every field may be missing.

    The field names are those of the field table (`fields`); times are RFC 3339 text.
    """

    source_type: str | None = None
    producer: str | None = None
    producer_type: str | None = None
    producer_role: str | None = None
    producer_url: str | None = None
    producer_identifier: str | None = None
    supplier: str | None = None
    generator: str | None = None
    generator_version: str | None = None
    generator_provider: str | None = None
    software: str | None = None
    title: str | None = None
    description: str | None = None
    alt_text: str | None = None
    keywords: tuple[str, ...] = ()
    created: str | None = None
    identifier: str | None = None
    creator: tuple[str, ...] = ()
    credit: str | None = None
    copyright: str | None = None
    usage_terms: str | None = None
    web_statement: str | None = None
    licensor: str | None = None
    licensor_url: str | None = None
    data_mining: str | None = None
    data_mining_constraint: str | None = None
    embedded_rights: str | None = None
    linked_rights: str | None = None
    model_release: str | None = None
    model_release_ids: tuple[str, ...] = ()
    property_release: str | None = None
    property_release_ids: tuple[str, ...] = ()
    minor_model_age: str | None = None
    prompt: str | None = None
    prompt_writer: str | None = None

    def __bool__(self) -> bool:
        return any(_values(self))

    def to_dict(self) -> dict[str, str | list[str]]:
        """The fields that are there, by name."""
        return {name: plain(value) for name, value in self}

    def __iter__(self) -> Iterator[tuple[str, str | tuple[str, ...]]]:
        """The fields that are there, as (name, value) in the table's order."""
        values = _values(self)
        return compress(zip(_NAMES, values, strict=True), values)

    def against(self, other: Declaration) -> Iterator[tuple[str, Any, Any]]:
        """The fields that both have and of which they say different things, each with both."""
        for name, value, there in zip(_NAMES, _values(self), _values(other), strict=True):
            if value != there and value and there:
                yield name, value, there


_NAMES = tuple(Declaration.__dataclass_fields__)
_values = attrgetter(*_NAMES)
NOTHING = Declaration()
"""What a mark says that is not there."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Declared(Result):
    """The strongest statement of the whole file, and where it was made."""

    source_type: str | None = None
    """As the file states it: a URI. Equal to the `DigitalSourceType`, and to its code alone."""
    producer: str | None = None
    generator: str | None = None
    origin: str | None = None
    """Manifest and action, or the unsigned mark, that made the statement."""
    attested: bool = False
    """Did the signer vouch for it? False for gathered, unsigned or unknown signers' claims."""
    inherited_from: str | None = field(default=None, metadata=in_json(optional=True))
    """Where the signer took the source type over from, named as `origin` is, if it is somebody
    else's word alone; None of the signer's own word. Never `attested`."""
    producer_attested: bool = False
    """Does an identity assertion of somebody known name this very producer? Else the name is what
    the metadata claims."""
    producer_basis: ProducerBasis | None = field(default=None, metadata=in_json(optional=True))
    """By whose word the producer is called so; None without a producer."""

    def __post_init__(self) -> None:
        if self.source_type is not None:
            object.__setattr__(self, "source_type", StatedSourceType(self.source_type))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SignedBy(Result):
    """Who signed the active manifest, by certificate; never what an assertion says."""

    organisation: str | None
    common_name: str | None
    trust: TrustLevel
    trust_list: str | None = field(default=None, metadata=in_json("list"))
    """Name of the trust list or anchor file that answered."""
    list_fetched: datetime | None = None
    """When that list was fetched; None for files and for anchors of one's own."""
    time: SigningTime = SigningTime.NONE
    signed_at: datetime | None = None
    """Only with `time` proven or claimed."""
    validity: Validity = Validity.UNPROVABLE
    algorithm: str | None = None
    serial: str | None = None
    """The certificate's serial number, decimal."""

    list = Renamed("trust_list")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Ingredient(Result):
    """One ancestor or element, as the manifest above it recorded it and as it verifies now."""

    title: str | None
    relationship: str | None
    """``parentOf``, ``componentOf`` or ``inputTo``."""
    manifest_id: str | None
    integrity: Integrity
    source_type: str | None = None
    organisation: str | None = None
    """Of its signer, by certificate; anybody's word where `trust` is unknown."""
    trust: TrustLevel = TrustLevel.UNKNOWN
    """Of its signer, under the lists given."""
    trust_list: str | None = field(default=None, metadata=in_json("list"))
    """Name of the trust list or anchor file that answered."""
    depth: int = field(default=1, metadata=in_json(minimum=1))
    """1 for an ingredient of the active manifest, 2 for one of that ingredient's, …"""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Trouble(Result):
    """Why a file could not be judged, for reports over many files."""

    kind: str
    """Name of the exception."""
    message: str
    remedy: str | None = None
    size: int = field(default=0, compare=False, metadata=in_json(""))
    """Bytes of the file, as far as it was read."""
    refused: Report | None = field(default=None, compare=False, metadata=in_json(""))
    """What a rule book did not let pass, where that is why."""

    @classmethod
    def of(cls, error: BaseException) -> Trouble:
        """The trouble that `error` is; what nobody foresaw is a mistake of ours, and says so."""
        kind = type(error).__name__
        if isinstance(error, GenlabelError):
            refused = error.report if isinstance(error, PolicyFailure) else None
            return cls(
                kind=kind,
                message=str(error),
                remedy=error.remedy,
                size=error.size,
                refused=refused,
            )
        if isinstance(error, OSError):
            why = error.strerror or str(error)
            named = error.filename is not None
            message = f"{os.fsdecode(error.filename)}: {why}" if named else why
            return cls(kind=kind, message=message, remedy=remedy_of(error))
        return cls(kind=kind, message=mistake.described(error), remedy=mistake.REPORT)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Report(Result):
    """What verifying one picture found out: separate answers, never one grade."""

    KIND: ClassVar[str] = "verify"

    path: str | None = None
    format_name: str | None = field(default=None, metadata=in_json("format"))
    """The container's name, e.g. ``png``."""
    size: int = field(default=0, metadata=in_json("bytes"))
    """Bytes of the file."""
    sha256: str | None = field(default=None, metadata=in_json(pattern=HEX_SHA256))
    """Of the whole file, hexadecimal; only when verified from a file, and of one without any mark
    only where that was asked for. No identity: up to 1 KB of any signed file can be changed without
    breaking it."""
    integrity: Integrity = Integrity.UNKNOWN
    reason: str | None = None
    """Why integrity is unknown or broken, in one word, e.g. ``remote-only``."""
    form: Form = field(default=Form.UNKNOWN, metadata=in_json(optional=True))
    """Is the manifest put together as C2PA asks, whether or not anything was changed?"""
    lineage: Lineage = Lineage.NONE
    state: ValidationState = ValidationState.UNKNOWN
    signer: SignedBy | None = None
    identities: tuple[NamedActor, ...] = ()
    """Who attests the label beside the signer, by identity assertions of the active manifest."""
    manifest_id: str | None = None
    sidecar: str | None = None
    """The file beside the picture from which the manifest was read; None for an embedded one."""
    declared: Declared = Declared()
    marks: Mapping[Mark, Declaration] = field(default_factory=dict)
    ingredients: tuple[Ingredient, ...] = ()
    steps: tuple[RecordedStep, ...] = field(default=(), metadata=in_json(optional=True))
    """What was done to the picture, as its manifests tell it, oldest first; the latest 1,000."""
    visible: str | None = field(init=False, default=None, metadata=in_json(optional=True))
    """What a visible label on the picture says, by the step that drew it: declared, and never
    found in the pixels. None: no step tells of one."""
    trust_lists: tuple[str, ...] = field(default=(), metadata=in_json(""))
    """Names of the lists and anchors by which the signer was judged; empty: by none."""
    verifies_until: datetime | None = field(default=None, metadata=in_json(optional=True))
    """When it stops verifying, or did: the end of its certificates. None: there is no such day,
    since it does not verify now, or since a time-stamp proves when it was signed."""
    findings: tuple[Finding, ...] = ()
    sources: tuple[SourceLine, ...] = field(default=(), metadata=in_json(optional=True))
    """What it was made of and by what right, through all ancestors; nearest first."""
    mining: MiningSignals | None = field(default=None, metadata=in_json(optional=True))
    """What the file says of mining and training, in all carriers; None where it says nothing."""
    judgements: tuple[Judgement, ...] = field(default=(), metadata=in_json(optional=True))
    """Each rule of the rule books that were asked, and what it concludes from the file."""
    error: Trouble | None = None
    """Why the file could not be judged; None when it was."""
    crjson_source: Callable[[], Mapping[str, Any] | None] | None = field(
        default=None, compare=False, repr=False, metadata=in_json("")
    )
    """What makes the crJSON of the manifests when it is asked for."""
    ai: Ai = field(init=False, default=Ai.UNKNOWN, metadata=in_json(optional=True))
    """What the file declares about the part of AI, in one word; `declared` says by whose word."""
    disclosures: Mapping[str, Mapping[str, Any]] = field(
        init=False, default_factory=dict, metadata=in_json(optional=True)
    )
    """The fields in which others want that said when the file is handed over: Instagram, TikTok,
    YouTube, IPTC ninjs. By a dated table; without what no source says."""

    def __post_init__(self) -> None:
        declared = self.declared
        object.__setattr__(self, "ai", ai_of(declared.source_type, declared.origin))
        values = disclosures(self.ai, declared.source_type)
        object.__setattr__(self, "disclosures", values)
        drawn = [each.visible for each in self.steps if each.visible]
        object.__setattr__(self, "visible", drawn[-1] if drawn else None)
        if drawn:
            object.__setattr__(self, "marks", {**self.marks, Mark.VISIBLE: NOTHING})

    format = Renamed("format_name")
    bytes = Renamed("size")

    @property
    def unjudged(self) -> bool:
        """Could the question not be answered at all?"""
        return self.error is not None or self.integrity is Integrity.UNKNOWN

    def worst(self) -> Severity | None:
        """The gravest severity among the findings."""
        return worst(self.findings)

    def crjson(self) -> Mapping[str, Any] | None:
        """The manifests as crJSON, the C2PA conformance programme's form, with the validation
        results of this report; none in a file without, and None where one cannot be opened."""
        return self.crjson_source() if self.crjson_source is not None else None


_OF_REPORT = tuple(name for name, each in Report.__dataclass_fields__.items() if each.init)
_report = attrgetter(*_OF_REPORT)


def but(report: Report, **answers: Any) -> Report:
    """The report with other `answers`: `dataclasses.replace` takes twice as long."""
    return Report(**dict(zip(_OF_REPORT, _report(report), strict=True), **answers))


def worst(findings: tuple[Finding, ...]) -> Severity | None:
    """The gravest severity among `findings` that count; None without any."""
    counting = (finding.severity for finding in findings if finding.accepted is None)
    return min(counting, key=attrgetter("rank"), default=None)
