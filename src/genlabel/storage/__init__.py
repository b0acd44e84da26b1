"""Files: which are meant, where results go, what belongs together, and writing all or nothing."""

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
    "Target",
    "expand",
    "listed",
    "pair",
    "plan",
    "read_sidecar",
    "sidecar_for",
    "sweep",
    "write_atomically",
]
