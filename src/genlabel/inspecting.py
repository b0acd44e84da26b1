"""Inspecting: everything that can be seen in a picture's file, without any judgement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from genlabel import containers, traces
from genlabel.containers.container import Block
from genlabel.report import Report
from genlabel.traces import Trace
from genlabel.trust import Trust
from genlabel.verifying import examine


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestFacts:
    """What the active manifest says about its own making."""

    claim_generator: str | None
    """Name and version of the software that wrote the claim."""
    assertions: tuple[str, ...]
    """Labels, in order."""
    actions: tuple[str, ...]
    """Names of the actions, in order, as far as the engine shows them."""
    manifests: int
    """How many manifests the store holds, ancestors included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """Everything that was seen in one file."""

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
    report: Report
    """What verifying with nobody trusted says; its findings are observations here."""


def inspect(data: bytes, *, sidecar: bytes | None = None) -> Inspection:
    """What there is to see in the picture in `data`; nobody is trusted, no rule book applied.

    `sidecar` is a manifest that is kept beside it.

    Raises `UnsupportedFormat` or `MalformedAsset`.
    """
    examination = examine(data, trust=Trust(), sidecar=sidecar)
    survey = examination.survey
    return Inspection(
        width=survey.width,
        height=survey.height,
        frames=survey.frames,
        blocks=survey.blocks,
        slots={str(slot): len(payload) for slot, payload in survey.payloads.items()},
        traces=traces.generators(survey.payloads),
        personal=traces.personal(survey.payloads),
        manifest=_facts(examination.reading.document),
        report=examination.report,
    )


def personal(data: bytes) -> tuple[Trace, ...]:
    """What the picture in `data` says about people; a look at its metadata only.

    Raises `UnsupportedFormat` or `MalformedAsset`.
    """
    return traces.personal(containers.identify(data).survey(data).payloads)


def _facts(document: Mapping[str, Any] | None) -> ManifestFacts | None:
    if document is None:
        return None
    manifests = document.get("manifests") or {}
    active = manifests.get(document.get("active_manifest")) or {}
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
    )


def _claim_generator(manifest: Mapping[str, Any]) -> str | None:
    info = manifest.get("claim_generator_info") or []
    for each in info:
        return " ".join(str(each[key]) for key in ("name", "version") if each.get(key)) or None
    generator = manifest.get("claim_generator")
    return str(generator) if generator else None
