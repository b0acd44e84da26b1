"""What a picture comes from: its parent, and what becomes of a manifest that is there."""

from __future__ import annotations

from datetime import datetime

from genlabel.credentials.signer import Signer
from genlabel.model.asset import Asset
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ExistingManifest
from genlabel.model.label import Label
from genlabel.model.report import Finding
from genlabel.operations.sign_options import Existing, SignOptions
from genlabel.operations.signing import parents, renewal
from genlabel.operations.signing.ingredients import Ingredient
from genlabel.operations.signing.own_chain import with_own_chain
from genlabel.operations.verify import Examination


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a picture comes from."""

    origin: Ingredient | None = None
    """The parent, as it is recorded."""
    is_wrapped: bool = False
    """Is that the picture itself, with the manifest that it carries?"""
    is_renewed: bool = False
    """Is it a label of ours over an edit of one's own?"""
    created: datetime | None = None
    """What the label that is renewed says."""
    findings: tuple[Finding, ...] = ()


def settled(
    before: Examination,
    label: Label,
    signer: Signer,
    options: SignOptions,
    parent: Asset | None,
    parts: tuple[Ingredient, ...],
) -> Past:
    """The parent and what becomes of a manifest that is there. Raises `ExistingManifest`."""
    named, findings = None, list[Finding]()
    if parent is not None:
        examined = Ingredient.of(parent, trust=with_own_chain(options.trust, signer))
        named, told = recorded(examined, options)
        findings += [*parents.another_picture(before, named), *told]
    if before.store is None:  # an address of a manifest is none
        return Past(origin=named, findings=tuple(findings))
    if options.existing is Existing.REPLACE:
        return Past(origin=named, findings=(parents.lost(before.report), *findings))
    own_edit = renewal.is_own_edit(before, signer)
    is_renewed = own_edit and options.existing is Existing.RENEW
    if is_renewed and renewal.is_restated(before, label, named, parts):
        renewal.require_same(before, label, named)
        findings.append(renewal.renewed(before, wrapped=False))
        created = renewal.moment(before.report)
        return Past(origin=named, is_renewed=True, created=created, findings=tuple(findings))
    if parent is not None:
        raise _is_its_own_parent(before.asset)
    origin, told = parents.recorded(
        Ingredient.examined(before),
        accept_broken=options.accept_broken_parent or is_renewed,
        wrapped=True,
        own_edit=own_edit,
    )
    if is_renewed:
        renewal.require_same(before, label, origin)
        told = (renewal.renewed(before, wrapped=True), *told)
    return Past(origin=origin, is_wrapped=True, is_renewed=is_renewed, findings=told)


def drawn(drawn_on: Asset, signer: Signer, options: SignOptions, parent: Asset | None) -> Past:
    """The picture as it was is the parent of what was drawn. Raises `ExistingManifest`."""
    if parent is not None:
        raise _is_its_own_parent(drawn_on)
    trust = with_own_chain(options.trust, signer)
    origin, told = parents.recorded(
        Ingredient.of(drawn_on, trust=trust),
        accept_broken=options.accept_broken_parent,
        wrapped=True,
    )
    return Past(origin=origin, is_wrapped=True, findings=told)


def _is_its_own_parent(asset: Asset) -> ExistingManifest:
    return ExistingManifest(
        f"{asset.called}: carries a manifest, so it is the parent itself",
        remedy="leave the parent out, or drop the manifest with --existing replace",
    )


def recorded(
    ingredient: Ingredient, options: SignOptions
) -> tuple[Ingredient, tuple[Finding, ...]]:
    """A picture that was named, as it is recorded, and what is told of it."""
    return parents.recorded(ingredient, accept_broken=options.accept_broken_parent, wrapped=False)
