"""crJSON, the conformance programme's view of a file's manifests, with our own validation results.

C2PA 2.4, "Content Credentials JSON (crJSON) File Format". Claims, assertions and signatures are as
the engine shows them, from the manifest store alone. What it says of signers, bindings, ancestors
and identities is replaced by the codes that the verdicts were drawn from; and what the published
schema does not know, or asks for and cannot be had, is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from genlabel.manifests.engine import engine
from genlabel.manifests.store.ancestry import manifest_in
from genlabel.manifests.validation.codes import Below, Codes, listed, unrecorded
from genlabel.manifests.validation.status_codes import Statuses
from genlabel.model.dataclass import dataclass
from genlabel.model.serialise import rfc3339
from genlabel.model.version import __version__

_SPECIFICATION = "2.4.0"
"""What is validated against, as a semantic version."""
_UNKNOWN_TO_THE_SCHEMA = frozenset(("isUpdateManifest", "isCompressedManifest"))
_RESULTS, _DELTAS, _SIGNATURE = "validationResults", "ingredientDeltas", "signature"
_STAMP, _ALGORITHM, _NO_ALGORITHM = "timeStampInfo", "algorithm", "unknown"
_OF_A_STAMP = frozenset(("timestamp", "certificateInfo"))
_CONTEXT = {"@vocab": "https://c2pa.org/crjson", "extras": "https://c2pa.org/crjson/extras"}
_GENERATOR = {"name": "genlabel", "version": __version__}


@dataclass(frozen=True, slots=True)
class Source:
    """All that the crJSON of one file is made of; it is made when it is asked for."""

    stored: bytes = field(repr=False)
    """The manifest store that the engine is asked about."""
    codes: Codes
    """The final status codes."""
    moment: datetime
    """When they were found."""
    viewed: Mapping[str, Any] | None = field(default=None, repr=False)
    """The engine's view of the store, where it was asked for with all else."""

    def __call__(self) -> Mapping[str, Any] | None:
        """The crJSON document; None where the engine does not open the store."""
        viewed = self.viewed if self.viewed is not None else engine.crjson_of(self.stored)
        if viewed is None or "manifests" not in viewed:  # which it leaves out of some, too
            return None
        return _document(viewed, self.codes, rfc3339(self.moment))


def empty() -> dict[str, Any]:
    """The document of a file without a manifest."""
    return {"@context": _CONTEXT, "manifests": [], "jsonGenerator": _GENERATOR}


def _document(viewed: Mapping[str, Any], codes: Codes, moment: str) -> dict[str, Any]:
    results = {codes.active: codes.statuses}
    deltas: dict[str | None, list[Below]] = {}
    for below in codes.below:
        if below.manifest is not None:
            results.setdefault(below.manifest, below.statuses)
        deltas.setdefault(manifest_in(below.address), []).append(below)
    manifests = [
        _manifest(
            shown,
            _results(results.get(shown["label"], Statuses()), moment),
            [_delta(below) for below in deltas.get(shown["label"], ())],
        )
        for shown in viewed["manifests"]
    ]
    return {**viewed, "manifests": manifests, "jsonGenerator": _GENERATOR}


def _manifest(
    shown: Mapping[str, Any], results: dict[str, Any], deltas: list[dict[str, Any]]
) -> dict[str, Any]:
    signature = dict(shown.get(_SIGNATURE) or {})
    if not (signature.get(_STAMP) or {}).keys() >= _OF_A_STAMP:
        signature.pop(_STAMP, None)
    # the schema asks for an algorithm, of a signature by none that is known, too
    named = signature.get(_ALGORITHM)
    signature[_ALGORITHM] = _NO_ALGORITHM if named is None else _algorithm(named)
    kept = {key: value for key, value in shown.items() if key not in _UNKNOWN_TO_THE_SCHEMA}
    kept.pop(_DELTAS, None)
    told = {_DELTAS: deltas} if deltas else {}
    return {**kept, _SIGNATURE: signature, _RESULTS: results, **told}


def _algorithm(name: str) -> str:
    """As C2PA 2.4 §13.2.1 spells it."""
    return name.capitalize() if name.lower().startswith("ed") else name.upper()


def _results(statuses: Statuses, moment: str) -> dict[str, Any]:
    return {**listed(statuses), "specVersion": _SPECIFICATION, "validationTime": moment}


def _delta(below: Below) -> dict[str, Any]:
    """What is to be said of an ingredient beyond what its assertion recorded (§15.11.3)."""
    new = Statuses(*(tuple(unrecorded(kind, below.recorded)) for kind in below.statuses))
    return {"ingredientAssertionURI": below.address, "validationDeltas": listed(new)}
