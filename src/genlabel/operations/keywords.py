"""Options as keywords: what functions take one by one, and how they become options.

Those of signing are in `sign_keywords`.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypedDict

from genlabel.model.nearest import did_you_mean
from genlabel.operations.beside import asset_of
from genlabel.operations.options import Trusted, VerifyOptions
from genlabel.policies import Books
from genlabel.policies.declarations import Declarations
from genlabel.storage.assets import PathLike, Picture

if TYPE_CHECKING:
    from genlabel.model.asset import Asset
    from genlabel.operations.sign_options import SignOptions


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
