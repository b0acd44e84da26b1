"""Binding: a settled label composed into every mark, bound, signed and read back, or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from genlabel.credentials.identity import Identity
from genlabel.credentials.signer import Signer
from genlabel.credentials.trust import Trust
from genlabel.formats.format import MANIFEST, Pieces, Slot
from genlabel.manifests.definition import PARENT, Plot, definition, ingredient
from genlabel.manifests.engine import engine
from genlabel.manifests.external import Apart
from genlabel.manifests.store.cose import NoRoom
from genlabel.metadata.xmp import remote_manifest
from genlabel.model import fields
from genlabel.model.errors import MalformedMetadata, SigningError
from genlabel.model.label import Label
from genlabel.model.report import Finding, Mark, Report, Severity
from genlabel.model.results import Outcome
from genlabel.operations.signing import (
    ingredients as ancestry,
    readback,
    revocation,
    timestamp,
)
from genlabel.operations.signing.ingredients import Ancestor
from genlabel.operations.signing.timestamp import Stamping
from genlabel.operations.verify import Examination
from genlabel.storage.buffers import joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A labelled picture, read back and found to say what it was meant to."""

    content: bytes | memoryview
    """The file's bytes; of a large file that was mapped, a mapping."""
    outcome: Outcome
    manifest_id: str | None
    sidecar: bytes | None = None
    """The manifest store, to be kept beside the picture; None when it is embedded."""
    replaced: tuple[str, ...] = ()
    verifies_until: datetime | None = None
    stamped_at: datetime | None = None
    needs_stamp: bool = False
    report: Report
    findings: tuple[Finding, ...] = ()

    @property
    def data(self) -> bytes:
        """The file's bytes, in memory."""
        return self.content if isinstance(self.content, bytes) else bytes(self.content)


def bound(
    before: Examination,
    label: Label,
    signer: Signer,
    *,
    identity: Identity | None,
    ancestor: Ancestor | None,
    parts: tuple[Ancestor, ...],
    title: str,
    trust: Trust,
    apart: Apart | None,
    stamping: Stamping,
    ocsp: bool,
) -> Signed:
    """Metadata composed, one rewrite, the manifest bound and signed, the result read back.

    `before` is the picture, `label` complete, with its time. Raises what `signing.sign` raises.
    """
    if before.survey.unsignable is not None and apart is None:
        raise SigningError(
            f"{title}: {before.survey.unsignable}",
            remedy="write the manifest beside it with --sidecar",
        )
    said = revocation.answers(signer, trust) if ocsp else ()
    marks = apart.marks if apart is not None else None
    written = ancestry.written(before, label, marks=marks)
    refused = {m: why for m, why in written.refused.items() if marks is None or m in marks}
    if Mark.IPTC in refused:  # no label goes without its source type in XMP
        raise refused[Mark.IPTC]
    taken = written.spoken_for(label)
    changes = dict(written.changes)
    if apart is not None and apart.url is not None:
        changes |= remote_manifest.pointing(
            {**before.survey.payloads, **_set(written.changes)},
            apart.url,
            slots=before.container.slots,
            limit=before.container.xmp_limit,
        )
    places = before.survey.embeds and apart is None
    elements = [f"element-{number}" for number in range(1, len(parts) + 1)]
    plot = Plot(
        opened=ancestor is not None,
        parent_is_silent=ancestor is not None and ancestor.stated is None,
        elements=elements,
    )
    made = definition(label, plot, title=title, mime=before.container.media_type, taken=taken)
    made["label"] = f"urn:c2pa:{uuid.uuid4()}"
    parents = [_source(ancestor, PARENT, "parentOf")] if ancestor else []
    components = [
        _source(part, element, "componentOf") for part, element in zip(parts, elements, strict=True)
    ]

    def with_manifest(store: bytes | None = None) -> Pieces:
        # Only what a manifest goes into is made ready for it: beside one no byte changes.
        prepared = {**changes, MANIFEST: store} if apart is None else changes
        return before.container.rewrite(before.survey, prepared)

    def put(store: bytes) -> tuple[bytes | memoryview, tuple[tuple[int, int], ...]]:
        whole = joined(with_manifest(store))
        there = before.container.survey(whole)
        if there.store_span is not None:
            return whole, (there.store_span,)
        return whole, there.manifest_spans

    rewritten: Pieces = [] if places else with_manifest()

    def signed_with(*, room: bool) -> bytes | memoryview:
        ingredients = [*parents, *components]
        if places:
            store = engine.sign_into(put, made, signer, ingredients, identity=identity, room=room)
            signed = joined(with_manifest(store))
        else:
            signed = engine.sign(
                rewritten,
                before.container.media_type,
                made,
                signer,
                ingredients,
                identity=identity,
                embed=apart is None,
                room=room,
            )
        return revocation.put(signed, made["label"], said, embedded=apart is None)

    try:
        signed = signed_with(room=stamping.needs_room)
    except NoRoom:
        signed = signed_with(room=True)
    store: bytes | None = None
    if apart is not None:
        signed, store = joined(rewritten), bytes(signed)
    held = timestamp.completed(signed, made["label"], stamping, title=title, sidecar=store)
    signed, store = held.data, held.sidecar
    payloads = {**before.survey.payloads, **changes, MANIFEST: None}
    expected = readback.Expected(
        signer=signer,
        identity=identity,
        definition=made,
        parent=ancestor,
        elements=parts,
        declarations={
            Mark.MANIFEST: fields.carried_by(Mark.MANIFEST, label, taken=taken),
            **written.promised,
        },
        payloads=_set(payloads),
        rewritten=with_manifest,
        placed=places or apart is not None,
    )
    report = readback.accept(signed, before.survey, expected, trust=trust, sidecar=store)
    if said:
        revocation.require(report, title)
    return Signed(
        content=signed,
        sidecar=store,
        outcome=Outcome.SIGNED,
        manifest_id=report.manifest_id,
        replaced=written.replaced,
        verifies_until=None if held.moment else signer.not_valid_after,
        stamped_at=held.moment,
        needs_stamp=stamping.needs_room and held.moment is None,
        report=report,
        findings=(*_left_alone(refused), *held.findings),
    )


def _set(payloads: Mapping[Slot, bytes | None]) -> dict[Slot, bytes]:
    return {slot: payload for slot, payload in payloads.items() if payload is not None}


def _source(ancestor: Ancestor, label: str, relationship: str) -> engine.IngredientSource:
    return engine.IngredientSource(
        definition=ingredient(label, title=ancestor.title, relationship=relationship),
        mime=ancestor.container.media_type,
        data=ancestor.data,
        store=ancestor.store,
    )


def _left_alone(refused: Mapping[Mark, MalformedMetadata]) -> Iterator[Finding]:
    for mark, error in refused.items():
        yield Finding(
            "genlabel.metadata.left",
            severity=Severity.WARNING,
            where=mark.value,
            explanation=f"the block was left as it is: {error}",
        )
