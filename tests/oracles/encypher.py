"""encypher-c2pa: a C2PA validator that shares no code with the engine genlabel signs with."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import encypher_c2pa

# Each call saves its telemetry answer in the user's configuration: tests leave no trace there.
_configuration = tempfile.TemporaryDirectory(prefix="encypher-")
os.environ["ENCYPHER_C2PA_CONFIG_DIR"] = _configuration.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What encypher-c2pa says about one file."""

    accepted: bool
    """Signed, every hash and the signature good, signer trusted by the anchors given, no ancestor
    broken, and not a single failure code anywhere."""
    state: str
    """``Trusted``, ``Valid``, ``Invalid`` or ``None``."""
    present: bool
    """Is there a manifest?"""
    codes: frozenset[str]
    """All failure codes, of the active manifest and of ingredients."""
    report: Mapping[str, Any]
    """Everything it said."""

    @property
    def successes(self) -> frozenset[str]:
        """Success codes of the active manifest."""
        return frozenset(each["code"] for each in self.report["validation_results"]["success"])


def verify(
    data: bytes,
    mime: str,
    anchors_pem: bytes | str | None,
    at: datetime | None = None,
    tsa_pem: bytes | None = None,
    *,
    identity_pem: bytes | None = None,
) -> Result:
    """Judge `data` with these anchors only (PEM; none: nobody is trusted), offline.

    `at` is the moment to judge at, default now; `tsa_pem` vouches for time-stamps, and
    `identity_pem` are anchors for identities alone.
    """
    anchors = anchors_pem.decode() if isinstance(anchors_pem, bytes) else anchors_pem
    report = encypher_c2pa.verify(
        data,
        mime,
        no_default_trust=True,
        trust_pem=anchors,
        tsa_trust_pem=tsa_pem.decode() if tsa_pem else None,
        cawg_trust_pem=identity_pem.decode() if identity_pem else None,
        validation_time=at.astimezone(UTC).isoformat() if at else None,
        telemetry=False,
        online=False,
    )
    codes = frozenset(_failures(report.get("validation_results"))) | frozenset(
        _failures((report.get("manifest_report") or {}).get("validation_results"))
    )
    return Result(
        accepted=bool(report["present"])
        and report["integrity"] == "valid"
        and report["signature"] == "valid"
        and report["hard_binding"] == "match"
        and report["validation_state"] == "Trusted"
        and not codes,
        state=report["validation_state"],
        present=bool(report["present"]),
        codes=codes,
        report=report,
    )


def _failures(said: object) -> Iterator[str]:
    """Every code below a key ``failure``, however deep the ingredients lie."""
    remaining = [said]
    while remaining:
        here = remaining.pop()
        if isinstance(here, list):
            remaining.extend(here)
        elif isinstance(here, dict):
            for each in here.get("failure") or ():
                yield each["code"]
            remaining.extend(value for key, value in here.items() if key != "failure")
