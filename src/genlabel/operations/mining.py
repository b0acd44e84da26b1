"""What a file says of mining and training: the signed assertion and the PLUS codes side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from genlabel.manifests.validation.reading import Reading
from genlabel.model.escape import quoted
from genlabel.model.mining import (
    BY_CODE,
    Mining,
    MiningSignals,
    Permission,
    differing,
    strictest,
    understood,
)
from genlabel.model.plus import DataMining
from genlabel.model.report import Declaration, Finding, Mark, Severity

_REFERRED = {
    DataMining.PROHIBITED_SEE_CONSTRAINT: "data_mining_constraint",
    DataMining.PROHIBITED_SEE_EMBEDDED_RIGHTS: "embedded_rights",
    DataMining.PROHIBITED_SEE_LINKED_RIGHTS: "linked_rights",
}
"""The field of a declaration to which a code refers."""


def signals(reading: Reading, marks: Mapping[Mark, Declaration]) -> MiningSignals | None:
    """What the assertion and the codes say together, the strictest word of each; None of nothing.

    A code that refers to a constraint adds nothing where an assertion is finer.
    """
    signed, codes = reading.mining, _codes(marks)
    if signed is None and not codes:
        return None
    assertion = signed or MiningSignals()
    rows = [BY_CODE[code] for code in codes.values() if signed is None or not code.refers]
    constraints = (_constraint(marks[mark], code) for mark, code in codes.items())
    strict = max(codes.values(), key=_prohibited, default=None)
    return MiningSignals(
        **dict(strictest((assertion.uses, *rows))),
        constraint=assertion.constraint or next(filter(None, constraints), None),
        code=strict.code if strict is not None else None,
        carriers=(*assertion.carriers, *(mark.value for mark in codes)),
    )


def differences(reading: Reading, marks: Mapping[Mark, Declaration]) -> Iterator[Finding]:
    """Codes that say something else than the assertion: of two readers each believes another."""
    signed = reading.mining
    if signed is None:
        return
    for mark, code in _codes(marks).items():
        told = [f"{use} is {getattr(signed, use).value}" for use in differing(code, signed.uses)]
        constraint = _constraint(marks[mark], code)
        if not told and constraint and signed.constraint and constraint != signed.constraint:
            told = [f"the constraint is {quoted(signed.constraint)}, not {quoted(constraint)}"]
        if told:
            carrier = signed.carriers[0]
            yield Finding(
                "genlabel.mining.differs",
                severity=Severity.WARNING,
                where=f"{carrier}, {mark.value}",
                explanation=f"{mark.value} says {code.code}, and by {carrier} {', '.join(told)}",
            )


def _codes(marks: Mapping[Mark, Declaration]) -> dict[Mark, DataMining]:
    """The code of each mark that states one."""
    stated = ((mark, understood(said.data_mining)) for mark, said in marks.items())
    return {mark: code for mark, code in stated if code is not None}


def _constraint(said: Declaration, code: DataMining) -> str | None:
    return getattr(said, _REFERRED[code]) if code in _REFERRED else None


def _prohibited(code: DataMining) -> int:
    row: Mining = BY_CODE[code]
    return sum(permission is not Permission.ALLOWED for _, permission in row)
