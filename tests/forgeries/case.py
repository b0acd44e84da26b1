"""One forgery: a file that lies, the answer that it deserves, and the honest file beside it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from forgeries.forge import forger
from genlabel import formats
from genlabel.credentials.trust import Trust
from genlabel.model.asset import Asset
from genlabel.model.report import Report, Severity
from genlabel.operations.verify import verify
from genlabel.storage.assets import read_asset

Answer = dict[str, Any]

HONEST: Mapping[str, Any] = {
    "integrity": "intact",
    "form": "well-formed",
    "lineage": "none",
    "state": "trusted",
    "trust": "known",
    "validity": "within",
    "time": "none",
    "source_type": "trainedAlgorithmicMedia",
    "attested": True,
    "producer": None,
    "producer_attested": False,
    "producer_basis": None,
    "identities": (),
    "errors": (),
    "warnings": (),
}
"""The answer about a generated picture that is in order."""
UNOPENED: Mapping[str, Any] = {
    **{"form": "unknown", "state": "invalid"},
    "warnings": ("genlabel.form.unchecked",),
}
"""The answer about a manifest that the engine does not open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A file, what lies beside it, and who is trusted to judge it by."""

    data: bytes
    beside: bytes | None = None
    files: Mapping[str, bytes] | None = None
    """Where it is a file ``cat.png``: the others of its folder, by name."""
    trust: Trust = field(default_factory=lambda: Trust.of(signers=forger().anchor))

    @property
    def media_type(self) -> str:
        return formats.identify(self.data).media_type


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A forgery of a family."""

    family: str
    name: str
    make: Callable[[], Made]
    differs: Mapping[str, Any]
    """Where the right answer is another than `HONEST`; empty for an honest file."""
    control: str | None = None
    """The honest case of the same family that it is to be told from; None for an honest one."""
    why: str | Mapping[str, str] = ""
    """Why others differ from us, in a sentence, or in one for each program by its name in `others`;
    for `docs/forgeries.md`."""

    @property
    def title(self) -> str:
        return f"{self.family}: {self.name}"

    def reasons(self, *programs: str) -> list[str]:
        """Why these programs differ; an empty one where nobody knows."""
        if isinstance(self.why, str):
            return [self.why] if programs else []
        return list(dict.fromkeys(self.why.get(each, "") for each in programs))

    @property
    def expected(self) -> Answer:
        return {**HONEST, **self.differs}


def by_data(family: str, why: str | Mapping[str, str]) -> Callable[..., Case]:
    """What makes cases of `family` that are one file each: name, file, what differs, control."""

    def case(
        name: str,
        make: Callable[[], bytes],
        differs: Mapping[str, Any],
        control: str | None = None,
        why: str | Mapping[str, str] = why,
    ) -> Case:
        return Case(
            family=family,
            name=name,
            make=lambda: Made(data=make()),
            differs=differs,
            control=control,
            why=why,
        )

    return case


Files = Mapping[str, Callable[[], bytes | Made]]
"""How files are made, by their names; one that ends with ``honest`` is no forgery."""


def grouped(
    family: str,
    control: str,
    why: str | Mapping[str, str],
    *groups: tuple[Mapping[str, Any], Files],
) -> tuple[Case, ...]:
    """The cases of `family`: files that one answer is right for, group by group.

    Forgeries are told from the honest case `control`, which is among them.
    """

    def make(maker: Callable[[], bytes | Made]) -> Made:
        made = maker()
        return made if isinstance(made, Made) else Made(data=made)

    return tuple(
        Case(
            family=family,
            name=name,
            make=partial(make, maker),
            differs=differs,
            control=None if name.endswith("honest") else control,
            why=why,
        )
        for differs, files in groups
        for name, maker in files.items()
    )


def answer(made: Made) -> Answer:
    """What genlabel says of it, as far as a verdict goes."""
    return of(reported(made))


def reported(made: Made) -> Report:
    """All that genlabel says of it."""
    if made.files is None:
        return verify(Asset(data=made.data, manifest=made.beside), trust=made.trust)
    with tempfile.TemporaryDirectory() as folder:
        for name, data in {**made.files, "cat.png": made.data}.items():
            Path(folder, name).write_bytes(data)
        return verify(read_asset(Path(folder, "cat.png")), trust=made.trust)


def of(report: Report) -> Answer:
    """The answers of a report."""
    codes: dict[Severity, set[str]] = {each: set() for each in Severity}
    for finding in report.findings:
        codes[finding.severity].add(finding.code)
    signer = report.signer
    source_type, basis = report.declared.source_type, report.declared.producer_basis
    return {
        "integrity": report.integrity.value,
        "form": report.form.value,
        "lineage": report.lineage.value,
        "state": report.state.value,
        "trust": signer.trust.value if signer else None,
        "validity": signer.validity.value if signer else None,
        "time": signer.time.value if signer else None,
        "source_type": source_type and source_type.rpartition("/")[2],
        "attested": report.declared.attested,
        "producer": report.declared.producer,
        "producer_attested": report.declared.producer_attested,
        "producer_basis": basis.value if basis else None,
        "identities": tuple((each.holds, each.trust.value) for each in report.identities),
        "errors": tuple(sorted(codes[Severity.ERROR])),
        "warnings": tuple(sorted(codes[Severity.WARNING])),
    }
