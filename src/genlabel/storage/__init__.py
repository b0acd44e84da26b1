"""Files: which are meant, where results go, what belongs together, and writing all or nothing.

A name's module is loaded when the name is used first: who only reads needs nothing that writes.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genlabel.storage.assets import (
        PathLike,
        Picture,
        asset_of,
        is_image,
        picture,
        read_asset,
        require_path,
        size_of,
    )
    from genlabel.storage.atomic import Output, write_atomically
    from genlabel.storage.attributes import Times, times_of
    from genlabel.storage.line_ends import left_to_git
    from genlabel.storage.pairs import ByName, Pair, chosen
    from genlabel.storage.selection import (
        MAX_FILES_FROM,
        STDIN,
        Expansion,
        Found,
        below,
        expand,
        listed,
    )
    from genlabel.storage.sidecars import Recognition, linked_sidecar, place_for
    from genlabel.storage.sweeping import left_for, left_over, settle, sweep
    from genlabel.storage.targets import Target, faults, placed, plan
    from genlabel.storage.together import look_at, write_outputs
else:
    _HOMES = {
        "assets": "PathLike Picture asset_of is_image picture read_asset require_path size_of",
        "atomic": "Output write_atomically",
        "attributes": "Times times_of",
        "line_ends": "left_to_git",
        "pairs": "ByName Pair chosen",
        "selection": "MAX_FILES_FROM STDIN Expansion Found below expand listed",
        "sidecars": "Recognition linked_sidecar place_for",
        "sweeping": "left_for left_over settle sweep",
        "targets": "Target faults placed plan",
        "together": "look_at write_outputs",
    }
    _HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}

    def __getattr__(name: str) -> object:
        home = _HOME_OF.get(name)
        if home is None:
            raise AttributeError(f"{__name__}.{name}")
        value = getattr(import_module(f"{__name__}.{home}"), name)
        globals()[name] = value
        return value


__all__ = [
    "MAX_FILES_FROM",
    "STDIN",
    "ByName",
    "Expansion",
    "Found",
    "Output",
    "Pair",
    "PathLike",
    "Picture",
    "Recognition",
    "Target",
    "Times",
    "asset_of",
    "below",
    "chosen",
    "expand",
    "faults",
    "is_image",
    "left_for",
    "left_over",
    "left_to_git",
    "linked_sidecar",
    "listed",
    "look_at",
    "picture",
    "place_for",
    "placed",
    "plan",
    "read_asset",
    "require_path",
    "settle",
    "size_of",
    "sweep",
    "times_of",
    "write_atomically",
    "write_outputs",
]
