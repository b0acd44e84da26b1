"""What a picture may be mined and trained on for: PLUS codes and CAWG's uses as one table.

PLUS LDF 2.0 ``plus:DataMining``, CAWG Training and Data Mining 1.1. No standard says which code
means which uses: `BY_CODE` is our own equivalence (docs/concepts.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import LabelError
from genlabel.model.plus import DataMining
from genlabel.model.serialise import Result
from genlabel.model.text import clean


class Permission(StrEnum):
    """What a use is (CAWG Training and Data Mining 1.1)."""

    ALLOWED = "allowed"
    CONSTRAINED = "constrained"
    """Under the conditions that a constraint states; without one the same as not allowed."""
    NOT_ALLOWED = "notAllowed"

    @classmethod
    def parse(cls, text: str) -> Permission:
        """The permission that `text` names: ``not-allowed``, ``notAllowed``, ``constrained``…"""
        plain = text.strip().lower().replace("-", "").replace("_", "")
        for member in cls:
            if plain == member.value.lower():
                return member
        raise LabelError(
            f"{text!r}: no permission", remedy="choose allowed, not-allowed or constrained"
        )


USES = ("data_mining", "ai_inference", "ai_training", "ai_generative_training")
"""The uses that CAWG tells apart, in its order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mining:
    """Which uses of a picture are allowed; None where nothing is said.

    ``Mining(ai_inference="allowed", ai_training="not-allowed")``. Raises `LabelError` for other
    words.
    """

    data_mining: Permission | None = None
    """Finding patterns in many pictures, search engines included."""
    ai_inference: Permission | None = None
    """As input of a trained model."""
    ai_training: Permission | None = None
    """Training of models that generate nothing."""
    ai_generative_training: Permission | None = None
    """Training of generative models."""

    def __post_init__(self) -> None:
        clean(self)

    def __iter__(self) -> Iterator[tuple[str, Permission]]:
        """The uses of which something is said."""
        for use in USES:
            if (permission := getattr(self, use)) is not None:
                yield use, permission

    @property
    def is_constrained(self) -> bool:
        """Does a use depend on a constraint, which has to be stated?"""
        return any(permission is Permission.CONSTRAINED for _, permission in self)

    def over(self, other: Mining) -> Mining:
        """This, and what `other` says of uses of which this says nothing."""
        return Mining(**{**dict(other), **dict(self)})


def _all(permission: Permission) -> Mining:
    return Mining(**dict.fromkeys(USES, permission))


_OK, _NO, _LIMITED = Permission.ALLOWED, Permission.NOT_ALLOWED, Permission.CONSTRAINED
BY_CODE: Mapping[DataMining, Mining] = {
    DataMining.UNSPECIFIED: Mining(),
    DataMining.ALLOWED: _all(_OK),
    DataMining.PROHIBITED_AI_ML_TRAINING: Mining(ai_training=_NO, ai_generative_training=_NO),
    DataMining.PROHIBITED_GEN_AI_ML_TRAINING: Mining(
        data_mining=_OK, ai_inference=_OK, ai_training=_OK, ai_generative_training=_NO
    ),
    DataMining.PROHIBITED_EXCEPT_SEARCH: Mining(
        data_mining=_LIMITED, ai_inference=_NO, ai_training=_NO, ai_generative_training=_NO
    ),
    DataMining.PROHIBITED: _all(_NO),
    DataMining.PROHIBITED_SEE_CONSTRAINT: _all(_LIMITED),
    DataMining.PROHIBITED_SEE_EMBEDDED_RIGHTS: _all(_LIMITED),
    DataMining.PROHIBITED_SEE_LINKED_RIGHTS: _all(_LIMITED),
}
"""Our own equivalence of PLUS codes and CAWG's uses."""


def code_of(mining: Mining) -> DataMining | None:
    """The code that says most of `mining` and nothing else; None where there is none.

    One that refers to the constraint fits whatever depends on it.
    """
    if mining.is_constrained:
        return DataMining.PROHIBITED_SEE_CONSTRAINT
    said = set(mining)
    fitting = [code for code, row in BY_CODE.items() if set(row) <= said and set(row)]
    return max(fitting, key=lambda code: len(set(BY_CODE[code])), default=None)


def differing(code: DataMining, stated: Mining) -> tuple[str, ...]:
    """The uses of which `stated` says something else than `code`.

    A code that refers to a constraint says of no use by itself which it is about; a use that is
    not allowed at all is no looser than a constrained one.
    """
    row = dict(BY_CODE[code])
    if code.refers:
        loose = all(permission is Permission.ALLOWED for _, permission in stated)
        return tuple(use for use, _ in stated) if loose else ()
    return tuple(
        use
        for use, permission in stated
        if use in row
        and permission is not row[use]
        and not (row[use] is Permission.CONSTRAINED and permission is Permission.NOT_ALLOWED)
    )


def entries(mining: Mining, constraint: str | None) -> dict[str, dict[str, str]]:
    """The ``entries`` of ``cawg.training-mining``; `constraint` belongs to what is constrained."""
    made = {}
    for use, permission in mining:
        made[f"cawg.{use}"] = {"use": permission.value}
        if permission is Permission.CONSTRAINED and constraint:
            made[f"cawg.{use}"]["constraint_info"] = constraint
    return made


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MiningSignals(Result):
    """What a file says of mining and training in all its carriers; the strictest word counts."""

    data_mining: Permission | None = None
    ai_inference: Permission | None = None
    ai_training: Permission | None = None
    ai_generative_training: Permission | None = None
    constraint: str | None = None
    """On what a constrained use depends, as found: words, or an address."""
    code: str | None = None
    """The PLUS code, e.g. ``DMI-PROHIBITED``; of two the strictest."""
    carriers: tuple[str, ...] = ()
    """Where that stands: ``cawg.training-mining``, ``manifest`` and ``iptc`` for PLUS codes."""

    @property
    def uses(self) -> Mining:
        """The uses alone."""
        return Mining(**{use: getattr(self, use) for use in USES})


def strictest(several: Iterable[Mining]) -> Mining:
    """Of each use the strictest word: nobody opts out by mistake of a carrier."""
    order = list(Permission)
    chosen: dict[str, Permission] = {}
    for each in several:
        for use, permission in each:
            chosen[use] = max(chosen.get(use, permission), permission, key=order.index)
    return Mining(**chosen)


def understood(code: str | None) -> DataMining | None:
    """The PLUS code that a file states; None where it is none."""
    try:
        return DataMining.parse(code) if code else None
    except LabelError:
        return None
