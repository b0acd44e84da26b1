"""Seal: write the label into every mark, bind and sign the manifest, read the result back."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from genlabel.credentials.signer import Signer, certificate_of
from genlabel.formats.format import XMP
from genlabel.formats.tiff.manifest_place import TiffManifest
from genlabel.manifests.definition import sources as made_of
from genlabel.manifests.definition.claim import definition
from genlabel.manifests.definition.plot import Plot
from genlabel.manifests.definition.sources import Sources
from genlabel.manifests.engine import deep_stack, signing
from genlabel.metadata.write import Writing
from genlabel.metadata.xmp.versions import Version
from genlabel.model import carried
from genlabel.model.cached_property import cached_property
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata, SigningError
from genlabel.model.label import Label
from genlabel.model.report import Finding, Mark, Severity
from genlabel.model.results import Outcome, Signed
from genlabel.operations.sign_options import SealedBy, SignOptions, external, time_stamping
from genlabel.operations.signing import (
    address,
    composing,
    judge,
    kept_names,
    packets,
    readback,
    recording,
    repair,
    revocation,
    rewriting,
    timestamp,
)
from genlabel.operations.signing.ingredients import Ingredient
from genlabel.operations.signing.rewriting import Rewrite
from genlabel.operations.verify import Examination
from genlabel.storage.buffers import joined


@dataclass(frozen=True, kw_only=True)  # no slots: the sources are kept
class Sealing:
    """All that goes into one signed picture."""

    before: Examination
    """The picture as it was given."""
    label: Label
    """Complete, with its time."""
    signer: Signer
    options: SignOptions
    parent: Ingredient | None
    elements: tuple[Ingredient, ...]
    version: Version
    """Which one of its document the picture becomes, where its XMP is written."""
    is_renewed: bool = False
    """Is the parent this very picture with this very label, of which only metadata were edited?"""

    @cached_property
    def sources(self) -> Sources:
        """What the picture was made of; made once, since it has identifiers and salts."""
        return made_of.of(
            self.label,
            [each.at_hand for each in self.elements],
            before=int(self.parent is None and self.label.history.changes),
            parents=int(self.parent is not None),
        )

    @property
    def marks(self) -> frozenset[Mark] | None:
        """The metadata marks that are written; None for all."""
        beside = external(self.options)
        return beside.marks if beside is not None else None

    @property
    def embedded(self) -> bool:
        """Does the manifest go into the picture?"""
        return external(self.options) is None

    @property
    def plot(self) -> Plot:
        """What the manifest has to tell beside the label."""
        parent, changes = self.parent, self.label.history.changes
        return Plot(
            opened=parent is not None or changes,
            parent_is_unknown=parent is None and changes,
            parent_is_silent=parent is not None and parent.is_silent,
            is_renewed=self.is_renewed,
            sources=self.sources,
            attribution=self.options.attribution,
        )

    @property
    def is_ready_made(self) -> bool:
        """Is the result our own rewrite, with a manifest in it or beside it?"""
        return self.is_ours or not self.embedded

    @cached_property
    def is_ours(self) -> bool:
        """Do we put the manifest in, or leave it out, and hash, and not the engine?"""
        container, survey = self.before.container, self.before.survey
        if survey.embeds and self.embedded and not self.is_apart:
            return True  # the engine would leave the file worse
        if rewriting.is_by_engine() or self.options.sealing is SealedBy.ENGINE:
            return False
        return not judge.forbids(container, beside=not self.embedded)

    @property
    def is_apart(self) -> bool:
        """Does the manifest go into a directory of its own, where the specification has one?"""
        wanted = self.options.tiff_manifest is TiffManifest.OWN_DIRECTORY
        return wanted and self.before.survey.apart is not None and self.embedded


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """The metadata of one signed picture."""

    writing: Writing
    rewrite: Rewrite
    findings: tuple[Finding, ...]


def composed(sealing: Sealing) -> Composition:
    """The metadata composed and the file made ready. Raises `MalformedMetadata`, `LabelError`."""
    before, beside = sealing.before, external(sealing.options)
    writing = composing.written(before, sealing.label, marks=sealing.marks, version=sealing.version)
    refused = _refused(writing, sealing.marks)
    addressed, told = address.settled(
        before, writing.changes, beside, sealing.signer, sealing.version
    )
    changes = {**writing.changes, **addressed}
    return Composition(
        writing=writing,
        rewrite=Rewrite(
            before=before, changes=changes, embedded=sealing.embedded, apart=sealing.is_apart
        ),
        findings=(
            *packets.left_out(before, changes),
            *_left_alone(refused),
            *told,
            *kept_names.told(sealing.label, writing.promised),
        ),
    )


def seal(sealing: Sealing) -> Signed:
    """Metadata composed, one rewrite, the manifest bound and signed, the result read back.

    Raises what `sign.sign` raises.
    """
    before, label, options = sealing.before, sealing.label, sealing.options
    name = before.asset.called
    repair.refuse_unsignable(before, name, embedded=sealing.embedded)
    if sealing.is_apart and not before.survey.apart and not sealing.is_ours:
        raise SigningError(
            f"{name}: the engine protects no manifest in a BigTIFF directory of its own",
            remedy="leave it in the last page's: --tiff-manifest last-page",
        )
    responses = revocation.answers(sealing.signer, options.trust) if options.ocsp else ()
    composition = composed(sealing)
    writing, rewrite = composition.writing, composition.rewrite
    taken = writing.spoken_for(label)
    manifest = _manifest(sealing, taken)
    manifest["instance_id"] = _instance(sealing, rewrite)
    stamping = time_stamping(options)
    signed = before.asset.holding(*_signed(sealing, manifest, rewrite, responses))
    signed, stamped_at, findings = timestamp.completed(signed, manifest["label"], stamping)
    expected = readback.Expected(
        signer=sealing.signer,
        identity=options.identity,
        definition=manifest,
        parent=sealing.parent,
        elements=sealing.elements,
        sources=sealing.sources,
        declarations={
            Mark.MANIFEST: carried.carried_by(Mark.MANIFEST, label, taken=taken),
            **writing.promised,
        },
        payloads=rewrite.payloads(),
        rewritten=rewrite.pieces,
        placed=sealing.is_ready_made,
    )
    report = readback.accept(signed, before.survey, expected, trust=options.trust)
    if responses:
        revocation.require(report, name)
    end = certificate_of(sealing.signer).not_valid_after
    return Signed(
        content=signed.data,
        sidecar=signed.manifest,
        outcome=Outcome.SIGNED,
        manifest_id=report.manifest_id,
        replaced=writing.replaced,
        verifies_until=None if stamped_at else end,
        stamped_at=stamped_at,
        needs_stamp=stamping.needs_room and stamped_at is None,
        withheld=tuple(sealing.sources.withheld),
        report=report,
        findings=(
            *composition.findings,
            *findings,
            *timestamp.ending(end),
            *(timestamp.advised(end) if stamped_at is None and not findings else ()),
        ),
    )


def _refused(writing: Writing, marks: frozenset[Mark] | None) -> Mapping[Mark, MalformedMetadata]:
    """The marks that could not be written; raises where that is the one of the source type."""
    refused = {
        mark: error for mark, error in writing.refused.items() if marks is None or mark in marks
    }
    if Mark.IPTC in refused:  # no label goes without its source type in XMP
        raise refused[Mark.IPTC]
    return refused


def _manifest(sealing: Sealing, taken: frozenset[str]) -> dict[str, Any]:
    """The definition of the manifest, with a label of its own."""
    manifest = definition(
        sealing.label,
        sealing.plot,
        mime=sealing.before.container.media_type,
        taken=taken,
    )
    manifest["label"] = f"urn:c2pa:{uuid.uuid4()}"
    return manifest


def _instance(sealing: Sealing, rewrite: Rewrite) -> str:
    """The ``instanceID`` of the claim: that of the XMP that it is bound to, if that has one."""
    if rewrite.changes.get(XMP) is not None:
        return sealing.version.instance
    stated = Version.stated(sealing.before.survey.payloads)
    return stated.instance if stated is not None else sealing.version.instance


def _signed(
    sealing: Sealing, manifest: Mapping[str, Any], rewrite: Rewrite, responses: tuple[bytes, ...]
) -> tuple[bytes | memoryview, bytes | None]:
    """The signed picture, and its manifest store where that is external."""
    sources = list(recording.sources(sealing))
    made = partial(_sealed, sealing, manifest, rewrite, sources)
    data, store = deep_stack.with_room(_manifests_below(sealing, sources), made)
    # who puts an answer in has room for a time-stamp, too
    put = partial(revocation.put, manifest_id=manifest["label"], responses=responses)
    if store is None:
        return put(data, embedded=True), None
    return data, bytes(put(store, embedded=False))


def _sealed(
    sealing: Sealing,
    manifest: Mapping[str, Any],
    rewrite: Rewrite,
    sources: list[signing.IngredientSource | signing.Part],
) -> tuple[bytes | memoryview, bytes | None]:
    """The same, without answers on revocation."""
    container, options = sealing.before.container, sealing.options
    asked = signing.Asked(
        definition=manifest,
        signer=sealing.signer,
        ingredients=sources,
        trust=options.trust,
        identity=options.identity,
        room=time_stamping(options).needs_room,
    )
    if sealing.is_ours and sealing.embedded:
        return rewrite.signed(partial(signing.sign_into, iso=container.iso_media, **asked)), None
    if sealing.is_ours:
        return rewrite.beside(partial(signing.sign_beside, **asked))
    rewritten = rewrite.pieces()
    signed = signing.sign(rewritten, container.media_type, embed=sealing.embedded, **asked)
    return (signed, None) if sealing.embedded else (joined(rewritten), bytes(signed))


def _manifests_below(
    sealing: Sealing, sources: Sequence[signing.IngredientSource | signing.Part]
) -> int:
    """How many manifests the engine goes through: its own recursion is as deep as they lie."""
    if any(isinstance(each, signing.IngredientSource) and each.below for each in sources):
        return 1  # it sees no more of them
    parents = (*((sealing.parent,) if sealing.parent is not None else ()), *sealing.elements)
    return sum(1 + len(each.report.ingredients) for each in parents)


def _left_alone(refused: Mapping[Mark, MalformedMetadata]) -> Iterator[Finding]:
    for mark, error in refused.items():
        yield Finding(
            "genlabel.metadata.left",
            severity=Severity.NOTE,
            where=mark.value,
            explanation=f"the block was left as it is: {error}",
        )
