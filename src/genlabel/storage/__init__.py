"""Files: which are meant, where results go, what belongs together, and writing all or nothing."""

from genlabel.storage.assets import PathLike, Picture, asset_of, read_asset, size_of
from genlabel.storage.atomic import sweep, write_atomically
from genlabel.storage.pairs import Pair, pair
from genlabel.storage.selection import MAX_FILES_FROM, STDIN, Expansion, Found, expand, listed
from genlabel.storage.sidecars import read_sidecar, sidecar_for
from genlabel.storage.targets import Target, plan

__all__ = [
    "MAX_FILES_FROM",
    "STDIN",
    "Expansion",
    "Found",
    "Pair",
    "PathLike",
    "Picture",
    "Target",
    "asset_of",
    "expand",
    "listed",
    "pair",
    "plan",
    "read_asset",
    "read_sidecar",
    "sidecar_for",
    "size_of",
    "sweep",
    "write_atomically",
]
