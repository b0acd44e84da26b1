"""The assertion about mining and training: which uses of the picture its manifest allows.

CAWG Training and Data Mining 1.1 (``cawg.training-mining``), and ``c2pa.training-mining`` of older
manifests, whose entries begin with ``c2pa.``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from genlabel.manifests.validation import actions
from genlabel.model.mining import USES, Mining, MiningSignals, Permission, strictest

LABEL = "cawg.training-mining"
_LABELS = (LABEL, "c2pa.training-mining")
_INFO = ("constraint_info", "constraints_info")
"""The scheme's key, and the one that the specification's prose uses."""


def read(active: Mapping[str, Any]) -> MiningSignals | None:
    """What the active manifest's assertions say, the strictest word of each use; None of none.

    What is constrained without a constraint is not allowed.
    """
    stated: list[Mining] = []
    constraints: list[str] = []
    carriers: dict[str, None] = {}
    for label, data, _ in actions.assertions(active):
        kind = label.partition("__")[0]
        if kind not in _LABELS or not isinstance(data.get("entries"), dict):
            continue
        uses = {}
        for use, entry in _entries(data["entries"], kind.partition(".")[0]):
            permission = next((each for each in Permission if each.value == entry["use"]), None)
            info = next((text for key in _INFO if (text := _text(entry.get(key)))), None)
            if permission is Permission.CONSTRAINED and info is None:
                permission = Permission.NOT_ALLOWED
            elif permission is Permission.CONSTRAINED and info is not None:
                constraints.append(info)
            if permission is not None:
                uses[use] = permission
        if uses:
            stated.append(Mining(**uses))
            carriers[kind] = None
    if not stated:
        return None
    said = strictest(stated)
    constraint = constraints[0] if constraints and said.is_constrained else None
    return MiningSignals(**dict(said), constraint=constraint, carriers=tuple(carriers))


def _entries(data: Mapping[Any, Any], space: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for use in USES:
        entry = data.get(f"{space}.{use}")
        if isinstance(entry, dict) and isinstance(entry.get("use"), str):
            yield use, entry


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
