"""Beside: a picture's file is read with the manifest that lies beside it and belongs to it."""

from __future__ import annotations

import os

from genlabel import formats, storage
from genlabel.model.asset import Asset
from genlabel.model.errors import GenlabelError
from genlabel.storage import PathLike, Picture, Recognition
from genlabel.storage.buffers import Buffer


def read_asset(path: PathLike) -> Asset:
    """The file at `path`; see `storage.read_asset`.

    Of several pictures that share the name of one manifest, it is that of the one whose hard
    binding holds; for the others there is none.
    """
    return storage.read_asset(path, recognition=RECOGNITION)


def asset_of(picture: Picture, *, name: str = "picture") -> Asset:
    """The same for anything that is a picture; see `storage.asset_of`."""
    if isinstance(picture, str | os.PathLike):
        return read_asset(picture)
    return storage.asset_of(picture, name=name)


def fits(data: Buffer, store: bytes) -> bool:
    """Does the file hold to the hard binding of the manifest `store`, whoever has signed that?"""
    from genlabel.manifests.validation import hard_binding

    try:
        container = formats.identify(data)
        survey = container.survey(data)
    except GenlabelError:
        return False
    return hard_binding.fits(store, container, survey, data=data)


RECOGNITION = Recognition(formats.is_known, fits)
