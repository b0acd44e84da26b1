"""The official C2PA asset rubrics, evaluated with @adobe/json-formula over crJSON.

The rubrics (c2pa-org/conformance-public, CC BY 4.0) lie beside the corpus.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml

from oracles.corpus import beside
from oracles.dialogue import Dialogue

CONFORMANCE_2_4 = "conformance0.2-spec2.4"
CONFORMANCE_2_2 = "conformance0.2-spec2.2"
INTEGRITY = "integrity"
NO_RUBRIC = "no rubrics here: they lie in a folder `rubric` beside the corpus"

Verdict = bool | Literal["warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """One rubric file."""

    metadata: Mapping[str, Any]
    """Variables and named expressions."""
    statements: tuple[Mapping[str, Any], ...]
    """The checks."""
    spec_version: str | None
    """The specification's version by the file's name, e.g. ``2.4``."""


def folder() -> Path:
    """Where the rubrics are; the test is skipped when there are none."""
    found = beside("rubric")
    if found is None:
        pytest.skip(NO_RUBRIC)
    return found


@cache
def load(path: Path) -> Rubric:
    """The rubric in the YAML file `path`: a document of metadata, then lists of statements."""
    with path.open(encoding="utf-8") as file:
        metadata, *lists = list(yaml.safe_load_all(file))
    version = re.search(r"spec(\d+\.\d+)", path.name)
    return Rubric(
        metadata=metadata,
        statements=tuple(statement for each in lists for statement in each),
        spec_version=version.group(1) if version else None,
    )


class Rubrics:
    """The running evaluator."""

    def __init__(self) -> None:
        self._dialogue = Dialogue.with_node("judge.mjs")

    def judge(self, crjson: Mapping[str, Any], name: str = CONFORMANCE_2_4) -> dict[str, Verdict]:
        """Each check's verdict on a crJSON report, by its identifier without ``validation:``."""
        rubric = load(folder() / f"asset-rubric-{name}.yml")
        answer = self._dialogue.ask(
            {
                "metadata": {
                    key: rubric.metadata.get(key) or {} for key in ("variables", "expressions")
                },
                "statements": [
                    {
                        key: statement.get(key)
                        for key in ("id", "expression", "failIfMatched", "warnIfMatched")
                    }
                    for statement in rubric.statements
                ],
                "specVersion": rubric.spec_version,
                "crjson": crjson,
            }
        )
        return {each.partition(":")[2]: said for each, said in answer["verdicts"].items()}

    def close(self) -> None:
        """End the process."""
        self._dialogue.close()
