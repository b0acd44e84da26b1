"""Options as keywords: what functions take one by one, and how they become options."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any, Protocol, TypedDict

from genlabel.credentials.identity import Identity
from genlabel.formats.tiff.manifest_place import TiffManifest
from genlabel.model.asset import Asset
from genlabel.model.attribution import Attribution
from genlabel.model.errors import ConfigurationError
from genlabel.model.inputs import WrittenAs
from genlabel.model.nearest import did_you_mean
from genlabel.model.report import Mark
from genlabel.model.results import SignReport
from genlabel.model.visible import VisibleLabel
from genlabel.operations.beside import asset_of
from genlabel.operations.options import (
    Authorities,
    Existing,
    SealedBy,
    SignOptions,
    Stamp,
    Trusted,
    VerifyOptions,
)
from genlabel.policies import Books
from genlabel.policies.declarations import Declarations
from genlabel.storage import PathLike, Picture


class Progress(Protocol):
    """What is called after each of several files."""

    def __call__(self, done: int, total: int, report: SignReport, /) -> object:
        """`done` files of `total` are done; `report` is on the last of them."""


class VerifyKeywords(TypedDict, total=False):
    """The fields of `VerifyOptions` as keywords, and `sidecar` as genlabel 0.1 had it."""

    trust: Trusted
    policy: Books
    declarations: Declarations | PathLike | Mapping[str, object] | None
    as_of: date | str | None
    expiring: timedelta | None
    hash: bool
    sidecar: bytes | None
    against_sidecar: bytes | None


class WritingKeywords(TypedDict, total=False):
    """How results are written, as fields of `SignOptions`."""

    overwrite: bool
    force: bool
    preserve_times: bool
    fsync: bool


class SignKeywords(WritingKeywords, total=False):
    """The fields of `SignOptions` as keywords, and three as genlabel 0.1 had them."""

    trust: Trusted
    identity: Identity | None
    existing: Existing | str
    accept_broken_parent: bool
    attribution: Attribution | str
    show_public: bool
    drop_traces: Collection[str] | str
    using_traces: bool
    prompt_from_traces: bool
    prompt_as: WrittenAs | str
    repair: bool
    tiff_manifest: TiffManifest | str
    sealing: SealedBy | str
    overrule: str | None
    stamp: Stamp | str | None
    tsa: Authorities
    ocsp: bool
    media_type: str
    save: Mapping[str, object] | None
    sidecar: bool
    marks: Collection[Mark | str]
    remote_url: str | None
    require_policy: Books
    declarations: Declarations | PathLike | Mapping[str, object] | None
    as_of: date | str | None
    dry_run: bool
    visible: VisibleLabel | str | None
    format: str
    title: str | None
    existing_sidecar: bytes | None


class SignFileKeywords(SignKeywords, total=False):
    """The keywords of `sign_file`."""

    parent: Picture | None


class SignFilesKeywords(SignKeywords, total=False):
    """The keywords of `sign_files`."""

    in_place: bool


def fields_of(options: object, kind: type[SignOptions] | type[VerifyOptions]) -> dict[str, Any]:
    """The fields of `kind` in `options`, where None is the default. Raises `TypeError`."""
    chosen = _usual(kind) if options is None else options
    if not isinstance(chosen, kind):
        raise TypeError(f"options: {type(options).__name__} is no {kind.__name__}")
    return {each.name: getattr(chosen, each.name) for each in fields(kind)}


_USUAL: dict[Any, Any] = {}


def _usual(kind: type[SignOptions] | type[VerifyOptions]) -> SignOptions | VerifyOptions:
    """Options of which none is given: they are frozen, and made once."""
    usual: SignOptions | VerifyOptions = _USUAL.get(kind) or _USUAL.setdefault(kind, kind())
    return usual


def values_of(keywords: Mapping[str, Any], allowed: Iterable[str]) -> dict[str, Any]:
    """The fields that `keywords` set.

    `format` is accepted with a `DeprecationWarning`. Raises `TypeError` for a keyword that is not
    `allowed`.
    """
    values = dict(keywords)
    allowed = set(allowed)
    if "format" in values and "media_type" in allowed - values.keys():
        warnings.warn("format= is called media_type= now", DeprecationWarning, stacklevel=5)
        values["media_type"] = values.pop("format")
    for name in values.keys() - allowed:
        raise TypeError(f"{name!r} is no keyword here: {did_you_mean(name, sorted(allowed))}")
    return values


FOR_IMAGES = frozenset({"media_type", "save", "format"})
"""Keywords that say how a PIL image is encoded."""
FOR_FILES = frozenset({*WritingKeywords.__annotations__, "dry_run"})
"""Keywords that say how a result is written."""


def refuse_unfit(keywords: Mapping[str, Any], unfit: frozenset[str], why: str) -> None:
    """Raise `ConfigurationError` for a keyword of this call that can have no effect on it.

    What options that are the same for many calls say may fit some of them only.
    """
    if named := sorted(unfit & keywords.keys()):
        raise ConfigurationError(f"{named[0]}: {why}", remedy=f"leave {named[0]}= out")


def described(image: Picture, *, title: str | None = None, manifest: bytes | None = None) -> Asset:
    """`image` with the name and external manifest that keywords of genlabel 0.1 say."""
    asset = asset_of(image)
    if title is None and manifest is None:
        return asset
    return replace(
        asset,
        name=asset.name if title is None else title,
        manifest=asset.manifest if manifest is None else manifest,
    )
