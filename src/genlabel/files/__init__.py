"""Files: which are meant, where results go, what belongs together, and writing all or nothing."""

from genlabel.files.pairing import Pair, pair
from genlabel.files.sidecars import read_sidecar, sidecar_for
from genlabel.files.targets import Target, plan
from genlabel.files.walking import MAX_FILES_FROM, STDIN, Expansion, Found, expand, listed
from genlabel.files.writing import sweep, write_atomically

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
