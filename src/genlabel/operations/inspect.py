"""Inspect a picture's file: everything that can be seen, without any judgement."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any, ClassVar

from genlabel import formats
from genlabel.credentials.trust import Trust
from genlabel.formats import unknown
from genlabel.formats.format import Block, Slot, SlotKind
from genlabel.manifests.definition.assertions import is_custom
from genlabel.metadata import generator_traces as traces
from genlabel.metadata.generator_traces import Trace
from genlabel.model.ai import Ai
from genlabel.model.asset import Asset
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import UnsupportedFormat
from genlabel.model.report import Integrity, Report, Severity, Trouble
from genlabel.model.serialise import Result, in_json, same_names
from genlabel.operations.verify import Examination, Measured, examine, read_marks

MAX_CUSTOM = 20_000
"""Most characters of an assertion of somebody's own that are shown; ours have no more."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ManifestFacts(Result):
    """What the active manifest says about its own making."""

    claim_generator: str | None
    """Name and version of the software that wrote the claim."""
    assertions: tuple[str, ...]
    """Labels, in order."""
    actions: tuple[str, ...]
    """Names of the actions, in order, as far as the engine shows them."""
    manifests: int
    """How many manifests the store holds, ancestors included."""
    custom: Mapping[str, str] = field(default_factory=dict, metadata=in_json(optional=True))
    """Assertions that neither C2PA nor CAWG has defined: label and content as JSON, as long as it
    is short; what they mean only those know who know the label."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Inspection(Result):
    """Everything that was seen in one file."""

    KIND: ClassVar[str] = "inspect"
    PUBLISHED: ClassVar[Mapping[str, str]] = same_names(
        "path width height frames blocks slots traces personal manifest foreign report error ai"
    )

    path: str | None = None
    width: int | None = None
    height: int | None = None
    frames: int = 1
    blocks: tuple[Block, ...] = ()
    slots: Mapping[str, int] = field(default_factory=dict)
    """Payloads found, with their bytes after joining and decompressing."""
    traces: tuple[Trace, ...] = ()
    """What generators wrote about how the picture was made."""
    personal: tuple[Trace, ...] = ()
    """Places, serial numbers and names of people."""
    manifest: ManifestFacts | None = None
    foreign: str | None = field(default=None, metadata=in_json(optional=True))
    """Why this file cannot be labelled, where its format is none of ours, and what would do."""
    report: Report
    """What verifying says, without a rule book; its findings are observations here."""
    ai: Ai = field(init=False, default=Ai.UNKNOWN, metadata=in_json(optional=True))
    """What the file declares about the part of AI, in one word."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "ai", self.report.ai)

    @property
    def error(self) -> Trouble | None:
        """Why the file could not be judged; None when it was."""
        return self.report.error

    @property
    def unjudged(self) -> bool:
        """Could nothing be seen at all?"""
        return self.error is not None

    def worst(self) -> Severity | None:
        """None: looking judges nothing."""
        return None


_PROGRAMS = frozenset(
    {
        *("Software", "Comment", "Description", "Creator", "Producer"),
        *("parameters", "prompt", "workflow"),
    }
)
"""Keywords of texts in which programs write."""


def inspect(asset: Asset, *, trust: Trust | None = None) -> Inspection:
    """What there is to see in the picture in `asset`; nobody is trusted but those in `trust`.

    Of a file in another format than ours, what can be found by simple means is shown, and nothing
    is verified.

    Raises `MalformedAsset`, or `UnsupportedFormat` for a file that looks like nothing known.
    """
    if formats.recognise(asset.data) is None:
        with Measured(asset):
            return _stranger(bytes(asset.data))
    examination = examine(asset, trust=trust or Trust())
    survey = examination.survey
    return Inspection(
        width=survey.width,
        height=survey.height,
        frames=survey.frames,
        blocks=survey.blocks,
        slots={str(slot): len(payload) for slot, payload in survey.payloads.items()},
        traces=traces.generators({**survey.payloads, **_of_programs(examination)}),
        personal=traces.personal(survey.payloads),
        manifest=_facts(examination.reading.document),
        report=examination.report,
    )


def _of_programs(examination: Examination) -> Mapping[Slot, bytes]:
    """Those of the container's own texts in which programs write; others are people's."""
    texts = examination.container.texts(examination.survey)
    return {slot: text for slot, text in texts.items() if slot.key.partition(" ")[0] in _PROGRAMS}


def _stranger(data: bytes) -> Inspection:
    """What there is to see in a file that no container of ours reads."""
    from genlabel.pixels import decode

    kind = unknown.describe(data)
    if kind is None:
        formats.identify(data)
        raise UnsupportedFormat("unknown kind of file", remedy=formats.way_out(""))
    pieces = list(unknown.pieces(data))
    payloads: dict[Slot, bytes] = {}
    for slot, _, payload in pieces:
        payloads.setdefault(slot, payload)
    size = decode.glimpsed(data)
    xmp = {slot: payload for slot, payload in payloads.items() if slot.kind is SlotKind.XMP}
    marks, _ = read_marks(xmp)  # perhaps of a part of the file; unreadable packets say nothing
    signed = any(slot.kind is SlotKind.MANIFEST for slot in payloads)
    way_out = formats.WITH_MANIFEST if signed else formats.way_out(kind)
    return Inspection(
        width=size[0] if size else None,
        height=size[1] if size else None,
        blocks=tuple(block for _, block, _ in pieces),
        slots={str(slot): len(payload) for slot, payload in payloads.items()},
        traces=traces.generators(payloads),
        personal=traces.personal(payloads),
        foreign=f"genlabel neither labels nor verifies this format: {way_out}",
        report=Report(
            format_name=kind,
            size=len(data),
            integrity=Integrity.UNKNOWN,
            reason="unsupported-format",
            marks=marks,
        ),
    )


def _facts(document: Mapping[str, Any] | None) -> ManifestFacts | None:
    if document is None:
        return None
    manifests = document.get("manifests") or {}
    active = manifests.get(document.get("active_manifest"))
    if not active:
        return None  # the engine refuses it: that it says nothing would be false
    assertions = active.get("assertions") or []
    return ManifestFacts(
        claim_generator=_claim_generator(active),
        assertions=tuple(str(each.get("label")) for each in assertions),
        actions=tuple(
            str(action.get("action"))
            for each in assertions
            if str(each.get("label")).startswith("c2pa.actions")
            for action in (each.get("data") or {}).get("actions") or []
        ),
        manifests=len(manifests),
        custom=dict(_custom(assertions)),
    )


def _custom(assertions: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for each in assertions:
        label = str(each.get("label"))
        if is_custom(label):
            content = json.dumps(each.get("data"), ensure_ascii=False)
            long = len(content) > MAX_CUSTOM
            yield label, f"({len(content):,} characters)" if long else content


def _claim_generator(manifest: Mapping[str, Any]) -> str | None:
    info = manifest.get("claim_generator_info") or []
    for each in info:
        return " ".join(str(each[key]) for key in ("name", "version") if each.get(key)) or None
    generator = manifest.get("claim_generator")
    return str(generator) if generator else None
